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

fn two() -> Two {
    Two { one: younger(), another: older() }
}

fn pair() -> Pair {
    let reasons = vec![LinkReason::Recognised];
    let despite_difference = false;
    Pair { two: two(), in_front: None, reasons, despite_difference, across: Across::Nothing }
}

/// The pair, with another record in the one place or the other.
fn with_one(one: Record) -> Pair {
    Pair { two: Two { one, ..two() }, ..pair() }
}

fn with_another(another: Record) -> Pair {
    Pair { two: Two { another, ..two() }, ..pair() }
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
    let Two { one, another } = two();
    given(vec![])
        .when(link(Pair { two: Two { one: another, another: one }, ..pair() }))
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
    given(vec![]).when(link(with_one(one))).then_expect_events(vec![linked_in_order(BEN, ANA)]);
}

#[test]
fn a_third_record_cannot_stay_in_front_of_the_two() {
    given(vec![])
        .when(link(Pair { in_front: Some(CLEO), ..pair() }))
        .then_expect_error(Rejection::FrontIsNeither);
}

#[test]
fn a_record_is_not_linked_with_itself() {
    given(vec![]).when(link(with_one(older()))).then_expect_error(Rejection::SameRecord);
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
            .when(link(with_one(Record { standing, ..younger() })))
            .then_expect_error(Rejection::NotOpen);
        given(vec![])
            .when(link(with_another(Record { standing, ..older() })))
            .then_expect_error(Rejection::NotOpen);
    }
}

#[test]
fn linking_again_is_nothing() {
    let now = with_one(Record { front: ANA, ..younger() });
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
    given(vec![]).when(link(with_another(another))).then_expect_events(vec![linked()]);
}

#[test]
fn a_record_stands_behind_one_other_record_at_most() {
    let one = Record { front: CLEO, ..younger() };
    given(vec![]).when(link(with_one(one))).then_expect_error(Rejection::BehindAnother);
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
        .when(link(with_another(another)))
        .then_expect_error(Rejection::OnePersonAlready { front: BEN });
    let behind = |record| Record { front: CLEO, ..record };
    given(vec![])
        .when(link(Pair {
            two: Two { one: behind(younger()), another: behind(older()) },
            ..pair()
        }))
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
        (Across::Different, Rejection::DifferentAcross),
        (Across::TooMany, Rejection::TooManyRecords),
    ] {
        given(vec![]).when(link(Pair { across, ..pair() })).then_expect_error(refusal);
        given(vec![linked()]).when(link(Pair { across, ..pair() })).then_expect_events(vec![]);
    }
}

fn different() -> LinkEvent {
    let link = rules::link_id(ANA, BEN);
    LinkEvent::PersonsDeclaredDifferent { link, canonical: ANA, other: BEN }
}

fn left_open() -> LinkEvent {
    let link = rules::link_id(ANA, BEN);
    LinkEvent::MatchLeftOpen { link, canonical: ANA, other: BEN }
}

fn declare_different(two: Two) -> LinkCommand {
    LinkCommand::DeclareDifferent(Box::new(two))
}

fn leave_open(said_today: bool) -> LinkCommand {
    LinkCommand::LeaveOpen { two: Box::new(two()), said_today }
}

#[test]
fn it_is_them_it_is_not_and_i_do_not_know_are_each_an_event_r31() {
    given(vec![]).when(link(pair())).then_expect_events(vec![linked()]);
    given(vec![]).when(declare_different(two())).then_expect_events(vec![different()]);
    given(vec![]).when(leave_open(false)).then_expect_events(vec![left_open()]);
    for judged in [different(), left_open()] {
        assert_eq!(Link::default().keeps(&judged), [], "only a link stands in a link's way");
    }
}

#[test]
fn who_could_not_say_may_say_later() {
    given(vec![left_open()]).when(link(pair())).then_expect_events(vec![linked()]);
    given(vec![left_open()]).when(declare_different(two())).then_expect_events(vec![different()]);
}

#[test]
fn another_doubt_is_a_fact_of_its_own_and_the_same_workers_of_the_same_day_is_not() {
    given(vec![left_open()]).when(leave_open(false)).then_expect_events(vec![left_open()]);
    given(vec![left_open()]).when(leave_open(true)).then_expect_events(vec![]);
}

#[test]
fn declaring_different_again_is_nothing_and_a_doubt_does_not_take_it_back() {
    given(vec![different()]).when(declare_different(two())).then_expect_events(vec![]);
    given(vec![different()])
        .when(leave_open(false))
        .then_expect_error(Rejection::DeclaredDifferent);
}

#[test]
fn a_pair_declared_different_is_linked_only_knowingly_and_on_a_document() {
    let with = |reason, despite_difference| {
        link(Pair { reasons: vec![LinkReason::Recognised, reason], despite_difference, ..pair() })
    };
    for reason in [LinkReason::SameTaxCode, LinkReason::SameDocument] {
        given(vec![different()])
            .when(with(reason, false))
            .then_expect_error(Rejection::DeclaredDifferent);
        let reasons = vec![LinkReason::Recognised, reason];
        let (link, canonical, other) = (rules::link_id(ANA, BEN), ANA, BEN);
        given(vec![different()])
            .when(with(reason, true))
            .then_expect_events(vec![LinkEvent::PersonsLinked { link, canonical, other, reasons }]);
    }
    for reason in [LinkReason::SameBirthAndName, LinkReason::PersonSaysSo, LinkReason::Recognised] {
        given(vec![different()])
            .when(with(reason, true))
            .then_expect_error(Rejection::DeclaredDifferent);
    }
}

#[test]
fn once_unlinked_no_document_links_the_pair_again_story_e() {
    let reasons = vec![LinkReason::SameTaxCode];
    given(vec![different(), linked(), unlinked()])
        .when(link(Pair { reasons, despite_difference: true, ..pair() }))
        .then_expect_error(Rejection::UnlinkedBefore);
}

#[test]
fn a_linked_pair_is_judged_anew_only_by_an_unlink() {
    for command in [declare_different(two()), leave_open(false)] {
        given(vec![linked()]).when(command.clone()).then_expect_error(Rejection::StillLinked);
        given(vec![linked(), unlinked()])
            .when(command)
            .then_expect_error(Rejection::UnlinkedBefore);
    }
}

#[test]
fn records_of_one_person_are_not_declared_different_beside_the_links_that_say_so() {
    let behind = Two { one: Record { front: ANA, ..younger() }, ..two() };
    given(vec![])
        .when(declare_different(behind))
        .then_expect_error(Rejection::OnePersonAlready { front: ANA });
}

#[test]
fn no_judgement_crosses_a_confidential_pseudonym_story_d() {
    for standing in [Standing::Unknown, Standing::Confidential] {
        let crossing = || Two { one: Record { standing, ..younger() }, ..two() };
        let two = Box::new(crossing());
        for command in
            [declare_different(crossing()), LinkCommand::LeaveOpen { two, said_today: false }]
        {
            given(vec![]).when(command).then_expect_error(Rejection::NotOpen);
        }
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
    for event in [left_open(), different(), linked(), unlinked()] {
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
        Rejection::DeclaredDifferent,
        Rejection::DifferentAcross,
        Rejection::StillLinked,
        Rejection::TooManyRecords,
        Rejection::NotLinked,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
