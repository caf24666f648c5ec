//! Sign-in of the demo: choose an invented user, or paste a token. The session is a cookie that no
//! script can read.

use askama::Template;
use axum::Form;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use trama_ui::frame::Frame;

use crate::{COOKIE, Console, DemoUser, answer, gate};

/// Seconds for which a browser keeps the session; the token has an end of its own.
const SESSION_SECONDS: u32 = 12 * 3600;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    frame: Frame,
    users: &'a [DemoUser],
    open: bool,
    then: String,
    refused: Option<&'a str>,
}

/// Where to go on after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    poi: String,
}

/// A user that was chosen, or a token that was pasted.
#[derive(Debug, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    utente: String,
    #[serde(default)]
    gettone: String,
    #[serde(default)]
    poi: String,
}

/// `GET /entra`
pub(crate) async fn show(
    State(console): State<Console>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let then = wanted.map(|Query(wanted)| wanted.poi).unwrap_or_default();
    form(&console, &then, None)
}

fn form(console: &Console, then: &str, refused: Option<&str>) -> Response {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SignIn {
        frame: console.frame(None, "Entra", None),
        users: console.demo.as_ref().map(|demo| demo.users.as_slice()).unwrap_or_default(),
        open: console.demo.is_some(),
        then: inside(then).to_owned(),
        refused,
    };
    answer::page(status, &page)
}

/// `POST /entra`
pub(crate) async fn enter(
    State(console): State<Console>,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Response {
    let Some(demo) = console.demo.as_ref().filter(|_| is_own_form(&headers)) else {
        return answer::not_found(&console, None);
    };
    let token = if given.utente.is_empty() {
        Some(given.gettone.trim().trim_start_matches("Bearer ").to_owned())
    } else {
        (demo.mint)(&given.utente)
    };
    let plain = |token: &String| {
        !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let valid = |token: &String| gate::permit_token(&console, token, &gate::START).is_ok();
    if let Some(token) = token.filter(|token| plain(token) && valid(token)) {
        return leave_for(inside(&given.poi), &token, SESSION_SECONDS);
    }
    let why = "Con questo utente o gettone non si entra: forse è scaduto, o manca un pezzo.";
    form(&console, &given.poi, Some(why))
}

/// `POST /esci`
pub(crate) async fn leave(State(console): State<Console>, headers: HeaderMap) -> Response {
    if !is_own_form(&headers) {
        return answer::not_found(&console, None);
    }
    leave_for("/entra", "", 0)
}

fn leave_for(path: &str, token: &str, seconds: u32) -> Response {
    let cookie = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], Redirect::to(path)).into_response()
}

/// A form of ours, not one on somebody else's page.
fn is_own_form(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// Only a path of our own is gone to; anything else is the start page.
fn inside(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//");
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if own && plain { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_led_elsewhere() {
        assert_eq!(inside("/persone/7?al=2026-01-01"), "/persone/7?al=2026-01-01");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"]
        {
            assert_eq!(inside(elsewhere), "/", "{elsewhere}");
        }
    }
}
