//! Rules of a person's record, each a pure function with its source.

use std::ops::RangeInclusive;

use time::{Date, OffsetDateTime, Time};
use trama_events::codes::IdentifierKind;
use trama_events::rome;

use super::Rejection;

/// The earliest year of birth that is accepted.
pub const BIRTH_YEAR_MIN: u16 = 1900;
/// How many letters the code of an alias begins with.
pub const ALIAS_LETTERS: RangeInclusive<usize> = 2..=4;
/// How many digits the code of an alias ends with.
pub const ALIAS_DIGITS: RangeInclusive<usize> = 1..=6;
/// How long an STP code is valid at most, in months; renewing it is a new entry. Source: domain
/// §5, *STP*.
pub const STP_MONTHS_MAX: u32 = 6;

/// What a tax code replaces everywhere (domain §3.1, states: "a temporary CF replaced later").
pub const REPLACED_BY_CF: [IdentifierKind; 3] =
    [IdentifierKind::ProvisionalCf, IdentifierKind::Stp, IdentifierKind::Eni];

/// What is only for those whose stay is not registered: STP, and ENI for EU citizens.
pub const REPLACED_BY_LAWFUL_STAY: [IdentifierKind; 2] = [IdentifierKind::Stp, IdentifierKind::Eni];

const KINDS: [IdentifierKind; 5] = [
    IdentifierKind::Cf,
    IdentifierKind::ProvisionalCf,
    IdentifierKind::Stp,
    IdentifierKind::Eni,
    IdentifierKind::Doc,
];

/// The timer that watches the end of a kind of identifier.
pub fn timer(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Cf => "cf_ends",
        IdentifierKind::ProvisionalCf => "provisional_cf_ends",
        IdentifierKind::Stp => "stp_ends",
        IdentifierKind::Eni => "eni_ends",
        IdentifierKind::Doc => "doc_ends",
    }
}

/// The kind of identifier that a timer watches; `None` for a timer of another kind.
pub fn kind_of(name: &str) -> Option<IdentifierKind> {
    KINDS.into_iter().find(|kind| timer(*kind) == name)
}

/// The moment at which an identifier is not valid any more: 00:00 in Rome after its last day.
pub fn runs_out_at(last_day: Date) -> OffsetDateTime {
    rome::at(rome::days_after(last_day, 1), Time::MIDNIGHT)
}

/// # Errors
///
/// [`Rejection::RanOut`] when its last day is before `today`; [`Rejection::StpEnds`] when an STP
/// code has no end, or one more than [`STP_MONTHS_MAX`] months away.
pub fn validity(
    kind: IdentifierKind,
    valid_to: Option<Date>,
    today: Date,
) -> Result<(), Rejection> {
    let stp_end = rome::months_after(today, STP_MONTHS_MAX);
    match valid_to {
        Some(last) if last < today => Err(Rejection::RanOut { valid_to: last }),
        Some(last) if kind == IdentifierKind::Stp && last > stp_end => Err(Rejection::StpEnds),
        None if kind == IdentifierKind::Stp => Err(Rejection::StpEnds),
        Some(_) | None => Ok(()),
    }
}

/// # Errors
///
/// [`Rejection::BirthYear`] when it is before [`BIRTH_YEAR_MIN`] or after the year of `today`.
pub fn birth_year(year: Option<u16>, today: Date) -> Result<(), Rejection> {
    match year {
        Some(year) if year < BIRTH_YEAR_MIN || i32::from(year) > today.year() => {
            Err(Rejection::BirthYear)
        }
        Some(_) | None => Ok(()),
    }
}

/// The form of ISO 639-1. Which codes exist is a list of the screens: a rare language is never a
/// reason to refuse.
///
/// # Errors
///
/// [`Rejection::Language`] when it is not two letters from `a` to `z`.
pub fn language(code: &str) -> Result<(), Rejection> {
    let fits = code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
    if fits { Ok(()) } else { Err(Rejection::Language) }
}

/// The code of a unit and a running number, e.g. `UDS-0142`: so narrow that no name, no birth date
/// with a name and no identifier of a person fits (invariant A4).
///
/// # Errors
///
/// [`Rejection::AliasCode`] when it is not [`ALIAS_LETTERS`] letters of ASCII, a dash or none, and
/// [`ALIAS_DIGITS`] digits.
pub fn alias_code(code: &str) -> Result<(), Rejection> {
    let number = code.trim_start_matches(|symbol: char| symbol.is_ascii_alphabetic());
    let letters = code.len() - number.len();
    let digits = number.strip_prefix('-').unwrap_or(number);
    let fits = ALIAS_LETTERS.contains(&letters)
        && ALIAS_DIGITS.contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { Err(Rejection::AliasCode) }
}
