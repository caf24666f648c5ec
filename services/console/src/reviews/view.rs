//! An access by force as the page of its review shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use time::{Date, OffsetDateTime};
use trama_events::codes::Section;
use trama_events::identity::ReviewFinding;
use trama_events::ids::{OrganisationId, StaffId};
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;
use trama_ui::words::{InWords as _, State};

use super::{Draft, Forced, Found, Known, Look};
use crate::gate::{ACCESSES, JOURNEY, Visitor};
use crate::{Console, names};

/// What she looked at, at one moment.
#[derive(Debug)]
struct Seen {
    when: String,
    what: String,
}

/// The words of the reason, and for which body they were written.
#[derive(Debug)]
struct Words {
    text: String,
    who: String,
}

/// What was found, when, by whom, and her words where the reader may know them.
#[derive(Debug)]
struct Finding {
    what: &'static str,
    when: String,
    who: String,
    words: Option<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "review.html")]
pub(super) struct Page {
    frame: Frame,
    path: String,
    code: Option<String>,
    person: Option<String>,
    reason: &'static str,
    when: String,
    due: Badge,
    who: String,
    classes: String,
    words: Vec<Words>,
    seen: Vec<Seen>,
    controls: bool,
    found: Option<Finding>,
    key: String,
    draft: Draft,
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        known: &Known,
        (now, key): (OffsetDateTime, String),
        draft: Draft,
    ) -> Self {
        let title = "Verifica dell’accesso";
        let mut frame = console.frame(Some(visitor), title, Some(Place::Inbox));
        frame.crumbs = vec![Crumb::to("Posta", "/"), Crumb::here(title)];
        let (forced, role) = (&known.forced, visitor.caller.role);
        let today = rome::day_of(now);
        let controls = ACCESSES.roles.contains(&role);
        let page = if controls { "/accessi" } else { "" };
        let opens = controls || JOURNEY.roles.contains(&role);
        let person = forced.person.filter(|_| opens);
        Self {
            frame,
            path: format!("/verifiche/{}", known.access),
            code: known.code.clone(),
            person: person.map(|person| format!("/persone/{person}{page}")),
            reason: forced.reason.words(),
            when: dates::long_with_time(forced.at),
            due: due(forced, today),
            who: known.who(forced.staff, &forced.role, forced.organisation),
            classes: words_of(&forced.sections),
            words: known.words(),
            seen: known.looks.iter().map(|look| seen(look, today)).collect(),
            controls,
            found: forced.review.as_ref().map(|found| known.found(found)),
            key,
            draft,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.draft.wrong.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn is_drafted(&self, code: &str) -> bool {
        self.draft.finding.is_some_and(|finding| finding.code() == code)
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

impl Known {
    fn body(&self, body: OrganisationId) -> String {
        self.bodies.get(&body).cloned().unwrap_or_else(|| "altro ente".into())
    }

    fn who(&self, staff: StaffId, role: &str, body: OrganisationId) -> String {
        format!(
            "{}, {}, {}",
            names::worker(staff, Language::Italian),
            names::role(role, Language::Italian),
            self.body(body)
        )
    }

    fn found(&self, found: &Found) -> Finding {
        Finding {
            what: found.finding.words(),
            when: dates::long_with_time(found.at),
            who: self.who(found.staff, &found.role, found.organisation),
            words: found.words.clone(),
        }
    }

    fn words(&self) -> Vec<Words> {
        let words = |note: &super::Note| Words {
            text: note.value.clone(),
            who: format!(
                "{}, {}",
                names::worker(note.staff, Language::Italian),
                self.body(note.organisation)
            ),
        };
        self.words.iter().map(words).collect()
    }
}

fn due(forced: &Forced, today: Date) -> Badge {
    if forced.review.is_some() {
        return Badge::new(State::Done, "verificato").with(Glyph::Check);
    }
    let due = forced.review_by;
    let day = rome::day_of(due);
    let date = format!("{} alle {}", dates::short(day, today), dates::time_of(due));
    if forced.overdue {
        let words = dates::after("scaduto il ", day, &date);
        return Badge::new(State::Refused, words).with(Glyph::Triangle);
    }
    Badge::new(State::Waiting, dates::after("da verificare entro il ", day, &date))
}

fn words_of(sections: &[Section]) -> String {
    let mut words: Vec<&str> = sections.iter().map(|section| section.words()).collect();
    words.sort_unstable();
    words.join(", ")
}

fn seen(look: &Look, today: Date) -> Seen {
    let parsed: Vec<Section> = look.sections.iter().filter_map(|code| code.parse().ok()).collect();
    Seen { when: dates::short_with_time(look.at, today), what: words_of(&parsed) }
}

/// It was looked at.
#[derive(Debug, Template)]
#[template(path = "reviewed.html")]
pub(super) struct Done {
    frame: Frame,
    finding: ReviewFinding,
}

impl Done {
    pub(super) fn new(console: &Console, visitor: &Visitor, finding: ReviewFinding) -> Self {
        let mut frame = console.frame(Some(visitor), "Verifica registrata", Some(Place::Inbox));
        frame.crumbs = vec![Crumb::to("Posta", "/"), Crumb::here("Verifica registrata")];
        Self { frame, finding }
    }

    fn words(&self) -> &'static str {
        match self.finding {
            ReviewFinding::Justified => {
                "L’accesso era giustificato. Resta scritto nel registro, con chi l’ha verificato."
            }
            ReviewFinding::NotJustified => {
                "L’accesso non era giustificato. Il responsabile della protezione dei dati lo vede \
                 nella sua posta e decide come proseguire."
            }
        }
    }
}
