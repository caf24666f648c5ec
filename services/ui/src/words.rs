//! Italian words for every event type and every code. A new event, field or code does not compile
//! until somebody has found its words.

mod codes;
mod events;
mod local;
mod sealed;
mod sentence;

pub use codes::ethos;
pub use events::{Part, State, Telling, telling, telling_of};
pub use sentence::sentence;

/// A code that people can read.
pub trait InWords: Copy {
    /// The word or the few words, in the middle of a sentence.
    fn words(self) -> &'static str;
}

/// Words for the codes of a list, without a remainder.
macro_rules! words {
    ($($code:ident { $($variant:ident => $words:literal),+ $(,)? })*) => {
        $(impl crate::words::InWords for $code {
            fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),+ }
            }
        })*

        #[cfg(test)]
        mod tests {
            use strum::VariantArray as _;

            use super::*;
            use crate::words::InWords as _;

            #[test]
            fn every_code_has_words_of_its_own() {
                $(let mut seen = std::collections::BTreeSet::new();
                for code in $code::VARIANTS {
                    let words = code.words();
                    assert!(!words.contains('_') && words.trim() == words, "{words}");
                    assert!(seen.insert(words), "{}: {words} twice", stringify!($code));
                })*
            }
        }
    };
}
use words;
