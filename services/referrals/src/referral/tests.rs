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
        sender: Some(Receiver { service_type: ServiceType::Hub, active: true, read_to: 7 }),
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
        from_type: ServiceType::Hub,
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
        elsewhere_known: None,
    })
}

fn given(events: Vec<ReferralEvent>) -> cqrs_es::test::AggregateTestExecutor<Referral> {
    TestFramework::with(()).given(events)
}

/// An active service of this type.
fn does(service_type: ServiceType) -> Receiver {
    Receiver { service_type, active: true, read_to: 7 }
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
fn a_referral_by_a_service_that_is_not_in_the_directory_is_refused() {
    given(vec![])
        .when(send(Send { sender: None, ..to_csm() }))
        .then_expect_error(Rejection::UnknownSender);
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
fn a_service_that_knows_nobody_by_name_takes_and_sends_slips_only_threat_3() {
    for sealed in [ServiceType::Serd, ServiceType::JuvenileCourt, ServiceType::AntiViolenceCentre] {
        let sealed = does(sealed);
        for refused in [
            Send { receiver: Some(sealed), ..to_csm() },
            Send { sender: Some(sealed), ..to_csm() },
            Send { receiver: Some(Receiver { active: false, ..sealed }), ..to_csm() },
        ] {
            given(vec![]).when(send(refused)).then_expect_error(Rejection::OnlyBySlip);
        }
    }
    assert!(Rejection::OnlyBySlip.to_string().contains("slip"));
}

#[test]
fn nobody_is_sent_to_a_secret_shelter_and_it_sends_nobody_by_name_threat_2() {
    let house = does(ServiceType::SecretShelter);
    given(vec![])
        .when(send(Send { receiver: Some(house), ..to_csm() }))
        .then_expect_error(Rejection::NoDirectAccess);
    given(vec![])
        .when(send(Send { sender: Some(house), ..to_csm() }))
        .then_expect_error(Rejection::OnlyBySlip);
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

fn between(from_type: ServiceType, service_type: ServiceType) -> ReferralEvent {
    ReferralEvent::ReferralCreated {
        referral: REFERRAL,
        person: ANA,
        from: HUB,
        from_type,
        to: CSM,
        service_type,
        need: NeedCode::Addiction,
        urgency: Urgency::Ordinary,
        dataset: vec![],
        directory_read_to: 7,
    }
}

#[test]
fn of_a_confidential_receiver_the_sender_sees_in_path_attended_or_closed() {
    let after = |receiver, more: &[ReferralEvent]| {
        let mut referral = Referral::default();
        let sent = ReferralEvent::ReferralSent { answer_by: ANSWER_DUE };
        for event in [between(ServiceType::Hub, receiver), sent].iter().chain(more) {
            referral.apply(event.clone());
        }
        referral
    };
    let accepted = ReferralEvent::ReferralAccepted {};
    let fixed = ReferralEvent::FirstVisitScheduled { visit_at: VISIT };
    let held = ReferralEvent::FirstVisitHeld {};
    let met = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Yes };
    for (more, stage) in [
        (vec![], "in_path"),
        (vec![ReferralEvent::ReferralSeen {}], "in_path"),
        (vec![accepted.clone(), fixed.clone()], "in_path"),
        (vec![accepted.clone(), held.clone()], "attended"),
        (vec![accepted, fixed, held, met], "closed"),
        (vec![declined()], "closed"),
        (vec![ReferralEvent::ReferralExpired {}], "closed"),
    ] {
        let visit_held = stage == "attended";
        let discreet =
            Standing { stage, answer_by: None, visit_at: None, visit_held, need_met: None };
        assert_eq!(after(ServiceType::Serd, &more).standing_for_sender(), discreet);
        let open = after(ServiceType::Csm, &more);
        assert_eq!(open.standing_for_sender(), open.standing());
    }
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
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT, now: NOW })
        .then_expect_error(Rejection::NotAccepted);
    given(accepted())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT, now: NOW })
        .then_expect_events(vec![fixed.clone()]);
    given(with_visit())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT, now: NOW })
        .then_expect_events(vec![]);
    given(with_visit())
        .when(ReferralCommand::RecordVisitMissed { now: VISIT })
        .then_expect_events(vec![ReferralEvent::FirstVisitMissed {}]);
    given(with_visit())
        .when(ReferralCommand::RecordVisitHeld)
        .then_expect_events(vec![ReferralEvent::FirstVisitHeld {}]);
}

#[test]
fn a_visit_is_missed_only_when_one_was_fixed() {
    given(accepted())
        .when(ReferralCommand::RecordVisitMissed { now: VISIT })
        .then_expect_error(Rejection::NoVisitScheduled);
}

#[test]
fn a_visit_is_missed_only_once_its_time_has_passed() {
    let fixed = ReferralEvent::FirstVisitScheduled { visit_at: VISIT };
    let before = VISIT - time::Duration::SECOND;
    given([accepted(), vec![fixed]].concat())
        .when(ReferralCommand::RecordVisitMissed { now: before })
        .then_expect_error(Rejection::VisitToCome);
}

#[test]
fn a_visit_is_fixed_for_today_or_later() {
    let fix = |visit_at| ReferralCommand::ScheduleFirstVisit { visit_at, now: NOW };
    let this_morning = datetime!(2025-01-19 23:00 UTC);
    given(accepted())
        .when(fix(this_morning))
        .then_expect_events(vec![ReferralEvent::FirstVisitScheduled { visit_at: this_morning }]);
    given(accepted())
        .when(fix(datetime!(2025-01-19 22:59 UTC)))
        .then_expect_error(Rejection::VisitInThePast);
}

#[test]
fn a_decline_names_another_service_only_where_it_works_and_a_sealed_one_never_threat_3() {
    let to = |elsewhere_known| {
        ReferralCommand::Decline(Decline {
            reason: DeclineReason::OutsideArea,
            next_step: NextStep::ReferElsewhere,
            by: DeclinedBy::Service,
            elsewhere: Some(HUB),
            elsewhere_known,
        })
    };
    let closed = Receiver { active: false, ..does(ServiceType::Hub) };
    for unknown in [None, Some(closed)] {
        given(sent()).when(to(unknown)).then_expect_error(Rejection::UnknownElsewhere);
    }
    for sealed in [ServiceType::Serd, ServiceType::AntiViolenceCentre, ServiceType::SecretShelter] {
        given(sent()).when(to(Some(does(sealed)))).then_expect_error(Rejection::OnlyBySlip);
    }
    given(sent()).when(to(Some(does(ServiceType::Hub)))).then_expect_events(vec![
        ReferralEvent::ReferralSeen {},
        ReferralEvent::ReferralDeclined {
            reason: DeclineReason::OutsideArea,
            next_step: NextStep::ReferElsewhere,
            by: DeclinedBy::Service,
            elsewhere: Some(HUB),
        },
    ]);
}

#[test]
fn a_visit_that_was_held_is_neither_missed_nor_moved() {
    let held = || [accepted(), vec![ReferralEvent::FirstVisitHeld {}]].concat();
    given(held())
        .when(ReferralCommand::RecordVisitMissed { now: VISIT })
        .then_expect_error(Rejection::VisitAlreadyHeld);
    given(held())
        .when(ReferralCommand::ScheduleFirstVisit { visit_at: VISIT, now: NOW })
        .then_expect_error(Rejection::VisitAlreadyHeld);
    given(held()).when(ReferralCommand::RecordVisitHeld).then_expect_events(vec![]);
}

#[test]
fn accepted_is_not_served_is_not_need_met() {
    let report = |need_met| ReferralCommand::ReportOutcome { need_met };
    let reported = |need_met| vec![ReferralEvent::ReferralOutcomeReported { need_met }];
    let held = || [accepted(), vec![ReferralEvent::FirstVisitHeld {}]].concat();
    for need_met in [NeedMet::Yes, NeedMet::Partly] {
        given(accepted()).when(report(need_met)).then_expect_error(Rejection::NotServed);
        given(held()).when(report(need_met)).then_expect_events(reported(need_met));
    }
    for events in [accepted(), held()] {
        given(events).when(report(NeedMet::No)).then_expect_events(reported(NeedMet::No));
    }
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
        Rejection::UnknownSender,
        Rejection::UnknownService,
        Rejection::ServiceNotActive,
        Rejection::ToItself,
        Rejection::OnlyBySlip,
        Rejection::NoDirectAccess,
        Rejection::AlreadySent,
        Rejection::AlreadyOpen { referral: REFERRAL },
        Rejection::AlreadyAnswered,
        Rejection::NotAccepted,
        Rejection::Ended { end: End::Expired },
        Rejection::NothingAsked,
        Rejection::NoVisitScheduled,
        Rejection::VisitInThePast,
        Rejection::VisitToCome,
        Rejection::VisitAlreadyHeld,
        Rejection::NotServed,
        Rejection::UnknownElsewhere,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
