//! What people agree to, through the doors: the real router, a real database, a clock that stands
//! still, and slips that a test reads.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{World, id};
use serde_json::{Value, json};
use time::Time;
use time::macros::{date, datetime};
use trama_events::codes::{Gender, IdentityStatus, OrganisationKind, Purpose, Role, Section};
use trama_events::directory::{AgreementEvent, OrganisationEvent};
use trama_events::ids::{AgreementId, OrganisationId, PersonId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::referrals::ExternalState;
use trama_events::short_code::ShortCode;
use trama_events::{Context, rome};
use trama_platform::clock::Clock;
use trama_platform::log::Feed;
use trama_platform::servers::Servers;
use trama_referrals::Referrals;
use trama_referrals::consent::{SlipRead, Slips};

const CONSENTS: &str = "/api/referrals/consents";
const HEALTH: &str = "/api/referrals/consents/health-agreements";

fn ana() -> PersonId {
    PersonId(id("ana"))
}

async fn world<F: FnOnce(&Servers, Clock) -> Referrals>(open: F) -> World {
    let world = World::start("consents", open).await;
    world.at(datetime!(2025-01-20 09:00 UTC));
    let met = PersonEvent::PersonRegistered {
        person: ana(),
        code: ShortCode::candidate(ana().0, 0),
        status: IdentityStatus::Declared,
        service: ServiceId(id("desk")),
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    world.heard(ana().0, Some(ana()), &met).await;
    let body = OrganisationEvent::OrganisationRegistered {
        organisation: OrganisationId(id("comune")),
        name: "Comune".into(),
        kind: OrganisationKind::Municipality,
        ats: harness::bari(),
    };
    world.heard(id("comune"), None, &body).await;
    world
}

fn with_slips(servers: &Servers, clock: Clock) -> Referrals {
    let read = |slip: String| -> SlipRead {
        Box::pin(async move { (slip == "good").then_some(ExternalState::InPath) })
    };
    Referrals::open_with(servers, clock, Slips::new(read))
}

fn external() -> Value {
    json!({ "consent": id("consent"), "person": ana(), "scope": "external_path" })
}

#[tokio::test]
async fn whoever_she_meets_records_what_she_agrees_to_and_that_she_does_not_any_more() {
    let mut world = world(Referrals::open).await;
    let desk = world.token("dora", Role::InfoDesk, &[]);
    let rita = world.token("rita", Role::CaseManager, &[]);
    let serd = world.token("elena", Role::SerdOperator, &[]);
    world.refuses_bad_input(&desk, CONSENTS, &external()).await;
    let with = |field: &str, value: Value| {
        let mut body = external();
        body[field] = value;
        body
    };
    let withdraw = format!("{CONSENTS}/{}/withdraw", id("consent"));
    for (key, token, path, body, told) in [
        ("step-001", &serd, CONSENTS, external(), "403 role_may_not"),
        ("step-002", &desk, CONSENTS, with("person", json!(id("ben"))), "422 unknown_person"),
        ("step-003", &desk, CONSENTS, with("to", json!(id("nobody"))), "422 unknown_body"),
        ("step-004", &desk, CONSENTS, external(), "200"),
        ("step-005", &rita, CONSENTS, external(), "200"),
        ("step-006", &rita, CONSENTS, with("consent", json!(id("other"))), "422 given_already"),
        ("step-007", &rita, &withdraw, json!({}), "200"),
        ("step-008", &rita, &withdraw, json!({}), "200"),
        ("step-009", &desk, CONSENTS, with("consent", json!(id("other"))), "200"),
    ] {
        let answer = world.post(token, path, key, body).await;
        assert_eq!(answer.told(), told, "{key}: {answer:?}");
    }
    assert_eq!(world.events_of(id("consent")).await, ["consent_given", "consent_withdrawn"]);
    world.catch_up().await;
    let differences = world.service.kept_differences(&world.servers).await.unwrap();
    assert_eq!(differences, Vec::<String>::new());
}

#[tokio::test]
async fn a_slip_is_read_under_a_consent_that_stands_and_says_how_far_and_not_where_c2() {
    let world = world(with_slips).await;
    let desk = world.token("dora", Role::InfoDesk, &[]);
    let path = format!("{CONSENTS}/{}/external-path", id("consent"));
    let (good, bad) = (json!({ "slip": "good" }), json!({ "slip": "bad" }));
    let withdraw = format!("{CONSENTS}/{}/withdraw", id("consent"));
    let long = json!({ "slip": "x".repeat(513) });
    for (key, path, body, told) in [
        ("step-001", path.as_str(), good.clone(), "422 no_such_consent"),
        ("step-002", CONSENTS, external(), "200"),
        ("step-003", &path, bad, "422 not_a_slip"),
        ("step-004", &path, long, "422 not_a_slip"),
        ("step-005", &path, good.clone(), "200"),
        ("step-006", &withdraw, json!({}), "200"),
        ("step-005", &path, good.clone(), "200"),
        ("step-007", &path, good, "422 withdrawn"),
    ] {
        let answer = world.post(&desk, path, key, body).await;
        assert_eq!(answer.told(), told, "{key}: {answer:?}");
    }
    let told = ["consent_given", "external_path_shared", "consent_withdrawn"];
    assert_eq!(world.events_of(id("consent")).await, told);
    let events = Feed::open(&world.servers, Context::Referrals).after(0, 10).await.unwrap();
    let occurred: Vec<_> = events.iter().map(|event| event.why.occurred_at).collect();
    let day = rome::at(rome::day_of(world.clock.now()), Time::MIDNIGHT);
    assert_eq!(occurred, [world.clock.now(), day, world.clock.now()], "the day and no moment");
}

#[tokio::test]
async fn where_nobody_reads_slips_the_door_says_so_and_the_consent_stands() {
    let world = world(Referrals::open).await;
    let desk = world.token("dora", Role::InfoDesk, &[]);
    assert_eq!(world.post(&desk, CONSENTS, "give-001", external()).await.told(), "200");
    let path = format!("{CONSENTS}/{}/external-path", id("consent"));
    let answer = world.post(&desk, &path, "slip-001", json!({ "slip": "good" })).await;
    assert_eq!(answer.told(), "503 no_slips_here");
}

#[tokio::test]
async fn a_health_service_agrees_by_a_standing_agreement_of_its_body_r80() {
    let world = world(Referrals::open).await;
    let csm = world.token("giulia", Role::CsmOperator, &[]);
    let desk = world.token("dora", Role::InfoDesk, &[]);
    let signed = |name: &str, holder: &str| AgreementEvent::AgreementSigned {
        agreement: AgreementId(id(name)),
        holder: OrganisationId(id(holder)),
        readers: vec![OrganisationId(id("comune"))],
        sections: vec![Section::Housing],
        purpose: Purpose::Care,
        from: date!(2025 - 01 - 01),
        until: None,
    };
    // Everybody of this harness acts for the body `organisation`.
    for (name, holder) in [("ours", "organisation"), ("ended", "organisation"), ("theirs", "coop")]
    {
        world.heard(id(name), None, &signed(name, holder)).await;
    }
    let over = AgreementEvent::AgreementEnded { on: date!(2025 - 01 - 20) };
    world.heard(id("ended"), None, &over).await;
    let said = |agreement: &str, agreed: bool| json!({ "person": ana(), "agreement": id(agreement), "agreed": agreed });
    world.refuses_bad_input(&csm, HEALTH, &said("ours", true)).await;
    for (key, token, body, told) in [
        ("step-001", &desk, said("ours", true), "403 role_may_not"),
        ("step-002", &csm, said("theirs", true), "422 no_standing_agreement"),
        ("step-003", &csm, said("ended", true), "422 no_standing_agreement"),
        ("step-004", &csm, said("ours", true), "200"),
        ("step-005", &csm, said("ours", false), "200"),
    ] {
        let answer = world.post(token, HEALTH, key, body).await;
        assert_eq!(answer.told(), told, "{key}: {answer:?}");
    }
}
