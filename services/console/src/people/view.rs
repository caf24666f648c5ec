//! The page of the search, and the part of it that says who was found. Pure.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use trama_events::codes::Purpose;
use trama_ui::frame::{Frame, Place};
use trama_ui::language::Words;
use trama_ui::words::InWords as _;

use super::PURPOSES;
use crate::gate::{CONTACT, REGISTER, Visitor};
use crate::matches::Candidate;
use crate::told::{Told, Wrong};
use crate::{Console, answer};

/// Most that an answer of the search holds: as many, or more.
const CANDIDATES_MAX: usize = 10;

/// A code to choose, with its words.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) code: String,
    pub(crate) words: String,
    pub(crate) chosen: bool,
}

/// What was asked: a line, or fields.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) told: Told,
    pub(crate) purpose: Option<Purpose>,
}

impl Asked {
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty() && self.told.is_empty()
    }

    /// What a new person's form begins with.
    fn to_register(&self) -> Told {
        if self.line.is_empty() { self.told.clone() } else { Told::of_line(&self.line) }
    }

    pub(super) fn is_little(&self) -> bool {
        self.to_register().is_little()
    }
}

/// Who was found: shown, or counted where too little was typed to name anybody.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) shown: Vec<Candidate>,
    pub(crate) counted: Option<usize>,
}

impl Found {
    pub(crate) fn of(found: Vec<Candidate>, only_counted: bool) -> Self {
        if only_counted {
            return Self { counted: Some(found.len()), shown: Vec::new() };
        }
        Self { shown: found, counted: None }
    }

    /// How many, where nobody is named.
    pub(crate) fn count(&self, words: &Words) -> Option<String> {
        Some(match self.counted? {
            0 => words.search_count_none(),
            1 => words.search_count_one(),
            most @ CANDIDATES_MAX.. => words.search_count_or_more(most),
            some => words.search_count(some),
        })
    }
}

#[derive(Template)]
#[template(path = "people.html", blocks = ["trovati"])]
struct People {
    frame: Frame,
    line: String,
    told: Told,
    to_register: Told,
    purposes: Vec<Choice>,
    purpose: &'static str,
    wrong: Vec<Wrong>,
    found: Option<Found>,
    registers: bool,
    meets: bool,
}

impl People {
    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    /// Whether the fields are open: something stands in them, or is wrong there.
    fn is_by_fields(&self) -> bool {
        let in_fields = |wrong: &Wrong| wrong.field != "q" && wrong.field != "scopo";
        !self.told.is_empty() || self.wrong.iter().any(in_fields)
    }
}

fn people(
    console: &Console,
    visitor: &Visitor,
    asked: Asked,
    wrong: Vec<Wrong>,
    found: Option<Found>,
) -> People {
    let language = visitor.preferences.language;
    let title = Place::People.label(language.words());
    let frame = console.frame(Some(visitor), &title, Some(Place::People));
    let choice = |of: Purpose| Choice {
        code: of.code().to_owned(),
        words: of.words_in(language).to_owned(),
        chosen: asked.purpose == Some(of),
    };
    People {
        frame,
        to_register: asked.to_register(),
        purposes: PURPOSES.map(choice).to_vec(),
        purpose: asked.purpose.map_or("", Purpose::code),
        line: asked.line,
        told: asked.told,
        wrong,
        found,
        registers: REGISTER.roles.contains(&visitor.caller.role),
        meets: CONTACT.roles.contains(&visitor.caller.role),
    }
}

/// The whole page.
pub(super) fn page(
    console: &Console,
    visitor: &Visitor,
    asked: Asked,
    wrong: Vec<Wrong>,
    found: Option<Found>,
) -> Response {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    answer::page(status, &people(console, visitor, asked, wrong, found))
}

/// Who was found, for a page that is open.
pub(super) fn part(
    console: &Console,
    visitor: &Visitor,
    asked: Asked,
    found: Option<Found>,
) -> Response {
    let page = people(console, visitor, asked, Vec::new(), found);
    answer::page(StatusCode::OK, &page.as_trovati())
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    #[test]
    fn what_is_like_a_letter_or_two_is_counted_in_a_sentence_and_not_named_t1() {
        let words = Language::Italian.words();
        let found = |count| Found { shown: Vec::new(), counted: Some(count) };
        let said = |count| found(count).count(words).unwrap_or_default();
        assert!(said(0).starts_with("Scrivi ancora"));
        assert!(said(1).starts_with("1 scheda possibile"));
        assert!(said(3).starts_with("3 schede possibili"));
        assert!(said(10).starts_with("10 schede possibili o più"));
        assert!(Found::of(Vec::new(), false).count(words).is_none());
    }
}
