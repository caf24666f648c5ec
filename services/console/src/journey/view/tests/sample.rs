//! The journey of an invented person.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::codes::ServiceType;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_projections::journey::{Entry as Told, JourneyView, Place, Record, Situation, Span};
use uuid::Uuid;

pub(in crate::journey) const TODAY: Date = date!(2026 - 11 - 22);
pub(in crate::journey) const ANTONIO: PersonId = PersonId(Uuid::from_u128(1));
const STAY: u128 = 10;
const CARD: u128 = 11;
pub(in crate::journey) const TO_HOUSING: u128 = 12;
pub(in crate::journey) const TO_CSM: u128 = 13;

pub(in crate::journey) fn place(name: &str, service_type: ServiceType) -> Place {
    Place { service: ServiceId(Uuid::nil()), name: name.into(), service_type }
}

fn told(id: u32, lane: &'static str, kind: &str, on: Date, detail: &Value) -> Told {
    Told {
        id: format!("intake/{id}"),
        kind: kind.into(),
        lane,
        happened_on: on,
        occurred_at: on.midnight().assume_utc(),
        recorded_at: on.midnight().assume_utc() + time::Duration::hours(9),
        person: Some(ANTONIO),
        organisation: Some(OrganisationId(Uuid::nil())),
        organisation_name: Some("Comune di Bari".into()),
        author: None,
        service: Some(place("Servizio sociale Libertà", ServiceType::ProfessionalSocialService)),
        about: None,
        detail: detail.as_object().unwrap().clone(),
        corrects: None,
        corrected_by: None,
    }
}

fn span(kind: &'static str, about: u128, from: Date, to: Option<Date>, state: &str) -> Span {
    Span {
        kind,
        about: Some(Uuid::from_u128(about)),
        person: Some(ANTONIO),
        service: Some(place("Housing temporaneo Japigia", ServiceType::Temporary)),
        from,
        to,
        due_on: None,
        state: state.into(),
    }
}

fn recorded(told: Told, at: OffsetDateTime) -> Told {
    Told { recorded_at: at, ..told }
}

fn at(told: Told, name: &str, kind: ServiceType, about: u128) -> Told {
    Told { service: Some(place(name, kind)), about: Some(Uuid::from_u128(about)), ..told }
}

fn by(told: Told, organisation: &str) -> Told {
    Told { organisation_name: Some(organisation.into()), ..told }
}

/// How she came to be known.
fn arrival() -> Vec<Told> {
    let needs = json!([{ "code": "housing", "level": 3 }, { "code": "health", "level": 2 }]);
    let wrong = json!({ "ethos": "1.1" });
    let wrong = told(3, "access", "housing_situation_recorded", date!(2026 - 01 - 12), &wrong);
    let right = json!({ "ethos": "8.1" });
    let right = told(4, "access", "housing_situation_corrected", date!(2026 - 02 - 03), &right);
    let born = json!({ "status": "declared", "birth_year": 1974 });
    let contact = json!({ "channel": "street", "needs": needs });
    let charge = json!({ "marginality": "severe", "place": "street" });
    vec![
        told(1, "access", "person_registered", date!(2026 - 01 - 11), &born),
        told(2, "access", "contact_recorded", date!(2026 - 01 - 11), &contact),
        Told { corrected_by: Some("intake/4".into()), ..wrong },
        Told { corrects: Some("intake/3".into()), ..right },
        told(5, "case", "taken_in_charge", date!(2026 - 01 - 19), &charge),
    ]
}

/// A card, an external service, and a departure that was recorded late.
fn winter() -> Vec<Told> {
    let path = json!({ "state": "in_path" });
    let external = Told {
        organisation: None,
        organisation_name: None,
        service: None,
        ..told(9, "external", "external_path_shared", date!(2026 - 02 - 10), &path)
    };
    let street = json!({ "destination": "street" });
    let left = told(11, "housing", "stay_ended", date!(2026 - 04 - 18), &street);
    let left = at(left, "Dormitorio Stazione", ServiceType::NightShelter, 14);
    let card = json!({ "points": 60, "household_size": 1, "valid_to": "2027-01-31" });
    vec![
        store(told(8, "food", "card_issued", date!(2026 - 02 - 02), &card)),
        external,
        recorded(by(left, "Cooperativa Approdo"), datetime!(2026-05-06 15:20 UTC)),
    ]
}

/// A home, a refusal, and an answer that is still waited for.
fn referrals() -> Vec<Told> {
    let from = json!({ "name": "Servizio sociale Libertà" });
    let created = json!({ "need": "housing", "urgency": "urgent", "from": from });
    let home = json!({ "kind": "temporary", "cap_on": "2028-05-04", "route": "ordinary" });
    let declined = json!({ "reason": "outside_area", "next_step": "refer_elsewhere",
        "by": "service", "elsewhere": { "name": "CSM Ovest" } });
    let sent = json!({ "answer_by": "2026-11-26T17:00:00Z" });
    let points = json!({ "points": 12, "balance": 22 });
    vec![
        housing(told(12, "referrals", "referral_created", date!(2026 - 03 - 25), &created)),
        housing(told(13, "referrals", "referral_accepted", date!(2026 - 05 - 03), &json!({}))),
        housing(told(14, "housing", "stay_started", date!(2026 - 05 - 04), &home)),
        csm(told(15, "csm", "referral_declined", date!(2026 - 05 - 29), &declined)),
        store(told(16, "food", "points_spent", date!(2026 - 11 - 16), &points)),
        csm(told(17, "csm", "referral_sent", date!(2026 - 11 - 16), &sent)),
    ]
}

fn csm(told: Told) -> Told {
    by(at(told, "CSM Est", ServiceType::Csm, TO_CSM), "ASL Bari")
}

fn housing(told: Told) -> Told {
    let told = at(told, "Housing temporaneo Japigia", ServiceType::Temporary, TO_HOUSING);
    by(told, "Cooperativa Approdo")
}

fn store(told: Told) -> Told {
    by(at(told, "Emporio solidale San Paolo", ServiceType::Store, CARD), "Caritas diocesana")
}

pub(in crate::journey) fn entries() -> Vec<Told> {
    [arrival(), winter(), referrals()].into_iter().flatten().collect()
}

fn spans() -> Vec<Span> {
    let external = Span {
        service: None,
        about: None,
        ..span("external_path", 0, date!(2026 - 02 - 10), None, "in_path")
    };
    let named = |span: Span, name: &str, kind| Span { service: Some(place(name, kind)), ..span };
    vec![
        named(
            span("charge", 9, date!(2026 - 01 - 19), None, "taken_in_charge"),
            "Servizio sociale Libertà",
            ServiceType::ProfessionalSocialService,
        ),
        named(
            span("stay", 14, date!(2026 - 01 - 20), Some(date!(2026 - 04 - 18)), "stay_ended"),
            "Dormitorio Stazione",
            ServiceType::NightShelter,
        ),
        Span {
            due_on: Some(date!(2027 - 01 - 31)),
            ..named(
                span("card", CARD, date!(2026 - 02 - 02), None, "card_issued"),
                "Emporio solidale San Paolo",
                ServiceType::Store,
            )
        },
        external,
        span(
            "referral_wait",
            TO_HOUSING,
            date!(2026 - 03 - 25),
            Some(date!(2026 - 05 - 03)),
            "referral_accepted",
        ),
        Span {
            due_on: Some(date!(2028 - 05 - 04)),
            ..span("stay", STAY, date!(2026 - 05 - 04), None, "stay_started")
        },
        Span {
            due_on: Some(date!(2026 - 11 - 26)),
            ..named(
                span("referral_wait", TO_CSM, date!(2026 - 11 - 16), None, "referral_sent"),
                "CSM Est",
                ServiceType::Csm,
            )
        },
    ]
}

pub(in crate::journey) fn antonio() -> JourneyView {
    let situation = |on, ethos: &str| Situation {
        on,
        ethos: Some(ethos.into()),
        source: "housing_situation_recorded".into(),
        entry: "intake/3".into(),
        person: Some(ANTONIO),
        corrected: Vec::new(),
    };
    JourneyView {
        person: ANTONIO,
        canonical: ANTONIO,
        records: vec![Record { person: ANTONIO, code: Some("7K2FM-Q".into()) }],
        recorded_by: None,
        occurred_by: None,
        incomplete_since: None,
        situations: vec![
            situation(date!(2026 - 01 - 12), "8.1"),
            situation(date!(2026 - 01 - 20), "2.1"),
            situation(date!(2026 - 04 - 18), "1.1"),
            situation(date!(2026 - 05 - 04), "3.2"),
        ],
        spans: spans(),
        entries: entries(),
        positions: BTreeMap::new(),
    }
}
