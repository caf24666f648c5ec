//! Pages in a real browser: what happens elsewhere shows without a reload and under nobody's hand,
//! and what may not be seen any more goes while it is looked at. Pictures of the pages are left in
//! `target/tmp/pages`.

#![cfg(test)]

#[path = "browser/attacks.rs"]
mod attacks;
#[path = "browser/chromium.rs"]
mod chromium;
#[path = "browser/demo.rs"]
mod demo;
#[path = "browser/inbox.rs"]
mod inbox;
#[path = "browser/keys.rs"]
mod keys;
#[path = "browser/reception.rs"]
mod reception;
#[path = "browser/screens.rs"]
mod screens;
#[path = "browser/scripts.rs"]
mod scripts;
#[path = "browser/sessions.rs"]
mod sessions;
#[path = "browser/states.rs"]
mod states;
#[path = "browser/stranger.rs"]
mod stranger;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chromium::{Chromium, Somebody, Window};
use demo::{Demo, actor};
use serde_json::{Value, json};
use trama_events::ids::PersonId;
use trama_platform::clock::pause;

/// A referral shows in the open inbox of its receiver. Source: the issue of the console.
const SHOWS_WITHIN: Duration = Duration::from_secs(1);
/// What may not be seen any more goes. Source: trust.md D4.
const GOES_WITHIN: Duration = Duration::from_secs(5);
/// A page listens once it was read.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);
/// A page whose stream was lost listens again: its longest wait, and a half.
const AGAIN_WITHIN: Duration = Duration::from_secs(45);
/// Widths of a desk and of a telephone, in pixels.
const WIDTHS: [u32; 2] = [1440, 390];

/// The line of an open page says so.
const LISTENS: &str = "document.querySelector('[data-quando=vivo]')?.hidden === false";
/// It says that there is more.
const NEWS: &str = "document.querySelector('[data-quando=novita]')?.hidden === false";
/// It says that it may not be true any more.
const LOST: &str = "document.querySelector('[data-quando=perso]')?.hidden === false";

impl Demo {
    /// Somebody signs in, with a second factor, and looks at a page.
    fn seats<'a>(&self, who: &Somebody<'a>, user: &str, path: &str) -> Window<'a> {
        let window = who.window(WIDTHS[0]);
        window.goes_to(&self.at("/entra/avvia?poi=/&secondo=1"));
        window.follows(&format!("button[value=\"{user}\"]"));
        window.goes_to(&self.at(path));
        window
    }

    /// `kill -9` of the process that serves pages, as a crash. Another one will take its place.
    fn crashes(&self) {
        let pid = std::fs::read_to_string(self.dir.join("web.pid")).unwrap();
        let killed = Command::new("kill").args(["-9", pid.trim()]).status().unwrap();
        assert!(killed.success(), "{pid} was not running");
    }

    /// Waits until its doors are open.
    async fn is_back(&self) {
        let http = reqwest::Client::builder().no_proxy().timeout(AGAIN_WITHIN).build().unwrap();
        let since = Instant::now();
        while http.get(self.at("/entra")).send().await.is_err() {
            assert!(since.elapsed() < AGAIN_WITHIN, "no pages again");
            pause(Duration::from_millis(20)).await;
        }
    }
}

/// Nothing was forbidden and nothing failed.
fn no_complaint(window: &Window<'_>) {
    assert_eq!(window.complaints(), Vec::<String>::new());
}

/// Draws a page at both widths.
fn drawn(window: &Window<'_>, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    for width in WIDTHS {
        window.is_wide(width);
        window.is_drawn(&folder.join(format!("{name}-{width}.png")));
    }
    window.is_wide(WIDTHS[0]);
}

/// Where the first row stands and which control has the focus.
fn hand(window: &Window<'_>) -> Value {
    window.finds(
        "[document.querySelector('[data-chiave]').getBoundingClientRect().top, \
          document.activeElement.getAttribute('href')]",
    )
}

fn rows(window: &Window<'_>) -> u64 {
    window.finds("document.querySelectorAll('[data-chiave]').length").as_u64().unwrap()
}

fn keys(window: &Window<'_>) -> Vec<String> {
    let keys = "[...document.querySelectorAll('[data-chiave]')].map((row) => row.dataset.chiave)";
    serde_json::from_value(window.finds(keys)).unwrap()
}

fn words(window: &Window<'_>) -> String {
    window.finds("document.querySelector('main').innerText").as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_shows_in_an_open_inbox_within_a_second_and_no_row_moves_under_the_hand() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let people = [demo.meets("Ada").await, demo.meets("Bea").await, demo.meets("Cleo").await];
    for person in people {
        demo.opens_case(&marta, person).await;
    }
    let his = chromium.somebody();
    let inbox = demo.seats(&his, "dario.dormitorio", "/");
    inbox.sees(LISTENS, LISTENS_WITHIN);
    inbox.finds("window.stays = true");
    assert_eq!(rows(&inbox), 0);

    demo.refers(people[0], &marta, &dario).await;
    inbox.sees("document.querySelectorAll('[data-chiave]').length === 1", SHOWS_WITHIN);
    assert_eq!(inbox.finds(NEWS), json!(false), "where there was no row nothing can move");

    inbox.finds("document.querySelector('[data-chiave] a').focus()");
    let before = hand(&inbox);
    demo.refers(people[1], &marta, &dario).await;
    inbox.sees(NEWS, SHOWS_WITHIN);
    assert!(words(&inbox).contains("1 nuovo arrivo"), "{}", words(&inbox));
    assert_eq!((rows(&inbox), hand(&inbox)), (1, before));
    demo.refers(people[2], &marta, &dario).await;
    inbox.sees(
        "document.querySelector('[data-quando=novita]').innerText.includes('2 nuovi arrivi')",
        SHOWS_WITHIN,
    );
    drawn(&inbox, "posta-novita");
    inbox.presses("[data-quando=novita] button");
    inbox.sees("document.querySelectorAll('[data-chiave]').length === 3", SHOWS_WITHIN);
    inbox.sees(LISTENS, LISTENS_WITHIN);
    let focus = "document.activeElement.closest('[data-chiave]') !== null";
    assert_eq!(inbox.finds(focus), json!(true), "the focus is on what is new");
    assert_eq!(inbox.finds("window.stays"), json!(true), "nothing was loaded again");
    drawn(&inbox, "posta");
    no_complaint(&inbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_does_not_agree_to_any_more_goes_from_an_open_page_and_so_does_her_record_v14()
 {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let marta = actor("marta.assistente");
    let person = demo.meets("Dora").await;
    let case = demo.opens_case(&marta, person).await;
    demo.goes_to_the_centre(person).await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "marta.assistente", &format!("/persone/{person}"));
    page.sees(LISTENS, LISTENS_WITHIN);
    page.finds("window.stays = true");
    let before = keys(&page);
    let consent = demo.agrees(person, &marta).await;
    page.sees(NEWS, GOES_WITHIN);
    assert!(words(&page).contains("novità in questo percorso"), "{}", words(&page));
    assert_eq!(keys(&page), before, "nothing comes under the hand");
    drawn(&page, "persona-novita");
    page.presses("[data-quando=novita] button");
    page.sees(
        &format!("document.querySelectorAll('[data-chiave]').length > {}", before.len()),
        GOES_WITHIN,
    );
    let there =
        keys(&page).into_iter().find(|key| !before.contains(key) && key.starts_with("intake/"));
    let there = there.expect("she agreed that others see it");
    page.sees(LISTENS, LISTENS_WITHIN);
    drawn(&page, "persona");

    demo.disagrees(&consent, &marta).await;
    page.sees(
        &format!("document.querySelector('[data-chiave=\"{there}\"]') === null"),
        GOES_WITHIN,
    );
    page.sees(LISTENS, LISTENS_WITHIN);

    no_complaint(&page);

    let close = format!("/api/casework/cases/{case}/close");
    demo.does(&marta, &close, json!({ "reason": "moved_away" })).await;
    // So long its manager still sees her.
    demo.days_go_by(31).await;
    page.sees("document.querySelector('[data-chiave]') === null", GOES_WITHIN);
    let shut = words(&page);
    drawn(&page, "persona-chiusa");
    assert_eq!(page.finds("window.stays"), json!(true), "nothing was loaded again");
    let closed = |complaint: &String| complaint.contains("status of 40");
    assert!(page.complaints().iter().all(closed), "{:?}", page.complaints());
    let other = hers.window(WIDTHS[0]);
    other.goes_to(&demo.at(&format!("/persone/{}", PersonId::derived(&["nobody"]))));
    assert_eq!(shut, words(&other), "as for somebody whom nobody knows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hears_nothing_says_so_and_misses_nothing_and_all_pages_share_a_stream() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let people = [demo.meets("Elsa").await, demo.meets("Fay").await];
    for person in people {
        demo.opens_case(&marta, person).await;
    }
    demo.refers(people[0], &marta, &dario).await;
    demo.settled().await;
    let his = chromium.somebody();
    let first = demo.seats(&his, "dario.dormitorio", "/");
    // More pages than a worker has streams, or a browser connections.
    let others: Vec<Window<'_>> = (0..7).map(|_| his.window(WIDTHS[0])).collect();
    for other in &others {
        other.goes_to(&demo.at("/"));
    }
    for page in others.iter().chain([&first]) {
        page.sees(LISTENS, LISTENS_WITHIN);
    }
    demo.crashes();
    first.sees(LOST, LISTENS_WITHIN);
    drawn(&first, "posta-interrotta");
    demo.is_back().await;
    demo.refers(people[1], &marta, &dario).await;
    for page in others.iter().chain([&first]) {
        page.sees(&format!("({NEWS}) && !({LOST})"), AGAIN_WITHIN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_every_page_shows_what_it_holds_and_of_what_time_that_is() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let marta = actor("marta.assistente");
    let person = demo.meets("Gaia").await;
    demo.opens_case(&marta, person).await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "marta.assistente", "/rete");
    drawn(&page, "rete");
    no_complaint(&page);
    page.runs_no_script();
    for path in ["/".to_owned(), format!("/persone/{person}"), "/rete".to_owned()] {
        page.goes_to(&demo.at(&path));
        let told = words(&page);
        assert!(told.contains("dati delle"), "{path}: {told}");
        assert!(!told.contains("in tempo reale") && !told.contains("interrotto"), "{told}");
    }
    no_complaint(&page);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_entry_says_no_more_goes_at_once_and_what_is_new_waits_to_be_shown() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let (marta, sara) = (actor("marta.assistente"), actor("sara.segretariato"));
    let person = demo.meets("Ines").await;
    demo.opens_case(&marta, person).await;
    let housing = format!("/api/intake/persons/{person}/housing");
    demo.does(&sara, &housing, json!({ "ethos": "1.1" })).await;
    demo.settled().await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "marta.assistente", &format!("/persone/{person}"));
    page.sees(LISTENS, LISTENS_WITHIN);
    page.finds("window.stays = true");
    let before = keys(&page);
    // The list alone: what is computed beside it goes as a whole, and takes the list with it.
    page.finds(
        "document.querySelectorAll('[data-parte]').forEach((part) => delete part.dataset.parte)",
    );
    page.finds(
        "window.row = [...document.querySelectorAll('[data-chiave]')]
             .find((row) => row.innerText.includes('Situazione abitativa'));
         window.row.querySelector('a').focus()",
    );
    let corrected = json!({ "corrects": 2, "ethos": "8.1" });
    demo.does(&sara, &format!("{housing}/corrections"), corrected).await;
    page.sees(&format!("window.row.querySelector('del') !== null && {NEWS}"), GOES_WITHIN);
    assert_eq!(keys(&page), before, "nothing comes under the hand");
    let held = "window.row.contains(document.activeElement) && document.activeElement.matches('a')";
    assert_eq!(page.finds(held), json!(true), "the focus stays where it was");
    page.presses("[data-quando=novita] button");
    page.sees(
        &format!("document.querySelectorAll('[data-chiave]').length > {}", before.len()),
        GOES_WITHIN,
    );
    assert_eq!(page.finds("window.stays"), json!(true), "nothing was loaded again");
    no_complaint(&page);
}

/// Fills in a form of the page and sends it, as a hand does.
fn fills(page: &Window<'_>, step: &str, fields: &[(&str, &str)]) {
    let form = format!("form:has(input[name=passo][value={step}])");
    for (name, value) in fields {
        page.finds(&format!(
            "(() => {{ const form = document.querySelector({form});
                const choice = form.querySelector('input[name={name}][value=\"{value}\"]');
                if (choice) choice.checked = true; else form.elements[{name:?}].value = {value:?}; }})()",
            form = json!(form),
        ));
    }
    page.follows(&format!("{form} button[type=submit]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_decides_about_her_past_is_taken_down_without_scripts_on_the_smallest_screen_c5() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let person = demo.meets("Lia").await;
    demo.opens_case(&marta, person).await;
    let hers = chromium.somebody();
    let page = demo.seats(&hers, "marta.assistente", "/persone");
    page.runs_no_script();
    page.is_wide(320);
    page.goes_to(&demo.at(&format!("/persone/{person}")));
    page.follows("nav.tabs a[href$=\"/scelte\"]");
    let wide = "document.documentElement.scrollWidth <= 320";
    assert_eq!(page.finds(wide), json!(true), "nothing scrolls sideways");
    assert!(words(&page).contains("Nessuna. Se vuole decidere"), "{}", words(&page));

    page.finds("document.querySelectorAll('form').forEach((form) => form.noValidate = true)");
    fills(&page, "apri", &[("al", "2001-01-01"), ("modo", "signed")]);
    let told = words(&page);
    assert!(told.contains("Una cosa da sistemare") && told.contains("Scegli a chi"), "{told}");
    assert_eq!(page.finds("document.activeElement.id"), json!("errori"));
    let kept = "document.querySelector('#al').value";
    assert_eq!(page.finds(kept), json!("2001-01-01"), "what was filled in stays");
    let to = format!("servizio-{}", dario.services[0]);
    page.finds("document.querySelectorAll('form').forEach((form) => form.noValidate = true)");
    fills(&page, "apri", &[("a", &to)]);
    assert!(words(&page).contains("L’ultimo giorno è passato"), "{}", words(&page));
    fills(&page, "apri", &[("al", "")]);
    assert!(words(&page).contains("Infanzia aperta."), "{}", words(&page));

    fills(&page, "servizio", &[("servizio", &to), ("modo", "interpreted")]);
    assert!(words(&page).contains("Oscurato."), "{}", words(&page));
    let contact = "[...document.querySelectorAll('label:has([name=voce])')]
        .find((label) => label.innerText.includes('Contatto')).querySelector('input').value";
    let contact = page.finds(contact).as_str().unwrap().to_owned();
    fills(&page, "voce", &[("voce", &contact), ("modo", "said")]);
    demo.settled().await;
    page.goes_to(&demo.at(&format!("/persone/{person}/scelte")));
    let told = words(&page);
    for standing in ["Infanzia aperta a", "Oscurato tutto", "Oscurata una registrazione"] {
        assert!(told.contains(standing), "{standing}: {told}");
    }
    drawn(&page, "scelte");
    page.is_wide(320);
    assert_eq!(page.finds(wide), json!(true), "nothing scrolls sideways");
    fills(&page, "chiudi", &[]);
    assert!(words(&page).contains("Infanzia richiusa."), "{}", words(&page));
    fills(&page, "togli", &[("modo", "said")]);
    assert!(words(&page).contains("Oscuramento tolto."), "{}", words(&page));
    fills(&page, "togli", &[("modo", "said")]);
    demo.settled().await;
    page.goes_to(&demo.at(&format!("/persone/{person}/scelte")));
    assert!(words(&page).contains("Nessuna. Se vuole decidere"), "{}", words(&page));
    let refused = |complaint: &String| complaint.contains("status of 422");
    assert!(page.complaints().iter().all(refused), "{:?}", page.complaints());
}
