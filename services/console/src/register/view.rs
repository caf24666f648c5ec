//! The form of a registration as the page shows it.

use askama::Template;
use axum::http::StatusCode;
use trama_events::codes::{Gender, IdentityStatus, Purpose};
use trama_events::ids::{PersonId, ServiceId};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::InWords as _;

use crate::Console;
use crate::gate::{LINKS, Visitor};
use crate::matches::Candidate;
use crate::people::Choice;
use crate::told::{Told, Wrong};

/// Languages that are often spoken at the desks, ISO 639-1; a rare one is written later.
const LANGUAGES: [(&str, &str); 22] = [
    ("sq", "albanese"),
    ("am", "amarico"),
    ("ar", "arabo"),
    ("bn", "bengalese"),
    ("bg", "bulgaro"),
    ("zh", "cinese"),
    ("fa", "farsi, dari"),
    ("fr", "francese"),
    ("ka", "georgiano"),
    ("hi", "hindi"),
    ("en", "inglese"),
    ("it", "italiano"),
    ("ps", "pashto"),
    ("pl", "polacco"),
    ("pt", "portoghese"),
    ("pa", "punjabi"),
    ("ro", "rumeno"),
    ("ru", "russo"),
    ("so", "somalo"),
    ("es", "spagnolo"),
    ("ti", "tigrino"),
    ("uk", "ucraino"),
];

/// A registration as far as it was filled in.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) purpose: Option<Purpose>,
    pub(super) service: Option<ServiceId>,
    pub(super) status: IdentityStatus,
    pub(super) gender: Gender,
    pub(super) language: String,
    pub(super) alias_code: String,
    pub(super) told: Told,
    /// Candidates that were shown before.
    pub(super) seen: Vec<PersonId>,
    /// Whether it was said before that nobody could be looked for.
    pub(super) unsearched: bool,
    /// Whether it was said before that the number is no codice fiscale.
    pub(super) number_seen: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            key: String::new(),
            purpose: None,
            service: None,
            status: IdentityStatus::Anonymous,
            gender: Gender::Unknown,
            language: String::new(),
            alias_code: String::new(),
            told: Told::default(),
            seen: Vec::new(),
            unsearched: false,
            number_seen: false,
        }
    }
}

/// How much is known of who she is, with what it means.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) choice: Choice,
    pub(super) help: &'static str,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "register.html")]
pub(super) struct Register {
    frame: Frame,
    draft: Draft,
    services: Vec<Choice>,
    known: Vec<Known>,
    genders: Vec<Choice>,
    languages: Vec<Choice>,
    found: Vec<Candidate>,
    wrong: Vec<Wrong>,
}

impl Register {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        draft: Draft,
        services: &[(ServiceId, String)],
        found: Vec<Candidate>,
        wrong: Vec<Wrong>,
    ) -> Self {
        let mut frame = console.frame(Some(visitor), "Nuova persona", Some(Place::People));
        frame.crumbs = vec![Crumb::to("Persone", "/persone"), Crumb::here("Nuova persona")];
        let choose = |code: &str, words: &str, chosen: bool| Choice {
            code: code.to_owned(),
            words: words.to_owned(),
            chosen,
        };
        let service = |(id, name): &(ServiceId, String)| {
            choose(&id.to_string(), name, draft.service == Some(*id))
        };
        let gender = |of: Gender| choose(of.code(), of.words(), draft.gender == of);
        let language = |(code, words): (&str, &str)| choose(code, words, draft.language == code);
        Self {
            services: services.iter().map(service).collect(),
            known: known(draft.status),
            genders: super::genders().map(gender).collect(),
            languages: LANGUAGES.map(language).to_vec(),
            frame,
            draft,
            found,
            wrong,
        }
    }

    /// Whether the form is to be looked at again.
    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    fn purpose(&self) -> &'static str {
        self.draft.purpose.map_or("", Purpose::code)
    }

    fn seen(&self) -> String {
        let all: Vec<String> = self.draft.seen.iter().map(ToString::to_string).collect();
        all.join(",")
    }
}

/// Somebody was registered whom the read models do not tell yet.
#[derive(Debug, Template)]
#[template(path = "registered.html")]
pub(super) struct Registered {
    frame: Frame,
    href: String,
}

impl Registered {
    pub(super) fn new(console: &Console, visitor: &Visitor, person: PersonId) -> Self {
        let links = if LINKS.roles.contains(&visitor.caller.role) { "/collegamenti" } else { "" };
        let frame = console.frame(Some(visitor), "Persona registrata", Some(Place::People));
        Self { frame, href: format!("/persone/{person}{links}?scopo={}", Purpose::Care.code()) }
    }
}

fn known(chosen: IdentityStatus) -> Vec<Known> {
    let known = |of: IdentityStatus, help| Known {
        choice: Choice {
            code: of.code().to_owned(),
            words: of.words().to_owned(),
            chosen: chosen == of,
        },
        help,
    };
    vec![
        known(IdentityStatus::Anonymous, "Non dice chi è, o non serve saperlo ora."),
        known(IdentityStatus::Declared, "Dice chi è; nessuno ha visto un documento."),
        known(IdentityStatus::Identified, "Hai visto un documento."),
    ]
}
