//! An SVG writer that escapes whatever it is given.

use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;

use super::label::Area;
use crate::glyph::Glyph;

/// Least side of what can be hit, in the units of the drawing. Source: WCAG 2.2, 2.5.8.
pub const HIT_MIN: f64 = 24.0;

/// A number as drawings write it: one decimal at most, never `-0`.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 || !rounded.is_finite() { "0".into() } else { format!("{rounded}") }
}

/// What may stand in an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self(number(value))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Element(Element),
    Text(String),
}

/// An element of a drawing. Written into a page it needs no further escaping.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Node>,
}

impl Element {
    /// An empty element.
    pub fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), inside: Vec::new() }
    }

    /// With one attribute more.
    #[must_use]
    pub fn with(mut self, attribute: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((attribute, value.into().0));
        self
    }

    /// With classes of the style sheet.
    #[must_use]
    pub fn class(self, classes: &str) -> Self {
        self.with("class", classes)
    }

    /// With an element in it, behind those that are there.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.inside.push(Node::Element(child));
        self
    }

    /// With elements in it, behind those that are there.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.inside.extend(children.into_iter().map(Node::Element));
        self
    }

    /// With words in it.
    #[must_use]
    pub fn words(mut self, words: &str) -> Self {
        self.inside.push(Node::Text(words.into()));
        self
    }

    /// With a name, which is its first child. It is text of the page, as whatever a reader may see:
    /// an open page compares texts to know what it must take back.
    #[must_use]
    pub fn titled(self, name: &str) -> Self {
        self.child(Self::new("title").words(name))
    }

    /// Decoration, or a thing that is named elsewhere: skipped by who hears the page.
    #[must_use]
    pub fn unheard(self) -> Self {
        self.with("aria-hidden", "true")
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"")?;
            escape(f, value)?;
            f.write_char('"')?;
        }
        if self.inside.is_empty() {
            return f.write_str("/>");
        }
        f.write_char('>')?;
        for node in &self.inside {
            match node {
                Node::Element(element) => element.fmt(f)?,
                Node::Text(text) => escape(f, text)?,
            }
        }
        write!(f, "</{}>", self.name)
    }
}

impl HtmlSafe for Element {}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for letter in text.chars() {
        match letter {
            '&' => f.write_str("&amp;")?,
            '<' => f.write_str("&lt;")?,
            '>' => f.write_str("&gt;")?,
            '"' => f.write_str("&quot;")?,
            '\'' => f.write_str("&#39;")?,
            // XML 1.0 has no place for control characters, not even escaped.
            letter if letter.is_control() => f.write_char(' ')?,
            letter => f.write_char(letter)?,
        }
    }
    Ok(())
}

/// A drawing of a size, with its accessible name. Screen readers enter it: what can be followed in
/// it has a name of its own.
pub fn drawing(class: &str, width: f64, height: f64, name: &str) -> Element {
    Element::new("svg")
        .class(&format!("drawing {class}"))
        .with("viewBox", format!("0 0 {} {}", number(width), number(height)))
        .with("width", width)
        .with("height", height)
        .with("role", "group")
        .with("aria-label", name)
        .with("focusable", "false")
}

/// Elements that belong together and have a name.
pub fn group(name: &str) -> Element {
    Element::new("g").with("role", "group").titled(name)
}

/// A way to somewhere in the product: the address begins with `/`, `?` or `#`; any other is left
/// out, and what it held is no link. The name begins with the visible words (WCAG 2.5.3).
pub fn link(href: &str, name: &str) -> Element {
    let inner = href.starts_with(['#', '?']) || (href.starts_with('/') && !href.starts_with("//"));
    if inner { Element::new("a").with("href", href).titled(name) } else { group(name) }
}

/// A rectangle with its corners rounded by `radius`.
pub fn rect(area: Area, radius: f64) -> Element {
    let rect = Element::new("rect")
        .with("x", area.left)
        .with("y", area.top)
        .with("width", area.width.max(0.0))
        .with("height", area.height.max(0.0));
    if radius > 0.0 { rect.with("rx", radius) } else { rect }
}

/// A straight line.
pub fn line(from: (f64, f64), to: (f64, f64)) -> Element {
    let line = Element::new("line").with("x1", from.0).with("y1", from.1);
    line.with("x2", to.0).with("y2", to.1)
}

/// A disc or a ring.
pub fn circle(center: (f64, f64), radius: f64) -> Element {
    Element::new("circle").with("cx", center.0).with("cy", center.1).with("r", radius)
}

/// A path.
pub fn path(commands: &str) -> Element {
    Element::new("path").with("d", commands)
}

/// One line of words, its beginning on the left at the base line.
pub fn text(at: (f64, f64), words: &str) -> Element {
    Element::new("text").with("x", at.0).with("y", at.1).words(words)
}

/// A glyph with its upper left corner somewhere, in the colour of its class; a word stands beside it.
pub fn glyph(glyph: Glyph, at: (f64, f64), size: f64) -> Element {
    let place = Element::new("svg").class("sign").with("viewBox", "0 0 24 24");
    let place = place.with("x", at.0).with("y", at.1).with("width", size).with("height", size);
    place.unheard().child(path(glyph.strokes()))
}

/// The unseen place where a mark is hit: the mark, and at least [`HIT_MIN`] each way around its
/// middle.
pub fn hit(mark: Area) -> Element {
    let (width, height) = (mark.width.max(HIT_MIN), mark.height.max(HIT_MIN));
    let left = mark.left - (width - mark.width) / 2.0;
    let top = mark.top - (height - mark.height) / 2.0;
    rect(Area { left, top, width, height }, 0.0).class("hit")
}

/// A tile of slanting lines with which an area is hatched: `fill="url(#id)"`. The id is the page's.
pub fn hatching(id: &str, class: &str) -> Element {
    let tile = Element::new("pattern")
        .with("id", id)
        .with("width", "8")
        .with("height", "8")
        .with("patternUnits", "userSpaceOnUse")
        .with("patternTransform", "rotate(45)");
    Element::new("defs").child(tile.child(line((0.0, 0.0), (0.0, 8.0)).class(class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_stays_text() {
        let hostile = "</text><script>alert('1')</script>&\"\u{0}";
        let svg = text((0.0, 0.0), hostile).with("aria-label", hostile).to_string();
        assert!(!svg.contains("<script") && !svg.contains('\u{0}'), "{svg}");
        assert_eq!(svg.matches('"').count(), 6, "{svg}");
    }

    #[test]
    fn a_link_leads_nowhere_outside() {
        for href in ["javascript:alert(1)", "https://example.org", "//example.org", ""] {
            assert!(!link(href, "x").to_string().contains("href"), "{href}");
        }
        assert_eq!(link("#voce", "x").to_string(), "<a href=\"#voce\"><title>x</title></a>");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, -0.01, 12.345, f64::NAN].map(number), ["1", "0", "12.3", "0"]);
    }

    #[test]
    fn a_small_mark_is_hit_in_24_units_around_its_middle() {
        let mark = Area { left: 100.0, top: 50.0, width: 4.0, height: 40.0 };
        let svg = hit(mark).to_string();
        assert!(svg.contains("x=\"90\" y=\"50\" width=\"24\" height=\"40\""), "{svg}");
    }
}
