//! What becomes of open pages when the session ends under them.

use std::time::Duration;

use serde_json::json;

use super::chromium::Chromium;
use super::demo::Demo;
use super::{WIDTHS, drawn, no_complaint};

/// One question to the server, and its answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

const TOLD: &str = "document.getElementById('sessione')?.hidden === false";
const SIGNS_IN: &str = "location.pathname === '/entra'";
/// Nothing more arrives, and the page is looked at again a little later.
const LATER: &str = "window.asked = window.fetch; window.fetch = () => Promise.reject(new Error()); \
    window.then = Date.now; Date.now = () => window.then() + 13 * 60_000; \
    document.dispatchEvent(new Event('visibilitychange'))";
const LATER_YET: &str = "Date.now = () => window.then() + 16 * 60_000; \
    document.dispatchEvent(new Event('visibilitychange'))";
const REACHED_AGAIN: &str = "window.fetch = window.asked; Date.now = window.then; \
    document.dispatchEvent(new Event('visibilitychange'))";

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_is_emptied_when_its_session_ends_and_says_so_before_t15() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "sara.segretariato", "/persone");
    assert_eq!(page.finds(TOLD), json!(false), "the session has just been used");
    page.finds(LATER);
    page.sees(TOLD, ANSWERED_WITHIN);
    drawn(&page, "sessione-scade");
    page.finds(LATER_YET);
    page.sees("document.querySelector('main').hidden", ANSWERED_WITHIN);
    page.finds(REACHED_AGAIN);
    page.sees(&format!("!({TOLD}) && !document.querySelector('main').hidden"), ANSWERED_WITHIN);
    no_complaint(&page);

    let second = hers.window(WIDTHS[0]);
    second.goes_to(&demo.at("/entra/accesso"));
    page.leaves(|| second.follows("form[action='/esci'] button"));
    assert_eq!(page.finds(SIGNS_IN), json!(true));
    let back = page.finds("new URL(location.href).searchParams.get('poi')");
    assert_eq!(back, json!("/persone"), "whoever signs in again is where she was");
}
