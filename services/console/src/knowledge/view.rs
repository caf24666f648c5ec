//! Who knew what, in words. Pure.

use askama::Template;
use time::{Date, OffsetDateTime};
use trama_events::ids::OrganisationId;
use trama_events::rome;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::language::Words;

use super::Known;
use super::matrix::{Cell, Fact};
use crate::Console;
use crate::gate::Visitor;
use crate::tabs::{Tab, tabs};

/// Entries on a page.
const FACTS: usize = 30;

/// One entry and what each body had of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) recorded: String,
    pub(super) words: String,
    pub(super) cells: Vec<Shown>,
}

/// What a body had of an entry, in words and with a glyph.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) body: String,
    pub(super) class: &'static str,
    pub(super) glyph: Option<Glyph>,
    pub(super) text: String,
}

#[derive(Debug, Template)]
#[template(path = "knowledge.html")]
pub(super) struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    path: String,
    purpose: &'static str,
    day: String,
    about: String,
    audits: bool,
    bodies: Vec<String>,
    rows: Vec<Row>,
    left_out: Option<String>,
    more_looks: bool,
    newer: Option<String>,
    older: Option<String>,
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        known: &Known,
        page: usize,
        today: Date,
    ) -> Self {
        let words = visitor.preferences.language.words();
        let code = known.code.clone().unwrap_or_else(|| words.audit_no_code());
        let place = if known.audits { Place::Accesses } else { Place::People };
        let mut frame = console.frame(Some(visitor), &words.knew_title(), Some(place));
        let purpose = known.stated.map_or("", trama_events::codes::Purpose::code);
        frame.crumbs = if known.audits {
            vec![Crumb::to(&words.audit_title(), "/registro"), Crumb::here(&words.knew_title())]
        } else {
            vec![Crumb::to(&code, &hers(known, purpose)), Crumb::here(&words.knew_title())]
        };
        frame.title = format!("{} · {code}", words.knew_title());
        let telling = Telling { known, words, today };
        let page = page.clamp(1, known.matrix.facts.len().div_ceil(FACTS).max(1));
        let path = format!("/persone/{}/chi-sapeva", known.person);
        let to = |page: usize| {
            let scopo =
                if purpose.is_empty() { String::new() } else { format!("&scopo={purpose}") };
            format!("{path}?al={}&pagina={page}{scopo}", known.day)
        };
        let is_last = page.saturating_mul(FACTS) >= known.matrix.facts.len();
        let left = known.matrix.left_out;
        Self {
            tabs: tabs(
                &visitor.caller,
                known.person,
                known.stated,
                "chi-sapeva",
                visitor.preferences.language,
            ),
            newer: (page > 1).then(|| to(page - 1)),
            older: (!is_last).then(|| to(page + 1)),
            purpose,
            day: known.day.to_string(),
            about: words.knew_about(dates::long(known.day)),
            audits: known.audits,
            bodies: known.matrix.bodies.iter().map(|body| telling.body(*body)).collect(),
            rows: telling.rows(page),
            left_out: (left > 0).then(|| words.knew_bodies_left(left)),
            more_looks: known.more_looks,
            path,
            frame,
        }
    }
}

fn hers(known: &Known, purpose: &str) -> String {
    let scopo = if purpose.is_empty() { String::new() } else { format!("?scopo={purpose}") };
    format!("/persone/{}{scopo}", known.person)
}

struct Telling<'a> {
    known: &'a Known,
    words: &'a Words,
    today: Date,
}

impl Telling<'_> {
    fn body(&self, body: OrganisationId) -> String {
        let name = self.known.bodies.get(&body).cloned();
        name.unwrap_or_else(|| self.words.audit_body_gone())
    }

    fn rows(&self, page: usize) -> Vec<Row> {
        let facts = self.known.matrix.facts.iter().skip((page - 1).saturating_mul(FACTS));
        facts.take(FACTS).map(|fact| self.row(fact)).collect()
    }

    fn row(&self, fact: &Fact) -> Row {
        let bodies = self.known.matrix.bodies.iter();
        let cell = |body: &OrganisationId| self.shown(self.known.matrix.cell(fact, *body), *body);
        Row {
            recorded: dates::short_with_time(fact.recorded_at, self.today),
            words: fact.words.clone(),
            cells: bodies.map(cell).collect(),
        }
    }

    fn shown(&self, cell: Cell, body: OrganisationId) -> Shown {
        let day = |at: OffsetDateTime| dates::short(rome::day_of(at), self.today);
        let (class, glyph, text) = match cell {
            Cell::Wrote => ("wrote", Some(Glyph::Pencil), self.words.knew_wrote()),
            Cell::Opened(at) => ("opened", Some(Glyph::Check), self.words.knew_opened(day(at))),
            Cell::NotThisPart => ("part", None, self.words.knew_not_part()),
            Cell::Could(at) => ("could", Some(Glyph::Clock), self.words.knew_could(day(at))),
            Cell::Nothing => ("nothing", None, self.words.knew_nothing()),
        };
        Shown { body: self.body(body), class, glyph, text }
    }
}
