//! What was moved, as the page shows it. Pure.

use std::collections::BTreeMap;

use askama::Template;
use time::Date;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::intake::ReattributionReason;
use trama_ui::badge::Badge;
use trama_ui::frame::{Crumb, Frame};
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, State};

use super::{Known, Look, Moved, Told};
use crate::names;

/// A move.
#[derive(Debug)]
pub(super) struct Row {
    what: String,
    from: String,
    to: String,
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
    pub(super) fn new(frame: Frame, known: &Known, today: Date) -> Self {
        let telling = Telling { known, language: frame.language, today };
        let words = telling.words();
        let code = telling.code(Some(known.person));
        let looks = format!("/persone/{}/accessi", known.person);
        let path = format!("/persone/{}/spostamenti", known.person);
        let crumbs = vec![
            Crumb::to(&words.readers_title(), "/accessi"),
            Crumb::to(&words.moved_person(code.as_str()), &looks),
            Crumb::here(&words.moved_here()),
        ];
        let title = words.moved_title(code.as_str());
        Self {
            frame: Frame { title, crumbs, ..frame },
            looks,
            rows: known.told.iter().map(|told| telling.row(told)).collect(),
            older: known.next.map(|next| format!("{path}?dopo={next}")),
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

    fn code(&self, person: Option<PersonId>) -> String {
        let Some(person) = person else { return self.words().moved_no_record() };
        let code = self.known.codes.get(&person).cloned();
        code.unwrap_or_else(|| self.words().moved_no_code())
    }

    fn body(&self, body: OrganisationId) -> String {
        let name = self.known.bodies.get(&body).cloned();
        name.unwrap_or_else(|| self.words().moved_other_body())
    }

    fn row(&self, told: &Told) -> Row {
        let moved = &told.moved;
        let what = kind_of(&moved.entry, self.words());
        let is_away = moved.from == Some(self.known.person);
        Row {
            what: if is_away {
                self.words().moved_away(what.as_str())
            } else {
                self.words().moved_arrived(what.as_str())
            },
            from: self.code(moved.from),
            to: self.code(moved.to),
            by: names::worker(moved.by, self.language),
            body: self.body(moved.organisation),
            when: self.language.short_with_time(moved.at, self.today),
            badge: self.badge(moved),
            readers: self.readers(&told.looks),
            more: told.more,
        }
    }

    fn badge(&self, moved: &Moved) -> Badge {
        if moved.to.is_none() {
            return Badge::new(State::Neutral, self.words().moved_taken_back()).with(Glyph::Back);
        }
        let reason: Option<ReattributionReason> =
            moved.reason.as_deref().and_then(|code| code.parse().ok());
        let words = reason.map_or_else(
            || self.words().moved_moved(),
            |reason| reason.words_in(self.language).to_owned(),
        );
        Badge::new(State::Waiting, words).with(Glyph::Arrow)
    }

    /// One line for each worker, whoever looked last first.
    fn readers(&self, looks: &[Look]) -> Vec<Reader> {
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
                who: names::worker(staff, self.language),
                body: self.body(look.organisation),
                role: names::role(&look.role, self.language),
                times: self.words().moved_times(*times),
                last: self.language.short_with_time(look.at, self.today),
            })
        };
        order.into_iter().filter_map(reader).collect()
    }
}

/// What kind of entry an event's id names: `<context>/<aggregate type>-<id>/<sequence>`.
fn kind_of(entry: &str, words: &Words) -> String {
    let aggregate = entry.split('/').nth(1).unwrap_or_default();
    match aggregate.split('-').next().unwrap_or_default() {
        "contact" => words.moved_kind_contact(),
        "delivery" => words.moved_kind_delivery(),
        "outreach" => words.moved_kind_outreach(),
        "emergency" => words.moved_kind_emergency(),
        "meal" => words.moved_kind_meal(),
        "parcel" => words.moved_kind_parcel(),
        "person" => words.moved_kind_person(),
        "case" => words.moved_kind_case(),
        _ => words.moved_kind_other(),
    }
}

#[cfg(test)]
mod tests;
