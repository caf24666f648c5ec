//! What happened on a day: discs, and several at one place as one with their count.

use super::super::label::{Area, Taken};
use super::super::scale::Days;
use super::super::svg::{self, Element, HIT_MIN};
use super::{BASE, Event, STRONG, Words};

/// Radius of a disc.
const RADIUS: f64 = 7.0;
/// From the middle of a lozenge to its corners: as much ink as a disc has.
const CORNER: f64 = 9.0;
/// How far beside the end of a bar a disc still belongs to it.
const REACH: f64 = 6.0;

/// One disc, for one event or for several.
#[derive(Debug)]
pub(super) struct Disc<'a> {
    events: &'a [Event],
    center: f64,
    middle: f64,
}

fn lozenge((x, y): (f64, f64)) -> Element {
    let (x, top, side) = (svg::number(x), svg::number(y - CORNER), svg::number(CORNER));
    svg::path(&format!("M{x} {top}l{side} {side}l-{side} {side}l-{side} -{side}z"))
}

/// Puts events on the bars where there is room, and else into the row with this middle. No two are
/// nearer than what is hit: those that would be are one.
pub(super) fn lay<'a>(
    events: &'a [Event],
    days: Days,
    bars: &[Area],
    row: f64,
    taken: &mut Taken,
) -> Vec<Disc<'a>> {
    let mut discs: Vec<(usize, usize)> = Vec::new();
    let disc = |from: usize, to: usize| disc(events.get(from..to).unwrap_or_default(), days, row);
    for index in 0..events.len() {
        let (mut from, to) = (index, index + 1);
        while let Some((before, end)) = discs.last().copied() {
            if !disc(before, end).area().overlaps(disc(from, to).area()) {
                break;
            }
            discs.pop();
            from = before;
        }
        discs.push((from, to));
    }
    let mut all: Vec<Disc<'a>> = discs.into_iter().map(|(from, to)| disc(from, to)).collect();
    for disc in &mut all {
        disc.rise(bars, taken);
    }
    all
}

fn disc(events: &[Event], days: Days, middle: f64) -> Disc<'_> {
    let at = |event: Option<&Event>| event.map_or(days.left, |event| days.middle(event.on));
    Disc { events, center: f64::midpoint(at(events.first()), at(events.last())), middle }
}

impl Disc<'_> {
    fn count(&self) -> String {
        self.events.len().to_string()
    }

    /// What is hit.
    fn area(&self) -> Area {
        let words = if self.events.len() > 1 { STRONG.width(&self.count()) + 14.0 } else { 0.0 };
        let width = words.max(HIT_MIN);
        let (left, top) = (self.center - width / 2.0, self.middle - HIT_MIN / 2.0);
        Area { left, top, width, height: HIT_MIN }
    }

    pub(super) fn bottom(&self) -> f64 {
        self.area().bottom()
    }

    pub(super) fn lower(&mut self, by: f64) {
        self.middle += by;
    }

    /// Onto a bar, or beside the bars of the first row, where it covers no label and nothing else.
    fn rise(&mut self, bars: &[Area], taken: &mut Taken) {
        let at = |middle: f64| Disc { middle, ..*self }.area();
        let on =
            |bar: &&Area| bar.left <= self.center + REACH && self.center <= bar.right() + REACH;
        let first = bars.iter().copied().reduce(|a, b| if b.top < a.top { b } else { a });
        let beside = first.filter(|bar| {
            let here = at(bar.top + bar.height / 2.0);
            !bars.iter().any(|bar| bar.overlaps(here))
        });
        let alone = |bar: &&Area| {
            let here = at(bar.top + bar.height / 2.0);
            bars.iter().filter(|other| other.overlaps(here)).count() == 1
        };
        let mut middles = bars
            .iter()
            .filter(on)
            .filter(alone)
            .chain(beside.as_ref())
            .map(|bar| bar.top + bar.height / 2.0);
        if let Some(middle) = middles.find(|middle| taken.is_free(at(*middle))) {
            self.middle = middle;
        }
        taken.take(self.area());
    }

    pub(super) fn draw(&self, words: &Words) -> Element {
        let center = (self.center, self.middle);
        match self.events {
            [one] => {
                let mark = svg::link(&one.href, &one.name);
                let mark = if one.is_meeting { mark.class("meeting") } else { mark };
                let mark = mark.child(svg::hit(self.area()));
                let disc =
                    if one.is_meeting { lozenge(center) } else { svg::circle(center, RADIUS) };
                if one.is_late {
                    mark.child(disc.class("late")).child(svg::circle(center, 2.5).class("disc"))
                } else {
                    mark.child(disc.class("disc"))
                }
            }
            several => self.counted(several, words),
        }
    }

    fn counted(&self, several: &[Event], words: &Words) -> Element {
        let (Some(first), Some(last)) = (several.first(), several.last()) else {
            return Element::new("g");
        };
        let name = (words.several)(words.language, several.len(), first.on, last.on);
        let area = self.area();
        let count = self.count();
        let at = (self.center - STRONG.width(&count) / 2.0, self.middle + BASE);
        svg::link(&first.href, &name)
            .child(svg::hit(area))
            .child(
                svg::rect(Area { top: area.top + 2.0, height: 20.0, ..area }, 10.0).class("disc"),
            )
            .child(svg::text(at, &count).class("bold on-disc").unheard())
    }
}
