use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const TO_ANA: Assignment = Assignment {
    parcel: ParcelId(Uuid::from_u128(1)),
    household: HouseholdId(Uuid::from_u128(2)),
    person: PersonId(Uuid::from_u128(3)),
    service: ServiceId(Uuid::from_u128(4)),
};

fn given(events: Vec<ParcelEvent>) -> AggregateTestExecutor<Parcel> {
    TestFramework::with(()).given(events)
}

fn assign(double: bool) -> ParcelCommand {
    ParcelCommand::Assign { assignment: TO_ANA, double, person_known: true }
}

fn assigned(double: bool) -> ParcelEvent {
    let Assignment { parcel, household, person, service } = TO_ANA;
    ParcelEvent::ParcelAssigned { parcel, household, person, service, double }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Parcel::TYPE, ParcelEvent::AGGREGATE);
}

#[test]
fn a_parcel_is_assigned_to_a_household_r12_r68() {
    given(vec![]).when(assign(false)).then_expect_events(vec![assigned(false)]);
}

#[test]
fn a_double_parcel_warns_and_never_blocks() {
    given(vec![]).when(assign(true)).then_expect_events(vec![assigned(true)]);
    assert_eq!(Parcel::default().keeps(&assigned(true)), []);
    let taken = Taken { guard: String::new(), key: String::new(), holder: TO_ANA.parcel.0 };
    assert_eq!(Parcel::default().taken(&taken), Rejection::IdInUse);
}

#[test]
fn a_repeat_is_not_its_own_double() {
    given(vec![assigned(false)]).when(assign(true)).then_expect_events(vec![]);
}

#[test]
fn a_parcel_for_somebody_else_needs_its_own_id() {
    let person = PersonId(Uuid::from_u128(9));
    let assignment = Assignment { person, ..TO_ANA };
    let other = ParcelCommand::Assign { assignment, double: false, person_known: true };
    given(vec![assigned(false)]).when(other).then_expect_error(Rejection::IdInUse);
}

#[test]
fn a_parcel_for_a_person_whom_nobody_registered_is_refused() {
    let unknown = ParcelCommand::Assign { assignment: TO_ANA, double: false, person_known: false };
    given(vec![]).when(unknown).then_expect_error(Rejection::UnknownPerson);
}

#[test]
fn a_parcel_is_delivered_once() {
    let delivered = ParcelEvent::ParcelDelivered {};
    given(vec![assigned(false)])
        .when(ParcelCommand::Deliver)
        .then_expect_events(vec![delivered.clone()]);
    given(vec![assigned(false), delivered]).when(ParcelCommand::Deliver).then_expect_events(vec![]);
}

#[test]
fn a_parcel_that_nobody_assigned_is_not_delivered() {
    given(vec![]).when(ParcelCommand::Deliver).then_expect_error(Rejection::NoSuchParcel);
}

#[test]
fn who_fetches_it_is_the_person_concerned() {
    let mut parcel = Parcel::default();
    assert_eq!(parcel.person(), None);
    parcel.apply(assigned(false));
    assert_eq!(parcel.person(), Some(TO_ANA.person));
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [Rejection::NoSuchParcel, Rejection::UnknownPerson, Rejection::IdInUse];
    let mut codes = all.map(|refusal| refusal.code());
    codes.sort_unstable();
    assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
}
