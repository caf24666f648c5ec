use time::macros::{date, datetime};
use trama_events::codes::ServiceType;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_projections::journey::Place;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn caller(role: Role) -> Caller {
    Caller {
        staff: StaffId::derived(&["sara"]),
        organisation: OrganisationId::derived(&["comune"]),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: vec![ServiceId::derived(&["desk"])],
        purpose: Purpose::Care,
        stated: None,
        second_factor: true,
        session: "session".into(),
        request_id: "request".into(),
        let_in_until: NOW,
    }
}

fn entry(kind: &str, service: &str) -> Entry {
    Entry {
        id: "intake/7".into(),
        kind: kind.into(),
        lane: "access",
        happened_on: date!(2026 - 11 - 22),
        occurred_at: NOW,
        recorded_at: NOW - Duration::seconds(30),
        person: None,
        organisation: Some(OrganisationId::derived(&["comune"])),
        organisation_name: None,
        service: Some(Place {
            service: ServiceId::derived(&[service]),
            name: service.into(),
            service_type: ServiceType::InfoDesk,
        }),
        about: None,
        detail: serde_json::Map::new(),
        corrects: None,
        corrected_by: None,
    }
}

fn offered(role: Role, kind: &str, service: &str) -> Option<Offer> {
    let her = PersonId::derived(&["ana"]);
    offer(&caller(role), (her, None), &entry(kind, service), NOW)
}

#[test]
fn a_worker_is_offered_to_move_what_her_service_wrote_and_who_answers_what_her_body_did() {
    assert!(offered(Role::InfoDesk, "contact_recorded", "desk").is_some());
    assert!(offered(Role::InfoDesk, "contact_recorded", "another").is_none());
    assert!(offered(Role::CaseManager, "contact_recorded", "another").is_some());
    let elsewhere = Entry { organisation: None, ..entry("contact_recorded", "desk") };
    let her = PersonId::derived(&["ana"]);
    assert!(offer(&caller(Role::CaseManager), (her, None), &elsewhere, NOW).is_none());
}

#[test]
fn what_has_a_way_of_its_own_is_not_offered_to_be_moved() {
    for kind in ["person_registered", "night_reserved", "card_issued", "referral_sent"] {
        assert!(offered(Role::CaseManager, kind, "desk").is_none(), "{kind}");
    }
}

#[test]
fn an_entry_may_be_taken_back_up_to_its_thirtieth_second() {
    let her = PersonId::derived(&["ana"]);
    let at = |now| offer(&caller(Role::InfoDesk), (her, None), &entry("meal_served", "desk"), now);
    assert!(at(NOW).unwrap().undo.is_some());
    assert!(at(NOW + Duration::NANOSECOND).unwrap().undo.is_none());
}
