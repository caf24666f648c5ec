use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::codes::ServiceType;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_projections::journey::{Entry as Told, JourneyView, Place, Record, Situation, Span};
use trama_ui::frame::{Crumb, Frame, Place as Where, Viewer};
use uuid::Uuid;

use super::*;

const TODAY: Date = date!(2026 - 11 - 22);
const ANTONIO: PersonId = PersonId(Uuid::from_u128(1));
const STAY: u128 = 10;
const CARD: u128 = 11;
const TO_HOUSING: u128 = 12;
const TO_CSM: u128 = 13;

fn seen() -> Seen {
    Seen { now: TODAY, known_by: None, happened_by: None }
}

fn place(name: &str, service_type: ServiceType) -> Place {
    Place::Known { service: ServiceId(Uuid::nil()), name: name.into(), service_type }
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
        service: place("Servizio sociale Libertà", ServiceType::ProfessionalSocialService),
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
        service: place("Housing temporaneo Japigia", ServiceType::Temporary),
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
    Told { service: place(name, kind), about: Some(Uuid::from_u128(about)), ..told }
}

fn by(told: Told, organisation: &str) -> Told {
    Told { organisation_name: Some(organisation.into()), ..told }
}

fn entries() -> Vec<Told> {
    let csm = |told| by(at(told, "CSM Est", ServiceType::Csm, TO_CSM), "ASL Bari");
    let housing = |told| {
        by(
            at(told, "Housing temporaneo Japigia", ServiceType::Temporary, TO_HOUSING),
            "Cooperativa Approdo",
        )
    };
    let store = |told| {
        by(at(told, "Emporio solidale San Paolo", ServiceType::Store, CARD), "Caritas diocesana")
    };
    let wrong = told(
        3,
        "access",
        "housing_situation_recorded",
        date!(2026 - 01 - 12),
        &json!({ "ethos": "1.1" }),
    );
    let right = told(
        4,
        "access",
        "housing_situation_corrected",
        date!(2026 - 02 - 03),
        &json!({ "ethos": "8.1" }),
    );
    let external = Told {
        organisation: None,
        organisation_name: None,
        service: Some(Place::External { external: true }),
        ..told(
            9,
            "external",
            "external_service",
            date!(2026 - 02 - 10),
            &json!({ "status": "in_path" }),
        )
    };
    let left = at(
        told(
            11,
            "housing",
            "stay_ended",
            date!(2026 - 04 - 18),
            &json!({ "destination": "street" }),
        ),
        "Dormitorio Stazione",
        ServiceType::NightShelter,
        14,
    );
    vec![
        told(
            1,
            "access",
            "person_registered",
            date!(2026 - 01 - 11),
            &json!({ "status": "declared", "birth_year": 1974 }),
        ),
        told(
            2,
            "access",
            "contact_recorded",
            date!(2026 - 01 - 11),
            &json!({ "channel": "street", "needs": [{ "code": "housing", "level": 3 }, { "code": "health", "level": 2 }] }),
        ),
        Told { corrected_by: Some("intake/4".into()), ..wrong },
        Told { corrects: Some("intake/3".into()), ..right },
        told(
            5,
            "case",
            "taken_in_charge",
            date!(2026 - 01 - 19),
            &json!({ "marginality": "severe", "place": "street" }),
        ),
        store(told(
            8,
            "food",
            "card_issued",
            date!(2026 - 02 - 02),
            &json!({ "points": 60, "household_size": 1, "valid_to": "2027-01-31" }),
        )),
        external,
        recorded(by(left, "Cooperativa Approdo"), datetime!(2026-05-06 15:20 UTC)),
        housing(told(
            12,
            "referrals",
            "referral_created",
            date!(2026 - 03 - 25),
            &json!({ "need": "housing", "urgency": "urgent", "from": { "name": "Servizio sociale Libertà" } }),
        )),
        housing(told(13, "referrals", "referral_accepted", date!(2026 - 05 - 03), &json!({}))),
        housing(told(
            14,
            "housing",
            "stay_started",
            date!(2026 - 05 - 04),
            &json!({ "kind": "temporary", "cap_on": "2028-05-04", "route": "ordinary" }),
        )),
        csm(told(
            15,
            "csm",
            "referral_declined",
            date!(2026 - 05 - 29),
            &json!({ "reason": "outside_area", "next_step": "refer_elsewhere", "by": "service", "elsewhere": { "name": "CSM Ovest" } }),
        )),
        store(told(
            16,
            "food",
            "points_spent",
            date!(2026 - 11 - 16),
            &json!({ "points": 12, "balance": 22 }),
        )),
        csm(told(
            17,
            "csm",
            "referral_sent",
            date!(2026 - 11 - 16),
            &json!({ "answer_by": "2026-11-26T17:00:00Z" }),
        )),
    ]
}

fn spans() -> Vec<Span> {
    let external = Span {
        service: Some(Place::External { external: true }),
        about: None,
        ..span("external", 0, date!(2026 - 02 - 10), None, "in_path")
    };
    let named = |span: Span, name: &str, kind| Span { service: place(name, kind), ..span };
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

fn antonio() -> JourneyView {
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

fn frame(title: &str) -> Frame {
    Frame {
        title: title.into(),
        assets: "/assets/digest".into(),
        demo: true,
        viewer: Some(Viewer {
            name: "L. Rinaldi".into(),
            role: "Case manager".into(),
            ats: "Bari".into(),
        }),
        places: vec![Where::Inbox, Where::People, Where::Network],
        current: Some(Where::People),
        crumbs: vec![Crumb::to("Persone", "/persone"), Crumb::here(title)],
    }
}

fn html(journey: &JourneyView, seen: &Seen) -> String {
    let view = view(journey, seen, 1);
    Page { frame: frame(&view.title()), view }.render().unwrap()
}

#[test]
fn a_journey_is_a_page_of_cards_periods_and_events() {
    insta::assert_snapshot!(html(&antonio(), &seen()));
}

#[test]
fn a_journey_as_of_a_day_says_so_on_top_and_counts_from_that_day() {
    let past = Seen { known_by: Some(date!(2026 - 05 - 10)), ..seen() };
    let html = html(&antonio(), &past);
    assert!(html.contains(
        "<strong>Situazione al 10 maggio 2026</strong>, con quello che si sapeva quel giorno."
    ));
    assert!(html.contains("scade tra 725 giorni"), "{html}");
    assert!(html.contains("value=\"2026-05-10\""));
}

#[test]
fn the_two_clocks_are_told_apart() {
    let words = |known_by, happened_by| {
        as_of(&Seen { now: TODAY, known_by, happened_by }).map(|(a, b)| a + &b)
    };
    let (one, two) = (Some(date!(2026 - 10 - 08)), Some(date!(2026 - 10 - 15)));
    assert_eq!(words(None, None), None);
    assert_eq!(
        words(None, one).unwrap(),
        "Situazione all’8 ottobre 2026, con quello che si sa oggi."
    );
    assert_eq!(
        words(two, one).unwrap(),
        "Situazione all’8 ottobre 2026, con quello che si sapeva il 15 ottobre 2026."
    );
}

#[test]
fn what_was_corrected_is_struck_beside_its_correction() {
    let view = view(&antonio(), &seen(), 1);
    let wrong = view.entries.iter().find(|entry| entry.struck).unwrap();
    assert_eq!(wrong.what, "Situazione abitativa: in strada o in sistemazioni di fortuna");
    let correction =
        "Situazione abitativa, correzione: ospite di familiari o amici (corretto il 3 feb)";
    assert_eq!(wrong.correction.as_deref(), Some(correction));
    let right = view.entries.iter().find(|entry| entry.replaces.is_some()).unwrap();
    assert_eq!(
        right.replaces.as_deref(),
        Some("Situazione abitativa: in strada o in sistemazioni di fortuna")
    );
}

#[test]
fn what_was_recorded_late_says_how_late() {
    let html = html(&antonio(), &seen());
    assert_eq!(html.matches("registrato 18 giorni dopo").count(), 1);
    assert!(html.contains("6 mag 17:20"));
}

#[test]
fn a_journey_that_waits_for_events_says_since_when() {
    let journey =
        JourneyView { incomplete_since: Some(datetime!(2026-11-20 08:10 UTC)), ..antonio() };
    let html = html(&journey, &seen());
    assert!(html.contains("<strong>Percorso incompleto</strong> da 20 novembre 2026 alle 09:10"));
}

#[test]
fn an_external_service_shows_that_it_is_there_and_nothing_else() {
    let view = view(&antonio(), &seen(), 1);
    let external =
        view.entries.iter().find(|entry| entry.family.label() == "Servizio esterno").unwrap();
    assert_eq!(external.what, "Servizio esterno: in percorso");
    assert_eq!((external.who.as_str(), external.place.as_deref()), ("dettaglio riservato", None));
}

#[test]
fn a_hostile_public_name_is_text_and_nothing_else() {
    let mut journey = antonio();
    let hostile = "<script>alert(1)</script>\"'&";
    for entry in &mut journey.entries {
        entry.service = place(hostile, ServiceType::Csm);
        entry.organisation_name = Some(hostile.into());
        entry.detail.insert("elsewhere".into(), json!({ "name": hostile }));
    }
    for span in &mut journey.spans {
        span.service = place(hostile, ServiceType::Csm);
    }
    let html = html(&journey, &seen());
    assert!(!html.contains("<script") && !html.contains("</script"));
    assert!(html.contains("&#60;script&#62;"));
}

#[test]
fn a_long_journey_is_shown_a_hundred_events_at_a_time() {
    let one = entries().remove(0);
    let journey = JourneyView { entries: vec![one; 250], ..antonio() };
    let past = Seen { known_by: Some(TODAY), ..seen() };
    let second = view(&journey, &past, 2);
    assert_eq!((second.entries.len(), second.total), (ENTRIES, 250));
    let path = format!("/persone/{ANTONIO}?al=2026-11-22&pagina=");
    assert_eq!(second.newer.unwrap(), format!("{path}1"));
    assert_eq!(second.older.unwrap(), format!("{path}3"));
    assert_eq!(view(&journey, &past, 3).older, None);
    assert_eq!(view(&journey, &past, usize::MAX / 200).entries.len(), 0);
}

#[test]
fn a_journey_without_anything_still_says_what_is_not_known() {
    let journey = JourneyView {
        situations: Vec::new(),
        spans: Vec::new(),
        entries: Vec::new(),
        records: Vec::new(),
        ..antonio()
    };
    let html = html(&journey, &seen());
    for words in [
        "Persona senza codice",
        "Non si sa ancora",
        "Nessuna tessera attiva",
        "Nessuno in attesa",
        "Nessuna scadenza",
        "Ancora nessun evento.",
    ] {
        assert!(html.contains(words), "{words}");
    }
}
