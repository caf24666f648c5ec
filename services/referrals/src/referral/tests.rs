use cqrs_es::test::TestFramework;
use time::OffsetDateTime;
use time::macros::datetime;
use trama_events::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, ServiceType, Urgency,
};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::{ReferralEvent, WithdrawalReason};
use trama_platform::log::{During, Keep, Logged, Refusal, Taken};
use uuid::Uuid;

use super::commands::Receiver;
use super::*;

const REFERRAL: ReferralId = ReferralId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const HUB: ServiceId = ServiceId(Uuid::from_u128(3));
const CSM: ServiceId = ServiceId(Uuid::from_u128(4));
const NOW: OffsetDateTime = datetime!(2025-01-20 09:00 UTC);
const ANSWER_DUE: OffsetDateTime = datetime!(2025-01-27 09:00 UTC);
const VISIT: OffsetDateTime = datetime!(2025-01-30 10:00 UTC);

fn to_csm() -> Send {
    Send {
        referral: REFERRAL,
        person: ANA,
        person_known: true,
        from: HUB,
        to: CSM,
        receiver: Some(Receiver { service_type: ServiceType::Csm, active: true, read_to: 7 }),
        need: NeedCode::MentalHealth,
        urgency: Urgency::Ordinary,
        dataset: vec![DatasetSection::Needs, DatasetSection::Contacts, DatasetSection::Needs],
        now: NOW,
    }
}

fn created() -> ReferralEvent {
    ReferralEvent::ReferralCreated {
        referral: REFERRAL,
        person: ANA,
        from: HUB,
        to: CSM,
        service_type: ServiceType::Csm,
        need: NeedCode::MentalHealth,
        urgency: Urgency::Ordinary,
        dataset: vec![DatasetSection::Contacts, DatasetSection::Needs],
        directory_read_to: 7,
    }
}

fn sent() -> Vec<ReferralEvent> {
    vec![created(), ReferralEvent::ReferralSent { answer_by: ANSWER_DUE }]
}

fn sent_and(more: &[ReferralEvent]) -> Vec<ReferralEvent> {
    [sent(), more.to_vec()].concat()
}

fn accepted() -> Vec<ReferralEvent> {
    sent_and(&[ReferralEvent::ReferralSeen {}, ReferralEvent::ReferralAccepted {}])
}

fn declined() -> ReferralEvent {
    ReferralEvent::ReferralDeclined {
        reason: DeclineReason::OutsideArea,
        next_step: NextStep::ReferElsewhere,
        by: DeclinedBy::Service,
        elsewhere: None,
    }
}

fn decline() -> ReferralCommand {
    ReferralCommand::Decline(Decline {
        reason: DeclineReason::OutsideArea,
        next_step: NextStep::ReferElsewhere,
        by: DeclinedBy::Service,
        elsewhere: None,
    })
}

fn given(events: Vec<ReferralEvent>) -> cqrs_es::test::AggregateTestExecutor<Referral> {
    TestFramework::with(()).given(events)
}

fn send(send: Send) -> ReferralCommand {
    ReferralCommand::Send(Box::new(send))
}

#[test]
fn sending_creates_the_referral_and_says_when_an_answer_is_due() {
    given(vec![]).when(send(to_csm())).then_expect_events(sent());
}

#[test]
fn only_the_declared_dataset_leaves_each_section_once() {
    given(vec![]).when(send(Send { dataset: vec![], ..to_csm() })).inspect_result().map_or_else(
        |refusal| panic!("{refusal}"),
        |events| {
            assert!(matches!(&events[0], ReferralEvent::ReferralCreated { dataset, .. } if dataset.is_empty()));
        },
    );
}

#[test]
fn a_referral_of_a_person_whom_nobody_registered_is_refused() {
    given(vec![])
        .when(send(Send { person_known: false, ..to_csm() }))
        .then_expect_error(Rejection::UnknownPerson);
}

#[test]
fn a_referral_to_a_service_that_is_not_in_the_directory_is_refused() {
    given(vec![])
        .when(send(Send { receiver: None, ..to_csm() }))
        .then_expect_error(Rejection::UnknownService);
}

#[test]
fn a_referral_to_a_service_that_is_not_active_is_refused() {
    let receiver = Some(Receiver { service_type: ServiceType::Csm, active: false, read_to: 7 });
    given(vec![])
        .when(send(Send { receiver, ..to_csm() }))
        .then_expect_error(Rejection::ServiceNotActive);
}

#[test]
fn a_service_does_not_refer_to_itself() {
    given(vec![]).when(send(Send { to: HUB, ..to_csm() })).then_expect_error(Rejection::ToItself);
}

#[test]
fn an_id_is_used_once() {
    given(sent()).when(send(to_csm())).then_expect_error(Rejection::AlreadySent);
}

#[test]
fn a_second_referral_for_the_same_person_need_and_service_is_refused_with_the_first_ones_id() {
    let claim = Referral::default().keeps(&created());
    let key = format!("{ANA}/{CSM}/mental_health");
    assert_eq!(claim, [Keep::Claim { guard: OPEN, key: key.clone(), during: During::ALWAYS }]);
    let taken = Taken { guard: OPEN.into(), key, holder: REFERRAL.0 };
    let refusal = Referral::default().taken(&taken);
    assert_eq!(refusal, Rejection::AlreadyOpen { referral: REFERRAL });
    assert!(refusal.to_string().contains(&REFERRAL.to_string()));
}

#[test]
fn an_ended_referral_makes_room_for_the_next() {
    for end in [
        declined(),
        ReferralEvent::ReferralWithdrawn { reason: WithdrawalReason::Mistake },
        ReferralEvent::ReferralExpired {},
        ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Yes },
    ] {
        let kept = Referral::default().keeps(&end);
        assert!(kept.contains(&Keep::Release { guard: OPEN, key: None, during: None }), "{end:?}");
    }
}

#[test]
fn a_referral_that_nobody_sent_is_refused() {
    for command in [
        ReferralCommand::See,
        ReferralCommand::Accept,
        decline(),
        ReferralCommand::RecordVisitHeld,
        ReferralCommand::ReportOutcome { need_met: NeedMet::Yes },
        ReferralCommand::Withdraw { reason: WithdrawalReason::Mistake },
        ReferralCommand::Expire { now: NOW },
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchReferral);
    }
}

#[test]
fn seeing_twice_is_one_fact() {
    given(sent())
        .when(ReferralCommand::See)
        .then_expect_events(vec![ReferralEvent::ReferralSeen {}]);
    given(sent_and(&[ReferralEvent::ReferralSeen {}]))
        .when(ReferralCommand::See)
        .then_expect_events(vec![]);
}

#[test]
fn an_answer_shows_that_it_was_seen() {
    given(sent()).when(ReferralCommand::Accept).then_expect_events(vec![
        ReferralEvent::ReferralSeen {},
        ReferralEvent::ReferralAccepted {},
    ]);
    given(sent())
        .when(decline())
        .then_expect_events(vec![ReferralEvent::ReferralSeen {}, declined()]);
}

#[test]
fn accepting_twice_is_one_fact() {
    given(accepted()).when(ReferralCommand::Accept).then_expect_events(vec![]);
}

#[test]
fn an_accepted_referral_is_not_declined() {
    given(accepted()).when(decline()).then_expect_error(Rejection::AlreadyAnswered);
}

#[test]
fn an_ended_referral_takes_no_answer_and_says_how_it_ended() {
    let refused = Rejection::Ended { end: End::Declined };
    given(sent_and(&[declined()])).when(ReferralCommand::Accept).then_expect_error(refused.clone());
    assert_eq!(refused.to_string(), "this referral has ended: it was declined");
    for (end, words) in [
        (End::Withdrawn, "took it back"),
        (End::Expired, "answered in time"),
        (End::Reported(NeedMet::No), "outcome"),
    ] {
        assert!(Rejection::Ended { end }.to_string().contains(words));
    }
}

#[test]
fn information_is_asked_and_given_by_section() {
    let sections = vec![DatasetSection::Housing];
    given(sent())
        .when(ReferralCommand::RequestInfo { sections: sections.clone() })
        .then_expect_events(vec![
            ReferralEvent::ReferralSeen {},
            ReferralEvent::ReferralInfoRequested { sections: sections.clone() },
        ]);
    given(sent_and(&[ReferralEvent::ReferralInfoRequested { sections: sections.clone() }]))
        .when(ReferralCommand::GiveInfo { sections: sections.clone() })
        .then_expect_events(vec![ReferralEvent::ReferralInfoGiven { sections: sections.clone() }]);
    given(sent())
        .when(ReferralCommand::GiveInfo { sections })
        .then_expect_error(Rejection::NothingAsked);
    given(sent())
        .when(ReferralCommand::RequestInfo { sections: vec![] })
        .then_expect_error(Rejection::NothingAsked);
}

#[test]
fn a_visit_is_fixed_moved_held_or_missed_only_after_acceptance() {
    let fixed = ReferralEvent::FirstVisitScheduled { visit_at: VISIT };
    let with_visit = || [accepted(), vec![fixed.clone()]].concat();
    given(sent())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT })
        .then_expect_error(Rejection::NotAccepted);
    given(accepted())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT })
        .then_expect_events(vec![fixed.clone()]);
    given(with_visit())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT })
        .then_expect_events(vec![]);
    given(with_visit())
        .when(ReferralCommand::RecordVisitMissed)
        .then_expect_events(vec![ReferralEvent::FirstVisitMissed {}]);
    given(with_visit())
        .when(ReferralCommand::RecordVisitHeld)
        .then_expect_events(vec![ReferralEvent::FirstVisitHeld {}]);
}

#[test]
fn a_visit_is_missed_only_when_one_was_fixed() {
    given(accepted())
        .when(ReferralCommand::RecordVisitMissed)
        .then_expect_error(Rejection::NoVisitScheduled);
}

#[test]
fn a_visit_that_was_held_is_neither_missed_nor_moved() {
    let held = || [accepted(), vec![ReferralEvent::FirstVisitHeld {}]].concat();
    given(held())
        .when(ReferralCommand::RecordVisitMissed)
        .then_expect_error(Rejection::VisitAlreadyHeld);
    given(held())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT })
        .then_expect_error(Rejection::VisitAlreadyHeld);
    given(held()).when(ReferralCommand::RecordVisitHeld).then_expect_events(vec![]);
}

#[test]
fn accepted_is_not_served_is_not_need_met() {
    given(accepted())
        .when(ReferralCommand::ReportOutcome { need_met: NeedMet::Partly })
        .then_expect_events(vec![ReferralEvent::ReferralOutcomeReported {
            need_met: NeedMet::Partly,
        }]);
    given(sent())
        .when(ReferralCommand::ReportOutcome { need_met: NeedMet::Yes })
        .then_expect_error(Rejection::NotAccepted);
}

#[test]
fn the_sender_may_withdraw_until_it_is_answered() {
    let withdraw = ReferralCommand::Withdraw { reason: WithdrawalReason::PersonAsked };
    given(sent()).when(withdraw.clone()).then_expect_events(vec![
        ReferralEvent::ReferralWithdrawn { reason: WithdrawalReason::PersonAsked },
    ]);
    given(accepted()).when(withdraw).then_expect_error(Rejection::AlreadyAnswered);
}

#[test]
fn a_passed_deadline_ends_it_with_an_alert_never_in_silence() {
    given(sent())
        .when(ReferralCommand::Expire { now: ANSWER_DUE })
        .then_expect_events(vec![ReferralEvent::ReferralExpired {}]);
    given(sent()).when(ReferralCommand::Expire { now: NOW }).then_expect_events(vec![]);
    given(accepted()).when(ReferralCommand::Expire { now: ANSWER_DUE }).then_expect_events(vec![]);
}

#[test]
fn the_deadline_is_watched_from_sending_to_the_answer() {
    let sent = ReferralEvent::ReferralSent { answer_by: ANSWER_DUE };
    let timer = Keep::SetTimer { name: ANSWER_BY, due_at: ANSWER_DUE };
    assert_eq!(Referral::default().keeps(&sent), [timer]);
    let clear = Keep::ClearTimer { name: ANSWER_BY };
    assert!(Referral::default().keeps(&ReferralEvent::ReferralAccepted {}).contains(&clear));
}

#[test]
fn an_immediate_referral_is_due_in_two_hours_an_urgent_one_in_a_quarter_of_the_time() {
    let due = |urgency| rules::answer_by(ServiceType::Csm, urgency, NOW) - NOW;
    assert_eq!(due(Urgency::Immediate).whole_hours(), 2);
    assert_eq!(due(Urgency::Urgent).whole_hours(), 42);
    assert_eq!(due(Urgency::Ordinary).whole_hours(), 168);
    let shelter = rules::answer_by(ServiceType::Pis, Urgency::Urgent, NOW) - NOW;
    assert_eq!(shelter.whole_hours(), 2);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchReferral,
        Rejection::UnknownPerson,
        Rejection::UnknownService,
        Rejection::ServiceNotActive,
        Rejection::ToItself,
        Rejection::AlreadySent,
        Rejection::AlreadyOpen { referral: REFERRAL },
        Rejection::AlreadyAnswered,
        Rejection::NotAccepted,
        Rejection::Ended { end: End::Expired },
        Rejection::NothingAsked,
        Rejection::NoVisitScheduled,
        Rejection::VisitAlreadyHeld,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
