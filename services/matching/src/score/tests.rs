use proptest::prelude::*;
use time::Date;
use time::macros::date;

use super::*;
use crate::record::{Described, Identifier, Sex};
use crate::weights::Frequencies;

fn weights() -> Weights {
    Weights::italian().unwrap()
}

fn score(a: &Described, b: &Described) -> Match {
    let weights = weights();
    weights.score(&Prepared::new(a, &weights), &Prepared::new(b, &weights))
}

fn person(family: &str, given: &str, born: Date) -> Described {
    Described {
        family: Some(family.into()),
        given: Some(given.into()),
        birth_date: Some(born),
        ..Described::default()
    }
}

fn lucia() -> Described {
    Described {
        sex: Some(Sex::Female),
        birth_place: Some("A662".into()),
        ..person("Zaccagnini", "Lucia", date!(1984 - 03 - 05))
    }
}

fn words(of: Match, language: Language) -> Vec<&'static str> {
    of.reasons().iter().map(|reason| reason.words(language)).collect()
}

const SURE: f64 = 0.99;

#[test]
fn each_reason_is_said_in_words_of_both_languages() {
    let misheard = person("Zacagnini", "Lucia", date!(1984 - 03 - 05));
    let found = score(&lucia(), &misheard);
    let italian = ["stessa data di nascita", "cognome che suona uguale", "stesso nome"];
    assert_eq!(words(found, Language::Italian), italian);
    let english = ["same birth date", "family name that sounds the same", "same given name"];
    assert_eq!(words(found, Language::English), english);
    assert!(found.reasons().iter().all(Reason::speaks_for));
}

#[test]
fn what_speaks_against_is_a_reason_too() {
    let other = person("Zaccagnini", "Lucia", date!(1951 - 11 - 20));
    let found = score(&lucia(), &other);
    let against: Vec<_> = found.reasons().into_iter().filter(|r| !r.speaks_for()).collect();
    assert_eq!(against[0].words(Language::Italian), "data di nascita diversa");
    assert_eq!((against[0].field, against[0].level()), (Field::Birth, "different"));
    assert!(found.probability < 0.9);
}

#[test]
fn what_is_missing_counts_neither_way() {
    let nobody = score(&Described::default(), &lucia());
    assert!(nobody.reasons().is_empty());
    assert!(nobody.probability < 1e-3);
    let without_sex = Described { sex: None, ..lucia() };
    let found = score(&lucia(), &without_sex);
    assert_eq!(found.pattern.level(Field::Sex), None);
    assert!(found.probability > SURE);
}

#[test]
fn accents_typing_slips_and_swapped_names_do_not_hide_a_person() {
    let variants = [
        person("Zacagnini", "Lucìa", date!(1984 - 03 - 05)),
        person("ZACCAGHINI", "LUCIA", date!(1984 - 03 - 05)),
        person("Lucia", "Zaccagnini", date!(1984 - 03 - 05)),
        person("Zaccagnini Rossi", "Lucia Maria", date!(1984 - 03 - 05)),
        person("Zaccagnini", "Lucia", date!(1984 - 05 - 03)),
        person("Zaccagnini", "Lucia", date!(1985 - 03 - 05)),
    ];
    for variant in variants {
        let found = score(&lucia(), &variant);
        assert!(found.probability > 0.9, "{:?}: {:?}", found.weight_bits, found.reasons());
    }
}

#[test]
fn swapped_names_are_said_and_count_once() {
    let swapped = score(&lucia(), &person("Lucia", "Zaccagnini", date!(1984 - 03 - 05)));
    assert!(words(swapped, Language::Italian).contains(&"stesso cognome e nome, scambiati"));
    assert_eq!(swapped.pattern.level(Field::Family), None);
}

#[test]
fn a_rare_name_in_common_says_more_than_a_frequent_one() {
    let rare = score(&lucia(), &lucia());
    let rossi = Described { family: Some("Rossi".into()), ..lucia() };
    let frequent = score(&rossi, &rossi);
    assert!(rare.weight_bits > frequent.weight_bits);
}

#[test]
fn how_rare_a_name_is_follows_the_population_that_is_searched() {
    let diallo = person("Diallo", "Awa", date!(1990 - 06 - 07));
    let many = vec![diallo.clone(); 3_000];
    let few = (0..3_000).map(|n| person(&format!("A{n}b"), "Awa", date!(1990 - 06 - 07)));
    let bits = |names| {
        let weights = weights().with_frequencies(names);
        let ready = Prepared::new(&diallo, &weights);
        weights.score(&ready, &ready).weight_bits
    };
    let (many, few) = (Frequencies::count(&many), Frequencies::count(&few.collect::<Vec<_>>()));
    assert!(bits(many) < bits(few));
}

#[test]
fn relatives_and_twins_are_not_taken_for_one_person() {
    let telephone = Identifier { kind: "telephone".into(), value: "320 1234567".into() };
    let lucia = Described { contacts: vec![telephone], ..lucia() };
    let sister = Described {
        given: Some("Caterina".into()),
        birth_date: Some(date!(1991 - 12 - 12)),
        ..lucia.clone()
    };
    let twin = Described { given: Some("Caterina".into()), ..lucia.clone() };
    assert!(score(&lucia, &sister).probability < 0.1);
    assert!(score(&lucia, &twin).weight_bits < score(&lucia, &lucia).weight_bits - 10.0);
    let coded = |person: Described, code: &str| Described { tax_code: Some(code.into()), ..person };
    let twins = (coded(lucia, "ZCCLCU84C45A662X"), coded(twin, "ZCCCRN84C45A662N"));
    assert!(score(&twins.0, &twins.1).probability < 0.1);
}

#[test]
fn a_tax_code_finds_a_person_whose_names_are_unknown() {
    let coded = Described { tax_code: Some("RSSMRA85T10A562S".into()), ..Described::default() };
    let mario =
        Described { sex: Some(Sex::Male), ..person("Rossi", "Mario", date!(1985 - 12 - 10)) };
    let found = score(&coded, &mario);
    let said = words(found, Language::Italian);
    assert!(said.contains(&"stessa data di nascita"));
    assert!(said.contains(&"il codice fiscale corrisponde ai nomi"));
    assert!(found.probability > 0.5);
}

#[test]
fn codes_that_differ_by_omocodia_are_said_to_be_perhaps_two_people() {
    let of = |code: &str| Described {
        tax_code: Some(code.into()),
        ..person("Rossi", "Mario", date!(1985 - 12 - 10))
    };
    let found = score(&of("RSSMRA85T10A562S"), &of("RSSMRA85T10A56NH"));
    let words = words(found, Language::Italian);
    assert!(words.iter().any(|said| said.contains("possono essere due persone")), "{words:?}");
}

#[test]
fn a_code_that_belongs_to_a_relative_is_contested() {
    let mother = Described { tax_code: Some("RSSMRA85T50A562W".into()), ..Described::default() };
    let mother = Described { given: Some("Maria".into()), family: Some("Rossi".into()), ..mother };
    let child = Described {
        tax_code: mother.tax_code.clone(),
        ..person("Rossi", "Luca", date!(2015 - 02 - 03))
    };
    let found = score(&mother, &child);
    let contested = found.reasons().iter().any(|reason| reason.level() == "contested");
    assert!(contested, "{:?}", found.reasons());
}

#[test]
fn nothing_about_a_person_is_in_debug_output() {
    let weights = weights();
    let shown = format!("{:?} {:?}", lucia(), Prepared::new(&lucia(), &weights));
    assert_eq!(shown, "Described(..) Prepared(..)");
}

fn anybody() -> impl Strategy<Value = Described> {
    let name = || proptest::option::of("[A-Za-zàèìòù' ]{0,16}");
    let born = proptest::option::of(0i32..45_000);
    let code = proptest::option::of("[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]");
    let number = proptest::collection::vec("[0-9]{0,4}", 0..3);
    (name(), name(), name(), born, code, number).prop_map(
        |(family, given, alias, born, tax_code, numbers)| Described {
            family,
            given,
            alias,
            birth_date: born.and_then(|day| Date::from_julian_day(2_415_021 + day).ok()),
            tax_code,
            identifiers: numbers
                .into_iter()
                .map(|value| Identifier { kind: "stp".into(), value })
                .collect(),
            ..Described::default()
        },
    )
}

proptest! {
    #[test]
    fn a_score_is_a_probability_and_the_same_in_both_directions(a in anybody(), b in anybody()) {
        let (there, back) = (score(&a, &b), score(&b, &a));
        prop_assert!((0.0..=1.0).contains(&there.probability));
        prop_assert_eq!(there.pattern, back.pattern);
        prop_assert!((there.weight_bits - back.weight_bits).abs() < 1e-3);
    }

    #[test]
    fn comparing_a_record_with_itself_never_speaks_against_it(a in anybody()) {
        let found = score(&a, &a);
        prop_assert!(found.reasons().iter().all(|r| r.speaks_for() || r.level() == "contested"));
    }
}
