//! What was moved, as the page shows it. Pure.

use std::collections::BTreeMap;

use askama::Template;
use time::Date;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::intake::ReattributionReason;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::{Known, Look, Told};
use crate::gate::Visitor;
use crate::{Console, names};

/// A move.
#[derive(Debug)]
pub(super) struct Row {
    what: String,
    from: String,
    to: String,
    away: bool,
    by: String,
    body: String,
    when: String,
    badge: Badge,
    readers: Vec<Reader>,
    more: bool,
}

/// Somebody who had read the record.
#[derive(Debug)]
pub(super) struct Reader {
    who: String,
    body: String,
    role: String,
    times: String,
    last: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "moved.html")]
pub(super) struct Page {
    frame: Frame,
    looks: String,
    rows: Vec<Row>,
    older: Option<String>,
}

impl Page {
    pub(super) fn new(console: &Console, visitor: &Visitor, known: &Known, today: Date) -> Self {
        let code = known.code(Some(known.person));
        let title = format!("Spostamenti {code}");
        let mut frame = console.frame(Some(visitor), &title, Some(Place::Accesses));
        let looks = format!("/persone/{}/accessi", known.person);
        frame.crumbs = vec![
            Crumb::to("Chi ha visto", "/accessi"),
            Crumb::to(&format!("Persona {code}"), &looks),
            Crumb::here("Spostamenti"),
        ];
        let path = format!("/persone/{}/spostamenti", known.person);
        Self {
            frame,
            looks,
            rows: known.told.iter().map(|told| known.row(told, today)).collect(),
            older: known.next.map(|next| format!("{path}?dopo={next}")),
        }
    }
}

impl Known {
    fn code(&self, person: Option<PersonId>) -> String {
        let Some(person) = person else { return "nessuna scheda".into() };
        self.codes.get(&person).cloned().unwrap_or_else(|| "senza codice".into())
    }

    fn body(&self, body: OrganisationId) -> String {
        self.bodies.get(&body).cloned().unwrap_or_else(|| "altro ente".into())
    }

    fn row(&self, told: &Told, today: Date) -> Row {
        let moved = &told.moved;
        let reason = moved.reason.as_deref().and_then(|code| code.parse().ok());
        let badge = match (moved.to, reason.map(ReattributionReason::words)) {
            (None, _) => {
                Badge::new(State::Neutral, "annullata da chi l’ha fatta").with(Glyph::Back)
            }
            (Some(_), Some(words)) => Badge::new(State::Waiting, words).with(Glyph::Arrow),
            (Some(_), None) => Badge::new(State::Waiting, "spostata").with(Glyph::Arrow),
        };
        Row {
            what: kind_of(&moved.entry).to_owned(),
            from: self.code(moved.from),
            to: self.code(moved.to),
            away: moved.from == Some(self.person),
            by: names::worker(moved.by),
            body: self.body(moved.organisation),
            when: dates::short_with_time(moved.at, today),
            badge,
            readers: self.readers(&told.looks, today),
            more: told.more,
        }
    }

    /// One line for each worker, whoever looked last first.
    fn readers(&self, looks: &[Look], today: Date) -> Vec<Reader> {
        let mut order: Vec<StaffId> = Vec::new();
        let mut all: BTreeMap<StaffId, (usize, &Look)> = BTreeMap::new();
        for look in looks {
            let Some(staff) = look.staff else { continue };
            let known = all.entry(staff).or_insert_with(|| {
                order.push(staff);
                (0, look)
            });
            known.0 += 1;
        }
        let reader = |staff: StaffId| {
            let (times, look) = all.get(&staff)?;
            Some(Reader {
                who: names::worker(staff),
                body: self.body(look.organisation),
                role: names::role(&look.role),
                times: if *times == 1 { "1 volta".into() } else { format!("{times} volte") },
                last: dates::short_with_time(look.at, today),
            })
        };
        order.into_iter().filter_map(reader).collect()
    }
}

/// What kind of entry an event's id names: `<context>/<aggregate type>-<id>/<sequence>`.
fn kind_of(entry: &str) -> &'static str {
    let aggregate = entry.split('/').nth(1).unwrap_or_default();
    match aggregate.split('-').next().unwrap_or_default() {
        "contact" => "Contatto",
        "delivery" => "Prestazione",
        "outreach" => "Incontro in strada",
        "emergency" => "Emergenza",
        "meal" => "Pasto",
        "parcel" => "Pacco viveri",
        "person" => "Annotazione sulla persona",
        "case" => "Valutazione",
        _ => "Registrazione",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_told_by_its_kind_and_never_by_an_id() {
        let id = "01900000-0000-7000-8000-000000000001";
        assert_eq!(kind_of(&format!("intake/contact-{id}/1")), "Contatto");
        assert_eq!(kind_of(&format!("intake/person-{id}/3")), "Annotazione sulla persona");
        assert_eq!(kind_of("something new"), "Registrazione");
    }
}
