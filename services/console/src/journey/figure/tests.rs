use time::macros::date;

use super::super::view::tests::sample::{ANTONIO, TODAY, antonio};
use super::*;

fn seen() -> Seen {
    Seen { language: Language::Italian, now: TODAY, known_by: None, happened_by: None }
}

fn asked(seen: Seen) -> Asked<'static> {
    Asked { seen, page: 1, zoom: None, purpose: "" }
}

fn drawn(journey: &JourneyView, asked: Asked<'_>) -> String {
    figure(journey, asked).svg.map(|svg| svg.to_string()).unwrap_or_default()
}

#[test]
fn a_year_is_shown_of_a_long_journey_that_goes_on_and_all_of_a_shorter_one() {
    let window = |start| {
        let zoom = first_choice(&antonio(), start, seen());
        (zoom, window(zoom, start, seen()))
    };
    let short = (Zoom::Whole, (date!(2026 - 01 - 01), TODAY));
    assert_eq!(window(date!(2026 - 01 - 11)), short);
    let long = (Zoom::Year, (date!(2025 - 11 - 23), TODAY));
    assert_eq!(window(date!(2014 - 03 - 02)), long);
    let silent = JourneyView { entries: Vec::new(), ..antonio() };
    assert_eq!(first_choice(&silent, date!(2014 - 03 - 02), seen()), Zoom::Whole);
    let one_day = (Zoom::Whole, (date!(2026 - 11 - 02), TODAY));
    assert_eq!(window(TODAY), one_day);
}

#[test]
fn the_day_on_which_one_looks_is_always_on_the_axis() {
    for known_by in [date!(2015 - 01 - 01), date!(2026 - 02 - 28), TODAY] {
        let seen = Seen { known_by: Some(known_by), ..seen() };
        for zoom in Zoom::ALL {
            let (first, last) = window(zoom, date!(2014 - 03 - 02), seen);
            assert!(first <= known_by && known_by <= last && last <= TODAY, "{zoom:?} {known_by}");
        }
    }
}

#[test]
fn a_part_is_offered_where_it_is_shorter_than_the_whole_and_keeps_the_days_and_the_purpose() {
    let past = Seen { known_by: Some(date!(2026 - 10 - 15)), ..seen() };
    let ways = figure(&antonio(), Asked { purpose: "care", ..asked(past) }).ways;
    let labels: Vec<(&str, bool)> =
        ways.iter().map(|way| (way.label.as_str(), way.current)).collect();
    assert_eq!(labels, [("3 mesi", false), ("Tutto", true)]);
    let href = format!("/persone/{ANTONIO}?pagina=1&al=2026-10-15&vista=3mesi&scopo=care#percorso");
    assert_eq!(ways[0].href, href);
}

#[test]
fn each_mark_leads_to_the_row_that_tells_it() {
    let mut journey = antonio();
    let one = journey.entries[0].clone();
    journey.entries.splice(0..0, vec![one; 120]);
    let places = Places { journey: &journey, asked: asked(seen()) };
    assert_eq!(places.event(journey.entries.len() - 1), "#voce-intake-17");
    assert!(places.event(0).ends_with("?pagina=2#voce-intake-1"), "{}", places.event(0));
}

#[test]
fn a_referral_is_a_wait_and_its_answer_stands_where_she_was_received() {
    let svg = drawn(&antonio(), asked(seen()));
    assert!(svg.contains("Housing temporaneo Japigia accolto · 39 g, invio del 25 marzo 2026"));
    assert!(svg.contains("CSM Est in attesa da 6 g, invio del 16 novembre 2026"));
    // She moved in a day after: the stay says that she arrived.
    assert!(!svg.contains("<title>Invio accolto"));
}

#[test]
fn days_between_two_stays_are_a_gap_unless_she_slept_in_a_shelter() {
    let svg = drawn(&antonio(), asked(seen()));
    assert!(svg.contains("16 g senza posto, dal 18 aprile 2026 al 4 maggio 2026"), "{svg}");
    let mut journey = antonio();
    let nights = (18..=30).map(|day| (4, day)).chain((1..=3).map(|day| (5, day)));
    for (month, day) in nights {
        let night =
            time::Date::from_calendar_date(2026, time::Month::try_from(month).unwrap(), day);
        let mut entry = journey.entries[0].clone();
        (entry.kind, entry.lane) = ("night_checked_in".into(), "housing");
        entry.happened_on = night.unwrap();
        journey.entries.push(entry);
    }
    let svg = drawn(&journey, asked(seen()));
    assert!(!svg.contains("senza posto") && svg.contains("notti in dormitorio: 16"), "{svg}");
}

#[test]
fn what_is_sealed_says_that_it_is_there_and_nothing_else() {
    let svg = drawn(&antonio(), asked(seen()));
    assert!(svg.contains("In percorso · dettaglio riservato, dal 10 febbraio 2026, in corso"));
    let mut journey = antonio();
    journey.spans.retain(|span| span.kind != "external_path");
    journey.entries.retain(|entry| entry.lane != "external");
    assert!(!drawn(&journey, asked(seen())).contains("Servizio esterno"));
}

#[test]
fn what_was_corrected_is_not_drawn() {
    let svg = drawn(&antonio(), asked(seen()));
    assert!(!svg.contains("in strada o in sistemazioni di fortuna"), "{svg}");
}

#[test]
fn a_person_of_whom_nothing_is_shown_has_no_drawing() {
    let journey = JourneyView { entries: Vec::new(), spans: Vec::new(), ..antonio() };
    let figure = figure(&journey, asked(seen()));
    assert!(figure.svg.is_none() && figure.keys.is_empty() && figure.ways.is_empty());
}

/// The unit is called for a day, and perhaps another word follows a week later.
fn called(on: &str, after: Option<(&str, &str)>) -> JourneyView {
    let mut journey = antonio();
    let day = date!(2026 - 06 - 01);
    let one = journey.entries[0].clone();
    let word = |kind: &str, on: &str, days: i64| Entry {
        id: format!("casework/{days}"),
        kind: kind.into(),
        lane: "case",
        happened_on: day + Duration::days(days),
        recorded_at: one.recorded_at + Duration::days(141 + days),
        about: Some(uuid::Uuid::from_u128(99)),
        detail: serde_json::json!({ "on": on }).as_object().unwrap().clone(),
        ..one.clone()
    };
    journey.entries.push(word("uvm_convened", on, 0));
    journey.entries.extend(after.map(|(kind, on)| word(kind, on, 7)));
    journey
}

#[test]
fn a_meeting_stands_on_its_day_as_a_mark_of_its_own_once_it_was_held() {
    let meetings = |journey: &JourneyView| -> Vec<Date> {
        let lanes = lanes::lanes(journey, TODAY, &Places { journey, asked: asked(seen()) });
        let events = lanes.into_iter().flat_map(|lane| lane.events);
        events.filter(|event| event.is_meeting).map(|event| event.on).collect()
    };
    let (held, moved) = (date!(2026 - 06 - 20), date!(2026 - 07 - 03));
    assert_eq!(meetings(&called("2026-06-20", None)), [held]);
    assert_eq!(meetings(&called("2026-12-20", None)), []);
    assert_eq!(meetings(&called("2026-06-20", Some(("uvm_cancelled", "")))), []);
    let anew = Some(("uvm_convened", "2026-07-03"));
    assert_eq!(meetings(&called("2026-06-20", anew)), [moved]);
    assert_eq!(meetings(&called("2026-06-04", anew)), [date!(2026 - 06 - 04), moved]);
    let keys = figure(&called("2026-06-20", None), asked(seen())).keys;
    assert!(keys.iter().any(|key| key.class == "meeting"), "{keys:?}");
}
