//! Labels that fit: how wide a text is, what of it is left where there is less room, and which
//! places are taken.

mod widths;

/// Weight of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 600.
    Semibold,
    /// 700.
    Bold,
}

/// Size and weight in which a label is written. The style sheet says the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Height of the letters, in units of the drawing.
    pub size: f64,
    /// Weight.
    pub weight: Weight,
}

impl Type {
    /// How wide a text is, in units of the drawing: the advance widths of the embedded font,
    /// without kerning, which only ever makes it narrower. A letter that the font lacks counts as
    /// a square.
    pub fn width(self, text: &str) -> f64 {
        text.chars().map(|letter| f64::from(widths::of(letter, self.weight))).sum::<f64>()
            * self.size
            / 1000.0
    }

    /// As much of a label as there is room for: all of it, the part before its first " · ", its
    /// first word, nothing.
    pub fn fit(self, label: &str, room: f64) -> Option<&str> {
        let before = label.split(" · ").next().unwrap_or(label);
        let word = before.split([' ', ':']).next().unwrap_or(before);
        // One letter or two, an initial or an article, say nothing by themselves.
        let parts = [Some(label), Some(before), Some(word).filter(|word| word.chars().count() > 2)];
        parts.into_iter().flatten().find(|part| !part.is_empty() && self.width(part) <= room)
    }
}

/// A rectangle, in units of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Area {
    /// Right edge.
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    /// Lower edge.
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// The same with room around it.
    #[must_use]
    pub fn wider(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }

    /// Whether two share more than an edge.
    pub fn overlaps(self, other: Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }
}

/// Places that are taken already.
#[derive(Debug, Clone, Default)]
pub struct Taken(Vec<Area>);

impl Taken {
    /// Takes a place, whoever has it.
    pub fn take(&mut self, area: Area) {
        self.0.push(area);
    }

    /// Takes a place if it is free.
    pub fn try_take(&mut self, area: Area) -> bool {
        let free = self.is_free(area);
        if free {
            self.take(area);
        }
        free
    }

    /// Whether nothing is there.
    pub fn is_free(&self, area: Area) -> bool {
        !self.0.iter().any(|taken| taken.overlaps(area))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: Type = Type { size: 15.0, weight: Weight::Semibold };

    #[test]
    fn a_text_is_as_wide_as_chromium_draws_it() {
        assert!((LABEL.width("Presa in carico · A.S. Rinaldi") - 174.8).abs() < 0.5);
    }

    #[test]
    fn a_label_shrinks_by_rule_and_never_cuts_a_word() {
        let label = "Stazione di Posta · letto 12";
        let shown = |room| LABEL.fit(label, room);
        assert_eq!(shown(400.0), Some(label));
        assert_eq!(shown(120.0), Some("Stazione di Posta"));
        assert_eq!(shown(60.0), Some("Stazione"));
        assert_eq!(shown(30.0), None);
        assert_eq!(LABEL.fit("L. Rinaldi", 20.0), None);
        assert_eq!(LABEL.fit("", 20.0), None);
    }

    #[test]
    fn a_place_is_taken_once() {
        let mut taken = Taken::default();
        let area = Area { left: 0.0, top: 0.0, width: 10.0, height: 10.0 };
        assert!(taken.try_take(area));
        assert!(!taken.try_take(Area { left: 9.0, ..area }));
        assert!(taken.try_take(Area { left: 10.0, ..area }));
    }
}
