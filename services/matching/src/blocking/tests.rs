use std::collections::HashSet;

use proptest::prelude::*;
use time::macros::date;

use super::*;

fn person(family: &str, given: &str) -> Described {
    Described {
        family: Some(family.into()),
        given: Some(given.into()),
        birth_date: Some(date!(1984 - 03 - 05)),
        ..Described::default()
    }
}

/// Kinds of tokens by which `searched` finds `stored`.
fn found(stored: &Described, searched: &Described) -> Vec<Kind> {
    let stored: HashSet<Token> = tokens(stored).into_iter().collect();
    probes(searched).into_iter().filter(|probe| stored.contains(probe)).map(|p| p.kind).collect()
}

#[test]
fn a_person_is_found_by_names_that_are_swapped_or_misheard() {
    let lucia = person("Zaccagnini", "Lucia");
    let undated = |family, given| Described { birth_date: None, ..person(family, given) };
    assert!(found(&lucia, &undated("Lucia", "Zaccagnini")).contains(&Kind::FullName));
    assert!(found(&lucia, &undated("Zacagnini", "Lucìa")).contains(&Kind::FullName));
    assert!(found(&lucia, &undated("Zaccagnino", "Lucio")).contains(&Kind::Bones));
}

#[test]
fn a_person_is_found_by_either_of_two_surnames() {
    let two = person("Rossi Zaccagnini", "Lucia Maria");
    assert!(found(&two, &person("Zaccagnini", "Lucia")).contains(&Kind::FullName));
    assert!(found(&person("Rossi", "Maria"), &two).contains(&Kind::FullName));
}

#[test]
fn a_person_is_found_by_her_birth_date_with_day_and_month_exchanged() {
    let stored = person("Zaccagnini", "Lucia");
    let exchanged =
        Described { birth_date: Some(date!(1984 - 05 - 03)), ..person("Otranto", "Bice") };
    assert_eq!(found(&stored, &exchanged), [Kind::Birth]);
}

#[test]
fn a_person_without_a_code_is_found_by_her_code_and_the_reverse() {
    let coded = Described { tax_code: Some("RSSMRA85T10A562S".into()), ..Described::default() };
    let named = Described { birth_date: Some(date!(1985 - 12 - 10)), ..person("Rossi", "Mario") };
    assert!(found(&coded, &named).contains(&Kind::Shape));
    assert!(found(&named, &coded).contains(&Kind::Shape));
}

#[test]
fn an_omocode_finds_the_code_without_omocodia() {
    let of = |code: &str| Described { tax_code: Some(code.into()), ..Described::default() };
    let kinds = found(&of("RSSMRA85T10A562S"), &of("rssmra85t10a56nh"));
    assert_eq!(kinds[0], Kind::TaxCode);
}

#[test]
fn the_first_of_january_is_never_looked_for_alone() {
    let first = Described { birth_date: Some(date!(1990 - 01 - 01)), ..person("Diallo", "Awa") };
    let other = Described { birth_date: Some(date!(1990 - 01 - 01)), ..person("Touray", "Modou") };
    assert!(found(&first, &other).is_empty());
    let again = Described { birth_date: Some(date!(1990 - 01 - 01)), ..person("Dialo", "Binta") };
    assert!(found(&first, &again).contains(&Kind::Birth));
}

#[test]
fn an_alias_finds_a_given_name_and_a_given_name_an_alias() {
    let alias = Described { alias: Some("Beppe".into()), ..Described::default() };
    let named = Described { given: Some("Beppe".into()), ..Described::default() };
    assert!(found(&alias, &named).contains(&Kind::Alias));
    assert!(found(&named, &alias).contains(&Kind::Name));
}

#[test]
fn tokens_come_the_most_selective_first_and_their_kinds_are_part_of_the_text() {
    let probes = probes(&person("Zaccagnini", "Lucia"));
    assert!(probes.is_sorted_by_key(Token::rank));
    let texts: HashSet<String> = probes.iter().map(Token::text).collect();
    assert_eq!(texts.len(), probes.len());
    assert!(texts.contains("fn|LUCA|ZAKANINI"), "a text is hashed: changing it loses the index");
    assert!(texts.contains("bd|840305"));
}

#[test]
fn a_token_does_not_show_itself_in_debug_output() {
    assert_eq!(format!("{:?}", tokens(&person("Rossi", "Lia"))[0]), "Token(sh)");
}

proptest! {
    #[test]
    fn every_stored_token_is_a_probe_of_the_same_description(
        family in "[A-Za-zàèéùß' -]{0,40}",
        given in "\\PC{0,40}",
    ) {
        let described = person(&family, &given);
        let stored = tokens(&described);
        prop_assert!(stored.len() <= TOKENS_MAX);
        let probes = probes(&described);
        prop_assert!(stored.iter().all(|token| probes.contains(token)));
    }
}
