use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use trama_events::ids::{OrganisationId, ServiceId};
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::rules::age;
use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const WISH: WishId = WishId(Uuid::from_u128(3));
const HUB: ServiceId = ServiceId(Uuid::from_u128(4));
const COMUNE: OrganisationId = OrganisationId(Uuid::from_u128(5));
const TODAY: Date = date!(2025 - 09 - 01);
const LATER: Date = date!(2025 - 12 - 31);
const UNTIL: Date = date!(2027 - 01 - 01);
/// A worker of a body that neither runs the hub nor wrote the entry.
const OF_ANOTHER: Taker =
    Taker { organisation: OrganisationId(Uuid::from_u128(6)), runs: false, in_charge: false };
/// A worker of the body that runs the hub, and wrote the entry.
const OF_ITS_OWN: Taker = Taker { organisation: COMUNE, runs: true, in_charge: false };

fn hub_may_see() -> Decided {
    let about = About::Childhood { to: Viewer::Service(HUB), from: TODAY, until: Some(LATER) };
    Decided { wish: WISH, person: ANA, about, form: WishForm::Signed }
}

fn an_entry() -> Extent {
    Extent::Entry { entry: "intake/person-1/2".into(), organisation: COMUNE }
}

fn of_the_hub() -> Extent {
    Extent::Service { service: HUB }
}

fn obscure(what: Extent) -> Decided {
    Decided { wish: WISH, person: ANA, about: About::Obscured(what), form: WishForm::Said }
}

fn of_age(decided: Decided) -> Decide {
    Decide { decided, age: Age::OfAge, is_there: true, taker: OF_ANOTHER, today: TODAY }
}

fn decide(decide: Decide) -> WishCommand {
    WishCommand::Decide(Box::new(decide))
}

fn opened() -> WishEvent {
    WishEvent::ChildhoodOpened {
        wish: WISH,
        person: ANA,
        to: Viewer::Service(HUB),
        from: TODAY,
        until: Some(LATER),
        form: WishForm::Signed,
    }
}

fn obscured(what: Extent) -> WishEvent {
    WishEvent::RecordObscured { wish: WISH, person: ANA, what, form: WishForm::Said }
}

const LIFTED: WishEvent = WishEvent::ObscuringLifted { form: WishForm::Interpreted };

fn lift(person: PersonId) -> WishCommand {
    lift_by(person, OF_ITS_OWN)
}

fn lift_by(person: PersonId, taker: Taker) -> WishCommand {
    WishCommand::Lift { person, form: WishForm::Interpreted, taker }
}

fn given(events: &[WishEvent]) -> AggregateTestExecutor<Wish> {
    TestFramework::with(()).given(events.to_vec())
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Wish::TYPE, WishEvent::AGGREGATE);
}

#[test]
fn of_age_she_decides_who_sees_her_childhood() {
    given(&[]).when(decide(of_age(hub_may_see()))).then_expect_events(vec![opened()]);
}

#[test]
fn while_she_is_a_minor_she_opens_nothing_and_obscures_nothing() {
    let minor = Age::Minor { until: UNTIL };
    for decided in [hub_may_see(), obscure(an_entry()), obscure(of_the_hub())] {
        given(&[])
            .when(decide(Decide { age: minor, ..of_age(decided) }))
            .then_expect_error(Rejection::StillAMinor { until: UNTIL });
    }
    let why = Rejection::StillAMinor { until: UNTIL }.to_string();
    assert!(why.contains("2027-01-01") && why.contains("from that day on she decides"), "{why}");
}

#[test]
fn who_may_be_a_minor_opens_nothing_and_whose_age_nobody_knows_may_obscure() {
    given(&[])
        .when(decide(Decide { age: Age::Unknown, ..of_age(hub_may_see()) }))
        .then_expect_error(Rejection::AgeUnknown);
    given(&[])
        .when(decide(Decide { age: Age::Unknown, ..of_age(obscure(of_the_hub())) }))
        .then_expect_events(vec![obscured(of_the_hub())]);
}

#[test]
fn where_only_the_year_is_known_she_is_of_age_from_the_first_january_on_which_it_is_certain() {
    let (last, first) = (date!(2025 - 12 - 31), date!(2026 - 01 - 01));
    assert_eq!(age([2007], last), Age::Minor { until: first });
    assert_eq!(age([2007], first), Age::OfAge);
    assert_eq!(age([], first), Age::Unknown);
    assert_eq!(age([1980, 2007], last), Age::Minor { until: first }, "linked records that differ");
}

#[test]
fn what_would_be_open_on_no_day_is_refused() {
    let about = |from, until| About::Childhood { to: Viewer::Organisation(COMUNE), from, until };
    for (from, until) in [(LATER, TODAY), (date!(2025 - 01 - 01), date!(2025 - 08 - 31))] {
        let decided = Decided { about: about(from, Some(until)), ..hub_may_see() };
        given(&[]).when(decide(of_age(decided))).then_expect_error(Rejection::NeverOpen);
    }
    let endless = Decided { about: about(LATER, None), ..hub_may_see() };
    let expected = WishEvent::ChildhoodOpened {
        wish: WISH,
        person: ANA,
        to: Viewer::Organisation(COMUNE),
        from: LATER,
        until: None,
        form: WishForm::Signed,
    };
    given(&[]).when(decide(of_age(endless))).then_expect_events(vec![expected]);
}

#[test]
fn she_closes_her_childhood_at_once_and_nothing_speaks_against_it() {
    let close = |person| WishCommand::Close { person };
    given(&[opened()]).when(close(ANA)).then_expect_events(vec![WishEvent::ChildhoodClosed {}]);
    let closed = [opened(), WishEvent::ChildhoodClosed {}];
    given(&closed).when(close(ANA)).then_expect_events(vec![]);
    given(&[opened()]).when(close(BEN)).then_expect_error(Rejection::NoSuchWish);
    given(&[]).when(close(ANA)).then_expect_error(Rejection::NoSuchWish);
    given(&[obscured(of_the_hub())]).when(close(ANA)).then_expect_error(Rejection::NoSuchWish);
}

#[test]
fn nobody_opens_her_childhood_to_the_own_body_but_who_manages_her_case_c5() {
    let about = About::Childhood { to: Viewer::Organisation(COMUNE), from: TODAY, until: None };
    let to_the_body = Decided { about, ..hub_may_see() };
    for decided in [hub_may_see(), to_the_body] {
        let by = |taker| decide(Decide { taker, ..of_age(decided.clone()) });
        given(&[]).when(by(OF_ITS_OWN)).then_expect_error(Rejection::OwnBody);
        assert!(given(&[]).when(by(OF_ANOTHER)).inspect_result().is_ok());
        let manager = Taker { in_charge: true, ..OF_ITS_OWN };
        assert!(given(&[]).when(by(manager)).inspect_result().is_ok());
    }
}

#[test]
fn what_another_body_wrote_is_lifted_by_who_manages_her_case_alone_c4() {
    for what in [an_entry(), of_the_hub()] {
        let hidden = [obscured(what)];
        given(&hidden).when(lift_by(ANA, OF_ANOTHER)).then_expect_error(Rejection::OwnBody);
        given(&hidden).when(lift_by(BEN, OF_ANOTHER)).then_expect_error(Rejection::NoSuchWish);
        let manager = Taker { in_charge: true, ..OF_ANOTHER };
        given(&hidden).when(lift_by(ANA, manager)).then_expect_events(vec![LIFTED]);
    }
}

#[test]
fn she_obscures_an_entry_or_all_that_one_service_wrote_and_lifts_it_again() {
    for what in [an_entry(), of_the_hub()] {
        given(&[])
            .when(decide(of_age(obscure(what.clone()))))
            .then_expect_events(vec![obscured(what.clone())]);
        let hidden = [obscured(what)];
        given(&hidden).when(lift(ANA)).then_expect_events(vec![LIFTED]);
        given(&hidden).when(lift(BEN)).then_expect_error(Rejection::NoSuchWish);
        given(&[&hidden[..], &[LIFTED]].concat()).when(lift(ANA)).then_expect_events(vec![]);
    }
    given(&[opened()]).when(lift(ANA)).then_expect_error(Rejection::NoSuchWish);
}

#[test]
fn nobody_is_told_that_something_was_obscured_or_opened_before_threat_4() {
    for event in [obscured(an_entry()), obscured(of_the_hub()), opened()] {
        assert_eq!(Wish::default().keeps(&event), [], "no claim that another would meet");
    }
    assert_eq!(Wish::default().keeps(&LIFTED), []);
}

#[test]
fn what_is_not_there_is_neither_opened_nor_obscured() {
    let nowhere = |decided| decide(Decide { is_there: false, ..of_age(decided) });
    given(&[]).when(nowhere(hub_may_see())).then_expect_error(Rejection::UnknownBody);
    given(&[]).when(nowhere(obscure(of_the_hub()))).then_expect_error(Rejection::UnknownBody);
    given(&[]).when(nowhere(obscure(an_entry()))).then_expect_error(Rejection::NoSuchEntry);
}

#[test]
fn the_same_decision_again_is_nothing_new_and_another_under_its_id_is_refused() {
    given(&[opened()]).when(decide(of_age(hub_may_see()))).then_expect_events(vec![]);
    let another = decide(of_age(obscure(of_the_hub())));
    given(&[opened()]).when(another).then_expect_error(Rejection::IdInUse);
    given(&[opened(), WishEvent::ChildhoodClosed {}])
        .when(decide(of_age(hub_may_see())))
        .then_expect_error(Rejection::IdInUse);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchWish,
        Rejection::IdInUse,
        Rejection::StillAMinor { until: UNTIL },
        Rejection::AgeUnknown,
        Rejection::OwnBody,
        Rejection::NeverOpen,
        Rejection::UnknownBody,
        Rejection::NoSuchEntry,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), all.len());
}
