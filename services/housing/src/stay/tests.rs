use cqrs_es::test::TestFramework;
use time::macros::date;
use trama_events::casework::EligibilityFact;
use trama_events::housing::{HouseRules, ProjectSeen, StepDirection, StepReason, UnitMode};
use trama_events::ids::ReferralId;
use trama_platform::log::{During, Refusal};
use uuid::Uuid;

use super::*;
use crate::facility::FacilityFact;
use crate::facility::rules::defaults;
use crate::waiting_entry::ReferralSeen;

const STAY: StayId = StayId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const BEN: PersonId = PersonId(Uuid::from_u128(3));
const LOWER: ServiceId = ServiceId(Uuid::from_u128(4));
const UPPER: ServiceId = ServiceId(Uuid::from_u128(5));
const ROOM: PlaceId = PlaceId(Uuid::from_u128(6));
const ROOM_2: PlaceId = PlaceId(Uuid::from_u128(7));
const FLAT: UnitId = UnitId(Uuid::from_u128(8));
const STARTED: Date = date!(2023 - 05 - 02);
const CAP: Date = date!(2025 - 05 - 02);
const STEPPED: Date = date!(2024 - 06 - 01);
const DECIDED: Date = date!(2025 - 04 - 20);
const UNTIL: Date = date!(2025 - 08 - 31);

/// The house of a kind; both thresholds have the programme's cap of 24 months (story B).
fn house(kind: ServiceType) -> FacilityFact {
    let facility = if kind == ServiceType::Threshold2 { UPPER } else { LOWER };
    let capped = crate::facility::rules::is_threshold(kind);
    let months = if capped { Some(24) } else { defaults(kind).stay_months_max };
    let rules = HouseRules { stay_months_max: months, ..defaults(kind) };
    FacilityFact { facility, kind, rules }
}

fn room(facility: FacilityFact, place: PlaceId) -> PlaceFact {
    PlaceFact { facility, unit: FLAT, mode: UnitMode::Single, place, pis_only: false, until: None }
}

fn family_room(place: PlaceId) -> PlaceFact {
    PlaceFact { mode: UnitMode::Family, ..room(house(ServiceType::EmergencyFlat), place) }
}

fn facts(facts: &[EligibilityFact]) -> Grounds {
    let seen = |fact: &EligibilityFact| FactSeen { fact: *fact, valid_to: None };
    Grounds { facts: facts.iter().map(seen).collect(), ..Grounds::default() }
}

fn signed() -> ProjectFact {
    ProjectFact { active: true, read_to: 7 }
}

fn unsigned() -> ProjectFact {
    ProjectFact { active: false, read_to: 7 }
}

fn into_kind(kind: ServiceType) -> Start {
    Start {
        stay: STAY,
        person: ANA,
        members: vec![],
        people_known: true,
        waited: None,
        referral: Ok(None),
        own: false,
        by_pis: false,
        places: Ok(vec![room(house(kind), ROOM)]),
        started_on: STARTED,
        route: AdmissionRoute::Ordinary,
        grounds: facts(&[EligibilityFact::MeansReduced]),
        project: signed(),
        today: STARTED,
    }
}

fn family(places: &[PlaceFact]) -> Start {
    let kind = ServiceType::EmergencyFlat;
    Start { members: vec![BEN], places: Ok(places.to_vec()), ..into_kind(kind) }
}

fn started_as(kind: ServiceType, cap_on: Option<Date>) -> StayEvent {
    StayEvent::StayStarted {
        stay: STAY,
        person: ANA,
        members: vec![],
        facility: house(kind).facility,
        kind,
        unit: FLAT,
        places: vec![ROOM],
        started_on: STARTED,
        cap_on,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen { active: true, due_on: None, read_to: 7 },
    }
}

fn started() -> StayEvent {
    started_as(ServiceType::Threshold1, Some(CAP))
}

fn family_started() -> StayEvent {
    let StayEvent::StayStarted { stay, person, unit, started_on, route, project, .. } = started()
    else {
        panic!("a stay started")
    };
    StayEvent::StayStarted {
        stay,
        person,
        members: vec![BEN],
        facility: LOWER,
        kind: ServiceType::EmergencyFlat,
        unit,
        places: vec![ROOM, ROOM_2],
        started_on,
        cap_on: None,
        route,
        project,
    }
}

fn extended() -> StayEvent {
    let reason = ExtensionReason::HomePromised;
    StayEvent::StayExtended { until: UNTIL, decided_on: DECIDED, reason }
}

fn extend(until: Date, decided_on: Date) -> StayCommand {
    let reason = ExtensionReason::HomePromised;
    StayCommand::Extend { until, decided_on, reason, today: date!(2025 - 06 - 01) }
}

fn up(grounds: Grounds) -> Step {
    Step {
        places: Ok(vec![room(house(ServiceType::Threshold2), ROOM_2)]),
        moved_on: STEPPED,
        direction: StepDirection::Up,
        reason: StepReason::MoreAutonomy,
        grounds,
        project: signed(),
        today: STEPPED,
    }
}

fn work_and_means() -> Grounds {
    facts(&[EligibilityFact::WorkCasual, EligibilityFact::MeansMedium])
}

fn stepped_up() -> StayEvent {
    StayEvent::StepMoved {
        facility: UPPER,
        kind: ServiceType::Threshold2,
        unit: FLAT,
        places: vec![ROOM_2],
        moved_on: STEPPED,
        direction: StepDirection::Up,
        reason: StepReason::MoreAutonomy,
    }
}

fn ended() -> StayEvent {
    StayEvent::StayEnded { ended_on: date!(2025 - 08 - 20), destination: Destination::OwnRent }
}

fn end(ended_on: Date, destination: Destination) -> StayCommand {
    StayCommand::End { ended_on, destination, today: date!(2025 - 08 - 20) }
}

fn move_to(place: PlaceFact, moved_on: Date) -> StayCommand {
    StayCommand::MovePlace { places: Ok(vec![place]), moved_on, today: STEPPED }
}

fn start(start: Start) -> StayCommand {
    StayCommand::Start(Box::new(start))
}

fn step(step: Step) -> StayCommand {
    StayCommand::MoveStep(Box::new(step))
}

fn given(events: Vec<StayEvent>) -> cqrs_es::test::AggregateTestExecutor<Stay> {
    TestFramework::with(()).given(events)
}

fn state(events: Vec<StayEvent>) -> Stay {
    let mut stay = Stay::default();
    for event in events {
        stay.apply(event);
    }
    stay
}

fn refused(command: Start, refusal: Rejection) {
    given(vec![]).when(start(command)).then_expect_error(refusal);
}

#[test]
fn a_stay_in_temporary_housing_ends_or_is_extended_within_24_months_r6() {
    let temporary = started_as(ServiceType::Temporary, Some(CAP));
    given(vec![])
        .when(start(into_kind(ServiceType::Temporary)))
        .then_expect_events(vec![temporary]);
}

#[test]
fn a_home_by_housing_first_or_led_has_no_cap_and_needs_no_project_r84() {
    for kind in [ServiceType::HousingFirst, ServiceType::HousingLed] {
        let event = StayEvent::StayStarted {
            stay: STAY,
            person: ANA,
            members: vec![],
            facility: LOWER,
            kind,
            unit: FLAT,
            places: vec![ROOM],
            started_on: STARTED,
            cap_on: None,
            route: AdmissionRoute::Ordinary,
            project: ProjectSeen { active: false, due_on: None, read_to: 7 },
        };
        given(vec![])
            .when(start(Start { project: unsigned(), ..into_kind(kind) }))
            .then_expect_events(vec![event]);
    }
    let rules = HouseRules { stay_months_max: Some(24), ..HouseRules::default() };
    let home = FacilityFact { rules, ..house(ServiceType::HousingFirst) };
    assert_eq!(rules::cap_on(&home, STARTED), None);
}

#[test]
fn a_stay_needs_an_active_project_or_thirty_days_to_sign_one_r7() {
    let house = house(ServiceType::Temporary);
    let seen = |project, today| rules::project_seen(&house, project, STARTED, today);
    let active = ProjectSeen { active: true, due_on: None, read_to: 7 };
    assert_eq!(seen(signed(), STARTED), Ok(active));
    let due_on = Some(date!(2023 - 06 - 01));
    let in_grace = ProjectSeen { active: false, due_on, read_to: 7 };
    assert_eq!(seen(unsigned(), STARTED), Ok(in_grace));
    assert_eq!(seen(unsigned(), date!(2023 - 06 - 01)), Ok(in_grace));
    let late = Start {
        project: unsigned(),
        today: date!(2023 - 06 - 02),
        ..into_kind(ServiceType::Temporary)
    };
    refused(late, Rejection::ProjectNeeded);
}

/// The referral that the facility accepted.
fn accepted() -> ReferralSeen {
    ReferralSeen { referral: ReferralId(STAY.0), person: ANA, to: LOWER, accepted: true }
}

fn into_hiding() -> Start {
    Start { own: true, ..into_kind(ServiceType::SecretShelter) }
}

#[test]
fn in_a_secret_shelter_no_project_is_due_whatever_its_rules_say_r7() {
    given(vec![])
        .when(start(into_hiding()))
        .then_expect_events(vec![started_as(ServiceType::SecretShelter, None)]);
    let off = FacilityFact { rules: HouseRules::default(), ..house(ServiceType::SecretShelter) };
    let none = ProjectSeen { active: false, due_on: None, read_to: 7 };
    for house in [house(ServiceType::SecretShelter), off] {
        for today in [STARTED, date!(2023 - 06 - 02)] {
            assert_eq!(rules::project_seen(&house, unsigned(), STARTED, today), Ok(none));
        }
    }
}

#[test]
fn into_a_secret_shelter_leads_a_pseudonym_of_its_own_and_no_project_wait_or_referral_threat_2() {
    let by = |referral| Start { own: false, referral, project: unsigned(), ..into_hiding() };
    refused(by(Err(Rejection::UnknownReferral)), Rejection::UnknownReferral);
    for named in [
        by(Ok(None)),
        by(Ok(Some(accepted()))),
        Start { waited: Some((ANA, LOWER)), ..by(Ok(None)) },
        Start { project: signed(), ..by(Ok(None)) },
    ] {
        refused(named, Rejection::NoWayIn);
    }
    let own = Start { own: true, ..by(Ok(None)) };
    given(vec![]).when(start(own)).inspect_result().unwrap();
    let hidden = FacilityFact { facility: UPPER, ..house(ServiceType::SecretShelter) };
    let by_a_step = Step { places: Ok(vec![room(hidden, ROOM_2)]), ..up(work_and_means()) };
    given(vec![started()]).when(step(by_a_step)).then_expect_error(Rejection::NoStepThere);
}

#[test]
fn a_stay_begins_from_a_referral_that_this_facility_accepted_for_this_person() {
    let by = |seen| Start { referral: Ok(Some(seen)), ..into_kind(ServiceType::FirstReception) };
    for another in
        [ReferralSeen { person: BEN, ..accepted() }, ReferralSeen { to: UPPER, ..accepted() }]
    {
        refused(by(another), Rejection::UnknownReferral);
    }
    refused(by(ReferralSeen { accepted: false, ..accepted() }), Rejection::ReferralNotAccepted);
    given(vec![]).when(start(by(accepted()))).inspect_result().unwrap();
}

#[test]
fn the_emergency_service_lets_people_move_into_emergency_housing_and_its_own_places_only() {
    let by_pis = |kind| Start { by_pis: true, ..into_kind(kind) };
    for kind in [ServiceType::FirstReception, ServiceType::EmergencyFlat] {
        given(vec![]).when(start(by_pis(kind))).inspect_result().unwrap();
    }
    for kind in [ServiceType::Temporary, ServiceType::Threshold1, ServiceType::HousingFirst] {
        refused(by_pis(kind), Rejection::NotForPis);
        let kept = PlaceFact { pis_only: true, ..room(house(kind), ROOM) };
        let kept = Start { places: Ok(vec![kept]), ..by_pis(kind) };
        given(vec![]).when(start(kept)).inspect_result().unwrap();
    }
    let one_of_two =
        PlaceFact { mode: UnitMode::Family, ..room(house(ServiceType::Temporary), ROOM) };
    let own = PlaceFact { pis_only: true, place: ROOM_2, ..one_of_two };
    refused(Start { by_pis: true, ..family(&[one_of_two, own]) }, Rejection::NotForPis);
}

#[test]
fn the_first_threshold_admits_by_reduced_means_r78() {
    given(vec![])
        .when(start(into_kind(ServiceType::Threshold1)))
        .then_expect_events(vec![started()]);
    let without = Start { grounds: work_and_means(), ..into_kind(ServiceType::Threshold1) };
    refused(without, Rejection::ReducedMeansMissing);
}

#[test]
fn the_second_threshold_admits_by_work_and_medium_means_and_directly_r79() {
    let into = |grounds| Start { grounds, ..into_kind(ServiceType::Threshold2) };
    let entered = || started_as(ServiceType::Threshold2, Some(CAP));
    given(vec![]).when(start(into(work_and_means()))).then_expect_events(vec![entered()]);
    let stable = facts(&[EligibilityFact::WorkStable, EligibilityFact::MeansMedium]);
    given(vec![]).when(start(into(stable))).then_expect_events(vec![entered()]);
    let means = facts(&[EligibilityFact::MeansMedium]);
    refused(into(means), Rejection::WorkMissing);
    let work = facts(&[EligibilityFact::WorkCasual, EligibilityFact::MeansReduced]);
    refused(into(work), Rejection::MediumMeansMissing);
}

#[test]
fn a_fact_admits_until_its_last_day_r78() {
    let until = |valid_to| Start {
        grounds: Grounds {
            facts: vec![FactSeen { fact: EligibilityFact::MeansReduced, valid_to: Some(valid_to) }],
            ..Grounds::default()
        },
        ..into_kind(ServiceType::Threshold1)
    };
    given(vec![]).when(start(until(STARTED))).then_expect_events(vec![started()]);
    refused(until(date!(2023 - 05 - 01)), Rejection::ReducedMeansMissing);
}

#[test]
fn the_dsm_route_needs_both_agreements_r80() {
    let by_dsm = |standing, personal| Start {
        route: AdmissionRoute::Dsm,
        grounds: Grounds { agreements: Agreements { standing, personal }, ..Grounds::default() },
        ..into_kind(ServiceType::Threshold1)
    };
    refused(by_dsm(false, false), Rejection::StandingAgreementMissing);
    refused(by_dsm(false, true), Rejection::StandingAgreementMissing);
    refused(by_dsm(true, false), Rejection::PersonalAgreementMissing);
    let events = given(vec![]).when(start(by_dsm(true, true))).inspect_result().unwrap();
    assert!(matches!(events[0], StayEvent::StayStarted { route: AdmissionRoute::Dsm, .. }));
    let elsewhere = Start { route: AdmissionRoute::Dsm, ..into_kind(ServiceType::Temporary) };
    refused(elsewhere, Rejection::DsmForThresholdsOnly);
}

#[test]
fn a_family_takes_one_place_for_each_in_one_unit_r5() {
    given(vec![])
        .when(start(family(&[family_room(ROOM), family_room(ROOM_2)])))
        .then_expect_events(vec![family_started()]);
    refused(family(&[family_room(ROOM)]), Rejection::OnePlaceEach);
    refused(family(&[family_room(ROOM), family_room(ROOM)]), Rejection::OnePlaceEach);
    refused(family(&[]), Rejection::OnePlaceEach);
    let other = PlaceFact { unit: UnitId(LOWER.0), ..family_room(ROOM_2) };
    refused(family(&[family_room(ROOM), other]), Rejection::FamilySplit);
}

#[test]
fn unrelated_people_in_one_flat_have_each_their_own_stay_r5() {
    for mode in [UnitMode::Single, UnitMode::Group] {
        let shared = |place| PlaceFact { mode, ..family_room(place) };
        refused(family(&[shared(ROOM), shared(ROOM_2)]), Rejection::OwnStayEach);
    }
}

#[test]
fn a_household_names_each_person_once_and_has_a_size() {
    let rooms = |count: u128| {
        (1..=count).map(|n| family_room(PlaceId(Uuid::from_u128(100 + n)))).collect::<Vec<_>>()
    };
    let twice = Start { members: vec![ANA], ..family(&rooms(2)) };
    refused(twice, Rejection::PersonTwice);
    let members: Vec<_> = (1..=21).map(|n| PersonId(Uuid::from_u128(200 + n))).collect();
    refused(Start { members, ..family(&rooms(22)) }, Rejection::TooManyMembers);
}

#[test]
fn a_stay_begins_in_a_place_that_the_facility_can_give_without_an_end() {
    let kind = ServiceType::EmergencyFlat;
    let gone = Start { places: Err(Unavailable::NoSuchPlace), ..into_kind(kind) };
    refused(gone, Rejection::Unavailable(Unavailable::NoSuchPlace));
    let until = PlaceFact { until: Some(CAP), ..room(house(kind), ROOM) };
    let for_a_while = Start { places: Ok(vec![until]), ..into_kind(kind) };
    refused(for_a_while, Rejection::PlaceEnds { until: CAP });
    refused(into_kind(ServiceType::NightShelter), Rejection::NightsOnly);
}

#[test]
fn nobody_moved_in_in_the_future() {
    let today = date!(2023 - 05 - 01);
    let early = Start { today, ..into_kind(ServiceType::EmergencyFlat) };
    refused(early, Rejection::InTheFuture { on: STARTED });
}

#[test]
fn starting_twice_is_one_fact_and_never_another_stay() {
    given(vec![started()])
        .when(start(into_kind(ServiceType::Threshold1)))
        .then_expect_events(vec![]);
    given(vec![started()])
        .when(start(Start { person: BEN, ..into_kind(ServiceType::Threshold1) }))
        .then_expect_error(Rejection::AlreadyStarted);
}

#[test]
fn nothing_is_asked_of_a_stay_that_nobody_started() {
    for command in [
        extend(UNTIL, DECIDED),
        move_to(room(house(ServiceType::Threshold1), ROOM_2), STEPPED),
        step(up(work_and_means())),
        end(UNTIL, Destination::OwnRent),
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchStay);
    }
}

#[test]
fn an_ended_stay_does_not_change_any_more() {
    let ended_on = date!(2025 - 08 - 20);
    for command in [
        extend(UNTIL, DECIDED),
        move_to(room(house(ServiceType::Threshold1), ROOM_2), STEPPED),
        step(up(work_and_means())),
        end(ended_on, Destination::Street),
    ] {
        let refused = Rejection::Ended { ended_on };
        given(vec![started(), ended()]).when(command).then_expect_error(refused);
    }
    given(vec![started(), ended()])
        .when(end(ended_on, Destination::OwnRent))
        .then_expect_events(vec![]);
}

#[test]
fn a_stay_goes_on_past_its_cap_by_a_dated_reasoned_decision_before_it_r6_i21() {
    given(vec![started()]).when(extend(UNTIL, DECIDED)).then_expect_events(vec![extended()]);
    given(vec![started()]).when(extend(UNTIL, CAP)).inspect_result().unwrap();
    given(vec![started()])
        .when(extend(UNTIL, date!(2025 - 05 - 03)))
        .then_expect_error(Rejection::CapIsPast { cap_on: CAP });
    given(vec![started()])
        .when(extend(CAP, DECIDED))
        .then_expect_error(Rejection::NotLater { cap_on: CAP });
    given(vec![started()])
        .when(extend(UNTIL, date!(2025 - 06 - 02)))
        .then_expect_error(Rejection::InTheFuture { on: date!(2025 - 06 - 02) });
    given(vec![started()])
        .when(extend(UNTIL, date!(2023 - 05 - 01)))
        .then_expect_error(Rejection::BeforeItsStart { from: STARTED });
}

#[test]
fn an_extension_moves_the_cap_and_is_one_fact_r6() {
    let extended = || vec![started(), extended()];
    assert_eq!(state(extended()).cap_on(), Some(UNTIL));
    given(extended()).when(extend(UNTIL, DECIDED)).then_expect_events(vec![]);
    given(extended())
        .when(extend(UNTIL, date!(2025 - 05 - 30)))
        .then_expect_error(Rejection::NotLater { cap_on: UNTIL });
}

#[test]
fn one_decision_moves_a_cap_by_at_most_twelve_months_r6() {
    let latest = date!(2026 - 05 - 02);
    given(vec![started()]).when(extend(latest, DECIDED)).inspect_result().unwrap();
    let refusal = Rejection::ExtensionTooLong { latest };
    assert!(refusal.to_string().ends_with("choose a day until 2026-05-02"));
    given(vec![started()]).when(extend(date!(2026 - 05 - 03), DECIDED)).then_expect_error(refusal);
    let further = date!(2026 - 08 - 31);
    given(vec![started(), extended()]).when(extend(further, DECIDED)).inspect_result().unwrap();
    given(vec![started(), extended()])
        .when(extend(date!(2026 - 09 - 01), DECIDED))
        .then_expect_error(Rejection::ExtensionTooLong { latest: further });
}

#[test]
fn a_stay_without_a_cap_needs_no_extension() {
    let kind = ServiceType::HousingFirst;
    given(vec![started_as(kind, None)])
        .when(extend(UNTIL, DECIDED))
        .then_expect_error(Rejection::NoCap { kind });
}

#[test]
fn moving_place_does_not_reset_the_clock_r6() {
    let other = || room(house(ServiceType::Threshold1), ROOM_2);
    let moved = StayEvent::PlaceMoved { unit: FLAT, places: vec![ROOM_2], moved_on: STEPPED };
    given(vec![started()]).when(move_to(other(), STEPPED)).then_expect_events(vec![moved.clone()]);
    given(vec![started(), moved.clone()])
        .when(move_to(other(), STEPPED))
        .then_expect_events(vec![]);
    let stay = state(vec![started(), moved]);
    assert_eq!(stay.cap_on(), Some(CAP));
    assert_eq!(stay.lodging().unwrap().places, [ROOM_2]);
}

#[test]
fn a_move_stays_in_the_facility_and_in_the_order_of_time() {
    let other = || room(house(ServiceType::Threshold1), ROOM_2);
    for (place, moved_on, refusal) in [
        (room(house(ServiceType::Threshold2), ROOM_2), STEPPED, Rejection::AnotherFacility),
        (other(), date!(2023 - 05 - 01), Rejection::BeforeItsStart { from: STARTED }),
        (other(), DECIDED, Rejection::InTheFuture { on: DECIDED }),
        (PlaceFact { until: Some(CAP), ..other() }, STEPPED, Rejection::PlaceEnds { until: CAP }),
    ] {
        given(vec![started()]).when(move_to(place, moved_on)).then_expect_error(refusal);
    }
}

#[test]
fn a_step_on_a_work_fact_alone_is_refused_r79_story_b() {
    let work = facts(&[EligibilityFact::WorkCasual]);
    let refusal = Rejection::MediumMeansMissing;
    assert!(refusal.to_string().starts_with("a work fact alone"));
    given(vec![started()]).when(step(up(work))).then_expect_error(refusal);
}

#[test]
fn a_step_goes_up_with_a_reason_and_the_clock_goes_on_r83_story_b() {
    given(vec![started()]).when(step(up(work_and_means()))).then_expect_events(vec![stepped_up()]);
    given(vec![started(), stepped_up()])
        .when(step(up(work_and_means())))
        .then_expect_events(vec![]);
    let stay = state(vec![started(), stepped_up()]);
    assert_eq!(stay.cap_on(), Some(CAP));
    assert_eq!(stay.lodging().unwrap().facility, UPPER);
}

#[test]
fn a_step_goes_down_again_with_a_reason_r83() {
    let down = Step {
        places: Ok(vec![room(house(ServiceType::Threshold1), ROOM)]),
        direction: StepDirection::Down,
        reason: StepReason::LessAutonomy,
        ..up(facts(&[EligibilityFact::MeansReduced]))
    };
    let events =
        given(vec![started(), stepped_up()]).when(step(down.clone())).inspect_result().unwrap();
    assert!(matches!(
        events[0],
        StayEvent::StepMoved { facility: LOWER, direction: StepDirection::Down, .. }
    ));
    let wrong = Step { direction: StepDirection::Up, ..down };
    given(vec![started(), stepped_up()]).when(step(wrong)).then_expect_error(Rejection::OtherWay);
}

#[test]
fn a_step_leads_to_another_facility_that_has_no_clock_of_its_own_r83() {
    let elsewhere = |kind| FacilityFact { facility: UPPER, ..house(kind) };
    let to = |facility| Step { places: Ok(vec![room(facility, ROOM_2)]), ..up(work_and_means()) };
    given(vec![started()])
        .when(step(to(house(ServiceType::Threshold1))))
        .then_expect_error(Rejection::SameFacility);
    given(vec![started()])
        .when(step(to(elsewhere(ServiceType::HousingLed))))
        .then_expect_error(Rejection::HomeIsNoStep);
    given(vec![started_as(ServiceType::EmergencyFlat, None)])
        .when(step(to(elsewhere(ServiceType::Temporary))))
        .then_expect_error(Rejection::StepStartsAClock);
    let gone = Step { places: Err(Unavailable::OnlyPis), ..up(work_and_means()) };
    given(vec![started()])
        .when(step(gone))
        .then_expect_error(Rejection::Unavailable(Unavailable::OnlyPis));
}

#[test]
fn a_step_needs_an_active_project_or_what_is_left_of_the_grace_r7() {
    let mut in_grace = started();
    if let StayEvent::StayStarted { project, .. } = &mut in_grace {
        *project = ProjectSeen { active: false, due_on: Some(STEPPED), read_to: 7 };
    }
    let without = Step { project: unsigned(), ..up(work_and_means()) };
    given(vec![in_grace]).when(step(without.clone())).then_expect_events(vec![stepped_up()]);
    given(vec![started()]).when(step(without)).then_expect_error(Rejection::ProjectNeeded);
}

#[test]
fn a_stay_ends_with_a_destination_in_the_order_of_time_i20() {
    let ended_on = date!(2025 - 08 - 20);
    given(vec![started()])
        .when(end(ended_on, Destination::OwnRent))
        .then_expect_events(vec![ended()]);
    given(vec![started()])
        .when(end(UNTIL, Destination::OwnRent))
        .then_expect_error(Rejection::InTheFuture { on: UNTIL });
    given(vec![started(), stepped_up()])
        .when(end(STARTED, Destination::OwnRent))
        .then_expect_error(Rejection::BeforeItsStart { from: STEPPED });
    assert_eq!(state(vec![started(), ended()]).lodging(), None);
}

#[test]
fn a_stay_claims_every_place_and_every_person_from_its_first_night_on_v4() {
    let during = During::nights(STARTED, None);
    assert_eq!(
        Stay::default().keeps(&family_started()),
        [
            booking::claim_place(ROOM, during),
            booking::claim_place(ROOM_2, during),
            booking::claim_person(ANA, during),
            booking::claim_person(BEN, during),
        ]
    );
    let taken = Taken { guard: PERSON_NIGHT.into(), key: BEN.to_string(), holder: LOWER.0 };
    let refusal = Rejection::DoubleBooking(DoubleBooking::PersonHasAPlace { person: Some(BEN) });
    assert_eq!(Stay::default().taken(&taken), refusal);
}

#[test]
fn a_move_gives_the_old_place_back_and_keeps_its_past_v4() {
    let expected = [
        booking::release_all(PLACE_NIGHT),
        booking::claim_place(ROOM, During::nights(STARTED, Some(STEPPED))),
        booking::claim_place(ROOM_2, During::nights(STEPPED, None)),
    ];
    assert_eq!(state(vec![started()]).keeps(&stepped_up()), expected);
    let moved = StayEvent::PlaceMoved { unit: FLAT, places: vec![ROOM_2], moved_on: STEPPED };
    assert_eq!(state(vec![started()]).keeps(&moved), expected);
}

#[test]
fn an_end_gives_place_and_person_back_and_keeps_the_past_v4() {
    let ended_on = Some(date!(2025 - 08 - 20));
    assert_eq!(
        state(vec![started(), stepped_up()]).keeps(&ended()),
        [
            booking::release_all(PLACE_NIGHT),
            booking::release_all(PERSON_NIGHT),
            booking::claim_place(ROOM, During::nights(STARTED, Some(STEPPED))),
            booking::claim_place(ROOM_2, During::nights(STEPPED, ended_on)),
            booking::claim_person(ANA, During::nights(STARTED, ended_on)),
        ]
    );
    assert_eq!(state(vec![started()]).keeps(&extended()), []);
}

#[test]
fn a_stay_without_a_night_leaves_nothing_claimed() {
    let at_once =
        StayEvent::StayEnded { ended_on: STARTED, destination: Destination::BackToFamily };
    let released = [booking::release_all(PLACE_NIGHT), booking::release_all(PERSON_NIGHT)];
    assert_eq!(state(vec![started()]).keeps(&at_once), released);
}

#[test]
fn a_stay_concerns_its_holder_and_reads_back_from_json() {
    let stay = state(vec![started(), extended(), stepped_up(), ended()]);
    assert_eq!(stay.person(), Some(ANA));
    let json = serde_json::to_string(&stay).unwrap();
    assert_eq!(serde_json::from_str::<Stay>(&json).unwrap(), stay);
}

#[test]
fn only_registered_people_move_in() {
    let unknown = Start { people_known: false, ..into_kind(ServiceType::Threshold1) };
    refused(unknown.clone(), Rejection::UnknownPerson);
    given(vec![started()]).when(start(unknown)).then_expect_events(vec![]);
}

#[test]
fn a_wait_that_ends_with_a_stay_was_of_this_person_for_this_facility() {
    let after = |waited| Start { waited: Some(waited), ..into_kind(ServiceType::Threshold1) };
    given(vec![]).when(start(after((ANA, LOWER)))).then_expect_events(vec![started()]);
    for waited in [(BEN, LOWER), (ANA, UPPER)] {
        refused(after(waited), Rejection::AnotherWait);
    }
}

#[test]
fn a_stay_shows_people_and_dates_and_where_it_is() {
    assert_eq!(Stay::default().view(), None);
    let view = state(vec![started(), stepped_up(), ended()]).view().unwrap();
    assert_eq!((view.person, view.cap_on), (ANA, Some(CAP)));
    assert_eq!(view.lodgings.iter().map(|l| l.facility).collect::<Vec<_>>(), [LOWER, UPPER]);
    assert_eq!(view.destination, Some(Destination::OwnRent));
    assert_eq!(state(vec![started(), stepped_up(), ended()]).facility(), Some(UPPER));
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::Unavailable(Unavailable::OnlyPis),
        Rejection::DoubleBooking(DoubleBooking::PlaceTaken { place: None }),
        Rejection::DoubleBooking(DoubleBooking::PersonHasAPlace { person: None }),
        Rejection::NoSuchStay,
        Rejection::UnknownPerson,
        Rejection::AnotherWait,
        Rejection::UnknownReferral,
        Rejection::ReferralNotAccepted,
        Rejection::NoWayIn,
        Rejection::NoStepThere,
        Rejection::NotForPis,
        Rejection::AlreadyStarted,
        Rejection::Ended { ended_on: CAP },
        Rejection::NightsOnly,
        Rejection::OwnStayEach,
        Rejection::OnePlaceEach,
        Rejection::FamilySplit,
        Rejection::TooManyMembers,
        Rejection::PersonTwice,
        Rejection::PlaceEnds { until: CAP },
        Rejection::InTheFuture { on: CAP },
        Rejection::BeforeItsStart { from: CAP },
        Rejection::ReducedMeansMissing,
        Rejection::WorkMissing,
        Rejection::MediumMeansMissing,
        Rejection::StandingAgreementMissing,
        Rejection::PersonalAgreementMissing,
        Rejection::DsmForThresholdsOnly,
        Rejection::ProjectNeeded,
        Rejection::NoCap { kind: ServiceType::HousingFirst },
        Rejection::CapIsPast { cap_on: CAP },
        Rejection::NotLater { cap_on: CAP },
        Rejection::ExtensionTooLong { latest: CAP },
        Rejection::AnotherFacility,
        Rejection::SameFacility,
        Rejection::OtherWay,
        Rejection::StepStartsAClock,
        Rejection::HomeIsNoStep,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
