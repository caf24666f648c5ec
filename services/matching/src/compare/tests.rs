use time::Date;
use time::macros::date;

use super::*;
use crate::field::{BirthLevel, NumberLevel};
use crate::record::{Described, Identifier};
use crate::weights::Frequencies;

fn level(field: Field, a: &Described, b: &Described) -> Option<u8> {
    let ready = |described| Prepared::among(described, &Frequencies::default());
    compare(&ready(a), &ready(b)).level(field)
}

fn births(a: Date, b: Date) -> BirthLevel {
    let born = |date| Described { birth_date: Some(date), ..Described::default() };
    let found = level(Field::Birth, &born(a), &born(b));
    let all = [
        BirthLevel::Same,
        BirthLevel::SameNewYear,
        BirthLevel::DayMonthSwapped,
        BirthLevel::OneDigit,
        BirthLevel::DayAndMonth,
        BirthLevel::SameYear,
        BirthLevel::NearYear,
        BirthLevel::Different,
    ];
    all[usize::from(found.unwrap())]
}

#[test]
fn birth_dates_are_told_apart_by_how_they_come_to_differ() {
    let born = date!(1984 - 03 - 05);
    assert_eq!(births(born, born), BirthLevel::Same);
    assert_eq!(births(date!(1984 - 01 - 01), date!(1984 - 01 - 01)), BirthLevel::SameNewYear);
    assert_eq!(births(born, date!(1984 - 05 - 03)), BirthLevel::DayMonthSwapped);
    assert_eq!(births(born, date!(1994 - 03 - 05)), BirthLevel::OneDigit);
    assert_eq!(births(born, date!(1948 - 03 - 05)), BirthLevel::OneDigit);
    assert_eq!(births(born, date!(1977 - 03 - 05)), BirthLevel::DayAndMonth);
    assert_eq!(births(born, date!(1984 - 11 - 20)), BirthLevel::SameYear);
    assert_eq!(births(born, date!(1985 - 11 - 20)), BirthLevel::NearYear);
    assert_eq!(births(born, date!(1951 - 11 - 20)), BirthLevel::Different);
}

#[test]
fn a_year_alone_is_compared_as_a_year() {
    let year = |year| Described { birth_year: Some(year), ..Described::default() };
    let day = Described { birth_date: Some(date!(1984 - 03 - 05)), ..Described::default() };
    let found = |a| level(Field::Birth, &day, &year(a));
    assert_eq!(found(1984), Some(BirthLevel::YearAlone as u8));
    assert_eq!(found(1986), Some(BirthLevel::YearAloneNear as u8));
    assert_eq!(found(1990), Some(BirthLevel::YearAloneDifferent as u8));
}

#[test]
fn a_date_in_a_tax_code_stands_in_only_where_the_other_has_no_code() {
    let coded = Described { tax_code: Some("RSSMRA85T10A562S".into()), ..Described::default() };
    let dated = Described { birth_date: Some(date!(1985 - 12 - 10)), ..Described::default() };
    assert_eq!(level(Field::Birth, &coded, &dated), Some(BirthLevel::Same as u8));
    assert_eq!(level(Field::Birth, &coded, &coded), None, "it would count twice");
}

#[test]
fn numbers_of_different_kinds_are_never_compared() {
    let with = |kind: &str, value: &str| Described {
        identifiers: vec![Identifier { kind: kind.into(), value: value.into() }],
        ..Described::default()
    };
    let of = |a: Described, b: Described| level(Field::Identifier, &a, &b);
    assert_eq!(of(with("stp", "1"), with("eni", "1")), None);
    assert_eq!(of(with("stp", "STP 16-01"), with("stp", "stp1601")), Some(NumberLevel::Same as u8));
    let off = of(with("stp", "stp1601"), with("stp", "stp1610"));
    assert_eq!(off, Some(NumberLevel::OneOff as u8));
}

#[test]
fn a_place_is_the_same_by_its_code_and_by_its_name() {
    let at = |place: &str| Described { birth_place: Some(place.into()), ..Described::default() };
    let of = |a, b| level(Field::Place, &at(a), &at(b));
    assert_eq!(of("A662", "BARI"), Some(PlaceLevel::Same as u8));
    assert_eq!(of("A662", "F205"), Some(PlaceLevel::Different as u8));
    assert_eq!(of("Timbuctu", "Timbuktu"), Some(PlaceLevel::Close as u8));
}

#[test]
fn names_are_crossed_only_when_none_fits_straight_and_each_fits_the_other() {
    let named = |family: &str, given: &str| Described {
        family: Some(family.into()),
        given: Some(given.into()),
        ..Described::default()
    };
    let order = |a, b| level(Field::Order, &a, &b);
    let crossed = order(named("Rossi", "Mario"), named("Mario", "Rossi"));
    assert_eq!(crossed, Some(OrderLevel::Crossed as u8));
    let straight = order(named("Rossi", "Mario"), named("Rossi", "Rosso"));
    assert_eq!(straight, Some(OrderLevel::Straight as u8));
    let neither = order(named("Rossi", "Mario"), named("Mario", "Verdi"));
    assert_eq!(neither, Some(OrderLevel::Straight as u8));
}
