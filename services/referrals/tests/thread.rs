//! What the two ends of a referral are told of it: what they may do now, what happened, and what
//! sending would mean.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{World, id};
use serde_json::{Value, json};
use time::macros::{date, datetime};
use trama_events::codes::{Gender, IdentityStatus, Role, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_referrals::Referrals;
use uuid::Uuid;

const SEND: &str = "/api/referrals/referrals";
const HUB: ServiceId = ServiceId(Uuid::from_u128(0x21));
const SHELTER: ServiceId = ServiceId(Uuid::from_u128(0x22));
const SERD: ServiceId = ServiceId(Uuid::from_u128(0x23));
const ANA: PersonId = PersonId(Uuid::from_u128(0x24));

async fn world() -> World {
    let world = World::start("referrals", Referrals::open).await;
    world.at(datetime!(2026-01-20 09:00 UTC));
    for (service, service_type) in
        [(HUB, ServiceType::Hub), (SHELTER, ServiceType::NightShelter), (SERD, ServiceType::Serd)]
    {
        let registered = ServiceEvent::ServiceRegistered {
            service,
            organisation: OrganisationId(id("organisation")),
            name: service_type.to_string(),
            service_type,
            ats: harness::bari(),
            municipality: None,
            low_threshold: false,
        };
        world.heard(service.0, None, &registered).await;
        let active = ServiceEvent::ServiceActivated { on: date!(2024 - 01 - 01) };
        world.heard(service.0, None, &active).await;
    }
    let met = PersonEvent::PersonRegistered {
        person: ANA,
        code: ShortCode::candidate(ANA.0, 0),
        status: IdentityStatus::Declared,
        service: HUB,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    world.heard(ANA.0, Some(ANA), &met).await;
    world
}

fn asks(dataset: &[&str]) -> Value {
    json!({ "person": ANA, "from": HUB, "to": SHELTER, "need": "housing", "urgency": "urgent",
        "dataset": dataset })
}

#[tokio::test]
async fn each_end_is_told_what_it_may_do_now_and_the_doors_agree() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let receiver = world.token("receiver", Role::FacilityOperator, &[SHELTER]);
    let sent = world.post(&sender, SEND, "send-0001", asks(&["identity"])).await;
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    let moves = async |who: &str| world.get(who, &path).await.body["moves"].clone();
    assert_eq!(moves(&receiver).await, json!(["see", "accept", "request_info", "decline"]));
    assert_eq!(moves(&sender).await, json!(["withdraw"]));

    let ask = json!({ "sections": ["contacts"] });
    world.post(&receiver, &format!("{path}/request-info"), "ask-00001", ask).await;
    assert_eq!(moves(&sender).await, json!(["give_info", "withdraw"]));
    assert!(
        world.post(&receiver, &format!("{path}/accept"), "accept-01", json!({})).await.is_new()
    );
    assert_eq!(moves(&sender).await, json!([]), "whoever was answered takes nothing back");
    let back = format!("{path}/withdraw");
    let late = world.post(&sender, &back, "back-0001", json!({ "reason": "mistake" })).await;
    assert_eq!(late.told(), "422 already_answered");
    let after = ["schedule_first_visit", "record_visit_held", "report_need_not_met"];
    assert_eq!(moves(&receiver).await, json!(after));
    world.post(&receiver, &format!("{path}/first-visit/held"), "held-0001", json!({})).await;
    assert_eq!(moves(&receiver).await, json!(["report_need_met", "report_need_not_met"]));
    world
        .post(&receiver, &format!("{path}/outcome"), "told-0001", json!({ "need_met": "yes" }))
        .await;
    assert_eq!(moves(&receiver).await, json!([]));
}

#[tokio::test]
async fn the_thread_says_what_happened_when_and_whose_doing_it_was() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let receiver = world.token("receiver", Role::FacilityOperator, &[SHELTER]);
    let sent = world.post(&sender, SEND, "send-0001", asks(&["identity"])).await;
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    world.at(datetime!(2026-01-20 09:10 UTC));
    world.post(&receiver, &format!("{path}/see"), "see-00001", json!({})).await;
    let steps = world.get(&receiver, &path).await.body["steps"].clone();
    let told: Vec<Value> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| json!([step["fact"]["event"], step["by"], step["yours"], step["at"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["referral_sent", "sender", false, "2026-01-20T09:00:00Z"]),
            json!(["referral_seen", "receiver", true, "2026-01-20T09:10:00Z"]),
        ]
    );
}

#[tokio::test]
async fn a_receiver_reads_the_need_only_where_the_needs_were_handed_over() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let colleague = world.token("colleague", Role::InfoDesk, &[HUB]);
    let receiver = world.token("receiver", Role::FacilityOperator, &[SHELTER]);
    let sent = world.post(&sender, SEND, "send-0001", asks(&["identity"])).await;
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    let need = async |who: &str| world.get(who, &path).await.body["need"].clone();
    assert_eq!(need(&receiver).await, Value::Null);
    assert_eq!(need(&colleague).await, Value::Null, "she did not send it");
    assert_eq!(need(&sender).await, json!("housing"));
    let ask = json!({ "sections": ["needs"] });
    world.post(&receiver, &format!("{path}/request-info"), "ask-00001", ask.clone()).await;
    assert_eq!(need(&receiver).await, Value::Null, "asked is not given");
    world.post(&sender, &format!("{path}/give-info"), "give-0001", ask).await;
    assert_eq!(need(&receiver).await, json!("housing"));
    let opens = world.get(&receiver, &path).await.body["dataset"].clone();
    assert_eq!(opens[1], json!({ "section": "needs", "opens": "needs" }));
}

#[tokio::test]
async fn before_it_is_sent_the_terms_say_by_when_an_answer_is_due_and_where_a_slip_is_needed() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let terms = world.get(&sender, &format!("/api/referrals/terms/{SHELTER}")).await.body;
    assert_eq!(terms["answers"][0]["answer_by"], "2026-01-20T11:00:00Z");
    assert_eq!(terms["answers"][2]["answer_by"], "2026-01-21T09:00:00Z");
    assert_eq!(terms["smallest"], json!(["identity", "housing", "needs"]));
    assert_eq!((&terms["active"], &terms["by_slip"]), (&json!(true), &json!(false)));
    let sealed = world.get(&sender, &format!("/api/referrals/terms/{SERD}")).await.body;
    assert_eq!(sealed["by_slip"], json!(true));
    let nowhere = world.get(&sender, &format!("/api/referrals/terms/{}", id("nowhere"))).await;
    assert_eq!(nowhere.told(), "404 not_found");
}
