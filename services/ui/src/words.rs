//! Words for every event type and every code, in each language. A new event, field or code does not
//! compile until somebody has found its words in all of them: that is why they stand beside the codes
//! and not with the other messages.

mod codes;
mod events;
mod local;
mod sealed;
mod sentence;

use crate::language::Language;

pub use codes::ethos_in;
pub use events::{Part, State, Telling, telling, telling_of};
pub use sentence::sentence_in;

/// The same in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    italian: &'static str,
    english: &'static str,
}

impl Phrase {
    /// In one language.
    pub fn said(self, language: Language) -> &'static str {
        match language {
            Language::Italian => self.italian,
            Language::English => self.english,
        }
    }
}

/// The same in Italian and in English.
const fn say(italian: &'static str, english: &'static str) -> Phrase {
    Phrase { italian, english }
}

/// A code that people can read.
pub trait InWords: Copy {
    /// The word or the few words, in the middle of a sentence.
    fn phrase(self) -> Phrase;

    /// Its words in one language.
    fn words_in(self, language: Language) -> &'static str {
        self.phrase().said(language)
    }

    /// Its words in Italian, for what only Italian is said of.
    fn words(self) -> &'static str {
        self.words_in(Language::Italian)
    }
}

/// Words for the codes of a list, in each language and without a remainder.
macro_rules! words {
    ($($code:ident { $($variant:ident => $italian:literal / $english:literal),+ $(,)? })*) => {
        $(impl crate::words::InWords for $code {
            fn phrase(self) -> crate::words::Phrase {
                match self { $(Self::$variant => crate::words::say($italian, $english)),+ }
            }
        })*

        #[cfg(test)]
        mod tests {
            use strum::VariantArray as _;

            use super::*;
            use crate::language::Language;
            use crate::words::InWords as _;

            #[test]
            fn every_code_has_words_of_its_own() {
                $(for language in Language::ALL {
                    let mut seen = std::collections::BTreeSet::new();
                    for code in $code::VARIANTS {
                        let words = code.words_in(language);
                        assert!(!words.contains('_') && words.trim() == words, "{words}");
                        assert!(seen.insert(words), "{}: {words} twice", stringify!($code));
                    }
                })*
            }
        }
    };
}
use words;
