use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const FLAT: HouseholdId = HouseholdId(Uuid::from_u128(3));
const HUB: ServiceId = ServiceId(Uuid::from_u128(4));
const MARCH: Date = date!(2025 - 03 - 01);
const JUNE: Date = date!(2025 - 06 - 01);
const TODAY: Date = date!(2025 - 09 - 01);
const KINDS: [HouseholdKind; 4] = [
    HouseholdKind::Registry,
    HouseholdKind::Isee,
    HouseholdKind::Cohabiting,
    HouseholdKind::HousedTogether,
];

fn a(kind: HouseholdKind) -> Record {
    Record { household: FLAT, kind, service: HUB }
}

fn recorded(kind: HouseholdKind) -> HouseholdEvent {
    let Record { household, kind, service } = a(kind);
    HouseholdEvent::HouseholdRecorded { household, kind, service }
}

fn joined(person: PersonId, on: Date) -> HouseholdEvent {
    HouseholdEvent::HouseholdMemberJoined { person, on }
}

fn left(person: PersonId, on: Date) -> HouseholdEvent {
    HouseholdEvent::HouseholdMemberLeft { person, on }
}

fn join(person: PersonId, on: Date) -> HouseholdCommand {
    HouseholdCommand::Join { person, on, today: TODAY }
}

fn leave(person: PersonId, on: Date) -> HouseholdCommand {
    HouseholdCommand::Leave { person, on, today: TODAY }
}

/// A family in the registry, to which this happened.
fn given(events: &[HouseholdEvent]) -> AggregateTestExecutor<Household> {
    TestFramework::with(()).given([&[recorded(HouseholdKind::Registry)], events].concat())
}

fn after(kind: HouseholdKind, events: &[HouseholdEvent]) -> Household {
    let mut household = Household::default();
    for event in [&[recorded(kind)], events].concat() {
        household.apply(event);
    }
    household
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Household::TYPE, HouseholdEvent::AGGREGATE);
}

#[test]
fn people_belong_together_in_four_senses_r2() {
    for kind in KINDS {
        TestFramework::<Household>::with(())
            .given(vec![])
            .when(HouseholdCommand::Record(a(kind)))
            .then_expect_events(vec![recorded(kind)]);
    }
}

#[test]
fn a_household_is_recorded_once() {
    given(&[])
        .when(HouseholdCommand::Record(a(HouseholdKind::Registry)))
        .then_expect_events(vec![]);
    given(&[])
        .when(HouseholdCommand::Record(a(HouseholdKind::Isee)))
        .then_expect_error(Rejection::AlreadyRecorded);
}

#[test]
fn members_come_and_go_on_their_days() {
    given(&[]).when(join(ANA, MARCH)).then_expect_events(vec![joined(ANA, MARCH)]);
    given(&[joined(ANA, MARCH)]).when(leave(ANA, JUNE)).then_expect_events(vec![left(ANA, JUNE)]);
    let household =
        after(HouseholdKind::Registry, &[joined(ANA, MARCH), joined(BEN, MARCH), left(ANA, JUNE)]);
    assert_eq!(household.members[&ANA], [Membership { from: MARCH, to: Some(JUNE) }]);
    assert_eq!(household.size(), 1, "nobody is its head: it goes on without her");
}

#[test]
fn a_member_who_left_comes_back_from_the_day_she_left_on() {
    let gone = [joined(ANA, MARCH), left(ANA, JUNE)];
    given(&gone).when(join(ANA, JUNE)).then_expect_events(vec![joined(ANA, JUNE)]);
    given(&gone)
        .when(join(ANA, date!(2025 - 05 - 31)))
        .then_expect_error(Rejection::StillThere { left: JUNE });
}

#[test]
fn saying_it_again_is_nothing_and_another_day_is_refused() {
    let here = [joined(ANA, MARCH)];
    given(&here).when(join(ANA, MARCH)).then_expect_events(vec![]);
    given(&here).when(join(ANA, JUNE)).then_expect_error(Rejection::AlreadyMember { since: MARCH });
    let gone = [joined(ANA, MARCH), left(ANA, JUNE)];
    given(&gone).when(leave(ANA, JUNE)).then_expect_events(vec![]);
    given(&gone).when(leave(ANA, TODAY)).then_expect_error(Rejection::NotAMember);
}

#[test]
fn nobody_leaves_before_she_came() {
    given(&[]).when(leave(ANA, JUNE)).then_expect_error(Rejection::NotAMember);
    given(&[joined(ANA, JUNE)])
        .when(leave(ANA, JUNE))
        .then_expect_error(Rejection::BeforeJoining { since: JUNE });
}

#[test]
fn a_membership_tells_what_is_so_and_not_what_is_planned() {
    let tomorrow = date!(2025 - 09 - 02);
    given(&[]).when(join(ANA, tomorrow)).then_expect_error(Rejection::InTheFuture { last: TODAY });
    let here = [joined(ANA, MARCH)];
    given(&here).when(leave(ANA, tomorrow)).then_expect_events(vec![left(ANA, tomorrow)]);
    given(&here)
        .when(leave(ANA, date!(2025 - 09 - 03)))
        .then_expect_error(Rejection::InTheFuture { last: tomorrow });
}

#[test]
fn in_the_registry_and_for_the_isee_a_person_is_in_one_household_at_a_time_r2() {
    for (kind, guard) in
        [(HouseholdKind::Registry, "household_registry"), (HouseholdKind::Isee, "household_isee")]
    {
        let key = ANA.to_string();
        let open = During::nights(MARCH, None);
        let claim = Keep::Claim { guard, key: key.clone(), during: open };
        assert_eq!(after(kind, &[]).keeps(&joined(ANA, MARCH)), [claim]);
        let ended = [
            Keep::Release { guard, key: Some(key.clone()), during: Some(open) },
            Keep::Claim { guard, key, during: During::nights(MARCH, Some(JUNE)) },
        ];
        assert_eq!(after(kind, &[joined(ANA, MARCH)]).keeps(&left(ANA, JUNE)), ended);
    }
    let taken = Taken { guard: "household_isee".into(), key: ANA.to_string(), holder: FLAT.0 };
    assert_eq!(Household::default().taken(&taken), Rejection::InAnother { household: FLAT });
}

#[test]
fn whoever_is_housed_together_is_no_family_by_that_r5() {
    for kind in [HouseholdKind::Cohabiting, HouseholdKind::HousedTogether] {
        assert_eq!(after(kind, &[]).keeps(&joined(ANA, MARCH)), []);
        assert_eq!(after(kind, &[joined(ANA, MARCH)]).keeps(&left(ANA, JUNE)), []);
    }
}

#[test]
fn a_household_has_forty_members_at_a_time() {
    let member = |number: usize| PersonId(Uuid::from_u128(100 + number as u128));
    let mut all: Vec<_> = (0..rules::MEMBERS_MAX).map(|n| joined(member(n), MARCH)).collect();
    given(&all).when(join(ANA, JUNE)).then_expect_error(Rejection::Full);
    all.push(left(member(0), JUNE));
    given(&all).when(join(ANA, JUNE)).then_expect_events(vec![joined(ANA, JUNE)]);
}

#[test]
fn the_times_that_are_kept_have_a_bound() {
    let mut all = Vec::new();
    let mut on = date!(2020 - 01 - 01);
    for _ in 0..rules::TIMES_MAX {
        let next = on.next_day().unwrap();
        all.extend([joined(ANA, on), left(ANA, next)]);
        on = next;
    }
    given(&all).when(join(BEN, on)).then_expect_error(Rejection::Full);
}

#[test]
fn nobody_joins_a_household_that_nobody_recorded() {
    for command in [join(ANA, MARCH), leave(ANA, MARCH)] {
        TestFramework::<Household>::with(())
            .given(vec![])
            .when(command)
            .then_expect_error(Rejection::NoSuchHousehold);
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchHousehold,
        Rejection::NoSuchPerson,
        Rejection::AlreadyRecorded,
        Rejection::AlreadyMember { since: MARCH },
        Rejection::StillThere { left: MARCH },
        Rejection::NotAMember,
        Rejection::BeforeJoining { since: MARCH },
        Rejection::InAnother { household: FLAT },
        Rejection::InTheFuture { last: TODAY },
        Rejection::Full,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
