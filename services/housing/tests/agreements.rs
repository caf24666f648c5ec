//! The route of the mental-health department through the door: two agreements that other contexts
//! tell of (R80).

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{Answer, World, bari, id};
use serde_json::json;
use time::macros::{date, datetime};
use trama_events::codes::{
    Gender, IdentityStatus, OrganisationKind, Purpose, Role, Section, ServiceType,
};
use trama_events::directory::{AgreementEvent, OrganisationEvent, ServiceEvent};
use trama_events::ids::{AgreementId, OrganisationId, PersonId, PlaceId, ServiceId, UnitId};
use trama_events::intake::PersonEvent;
use trama_events::referrals::ConsentEvent;
use trama_events::short_code::ShortCode;
use trama_housing::Housing;
use uuid::Uuid;

const HOUSE: ServiceId = ServiceId(Uuid::from_u128(0x31));
const PLACE: PlaceId = PlaceId(Uuid::from_u128(0x32));
const ANA: PersonId = PersonId(Uuid::from_u128(0x33));
const FACILITIES: &str = "/api/housing/facilities";

/// A first threshold of the cooperative, and Ana.
async fn world() -> World {
    let world = World::start("housing", Housing::open).await;
    world.at(datetime!(2025-03-01 10:00 UTC));
    for (organisation, kind) in [
        ("cooperative", OrganisationKind::ThirdSector),
        ("comune", OrganisationKind::Municipality),
        ("asl", OrganisationKind::HealthAuthority),
    ] {
        let registered = OrganisationEvent::OrganisationRegistered {
            organisation: OrganisationId(id(organisation)),
            name: organisation.into(),
            kind,
            ats: bari(),
        };
        world.heard(id(organisation), None, &registered).await;
    }
    let registered = ServiceEvent::ServiceRegistered {
        service: HOUSE,
        organisation: OrganisationId(id("cooperative")),
        name: "Prima soglia".into(),
        service_type: ServiceType::Threshold1,
        ats: bari(),
        municipality: None,
        low_threshold: false,
    };
    world.heard(HOUSE.0, None, &registered).await;
    let registered = PersonEvent::PersonRegistered {
        person: ANA,
        code: ShortCode::candidate(ANA.0, 0),
        status: IdentityStatus::Declared,
        service: HOUSE,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    world.heard(ANA.0, Some(ANA), &registered).await;
    furnish(&world).await;
    world
}

async fn furnish(world: &World) {
    let token = operator(world);
    let path = format!("{FACILITIES}/{HOUSE}");
    for (path, key, body) in [
        (
            FACILITIES.to_owned(),
            "open",
            json!({ "facility": HOUSE, "kind": "threshold1", "opened_on": "2024-10-01" }),
        ),
        (format!("{path}/units"), "unit", json!({ "unit": UnitId(HOUSE.0), "mode": "single" })),
        (
            format!("{path}/capacity"),
            "capacity",
            json!({ "unit": UnitId(HOUSE.0), "added": [PLACE], "valid_from": "2024-10-01",
                "reason": "opening" }),
        ),
    ] {
        let key = format!("furnish-{key}");
        assert_eq!(world.post(&token, &path, &key, body).await.told(), "200", "{path}");
    }
}

fn operator(world: &World) -> String {
    world.token("operator", Role::FacilityOperator, &[HOUSE])
}

/// She moves in by that route on a day, if she may.
async fn moves_in(world: &World, key: &str, started_on: &str) -> Answer {
    let stay = json!({ "person": ANA, "facility": HOUSE, "places": [PLACE],
        "started_on": started_on, "route": "dsm" });
    world.post(&operator(world), "/api/housing/stays", key, stay).await
}

async fn signed(world: &World, name: &str, between: [&str; 2], until: Option<time::Date>) {
    let [holder, reader] = between.map(|body| OrganisationId(id(body)));
    let signed = AgreementEvent::AgreementSigned {
        agreement: AgreementId(id(name)),
        holder,
        readers: vec![reader],
        sections: vec![Section::Housing],
        purpose: Purpose::Care,
        from: date!(2025 - 02 - 01),
        until,
    };
    world.heard(id(name), None, &signed).await;
}

async fn said(world: &World, agreement: &str, agreed: bool) {
    let agreement = AgreementId(id(agreement));
    let said = ConsentEvent::HealthAgreementRecorded { person: ANA, agreement, agreed };
    world.heard(id("word"), Some(ANA), &said).await;
}

#[tokio::test]
async fn the_route_of_the_mental_health_department_asks_for_both_agreements_on_the_first_day_r80() {
    let world = world().await;
    let standing = "422 standing_agreement_missing";
    let personal = "422 personal_agreement_missing";
    assert_eq!(moves_in(&world, "none-at-all", "2025-03-01").await.told(), standing);
    signed(&world, "among others", ["cooperative", "comune"], None).await;
    said(&world, "among others", true).await;
    assert_eq!(moves_in(&world, "no-health-body", "2025-03-01").await.told(), standing);
    signed(&world, "not the house", ["comune", "asl"], None).await;
    assert_eq!(moves_in(&world, "not-of-the-house", "2025-03-01").await.told(), standing);

    signed(&world, "dsm", ["cooperative", "asl"], Some(date!(2025 - 12 - 31))).await;
    assert_eq!(moves_in(&world, "before-it-began", "2025-01-31").await.told(), standing);
    assert_eq!(moves_in(&world, "nobody-said-so", "2025-03-01").await.told(), personal);
    said(&world, "dsm", true).await;
    said(&world, "dsm", false).await;
    assert_eq!(moves_in(&world, "changed-its-mind", "2025-03-01").await.told(), personal);
    said(&world, "dsm", true).await;
    assert!(moves_in(&world, "both-at-last", "2025-03-01").await.is_new());
}

#[tokio::test]
async fn an_agreement_that_ended_admits_nobody_any_more_r80() {
    let world = world().await;
    signed(&world, "dsm", ["asl", "cooperative"], None).await;
    said(&world, "dsm", true).await;
    let ended = AgreementEvent::AgreementEnded { on: date!(2025 - 03 - 01) };
    world.heard(id("dsm"), None, &ended).await;
    let refused = moves_in(&world, "the-day-after", "2025-03-01").await;
    assert_eq!(refused.told(), "422 standing_agreement_missing");
}
