//! What is to be said about a tax code as somebody wrote it.

use time::Date;

use super::{Malformed, TaxCode, letters_and_digits};
use crate::field::Language;
use crate::places::place;

/// Digits of a provisional code.
const PROVISIONAL_LENGTH: usize = 11;

/// What was found out about a code. Never a refusal: each verdict is a sentence for who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The code as read, also when something is wrong with it; `None` when it is provisional or
    /// not a code by its form.
    pub code: Option<TaxCode>,
    /// What weighs most.
    pub verdict: Verdict,
    /// What else is to be said, in falling weight.
    pub also: Vec<Verdict>,
}

/// One thing to be said about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong with it.
    Valid,
    /// Valid, and told apart from another person's by *omocodia*. The base may be someone else's.
    Omocode {
        /// The code without replaced digits.
        base: TaxCode,
    },
    /// Eleven digits with the right last one: given for a time, until the person has her own.
    Provisional,
    /// Eleven digits, the last one not what the others ask for.
    WrongCheckDigit,
    /// The last letter is not what the others ask for: some character is wrong.
    WrongCheckLetter {
        /// The letter asked for, if all the others are right.
        expected: char,
    },
    /// There is no such day.
    ImpossibleDate,
    /// No municipality or state, open or closed, has this code.
    UnknownPlace,
    /// The municipality did not exist on the birth date: not yet, or no longer.
    PlaceNotThen,
    /// Digits were written as letters or the reverse (`O` for 0, `I` for 1); read as meant.
    Misread,
    /// Not a tax code by its form.
    Malformed(Malformed),
}

/// Reads a tax code and says everything that is to be said about it.
///
/// `born_on` is the person's birth date when it is known; without it a place counts as existing
/// when it did in 19xx or in 20xx.
pub fn judge(text: &str, born_on: Option<Date>) -> Judgement {
    let written = letters_and_digits(text);
    if written.len() == PROVISIONAL_LENGTH && written.bytes().all(|c| c.is_ascii_digit()) {
        return alone(None, provisional(written.as_bytes()));
    }
    match TaxCode::parse(&written) {
        Ok(code) => of_code(code, born_on, None),
        Err(fault) => match as_meant(&written) {
            Some(code) => of_code(code, born_on, Some(Verdict::Misread)),
            None => alone(None, Verdict::Malformed(fault)),
        },
    }
}

fn alone(code: Option<TaxCode>, verdict: Verdict) -> Judgement {
    Judgement { code, verdict, also: Vec::new() }
}

fn of_code(code: TaxCode, born_on: Option<Date>, misread: Option<Verdict>) -> Judgement {
    let check = Verdict::WrongCheckLetter { expected: code.check_letter() };
    let doubts = [
        (!code.checks()).then_some(check),
        has_no_day(&code).then_some(Verdict::ImpossibleDate),
        place_doubt(&code, born_on),
        misread,
        code.is_omocode().then(|| Verdict::Omocode { base: code.base() }),
    ];
    let mut said = doubts.into_iter().flatten();
    let verdict = said.next().unwrap_or(Verdict::Valid);
    Judgement { code: Some(code), verdict, also: said.collect() }
}

fn has_no_day(code: &TaxCode) -> bool {
    [1900, 2000].into_iter().all(|century| code.birth_date(century).is_none())
}

fn place_doubt(code: &TaxCode, born_on: Option<Date>) -> Option<Verdict> {
    let Some(place) = code.place().and_then(place) else { return Some(Verdict::UnknownPlace) };
    let days = match born_on {
        Some(day) => [Some(day), None],
        None => [code.birth_date(1900), code.birth_date(2000)],
    };
    let known = || days.into_iter().flatten();
    let never = known().next().is_some() && !known().any(|day| place.existed_on(day));
    never.then_some(Verdict::PlaceNotThen)
}

/// The check of the provisional code is that of the VAT number: Luhn's.
fn provisional(digits: &[u8]) -> Verdict {
    let sum: u32 = digits.iter().enumerate().map(|(at, c)| luhn(at, u32::from(c - b'0'))).sum();
    if sum.is_multiple_of(10) { Verdict::Provisional } else { Verdict::WrongCheckDigit }
}

fn luhn(at: usize, digit: u32) -> u32 {
    let doubled = if at.is_multiple_of(2) { digit } else { digit * 2 };
    if doubled > 9 { doubled - 9 } else { doubled }
}

/// The code read with `O` and 0, `I` and 1 exchanged where only the other can stand, when its check
/// letter then is right: a proof that this was meant.
fn as_meant(written: &str) -> Option<TaxCode> {
    let meant: String = written
        .chars()
        .enumerate()
        .map(|(at, c)| match (super::DIGITS_AT.contains(&at), c) {
            (true, 'O') => '0',
            (true, 'I') => '1',
            (false, '0') => 'O',
            (false, '1') => 'I',
            (_, other) => other,
        })
        .collect();
    TaxCode::parse(&meant).ok().filter(TaxCode::checks)
}

impl Verdict {
    /// Whether the code can be trusted to be this person's as it is written.
    pub fn is_sound(self) -> bool {
        match self {
            Self::Valid | Self::Omocode { .. } | Self::Provisional => true,
            Self::WrongCheckDigit
            | Self::WrongCheckLetter { .. }
            | Self::ImpossibleDate
            | Self::UnknownPlace
            | Self::PlaceNotThen
            | Self::Misread
            | Self::Malformed(_) => false,
        }
    }

    /// A stable word for each verdict, for doors and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Omocode { .. } => "omocode",
            Self::Provisional => "provisional",
            Self::WrongCheckDigit => "wrong_check_digit",
            Self::WrongCheckLetter { .. } => "wrong_check_letter",
            Self::ImpossibleDate => "impossible_date",
            Self::UnknownPlace => "unknown_place",
            Self::PlaceNotThen => "place_not_then",
            Self::Misread => "misread",
            Self::Malformed(_) => "malformed",
        }
    }

    /// The verdict as a sentence.
    pub fn sentence(self, language: Language) -> String {
        match language {
            Language::Italian => self.italian(),
            Language::English => self.english(),
        }
    }

    fn italian(self) -> String {
        match self {
            Self::Valid => "Codice fiscale valido.".into(),
            Self::Omocode { .. } => {
                "Codice valido con omocodia: un'altra persona può avere lo stesso codice con le \
                 cifre al posto delle lettere."
                    .into()
            }
            Self::Provisional => "Codice fiscale provvisorio di 11 cifre, valido.".into(),
            Self::WrongCheckDigit => {
                "Codice provvisorio: l'ultima cifra non corrisponde alle altre. Ricontrolla.".into()
            }
            Self::WrongCheckLetter { expected } => format!(
                "L'ultima lettera non corrisponde alle altre (attesa {expected}): un carattere è \
                 sbagliato. Ricontrolla, oppure salva così."
            ),
            Self::ImpossibleDate => "La data di nascita nel codice non esiste. Ricontrolla.".into(),
            Self::UnknownPlace => {
                "Il luogo di nascita nel codice non è in elenco. Ricontrolla, oppure salva così."
                    .into()
            }
            Self::PlaceNotThen => {
                "Il comune di nascita nel codice non esisteva a quella data. Ricontrolla.".into()
            }
            Self::Misread => "Letto con 0 per O e 1 per I. Conferma il codice.".into(),
            Self::Malformed(Malformed::Length(length)) => format!(
                "Un codice fiscale ha 16 caratteri, o 11 cifre se provvisorio; questo ne ha \
                 {length}."
            ),
            Self::Malformed(Malformed::Character(at)) => {
                format!("Il carattere {at} non può stare in quel posto. Ricontrolla.")
            }
        }
    }

    fn english(self) -> String {
        match self {
            Self::Valid => "Valid tax code.".into(),
            Self::Omocode { .. } => {
                "Valid code with omocodia: another person may have the same code with digits in \
                 place of the letters."
                    .into()
            }
            Self::Provisional => "Provisional tax code of 11 digits, valid.".into(),
            Self::WrongCheckDigit => {
                "Provisional code: the last digit does not fit the others. Check it.".into()
            }
            Self::WrongCheckLetter { expected } => format!(
                "The last letter does not fit the others ({expected} expected): one character is \
                 wrong. Check it, or save it as it is."
            ),
            Self::ImpossibleDate => "The birth date in the code does not exist. Check it.".into(),
            Self::UnknownPlace => {
                "The birthplace in the code is not in the list. Check it, or save it as it is."
                    .into()
            }
            Self::PlaceNotThen => {
                "The municipality in the code did not exist on that date. Check it.".into()
            }
            Self::Misread => "Read with 0 for O and 1 for I. Confirm the code.".into(),
            Self::Malformed(Malformed::Length(length)) => format!(
                "A tax code has 16 characters, or 11 digits when provisional; this has {length}."
            ),
            Self::Malformed(Malformed::Character(at)) => {
                format!("Character {at} cannot stand there. Check it.")
            }
        }
    }
}
