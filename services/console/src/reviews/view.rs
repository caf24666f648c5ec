//! An access by force as the page of its review shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use time::{Date, OffsetDateTime};
use trama_events::codes::Section;
use trama_events::identity::{ForcedReason, ReviewFinding};
use trama_events::ids::OrganisationId;
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::{Known, Look};
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
    who: Option<String>,
    classes: Option<String>,
    words: Vec<Words>,
    seen: Vec<Seen>,
    controls: bool,
    key: String,
    wrong: Option<String>,
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        known: &Known,
        (now, key): (OffsetDateTime, String),
        wrong: Option<&str>,
    ) -> Self {
        let title = "Verifica dell’accesso";
        let mut frame = console.frame(Some(visitor), title, Some(Place::Inbox));
        frame.crumbs = vec![Crumb::to("Posta", "/"), Crumb::here(title)];
        let (item, role) = (&known.item, visitor.caller.role);
        let today = rome::day_of(now);
        let controls = ACCESSES.roles.contains(&role);
        let page = if controls { "/accessi" } else { "" };
        let opens = controls || JOURNEY.roles.contains(&role);
        let person = item.person.filter(|_| opens);
        let reason = item.reason.as_deref().and_then(|code| code.parse::<ForcedReason>().ok());
        Self {
            frame,
            path: format!("/verifiche/{}", item.about),
            code: item.code.clone(),
            person: person.map(|person| format!("/persone/{person}{page}")),
            reason: reason.map_or("altro motivo", ForcedReason::words),
            when: dates::long_with_time(item.since),
            due: due(item.due, item.overdue, today),
            who: known.who(),
            classes: known.forced.as_ref().map(|forced| words_of(&forced.sections)),
            words: known.words(),
            seen: known.looks.iter().map(|look| seen(look, today)).collect(),
            controls,
            key,
            wrong: wrong.map(ToOwned::to_owned),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

impl Known {
    fn body(&self, body: OrganisationId) -> String {
        self.bodies.get(&body).cloned().unwrap_or_else(|| "altro ente".into())
    }

    fn who(&self) -> Option<String> {
        let forced = self.forced.as_ref()?;
        let (worker, role) = (names::worker(forced.staff), names::role(&forced.role));
        Some(format!("{worker}, {role}, {}", self.body(forced.organisation)))
    }

    fn words(&self) -> Vec<Words> {
        let words = |note: &super::Note| Words {
            text: note.value.clone(),
            who: format!("{}, {}", names::worker(note.staff), self.body(note.organisation)),
        };
        self.words.iter().map(words).collect()
    }
}

fn due(due: Option<OffsetDateTime>, overdue: bool, today: Date) -> Badge {
    let Some(due) = due else { return Badge::new(State::Waiting, "da verificare") };
    let day = rome::day_of(due);
    let date = format!("{} alle {}", dates::short(day, today), dates::time_of(due));
    if overdue {
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
