use std::collections::HashSet;

use time::macros::date;

use super::*;
use crate::blocking::tokens;
use crate::record::Identifier;

fn finds(text: &str, stored: &Described) -> bool {
    let stored: HashSet<Token> = tokens(stored).into_iter().collect();
    typed(text, &["card"]).probes.iter().any(|probe| stored.contains(probe))
}

fn lucia() -> Described {
    Described {
        family: Some("De Luca".into()),
        given: Some("Chiara".into()),
        birth_date: Some(date!(1984 - 03 - 05)),
        tax_code: Some("DLCCHR84C45A662V".into()),
        identifiers: vec![Identifier { kind: "card".into(), value: "BA-0042".into() }],
        ..Described::default()
    }
}

#[test]
fn every_beginning_of_a_name_with_three_sounds_finds_the_person() {
    for text in ["luc", "luca", "de luc", "de luca", "chiar", "chiara", "kiar"] {
        assert!(finds(text, &lucia()), "{text}");
    }
}

#[test]
fn a_second_word_narrows_the_search_in_either_order() {
    for text in ["de luca chia", "luca chiara", "chiara de luca", "chiara luc"] {
        assert!(finds(text, &lucia()), "{text}");
        let probes = typed(text, &[]).probes;
        assert!(probes.iter().all(|probe| probe.kind <= Kind::NameStart), "{text}: {probes:?}");
    }
    assert!(!finds("de luca maria", &lucia()));
}

#[test]
fn too_little_is_not_looked_for() {
    for text in ["", "d", "lu", "chi", "'", "  "] {
        assert_eq!(typed(text, &[]).probes, [], "{text:?}");
    }
}

#[test]
fn a_code_a_date_and_a_card_are_recognised() {
    for text in ["DLCCHR84C45A662V", "5/3/1984", "1984-03-05", "ba-0042", "luca 1984"] {
        assert!(finds(text, &lucia()), "{text}");
    }
    assert_eq!(typed("luca 1984", &[]).described.birth_year, Some(1984));
}

#[test]
fn an_unfinished_name_is_close_to_those_that_begin_with_it() {
    let weights = Weights::italian().unwrap();
    let lucia = Prepared::new(&lucia(), &weights);
    let found = |text: &str| {
        let search = typed(text, &[]).prepared(&weights);
        weights.score(&search, &lucia).weight_bits
    };
    assert!(found("de luca chi") > found("de luca mar"));
    assert!(found("chiara de lu") > found("chiara ros"));
}

#[test]
fn words_beyond_the_bound_are_not_looked_at() {
    let long = "maria ".repeat(10_000);
    assert!(typed(&long, &["card"]).probes.len() < 64);
}
