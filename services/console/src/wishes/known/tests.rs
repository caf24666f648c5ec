use std::collections::BTreeMap;

use serde_json::Map;
use time::OffsetDateTime;
use time::macros::{date, datetime};
use uuid::Uuid;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn ana() -> PersonId {
    PersonId::derived(&["ana"])
}

fn comune() -> OrganisationId {
    OrganisationId::derived(&["comune"])
}

fn entry(id: &str, kind: &str, about: Uuid) -> Entry {
    Entry {
        id: id.into(),
        kind: kind.into(),
        lane: "access",
        happened_on: date!(2026 - 11 - 22),
        occurred_at: NOW,
        recorded_at: NOW,
        person: Some(ana()),
        organisation: Some(comune()),
        organisation_name: None,
        author: None,
        service: None,
        about: Some(about),
        detail: Map::new(),
        corrects: None,
        corrected_by: None,
    }
}

fn offered(entries: Vec<Entry>) -> Vec<String> {
    let journey = JourneyView {
        person: ana(),
        canonical: ana(),
        records: Vec::new(),
        recorded_by: None,
        occurred_by: None,
        incomplete_since: None,
        situations: Vec::new(),
        spans: Vec::new(),
        entries,
        positions: BTreeMap::new(),
    };
    let known = Known { journey, decisions: Vec::new(), services: Vec::new(), band: None };
    known.own_entries(comune()).iter().map(|entry| entry.id.clone()).collect()
}

#[test]
fn what_her_body_wrote_is_offered_the_newest_first_and_what_others_wrote_is_not() {
    let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let anothers = Entry {
        organisation: Some(OrganisationId::derived(&["cooperative"])),
        ..entry("intake/3", "service_delivered", Uuid::from_u128(3))
    };
    let hidden = Entry { organisation: None, ..anothers.clone() };
    let entries = vec![
        entry("intake/1", "contact_recorded", first),
        entry("intake/2", "service_delivered", second),
        anothers,
        hidden,
    ];
    assert_eq!(offered(entries), ["intake/2", "intake/1"]);
}

#[test]
fn a_contact_is_offered_once_and_each_statement_of_a_record_or_a_case_by_itself() {
    let (contact, case) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let entries = vec![
        entry("intake/1", "person_registered", ana().0),
        entry("intake/2", "contact_recorded", contact),
        entry("intake/3", "contact_triaged", contact),
        entry("intake/4", "housing_situation_recorded", ana().0),
        entry("intake/5", "privacy_notice_given", ana().0),
        entry("casework/1", "case_opened", case),
        entry("casework/2", "assessment_recorded", case),
    ];
    let expected = ["casework/2", "casework/1", "intake/5", "intake/4", "intake/2"];
    assert_eq!(offered(entries), expected, "her registration is what makes her record");
}
