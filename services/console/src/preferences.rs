//! What a browser keeps of somebody's taste: the language, and whether single keys act. Two cookies
//! that say nothing of who she is; the page of keys, where the second is changed.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use trama_platform::sign_in::inside;
use trama_ui::frame::{Frame, Place};
use trama_ui::language::{Language, Words};

use crate::gate::{SentBy, Somebody};
use crate::{Console, answer};

/// Where a language is chosen.
pub(crate) const LANGUAGE_PATH: &str = "/lingua";
/// Where the keys are told and turned off.
pub(crate) const KEYS_PATH: &str = "/aiuto";
const LANGUAGE_COOKIE: &str = "__Host-trama-lingua";
const KEYS_COOKIE: &str = "__Host-trama-tasti";
const OFF: &str = "spenti";
/// How long a browser keeps them, in seconds: a year, after which nobody misses them.
const KEPT_SECONDS: u32 = 365 * 24 * 60 * 60;

/// What a browser keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) language: Language,
    /// Whether single keys act (WCAG 2.2, 2.1.4).
    pub(crate) has_keys: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { language: Language::default(), has_keys: true }
    }
}

impl Preferences {
    /// Those of a request; what is not understood counts as not chosen.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let language = cookie(headers, LANGUAGE_COOKIE).and_then(Language::of_tag);
        let has_keys = cookie(headers, KEYS_COOKIE) != Some(OFF);
        Self { language: language.unwrap_or_default(), has_keys }
    }
}

/// A cookie of a request.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    all.flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(given, value)| (given == name).then_some(value))
}

/// Back to where one was, keeping a choice.
fn keep(name: &str, value: &str, then: &str) -> Response {
    let kept =
        format!("{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; Secure; HttpOnly; SameSite=Lax");
    let mut answer = Redirect::to(inside(then)).into_response();
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        answer.headers_mut().append(header::SET_COOKIE, kept);
    }
    answer
}

/// What the form of languages carries.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    lingua: String,
}

/// `POST /lingua`: also before signing in, and back to where the form stood, which no page repeats of
/// itself. Nothing but the words of this browser changes, so that the form carries no token; another
/// site's is refused all the same.
pub(crate) async fn choose(
    State(console): State<Console>,
    headers: HeaderMap,
    chosen: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let is_ours =
        console.sign_in.as_ref().is_none_or(|sign_in| sign_in.must_be_own(&headers).is_ok());
    let Ok(Form(Chosen { lingua })) = chosen else {
        return console.no_such_page(&headers).await;
    };
    match Language::of_tag(&lingua) {
        Some(language) if is_ours => keep(LANGUAGE_COOKIE, language.tag(), path_of(&headers)),
        Some(_) | None => console.no_such_page(&headers).await,
    }
}

/// The page that sent a form, without its host.
fn path_of(headers: &HeaderMap) -> &str {
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let rest = from.and_then(|from| from.split_once("://")).map_or("", |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

#[derive(Template)]
#[template(path = "keys.html")]
struct Page {
    frame: Frame,
    csrf: String,
    places: Vec<(char, String)>,
    list: Vec<(&'static str, String)>,
}

/// `GET /aiuto`
pub(crate) async fn show(State(console): State<Console>, somebody: Somebody) -> Response {
    let Some(visitor) = &somebody.visitor else {
        return answer::not_found(&console, None);
    };
    let words = visitor.preferences.language.words();
    let frame = console.frame(Some(visitor), &words.keys_title(), None);
    let places = frame.places.iter().map(|place: &Place| (place.key(), place.label(words)));
    let page = Page {
        csrf: somebody.session.csrf_token(),
        places: places.collect(),
        list: in_lists(words),
        frame,
    };
    answer::page(StatusCode::OK, &page)
}

fn in_lists(words: &Words) -> Vec<(&'static str, String)> {
    vec![
        ("J", words.keys_next()),
        ("K", words.keys_previous()),
        ("Enter", words.keys_open()),
        ("A", words.keys_accept()),
        ("C", words.keys_ask()),
        ("R", words.keys_decline()),
    ]
}

/// `POST /aiuto`: single keys on or off.
pub(crate) async fn turn(State(_): State<Console>, sent: SentBy) -> Response {
    let value = if sent.fields.text("tasti") == OFF { OFF } else { "accesi" };
    keep(KEYS_COOKIE, value, KEYS_PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &'static str) -> Preferences {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        Preferences::of(&headers)
    }

    #[test]
    fn what_nobody_chose_or_nobody_understands_is_italian_with_keys() {
        assert_eq!(Preferences::of(&HeaderMap::new()), Preferences::default());
        assert_eq!(sent("__Host-trama-lingua=xx; __Host-trama-tasti="), Preferences::default());
        let chosen = sent("a=b; __Host-trama-lingua=en; __Host-trama-tasti=spenti");
        assert_eq!(chosen, Preferences { language: Language::English, has_keys: false });
    }

    #[test]
    fn the_page_of_a_form_is_known_by_its_path() {
        let mut headers = HeaderMap::new();
        assert_eq!(path_of(&headers), "/");
        for (from, path) in [
            ("https://trama.example/rete?dal=2026-01-01", "/rete?dal=2026-01-01"),
            ("https://trama.example", "/"),
            ("https://trama.example//elsewhere.example/", "//elsewhere.example/"),
            ("x", "/"),
        ] {
            headers.insert(header::REFERER, HeaderValue::from_static(from));
            assert_eq!(path_of(&headers), path);
        }
    }

    #[test]
    fn a_choice_leads_back_inside_and_nowhere_else() {
        let away = keep(LANGUAGE_COOKIE, "en", "//elsewhere.example/");
        assert_eq!(away.headers()[header::LOCATION], "/");
        let back = keep(LANGUAGE_COOKIE, "en", "/rete?dal=2026-01-01");
        assert_eq!(back.headers()[header::LOCATION], "/rete?dal=2026-01-01");
        let kept = back.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(kept.starts_with("__Host-trama-lingua=en; Path=/;") && kept.contains("Secure"));
    }
}
