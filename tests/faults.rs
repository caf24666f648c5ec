//! Crashes, losses and doubles: what was answered is there once, and every read model equals a
//! replay (V1 to V9).

#![cfg(test)]

mod support;

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use sqlx::{Connection, PgConnection};
use support::{Pair, Town, done, key, until};
use trama_platform::clock::pause;
use trama_platform::servers::PgRole;

/// Show 3: the simulation goes on through every crash, and its figures are exact.
#[tokio::test(flavor = "multi_thread")]
async fn every_crash_loses_nothing_and_doubles_nothing_v1_v3_v8() {
    let town = Town::apart().await;
    let loaded = town.run(&["load"]);
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let log = std::fs::File::create(town.dir.join("simulate.log")).unwrap();
    let mut simulation = town
        .command(&["simulate", "--profile", "bari-winter-2021", "--seed", "7"])
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut kills = 0;
    for name in ["web", "relay", "follow", "notify", "nats", "postgres"].into_iter().cycle() {
        if simulation.try_wait().unwrap().is_some() || kills == 12 {
            break;
        }
        town.kill(name).await;
        kills += 1;
        // The next crash comes when this one is over: everything answers again.
        let client = town.client();
        let ready = format!("{}/readyz", client.base());
        until("the doors answer again", || async {
            reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }
    let ended = tokio::task::spawn_blocking(move || simulation.wait().unwrap()).await.unwrap();
    assert!(kills >= 6, "the simulation ended after {kills} crashes: each must be tried once");
    assert!(ended.success(), "{}", support::read(&town.dir.join("simulate.log")));
    town.verified();
}

/// Show 4: the broker's store is gone; everything catches up by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_lost_everything_is_filled_again_v9() {
    let mut town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    for need in ["health", "work", "housing"] {
        pair.send(&client, &pair.person, need).await;
    }
    client.settle().await.unwrap();
    town.stop();
    std::fs::remove_dir_all(town.dir.join("nats/jetstream")).unwrap();
    town.up().await;
    let client = town.client();
    for need in ["economic", "debt"] {
        pair.send(&client, &pair.person, need).await;
    }
    client.settle().await.unwrap();
    town.verified();
    let status: serde_json::Value =
        serde_json::from_slice(&town.run(&["status", "--json"]).stdout).unwrap();
    let referrals = status["logs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|log| log["context"] == "referrals")
        .unwrap();
    assert_eq!(referrals["generation"], 2, "a lost stream gets a new generation");
    assert_eq!(referrals["relayed"], referrals["position"]);
}

/// Show 5: two of everything, on the same logs at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn two_writers_two_relays_two_followers_leave_no_gap_and_no_double_v6_v7() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let mut second = Second::start(&town, &["all"], None);
    let other = town.client().at(&second.base);
    second.opens(&other, &pair).await;
    let people = people(&client, &pair, 20).await;
    client.settle().await.unwrap();
    let mut sending = Vec::new();
    for (number, person) in people.iter().enumerate() {
        for need in ["health", "work", "housing", "debt", "training"] {
            let through = if number % 2 == 0 { &client } else { &other };
            sending.push(pair.send(through, person, need));
        }
    }
    let sent = futures::future::join_all(sending).await;
    assert_eq!(sent.len(), 100);
    client.settle().await.unwrap();
    town.verified();
    second.stop();
}

/// Show 6: an event that a model cannot take parks its person; the others go on; a retry heals.
#[tokio::test(flavor = "multi_thread")]
async fn a_poison_event_parks_its_person_and_a_retry_heals_it() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let other = Pair::person(&client, &pair.sender).await;
    client.settle().await.unwrap();
    let mut model =
        PgConnection::connect_with(&town.servers().options(PgRole::Projections)).await.unwrap();
    let poison = format!(
        "alter table journey.facts add constraint poison check (person <> '{}') not valid",
        pair.person
    );
    sqlx::raw_sql(&poison).execute(&mut model).await.unwrap();
    let first = pair.send(&client, &pair.person, "health").await;
    done(&client, &pair.receiver, &format!("/api/referrals/referrals/{first}/accept"), json!({}))
        .await;
    pair.send(&client, &other, "health").await;
    until("the person is parked and the others went on", || async {
        let listed = town.run(&["parked", "list", "journey", "--json"]);
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        let entries = listed["parked"].as_array().unwrap();
        entries.len() == 1
            && entries[0]["parked"]["subject"] == json!(pair.person)
            && entries[0]["parked"]["events"] == 4
    })
    .await;
    let journey =
        client.get(&pair.sender, &format!("/api/projections/journeys/{other}")).await.unwrap();
    assert!(journey.body.to_string().contains("referral"), "{}", journey.body);
    let status = town.run(&["status", "--check"]);
    assert_eq!(status.status.code(), Some(1), "a parked person is a warning");
    let shown = town.run(&["parked", "show", "journey", &pair.person]);
    assert_eq!(String::from_utf8_lossy(&shown.stdout).lines().count(), 4);
    let still = town.run(&["parked", "retry", "journey"]);
    assert_eq!(still.status.code(), Some(1), "what made it fail is still there");
    sqlx::raw_sql("alter table journey.facts drop constraint poison")
        .execute(&mut model)
        .await
        .unwrap();
    let healed = town.run(&["parked", "retry", "journey", "--json"]);
    let healed: serde_json::Value = serde_json::from_slice(&healed.stdout).unwrap();
    assert_eq!(healed, json!({"version": 1, "healed": 1, "still_parked": 0}));
    town.verified();
}

/// Show 7: the same command twice, and the same key for something else.
#[tokio::test(flavor = "multi_thread")]
async fn one_command_id_has_one_effect_and_one_answer_v3() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let (path, key) = ("/api/referrals/referrals", key());
    let body = pair.referral(&pair.person, "health");
    let tries = (0..20).map(|_| client.post(&pair.sender, path, &key, &body));
    let answers = futures::future::join_all(tries).await;
    let first = answers[0].as_ref().unwrap();
    assert!(first.is_done(), "{}", first.words());
    for answer in &answers {
        assert_eq!(answer.as_ref().unwrap(), first);
    }
    let changed =
        client.post(&pair.sender, path, &key, &pair.referral(&pair.person, "work")).await.unwrap();
    assert_eq!((changed.status, changed.code()), (422, Some("key_reused")));
    let second = client.post(&pair.sender, path, &support::key(), &body).await.unwrap();
    assert_eq!((second.status, second.code()), (422, Some("already_open")));
    assert!(second.words().contains(first.body["id"].as_str().unwrap()), "{}", second.words());
    client.settle().await.unwrap();
    town.verified();
}

/// Show 7: a hundred people for one bed.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_people_for_one_bed_one_gets_it_v4() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let facility = pair.to;
    let unit = uuid::Uuid::from_u128(11);
    let place = uuid::Uuid::from_u128(12);
    let rules = json!({"nights_in_a_row_max": null, "no_show_hour": 23, "stay_months_max": null, "needs_project": false});
    let opened = json!({"facility": facility, "kind": "night_shelter", "opened_on": "2024-01-01", "rules": rules});
    done(&client, &pair.receiver, "/api/housing/facilities", opened).await;
    done(
        &client,
        &pair.receiver,
        &format!("/api/housing/facilities/{facility}/units"),
        json!({"unit": unit, "mode": "single"}),
    )
    .await;
    let capacity = json!({"unit": unit, "added": [place], "removed": [], "valid_from": "2024-01-01", "valid_to": null,
        "reason": "opening", "pis_only": false});
    done(
        &client,
        &pair.receiver,
        &format!("/api/housing/facilities/{facility}/capacity"),
        capacity,
    )
    .await;
    let people = people(&client, &pair, 100).await;
    client.settle().await.unwrap();
    let night = trama_events::rome::night_of(trama_platform::clock::real_now()).next_day().unwrap();
    let tries = people.iter().map(|person| {
        let body = json!({"facility": facility, "person": person, "place": place, "night": night});
        let (client, receiver) = (&client, &pair.receiver);
        async move { client.post(receiver, "/api/housing/nights", &key(), &body).await.unwrap() }
    });
    let answers = futures::future::join_all(tries).await;
    let won = answers.iter().filter(|answer| answer.is_done()).count();
    let refused = answers
        .iter()
        .filter(|answer| answer.status == 422 && answer.code() == Some("place_taken"))
        .count();
    let others: Vec<String> = answers
        .iter()
        .filter(|a| !a.is_done() && a.code() != Some("place_taken"))
        .map(trama::client::Answer::words)
        .collect();
    assert_eq!((won, refused), (1, 99), "{others:?}");
    client.settle().await.unwrap();
    town.verified();
}

/// A process and its children: of PostgreSQL, those that answer connections as well.
fn family(pid: u32) -> Vec<String> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let children = children.split_whitespace().map(ToOwned::to_owned);
    std::iter::once(pid.to_string()).chain(children).collect()
}

/// The database goes away and comes back: what is answered meanwhile says so, nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_is_a_clear_answer_and_no_half_done_thing_v2() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let database = family(town.pid("postgres"));
    for pid in &database {
        signal("-STOP", pid);
    }
    let token = town.client().bearer(&pair.sender).unwrap();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let answer = http.get(format!("{}/readyz", client.base())).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.headers().contains_key("retry-after"));
    let alive = http.get(format!("{}/livez", client.base())).send().await.unwrap();
    assert_eq!(alive.status(), 200);
    let key = key();
    let asking = http
        .post(format!("{}/api/referrals/referrals", client.base()))
        .bearer_auth(token)
        .header("idempotency-key", &key)
        .json(&pair.referral(&pair.person, "health"))
        .send();
    // It goes on once the doors have found again, since the command was sent, that it is away.
    let going_on = async {
        let away = async || {
            let answer = http.get(format!("{}/readyz", client.base())).send().await.unwrap();
            answer.status() == 503
        };
        until("the doors say that the database is away", away).await;
        for pid in &database {
            signal("-CONT", pid);
        }
    };
    let (asked, ()) = tokio::join!(asking, going_on);
    let asked = asked.unwrap();
    assert!([200, 503].contains(&asked.status().as_u16()), "{}", asked.status());
    let again = client
        .post(
            &pair.sender,
            "/api/referrals/referrals",
            &key,
            &pair.referral(&pair.person, "health"),
        )
        .await
        .unwrap();
    assert!(again.is_done(), "{}", again.words());
    client.settle().await.unwrap();
    town.verified();
}

/// No command's answer depends on the broker.
#[tokio::test(flavor = "multi_thread")]
async fn commands_are_answered_while_the_broker_is_frozen() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let pid = town.pid("nats").to_string();
    signal("-STOP", &pid);
    for need in ["health", "work", "housing"] {
        pair.send(&client, &pair.person, need).await;
    }
    signal("-CONT", &pid);
    client.settle().await.unwrap();
    town.verified();
}

/// A writer that was paused in the middle of its work wakes up behind the others: it loses its
/// races, nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_was_paused_and_wakes_up_breaks_nothing_v5_v6() {
    let town = Town::apart().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let mut second = Second::start(&town, &["web"], None);
    let other = town.client().at(&second.base);
    second.opens(&other, &pair).await;
    let people = people(&client, &pair, 12).await;
    client.settle().await.unwrap();
    let pid = town.pid("web").to_string();
    let work = |through, person: &str| {
        let person = person.to_owned();
        let pair = &pair;
        async move { pair.send(through, &person, "health").await }
    };
    let slow = people.iter().map(|person| work(&client, person));
    let paused = async {
        signal("-STOP", &pid);
        for person in &people {
            pair.send(&other, person, "work").await;
        }
        signal("-CONT", &pid);
    };
    let (slow, ()) = tokio::join!(futures::future::join_all(slow), paused);
    assert_eq!(slow.len(), people.len());
    client.settle().await.unwrap();
    town.verified();
    second.stop();
}

/// The connection dies between commit and answer, again and again: every acknowledged command is
/// there once, with one answer.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_die_between_commit_and_answer_double_nothing_v1_v2_v3() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let people = people(&client, &pair, 60).await;
    client.settle().await.unwrap();
    let storm = storm(town.servers());
    let needs = [
        "health",
        "work",
        "housing",
        "debt",
        "economic",
        "training",
        "relational",
        "language",
        "legal_documents",
        "residence_mail",
        "material_food",
        "family_parenting",
    ];
    let mut answers = Vec::new();
    let mut rounds = 0;
    // As many commands as it takes until the storm has hit often enough.
    while storm.killed() < 20 {
        let need = needs.get(rounds).expect("the storm hits before the needs are used up");
        let sending = people.iter().map(|person| pair.send(&client, person, need));
        answers.extend(futures::future::join_all(sending).await);
        rounds += 1;
    }
    storm.over().await;
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), people.len() * rounds, "each command has its own effect");
    client.settle().await.unwrap();
    let verified = town.verified();
    let logs = verified["logs"].as_array().unwrap();
    let referrals = logs.iter().find(|log| log["context"] == "referrals").unwrap();
    assert_eq!(referrals["events"], json!(answers.len() * 2), "created and sent, once each");
}

/// A broker that is not there at start keeps nobody from working.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_there_at_start_keeps_nobody_from_working() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let mut second = Second::start(&town, &["web"], Some("nats://127.0.0.1:1"));
    let other = town.client().at(&second.base);
    second.opens(&other, &pair).await;
    pair.send(&other, &pair.person, "health").await;
    client.settle().await.unwrap();
    town.verified();
    second.stop();
}

fn signal(name: &str, pid: &str) {
    assert!(std::process::Command::new("kill").args([name, pid]).status().unwrap().success());
}

async fn people(client: &trama::client::Client, pair: &Pair, count: usize) -> Vec<String> {
    futures::future::join_all((0..count).map(|_| Pair::person(client, &pair.sender))).await
}

/// Kills a connection of a writing role every few milliseconds, until told to stop.
struct Storm {
    stop: tokio::sync::watch::Sender<bool>,
    killed: Arc<AtomicUsize>,
    storming: tokio::task::JoinHandle<()>,
}

fn storm(servers: trama_platform::servers::Servers) -> Storm {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let killed = Arc::new(AtomicUsize::new(0));
    let count = killed.clone();
    let storming = tokio::spawn(async move {
        let mut owner = PgConnection::connect_with(&servers.options(PgRole::Owner)).await.unwrap();
        while !*stopped.borrow() {
            let kill = "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity \
                        where usename = 'referrals' and query like '%append%'";
            let now: i64 = sqlx::query_scalar(kill).fetch_one(&mut owner).await.unwrap();
            count.fetch_add(usize::try_from(now).unwrap(), Ordering::Relaxed);
            pause(Duration::from_millis(15)).await;
        }
    });
    Storm { stop, killed, storming }
}

impl Storm {
    fn killed(&self) -> usize {
        self.killed.load(Ordering::Relaxed)
    }

    async fn over(self) {
        self.stop.send(true).unwrap();
        self.storming.await.unwrap();
    }
}

/// Another process of the product on the same servers.
struct Second {
    base: String,
    process: std::process::Child,
}

impl Second {
    fn start(town: &Town, roles: &[&str], nats: Option<&str>) -> Self {
        let port = trama_platform::private::free_port(0).unwrap();
        let listen = format!("127.0.0.1:{port}");
        let log = std::fs::File::create(town.dir.join("second.log")).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_trama"));
        command.arg("serve").args(roles).arg("--config").arg(town.dir.join("trama.toml"));
        command.env("TRAMA_LISTEN", &listen).stdout(log.try_clone().unwrap()).stderr(log);
        if let Some(nats) = nats {
            command.env("TRAMA_NATS__URL", nats);
        }
        Self { base: format!("http://{listen}"), process: command.spawn().unwrap() }
    }

    async fn opens(&self, client: &trama::client::Client, pair: &Pair) {
        let open =
            || async { client.get(&pair.sender, "/livez").await.is_ok_and(|a| a.status == 200) };
        until("the second process opens its doors", open).await;
    }

    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A claim that somebody deleted by hand is found: claims are a function of the events.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_no_event_explains_or_that_is_missing_is_found_v4() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    pair.send(&client, &pair.person, "health").await;
    client.settle().await.unwrap();
    town.verified();
    let mut owner =
        PgConnection::connect_with(&town.servers().options(PgRole::Owner)).await.unwrap();
    for damage in ["delete from referrals.claims", "delete from referrals.timers"] {
        sqlx::raw_sql(damage).execute(&mut owner).await.unwrap();
        let output = town.run(&["verify", "--json"]);
        assert_eq!(output.status.code(), Some(3), "{damage}");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("missing: "), "{said}");
    }
}

/// A read model is rebuilt while people work: beside the live one, then swapped.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_under_traffic_swaps_and_loses_nothing_v8() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let people = people(&client, &pair, 40).await;
    client.settle().await.unwrap();
    let working = async {
        for person in &people {
            pair.send(&client, person, "health").await;
        }
    };
    let rebuilding = async {
        for model in ["journey", "inbox", "network", "all"] {
            let mut replay = town.command(&["replay", model, "--json"]);
            let output =
                tokio::task::spawn_blocking(move || replay.output().unwrap()).await.unwrap();
            assert!(
                output.status.success(),
                "{model}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    };
    tokio::join!(working, rebuilding);
    client.settle().await.unwrap();
    town.verified();
}
