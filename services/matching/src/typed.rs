//! What somebody has typed so far into the one box of a search.

use std::collections::BTreeSet;

use time::{Date, Month};

use crate::blocking::{Kind, START, Token, both, probes, start, token};
use crate::names::{Name, is_particle};
use crate::record::{Described, Prepared};
use crate::tax_code::{TaxCode, judge};
use crate::weights::Weights;

/// Words of a search that are looked at.
const WORDS_MAX: usize = 6;

/// Letters that may still become part of another sound: `c` of `ch`, `g` of `gi`, `gh`.
const NEXT_LETTERS: [&str; 3] = ["", "i", "h"];

/// A search as it was understood.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The person as far as she is described; names in the order in which they were typed.
    pub described: Described,
    /// How to look for her, the most selective first. Empty when too little is typed yet: three
    /// sounds of a name, or a whole code, number or date.
    pub probes: Vec<Token>,
}

impl Typed {
    /// Makes the search ready to be scored; the last word may be the beginning of a name.
    pub fn prepared(&self, weights: &Weights) -> Prepared {
        let mut prepared = Prepared::new(&self.described, weights);
        let last =
            if prepared.given.is_some() { &mut prepared.given } else { &mut prepared.family };
        if let Some(name) = last {
            name.unfinished = true;
        }
        prepared
    }
}

/// Reads a search: names in any order, the last perhaps unfinished, a birth date or year, a tax
/// code. A text with digits that is none of these is looked for as a personal number of each of
/// `number_kinds`.
pub fn typed(text: &str, number_kinds: &[&str]) -> Typed {
    let mut described = Described::default();
    let mut names: Vec<String> = Vec::new();
    let mut found = BTreeSet::new();
    for word in text.split_whitespace().take(WORDS_MAX) {
        if let Some(code) = judge(word, None).code.as_ref().map(TaxCode::as_str) {
            described.tax_code = Some(code.to_owned());
        } else if let Some(date) = date(word) {
            described.birth_date = Some(date);
        } else if let Some(year) = year(word) {
            described.birth_year = Some(year);
        } else if word.bytes().any(|c| c.is_ascii_digit()) {
            found.extend(number_kinds.iter().map(|kind| number(kind, word)));
        } else {
            join(&mut names, word);
        }
    }
    name_probes(&names, year_of(&described).as_deref(), &mut found);
    if names.is_empty() {
        found.extend(probes(&described));
    }
    described.family = names.first().cloned();
    described.given = names.get(1..).map(|given| given.join(" ")).filter(|given| !given.is_empty());
    Typed { described, probes: found.into_iter().collect() }
}

/// A particle belongs to the word after it: `de luca` is one name.
fn join(names: &mut Vec<String>, word: &str) {
    match names.last_mut() {
        Some(last) if is_particle(last) => {
            last.push(' ');
            last.push_str(word);
        }
        _ => names.push(word.to_owned()),
    }
}

fn number(kind: &str, value: &str) -> Token {
    token(Kind::Identifier, &[kind, &crate::record::number_form(value)])
}

fn year_of(described: &Described) -> Option<String> {
    let year = described.birth_date.map(Date::year).or(described.birth_year)?;
    Some(format!("{:02}", year.rem_euclid(100)))
}

/// The last name may be a beginning; those before it are whole.
fn name_probes(names: &[String], year: Option<&str>, found: &mut BTreeSet<Token>) {
    let Some((last, whole)) = names.split_last() else { return };
    let whole: BTreeSet<String> = whole.iter().flat_map(|name| heard(name)).collect();
    let (finished, starts) = (heard(last), starts(last));
    for (at, name) in whole.iter().enumerate() {
        let others = whole.iter().skip(at + 1).chain(&finished);
        found.extend(others.map(|other| both(Kind::FullName, name, other)));
        found.extend(starts.iter().map(|start| token(Kind::NameStart, &[name, start])));
    }
    if whole.is_empty() && !starts.is_empty() {
        let alone = |kind| finished.iter().map(move |name| token(kind, &[name]));
        found.extend(alone(Kind::Name).chain(alone(Kind::Alias)));
        found.extend(starts.iter().map(|start| match year {
            Some(year) => token(Kind::StartYear, &[start, year]),
            None => token(Kind::Start, &[start]),
        }));
    }
}

/// How a name sounds: each word but particles, and all of them written together.
fn heard(name: &str) -> BTreeSet<String> {
    let Some(name) = Name::new(name) else { return BTreeSet::new() };
    let words = name.words.iter().map(|word| word.sounds.to_string());
    words.chain([name.sounds.to_string()]).filter(|sounds| !sounds.is_empty()).collect()
}

/// The first sounds of a name that may go on; none while it has too few.
fn starts(name: &str) -> BTreeSet<String> {
    let enough = |sounds: &String| sounds.chars().count() >= START;
    if !heard(name).iter().any(enough) {
        return BTreeSet::new();
    }
    let going_on = NEXT_LETTERS.iter().flat_map(|next| heard(&format!("{name}{next}")));
    going_on.filter(enough).filter_map(|sounds| start(&sounds).map(str::to_owned)).collect()
}

/// `3/4/1985`, `03-04-1985`, `1985-04-03`.
fn date(word: &str) -> Option<Date> {
    let numbers: Option<Vec<i32>> =
        word.split(['/', '-', '.']).map(|part| part.parse().ok()).collect();
    let (year, month, day) = match *numbers?.as_slice() {
        [year, month, day] if year > 1_000 => (year, month, day),
        [day, month, year] if year > 1_000 => (year, month, day),
        _ => return None,
    };
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

fn year(word: &str) -> Option<i32> {
    word.parse().ok().filter(|year| (1_880..=2_100).contains(year) && word.len() == 4)
}

#[cfg(test)]
mod tests;
