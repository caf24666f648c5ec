//! Who looked at a person, as the page shows it. Pure.

use askama::Template;
use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, PersonId};
use trama_events::rome;
use trama_projections::journey::Joined;
use trama_ui::badge::Badge;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::State;

use super::{Known, Look, ReadBy};
use crate::audit::words::{purpose, sections};
use crate::gate::Visitor;
use crate::{Console, names};

/// One look.
#[derive(Debug)]
pub(super) struct Seen {
    /// How often within that minute.
    pub(super) times: usize,
    pub(super) when: String,
    pub(super) body: String,
    pub(super) role: String,
    pub(super) what: String,
    pub(super) purpose: String,
    pub(super) who: Option<String>,
    pub(super) badges: Vec<Badge>,
}

/// A link that was undone, and who read meanwhile.
#[derive(Debug)]
pub(super) struct Undone {
    pub(super) time: String,
    pub(super) readers: Vec<Reader>,
}

/// Somebody who read a joined file.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) who: String,
    pub(super) body: String,
    pub(super) role: String,
    pub(super) what: String,
    pub(super) times: String,
    pub(super) when: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "readers.html")]
pub(super) struct Page {
    frame: Frame,
    code: String,
    path: String,
    for_person: bool,
    /// Whoever asks is no auditor: she tells the person.
    tells: bool,
    seen: Vec<Seen>,
    older: Option<String>,
    undone: Vec<Undone>,
}

impl Page {
    pub(super) fn new(console: &Console, visitor: &Visitor, known: &Known, today: Date) -> Self {
        let telling = Telling { known, language: visitor.preferences.language, today };
        let words = telling.words();
        let code = telling.code(known.person);
        let title = words.readers_person(code.as_str());
        let tells = visitor.caller.role != Role::Auditor;
        let place = if tells { Place::People } else { Place::Accesses };
        let mut frame = console.frame(Some(visitor), &title, Some(place));
        let scopo = known.told_for.map(|it| format!("scopo={}&", it.code())).unwrap_or_default();
        let journey = format!("/persone/{}?{scopo}", known.person);
        frame.crumbs = if tells {
            let journey = journey.trim_end_matches(['?', '&']);
            vec![Crumb::to(&title, journey), Crumb::here(&words.readers_title())]
        } else {
            vec![Crumb::to(&words.readers_title(), "/accessi"), Crumb::here(&title)]
        };
        frame.title = words.readers_title_of(code.as_str());
        let path = format!("/persone/{}/accessi", known.person);
        let copy = if known.for_person && !tells { "copia=persona&" } else { "" };
        Self {
            frame,
            older: known.looks.next.map(|next| format!("{path}?{scopo}{copy}dopo={next}")),
            code,
            path,
            for_person: known.for_person,
            tells,
            seen: telling.together(),
            undone: known
                .undone
                .iter()
                .map(|(joined, readers)| telling.apart(joined, readers))
                .collect(),
        }
    }
}

/// What is known, in the words of who reads it.
struct Telling<'a> {
    known: &'a Known,
    language: Language,
    today: Date,
}

impl Telling<'_> {
    fn words(&self) -> &'static Words {
        self.language.words()
    }

    fn code(&self, person: PersonId) -> String {
        let code = self.known.codes.get(&person).cloned();
        code.unwrap_or_else(|| self.words().audit_no_code())
    }

    fn body(&self, body: OrganisationId) -> String {
        let name = self.known.bodies.get(&body).cloned();
        name.unwrap_or_else(|| self.words().readers_body_other())
    }

    /// One page asks several questions: what one worker looked at within a minute, for one purpose
    /// and with one answer, is one line.
    fn together(&self) -> Vec<Seen> {
        let alike = |a: &&Look, b: &&Look| a.is_one_with(b);
        let all: Vec<&Look> = self.known.looks.items.iter().collect();
        all.chunk_by(alike).map(|looks| self.seen(looks)).collect()
    }

    fn seen(&self, looks: &[&Look]) -> Seen {
        let look = looks[0];
        let codes = looks.iter().flat_map(|look| &look.sections);
        let mut badges = Vec::new();
        if look.emergency_access {
            let forced = Badge::new(State::Refused, self.words().audit_forced());
            badges.push(forced.with(Glyph::Triangle));
        }
        if look.decision == "denied" {
            badges.push(Badge::new(State::Refused, self.words().audit_refused()));
        }
        Seen {
            when: self.language.short_with_time(look.at, self.today),
            body: self.body(look.organisation),
            role: names::role(&look.role, self.language),
            times: looks.len(),
            what: sections(codes, self.language),
            purpose: purpose(&look.purpose, self.language),
            who: look.staff.map(|staff| names::worker(staff, self.language)),
            badges,
        }
    }

    fn apart(&self, joined: &Joined, readers: &[ReadBy]) -> Undone {
        let moment = |at: OffsetDateTime| self.language.short_with_time(at, self.today);
        let (first, second) = (self.code(joined.canonical), self.code(joined.other));
        let from = moment(joined.linked_at);
        let to = joined.unlinked_at.map(moment).unwrap_or_default();
        Undone {
            time: self.words().readers_joined_time(first, second, from, to),
            readers: readers.iter().map(|reader| self.reader(reader)).collect(),
        }
    }

    fn reader(&self, reader: &ReadBy) -> Reader {
        let (first, last) = (reader.first_at, reader.last_at);
        let day = |at: OffsetDateTime| self.language.short(rome::day_of(at), self.today);
        let when = if rome::day_of(first) == rome::day_of(last) {
            self.language.short_with_time(last, self.today)
        } else {
            format!("{} – {}", day(first), day(last))
        };
        Reader {
            who: names::worker(reader.staff, self.language),
            body: self.body(reader.organisation),
            role: names::role(&reader.role, self.language),
            what: sections(&reader.sections, self.language),
            times: self.words().readers_times(reader.times),
            when,
        }
    }
}

impl Look {
    fn is_one_with(&self, other: &Self) -> bool {
        let minute = |look: &Self| look.at.unix_timestamp().div_euclid(60);
        let whose = |look: &Self| (look.organisation, look.staff, look.emergency_access);
        minute(self) == minute(other)
            && whose(self) == whose(other)
            && self.role == other.role
            && self.purpose == other.purpose
            && self.decision == other.decision
    }
}

#[cfg(test)]
mod tests;
