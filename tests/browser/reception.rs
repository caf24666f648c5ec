//! Searching and receiving people in a real browser: counted keys, candidates while a name is typed,
//! the same without scripts, and what is kept of a form when a session ends before it was sent.

use std::time::{Duration, Instant};

use serde_json::json;

use super::chromium::{Chromium, Window};
use super::demo::Demo;
use super::{SHOWS_WITHIN, drawn, no_complaint, words};

/// A contact at the door: keys, fields, and how long it takes. Source: the issue of the console.
pub(super) const KEYS_MAX: usize = 25;
pub(super) const FIELDS_MAX: u64 = 3;
pub(super) const CONTACT_WITHIN: Duration = Duration::from_mins(1);
/// After the last key a page waits 300 ms before it asks, and is then answered.
const CANDIDATES_WITHIN: Duration = Duration::from_secs(3);
/// The narrowest telephone, in pixels (WCAG 2.2, 1.4.10).
const NARROW: u32 = 320;

/// Fields that somebody sees and may fill in.
pub(super) const FIELDS: &str = "[...document.querySelectorAll('main form input, main form select, main form textarea')]\
    .filter((field) => field.type !== 'hidden' && field.checkVisibility()).length";
const NO_SIDEWAYS: &str =
    "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
pub(super) const FOCUSED: &str = "document.activeElement.id";

/// Nothing scrolls sideways at the width of the narrowest telephone.
fn is_narrow(window: &Window<'_>, name: &str) {
    window.is_wide(NARROW);
    assert_eq!(window.finds(NO_SIDEWAYS), json!(true), "{name} scrolls sideways at {NARROW} px");
    window.is_wide(super::WIDTHS[0]);
}

/// Somebody whose name the desk of Bari was told, found again by it.
async fn is_known(demo: &Demo, family: &str, given: &str) {
    let person = demo.meets(family).await;
    let sara = super::actor("sara.segretariato");
    let fact =
        |field: &str, value: &str| json!({ "field": field, "value": value, "source": "declared" });
    let facts =
        [fact("family_name", family), fact("given_name", given), fact("birth_date", "1991-04-02")];
    let path = format!("/api/vault/persons/{person}/facts");
    demo.does(&sara, &path, json!({ "facts": facts })).await;
    demo.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_at_the_door_takes_at_most_25_keys_three_fields_and_a_minute() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let his = chromium.somebody();
    let door = demo.seats(&his, "fabio.stazione", "/contatti/nuovo");
    let since = Instant::now();
    let fields = door.finds(FIELDS).as_u64().unwrap();
    assert!(fields <= FIELDS_MAX, "{fields} fields");
    assert_eq!(door.finds(FOCUSED), json!("sigla"), "the first key is a letter of the alias");
    is_narrow(&door, "contatto");
    drawn(&door, "contatto");
    let mut keys = door.types("SDP-0142");
    for key in ["Tab", "Tab", "v", "Tab"] {
        door.strikes(key);
        keys += 1;
    }
    assert_eq!(door.finds("document.getElementById('dato').value"), json!("clothing"));
    assert_eq!(door.finds("document.activeElement.type"), json!("submit"));
    door.strikes_and_leaves("Enter");
    keys += 1;
    assert!(words(&door).contains("Contatto annotato."), "{}", words(&door));
    assert!(keys <= KEYS_MAX, "{keys} keys");
    assert!(since.elapsed() < CONTACT_WITHIN);
    drawn(&door, "contatto-annotato");
    no_complaint(&door);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_be_known_shows_while_her_name_is_typed_and_what_is_said_of_her_stays() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    is_known(&demo, "Diallo", "Ibrahima").await;
    let hers = chromium.somebody();
    let form = demo.seats(&hers, "sara.segretariato", "/persone/nuova");
    form.finds("window.stays = true");
    assert_eq!(
        form.finds("document.querySelector('noscript button')"),
        json!(null),
        "the button of those without scripts is not there"
    );
    drawn(&form, "persona-nuova");
    form.finds("document.getElementById('cognome').focus()");
    form.types("Dialo");
    form.strikes("Tab");
    form.types("Ibra");
    form.sees("document.querySelector('#simili ol li') !== null", CANDIDATES_WITHIN);
    let told = form.finds("document.getElementById('simili').innerText").to_string();
    assert!(told.contains("Dialo Ibra") && told.contains("Diallo Ibrahima"), "{told}");
    assert_eq!(form.finds(FOCUSED), json!("nome"), "the hand stays where it types");
    assert_eq!(form.finds("window.stays"), json!(true));
    drawn(&form, "persona-simili");
    is_narrow(&form, "persona nuova");
    form.presses("#simili input[value=incerta]");
    form.types("hima");
    form.sees(
        "document.getElementById('simili').innerText.includes('Dialo Ibrahima') && \
         document.querySelector('#simili input[value=incerta]').checked",
        CANDIDATES_WITHIN,
    );
    no_complaint(&form);

    let search = hers.window(super::WIDTHS[0]);
    search.goes_to(&demo.at("/persone"));
    assert_eq!(search.finds(FOCUSED), json!("q"));
    search.types("di");
    search.sees(
        "document.getElementById('trovati').innerText.includes('Scrivi ancora')",
        CANDIDATES_WITHIN,
    );
    assert!(!words(&search).contains("Diallo"), "a letter or two name nobody");
    search.types("allo ibr");
    search.sees(
        "document.getElementById('trovati').innerText.includes('Diallo Ibrahima')",
        CANDIDATES_WITHIN,
    );
    assert!(search.finds("location.href").as_str().unwrap().ends_with("/persone"));
    drawn(&search, "persone-trovate");
    is_narrow(&search, "persone");
    no_complaint(&search);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_same_is_found_by_a_button_and_each_step_is_a_page() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    is_known(&demo, "Diallo", "Ibrahima").await;
    let hers = chromium.somebody();
    let form = demo.seats(&hers, "sara.segretariato", "/");
    form.runs_no_script();
    form.goes_to(&demo.at("/persone/nuova"));
    form.finds("document.getElementById('cognome').value = 'Dialo'");
    form.finds("document.getElementById('nome').value = 'Ibrahima'");
    form.follows("noscript button");
    assert!(words(&form).contains("Diallo Ibrahima"), "{}", words(&form));
    drawn(&form, "persona-senza-script");
    form.presses("#simili input[value=altra]");
    form.finds("document.getElementById('servizio').selectedIndex = 1");
    form.follows("form.card button.filled");
    assert!(words(&form).contains("Di che cosa ha bisogno"), "{}", words(&form));
    demo.settled().await;
    form.finds("document.getElementById('servizio').selectedIndex = 1");
    form.follows("form.card button.filled");
    // A browser focuses what a page asks for when it first draws it.
    drawn(&form, "accoglienza-errore");
    assert_eq!(form.finds(FOCUSED), json!("errori"), "the mistakes are read first");
    form.finds("document.getElementById('bisogno-housing').value = '3'");
    form.follows("form.card button.filled");
    assert!(words(&form).contains("Dove dorme"), "{}", words(&form));
    demo.settled().await;
    drawn(&form, "accoglienza-abitare");
    is_narrow(&form, "accoglienza");
    form.follows("form.card p.actions a.button");
    assert!(words(&form).contains("Che cosa le è stato detto"), "{}", words(&form));
    form.goes_to(form.finds("document.querySelector('.head a.button').href").as_str().unwrap());
    assert!(!words(&form).contains("Accoglienza da completare"), "{}", words(&form));
    drawn(&form, "persona-accoglienza");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_survives_a_session_that_ended_and_who_she_is_does_not_a4() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let his = chromium.somebody();
    let door = demo.seats(&his, "fabio.stazione", "/contatti/nuovo");
    door.types("SDP-0142");
    for key in ["Tab", "Tab", "v"] {
        door.strikes(key);
    }
    let kept = door.finds("JSON.stringify({ ...sessionStorage })").to_string();
    assert!(kept.contains("clothing") && !kept.contains("0142"), "{kept}");
    door.forgets();
    door.follows("form.card button.filled");
    assert!(door.finds("location.pathname") != json!("/contatti/nuovo"), "signed out");
    door.goes_to(&demo.at("/entra/avvia?poi=/contatti/nuovo"));
    door.follows("button[value=\"fabio.stazione\"]");
    door.sees("document.getElementById('dato')?.value === 'clothing'", SHOWS_WITHIN);
    assert_eq!(door.finds("document.getElementById('sigla').value"), json!(""));
    assert!(words(&door).contains("Abbiamo ripreso"), "{}", words(&door));
    door.follows("form.card button.filled");
    assert!(words(&door).contains("Contatto annotato."), "{}", words(&door));
    assert_eq!(door.finds("Object.keys(sessionStorage).length"), json!(0), "it was taken");
    assert_eq!(door.finds("document.getElementById('dato').value"), json!(""));
    door.strikes("Tab");
    door.strikes("Tab");
    door.strikes("v");
    assert_eq!(door.finds("Object.keys(sessionStorage).length"), json!(1));
    door.follows("form[action='/esci'] button");
    door.goes_to(&demo.at("/entra"));
    assert_eq!(door.finds("Object.keys(sessionStorage).length"), json!(0), "gone at sign-out");
}
