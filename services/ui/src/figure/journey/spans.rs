//! What lasts: bars in rows, their labels, and the gaps between them.

use time::Date;

use super::super::label::{Area, Taken};
use super::super::scale::Days;
use super::super::svg::{self, Element};
use super::{BASE, Gap, LABEL, LEFT, Layers, RIGHT, Span, end_of};
use crate::family::Family;

/// Height of a bar.
pub(super) const HEIGHT: f64 = 30.0;
/// From one row of bars to the next.
const ROW: f64 = 38.0;
/// Least width of a bar: its dark edge and something behind it.
const LEAST: f64 = 10.0;
/// Width of the dark edge.
const EDGE: f64 = 6.0;
/// Length of the point of a bar that goes on.
const POINT: f64 = 10.0;

/// A bar at its place.
#[derive(Debug)]
pub(super) struct Bar<'a> {
    span: &'a Span,
    pub(super) area: Area,
    /// Whether it was still going on, on the last day that is known.
    goes_on: bool,
    /// Whether it began before the axis does.
    is_cut: bool,
    label: Option<(Area, &'a str)>,
}

/// The pattern of what is sealed in a lane.
pub(super) fn tile(family: Family) -> String {
    format!("riservato-{}", family.class())
}

/// Puts bars into as few rows as they need; gives them, and where the room below them begins.
pub(super) fn lay<'a>(
    all: &'a [Span],
    days: Days,
    known_to: Date,
    top: f64,
    taken: &mut Taken,
) -> (Vec<Bar<'a>>, f64) {
    let mut rows: Vec<(f64, f64)> = Vec::new();
    let mut bars: Vec<Bar<'a>> = Vec::new();
    for span in all {
        let mut bar = Bar::at(span, days, known_to, top);
        let free = |(used, _): &&mut (f64, f64)| *used <= bar.area.left + 0.1;
        if let Some((used, row)) = rows.iter_mut().find(free) {
            bar.area.top = *row;
            *used = bar.area.right() + 2.0;
        } else {
            bar.area.top = rows.last().map_or(top, |(_, row)| row + ROW);
            rows.push((bar.area.right() + 2.0, bar.area.top));
        }
        bars.push(bar);
    }
    let mut edges = Taken::default();
    for bar in &bars {
        edges.take(bar.area);
    }
    for bar in &mut bars {
        bar.label = bar.inside().or_else(|| bar.beside(end_of(days, known_to), &edges));
        if let Some((area, _)) = bar.label {
            taken.take(area.wider(2.0));
            edges.take(area.wider(6.0));
        }
    }
    let bottom = bars.iter().map(|bar| bar.area.bottom()).fold(top, f64::max);
    (bars, bottom)
}

impl<'a> Bar<'a> {
    fn at(span: &'a Span, days: Days, known_to: Date, top: f64) -> Self {
        let ended = span.to.filter(|to| *to <= known_to);
        let end = ended.or(known_to.next_day()).unwrap_or(known_to);
        let left = days.at(span.from).min(RIGHT - LEAST);
        let width = (days.at(end) - left).max(LEAST);
        let area = Area { left, top, width, height: HEIGHT };
        let (goes_on, is_cut) = (ended.is_none(), span.from < days.first);
        Self { span, area, goes_on, is_cut, label: None }
    }

    /// As much of the label as the bar has room for.
    fn inside(&self) -> Option<(Area, &'a str)> {
        let point = if self.goes_on { POINT } else { 0.0 };
        let room = self.area.width - EDGE - 16.0 - point;
        let shown = LABEL.fit(&self.span.label, room)?;
        Some((self.words_at(self.area.left + EDGE + 8.0, shown), shown))
    }

    /// Beside a bar that is too short for a word, where nothing else is.
    fn beside(&self, limit: f64, taken: &Taken) -> Option<(Area, &'a str)> {
        let left = self.area.right() + 6.0;
        let mut room = limit - left;
        loop {
            let shown = LABEL.fit(&self.span.label, room)?;
            let area = self.words_at(left, shown);
            if taken.is_free(area.wider(2.0)) {
                return Some((area, shown));
            }
            room = area.width - 0.1;
        }
    }

    fn words_at(&self, left: f64, words: &str) -> Area {
        let top = self.area.top + HEIGHT / 2.0 - 8.0;
        Area { left, top, width: LABEL.width(words), height: 16.0 }
    }

    pub(super) fn draw(&self, family: Family, layers: &mut Layers) -> Element {
        let span = self.span;
        if let Some((area, words)) = self.label {
            let beside = area.left > self.area.right();
            let class = if beside { "strong halo" } else { "strong halo on-bar" };
            let text = svg::text((area.left, area.top + 8.0 + BASE), words);
            layers.write(area, [text.class(&format!("{class} {}", family.class()))]);
        }
        let edge = svg::rect(Area { width: EDGE, ..self.area }, 2.0).class("start");
        svg::link(&span.href, &span.name)
            .child(svg::hit(self.area))
            .child(self.shape().class("bar"))
            .children(self.sealed(family))
            .children(Some(edge).filter(|_| !self.is_cut))
    }

    /// With a point at its end while it goes on.
    fn shape(&self) -> Element {
        let Area { left, top, .. } = self.area;
        let (right, bottom) = (self.area.right(), self.area.bottom());
        if !self.goes_on || self.area.width < POINT + EDGE {
            return svg::rect(self.area, 3.0);
        }
        let shoulder = right - POINT;
        let n = svg::number;
        svg::path(&format!(
            "M{} {}H{}L{} {}L{} {}H{}z",
            n(left),
            n(top),
            n(shoulder),
            n(right),
            n(top + HEIGHT / 2.0),
            n(shoulder),
            n(bottom),
            n(left)
        ))
    }

    /// What nobody is told is hatched.
    fn sealed(&self, family: Family) -> Option<Element> {
        let from = self.label.map_or(self.area.left + EDGE, |(area, _)| area.right() + 10.0);
        let point = if self.goes_on { POINT } else { 1.0 };
        let width = self.area.right() - point - from;
        let area = Area { left: from, top: self.area.top + 1.0, width, height: HEIGHT - 2.0 };
        let hatched = svg::rect(area, 0.0).with("fill", format!("url(#{})", tile(family)));
        (self.span.is_sealed && width > 6.0).then_some(hatched)
    }
}

/// A gap at its place.
#[derive(Debug)]
pub(super) struct Missing<'a> {
    gap: &'a Gap,
    from: (f64, f64),
    to: (f64, f64),
    label: Option<(Area, &'a str)>,
}

/// Dashed lines in the first row where nothing was, and how long under the rows, where that has room.
pub(super) fn gaps<'a>(
    gaps: &'a [Gap],
    bars: &[Bar<'_>],
    days: Days,
    below: f64,
    taken: &mut Taken,
) -> Vec<Missing<'a>> {
    let Some(top) = bars.iter().map(|bar| bar.area.top).reduce(f64::min) else { return Vec::new() };
    let middle = top + HEIGHT / 2.0;
    let at = |gap: &'a Gap| {
        let (left, right) = (days.at(gap.from), days.at(gap.to));
        let place = |words: &'a str| {
            let width = LABEL.width(words);
            let left = (f64::midpoint(left, right) - width / 2.0).clamp(LEFT, RIGHT - width);
            (Area { left, top: below + 3.0, width, height: 16.0 }, words)
        };
        let mut labels = [gap.label.as_str(), gap.brief.as_str()].into_iter().map(place);
        let label = labels.find(|(area, _)| taken.try_take(area.wider(3.0)));
        Missing { gap, from: (left, middle), to: (right, middle), label }
    };
    gaps.iter().map(at).collect()
}

impl Missing<'_> {
    pub(super) fn is_labelled(&self) -> bool {
        self.label.is_some()
    }

    pub(super) fn draw(&self, layers: &mut Layers) -> Element {
        if let Some((area, words)) = self.label {
            let text = svg::text((area.left, area.top + 8.0 + BASE), words);
            layers.write(area, [text.class("strong halo missing")]);
        }
        let line = svg::line(self.from, self.to).class("gap");
        Element::new("g").with("role", "img").titled(&self.gap.name).child(line)
    }
}
