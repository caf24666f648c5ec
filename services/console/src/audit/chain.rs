//! `GET /registro/integrita`: what proves that the access log is whole, and what does not exist yet.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use trama_events::codes::Purpose;
use trama_ui::frame::Frame;
use trama_ui::language::Words;

use super::{Leaf, Tab, Wrong, frame, tabs};
use crate::api::Api;
use crate::gate::Visitor;
use crate::{Console, answer};

/// Digits of a hash.
const HASH_LEN: usize = 64;

/// What was noted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default)]
    posizione: String,
    #[serde(default)]
    impronta: String,
}

/// The chain, as the door tells it.
#[derive(Debug, Deserialize)]
struct Chain {
    last: i64,
    hash: String,
    noted: Option<String>,
}

/// What the comparison says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compared {
    holds: bool,
    text: String,
}

#[derive(Debug, Template)]
#[template(path = "audit_chain.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    wanted: Wanted,
    wrong: Option<Wrong>,
    last: i64,
    hash: String,
    compared: Option<Compared>,
}

/// A place that somebody noted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Noted {
    position: i64,
    hash: String,
}

/// `GET /registro/integrita`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let words = visitor.preferences.language.words();
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let (noted, wrong) = match noted(&wanted) {
        Ok(noted) => (noted, None),
        Err(field) => (None, Some(Wrong { field, why: words.audit_wrong_position() })),
    };
    let position = noted.as_ref().map(|noted| format!("?position={}", noted.position));
    let path = format!("/api/access/chain{}", position.unwrap_or_default());
    let api = Api::new(&console, &visitor, Some(Purpose::Audit));
    match api.get::<Chain>(&path).await {
        Ok(Chain { last, hash, noted: found }) => {
            let compared = noted.map(|noted| compared(&noted, found.as_deref(), words));
            let (frame, tabs) = (frame(&console, &visitor, Leaf::Chain), tabs(words, Leaf::Chain));
            let page = Page { frame, tabs, wanted, wrong, last, hash, compared };
            answer::page(Wrong::status(page.wrong.as_ref()), &page)
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

/// What was noted; nothing when nothing was typed; the field that cannot be it.
fn noted(wanted: &Wanted) -> Result<Option<Noted>, &'static str> {
    let (position, hash) = (wanted.posizione.trim(), wanted.impronta.trim());
    if position.is_empty() && hash.is_empty() {
        return Ok(None);
    }
    let position: i64 = position.parse().map_err(|_| "posizione")?;
    let is_hash = hash.len() == HASH_LEN && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (position > 0, is_hash) {
        (false, _) => Err("posizione"),
        (true, false) => Err("impronta"),
        (true, true) => Ok(Some(Noted { position, hash: hash.to_ascii_lowercase() })),
    }
}

fn compared(noted: &Noted, found: Option<&str>, words: &Words) -> Compared {
    let position = noted.position.to_string();
    match found {
        Some(hash) if hash == noted.hash => {
            Compared { holds: true, text: words.audit_chain_same(position) }
        }
        Some(_) => Compared { holds: false, text: words.audit_chain_other(position) },
        None => Compared { holds: false, text: words.audit_chain_missing(position) },
    }
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    fn typed(posizione: &str, impronta: &str) -> Wanted {
        Wanted { posizione: posizione.into(), impronta: impronta.into() }
    }

    #[test]
    fn a_noted_place_holds_only_while_its_row_has_the_same_hash() {
        let hash = "ab".repeat(32);
        let noted = noted(&typed(" 7 ", &hash.to_uppercase())).unwrap().unwrap();
        let words = Language::Italian.words();
        assert!(compared(&noted, Some(&hash), words).holds);
        assert!(!compared(&noted, Some(&"cd".repeat(32)), words).holds);
        assert!(!compared(&noted, None, words).holds);
    }

    #[test]
    fn what_cannot_be_a_noted_place_is_not_compared() {
        assert_eq!(noted(&typed("", "")), Ok(None));
        assert_eq!(noted(&typed("-1", &"ab".repeat(32))), Err("posizione"));
        assert_eq!(noted(&typed("sette", "")), Err("posizione"));
        assert_eq!(noted(&typed("7", "ab")), Err("impronta"));
    }
}
