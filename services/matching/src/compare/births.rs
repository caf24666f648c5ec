//! How close two birth dates are.

use crate::field::BirthLevel;
use crate::record::{Birth, Prepared};

/// Years that an estimated age may be off.
const YEARS_NEAR: u32 = 2;

/// A date that is only in the tax code stands in, unless the other has a code too: then the codes
/// are compared, and the date would count twice.
pub(super) fn level(a: &Prepared, b: &Prepared) -> Option<BirthLevel> {
    let of = |one: &Prepared, other: &Prepared| {
        let coded = one.code.filter(|_| other.code.is_none()).and_then(|code| code.birth);
        one.birth.or(coded)
    };
    let (a, b) = (of(a, b)?, of(b, a)?);
    Some(match (a.day, b.day) {
        (Some(day), Some(other)) => dates(a, day, b, other),
        (None, _) | (_, None) => years(a, b),
    })
}

fn dates(a: Birth, (month, day): (u8, u8), b: Birth, (month_b, day_b): (u8, u8)) -> BirthLevel {
    let same_year = years_apart(a, b) == 0;
    if same_year && (month, day) == (month_b, day_b) {
        let new_year = (month, day) == (1, 1);
        return if new_year { BirthLevel::SameNewYear } else { BirthLevel::Same };
    }
    if same_year && (month, day) == (day_b, month_b) {
        return BirthLevel::DayMonthSwapped;
    }
    if slip(digits(a, month, day), digits(b, month_b, day_b)) {
        return BirthLevel::OneDigit;
    }
    if (month, day) == (month_b, day_b) {
        return BirthLevel::DayAndMonth;
    }
    match years_apart(a, b) {
        0 => BirthLevel::SameYear,
        1..=YEARS_NEAR => BirthLevel::NearYear,
        _ => BirthLevel::Different,
    }
}

fn years(a: Birth, b: Birth) -> BirthLevel {
    match years_apart(a, b) {
        0 => BirthLevel::YearAlone,
        1..=YEARS_NEAR => BirthLevel::YearAloneNear,
        _ => BirthLevel::YearAloneDifferent,
    }
}

/// Whole years where both are known, otherwise within the century.
fn years_apart(a: Birth, b: Birth) -> u32 {
    match (a.year, b.year) {
        (Some(a), Some(b)) => a.abs_diff(b),
        (None, _) | (_, None) => a.yy.abs_diff(b.yy),
    }
}

/// Day, month, and the year in as many digits as are known.
fn digits(birth: Birth, month: u8, day: u8) -> [i32; 8] {
    let year = birth.year.unwrap_or(birth.yy);
    let (month, day) = (i32::from(month), i32::from(day));
    let century = birth.year.map_or(-1, |year| year / 100);
    [
        day / 10,
        day % 10,
        month / 10,
        month % 10,
        century / 10,
        century % 10,
        year / 10 % 10,
        year % 10,
    ]
}

/// One digit differs, or two neighbours are exchanged.
fn slip(a: [i32; 8], mut b: [i32; 8]) -> bool {
    if a[4..6].contains(&-1) || b[4..6].contains(&-1) {
        b[4..6].copy_from_slice(&a[4..6]);
    }
    let mut differ = (0..8).filter(|at| a[*at] != b[*at]);
    match (differ.next(), differ.next(), differ.next()) {
        (Some(_), None, _) => true,
        (Some(first), Some(second), None) => {
            second == first + 1 && a[first] == b[second] && a[second] == b[first]
        }
        _ => false,
    }
}
