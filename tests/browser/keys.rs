//! How little is asked of a hand: in the street, and of whoever opens a record without a tie to it.
//! The desk's contact is counted in `reception.rs`, the answer to a referral in `inbox.rs`.

use std::time::Instant;

use serde_json::json;
use trama_events::ids::PersonId;

use super::chromium::{Chromium, Somebody, Window};
use super::demo::Demo;
use super::reception::{CONTACT_WITHIN, FIELDS, FIELDS_MAX, FOCUSED, KEYS_MAX};
use super::{WIDTHS, no_complaint, words};

const ASKS: &str = "document.querySelector('main [type=radio][name=scopo]') !== null";

/// Whoever is met in the street is written down with a place, by keys alone.
fn a_contact_in_the_street_is_as_short_as_at_the_door(demo: &Demo, hers: &Somebody<'_>) {
    let street = demo.seats(hers, "anna.uds", "/contatti/nuovo");
    let since = Instant::now();
    let fields = street.finds(FIELDS).as_u64().unwrap();
    assert!(fields <= FIELDS_MAX, "{fields} fields");
    assert_eq!(street.finds(FOCUSED), json!("sigla"), "the first key is a letter of the alias");
    let mut keys = street.types("UDS-0142");
    street.strikes("Tab");
    keys += 1 + street.types("libertà");
    for key in ["Tab", "c", "Tab"] {
        street.strikes(key);
        keys += 1;
    }
    assert_ne!(street.finds("document.getElementById('dato').value"), json!(""));
    assert_eq!(street.finds("document.activeElement.type"), json!("submit"));
    street.strikes_and_leaves("Enter");
    keys += 1;
    assert!(words(&street).contains("Contatto annotato."), "{}", words(&street));
    assert!(keys <= KEYS_MAX, "{keys} keys");
    assert!(since.elapsed() < CONTACT_WITHIN);
    no_complaint(&street);
}

/// Whether a record is open there, and not a question.
fn is_open(window: &Window<'_>) -> bool {
    window.finds(ASKS) == json!(false)
        && window.finds("document.querySelector('nav.tabs') !== null") == json!(true)
}

fn states_care(window: &Window<'_>) {
    window.presses("main [name=scopo][value=care]");
    window.follows("main form[method=get] button");
}

/// For which purpose is asked once for each person: not by her other pages, not in another window,
/// not when her record is opened again. Of another person, and in the next shift, it is asked.
fn a_purpose_is_asked_once_for_a_person_and_shift(
    demo: &Demo,
    his: &Somebody<'_>,
    people: [PersonId; 2],
) {
    let [one, other] = people.map(|person| demo.at(&format!("/persone/{person}")));
    let window = demo.seats(his, "fabio.stazione", "/");
    window.goes_to(&one);
    assert_eq!(window.finds(ASKS), json!(true), "{}", words(&window));
    states_care(&window);
    assert!(is_open(&window), "{}", words(&window));
    for page in ["collegamenti", "accoglienza"] {
        window.follows(&format!("nav.tabs a[href*=\"/{page}\"]"));
        assert_eq!(
            window.finds("document.querySelector('main form[method=get] [name=scopo]')"),
            json!(null),
            "{page}"
        );
    }
    window.goes_to(&one);
    assert!(is_open(&window), "asked again: {}", words(&window));
    let second = his.window(WIDTHS[0]);
    second.goes_to(&one);
    assert!(is_open(&second), "asked again in another window: {}", words(&second));
    second.goes_to(&other);
    assert_eq!(second.finds(ASKS), json!(true), "of another person it is asked");
    states_care(&second);
    second.goes_to(&one);
    assert!(is_open(&second), "both are kept");

    window.follows("form[action='/esci'] button");
    let next = demo.seats(his, "fabio.stazione", "/");
    next.goes_to(&one);
    assert_eq!(next.finds(ASKS), json!(true), "in the next shift it is asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn little_is_asked_of_a_hand_in_the_street_and_a_purpose_once_for_a_person_and_shift() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let people = [demo.meets("Pia").await, demo.meets("Rosa").await];
    a_contact_in_the_street_is_as_short_as_at_the_door(&demo, &chromium.somebody());
    a_purpose_is_asked_once_for_a_person_and_shift(&demo, &chromium.somebody(), people);
}
