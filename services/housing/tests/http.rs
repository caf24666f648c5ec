//! Housing through its doors: the real router, a real database, a clock that stands still.

#[path = "../../../tests/support/context.rs"]
mod harness;

use futures::future::join_all;
use harness::{Answer, World, id, recorded};
use serde_json::{Value, json};
use time::macros::datetime;
use trama_events::Context;
use trama_events::casework::{CaseCloseReason, CaseEvent, EligibilityFact, ReadTo, Signatory};
use trama_events::codes::{Gender, IdentityStatus, NeedCode, Role, ServiceType, Urgency};
use trama_events::envelope::Recorded;
use trama_events::ids::{
    Ats, CaseId, PersonId, PlaceId, ReferralId, ServiceId, StaffId, UnitId, WaitingId,
};
use trama_events::intake::{EntryEvent, PersonEvent, ReattributionReason};
use trama_events::referrals::ReferralEvent;
use trama_events::short_code::ShortCode;
use trama_housing::night_ledger::NightLedger;
use trama_housing::{AcceptedReferrals, Housing};
use trama_platform::follow::fold;
use trama_platform::log::Feed;
use uuid::Uuid;

const FACILITIES: &str = "/api/housing/facilities";
const NIGHTS: &str = "/api/housing/nights";
const STAYS: &str = "/api/housing/stays";
const WAITING: &str = "/api/housing/waiting";
const SHELTER: ServiceId = ServiceId(Uuid::from_u128(0x11));
const LOWER: ServiceId = ServiceId(Uuid::from_u128(0x12));
const UPPER: ServiceId = ServiceId(Uuid::from_u128(0x13));
const SECRET: ServiceId = ServiceId(Uuid::from_u128(0x14));
const COMUNE: ServiceId = ServiceId(Uuid::from_u128(0x15));
const ANA: PersonId = PersonId(Uuid::from_u128(0x21));
const BEN: PersonId = PersonId(Uuid::from_u128(0x22));
const CASE: CaseId = CaseId(Uuid::from_u128(0x23));
const NIGHT: &str = "2025-01-20";

async fn world() -> World {
    let world = World::start("housing", Housing::open).await;
    world.at(datetime!(2025-01-20 17:00 UTC));
    for person in [ANA, BEN] {
        registered(&world, person).await;
    }
    world
}

async fn registered(world: &World, person: PersonId) {
    registered_by(world, person, COMUNE).await;
}

async fn registered_by(world: &World, person: PersonId, service: ServiceId) {
    let event = PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    world.heard(person.0, Some(person), &event).await;
}

fn operator(world: &World) -> String {
    world.token("operator", Role::FacilityOperator, &[SHELTER, LOWER, UPPER, SECRET])
}

async fn done(world: &World, token: &str, path: &str, key: &str, body: Value) -> Answer {
    let answer = world.post(token, path, key, body).await;
    assert_eq!(answer.told(), "200", "{path}: {}", answer.body);
    answer
}

/// A facility of a kind with one unit for single people.
async fn facility(world: &World, facility: ServiceId, kind: &str, places: u128) -> Vec<PlaceId> {
    let token = operator(world);
    let key = |what: &str| format!("{what}-{facility}");
    let open = json!({ "facility": facility, "kind": kind, "opened_on": "2024-10-01" });
    done(world, &token, FACILITIES, &key("open"), open).await;
    let path = format!("{FACILITIES}/{facility}");
    let unit = json!({ "unit": UnitId(facility.0), "mode": "single" });
    done(world, &token, &format!("{path}/units"), &key("unit"), unit).await;
    let added: Vec<_> =
        (1..=places).map(|n| PlaceId(Uuid::from_u128(facility.0.as_u128() << 32 | n))).collect();
    let change = json!({ "unit": UnitId(facility.0), "added": added,
        "valid_from": "2024-10-01", "reason": "opening" });
    done(world, &token, &format!("{path}/capacity"), &key("capacity"), change).await;
    added
}

fn bed(person: PersonId) -> Value {
    json!({ "person": person, "facility": SHELTER, "night": NIGHT })
}

#[tokio::test]
async fn a_facility_is_kept_by_its_own_workers_and_shows_its_free_places() {
    let world = world().await;
    let operator = operator(&world);
    let desk = world.token("desk", Role::InfoDesk, &[]);
    let elsewhere = world.token("stranger", Role::FacilityOperator, &[COMUNE]);
    let open = json!({ "facility": SHELTER, "kind": "night_shelter", "opened_on": "2024-10-01" });
    world.refuses_bad_input(&operator, FACILITIES, &open).await;
    for (token, told) in [(&desk, "403 role_may_not"), (&elsewhere, "404 not_found")] {
        assert_eq!(world.post(token, FACILITIES, "open-0001", open.clone()).await.told(), told);
    }
    let opened = done(&world, &operator, FACILITIES, "open-0001", open.clone()).await;
    assert_eq!(world.post(&operator, FACILITIES, "open-0001", open).await, opened);
    let other = json!({ "facility": SHELTER, "kind": "hub_beds", "opened_on": "2024-10-01" });
    let reused = world.post(&operator, FACILITIES, "open-0001", other.clone()).await;
    assert_eq!(reused.told(), "422 key_reused");
    let again = world.post(&operator, FACILITIES, "open-0002", other).await;
    assert_eq!(again.told(), "422 already_opened");

    let path = format!("{FACILITIES}/{SHELTER}");
    let unit = json!({ "mode": "single" });
    done(&world, &operator, &format!("{path}/units"), "unit-0001", unit).await;
    let shown = world.get(&desk, &path).await;
    let unit = shown.body["units"][0]["unit"].clone();
    let beds = |count: u16| json!({ "unit": unit, "added_count": count, "valid_from": "2025-01-01", "reason": "cold" });
    let capacity = format!("{path}/capacity");
    done(&world, &operator, &capacity, "beds-0001", beds(3)).await;
    let mut pis = beds(1);
    pis["pis_only"] = json!(true);
    done(&world, &operator, &capacity, "beds-0002", pis).await;
    let none = world.post(&operator, &capacity, "beds-0003", beds(0)).await;
    assert_eq!(none.told(), "422 nothing_changes");

    let free = world.get(&desk, &format!("{path}?night=2025-01-20")).await;
    assert_eq!((free.told().as_str(), free.etag.as_deref()), ("200", Some("W/\"4\"")));
    assert_eq!(
        (&free.body["capacity"], free.body["free"].as_array().unwrap().len()),
        (&json!(4), 3)
    );
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    assert_eq!(world.get(&pis, &path).await.body["free"].as_array().unwrap().len(), 4);
    assert_eq!(world.get(&desk, &format!("{path}?night=soon")).await.told(), "400 bad_query");
    assert_eq!(world.get(&desk, &format!("{FACILITIES}/{UPPER}")).await.told(), "404 not_found");

    let place = free.body["free"][0]["place"].as_str().unwrap().to_owned();
    let block = json!({ "place": place, "from": NIGHT, "reason": "hygiene" });
    done(&world, &operator, &format!("{path}/blocks"), "block-001", block).await;
    assert_eq!(world.get(&desk, &path).await.body["free"].as_array().unwrap().len(), 2);
    let release = format!("{path}/blocks/{place}/release");
    assert!(world.post(&operator, &release, "release-1", json!({})).await.is_new());
    let winter = json!({ "from": "2025-02-01", "to": "2025-03-31" });
    done(&world, &operator, &format!("{path}/season"), "season-01", winter).await;
    let out_of_season = world.post(&desk, NIGHTS, "night-0001", bed(ANA)).await;
    assert_eq!(out_of_season.told(), "422 out_of_season");
    assert!(out_of_season.body["detail"].as_str().unwrap().contains("2025-02-01"));
    let shut = world.get(&desk, &path).await;
    assert!(shut.body["closed"].as_str().unwrap().contains("2025-02-01"));
    let close = json!({ "closed_on": "2025-04-01" });
    assert!(world.post(&operator, &format!("{path}/close"), "close-001", close).await.is_new());
}

#[tokio::test]
async fn a_night_is_reserved_used_missed_or_given_back() {
    let world = world().await;
    let beds = facility(&world, SHELTER, "night_shelter", 2).await;
    let (operator, desk) = (operator(&world), world.token("desk", Role::InfoDesk, &[]));
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    let stranger = world.token("stranger", Role::FacilityOperator, &[LOWER]);
    let lawyer = world.token("lawyer", Role::HubProfessional, &[SHELTER]);
    world.refuses_bad_input(&desk, NIGHTS, &bed(ANA)).await;
    for (token, told) in [(&lawyer, "403 role_may_not"), (&stranger, "404 not_found")] {
        assert_eq!(world.post(token, NIGHTS, "night-0001", bed(ANA)).await.told(), told);
    }
    let nobody = world.post(&desk, NIGHTS, "night-0001", bed(PersonId(id("nobody")))).await;
    assert_eq!(nobody.told(), "422 unknown_person");
    assert!(nobody.body["detail"].as_str().unwrap().contains("try again"));

    let first = done(&world, &desk, NIGHTS, "night-0001", bed(ANA)).await;
    assert_eq!(world.post(&desk, NIGHTS, "night-0001", bed(ANA)).await, first);
    assert_eq!(world.post(&desk, NIGHTS, "night-0001", bed(BEN)).await.told(), "422 key_reused");
    let named = |person, place: PlaceId| json!({ "person": person, "facility": SHELTER, "night": NIGHT, "place": place });
    let taken = world.post(&operator, NIGHTS, "night-0002", named(BEN, beds[0])).await;
    assert_eq!(taken.told(), "422 place_taken");
    let second = world.post(&operator, NIGHTS, "night-0003", named(ANA, beds[1])).await;
    assert_eq!(second.told(), "422 has_a_bed_here");
    let any = done(&world, &desk, NIGHTS, "night-0004", bed(ANA)).await;
    assert!(!any.is_new(), "she has a bed already");

    let check_in = format!("{NIGHTS}/check-in");
    assert_eq!(
        world.post(&stranger, &check_in, "came-00001", bed(ANA)).await.told(),
        "404 not_found"
    );
    assert_eq!(
        world.post(&desk, &check_in, "came-00001", bed(ANA)).await.told(),
        "403 role_may_not"
    );
    assert!(world.post(&operator, &check_in, "came-00001", bed(ANA)).await.is_new());
    let arrived = format!("{NIGHTS}/arrive");
    assert_eq!(world.post(&desk, &arrived, "pis-00001", bed(BEN)).await.told(), "403 role_may_not");
    let brought = done(&world, &pis, &arrived, "pis-00001", bed(BEN)).await;
    let ledger = NightLedger::id(BEN, SHELTER);
    assert_eq!(world.events_of(ledger.0).await, ["night_reserved", "night_checked_in"]);
    assert_eq!(brought.body["id"], json!(ledger));
    let path = format!("{NIGHTS}/{ledger}");
    let shown = world.get(&operator, &path).await;
    assert_eq!(shown.body["nights"][0]["course"], "checked_in");
    assert_eq!(shown.body["nights"][0]["no_show_at"], "2025-01-20T22:00:00Z");
    assert_eq!(world.get(&stranger, &path).await.told(), "404 not_found");
}

#[tokio::test]
async fn a_bed_that_nobody_took_by_the_hour_of_the_house_is_freed_for_others() {
    let world = world().await;
    facility(&world, SHELTER, "night_shelter", 1).await;
    let operator = operator(&world);
    done(&world, &operator, NIGHTS, "night-0001", bed(ANA)).await;
    let full = world.post(&operator, NIGHTS, "night-0002", bed(BEN)).await;
    assert_eq!(full.told(), "422 no_place_free");
    let early = world.post(&operator, &format!("{NIGHTS}/no-show"), "missed-01", bed(ANA)).await;
    assert_eq!(early.told(), "422 still_kept");
    assert_eq!(world.due().await, 0);

    world.at(datetime!(2025-01-20 22:00 UTC));
    let check_in = format!("{NIGHTS}/check-in");
    assert_eq!(
        world.post(&operator, &check_in, "came-0001", bed(ANA)).await.told(),
        "422 bed_was_freed"
    );
    assert_eq!((world.due().await, world.due().await), (1, 0));
    let late = world.post(&operator, &check_in, "came-0002", bed(ANA)).await;
    assert_eq!(late.told(), "422 bed_was_freed");
    let ledger = NightLedger::id(ANA, SHELTER);
    assert_eq!(world.events_of(ledger.0).await, ["night_reserved", "night_no_show"]);

    done(&world, &operator, NIGHTS, "night-0003", bed(BEN)).await;
    assert_eq!(world.due().await, 0, "who reserves late is not freed at once");
    let release = format!("{NIGHTS}/release");
    assert!(world.post(&operator, &release, "back-0001", bed(BEN)).await.is_new());
    done(&world, &operator, NIGHTS, "night-0004", bed(ANA)).await;
    assert!(world.post(&operator, &check_in, "came-0003", bed(ANA)).await.is_new());
}

#[tokio::test]
async fn a_bed_is_given_back_by_its_house_the_emergency_service_or_her_case_manager_only() {
    let world = world().await;
    facility(&world, SHELTER, "night_shelter", 2).await;
    let operator = operator(&world);
    let desk = world.token("desk", Role::InfoDesk, &[COMUNE, SHELTER]);
    let street = world.token("street", Role::OutreachWorker, &[COMUNE]);
    let stranger = world.token("stranger", Role::FacilityOperator, &[LOWER]);
    let manager = world.token("manager", Role::CaseManager, &[COMUNE, SHELTER]);
    let other = world.token("other", Role::CaseManager, &[UPPER]);
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    let release = format!("{NIGHTS}/release");
    world.refuses_bad_input(&operator, &release, &bed(ANA)).await;
    done(&world, &desk, NIGHTS, "night-0001", bed(ANA)).await;
    for token in [&desk, &street, &stranger, &manager] {
        let [asleep, nowhere] = [(ANA, "back-0001"), (BEN, "back-0002")]
            .map(|(person, key)| world.post(token, &release, key, bed(person)));
        let (asleep, nowhere) = (asleep.await, nowhere.await);
        assert_eq!(asleep.told(), "404 not_found");
        assert_eq!(asleep, nowhere, "nobody learns where she sleeps");
    }
    in_case(&world, [opened()]).await;
    assert_eq!(world.post(&other, &release, "back-0001", bed(ANA)).await.told(), "404 not_found");
    assert!(world.post(&manager, &release, "back-0003", bed(ANA)).await.is_new());
    for (token, key) in [(&pis, "0004"), (&operator, "0005")] {
        done(&world, &operator, NIGHTS, &format!("night-{key}"), bed(ANA)).await;
        assert!(world.post(token, &release, &format!("back-{key}"), bed(ANA)).await.is_new());
    }
    done(&world, &operator, NIGHTS, "night-0006", bed(ANA)).await;
    in_case(&world, [closed()]).await;
    let over = world.post(&manager, &release, "back-0006", bed(ANA)).await;
    assert_eq!(over.told(), "404 not_found", "her case is closed");
}

#[tokio::test]
async fn a_hundred_people_who_ask_for_the_last_bed_at_once_are_one_guest_and_99_refusals() {
    let world = world().await;
    facility(&world, SHELTER, "night_shelter", 1).await;
    let people: Vec<_> = (0..100).map(|n| PersonId(Uuid::from_u128(0x1000 + n))).collect();
    for person in &people {
        registered(&world, *person).await;
    }
    let desk = world.token("desk", Role::InfoDesk, &[]);
    let keys: Vec<_> = (0..100).map(|n| format!("rush-{n:04}")).collect();
    let rush = |night: &'static str| {
        let asked = people.iter().zip(&keys).map(|(person, key)| {
            let body = json!({ "person": person, "facility": SHELTER, "night": night });
            let key = format!("{key}-{night}");
            let (world, desk) = (&world, &desk);
            async move { world.post(desk, NIGHTS, &key, body).await.told() }
        });
        join_all(asked.collect::<Vec<_>>())
    };
    let count = |told: &[String]| {
        let won = told.iter().filter(|told| *told == "200").count();
        let refused = ["422 no_place_free", "422 place_taken"];
        let lost = told.iter().filter(|told| refused.contains(&told.as_str())).count();
        (won, lost)
    };
    assert_eq!(count(&rush(NIGHT).await), (1, 99));
    let again = rush(NIGHT).await;
    assert_eq!(count(&again), (1, 99), "a repeat is the first answer, or refused anew");

    let more = json!({ "unit": UnitId(SHELTER.0), "added_count": 39, "valid_from": "2025-01-21",
        "reason": "cold" });
    let path = format!("{FACILITIES}/{SHELTER}/capacity");
    done(&world, &operator(&world), &path, "cold-0001", more).await;
    assert_eq!(count(&rush("2025-01-21").await), (40, 60));
}

async fn in_case<const N: usize>(world: &World, events: [CaseEvent; N]) {
    for event in events {
        world.heard(CASE.0, Some(ANA), &event).await;
    }
}

fn opened() -> CaseEvent {
    CaseEvent::CaseOpened { case: CASE, person: ANA, service: COMUNE }
}

fn fact(fact: EligibilityFact) -> CaseEvent {
    CaseEvent::EligibilityFactRecorded { fact, valid_to: None }
}

fn signed() -> CaseEvent {
    CaseEvent::ProjectSigned { signed_by: Signatory::Person, manager: StaffId(id("manager")) }
}

fn closed() -> CaseEvent {
    let (reason, read_to) = (CaseCloseReason::ContactLost, ReadTo { housing: 0, referrals: 0 });
    CaseEvent::CaseClosed { reason, destination: None, handover: None, read_to }
}

fn moving_in(facility: ServiceId, place: PlaceId) -> Value {
    json!({ "person": ANA, "facility": facility, "places": [place] })
}

#[tokio::test]
async fn a_stay_begins_on_facts_moves_up_the_chain_and_ends() {
    let world = world().await;
    let low = facility(&world, LOWER, "threshold1", 2).await;
    let high = facility(&world, UPPER, "threshold2", 1).await;
    let manager = world.token("manager", Role::CaseManager, &[COMUNE]);
    let operator = operator(&world);
    let start = moving_in(LOWER, low[0]);
    let unknown = world.post(&manager, STAYS, "stay-0001", start.clone()).await;
    assert_eq!(unknown.told(), "404 not_found", "it is nobody of her cases");
    in_case(&world, [opened()]).await;
    world.refuses_bad_input(&manager, STAYS, &start).await;
    let means = world.post(&manager, STAYS, "stay-0001", start.clone()).await;
    assert_eq!(means.told(), "422 reduced_means_missing");
    let mut by_health = start.clone();
    by_health["route"] = json!("dsm");
    let health = world.post(&manager, STAYS, "stay-0002", by_health).await;
    assert_eq!(health.told(), "422 standing_agreement_missing");
    in_case(&world, [fact(EligibilityFact::MeansReduced)]).await;
    let begun = done(&world, &manager, STAYS, "stay-0001", start.clone()).await;
    assert_eq!(world.post(&manager, STAYS, "stay-0001", start.clone()).await, begun);
    let twice = world.post(&operator, STAYS, "stay-0003", moving_in(LOWER, low[1])).await;
    assert_eq!(twice.told(), "422 person_has_a_place");

    let path = format!("{STAYS}/{}", begun.body["id"].as_str().unwrap());
    let stranger = world.token("stranger", Role::FacilityOperator, &[UPPER]);
    assert_eq!(world.get(&stranger, &path).await.told(), "404 not_found");
    let shown = world.get(&operator, &path).await;
    assert_eq!((shown.told().as_str(), shown.etag.as_deref()), ("200", Some("W/\"1\"")));
    assert_eq!(shown.body["lodgings"][0]["places"], json!([low[0]]));
    let to = json!({ "places": [low[1]] });
    assert!(world.post(&operator, &format!("{path}/move-place"), "move-0001", to).await.is_new());

    world.at(datetime!(2025-06-01 09:00 UTC));
    let up = json!({ "facility": UPPER, "places": [high[0]], "direction": "up",
        "reason": "more_autonomy" });
    let step = format!("{path}/move-step");
    in_case(&world, [signed(), fact(EligibilityFact::WorkCasual)]).await;
    assert_eq!(world.post(&stranger, &step, "step-0001", up.clone()).await.told(), "404 not_found");
    let medium = world.post(&manager, &step, "step-0001", up.clone()).await;
    assert_eq!(medium.told(), "422 medium_means_missing");
    in_case(&world, [fact(EligibilityFact::MeansMedium)]).await;
    assert!(world.post(&manager, &step, "step-0001", up.clone()).await.is_new());
    assert_eq!(world.get(&stranger, &path).await.told(), "200", "she lives there now");
    let extend = json!({ "until": "2026-01-01", "reason": "home_promised" });
    let capless = world.post(&manager, &format!("{path}/extend"), "extend-01", extend).await;
    assert_eq!(capless.told(), "422 no_cap");
    let end = json!({ "destination": "own_rent" });
    let ended = done(&world, &manager, &format!("{path}/end"), "end-00001", end.clone()).await;
    assert_eq!(world.post(&manager, &format!("{path}/end"), "end-00001", end).await, ended);
    let stay = begun.body["id"].as_str().unwrap().parse().unwrap();
    let events = ["stay_started", "place_moved", "step_moved", "stay_ended"];
    assert_eq!(world.events_of(stay).await, events);
}

#[tokio::test]
async fn a_fact_that_was_moved_admits_the_right_person_and_not_the_wrong_one() {
    let world = world().await;
    let places = facility(&world, LOWER, "threshold1", 2).await;
    let manager = world.token("manager", Role::CaseManager, &[COMUNE]);
    let (of_ben, entry) = (CaseId(Uuid::from_u128(0x24)), format!("casework/case-{CASE}/5"));
    in_case(&world, [opened()]).await;
    let opened = CaseEvent::CaseOpened { case: of_ben, person: BEN, service: COMUNE };
    world.heard(of_ben.0, Some(BEN), &opened).await;
    in_case(&world, [fact(EligibilityFact::MeansReduced)]).await;
    let moves = async |from: PersonId, to: PersonId| {
        let (entry, reason) = (entry.clone(), ReattributionReason::LikeName);
        let moved = EntryEvent::EntryReattributed { entry, from, to, reason };
        world.heard(id("entry"), Some(from), &moved).await;
    };
    let starts = async |key: &str, person: PersonId, place: PlaceId| {
        let start = json!({ "person": person, "facility": LOWER, "places": [place] });
        world.post(&manager, STAYS, key, start).await.told()
    };

    moves(ANA, BEN).await;
    assert_eq!(starts("stay-0001", ANA, places[0]).await, "422 reduced_means_missing");
    assert_eq!(starts("stay-0002", BEN, places[0]).await, "200");
    moves(BEN, ANA).await;
    let undone = EntryEvent::EntryUndone { entry: entry.clone(), person: Some(ANA) };
    world.heard(id("entry"), Some(ANA), &undone).await;
    assert_eq!(starts("stay-0003", ANA, places[1]).await, "422 reduced_means_missing");
    moves(BEN, ANA).await;
    assert_eq!(starts("stay-0004", ANA, places[1]).await, "200");
}

#[tokio::test]
async fn a_wait_ends_with_a_stay_in_the_place_that_was_kept() {
    let world = world().await;
    let rooms = facility(&world, LOWER, "first_reception", 1).await;
    let (operator, desk) = (operator(&world), world.token("desk", Role::InfoDesk, &[]));
    let ask = |person| json!({ "person": person, "facility": LOWER });
    world.refuses_bad_input(&desk, WAITING, &ask(ANA)).await;
    let nobody = world.post(&desk, WAITING, "wait-0001", ask(PersonId(id("nobody")))).await;
    assert_eq!(nobody.told(), "422 unknown_person");
    let mut unseen = ask(ANA);
    unseen["referral"] = json!(ReferralId(id("unseen")));
    assert_eq!(
        world.post(&desk, WAITING, "wait-0002", unseen).await.told(),
        "422 unknown_referral"
    );
    let waiting = done(&world, &desk, WAITING, "wait-0001", ask(ANA)).await.body["id"].clone();
    let twice = world.post(&desk, WAITING, "wait-0003", ask(ANA)).await;
    assert_eq!(twice.told(), "422 already_waiting");
    let path = format!("{WAITING}/{}", waiting.as_str().unwrap());

    let mut move_in = json!({ "person": ANA, "facility": LOWER, "waiting": waiting });
    let too_soon = world.post(&operator, STAYS, "stay-0001", move_in.clone()).await;
    assert_eq!(too_soon.told(), "422 one_place_each", "no place was offered");
    let offer = json!({ "places": rooms, "held_until": "2025-01-22T17:00:00Z" });
    let offers = format!("{path}/offer");
    assert_eq!(
        world.post(&desk, &offers, "offer-001", offer.clone()).await.told(),
        "403 role_may_not"
    );
    done(&world, &operator, &offers, "offer-001", offer).await;
    let unassigned = world.post(&operator, STAYS, "stay-0001", move_in.clone()).await;
    assert_eq!(unassigned.told(), "422 not_assigned");
    assert!(
        world.post(&operator, &format!("{path}/assign"), "assign-01", json!({})).await.is_new()
    );
    let shown = world.get(&operator, &path).await;
    assert_eq!((&shown.body["stage"], &shown.body["offered"]), (&json!("assigned"), &json!(rooms)));

    let other = json!({ "person": BEN, "facility": LOWER, "places": rooms });
    let kept = world.post(&operator, STAYS, "stay-0002", other.clone()).await;
    assert_eq!(kept.told(), "422 place_taken", "the place is kept for her who waits");
    let mut wrong = move_in.clone();
    wrong["person"] = json!(BEN);
    assert_eq!(world.post(&operator, STAYS, "stay-0003", wrong).await.told(), "422 another_wait");
    assert_eq!(world.get(&operator, &path).await.body["stage"], "assigned");

    let begun = done(&world, &operator, STAYS, "stay-0001", move_in.clone()).await;
    assert_eq!(world.post(&operator, STAYS, "stay-0001", move_in.clone()).await, begun);
    move_in["places"] = json!([PlaceId(id("another"))]);
    assert_eq!(world.post(&operator, STAYS, "stay-0001", move_in).await.told(), "422 key_reused");
    assert_eq!(world.get(&operator, &path).await.body["stage"], "ended");
    assert_eq!(world.post(&operator, STAYS, "stay-0004", other).await.told(), "422 place_taken");
}

#[tokio::test]
async fn a_wait_is_not_ended_for_a_stay_that_something_else_stops() {
    let world = world().await;
    let rooms = facility(&world, LOWER, "first_reception", 1).await;
    facility(&world, SHELTER, "night_shelter", 1).await;
    let operator = operator(&world);
    let ask = json!({ "person": ANA, "facility": LOWER });
    let waiting = done(&world, &operator, WAITING, "wait-0001", ask).await.body["id"].clone();
    let path = format!("{WAITING}/{}", waiting.as_str().unwrap());
    let offer = json!({ "places": rooms, "held_until": "2025-01-22T17:00:00Z" });
    done(&world, &operator, &format!("{path}/offer"), "offer-001", offer.clone()).await;
    assert_eq!(world.due().await, 0);
    world.at(datetime!(2025-01-22 17:00 UTC));
    assert_eq!((world.due().await, world.due().await), (1, 0));
    assert_eq!(world.get(&operator, &path).await.body["stage"], "listed");

    let offer = json!({ "places": rooms, "held_until": "2025-01-24T17:00:00Z" });
    done(&world, &operator, &format!("{path}/offer"), "offer-002", offer.clone()).await;
    assert!(
        world.post(&operator, &format!("{path}/decline"), "decline-1", json!({})).await.is_new()
    );
    done(&world, &operator, &format!("{path}/offer"), "offer-003", offer).await;
    done(&world, &operator, &format!("{path}/assign"), "assign-01", json!({})).await;
    let night = json!({ "person": ANA, "facility": SHELTER, "night": "2025-01-23" });
    done(&world, &operator, NIGHTS, "night-0001", night).await;
    let move_in = json!({ "person": ANA, "facility": LOWER, "waiting": waiting });
    let asleep = world.post(&operator, STAYS, "stay-0001", move_in.clone()).await;
    assert_eq!(asleep.told(), "422 person_has_a_place");
    assert_eq!(world.get(&operator, &path).await.body["stage"], "assigned");

    let release = json!({ "person": ANA, "facility": SHELTER, "night": "2025-01-23" });
    done(&world, &operator, &format!("{NIGHTS}/release"), "back-0001", release).await;
    let end = json!({ "reason": "placed" });
    assert!(world.post(&operator, &format!("{path}/end"), "end-00001", end).await.is_new());
    let begun = world.post(&operator, STAYS, "stay-0001", move_in).await;
    assert!(begun.is_new(), "an interruption between wait and stay is made good: {}", begun.body);
}

#[tokio::test]
async fn a_secret_shelter_is_there_for_its_own_workers_only() {
    let world = world().await;
    facility(&world, SECRET, "secret_shelter", 1).await;
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    let manager = world.token("manager", Role::CaseManager, &[COMUNE]);
    in_case(&world, [opened()]).await;
    let path = format!("{FACILITIES}/{SECRET}");
    for token in [&pis, &manager] {
        assert_eq!(world.get(token, &path).await.told(), "404 not_found");
        let wait = json!({ "person": ANA, "facility": SECRET });
        assert_eq!(world.post(token, WAITING, "wait-0001", wait).await.told(), "404 not_found");
        let stay = json!({ "person": ANA, "facility": SECRET, "places": [] });
        assert_eq!(world.post(token, STAYS, "stay-0001", stay).await.told(), "404 not_found");
    }
    let wait = json!({ "person": ANA, "facility": SECRET });
    let direct = world.post(&operator(&world), WAITING, "wait-0001", wait).await;
    assert_eq!(direct.told(), "422 no_way_in");
}

#[tokio::test]
async fn a_secret_shelter_takes_in_its_own_pseudonyms_by_no_referral_and_nobody_else_hears_of_it() {
    let world = world().await;
    let (hidden, open) = (
        facility(&world, SECRET, "secret_shelter", 1).await,
        facility(&world, LOWER, "first_reception", 1).await,
    );
    facility(&world, SHELTER, "night_shelter", 2).await;
    let (operator, desk) = (operator(&world), world.token("desk", Role::InfoDesk, &[]));
    let mut start = moving_in(SECRET, hidden[0]);
    let direct = world.post(&operator, STAYS, "stay-0001", start.clone()).await;
    assert_eq!(direct.told(), "422 no_way_in");
    let referral = ReferralId(id("referral"));
    let elsewhere = created(referral, ANA, ServiceId(id("centre")));
    world.heard(referral.0, Some(ANA), &elsewhere).await;
    world.heard(referral.0, Some(ANA), &ReferralEvent::ReferralAccepted {}).await;
    let mut sent = start.clone();
    sent["referral"] = json!(referral);
    let sent = world.post(&operator, STAYS, "stay-0002", sent).await;
    assert_eq!(sent.told(), "422 unknown_referral");
    let guest = PersonId(id("guest"));
    registered_by(&world, guest, SECRET).await;
    start["person"] = json!(guest);
    done(&world, &operator, STAYS, "stay-0005", start).await;

    let reception = json!({ "person": BEN, "facility": LOWER, "places": open });
    done(&world, &operator, STAYS, "stay-0006", reception).await;
    let hidden = world.post(&desk, NIGHTS, "night-0001", bed(guest)).await;
    let open = world.post(&desk, NIGHTS, "night-0002", bed(BEN)).await;
    assert_eq!(hidden.told(), "422 person_has_a_place");
    assert_eq!(hidden, open, "hidden and open are the same words");
}

#[tokio::test]
async fn a_secret_shelters_own_operator_assigns_a_place_to_a_pseudonym_and_says_nowhere_where_it_is()
 {
    let world = world().await;
    let hidden = facility(&world, SECRET, "secret_shelter", 1).await;
    let open = facility(&world, LOWER, "first_reception", 1).await;
    let operator = operator(&world);
    in_case(&world, [opened(), CaseEvent::ProjectDrafted { template_version: 1 }]).await;
    let by_name = json!({ "person": ANA, "facility": SECRET });
    let by_name = world.post(&operator, WAITING, "wait-0001", by_name).await;
    assert_eq!(by_name.told(), "422 no_way_in", "a project is in her own name");
    let guest = PersonId(id("guest"));
    registered_by(&world, guest, SECRET).await;
    let ask = json!({ "person": guest, "facility": SECRET });
    let waiting = done(&world, &operator, WAITING, "wait-0002", ask).await.body["id"].clone();
    let of = |step: &str| format!("{WAITING}/{}/{step}", waiting.as_str().unwrap());
    let offer = json!({ "places": hidden, "held_until": "2025-01-21T20:00:00Z" });
    done(&world, &operator, &of("offer"), "offer-001", offer).await;
    done(&world, &operator, &of("assign"), "assign-01", json!({})).await;
    let start = json!({ "person": guest, "facility": SECRET, "waiting": waiting });
    done(&world, &operator, STAYS, "stay-0001", start).await;
    let reception = json!({ "person": BEN, "facility": LOWER, "places": open });
    done(&world, &operator, STAYS, "stay-0002", reception).await;

    let all = Feed::open(&world.servers, Context::Housing).after(0, 1_000).await.unwrap();
    let secret =
        |event: &&Recorded| event.aggregate_id == SECRET.0 || event.why.person == Some(guest);
    let told: Vec<&str> =
        all.iter().filter(secret).map(|event| event.event_type.as_str()).collect();
    assert!(told.contains(&"place_assigned") && told.contains(&"stay_started"), "{told:?}");
    assert!(all.iter().filter(secret).all(|event| event.why.ats == Ats::metro()), "{told:?}");
    let others = all.iter().filter(|event| !secret(event));
    assert!(others.clone().count() > 0);
    assert!(others.clone().all(|event| event.why.ats == harness::bari()));
}

#[tokio::test]
async fn a_child_is_sheltered_by_who_has_to_do_with_her_or_works_with_children_c5() {
    let world = world().await;
    let flat = facility(&world, LOWER, "emergency_flat", 1).await;
    facility(&world, SHELTER, "night_shelter", 2).await;
    world.is_a_child(BEN);
    let (desk, operator) = (world.token("desk", Role::InfoDesk, &[]), operator(&world));
    let (unit, room) = (UnitId(id("room")), [PlaceId(id("one")), PlaceId(id("two"))]);
    let path = format!("{FACILITIES}/{LOWER}");
    let family = json!({ "unit": unit, "mode": "family" });
    done(&world, &operator, &format!("{path}/units"), "room-0001", family).await;
    let places = json!({ "unit": unit, "added": room, "valid_from": "2024-10-01",
        "reason": "opening" });
    done(&world, &operator, &format!("{path}/capacity"), "room-0002", places).await;
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    let wait = json!({ "person": BEN, "facility": SHELTER });
    let alone = json!({ "person": BEN, "facility": LOWER, "places": [flat[0]] });
    let with_her = json!({ "person": ANA, "members": [BEN], "facility": LOWER,
        "places": room });
    for (key, by, path, body) in [
        ("child-01", &desk, NIGHTS, bed(BEN)),
        ("child-02", &desk, WAITING, wait),
        ("child-03", &operator, STAYS, alone),
        ("child-04", &operator, STAYS, with_her),
    ] {
        let answer = world.post(by, path, key, body).await;
        assert_eq!(answer.told(), "422 unknown_person", "{path} {key}");
    }
    assert!(world.post(&pis, &format!("{NIGHTS}/arrive"), "child-05", bed(BEN)).await.is_new());
}

#[tokio::test]
async fn the_emergency_service_starts_stays_in_emergency_housing_only() {
    let world = world().await;
    let flat = facility(&world, LOWER, "emergency_flat", 1).await;
    let house = facility(&world, UPPER, "housing_led", 1).await;
    let pis = world.token("pis", Role::EmergencyWorker, &[]);
    let elsewhere = world.post(&pis, STAYS, "stay-0001", moving_in(UPPER, house[0])).await;
    assert_eq!(elsewhere.told(), "422 not_for_pis");
    assert!(elsewhere.body["detail"].as_str().unwrap().contains("first reception"));
    let own = PlaceId(id("own"));
    let kept = json!({ "unit": UnitId(UPPER.0), "added": [own], "valid_from": "2024-10-01",
        "reason": "opening", "pis_only": true });
    let capacity = format!("{FACILITIES}/{UPPER}/capacity");
    done(&world, &operator(&world), &capacity, "kept-0001", kept).await;
    let mut ben = moving_in(UPPER, own);
    ben["person"] = json!(BEN);
    assert!(world.post(&pis, STAYS, "stay-0002", ben).await.is_new());
    assert!(world.post(&pis, STAYS, "stay-0003", moving_in(LOWER, flat[0])).await.is_new());
}

fn created(referral: ReferralId, person: PersonId, to: ServiceId) -> ReferralEvent {
    ReferralEvent::ReferralCreated {
        referral,
        person,
        from: COMUNE,
        from_type: ServiceType::ProfessionalSocialService,
        to,
        service_type: ServiceType::FirstReception,
        need: NeedCode::Housing,
        urgency: Urgency::Urgent,
        dataset: vec![],
        directory_read_to: 1,
    }
}

#[tokio::test]
async fn an_accepted_referral_puts_the_person_on_the_list_of_the_facility_once() {
    let world = world().await;
    facility(&world, LOWER, "first_reception", 1).await;
    let (referral, elsewhere) = (ReferralId(id("referral")), ReferralId(id("elsewhere")));
    let waiting = |referral: ReferralId| WaitingId::derived(&[&referral.to_string()]);
    for (referral, to) in [(referral, LOWER), (elsewhere, UPPER)] {
        world.heard(referral.0, Some(ANA), &created(referral, ANA, to)).await;
        assert_eq!(world.events_of(waiting(referral).0).await, [""; 0]);
        world.heard(referral.0, Some(ANA), &ReferralEvent::ReferralAccepted {}).await;
    }
    let listed = ["place_requested", "waiting_listed"];
    assert_eq!(world.events_of(waiting(referral).0).await, listed);
    assert_eq!(world.events_of(waiting(elsewhere).0).await, [""; 0], "nobody opened that one");

    world.heard(referral.0, Some(ANA), &created(referral, ANA, LOWER)).await;
    world.heard(referral.0, Some(ANA), &ReferralEvent::ReferralAccepted {}).await;
    assert_eq!(world.events_of(waiting(referral).0).await, listed);

    let accepted = ReferralEvent::ReferralAccepted {};
    let events = [
        recorded(referral.0, Some(ANA), &created(referral, ANA, LOWER), world.clock.now()),
        recorded(referral.0, Some(ANA), &accepted, world.clock.now()),
    ];
    let reaction = AcceptedReferrals::new(world.service.log().clone());
    for _ in 0..2 {
        fold(&world.servers, &reaction, &events).await.unwrap();
    }
    assert_eq!(world.events_of(waiting(referral).0).await, listed);

    let again = ReferralId(id("again"));
    world.heard(again.0, Some(ANA), &created(again, ANA, LOWER)).await;
    world.heard(again.0, Some(ANA), &ReferralEvent::ReferralAccepted {}).await;
    assert_eq!(world.events_of(waiting(again).0).await, [""; 0], "she waits there already");
    let declined = ReferralId(id("declined"));
    world.heard(declined.0, Some(BEN), &created(declined, BEN, LOWER)).await;
    world.heard(declined.0, Some(BEN), &ReferralEvent::ReferralExpired {}).await;
    world.heard(declined.0, Some(BEN), &ReferralEvent::ReferralAccepted {}).await;
    assert_eq!(world.events_of(waiting(declined).0).await, [""; 0]);

    let operator = operator(&world);
    let path = format!("{WAITING}/{}", waiting(referral));
    assert_eq!(world.get(&operator, &path).await.body["stage"], "listed");
    let by_hand = json!({ "person": BEN, "facility": LOWER, "referral": referral });
    let mut unseen = by_hand.clone();
    unseen["referral"] = json!(ReferralId(id("unseen")));
    let wrong = world.post(&operator, WAITING, "wait-0001", by_hand).await;
    assert_eq!(wrong.told(), "422 unknown_referral");
    let none = world.post(&operator, WAITING, "wait-0002", unseen).await;
    assert_eq!(wrong, none, "nobody learns that a referral of somebody else is there");
}
