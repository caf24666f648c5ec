//! Referrals: a bar as long as one waited, what became of it, and the way into the lane that
//! received it.

use time::Date;

use super::super::label::{Area, Taken};
use super::super::scale::Days;
use super::super::svg::{self, Element};
use super::lane::Placed;
use super::{Answer, BASE, LEFT, Layers, PLAIN, RIGHT, STRONG, Wait, end_of};
use crate::family::Family;
use crate::glyph::Glyph;

/// Height of a bar.
const HEIGHT: f64 = 15.0;
/// From one row to the next: what is hit in one does not reach into the next.
const ROW: f64 = 25.0;
/// Least width of a bar.
const LEAST: f64 = 10.0;
/// Rows in which a place is looked for before a label gives way.
const ROWS: u32 = 30;
/// From the beginning of a long bar to a label on it.
const INTO: f64 = 14.0;
/// Glyph and its distance.
const SIGN: f64 = 22.0;

/// A referral at its place.
#[derive(Debug)]
pub(super) struct Laid<'a> {
    wait: &'a Wait,
    bar: Area,
    /// Glyph and words, and which words.
    label: Option<(Area, Said<'a>)>,
    /// How far words may reach without a ground of their own.
    limit: f64,
}

/// What is written beside a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said<'a> {
    receiver: &'a str,
    outcome: &'a str,
}

impl<'a> Said<'a> {
    /// From the longest to the shortest.
    fn of(wait: &'a Wait) -> [Self; 4] {
        let brief = wait.outcome.split(" · ").next().unwrap_or_default();
        let word = wait.receiver.split(' ').next().unwrap_or_default();
        let said = |receiver, outcome| Self { receiver, outcome };
        [
            said(&wait.receiver, &wait.outcome),
            said(&wait.receiver, brief),
            said(word, brief),
            said(word, ""),
        ]
    }

    fn width(self) -> f64 {
        let outcome = if self.outcome.is_empty() { 0.0 } else { 4.0 + PLAIN.width(self.outcome) };
        SIGN + STRONG.width(self.receiver) + outcome
    }
}

/// Puts referrals into rows in which no bar and no label lies on another; gives them, and where the
/// room below begins.
pub(super) fn lay<'a>(
    waits: &'a [Wait],
    days: Days,
    known_to: Date,
    top: f64,
    taken: &mut Taken,
) -> (Vec<Laid<'a>>, f64) {
    let all: Vec<Laid<'a>> = waits
        .iter()
        .map(|wait| {
            let end = wait.to.filter(|to| *to <= known_to).unwrap_or(known_to);
            let left = days.at(wait.from).min(RIGHT - LEAST);
            let width = (days.middle(end) - left).max(LEAST);
            let bar = Area { left, top, width, height: HEIGHT };
            let laid = find(wait, bar, end_of(days, known_to), taken);
            taken.take(laid.place().wider(3.0));
            laid
        })
        .collect();
    let bottom = all.iter().map(|laid| laid.bar.bottom()).fold(top, f64::max);
    let gap = if all.is_empty() { 0.0 } else { 5.0 };
    (all, bottom + gap)
}

/// The first row with room for the whole label, at the right or at the left; then for less of it.
fn find<'a>(wait: &'a Wait, bar: Area, limit: f64, taken: &Taken) -> Laid<'a> {
    let all = Said::of(wait).into_iter().map(|said| (said, limit));
    // Where a day that is looked at leaves no room before it, words stand on what is behind it.
    for (said, reach) in all.chain(Said::of(wait).into_iter().map(|said| (said, RIGHT))) {
        for row in 0..ROWS {
            let bar = Area { top: bar.top + ROW * f64::from(row), ..bar };
            for left in places(bar, said.width(), reach) {
                let label = Area { left, top: bar.top - 1.0, width: said.width(), height: 17.0 };
                let laid = Laid { wait, bar, label: Some((label, said)), limit };
                if taken.is_free(laid.place()) {
                    return laid;
                }
            }
        }
    }
    let mut row = 0.0;
    while !taken.is_free(Area { top: bar.top + row, ..bar }) {
        row += ROW;
    }
    Laid { wait, bar: Area { top: bar.top + row, ..bar }, label: None, limit }
}

/// Where a label of this width may begin: behind the bar, before it, or on it, where it is longer.
fn places(bar: Area, width: f64, limit: f64) -> impl Iterator<Item = f64> {
    let behind = Some(bar.right() + 6.0).filter(|left| left + width <= limit);
    let before = Some(bar.left - 6.0 - width).filter(|left| *left >= LEFT);
    let on = Some(bar.left + INTO).filter(|_| width + 2.0 * INTO <= bar.width);
    [behind, before, on].into_iter().flatten()
}

impl Laid<'_> {
    /// Whether the label lies on the bar, or on what is hatched.
    fn is_on(&self, label: Area) -> bool {
        label.overlaps(self.bar) || label.right() > self.limit
    }

    /// Bar and label together.
    fn place(&self) -> Area {
        let Some((label, _)) = self.label else { return self.bar };
        let left = self.bar.left.min(label.left);
        Area { left, width: self.bar.right().max(label.right()) - left, ..self.bar }
    }

    pub(super) fn draw(&self, layers: &mut Layers) -> Element {
        let wait = self.wait;
        let class = match wait.state {
            Answer::Waiting => "wait open",
            Answer::Accepted => "wait accepted",
            Answer::Refused => "wait refused",
            Answer::Withdrawn => "wait withdrawn",
        };
        let bar = if wait.state == Answer::Waiting {
            Area { height: HEIGHT - 2.0, ..self.bar.wider(-1.0) }
        } else {
            self.bar
        };
        let mark = svg::link(&wait.href, &wait.name).class(class).child(svg::hit(self.place()));
        let mark = mark.child(svg::rect(bar, 3.0).class("bar"));
        if let Some((area, said)) = self.label {
            layers
                .write(area, [Element::new("g").class(class).children(self.words_at(area, said))]);
        }
        mark
    }

    /// The glyph is nearest to the bar on either side.
    fn words_at(&self, area: Area, said: Said<'_>) -> Vec<Element> {
        let sign = match self.wait.state {
            Answer::Waiting => Glyph::Clock,
            Answer::Accepted => Glyph::Check,
            Answer::Refused => Glyph::Cross,
            Answer::Withdrawn => Glyph::Back,
        };
        let before = area.left < self.bar.left;
        let (glyph_at, words_at) =
            if before { (area.right() - 16.0, area.left) } else { (area.left, area.left + SIGN) };
        let sheet = svg::rect(Area { width: area.width + 6.0, ..area.wider(1.0) }, 3.0)
            .class("plain-sheet");
        let sheet = Some(sheet).filter(|_| self.is_on(area));
        let middle = area.top + area.height / 2.0;
        let receiver = Element::new("tspan").class("bold").words(said.receiver);
        let outcome =
            if said.outcome.is_empty() { String::new() } else { format!(" {}", said.outcome) };
        let text = Element::new("text").with("x", words_at).with("y", middle + BASE).class("halo");
        let text = text.child(receiver).words(&outcome);
        let glyph = svg::glyph(sign, (glyph_at, middle - 8.0), 16.0);
        sheet.into_iter().chain([glyph, text]).collect()
    }

    /// From the answer to the lane that received her.
    pub(super) fn arrow(&self, all: &[Placed<'_>]) -> Option<Element> {
        if self.wait.state != Answer::Accepted {
            return None;
        }
        let into = self.wait.into?;
        let lane =
            all.iter().find(|placed| placed.lane.family == into && into != Family::Referrals)?;
        let x = self.bar.right() - 1.0;
        let falls = lane.top > self.bar.top;
        let (from, to) = if falls {
            (self.bar.bottom(), lane.inside - 1.0)
        } else {
            (self.bar.top, lane.bottom - 2.0)
        };
        let (x, y, back) =
            (svg::number(x), svg::number(to), if falls { "-4 -7h8" } else { "-4 7h8" });
        let shaft = svg::path(&format!("M{x} {}V{y}", svg::number(from))).class("shaft");
        let head = svg::path(&format!("M{x} {y}l{back}z")).class("tip");
        Some(Element::new("g").class("way").unheard().child(shaft).child(head))
    }
}
