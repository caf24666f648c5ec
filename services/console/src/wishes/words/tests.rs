use serde_json::Map;
use time::OffsetDateTime;
use time::macros::{date, datetime};
use trama_events::codes::ServiceType;
use trama_events::ids::{OrganisationId, WishId};
use trama_events::intake::WishForm;

use super::*;

const TODAY: Date = date!(2026 - 11 - 22);
const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn ana() -> PersonId {
    PersonId::derived(&["ana"])
}

fn desk() -> Listed {
    Listed {
        service: ServiceId::derived(&["desk"]),
        name: "Segretariato".into(),
        service_type: ServiceType::InfoDesk,
        ats: "bari".into(),
        organisation: OrganisationId::derived(&["comune"]),
        organisation_name: "Comune".into(),
    }
}

fn contact(position: i64, aggregate: &str) -> Entry {
    Entry {
        id: format!("intake/{position}"),
        kind: "contact_recorded".into(),
        lane: "access",
        happened_on: date!(2026 - 11 - 8),
        occurred_at: NOW,
        recorded_at: NOW,
        person: Some(ana()),
        organisation: None,
        organisation_name: None,
        author: None,
        service: None,
        about: Some(PersonId::derived(&[aggregate]).0),
        detail: Map::new(),
        corrects: None,
        corrected_by: None,
    }
}

fn decided(about: About) -> Decision {
    Decision { wish: WishId::derived(&["wish"]), about, form: WishForm::Signed }
}

fn opened(from: Date, until: Option<Date>) -> Decision {
    decided(About::Childhood { to: Viewer::Service(desk().service), from, until })
}

fn obscured(what: Extent) -> Decision {
    decided(About::Obscured(what))
}

fn words_of(badge: Option<Badge>) -> String {
    badge.unwrap().words
}

fn told(decision: Decision, entries: &[&Entry]) -> Standing {
    let codes = Codes { front: ana(), all: HashMap::from([(ana(), "7K2FM-Q")]) };
    let listed = [desk()];
    let language = Language::Italian;
    Words { codes: &codes, listed: &listed, entries, today: TODAY, language }
        .standing(&(ana(), decision))
}

#[test]
fn an_open_childhood_says_to_whom_and_whether_it_is_open_today() {
    let open = told(opened(TODAY, None), &[]);
    assert_eq!(open.title, "Infanzia aperta a Segretariato");
    assert!(open.closes && open.code.is_none());
    assert_eq!(words_of(open.badge), "aperta");
    let days = "dal 22 novembre 2026, finché non la richiude";
    assert_eq!(open.detail, ["Comune", days, WishForm::Signed.words()]);
    let last = told(opened(date!(2026 - 11 - 1), Some(TODAY)), &[]);
    assert_eq!(words_of(last.badge), "aperta", "its last day counts");
    let over = told(opened(date!(2026 - 11 - 1), Some(date!(2026 - 11 - 21))), &[]);
    assert_eq!(words_of(over.badge), "finita da sola");
    let to_come = told(opened(date!(2026 - 11 - 23), None), &[]);
    assert_eq!(words_of(to_come.badge), "non ancora");
}

#[test]
fn an_obscured_entry_is_told_by_what_it_says_as_far_as_one_is_meant() {
    const SOME: &str = "Oscurata una registrazione del tuo ente";
    let event = |aggregate: &str| Extent::Entry {
        entry: format!("intake/contact-{}/1", PersonId::derived(&[aggregate])),
        organisation: desk().organisation,
    };
    let (one, other) = (contact(7, "one"), contact(9, "other"));
    let known = told(obscured(event("one")), &[&other, &one]);
    let what = sentence_in(Language::Italian, "contact_recorded", &Map::new());
    assert_eq!(known.title, format!("Oscurata la registrazione «{what}»"));
    assert_eq!(known.detail[0], "dell’8 novembre 2026");
    assert!(!known.closes);
    let unknown = told(obscured(event("third")), &[&other, &one]);
    assert_eq!(unknown.title, SOME);
    let second = contact(8, "one");
    let unsure = told(obscured(event("one")), &[&second, &one]);
    assert_eq!(unsure.title, SOME, "which of two is not guessed");
}

#[test]
fn an_obscured_service_is_named_and_one_that_is_not_listed_is_not() {
    let of = |service: &str| {
        told(obscured(Extent::Service { service: ServiceId::derived(&[service]) }), &[]).title
    };
    assert_eq!(of("desk"), "Oscurato tutto quello che scrive Segretariato");
    assert_eq!(of("gone"), "Oscurato tutto quello che scrive un servizio non più in elenco");
}
