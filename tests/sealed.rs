//! A whole installation with a sealed organisation: what the shared side holds and says of it.

#![cfg(test)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, Row};
use support::{Pair, Town, actor, done, key};
use trama::client::{Actor, Client};
use trama_directory::staff_member::{Grant, Membership, Post, StaffCommand, StaffMember};
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{MembershipId, OrganisationId, ServiceId};
use trama_events::sealed::SealedKey;
use trama_events::{Context, rome};
use trama_platform::clock::{Clock, real_now};
use trama_platform::log::{Asked, Log, LogName};
use trama_platform::servers::PgRole;

/// People who go the ordinary way and, at the same time and with the same worker, the other one.
const PEOPLE: usize = 12;

/// Words that both sides use: names of fields, and codes of public lists. None is of a person, a
/// worker, a device or a moment.
const COMMON: [&str; 12] = [
    "answer_by",
    "causation",
    "command_id",
    "correlation",
    "gdpr-6-1-e",
    "legal_basis",
    "occurred_at",
    "organisation",
    "recorded_at",
    "referrals",
    "sensitivity",
    "serd_operator",
];

struct Scene {
    town: Town,
    client: Client,
    pair: Pair,
    operator: Actor,
    organisation: OrganisationId,
    desk: ServiceId,
    key: SealedKey,
}

impl Scene {
    async fn open() -> Self {
        let organisation = OrganisationId::derived(&["test", "serd"]);
        let desk = ServiceId::derived(&["test", "serd"]);
        let town = Town::sealing(&[organisation]).await;
        let client = town.client();
        let operator =
            Actor { organisation, ..actor("operator of the serd", Role::SerdOperator, &[desk]) };
        let (from, to) =
            (ServiceId::derived(&["test", "from"]), ServiceId::derived(&["test", "to"]));
        for who in [
            &operator,
            &actor("keeper", Role::Administrator, &[]),
            &actor("auditor", Role::Auditor, &[]),
            &actor("sender", Role::CaseManager, &[from]),
            &actor("receiver", Role::FacilityOperator, &[to]),
        ] {
            enlist(&town, &client, who).await;
        }
        let pair = Pair::settle_in(&client).await;
        let key = town.servers().sealing.key_of(organisation).unwrap();
        Self { town, client, pair, operator, organisation, desk, key }
    }

    fn at(&self, rest: &str) -> String {
        format!("/api/sealed/{}/{rest}", self.organisation)
    }

    /// Prints a slip and hands it in, each with a key that the same worker uses elsewhere as well.
    async fn by_slip(&self, key: &str) -> String {
        let who = &self.pair.sender;
        let form = json!({ "organisation": self.organisation });
        let printed = self.client.post(who, "/api/sealed/slips", key, &form).await.unwrap();
        let slip = printed.body["slip"].as_str().unwrap().to_owned();
        let form =
            json!({ "slip": slip, "service": self.desk, "urgency": "urgent", "need_level": 3 });
        let handed = self.client.post(who, &self.at("referrals"), key, &form).await.unwrap();
        assert!(handed.is_done(), "{}", handed.words());
        slip
    }

    async fn answer(&self, key: &str) {
        let inbox = self.client.get(&self.operator, &self.at("paths?list=waiting")).await.unwrap();
        let path = inbox.body["items"][0]["path"].as_str().unwrap().to_owned();
        for (step, form) in [("answer", json!({ "answer": "yes" })), ("enter", json!({}))] {
            let to = self.at(&format!("paths/{path}/{step}"));
            let answer = self.client.post(&self.operator, &to, key, &form).await.unwrap();
            assert!(answer.is_done(), "{step}: {}", answer.words());
        }
    }

    /// One person on both ways; every other one lets the network know.
    async fn person(&self, number: usize) -> String {
        let (sender, client) = (&self.pair.sender, &self.client);
        let person = Pair::person(client, sender).await;
        client.settle().await.unwrap();
        let same = key();
        let referral = self.pair.referral(&person, "health");
        let sent = client.post(sender, "/api/referrals/referrals", &same, &referral).await.unwrap();
        assert!(sent.is_done(), "{}", sent.words());
        let slip = self.by_slip(&same).await;
        self.answer(&same).await;
        if number.is_multiple_of(2) {
            let consent = json!({ "person": person, "scope": "external_path" });
            let given = done(client, sender, "/api/referrals/consents", consent).await;
            let to = format!(
                "/api/referrals/consents/{}/external-path",
                given.body["id"].as_str().unwrap()
            );
            let shared = client.post(sender, &to, &same, &json!({ "slip": slip })).await.unwrap();
            assert!(shared.is_done(), "{}", shared.words());
        }
        slip
    }

    async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(&self.town.servers().options(PgRole::Owner)).await.unwrap()
    }

    /// What stands on both sides.
    async fn joins(&self) -> Vec<String> {
        let (sealed, shared) = (self.words(true).await, self.words(false).await);
        assert!(sealed.len() > PEOPLE * 10, "the sealed side was not read");
        assert!(shared.len() > PEOPLE * 20, "the shared side was not read");
        let common = |word: &&String| COMMON.contains(&word.as_str());
        sealed.intersection(&shared).filter(|word| !common(word)).cloned().collect()
    }

    /// Every word of every row of every table, of the sealed schema or of all the others.
    async fn words(&self, sealed: bool) -> BTreeSet<String> {
        let mut owner = self.owner().await;
        let tables = sqlx::query(
            "select format('%I.%I', schemaname, tablename) as name from pg_tables \
             where schemaname not in ('pg_catalog', 'information_schema') \
                and (schemaname = $1) = $2",
        );
        let tables = tables.bind(self.key.schema()).bind(sealed);
        let mut words = BTreeSet::new();
        for table in tables.fetch_all(&mut owner).await.unwrap() {
            let name: String = table.get("name");
            let rows: Vec<String> = sqlx::query_scalar(&format!("select t::text from {name} t"))
                .fetch_all(&mut owner)
                .await
                .unwrap();
            for row in &rows {
                words.extend(words_of(row));
            }
        }
        words
    }
}

/// Somebody works in her role: the directory's log says so before any door can be asked to.
async fn enlist(town: &Town, client: &Client, who: &Actor) {
    let log = Log::open(&town.servers(), Context::Directory, Clock::Real);
    let now = real_now();
    let (today, on) = (rome::day_of(now), time::macros::date!(2024 - 01 - 01));
    let post = Post {
        staff: who.staff,
        organisation: who.organisation,
        profession: Profession::Other,
        fte_hundredths: 100,
        contract: Contract::Permanent,
        ats: who.ats.clone(),
        on,
    };
    let membership = Membership {
        membership: MembershipId::derived(&[&who.staff.to_string()]),
        role: who.role,
        ats: who.ats.clone(),
        services: who.services.clone(),
        on,
    };
    let run_by = who.services.iter().map(|service| (*service, who.organisation)).collect();
    for command in [
        StaffCommand::Hire { post, organisation_known: true, today },
        StaffCommand::Grant(Grant { membership, run_by, today }),
    ] {
        let asked = Asked::by_system("test", key(), who.ats.clone(), who.organisation, now);
        log.ask::<StaffMember>(&asked, who.staff.0, command).await.unwrap();
    }
    support::until("she is let in", async || {
        let door = format!("/api/directory/organisations/{}", who.organisation);
        client.get(who, &door).await.is_ok_and(|answer| answer.status != 401)
    })
    .await;
}

/// Ids, digests, keys and long words of a text; and its moments, to the microsecond.
fn words_of(row: &str) -> Vec<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let long = row.split(|c| !word(c)).filter(|word| word.len() >= 9 && !is_day(word));
    let mut words: Vec<String> = long.map(str::to_owned).collect();
    for (place, _) in row.match_indices('.') {
        let digits = row[place + 1..].chars().take_while(char::is_ascii_digit).count();
        if digits >= 3
            && place >= 8
            && let Some(clock) = row.get(place - 8..place)
            && clock.matches(':').count() == 2
        {
            words.push(format!("{clock}.{}", &row[place + 1..place + 1 + digits]));
        }
    }
    words
}

/// A day, or a day and an hour: `2026-11-22`, `2026-11-22T09`.
fn is_day(word: &str) -> bool {
    let figures = word.chars().filter(char::is_ascii_digit).count();
    word.starts_with("20") && word.matches('-').count() == 2 && figures >= 8 && word.len() <= 13
}

fn files(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Threat 3: whoever holds every table of both sides finds nothing by which to join them.
#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_a_sealed_log_occurs_in_any_shared_table_threat_3() {
    let scene = Scene::open().await;
    let mut slips = Vec::new();
    for number in 0..PEOPLE {
        slips.push(scene.person(number).await);
    }
    scene.client.settle().await.unwrap();
    assert_eq!(scene.joins().await, Vec::<String>::new(), "these values stand on both sides");

    // One that somebody makes is found: a pseudonym as the id of a record.
    let open = scene.client.get(&scene.operator, &scene.at("paths?list=open")).await.unwrap();
    let path = open.body["items"][0]["path"].clone();
    let record = json!({ "person": path, "service": scene.pair.from });
    done(&scene.client, &scene.pair.sender, "/api/intake/persons", record).await;
    assert_eq!(scene.joins().await, [path.as_str().unwrap()]);

    // A canary in every file that is not the database's own: broker, logs, what roles write.
    let mut all = Vec::new();
    files(&scene.town.dir, &mut all);
    for file in all.iter().filter(|file| !file.starts_with(scene.town.dir.join("postgres/data"))) {
        let bytes = std::fs::read(file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        for slip in &slips {
            assert!(!text.contains(slip.as_str()), "a slip is in {}", file.display());
        }
    }
    assert!(all.len() > 10);
    let verified = scene.town.verified();
    assert_eq!(verified["sealed"][0]["troubles"], json!([]));
    assert_eq!(verified["sealed"][0]["events"], PEOPLE * 4);
}

/// Threat 4: positions, counts, feeds and metrics of the shared side are the same with and without.
#[tokio::test(flavor = "multi_thread")]
async fn no_shared_count_position_feed_or_metric_moves_with_a_sealed_log_threat_4() {
    let scene = Scene::open().await;
    scene.client.settle().await.unwrap();
    let auditor = actor("auditor", Role::Auditor, &[]);
    let looks = async || {
        let status = scene.town.run(&["status", "--json"]);
        let status: Value = serde_json::from_slice(&status.stdout).unwrap();
        let feed = scene.client.get(&auditor, "/events?limit=500").await.unwrap();
        (status["logs"].clone(), status["sealed"].clone(), feed.body)
    };
    let plain = async |path: &str| {
        reqwest::get(format!("{}{path}", scene.client.base())).await.unwrap().text().await.unwrap()
    };
    let positions = |metrics: &str| {
        let kept = metrics.lines().filter(|line| line.starts_with("trama_log_position"));
        kept.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let (logs, before, feed) = looks().await;
    let metrics = positions(&plain("/metrics").await);
    for number in 0..3 {
        scene.by_slip(&key()).await;
        scene.answer(&format!("answer-{number}")).await;
    }
    let (logs_after, after, feed_after) = looks().await;
    let place = |logs: &Value| -> Vec<Value> {
        logs.as_array().unwrap().iter().map(|log| log["position"].clone()).collect()
    };
    assert_eq!((place(&logs), &feed), (place(&logs_after), &feed_after));
    assert_eq!(metrics, positions(&plain("/metrics").await));
    assert_eq!((&before[0]["position"], &after[0]["position"]), (&json!(0), &json!(12)));
    for path in ["/metrics", "/status", "/readyz", "/openapi.json", "/asyncapi.json"] {
        let said = plain(path).await;
        assert!(!said.contains(&scene.key.to_string()) && !said.contains("SEALED_"), "{path}");
        assert!(!said.contains(&scene.organisation.to_string()), "{path}");
    }
}
