//! A journey as the page shows it. Pure: the same journey gives the same page.

use askama::Template;
use time::Date;
use trama_projections::journey::{Entry as Told, JourneyView};
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::language::Language;
use trama_ui::words::{self, InWords as _};

use super::figure::Figure;
use super::{cards, dated, entries, periods};
use crate::forced::Band;
use crate::moves::Offer;
use crate::register::Missing;
use crate::tabs::Tab;

/// Events on one page of the list.
pub(crate) const ENTRIES: usize = 100;

/// How a journey is looked at: in which language, and on which days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) language: Language,
    /// Today.
    pub(crate) now: Date,
    /// What was known by the end of this day.
    pub(crate) known_by: Option<Date>,
    /// What had happened by the end of this day.
    pub(crate) happened_by: Option<Date>,
}

impl Seen {
    /// The day that the page takes for today.
    pub(crate) fn today(self) -> Date {
        let days = [Some(self.now), self.known_by, self.happened_by];
        days.into_iter().flatten().min().unwrap_or(self.now)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "journey.html")]
pub(crate) struct Page {
    pub(crate) frame: Frame,
    pub(crate) view: View,
    /// The same as a drawing.
    pub(crate) figure: Figure,
    /// Her other pages.
    pub(crate) tabs: Vec<Tab>,
    /// Where she is sent to another service.
    pub(crate) send: Option<String>,
    /// The purpose that was stated, carried on by the form.
    pub(crate) purpose: &'static str,
    /// That she opened it by force.
    pub(crate) band: Option<Band>,
    /// What of her reception is still to be done.
    pub(crate) missing: Option<Missing>,
    /// Where she opens by force what is closed here.
    pub(crate) more: Option<String>,
    /// What was done just before.
    pub(crate) outcome: Option<(String, String)>,
    /// At which time it was read.
    pub(crate) at: String,
}

impl Page {
    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// What the page shows.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) path: String,
    /// Whose journey it is.
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) as_of: Option<(String, String)>,
    pub(crate) incomplete: Option<String>,
    pub(crate) known_by: String,
    pub(crate) happened_by: String,
    pub(crate) cards: Vec<Card>,
    pub(crate) situations: Vec<Situation>,
    pub(crate) periods: Vec<Period>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) total: usize,
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
}

impl View {
    /// What the reader may do beside each entry.
    pub(crate) fn offer(&mut self, journey: &JourneyView, may: impl Fn(&Told) -> Option<Offer>) {
        for entry in &mut self.entries {
            let told = journey.entries.iter().find(|told| told.id == entry.id);
            entry.offer = told.and_then(&may);
        }
    }
}

/// One of the four cards.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) family: Family,
    pub(crate) title: String,
    pub(crate) figure: String,
    pub(crate) note: String,
}

/// A change of the housing situation.
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) since: String,
    pub(crate) words: String,
    pub(crate) wrong: Vec<String>,
}

/// Something that lasts.
#[derive(Debug)]
pub(crate) struct Period {
    /// The id of its row.
    pub(crate) anchor: String,
    pub(crate) family: Family,
    pub(crate) what: String,
    pub(crate) place: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) duration: String,
    pub(crate) due: String,
    pub(crate) badges: Vec<Badge>,
}

/// One event.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// The id of its row.
    pub(crate) anchor: String,
    /// Its month, on the first row of each.
    pub(crate) month: Option<String>,
    pub(crate) when: String,
    /// The day of its month, where that stands above.
    pub(crate) day: u8,
    /// The family, and its name.
    pub(crate) family: (Family, &'static str),
    pub(crate) place: Option<String>,
    pub(crate) what: String,
    pub(crate) struck: bool,
    pub(crate) correction: Option<String>,
    pub(crate) replaces: Option<String>,
    pub(crate) who: String,
    pub(crate) record: Option<String>,
    pub(crate) badges: Vec<Badge>,
    pub(crate) recorded: String,
    /// What the reader may do with it.
    pub(crate) offer: Option<Offer>,
}

pub(crate) fn view(journey: &JourneyView, seen: &Seen, page: usize) -> View {
    let words = seen.language.words();
    let total = journey.entries.len();
    let path = format!("/persone/{}", journey.person);
    let at = |page: usize| format!("{path}?{}pagina={page}", query(seen));
    let codes: Vec<&str> =
        journey.records.iter().filter_map(|record| record.code.as_deref()).collect();
    View {
        title: match codes.first() {
            Some(code) => words.journey_person(*code),
            None => words.journey_person(words.journey_no_code()),
        },
        about: about(journey, codes.get(1..).unwrap_or_default(), seen),
        as_of: as_of(seen),
        incomplete: journey.incomplete_since.map(|at| seen.language.long_with_time(at)),
        known_by: seen.known_by.map(|day| day.to_string()).unwrap_or_default(),
        happened_by: seen.happened_by.map(|day| day.to_string()).unwrap_or_default(),
        cards: cards::cards(journey, seen),
        situations: situations(journey, seen.language),
        periods: periods::periods(journey, seen),
        entries: entries::entries(journey, seen, page),
        total,
        newer: (page > 1).then(|| at(page - 1)),
        older: (page * ENTRIES < total).then(|| at(page + 1)),
        path,
    }
}

fn query(seen: &Seen) -> String {
    let part =
        |name: &str, day: Option<Date>| day.map(|day| format!("{name}={day}&")).unwrap_or_default();
    part("al", seen.known_by) + &part("fatti", seen.happened_by)
}

fn about(journey: &JourneyView, others: &[&str], seen: &Seen) -> String {
    let (language, words) = (seen.language, seen.language.words());
    let registered = journey.entries.iter().find(|entry| entry.kind == "person_registered");
    let detail = registered.map(|entry| &entry.detail);
    let born = detail
        .and_then(|detail| detail.get("birth_year")?.as_i64())
        .and_then(|y| i32::try_from(y).ok());
    let mut all: Vec<String> = Vec::new();
    let band = born.map(|year| language.age_band(year, seen.today()).to_owned());
    all.push(band.unwrap_or_else(|| words.journey_no_age()));
    let identified = journey.entries.iter().any(|entry| entry.kind == "person_identified");
    let declared = detail.and_then(|detail| detail.get("status")?.as_str()?.parse().ok());
    let status: Option<trama_events::codes::IdentityStatus> =
        if identified { Some(trama_events::codes::IdentityStatus::Identified) } else { declared };
    all.extend(status.map(|status| status.words_in(language).to_owned()));
    if !others.is_empty() {
        all.push(words.journey_also(others.join(", ")));
    }
    all.join(" · ")
}

/// On which of the two clocks the page stands, as a strong beginning and the rest.
fn as_of(seen: &Seen) -> Option<(String, String)> {
    let words = seen.language.words();
    let on = |day: Date| dated(seen.language, &words.journey_as_of(), day);
    match (seen.known_by, seen.happened_by) {
        (None, None) => None,
        (Some(known), None) => Some((on(known), words.journey_known_then())),
        (None, Some(happened)) => Some((on(happened), words.journey_known_now())),
        (Some(known), Some(happened)) => {
            let rest = dated(seen.language, &words.journey_known_on(), known);
            Some((on(happened), format!("{rest}.")))
        }
    }
}

fn situations(journey: &JourneyView, language: Language) -> Vec<Situation> {
    let newest_first = journey.situations.iter().rev();
    newest_first
        .map(|situation| Situation {
            since: dated(language, &language.words().journey_from(), situation.on),
            words: cards::situation(situation.ethos.as_deref(), language),
            wrong: situation
                .corrected
                .iter()
                .map(|wrong| cards::situation(wrong.ethos.as_deref(), language))
                .collect(),
        })
        .collect()
}

/// The badge that an event type has by itself.
pub(super) fn state_of(event_type: &str, language: Language) -> Option<Badge> {
    let (state, words) = words::telling_of(event_type)?.state?;
    Some(Badge::new(state, words.said(language)))
}

#[cfg(test)]
pub(super) mod tests;
