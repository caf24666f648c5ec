//! A worker at her screens: which they are, what they weigh, and how soon they begin to come.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tokio::task::JoinSet;
use trama_events::ids::PersonId;

use super::browser::Browser;
use super::named;
use super::scene::Sent;
use crate::commands::bench::measure::{Times, ms_since};

/// The start page, and the inbox.
pub(super) const START: &str = "/";
/// The lists of an inbox, as the pages name them.
const LISTS: [&str; 4] = [START, "/?lista=in-attesa", "/?lista=per-conoscenza", "/?lista=fatte"];
/// Most people of the lists whose journeys are opened, to find the heaviest.
const PEOPLE_MAX: usize = 12;

/// One of her screens.
#[derive(Clone)]
pub(super) struct Screen {
    pub(super) name: &'static str,
    /// Its address, whatever it is about.
    pub(super) pattern: &'static str,
    path: String,
}

impl Screen {
    fn of(name: &'static str, pattern: &'static str, path: String) -> Self {
        Self { name, pattern, path }
    }
}

/// The address of a journey, for care.
pub(super) fn journey(person: PersonId) -> String {
    format!("/persone/{person}?scopo=care")
}

/// What the first visit brings.
pub(super) struct FirstVisit {
    pub(super) page_bytes: usize,
    pub(super) files: usize,
    pub(super) bytes: usize,
}

/// The start page with every file that it names, and the fonts of its sheet.
pub(super) async fn first_visit(browser: &mut Browser) -> anyhow::Result<FirstVisit> {
    let mut files = named::files(&browser.plain(START).await?);
    let is_sheet = |file: &&String| file.rsplit('.').next() == Some("css");
    for sheet in files.iter().filter(is_sheet).cloned().collect::<Vec<_>>() {
        files.extend(named::beside(&sheet, &browser.plain(&sheet).await?));
    }
    let page_bytes = browser.packed(START).await?.body.len();
    let mut bytes = page_bytes;
    for file in &files {
        bytes += browser.packed(file).await?.body.len();
    }
    Ok(FirstVisit { page_bytes, files: files.len(), bytes })
}

/// Her screens: of the people whom her inbox names, and of whom was sent, the heaviest journey.
pub(super) async fn screens(browser: &mut Browser, sent: &Sent) -> anyhow::Result<Vec<Screen>> {
    let mut people = BTreeSet::new();
    for list in LISTS {
        people.extend(named::people(&browser.plain(list).await?));
    }
    let mut heaviest = (0, sent.person);
    for person in people.into_iter().take(PEOPLE_MAX).chain([sent.person]) {
        let bytes = browser.packed(&journey(person)).await?.body.len();
        heaviest = heaviest.max((bytes, person));
    }
    let (_, person) = heaviest;
    Ok(vec![
        Screen::of("inbox", "/", START.to_owned()),
        Screen::of("people", "/persone", "/persone".to_owned()),
        Screen::of("journey", "/persone/{person}", journey(person)),
        Screen::of("referral", "/invii/{referral}", format!("/invii/{}", sent.referral)),
        Screen::of("composer", "/invii/nuovo", format!("/invii/nuovo?persona={person}&scopo=care")),
        Screen::of("network", "/rete", "/rete".to_owned()),
        Screen::of("own_access", "/entra/accesso", "/entra/accesso".to_owned()),
        Screen::of("help", "/aiuto", "/aiuto".to_owned()),
    ])
}

/// What a screen weighs, without its files.
pub(super) async fn weight(browser: &mut Browser, screen: &Screen) -> anyhow::Result<usize> {
    Ok(browser.packed(&screen.path).await?.body.len())
}

/// So many rounds over the screens by workers with a session each, side by side: the times to the
/// first byte of each screen.
pub(super) async fn rounds(
    workers: Vec<Browser>,
    screens: &[Screen],
    rounds: usize,
) -> anyhow::Result<BTreeMap<&'static str, Times>> {
    let side_by_side = workers.len().max(1);
    let mut all = JoinSet::new();
    for (worker, mut browser) in workers.into_iter().enumerate() {
        let (screens, share) = (screens.to_vec(), (worker..rounds).step_by(side_by_side).len());
        all.spawn(async move {
            let mut times = Vec::with_capacity(share * screens.len());
            for _ in 0..share {
                for screen in &screens {
                    times.push((screen.name, browser.packed(&screen.path).await?.first_byte_ms));
                }
            }
            anyhow::Ok(times)
        });
    }
    let mut times: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    while let Some(done) = all.join_next().await {
        for (screen, time) in done?? {
            times.entry(screen).or_default().push(time);
        }
    }
    Ok(times.into_iter().map(|(screen, times)| (screen, Times::of(times))).collect())
}

/// As many workers of this name as sit side by side, each with her screens opened once.
pub(super) async fn seated(
    base: &str,
    username: &str,
    screens: &[Screen],
    count: usize,
) -> anyhow::Result<Vec<Browser>> {
    let mut workers = Vec::with_capacity(count);
    for _ in 0..count {
        let mut browser = Browser::sign_in(base, username).await?;
        for screen in screens {
            weight(&mut browser, screen).await?;
        }
        workers.push(browser);
    }
    Ok(workers)
}

/// The door that does nothing, so many times by so many side by side: the time to the first byte.
pub(super) async fn livez(base: &str, count: usize, side_by_side: usize) -> anyhow::Result<Times> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{base}/livez");
    let mut all = JoinSet::new();
    for worker in 0..side_by_side {
        let (http, url) = (http.clone(), url.clone());
        let share = (worker..count).step_by(side_by_side).len();
        all.spawn(async move {
            let mut times = Vec::with_capacity(share);
            for _ in 0..share {
                let begun = Instant::now();
                let answer = http.get(&url).send().await?;
                times.push(ms_since(begun));
                answer.bytes().await?;
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = all.join_next().await {
        times.extend(done??);
    }
    Ok(Times::of(times))
}
