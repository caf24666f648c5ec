//! Whoever may act no more: within five seconds of the event nothing opens, and what is open ends.

#![cfg(test)]

mod support;

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Pair, Town, done};
use trama::client::{Actor, Client};
use trama_platform::clock::pause;

/// From the event on. Source: trust.md D4.
const WITHIN: Duration = Duration::from_secs(5);

/// The network as one worker has it open.
struct Open<'a> {
    client: &'a Client,
    who: &'a Actor,
    page: String,
    stream: reqwest::Response,
}

impl<'a> Open<'a> {
    async fn begin(client: &'a Client, who: &'a Actor, page: String) -> Self {
        let topics = format!("{}/api/live?topics=inbox/{}", client.base(), who.services[0]);
        let bearer = client.bearer(who).unwrap();
        let asked = reqwest::Client::builder()
            .build()
            .unwrap()
            .get(topics)
            .bearer_auth(bearer)
            .send()
            .await
            .unwrap();
        let mut stream = asked.error_for_status().unwrap();
        let first = stream.chunk().await.unwrap().unwrap();
        assert!(first.starts_with(b"event: open"), "{first:?}");
        let open = Self { client, who, page, stream };
        assert_eq!(open.status().await, 200, "she may open it");
        open
    }

    async fn status(&self) -> u16 {
        self.client.get(self.who, &self.page).await.unwrap().status
    }

    /// Everything is shut to her within the time that is promised since `event`.
    async fn shuts(mut self, event: Instant) {
        while self.status().await != 401 {
            assert!(event.elapsed() < WITHIN, "a page still opens");
            pause(Duration::from_millis(20)).await;
        }
        let end = async {
            // What was under way may still come; then nothing does.
            while self.stream.chunk().await.unwrap().is_some() {}
        };
        let left = WITHIN.saturating_sub(event.elapsed());
        tokio::time::timeout(left, end).await.expect("the stream is still open");
    }
}

/// The directory hears it; the moment at which it was acknowledged.
async fn says(client: &Client, pair: &Pair, part: &str, body: Value) -> Instant {
    let path = format!("/api/directory/staff/{}/{part}", pair.receiver.staff);
    done(client, &pair.keeper, &path, body).await;
    Instant::now()
}

/// A process that is held up until this is dropped.
struct Held(u32);

impl Held {
    fn begin(pid: u32) -> Self {
        assert!(signal("-STOP", pid), "{pid} was not running");
        Self(pid)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        signal("-CONT", self.0);
    }
}

fn signal(signal: &str, pid: u32) -> bool {
    Command::new("kill").args([signal, &pid.to_string()]).status().is_ok_and(|s| s.success())
}

async fn let_in_again(client: &Client, pair: &Pair) {
    let page = format!("/api/projections/inbox?service={}", pair.to);
    support::until("she may again", async || {
        client.get(&pair.receiver, &page).await.is_ok_and(|answer| answer.status == 200)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_loses_access_within_five_seconds_of_the_event_open_streams_included_c7() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let open = async || {
        let page = format!("/api/projections/inbox?service={}", pair.to);
        Open::begin(&client, &pair.receiver, page).await
    };

    let suspended = open().await;
    let reason = json!({ "reason": "lost_credential" });
    suspended.shuts(says(&client, &pair, "suspend", reason).await).await;
    says(&client, &pair, "restore", json!({})).await;
    let_in_again(&client, &pair).await;

    let leaving = open().await;
    leaving.shuts(says(&client, &pair, "end", json!({})).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_ends_is_lost_within_five_seconds_and_the_others_stay_c1() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let page = format!("/api/projections/inbox?service={}", pair.to);
    let open = Open::begin(&client, &pair.receiver, page).await;
    let post = client
        .get(&pair.keeper, &format!("/api/directory/staff/{}", pair.receiver.staff))
        .await
        .unwrap();
    let membership = post.body["memberships"][0]["membership"].as_str().unwrap().to_owned();
    let ended = says(&client, &pair, &format!("memberships/{membership}/end"), json!({})).await;
    open.shuts(ended).await;
    let sender = format!("/api/projections/inbox?service={}", pair.from);
    assert_eq!(client.get(&pair.sender, &sender).await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_when_nobody_can_tell_any_more_who_may() {
    let town = Town::apart().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let page = format!("/api/projections/inbox?service={}", pair.from);
    let url = format!("{}{page}", client.base());
    let bearer = client.bearer(&pair.sender).unwrap();
    let http = reqwest::Client::builder().build().unwrap();
    let asked = async || {
        let answer = http.get(&url).bearer_auth(&bearer).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(asked().await, 200);
    // The one who keeps the read models is held up: what changes from now on is not seen.
    let held = Held::begin(town.pid("follow"));
    done(
        &client,
        &pair.keeper,
        &format!("/api/directory/staff/{}/end", pair.receiver.staff),
        json!({}),
    )
    .await;
    support::until("nobody is let in", async || asked().await == 503).await;
    let ready = async || {
        let answer = http.get(format!("{}/readyz", client.base())).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap().contains("unsure"))
    };
    assert_eq!(ready().await, (503, true), "who waits for it is told so");
    drop(held);
    support::until("everybody is let in again", async || asked().await == 200).await;
    support::until("whoever waits for it is told so", async || ready().await.0 == 200).await;
}
