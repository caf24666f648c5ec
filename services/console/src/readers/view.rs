//! Who looked at a person, as the page shows it. Pure.

use askama::Template;
use time::Date;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use trama_projections::journey::Joined;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::{Known, Look, ReadBy};
use crate::Console;
use crate::gate::Visitor;

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
    pub(super) codes: String,
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
        let code = known.code(known.person);
        let title = format!("Persona {code}");
        let tells = visitor.caller.role != Role::Auditor;
        let place = if tells { Place::People } else { Place::Accesses };
        let mut frame = console.frame(Some(visitor), &title, Some(place));
        let scopo = known.told_for.map(|it| format!("scopo={}&", it.code())).unwrap_or_default();
        let journey = format!("/persone/{}?{scopo}", known.person);
        frame.crumbs = if tells {
            let journey = journey.trim_end_matches(['?', '&']);
            vec![Crumb::to(&title, journey), Crumb::here("Chi ha visto")]
        } else {
            vec![Crumb::to("Chi ha visto", "/accessi"), Crumb::here(&title)]
        };
        frame.title = format!("Chi ha visto {code}");
        let path = format!("/persone/{}/accessi", known.person);
        let copy = if known.for_person && !tells { "copia=persona&" } else { "" };
        Self {
            frame,
            older: known.looks.next.map(|next| format!("{path}?{scopo}{copy}dopo={next}")),
            code,
            path,
            for_person: known.for_person,
            tells,
            seen: known.together(today),
            undone: known
                .undone
                .iter()
                .map(|(joined, readers)| known.apart(joined, readers, today))
                .collect(),
        }
    }
}

impl Known {
    fn code(&self, person: PersonId) -> String {
        self.codes.get(&person).cloned().unwrap_or_else(|| "senza codice".into())
    }

    fn body(&self, body: OrganisationId) -> String {
        self.bodies.get(&body).cloned().unwrap_or_else(|| "altro ente".into())
    }

    /// One page asks several questions: what one worker looked at within a minute, for one purpose
    /// and with one answer, is one line.
    fn together(&self, today: Date) -> Vec<Seen> {
        let alike = |a: &&Look, b: &&Look| a.is_one_with(b);
        let all: Vec<&Look> = self.looks.items.iter().collect();
        all.chunk_by(alike).map(|looks| self.seen(looks, today)).collect()
    }

    fn seen(&self, looks: &[&Look], today: Date) -> Seen {
        let look = looks[0];
        let codes: Vec<String> = looks.iter().flat_map(|look| look.sections.clone()).collect();
        let mut badges = Vec::new();
        if look.emergency_access {
            badges.push(Badge::new(State::Refused, "accesso forzato").with(Glyph::Triangle));
        }
        if look.decision == "denied" {
            badges.push(Badge::new(State::Refused, "rifiutato"));
        }
        Seen {
            when: dates::short_with_time(look.at, today),
            body: self.body(look.organisation),
            role: role(&look.role),
            times: looks.len(),
            what: sections(&codes),
            purpose: look.purpose.parse::<Purpose>().map_or("altro", |it| it.words()).to_owned(),
            who: look.staff.map(worker),
            badges,
        }
    }

    fn apart(&self, joined: &Joined, readers: &[ReadBy], today: Date) -> Undone {
        let from = dates::short_with_time(joined.linked_at, today);
        let to = joined.unlinked_at.map(|at| dates::short_with_time(at, today));
        Undone {
            codes: format!("{} e {}", self.code(joined.canonical), self.code(joined.other)),
            time: format!("unite dal {from} al {}", to.unwrap_or_default()),
            readers: readers.iter().map(|reader| self.reader(reader, today)).collect(),
        }
    }

    fn reader(&self, reader: &ReadBy, today: Date) -> Reader {
        let (first, last) = (reader.first_at, reader.last_at);
        let when = if rome::day_of(first) == rome::day_of(last) {
            dates::short_with_time(last, today)
        } else {
            let first = dates::short(rome::day_of(first), today);
            format!("{first} – {}", dates::short(rome::day_of(last), today))
        };
        Reader {
            who: worker(reader.staff),
            body: self.body(reader.organisation),
            role: role(&reader.role),
            what: sections(&reader.sections),
            times: if reader.times == 1 {
                "1 volta".into()
            } else {
                format!("{} volte", reader.times)
            },
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

/// Staff stand in the log as ids; the beginning of one tells two workers apart.
fn worker(staff: StaffId) -> String {
    let id = staff.to_string();
    format!("operatore {}", id.split('-').next().unwrap_or(&id))
}

fn role(code: &str) -> String {
    code.parse::<Role>().map_or("altro ruolo", |role| role.words()).to_owned()
}

/// What was looked at, in words: classes of data, or what was done with the record as a whole.
fn sections(codes: &[String]) -> String {
    let mut words: Vec<&str> = codes
        .iter()
        .map(|code| match code.as_str() {
            "list" => "in un elenco di risultati",
            "link" => "confronto tra schede",
            "write" => "scrittura",
            "access_log" | "extract" => "registro degli accessi",
            "reattributions" => "registrazioni spostate",
            code => code.parse::<Section>().map_or("altro", |section| section.words()),
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_told_once_and_in_words() {
        let codes = ["identity", "path", "list", "something_new", "newer"].map(ToOwned::to_owned);
        assert_eq!(sections(&codes), "altro, identità, in un elenco di risultati, percorso");
    }
}
