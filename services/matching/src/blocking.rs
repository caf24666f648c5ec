//! Under which tokens a record is stored, and which find it again.
//!
//! A token is a plain text; the caller stores a keyed hash of it and nothing else (ADR 15). What
//! a copy of the index without its key tells is how many records share a token. So there are no
//! n-grams, from which names could be put together again: the shortest token is the first three
//! sounds of a name, which hundreds of names share.

use std::collections::BTreeSet;

use crate::names::{Name, Word};
use crate::record::{Birth, Described, Numbered, Prepared};
use crate::sounds::skeleton;
use crate::weights::Frequencies;

/// Most tokens of one record.
pub const TOKENS_MAX: usize = 64;

/// Sounds of a name that are enough to search for it while it is being written.
pub(crate) const START: usize = 3;

/// What a token says, the most selective first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The tax code without *omocodia*.
    TaxCode,
    /// A number of one person, with its kind.
    Identifier,
    /// What the tax code says without the place: finds who gave no code by it, and the reverse.
    Shape,
    /// Sounds of a family and of a given name, in either order.
    FullName,
    /// A number that several people may share, with its kind.
    Contact,
    /// The birth date.
    Birth,
    /// The alias as it sounds.
    Alias,
    /// Consonants of a name, and the year of birth.
    NameYear,
    /// Consonants of a family and of a given name, in either order.
    Bones,
    /// Sounds of one name, and the first sounds of another: a name half written.
    NameStart,
    /// The first sounds of a name, and the year of birth.
    StartYear,
    /// Sounds of one name.
    Name,
    /// The first sounds of one name.
    Start,
}

/// A text under which a record is stored or looked for. It identifies: hash it with a key.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    /// What it says.
    pub kind: Kind,
    text: String,
}

impl Token {
    fn new(kind: Kind, parts: &[&str]) -> Self {
        Self { kind, text: parts.join("|") }
    }

    /// The text to be hashed; it begins with the kind, so that no two kinds have a text in common.
    pub fn text(&self) -> String {
        format!("{}|{}", self.kind.code(), self.text)
    }

    /// How many records are to be expected: 0 is about one, each step more. Ask for candidates
    /// in this order and stop when there are enough.
    pub fn rank(&self) -> u8 {
        self.kind as u8
    }
}

/// Tokens identify people: they never show themselves in logs or errors.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({})", self.kind.code())
    }
}

impl Kind {
    /// Two letters that never change: they are hashed into every index.
    fn code(self) -> &'static str {
        match self {
            Self::TaxCode => "tc",
            Self::Identifier => "id",
            Self::Shape => "sh",
            Self::FullName => "fn",
            Self::Contact => "co",
            Self::Birth => "bd",
            Self::Alias => "al",
            Self::NameYear => "ny",
            Self::Bones => "bo",
            Self::NameStart => "ns",
            Self::StartYear => "sy",
            Self::Name => "na",
            Self::Start => "st",
        }
    }
}

/// The tokens under which a record is stored, at most [`TOKENS_MAX`], the most selective first.
pub fn tokens(described: &Described) -> Vec<Token> {
    let record = Prepared::among(described, &Frequencies::default());
    let mut all = BTreeSet::new();
    numbers(&record, &mut all);
    births(&record, 0, &mut all);
    names(&record, &mut all);
    if let Some(alias) = &record.alias {
        all.insert(Token::new(Kind::Alias, &[&alias.sounds]));
    }
    all.into_iter().take(TOKENS_MAX).collect()
}

/// The tokens by which a described person is looked for, the most selective first.
///
/// They are her stored tokens and some that a slip would have made: day and month exchanged, the
/// year before and after, an alias in place of the given name.
pub fn probes(described: &Described) -> Vec<Token> {
    let record = Prepared::among(described, &Frequencies::default());
    let mut all: BTreeSet<_> = tokens(described).into_iter().collect();
    if let Some(swapped) = day_month_swapped(&record) {
        births(&swapped, 0, &mut all);
    }
    for off in [-1, 1] {
        births(&record, off, &mut all);
    }
    for name in [&record.alias, &record.given].into_iter().flatten() {
        all.insert(Token::new(Kind::Alias, &[&name.sounds]));
    }
    for word in record.alias.iter().flat_map(|alias| &alias.words) {
        all.insert(Token::new(Kind::Name, &[&word.sounds]));
    }
    all.into_iter().collect()
}

fn day_month_swapped(record: &Prepared) -> Option<Prepared> {
    let birth = record.birth?;
    let (month, day) = birth.day.filter(|(month, day)| *day <= 12 && month != day)?;
    let mut swapped = record.clone();
    swapped.birth = Some(Birth { day: Some((day, month)), ..birth });
    Some(swapped)
}

fn numbers(record: &Prepared, all: &mut BTreeSet<Token>) {
    let number = |kind, number: &Numbered| Token::new(kind, &[&number.kind, &number.value]);
    all.extend(record.identifiers.iter().map(|one| number(Kind::Identifier, one)));
    all.extend(record.contacts.iter().map(|one| number(Kind::Contact, one)));
    if let Some(code) = &record.code {
        all.insert(Token::new(Kind::TaxCode, &[code.base.as_str()]));
        let (family, given) = (code.code.family(), code.code.given());
        let letters = |letters: &[u8]| String::from_utf8_lossy(letters).into_owned();
        shape(&letters(family), &letters(given), code.birth, all);
    } else if let [Some(family), Some(given)] = record.letters {
        let letters = |letters: [u8; 3]| String::from_utf8_lossy(&letters).into_owned();
        shape(&letters(family), &letters(given), record.birth, all);
    }
}

fn shape(family: &str, given: &str, birth: Option<Birth>, all: &mut BTreeSet<Token>) {
    if let Some(day) = birth.and_then(day_text) {
        all.insert(Token::new(Kind::Shape, &[family, given, &day]));
    }
}

fn day_text(birth: Birth) -> Option<String> {
    let (month, day) = birth.day?;
    Some(format!("{:02}{month:02}{day:02}", birth.yy))
}

/// Tokens with the birth date, or with the year `off` years away.
fn births(record: &Prepared, off: i32, all: &mut BTreeSet<Token>) {
    let coded = record.code.as_ref().and_then(|code| code.birth);
    let Some(birth) = record.birth.or(coded) else { return };
    let year = format!("{:02}", (birth.yy + off).rem_euclid(100));
    for word in words(record) {
        let starts = start(&word.sounds);
        all.insert(Token::new(Kind::NameYear, &[&skeleton(&word.sounds), &year]));
        all.extend(starts.map(|start| Token::new(Kind::StartYear, &[start, &year])));
    }
    match (off, birth.day, day_text(birth)) {
        // The first of January is written when the day is not known: alone it says too little.
        (0, Some((1, 1)), Some(day)) => all.extend(words(record).filter_map(|word| {
            let initial = word.sounds.chars().next()?.to_string();
            Some(Token::new(Kind::Birth, &[&day, &initial]))
        })),
        (0, Some(_), Some(day)) => drop(all.insert(Token::new(Kind::Birth, &[&day]))),
        _ => {}
    }
}

fn names(record: &Prepared, all: &mut BTreeSet<Token>) {
    for word in words(record) {
        all.insert(Token::new(Kind::Name, &[&word.sounds]));
        all.extend(start(&word.sounds).map(|start| Token::new(Kind::Start, &[start])));
    }
    let (Some(family), Some(given)) = (&record.family, &record.given) else { return };
    for one in parts(family) {
        for other in parts(given) {
            pair(&one, &other, all);
        }
    }
}

fn pair(one: &str, other: &str, all: &mut BTreeSet<Token>) {
    all.insert(both(Kind::FullName, one, other));
    all.insert(both(Kind::Bones, &skeleton(one), &skeleton(other)));
    for (whole, begun) in [(one, other), (other, one)] {
        all.extend(start(begun).map(|start| Token::new(Kind::NameStart, &[whole, start])));
    }
}

pub(crate) fn both(kind: Kind, one: &str, other: &str) -> Token {
    if one <= other { Token::new(kind, &[one, other]) } else { Token::new(kind, &[other, one]) }
}

pub(crate) fn token(kind: Kind, parts: &[&str]) -> Token {
    Token::new(kind, parts)
}

/// The first sounds of a name; a shorter name is its own start.
pub(crate) fn start(sounds: &str) -> Option<&str> {
    let end = sounds.char_indices().nth(START).map_or(sounds.len(), |(at, _)| at);
    sounds.get(..end).filter(|start| !start.is_empty())
}

fn words(record: &Prepared) -> impl Iterator<Item = &Word> {
    [&record.family, &record.given].into_iter().flatten().flat_map(|name| &name.words)
}

/// How each word of a name sounds, and the whole when words were written together or apart.
fn parts(name: &Name) -> BTreeSet<String> {
    let words = name.words.iter().map(|word| word.sounds.to_string());
    words.chain([name.sounds.to_string()]).filter(|sounds| !sounds.is_empty()).collect()
}

#[cfg(test)]
mod tests;
