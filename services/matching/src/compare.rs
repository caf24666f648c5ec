//! How close two descriptions are, field by field. Nothing is weighed here.

mod births;
mod numbers;

use crate::field::{AliasLevel, FIELDS, Field, NameLevel, OrderLevel, PlaceLevel, SexLevel};
use crate::names::Name;
use crate::places::PlaceCode;
use crate::record::{Prepared, name_level};
use crate::similar::few_edits;

/// The level of each field, best first from 0; [`Pattern::MISSING`] where one of the two says
/// nothing. Small and without content: it may be counted and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern(pub(crate) [u8; FIELDS]);

impl Pattern {
    /// One of the two descriptions does not say it.
    pub const MISSING: u8 = u8::MAX;

    /// The level of a field; `None` when it is missing.
    pub fn level(&self, field: Field) -> Option<u8> {
        Some(self.0[field.index()]).filter(|level| *level != Self::MISSING)
    }

    fn set(&mut self, field: Field, level: Option<u8>) {
        self.0[field.index()] = level.unwrap_or(Self::MISSING);
    }
}

/// Compares two descriptions. Which is first does not matter.
pub fn compare(a: &Prepared, b: &Prepared) -> Pattern {
    let mut pattern = Pattern([Pattern::MISSING; FIELDS]);
    let names = names(a, b);
    pattern.set(Field::Family, names.family.map(|level| level as u8));
    pattern.set(Field::Given, names.given.map(|level| level as u8));
    pattern.set(Field::Order, names.order.map(|level| level as u8));
    pattern.set(Field::Birth, births::level(a, b).map(|level| level as u8));
    pattern.set(Field::Sex, sex(a, b).map(|level| level as u8));
    pattern.set(Field::Place, place(a, b).map(|level| level as u8));
    pattern.set(Field::TaxCode, numbers::tax_code(a, b).map(|level| level as u8));
    pattern.set(Field::Identifier, numbers::closest(&a.identifiers, &b.identifiers));
    pattern.set(Field::Contact, numbers::closest(&a.contacts, &b.contacts));
    pattern.set(Field::Alias, alias(a, b).map(|level| level as u8));
    pattern
}

struct Names {
    family: Option<NameLevel>,
    given: Option<NameLevel>,
    order: Option<OrderLevel>,
}

/// Names in their order, unless none fits and each fits the other's other name.
fn names(a: &Prepared, b: &Prepared) -> Names {
    let family = name_level(a.family.as_ref(), b.family.as_ref());
    let given = name_level(a.given.as_ref(), b.given.as_ref());
    if family.is_some_and(is_close) || given.is_some_and(is_close) {
        return Names { family, given, order: straight(a, b) };
    }
    match crossed(a, b) {
        Some(order) => Names { family: None, given: None, order: Some(order) },
        None => Names { family, given, order: straight(a, b) },
    }
}

fn crossed(a: &Prepared, b: &Prepared) -> Option<OrderLevel> {
    let one = name_level(a.family.as_ref(), b.given.as_ref());
    let other = name_level(a.given.as_ref(), b.family.as_ref());
    match (one, other) {
        (Some(one), Some(other)) if one.max(other) <= NameLevel::Sounds => {
            Some(OrderLevel::Crossed)
        }
        (Some(one), Some(other)) => is_close(one.max(other)).then_some(OrderLevel::CrossedClose),
        (Some(only), None) | (None, Some(only)) => {
            (only <= NameLevel::Sounds).then_some(OrderLevel::CrossedOne)
        }
        (None, None) => None,
    }
}

fn is_close(level: NameLevel) -> bool {
    level <= NameLevel::Close
}

/// The order says something only where all four names are there.
fn straight(a: &Prepared, b: &Prepared) -> Option<OrderLevel> {
    let whole = |one: &Prepared| one.family.is_some() && one.given.is_some();
    (whole(a) && whole(b)).then_some(OrderLevel::Straight)
}

fn sex(a: &Prepared, b: &Prepared) -> Option<SexLevel> {
    Some(if a.sex? == b.sex? { SexLevel::Same } else { SexLevel::Different })
}

fn place(a: &Prepared, b: &Prepared) -> Option<PlaceLevel> {
    let (a, b) = (a.place.as_deref()?, b.place.as_deref()?);
    if a == b {
        return Some(PlaceLevel::Same);
    }
    let codes = PlaceCode::parse(a).is_some() && PlaceCode::parse(b).is_some();
    let close = !codes && few_edits(a, b) == Some(1);
    Some(if close { PlaceLevel::Close } else { PlaceLevel::Different })
}

/// An alias is compared with an alias, or else with the given name: people write either.
fn alias(a: &Prepared, b: &Prepared) -> Option<AliasLevel> {
    let level = match (&a.alias, &b.alias) {
        (Some(a), Some(b)) => a.level(b),
        (Some(alias), None) => called(alias, b.given.as_ref(), a.given.as_ref())?,
        (None, Some(alias)) => called(alias, a.given.as_ref(), b.given.as_ref())?,
        (None, None) => return None,
    };
    Some(match level {
        NameLevel::Same => AliasLevel::Same,
        NameLevel::Sounds
        | NameLevel::Variant
        | NameLevel::Part
        | NameLevel::Close
        | NameLevel::Similar => AliasLevel::Similar,
        NameLevel::Faint | NameLevel::Initial | NameLevel::Different => AliasLevel::Different,
    })
}

/// Only where there is no given name to compare: otherwise it would count twice.
fn called(alias: &Name, other: Option<&Name>, own: Option<&Name>) -> Option<NameLevel> {
    if own.is_some() { None } else { Some(alias.level(other?)) }
}

#[cfg(test)]
mod tests;
