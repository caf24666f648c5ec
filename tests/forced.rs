//! Break-glass in a whole installation: how fast those who answer for it are told, and that it is
//! over when the hour is.

#![cfg(test)]

mod support;

use std::pin::Pin;
use std::time::{Duration, Instant};

use futures::{Stream, StreamExt};
use serde_json::{Value, json};
use support::{MUST_HAPPEN, Pair, Town, actor, done, enrol, key};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama::client::{Actor, Client};
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, ServiceId};
use trama_platform::clock::{pause, real_now};

/// Within how long they are told. Source: trust.md, threat 5 and V14.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

struct Scene {
    town: Town,
    client: Client,
    http: reqwest::Client,
    pair: Pair,
    /// A case manager of another body, who has nothing to do with the person.
    stranger: Actor,
    /// A data protection officer.
    auditor: Actor,
}

impl Scene {
    async fn open() -> Self {
        let town = Town::start().await;
        let client = town.client();
        let pair = Pair::settle_in(&client).await;
        let (organisation, hub) =
            (OrganisationId::derived(&["test", "coop"]), ServiceId::derived(&["test", "coop"]));
        let coop = json!({"organisation": organisation, "name": "Altro ente di prova",
            "kind": "third_sector", "ats": "bari"});
        done(&client, &pair.keeper, "/api/directory/organisations", coop).await;
        let service = json!({"service": hub, "organisation": organisation,
            "name": "Altro servizio di prova", "service_type": "hub", "ats": "bari",
            "municipality": "072006", "low_threshold": true});
        done(&client, &pair.keeper, "/api/directory/services", service).await;
        let activate = format!("/api/directory/services/{hub}/activate");
        done(&client, &pair.keeper, &activate, json!({"on": "2024-01-01"})).await;
        let stranger = Actor { organisation, ..actor("stranger", Role::CaseManager, &[hub]) };
        let auditor = actor("auditor", Role::Auditor, &[]);
        enrol(&client, &pair.keeper, &[stranger.clone(), auditor.clone()]).await;
        let case = json!({"person": pair.person, "service": pair.from});
        done(&client, &pair.sender, "/api/casework/cases", case).await;
        client.settle().await.unwrap();
        let http = reqwest::Client::builder().connect_timeout(MUST_HAPPEN).build().unwrap();
        Self { town, client, http, pair, stranger, auditor }
    }

    /// Asks in an emergency.
    fn in_emergency(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let token = self.client.bearer(&self.stranger).unwrap();
        request.bearer_auth(token).header("purpose", "emergency")
    }

    async fn force(&self) -> Value {
        let form = json!({"person": self.pair.person, "sections": ["identity", "path", "safety"],
            "reason": "life_at_risk", "words": "Trovata in strada, non respira bene."});
        let url = format!("{}/api/identity/forced-accesses", self.client.base());
        let request = self.http.post(url).header("idempotency-key", key()).json(&form);
        let answer = self.in_emergency(request).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// The status of the person's journey for the stranger.
    async fn journey(&self) -> u16 {
        let url = format!("{}/api/projections/journeys/{}", self.client.base(), self.pair.person);
        self.in_emergency(self.http.get(url)).send().await.unwrap().status().as_u16()
    }

    /// The access that waits for somebody, when one does.
    async fn waits_for(&self, who: &Actor) -> Option<Value> {
        let inbox = self.client.get(who, "/api/projections/inbox?staff=me").await.unwrap();
        let items = inbox.body["items"].as_array().unwrap();
        items.iter().find(|item| item["kind"] == "forced_access_review").cloned()
    }

    fn own_inbox(&self) -> String {
        format!("inbox/{}", self.stranger.services[0])
    }

    /// Everything that the stranger hears until somebody is referred to her own service, who comes
    /// after all that happened before.
    async fn heard_before_the_next_referral(&self, hints: &mut Hints) -> Vec<String> {
        let (client, sender) = (&self.client, &self.pair.sender);
        let somebody = Pair::person(client, sender).await;
        client.settle().await.unwrap();
        let referral = json!({"person": somebody, "from": self.pair.from,
            "to": self.stranger.services[0], "need": "work", "urgency": "ordinary",
            "dataset": ["needs"]});
        let sent = done(client, sender, "/api/referrals/referrals", referral).await;
        let position = sent.body["positions"][0].as_i64().unwrap();
        let mut heard = Vec::new();
        loop {
            let hint = hints.next().await;
            let told: Value = serde_json::from_str(&hint).unwrap();
            if told["topic"] == json!(self.own_inbox())
                && told["position"].as_i64() >= Some(position)
            {
                return heard;
            }
            heard.push(hint);
        }
    }

    async fn hears(&self, who: &Actor, topics: &str) -> Hints {
        let url = format!("{}/api/live?topics={topics}", self.client.base());
        let request = self.http.get(url).bearer_auth(self.client.bearer(who).unwrap());
        let answer = request.header("purpose", "emergency").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{topics}");
        let bytes = answer.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        let mut hints = Hints { bytes: Box::pin(bytes), text: String::new() };
        assert_eq!(hints.next().await, "{}", "a stream begins with a cursor");
        hints
    }
}

struct Hints {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

impl Hints {
    /// What the next event says.
    async fn next(&mut self) -> String {
        self.next_or_end().await.unwrap()
    }

    /// The same; nothing once the stream has ended.
    async fn next_or_end(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let said = event.lines().find_map(|line| line.strip_prefix("data:"));
                if let Some(said) = said {
                    return Some(said.trim().to_owned());
                }
                continue;
            }
            let chunk = tokio::time::timeout(MUST_HAPPEN, self.bytes.next()).await.unwrap()?;
            self.text.push_str(&String::from_utf8(chunk.unwrap()).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_responsible_and_the_auditor_are_told_of_a_forced_access_within_ten_seconds_v14() {
    let scene = Scene::open().await;
    let mut hints = scene.hears(&scene.auditor, "inbox/auditors").await;
    assert!(scene.waits_for(&scene.auditor).await.is_none());

    let begun = Instant::now();
    let forced = scene.force().await;
    let answered = begun.elapsed();
    let hint = hints.next().await;
    let hinted = begun.elapsed();
    let mut waiting = vec![&scene.auditor, &scene.pair.sender];
    while let Some(who) = waiting.last() {
        if let Some(item) = scene.waits_for(who).await {
            assert_eq!((&item["about"], &item["overdue"]), (&forced["id"], &json!(false)));
            assert_eq!(item["reason"], "life_at_risk");
            waiting.pop();
        } else {
            assert!(begun.elapsed() < TOLD_WITHIN, "{:?} was not told", who.role);
            pause(Duration::from_millis(5)).await;
        }
    }
    let told = begun.elapsed();
    eprintln!("answer {answered:?}, hint {hinted:?}, both inboxes {told:?}");
    assert!(hinted < TOLD_WITHIN && told < TOLD_WITHIN, "{hinted:?} {told:?}");
    assert!(hint.contains("inbox/auditors") && !hint.contains(&scene.pair.person));
    assert!(scene.waits_for(&scene.stranger).await.is_none(), "nobody looks at her own");

    let access = forced["id"].as_str().unwrap();
    let path = format!("/api/identity/forced-accesses/{access}/review");
    done(&scene.client, &scene.pair.sender, &path, json!({"finding": "justified"})).await;
    scene.client.settle().await.unwrap();
    for who in [&scene.auditor, &scene.pair.sender] {
        assert!(scene.waits_for(who).await.is_none(), "{:?}", who.role);
    }
    scene.town.verified();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forced_access_is_over_after_an_hour_without_any_event_also_on_an_open_stream_v14() {
    let scene = Scene::open().await;
    let (client, pair) = (&scene.client, &scene.pair);
    let now = real_now();
    client.set_clock(Some(now)).await.unwrap();
    assert_eq!(scene.journey().await, 404);
    let forced = scene.force().await;
    let until = OffsetDateTime::parse(forced["until"].as_str().unwrap(), &Rfc3339).unwrap();
    assert_eq!((until - now).whole_minutes(), 60);
    client.settle().await.unwrap();
    assert_eq!(scene.journey().await, 200);

    let topics = format!("journey/{},{}", pair.person, scene.own_inbox());
    let mut hints = scene.hears(&scene.stranger, &topics).await;
    pair.send(client, &pair.person, "health").await;
    let heard = scene.heard_before_the_next_referral(&mut hints).await;
    assert!(heard.iter().any(|hint| hint.contains("journey/")), "{heard:?}");

    let events = client.events().await.unwrap();
    client.set_clock(Some(until)).await.unwrap();
    assert_eq!(scene.journey().await, 404);
    assert_eq!(client.events().await.unwrap(), events, "no event ends it");
    pair.send(client, &pair.person, "work").await;
    while let Some(hint) = hints.next_or_end().await {
        assert!(!hint.contains("journey/"), "told after the hour: {hint}");
    }
}
