//! What is unusual: pure rules over rows, each with a name and a sentence. A finding accuses nobody;
//! it is a question that somebody must look into.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use serde::{Deserialize, Serialize};
use strum::{Display, VariantArray};
use time::macros::time;
use time::{Duration, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use utoipa::ToSchema;

use super::entry::Decision;
use super::read::Row;

/// How far back the rules that count look [p].
const WINDOW: Duration = Duration::minutes(10);
/// More different persons than this, opened by one worker within [`WINDOW`], are many [p]: a
/// shelter lets in 42 people in an hour, a canteen serves 100.
const PERSONS_MAX: usize = 30;
/// More refusals than this, of one worker within [`WINDOW`], are many [p]: people mistype.
const DENIALS_MAX: usize = 4;
/// The section in a row of whoever looked for more identifiers than the vault lets her.
pub const SEARCH_LIMIT: &str = "search_limit";
/// The night, in Rome [p]: from here until [`MORNING`].
const EVENING: time::Time = time!(22:00);
/// The end of the night.
const MORNING: time::Time = time!(06:00);
/// Roles that work at night: emergency service, outreach units, shelters [p].
const AT_NIGHT: [Role; 3] = [Role::EmergencyWorker, Role::OutreachWorker, Role::FacilityOperator];
/// How much history a row's findings may depend on: the counts of the row before it within a
/// window, and whether there were as many a window earlier.
pub(super) const HISTORY: Duration = Duration::minutes(30);

/// Why a row is unusual.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, VariantArray, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// Opened without a relation. An emergency access is not here: it has its own review.
    NoCase,
    /// The person has the worker's surname.
    SameSurname,
    /// At night, in a role that does not work at night.
    AtNight,
    /// Many persons in a row.
    ManyInARow,
    /// Refused again and again.
    RepeatedDenials,
    /// More searches by identifier than an hour has (trust.md, threat 12).
    TooManySearches,
}

impl Rule {
    /// What was seen, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoCase => "The worker had no case, referral, stay or task with this person.",
            Self::SameSurname => "Worker and person have the same surname.",
            Self::AtNight => "It was between 22 and 6, and this role does not work at night.",
            Self::ManyInARow => "One worker opened more than 30 persons within 10 minutes.",
            Self::RepeatedDenials => "One worker was refused more than 4 times within 10 minutes.",
            Self::TooManySearches => "One worker looked for more identifiers than an hour has.",
        }
    }
}

/// A row that is unusual by a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// The rule as a sentence.
    pub sentence: &'static str,
    /// The row; where the rule counts, the one that was too many.
    pub position: i64,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
    /// At whom.
    pub person: Option<PersonId>,
}

/// Whose openings could not be compared by surname, among the rows that were looked through: her
/// issuer tells no name, the person has none, or nobody could tell at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SurnameUnknown {
    /// Who.
    pub staff: StaffId,
    /// How many records she opened of which [`Rule::SameSurname`] says nothing.
    pub opened: i64,
}

/// What is unusual, and what nobody can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unusual {
    /// What is unusual, the oldest first.
    pub items: Vec<Finding>,
    /// What to give as `after` for the next part; none on the last. A part may be empty and not
    /// the last.
    pub next: Option<i64>,
    /// Whose openings of this part were not compared by surname, by staff id: at most as many as
    /// the rows that a part looks through.
    pub surname_unknown: Vec<SurnameUnknown>,
}

/// Whether a row is of an opened record, and surnames were not compared.
pub(super) fn not_compared(row: &Row) -> bool {
    let opened = row.decision == Decision::Allowed && row.person.is_some() && !row.listed;
    opened && row.same_surname.is_none()
}

/// Looks at rows in order of position. The moments that count are those of writing: no service
/// chooses them.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    opened: HashMap<StaffId, Recent<PersonId>>,
    denied: HashMap<StaffId, Recent<i64>>,
    searched: HashMap<StaffId, Recent<i64>>,
}

impl Watch {
    /// What is unusual about the next row.
    pub fn look(&mut self, row: &Row) -> Vec<Finding> {
        let seen = [
            (Rule::NoCase, no_case(row)),
            (Rule::SameSurname, row.same_surname == Some(true)),
            (Rule::AtNight, at_night(row)),
            (Rule::ManyInARow, self.many_in_a_row(row)),
            (Rule::RepeatedDenials, self.repeated_denials(row)),
            (Rule::TooManySearches, self.too_many_searches(row)),
        ];
        seen.into_iter().filter(|(_, seen)| *seen).map(|(rule, _)| finding(rule, row)).collect()
    }

    fn many_in_a_row(&mut self, row: &Row) -> bool {
        let opened = row.decision == Decision::Allowed && !row.listed;
        let Some(person) = row.person.filter(|_| opened) else { return false };
        let recent = self.opened.entry(row.staff).or_default();
        recent.passes(PERSONS_MAX, row.written_at, person)
    }

    fn repeated_denials(&mut self, row: &Row) -> bool {
        if row.decision == Decision::Allowed {
            return false;
        }
        let recent = self.denied.entry(row.staff).or_default();
        recent.passes(DENIALS_MAX, row.written_at, row.position)
    }

    /// The limit itself is the vault's: each row of it is one too many.
    fn too_many_searches(&mut self, row: &Row) -> bool {
        if !reached_limit(row) {
            return false;
        }
        let recent = self.searched.entry(row.staff).or_default();
        recent.passes(0, row.written_at, row.position)
    }
}

fn reached_limit(row: &Row) -> bool {
    row.decision == Decision::Denied && row.sections.iter().any(|section| section == SEARCH_LIMIT)
}

/// A list opens nobody: whoever searches meets strangers' names, and that is what a search is for.
fn no_case(row: &Row) -> bool {
    let opened = row.decision == Decision::Allowed && row.person.is_some() && !row.listed;
    opened && !row.explained && !row.forced
}

fn at_night(row: &Row) -> bool {
    let day = rome::day_of(row.written_at);
    let night = row.written_at >= rome::at(day, EVENING) || row.written_at < rome::at(day, MORNING);
    let works = row.role.parse().is_ok_and(|role: Role| AT_NIGHT.contains(&role));
    row.decision == Decision::Allowed && night && !works
}

fn finding(rule: Rule, row: &Row) -> Finding {
    Finding {
        rule,
        sentence: rule.sentence(),
        position: row.position,
        at: row.at,
        staff: row.staff,
        organisation: row.organisation,
        role: row.role.clone(),
        person: row.person,
    }
}

/// Different things of the last [`WINDOW`].
#[derive(Debug, Clone)]
struct Recent<K> {
    seen: VecDeque<(OffsetDateTime, K)>,
    times: HashMap<K, u32>,
    passed_at: Option<OffsetDateTime>,
}

impl<K> Default for Recent<K> {
    fn default() -> Self {
        Self { seen: VecDeque::new(), times: HashMap::new(), passed_at: None }
    }
}

impl<K: Copy + Eq + Hash> Recent<K> {
    /// Whether with this one there are more than `most`, for the first time: one that goes on is
    /// told once, until it was quiet for a whole window.
    fn passes(&mut self, most: usize, at: OffsetDateTime, key: K) -> bool {
        let before = self.times.len();
        while let Some((_, old)) = self.seen.pop_front_if(|(seen, _)| at - *seen >= WINDOW) {
            self.forget(old);
        }
        self.seen.push_back((at, key));
        *self.times.entry(key).or_default() += 1;
        if before > most || self.times.len() <= most {
            return false;
        }
        let quiet = self.passed_at.is_none_or(|passed| at - passed >= WINDOW);
        self.passed_at = Some(at);
        quiet
    }

    fn forget(&mut self, old: K) {
        if let Some(times) = self.times.get_mut(&old) {
            *times -= 1;
            if *times == 0 {
                self.times.remove(&old);
            }
        }
    }
}
