use strum::VariantArray;
use time::macros::datetime;

use super::*;

const NOON: OffsetDateTime = datetime!(2025-01-15 11:00 UTC);

/// What is unusual about rows, by position.
fn unusual(rows: &[Row]) -> Vec<(i64, Rule)> {
    let mut watch = Watch::default();
    let found = rows.iter().flat_map(|row| watch.look(row));
    found.map(|finding| (finding.position, finding.rule)).collect()
}

fn at(moment: OffsetDateTime, entry: Entry) -> Vec<(i64, Rule)> {
    unusual(&[row(1, moment, entry)])
}

/// One row after the other, so many seconds apart.
fn every(seconds: i64, entries: impl IntoIterator<Item = Entry>) -> Vec<Row> {
    let moments = (0..).map(|number| NOON + Duration::seconds(number * seconds));
    (1..)
        .zip(moments)
        .zip(entries)
        .map(|((position, at), entry)| row(position, at, entry))
        .collect()
}

#[test]
fn a_look_that_a_relation_explains_is_nothing_unusual() {
    assert_eq!(at(NOON, dora_opens_ana()), []);
}

#[test]
fn a_look_without_a_relation_is_unusual_but_not_a_refusal_nor_a_search() {
    let unexplained = Entry { explained: false, ..dora_opens_ana() };
    assert_eq!(at(NOON, unexplained.clone()), [(1, Rule::NoCase)]);
    assert_eq!(at(NOON, is_refused("dora", "ana")), []);
    assert_eq!(at(NOON, Entry { person: None, ..unexplained.clone() }), []);
    // It has its own review within 72 hours.
    assert_eq!(at(NOON, Entry { forced: true, ..unexplained }), []);
}

#[test]
fn the_same_surname_is_unusual_also_when_it_was_refused() {
    let same = |entry| Entry { same_surname: Some(true), ..entry };
    assert_eq!(at(NOON, same(dora_opens_ana())), [(1, Rule::SameSurname)]);
    assert_eq!(at(NOON, same(is_refused("dora", "ana"))), [(1, Rule::SameSurname)]);
    assert_eq!(at(NOON, Entry { same_surname: Some(false), ..dora_opens_ana() }), []);
}

#[test]
fn the_night_is_from_22_to_6_in_rome_and_only_for_roles_that_sleep() {
    let night = [(1, Rule::AtNight)];
    for (moment, found) in [
        (datetime!(2025-01-15 20:59:59 UTC), &[][..]),
        (datetime!(2025-01-15 21:00 UTC), &night[..]),
        (datetime!(2025-01-16 04:59:59 UTC), &night[..]),
        (datetime!(2025-01-16 05:00 UTC), &[][..]),
        // Summer time.
        (datetime!(2025-07-15 20:00 UTC), &night[..]),
        (datetime!(2025-07-15 04:00 UTC), &[][..]),
    ] {
        assert_eq!(at(moment, dora_opens_ana()), found, "{moment}");
    }
    let midnight = datetime!(2025-01-15 23:00 UTC);
    for role in Role::VARIANTS {
        let works =
            [Role::EmergencyWorker, Role::OutreachWorker, Role::FacilityOperator].contains(role);
        let found = at(midnight, Entry { role: *role, ..dora_opens_ana() });
        assert_eq!(found.is_empty(), works, "{role}");
    }
    assert_eq!(at(midnight, is_refused("dora", "ana")), []);
}

#[test]
fn more_than_30_persons_in_10_minutes_are_many_and_told_once() {
    let different = |count: usize| (0..count).map(|number| opens("dora", &number.to_string()));
    assert_eq!(unusual(&every(10, different(30))), []);
    assert_eq!(unusual(&every(10, different(120))), [(31, Rule::ManyInARow)]);
    // 30 in any 10 minutes, all day long.
    assert_eq!(unusual(&every(20, different(400))), []);
    let again = (0..120).map(|number: usize| opens("dora", &(number % 30).to_string()));
    assert_eq!(unusual(&every(1, again)), [], "the same 30 people");
    let listed = different(120).map(|entry| Entry { listed: true, ..entry });
    assert_eq!(unusual(&every(1, listed)), [], "a list is not opened");
    let workers = (0..120).map(|number: usize| {
        opens(["dora", "otto", "eva", "carl"][number % 4], &number.to_string())
    });
    assert_eq!(unusual(&every(1, workers)), [], "four workers");
}

#[test]
fn what_begins_anew_after_a_quiet_time_is_told_again() {
    let mut rows = every(10, (0..40).map(|number| opens("dora", &number.to_string())));
    let later = every(10, (0..40).map(|number| opens("dora", &number.to_string())));
    rows.extend(later.into_iter().map(|row| Row {
        position: row.position + 40,
        written_at: row.written_at + Duration::HOUR,
        ..row
    }));
    assert_eq!(unusual(&rows), [(31, Rule::ManyInARow), (71, Rule::ManyInARow)]);
}

#[test]
fn more_than_4_refusals_in_10_minutes_are_many() {
    let refused = |count| (0..count).map(|_| is_refused("otto", "ana"));
    assert_eq!(unusual(&every(60, refused(4))), []);
    assert_eq!(unusual(&every(60, refused(9))), [(5, Rule::RepeatedDenials)]);
    assert_eq!(unusual(&every(150, refused(40))), []);
    let two = (0..8).map(|number: usize| is_refused(["otto", "eva"][number % 2], "ana"));
    assert_eq!(unusual(&every(60, two)), [], "two workers");
}

#[test]
fn looking_for_more_identifiers_than_an_hour_has_is_told_at_once_and_once_t12() {
    let beyond = |count| {
        let limit = |mut entry: Entry| {
            (entry.person, entry.sections) = (None, vec![SEARCH_LIMIT.to_owned()]);
            entry
        };
        (0..count).map(move |_| limit(is_refused("otto", "ana")))
    };
    assert_eq!(unusual(&every(60, beyond(4))), [(1, Rule::TooManySearches)]);
}

#[test]
fn every_rule_has_a_name_and_a_sentence_of_its_own() {
    let sentences: std::collections::BTreeSet<_> =
        Rule::VARIANTS.iter().map(|rule| rule.sentence()).collect();
    assert_eq!(sentences.len(), Rule::VARIANTS.len());
    assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
    let names: Vec<_> = Rule::VARIANTS.iter().map(ToString::to_string).collect();
    assert_eq!(names[..4], ["no_case", "same_surname", "at_night", "many_in_a_row"]);
    assert_eq!(names[4..], ["repeated_denials", "too_many_searches"]);
}
