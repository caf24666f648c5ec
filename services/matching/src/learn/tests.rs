use time::Date;

use super::*;
use crate::record::{Described, Identifier};

const PEOPLE: i32 = 600;

/// Six hundred people, each known twice: one in ten second records lacks the family name's last
/// letter, one in twenty has another birth date.
fn population() -> Vec<Described> {
    let person = |n: i32| Described {
        family: Some(format!("{}{}", letters(n % 191), letters(n % 13))),
        given: Some(letters(n % 89)),
        birth_date: Date::from_julian_day(2_440_000 + n * 7).ok(),
        identifiers: vec![Identifier { kind: "card".into(), value: format!("{n:06}") }],
        ..Described::default()
    };
    let again = |n: i32| {
        let mut again = person(n);
        if n % 10 == 0 {
            again.family = again.family.map(|name| name[..name.len() - 1].to_owned());
        }
        if n % 20 == 1 {
            again.birth_date = Date::from_julian_day(2_430_000 + n * 11).ok();
        }
        again
    };
    (0..PEOPLE).flat_map(|n| [person(n), again(n)]).collect()
}

fn letters(n: i32) -> String {
    let syllables = ["ba", "di", "fo", "gu", "le", "mi", "no", "pa", "ri", "so"];
    let at = |n: i32| syllables[usize::try_from(n % 10).unwrap()];
    [at(n), at(n / 10), at(n / 100), at(n * 7 + 3)].concat()
}

fn learnt(seed: u64) -> Weights {
    let weights = Weights::untaught();
    let ready: Vec<_> = population().iter().map(|p| Prepared::new(p, &weights)).collect();
    let learner = Learner { left: &ready, right: None, random_pairs: 20_000, seed };
    learner.learn(&[Session::Birth, Session::Names, Session::Codes], "a test")
}

#[test]
fn errors_are_learnt_at_the_rate_at_which_they_were_made_without_labels() {
    let weights = learnt(1);
    let m = |field: Field, code: &str| {
        let json: serde_json::Value = serde_json::from_str(&weights.write().unwrap()).unwrap();
        let name = serde_json::to_value(field).unwrap();
        json["fields"][name.as_str().unwrap()][code]["m"].as_f64().unwrap()
    };
    assert!((m(Field::Family, "same") - 0.9).abs() < 0.02, "{}", m(Field::Family, "same"));
    assert!((m(Field::Birth, "same") - 0.95).abs() < 0.02, "{}", m(Field::Birth, "same"));
}

#[test]
fn the_share_of_doubles_is_learnt() {
    let people = f64::from(PEOPLE);
    let doubles = people / (people * (2.0 * people - 1.0));
    let one = learnt(1).kinds().one;
    assert!((one / doubles - 1.0).abs() < 0.1, "{one} instead of {doubles}");
}

#[test]
fn the_same_seed_learns_the_same_weights() {
    assert_eq!(learnt(3).write().unwrap(), learnt(3).write().unwrap());
}
