//! `GET /persone` and `POST /persone/cerca`: finds a person by what she says of herself, or by the
//! short code by which people speak of her. What is typed stands in no URL.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray as _;
use trama_events::codes::Purpose;
use trama_events::rome;
use trama_events::short_code::{NotAShortCode, ShortCode};
use trama_platform::gate::Reader;
use trama_projections::journey::{listable, persons_by_code};
use trama_ui::frame::{Frame, Place};
use trama_ui::words::InWords as _;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::matches::{Candidate, candidates};
use crate::told::{Told, Wrong};
use crate::{Console, answer, refusals};

/// Purposes for which a person is looked for.
pub(crate) const PURPOSES: [Purpose; 2] = [Purpose::Care, Purpose::Emergency];

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    frame: Frame,
    told: Told,
    code: String,
    purposes: Vec<Choice>,
    purpose: &'static str,
    wrong: Vec<Wrong>,
    found: Option<Vec<Candidate>>,
}

/// A code to choose, with its words.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) code: String,
    pub(crate) words: String,
    pub(crate) chosen: bool,
}

impl People {
    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// The purpose that a form or a link states, among those for which a person is opened.
pub(crate) fn purpose_of(text: &str) -> Option<Purpose> {
    let stated = Purpose::VARIANTS.iter().copied().find(|purpose| purpose.code() == text);
    stated.filter(|purpose| PURPOSES.contains(purpose))
}

fn page(
    console: &Console,
    visitor: &Visitor,
    fields: &Fields,
    wrong: Vec<Wrong>,
    found: Option<Vec<Candidate>>,
) -> Response {
    let purpose = purpose_of(fields.text("scopo"));
    let choice = |of: Purpose| Choice {
        code: of.code().to_owned(),
        words: of.words().to_owned(),
        chosen: purpose == Some(of),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = People {
        frame: console.frame(Some(visitor), "Persone", Some(Place::People)),
        told: Told::of(fields),
        code: fields.text("codice").to_owned(),
        purposes: PURPOSES.map(choice).to_vec(),
        purpose: purpose.map_or("", Purpose::code),
        wrong,
        found,
    };
    answer::page(status, &page)
}

/// `GET /persone`
pub(crate) async fn show(State(console): State<Console>, visitor: Visitor) -> Response {
    page(&console, &visitor, &Fields::default(), Vec::new(), None)
}

/// `GET /persone/cerca`: a search is never in an address, so there is nothing to show again.
pub(crate) async fn anew() -> Redirect {
    Redirect::to("/persone")
}

/// `POST /persone/cerca`
pub(crate) async fn search(
    State(console): State<Console>,
    mut reader: Reader,
    Sent { visitor, fields }: Sent,
) -> Response {
    let told = Told::of(&fields);
    let code = fields.text("codice");
    let mut wrong = told.wrong(rome::day_of(console.models.clock.now()));
    let purpose = purpose_of(fields.text("scopo"));
    if told.is_empty() && code.is_empty() {
        wrong.push(Wrong::new("cognome", "Scrivi almeno un dato: un nome, una data o un codice."));
    }
    if purpose.is_none() {
        wrong.push(Wrong::new("scopo", "Scegli perché cerchi: viene annotato."));
    }
    let (Some(purpose), true) = (purpose, wrong.is_empty()) else {
        return page(&console, &visitor, &fields, wrong, None);
    };
    if !code.is_empty() {
        reader.caller.stated = Some(purpose);
        return by_code(&console, &visitor, &reader, &fields, purpose).await;
    }
    let api = Api::new(&console, &visitor, Some(purpose));
    match candidates(&console, &api, purpose, &told.question(), &[]).await {
        Ok(found) => page(&console, &visitor, &fields, Vec::new(), Some(found)),
        Err(problem) => {
            let why = vec![Wrong::new("cognome", refusals::words(&problem))];
            page(&console, &visitor, &fields, why, None)
        }
    }
}

async fn by_code(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    fields: &Fields,
    purpose: Purpose,
) -> Response {
    let again = |why: &str| page(console, visitor, fields, vec![Wrong::new("codice", why)], None);
    let code = match short_code(fields.text("codice")) {
        Ok(code) => code,
        Err(why) => return again(why),
    };
    let found = match persons_by_code(&console.models.pool, &code).await {
        Ok(found) => found,
        Err(error) => return answer::unread(console, Some(visitor), error),
    };
    match listable(reader, found).await {
        Ok(found) => match found.first() {
            Some((_, canonical)) => {
                Redirect::to(&format!("/persone/{canonical}?scopo={}", purpose.code()))
                    .into_response()
            }
            None => again("Nessuna persona con questo codice."),
        },
        Err(problem) => answer::closed(console, visitor, &problem),
    }
}

/// A short code as it was typed, or why it is none.
pub(crate) fn short_code(typed: &str) -> Result<ShortCode, &'static str> {
    typed.parse().map_err(|not| match not {
        NotAShortCode::Form => {
            "Un codice ha cinque segni, un trattino e un segno di controllo, per esempio 7K2FM-Q."
        }
        NotAShortCode::Check => {
            "L’ultimo segno non corrisponde agli altri: forse un segno è sbagliato o scambiato."
        }
    })
}
