use cqrs_es::test::TestFramework;
use time::Duration;
use time::macros::{date, datetime, time};
use trama_events::codes::ServiceType;
use trama_events::housing::{HouseRules, UnitMode};
use trama_events::ids::UnitId;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;
use crate::booking::{PERSON_NIGHT, PLACE_NIGHT};
use crate::facility::{FacilityFact, PlaceFact, Unavailable};

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const SHELTER: ServiceId = ServiceId(Uuid::from_u128(2));
const BED: PlaceId = PlaceId(Uuid::from_u128(3));
const BED_2: PlaceId = PlaceId(Uuid::from_u128(4));
const FIRST: Date = date!(2024 - 11 - 05);
const EVENING: OffsetDateTime = datetime!(2024-11-05 20:00 UTC);

fn place(place: PlaceId) -> PlaceFact {
    let rules = HouseRules {
        nights_in_a_row_max: Some(15),
        no_show_hour: Some(23),
        ..HouseRules::default()
    };
    PlaceFact {
        facility: FacilityFact { facility: SHELTER, kind: ServiceType::NightShelter, rules },
        unit: UnitId(Uuid::from_u128(5)),
        mode: UnitMode::Single,
        place,
        pis_only: false,
        until: None,
    }
}

fn bed(night: Date) -> Reserve {
    Reserve {
        person: ANA,
        person_known: true,
        night,
        place: Ok(place(BED)),
        any_place: false,
        by_pis: false,
        now: EVENING,
    }
}

fn reserve(reserve: Reserve) -> NightCommand {
    NightCommand::Reserve(Box::new(reserve))
}

fn arrive(reserve: Reserve) -> NightCommand {
    NightCommand::Arrive(Box::new(reserve))
}

fn reserved(night: Date) -> NightEvent {
    NightEvent::NightReserved {
        ledger: NightLedger::id(ANA, SHELTER),
        facility: SHELTER,
        person: ANA,
        place: BED,
        night,
        no_show_at: hour(night),
    }
}

/// The house's hour of a night.
fn hour(night: Date) -> OffsetDateTime {
    rules::no_show_at(night, 23)
}

fn came(night: Date) -> NightEvent {
    NightEvent::NightCheckedIn { night, place: BED }
}

fn missed(night: Date) -> NightEvent {
    NightEvent::NightNoShow { night, place: BED }
}

fn released(night: Date) -> NightEvent {
    NightEvent::NightReleased { night, place: BED }
}

fn nth(n: i64) -> Date {
    FIRST + Duration::days(n - 1)
}

/// The first `count` nights from [`FIRST`] on, all used.
fn nights(count: i64) -> Vec<NightEvent> {
    (1..=count).flat_map(|n| [reserved(nth(n)), came(nth(n))]).collect()
}

/// On the evening of a night.
fn on(night: Date) -> OffsetDateTime {
    EVENING + (night - FIRST)
}

fn given(events: Vec<NightEvent>) -> cqrs_es::test::AggregateTestExecutor<NightLedger> {
    TestFramework::with(()).given(events)
}

fn state(events: Vec<NightEvent>) -> NightLedger {
    let mut ledger = NightLedger::default();
    for event in events {
        ledger.apply(event);
    }
    ledger
}

fn watch(due_at: OffsetDateTime) -> Keep {
    Keep::SetTimer { name: NO_SHOW, due_at }
}

#[test]
fn a_bed_is_kept_for_a_night_in_the_nightly_ledger_r10() {
    given(vec![]).when(reserve(bed(FIRST))).then_expect_events(vec![reserved(FIRST)]);
    given(vec![reserved(FIRST)]).when(reserve(bed(FIRST))).then_expect_events(vec![]);
}

#[test]
fn a_ledger_is_of_one_person_in_one_facility_r10() {
    let other = PersonId(Uuid::from_u128(9));
    assert_ne!(NightLedger::id(ANA, SHELTER), NightLedger::id(other, SHELTER));
    given(vec![reserved(FIRST)])
        .when(reserve(Reserve { person: other, ..bed(nth(2)) }))
        .then_expect_error(Rejection::AnotherLedger);
    assert_eq!(state(vec![reserved(FIRST)]).person(), Some(ANA));
}

#[test]
fn a_night_claims_its_place_and_its_person_v4() {
    let claim = |guard, key| Keep::Claim { guard, key, during: During::night(FIRST) };
    let kept = NightLedger::default().keeps(&reserved(FIRST));
    assert!(kept.contains(&claim(PLACE_NIGHT, BED.to_string())));
    assert!(kept.contains(&claim(PERSON_NIGHT, ANA.to_string())));
}

#[test]
fn a_second_bed_on_the_same_night_is_refused_v4() {
    given(vec![reserved(FIRST)])
        .when(reserve(Reserve { place: Ok(place(BED_2)), ..bed(FIRST) }))
        .then_expect_error(Rejection::HasABedHere { night: FIRST });
    let taken = |guard: &str, key: String| Taken { guard: guard.into(), key, holder: SHELTER.0 };
    let ledger = NightLedger::default();
    assert_eq!(
        ledger.taken(&taken(PERSON_NIGHT, ANA.to_string())),
        Rejection::DoubleBooking(DoubleBooking::PersonHasAPlace { person: Some(ANA) })
    );
    assert_eq!(
        ledger.taken(&taken(PLACE_NIGHT, BED.to_string())),
        Rejection::DoubleBooking(DoubleBooking::PlaceTaken { place: Some(BED) })
    );
}

#[test]
fn a_place_that_the_facility_cannot_give_is_not_reserved_r69() {
    for why in [
        Unavailable::OutOfSeason { opens_on: date!(2024 - 12 - 01) },
        Unavailable::PlaceBlocked { until: None },
        Unavailable::OnlyPis,
        Unavailable::NoSuchPlace,
    ] {
        given(vec![])
            .when(reserve(Reserve { place: Err(why), ..bed(FIRST) }))
            .then_expect_error(Rejection::Unavailable(why));
    }
}

#[test]
fn a_facility_with_stays_gives_no_nights() {
    let mut flat = place(BED);
    flat.facility.kind = ServiceType::EmergencyFlat;
    given(vec![])
        .when(reserve(Reserve { place: Ok(flat), ..bed(FIRST) }))
        .then_expect_error(Rejection::StaysOnly);
}

#[test]
fn a_night_is_reserved_from_yesterday_evening_on_and_the_refusal_says_why() {
    let night_before = date!(2024 - 11 - 04);
    let morning = datetime!(2024-11-05 08:00 UTC);
    let kept_until = [rules::over_at(night_before), EVENING + rules::LATE];
    for (now, no_show_at) in [morning, EVENING].into_iter().zip(kept_until) {
        let event = NightEvent::NightReserved {
            ledger: NightLedger::id(ANA, SHELTER),
            facility: SHELTER,
            person: ANA,
            place: BED,
            night: night_before,
            no_show_at,
        };
        let ask = Reserve { now, ..bed(night_before) };
        given(vec![]).when(reserve(ask)).then_expect_events(vec![event]);
    }
    let refused = Rejection::NightIsOver { night: date!(2024 - 11 - 03) };
    assert!(refused.to_string().contains("have been counted"));
    given(vec![]).when(reserve(bed(date!(2024 - 11 - 03)))).then_expect_error(refused);
}

#[test]
fn a_night_is_reserved_at_most_thirty_days_ahead() {
    let last = date!(2024 - 12 - 05);
    given(vec![]).when(reserve(bed(last))).then_expect_events(vec![reserved(last)]);
    given(vec![])
        .when(reserve(bed(date!(2024 - 12 - 06))))
        .then_expect_error(Rejection::TooFarAhead { last });
}

#[test]
fn the_sixteenth_night_in_a_row_is_refused_story_d() {
    let sixteenth = date!(2024 - 11 - 20);
    assert_eq!(nth(16), sixteenth);
    let ask = |night| reserve(Reserve { now: on(night), ..bed(night) });
    given(nights(14)).when(ask(nth(15))).then_expect_events(vec![reserved(nth(15))]);
    let refused = Rejection::TooManyInARow { max: 15, again_on: Some(nth(17)) };
    assert!(refused.to_string().contains("2024-11-21"));
    given(nights(15)).when(ask(sixteenth)).then_expect_error(refused);
    given(nights(15)).when(ask(nth(17))).then_expect_events(vec![reserved(nth(17))]);
}

#[test]
fn a_missed_or_released_night_breaks_the_row() {
    for end in [missed(nth(8)), released(nth(8))] {
        let mut before = nights(15);
        before[15] = end;
        let again = reserve(Reserve { now: on(nth(16)), ..bed(nth(16)) });
        given(before).when(again).then_expect_events(vec![reserved(nth(16))]);
    }
}

#[test]
fn the_row_counts_the_nights_after_as_well_as_those_before() {
    let mut around: Vec<_> = (1..=16).map(nth).map(reserved).collect();
    around.remove(7);
    let refused = Rejection::TooManyInARow { max: 15, again_on: Some(nth(17)) };
    given(around).when(reserve(bed(nth(8)))).then_expect_error(refused);
    assert_eq!(rules::row(|_| true, FIRST, None), Ok(()));
}

#[test]
fn nobody_checks_in_without_a_reservation() {
    let check_in = NightCommand::CheckIn { night: FIRST, came_at: EVENING };
    given(vec![]).when(check_in.clone()).then_expect_error(Rejection::NotReserved { night: FIRST });
    given(vec![reserved(FIRST)]).when(check_in.clone()).then_expect_events(vec![came(FIRST)]);
    given(vec![reserved(FIRST), came(FIRST)]).when(check_in).then_expect_events(vec![]);
}

#[test]
fn a_night_begins_at_noon_of_its_day() {
    let morning = datetime!(2024-11-05 10:59 UTC);
    given(vec![reserved(FIRST)])
        .when(NightCommand::CheckIn { night: FIRST, came_at: morning })
        .then_expect_error(Rejection::NightNotBegun { night: FIRST });
    given(vec![reserved(FIRST)])
        .when(NightCommand::CheckIn { night: FIRST, came_at: datetime!(2024-11-05 11:00 UTC) })
        .then_expect_events(vec![came(FIRST)]);
}

#[test]
fn only_the_emergency_service_brings_somebody_straight_to_a_bed() {
    let by_pis = Reserve { by_pis: true, ..bed(FIRST) };
    given(vec![])
        .when(arrive(bed(FIRST)))
        .then_expect_error(Rejection::NotReserved { night: FIRST });
    given(vec![]).when(arrive(by_pis)).then_expect_events(vec![reserved(FIRST), came(FIRST)]);
    given(vec![reserved(FIRST)]).when(arrive(by_pis)).then_expect_events(vec![came(FIRST)]);
    given(vec![reserved(FIRST), came(FIRST)]).when(arrive(by_pis)).then_expect_events(vec![]);
    given(vec![])
        .when(arrive(Reserve { by_pis: true, ..bed(nth(2)) }))
        .then_expect_error(Rejection::NightNotBegun { night: nth(2) });
}

#[test]
fn a_bed_that_is_given_back_is_free_again() {
    let release = NightCommand::Release { night: FIRST, now: EVENING };
    given(vec![reserved(FIRST)]).when(release.clone()).then_expect_events(vec![released(FIRST)]);
    given(vec![reserved(FIRST), released(FIRST)]).when(release.clone()).then_expect_events(vec![]);
    given(vec![]).when(release.clone()).then_expect_error(Rejection::NotReserved { night: FIRST });
    given(vec![reserved(FIRST), came(FIRST)])
        .when(release)
        .then_expect_error(Rejection::AlreadyCame { night: FIRST });
    given(vec![reserved(FIRST)])
        .when(NightCommand::Release { night: FIRST, now: on(nth(2)) })
        .then_expect_error(Rejection::NightIsOver { night: FIRST });
    assert_freed(&released(FIRST));
}

fn assert_freed(event: &NightEvent) {
    let during = Some(During::night(FIRST));
    let kept = state(vec![reserved(FIRST)]).keeps(event);
    assert_eq!(
        kept,
        [
            booking::release_place(BED, during),
            booking::release_person(ANA, during),
            Keep::ClearTimer { name: NO_SHOW },
        ]
    );
}

#[test]
fn a_no_show_frees_the_bed_at_the_hour_of_the_house() {
    let no_show = |now| NightCommand::RecordNoShow { night: FIRST, now };
    let early = Rejection::StillKept { free_on: FIRST, free_at: time!(23:00) };
    assert!(early.to_string().contains("until 23:00 on 2024-11-05"));
    given(vec![reserved(FIRST)])
        .when(no_show(datetime!(2024-11-05 21:59 UTC)))
        .then_expect_error(early);
    let late = datetime!(2024-11-05 22:00 UTC);
    given(vec![reserved(FIRST)]).when(no_show(late)).then_expect_events(vec![missed(FIRST)]);
    given(vec![reserved(FIRST), missed(FIRST)]).when(no_show(late)).then_expect_events(vec![]);
    given(vec![reserved(FIRST), came(FIRST)])
        .when(no_show(late))
        .then_expect_error(Rejection::AlreadyCame { night: FIRST });
    given(vec![]).when(no_show(late)).then_expect_error(Rejection::NotReserved { night: FIRST });
    assert_freed(&missed(FIRST));
}

#[test]
fn an_hour_after_noon_is_of_the_evening_an_hour_before_it_of_the_morning_after() {
    assert_eq!(rules::no_show_at(FIRST, 22), datetime!(2024-11-05 21:00 UTC));
    assert_eq!(rules::no_show_at(FIRST, 1), datetime!(2024-11-06 00:00 UTC));
    assert_eq!(rules::over_at(FIRST), datetime!(2024-11-06 11:00 UTC));
}

#[test]
fn who_is_late_with_the_reservation_is_not_freed_at_once() {
    let (hour, evening) = (Some(23), hour(FIRST));
    assert_eq!(rules::kept_until(FIRST, hour, EVENING), evening);
    assert_eq!(rules::kept_until(FIRST, None, EVENING), rules::over_at(FIRST));
    assert_eq!(rules::kept_until(FIRST, hour, evening), rules::over_at(FIRST));
    let late = rules::over_at(FIRST) + Duration::minutes(7);
    assert_eq!(rules::kept_until(FIRST, hour, late), late + rules::LATE);
    assert_eq!(rules::in_rome(late + rules::LATE), (nth(2), time!(13:07)));
}

#[test]
fn who_comes_after_the_hour_of_the_house_comes_too_late() {
    let check_in = |came_at| NightCommand::CheckIn { night: FIRST, came_at };
    let before = hour(FIRST) - Duration::minutes(1);
    given(vec![reserved(FIRST)]).when(check_in(before)).then_expect_events(vec![came(FIRST)]);
    given(vec![reserved(FIRST)])
        .when(check_in(hour(FIRST)))
        .then_expect_error(Rejection::BedWasFreed { night: FIRST });
}

#[test]
fn a_bed_that_was_not_taken_in_time_is_given_up_when_one_is_reserved_again() {
    let late = Reserve { now: hour(FIRST), place: Ok(place(BED_2)), ..bed(FIRST) };
    let again = NightEvent::NightReserved {
        ledger: NightLedger::id(ANA, SHELTER),
        facility: SHELTER,
        person: ANA,
        place: BED_2,
        night: FIRST,
        no_show_at: rules::over_at(FIRST),
    };
    given(vec![reserved(FIRST)])
        .when(reserve(late))
        .then_expect_events(vec![missed(FIRST), again.clone()]);
    let here = NightEvent::NightCheckedIn { night: FIRST, place: BED_2 };
    given(vec![reserved(FIRST)])
        .when(arrive(Reserve { by_pis: true, ..late }))
        .then_expect_events(vec![missed(FIRST), again, here]);
}

#[test]
fn who_asks_for_any_place_keeps_the_one_she_has() {
    let any = Reserve { any_place: true, place: Err(Unavailable::NoPlaceFree), ..bed(FIRST) };
    given(vec![])
        .when(reserve(any))
        .then_expect_error(Rejection::Unavailable(Unavailable::NoPlaceFree));
    given(vec![reserved(FIRST)]).when(reserve(any)).then_expect_events(vec![]);
    given(vec![reserved(FIRST)])
        .when(arrive(Reserve { by_pis: true, ..any }))
        .then_expect_events(vec![came(FIRST)]);
}

#[test]
fn a_bed_for_a_person_whom_nobody_registered_is_refused() {
    let unknown = Reserve { person_known: false, ..bed(FIRST) };
    given(vec![]).when(reserve(unknown)).then_expect_error(Rejection::UnknownPerson);
    given(vec![reserved(FIRST)]).when(reserve(unknown)).then_expect_events(vec![]);
}

#[test]
fn who_comes_after_the_bed_was_freed_reserves_again() {
    let gone = || vec![reserved(FIRST), missed(FIRST)];
    given(gone())
        .when(NightCommand::CheckIn { night: FIRST, came_at: EVENING })
        .then_expect_error(Rejection::BedWasFreed { night: FIRST });
    given(gone()).when(reserve(bed(FIRST))).then_expect_events(vec![reserved(FIRST)]);
}

#[test]
fn the_clock_settles_every_night_that_is_over_and_no_other() {
    let before = vec![reserved(FIRST), reserved(nth(2)), came(nth(2)), reserved(nth(3))];
    given(before.clone())
        .when(NightCommand::SettleNights { now: hour(FIRST) })
        .then_expect_events(vec![missed(FIRST)]);
    given(before)
        .when(NightCommand::SettleNights { now: hour(nth(3)) })
        .then_expect_events(vec![missed(FIRST), missed(nth(3))]);
    given(vec![]).when(NightCommand::SettleNights { now: EVENING }).then_expect_events(vec![]);
}

#[test]
fn the_clock_watches_the_earliest_night_that_is_not_settled() {
    let later = state(vec![reserved(nth(2))]);
    assert!(later.keeps(&reserved(FIRST)).contains(&watch(hour(FIRST))));
    let both = state(vec![reserved(FIRST), reserved(nth(2))]);
    assert_eq!(both.keeps(&came(FIRST)), [watch(hour(nth(2)))]);
    let one = state(vec![reserved(FIRST)]);
    assert_eq!(one.keeps(&came(FIRST)), [Keep::ClearTimer { name: NO_SHOW }]);
}

#[test]
fn a_ledger_tells_what_became_of_a_night_and_reads_back_from_json() {
    let ledger = state(vec![reserved(FIRST), came(FIRST), reserved(nth(2)), missed(nth(2))]);
    assert_eq!(ledger.course(FIRST), Some(Course::CheckedIn));
    assert_eq!(ledger.course(nth(2)), Some(Course::NoShow));
    assert_eq!(ledger.course(nth(3)), None);
    let json = serde_json::to_string(&ledger).unwrap();
    assert_eq!(serde_json::from_str::<NightLedger>(&json).unwrap(), ledger);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::Unavailable(Unavailable::OnlyPis),
        Rejection::DoubleBooking(DoubleBooking::PlaceTaken { place: None }),
        Rejection::DoubleBooking(DoubleBooking::PersonHasAPlace { person: None }),
        Rejection::AnotherLedger,
        Rejection::StaysOnly,
        Rejection::HasABedHere { night: FIRST },
        Rejection::NightIsOver { night: FIRST },
        Rejection::TooFarAhead { last: FIRST },
        Rejection::TooManyInARow { max: 15, again_on: None },
        Rejection::NotReserved { night: FIRST },
        Rejection::BedWasFreed { night: FIRST },
        Rejection::NightNotBegun { night: FIRST },
        Rejection::AlreadyCame { night: FIRST },
        Rejection::StillKept { free_on: FIRST, free_at: time!(23:00) },
        Rejection::UnknownPerson,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
