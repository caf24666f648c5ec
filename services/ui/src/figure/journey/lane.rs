//! Where things come to stand in a lane, and the lane itself.

use std::fmt::Write as _;

use time::Date;

use super::super::label::{Area, Taken};
use super::super::scale::Days;
use super::super::svg::{self, Element};
use super::discs::{self, Disc};
use super::spans::{self, Bar, Missing};
use super::waits::{self, Laid};
use super::{BASE, LEFT, Lane, Layers, WIDTH, Words};
use crate::glyph::Glyph;

/// Room above and below what is in a lane.
const PAD: f64 = 10.0;
/// Height of a row of discs.
const DISC_ROW: f64 = 26.0;
/// Height of the small marks under the bars, with their distance.
const OFTEN: f64 = 14.0;
/// Height of a line of words under the bars.
const LINE: f64 = 18.0;
/// Least height of a lane.
const LEAST: f64 = 46.0;

/// A lane with everything at its place.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) lane: &'a Lane,
    pub(super) days: Days,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Where what is in it begins.
    pub(super) inside: f64,
    bars: Vec<Bar<'a>>,
    discs: Vec<Disc<'a>>,
    waits: Vec<Laid<'a>>,
    /// Upper edge of the small marks.
    often: f64,
    gaps: Vec<Missing<'a>>,
}

/// Puts a lane below `top`.
pub(super) fn place(lane: &Lane, days: Days, known_to: Date, top: f64) -> Placed<'_> {
    let inside = top + PAD;
    let mut taken = Taken::default();
    let (waits, below) = waits::lay(&lane.waits, days, known_to, inside, &mut taken);
    let (bars, below) = spans::lay(&lane.spans, days, known_to, below, &mut taken);
    let often = below + 4.0;
    let below = if lane.often.is_some() { below + OFTEN } else { below };
    let gaps = spans::gaps(&lane.gaps, &bars, days, below, &mut taken);
    let below = if gaps.iter().any(Missing::is_labelled) { below + LINE } else { below };
    let on: Vec<Area> = bars.iter().map(|bar| bar.area).collect();
    let discs = discs::lay(&lane.events, days, &on, below + DISC_ROW / 2.0, &mut taken);
    let lowest = discs.iter().map(Disc::bottom).fold(below, f64::max);
    let spare = ((LEAST - (lowest + PAD - top)) / 2.0).max(0.0);
    let bottom = (lowest + PAD).max(top + LEAST);
    let mut placed = Placed { lane, days, top, bottom, inside, bars, discs, waits, often, gaps };
    placed.lower(spare);
    placed
}

impl<'a> Placed<'a> {
    /// What stands alone in a low lane stands in its middle.
    fn lower(&mut self, by: f64) {
        if by > 0.0 && self.bars.is_empty() && self.waits.is_empty() {
            self.inside += by;
            self.often += by;
            self.discs.iter_mut().for_each(|disc| disc.lower(by));
        }
    }

    /// Draws it, layer by layer.
    pub(super) fn draw(&self, words: &Words, all: &[Placed<'a>], layers: &mut Layers) {
        let family = self.lane.family;
        layers.lines.push(svg::line((0.0, self.bottom), (WIDTH, self.bottom)).class("grid"));
        let head = self.head(layers);
        layers.lines.push(head);
        layers.ways.extend(self.waits.iter().filter_map(|wait| wait.arrow(all)));
        let mut marks: Vec<Element> =
            self.bars.iter().map(|bar| bar.draw(family, layers)).collect();
        marks.extend(self.often());
        marks.extend(self.gaps.iter().map(|gap| gap.draw(layers)));
        marks.extend(self.waits.iter().map(|wait| wait.draw(layers)));
        marks.extend(self.discs.iter().map(|disc| disc.draw(words)));
        layers.marks.push(svg::group(&self.lane.name).class(family.class()).children(marks));
    }

    /// The name of the lane, at its left.
    fn head(&self, layers: &mut Layers) -> Element {
        let middle = if self.bars.is_empty() && self.waits.is_empty() {
            f64::midpoint(self.top, self.bottom)
        } else {
            self.inside + spans::HEIGHT / 2.0
        };
        let lane = self.lane;
        let sealed = lane.spans.iter().any(|span| span.is_sealed);
        let name = super::LABEL;
        let shown = name.fit(&lane.name, LEFT - 40.0).unwrap_or_default();
        let width = name.width(shown);
        layers.labels.push(Area { left: 32.0, top: middle - 8.0, width, height: 16.0 });
        let head = Element::new("g").class(&format!("head {}", lane.family.class())).unheard();
        let head = head
            .child(svg::glyph(lane.family.glyph(), (2.0, middle - 11.0), 22.0))
            .child(svg::text((32.0, middle + BASE), shown).class("strong"));
        let is_lock = lane.family.glyph() == Glyph::Lock;
        if sealed && !is_lock {
            head.child(svg::glyph(Glyph::Lock, (40.0 + width, middle - 8.0), 16.0))
        } else {
            head
        }
    }

    /// Small marks, all of them one thing to follow.
    fn often(&self) -> Option<Element> {
        let often = self.lane.often.as_ref()?;
        let mut path = String::new();
        for day in &often.on {
            let left = svg::number(self.days.middle(*day) - 1.5);
            // Writing to a String cannot fail.
            let _ = write!(path, "M{left} {}h3v8h-3z", svg::number(self.often));
        }
        let (first, last) = (often.on.first()?, often.on.last()?);
        let left = self.days.middle(*first) - 1.5;
        let width = self.days.middle(*last) + 1.5 - left;
        let area = Area { left, top: self.often, width, height: 8.0 };
        Some(
            svg::link(&often.href, &often.name)
                .child(svg::hit(area))
                .child(svg::path(&path).class("often")),
        )
    }
}
