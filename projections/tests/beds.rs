//! Given housing's events and the directory, then what is free on a night.

#![cfg(test)]

mod harness;

use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::codes::{Destination, Role, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, FacilityEvent, HouseRules, NightEvent,
    ProjectSeen, StayEvent, WaitingEndReason, WaitingEvent,
};
use trama_events::ids::{
    Ats, NightLedgerId, OrganisationId, PersonId, PlaceId, ServiceId, StayId, UnitId, WaitingId,
};
use trama_projections::beds::{
    Beds, BedsAsked, BedsTonight, CellState, FacilityGrid, FacilityTonight, GridAsked,
    SecretPlaces, grid, tonight,
};

use harness::{History, World, acting, id};

const START: OffsetDateTime = datetime!(2025-01-14 18:00 UTC);
const TONIGHT: Date = date!(2025 - 01 - 14);
const OPENED: Date = date!(2024 - 01 - 01);

fn place(word: &str) -> PlaceId {
    PlaceId(id(word))
}

fn house(history: &mut History, name: &str, kind: ServiceType, ats: &str, places: &[&str]) {
    let registered = ServiceEvent::ServiceRegistered {
        service: ServiceId(id(name)),
        organisation: OrganisationId(id("comune")),
        name: format!("Casa {name}"),
        service_type: kind,
        ats: Ats::try_new(ats).unwrap(),
        municipality: Some("072006".into()),
        low_threshold: true,
    };
    let opened = FacilityEvent::FacilityOpened {
        facility: ServiceId(id(name)),
        kind,
        opened_on: OPENED,
        rules: HouseRules::default(),
    };
    history.record(id(name), None, &registered).record(id(name), None, &opened);
    history.record(id(name), None, &capacity(places, &[], OPENED, None, false));
}

fn capacity(
    added: &[&str],
    removed: &[&str],
    valid_from: Date,
    valid_to: Option<Date>,
    pis_only: bool,
) -> FacilityEvent {
    FacilityEvent::CapacityChanged {
        unit: UnitId(id("unit")),
        added: added.iter().map(|word| place(word)).collect(),
        removed: removed.iter().map(|word| place(word)).collect(),
        valid_from,
        valid_to,
        reason: CapacityReason::Structural,
        pis_only,
    }
}

fn reserved(history: &mut History, facility: &str, who: &str, at: &str, night: Date) {
    let event = NightEvent::NightReserved {
        ledger: NightLedgerId(id(who)),
        facility: ServiceId(id(facility)),
        person: PersonId(id(who)),
        place: place(at),
        night,
        no_show_at: START,
    };
    history.record(id(who), Some(PersonId(id(who))), &event);
}

fn stay_started(
    history: &mut History,
    facility: &str,
    who: &[&str],
    at: &[&str],
    started_on: Date,
) {
    let people: Vec<PersonId> = who.iter().map(|who| PersonId(id(who))).collect();
    let event = StayEvent::StayStarted {
        stay: StayId(id("stay")),
        person: people[0],
        members: people[1..].to_vec(),
        facility: ServiceId(id(facility)),
        kind: ServiceType::NightShelter,
        unit: UnitId(id("unit")),
        places: at.iter().map(|at| place(at)).collect(),
        started_on,
        cap_on: None,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id("stay"), Some(people[0]), &event);
}

fn asked(night: Date, own: &[&str]) -> BedsAsked {
    let own = own.iter().map(|name| ServiceId(id(name))).collect();
    BedsAsked { ats: None, night, kind: None, own, limit: 100, after: None }
}

async fn beds(world: &World, asked: &BedsAsked) -> BedsTonight {
    let caller = acting("somebody", Role::FacilityOperator, &asked.own);
    tonight(&world.reads.pool, &caller, asked).await.unwrap()
}

async fn nights(world: &World, asked: &GridAsked) -> Option<FacilityGrid> {
    let own = if asked.own { &[asked.facility][..] } else { &[] };
    let caller = acting("somebody", Role::FacilityOperator, own);
    grid(&world.reads.pool, &caller, asked).await.unwrap()
}

async fn shelter(world: &World, night: Date, own: &[&str]) -> FacilityTonight {
    let found = beds(world, &asked(night, own)).await;
    found.facilities.into_iter().find(|house| house.facility == ServiceId(id("shelter"))).unwrap()
}

/// A shelter with every state of a place on one night.
fn full_house() -> History {
    let mut history = History::starting(START);
    house(&mut history, "shelter", ServiceType::NightShelter, "bari", &["1", "2", "3", "4", "5"]);
    history.record(id("shelter"), None, &capacity(&["pis"], &[], OPENED, None, true));
    history.record(
        id("shelter"),
        None,
        &capacity(&["cold"], &[], TONIGHT, Some(date!(2025 - 01 - 15)), false),
    );
    history.record(id("shelter"), None, &capacity(&[], &["5"], date!(2025 - 01 - 15), None, false));
    let blocked = FacilityEvent::PlaceBlocked {
        place: place("1"),
        from: date!(2025 - 01 - 10),
        to: None,
        reason: BlockReason::Hygiene,
    };
    history.record(id("shelter"), None, &blocked);
    reserved(&mut history, "shelter", "ana", "2", TONIGHT);
    reserved(&mut history, "shelter", "ben", "3", TONIGHT);
    let came = NightEvent::NightCheckedIn { night: TONIGHT, place: place("3") };
    history.record(id("ben"), Some(PersonId(id("ben"))), &came);
    stay_started(&mut history, "shelter", &["carla"], &["4"], date!(2025 - 01 - 01));
    let waits = WaitingEvent::PlaceRequested {
        waiting: WaitingId(id("wait")),
        person: PersonId(id("dino")),
        facility: ServiceId(id("shelter")),
        referral: None,
        places: 1,
    };
    history.record(id("wait"), None, &waits).record(
        id("wait"),
        None,
        &WaitingEvent::WaitingListed {},
    );
    history
}

#[tokio::test]
async fn a_place_is_free_unless_it_is_blocked_reserved_or_lived_in_v4() {
    let world = World::start().await;
    world.fold(&Beds, &full_house().events).await;

    let house = shelter(&world, TONIGHT, &[]).await;
    let counts = house.counts;
    assert_eq!((counts.places, counts.free, counts.blocked), (7, 3, 1));
    assert_eq!((counts.reserved, counts.checked_in, counts.stay), (1, 1, 1));
    assert_eq!((counts.pis_only, counts.free_pis_only, house.waiting), (1, 1, 1));
    assert_eq!((house.ats.as_deref(), house.guests), (Some("bari"), None));
    assert_eq!(shelter(&world, date!(2025 - 01 - 15), &[]).await.counts.places, 5);
}

#[tokio::test]
async fn a_place_is_free_again_once_released_missed_or_left_and_the_past_stays_as_it_was() {
    let world = World::start().await;
    let mut history = full_house();
    history.at(datetime!(2025-01-14 21:00 UTC));
    history.record(id("shelter"), None, &FacilityEvent::PlaceReleased { place: place("1") });
    history.record(
        id("ana"),
        Some(PersonId(id("ana"))),
        &NightEvent::NightNoShow { night: TONIGHT, place: place("2") },
    );
    let ended =
        StayEvent::StayEnded { ended_on: date!(2025 - 01 - 14), destination: Destination::OwnRent };
    history.record(id("stay"), Some(PersonId(id("carla"))), &ended);
    history.record(
        id("wait"),
        None,
        &WaitingEvent::WaitingEnded { reason: WaitingEndReason::PersonRefused },
    );
    world.fold(&Beds, &history.events).await;
    let house = shelter(&world, TONIGHT, &["shelter"]).await;
    assert_eq!((house.counts.free, house.counts.checked_in, house.waiting), (6, 1, 0));
    let guests = house.guests.unwrap();
    assert_eq!(guests.len(), 1);
    assert_eq!((guests[0].person, guests[0].place), (PersonId(id("ben")), place("3")));
    let before = shelter(&world, date!(2025 - 01 - 13), &[]).await.counts;
    assert_eq!((before.blocked, before.stay), (1, 1), "what was, stays as it was");
}

#[tokio::test]
async fn a_mobile_shelter_out_of_season_has_nothing_free_and_says_when_it_opens_r69() {
    let world = World::start().await;
    let mut history = History::starting(START);
    house(&mut history, "mobile", ServiceType::MobileShelter, "sondrio", &["1", "2"]);
    let season = |from, to| FacilityEvent::SeasonSet { from, to };
    history.record(id("mobile"), None, &season(date!(2024 - 12 - 01), date!(2025 - 01 - 31)));
    history.record(id("mobile"), None, &season(date!(2024 - 12 - 15), date!(2025 - 02 - 28)));
    history.record(id("mobile"), None, &season(date!(2025 - 12 - 01), date!(2026 - 02 - 28)));
    world.fold(&Beds, &history.events).await;
    let open = &beds(&world, &asked(date!(2025 - 02 - 28), &[])).await.facilities[0];
    assert_eq!(
        (open.counts.open, open.counts.free),
        (true, 2),
        "a season takes the place of the one that it overlaps"
    );
    let shut = &beds(&world, &asked(date!(2025 - 03 - 01), &[])).await.facilities[0];
    assert_eq!((shut.counts.open, shut.counts.places, shut.counts.free), (false, 2, 0));
    assert_eq!(shut.season.unwrap().from, Some(date!(2025 - 12 - 01)));
}

#[tokio::test]
async fn a_secret_shelter_is_listed_for_its_own_operators_only_and_counts_for_the_metropolis() {
    let world = World::start().await;
    let mut history = History::starting(START);
    house(&mut history, "refuge", ServiceType::SecretShelter, "bari", &["1", "2"]);
    house(&mut history, "shelter", ServiceType::NightShelter, "bari", &["3"]);
    world.fold(&Beds, &history.events).await;
    let all = beds(&world, &asked(TONIGHT, &[])).await;
    assert_eq!((all.facilities.len(), all.secret), (1, Some(SecretPlaces { places: 2 })));
    let bari = BedsAsked { ats: Some(Ats::try_new("bari").unwrap()), ..asked(TONIGHT, &[]) };
    assert_eq!(beds(&world, &bari).await.secret, None);
    let own = beds(&world, &asked(TONIGHT, &["refuge"])).await;
    let refuge =
        own.facilities.iter().find(|house| house.facility == ServiceId(id("refuge"))).unwrap();
    assert_eq!((refuge.counts.free, &refuge.municipality), (2, &None));
    let of = |own| GridAsked { facility: ServiceId(id("refuge")), from: TONIGHT, nights: 3, own };
    assert_eq!(nights(&world, &of(false)).await, None, "as if it did not exist");
    assert!(nights(&world, &of(true)).await.is_some());
}

#[tokio::test]
async fn facilities_are_listed_by_name_page_by_page() {
    let world = World::start().await;
    let mut history = History::starting(START);
    for name in ["c", "a", "b"] {
        house(&mut history, name, ServiceType::EmergencyFlat, "bari", &[name]);
    }
    world.fold(&Beds, &history.events).await;
    let first = beds(&world, &BedsAsked { limit: 2, ..asked(TONIGHT, &[]) }).await;
    let names = |page: &BedsTonight| -> Vec<String> {
        page.facilities.iter().filter_map(|f| f.name.clone()).collect()
    };
    assert_eq!(names(&first), ["Casa a", "Casa b"]);
    let second =
        beds(&world, &BedsAsked { limit: 2, after: first.next, ..asked(TONIGHT, &[]) }).await;
    assert_eq!((names(&second), second.next), (vec!["Casa c".to_owned()], None));
}

#[tokio::test]
async fn the_grid_tells_operators_who_has_which_place_and_the_others_only_counts() {
    let world = World::start().await;
    let mut history = History::starting(START);
    house(&mut history, "shelter", ServiceType::NightShelter, "bari", &["1", "2", "3"]);
    stay_started(&mut history, "shelter", &["mother", "child"], &["1", "2"], date!(2025 - 01 - 10));
    let moved = StayEvent::PlaceMoved {
        unit: UnitId(id("unit")),
        places: vec![place("1"), place("3")],
        moved_on: date!(2025 - 01 - 16),
    };
    history.record(id("stay"), Some(PersonId(id("mother"))), &moved);
    world.fold(&Beds, &history.events).await;
    let asked =
        |own| GridAsked { facility: ServiceId(id("shelter")), from: TONIGHT, nights: 4, own };
    let own = nights(&world, &asked(true)).await.unwrap();
    let free: Vec<_> =
        own.nights.iter().map(|night| (night.counts.free, night.counts.stay)).collect();
    assert_eq!(free, [(1, 2); 4]);
    let rows = own.places_by_night.unwrap();
    let of = |word: &str| rows.iter().find(|row| row.place == place(word)).unwrap();
    let states =
        |word: &str| -> Vec<CellState> { of(word).cells.iter().map(|cell| cell.state).collect() };
    assert_eq!(states("1"), [CellState::Stay; 4]);
    assert_eq!(states("2"), [CellState::Stay, CellState::Stay, CellState::Free, CellState::Free]);
    assert_eq!(of("3").cells[2].person, Some(PersonId(id("child"))));
    let other = nights(&world, &asked(false)).await.unwrap();
    assert_eq!((other.places_by_night, other.facility.guests), (None, None));
    assert_eq!(other.nights[0].counts.stay, 2);
}
