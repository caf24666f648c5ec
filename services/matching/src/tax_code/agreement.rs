//! Whether a tax code and a person's particulars tell the same.

use super::{TaxCode, family_letters, given_letters};
use crate::places::{PlaceCode, places_named};
use crate::record::Described;

/// Which parts of a code agree with a person; `None` where she has not told the part.
///
/// A part that disagrees is a reason to ask, never to refuse: people change names, registries
/// write them otherwise, codes are given on wrong dates and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Three letters of the family name.
    pub family: Option<bool>,
    /// Three letters of the given names.
    pub given: Option<bool>,
    /// Sex.
    pub sex: Option<bool>,
    /// Day, month and last two digits of the year.
    pub birth_date: Option<bool>,
    /// Municipality or state; by name, any of the places with that name.
    pub birth_place: Option<bool>,
}

impl Agreement {
    /// Whether no part that is known disagrees.
    pub fn is_whole(&self) -> bool {
        let parts = [self.family, self.given, self.sex, self.birth_date, self.birth_place];
        !parts.contains(&Some(false))
    }
}

/// Compares a code with what a person has told. *Omocodia* does not matter.
pub fn agrees(code: &TaxCode, person: &Described) -> Agreement {
    let day = |date: time::Date| {
        let yy = date.year().rem_euclid(100) == i32::from(code.year_of_century());
        yy && code.month_and_day() == Some((date.month(), date.day()))
    };
    Agreement {
        family: person.family.as_deref().map(|name| family_letters(name) == code.family()),
        given: person.given.as_deref().map(|name| given_letters(name) == code.given()),
        sex: person.sex.map(|sex| sex == code.sex()),
        birth_date: person.birth_date.map(day),
        birth_place: person.birth_place.as_deref().and_then(|place| same_place(code, place)),
    }
}

/// `None` when the place is not one that is known: a name in another spelling says nothing.
fn same_place(code: &TaxCode, told: &str) -> Option<bool> {
    let coded = code.place()?;
    if let Some(told) = PlaceCode::parse(told) {
        return Some(told == coded);
    }
    let named = places_named(told);
    (!named.is_empty()).then(|| named.contains(&coded))
}
