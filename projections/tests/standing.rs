//! Given what happened, then who had to do with a person until a moment: for who controls.

#![cfg(test)]

mod harness;

use std::sync::Arc;

use harness::{History, World, id};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use trama_events::casework::CaseEvent;
use trama_events::codes::{Gender, IdentityStatus, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::housing::NightEvent;
use trama_events::ids::{
    Ats, CaseId, NightLedgerId, OrganisationId, PersonId, PlaceId, ServiceId, StaffId,
};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_platform::follow::Lag;
use trama_platform::permit::Relation;
use trama_platform::ties::Acquaintance;
use trama_projections::relations::{RelationTables, Relations};

const MONDAY: OffsetDateTime = datetime!(2025-03-03 10:00 UTC);
const FRIDAY: OffsetDateTime = datetime!(2025-03-07 10:00 UTC);

fn body(name: &str) -> OrganisationId {
    OrganisationId(id(name))
}

fn ana() -> PersonId {
    PersonId(id("ana"))
}

/// A desk registers Ana on Monday; on Friday her case goes from Rita to Sara.
fn history() -> History {
    let mut history = History::starting(MONDAY);
    for (name, runs, service_type) in [
        ("ssp", "comune", ServiceType::ProfessionalSocialService),
        ("refuge", "coop", ServiceType::SecretShelter),
    ] {
        let event = ServiceEvent::ServiceRegistered {
            service: ServiceId(id(name)),
            organisation: body(runs),
            name: format!("Servizio {name}"),
            service_type,
            ats: Ats::try_new("bari").unwrap(),
            municipality: None,
            low_threshold: false,
        };
        history.record(id(name), None, &event);
    }
    history.by(body("comune"));
    let registered = PersonEvent::PersonRegistered {
        person: ana(),
        code: ShortCode::candidate(id("ana"), 0),
        status: IdentityStatus::Declared,
        service: ServiceId(id("ssp")),
        birth_year: Some(1974),
        gender: Gender::Unknown,
        language: None,
    };
    history.record(id("ana"), Some(ana()), &registered);
    let (case, service) = (CaseId(id("case")), ServiceId(id("ssp")));
    let opened = CaseEvent::CaseOpened { case, person: ana(), service };
    let assigned = |name: &str| CaseEvent::CaseManagerAssigned { manager: StaffId(id(name)) };
    history.record(id("case"), Some(ana()), &opened);
    history.record(id("case"), Some(ana()), &assigned("rita"));
    history.at(FRIDAY).record(id("case"), Some(ana()), &assigned("sara"));
    history
}

/// Relation, worker and body of those who had to do with Ana at a moment.
async fn at(
    relations: &Relations,
    moment: OffsetDateTime,
) -> Vec<(Relation, Option<StaffId>, Option<OrganisationId>)> {
    let known: Arc<dyn Acquaintance> = Arc::new(relations.clone());
    let stood = known.standings(&[ana()], moment).await.unwrap();
    let active = stood.iter().filter(|one| one.until.is_none_or(|until| until > moment));
    active.map(|one| (one.relation, one.staff, one.organisation)).collect()
}

#[tokio::test]
async fn who_had_to_do_with_a_person_is_known_as_of_each_moment_with_the_body_of_her_case() {
    let world = World::start().await;
    world.fold(&RelationTables, &history().events).await;
    let relations = Relations::over(world.asks.clone(), Lag::none());
    assert_eq!(at(&relations, datetime!(2025-03-02 10:00 UTC)).await, []);
    let comune = Some(body("comune"));
    let manages = |name: &str| (Relation::CaseManager, Some(StaffId(id(name))), comune);
    let wrote = (Relation::OwnRecord, None, comune);
    let tuesday = at(&relations, datetime!(2025-03-04 10:00 UTC)).await;
    assert_eq!(tuesday, [manages("rita"), wrote]);
    let later = at(&relations, datetime!(2025-06-01 10:00 UTC)).await;
    assert_eq!(later, [manages("sara"), wrote]);
}

#[tokio::test]
async fn a_winter_of_nights_in_one_house_leaves_room_for_who_had_to_do_with_her_before() {
    let world = World::start().await;
    let mut history = history();
    for day in 1..=210 {
        let evening = FRIDAY + Duration::days(day);
        let reserved = NightEvent::NightReserved {
            ledger: NightLedgerId(id("nights")),
            facility: ServiceId(id("ssp")),
            person: ana(),
            place: PlaceId(id("bed")),
            night: evening.date(),
            no_show_at: evening,
        };
        history.at(evening).record(id("nights"), Some(ana()), &reserved);
    }
    world.fold(&RelationTables, &history.events).await;
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let known: Arc<dyn Acquaintance> = Arc::new(relations);
    let stood = known.standings(&[ana()], FRIDAY + Duration::days(300)).await.unwrap();
    let told = |relation| stood.iter().filter(|one| one.relation == relation).count();
    assert_eq!((told(Relation::Stay), told(Relation::CaseManager)), (1, 2));
}
