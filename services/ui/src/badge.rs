//! A word with its glyph and colour: a state is never told by colour alone.

use crate::glyph::Glyph;
use crate::words::State;

/// A word, and how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Its class in the style sheet.
    pub class: &'static str,
    /// Its glyph, where the state has one.
    pub glyph: Option<Glyph>,
    /// The word or the few words.
    pub words: String,
}

impl Badge {
    /// A badge for a state, with the glyph of that state.
    pub fn new(state: State, words: impl Into<String>) -> Self {
        let (class, glyph) = match state {
            State::Done => ("done", Some(Glyph::Check)),
            State::Waiting => ("waiting", Some(Glyph::Clock)),
            State::Refused => ("refused", Some(Glyph::Cross)),
            State::Neutral => ("neutral", None),
        };
        Self { class, glyph, words: words.into() }
    }

    /// The same with another glyph.
    #[must_use]
    pub fn with(self, glyph: Glyph) -> Self {
        Self { glyph: Some(glyph), ..self }
    }
}
