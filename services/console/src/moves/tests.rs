use time::macros::{date, datetime};
use trama_events::codes::ServiceType;
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};
use trama_projections::journey::Place;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn caller(role: Role) -> Caller {
    Caller {
        staff: StaffId::derived(&["sara"]),
        membership: MembershipId::derived(&["sara"]),
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
        surname: None,
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
        author: None,
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

/// For what somebody of the desk's body answers.
fn answers(in_charge: bool, services: &[&str]) -> Answering {
    let organisation = OrganisationId::derived(&["comune"]);
    let services = services.iter().map(|service| ServiceId::derived(&[service])).collect();
    Answering { organisation, in_charge, services }
}

fn offered(answers: &Answering, entry: &Entry) -> Option<Offer> {
    let her = PersonId::derived(&["ana"]);
    offer((&caller(Role::InfoDesk), answers), (her, None), entry, NOW)
}

#[test]
fn a_worker_is_offered_to_move_what_her_service_wrote_and_for_what_she_answers() {
    let (hers, anothers) =
        (entry("contact_recorded", "desk"), entry("contact_recorded", "another"));
    let nothing = answers(false, &[]);
    assert!(offered(&nothing, &hers).is_some(), "it may be her own");
    assert!(offered(&nothing, &anothers).is_none());
    assert!(offered(&answers(false, &["another"]), &anothers).is_some(), "its responsible");
    assert!(offered(&answers(true, &[]), &anothers).is_some(), "in charge of the person");
    let hidden = Entry { organisation: None, ..entry("contact_recorded", "desk") };
    assert!(offered(&answers(true, &["desk"]), &hidden).is_none());
}

#[test]
fn what_has_a_way_of_its_own_is_not_offered_to_be_moved() {
    for kind in ["person_registered", "night_reserved", "card_issued", "referral_sent"] {
        assert!(offered(&answers(true, &["desk"]), &entry(kind, "desk")).is_none(), "{kind}");
    }
}

#[test]
fn an_entry_may_be_taken_back_up_to_its_thirtieth_second() {
    let (her, nothing) = (PersonId::derived(&["ana"]), answers(false, &[]));
    let by = (&caller(Role::InfoDesk), &nothing);
    let at = |now| offer(by, (her, None), &entry("meal_served", "desk"), now);
    assert!(at(NOW).unwrap().undo.is_some());
    assert!(at(NOW + Duration::NANOSECOND).unwrap().undo.is_none());
}
