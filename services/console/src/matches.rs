//! Who somebody may be: candidates with what speaks for and against them, in words. The page
//! proposes nothing by itself and links nothing; a worker decides.

use serde::Deserialize;
use serde_json::Value;
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_events::short_code::ShortCode;
use trama_platform::clock::random_id;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::codes_of;
use trama_ui::badge::Badge;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::State;

use crate::Console;
use crate::api::Api;

/// From here on it is very probably one person (ADR 15 measures at this place).
const VERY_LIKELY: f64 = 0.9;
/// From here on more speaks for one person than against.
const LIKELY: f64 = 0.5;

#[derive(Deserialize)]
struct Answer {
    candidates: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    person: PersonId,
    label: Option<String>,
    probability: f64,
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    speaks_for: bool,
    it: String,
    en: String,
}

/// Somebody whom it may be, as a page shows her.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) person: PersonId,
    /// Name and year of birth; none where the reader may not see them.
    pub(crate) label: Option<String>,
    title: String,
    pub(crate) code: Option<String>,
    pub(crate) href: String,
    pub(crate) likely: Badge,
    pub(crate) reasons_for: Vec<String>,
    pub(crate) reasons_against: Vec<String>,
}

impl Candidate {
    /// What stands as her title.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Her short code; nothing where it is not known yet.
    pub(crate) fn code_or_nothing(&self) -> &str {
        self.code.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_reserved(&self) -> bool {
        self.label.is_none()
    }

    /// What the worker said of her on the form, if anything.
    pub(crate) fn judged(&self, judged: &[(PersonId, Judged)]) -> Option<Judged> {
        let found = judged.iter().find(|(person, _)| *person == self.person);
        found.map(|(_, judged)| *judged)
    }

    /// Where she is opened in an emergency.
    pub(crate) fn emergency(&self) -> String {
        crate::forced::href(self.person)
    }

    /// Whom a short code names: nothing else is known of her here.
    pub(crate) fn by_code(
        person: PersonId,
        code: &ShortCode,
        purpose: Purpose,
        words: &Words,
    ) -> Self {
        let title = words.journey_person(code.to_string());
        Self {
            person,
            label: Some(title.clone()),
            title,
            code: None,
            href: format!("/persone/{person}?scopo={}", purpose.code()),
            likely: Badge::new(State::Done, words.move_by_code()),
            reasons_for: Vec::new(),
            reasons_against: Vec::new(),
        }
    }
}

/// What a worker says of a candidate before a new person is registered. That it is she needs no
/// word: then nobody is registered, and her record is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Two people.
    Different,
    /// Somebody looked and could not say.
    Open,
}

impl Judged {
    /// Both, in the order of the form.
    pub(crate) const ALL: [Self; 2] = [Self::Different, Self::Open];

    /// As the form names it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Different => "altra",
            Self::Open => "incerta",
        }
    }

    /// The door that writes it down, each as an event of its own (R31).
    pub(crate) fn door(self) -> &'static str {
        match self {
            Self::Different => "/api/intake/links/different",
            Self::Open => "/api/intake/links/open",
        }
    }
}

/// The field in which a form says it of somebody.
pub(crate) fn field_of(person: PersonId) -> String {
    format!("giudizio-{person}")
}

/// Candidates for what was asked, best first, without those that are known not to be asked about.
///
/// # Errors
///
/// As the door answers; 503 when the codes cannot be read.
pub(crate) async fn candidates(
    console: &Console,
    api: &Api<'_>,
    purpose: Purpose,
    question: &Value,
    without: &[PersonId],
) -> Result<Vec<Candidate>, Problem> {
    let key = random_id().to_string();
    let answer: Answer = api.post("/api/intake/persons/match", &key, question).await?;
    let found = answer.candidates.into_iter().filter(|found| !without.contains(&found.person));
    let found: Vec<Found> = found.collect();
    let people: Vec<PersonId> = found.iter().map(|found| found.person).collect();
    let mut codes =
        codes_of(&console.models.pool, &people).await.map_err(Failure::<Never>::from)?;
    let shown = |found: Found| {
        let code = codes.remove(&found.person);
        shown(found, code, purpose, api.language())
    };
    Ok(found.into_iter().map(shown).collect())
}

fn shown(found: Found, code: Option<String>, purpose: Purpose, language: Language) -> Candidate {
    let (speaking_for, against): (Vec<Reason>, Vec<Reason>) =
        found.reasons.into_iter().partition(|reason| reason.speaks_for);
    let said = |reason: Reason| match language {
        Language::Italian => reason.it,
        Language::English => reason.en,
    };
    let words = |reasons: Vec<Reason>| reasons.into_iter().map(said).collect();
    let title = match found.label.as_deref() {
        None => language.words().match_reserved(),
        Some("") => language.words().match_unnamed(),
        Some(label) => label.to_owned(),
    };
    Candidate {
        person: found.person,
        label: found.label,
        title,
        code,
        href: format!("/persone/{}?scopo={}", found.person, purpose.code()),
        likely: likely(found.probability, language.words()),
        reasons_for: words(speaking_for),
        reasons_against: words(against),
    }
}

/// A probability in words: a number would look more certain than it is.
fn likely(probability: f64, words: &Words) -> Badge {
    if probability >= VERY_LIKELY {
        Badge::new(State::Done, words.match_very_likely()).with(Glyph::Person)
    } else if probability >= LIKELY {
        Badge::new(State::Waiting, words.match_likely()).with(Glyph::Person)
    } else {
        Badge::new(State::Neutral, words.match_possible()).with(Glyph::Person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_likely_it_is_is_said_in_words_and_never_as_a_number() {
        for (probability, words) in [
            (0.999, "molto probabile"),
            (0.9, "molto probabile"),
            (0.5, "probabile"),
            (0.1, "possibile"),
        ] {
            let said = likely(probability, Language::Italian.words());
            assert_eq!(said.words, words, "{probability}");
        }
    }
}
