//! The feed as a system reads it.

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use trama::client::{Actor, Client};
use trama_events::codes::Role;

use crate::support::{Pair, Town, actor, done, enrol, in_role};

/// A page as it came: everything but its date, and its cursor apart.
#[derive(Debug, PartialEq)]
struct Told {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

async fn page(client: &Client, who: &Actor, query: &str) -> (Told, Option<String>) {
    let http = reqwest::Client::builder().timeout(crate::support::MUST_HAPPEN).build().unwrap();
    let request = http.get(format!("{}/events{query}", client.base()));
    let answer = request.bearer_auth(client.bearer(who).unwrap()).send().await.unwrap();
    let next = answer.headers().get("next-after").map(|next| next.to_str().unwrap().to_owned());
    let said = answer.headers().iter().filter(|(name, _)| *name != "date" && *name != "next-after");
    let headers = said.map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
    let status = answer.status().as_u16();
    (Told { status, headers, body: answer.text().await.unwrap() }, next)
}

/// Everything that she may be told, and where the feed goes on.
async fn whole(client: &Client, who: &Actor) -> (Vec<Value>, String) {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let (told, next) = page(client, who, &format!("?limit=7{after}")).await;
        assert_eq!(told.status, 200, "{}", told.body);
        let events: Vec<Value> = serde_json::from_str(&told.body).unwrap();
        let next = next.unwrap();
        if events.is_empty() {
            return (all, next);
        }
        all.extend(events);
        after = format!("&after={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_system_may_not_be_told_changes_neither_its_page_nor_its_cursor_v16_threat_4() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let system = in_role(Role::ExternalSystem, pair.from);
    let desk = in_role(Role::InfoDesk, pair.from);
    let auditor = in_role(Role::Auditor, pair.from);
    enrol(&client, &pair.keeper, &[system.clone(), desk.clone(), auditor.clone()]).await;
    client.settle().await.unwrap();
    let (told, end) = whole(&client, &system).await;
    assert!(told.len() > 10, "its own body's events are told: {told:?}");
    let after = |cursor: &str| format!("?limit=1&after={cursor}");
    let (nothing, again) = page(&client, &system, &after(&end)).await;
    let again = again.unwrap();
    assert_eq!((nothing.status, nothing.body.as_str()), (200, "[]"));

    // What lies in the vault is told to no system.
    let before = client.events().await.unwrap();
    let facts = json!({ "facts": [
        { "field": "given_name", "value": "Addolorata", "source": "declared" },
        { "field": "family_name", "value": "Quaranta", "source": "declared" } ] });
    done(&client, &desk, &format!("/api/vault/persons/{}/facts", pair.person), facts).await;
    client.settle().await.unwrap();
    assert!(client.events().await.unwrap() > before, "something happened");
    let (still_nothing, hidden) = page(&client, &system, &after(&end)).await;
    let hidden = hidden.unwrap();
    assert_eq!(still_nothing, nothing, "with and without what is hidden");
    let cursors = [&end, &again, &hidden];
    assert!(cursors.iter().all(|cursor| cursor.len() == end.len()), "{cursors:?}");
    assert!(end != again && again != hidden && hidden != end, "each is fresh: {cursors:?}");

    // Each of them goes on with the next that is told, and there alone.
    let next = Pair::person(&client, &pair.sender).await;
    client.settle().await.unwrap();
    let (first, _) = page(&client, &system, &after(&end)).await;
    assert!(first.body.contains(&next), "{}", first.body);
    for cursor in [&again, &hidden] {
        assert_eq!(page(&client, &system, &after(cursor)).await.0, first);
    }
    let (all, _) = whole(&client, &system).await;
    assert!(all.len() > told.len() && all[..told.len()] == told[..], "nothing is lost or doubled");

    the_cursor_asks_for_nothing(&client, &system, &told, &end).await;
    a_reader_waits(&client, &system, &auditor).await;
}

/// Positions and ids of events ask what there is; a cursor answers to its body alone.
async fn the_cursor_asks_for_nothing(client: &Client, who: &Actor, told: &[Value], end: &str) {
    let changed = if end.starts_with('A') { "B" } else { "A" };
    let changed = format!("{changed}{}", &end[1..]);
    let known = told[0]["id"].as_str().unwrap().to_owned();
    let (mut refused, mut answers) = (0, Vec::new());
    for made_up in ["identity/1", "identity/99999", "intake/person-x/1", &known, &changed, ""] {
        let (told, next) = page(client, who, &format!("?after={made_up}")).await;
        refused += usize::from(told.status == 400 && next.is_none());
        answers.push(told);
    }
    assert_eq!(refused, answers.len(), "{answers:?}");
    assert!(answers.iter().all(|told| *told == answers[0]), "one answer for all: {answers:?}");
}

/// So many pages, then one after the other; others are not concerned.
async fn a_reader_waits(client: &Client, system: &Actor, auditor: &Actor) {
    let pages = stream::iter(0..1_000).map(async |_| page(client, system, "?limit=1").await.0);
    let answers: Vec<Told> = pages.buffer_unordered(8).collect().await;
    let waits: Vec<&Told> = answers.iter().filter(|told| told.status == 429).collect();
    assert!(!waits.is_empty(), "a thousand pages and no end");
    assert!(answers.iter().all(|told| [200, 429].contains(&told.status)), "{answers:?}");
    assert!(waits.iter().all(|told| told.body.contains("too_many_pages")), "{waits:?}");
    assert!(waits[0].headers.iter().any(|(name, _)| name == "retry-after"), "{waits:?}");
    assert_eq!(page(client, auditor, "?limit=1").await.0.status, 200);
    let stranger = actor("nobody", Role::ExternalSystem, &[]);
    assert_eq!(page(client, &stranger, "").await.0.status, 401);
}
