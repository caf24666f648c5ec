//! Services: a white field with the family's edge, its glyph, a name and a count.

use super::super::label::Area;
use super::super::svg::{self, Element};
use super::layout::{NODE_WIDTH, Plan, middle};
use super::{Network, Node, STRONG};

/// Where the words begin.
const WORDS: f64 = 36.0;
/// How much room a line of words has.
const ROOM: f64 = NODE_WIDTH - WORDS - 4.0;
/// Most lines of a name.
const LINES_MAX: usize = 3;
/// Height of a line.
const LINE: f64 = 17.0;

/// Height that the words of a service need.
pub(super) fn height(node: &Node) -> f64 {
    f64::from(u8::try_from(lines(&node.label).len()).unwrap_or(u8::MAX)) * LINE + 28.0
}

/// A name on one line to three; where it is longer, whole words of it and three dots.
pub(super) fn lines(label: &str) -> Vec<String> {
    let words: Vec<&str> = label.split_whitespace().collect();
    let mut lines = Vec::with_capacity(LINES_MAX);
    let mut rest = words.as_slice();
    while lines.is_empty() || !rest.is_empty() && lines.len() < LINES_MAX {
        let (text, left) = line(rest, lines.len() + 1 == LINES_MAX);
        lines.push(text);
        rest = left;
    }
    lines
}

/// As many words as there is room for, and those that are left. The last line says that it is not
/// the end. One word that is too long goes without its end: its name in full is heard, and stands
/// in the table.
fn line<'a>(words: &'a [&'a str], is_last: bool) -> (String, &'a [&'a str]) {
    for count in (1..=words.len()).rev() {
        let mut text = words[..count].join(" ");
        if is_last && count < words.len() {
            text.push('…');
        }
        if STRONG.width(&text) <= ROOM {
            return (text, &words[count..]);
        }
    }
    let mut text = String::new();
    for letter in words.first().into_iter().flat_map(|word| word.chars()) {
        if STRONG.width(&format!("{text}{letter}…")) > ROOM {
            return (text + "…", &words[1..]);
        }
        text.push(letter);
    }
    (text, &[])
}

pub(super) fn draw(network: &Network, plan: &Plan) -> Vec<Element> {
    network.nodes.iter().zip(&plan.nodes).map(|(node, area)| one(node, *area)).collect()
}

fn one(node: &Node, area: Area) -> Element {
    let chosen = if node.is_chosen { " chosen" } else { "" };
    let mut link = svg::link(&node.href, &node.name)
        .class(&format!("node {}{chosen}", node.family.class()))
        .child(svg::rect(area, 4.0).class("field"))
        .child(svg::rect(Area { width: 6.0, ..area }, 2.0).class("start"))
        .child(svg::glyph(node.family.glyph(), (area.left + 12.0, middle(area) - 9.0), 18.0));
    if node.is_chosen {
        link = link.with("aria-current", "true");
    }
    let lines = lines(&node.label);
    let rows = f64::from(u8::try_from(lines.len()).unwrap_or(u8::MAX)) + 1.0;
    let mut base = middle(area) - rows * LINE / 2.0 + 13.0;
    for line in &lines {
        link = link.child(svg::text((area.left + WORDS, base), line).class("bold"));
        base += LINE;
    }
    link.child(svg::text((area.left + WORDS, base), &node.count).class("axis"))
}
