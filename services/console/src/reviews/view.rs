//! An access by force as the page of its review shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use time::{Date, OffsetDateTime};
use trama_events::codes::{Role, Section};
use trama_events::identity::ReviewFinding;
use trama_events::ids::{OrganisationId, StaffId};
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::Frame;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words as Say};
use trama_ui::words::{InWords as _, State};

use super::{Draft, Found, Known, Look, Note};
use crate::gate::{ACCESSES, JOURNEY};
use crate::names;

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
        frame: Frame,
        role: Role,
        known: &Known,
        (now, key): (OffsetDateTime, String),
        draft: Draft,
    ) -> Self {
        let forced = &known.forced;
        let telling = Telling { known, language: frame.language, today: rome::day_of(now) };
        let draft = if forced.review.is_some() { draft.at_what_was_found() } else { draft };
        let controls = ACCESSES.roles.contains(&role);
        let page = if controls { "/accessi" } else { "" };
        let opens = controls || JOURNEY.roles.contains(&role);
        let person = forced.person.filter(|_| opens);
        Self {
            path: format!("/verifiche/{}", known.access),
            code: known.code.clone(),
            person: person.map(|person| format!("/persone/{person}{page}")),
            reason: forced.reason.words_in(frame.language),
            when: frame.words().review_when_for(frame.language.long_with_time(forced.at)),
            due: telling.due(),
            who: telling.who(forced.staff, &forced.role, forced.organisation),
            classes: telling.sections(&forced.sections),
            words: telling.words(),
            seen: known.looks.iter().map(|look| telling.seen(look)).collect(),
            controls,
            found: forced.review.as_ref().map(|found| telling.found(found)),
            key,
            draft,
            frame,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.draft.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn is_drafted(&self, code: &str) -> bool {
        self.draft.finding.is_some_and(|finding| finding.code() == code)
    }

    fn why(&self, field: &str) -> Option<&str> {
        let mut wrong = self.draft.wrong.iter();
        wrong.find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

impl Draft {
    /// Where somebody was quicker there is no form any more.
    fn at_what_was_found(mut self) -> Self {
        for one in &mut self.wrong {
            one.field = "trovato";
        }
        self
    }
}

/// What is known, in the words of who reads it.
struct Telling<'a> {
    known: &'a Known,
    language: Language,
    today: Date,
}

impl Telling<'_> {
    fn say(&self) -> &'static Say {
        self.language.words()
    }

    fn body(&self, body: OrganisationId) -> String {
        let name = self.known.bodies.get(&body).cloned();
        name.unwrap_or_else(|| self.say().review_body_other())
    }

    fn who(&self, staff: StaffId, role: &str, body: OrganisationId) -> String {
        let (worker, role) =
            (names::worker(staff, self.language), names::role(role, self.language));
        format!("{worker}, {role}, {}", self.body(body))
    }

    fn found(&self, found: &Found) -> Finding {
        Finding {
            what: found.finding.words_in(self.language),
            when: self.language.long_with_time(found.at),
            who: self.who(found.staff, &found.role, found.organisation),
            words: found.words.clone(),
        }
    }

    fn words(&self) -> Vec<Words> {
        let words = |note: &Note| {
            let worker = names::worker(note.staff, self.language);
            let who = format!("{worker}, {}", self.body(note.organisation));
            Words { text: note.value.clone(), who: self.say().review_said_by(who) }
        };
        self.known.words.iter().map(words).collect()
    }

    fn due(&self) -> Badge {
        let forced = &self.known.forced;
        if forced.review.is_some() {
            return Badge::new(State::Done, self.say().review_due_done()).with(Glyph::Check);
        }
        let day = rome::day_of(forced.review_by);
        let date = self.language.short(day, self.today);
        let date = self.say().review_due_at(date, dates::time_of(forced.review_by));
        let dated = |words: String| self.language.after(&format!("{words} "), day, &date);
        if forced.overdue {
            let words = dated(self.say().review_due_overdue());
            return Badge::new(State::Refused, words).with(Glyph::Triangle);
        }
        Badge::new(State::Waiting, dated(self.say().review_due_by()))
    }

    fn sections(&self, sections: &[Section]) -> String {
        let mut words: Vec<&str> =
            sections.iter().map(|section| section.words_in(self.language)).collect();
        words.sort_unstable();
        words.join(", ")
    }

    fn seen(&self, look: &Look) -> Seen {
        let parsed: Vec<Section> =
            look.sections.iter().filter_map(|code| code.parse().ok()).collect();
        let when = self.language.short_with_time(look.at, self.today);
        Seen { when, what: self.sections(&parsed) }
    }
}

/// It was looked at.
#[derive(Debug, Template)]
#[template(path = "reviewed.html")]
pub(super) struct Done {
    frame: Frame,
    finding: ReviewFinding,
}

impl Done {
    pub(super) fn new(frame: Frame, finding: ReviewFinding) -> Self {
        Self { frame, finding }
    }

    fn finding(&self) -> &'static str {
        self.finding.words_in(self.frame.language)
    }

    fn words(&self) -> String {
        match self.finding {
            ReviewFinding::Justified => self.frame.words().review_done_justified(),
            ReviewFinding::NotJustified => self.frame.words().review_done_not_justified(),
        }
    }
}

#[cfg(test)]
mod tests;
