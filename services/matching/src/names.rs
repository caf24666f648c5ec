//! A name taken apart: words, particles, how each sounds.

use crate::field::NameLevel;
use crate::fold::folded;
use crate::similar::{few_edits, jaro_winkler};
use crate::sounds::sounds;
use crate::variants::variant_set;

/// Words of a name that are told apart; more are compared only as a whole.
const WORDS_MAX: usize = 4;

/// Words that people write apart, together, or leave out.
const PARTICLES: [&str; 36] = [
    "di", "de", "del", "della", "dello", "dei", "degli", "delle", "da", "dal", "dalla", "lo", "la",
    "le", "li", "el", "al", "ul", "abu", "ben", "bin", "bint", "ibn", "ould", "van", "von", "der",
    "den", "dos", "das", "do", "du", "des", "st", "mc", "mac",
];

/// A name made ready to be compared.
#[derive(Clone)]
pub(crate) struct Name {
    /// All its words without blanks: `De Luca` and `Deluca` are one.
    pub whole: Box<str>,
    /// How the whole sounds.
    pub sounds: Box<str>,
    /// Its words without particles, at most [`WORDS_MAX`]; all of them when there is nothing else.
    pub words: Vec<Word>,
    /// The name as a whole is said in more than one way.
    variant: Option<u16>,
    /// Its last word may still be being written.
    pub unfinished: bool,
}

/// One word of a name.
#[derive(Clone)]
pub(crate) struct Word {
    pub text: Box<str>,
    pub sounds: Box<str>,
    variant: Option<u16>,
}

impl Word {
    fn new(text: &str) -> Self {
        Self { text: text.into(), sounds: sounds(text).into(), variant: variant_set(text) }
    }

    fn is(&self, other: &Self) -> bool {
        self.text == other.text
            || self.sounds == other.sounds
            || (self.variant.is_some() && self.variant == other.variant)
    }
}

impl Name {
    /// `None` when nothing of the text can be part of a name.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let folded = folded(text).replace('\'', "");
        let all = || folded.split_ascii_whitespace().filter(|word| is_name(word));
        let whole: String = all().collect();
        if whole.is_empty() {
            return None;
        }
        let mut words: Vec<Word> =
            all().filter(|word| !PARTICLES.contains(word)).take(WORDS_MAX).map(Word::new).collect();
        if words.is_empty() {
            words.push(Word::new(&whole));
        }
        let (sounds, variant) = match words.as_slice() {
            [only] if *only.text == *whole => (only.sounds.clone(), only.variant),
            _ => (sounds(&whole).into(), variant_set(&whole)),
        };
        Some(Self { whole: whole.into(), sounds, words, variant, unfinished: false })
    }

    /// How close this name is to another.
    pub(crate) fn level(&self, other: &Self) -> NameLevel {
        if self.whole == other.whole {
            return NameLevel::Same;
        }
        if self.whole.len() == 1 || other.whole.len() == 1 {
            return initial(&self.whole, &other.whole);
        }
        if begins(self, other) || begins(other, self) {
            return NameLevel::Close;
        }
        if self.sounds == other.sounds {
            return NameLevel::Sounds;
        }
        if self.variant.is_some() && self.variant == other.variant {
            return NameLevel::Variant;
        }
        if shares_words(self, other) {
            return NameLevel::Part;
        }
        self.by_letters(other)
    }

    fn by_letters(&self, other: &Self) -> NameLevel {
        let alike = jaro_winkler(&self.whole, &other.whole);
        let long = self.whole.len().min(other.whole.len()) >= 4;
        if alike >= 0.92 || (long && few_edits(&self.whole, &other.whole) == Some(1)) {
            return NameLevel::Close;
        }
        if alike >= 0.85 || self.nearly_shares_a_word(other) {
            return NameLevel::Similar;
        }
        if alike >= 0.75 { NameLevel::Faint } else { NameLevel::Different }
    }

    /// One of several words is nearly one of the other's: a second surname missing, and a slip.
    fn nearly_shares_a_word(&self, other: &Self) -> bool {
        let several = self.words.len() > 1 || other.words.len() > 1;
        let near = |a: &Word, b: &Word| a.text.len() > 3 && jaro_winkler(&a.text, &b.text) >= 0.92;
        several && self.words.iter().any(|a| other.words.iter().any(|b| near(a, b)))
    }
}

/// Whether a word is written apart, together, or left out as people like.
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&folded(word).as_str())
}

fn is_name(word: &str) -> bool {
    word.chars().any(char::is_alphabetic)
}

fn initial(a: &str, b: &str) -> NameLevel {
    if a.as_bytes().first() == b.as_bytes().first() {
        NameLevel::Initial
    } else {
        NameLevel::Different
    }
}

fn begins(typed: &Name, whole: &Name) -> bool {
    typed.unfinished && whole.whole.starts_with(&*typed.whole)
}

/// Every word of the shorter name is in the longer one, whatever the order, and one of them is
/// long enough to say something.
fn shares_words(a: &Name, b: &Name) -> bool {
    let (few, many) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    many.words.len() > 1
        && few.words.iter().all(|word| many.words.iter().any(|other| word.is(other)))
        && few.words.iter().any(|word| word.text.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(a: &str, b: &str) -> NameLevel {
        let (a, b) = (Name::new(a).unwrap(), Name::new(b).unwrap());
        assert_eq!(a.level(&b), b.level(&a), "the order of two records does not matter");
        a.level(&b)
    }

    #[test]
    fn accents_case_apostrophes_and_blanks_do_not_part_names() {
        assert_eq!(level("Foà", "FOA'"), NameLevel::Same);
        assert_eq!(level("De Luca", "Deluca"), NameLevel::Same);
        assert_eq!(level("D'Angelo", "D’ANGELO"), NameLevel::Same);
        assert_eq!(level("Đorđević", "Dordevic"), NameLevel::Same);
    }

    #[test]
    fn one_of_two_surnames_is_a_part_in_either_order() {
        assert_eq!(level("Rossi Bianchi", "Bianchi"), NameLevel::Part);
        assert_eq!(level("Garcia-Lopez", "Lopez Garcia"), NameLevel::Part);
        assert_eq!(level("Rossi Bianchi", "Rosi"), NameLevel::Part);
        assert_eq!(level("Luca", "De Luca"), NameLevel::Similar);
    }

    #[test]
    fn short_forms_and_spellings_are_variants() {
        assert_eq!(level("Giuseppe", "Peppe"), NameLevel::Variant);
        assert_eq!(level("Mohammed", "Mamadou"), NameLevel::Variant);
        assert_eq!(level("Mohamed Amine", "Muhammad"), NameLevel::Part);
    }

    #[test]
    fn a_slip_of_the_pen_is_close_and_a_longer_one_similar() {
        assert_eq!(level("Chiara", "Kiara"), NameLevel::Sounds);
        assert_eq!(level("Zaccagnini", "Zaccaghini"), NameLevel::Close);
        assert_eq!(level("Mario", "Mairo"), NameLevel::Close);
        assert_eq!(level("Esposito", "Espozito"), NameLevel::Close);
        assert_eq!(level("Rossi", "Ferrari"), NameLevel::Different);
        assert_eq!(level("M.", "Mario"), NameLevel::Initial);
        assert_eq!(level("L", "Mario"), NameLevel::Different);
    }

    #[test]
    fn a_text_without_letters_is_no_name() {
        assert!(Name::new(" - 12").is_none());
        assert!(Name::new("李").is_some(), "a name in another script is kept");
    }
}
