use time::macros::{date, datetime};
use trama_events::codes::{Destination, ServiceType};
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, FacilityEvent, HouseRules, NightEvent,
    ProjectSeen, StayEvent, WaitingEndReason, WaitingEvent,
};
use trama_events::ids::{ServiceId, StayId, UnitId, WaitingId};
use trama_platform::log::Logged;
use uuid::Uuid;

use super::*;
use crate::facility::Facility;
use crate::night_ledger::NightLedger;
use crate::stay::Stay;
use crate::waiting_entry::WaitingEntry;

const HOUSE: ServiceId = ServiceId(Uuid::from_u128(1));
const UNIT: UnitId = UnitId(Uuid::from_u128(2));
const BED: PlaceId = PlaceId(Uuid::from_u128(3));
const BED_2: PlaceId = PlaceId(Uuid::from_u128(4));
const ANA: PersonId = PersonId(Uuid::from_u128(5));
const BEN: PersonId = PersonId(Uuid::from_u128(6));
const NIGHT: Date = date!(2025 - 01 - 14);
const NEXT: Date = date!(2025 - 01 - 15);
const LATER: Date = date!(2025 - 03 - 01);

/// The log's exclusion constraint: no two claims of one guard and key overlap, of one holder or
/// of two.
#[derive(Default)]
struct Claims(Vec<(u128, &'static str, String, During)>);

impl Claims {
    /// What a commit does: releases first, then claims; all or nothing.
    fn commit<A: Logged>(
        &mut self,
        holder: u128,
        aggregate: &mut A,
        event: A::Event,
    ) -> Result<(), &'static str> {
        let mut rows = self.0.clone();
        let keeps = aggregate.keeps(&event);
        for keep in &keeps {
            if let Keep::Release { guard, key, during } = keep {
                rows.retain(|(of, g, k, d)| {
                    let same = *of == holder && g == guard;
                    !(same
                        && key.as_ref().is_none_or(|key| key == k)
                        && during.is_none_or(|during| during == *d))
                });
            }
        }
        for keep in keeps {
            if let Keep::Claim { guard, key, during } = keep {
                if rows.iter().any(|(_, g, k, d)| *g == guard && *k == key && overlap(*d, during)) {
                    return Err(guard);
                }
                rows.push((holder, guard, key, during));
            }
        }
        self.0 = rows;
        aggregate.apply(event);
        Ok(())
    }
}

fn overlap(one: During, other: During) -> bool {
    let before =
        |to: Option<Date>, from: Option<Date>| to.zip(from).is_some_and(|(to, from)| to <= from);
    !before(one.to, other.from) && !before(other.to, one.from)
}

fn night(person: PersonId, place: PlaceId, night: Date) -> NightEvent {
    let ledger = NightLedger::id(person, HOUSE);
    let no_show_at = datetime!(2025-03-02 22:00 UTC);
    NightEvent::NightReserved { ledger, facility: HOUSE, person, place, night, no_show_at }
}

fn stay(person: PersonId, place: PlaceId, started_on: Date) -> StayEvent {
    StayEvent::StayStarted {
        stay: StayId(person.0),
        person,
        members: vec![],
        facility: HOUSE,
        kind: ServiceType::EmergencyFlat,
        unit: UNIT,
        places: vec![place],
        started_on,
        cap_on: None,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    }
}

fn moved(place: PlaceId, moved_on: Date) -> StayEvent {
    StayEvent::PlaceMoved { unit: UNIT, places: vec![place], moved_on }
}

fn ended(ended_on: Date) -> StayEvent {
    StayEvent::StayEnded { ended_on, destination: Destination::Unknown }
}

fn blocked(place: PlaceId, from: Date, to: Option<Date>) -> FacilityEvent {
    FacilityEvent::PlaceBlocked { place, from, to, reason: BlockReason::Hygiene }
}

fn removed(place: PlaceId, valid_from: Date) -> FacilityEvent {
    FacilityEvent::CapacityChanged {
        unit: UNIT,
        added: vec![],
        removed: vec![place],
        valid_from,
        valid_to: None,
        reason: CapacityReason::Structural,
        pis_only: false,
    }
}

fn house() -> Facility {
    let mut facility = Facility::default();
    cqrs_es::Aggregate::apply(
        &mut facility,
        FacilityEvent::FacilityOpened {
            facility: HOUSE,
            kind: ServiceType::EmergencyFlat,
            opened_on: NIGHT,
            rules: HouseRules::default(),
        },
    );
    let added = FacilityEvent::CapacityChanged {
        unit: UNIT,
        added: vec![BED, BED_2],
        removed: vec![],
        valid_from: NIGHT,
        valid_to: None,
        reason: CapacityReason::Opening,
        pis_only: false,
    };
    cqrs_es::Aggregate::apply(&mut facility, added);
    facility
}

#[test]
fn two_people_never_have_one_place_on_a_night_v4() {
    let mut claims = Claims::default();
    let (mut ana, mut ben) = (NightLedger::default(), NightLedger::default());
    assert_eq!(claims.commit(1, &mut ana, night(ANA, BED, NIGHT)), Ok(()));
    assert_eq!(claims.commit(2, &mut ben, night(BEN, BED, NIGHT)), Err(PLACE_NIGHT));
    assert_eq!(claims.commit(2, &mut ben, night(BEN, BED, NEXT)), Ok(()));
    let missed = NightEvent::NightNoShow { night: NIGHT, place: BED };
    assert_eq!(claims.commit(1, &mut ana, missed), Ok(()));
    assert_eq!(claims.commit(2, &mut ben, night(BEN, BED, NIGHT)), Ok(()));
}

#[test]
fn one_person_never_has_two_places_on_a_night_also_in_two_facilities_v4() {
    let mut claims = Claims::default();
    let (mut here, mut there) = (NightLedger::default(), NightLedger::default());
    let mut home = Stay::default();
    assert_eq!(claims.commit(1, &mut here, night(ANA, BED, NEXT)), Ok(()));
    assert_eq!(claims.commit(2, &mut there, night(ANA, BED_2, NEXT)), Err(PERSON_NIGHT));
    assert_eq!(claims.commit(3, &mut home, stay(ANA, BED_2, NIGHT)), Err(PERSON_NIGHT));
    assert_eq!(claims.commit(3, &mut home, stay(ANA, BED_2, LATER)), Ok(()));
    assert_eq!(claims.commit(2, &mut there, night(ANA, BED, LATER)), Err(PERSON_NIGHT));
}

#[test]
fn a_place_left_by_a_stay_is_free_from_that_night_on_and_not_before_v4() {
    let mut claims = Claims::default();
    let (mut ana, mut ben) = (Stay::default(), Stay::default());
    assert_eq!(claims.commit(1, &mut ana, stay(ANA, BED, NIGHT)), Ok(()));
    assert_eq!(claims.commit(2, &mut ben, stay(BEN, BED, LATER)), Err(PLACE_NIGHT));
    for (place, on) in [(BED_2, NEXT), (BED, NEXT), (BED_2, LATER)] {
        assert_eq!(claims.commit(1, &mut ana, moved(place, on)), Ok(()));
    }
    assert_eq!(claims.commit(2, &mut ben, stay(BEN, BED, NEXT)), Err(PLACE_NIGHT));
    assert_eq!(claims.commit(2, &mut ben, stay(BEN, BED, LATER)), Ok(()));
    assert_eq!(claims.commit(1, &mut ana, ended(LATER)), Ok(()));
    let mut again = NightLedger::default();
    assert_eq!(claims.commit(3, &mut again, night(ANA, BED_2, LATER)), Ok(()));
    assert_eq!(
        claims.commit(4, &mut NightLedger::default(), night(ANA, BED_2, NEXT)),
        Err(PERSON_NIGHT)
    );
}

#[test]
fn a_place_is_blocked_removed_or_closed_only_when_nobody_has_it_v4() {
    let mut claims = Claims::default();
    let (mut facility, mut ana) = (house(), Stay::default());
    assert_eq!(claims.commit(1, &mut ana, stay(ANA, BED, NIGHT)), Ok(()));
    let closed = FacilityEvent::FacilityClosed { closed_on: LATER };
    for event in [blocked(BED, NEXT, None), removed(BED, LATER), closed.clone()] {
        assert_eq!(claims.commit(9, &mut facility, event), Err(PLACE_NIGHT));
    }
    assert_eq!(claims.commit(1, &mut ana, ended(NEXT)), Ok(()));
    for event in [blocked(BED, NEXT, None), removed(BED, LATER), closed] {
        assert_eq!(claims.commit(9, &mut facility, event), Ok(()));
    }
    let mut ben = NightLedger::default();
    assert_eq!(claims.commit(2, &mut ben, night(BEN, BED, NEXT)), Err(PLACE_NIGHT));
    let released = FacilityEvent::PlaceReleased { place: BED };
    assert_eq!(claims.commit(9, &mut facility, released), Ok(()));
    assert_eq!(claims.commit(2, &mut ben, night(BEN, BED, NEXT)), Ok(()));
    assert_eq!(claims.commit(3, &mut Stay::default(), stay(BEN, BED_2, NIGHT)), Err(PLACE_NIGHT));
}

#[test]
fn an_offered_place_is_given_to_nobody_else_until_the_wait_lets_it_go_v4() {
    let mut claims = Claims::default();
    let (mut wait, mut ben) = (WaitingEntry::default(), Stay::default());
    let held_until = datetime!(2025-01-16 17:00 UTC);
    for event in [
        WaitingEvent::PlaceRequested {
            waiting: WaitingId(ANA.0),
            person: ANA,
            facility: HOUSE,
            referral: None,
            places: 1,
        },
        WaitingEvent::WaitingListed {},
        WaitingEvent::PlaceOffered { place: BED, held_until },
        WaitingEvent::PlaceAssigned { place: BED },
    ] {
        assert_eq!(claims.commit(1, &mut wait, event), Ok(()));
    }
    assert_eq!(claims.commit(2, &mut ben, stay(BEN, BED, NIGHT)), Err(PLACE_NIGHT));
    let placed = WaitingEvent::WaitingEnded { reason: WaitingEndReason::Placed };
    assert_eq!(claims.commit(1, &mut wait, placed), Ok(()));
    assert_eq!(claims.commit(3, &mut Stay::default(), stay(ANA, BED, NIGHT)), Ok(()));
}

#[test]
fn a_failed_claim_says_which_of_the_two_rules_it_broke_v4() {
    let taken = |guard: &str, key: String| {
        DoubleBooking::of(&Taken { guard: guard.into(), key, holder: HOUSE.0 })
    };
    let place = taken(PLACE_NIGHT, BED.to_string());
    assert_eq!(place, DoubleBooking::PlaceTaken { place: Some(BED) });
    assert_eq!(place.code(), "place_taken");
    let person = taken(PERSON_NIGHT, ANA.to_string());
    assert_eq!(person, DoubleBooking::PersonHasAPlace { person: Some(ANA) });
    assert_eq!(person.code(), "person_has_a_place");
}

#[test]
fn who_sleeps_elsewhere_is_refused_in_the_same_words_wherever_that_is() {
    let refusal = |holder| {
        let key = ANA.to_string();
        DoubleBooking::of(&Taken { guard: PERSON_NIGHT.into(), key, holder }).to_string()
    };
    let words = "no place can be given to this person here tonight; ask her case manager";
    assert_eq!([refusal(HOUSE.0), refusal(UNIT.0)], [words, words]);
}

#[test]
fn a_span_without_nights_is_none() {
    assert_eq!(span(NIGHT, Some(NIGHT)), None);
    assert_eq!(span(NIGHT, None), Some(During::nights(NIGHT, None)));
    assert_eq!(span(NIGHT, Some(NEXT)), Some(During::night(NIGHT)));
}
