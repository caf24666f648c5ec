use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use trama_events::codes::Channel;
use trama_events::ids::EmergencyId;
use trama_events::intake::{ClosingReason, EmergencyOutcome};
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const EMERGENCY: EmergencyId = EmergencyId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const BEN: PersonId = PersonId(Uuid::from_u128(3));
const PIS: ServiceId = ServiceId(Uuid::from_u128(4));
const UNIT: ServiceId = ServiceId(Uuid::from_u128(5));
const SHELTER: ServiceId = ServiceId(Uuid::from_u128(6));

const BY_POLICE: Report = Report {
    emergency: EMERGENCY,
    service: PIS,
    channel: Channel::Police,
    person: None,
    shelter_requested: true,
    lone_child: false,
};

const UNIT_OUT: EmergencyEvent = EmergencyEvent::UnitDispatched { unit: UNIT };

const IN_A_BED: Closing =
    Closing { outcome: EmergencyOutcome::Sheltered, handover: Some(SHELTER), reason: None };

fn reported_as(report: Report) -> EmergencyEvent {
    let Report { emergency, service, channel, person, shelter_requested, lone_child } = report;
    EmergencyEvent::EmergencyReported {
        emergency,
        service,
        channel,
        person,
        shelter_requested,
        lone_child,
    }
}

fn closed_as(closing: Closing) -> EmergencyEvent {
    let Closing { outcome, handover, reason } = closing;
    EmergencyEvent::EmergencyClosed { outcome, handover, reason }
}

fn report(report: Report) -> EmergencyCommand {
    EmergencyCommand::Report { report, answered: true }
}

fn dispatch(unit: ServiceId) -> EmergencyCommand {
    EmergencyCommand::Dispatch { unit, known: true }
}

fn close(closing: Closing) -> EmergencyCommand {
    EmergencyCommand::Close { closing, handover_known: true }
}

fn assess(level: EmergencyLevel, person: Option<PersonId>) -> EmergencyCommand {
    EmergencyCommand::Assess { level, person }
}

fn assessed(level: EmergencyLevel, person: Option<PersonId>) -> EmergencyEvent {
    EmergencyEvent::EmergencyAssessed { level, person }
}

fn given(events: Vec<EmergencyEvent>) -> AggregateTestExecutor<Emergency> {
    TestFramework::with(()).given(events)
}

fn reported_and(more: &[EmergencyEvent]) -> Vec<EmergencyEvent> {
    [vec![reported_as(BY_POLICE)], more.to_vec()].concat()
}

fn reported() -> Vec<EmergencyEvent> {
    reported_and(&[])
}

fn replay(events: Vec<EmergencyEvent>) -> Emergency {
    let mut emergency = Emergency::default();
    for event in events {
        emergency.apply(event);
    }
    emergency
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Emergency::TYPE, EmergencyEvent::AGGREGATE);
}

#[test]
fn an_emergency_needs_no_identity_r1_r20() {
    given(vec![]).when(report(BY_POLICE)).then_expect_events(reported());
}

#[test]
fn a_report_says_at_once_that_a_child_is_alone() {
    let child = Report { lone_child: true, ..BY_POLICE };
    given(vec![]).when(report(child)).then_expect_events(vec![reported_as(child)]);
}

#[test]
fn an_emergency_is_reported_once() {
    let other = Report { channel: Channel::Hospital, ..BY_POLICE };
    given(reported()).when(report(BY_POLICE)).then_expect_events(vec![]);
    given(reported()).when(report(other)).then_expect_error(Rejection::AlreadyReported);
}

#[test]
fn an_emergency_that_nobody_reported_takes_no_command() {
    for command in [assess(EmergencyLevel::Low, None), dispatch(UNIT), close(IN_A_BED)] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchEmergency);
    }
}

#[test]
fn assessing_says_how_serious_it_is_and_may_be_done_again() {
    let high = || reported_and(&[assessed(EmergencyLevel::High, None)]);
    given(reported())
        .when(assess(EmergencyLevel::High, None))
        .then_expect_events(vec![assessed(EmergencyLevel::High, None)]);
    given(high()).when(assess(EmergencyLevel::High, None)).then_expect_events(vec![]);
    given(high())
        .when(assess(EmergencyLevel::Critical, None))
        .then_expect_events(vec![assessed(EmergencyLevel::Critical, None)]);
    given(reported_and(&[UNIT_OUT]))
        .when(assess(EmergencyLevel::Low, None))
        .then_expect_events(vec![assessed(EmergencyLevel::Low, None)]);
}

#[test]
fn a_person_who_becomes_known_stays_named() {
    let known = reported_and(&[assessed(EmergencyLevel::High, Some(ANA))]);
    assert_eq!(replay(known.clone()).person(), Some(ANA));
    given(known.clone())
        .when(assess(EmergencyLevel::Low, None))
        .then_expect_events(vec![assessed(EmergencyLevel::Low, Some(ANA))]);
    given(known).when(assess(EmergencyLevel::High, None)).then_expect_events(vec![]);
    given(reported_and(&[assessed(EmergencyLevel::High, None)]))
        .when(assess(EmergencyLevel::High, Some(ANA)))
        .then_expect_events(vec![assessed(EmergencyLevel::High, Some(ANA))]);
}

#[test]
fn an_emergency_does_not_pass_from_one_person_to_another() {
    given(vec![reported_as(Report { person: Some(ANA), ..BY_POLICE })])
        .when(assess(EmergencyLevel::High, Some(BEN)))
        .then_expect_error(Rejection::AboutAnother);
}

#[test]
fn a_unit_goes_out_at_once_also_before_the_assessment_story_a() {
    let unit = dispatch(UNIT);
    given(reported()).when(unit.clone()).then_expect_events(vec![UNIT_OUT]);
    given(reported_and(&[UNIT_OUT])).when(unit).then_expect_events(vec![]);
    given(reported_and(&[UNIT_OUT]))
        .when(dispatch(PIS))
        .then_expect_events(vec![EmergencyEvent::UnitDispatched { unit: PIS }]);
}

#[test]
fn an_emergency_closes_with_a_handover_or_a_reason() {
    given(reported()).when(close(IN_A_BED)).then_expect_events(vec![closed_as(IN_A_BED)]);
    given(reported())
        .when(close(Closing { handover: None, ..IN_A_BED }))
        .then_expect_error(Rejection::NoHandoverNorReason);
    given(reported())
        .when(close(Closing { reason: Some(ClosingReason::SolvedOnSpot), ..IN_A_BED }))
        .then_expect_error(Rejection::HandoverAndReason);
}

#[test]
fn the_handover_or_the_reason_fits_the_outcome() {
    use ClosingReason::{FalseReport, NotFound, PersonRefused, PublicRescue, SolvedOnSpot};
    use EmergencyOutcome::{HandedOver, Sheltered, Unfounded};
    let fitting = [
        (Sheltered, None),
        (Sheltered, Some(SolvedOnSpot)),
        (HandedOver, None),
        (HandedOver, Some(PublicRescue)),
        (Unfounded, Some(PersonRefused)),
        (Unfounded, Some(NotFound)),
        (Unfounded, Some(SolvedOnSpot)),
        (Unfounded, Some(FalseReport)),
    ];
    let reasons = [PersonRefused, NotFound, SolvedOnSpot, FalseReport, PublicRescue].map(Some);
    for outcome in [Sheltered, HandedOver, Unfounded] {
        for reason in reasons.into_iter().chain([None]) {
            let handover = if reason.is_none() { Some(SHELTER) } else { None };
            let closing = Closing { outcome, handover, reason };
            let asked = given(reported()).when(close(closing));
            if fitting.contains(&(outcome, reason)) {
                asked.then_expect_events(vec![closed_as(closing)]);
            } else {
                asked.then_expect_error(Rejection::EndsOtherwise);
            }
        }
    }
}

#[test]
fn a_closed_emergency_stays_closed() {
    let closed = || reported_and(&[UNIT_OUT, closed_as(IN_A_BED)]);
    let handed_over = Closing { outcome: EmergencyOutcome::HandedOver, ..IN_A_BED };
    given(closed()).when(close(IN_A_BED)).then_expect_events(vec![]);
    for command in [close(handed_over), assess(EmergencyLevel::Low, None), dispatch(PIS)] {
        given(closed()).when(command).then_expect_error(Rejection::Closed);
    }
    assert_eq!(replay(closed()).closing, Some(IN_A_BED));
}

#[test]
fn a_report_that_nobody_would_answer_is_refused_but_a_repeat_is_nothing() {
    let unanswered = || EmergencyCommand::Report { report: BY_POLICE, answered: false };
    given(vec![]).when(unanswered()).then_expect_error(Rejection::NoEmergencyService);
    given(reported()).when(unanswered()).then_expect_events(vec![]);
}

#[test]
fn who_goes_out_or_takes_over_is_a_service_that_works_and_a_repeat_is_nothing() {
    let unknown = || EmergencyCommand::Dispatch { unit: UNIT, known: false };
    given(reported()).when(unknown()).then_expect_error(Rejection::UnknownService);
    given(reported_and(&[UNIT_OUT])).when(unknown()).then_expect_events(vec![]);
    let nowhere = || EmergencyCommand::Close { closing: IN_A_BED, handover_known: false };
    given(reported()).when(nowhere()).then_expect_error(Rejection::UnknownService);
    given(reported_and(&[closed_as(IN_A_BED)])).when(nowhere()).then_expect_events(vec![]);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchPerson,
        Rejection::NoSuchEmergency,
        Rejection::NoEmergencyService,
        Rejection::UnknownService,
        Rejection::AlreadyReported,
        Rejection::AboutAnother,
        Rejection::NoHandoverNorReason,
        Rejection::HandoverAndReason,
        Rejection::EndsOtherwise,
        Rejection::Closed,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
