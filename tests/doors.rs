//! The doors from outside: who may pass, what bad input gets, and hints as they come.

#![cfg(test)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::StreamExt;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use strum::VariantArray;
use support::{MUST_HAPPEN, Pair, Town, actor, done, elsewhere, enrol, in_role, key};
use trama::client::Client;
use trama_events::codes::Role;
use trama_platform::clock::pause;
use trama_platform::servers::PgRole;

struct Door {
    method: String,
    path: String,
    action: String,
    roles: Vec<String>,
}

async fn doors(town: &Town) -> Vec<Door> {
    let http = reqwest::Client::builder().timeout(MUST_HAPPEN).build().unwrap();
    let document: Value = http
        .get(format!("http://127.0.0.1:{}/openapi.json", town.port))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut doors = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let roles = operation["x-roles"]
                .as_array()
                .unwrap_or_else(|| panic!("{method} {path} has no gate"));
            doors.push(Door {
                method: method.to_uppercase(),
                path: path.clone(),
                action: operation["x-action"].as_str().unwrap().to_owned(),
                roles: roles.iter().map(|role| role.as_str().unwrap().to_owned()).collect(),
            });
        }
    }
    doors.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    doors
}

/// A path with ids that nobody has.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{istat}" | "{istat_code}" => "072006".to_owned(),
            "{code}" => "AAAAA-A".to_owned(),
            "{id}" => "I1".to_owned(),
            part if part.starts_with('{') => uuid::Uuid::from_u128(99).to_string(),
            part => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn ask(
    http: &reqwest::Client,
    client: &Client,
    door: &Door,
    token: Option<&str>,
) -> reqwest::Response {
    let request = request(http, client, door);
    match token {
        Some(token) => request.bearer_auth(token).send().await.unwrap(),
        None => request.send().await.unwrap(),
    }
}

async fn ask_for(
    http: &reqwest::Client,
    client: &Client,
    door: &Door,
    token: &str,
    purpose: Option<&str>,
) -> reqwest::Response {
    let request = request(http, client, door).bearer_auth(token);
    match purpose {
        Some(purpose) => request.header("purpose", purpose).send().await.unwrap(),
        None => request.send().await.unwrap(),
    }
}

fn request(http: &reqwest::Client, client: &Client, door: &Door) -> reqwest::RequestBuilder {
    let url = format!("{}{}", client.base(), filled(&door.path));
    match door.method.as_str() {
        "GET" => http.get(url),
        _ => http.post(url).header("idempotency-key", key()).json(&json!({"nonsense": true})),
    }
}

fn is_problem(answer: &reqwest::Response) -> bool {
    answer.headers().get("content-type").is_some_and(|kind| kind == "application/problem+json")
}

/// One golden file of routes x roles; the list of doors without a gate is empty.
#[tokio::test(flavor = "multi_thread")]
async fn every_door_has_a_gate_and_the_matrix_is_the_golden_one() {
    let town = Town::start().await;
    let client = town.client();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let doors = doors(&town).await;
    let pair = Pair::settle_in(&client).await;
    pair.enrol_every_role(&client).await;
    let mut matrix =
        String::from("# Who may pass which door. Written by tests/doors.rs with GOLDEN=write.\n");
    for door in &doors {
        let Door { method, path, action, roles } = door;
        writeln!(matrix, "{method} {path} {action}: {}", roles.join(" ")).unwrap();
        let nobody = ask(&http, &client, door, None).await;
        assert_eq!(nobody.status(), 401, "{} {}", door.method, door.path);
        for role in
            Role::VARIANTS.iter().filter(|role| !door.roles.contains(&role.code().to_owned()))
        {
            let token = client.bearer(&in_role(*role, pair.from)).unwrap();
            let refused = ask(&http, &client, door, Some(&token)).await;
            assert_eq!(refused.status(), 403, "{} {} as {role}", door.method, door.path);
            assert!(is_problem(&refused));
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/doors.txt");
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &matrix).unwrap();
    }
    assert_eq!(
        support::read(&golden),
        matrix,
        "tests/golden/doors.txt: look at every changed line before you write it anew"
    );
}

/// With a token that holds: for a purpose that nobody knows; of a person for one that is no reason
/// to open a record; and by whoever is suspended. Other bodies and hidden records: `two_worlds`.
#[tokio::test(flavor = "multi_thread")]
async fn no_door_opens_for_a_purpose_that_does_not_fit_nor_to_whoever_is_suspended() {
    let town = Town::start().await;
    let client = town.client();
    let doors = doors(&town).await;
    let pair = Pair::settle_in(&client).await;
    pair.enrol_every_role(&client).await;
    let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let entitled = |door: &Door| in_role(door.roles[0].parse().unwrap(), pair.from);
    for door in &doors {
        let (name, token) = (&door.path, client.bearer(&entitled(door)).unwrap());
        let curious = ask_for(&http, &client, door, &token, Some("curiosity")).await;
        assert_eq!(curious.status(), 400, "{} {name}", door.method);
        assert_eq!(curious.json::<Value>().await.unwrap()["code"], "unknown_purpose");
    }
    // Her own case manager reads her journey for care, and not for planning.
    let journey = format!("/api/projections/journeys/{}", pair.person);
    for (purpose, status) in [("care", 200), ("planning", 404), ("administration", 404)] {
        let url = format!("{}{journey}", client.base());
        let token = client.bearer(&pair.sender).unwrap();
        let request = http.get(url).bearer_auth(token).header("purpose", purpose);
        assert_eq!(request.send().await.unwrap().status(), status, "{purpose}");
    }
    for role in Role::VARIANTS {
        let worker = in_role(*role, pair.from);
        let path = format!("/api/directory/staff/{}/suspend", worker.staff);
        done(&client, &pair.keeper, &path, json!({ "reason": "lost_credential" })).await;
    }
    client.settle().await.unwrap();
    for door in &doors {
        let token = client.bearer(&entitled(door)).unwrap();
        until_shut(&http, &client, door, &token).await;
    }
}

/// A suspension is heard within five seconds (leaver.rs holds it to that).
async fn until_shut(http: &reqwest::Client, client: &Client, door: &Door, token: &str) {
    let begun = Instant::now();
    loop {
        let status = ask_for(http, client, door, token, None).await.status();
        if status == 401 {
            return;
        }
        assert!(begun.elapsed() < MUST_HAPPEN, "{} {}: {status}", door.method, door.path);
        pause(Duration::from_millis(50)).await;
    }
}

/// Show 11: whatever comes in, the answer is a clear problem and nothing is half-done.
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gets_a_clear_problem_at_every_door() {
    let town = Town::start().await;
    let client = town.client();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let pair = Pair::settle_in(&client).await;
    pair.enrol_every_role(&client).await;
    client.settle().await.unwrap();
    let before = events_of(&town);
    for door in doors(&town).await {
        let role: Role = door.roles[0].parse().unwrap();
        let token = client.bearer(&in_role(role, pair.from)).unwrap();
        let url = format!("{}{}", client.base(), filled(&door.path));
        let name = format!("{} {}", door.method, door.path);
        if door.method == "GET" {
            let nonsense =
                http.get(format!("{url}?nonsense=1")).bearer_auth(&token).send().await.unwrap();
            let status = nonsense.status().as_u16();
            assert!(status < 500, "{name}?nonsense: {status}");
            assert!(is_problem(&nonsense) || nonsense.status().is_success(), "{name}");
            continue;
        }
        let post = || http.post(&url).bearer_auth(&token);
        let keyed =
            || post().header("idempotency-key", key()).header("content-type", "application/json");
        let big = format!("{{\"a\": \"{}\"}}", "x".repeat(1 << 20));
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let tries: Vec<(&str, reqwest::RequestBuilder, &[u16])> = vec![
            ("no key", post().json(&json!({})), &[400]),
            ("short key", post().header("idempotency-key", "x").json(&json!({})), &[400]),
            ("malformed", keyed().body("{\"a\":"), &[400]),
            ("not UTF-8", keyed().body(vec![0xff, 0xfe, 0x00]), &[400]),
            ("too deep", keyed().body(deep), &[400]),
            ("an array", keyed().body("[]"), &[422]),
            ("a number", keyed().body("7"), &[422]),
            ("an unknown field", keyed().body("{\"nonsense\": 1}"), &[422]),
            ("a future", keyed().body("{\"occurred_at\": \"2999-01-01T00:00:00Z\"}"), &[422]),
            ("no moment", keyed().body("{\"occurred_at\": 7}"), &[422]),
            ("a megabyte", keyed().body(big), &[413]),
            ("a form", post().header("idempotency-key", key()).body("a=1"), &[415]),
            ("a bad version", keyed().header("if-match", "seven").body("{}"), &[400]),
        ];
        for (what, request, expected) in tries {
            let answer = request.send().await.unwrap();
            assert!(
                expected.contains(&answer.status().as_u16()),
                "{name}, {what}: {}",
                answer.status()
            );
            assert!(is_problem(&answer), "{name}, {what}");
            let problem: Value = answer.json().await.unwrap();
            assert!(
                problem["detail"].as_str().is_some_and(|detail| detail.len() > 10),
                "{name}, {what}: {problem}"
            );
        }
    }
    client.settle().await.unwrap();
    assert_eq!(events_of(&town), before, "nothing was half-done");
}

/// Events in all logs together, each held against the rules.
fn events_of(town: &Town) -> i64 {
    let verified = town.verified();
    verified["logs"].as_array().unwrap().iter().map(|log| log["events"].as_i64().unwrap()).sum()
}

/// A path with an id that is none, another method, no such door.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem_too() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let bad_id = client.get(&pair.sender, "/api/referrals/referrals/seven").await.unwrap();
    assert_eq!((bad_id.status, bad_id.code()), (400, Some("bad_request")));
    let nobody = client
        .get(&pair.sender, &format!("/api/referrals/referrals/{}", uuid::Uuid::from_u128(1)))
        .await
        .unwrap();
    assert_eq!((nobody.status, nobody.code()), (404, Some("not_found")));
    let none = client.get(&pair.sender, "/api/nothing").await.unwrap();
    assert_eq!(none, nobody, "what does not exist and what is not yours look the same");
    let referral = pair.send(&client, &pair.person, "health").await;
    let stranger = actor("stranger", Role::CaseManager, &[elsewhere()]);
    enrol(&client, &pair.keeper, std::slice::from_ref(&stranger)).await;
    let foreign =
        client.get(&stranger, &format!("/api/referrals/referrals/{referral}")).await.unwrap();
    assert_eq!(foreign, nobody);
    let method = client.get(&pair.sender, "/api/referrals/referrals").await.unwrap();
    assert_eq!((method.status, method.code()), (405, Some("method_not_allowed")));
    let ghost = pair.referral(&uuid::Uuid::from_u128(77).to_string(), "health");
    let ghost =
        client.post(&pair.sender, "/api/referrals/referrals", &key(), &ghost).await.unwrap();
    assert_eq!((ghost.status, ghost.code()), (422, Some("unknown_person")));
    let path = format!("/api/referrals/referrals/{referral}/accept");
    let http = reqwest::Client::builder().timeout(MUST_HAPPEN).build().unwrap();
    let outdated = http
        .post(format!("{}{path}", client.base()))
        .bearer_auth(client.bearer(&pair.receiver).unwrap())
        .header("idempotency-key", key())
        .header("if-match", "W/\"1\"")
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(outdated.status(), 412);
}

struct Stream {
    bytes: std::pin::Pin<Box<dyn futures::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

impl Stream {
    async fn open(
        client: &Client,
        who: &trama::client::Actor,
        topics: &str,
        resume: Option<&str>,
    ) -> Self {
        let http = reqwest::Client::builder().connect_timeout(MUST_HAPPEN).build().unwrap();
        let url = format!("{}/api/live?topics={topics}", client.base());
        let mut request = http.get(url).bearer_auth(client.bearer(who).unwrap());
        if let Some(id) = resume {
            request = request.header("last-event-id", id);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let bytes = answer.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        Self { bytes: Box::pin(bytes), text: String::new() }
    }

    /// The next event: its fields by name.
    async fn next(&mut self) -> BTreeMap<String, String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let fields: BTreeMap<String, String> = event
                    .lines()
                    .filter_map(|line| line.split_once(':'))
                    .filter(|(name, _)| !name.is_empty())
                    .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                    .collect();
                if !fields.is_empty() {
                    return fields;
                }
                continue;
            }
            let chunk = tokio::time::timeout(MUST_HAPPEN, self.bytes.next())
                .await
                .expect("an event in time");
            self.text.push_str(&String::from_utf8(chunk.unwrap().unwrap()).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_reaches_the_receivers_inbox_and_stream_and_a_resumed_stream_misses_nothing_v10()
{
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let topic = format!("inbox/{}", pair.to);
    let mut stream = Stream::open(&client, &pair.receiver, &topic, None).await;
    let opened = stream.next().await;
    assert_eq!(opened["event"], "open");
    pair.send(&client, &pair.person, "health").await;
    let hint = stream.next().await;
    assert_eq!(hint["event"], "hint");
    let data: Value = serde_json::from_str(&hint["data"]).unwrap();
    assert_eq!((&data["topic"], data["position"].is_i64()), (&json!(topic), true));
    assert!(!hint["data"].contains(&pair.person), "a hint carries no person");
    let inbox = client
        .get(&pair.receiver, &format!("/api/projections/inbox?service={}&list=to_do", pair.to))
        .await
        .unwrap();
    assert_eq!(inbox.body["counts"]["to_do"], 1, "{}", inbox.body);
    drop(stream);
    pair.send(&client, &pair.person, "work").await;
    client.settle().await.unwrap();
    let mut resumed = Stream::open(&client, &pair.receiver, &topic, Some(&hint["id"])).await;
    let missed = resumed.next().await;
    let position = |hint: &BTreeMap<String, String>| {
        serde_json::from_str::<Value>(&hint["data"]).unwrap()["position"].as_i64().unwrap()
    };
    assert!(position(&missed) > position(&hint), "the second referral, not the first once more");
    let refused = client.get(&pair.sender, &format!("/api/live?topics={topic}")).await.unwrap();
    assert_eq!(refused.status, 404, "a stream of another service does not exist");
    let odd = client
        .get(&pair.receiver, &format!("/api/live?topics={topic}&after=nonsense"))
        .await
        .unwrap();
    assert_eq!(odd.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_gives_every_event_once_in_one_order() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    for need in ["health", "work", "housing", "debt"] {
        pair.send(&client, &pair.person, need).await;
    }
    let auditor = in_role(Role::Auditor, pair.from);
    enrol(&client, &pair.keeper, std::slice::from_ref(&auditor)).await;
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let page = client.get(&auditor, &format!("/events?limit=3{after}")).await.unwrap();
        if page.body.as_array().unwrap().is_empty() {
            break;
        }
        after = format!("&after={}", page.next_after.unwrap());
        for event in page.body.as_array().unwrap() {
            assert_eq!(event["specversion"], "1.0");
            ids.push(event["id"].as_str().unwrap().to_owned());
        }
    }
    let all = client.get(&auditor, "/events?limit=500").await.unwrap();
    let expected: Vec<String> = all
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, expected);
    let verified = town.verified();
    let events: u64 = verified["logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| log["events"].as_u64().unwrap())
        .sum();
    assert_eq!(ids.len(), usize::try_from(events).unwrap());
}

/// Every answer of the command line has an exit code with a meaning and a line that helps.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_fails_clearly() {
    let nowhere = std::env::temp_dir().join("trama-nowhere");
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_trama"))
            .args(arguments)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run(&["status", "--dir", nowhere.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no installation"), "{said}");
    assert_eq!(run(&["stauts"]).0, Some(2));
    let mut town = Town::start().await;
    let config = town.dir.join("trama.toml");
    town.stop();
    let (code, said) = run(&["serve", "all", "--config", config.to_str().unwrap()]);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("PostgreSQL cannot be reached"), "{said}");
    let (code, said) = run(&["status", "--config", config.to_str().unwrap()]);
    assert_eq!(code, Some(4), "{said}");
    let odd = town.dir.join("odd.toml");
    std::fs::write(&odd, "listne = \"127.0.0.1:1\"\n").unwrap();
    let (code, said) = run(&["serve", "all", "--config", odd.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("listne"), "{said}");
    assert_eq!(run(&["serve", "everything", "--config", config.to_str().unwrap()]).0, Some(1));
}

/// A PostgreSQL that may lose what it acknowledged is refused at start.
#[tokio::test(flavor = "multi_thread")]
async fn an_unsafe_database_is_refused() {
    for setting in ["synchronous_commit", "full_page_writes"] {
        let mut town = Town::start().await;
        let mut owner =
            PgConnection::connect_with(&town.servers().options(PgRole::Owner)).await.unwrap();
        let off = format!("alter system set {setting} = off");
        sqlx::query(&off).execute(&mut owner).await.unwrap();
        owner.close().await.unwrap();
        town.stop();
        let port = town.port.to_string();
        let output = town.run(&["up", "--port", &port]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(setting) && said.contains("could be lost"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_housing_referral_puts_the_person_on_the_waiting_list() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let facility = json!({"facility": pair.to, "kind": "night_shelter", "opened_on": "2024-01-01"});
    done(&client, &pair.receiver, "/api/housing/facilities", facility).await;
    let referral = pair.send(&client, &pair.person, "housing").await;
    done(
        &client,
        &pair.receiver,
        &format!("/api/referrals/referrals/{referral}/accept"),
        json!({}),
    )
    .await;
    client.settle().await.unwrap();
    client.settle().await.unwrap();
    let inbox = client
        .get(&pair.receiver, &format!("/api/projections/inbox?service={}&list=to_do", pair.to))
        .await
        .unwrap();
    assert!(inbox.body.to_string().contains("waiting"), "{}", inbox.body);
    town.verified();
}
