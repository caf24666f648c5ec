use cqrs_es::test::TestFramework;
use time::macros::date;
use trama_events::housing::CapacityReason;
use trama_platform::log::{During, Refusal};
use uuid::Uuid;

use super::*;

const SHELTER: ServiceId = ServiceId(Uuid::from_u128(1));
const DORMITORY: UnitId = UnitId(Uuid::from_u128(2));
const BED: PlaceId = PlaceId(Uuid::from_u128(10));
const BED_2: PlaceId = PlaceId(Uuid::from_u128(11));
const PIS_BED: PlaceId = PlaceId(Uuid::from_u128(12));
const OPENED: Date = date!(2024 - 10 - 01);
const TODAY: Date = date!(2025 - 01 - 14);
const TOMORROW: Date = date!(2025 - 01 - 15);
const WINTER: (Date, Date) = (date!(2024 - 12 - 01), date!(2025 - 03 - 31));
const SPRING: Date = date!(2025 - 04 - 01);

fn opened_as(kind: ServiceType) -> FacilityEvent {
    let rules = rules::defaults(kind);
    FacilityEvent::FacilityOpened { facility: SHELTER, kind, opened_on: OPENED, rules }
}

fn open(kind: ServiceType, rules: Option<HouseRules>) -> FacilityCommand {
    FacilityCommand::Open { facility: SHELTER, kind, opened_on: OPENED, rules }
}

fn unit() -> FacilityEvent {
    FacilityEvent::UnitAdded { unit: DORMITORY, mode: UnitMode::Single }
}

fn adding(places: &[PlaceId]) -> ChangeCapacity {
    ChangeCapacity {
        unit: DORMITORY,
        added: places.to_vec(),
        removed: vec![],
        valid_from: OPENED,
        valid_to: None,
        reason: CapacityReason::Opening,
        pis_only: false,
    }
}

fn removing(place: PlaceId, valid_from: Date) -> ChangeCapacity {
    let reason = CapacityReason::Structural;
    ChangeCapacity { removed: vec![place], valid_from, reason, ..adding(&[]) }
}

fn changed(change: ChangeCapacity) -> FacilityEvent {
    let ChangeCapacity { unit, added, removed, valid_from, valid_to, reason, pis_only } = change;
    FacilityEvent::CapacityChanged { unit, added, removed, valid_from, valid_to, reason, pis_only }
}

fn change(change: ChangeCapacity) -> FacilityCommand {
    FacilityCommand::ChangeCapacity(Box::new(change))
}

fn blocked(from: Date, to: Option<Date>) -> FacilityEvent {
    FacilityEvent::PlaceBlocked { place: BED, from, to, reason: BlockReason::Hygiene }
}

fn block(from: Date, to: Option<Date>) -> FacilityCommand {
    let (place, reason, today) = (BED, BlockReason::Hygiene, TODAY);
    FacilityCommand::BlockPlace { place, from, to, reason, today }
}

/// A night shelter with two beds for everybody and one for the emergency service.
fn shelter() -> Vec<FacilityEvent> {
    let pis = ChangeCapacity { pis_only: true, ..adding(&[PIS_BED]) };
    let kind = ServiceType::NightShelter;
    vec![opened_as(kind), unit(), changed(adding(&[BED, BED_2])), changed(pis)]
}

fn shelter_and(more: FacilityEvent) -> Vec<FacilityEvent> {
    [shelter(), vec![more]].concat()
}

fn state(events: Vec<FacilityEvent>) -> Facility {
    let mut facility = Facility::default();
    for event in events {
        facility.apply(event);
    }
    facility
}

fn mobile(more: &[FacilityEvent]) -> Facility {
    let mut events = shelter();
    events[0] = opened_as(ServiceType::MobileShelter);
    state([events, more.to_vec()].concat())
}

fn given(events: Vec<FacilityEvent>) -> cqrs_es::test::AggregateTestExecutor<Facility> {
    TestFramework::with(()).given(events)
}

fn release(place: PlaceId) -> Keep {
    booking::release_place(place, None)
}

fn claim(place: PlaceId, from: Date, to: Option<Date>) -> Keep {
    booking::claim_place(place, During::nights(from, to))
}

#[test]
fn each_of_the_eleven_kinds_opens_with_the_rules_of_its_kind() {
    let kinds = rules::NIGHT_KINDS.into_iter().chain(rules::STAY_KINDS);
    assert_eq!(kinds.clone().count(), 11);
    for kind in kinds {
        given(vec![]).when(open(kind, None)).then_expect_events(vec![opened_as(kind)]);
    }
}

#[test]
fn a_service_without_places_to_sleep_is_no_facility() {
    given(vec![]).when(open(ServiceType::Canteen, None)).then_expect_error(Rejection::NotHousing);
}

#[test]
fn temporary_housing_has_a_cap_of_at_most_24_months_r6() {
    assert_eq!(rules::defaults(ServiceType::Temporary).stay_months_max, Some(24));
    for months in [None, Some(25)] {
        let rules =
            HouseRules { stay_months_max: months, needs_project: true, ..Default::default() };
        given(vec![])
            .when(open(ServiceType::Temporary, Some(rules)))
            .then_expect_error(Rejection::TemporaryNeedsCap);
    }
}

#[test]
fn temporary_housing_thresholds_and_secret_shelters_always_need_a_project_r7() {
    for kind in [
        ServiceType::Temporary,
        ServiceType::Threshold1,
        ServiceType::Threshold2,
        ServiceType::SecretShelter,
    ] {
        assert!(rules::defaults(kind).needs_project);
        let rules = HouseRules { needs_project: false, ..rules::defaults(kind) };
        given(vec![]).when(open(kind, Some(rules))).then_expect_error(Rejection::KindNeedsProject);
    }
}

#[test]
fn a_threshold_has_the_cap_that_its_house_sets_or_none() {
    assert_eq!(rules::defaults(ServiceType::Threshold1).stay_months_max, None);
    let own = HouseRules { stay_months_max: Some(24), ..rules::defaults(ServiceType::Threshold1) };
    assert_eq!(rules::house_rules(ServiceType::Threshold1, Some(own)), Ok(own));
}

#[test]
fn a_home_by_housing_first_or_led_has_no_cap_r84() {
    let rules = HouseRules { stay_months_max: Some(36), ..Default::default() };
    for kind in [ServiceType::HousingFirst, ServiceType::HousingLed] {
        assert_eq!(rules::defaults(kind), HouseRules::default());
        given(vec![]).when(open(kind, Some(rules))).then_expect_error(Rejection::HomeHasNoCap);
    }
}

#[test]
fn house_rules_have_bounds() {
    let none = HouseRules::default();
    for wrong in [
        HouseRules { nights_in_a_row_max: Some(0), ..none },
        HouseRules { nights_in_a_row_max: Some(367), ..none },
        HouseRules { no_show_hour: Some(24), ..none },
        HouseRules { stay_months_max: Some(0), ..none },
        HouseRules { stay_months_max: Some(121), ..none },
    ] {
        given(vec![])
            .when(open(ServiceType::FirstReception, Some(wrong)))
            .then_expect_error(Rejection::RulesOutOfBounds);
    }
}

#[test]
fn opening_twice_is_one_fact_and_never_another_facility() {
    given(shelter()).when(open(ServiceType::NightShelter, None)).then_expect_events(vec![]);
    given(shelter())
        .when(open(ServiceType::HubBeds, None))
        .then_expect_error(Rejection::AlreadyOpened);
}

#[test]
fn nothing_is_asked_of_a_facility_that_nobody_opened() {
    for command in [
        FacilityCommand::AddUnit { unit: DORMITORY, mode: UnitMode::Single },
        change(adding(&[BED])),
        FacilityCommand::SetSeason { from: WINTER.0, to: WINTER.1, today: TODAY },
        block(TODAY, None),
        FacilityCommand::ReleasePlace { place: BED },
        FacilityCommand::Close { closed_on: TODAY },
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchFacility);
    }
}

#[test]
fn a_closed_facility_does_not_change_any_more() {
    let closed = || shelter_and(FacilityEvent::FacilityClosed { closed_on: TODAY });
    for command in [
        FacilityCommand::AddUnit { unit: DORMITORY, mode: UnitMode::Single },
        change(adding(&[BED])),
        FacilityCommand::ReleasePlace { place: BED },
        FacilityCommand::Close { closed_on: TOMORROW },
    ] {
        let refused = Rejection::Closed { closed_on: TODAY };
        given(closed()).when(command).then_expect_error(refused);
    }
    given(closed()).when(FacilityCommand::Close { closed_on: TODAY }).then_expect_events(vec![]);
}

#[test]
fn a_unit_is_for_single_people_a_group_or_a_family_r5() {
    let add = |mode| FacilityCommand::AddUnit { unit: DORMITORY, mode };
    let kind = ServiceType::EmergencyFlat;
    given(vec![opened_as(kind)]).when(add(UnitMode::Single)).then_expect_events(vec![unit()]);
    given(vec![opened_as(kind), unit()]).when(add(UnitMode::Single)).then_expect_events(vec![]);
    given(vec![opened_as(kind), unit()])
        .when(add(UnitMode::Family))
        .then_expect_error(Rejection::UnitExists);
}

#[test]
fn a_facility_has_a_limited_number_of_units() {
    let units = (0..rules::UNITS_MAX as u128).map(|n| FacilityEvent::UnitAdded {
        unit: UnitId(Uuid::from_u128(1_000 + n)),
        mode: UnitMode::Group,
    });
    given(std::iter::once(opened_as(ServiceType::Temporary)).chain(units).collect())
        .when(FacilityCommand::AddUnit { unit: DORMITORY, mode: UnitMode::Group })
        .then_expect_error(Rejection::TooManyUnits);
}

#[test]
fn places_are_added_to_a_unit_with_a_date_and_a_reason_r57() {
    let cold = ChangeCapacity {
        valid_from: date!(2025 - 01 - 12),
        valid_to: Some(SPRING),
        reason: CapacityReason::Cold,
        ..adding(&[BED])
    };
    let before = || vec![opened_as(ServiceType::NightShelter), unit()];
    given(before()).when(change(cold.clone())).then_expect_events(vec![changed(cold.clone())]);
    given([before(), vec![changed(cold.clone())]].concat())
        .when(change(cold.clone()))
        .then_expect_events(vec![]);
    let facility = state([before(), vec![changed(cold)]].concat());
    let capacity = |night| facility.capacity(night);
    assert_eq!(capacity(date!(2025 - 01 - 11)), 0);
    assert_eq!(capacity(date!(2025 - 01 - 12)), 1);
    assert_eq!(capacity(date!(2025 - 03 - 31)), 1);
    assert_eq!(capacity(SPRING), 0);
}

#[test]
fn a_change_of_capacity_that_contradicts_itself_is_refused() {
    let many = (0..=rules::CHANGE_MAX as u128).map(|n| PlaceId(Uuid::from_u128(1_000 + n)));
    let new = PlaceId(Uuid::from_u128(99));
    let twice = ChangeCapacity { removed: vec![new], ..adding(&[new]) };
    let early = ChangeCapacity { valid_from: date!(2024 - 09 - 30), ..adding(&[new]) };
    let upside_down = ChangeCapacity { valid_to: Some(OPENED), ..adding(&[new]) };
    let for_a_while = ChangeCapacity { valid_to: Some(SPRING), ..removing(BED, TODAY) };
    let elsewhere = ChangeCapacity { unit: UnitId(new.0), ..adding(&[new]) };
    for (wrong, refusal) in [
        (adding(&[]), Rejection::NothingChanges),
        (adding(&many.collect::<Vec<_>>()), Rejection::TooManyPlaces),
        (twice, Rejection::PlaceTwice),
        (early, Rejection::BeforeOpening { opened_on: OPENED }),
        (upside_down, Rejection::EndsBeforeItBegins),
        (for_a_while, Rejection::RemovedForGood),
        (elsewhere, Rejection::NoSuchUnit),
        (removing(new, TODAY), Rejection::NoSuchPlace),
        (adding(&[BED, new]), Rejection::PlaceIdUsed),
    ] {
        given(shelter()).when(change(wrong)).then_expect_error(refusal);
    }
}

#[test]
fn a_removed_place_is_gone_for_good() {
    let removed = changed(removing(BED, TODAY));
    given(shelter()).when(change(removing(BED, TODAY))).then_expect_events(vec![removed.clone()]);
    let gone = || shelter_and(removed.clone());
    given(gone()).when(change(removing(BED, TODAY))).then_expect_events(vec![]);
    let there = Rejection::NotThereThen { from: OPENED, to: Some(TODAY) };
    given(gone()).when(change(removing(BED, TOMORROW))).then_expect_error(there);
    given(gone()).when(block(TODAY, None)).then_expect_error(there);
    let later = ChangeCapacity { valid_from: TOMORROW, ..adding(&[BED]) };
    given(gone()).when(change(later)).then_expect_error(Rejection::PlaceIdUsed);
}

#[test]
fn removing_a_place_that_somebody_has_is_refused_v4() {
    let kept = state(shelter()).keeps(&changed(removing(BED, TODAY)));
    assert_eq!(kept, [release(BED), claim(BED, TODAY, None)]);
    let taken = Taken {
        guard: booking::PLACE_NIGHT.into(),
        key: BED.to_string(),
        holder: Uuid::from_u128(77),
    };
    let refusal = state(shelter()).taken(&taken);
    assert_eq!(refusal, Rejection::PlaceOccupied { place: Some(BED) });
}

#[test]
fn nobody_has_a_place_after_its_last_night() {
    let cold = changed(ChangeCapacity { valid_to: Some(SPRING), ..adding(&[BED]) });
    let kept = state(vec![opened_as(ServiceType::NightShelter), unit()]).keeps(&cold);
    assert_eq!(kept, [release(BED), claim(BED, SPRING, None)]);
}

#[test]
fn a_facility_closes_only_when_nobody_has_a_place_in_it_v4() {
    let close = FacilityCommand::Close { closed_on: SPRING };
    let closed = FacilityEvent::FacilityClosed { closed_on: SPRING };
    given(shelter()).when(close).then_expect_events(vec![closed.clone()]);
    let kept = state(shelter()).keeps(&closed);
    for place in [BED, BED_2, PIS_BED] {
        assert!(kept.contains(&claim(place, SPRING, None)));
    }
    given(shelter())
        .when(FacilityCommand::Close { closed_on: date!(2024 - 09 - 30) })
        .then_expect_error(Rejection::BeforeOpening { opened_on: OPENED });
}

#[test]
fn a_block_takes_a_place_for_its_nights_and_a_release_gives_it_back() {
    given(shelter())
        .when(block(TODAY, Some(SPRING)))
        .then_expect_events(vec![blocked(TODAY, Some(SPRING))]);
    let free = state(shelter());
    let kept = free.keeps(&blocked(TODAY, Some(SPRING)));
    assert_eq!(kept, [release(BED), claim(BED, TODAY, Some(SPRING))]);
    let open_ended = || shelter_and(blocked(TODAY, None));
    let released = FacilityEvent::PlaceReleased { place: BED };
    given(open_ended())
        .when(FacilityCommand::ReleasePlace { place: BED })
        .then_expect_events(vec![released.clone()]);
    assert_eq!(state(open_ended()).keeps(&released), [release(BED)]);
}

#[test]
fn the_claims_of_a_facility_never_overlap_each_other() {
    let facility = state(shelter_and(blocked(TODAY, None)));
    let kept = facility.keeps(&changed(removing(BED, SPRING)));
    let expected = [release(BED), claim(BED, TODAY, Some(SPRING)), claim(BED, SPRING, None)];
    assert_eq!(kept, expected);
    let kept = facility.keeps(&changed(removing(BED, TODAY)));
    assert_eq!(kept, [release(BED), claim(BED, TODAY, None)]);
}

#[test]
fn blocking_and_releasing_twice_is_one_fact() {
    given(shelter_and(blocked(TODAY, None))).when(block(TODAY, None)).then_expect_events(vec![]);
    given(shelter()).when(FacilityCommand::ReleasePlace { place: BED }).then_expect_events(vec![]);
}

#[test]
fn a_block_has_an_order_in_time_and_one_follows_the_other() {
    let refused = Rejection::AlreadyBlocked { until: None };
    given(shelter_and(blocked(TODAY, None))).when(block(TOMORROW, None)).then_expect_error(refused);
    given(shelter_and(blocked(TODAY, Some(TOMORROW))))
        .when(block(TOMORROW, None))
        .then_expect_events(vec![blocked(TOMORROW, None)]);
    given(shelter())
        .when(block(TODAY, Some(TODAY)))
        .then_expect_error(Rejection::EndsBeforeItBegins);
    given(shelter())
        .when(block(date!(2025 - 01 - 12), None))
        .then_expect_error(Rejection::BlockInThePast);
    given(shelter())
        .when(FacilityCommand::ReleasePlace { place: PlaceId(SHELTER.0) })
        .then_expect_error(Rejection::NoSuchPlace);
}

#[test]
fn a_season_is_set_for_the_present_or_the_future_r69() {
    let set = |from, to| FacilityCommand::SetSeason { from, to, today: TODAY };
    let winter = FacilityEvent::SeasonSet { from: WINTER.0, to: WINTER.1 };
    given(shelter()).when(set(WINTER.0, WINTER.1)).then_expect_events(vec![winter.clone()]);
    given(shelter_and(winter)).when(set(WINTER.0, WINTER.1)).then_expect_events(vec![]);
    for (from, to, refusal) in [
        (WINTER.1, WINTER.0, Rejection::EndsBeforeItBegins),
        (WINTER.0, date!(2025 - 12 - 02), Rejection::SeasonTooLong),
        (OPENED, date!(2025 - 01 - 13), Rejection::SeasonOver),
    ] {
        given(shelter()).when(set(from, to)).then_expect_error(refusal);
    }
}

#[test]
fn a_mobile_shelter_takes_nobody_out_of_season_and_names_the_opening_date_r69() {
    let winter = FacilityEvent::SeasonSet { from: WINTER.0, to: WINTER.1 };
    let next = FacilityEvent::SeasonSet { from: date!(2025 - 12 - 01), to: date!(2026 - 03 - 31) };
    let facility = mobile(&[winter.clone(), next]);
    assert!(facility.place_fact(BED, WINTER.1, false).is_ok());
    let refused = facility.place_fact(BED, SPRING, false).unwrap_err();
    assert_eq!(refused, Unavailable::OutOfSeason { opens_on: date!(2025 - 12 - 01) });
    assert!(refused.to_string().contains("2025-12-01"));
    assert_eq!(facility.capacity(SPRING), 0);
    assert_eq!(mobile(&[winter]).open_on(SPRING), Err(Unavailable::NoSeason));
    assert_eq!(mobile(&[]).open_on(TODAY), Err(Unavailable::NoSeason));
    assert!(state(shelter()).open_on(SPRING).is_ok());
}

#[test]
fn a_longer_season_takes_the_place_of_the_shorter_one_r69() {
    let winter = FacilityEvent::SeasonSet { from: WINTER.0, to: WINTER.1 };
    let longer = FacilityEvent::SeasonSet { from: WINTER.0, to: date!(2025 - 04 - 30) };
    let facility = mobile(&[winter, longer]);
    assert!(facility.open_on(SPRING).is_ok());
    assert_eq!(facility.seasons.len(), 1);
}

#[test]
fn a_facility_answers_only_for_places_that_it_can_give() {
    let facility = state(shelter());
    let fact = facility.place_fact(BED, TODAY, false).unwrap();
    assert_eq!((fact.place, fact.unit, fact.until), (BED, DORMITORY, None));
    assert_eq!(fact.facility.kind, ServiceType::NightShelter);
    let refused = |events, place, night| state(events).place_fact(place, night, false);
    for (events, place, night, why) in [
        (vec![], BED, TODAY, Unavailable::NoSuchFacility),
        (shelter(), BED, date!(2024 - 09 - 30), Unavailable::NotYetOpen { opens_on: OPENED }),
        (
            shelter_and(FacilityEvent::FacilityClosed { closed_on: TODAY }),
            BED,
            TODAY,
            Unavailable::FacilityClosed { closed_on: TODAY },
        ),
        (shelter(), PlaceId(SHELTER.0), TODAY, Unavailable::NoSuchPlace),
        (shelter_and(changed(removing(BED, TODAY))), BED, TODAY, Unavailable::NoSuchPlace),
        (
            shelter_and(blocked(TODAY, Some(SPRING))),
            BED,
            TODAY,
            Unavailable::PlaceBlocked { until: Some(SPRING) },
        ),
        (shelter(), PIS_BED, TODAY, Unavailable::OnlyPis),
    ] {
        assert_eq!(refused(events, place, night), Err(why), "{why}");
    }
}

#[test]
fn a_place_of_the_emergency_service_is_given_by_it_alone() {
    let facility = state(shelter());
    assert_eq!(facility.place_fact(PIS_BED, TODAY, false), Err(Unavailable::OnlyPis));
    assert!(facility.place_fact(PIS_BED, TODAY, true).is_ok());
    assert_eq!(facility.candidates(TODAY, false).len(), 2);
    assert_eq!(facility.candidates(TODAY, true).len(), 3);
    assert_eq!(facility.unit_fact(DORMITORY, TODAY, false).len(), 2);
    assert_eq!(facility.unit_fact(UnitId(SHELTER.0), TODAY, false), []);
}

#[test]
fn a_blocked_place_counts_as_capacity_and_is_not_given() {
    let facility = state(shelter_and(blocked(TOMORROW, Some(SPRING))));
    assert_eq!(facility.capacity(TOMORROW), 3);
    assert_eq!(facility.capacity_by_unit(TOMORROW), BTreeMap::from([(DORMITORY, 3)]));
    assert_eq!(facility.candidates(TOMORROW, false).len(), 1);
    assert_eq!(facility.place_fact(BED, TODAY, false).unwrap().until, Some(TOMORROW));
    assert_eq!(facility.place_fact(BED, SPRING, false).unwrap().until, None);
}

#[test]
fn a_facility_tells_nothing_of_a_person_and_reads_back_from_json() {
    let facility = state(shelter_and(blocked(TODAY, None)));
    assert_eq!(facility.person(), None);
    let json = serde_json::to_string(&facility).unwrap();
    assert_eq!(serde_json::from_str::<Facility>(&json).unwrap(), facility);
}

#[test]
fn the_emergency_service_is_offered_its_own_places_first() {
    let offered = |by_pis| -> Vec<PlaceId> {
        let offers = state(shelter()).offers(TODAY, by_pis).unwrap();
        offers.iter().map(|fact| fact.place).collect()
    };
    assert_eq!(offered(true), [PIS_BED, BED, BED_2]);
    assert_eq!(offered(false), [BED, BED_2]);
    let shut = state(shelter_and(FacilityEvent::FacilityClosed { closed_on: TODAY }));
    let refused = Unavailable::FacilityClosed { closed_on: TODAY };
    assert_eq!(shut.offers(TODAY, true), Err(refused));
    assert_eq!(shut.places_on(&[], TODAY, true), Err(refused));
}

#[test]
fn places_that_are_named_are_given_together_or_not_at_all() {
    let facility = state(shelter());
    let both = facility.places_on(&[BED_2, BED], TODAY, false).unwrap();
    assert_eq!(both.iter().map(|fact| fact.place).collect::<Vec<_>>(), [BED_2, BED]);
    let refused = facility.places_on(&[BED, PIS_BED], TODAY, false);
    assert_eq!(refused, Err(Unavailable::OnlyPis));
}

#[test]
fn a_facility_shows_its_units_places_and_blocks() {
    assert_eq!(Facility::default().view(), None);
    let view = state(shelter_and(blocked(TODAY, Some(TOMORROW)))).view().unwrap();
    assert_eq!((view.units.len(), view.places.len()), (1, 3));
    let bed = view.places.iter().find(|place| place.place == BED).unwrap();
    assert_eq!(bed.block.map(|block| block.to), Some(Some(TOMORROW)));
    assert!(!state(shelter()).is_secret());
    assert!(state(vec![opened_as(ServiceType::SecretShelter)]).is_secret());
}

#[test]
fn every_answer_has_a_code_of_its_own() {
    let all = [
        Unavailable::NoSuchFacility,
        Unavailable::NotYetOpen { opens_on: TODAY },
        Unavailable::FacilityClosed { closed_on: TODAY },
        Unavailable::OutOfSeason { opens_on: TODAY },
        Unavailable::NoSeason,
        Unavailable::NoSuchPlace,
        Unavailable::PlaceBlocked { until: None },
        Unavailable::OnlyPis,
        Unavailable::NoPlaceFree,
    ];
    let mut codes: Vec<_> = all.iter().map(|why| why.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchFacility,
        Rejection::AlreadyOpened,
        Rejection::NotHousing,
        Rejection::RulesOutOfBounds,
        Rejection::HomeHasNoCap,
        Rejection::TemporaryNeedsCap,
        Rejection::KindNeedsProject,
        Rejection::Closed { closed_on: TODAY },
        Rejection::BeforeOpening { opened_on: TODAY },
        Rejection::NoSuchUnit,
        Rejection::UnitExists,
        Rejection::TooManyUnits,
        Rejection::NothingChanges,
        Rejection::TooManyPlaces,
        Rejection::PlaceTwice,
        Rejection::PlaceIdUsed,
        Rejection::NoSuchPlace,
        Rejection::NotThereThen { from: TODAY, to: None },
        Rejection::RemovedForGood,
        Rejection::EndsBeforeItBegins,
        Rejection::SeasonTooLong,
        Rejection::SeasonOver,
        Rejection::BlockInThePast,
        Rejection::AlreadyBlocked { until: None },
        Rejection::PlaceOccupied { place: None },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
