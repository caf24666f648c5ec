//! `GET /persone`: finds a person by the short code by which people speak of her.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use trama_events::short_code::{NotAShortCode, ShortCode};
use trama_platform::caller::Caller;
use trama_projections::journey::persons_by_code;
use trama_ui::frame::{Frame, Place};

use crate::{Console, answer};

#[derive(Template)]
#[template(path = "people.html")]
struct People<'a> {
    frame: Frame,
    code: &'a str,
    wrong: Option<&'a str>,
}

/// The code that was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default)]
    codice: String,
}

/// `GET /persone`
pub(crate) async fn show(
    State(console): State<Console>,
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let typed = wanted.map(|Query(wanted)| wanted.codice).unwrap_or_default();
    let typed = typed.trim();
    if typed.is_empty() {
        return form(&console, &caller, "", None);
    }
    let code: ShortCode = match typed.parse() {
        Ok(code) => code,
        Err(NotAShortCode::Form) => {
            let why = "Un codice ha cinque segni, un trattino e un segno di controllo, per esempio 7K2FM-Q.";
            return form(&console, &caller, typed, Some(why));
        }
        Err(NotAShortCode::Check) => {
            let why = "L’ultimo segno non corrisponde agli altri: forse un segno è sbagliato o scambiato.";
            return form(&console, &caller, typed, Some(why));
        }
    };
    match persons_by_code(&console.models.pool, &code).await {
        Ok(found) => match found.first() {
            Some((_, canonical)) => Redirect::to(&format!("/persone/{canonical}")).into_response(),
            None => form(&console, &caller, typed, Some("Nessuna persona con questo codice.")),
        },
        Err(error) => answer::unread(&console, &caller, error),
    }
}

fn form(console: &Console, caller: &Caller, code: &str, wrong: Option<&str>) -> Response {
    let frame = console.frame(Some(caller), "Persone", Some(Place::People));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    answer::page(status, &People { frame, code, wrong })
}
