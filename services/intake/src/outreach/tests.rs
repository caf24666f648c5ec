use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(2));

fn in_the_street() -> Encounter {
    Encounter {
        encounter: EncounterId(Uuid::from_u128(1)),
        service: ServiceId(Uuid::from_u128(3)),
        person: None,
        ethos: "1.1".parse().unwrap(),
        quarter: Some("liberta".into()),
    }
}

fn met(encounter: Encounter) -> Vec<OutreachEvent> {
    let Encounter { encounter, service, person, ethos, quarter } = encounter;
    vec![OutreachEvent::OutreachEncounterRecorded { encounter, service, person, ethos, quarter }]
}

fn given(events: Vec<OutreachEvent>) -> AggregateTestExecutor<Outreach> {
    TestFramework::with(()).given(events)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Outreach::TYPE, OutreachEvent::AGGREGATE);
}

#[test]
fn somebody_is_met_where_she_lives_without_a_name_r1_r43_i10() {
    given(vec![])
        .when(OutreachCommand::Record(in_the_street()))
        .then_expect_events(met(in_the_street()));
}

#[test]
fn an_encounter_concerns_the_person_who_is_known() {
    for person in [None, Some(ANA)] {
        let mut outreach = Outreach::default();
        let encounter = Encounter { person, ..in_the_street() };
        for event in met(encounter) {
            outreach.apply(event);
        }
        assert_eq!(outreach.person(), person);
    }
}

#[test]
fn the_place_is_the_code_of_a_quarter_and_never_an_address_r43() {
    let at = |quarter: &str| Encounter { quarter: Some(quarter.into()), ..in_the_street() };
    let longest = "o".repeat(40);
    for fits in [&longest, "murat", "san-paolo", "san-girolamo-fesca", "bari-vecchia-sud-est"] {
        given(vec![]).when(OutreachCommand::Record(at(fits))).then_expect_events(met(at(fits)));
    }
    for wrong in [
        "",
        "Via Roma 1",
        "via-roma",
        "corso-cavour",
        "Libertà",
        "san_paolo",
        "san--paolo",
        "-murat",
        "murat-",
        "q",
        "zona-7",
        "a-la-murat",
        "one-two-three-four-five",
        &"o".repeat(41),
    ] {
        given(vec![])
            .when(OutreachCommand::Record(at(wrong)))
            .then_expect_error(Rejection::Quarter);
    }
}

#[test]
fn no_tax_code_or_name_fits_a_quarter() {
    let at = |quarter: &str| Encounter { quarter: Some(quarter.into()), ..in_the_street() };
    for wrong in [
        "rssmra80a01a662x",
        "rssmralmamlassnx",
        "rssmra-lm-aml-assnx",
        "casa-rssmralmamlassnx",
        "12345678901",
        "stp1234567890123",
        "Mario Rossi",
        "mario rossi",
        "Rossi",
    ] {
        let asked = given(vec![]).when(OutreachCommand::Record(at(wrong)));
        asked.then_expect_error(Rejection::Quarter);
    }
}

#[test]
fn the_place_may_be_left_out() {
    let nowhere = Encounter { quarter: None, ..in_the_street() };
    given(vec![]).when(OutreachCommand::Record(nowhere.clone())).then_expect_events(met(nowhere));
}

#[test]
fn an_encounter_is_recorded_once() {
    let other = Encounter { person: Some(ANA), ..in_the_street() };
    let before = || met(in_the_street());
    given(before()).when(OutreachCommand::Record(in_the_street())).then_expect_events(vec![]);
    given(before())
        .when(OutreachCommand::Record(other))
        .then_expect_error(Rejection::AlreadyRecorded);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [Rejection::AlreadyRecorded, Rejection::Quarter, Rejection::NoSuchPerson];
    let codes = all.map(|refusal| refusal.code());
    assert_eq!(codes, ["already_recorded", "quarter", "no_such_person"]);
}
