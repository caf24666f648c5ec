use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;

use super::*;

const COUNTED: Date = date!(2021 - 12 - 31);
const TODAY: Date = date!(2025 - 02 - 01);
const TOMORROW: Date = date!(2025 - 02 - 02);

fn given(events: Vec<MunicipalityEvent>) -> AggregateTestExecutor<Municipality> {
    TestFramework::with(()).given(events)
}

fn to(ats: &str) -> Assignment {
    Assignment {
        istat_code: "072006".to_owned(),
        name: "Bari".to_owned(),
        ats: Ats::try_new(ats).unwrap(),
    }
}

fn assigned_to(ats: &str) -> MunicipalityEvent {
    let Assignment { istat_code, name, ats } = to(ats);
    MunicipalityEvent::MunicipalityAssigned { istat_code, name, ats }
}

fn assign(assignment: Assignment) -> MunicipalityCommand {
    MunicipalityCommand::Assign(assignment)
}

fn count(population: u32, on: Date) -> MunicipalityCommand {
    MunicipalityCommand::UpdatePopulation { population, on, today: TODAY }
}

fn counted(population: u32, on: Date) -> MunicipalityEvent {
    MunicipalityEvent::PopulationUpdated { istat_code: "072006".to_owned(), population, on }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Municipality::TYPE, MunicipalityEvent::AGGREGATE);
}

#[test]
fn a_municipality_belongs_to_exactly_one_ats_and_a_later_assignment_moves_it_r22() {
    given(vec![]).when(assign(to("bari"))).then_expect_events(vec![assigned_to("bari")]);
    given(vec![assigned_to("bari")]).when(assign(to("bari"))).then_expect_events(vec![]);
    given(vec![assigned_to("bari")])
        .when(assign(to("corato")))
        .then_expect_events(vec![assigned_to("corato")]);
}

#[test]
fn a_municipality_has_one_aggregate_that_follows_from_its_code_r22() {
    assert_eq!(id_of("072006"), id_of("072006"));
    assert_ne!(id_of("072006"), id_of("072020"));
    let other = Assignment { istat_code: "072020".to_owned(), ..to("bari") };
    given(vec![assigned_to("bari")])
        .when(assign(other))
        .then_expect_error(Rejection::OtherMunicipality);
}

#[test]
fn an_istat_code_has_six_digits() {
    for wrong in ["72006", "07200x"] {
        let wrong = Assignment { istat_code: wrong.to_owned(), ..to("bari") };
        given(vec![]).when(assign(wrong)).then_expect_error(Rejection::IstatCode);
    }
}

#[test]
fn the_metropolitan_city_is_no_ats() {
    given(vec![]).when(assign(to("metro"))).then_expect_error(Rejection::NotAnAts);
}

#[test]
fn a_name_is_kept_without_blanks_around_it_and_may_not_be_empty() {
    let named = |name: &str| assign(Assignment { name: name.to_owned(), ..to("bari") });
    given(vec![]).when(named(" Bari ")).then_expect_events(vec![assigned_to("bari")]);
    given(vec![assigned_to("bari")]).when(named(" Bari ")).then_expect_events(vec![]);
    given(vec![]).when(named(" ")).then_expect_error(Rejection::Name);
}

#[test]
fn people_are_counted_as_of_a_day_r35() {
    given(vec![assigned_to("bari")])
        .when(count(316_140, COUNTED))
        .then_expect_events(vec![counted(316_140, COUNTED)]);
}

#[test]
fn the_same_count_is_one_fact_another_corrects_it_and_an_earlier_day_may_come_later() {
    let before = || vec![assigned_to("bari"), counted(316_140, COUNTED), counted(315_000, TODAY)];
    given(before()).when(count(316_140, COUNTED)).then_expect_events(vec![]);
    given(before())
        .when(count(316_141, COUNTED))
        .then_expect_events(vec![counted(316_141, COUNTED)]);
    let corrected = [before(), vec![counted(316_141, COUNTED)]].concat();
    given(corrected)
        .when(count(316_140, COUNTED))
        .then_expect_events(vec![counted(316_140, COUNTED)]);
}

#[test]
fn a_count_is_of_one_to_ten_million_people_and_of_a_day_that_has_come() {
    for population in [0, POPULATION_MAX + 1] {
        given(vec![assigned_to("bari")])
            .when(count(population, COUNTED))
            .then_expect_error(Rejection::Population);
    }
    given(vec![assigned_to("bari")])
        .when(count(316_140, TOMORROW))
        .then_expect_error(Rejection::InFuture);
}

#[test]
fn nobody_is_counted_in_a_municipality_that_is_not_assigned() {
    given(vec![]).when(count(316_140, COUNTED)).then_expect_error(Rejection::NoSuchMunicipality);
}

#[test]
fn no_person_is_concerned_and_nothing_is_claimed() {
    let mut municipality = Municipality::default();
    assert_eq!(municipality.keeps(&assigned_to("bari")), []);
    municipality.apply(assigned_to("bari"));
    assert_eq!(municipality.person(), None);
    let taken = Taken { guard: String::new(), key: String::new(), holder: id_of("072006") };
    assert_eq!(municipality.taken(&taken), Rejection::OtherMunicipality);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchMunicipality,
        Rejection::IstatCode,
        Rejection::OtherMunicipality,
        Rejection::Name,
        Rejection::NotAnAts,
        Rejection::Population,
        Rejection::InFuture,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
