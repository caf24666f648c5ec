//! The inbox and a referral in a real browser: answered in two actions, by keys, without scripts,
//! after a colleague; and somebody is sent on, with what the service will see.

use serde_json::json;

use super::chromium::{Chromium, Window};
use super::demo::{Demo, actor};
use super::{GOES_WITHIN, drawn, no_complaint, words};

const NO_SIDEWAYS: &str =
    "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
const NARROW: u32 = 320;
/// The row in which the focus is.
const IN_ROW: &str = "[...document.querySelectorAll('[data-chiave]')]\
    .findIndex((row) => row.contains(document.activeElement))";

fn is_narrow(window: &Window<'_>, name: &str) {
    window.is_wide(NARROW);
    assert_eq!(window.finds(NO_SIDEWAYS), json!(true), "{name} scrolls sideways at {NARROW} px");
    window.is_wide(super::WIDTHS[0]);
}

/// Strikes a key that has no letter.
fn strikes(window: &Window<'_>, key: &str) {
    window.finds(&format!(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
            {{ key: '{key}', bubbles: true, cancelable: true }}))"
    ));
}

/// Referrals from a social worker to the night shelter, for people whom she has in charge.
async fn refers(demo: &Demo, names: &[&str]) -> Vec<String> {
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let mut sent = Vec::new();
    for name in names {
        let person = demo.meets(name).await;
        demo.opens_case(&marta, person).await;
        sent.push(demo.refers(person, &marta, &dario).await);
    }
    demo.settled().await;
    sent
}

async fn stage(demo: &Demo, referral: &str) -> String {
    let path = format!("/api/referrals/referrals/{referral}");
    let told = demo.client.get(&actor("dario.dormitorio"), &path).await.unwrap();
    told.body["stage"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_is_accepted_in_two_actions_from_the_start_page_by_hand_and_by_keys() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let sent = refers(&demo, &["Alba", "Bice", "Carla"]).await;
    let his = chromium.somebody();
    let inbox = demo.seats(&his, "dario.dormitorio", "/");
    drawn(&inbox, "posta-elenco");
    is_narrow(&inbox, "posta");

    inbox.follows(&format!("h3 a.of-wide[href*=\"{}\"]", sent[0]));
    assert_eq!(stage(&demo, &sent[0]).await, "seen", "opening it is told to its sender");
    assert!(words(&inbox).contains("Dormitorio"), "{}", words(&inbox));
    drawn(&inbox, "posta-scelto");
    is_narrow(&inbox, "posta con un invio");
    inbox.follows("[data-mossa=a]");
    assert_eq!(stage(&demo, &sent[0]).await, "accepted");
    assert!(words(&inbox).contains("Accolto."), "{}", words(&inbox));
    drawn(&inbox, "posta-accolto");

    // The same by keys: j, Enter, a. Letters that are typed in a field are letters.
    inbox.goes_to(&demo.at("/"));
    demo.settled().await;
    inbox.goes_to(&demo.at("/"));
    inbox.finds("document.activeElement.blur()");
    inbox.strikes("j");
    assert_eq!(inbox.finds(IN_ROW), json!(0));
    inbox.strikes("j");
    assert_eq!(inbox.finds(IN_ROW), json!(1));
    inbox.strikes("k");
    inbox.strikes_and_leaves("Enter");
    assert_eq!(inbox.finds(IN_ROW), json!(0), "the focus is in the row that was opened");
    inbox.strikes("r");
    assert_eq!(inbox.finds("document.activeElement.id"), json!("da"));
    inbox.strikes("a");
    assert!(inbox.finds("document.querySelector('details.move[open]') !== null") == json!(true));
    strikes(&inbox, "Escape");
    assert_eq!(inbox.finds("document.activeElement.dataset.mossa"), json!("r"));
    inbox.strikes_and_leaves("a");
    let outcome = words(&inbox);
    assert!(outcome.contains("Accolto."), "{outcome}");
    no_complaint(&inbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_keys_of_a_list_do_nothing_where_they_were_turned_off_wcag_2_1_4() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let sent = refers(&demo, &["Dalia"]).await;
    let his = chromium.somebody();
    let inbox = demo.seats(&his, "dario.dormitorio", "/aiuto");
    inbox.follows("button[name=tasti]");
    inbox.goes_to(&demo.at(&format!("/?invio={}", sent[0])));
    inbox.finds("document.querySelector('h3 a.of-wide').focus()");
    for key in ["j", "a", "r"] {
        inbox.strikes(key);
    }
    assert_eq!(stage(&demo, &sent[0]).await, "seen");
    assert_eq!(inbox.finds("document.querySelector('details.move[open]')"), json!(null));
    no_complaint(&inbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_no_needs_its_reason_and_who_comes_after_a_colleague_is_told_so() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let sent = refers(&demo, &["Elia", "Flora"]).await;
    let his = chromium.somebody();
    let page = demo.seats(&his, "dario.dormitorio", "/");
    page.runs_no_script();
    page.is_wide(NARROW);
    page.follows(&format!("h3 a.of-narrow[href$=\"{}\"]", sent[0]));
    assert_eq!(page.finds(NO_SIDEWAYS), json!(true));
    page.finds("document.querySelectorAll('form').forEach((form) => form.noValidate = true)");
    page.follows("form:has(input[value=respingi]) button[type=submit]");
    let told = words(&page);
    assert!(told.contains("3 cose da sistemare") && told.contains("Scegli perché no"), "{told}");
    for (name, value) in [("da", "service"), ("motivo", "no_capacity"), ("passo", "retry_later")] {
        page.finds(&format!("document.getElementById('{name}').value = '{value}'"));
    }
    page.follows("form:has(input[value=respingi]) button[type=submit]");
    assert!(words(&page).contains("Respinto."), "{}", words(&page));
    assert_eq!(stage(&demo, &sent[0]).await, "declined");

    page.goes_to(&demo.at(&format!("/invii/{}", sent[1])));
    let back = format!("/api/referrals/referrals/{}/withdraw", sent[1]);
    demo.does(&actor("marta.assistente"), &back, json!({ "reason": "mistake" })).await;
    page.follows("[data-mossa=a]");
    let told = words(&page);
    assert!(told.contains("Nel frattempo è cambiato") && told.contains("ritirato"), "{told}");
    assert!(told.contains("non è stata registrata"), "{told}");
    no_complaint_but_refusals(&page);
}

/// A refused form is answered with 422, which the browser's log names; so does it what a script of the
/// first page still awaited when scripts were forbidden.
fn no_complaint_but_refusals(window: &Window<'_>) {
    let known = ["status of 422", "callback is no longer runnable"];
    let is_known = |said: &String| known.iter().any(|known| said.contains(known));
    let other: Vec<String> =
        window.complaints().into_iter().filter(|said| !is_known(said)).collect();
    assert_eq!(other, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_sent_on_with_what_the_service_will_see_and_a_repeat_is_stopped_with_a_link() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let marta = actor("marta.assistente");
    let person = demo.meets("Gina").await;
    demo.opens_case(&marta, person).await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "marta.assistente", &format!("/invii/nuovo?persona={person}"));
    assert!(words(&page).contains("A quale servizio la mandi?"), "{}", words(&page));
    drawn(&page, "invio-a-chi");
    is_narrow(&page, "a quale servizio");
    let dario = actor("dario.dormitorio");
    let choice = format!("a[href*=\"a={}\"]", dario.services[0]);
    page.follows(&choice);
    drawn(&page, "invio-nuovo");
    is_narrow(&page, "nuovo invio");
    let sees = "document.querySelector('.sees').innerText";
    assert!(page.finds(sees).as_str().unwrap().contains("Bisogni"), "{}", page.finds(sees));
    page.finds("document.getElementById('sez-needs').click()");
    assert!(!page.finds(sees).as_str().unwrap().contains("Bisogni:"), "{}", page.finds(sees));
    let fill = "document.getElementById('bisogno').value = 'housing'";
    page.finds(fill);
    page.follows("form.composer button[type=submit]");
    let told = words(&page);
    assert!(told.contains("Invio mandato.") && told.contains("Ritira"), "{told}");
    drawn(&page, "invio-mandato");
    is_narrow(&page, "invio");

    page.goes_to(&demo.at(&format!("/invii/nuovo?persona={person}")));
    page.follows(&choice);
    page.finds(fill);
    page.follows("form.composer button[type=submit]");
    assert!(words(&page).contains("c’è già un invio aperto"), "{}", words(&page));
    page.follows("main a[href^=\"/invii/\"].filled");
    assert!(words(&page).contains("Inviato"), "{}", words(&page));
    demo.settled().await;
    let his = chromium.somebody();
    let inbox = demo.seats(&his, "dario.dormitorio", "/");
    inbox.sees("document.querySelectorAll('[data-chiave]').length === 1", GOES_WITHIN);
    no_complaint_but_refusals(&page);
}
