use serde_json::json;
use time::macros::date;
use trama_events::codes::ServiceType;
use trama_events::ids::ServiceId;
use trama_projections::journey::JourneyView;
use trama_ui::language::Language;

use super::super::super::view::tests::sample::{TO_CSM, TODAY, antonio, place};
use super::*;
use crate::inbox::view::tests::{frame, in_both, said};

fn seen(language: Language) -> Seen {
    Seen { language, now: TODAY, known_by: None, happened_by: None }
}

/// A journey in which each service is one of its own, and the senders are told.
fn journey() -> JourneyView {
    let mut journey = antonio();
    let named = |place: &mut Where| place.service = ServiceId::derived(&[&place.name]);
    for entry in &mut journey.entries {
        entry.service.iter_mut().for_each(named);
        if let Some(from) = entry.detail.get_mut("from") {
            *from = json!({ "service": ServiceId::derived(&["Servizio sociale Libertà"]),
                "name": "Servizio sociale Libertà", "service_type": "professional_social_service" });
        }
    }
    for span in &mut journey.spans {
        span.service.iter_mut().for_each(named);
    }
    journey
}

fn page(journey: &JourneyView, language: Language) -> Page {
    let title = language.words().around_title();
    Page::of(frame(&title, language), Vec::new(), "09:41".into(), journey, &seen(language))
}

#[test]
fn the_services_around_a_person_are_a_map_and_two_tables_in_both_languages() {
    let [italian, english] =
        Language::ALL.map(|language| said(&page(&journey(), language).render().unwrap()));
    let names: Vec<String> =
        journey().entries.iter().filter_map(|e| e.service.clone()).map(|p| p.name).collect();
    let both = in_both(&italian, &english);
    let is_name = |line: &String| {
        line.split(" → ").all(|part| names.iter().any(|name| name.contains(part)))
            || line.chars().all(|symbol| symbol.is_ascii_digit() || "–:".contains(symbol))
    };
    assert!(both.iter().all(is_name), "{both:?}");
    insta::assert_snapshot!("around_en", english);
    assert!(italian.contains("Rete della persona"), "{italian}");
}

#[test]
fn a_referral_is_a_flow_from_who_sent_her_to_who_received_her_and_leads_to_its_row() {
    let page = page(&journey(), Language::Italian);
    let drawn = page.svg.as_ref().unwrap().to_string();
    assert_eq!(drawn.matches("href=\"#invio-").count(), 1, "only one of the senders is told");
    assert!(drawn.contains("Servizio sociale Libertà → Housing temporaneo Japigia"), "{drawn}");
    let told: Vec<(&str, &str, &str)> = page
        .referrals
        .iter()
        .map(|one| (one.from.as_str(), one.to.as_str(), one.outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("–", "CSM Est", "in attesa da 6 g"),
            ("Servizio sociale Libertà", "Housing temporaneo Japigia", "accolto · 39 g"),
        ]
    );
}

#[test]
fn who_may_not_be_named_is_no_service_and_no_flow() {
    let mut journey = journey();
    let of_csm = Some(uuid::Uuid::from_u128(TO_CSM));
    for entry in journey.entries.iter_mut().filter(|entry| entry.about == of_csm) {
        entry.service = None;
    }
    for span in journey.spans.iter_mut().filter(|span| span.about == of_csm) {
        span.service = None;
    }
    let page = page(&journey, Language::Italian);
    assert_eq!(page.referrals.len(), 1);
    let html = page.render().unwrap();
    assert!(!html.contains("CSM"), "{html}");
}

#[test]
fn nothing_known_is_said_and_not_drawn() {
    let mut journey = journey();
    journey.entries.clear();
    journey.spans.clear();
    let page = page(&journey, Language::English);
    assert!(page.svg.is_none());
    let html = page.render().unwrap();
    assert!(html.contains("No service yet.") && html.contains("No referral yet."), "{html}");
}

#[test]
fn of_many_services_those_of_which_something_was_told_last_are_shown_and_the_others_counted() {
    let mut journey = journey();
    let one = journey.entries[0].clone();
    for number in 0..40_u8 {
        let name = format!("Mensa {number}");
        let service = ServiceId::derived(&[&name]);
        let on = date!(2020 - 01 - 01) + time::Duration::days(number.into());
        let place = Where { service, ..place(&name, ServiceType::Canteen) };
        let entry = trama_projections::journey::Entry {
            service: Some(place),
            happened_on: on,
            ..one.clone()
        };
        journey.entries.push(entry);
    }
    let page = page(&journey, Language::Italian);
    assert_eq!(page.services.len(), 24);
    assert!(page.services.iter().all(|row| row.name != "Mensa 0"));
    assert!(page.services_left.as_ref().unwrap().contains("Altri"));
}
