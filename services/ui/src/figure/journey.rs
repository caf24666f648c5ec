//! A person's journey as a drawing: a lane for each family of services, what lasts as bars, what
//! happened as discs, and referrals as long as one waited for the answer.

mod axis;
mod discs;
mod lane;
mod spans;
mod waits;

use time::Date;

use super::label::{Area, Type, Weight};
use super::scale::{Days, Step};
use super::svg::{self, Element};
use crate::family::Family;
use crate::language::Language;

/// What is drawn. Whoever makes it has left out what its reader may not see: no lane, no gap, no
/// count tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Name of the drawing.
    pub name: String,
    /// First day of the axis.
    pub first: Date,
    /// Last day of the axis.
    pub last: Date,
    /// The day on which it is looked at, where that is not the last: what is behind it was not
    /// known yet.
    pub as_of: Option<Date>,
    /// In their fixed order.
    pub lanes: Vec<Lane>,
}

/// What the drawing says itself.
#[derive(Debug, Clone)]
pub struct Words {
    /// In which language.
    pub language: Language,
    /// The name of a stretch of the axis, whole and brief.
    pub tick: fn(Language, Date, Step) -> (String, String),
    /// The name of several events at one place: how many, from when, to when.
    pub several: fn(Language, usize, Date, Date) -> String,
    /// What is behind the day on which one looks.
    pub not_yet: String,
}

/// What one family of services did.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The family.
    pub family: Family,
    /// Its name.
    pub name: String,
    /// What lasts, by its first day.
    pub spans: Vec<Span>,
    /// What happened, by its day.
    pub events: Vec<Event>,
    /// What happens often and is small: meals, purchases, nights.
    pub often: Option<Often>,
    /// Gaps worth talking about.
    pub gaps: Vec<Gap>,
    /// Referrals, by the day on which they were sent.
    pub waits: Vec<Wait>,
}

/// What lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// First day without; none while it goes on.
    pub to: Option<Date>,
    /// What is written on it, its parts divided by " · ".
    pub label: String,
    /// Its name in full; it begins with the label.
    pub name: String,
    /// Where more of it is told.
    pub href: String,
    /// Nothing is told of it but that it is there.
    pub is_sealed: bool,
}

/// What happened on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub on: Date,
    /// Its name in full.
    pub name: String,
    /// Where more of it is told.
    pub href: String,
    /// Written down days after it happened.
    pub is_late: bool,
    /// Those who follow her met: a mark of its own.
    pub is_meeting: bool,
}

/// What happens often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Often {
    /// On which days.
    pub on: Vec<Date>,
    /// What it is, how often.
    pub name: String,
    /// Where it is told one by one.
    pub href: String,
}

/// Days between two spans on which there was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// First day without.
    pub from: Date,
    /// First day with.
    pub to: Date,
    /// How long, and without what.
    pub label: String,
    /// How long.
    pub brief: String,
    /// Its name in full; it begins with the label.
    pub name: String,
}

/// A referral from the request to the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// When it was sent.
    pub from: Date,
    /// When it was answered; none while it waits.
    pub to: Option<Date>,
    /// To whom.
    pub receiver: String,
    /// What became of it, and after how long.
    pub outcome: String,
    /// How it stands.
    pub state: Answer,
    /// Its name in full; it begins with the receiver and the outcome.
    pub name: String,
    /// Where more of it is told.
    pub href: String,
    /// The lane that received it.
    pub into: Option<Family>,
}

/// How a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nobody has answered.
    Waiting,
    /// The service took her.
    Accepted,
    /// The service did not, or never answered.
    Refused,
    /// The sender took it back.
    Withdrawn,
}

/// Width of the drawing. As wide as a card on a desk of 1440 px; narrower windows move it sideways.
pub const WIDTH: f64 = 1180.0;
/// Where the axis begins.
pub const LEFT: f64 = 152.0;
/// Where the axis ends.
pub const RIGHT: f64 = 1168.0;

const LABEL: Type = Type { size: 14.0, weight: Weight::Semibold };
const PLAIN: Type = Type { size: 14.0, weight: Weight::Regular };
const STRONG: Type = Type { size: 14.0, weight: Weight::Bold };
/// From the middle of a line of words down to its base.
const BASE: f64 = 5.0;

/// A drawing, and where its labels came to stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The drawing.
    pub svg: Element,
    /// Every label that was written, for whoever checks that none lies on another.
    pub labels: Vec<Area>,
}

/// What lies on what: lines, then marks, then the ways between lanes, then words, which stay
/// readable.
#[derive(Debug, Default)]
struct Layers {
    lines: Vec<Element>,
    marks: Vec<Element>,
    ways: Vec<Element>,
    words: Vec<Element>,
    labels: Vec<Area>,
}

impl Layers {
    /// Writes words at a place; they are heard with the mark that they name.
    fn write(&mut self, area: Area, words: impl IntoIterator<Item = Element>) {
        self.labels.push(area);
        self.words.extend(words);
    }
}

impl Journey {
    fn days(&self) -> Days {
        Days { first: self.first, last: self.last, left: LEFT, right: RIGHT }
    }

    /// The day up to which things are known to go on.
    fn known_to(&self) -> Date {
        self.as_of.unwrap_or(self.last).min(self.last)
    }

    /// The lanes in which something is on the axis.
    pub fn shown(&self) -> Vec<Lane> {
        let window = Window { first: self.first, last: self.known_to() };
        self.lanes.iter().filter_map(|lane| window.lane(lane)).collect()
    }

    /// Whether nothing at all is on the axis.
    pub fn is_empty(&self) -> bool {
        self.shown().is_empty()
    }

    /// The drawing.
    pub fn draw(&self, words: &Words) -> Drawn {
        let (days, lanes) = (self.days(), self.shown());
        let mut layers = Layers::default();
        let mut all: Vec<lane::Placed<'_>> = Vec::new();
        let mut top = axis::HEIGHT;
        for one in &lanes {
            let lane = lane::place(one, days, self.known_to(), top);
            top = lane.bottom;
            all.push(lane);
        }
        axis::draw(self, words, top, &mut layers);
        for lane in &all {
            lane.draw(words, &all, &mut layers);
        }
        axis::as_of(self, words, top, &mut layers);
        let drawing = svg::drawing("journey", WIDTH, top + 1.0, &self.name);
        let sealed = lanes.iter().filter(|lane| lane.spans.iter().any(|span| span.is_sealed));
        let tiles =
            sealed.map(|lane| svg::hatching(&spans::tile(lane.family), lane.family.class()));
        let drawing = drawing.children(tiles).children(layers.lines);
        let words = Element::new("g").class("words").unheard().children(layers.words);
        let svg = drawing.children(layers.marks).children(layers.ways).child(words);
        Drawn { svg, labels: layers.labels }
    }
}

/// How far words may reach: what is behind the last known day stays hatched.
fn end_of(days: Days, known_to: Date) -> f64 {
    if known_to < days.last { days.at(known_to) } else { days.right }
}

/// What is on the axis.
struct Window {
    first: Date,
    last: Date,
}

impl Window {
    fn shows(&self, from: Date, to: Option<Date>) -> bool {
        from <= self.last && to.is_none_or(|to| to > self.first)
    }

    /// A lane with what is on the axis; `None` where nothing is.
    fn lane(&self, lane: &Lane) -> Option<Lane> {
        let mut lane = lane.clone();
        lane.spans.retain(|span| self.shows(span.from, span.to));
        lane.waits
            .retain(|wait| wait.from <= self.last && wait.to.is_none_or(|to| to >= self.first));
        lane.gaps.retain(|gap| self.shows(gap.from, Some(gap.to)));
        lane.events.retain(|event| (self.first..=self.last).contains(&event.on));
        if let Some(often) = &mut lane.often {
            often.on.retain(|day| (self.first..=self.last).contains(day));
        }
        lane.often = lane.often.filter(|often| !often.on.is_empty());
        let something = !lane.spans.is_empty() || !lane.waits.is_empty() || lane.often.is_some();
        (something || !lane.events.is_empty()).then_some(lane)
    }
}

#[cfg(test)]
mod tests;
