use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::Date;
use time::macros::date;
use trama_events::Fact;
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, CaseEvent, ChargePlace, EligibilityFact, GoalOutcome,
    InterruptionReason, Marginality, ReadTo, Signatory,
};
use trama_events::codes::{Destination, Need, NeedCode, NeedLevel};
use trama_events::ids::{CaseId, GoalId, PersonId, ReferralId, ServiceId, StaffId, StayId};
use trama_platform::log::{During, Keep, Logged, Refusal, Taken};
use uuid::Uuid;

use super::*;

const CASE: CaseId = CaseId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const SSP: ServiceId = ServiceId(Uuid::from_u128(3));
const PRATO: ServiceId = ServiceId(Uuid::from_u128(4));
const RITA: StaffId = StaffId(Uuid::from_u128(5));
const UGO: StaffId = StaffId(Uuid::from_u128(6));
const WORK: GoalId = GoalId(Uuid::from_u128(7));
const HOME: GoalId = GoalId(Uuid::from_u128(8));
const STAY: StayId = StayId(Uuid::from_u128(9));
const REFERRAL: ReferralId = ReferralId(Uuid::from_u128(10));
const TODAY: Date = date!(2025 - 04 - 01);
const YESTERDAY: Date = date!(2025 - 03 - 31);
const REVIEW: Date = date!(2025 - 06 - 30);
const DAY_91: Date = date!(2025 - 07 - 01);
const READ_TO: ReadTo = ReadTo { housing: 70, referrals: 40 };

fn given(events: Vec<CaseEvent>) -> AggregateTestExecutor<Case> {
    TestFramework::with(()).given(events)
}

fn and(mut events: Vec<CaseEvent>, more: &[CaseEvent]) -> Vec<CaseEvent> {
    events.extend_from_slice(more);
    events
}

fn open() -> Open {
    Open {
        case: CASE,
        person: ANA,
        service: SSP,
        manager: RITA,
        manager_known: true,
        person_known: true,
    }
}

fn case_opened() -> CaseEvent {
    CaseEvent::CaseOpened { case: CASE, person: ANA, service: SSP }
}

fn opened() -> Vec<CaseEvent> {
    vec![case_opened(), CaseEvent::CaseManagerAssigned { manager: RITA }]
}

fn need(code: NeedCode, level: u8) -> Need {
    Need { code, level: NeedLevel::try_from(level).unwrap() }
}

fn assessment() -> Assessment {
    let domains = vec![AssessmentDomain::Health, AssessmentDomain::Work];
    Assessment { domains, needs: vec![need(NeedCode::Work, 2), need(NeedCode::Housing, 3)] }
}

fn assessed() -> Vec<CaseEvent> {
    let Assessment { domains, needs } = assessment();
    and(opened(), &[CaseEvent::AssessmentRecorded { domains, needs }])
}

const STREET: Charge = Charge {
    marginality: Marginality::Severe,
    non_self_sufficient: true,
    place: ChargePlace::Street,
};

fn taken_in_charge() -> CaseEvent {
    let Charge { marginality, non_self_sufficient, place } = STREET;
    CaseEvent::TakenInCharge { marginality, non_self_sufficient, place }
}

fn in_charge() -> Vec<CaseEvent> {
    and(assessed(), &[taken_in_charge()])
}

fn drafted() -> Vec<CaseEvent> {
    and(in_charge(), &[CaseEvent::ProjectDrafted { template_version: 2 }])
}

fn set_work() -> SetGoal {
    SetGoal { goal: WORK, need: NeedCode::Work, review_on: REVIEW, today: TODAY }
}

fn goal_set(goal: GoalId) -> CaseEvent {
    CaseEvent::GoalSet { goal, need: NeedCode::Work, review_on: REVIEW }
}

fn with_goal() -> Vec<CaseEvent> {
    and(drafted(), &[goal_set(WORK)])
}

fn project_signed() -> CaseEvent {
    CaseEvent::ProjectSigned { signed_by: Signatory::Person, manager: RITA }
}

const SIGN: CaseCommand = CaseCommand::SignProject { signed_by: Signatory::Person, manager: RITA };

fn signed() -> Vec<CaseEvent> {
    and(with_goal(), &[project_signed()])
}

fn reviewed(outcome: GoalOutcome, review_on: Option<Date>) -> CaseEvent {
    CaseEvent::GoalReviewed { goal: WORK, outcome, review_on }
}

fn review(outcome: GoalOutcome, review_on: Option<Date>) -> CaseCommand {
    CaseCommand::ReviewGoal(ReviewGoal { goal: WORK, outcome, review_on, today: TODAY })
}

fn interrupted() -> CaseEvent {
    CaseEvent::ProjectInterrupted { reason: InterruptionReason::ContactLost }
}

fn with_outcome() -> Vec<CaseEvent> {
    and(signed(), &[reviewed(GoalOutcome::Yes, None)])
}

const REACHED: Closing = Closing {
    reason: CaseCloseReason::GoalsReached,
    destination: Some(Destination::OwnRent),
    handover: None,
};

fn close(closing: Closing) -> CaseCommand {
    close_with(closing, Elsewhere { read_to: READ_TO, ..Elsewhere::default() })
}

fn close_with(closing: Closing, elsewhere: Elsewhere) -> CaseCommand {
    CaseCommand::Close(Close { closing, handover_known: true, elsewhere })
}

fn case_closed(closing: Closing) -> CaseEvent {
    let Closing { reason, destination, handover } = closing;
    CaseEvent::CaseClosed { reason, destination, handover, read_to: READ_TO }
}

fn closed() -> Vec<CaseEvent> {
    and(with_outcome(), &[case_closed(REACHED)])
}

fn every_later_command() -> Vec<CaseCommand> {
    vec![
        CaseCommand::AssignManager { manager: UGO, known: true },
        CaseCommand::Assess(assessment()),
        means(None),
        CaseCommand::TakeInCharge(STREET),
        CaseCommand::DraftProject { template_version: 2 },
        CaseCommand::SetGoal(set_work()),
        SIGN,
        review(GoalOutcome::Yes, None),
        CaseCommand::CompleteProject,
        CaseCommand::InterruptProject { reason: InterruptionReason::ContactLost },
    ]
}

fn means(valid_to: Option<Date>) -> CaseCommand {
    CaseCommand::RecordEligibility { fact: EligibilityFact::MeansReduced, valid_to, today: TODAY }
}

fn means_recorded(valid_to: Option<Date>) -> CaseEvent {
    CaseEvent::EligibilityFactRecorded { fact: EligibilityFact::MeansReduced, valid_to }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(<Case as cqrs_es::Aggregate>::TYPE, <CaseEvent as Fact>::AGGREGATE);
}

#[test]
fn a_case_is_opened_for_anybody_without_residence_or_nationality_r30() {
    given(vec![]).when(CaseCommand::Open(open())).then_expect_events(opened());
}

#[test]
fn a_case_has_exactly_one_manager_from_its_first_moment_r84() {
    let assign = |manager| CaseCommand::AssignManager { manager, known: true };
    given(opened()).when(assign(RITA)).then_expect_events(vec![]);
    given(opened())
        .when(assign(UGO))
        .then_expect_events(vec![CaseEvent::CaseManagerAssigned { manager: UGO }]);
    let mut case = Case::default();
    for event in opened().into_iter().chain([CaseEvent::CaseManagerAssigned { manager: UGO }]) {
        cqrs_es::Aggregate::apply(&mut case, event);
    }
    assert_eq!(case.manager(), Some(UGO));
}

#[test]
fn opening_twice_is_one_fact_and_an_id_is_used_once() {
    given(opened()).when(CaseCommand::Open(open())).then_expect_events(vec![]);
    for other in [Open { service: PRATO, ..open() }, Open { manager: UGO, ..open() }] {
        given(opened()).when(CaseCommand::Open(other)).then_expect_error(Rejection::IdInUse);
    }
    given(closed()).when(CaseCommand::Open(open())).then_expect_error(Rejection::Closed);
}

#[test]
fn a_case_is_about_somebody_who_is_registered_and_a_repeat_is_nothing() {
    let unknown = || CaseCommand::Open(Open { person_known: false, ..open() });
    given(vec![]).when(unknown()).then_expect_error(Rejection::UnknownPerson);
    given(opened()).when(unknown()).then_expect_events(vec![]);
}

#[test]
fn a_case_manager_is_on_the_staff_and_a_repeat_is_nothing() {
    let unknown = || CaseCommand::Open(Open { manager_known: false, ..open() });
    given(vec![]).when(unknown()).then_expect_error(Rejection::UnknownStaff);
    given(opened()).when(unknown()).then_expect_events(vec![]);
    let assign = |manager| CaseCommand::AssignManager { manager, known: false };
    given(opened()).when(assign(UGO)).then_expect_error(Rejection::UnknownStaff);
    given(opened()).when(assign(RITA)).then_expect_events(vec![]);
}

#[test]
fn a_second_open_case_in_the_same_service_is_refused_with_the_first_ones_id() {
    let key = format!("{ANA}/{SSP}");
    let claim = Keep::Claim { guard: OPEN, key: key.clone(), during: During::ALWAYS };
    assert_eq!(Case::default().keeps(&case_opened()), [claim]);
    let taken = Taken { guard: OPEN.into(), key, holder: CASE.0 };
    let refusal = Case::default().taken(&taken);
    assert_eq!(refusal, Rejection::AlreadyOpen { case: CASE });
    assert!(refusal.to_string().contains(&CASE.to_string()));
}

#[test]
fn a_closed_case_makes_room_for_the_next_and_nothing_else_does() {
    let release = Keep::Release { guard: OPEN, key: None, during: None };
    assert_eq!(Case::default().keeps(&case_closed(REACHED)), [release]);
    for event in with_outcome().into_iter().skip(1).chain([interrupted()]) {
        assert_eq!(Case::default().keeps(&event), [], "{event:?}");
    }
}

#[test]
fn the_person_is_on_every_event() {
    let mut case = Case::default();
    assert_eq!(case.person(), None);
    cqrs_es::Aggregate::apply(&mut case, case_opened());
    assert_eq!(case.person(), Some(ANA));
    assert_eq!(case.parties(), Some(Parties { case: CASE, person: ANA, service: SSP }));
}

#[test]
fn a_case_that_nobody_opened_is_refused() {
    for command in every_later_command().into_iter().chain([close(REACHED)]) {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchCase);
    }
}

#[test]
fn a_closed_case_takes_nothing_more() {
    for command in every_later_command() {
        given(closed()).when(command).then_expect_error(Rejection::Closed);
    }
}

#[test]
fn an_assessment_looks_at_domains_of_the_four_each_once_r60() {
    let Assessment { domains, needs } = assessment();
    let twice = Assessment { domains: [domains.clone(), domains].concat(), needs };
    let events = given(opened()).when(CaseCommand::Assess(twice)).inspect_result().unwrap();
    let [CaseEvent::AssessmentRecorded { domains, .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(*domains, [AssessmentDomain::Health, AssessmentDomain::Work]);
}

#[test]
fn an_assessment_of_no_domain_is_refused_r60() {
    let nothing = Assessment { domains: vec![], ..assessment() };
    given(opened())
        .when(CaseCommand::Assess(nothing))
        .then_expect_error(Rejection::NothingAssessed);
}

#[test]
fn material_housing_and_relational_needs_are_recorded_each_with_one_level_r64_r85() {
    let [material, home, people] =
        [NeedCode::MaterialFood, NeedCode::Housing, NeedCode::Relational];
    let needs = vec![need(people, 1), need(home, 3), need(material, 2), need(home, 3)];
    let domains = vec![AssessmentDomain::Family];
    given(opened())
        .when(CaseCommand::Assess(Assessment { domains: domains.clone(), needs }))
        .then_expect_events(vec![CaseEvent::AssessmentRecorded {
            domains: domains.clone(),
            needs: vec![need(home, 3), need(material, 2), need(people, 1)],
        }]);
    let needs = vec![need(home, 1), need(material, 2), need(home, 3)];
    given(opened())
        .when(CaseCommand::Assess(Assessment { domains, needs }))
        .then_expect_error(Rejection::TwoLevels { need: home });
}

#[test]
fn the_same_assessment_again_is_one_fact_another_is_a_new_one() {
    let ordered = Assessment { needs: vec![need(NeedCode::Work, 2)], ..assessment() };
    let Assessment { domains, needs } = ordered.clone();
    let before = and(opened(), &[CaseEvent::AssessmentRecorded { domains, needs }]);
    given(before.clone()).when(CaseCommand::Assess(ordered.clone())).then_expect_events(vec![]);
    let worse = Assessment { needs: vec![need(NeedCode::Work, 3)], ..ordered };
    let events = given(before).when(CaseCommand::Assess(worse)).inspect_result().unwrap();
    assert_eq!(events.len(), 1);
}

#[test]
fn the_facts_of_the_thresholds_and_of_disadvantage_are_recorded_r78_r79_r80_r82() {
    for fact in [
        EligibilityFact::MeansReduced,
        EligibilityFact::MeansMedium,
        EligibilityFact::WorkCasual,
        EligibilityFact::WorkStable,
        EligibilityFact::CareGap,
        EligibilityFact::Disadvantage,
        EligibilityFact::SocialHardship,
        EligibilityFact::ExclusionRisk,
        EligibilityFact::RelativePoverty,
        EligibilityFact::HousingVulnerability,
    ] {
        given(opened())
            .when(CaseCommand::RecordEligibility { fact, valid_to: None, today: TODAY })
            .then_expect_events(vec![CaseEvent::EligibilityFactRecorded { fact, valid_to: None }]);
    }
}

#[test]
fn a_fact_holds_today_at_least_and_may_get_another_last_day() {
    let before = and(opened(), &[means_recorded(None)]);
    given(before.clone()).when(means(None)).then_expect_events(vec![]);
    given(before.clone())
        .when(means(Some(TODAY)))
        .then_expect_events(vec![means_recorded(Some(TODAY))]);
    given(before)
        .when(means(Some(YESTERDAY)))
        .then_expect_error(Rejection::FactEnded { valid_to: YESTERDAY });
}

#[test]
fn nobody_is_taken_in_charge_without_an_assessment() {
    given(opened())
        .when(CaseCommand::TakeInCharge(STREET))
        .then_expect_error(Rejection::NotAssessed);
}

#[test]
fn a_charge_may_be_taken_in_the_street_r42_and_tells_self_sufficiency_and_marginality_r44_r45() {
    given(assessed())
        .when(CaseCommand::TakeInCharge(STREET))
        .then_expect_events(vec![taken_in_charge()]);
}

#[test]
fn a_charge_counts_once_i12() {
    given(in_charge()).when(CaseCommand::TakeInCharge(STREET)).then_expect_events(vec![]);
    let other = Charge { marginality: Marginality::Moderate, ..STREET };
    given(in_charge())
        .when(CaseCommand::TakeInCharge(other))
        .then_expect_error(Rejection::AlreadyInCharge);
}

#[test]
fn a_project_stands_on_a_version_of_the_guidelines_template_r87() {
    let draft = |template_version| CaseCommand::DraftProject { template_version };
    let drafted_on = |template_version| CaseEvent::ProjectDrafted { template_version };
    given(in_charge()).when(draft(2)).then_expect_events(vec![drafted_on(2)]);
    given(drafted()).when(draft(2)).then_expect_events(vec![]);
    given(drafted()).when(draft(3)).then_expect_events(vec![drafted_on(3)]);
    given(in_charge()).when(draft(0)).then_expect_error(Rejection::TemplateVersion);
}

#[test]
fn a_second_project_waits_for_the_end_of_the_first() {
    let draft = CaseCommand::DraftProject { template_version: 2 };
    given(signed()).when(draft.clone()).then_expect_error(Rejection::ProjectRunning);
    given(and(signed(), &[interrupted()]))
        .when(draft)
        .then_expect_events(vec![CaseEvent::ProjectDrafted { template_version: 2 }]);
}

#[test]
fn a_goal_is_reviewed_within_ninety_days_and_not_in_the_past() {
    let on = |review_on| CaseCommand::SetGoal(SetGoal { review_on, ..set_work() });
    given(drafted()).when(on(REVIEW)).then_expect_events(vec![goal_set(WORK)]);
    given(drafted()).when(on(YESTERDAY)).then_expect_error(Rejection::ReviewInPast);
    given(drafted()).when(on(DAY_91)).then_expect_error(Rejection::ReviewTooFar { latest: REVIEW });
    assert_eq!(rules::review_day(TODAY, TODAY), Ok(()));
}

#[test]
fn setting_a_goal_twice_is_one_fact_and_its_id_is_used_once() {
    given(with_goal()).when(CaseCommand::SetGoal(set_work())).then_expect_events(vec![]);
    let other = SetGoal { need: NeedCode::Housing, ..set_work() };
    given(with_goal()).when(CaseCommand::SetGoal(other)).then_expect_error(Rejection::GoalExists);
}

#[test]
fn a_goal_belongs_to_a_project_that_has_not_ended() {
    let set = CaseCommand::SetGoal(set_work());
    given(in_charge()).when(set.clone()).then_expect_error(Rejection::NoProject);
    for end in [interrupted(), CaseEvent::ProjectCompleted {}] {
        given(and(drafted(), &[end])).when(set.clone()).then_expect_error(Rejection::ProjectEnded);
    }
}

#[test]
fn a_project_is_signed_by_the_person_or_her_guardian_with_the_case_manager_r86() {
    for signed_by in [Signatory::Person, Signatory::Guardian] {
        given(with_goal())
            .when(CaseCommand::SignProject { signed_by, manager: RITA })
            .then_expect_events(vec![CaseEvent::ProjectSigned { signed_by, manager: RITA }]);
    }
    given(with_goal())
        .when(CaseCommand::SignProject { signed_by: Signatory::Person, manager: UGO })
        .then_expect_error(Rejection::NotTheCaseManager);
}

#[test]
fn a_former_case_manager_does_not_sign_r84() {
    given(and(with_goal(), &[CaseEvent::CaseManagerAssigned { manager: UGO }]))
        .when(SIGN)
        .then_expect_error(Rejection::NotTheCaseManager);
}

#[test]
fn a_project_without_an_open_goal_is_not_signed() {
    given(drafted()).when(SIGN).then_expect_error(Rejection::NoGoal);
}

#[test]
fn a_project_is_signed_only_for_somebody_in_charge() {
    let drafted_before = &[CaseEvent::ProjectDrafted { template_version: 2 }, goal_set(WORK)];
    given(and(assessed(), drafted_before)).when(SIGN).then_expect_error(Rejection::NotInCharge);
}

#[test]
fn only_a_project_that_exists_and_has_not_ended_is_signed() {
    given(in_charge()).when(SIGN).then_expect_error(Rejection::NoProject);
    given(and(signed(), &[interrupted()])).when(SIGN).then_expect_error(Rejection::ProjectEnded);
}

#[test]
fn a_project_is_signed_again_only_for_a_new_goal_or_a_new_signature_r86() {
    given(signed()).when(SIGN).then_expect_events(vec![]);
    given(and(signed(), &[goal_set(HOME)])).when(SIGN).then_expect_events(vec![project_signed()]);
    let guardian = Signatory::Guardian;
    given(signed())
        .when(CaseCommand::SignProject { signed_by: guardian, manager: RITA })
        .then_expect_events(vec![CaseEvent::ProjectSigned { signed_by: guardian, manager: RITA }]);
}

#[test]
fn a_goal_that_was_not_reached_is_reviewed_again_within_ninety_days_or_ends() {
    for outcome in [GoalOutcome::No, GoalOutcome::Partly] {
        for next in [None, Some(TODAY)] {
            given(signed())
                .when(review(outcome, next))
                .then_expect_events(vec![reviewed(outcome, next)]);
        }
        given(signed())
            .when(review(outcome, Some(YESTERDAY)))
            .then_expect_error(Rejection::ReviewInPast);
        given(signed())
            .when(review(outcome, Some(DAY_91)))
            .then_expect_error(Rejection::ReviewTooFar { latest: REVIEW });
    }
}

#[test]
fn a_goal_that_was_reached_ends() {
    let yes = GoalOutcome::Yes;
    given(signed()).when(review(yes, None)).then_expect_events(vec![reviewed(yes, None)]);
    given(signed()).when(review(yes, Some(REVIEW))).then_expect_error(Rejection::ReachedGoalEnds);
}

#[test]
fn a_review_counts_once_and_an_ended_goal_takes_no_other() {
    given(with_outcome()).when(review(GoalOutcome::Yes, None)).then_expect_events(vec![]);
    given(with_outcome())
        .when(review(GoalOutcome::No, None))
        .then_expect_error(Rejection::GoalEnded);
}

#[test]
fn only_goals_of_a_signed_project_are_reviewed() {
    given(with_goal()).when(review(GoalOutcome::Yes, None)).then_expect_error(Rejection::NotSigned);
    given(drafted()).when(review(GoalOutcome::Yes, None)).then_expect_error(Rejection::NoSuchGoal);
}

#[test]
fn after_the_projects_end_a_goal_gets_its_outcome_but_no_next_review() {
    let ended = and(signed(), &[interrupted()]);
    given(ended.clone())
        .when(review(GoalOutcome::Partly, None))
        .then_expect_events(vec![reviewed(GoalOutcome::Partly, None)]);
    given(ended)
        .when(review(GoalOutcome::Partly, Some(REVIEW)))
        .then_expect_error(Rejection::ProjectEnded);
}

#[test]
fn a_signed_project_is_completed_when_each_goal_has_its_outcome() {
    let complete = CaseCommand::CompleteProject;
    let done = CaseEvent::ProjectCompleted {};
    given(with_outcome()).when(complete.clone()).then_expect_events(vec![done.clone()]);
    given(and(with_outcome(), &[done])).when(complete.clone()).then_expect_events(vec![]);
    given(signed())
        .when(complete.clone())
        .then_expect_error(Rejection::GoalsWithoutOutcome { goals: vec![WORK] });
    given(in_charge()).when(complete.clone()).then_expect_error(Rejection::NoProject);
    given(with_goal()).when(complete.clone()).then_expect_error(Rejection::NotSigned);
    given(and(with_outcome(), &[interrupted()]))
        .when(complete)
        .then_expect_error(Rejection::ProjectEnded);
}

#[test]
fn a_project_is_interrupted_once_for_one_reason_even_as_a_draft() {
    let interrupt = |reason| CaseCommand::InterruptProject { reason };
    let lost = InterruptionReason::ContactLost;
    given(signed()).when(interrupt(lost)).then_expect_events(vec![interrupted()]);
    given(drafted()).when(interrupt(lost)).then_expect_events(vec![interrupted()]);
    let ended = and(signed(), &[interrupted()]);
    given(ended.clone()).when(interrupt(lost)).then_expect_events(vec![]);
    given(ended)
        .when(interrupt(InterruptionReason::MovedAway))
        .then_expect_error(Rejection::ProjectEnded);
    given(in_charge()).when(interrupt(lost)).then_expect_error(Rejection::NoProject);
    given(and(signed(), &[CaseEvent::ProjectCompleted {}]))
        .when(interrupt(lost))
        .then_expect_error(Rejection::ProjectEnded);
}

#[test]
fn closing_needs_an_outcome_per_goal() {
    given(with_outcome()).when(close(REACHED)).then_expect_events(vec![case_closed(REACHED)]);
    given(and(signed(), &[goal_set(HOME)]))
        .when(close(REACHED))
        .then_expect_error(Rejection::GoalsWithoutOutcome { goals: vec![WORK, HOME] });
    let second = and(with_outcome(), &[goal_set(HOME)]);
    given(second)
        .when(close(REACHED))
        .then_expect_error(Rejection::GoalsWithoutOutcome { goals: vec![HOME] });
}

#[test]
fn closing_needs_that_no_stay_and_no_referral_is_open() {
    for (stays, referrals) in [(vec![STAY], vec![]), (vec![], vec![REFERRAL])] {
        let open =
            Elsewhere { stays: stays.clone(), referrals: referrals.clone(), read_to: READ_TO };
        given(with_outcome())
            .when(close_with(REACHED, open))
            .then_expect_error(Rejection::StillOpen { stays, referrals });
    }
    let refusal = Rejection::StillOpen { stays: vec![STAY], referrals: vec![] };
    assert!(refusal.to_string().starts_with("stays still open: 1, referrals still open: 0;"));
}

#[test]
fn with_a_handover_a_case_closes_although_something_is_open() {
    let reason = CaseCloseReason::HandedOver;
    let closing = Closing { reason, destination: None, handover: Some(PRATO) };
    let open = Elsewhere { stays: vec![STAY], referrals: vec![REFERRAL], read_to: READ_TO };
    given(signed()).when(close_with(closing, open)).then_expect_events(vec![case_closed(closing)]);
}

#[test]
fn a_handover_names_another_service() {
    let to =
        |handover| Closing { reason: CaseCloseReason::HandedOver, destination: None, handover };
    given(opened()).when(close(to(None))).then_expect_error(Rejection::HandoverMissing);
    given(opened()).when(close(to(Some(SSP)))).then_expect_error(Rejection::HandoverToItself);
}

#[test]
fn a_handover_goes_to_a_service_that_works_and_a_repeat_is_nothing() {
    let reason = CaseCloseReason::HandedOver;
    let closing = Closing { reason, destination: None, handover: Some(PRATO) };
    let unknown = || {
        let elsewhere = Elsewhere { read_to: READ_TO, ..Elsewhere::default() };
        CaseCommand::Close(Close { closing, handover_known: false, elsewhere })
    };
    given(signed()).when(unknown()).then_expect_error(Rejection::UnknownService);
    let handed_over = and(signed(), &[case_closed(closing)]);
    given(handed_over).when(unknown()).then_expect_events(vec![]);
}

#[test]
fn death_is_both_reason_and_destination_or_neither() {
    let closing = |reason, destination| Closing { reason, destination, handover: None };
    let dead = closing(CaseCloseReason::Died, Some(Destination::Deceased));
    given(opened()).when(close(dead)).then_expect_events(vec![case_closed(dead)]);
    let unknown = closing(CaseCloseReason::Died, None);
    given(opened()).when(close(unknown)).then_expect_events(vec![case_closed(unknown)]);
    for contradiction in [
        closing(CaseCloseReason::Died, Some(Destination::OwnRent)),
        closing(CaseCloseReason::MovedAway, Some(Destination::Deceased)),
    ] {
        given(opened())
            .when(close(contradiction))
            .then_expect_error(Rejection::DestinationContradicts);
    }
}

#[test]
fn closing_twice_is_one_fact_whatever_was_read_meanwhile() {
    let later = Elsewhere { stays: vec![STAY], ..Elsewhere::default() };
    given(closed()).when(close_with(REACHED, later)).then_expect_events(vec![]);
    let other = Closing { destination: None, ..REACHED };
    given(closed()).when(close(other)).then_expect_error(Rejection::Closed);
}

fn add(staff: StaffId) -> CaseCommand {
    CaseCommand::AddTeamMember { staff, known: true }
}

fn added(staff: StaffId) -> CaseEvent {
    CaseEvent::TeamMemberAdded { staff }
}

const REMOVE_UGO: CaseCommand = CaseCommand::RemoveTeamMember { staff: UGO };
const UGO_REMOVED: CaseEvent = CaseEvent::TeamMemberRemoved { staff: UGO };

#[test]
fn colleagues_join_and_leave_the_team_of_an_open_case_r71() {
    given(opened()).when(add(UGO)).then_expect_events(vec![added(UGO)]);
    let with_ugo = and(opened(), &[added(UGO)]);
    given(with_ugo.clone()).when(add(UGO)).then_expect_events(vec![]);
    given(with_ugo.clone()).when(REMOVE_UGO).then_expect_events(vec![UGO_REMOVED]);
    let without = and(with_ugo, &[UGO_REMOVED]);
    given(without.clone()).when(REMOVE_UGO).then_expect_error(Rejection::NotInTeam);
    given(without).when(add(UGO)).then_expect_events(vec![added(UGO)]);
}

#[test]
fn nobody_joins_the_team_who_is_not_on_the_staff_or_when_the_case_is_not_open() {
    let unknown = CaseCommand::AddTeamMember { staff: UGO, known: false };
    given(opened()).when(unknown).then_expect_error(Rejection::UnknownStaff);
    for command in [add(UGO), REMOVE_UGO] {
        given(vec![]).when(command.clone()).then_expect_error(Rejection::NoSuchCase);
        given(closed()).when(command).then_expect_error(Rejection::Closed);
    }
}

#[test]
fn a_team_has_at_most_thirty_two_members() {
    let member = |n: u128| added(StaffId(Uuid::from_u128(100 + n)));
    let most: Vec<CaseEvent> = (0..32).map(member).collect();
    given(and(opened(), &most[..31])).when(add(UGO)).then_expect_events(vec![added(UGO)]);
    given(and(opened(), &most)).when(add(UGO)).then_expect_error(Rejection::TeamFull);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchCase,
        Rejection::UnknownPerson,
        Rejection::UnknownStaff,
        Rejection::TeamFull,
        Rejection::NotInTeam,
        Rejection::IdInUse,
        Rejection::AlreadyOpen { case: CASE },
        Rejection::Closed,
        Rejection::NothingAssessed,
        Rejection::TwoLevels { need: NeedCode::Work },
        Rejection::FactEnded { valid_to: TODAY },
        Rejection::NotAssessed,
        Rejection::AlreadyInCharge,
        Rejection::NotInCharge,
        Rejection::TemplateVersion,
        Rejection::NoProject,
        Rejection::ProjectRunning,
        Rejection::ProjectEnded,
        Rejection::NotSigned,
        Rejection::ReviewInPast,
        Rejection::ReviewTooFar { latest: TODAY },
        Rejection::GoalExists,
        Rejection::NoSuchGoal,
        Rejection::GoalEnded,
        Rejection::ReachedGoalEnds,
        Rejection::NoGoal,
        Rejection::NotTheCaseManager,
        Rejection::GoalsWithoutOutcome { goals: vec![] },
        Rejection::StillOpen { stays: vec![], referrals: vec![] },
        Rejection::HandoverMissing,
        Rejection::UnknownService,
        Rejection::HandoverToItself,
        Rejection::DestinationContradicts,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
