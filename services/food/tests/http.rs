//! Food through its doors: the real router, a real database, a clock that stands still.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{World, id};
use serde_json::{Value, json};
use time::macros::datetime;
use trama_events::codes::{Gender, IdentityStatus, Role};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_food::Food;
use uuid::Uuid;

const CARDS: &str = "/api/food/cards";
const MEALS: &str = "/api/food/meals";
const PARCELS: &str = "/api/food/parcels";
const STORE: ServiceId = ServiceId(Uuid::from_u128(0x21));
const OTHER_STORE: ServiceId = ServiceId(Uuid::from_u128(0x22));
const ANA: PersonId = PersonId(Uuid::from_u128(0x23));
const CARD: Uuid = Uuid::from_u128(0x24);

/// The day on which story B issues a card; the register knows one person.
async fn world() -> World {
    let world = World::start("food", Food::open).await;
    world.at(datetime!(2023-03-27 09:00 UTC));
    let met = PersonEvent::PersonRegistered {
        person: ANA,
        code: ShortCode::candidate(ANA.0, 0),
        status: IdentityStatus::Declared,
        service: STORE,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    world.heard(ANA.0, Some(ANA), &met).await;
    world
}

fn four_people() -> Value {
    json!({ "card": CARD, "household": id("household"), "person": ANA, "service": STORE,
        "household_size": 4, "points": 180, "valid_to": "2023-09-26" })
}

fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

#[tokio::test]
async fn a_card_is_issued_spent_credited_and_ended_and_the_store_never_learns_whose_it_is() {
    let mut world = world().await;
    let worker = world.token("worker", Role::InfoDesk, &[STORE]);
    let volunteer = world.token("volunteer", Role::Volunteer, &[STORE]);
    let other = world.token("other", Role::Volunteer, &[OTHER_STORE]);
    let (card, spend) = (format!("{CARDS}/{CARD}"), format!("{CARDS}/{CARD}/spend"));
    let credit = format!("{card}/credit");

    let issued = world.post(&worker, CARDS, "issue-01", four_people()).await;
    assert_eq!((issued.told().as_str(), issued.etag.as_deref()), ("200", Some("W/\"1\"")));
    assert_eq!(world.post(&worker, CARDS, "issue-01", four_people()).await, issued);
    let changed = with(&four_people(), "points", json!(100));
    assert_eq!(world.post(&worker, CARDS, "issue-01", changed).await.told(), "422 key_reused");
    let second = with(&four_people(), "card", json!(id("second card")));
    let refused = world.post(&worker, CARDS, "issue-02", second).await;
    assert_eq!(refused.told(), "422 household_has_card");
    assert!(refused.body["detail"].as_str().unwrap().contains(&CARD.to_string()));

    let bread = json!({ "points": 176, "service": STORE });
    assert!(world.post(&volunteer, &spend, "spend-01", bread).await.is_new());
    let oil = json!({ "points": 6, "service": OTHER_STORE });
    assert_eq!(world.post(&other, &spend, "spend-02", oil.clone()).await.told(), "422 not_enough");
    let gone = with(&oil, "offline", json!(true));
    assert!(world.post(&other, &spend, "spend-03", gone).await.is_new());
    let not_hers = json!({ "points": 6, "service": STORE });
    assert_eq!(world.post(&other, &spend, "spend-04", not_hers).await.told(), "404 not_found");

    let shown = world.get(&volunteer, &card).await;
    assert_eq!(
        shown.body,
        json!({ "card": CARD, "stage": "active", "household_size": 4, "balance": 0,
            "overdraft": 2, "valid_to": "2023-09-26" })
    );
    assert_eq!(shown.etag.as_deref(), Some("W/\"3\""));

    let refused = world.post(&volunteer, &credit, "credit-1", json!({})).await;
    assert_eq!(refused.told(), "422 credited_meanwhile");
    world.catch_up().await;
    assert!(world.post(&volunteer, &credit, "credit-1", json!({})).await.is_new());
    world.catch_up().await;
    let march = world.post(&volunteer, &credit, "credit-2", json!({})).await;
    assert_eq!((march.told().as_str(), march.is_new()), ("200", false));
    world.at(datetime!(2023-04-01 09:00 UTC));
    assert!(world.post(&volunteer, &credit, "credit-3", json!({})).await.is_new());
    assert_eq!(world.get(&volunteer, &card).await.body["balance"], 200);
    assert_eq!(world.post(&other, &credit, "credit-4", json!({})).await.told(), "404 not_found");

    assert_eq!(world.due().await, 0);
    world.at(datetime!(2023-09-26 22:00 UTC));
    assert_eq!(world.due().await, 1);
    assert_eq!(world.get(&volunteer, &card).await.body["stage"], "closed");
    let told = [
        "card_issued",
        "points_spent",
        "points_spent",
        "points_credited",
        "points_expired",
        "points_credited",
        "card_closed",
    ];
    assert_eq!(world.events_of(CARD).await, told);
}

#[tokio::test]
async fn a_person_holds_one_card_and_only_the_current_month_is_credited_by_the_stores_rule() {
    let mut world = world().await;
    let worker = world.token("worker", Role::InfoDesk, &[STORE]);
    let (card, credit) = (format!("{CARDS}/{CARD}"), format!("{CARDS}/{CARD}/credit"));
    assert!(world.post(&worker, CARDS, "issue-01", four_people()).await.is_new());
    let second = with(&four_people(), "card", json!(id("second card")));
    let second = with(&second, "household", json!(id("other household")));
    let refused = world.post(&worker, CARDS, "issue-02", second.clone()).await;
    assert_eq!(refused.told(), "422 holder_has_card");

    world.catch_up().await;
    for (body, told) in [
        (json!({ "occurred_at": "2023-03-26T09:00:00Z" }), "422 before_issue"),
        (json!({ "occurred_at": "2023-02-27T09:00:00Z" }), "422 before_issue"),
        (json!({ "roll_over": true }), "422 invalid_body"),
    ] {
        assert_eq!(world.post(&worker, &credit, "credit-1", body).await.told(), told);
    }
    world.at(datetime!(2023-04-01 09:00 UTC));
    let over = json!({ "occurred_at": "2023-03-31T09:00:00Z" });
    assert_eq!(world.post(&worker, &credit, "credit-1", over).await.told(), "422 month_over");
    assert!(world.post(&worker, &credit, "credit-2", json!({})).await.is_new());

    let close = json!({ "reason": "replaced" });
    assert!(world.post(&worker, &format!("{card}/close"), "close-01", close).await.is_new());
    assert!(world.post(&worker, CARDS, "issue-03", second).await.is_new());
}

#[tokio::test]
async fn a_card_is_kept_by_workers_of_its_store_and_bad_input_is_refused() {
    let world = world().await;
    let worker = world.token("worker", Role::InfoDesk, &[STORE]);
    let volunteer = world.token("volunteer", Role::Volunteer, &[STORE]);
    let stranger = world.token("stranger", Role::CaseManager, &[OTHER_STORE]);
    world.refuses_bad_input(&worker, CARDS, &four_people()).await;
    for (who, body, told) in [
        (&worker, with(&four_people(), "person", json!(id("nobody"))), "422 unknown_person"),
        (&worker, with(&four_people(), "household_size", json!(31)), "422 household_size"),
        (&worker, with(&four_people(), "household_size", json!(300)), "422 invalid_body"),
        (&worker, with(&four_people(), "points", json!(201)), "422 too_many_points"),
        (&worker, with(&four_people(), "valid_to", json!("2023-09-28")), "422 valid_too_long"),
        (&worker, with(&four_people(), "valid_to", json!("28 September")), "422 invalid_body"),
        (&volunteer, four_people(), "403 role_may_not"),
        (&stranger, four_people(), "404 not_found"),
    ] {
        assert_eq!(world.post(who, CARDS, "issue-00", body).await.told(), told);
    }
    let card = world.post(&worker, CARDS, "issue-01", with(&four_people(), "card", Value::Null));
    let card = format!("{CARDS}/{}", card.await.body["id"].as_str().unwrap());
    for (step, body, told) in [
        ("renew", json!({ "valid_to": "2023-09-27" }), "200"),
        ("suspend", json!({ "reason": "lost" }), "200"),
        ("resume", json!({}), "200"),
        ("close", json!({ "reason": "ran_out" }), "422 runs_out_by_itself"),
        ("close", json!({ "reason": "replaced" }), "200"),
        ("resume", json!({}), "422 closed"),
    ] {
        let (path, key) = (format!("{card}/{step}"), format!("{step}-{told}").replace(' ', "-"));
        let barred = world.post(&stranger, &path, &key, body.clone()).await;
        assert_eq!(barred.told(), "404 not_found", "{step}");
        assert_eq!(world.post(&worker, &path, &key, body).await.told(), told, "{step}");
    }
    let freed = world.post(&worker, CARDS, "issue-02", four_people()).await;
    assert!(freed.is_new());
    assert_eq!(world.get(&worker, &format!("{CARDS}/{}", id("no card"))).await.status, 404);
}

#[tokio::test]
async fn meals_are_counted_without_names_and_a_double_parcel_warns() {
    let mut world = world().await;
    let worker = world.token("worker", Role::CaseManager, &[STORE]);
    let volunteer = world.token("volunteer", Role::Volunteer, &[STORE]);
    let meals = |recipient: Value| json!({ "service": STORE, "recipient": recipient });
    world.refuses_bad_input(&volunteer, MEALS, &meals(json!({ "anonymous": 40 }))).await;
    for (key, recipient, told) in [
        ("meal-001", json!({ "anonymous": 40 }), "200"),
        ("meal-002", json!({ "person": ANA }), "200"),
        ("meal-003", json!({ "person": id("nobody") }), "422 unknown_person"),
        ("meal-004", json!({ "anonymous": 0 }), "422 count"),
        ("meal-001", json!({ "anonymous": 41 }), "422 key_reused"),
    ] {
        assert_eq!(
            world.post(&volunteer, MEALS, key, meals(recipient)).await.told(),
            told,
            "{key}"
        );
    }
    let clerk = world.token("clerk", Role::RegistryClerk, &[STORE]);
    let barred = world.post(&clerk, MEALS, "meal-005", meals(json!({ "anonymous": 1 }))).await;
    assert_eq!(barred.told(), "403 role_may_not");

    let parcel = json!({ "household": id("household"), "person": ANA, "service": STORE });
    world.refuses_bad_input(&worker, PARCELS, &parcel).await;
    let unknown = with(&parcel, "person", json!(id("nobody")));
    let refused = world.post(&worker, PARCELS, "parcel-0", unknown).await;
    assert_eq!(refused.told(), "422 unknown_person");
    let mut doubles = Vec::new();
    for (key, day) in [
        ("parcel-1", datetime!(2023-03-27 09:00 UTC)),
        ("parcel-2", datetime!(2023-04-02 09:00 UTC)),
        ("parcel-3", datetime!(2023-04-09 09:00 UTC)),
    ] {
        world.at(day);
        let assigned = world.post(&worker, PARCELS, key, parcel.clone()).await;
        world.catch_up().await;
        let path = format!("{PARCELS}/{}", assigned.body["id"].as_str().unwrap());
        assert!(world.post(&volunteer, &format!("{path}/deliver"), key, json!({})).await.is_new());
        let shown = world.get(&volunteer, &path).await.body;
        assert_eq!((&shown["delivered"], &shown["person"]), (&json!(true), &Value::Null));
        doubles.push(shown["double"].as_bool().unwrap());
    }
    assert_eq!(doubles, [false, true, false]);
    assert_eq!(world.post(&worker, PARCELS, "parcel-2", parcel).await.body["sequence"], 1);
    let none = format!("{PARCELS}/{}/deliver", id("no parcel"));
    assert_eq!(world.post(&volunteer, &none, "parcel-9", json!({})).await.told(), "404 not_found");
}
