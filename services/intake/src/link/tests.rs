use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::OffsetDateTime;
use time::macros::datetime;
use trama_events::Fact;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(9));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const CLEO: PersonId = PersonId(Uuid::from_u128(3));
const FIRST: OffsetDateTime = datetime!(2025-01-08 22:10 UTC);
const LATER: OffsetDateTime = datetime!(2025-01-20 09:00 UTC);

/// Registered first, with the greater id.
fn older() -> Record {
    Record { person: ANA, standing: Standing::Open, registered_at: FIRST, front: ANA }
}

fn younger() -> Record {
    Record { person: BEN, standing: Standing::Open, registered_at: LATER, front: BEN }
}

fn pair() -> Pair {
    let reasons = vec![LinkReason::Recognised];
    Pair { one: younger(), another: older(), in_front: None, reasons, across: Across::Nothing }
}

fn link(pair: Pair) -> LinkCommand {
    LinkCommand::Link(Box::new(pair))
}

fn linked_in_order(canonical: PersonId, other: PersonId) -> LinkEvent {
    let link = rules::link_id(ANA, BEN);
    LinkEvent::PersonsLinked { link, canonical, other, reasons: vec![LinkReason::Recognised] }
}

fn linked() -> LinkEvent {
    linked_in_order(ANA, BEN)
}

const UNLINK: LinkCommand = LinkCommand::Unlink { reason: UnlinkReason::TwoPeople };

fn unlinked() -> LinkEvent {
    let link = rules::link_id(ANA, BEN);
    let reason = UnlinkReason::TwoPeople;
    LinkEvent::PersonsUnlinked { link, canonical: ANA, other: BEN, reason }
}

fn given(events: Vec<LinkEvent>) -> AggregateTestExecutor<Link> {
    TestFramework::with(()).given(events)
}

fn front_in(links: &[(PersonId, PersonId)], person: PersonId) -> PersonId {
    let canonical_of = |other| links.iter().find(|link| link.0 == other).map(|link| link.1);
    rules::front(person, canonical_of)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Link::TYPE, LinkEvent::AGGREGATE);
}

#[test]
fn the_older_record_stays_in_front_r31() {
    given(vec![]).when(link(pair())).then_expect_events(vec![linked()]);
    let Pair { one, another, .. } = pair();
    given(vec![])
        .when(link(Pair { one: another, another: one, ..pair() }))
        .then_expect_events(vec![linked()]);
}

#[test]
fn the_younger_record_stays_in_front_when_somebody_says_so() {
    given(vec![])
        .when(link(Pair { in_front: Some(BEN), ..pair() }))
        .then_expect_events(vec![linked_in_order(BEN, ANA)]);
}

#[test]
fn of_two_records_of_the_same_instant_the_smaller_id_stays_in_front() {
    let one = Record { registered_at: FIRST, ..younger() };
    given(vec![])
        .when(link(Pair { one, ..pair() }))
        .then_expect_events(vec![linked_in_order(BEN, ANA)]);
}

#[test]
fn a_third_record_cannot_stay_in_front_of_the_two() {
    given(vec![])
        .when(link(Pair { in_front: Some(CLEO), ..pair() }))
        .then_expect_error(Rejection::FrontIsNeither);
}

#[test]
fn a_record_is_not_linked_with_itself() {
    given(vec![])
        .when(link(Pair { one: older(), ..pair() }))
        .then_expect_error(Rejection::SameRecord);
}

#[test]
fn a_link_needs_a_reason_and_keeps_each_once() {
    given(vec![])
        .when(link(Pair { reasons: vec![], ..pair() }))
        .then_expect_error(Rejection::NoReason);
    let reasons = vec![LinkReason::Recognised; 3];
    given(vec![]).when(link(Pair { reasons, ..pair() })).then_expect_events(vec![linked()]);
}

#[test]
fn no_link_crosses_a_confidential_pseudonym_and_the_refusal_tells_nothing_story_d() {
    for standing in [Standing::Unknown, Standing::Confidential] {
        given(vec![])
            .when(link(Pair { one: Record { standing, ..younger() }, ..pair() }))
            .then_expect_error(Rejection::NotOpen);
        given(vec![])
            .when(link(Pair { another: Record { standing, ..older() }, ..pair() }))
            .then_expect_error(Rejection::NotOpen);
    }
}

#[test]
fn linking_again_is_nothing() {
    let now = Pair { one: Record { front: ANA, ..younger() }, ..pair() };
    given(vec![linked()]).when(link(now)).then_expect_events(vec![]);
}

#[test]
fn a_linked_pair_takes_no_other_order_and_no_more_reasons() {
    let order = Pair { in_front: Some(BEN), ..pair() };
    let reasons = Pair { reasons: vec![LinkReason::SameDocument], ..pair() };
    for again in [order, reasons] {
        given(vec![linked()]).when(link(again)).then_expect_error(Rejection::AlreadyLinked);
    }
}

#[test]
fn links_form_chains_and_the_front_is_at_the_end() {
    let links = [(ANA, BEN), (BEN, CLEO)];
    for person in [ANA, BEN, CLEO] {
        assert_eq!(front_in(&links, person), CLEO);
    }
    let another = Record { front: CLEO, ..older() };
    given(vec![]).when(link(Pair { another, ..pair() })).then_expect_events(vec![linked()]);
}

#[test]
fn a_record_stands_behind_one_other_record_at_most() {
    let one = Record { front: CLEO, ..younger() };
    given(vec![]).when(link(Pair { one, ..pair() })).then_expect_error(Rejection::BehindAnother);
    let guard = "linked_other";
    let claim = Keep::Claim { guard, key: BEN.to_string(), during: During::ALWAYS };
    assert_eq!(Link::default().keeps(&linked()), [claim]);
    let taken = Taken { guard: guard.into(), key: BEN.to_string(), holder: CLEO.0 };
    assert_eq!(Link::default().taken(&taken), Rejection::BehindAnother);
}

#[test]
fn no_link_closes_a_ring() {
    let another = Record { front: BEN, ..older() };
    given(vec![])
        .when(link(Pair { another, ..pair() }))
        .then_expect_error(Rejection::OnePersonAlready { front: BEN });
    let behind = |record| Record { front: CLEO, ..record };
    given(vec![])
        .when(link(Pair { one: behind(younger()), another: behind(older()), ..pair() }))
        .then_expect_error(Rejection::OnePersonAlready { front: CLEO });
}

#[test]
fn a_ring_closed_in_one_instant_has_one_front_for_all() {
    let before_it = PersonId(Uuid::from_u128(1));
    let ring = [(ANA, BEN), (BEN, CLEO), (CLEO, ANA), (before_it, ANA)];
    for person in [before_it, ANA, BEN, CLEO] {
        assert_eq!(front_in(&ring, person), BEN);
    }
}

#[test]
fn an_unlink_restores_both_records_story_e() {
    given(vec![linked()]).when(UNLINK).then_expect_events(vec![unlinked()]);
    let key = Some(BEN.to_string());
    let release = Keep::Release { guard: "linked_other", key, during: None };
    assert_eq!(Link::default().keeps(&unlinked()), [release]);
    assert_eq!(front_in(&[], BEN), BEN);
}

#[test]
fn unlinking_again_is_nothing() {
    given(vec![linked(), unlinked()]).when(UNLINK).then_expect_events(vec![]);
}

#[test]
fn only_a_linked_pair_is_unlinked() {
    given(vec![]).when(UNLINK).then_expect_error(Rejection::NotLinked);
    given(vec![linked(), unlinked()])
        .when(LinkCommand::Unlink { reason: UnlinkReason::Mistake })
        .then_expect_error(Rejection::NotLinked);
}

#[test]
fn a_pair_once_unlinked_is_never_linked_again_story_e() {
    let unlinked = || vec![linked(), unlinked()];
    given(unlinked()).when(link(pair())).then_expect_error(Rejection::UnlinkedBefore);
    given(unlinked())
        .when(link(Pair { in_front: Some(BEN), ..pair() }))
        .then_expect_error(Rejection::UnlinkedBefore);
}

#[test]
fn two_people_do_not_become_one_through_a_third_record_story_e() {
    for (across, refusal) in [
        (Across::Unlinked, Rejection::UnlinkedBefore),
        (Across::TooMany, Rejection::TooManyRecords),
    ] {
        given(vec![]).when(link(Pair { across, ..pair() })).then_expect_error(refusal);
        given(vec![linked()]).when(link(Pair { across, ..pair() })).then_expect_events(vec![]);
    }
}

#[test]
fn a_pair_has_one_id_in_either_order() {
    assert_eq!(rules::link_id(ANA, BEN), rules::link_id(BEN, ANA));
    assert_ne!(rules::link_id(ANA, BEN), rules::link_id(ANA, CLEO));
}

#[test]
fn a_link_concerns_the_record_in_front() {
    let mut pair = Link::default();
    assert_eq!(pair.person(), None);
    for event in [linked(), unlinked()] {
        pair.apply(event);
        assert_eq!(pair.person(), Some(ANA));
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::SameRecord,
        Rejection::NotOpen,
        Rejection::FrontIsNeither,
        Rejection::NoReason,
        Rejection::AlreadyLinked,
        Rejection::OnePersonAlready { front: ANA },
        Rejection::BehindAnother,
        Rejection::UnlinkedBefore,
        Rejection::TooManyRecords,
        Rejection::NotLinked,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
