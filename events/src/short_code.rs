//! The code by which people speak of a person without naming her: `7K2FM-Q`.
//!
//! Five symbols and a check symbol over 32 symbols without I, L, O and U. The check is a weighted
//! sum in the field of 32 elements, each place with a weight of its own: it finds every single
//! wrong symbol and every swap of two.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BODY_LEN: usize = 5;

/// A person's short code, e.g. `7K2FM-Q`. Unique in a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(as = ShortCode, value_type = String, example = "7K2FM-Q")]
pub struct ShortCode(String);

/// Why a text is not a short code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAShortCode {
    /// Other symbols, or too few or many.
    #[error("a code is five symbols, a dash and a check, e.g. 7K2FM-Q")]
    Form,
    /// The check symbol does not fit: a typing mistake.
    #[error("the code's last symbol does not fit the others: look for a wrong or swapped symbol")]
    Check,
}

impl ShortCode {
    /// The `attempt`-th candidate for a person. The registration takes the first that is free.
    pub fn candidate(person: Uuid, attempt: u16) -> Self {
        let seed =
            crate::ids::derive_uuid("ShortCode", &[&person.to_string(), &attempt.to_string()]);
        let mut number = seed.as_u128();
        let mut body = [0_usize; BODY_LEN];
        for symbol in &mut body {
            *symbol = usize::try_from(number % 32).unwrap_or(0);
            number /= 32;
        }
        Self::of(body)
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(body: [usize; BODY_LEN]) -> Self {
        let all = body.into_iter().chain([check(body)]);
        let mut text: String = all.map(|i| char::from(SYMBOLS[i])).collect();
        text.insert(BODY_LEN, '-');
        Self(text)
    }
}

/// The weights are the powers of the field's generator, the check symbol's own weight being 1.
fn check(body: [usize; BODY_LEN]) -> usize {
    let horner = body.iter().fold(0, |sum, symbol| twice(sum) ^ symbol);
    twice(horner)
}

/// Times the generator, in the field of 32 elements by x^5 + x^2 + 1.
fn twice(element: usize) -> usize {
    let doubled = element << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

impl FromStr for ShortCode {
    type Err = NotAShortCode;

    /// Reads a code as people type it: lower case, without the dash, O for 0, I or L for 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read_body(text).map(Self::of)
    }
}

fn read_body(text: &str) -> Result<[usize; BODY_LEN], NotAShortCode> {
    let symbols: Vec<usize> = text
        .chars()
        .filter(|c| *c != '-' && *c != ' ')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .map(|c| SYMBOLS.iter().position(|s| char::from(*s) == c).ok_or(NotAShortCode::Form))
        .collect::<Result<_, _>>()?;
    let (given, body) = symbols.split_last().ok_or(NotAShortCode::Form)?;
    let body = <[usize; BODY_LEN]>::try_from(body).map_err(|_| NotAShortCode::Form)?;
    if check(body) == *given { Ok(body) } else { Err(NotAShortCode::Check) }
}

/// Bits of a group.
pub const GROUP_BITS: u32 = 25;

/// A group of a longer code: five symbols for 25 bits, and their check symbol, e.g. `7K2FMQ`.
pub fn group(bits: u32) -> String {
    let place = |place: u32| usize::try_from(bits >> (5 * place) & 31).unwrap_or(0);
    ShortCode::of([place(4), place(3), place(2), place(1), place(0)]).0.replace('-', "")
}

/// The 25 bits of a group as people type it.
///
/// # Errors
///
/// [`NotAShortCode`], as for a code of one group.
pub fn read_group(text: &str) -> Result<u32, NotAShortCode> {
    let body = read_body(text)?;
    body.into_iter().try_fold(0, |sum: u32, symbol| {
        Ok(sum << 5 | u32::try_from(symbol).map_err(|_| NotAShortCode::Form)?)
    })
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ShortCode {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> String {
        ShortCode::candidate(Uuid::from_u128(7), 0).to_string()
    }

    #[test]
    fn a_code_reads_back_as_it_is_written_or_typed() {
        let code = code();
        assert_eq!(code.parse::<ShortCode>().unwrap().as_str(), code);
        let typed = code.to_lowercase().replace('-', "").replace('0', "o");
        assert_eq!(typed.parse::<ShortCode>().unwrap().as_str(), code);
    }

    #[test]
    fn every_single_wrong_symbol_is_found() {
        let right: Vec<char> = code().chars().filter(|c| *c != '-').collect();
        for place in 0..right.len() {
            for symbol in SYMBOLS.iter().map(|s| char::from(*s)).filter(|s| *s != right[place]) {
                let mut wrong = right.clone();
                wrong[place] = symbol;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(wrong.parse::<ShortCode>(), Err(NotAShortCode::Check), "{wrong}");
            }
        }
    }

    #[test]
    fn two_swapped_symbols_are_found() {
        for person in 0..500_u128 {
            let right: Vec<char> = ShortCode::candidate(Uuid::from_u128(person), 0)
                .to_string()
                .chars()
                .filter(|c| *c != '-')
                .collect();
            for (one, other) in (0..6).flat_map(|a| (0..6).map(move |b| (a, b))) {
                let mut wrong = right.clone();
                wrong.swap(one, other);
                let swapped = right[one] != right[other];
                let text: String = wrong.into_iter().collect();
                assert_eq!(text.parse::<ShortCode>().is_err(), swapped, "{text}");
            }
        }
    }

    #[test]
    fn a_group_of_a_longer_code_reads_back() {
        for bits in [0, 1, 0x0155_5555, (1 << GROUP_BITS) - 1] {
            assert_eq!(read_group(&group(bits).to_lowercase()), Ok(bits));
        }
        assert_eq!(read_group("000001"), Err(NotAShortCode::Check));
    }

    #[test]
    fn another_form_is_refused_as_such() {
        for text in ["", "7K2FM", "7K2FM-QQ", "7K2F!-Q", "ééééé-é"] {
            assert_eq!(text.parse::<ShortCode>(), Err(NotAShortCode::Form), "{text}");
        }
    }
}
