//! A person's decisions and the entries of a body, in words. Pure.

use std::collections::HashMap;

use time::Date;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{Extent, Viewer};
use trama_platform::clock::random_id;
use trama_projections::journey::{Entry, JourneyView};
use trama_projections::network::Listed;
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;
use trama_ui::words::{InWords as _, State, sentence_in};

use super::known::{About, Decision};

/// A decision that stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) wish: String,
    pub(super) record: String,
    /// Of several records, on which it stands.
    pub(super) code: Option<String>,
    pub(super) glyph: Glyph,
    pub(super) title: String,
    pub(super) detail: Vec<String>,
    /// Whether it is open today; what is obscured is.
    pub(super) badge: Option<Badge>,
    /// Whether it is about her childhood, and so is closed; else it is lifted.
    pub(super) closes: bool,
    pub(super) key: String,
}

/// An entry to choose.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) value: String,
    pub(super) chosen: bool,
    pub(super) when: String,
    pub(super) family: Family,
    pub(super) what: String,
    pub(super) place: Option<String>,
    pub(super) record: Option<String>,
}

/// The short codes of her records.
pub(super) struct Codes<'a> {
    front: PersonId,
    all: HashMap<PersonId, &'a str>,
}

impl<'a> Codes<'a> {
    pub(super) fn of(journey: &'a JourneyView) -> Self {
        let all = journey.records.iter();
        let all = all.filter_map(|record| Some((record.person, record.code.as_deref()?)));
        Self { front: journey.canonical, all: all.collect() }
    }

    pub(super) fn front(&self) -> Option<&str> {
        self.all.get(&self.front).copied()
    }

    /// Which record, where it is not the one in front.
    fn other(&self, person: PersonId, language: Language) -> Option<String> {
        let code = self.all.get(&person).filter(|_| person != self.front)?;
        Some(language.words().wishes_record(code))
    }
}

/// What turns ids into words.
pub(super) struct Words<'a> {
    pub(super) codes: &'a Codes<'a>,
    pub(super) listed: &'a [Listed],
    pub(super) entries: &'a [&'a Entry],
    pub(super) today: Date,
    pub(super) language: Language,
}

impl Words<'_> {
    fn say(&self) -> &'static trama_ui::language::Words {
        self.language.words()
    }

    pub(super) fn standing(&self, (record, decision): &(PersonId, Decision)) -> Standing {
        let (glyph, title, mut detail, badge) = match &decision.about {
            About::Childhood { to, from, until } => {
                let (whom, run_by) = self.viewer(*to);
                let detail = run_by.into_iter().chain([self.days(*from, *until)]).collect();
                let badge = self.is_open(*from, *until);
                (Glyph::Eye, self.say().wishes_open_to(whom), detail, Some(badge))
            }
            About::Obscured(what) => {
                let (title, detail) = self.extent(what);
                (Glyph::Lock, title, detail, None)
            }
        };
        detail.push(decision.form.words_in(self.language).to_owned());
        Standing {
            wish: decision.wish.to_string(),
            record: record.to_string(),
            code: self.codes.other(*record, self.language),
            glyph,
            title,
            detail,
            closes: badge.is_some(),
            badge,
            key: random_id().to_string(),
        }
    }

    fn is_open(&self, from: Date, until: Option<Date>) -> Badge {
        if until.is_some_and(|until| until < self.today) {
            Badge::new(State::Neutral, self.say().wishes_open_over())
        } else if from > self.today {
            Badge::new(State::Waiting, self.say().wishes_open_later())
        } else {
            Badge::new(State::Done, self.say().wishes_open_now())
        }
    }

    /// A service with who runs it, or a body.
    fn viewer(&self, to: Viewer) -> (String, Option<String>) {
        match to {
            Viewer::Organisation(body) => {
                let known = self.listed.iter().find(|listed| listed.organisation == body);
                let name = known.map(|listed| listed.organisation_name.clone());
                let name = name.unwrap_or_else(|| self.say().wishes_gone_body());
                (name, Some(self.say().wishes_whole_body()))
            }
            Viewer::Service(service) => self.service(service),
        }
    }

    fn service(&self, service: ServiceId) -> (String, Option<String>) {
        match self.listed.iter().find(|listed| listed.service == service) {
            Some(known) => (known.name.clone(), Some(known.organisation_name.clone())),
            None => (self.say().wishes_gone_service(), None),
        }
    }

    fn extent(&self, what: &Extent) -> (String, Vec<String>) {
        match what {
            Extent::Service { service } => {
                let (name, run_by) = self.service(*service);
                let detail = run_by.into_iter().chain([self.say().wishes_hidden_later()]);
                (self.say().wishes_hidden_service(name), detail.collect())
            }
            Extent::Entry { entry, .. } => match self.entry(entry) {
                Some(known) => {
                    let what = sentence_in(self.language, &known.kind, &known.detail);
                    let when = self.day(&self.say().wishes_entry_of(), known.happened_on);
                    (self.say().wishes_hidden_entry(what), vec![when])
                }
                None => (self.say().wishes_hidden_some(), Vec::new()),
            },
        }
    }

    /// The entry that an id of an event names, `<context>/<aggregate>/<sequence>`: where the
    /// aggregate is one statement, by its beginning. What stands in her record itself is not told
    /// apart by its aggregate.
    fn entry(&self, event: &str) -> Option<&Entry> {
        let mut parts = event.split('/');
        let (context, aggregate) = (parts.next()?, parts.next()?);
        let id = aggregate.split_once('-')?.1;
        let mut of_it = self.entries.iter().filter(|entry| {
            entry.about.is_some_and(|about| about.to_string() == id)
                && entry.id.split('/').next() == Some(context)
        });
        let only = of_it.next()?;
        of_it.next().is_none().then_some(*only)
    }

    pub(super) fn written(&self, entry: &Entry, chosen: &str) -> Option<Written> {
        let record = entry.person?;
        let value = format!("{record}/{}", entry.id);
        Some(Written {
            chosen: chosen == value,
            value,
            when: self.language.long(entry.happened_on),
            family: Family::of_lane(entry.lane),
            what: sentence_in(self.language, &entry.kind, &entry.detail),
            place: entry.service.as_ref().map(|place| place.name.clone()),
            record: self.codes.other(record, self.language),
        })
    }

    /// From when until when, in words.
    fn days(&self, from: Date, until: Option<Date>) -> String {
        let from = self.day(&self.say().wishes_from(), from);
        match until {
            Some(until) => format!("{from} {}", self.day(&self.say().wishes_until(), until)),
            None => self.say().wishes_no_end(from),
        }
    }

    fn day(&self, words: &str, day: Date) -> String {
        self.language.after(&format!("{words} "), day, &self.language.long(day))
    }
}

#[cfg(test)]
mod tests;
