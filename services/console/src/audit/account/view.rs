//! An account in words. Pure.

use std::collections::BTreeMap;

use askama::Template;
use time::{Date, OffsetDateTime};
use trama_events::codes::Section;
use trama_events::ids::OrganisationId;
use trama_events::rome;
use trama_ui::dates;
use trama_ui::frame::Frame;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords as _;

use super::super::words::{purpose, relation, sections, worker};
use super::super::{Tab, Wrong, end_of};
use super::{Known, Look};

/// Lines of the account, the newest of them.
const LINES_MAX: usize = 300;

#[derive(Debug, Template)]
#[template(path = "audit_account.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) tabs: Vec<Tab>,
    pub(super) code: String,
    pub(super) al: String,
    pub(super) wrong: Option<Wrong>,
    pub(super) account: Option<Account>,
}

/// What is told of one person at one date.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) title: String,
    pub(super) entries: String,
    pub(super) classes: Vec<Class>,
    pub(super) could: Vec<Could>,
    pub(super) lines: Vec<Line>,
    /// Number of the first line that is shown.
    pub(super) begins: usize,
    pub(super) left_out: Option<String>,
    /// Whether there are accesses that were not read.
    pub(super) more: bool,
    /// Who knew what, as a table.
    pub(super) knew: String,
}

/// Entries of one class of data.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) count: usize,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) by: String,
}

/// Somebody who had to do with her on that day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Could {
    pub(super) who: String,
    pub(super) relation: String,
    pub(super) since: String,
    pub(super) until: String,
}

/// Something that was done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) when: String,
    pub(super) text: String,
    pub(super) times: Option<String>,
}

impl Account {
    pub(super) fn of(known: &Known, language: Language, today: Date) -> Self {
        let words = language.words();
        let code = known.code.clone().unwrap_or_else(|| words.audit_no_code());
        let telling = Telling { known, language, words, today };
        let mut lines = telling.lines();
        let left = lines.len().saturating_sub(LINES_MAX);
        lines.drain(..left);
        Self {
            title: words.audit_account_title(code, dates::long(known.day)),
            entries: words.audit_account_entries(known.frames.len()),
            classes: telling.classes(),
            could: telling.could(),
            lines,
            begins: left + 1,
            left_out: (left > 0).then(|| words.audit_account_left_out(left)),
            more: known.looks.next.is_some(),
            knew: format!("/persone/{}/chi-sapeva?al={}", known.person, known.day),
        }
    }
}

struct Telling<'a> {
    known: &'a Known,
    language: Language,
    words: &'a Words,
    today: Date,
}

impl Telling<'_> {
    fn body(&self, body: Option<OrganisationId>) -> String {
        let named = body.and_then(|id| self.known.bodies.get(&id)).cloned();
        named.unwrap_or_else(|| self.words.audit_reserved())
    }

    fn day(&self, at: OffsetDateTime) -> String {
        dates::short(rome::day_of(at), self.today)
    }

    fn classes(&self) -> Vec<Class> {
        let mut of: BTreeMap<Section, Vec<&trama_projections::journey::Framed>> = BTreeMap::new();
        for frame in &self.known.frames {
            of.entry(frame.section).or_default().push(frame);
        }
        let class = |(section, frames): (Section, Vec<&trama_projections::journey::Framed>)| {
            let at = |frame: Option<&&trama_projections::journey::Framed>| {
                frame.map(|frame| self.day(frame.recorded_at)).unwrap_or_default()
            };
            let mut by: Vec<String> = frames
                .iter()
                .map(|frame| frame.organisation_name.clone())
                .map(|name| name.unwrap_or_else(|| self.words.audit_reserved()))
                .collect();
            by.sort_unstable();
            by.dedup();
            Class {
                name: section.words_in(self.language),
                count: frames.len(),
                first: at(frames.first()),
                last: at(frames.last()),
                by: by.join(", "),
            }
        };
        of.into_iter().map(class).collect()
    }

    fn could(&self) -> Vec<Could> {
        let end = end_of(self.known.day);
        let active =
            self.known.stood.iter().filter(|one| one.until.is_none_or(|until| until > end));
        let told = active.map(|one| {
            let body = self.body(one.organisation);
            let who = match (one.staff, one.organisation) {
                (Some(staff), Some(_)) => format!("{body}, {}", worker(staff, self.words)),
                (Some(staff), None) => worker(staff, self.words),
                (None, _) => body,
            };
            Could {
                who,
                relation: relation(one.relation, self.words),
                since: self.day(one.since),
                until: one.until.map_or_else(|| self.words.audit_until_open(), |at| self.day(at)),
            }
        });
        told.collect()
    }

    /// Entries and accesses in one order, by when each was written down.
    fn lines(&self) -> Vec<Line> {
        let mut all: Vec<(OffsetDateTime, Line)> = self.recorded();
        all.extend(self.opened());
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, line)| line).collect()
    }

    fn recorded(&self) -> Vec<(OffsetDateTime, Line)> {
        let line = |frame: &trama_projections::journey::Framed| {
            let body = frame.organisation_name.clone();
            let body = body.unwrap_or_else(|| self.words.audit_reserved());
            let who = match frame.staff {
                Some(staff) => format!("{body}, {}", worker(staff, self.words)),
                None => body,
            };
            let text = self.words.audit_did_record(who, frame.section.words_in(self.language));
            let when = dates::short_with_time(frame.recorded_at, self.today);
            (frame.recorded_at, Line { when, text, times: None })
        };
        self.known.frames.iter().map(line).collect()
    }

    /// What one worker looked at within a minute, for one purpose and with one answer, is one line.
    fn opened(&self) -> Vec<(OffsetDateTime, Line)> {
        let alike = |a: &Look, b: &Look| {
            let minute = |look: &Look| look.at.unix_timestamp().div_euclid(60);
            minute(a) == minute(b)
                && (a.staff, a.organisation, a.listed) == (b.staff, b.organisation, b.listed)
                && a.purpose == b.purpose
                && a.decision == b.decision
        };
        self.known.looks.items.chunk_by(alike).map(|looks| self.looked(looks)).collect()
    }

    fn looked(&self, looks: &[Look]) -> (OffsetDateTime, Line) {
        let look = &looks[0];
        let who =
            format!("{}, {}", self.body(Some(look.organisation)), worker(look.staff, self.words));
        let what = sections(looks.iter().flat_map(|look| &look.sections), self.language);
        let text = if look.decision == "denied" {
            self.words.audit_did_refused(who, what)
        } else if look.listed {
            self.words.audit_did_listed(who, what)
        } else {
            self.words.audit_did_open(who, what, purpose(&look.purpose, self.language))
        };
        let times = (looks.len() > 1).then(|| self.words.audit_times(looks.len()));
        (look.at, Line { when: dates::short_with_time(look.at, self.today), text, times })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};
    use trama_events::ids::{PersonId, StaffId};
    use trama_platform::permit::Relation;
    use trama_platform::ties::Stood;
    use trama_projections::journey::Framed;

    use super::super::Looks;
    use super::*;

    fn body(name: &str) -> OrganisationId {
        OrganisationId::derived(&[name])
    }

    fn framed(recorded_at: OffsetDateTime, section: Section, by: Option<&str>) -> Framed {
        Framed {
            entry: "intake/1".into(),
            recorded_at,
            section,
            organisation: by.map(body),
            organisation_name: by.map(ToOwned::to_owned),
            staff: by.map(|by| StaffId::derived(&[by])),
            role: None,
        }
    }

    fn look(at: OffsetDateTime, decision: &str) -> Look {
        Look {
            at,
            staff: StaffId::derived(&["greco"]),
            organisation: body("Comune"),
            sections: vec!["path".into()],
            purpose: "care".into(),
            decision: decision.into(),
            listed: false,
        }
    }

    fn stood(relation: Relation, until: Option<OffsetDateTime>) -> Stood {
        let since = datetime!(2026-01-01 9:00 UTC);
        Stood { relation, staff: None, organisation: Some(body("Comune")), since, until }
    }

    fn known() -> Known {
        Known {
            person: PersonId::derived(&["ana"]),
            code: Some("7K2FM-Q".into()),
            day: date!(2026 - 02 - 01),
            frames: vec![
                framed(datetime!(2026-01-10 9:00 UTC), Section::Path, Some("Comune")),
                framed(datetime!(2026-01-20 9:00 UTC), Section::Health, None),
            ],
            stood: vec![
                stood(Relation::Stay, Some(datetime!(2026-01-15 11:00 UTC))),
                stood(Relation::OwnRecord, None),
            ],
            looks: Looks {
                items: vec![
                    look(datetime!(2026-01-22 9:00:20 UTC), "denied"),
                    look(datetime!(2026-01-12 9:00:40 UTC), "allowed"),
                    look(datetime!(2026-01-12 9:00:20 UTC), "allowed"),
                ],
                next: None,
            },
            bodies: BTreeMap::from([(body("Comune"), "Comune".to_owned())]),
        }
    }

    #[test]
    fn an_account_tells_in_order_what_was_recorded_and_opened_and_by_whom() {
        let account = Account::of(&known(), Language::Italian, date!(2026 - 11 - 22));
        assert_eq!(account.title, "Persona 7K2FM-Q, situazione al 1 febbraio 2026");
        let worker = |of| worker(StaffId::derived(&[of]), Language::Italian.words());
        let (mayor, greco) = (worker("Comune"), worker("greco"));
        let texts: Vec<&str> = account.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                format!("Comune, {mayor} ha registrato: percorso"),
                format!(
                    "Comune, {greco} ha aperto: percorso. Scopo: {}.",
                    trama_events::codes::Purpose::Care.words()
                ),
                format!("servizio riservato ha registrato: {}", Section::Health.words()),
                format!("Comune, {greco} ha provato ad aprire, senza riuscirci: percorso."),
            ]
        );
        assert_eq!(account.lines[1].times.as_deref(), Some("2 letture"));
        assert_eq!((account.begins, account.left_out.as_deref()), (1, None));
    }

    #[test]
    fn whoever_had_nothing_more_to_do_with_her_on_that_day_could_not_open_it() {
        let account = Account::of(&known(), Language::Italian, date!(2026 - 11 - 22));
        let could: Vec<&str> = account.could.iter().map(|one| one.relation.as_str()).collect();
        assert_eq!(could, ["ha registrato qualcosa"]);
    }
}
