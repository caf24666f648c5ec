//! The Italian tax code (*codice fiscale*): how it is built, read and compared with a person.
//!
//! Nothing here refuses a person. A code that does not fit is described ([`judge`], [`agrees`]);
//! whoever takes it in decides, and may keep it as it is written.
//!
//! Source of the rules: DM 23 December 1976 and the tax agency's description of *omocodia*.

mod agreement;
mod judgement;
mod letters;

use std::fmt;

use time::{Date, Month};

use crate::places::PlaceCode;
use crate::record::Sex;

pub use agreement::{Agreement, agrees};
pub use judgement::{Judgement, Verdict, judge};
pub(crate) use letters::{family_letters, given_letters};

/// Characters of a person's code.
pub const LENGTH: usize = 16;

/// Where a code has digits, which *omocodia* may replace by letters; counted from 0.
pub const DIGITS_AT: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];

/// Letters that stand for the digits 0 to 9 when two people would have had the same code.
const OMOCODIA: &[u8; 10] = b"LMNPQRSTUV";

/// Added to the day of birth of a woman.
const WOMEN_FROM: u8 = 40;

/// Letters of the months January to December.
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";

/// Value of A to Z, and of 0 to 9 as A to J, in the first, third, ... place.
const ODD: [u8; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// A person's tax code: sixteen characters in the right places, upper case.
///
/// Its check letter, date and place may be wrong: [`judge`] says so. Two codes are equal when they
/// are written alike; see [`TaxCode::base`] for *omocodia*.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaxCode([u8; LENGTH]);

/// What a tax code is computed from.
#[derive(Clone, Copy)]
pub struct Born<'a> {
    /// Family name or names as written.
    pub family: &'a str,
    /// Given names as written, all of them.
    pub given: &'a str,
    /// Sex in the registry.
    pub sex: Sex,
    /// Date of birth.
    pub birth_date: Date,
    /// Cadastral code of the municipality, or of the state for a birth abroad.
    pub place: PlaceCode,
}

/// The code that follows from a person's particulars, before any *omocodia*.
///
/// Accents, apostrophes, hyphens and blanks do not count; foreign letters count as their Latin
/// reading (`Đ` as D, `ß` as SS). Of the year only the last two digits enter.
pub fn compute(born: &Born<'_>) -> TaxCode {
    let mut code = [b'X'; LENGTH];
    code[..3].copy_from_slice(&family_letters(born.family));
    code[3..6].copy_from_slice(&given_letters(born.given));
    let year = born.birth_date.year().rem_euclid(100).unsigned_abs();
    let from = if born.sex == Sex::Female { WOMEN_FROM } else { 0 };
    let day = u32::from(born.birth_date.day() + from);
    code[6..8].copy_from_slice(&two_digits(year));
    code[8] = MONTHS[usize::from(u8::from(born.birth_date.month())) - 1];
    code[9..11].copy_from_slice(&two_digits(day));
    code[11..15].copy_from_slice(&born.place.bytes());
    code[15] = check_letter(&code);
    TaxCode(code)
}

/// Why a text is not sixteen characters in the right places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It has another number of letters and digits.
    #[error("a tax code has 16 characters; this has {0}")]
    Length(usize),
    /// A letter where a digit belongs or the reverse; counted from 1.
    #[error("character {0} of the tax code cannot stand there")]
    Character(usize),
}

impl TaxCode {
    /// Reads a code as people write it: any case, with blanks, dots or dashes.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it is not a person's code by its form; [`judge`] explains more.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let written = letters_and_digits(text);
        let length = written.chars().count();
        let code: [u8; LENGTH] =
            written.as_bytes().try_into().map_err(|_| Malformed::Length(length))?;
        match (0..LENGTH).find(|at| !fits(*at, code[*at])) {
            Some(at) => Err(Malformed::Character(at + 1)),
            None => Ok(Self(code)),
        }
    }

    /// The sixteen characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code without *omocodia*: every replaced digit put back, the check letter recomputed.
    ///
    /// Equal bases do not mean the same person: *omocodia* is given to two people who would have
    /// had the same code. An older document of one of them may still carry the base.
    #[must_use]
    pub fn base(&self) -> Self {
        let mut code = self.0;
        for at in DIGITS_AT {
            code[at] = b'0' + digit(code[at]);
        }
        code[15] = check_letter(&code);
        Self(code)
    }

    /// Whether any digit is replaced by a letter.
    pub fn is_omocode(&self) -> bool {
        DIGITS_AT.iter().any(|at| self.0[*at].is_ascii_alphabetic())
    }

    /// The 127 codes that *omocodia* can make of this one's base. The agency replaces digits from
    /// the right; every other choice is read all the same.
    pub fn omocodes(&self) -> impl Iterator<Item = Self> {
        let base = self.base().0;
        (1u8..128).map(move |chosen| {
            let mut code = base;
            for (bit, at) in DIGITS_AT.into_iter().enumerate() {
                if chosen & (1 << bit) != 0 {
                    code[at] = OMOCODIA[usize::from(digit(base[at]))];
                }
            }
            code[15] = check_letter(&code);
            Self(code)
        })
    }

    /// The check letter that the first fifteen characters ask for.
    pub fn check_letter(&self) -> char {
        char::from(check_letter(&self.0))
    }

    /// Whether its last letter is the one asked for.
    pub fn checks(&self) -> bool {
        self.0[15] == check_letter(&self.0)
    }

    /// The three letters of the family name.
    pub fn family(&self) -> &[u8] {
        &self.0[..3]
    }

    /// The three letters of the given names.
    pub fn given(&self) -> &[u8] {
        &self.0[3..6]
    }

    /// Last two digits of the year of birth.
    pub fn year_of_century(&self) -> u8 {
        digit(self.0[6]) * 10 + digit(self.0[7])
    }

    /// Month and day of birth, when there is such a month and such a day in a leap year.
    pub fn month_and_day(&self) -> Option<(Month, u8)> {
        let index = MONTHS.iter().position(|letter| *letter == self.0[8])?;
        let month = Month::try_from(u8::try_from(index + 1).ok()?).ok()?;
        let day = self.day_number();
        let day = if self.sex() == Sex::Female { day - WOMEN_FROM } else { day };
        (1..=month.length(2000)).contains(&day).then_some((month, day))
    }

    /// Sex: women's days are counted from 41.
    pub fn sex(&self) -> Sex {
        if self.day_number() > WOMEN_FROM { Sex::Female } else { Sex::Male }
    }

    /// The date of birth in the century that begins with `century_start` (1900 or 2000), when
    /// there is such a day.
    pub fn birth_date(&self, century_start: i32) -> Option<Date> {
        let (month, day) = self.month_and_day()?;
        let year = century_start + i32::from(self.year_of_century());
        Date::from_calendar_date(year, month, day).ok()
    }

    /// Where the person was born.
    pub fn place(&self) -> Option<PlaceCode> {
        PlaceCode::parse(std::str::from_utf8(&self.base().0[11..15]).ok()?)
    }

    /// Family name, given names, year, month, day and sex: what a code says without the place.
    pub(crate) fn person_part(&self) -> [u8; 11] {
        let mut part = [0; 11];
        part.copy_from_slice(&self.base().0[..11]);
        part
    }

    fn day_number(&self) -> u8 {
        digit(self.0[9]) * 10 + digit(self.0[10])
    }

    pub(crate) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

/// A tax code identifies a person: it never shows itself in logs or errors.
impl fmt::Debug for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaxCode(..)")
    }
}

/// Upper case, without what people write between the characters.
fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn fits(at: usize, character: u8) -> bool {
    if DIGITS_AT.contains(&at) {
        character.is_ascii_digit() || OMOCODIA.contains(&character)
    } else {
        character.is_ascii_uppercase()
    }
}

/// The digit that a character stands for; only for characters that [`fits`] let through.
fn digit(character: u8) -> u8 {
    if character.is_ascii_digit() {
        return character - b'0';
    }
    (b'0'..).zip(OMOCODIA).find(|(_, letter)| **letter == character).map_or(0, |(d, _)| d - b'0')
}

fn two_digits(number: u32) -> [u8; 2] {
    [digit_at(number / 10), digit_at(number)]
}

fn digit_at(number: u32) -> u8 {
    b"0123456789"[(number % 10) as usize]
}

fn check_letter(code: &[u8; LENGTH]) -> u8 {
    let sum: u32 = (0..15).map(|at| u32::from(value(at, code[at]))).sum();
    (b'A'..=b'Z').nth((sum % 26) as usize).unwrap_or(b'A')
}

fn value(at: usize, character: u8) -> u8 {
    let order = if character.is_ascii_digit() { character - b'0' } else { character - b'A' };
    if at.is_multiple_of(2) { ODD[usize::from(order)] } else { order }
}

#[cfg(test)]
mod tests;
