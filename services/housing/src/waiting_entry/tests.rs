use cqrs_es::test::TestFramework;
use time::macros::{date, datetime};
use trama_events::codes::ServiceType;
use trama_events::housing::{HouseRules, UnitMode};
use trama_events::ids::{ReferralId, UnitId};
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;
use crate::facility::FacilityFact;

const WAITING: WaitingId = WaitingId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const HOUSE: ServiceId = ServiceId(Uuid::from_u128(3));
const ROOM: PlaceId = PlaceId(Uuid::from_u128(4));
const ROOM_2: PlaceId = PlaceId(Uuid::from_u128(5));
const FLAT: UnitId = UnitId(Uuid::from_u128(6));
const REFERRAL: ReferralId = ReferralId(Uuid::from_u128(7));
const NOW: OffsetDateTime = datetime!(2025-01-20 09:00 UTC);
const HELD: OffsetDateTime = datetime!(2025-01-22 17:00 UTC);

fn house(kind: ServiceType) -> FacilityFact {
    FacilityFact { facility: HOUSE, kind, rules: HouseRules::default() }
}

fn room(place: PlaceId) -> PlaceFact {
    let facility = house(ServiceType::FirstReception);
    PlaceFact { facility, unit: FLAT, mode: UnitMode::Family, place, pis_only: false, until: None }
}

fn accepted() -> ReferralSeen {
    ReferralSeen { referral: REFERRAL, person: ANA, to: HOUSE, accepted: true }
}

fn places(places: u16) -> Request {
    let facility = Ok(house(ServiceType::FirstReception));
    let referral = Ok(Some(accepted()));
    Request {
        waiting: WAITING,
        person: ANA,
        person_known: true,
        facility,
        referral,
        own: false,
        places,
    }
}

fn request(request: Request) -> WaitingCommand {
    WaitingCommand::Request(Box::new(request))
}

fn requested(referral: Option<ReferralId>, places: u16) -> WaitingEvent {
    WaitingEvent::PlaceRequested {
        waiting: WAITING,
        person: ANA,
        facility: HOUSE,
        referral,
        places,
    }
}

fn listed(places: u16) -> Vec<WaitingEvent> {
    vec![requested(Some(REFERRAL), places), WaitingEvent::WaitingListed {}]
}

fn offer(places: &[PlaceFact]) -> WaitingCommand {
    WaitingCommand::Offer { places: Ok(places.to_vec()), held_until: HELD, now: NOW }
}

fn offered_place(place: PlaceId) -> WaitingEvent {
    WaitingEvent::PlaceOffered { place, held_until: HELD }
}

fn offered() -> Vec<WaitingEvent> {
    [listed(1), vec![offered_place(ROOM)]].concat()
}

fn assigned() -> Vec<WaitingEvent> {
    [offered(), vec![WaitingEvent::PlaceAssigned { place: ROOM }]].concat()
}

fn ended(reason: WaitingEndReason) -> WaitingEvent {
    WaitingEvent::WaitingEnded { reason }
}

fn given(events: Vec<WaitingEvent>) -> cqrs_es::test::AggregateTestExecutor<WaitingEntry> {
    TestFramework::with(()).given(events)
}

fn state(events: Vec<WaitingEvent>) -> WaitingEntry {
    let mut wait = WaitingEntry::default();
    for event in events {
        wait.apply(event);
    }
    wait
}

#[test]
fn asking_for_a_place_puts_the_person_on_the_list_r66() {
    given(vec![]).when(request(places(1))).then_expect_events(listed(1));
    given(listed(1)).when(request(places(1))).then_expect_events(vec![]);
    given(listed(1)).when(request(places(2))).then_expect_error(Rejection::AlreadyRequested);
}

#[test]
fn a_wait_may_begin_without_a_referral_story_d() {
    let bare = Request { referral: Ok(None), ..places(1) };
    let events = vec![requested(None, 1), WaitingEvent::WaitingListed {}];
    given(vec![]).when(request(bare)).then_expect_events(events);
}

#[test]
fn a_referral_behind_a_wait_was_accepted_here_for_this_person_r66() {
    let elsewhere = ServiceId(Uuid::from_u128(9));
    for (wrong, refusal) in [
        (ReferralSeen { accepted: false, ..accepted() }, Rejection::ReferralNotAccepted),
        (ReferralSeen { to: elsewhere, ..accepted() }, Rejection::UnknownReferral),
        (ReferralSeen { person: PersonId(HOUSE.0), ..accepted() }, Rejection::UnknownReferral),
    ] {
        given(vec![])
            .when(request(Request { referral: Ok(Some(wrong)), ..places(1) }))
            .then_expect_error(refusal);
    }
}

#[test]
fn a_wait_is_of_a_registered_person_by_a_referral_that_is_known() {
    let unknown = Request { person_known: false, ..places(1) };
    given(vec![]).when(request(unknown)).then_expect_error(Rejection::UnknownPerson);
    given(listed(1)).when(request(unknown)).then_expect_events(vec![]);
    let unseen = Request { referral: Err(Rejection::UnknownReferral), ..places(1) };
    given(vec![]).when(request(unseen)).then_expect_error(Rejection::UnknownReferral);
}

#[test]
fn a_secret_shelter_is_asked_for_a_pseudonym_of_its_own_only_threat_2() {
    let facility = Ok(house(ServiceType::SecretShelter));
    let bare = Request { facility, referral: Ok(None), ..places(1) };
    for named in [bare, Request { referral: Ok(Some(accepted())), ..bare }] {
        given(vec![]).when(request(named)).then_expect_error(Rejection::NoWayIn);
    }
    let elsewhere = ReferralSeen { to: ServiceId(Uuid::from_u128(9)), ..accepted() };
    let by = Request { referral: Ok(Some(elsewhere)), own: true, ..bare };
    given(vec![]).when(request(by)).then_expect_error(Rejection::UnknownReferral);
    let events = vec![requested(None, 1), WaitingEvent::WaitingListed {}];
    given(vec![]).when(request(Request { own: true, ..bare })).then_expect_events(events);
}

#[test]
fn a_referral_of_somebody_else_is_refused_before_anything_else_that_is_wrong_threat_4() {
    let another = ReferralSeen { person: PersonId(HOUSE.0), ..accepted() };
    for referral in [Ok(Some(another)), Err(Rejection::UnknownReferral)] {
        let refused = request(Request { referral, ..places(0) });
        given(vec![]).when(refused).then_expect_error(Rejection::UnknownReferral);
    }
}

#[test]
fn a_wait_is_for_a_facility_that_is_there_and_for_some_places() {
    let facility = Err(Unavailable::NoSuchFacility);
    given(vec![])
        .when(request(Request { facility, ..places(1) }))
        .then_expect_error(Rejection::Unavailable(Unavailable::NoSuchFacility));
    for count in [0, 21] {
        given(vec![]).when(request(places(count))).then_expect_error(Rejection::PlacesOutOfBounds);
    }
}

#[test]
fn a_person_waits_once_for_a_facility() {
    let key = format!("{ANA}/{HOUSE}");
    let claim = Keep::Claim { guard: OPEN, key: key.clone(), during: During::ALWAYS };
    assert_eq!(WaitingEntry::default().keeps(&listed(1)[0]), [claim]);
    let taken = Taken { guard: OPEN.into(), key, holder: WAITING.0 };
    let refusal = Rejection::AlreadyWaiting { waiting: WAITING };
    assert_eq!(WaitingEntry::default().taken(&taken), refusal);
}

#[test]
fn nothing_is_asked_of_a_wait_that_nobody_began() {
    for command in [
        offer(&[room(ROOM)]),
        WaitingCommand::Decline,
        WaitingCommand::Assign { now: NOW },
        WaitingCommand::ExpireOffer { now: NOW },
        WaitingCommand::End { reason: WaitingEndReason::Unreachable },
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchWait);
    }
}

#[test]
fn an_offer_is_as_many_places_as_were_asked_for_in_one_unit_r5() {
    given(listed(1)).when(offer(&[room(ROOM)])).then_expect_events(vec![offered_place(ROOM)]);
    given(listed(2))
        .when(offer(&[room(ROOM), room(ROOM_2)]))
        .then_expect_events(vec![offered_place(ROOM), offered_place(ROOM_2)]);
    let other_unit = PlaceFact { unit: UnitId(HOUSE.0), ..room(ROOM_2) };
    let mut other_house = room(ROOM_2);
    other_house.facility.facility = ServiceId(ROOM.0);
    for (wrong, refusal) in [
        (vec![room(ROOM)], Rejection::OtherNumber { asked: 2 }),
        (vec![room(ROOM), room(ROOM)], Rejection::OtherNumber { asked: 2 }),
        (vec![room(ROOM), other_unit], Rejection::SeveralUnits),
        (vec![room(ROOM), other_house], Rejection::AnotherFacility),
    ] {
        given(listed(2)).when(offer(&wrong)).then_expect_error(refusal);
    }
}

#[test]
fn a_place_that_the_facility_cannot_give_is_not_offered() {
    let places = Err(Unavailable::PlaceBlocked { until: None });
    given(listed(1))
        .when(WaitingCommand::Offer { places, held_until: HELD, now: NOW })
        .then_expect_error(Rejection::Unavailable(Unavailable::PlaceBlocked { until: None }));
}

#[test]
fn an_offer_is_held_for_seven_days_at_most() {
    for held_until in [NOW, datetime!(2025-01-27 09:01 UTC)] {
        let places = Ok(vec![room(ROOM)]);
        given(listed(1))
            .when(WaitingCommand::Offer { places, held_until, now: NOW })
            .then_expect_error(Rejection::HeldOutOfBounds);
    }
}

#[test]
fn one_offer_is_open_at_a_time() {
    given(offered()).when(offer(&[room(ROOM)])).then_expect_events(vec![]);
    given(offered()).when(offer(&[room(ROOM_2)])).then_expect_error(Rejection::AlreadyOffered);
    given(assigned()).when(offer(&[room(ROOM_2)])).then_expect_error(Rejection::AlreadyAssigned);
}

#[test]
fn an_offered_place_is_held_and_the_clock_watches_it_v4() {
    let held = During::nights(date!(2025 - 01 - 22), None);
    let kept = state(listed(1)).keeps(&offered_place(ROOM));
    let timer = Keep::SetTimer { name: OFFER_HELD, due_at: HELD };
    assert_eq!(kept, [booking::claim_place(ROOM, held), timer]);
    let taken = Taken { guard: PLACE_NIGHT.into(), key: ROOM.to_string(), holder: HOUSE.0 };
    let refusal = Rejection::DoubleBooking(DoubleBooking::PlaceTaken { place: Some(ROOM) });
    assert_eq!(state(listed(1)).taken(&taken), refusal);
}

#[test]
fn who_declines_gives_the_place_back_and_waits_on() {
    let declined = WaitingEvent::PlaceDeclined { place: ROOM };
    for before in [offered(), assigned()] {
        given(before)
            .when(WaitingCommand::Decline)
            .then_expect_events(vec![declined.clone(), WaitingEvent::WaitingListed {}]);
    }
    given(listed(1)).when(WaitingCommand::Decline).then_expect_error(Rejection::NothingOffered);
    assert_eq!(state(offered()).keeps(&declined), [booking::release_place(ROOM, None)]);
}

#[test]
fn an_offer_that_nobody_answers_goes_back_to_the_list() {
    let listed_again = WaitingEvent::WaitingListed {};
    given(offered())
        .when(WaitingCommand::ExpireOffer { now: HELD })
        .then_expect_events(vec![listed_again.clone()]);
    given(offered()).when(WaitingCommand::ExpireOffer { now: NOW }).then_expect_events(vec![]);
    given(assigned()).when(WaitingCommand::ExpireOffer { now: HELD }).then_expect_events(vec![]);
    let kept = state(offered()).keeps(&listed_again);
    let cleared = Keep::ClearTimer { name: OFFER_HELD };
    assert_eq!(kept, [booking::release_all(PLACE_NIGHT), cleared]);
    assert_eq!(state([offered(), vec![listed_again]].concat()).offered(), []);
}

#[test]
fn an_assigned_place_stays_held_until_the_person_moves_in() {
    let assigned_place = WaitingEvent::PlaceAssigned { place: ROOM };
    given(offered())
        .when(WaitingCommand::Assign { now: HELD })
        .then_expect_events(vec![assigned_place.clone()]);
    given(assigned()).when(WaitingCommand::Assign { now: HELD }).then_expect_events(vec![]);
    let cleared = Keep::ClearTimer { name: OFFER_HELD };
    assert_eq!(state(offered()).keeps(&assigned_place), [cleared]);
    given(offered())
        .when(WaitingCommand::Assign { now: datetime!(2025-01-22 17:01 UTC) })
        .then_expect_error(Rejection::OfferIsOver);
    given(listed(1))
        .when(WaitingCommand::Assign { now: NOW })
        .then_expect_error(Rejection::NothingOffered);
}

#[test]
fn a_wait_ends_with_a_reason_and_gives_everything_back() {
    let end = |reason| WaitingCommand::End { reason };
    let placed = ended(WaitingEndReason::Placed);
    given(assigned()).when(end(WaitingEndReason::Placed)).then_expect_events(vec![placed.clone()]);
    given(offered()).when(end(WaitingEndReason::Placed)).then_expect_error(Rejection::NotAssigned);
    given(listed(1))
        .when(end(WaitingEndReason::Unreachable))
        .then_expect_events(vec![ended(WaitingEndReason::Unreachable)]);
    assert_eq!(
        state(assigned()).keeps(&placed),
        [
            Keep::Release { guard: OPEN, key: None, during: None },
            booking::release_all(PLACE_NIGHT),
            Keep::ClearTimer { name: OFFER_HELD },
        ]
    );
}

#[test]
fn an_ended_wait_does_not_change_any_more_and_says_why_it_ended() {
    for (reason, words) in [
        (WaitingEndReason::Placed, "moved in"),
        (WaitingEndReason::PersonRefused, "did not want"),
        (WaitingEndReason::PlacedElsewhere, "another place"),
        (WaitingEndReason::Unreachable, "not be found"),
    ] {
        let over = || [assigned(), vec![ended(reason)]].concat();
        let refused = Rejection::Ended { reason };
        assert!(refused.to_string().contains(words));
        given(over()).when(WaitingCommand::Decline).then_expect_error(refused);
        given(over()).when(WaitingCommand::End { reason }).then_expect_events(vec![]);
        given(over()).when(WaitingCommand::ExpireOffer { now: HELD }).then_expect_events(vec![]);
    }
}

#[test]
fn a_wait_tells_where_it_stands() {
    assert_eq!(state(listed(1)).standing(), Standing::Listed);
    assert_eq!(state(offered()).standing(), Standing::Offered { held_until: HELD });
    assert_eq!(state(assigned()).standing(), Standing::Assigned);
    let reason = WaitingEndReason::Unreachable;
    let over = [listed(1), vec![ended(reason)]].concat();
    assert_eq!(state(over).standing(), Standing::Ended { reason });
    assert_eq!(state(listed(2)).asked(), Some((ANA, HOUSE, 2)));
}

#[test]
fn a_wait_concerns_a_person_and_reads_back_from_json() {
    let wait = state(offered());
    assert_eq!(wait.person(), Some(ANA));
    let json = serde_json::to_string(&wait).unwrap();
    assert_eq!(serde_json::from_str::<WaitingEntry>(&json).unwrap(), wait);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::Unavailable(Unavailable::OnlyPis),
        Rejection::DoubleBooking(DoubleBooking::PlaceTaken { place: None }),
        Rejection::NoSuchWait,
        Rejection::UnknownPerson,
        Rejection::UnknownReferral,
        Rejection::AlreadyRequested,
        Rejection::AlreadyWaiting { waiting: WAITING },
        Rejection::PlacesOutOfBounds,
        Rejection::NoWayIn,
        Rejection::ReferralNotAccepted,
        Rejection::Ended { reason: WaitingEndReason::Placed },
        Rejection::AnotherFacility,
        Rejection::OtherNumber { asked: 1 },
        Rejection::SeveralUnits,
        Rejection::HeldOutOfBounds,
        Rejection::AlreadyOffered,
        Rejection::AlreadyAssigned,
        Rejection::NothingOffered,
        Rejection::OfferIsOver,
        Rejection::NotAssigned,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
