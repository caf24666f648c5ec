//! The axis of days, the lines under the lanes, and the day on which one looks.

use super::super::label::Area;
use super::super::scale::{Step, Tick};
use super::super::svg::{self, Element};
use super::{BASE, Journey, LABEL, LEFT, Layers, PLAIN, RIGHT, WIDTH, Words};

/// Height of the axis above the first lane.
pub(super) const HEIGHT: f64 = 52.0;
/// Middle of the line with the years.
const ABOVE: f64 = 12.0;
/// Middle of the line with the months.
const BELOW: f64 = 33.0;

pub(super) fn draw(journey: &Journey, words: &Words, bottom: f64, layers: &mut Layers) {
    let days = journey.days();
    let step = days.step();
    let ticks = days.ticks(step);
    let mut axis: Vec<Element> = Vec::new();
    for tick in &ticks {
        let class = if tick.left <= LEFT { "edge" } else { "grid" };
        axis.push(svg::line((tick.left, HEIGHT - 8.0), (tick.left, bottom)).class(class));
        let middle = BELOW - if step == Step::Year { 8.0 } else { 0.0 };
        axis.extend(name(tick, middle, step, words, layers));
    }
    if let Some(step) = above(step) {
        let ticks = days.ticks(step);
        axis.extend(ticks.iter().filter_map(|tick| name(tick, ABOVE, step, words, layers)));
    }
    axis.push(svg::line((0.0, HEIGHT), (WIDTH, HEIGHT)).class("grid"));
    layers.lines.insert(0, Element::new("g").unheard().children(axis));
}

/// What is named above the names of the ticks.
fn above(step: Step) -> Option<Step> {
    match step {
        Step::Week => Some(Step::Month),
        Step::Month | Step::Quarter => Some(Step::Year),
        Step::Year => None,
    }
}

/// The name of a stretch: in its middle, or at its beginning in the upper line.
fn name(
    tick: &Tick,
    middle: f64,
    step: Step,
    words: &Words,
    layers: &mut Layers,
) -> Option<Element> {
    let upper = (middle - ABOVE).abs() < 0.1;
    let kind = if upper { LABEL } else { PLAIN };
    let (whole, brief) = (words.tick)(words.language, tick.from, step);
    let room = tick.right - tick.left - 4.0;
    let shown = [whole, brief].into_iter().find(|name| kind.width(name) <= room)?;
    let width = kind.width(&shown);
    let left = if upper { tick.left } else { f64::midpoint(tick.left, tick.right) - width / 2.0 };
    layers.labels.push(Area { left, top: middle - 8.0, width, height: 16.0 });
    let class = if upper { "axis strong" } else { "axis" };
    Some(svg::text((left, middle + BASE), &shown).class(class))
}

/// The line on the day on which one looks, and what nobody knew then.
pub(super) fn as_of(journey: &Journey, words: &Words, bottom: f64, layers: &mut Layers) {
    let Some(day) = journey.as_of.filter(|day| *day < journey.last) else { return };
    let days = journey.days();
    let left = days.at(day.next_day().unwrap_or(day));
    let unknown = Area { left, top: HEIGHT, width: RIGHT - left, height: bottom - HEIGHT };
    let tile = "non-noto";
    let mut all = vec![
        svg::hatching(tile, "unknown-line"),
        svg::rect(unknown, 0.0).with("fill", format!("url(#{tile})")),
        svg::line((left, HEIGHT - 8.0), (left, bottom)).class("as-of"),
    ];
    let width = LABEL.width(&words.not_yet);
    let middle = f64::midpoint(left, RIGHT) - width / 2.0;
    let words_at = Area { left: middle, top: HEIGHT + 19.0, width, height: 16.0 };
    let sheet = words_at.wider(6.0);
    let is_free = !layers.labels.iter().any(|label| label.overlaps(sheet));
    if width + 14.0 <= unknown.width && is_free {
        all.push(svg::rect(sheet, 4.0).class("sheet"));
        all.push(svg::text((middle, HEIGHT + 27.0 + BASE), &words.not_yet).class("strong"));
        layers.labels.push(words_at);
    }
    layers.lines.push(Element::new("g").unheard().children(all));
}
