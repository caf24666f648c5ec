//! What the page tells: her decisions, what her body wrote of her, and among whom she chooses.

use serde::Deserialize;
use time::Date;
use trama_events::codes::Section;
use trama_events::ids::{OrganisationId, PersonId, WishId};
use trama_events::intake::{Extent, Viewer, WishForm};
use trama_platform::gate::Opened;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Asked, Entry, JourneyView, SECTIONS, journey};
use trama_projections::network::{Listed, listed_services};
use trama_ui::language::Words;

use super::Looking;
use super::words::Codes;
use crate::forced::{self, Band};
use crate::gate::JOURNEY;

/// Records of one person whose decisions are told.
const RECORDS_MAX: usize = 20;
/// What makes her record, her household or her links what they are is no entry, and is not obscured
/// by itself. Source: `intake::entry::made`.
const NO_ENTRIES: [&str; 14] = [
    "person_registered",
    "alias_recorded",
    "identifier_added",
    "identifier_expired",
    "identifier_superseded",
    "person_identified",
    "persons_linked",
    "persons_unlinked",
    "persons_declared_different",
    "match_left_open",
    "entry_reattributed",
    "household_recorded",
    "household_member_joined",
    "household_member_left",
];

/// A decision that stands.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub(super) wish: WishId,
    pub(super) about: About,
    pub(super) form: WishForm,
}

/// What was decided.
#[derive(Debug, Clone)]
pub(super) enum About {
    /// Her childhood is open to somebody.
    Childhood { to: Viewer, from: Date, until: Option<Date> },
    /// Something is obscured.
    Obscured(Extent),
}

/// A decision, as the door tells it: about the one or the other.
#[derive(Debug, Deserialize)]
struct Told {
    wish: WishId,
    to: Option<Viewer>,
    from: Option<Date>,
    until: Option<Date>,
    obscured: Option<Extent>,
    form: WishForm,
}

impl Told {
    fn decision(self) -> Option<Decision> {
        let Self { wish, to, from, until, obscured, form } = self;
        let childhood = to.zip(from).map(|(to, from)| About::Childhood { to, from, until });
        let about = childhood.or_else(|| obscured.map(About::Obscured))?;
        Some(Decision { wish, about, form })
    }
}

#[derive(Debug, Deserialize)]
struct Decisions {
    wishes: Vec<Told>,
}

/// Everything that the page tells.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) journey: JourneyView,
    /// Each with the record on which it stands.
    pub(super) decisions: Vec<(PersonId, Decision)>,
    /// By the names of their bodies.
    pub(super) services: Vec<Listed>,
    pub(super) band: Option<Band>,
}

impl Known {
    /// The code of her record.
    pub(super) fn code(&self, words: &Words) -> String {
        let code = Codes::of(&self.journey).front().map(str::to_owned);
        code.unwrap_or_else(|| words.wishes_no_code())
    }

    /// What a body wrote of her and what may be obscured by itself, the newest first. Of
    /// what is whole, the beginning stands for all of it.
    pub(super) fn own_entries(&self, body: OrganisationId) -> Vec<&Entry> {
        let own = self.journey.entries.iter().filter(|entry| entry.organisation == Some(body));
        let mut entries: Vec<&Entry> = Vec::new();
        for entry in own.filter(|entry| !NO_ENTRIES.contains(&entry.kind.as_str())) {
            let begun = |known: &&Entry| is_whole(known) && known.about == entry.about;
            if entry.person.is_some() && !(is_whole(entry) && entries.iter().any(begun)) {
                entries.push(entry);
            }
        }
        entries.reverse();
        entries
    }
}

/// Whether an entry and all that followed on it are one statement: a contact, an encounter.
fn is_whole(entry: &Entry) -> bool {
    let is_of_record = entry.about == entry.person.map(|person| person.0);
    entry.about.is_some() && entry.id.starts_with("intake/") && !is_of_record
}

/// Gathers it, for a reader who may take down what this person decides.
///
/// # Errors
///
/// 404 for whoever may not, and when nobody is known; as the doors answer.
pub(super) async fn known(looking: &Looking<'_>) -> Result<Known, Problem> {
    let first = decisions(looking, looking.person).await?;
    let reads_journeys = JOURNEY.roles.contains(&looking.visitor.caller.role);
    let asked = if reads_journeys { &SECTIONS[..] } else { &[Section::Identity][..] };
    let opened = looking.reader.open(looking.person, asked).await?;
    let journey = told(looking, &opened).await?;
    let mut decisions_of_all: Vec<(PersonId, Decision)> =
        first.into_iter().map(|decision| (looking.person, decision)).collect();
    let others = journey.records.iter().map(|record| record.person);
    for record in others.filter(|record| *record != looking.person).take(RECORDS_MAX) {
        let more = match decisions(looking, record).await {
            Err(problem) if problem.status == 404 => Vec::new(),
            answered => answered?,
        };
        decisions_of_all.extend(more.into_iter().map(|decision| (record, decision)));
    }
    let (console, visitor, reader) = (looking.console, looking.visitor, looking.reader);
    let band = forced::band(console, visitor, reader, &opened, looking.person).await?;
    let services = listed_services(&console.models.pool).await.map_err(unread)?;
    Ok(Known { journey, decisions: decisions_of_all, services, band })
}

async fn decisions(looking: &Looking<'_>, person: PersonId) -> Result<Vec<Decision>, Problem> {
    let path = format!("/api/intake/persons/{person}/wishes");
    let told: Decisions = looking.api().get(&path).await?;
    Ok(told.wishes.into_iter().filter_map(Told::decision).collect())
}

async fn told(looking: &Looking<'_>, opened: &Opened) -> Result<JourneyView, Problem> {
    let pool = &looking.console.models.pool;
    let known = journey(pool, looking.person, Asked::default(), opened).await;
    known.map_err(unread)?.map_err(|_| Problem::not_found())
}

fn unread(error: sqlx::Error) -> Problem {
    Failure::<Never>::from(error).into()
}

#[cfg(test)]
mod tests;
