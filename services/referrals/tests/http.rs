//! Referrals through their doors: the real router, a real database, a clock that stands still.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{World, id};
use serde_json::json;
use time::macros::{date, datetime};
use trama_events::codes::{Gender, IdentityStatus, Role, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{OrganisationId, PersonId, ReferralId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_referrals::Referrals;
use uuid::Uuid;

const SEND: &str = "/api/referrals/referrals";
const HUB: ServiceId = ServiceId(Uuid::from_u128(0x11));
const CSM: ServiceId = ServiceId(Uuid::from_u128(0x12));
const SERD: ServiceId = ServiceId(Uuid::from_u128(0x14));
const CENTRE: ServiceId = ServiceId(Uuid::from_u128(0x17));
const DESK: ServiceId = ServiceId(Uuid::from_u128(0x15));
const NEW: ServiceId = ServiceId(Uuid::from_u128(0x16));
const ANA: PersonId = PersonId(Uuid::from_u128(0x13));

/// The registers as the referrals context hears of them: one person and five active services.
async fn world() -> World {
    let world = World::start("referrals", Referrals::open).await;
    world.at(datetime!(2025-01-20 09:00 UTC));
    for (service, service_type) in [
        (HUB, ServiceType::Hub),
        (CSM, ServiceType::Csm),
        (SERD, ServiceType::Serd),
        (CENTRE, ServiceType::AntiViolenceCentre),
        (DESK, ServiceType::HealthDesk),
    ] {
        world.heard(service.0, None, &registered(service, service_type)).await;
        let active = ServiceEvent::ServiceActivated { on: date!(2024 - 01 - 01) };
        world.heard(service.0, None, &active).await;
    }
    world.heard(ANA.0, Some(ANA), &met(ANA)).await;
    world
}

fn registered(service: ServiceId, service_type: ServiceType) -> ServiceEvent {
    ServiceEvent::ServiceRegistered {
        service,
        organisation: OrganisationId(id("organisation")),
        name: service_type.to_string(),
        service_type,
        ats: harness::bari(),
        municipality: None,
        low_threshold: false,
    }
}

fn met(person: PersonId) -> PersonEvent {
    PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service: HUB,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    }
}

fn to_csm() -> serde_json::Value {
    json!({ "person": ANA, "from": HUB, "to": CSM, "need": "mental_health", "urgency": "ordinary",
        "dataset": ["needs"] })
}

#[tokio::test]
async fn a_referral_goes_from_its_sender_to_its_receiver_and_nobody_else_sees_it() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let receiver = world.token("receiver", Role::CsmOperator, &[CSM]);
    let stranger = world.token("stranger", Role::CaseManager, &[ServiceId(id("elsewhere"))]);

    let sent = world.post(&sender, SEND, "send-0001", to_csm()).await;
    assert_eq!((sent.told().as_str(), sent.etag.as_deref()), ("200", Some("W/\"2\"")));
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    assert_eq!(world.post(&sender, SEND, "send-0001", to_csm()).await, sent);
    let mut other = to_csm();
    other["urgency"] = json!("urgent");
    assert_eq!(world.post(&sender, SEND, "send-0001", other).await.told(), "422 key_reused");
    assert_eq!(world.post(&sender, SEND, "send-0002", to_csm()).await.told(), "422 already_open");

    for (who, told) in [(&sender, "200"), (&receiver, "200"), (&stranger, "404 not_found")] {
        assert_eq!(world.get(who, &path).await.told(), told);
    }
    let accept = format!("{path}/accept");
    assert_eq!(world.post(&sender, &accept, "accept-01", json!({})).await.told(), "404 not_found");
    assert!(world.post(&receiver, &accept, "accept-02", json!({})).await.is_new());
    let again = world.post(&receiver, &accept, "accept-03", json!({})).await;
    assert_eq!((again.told().as_str(), again.is_new()), ("200", false));
    let shown = world.get(&sender, &path).await;
    assert_eq!(shown.body["stage"], "accepted");

    let referral = sent.body["id"].as_str().unwrap().parse::<ReferralId>().unwrap();
    let told = ["referral_created", "referral_sent", "referral_seen", "referral_accepted"];
    assert_eq!(world.events_of(referral.0).await, told);
}

#[tokio::test]
async fn a_child_is_sent_by_who_has_to_do_with_her_and_is_nobody_to_others_c5() {
    let world = world().await;
    world.is_a_child(ANA);
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let minors = world.token("minors", Role::MinorsWorker, &[HUB]);
    let mut of_nobody = to_csm();
    of_nobody["person"] = json!(PersonId(id("nobody")));
    let sealed = world.post(&sender, SEND, "send-0001", to_csm()).await;
    assert_eq!(sealed, world.post(&sender, SEND, "send-0002", of_nobody).await);
    assert_eq!(sealed.told(), "422 unknown_person");
    assert!(world.post(&minors, SEND, "send-0003", to_csm()).await.is_new());
}

#[tokio::test]
async fn a_referral_of_nobody_to_nobody_by_nobody_is_refused_and_an_unanswered_one_expires() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB, NEW]);
    let with = |field: &str, value: serde_json::Value| {
        let mut body = to_csm();
        body[field] = value;
        body
    };
    for (body, told) in [
        (with("person", json!(id("nobody"))), "422 unknown_person"),
        (with("from", json!(NEW)), "422 unknown_sender"),
        (with("to", json!(id("nowhere"))), "422 unknown_service"),
        (with("to", json!(HUB)), "422 to_itself"),
        (with("from", json!(CSM)), "404 not_found"),
        (with("need", json!("a_house")), "422 invalid_body"),
        (with("person", json!(7)), "422 invalid_body"),
    ] {
        assert_eq!(world.post(&sender, SEND, "send-wrong", body).await.told(), told);
    }
    world.refuses_bad_input(&sender, SEND, &to_csm()).await;
    let volunteer = world.token("volunteer", Role::Volunteer, &[HUB]);
    let barred = world.post(&volunteer, SEND, "send-0001", to_csm()).await;
    assert_eq!(barred.told(), "403 role_may_not");

    let sent = world.post(&sender, SEND, "send-0001", to_csm()).await;
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    assert_eq!(world.due().await, 0);
    world.at(datetime!(2025-01-27 09:00 UTC));
    assert_eq!(world.due().await, 1);
    assert_eq!(world.get(&sender, &path).await.body["stage"], "expired");
    assert_eq!(world.due().await, 0);
}

#[tokio::test]
async fn nothing_is_sent_by_name_to_or_from_an_addiction_service_or_a_centre_threat_3() {
    let world = world().await;
    let hub = world.token("sender", Role::CaseManager, &[HUB]);
    let between = |from: ServiceId, to: ServiceId| json!({ "person": ANA, "from": from, "to": to, "need": "violence_safety", "urgency": "immediate" });
    for (sealed, role) in [(SERD, Role::SerdOperator), (CENTRE, Role::FacilityOperator)] {
        let own = world.token("sealed", role, &[sealed]);
        for (who, body) in [(&hub, between(HUB, sealed)), (&own, between(sealed, CSM))] {
            let refused = world.post(who, SEND, "send-0001", body).await;
            assert_eq!(refused.told(), "422 only_by_slip");
            assert!(refused.body["detail"].as_str().unwrap().contains("slip"));
        }
    }
    assert_eq!(world.service.log().due(None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn visits_outcomes_and_declines_keep_to_what_happened() {
    let world = world().await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let receiver = world.token("receiver", Role::CsmOperator, &[CSM]);
    let sent = world.post(&sender, SEND, "send-0001", to_csm()).await;
    let path = format!("{SEND}/{}", sent.body["id"].as_str().unwrap());
    let decline = |other| {
        json!({ "reason": "outside_area", "next_step": "refer_elsewhere", "by": "service",
            "elsewhere": other })
    };
    for (step, body, told) in [
        ("decline", decline(id("nowhere")), "422 unknown_elsewhere"),
        ("decline", decline(SERD.0), "422 only_by_slip"),
        ("first-visit", json!({ "visit_at": "2025-01-21T09:00:00Z" }), "422 not_accepted"),
        ("accept", json!({}), "200"),
        ("first-visit", json!({ "visit_at": "2025-01-19T09:00:00Z" }), "422 visit_in_the_past"),
        ("first-visit", json!({ "visit_at": "2025-01-21T09:00:00Z" }), "200"),
        ("first-visit/missed", json!({}), "422 visit_to_come"),
        ("outcome", json!({ "need_met": "yes" }), "422 not_served"),
        ("first-visit/held", json!({}), "200"),
        ("outcome", json!({ "need_met": "yes" }), "200"),
    ] {
        let key = format!("{step}-{told}").replace([' ', '/'], "-");
        let answer = world.post(&receiver, &format!("{path}/{step}"), &key, body).await;
        assert_eq!(answer.told(), told, "{step}");
    }
    let sent = world.post(&sender, SEND, "send-0002", to_csm()).await;
    let path = format!("{SEND}/{}/decline", sent.body["id"].as_str().unwrap());
    assert!(world.post(&receiver, &path, "decline-2", decline(HUB.0)).await.is_new());
}

#[tokio::test]
async fn before_any_copy_is_built_nobody_is_known() {
    let world = World::start("referrals", Referrals::open).await;
    let sender = world.token("sender", Role::CaseManager, &[HUB]);
    let refused = world.post(&sender, SEND, "send-0001", to_csm()).await;
    assert_eq!(refused.told(), "422 unknown_person");
    assert!(refused.body["detail"].as_str().unwrap().contains("try again"));
}
