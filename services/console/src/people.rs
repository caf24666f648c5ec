//! `GET /persone` and `POST /persone/cerca`: finds a person by what she says of herself, in one line
//! or field by field, by the short code by which people speak of her, or by the alias that one's own
//! unit gave her. What is typed stands in no URL; only a code may (trust.md D3).

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;
use strum::VariantArray as _;
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_events::short_code::{NotAShortCode, ShortCode};
use trama_platform::Problem;
use trama_platform::gate::Reader;
use trama_projections::journey::{listable, persons_by_code};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::matches::candidates;
use crate::told::{Told, Wrong, line_as_typed};
use crate::{Console, answer, refusals};
use view::{Asked, Found};

pub(crate) use view::Choice;

/// Purposes for which a person is looked for.
pub(crate) const PURPOSES: [Purpose; 2] = [Purpose::Care, Purpose::Emergency];
/// Services of one worker whose aliases are asked about.
const UNITS_MAX: usize = 16;
const NOT_FOUND: u16 = 404;

/// A code in the address: a bookmark, or the search of the bar.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    q: Option<String>,
    scopo: Option<String>,
}

/// The purpose that a form or a link states, among those for which a person is opened.
pub(crate) fn purpose_of(text: &str) -> Option<Purpose> {
    let stated = Purpose::VARIANTS.iter().copied().find(|purpose| purpose.code() == text);
    stated.filter(|purpose| PURPOSES.contains(purpose))
}

/// Whether a script of the page asks for a part of it while somebody types.
pub(crate) fn wants_a_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// `GET /persone`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Wanted { q, scopo } = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let purpose = scopo.as_deref().and_then(purpose_of).unwrap_or(Purpose::Care);
    let asked = Asked { purpose: Some(purpose), ..Asked::default() };
    let Some(code) = q.filter(|q| !q.trim().is_empty()) else {
        return view::page(&console, &visitor, asked, Vec::new(), None);
    };
    reader.caller.stated = Some(purpose);
    let by_code = Asked { line: code.trim().to_owned(), ..asked.clone() };
    match exactly(&console, &visitor, &reader, &by_code).await {
        Ok(Some(person)) => opens(person, purpose),
        // A name in an address is not looked for: it would stay in the browser's memory.
        Ok(None) => {
            let why = Wrong::new("q", &visitor.words().search_wrong_address());
            view::page(&console, &visitor, asked, vec![why], None)
        }
        Err(No::Because(why)) => view::page(&console, &visitor, asked, vec![why], None),
        Err(No::Closed(problem)) => answer::closed(&console, &visitor, &problem),
    }
}

/// `GET /persone/cerca`: a search is never in an address, so there is nothing to show again.
pub(crate) async fn anew() -> Redirect {
    Redirect::to("/persone")
}

/// `POST /persone/cerca`: the page, or while somebody types the part of it that says who was found.
pub(crate) async fn search(
    State(console): State<Console>,
    headers: HeaderMap,
    mut reader: Reader,
    Sent { visitor, fields }: Sent,
) -> Response {
    let asked = Asked::of(&fields);
    if wants_a_part(&headers) {
        let found = as_typed(&console, &visitor, &asked).await;
        return view::part(&console, &visitor, asked, found);
    }
    let wrong = wrong(&console, &asked, visitor.words());
    let (Some(purpose), true) = (asked.purpose, wrong.is_empty()) else {
        return view::page(&console, &visitor, asked, wrong, None);
    };
    reader.caller.stated = Some(purpose);
    match exactly(&console, &visitor, &reader, &asked).await {
        Ok(Some(person)) => return opens(person, purpose),
        Ok(None) => {}
        Err(No::Because(why)) => {
            return view::page(&console, &visitor, asked, vec![why], None);
        }
        Err(No::Closed(problem)) => return answer::closed(&console, &visitor, &problem),
    }
    match found(&console, &visitor, &asked).await {
        Ok(found) => view::page(&console, &visitor, asked, Vec::new(), Some(found)),
        Err(problem) => {
            let why = vec![Wrong::new("q", &refusals::words_in(&problem, visitor.words()))];
            view::page(&console, &visitor, asked, why, None)
        }
    }
}

/// What cannot be looked for as it was asked.
fn wrong(console: &Console, asked: &Asked, words: &Words) -> Vec<Wrong> {
    let mut wrong = asked.told.wrong(rome::day_of(console.models.clock.now()), words);
    if asked.is_empty() {
        wrong.push(Wrong::new("q", &words.search_wrong_empty()));
    }
    if asked.purpose.is_none() {
        wrong.push(Wrong::new("scopo", &words.search_wrong_purpose()));
    }
    wrong
}

/// Why nobody is opened by a code.
enum No {
    Because(Wrong),
    Closed(Problem),
}

impl From<Problem> for No {
    fn from(problem: Problem) -> Self {
        Self::Closed(problem)
    }
}

/// Whom a short code or an alias names, where that was typed and nothing else.
async fn exactly(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    asked: &Asked,
) -> Result<Option<PersonId>, No> {
    let typed = asked.line.as_str();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse::<ShortCode>() {
        Ok(code) => {
            if let Some(person) = by_code(console, reader, &code).await? {
                return Ok(Some(person));
            }
            // Six letters may be a code by chance, and are a name more often.
            if typed.bytes().any(|byte| byte.is_ascii_digit()) {
                let why = Wrong::new("q", &visitor.words().search_wrong_no_code());
                return Err(No::Because(why));
            }
        }
        Err(not @ NotAShortCode::Check) if typed.bytes().any(|byte| byte.is_ascii_digit()) => {
            return Err(No::Because(Wrong::new("q", &not_a_code(&not, visitor.words()))));
        }
        Err(NotAShortCode::Check | NotAShortCode::Form) => {}
    }
    if !is_alias(typed) {
        return Ok(None);
    }
    by_alias(&Api::new(console, visitor, asked.purpose), visitor, typed).await.map_err(No::Closed)
}

/// Whom a short code or an alias of her own units names; else why nobody, in words.
pub(crate) async fn named(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    typed: &str,
) -> Result<PersonId, String> {
    let line = typed.trim().to_owned();
    let asked = Asked { line, purpose: reader.caller.stated, ..Asked::default() };
    match exactly(console, visitor, reader, &asked).await {
        Ok(Some(person)) => Ok(person),
        Ok(None) => Err(visitor.words().search_wrong_no_code()),
        Err(No::Because(wrong)) => Err(wrong.why),
        Err(No::Closed(problem)) => Err(refusals::words_in(&problem, visitor.words())),
    }
}

/// The record in front of whoever has this code, where the reader may know that she is there.
async fn by_code(
    console: &Console,
    reader: &Reader,
    code: &ShortCode,
) -> Result<Option<PersonId>, Problem> {
    let found = persons_by_code(&console.models.pool, code).await;
    let found = found.map_err(trama_platform::Failure::<trama_platform::Never>::from)?;
    let listed = listable(reader, found).await?;
    Ok(listed.first().map(|(_, canonical)| *canonical))
}

#[derive(Deserialize)]
struct Known {
    person: PersonId,
}

/// Whom one of her own units knows under an alias.
///
/// # Errors
///
/// As the door answers; whoever is not there is nobody.
pub(crate) async fn by_alias(
    api: &Api<'_>,
    visitor: &Visitor,
    typed: &str,
) -> Result<Option<PersonId>, Problem> {
    let alias = typed.to_ascii_uppercase();
    for service in visitor.caller.services.iter().take(UNITS_MAX) {
        let path = format!("/api/intake/services/{service}/aliases/{alias}");
        match api.get::<Known>(&path).await {
            Ok(Known { person }) => return Ok(Some(person)),
            Err(problem) if problem.status == NOT_FOUND => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(None)
}

/// Letters, a dash or none, and digits: an alias as intake takes it.
pub(crate) fn is_alias(typed: &str) -> bool {
    let number = typed.trim_start_matches(|symbol: char| symbol.is_ascii_alphabetic());
    let digits = number.strip_prefix('-').unwrap_or(number);
    let letters = typed.len() - number.len();
    (2..=4).contains(&letters)
        && (1..=6).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whoever is like what was typed. A letter or two name nobody; they are counted.
async fn found(console: &Console, visitor: &Visitor, asked: &Asked) -> Result<Found, Problem> {
    let purpose = asked.purpose.unwrap_or(Purpose::Care);
    let api = Api::new(console, visitor, Some(purpose));
    let question =
        if asked.line.is_empty() { asked.told.question() } else { json!({ "text": asked.line }) };
    let found = candidates(console, &api, purpose, &question, &[]).await?;
    Ok(Found::of(found, asked.is_little()))
}

/// The same while it is typed: what is half a word is no mistake yet.
async fn as_typed(console: &Console, visitor: &Visitor, asked: &Asked) -> Option<Found> {
    let so_far = Asked {
        line: line_as_typed(&asked.line),
        told: asked.told.as_typed(),
        purpose: asked.purpose,
    };
    if so_far.is_empty() || so_far.purpose.is_none() {
        return None;
    }
    found(console, visitor, &so_far).await.ok()
}

fn opens(person: PersonId, purpose: Purpose) -> Response {
    Redirect::to(&format!("/persone/{person}?scopo={}", purpose.code())).into_response()
}

/// Why what was typed is no code.
pub(crate) fn not_a_code(not: &NotAShortCode, words: &Words) -> String {
    match not {
        NotAShortCode::Form => words.search_wrong_form(),
        NotAShortCode::Check => words.search_wrong_check(),
    }
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        Self {
            line: fields.text("q").to_owned(),
            told: Told::of(fields),
            purpose: purpose_of(fields.text("scopo")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_told_from_a_name_and_from_a_number() {
        for alias in ["UDS-0142", "uds142", "CD-7"] {
            assert!(is_alias(alias), "{alias}");
        }
        for other in ["Diallo", "7K2FM-Q", "RSSMRA85T10A562S", "AA1234567", "UDS-", "-7"] {
            assert!(!is_alias(other), "{other}");
        }
    }
}
