//! The form of a registration as the page shows it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use trama_events::codes::{Gender, IdentityStatus, Purpose};
use trama_events::ids::{PersonId, ServiceId};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Language;
use trama_ui::words::InWords as _;

use super::Service;
use super::steps::{Rung, first_rungs};
use crate::gate::{LINKS, Visitor};
use crate::matches::{Candidate, Judged, field_of};
use crate::people::Choice;
use crate::told::{Told, Wrong};
use crate::{Console, answer};

/// Languages that are often spoken at the desks, ISO 639-1; a rare one is written later.
const LANGUAGES: [(&str, &str, &str); 22] = [
    ("sq", "albanese", "Albanian"),
    ("am", "amarico", "Amharic"),
    ("ar", "arabo", "Arabic"),
    ("bn", "bengalese", "Bengali"),
    ("bg", "bulgaro", "Bulgarian"),
    ("zh", "cinese", "Chinese"),
    ("fa", "farsi, dari", "Farsi, Dari"),
    ("fr", "francese", "French"),
    ("ka", "georgiano", "Georgian"),
    ("hi", "hindi", "Hindi"),
    ("en", "inglese", "English"),
    ("it", "italiano", "Italian"),
    ("ps", "pashto", "Pashto"),
    ("pl", "polacco", "Polish"),
    ("pt", "portoghese", "Portuguese"),
    ("pa", "punjabi", "Punjabi"),
    ("ro", "rumeno", "Romanian"),
    ("ru", "russo", "Russian"),
    ("so", "somalo", "Somali"),
    ("es", "spagnolo", "Spanish"),
    ("ti", "tigrino", "Tigrinya"),
    ("uk", "ucraino", "Ukrainian"),
];

/// The languages to choose from, by name, with the one that was chosen.
pub(crate) fn languages(speaks: Language, chosen: &str) -> Vec<Choice> {
    let choice = |(code, italian, english): (&str, &str, &str)| {
        let words = match speaks {
            Language::Italian => italian,
            Language::English => english,
        };
        Choice { code: code.to_owned(), words: words.to_owned(), chosen: code == chosen }
    };
    let mut all = LANGUAGES.map(choice).to_vec();
    all.sort_by(|one, other| one.words.cmp(&other.words));
    all
}

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
    /// What was said of candidates.
    pub(super) judged: Vec<(PersonId, Judged)>,
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
            judged: Vec::new(),
            unsearched: false,
            number_seen: false,
        }
    }
}

/// How much is known of who she is, with what it means.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) choice: Choice,
    pub(super) help: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "register.html", blocks = ["simili"])]
pub(super) struct Register {
    frame: Frame,
    rungs: Vec<Rung>,
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
        services: &[Service],
        found: Vec<Candidate>,
        wrong: Vec<Wrong>,
    ) -> Self {
        let (w, speaks) = (visitor.words(), visitor.preferences.language);
        let mut frame = console.frame(Some(visitor), &w.who_crumb(), Some(Place::People));
        let people = Place::People.label(w);
        frame.crumbs = vec![Crumb::to(&people, "/persone"), Crumb::here(&w.who_crumb())];
        let choose = |code: &str, words: &str, chosen: bool| Choice {
            code: code.to_owned(),
            words: words.to_owned(),
            chosen,
        };
        let service = |one: &Service| {
            choose(&one.service.to_string(), &one.name, draft.service == Some(one.service))
        };
        let gender = |of: Gender| choose(of.code(), of.words_in(speaks), draft.gender == of);

        Self {
            services: services.iter().map(service).collect(),
            known: known(draft.status, speaks),
            genders: super::genders().map(gender).collect(),
            languages: languages(speaks, &draft.language),
            rungs: first_rungs(w),
            frame,
            draft,
            found,
            wrong,
        }
    }

    /// Who is known already, for a page that is open.
    pub(super) fn part(&self) -> Response {
        answer::page(StatusCode::OK, &self.as_simili())
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

    /// Those whom this reader may see by name.
    fn named(&self) -> Vec<&Candidate> {
        if self.draft.told.is_little() {
            return Vec::new();
        }
        self.found.iter().filter(|found| !found.is_reserved()).collect()
    }

    /// Those who are counted and not named: too little was typed, or her role may not see them.
    fn unnamed(&self) -> Option<String> {
        let (all, named) = (self.found.len(), self.named().len());
        let count = all.saturating_sub(named);
        let w = self.frame.words();
        let how_many = match count {
            0 => return None,
            1 if named == 0 => w.who_unnamed_one(),
            1 => w.who_unnamed_one_more(),
            _ if named == 0 => w.who_unnamed(count),
            _ => w.who_unnamed_more(count),
        };
        let why = if self.draft.told.is_little() { w.who_few_letters() } else { w.who_no_right() };
        Some(format!("{how_many} {why}"))
    }

    /// The new person, as she stands above the others once enough was told to compare.
    fn new_person(&self) -> Option<String> {
        let told = &self.draft.told;
        if told.is_little() {
            return None;
        }
        let name = [told.family.as_str(), told.given.as_str()];
        let name = name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { told.alias.clone() } else { name };
        let born = told.birth_date().map(|day| self.frame.language.long(day));
        let born = born.or_else(|| told.year().map(|year| year.to_string()));
        let all: Vec<String> =
            [Some(name), born].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn is_other(&self, found: &Candidate) -> bool {
        found.judged(&self.draft.judged) == Some(Judged::Different)
    }

    fn is_open(&self, found: &Candidate) -> bool {
        found.judged(&self.draft.judged) == Some(Judged::Open)
    }

    fn field_of(found: &Candidate) -> String {
        field_of(found.person)
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
        let frame = console.frame(
            Some(visitor),
            &visitor.words().reception_registered(),
            Some(Place::People),
        );
        Self { frame, href: format!("/persone/{person}{links}?scopo={}", Purpose::Care.code()) }
    }
}

fn known(chosen: IdentityStatus, speaks: Language) -> Vec<Known> {
    let w = speaks.words();
    let known = |of: IdentityStatus, help| Known {
        choice: Choice {
            code: of.code().to_owned(),
            words: of.words_in(speaks).to_owned(),
            chosen: chosen == of,
        },
        help,
    };
    vec![
        known(IdentityStatus::Anonymous, w.who_known_anonymous()),
        known(IdentityStatus::Declared, w.who_known_declared()),
        known(IdentityStatus::Identified, w.who_known_identified()),
    ]
}
