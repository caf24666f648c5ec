//! The figure of a journey on its page: which days its axis shows, and what the page says beside it.

mod lanes;
mod often;
mod words;

use std::fmt::Write as _;

use time::{Date, Duration};
use trama_projections::journey::{Entry, JourneyView};
use trama_ui::family::Family;
use trama_ui::figure::journey::{Event, Journey, Lane};
use trama_ui::figure::svg::Element;
use trama_ui::language::{Language, Words};

use super::dated;
use super::view::{ENTRIES, Seen};

pub(super) use words::outcome;

/// How much of a journey the axis shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zoom {
    /// Three months.
    Season,
    /// A year.
    Year,
    /// All that is known.
    Whole,
}

impl Zoom {
    const ALL: [Self; 3] = [Self::Season, Self::Year, Self::Whole];

    /// As it stands in an address.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Season => "3mesi",
            Self::Year => "anno",
            Self::Whole => "tutto",
        }
    }

    pub(crate) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zoom| zoom.code() == code)
    }

    fn label(self, words: &Words) -> String {
        match self {
            Self::Season => words.journey_season(),
            Self::Year => words.journey_year(),
            Self::Whole => words.journey_whole(),
        }
    }

    /// Days on the axis; all that is known has no length of its own.
    fn days(self) -> Option<i64> {
        match self {
            Self::Season => Some(91),
            Self::Year => Some(365),
            Self::Whole => None,
        }
    }
}

/// Fewest days of an axis: on a shorter one a bar says nothing of how long it lasted.
const DAYS_MIN: i64 = 21;

/// Most days that are shown at once where nobody chose.
const DAYS_AT_ONCE: i64 = 731;

/// A part of the journey that may be shown instead.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// What stands beside the drawing, to read it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) class: &'static str,
    pub(crate) words: String,
}

/// The figure.
#[derive(Debug)]
pub(crate) struct Figure {
    /// None where nothing is on the axis.
    pub(crate) svg: Option<Element>,
    pub(crate) ways: Vec<Way>,
    pub(crate) keys: Vec<Key>,
    /// The part that was chosen, carried on by the form; empty where nobody chose.
    pub(crate) chosen: &'static str,
    /// First day of the axis.
    pub(crate) first: String,
    /// How many days after the first the axis ends, and the day on which one looks stands.
    pub(crate) days: i64,
    pub(crate) at: i64,
    /// That day in words.
    pub(crate) on: String,
}

/// How the page is asked for, beside what it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) seen: Seen,
    /// Page of the list.
    pub(crate) page: usize,
    /// The part that was chosen.
    pub(crate) zoom: Option<Zoom>,
    /// The purpose that was stated; empty without one.
    pub(crate) purpose: &'a str,
}

pub(crate) fn figure(journey: &JourneyView, asked: Asked<'_>) -> Figure {
    let known_to = asked.seen.today();
    let start = start(journey).map_or(known_to, |day| day.min(known_to));
    let zoom = asked.zoom.unwrap_or_else(|| first_choice(journey, start, asked.seen));
    let (first, last) = window(zoom, start, asked.seen);
    let lanes = lanes::lanes(journey, known_to, &Places { journey, asked });
    let drawn = Journey {
        name: words::name(first, last, asked.seen.language),
        first,
        last,
        as_of: Some(known_to).filter(|day| *day < last),
        lanes,
    };
    Figure {
        keys: keys(&drawn.shown(), asked.seen.language.words()),
        svg: (!drawn.is_empty()).then(|| drawn.draw(&words::words(asked.seen)).svg),
        ways: ways(journey, asked, start, zoom),
        chosen: asked.zoom.map_or("", Zoom::code),
        first: first.to_string(),
        days: (last - first).whole_days(),
        at: (known_to - first).whole_days(),
        on: asked.seen.language.long(known_to),
    }
}

/// The first day of which anything is known.
fn start(journey: &JourneyView) -> Option<Date> {
    let spans = journey.spans.iter().map(|span| span.from);
    journey.entries.iter().map(|entry| entry.happened_on).chain(spans).min()
}

/// A year of what is longer than two, where something happened in it; or else all.
fn first_choice(journey: &JourneyView, start: Date, seen: Seen) -> Zoom {
    let (first, last) = window(Zoom::Year, start, seen);
    let in_it = |entry: &Entry| (first..=last).contains(&entry.happened_on);
    let is_long = (seen.now - start).whole_days() > DAYS_AT_ONCE;
    if is_long && journey.entries.iter().any(in_it) { Zoom::Year } else { Zoom::Whole }
}

/// First and last day of the axis: up to today, or to a little behind the day on which one looks.
fn window(zoom: Zoom, start: Date, seen: Seen) -> (Date, Date) {
    let back = |day: Date, days: i64| day.checked_sub(Duration::days(days)).unwrap_or(day);
    let Some(days) = zoom.days() else {
        let first = start.min(back(seen.now, DAYS_MIN - 1));
        return (
            if (seen.now - first).whole_days() > 60 { month_of(first) } else { first },
            seen.now,
        );
    };
    let ahead = seen.today().checked_add(Duration::days(days / 8)).unwrap_or(seen.now);
    let last = seen.now.min(ahead);
    (back(last, days - 1).max(month_of(start).min(back(last, DAYS_MIN - 1))), last)
}

fn month_of(day: Date) -> Date {
    day.replace_day(1).unwrap_or(day)
}

/// The parts of a journey that is longer than the shortest of them.
fn ways(journey: &JourneyView, asked: Asked<'_>, start: Date, zoom: Zoom) -> Vec<Way> {
    let length = (asked.seen.now - start).whole_days();
    let shorter = |zoom: &Zoom| zoom.days().is_none_or(|days| days < length);
    let all: Vec<Zoom> = Zoom::ALL.into_iter().filter(shorter).collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let way = |one: Zoom| Way {
        label: one.label(asked.seen.language.words()),
        href: Places { journey, asked: Asked { zoom: Some(one), ..asked } }.page(1) + "#percorso",
        current: one == zoom,
    };
    all.into_iter().map(way).collect()
}

fn keys(lanes: &[Lane], words: &Words) -> Vec<Key> {
    let any = |has: fn(&Lane) -> bool| lanes.iter().any(has);
    let often =
        |family: Family| lanes.iter().any(|lane| lane.family == family && lane.often.is_some());
    let waits = |over: bool| {
        lanes.iter().flat_map(|lane| &lane.waits).any(|wait| wait.to.is_some() == over)
    };
    let events = |has: fn(&Event) -> bool| lanes.iter().flat_map(|lane| &lane.events).any(has);
    let sealed = any(|lane| lane.spans.iter().any(|span| span.is_sealed));
    let all = [
        (any(|lane| !lane.spans.is_empty()), "period", words.journey_key_period()),
        (events(|event| !event.is_meeting), "event", words.journey_key_event()),
        (events(|event| event.is_meeting), "meeting", words.journey_key_meeting()),
        (events(|event| event.is_late), "late", words.journey_key_late()),
        (waits(true), "wait", words.journey_key_wait()),
        (waits(false), "waiting", words.journey_key_waiting()),
        (any(|lane| !lane.gaps.is_empty()), "gap", words.journey_key_gap()),
        (often(Family::Food), "food", words.journey_key_food()),
        (often(Family::Housing), "night", words.journey_key_night()),
        (sealed, "sealed", words.journey_key_sealed()),
    ];
    let there = all.into_iter().filter(|(is_there, _, _)| *is_there);
    there.map(|(_, class, words)| Key { class, words }).collect()
}

/// Where on the page, or on which page of its list, things are told in full.
pub(super) struct Places<'a> {
    journey: &'a JourneyView,
    asked: Asked<'a>,
}

impl Places<'_> {
    /// Address of a page of the list, on the same days.
    fn page(&self, page: usize) -> String {
        let Asked { seen, zoom, purpose, .. } = self.asked;
        let mut address = format!("/persone/{}?pagina={page}", self.journey.person);
        for (name, day) in [("al", seen.known_by), ("fatti", seen.happened_by)] {
            // Writing to a String cannot fail.
            let _ = day.map(|day| write!(address, "&{name}={day}"));
        }
        let words = [("vista", zoom.map_or("", Zoom::code)), ("scopo", purpose)];
        for (name, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
            let _ = write!(address, "&{name}={word}");
        }
        address
    }

    /// An event, by its place among all.
    fn event(&self, index: usize) -> String {
        let Some(entry) = self.journey.entries.get(index) else { return "#eventi".into() };
        let page = (self.journey.entries.len() - 1 - index) / ENTRIES + 1;
        let anchor = anchor(&entry.id);
        if page == self.asked.page {
            format!("#{anchor}")
        } else {
            format!("{}#{anchor}", self.page(page))
        }
    }
}

/// The id of the row of an event.
pub(super) fn anchor(id: &str) -> String {
    format!("voce-{}", id.replace('/', "-"))
}

/// The id of the row of a period, by its place among all.
pub(super) fn anchor_of_period(index: usize) -> String {
    format!("periodo-{index}")
}

/// `dal 4 maggio 2026 al 3 giugno 2026`, or `il 4 maggio 2026`.
fn between(from: Date, to: Date, language: Language) -> String {
    let words = language.words();
    if from == to {
        return dated(language, &words.journey_on(), from);
    }
    let from = dated(language, &words.journey_from(), from);
    format!("{from} {}", dated(language, &words.journey_to(), to))
}

#[cfg(test)]
mod tests;
