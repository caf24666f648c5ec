//! What stands on top of every page that is open by force, and what it shows of the vault: until
//! when, why, and who somebody is.

use serde::Deserialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, OffsetDateTime};
use trama_events::codes::{IdentityField, Section};
use trama_events::identity::ForcedReason;
use trama_events::ids::PersonId;
use trama_platform::Problem;
use trama_platform::clock::real_now;
use trama_platform::gate::{Opened, Reader};
use trama_ui::dates;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords as _;

use crate::Console;
use crate::api::Api;
use crate::gate::{Visitor, encode};

/// How long a record stays open by force. Source: trust.md, threat 5.
const OPEN_FOR: Duration = Duration::minutes(60);
/// Own looks of an hour in which the opening is searched for.
const LOOKS: usize = 500;
/// Records of one person that are asked for at the vault.
const RECORDS_MAX: usize = 8;
/// Classes that lie in the vault.
const IN_VAULT: [Section; 6] = [
    Section::Identity,
    Section::Alias,
    Section::Contact,
    Section::Address,
    Section::Diary,
    Section::Minors,
];

/// That a record is open by force.
#[derive(Debug)]
pub(crate) struct Band {
    /// In which language it speaks: the page around it may not speak it yet.
    pub(crate) language: Language,
    /// For how long yet, in words; none when it is not known to the minute.
    pub(crate) left: Option<String>,
    /// Why, in words.
    pub(crate) reason: Option<&'static str>,
    /// What was opened.
    pub(crate) classes: String,
    /// What the vault keeps of it.
    pub(crate) facts: Vec<Fact>,
}

/// A fact of the vault.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) what: &'static str,
    pub(crate) value: String,
}

#[derive(Deserialize)]
struct OwnLook {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    person: Option<PersonId>,
    reason: Option<String>,
    emergency_access: bool,
}

#[derive(Deserialize)]
struct OwnLooks {
    items: Vec<OwnLook>,
}

#[derive(Deserialize)]
struct Kept {
    field: IdentityField,
    value: String,
    current: bool,
}

#[derive(Deserialize)]
struct InVault {
    facts: Vec<Kept>,
}

/// The band of a record that this reader opened by force; none when she did not.
///
/// # Errors
///
/// 503 when nobody can say, or what the doors answer that she asks.
pub(crate) async fn band(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    opened: &Opened,
    person: PersonId,
) -> Result<Option<Band>, Problem> {
    if !super::is_offered(&visitor.caller) {
        return Ok(None);
    }
    let forced = reader.gate().ties(&visitor.caller, person).await?.forced;
    if forced.is_empty() {
        return Ok(None);
    }
    let api = Api::new(console, visitor, reader.caller.stated);
    let opening = opening(&api, opened).await?;
    let language = visitor.preferences.language;
    let left = opening.as_ref().map(|(at, _)| left(*at, real_now(), language.words()));
    let mut words: Vec<&str> = forced.iter().map(|section| section.words_in(language)).collect();
    words.sort_unstable();
    words.dedup();
    Ok(Some(Band {
        language,
        left,
        reason: opening.map(|(_, reason)| reason.words_in(language)),
        classes: words.join(", "),
        facts: facts(&api, opened, &forced).await?,
    }))
}

/// When she opened it, and why, as her own access log tells it.
async fn opening(
    api: &Api<'_>,
    opened: &Opened,
) -> Result<Option<(OffsetDateTime, ForcedReason)>, Problem> {
    let from = (real_now() - OPEN_FOR).format(&Rfc3339).unwrap_or_default();
    let path = format!("/api/access/mine?from={}&limit={LOOKS}", encode(&from));
    let looks: OwnLooks = api.get(&path).await?;
    let hers = |look: &OwnLook| {
        look.emergency_access && look.person.is_some_and(|one| opened.records.contains(&one))
    };
    let opening = |look: OwnLook| Some((look.at, look.reason?.parse().ok()?));
    Ok(looks.items.into_iter().filter(hers).find_map(opening))
}

/// What is left of the hour, in minutes; the last one that has begun counts.
fn left(at: OffsetDateTime, now: OffsetDateTime, words: &Words) -> String {
    let end = at.checked_add(OPEN_FOR).unwrap_or(at);
    let minutes = ((end - now).whole_seconds() / 60 + 1).clamp(1, OPEN_FOR.whole_minutes());
    words.forced_left(minutes, dates::time_of(end))
}

impl Kept {
    fn fact(self, language: Language) -> Fact {
        let day = Date::parse(&self.value, &Iso8601::DATE).ok();
        let day = day.filter(|_| self.field == IdentityField::BirthDate);
        let value = day.map_or(self.value, |day| language.long(day));
        Fact { what: self.field.words_in(language), value }
    }
}

/// What the vault keeps of the classes that were opened.
async fn facts(api: &Api<'_>, opened: &Opened, forced: &[Section]) -> Result<Vec<Fact>, Problem> {
    let named = |section: &&Section| forced.contains(section);
    let classes: Vec<&str> = IN_VAULT.iter().filter(named).map(|section| section.code()).collect();
    let mut facts = Vec::new();
    if classes.is_empty() {
        return Ok(facts);
    }
    for record in opened.records.iter().take(RECORDS_MAX) {
        let path = format!("/api/vault/persons/{record}?sections={}", classes.join(","));
        match api.get::<InVault>(&path).await {
            Ok(kept) => {
                let current = kept.facts.into_iter().filter(|fact| fact.current);
                facts.extend(current.map(|kept| kept.fact(api.language())));
            }
            // A record of which the vault keeps nothing.
            Err(problem) if problem.status == 404 => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_minute_that_has_begun_still_counts_and_there_are_never_more_than_sixty() {
        let at = datetime!(2026-11-22 09:00 UTC);
        for (now, words, english) in [
            (at, "ancora 60 minuti", "60 more minutes"),
            (at + Duration::SECOND, "ancora 60 minuti", "60 more minutes"),
            (at + Duration::minutes(1), "ancora 60 minuti", "60 more minutes"),
            (at + Duration::seconds(61), "ancora 59 minuti", "59 more minutes"),
            (at + Duration::minutes(59) + Duration::SECOND, "ancora 1 minuto", "1 more minute"),
        ] {
            let [italian, other] = Language::ALL.map(|of| left(at, now, of.words()));
            assert_eq!(italian, format!("{words}, fino alle 11:00"), "{now}");
            assert_eq!(other, format!("{english}, until 11:00"), "{now}");
        }
    }
}
