use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::Date;
use time::macros::date;
use trama_events::casework::{CaseCloseReason, CaseEvent, ReadTo};
use trama_events::codes::NeedCode;
use trama_events::ids::{CaseId, PersonId, ServiceId, StaffId};
use uuid::Uuid;

use super::super::{ApprovePlan, Case, CaseCommand, Colleagues, Convene, Rejection, rules};

const SOCIAL: StaffId = StaffId(Uuid::from_u128(1));
const OTHER: StaffId = StaffId(Uuid::from_u128(2));
const HEALTH: StaffId = StaffId(Uuid::from_u128(3));
const STRANGER: StaffId = StaffId(Uuid::from_u128(4));
const CALLED: Date = date!(2025 - 02 - 03);
const MEETING: Date = date!(2025 - 02 - 10);
const SIGNED: Date = date!(2025 - 02 - 14);

fn given(events: Vec<CaseEvent>) -> AggregateTestExecutor<Case> {
    TestFramework::with(()).given(events)
}

fn opened() -> Vec<CaseEvent> {
    let (case, person) = (CaseId(Uuid::from_u128(5)), PersonId(Uuid::from_u128(6)));
    let service = ServiceId(Uuid::from_u128(7));
    vec![
        CaseEvent::CaseOpened { case, person, service },
        CaseEvent::CaseManagerAssigned { manager: SOCIAL },
    ]
}

fn and(event: CaseEvent) -> Vec<CaseEvent> {
    [opened(), vec![event]].concat()
}

fn called() -> CaseEvent {
    CaseEvent::UvmConvened { on: MEETING, social: vec![SOCIAL], health: vec![HEALTH] }
}

fn call() -> Convene {
    let colleagues = Colleagues { on_staff: vec![SOCIAL, OTHER, HEALTH], of_health: vec![HEALTH] };
    let (social, health) = (vec![SOCIAL], vec![HEALTH]);
    Convene { on: MEETING, social, health, colleagues, today: CALLED }
}

fn plan() -> ApprovePlan {
    let goals = vec![NeedCode::Health, NeedCode::DisabilityAutonomy];
    ApprovePlan { on: SIGNED, social: SOCIAL, health: HEALTH, goals, months: 12 }
}

fn approved() -> CaseEvent {
    let ApprovePlan { on, social, health, goals, months } = plan();
    CaseEvent::CarePlanApproved { on, social, health, goals, months }
}

fn closed() -> CaseEvent {
    CaseEvent::CaseClosed {
        reason: CaseCloseReason::GoalsReached,
        destination: None,
        handover: None,
        read_to: ReadTo::default(),
    }
}

fn convene(call: Convene) -> CaseCommand {
    CaseCommand::ConveneUnit(call)
}

fn approve(plan: ApprovePlan) -> CaseCommand {
    CaseCommand::ApprovePlan(plan)
}

#[test]
fn a_unit_is_called_to_a_day_by_its_members_once_r40() {
    given(opened()).when(convene(call())).then_expect_events(vec![called()]);
    given(and(called())).when(convene(call())).then_expect_events(vec![]);
    let twice = Convene { social: vec![SOCIAL, SOCIAL], ..call() };
    given(and(called())).when(convene(twice)).then_expect_events(vec![]);
    let other = Convene { social: vec![OTHER], ..call() };
    let replaced =
        CaseEvent::UvmConvened { on: MEETING, social: vec![OTHER], health: vec![HEALTH] };
    given(and(called())).when(convene(other)).then_expect_events(vec![replaced]);
}

#[test]
fn a_unit_has_a_member_of_the_social_services_and_one_of_the_health_district_r40() {
    let refused = |call, why| given(opened()).when(convene(call)).then_expect_error(why);
    refused(Convene { social: vec![], ..call() }, Rejection::SideMissing);
    refused(Convene { health: vec![], ..call() }, Rejection::SideMissing);
    refused(Convene { health: vec![STRANGER], ..call() }, Rejection::UnknownStaff);
    refused(Convene { health: vec![OTHER], ..call() }, Rejection::OtherSide);
    refused(Convene { social: vec![SOCIAL, HEALTH], ..call() }, Rejection::OtherSide);
    let many = (0..13).map(|n| StaffId(Uuid::from_u128(100 + n))).collect();
    refused(Convene { social: many, ..call() }, Rejection::UnitTooLarge);
}

#[test]
fn a_unit_meets_from_today_on_within_sixty_days() {
    let latest = date!(2025 - 04 - 04);
    let on = |on| convene(Convene { on, ..call() });
    given(opened()).when(on(date!(2025 - 02 - 02))).then_expect_error(Rejection::MeetingInPast);
    given(opened())
        .when(on(date!(2025 - 04 - 05)))
        .then_expect_error(Rejection::MeetingTooFar { latest });
    given(opened()).when(on(latest)).inspect_result().unwrap();
    given(opened()).when(on(CALLED)).inspect_result().unwrap();
}

#[test]
fn both_sides_of_the_unit_sign_the_care_plan_r40() {
    given(and(called())).when(approve(plan())).then_expect_events(vec![approved()]);
    for other in [
        ApprovePlan { social: OTHER, ..plan() },
        ApprovePlan { health: OTHER, ..plan() },
        ApprovePlan { social: HEALTH, health: SOCIAL, ..plan() },
    ] {
        given(and(called())).when(approve(other)).then_expect_error(Rejection::SignerNotCalled);
    }
    given(opened()).when(approve(plan())).then_expect_error(Rejection::NoUnit);
    let early = ApprovePlan { on: CALLED, ..plan() };
    given(and(called()))
        .when(approve(early))
        .then_expect_error(Rejection::MeetingAhead { on: MEETING });
}

#[test]
fn a_care_plan_answers_needs_for_one_to_twenty_four_months() {
    let refused = |plan, why| given(and(called())).when(approve(plan)).then_expect_error(why);
    refused(ApprovePlan { goals: vec![], ..plan() }, Rejection::NoPlanGoal);
    refused(ApprovePlan { months: 0, ..plan() }, Rejection::PlanMonths);
    let longest = rules::PLAN_MONTHS_MAX;
    refused(ApprovePlan { months: longest + 1, ..plan() }, Rejection::PlanMonths);
    let most = ApprovePlan { months: longest, ..plan() };
    given(and(called())).when(approve(most)).inspect_result().unwrap();
}

#[test]
fn a_plan_ends_the_unit_and_says_how_many_days_it_took_i7() {
    let history = [and(called()), vec![approved()]].concat();
    given(history.clone()).when(approve(plan())).then_expect_events(vec![]);
    let another = ApprovePlan { months: 6, ..plan() };
    given(history.clone()).when(approve(another)).then_expect_error(Rejection::NoUnit);
    given(history.clone()).when(CaseCommand::CancelUnit).then_expect_error(Rejection::NoUnit);
    let mut case = Case::default();
    for event in history {
        cqrs_es::Aggregate::apply(&mut case, event);
    }
    assert_eq!(case.unit, None);
    assert_eq!(case.care_plan.unwrap().days_to_plan(), 4);
}

#[test]
fn a_unit_that_does_not_meet_is_cancelled() {
    given(and(called()))
        .when(CaseCommand::CancelUnit)
        .then_expect_events(vec![CaseEvent::UvmCancelled {}]);
    given(opened()).when(CaseCommand::CancelUnit).then_expect_error(Rejection::NoUnit);
    let cancelled = [and(called()), vec![CaseEvent::UvmCancelled {}]].concat();
    given(cancelled).when(approve(plan())).then_expect_error(Rejection::NoUnit);
}

#[test]
fn a_guardian_is_recorded_once_and_replaced_by_another() {
    let appoint = |guardian, known| CaseCommand::AppointGuardian { guardian, known };
    let appointed = |guardian| CaseEvent::GuardianAppointed { guardian };
    given(opened()).when(appoint(OTHER, true)).then_expect_events(vec![appointed(OTHER)]);
    given(opened()).when(appoint(OTHER, false)).then_expect_error(Rejection::UnknownGuardian);
    given(and(appointed(OTHER))).when(appoint(OTHER, false)).then_expect_events(vec![]);
    given(and(appointed(OTHER)))
        .when(appoint(STRANGER, true))
        .then_expect_events(vec![appointed(STRANGER)]);
}

#[test]
fn a_guardianship_ends_also_after_the_case_was_closed() {
    let history = [and(CaseEvent::GuardianAppointed { guardian: OTHER }), vec![closed()]].concat();
    given(history)
        .when(CaseCommand::EndGuardianship)
        .then_expect_events(vec![CaseEvent::GuardianshipEnded {}]);
    given(opened()).when(CaseCommand::EndGuardianship).then_expect_error(Rejection::NoGuardian);
    given(vec![]).when(CaseCommand::EndGuardianship).then_expect_error(Rejection::NoSuchCase);
}

#[test]
fn a_closed_case_calls_no_unit() {
    let history = [and(called()), vec![closed()]].concat();
    for command in [convene(call()), approve(plan()), CaseCommand::CancelUnit] {
        given(history.clone()).when(command).then_expect_error(Rejection::Closed);
    }
}
