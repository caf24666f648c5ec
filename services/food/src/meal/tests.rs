use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const MEAL: MealId = MealId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const CANTEEN: ServiceId = ServiceId(Uuid::from_u128(3));

fn given(events: Vec<MealEvent>) -> AggregateTestExecutor<Meal> {
    TestFramework::with(()).given(events)
}

fn serve(recipient: Recipient) -> MealCommand {
    let serving = Serving { meal: MEAL, service: CANTEEN, recipient };
    MealCommand::Serve { serving, person_known: true }
}

fn served(recipient: Recipient) -> MealEvent {
    MealEvent::MealServed { meal: MEAL, service: CANTEEN, recipient }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Meal::TYPE, MealEvent::AGGREGATE);
}

#[test]
fn a_canteen_serves_a_person_or_people_who_stay_anonymous_r1_r12_r68() {
    for recipient in
        [Recipient::Person(ANA), Recipient::Anonymous(1), Recipient::Anonymous(ANONYMOUS_MAX)]
    {
        given(vec![]).when(serve(recipient)).then_expect_events(vec![served(recipient)]);
    }
}

#[test]
fn an_anonymous_count_is_one_to_ten_thousand_r1() {
    for count in [0, ANONYMOUS_MAX + 1] {
        given(vec![]).when(serve(Recipient::Anonymous(count))).then_expect_error(Rejection::Count);
    }
}

#[test]
fn a_person_whom_nobody_registered_is_refused_and_anonymous_people_never_r1() {
    let unknown = |recipient| {
        let serving = Serving { meal: MEAL, service: CANTEEN, recipient };
        MealCommand::Serve { serving, person_known: false }
    };
    let (ana, three) = (Recipient::Person(ANA), Recipient::Anonymous(3));
    given(vec![]).when(unknown(ana)).then_expect_error(Rejection::UnknownPerson);
    given(vec![served(ana)]).when(unknown(ana)).then_expect_events(vec![]);
    given(vec![]).when(unknown(three)).then_expect_events(vec![served(three)]);
}

#[test]
fn the_same_meals_again_are_one_fact_and_an_id_is_used_once() {
    let before = || given(vec![served(Recipient::Anonymous(40))]);
    before().when(serve(Recipient::Anonymous(40))).then_expect_events(vec![]);
    before().when(serve(Recipient::Anonymous(41))).then_expect_error(Rejection::IdInUse);
}

#[test]
fn only_a_registered_person_is_concerned_r1() {
    let person_of = |recipient| {
        let mut meal = Meal::default();
        meal.apply(served(recipient));
        meal.person()
    };
    assert_eq!(person_of(Recipient::Person(ANA)), Some(ANA));
    assert_eq!(person_of(Recipient::Anonymous(40)), None);
}

#[test]
fn meals_claim_nothing() {
    assert_eq!(Meal::default().keeps(&served(Recipient::Person(ANA))), []);
    let taken = Taken { guard: String::new(), key: String::new(), holder: MEAL.0 };
    assert_eq!(Meal::default().taken(&taken), Rejection::IdInUse);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [Rejection::Count, Rejection::UnknownPerson, Rejection::IdInUse];
    let mut codes = all.map(|refusal| refusal.code());
    codes.sort_unstable();
    assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
}
