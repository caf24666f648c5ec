//! How close two tax codes, or two numbers of the same kind, are.

use crate::field::{NumberLevel, TaxCodeLevel};
use crate::record::{Coded, Numbered, Prepared};
use crate::similar::few_edits;

pub(super) fn tax_code(a: &Prepared, b: &Prepared) -> Option<TaxCodeLevel> {
    match (&a.code, &b.code) {
        (Some(code), Some(other)) => Some(codes(code, other)),
        (Some(code), None) => fits(a, code, b),
        (None, Some(code)) => fits(b, code, a),
        (None, None) => None,
    }
}

fn codes(a: &Coded, b: &Coded) -> TaxCodeLevel {
    if a.code == b.code {
        let contested = a.contested || b.contested;
        return if contested { TaxCodeLevel::Contested } else { TaxCodeLevel::Same };
    }
    if few_edits(a.code.as_str(), b.code.as_str()) == Some(1) {
        return TaxCodeLevel::OneOff;
    }
    if a.base == b.base {
        return TaxCodeLevel::Omocodes;
    }
    if a.code.person_part() == b.code.person_part() {
        return TaxCodeLevel::OtherPlace;
    }
    if one_off(a, b) { TaxCodeLevel::OneOff } else { TaxCodeLevel::Different }
}

/// One character is wrong, and the check letter was made to fit it.
fn one_off(a: &Coded, b: &Coded) -> bool {
    let pairs = a.base.bytes()[..15].iter().zip(&b.base.bytes()[..15]);
    pairs.filter(|(x, y)| x != y).count() == 1
}

/// One has nothing but a code, the other no code: the letters of the names must do.
fn fits(only_code: &Prepared, code: &Coded, other: &Prepared) -> Option<TaxCodeLevel> {
    let nameless = only_code.family.is_none() && only_code.given.is_none();
    let [Some(family), Some(given)] = other.letters else { return None };
    let fits = family == code.code.family() && given == code.code.given();
    nameless.then_some(if fits { TaxCodeLevel::Fits } else { TaxCodeLevel::FitsNot })
}

/// The best level among numbers of the same kind; `None` when no kind is in both.
pub(super) fn closest(a: &[Numbered], b: &[Numbered]) -> Option<u8> {
    let mut best = None;
    for one in a {
        for other in b.iter().filter(|other| other.kind == one.kind) {
            let level = number(&one.value, &other.value) as u8;
            best = Some(best.map_or(level, |best: u8| best.min(level)));
        }
    }
    best
}

fn number(a: &str, b: &str) -> NumberLevel {
    match few_edits(a, b) {
        Some(0) => NumberLevel::Same,
        Some(1) => NumberLevel::OneOff,
        Some(2) => NumberLevel::TwoOff,
        Some(_) | None => NumberLevel::Different,
    }
}
