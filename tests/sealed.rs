//! A whole installation with a sealed organisation: what the shared side holds and says of it; and
//! who comes to know a person by a secret house, a meeting or a court.

#![cfg(test)]

#[path = "sealed/hiding.rs"]
mod hiding;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, Row};
use support::{Pair, Town, actor, done, key};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama::client::{Actor, Client};
use trama_directory::staff_member::{Grant, Membership, Post, StaffCommand, StaffMember};
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{Ats, MembershipId, OrganisationId, PersonId, PlaceId, ServiceId, UnitId};
use trama_events::sealed::SealedKey;
use trama_events::{Context, rome};
use trama_platform::clock::{Clock, real_now};
use trama_platform::follow::Lag;
use trama_platform::log::{Asked, Feed, Log, LogName};
use trama_platform::permit::Guard;
use trama_platform::servers::PgRole;
use trama_platform::ties::{Acquaintance, Between, Ties};
use trama_projections::relations::Relations;

/// People who go the ordinary way and, at the same time and with the same worker, the other one.
const PEOPLE: usize = 12;

/// Words that both sides use: names of fields, and codes of public lists. None is of a person, a
/// worker, a device or a moment.
const COMMON: [&str; 13] = [
    "answer_by",
    "causation",
    "command_id",
    "correlation",
    "facility_operator",
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
        Self::of("serd", Role::SerdOperator).await
    }

    async fn of(name: &str, role: Role) -> Self {
        let organisation = OrganisationId::derived(&["test", name]);
        let desk = ServiceId::derived(&["test", name]);
        let town = Town::sealing(&[organisation]).await;
        let client = town.client();
        let operator = Actor { organisation, ..actor("operator of the desk", role, &[desk]) };
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

    /// One person on both ways, and her slip; every other one lets the network know.
    async fn person(&self, number: usize) -> (String, String) {
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
        (person, slip)
    }

    /// What stands on both sides, of so many people.
    async fn joins(&self, people: usize) -> Vec<String> {
        let (sealed, shared) = (self.words(true).await, self.words(false).await);
        assert!(sealed.len() > people * 10, "the sealed side was not read");
        assert!(shared.len() > people * 20, "the shared side was not read");
        let common = |word: &&String| COMMON.contains(&word.as_str());
        sealed.intersection(&shared).filter(|word| !common(word)).cloned().collect()
    }

    /// Every word of every row of every table, of the sealed schema or of all the others.
    async fn words(&self, sealed: bool) -> BTreeSet<String> {
        let rows = rows(&self.town, self.key, sealed).await;
        rows.iter().flat_map(|row| words_of(row)).collect()
    }
}

/// Every row of every table, of the sealed schema or of all the others.
async fn rows(town: &Town, key: SealedKey, sealed: bool) -> Vec<String> {
    let options = town.servers().options(PgRole::Owner);
    let mut owner = PgConnection::connect_with(&options).await.unwrap();
    let tables = sqlx::query(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables \
         where schemaname not in ('pg_catalog', 'information_schema') \
            and (schemaname = $1) = $2",
    );
    let tables = tables.bind(key.schema()).bind(sealed).fetch_all(&mut owner).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let name: String = table.get("name");
        let read = format!("select t::text from {name} t");
        rows.extend(sqlx::query_scalar::<_, String>(&read).fetch_all(&mut owner).await.unwrap());
    }
    rows
}

/// Shared rows in which a person stands beside one of these ids.
async fn beside(town: &Town, key: SealedKey, person: &str, ids: &[String]) -> Vec<String> {
    let hers = |row: &String| row.contains(person) && ids.iter().any(|id| row.contains(id));
    rows(town, key, false).await.into_iter().filter(hers).collect()
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
        slips.push(scene.person(number).await.1);
    }
    scene.client.settle().await.unwrap();
    assert_eq!(scene.joins(PEOPLE).await, Vec::<String>::new(), "these values stand on both sides");

    // One that somebody makes is found: a pseudonym as the id of a record.
    let open = scene.client.get(&scene.operator, &scene.at("paths?list=open")).await.unwrap();
    let path = open.body["items"][0]["path"].clone();
    let record = json!({ "person": path, "service": scene.pair.from });
    done(&scene.client, &scene.pair.sender, "/api/intake/persons", record).await;
    assert_eq!(scene.joins(PEOPLE).await, [path.as_str().unwrap()]);

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

/// Story C: what is so of an addiction service is so of an anti-violence centre.
#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_an_anti_violence_centres_log_occurs_in_any_shared_table_threat_2() {
    const WOMEN: usize = 4;
    let scene = Scene::of("centre", Role::FacilityOperator).await;
    let mut women = Vec::new();
    for number in 0..WOMEN {
        women.push(scene.person(number).await.0);
    }
    scene.client.settle().await.unwrap();
    assert_eq!(scene.joins(WOMEN).await, Vec::<String>::new(), "these values stand on both sides");
    let centre = [scene.desk.to_string(), scene.organisation.to_string()];
    for woman in &women {
        assert_eq!(beside(&scene.town, scene.key, woman, &centre).await, [""; 0]);
        let from = [scene.pair.from.to_string()];
        assert_ne!(beside(&scene.town, scene.key, woman, &from).await, [""; 0], "control");
    }
    let verified = scene.town.verified();
    assert_eq!(verified["sealed"][0]["events"], WOMEN * 4);
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

/// Juvenile court: its people come with a slip, into a log that no shared service can name.
#[tokio::test(flavor = "multi_thread")]
async fn a_juvenile_court_answers_slips_in_a_log_of_its_own_and_takes_nobody_by_name() {
    let scene = Scene::of("court", Role::CourtOperator).await;
    let (client, keeper) = (&scene.client, &scene.pair.keeper);
    scene.by_slip(&key()).await;
    scene.answer(&key()).await;
    let verified = scene.town.verified();
    assert_eq!(verified["sealed"][0]["events"], 4);
    let body = json!({ "organisation": scene.organisation, "name": "Tribunale per i minorenni",
        "kind": "other_public", "ats": "metro" });
    let founded = client.post(keeper, "/api/directory/organisations", &key(), &body).await.unwrap();
    assert!(founded.is_done(), "{}", founded.words());
    let body = json!({ "service": scene.desk, "organisation": scene.organisation,
        "name": "Tribunale per i minorenni", "service_type": "juvenile_court", "ats": "metro" });
    done(client, keeper, "/api/directory/services", body).await;
    let on = json!({ "on": "2024-01-01" });
    let activate = format!("/api/directory/services/{}/activate", scene.desk);
    done(client, keeper, &activate, on).await;
    client.settle().await.unwrap();
    let by_name = json!({ "person": scene.pair.person, "from": scene.pair.from, "to": scene.desk,
        "need": "education_minor", "urgency": "ordinary", "dataset": [] });
    let sent = client.post(&scene.pair.sender, "/api/referrals/referrals", &key(), &by_name).await;
    assert_eq!(sent.unwrap().code(), Some("only_by_slip"));
    let inbox = scene.at("paths?list=open");
    assert_eq!(client.get(&scene.operator, &inbox).await.unwrap().status, 200);
    let nothing = format!("/api/sealed/{}/paths?list=open", OrganisationId::derived(&["nobody"]));
    let elsewhere = actor("operator elsewhere", Role::CourtOperator, &[scene.pair.to]);
    support::enrol(client, keeper, std::slice::from_ref(&elsewhere)).await;
    let hidden = client.get(&elsewhere, &inbox).await.unwrap();
    let none = client.get(&elsewhere, &nothing).await.unwrap();
    assert_eq!((hidden.status, &hidden.body), (none.status, &none.body));
}

/// A body with a centre against violence and a secret house, and the worker who keeps both.
struct Refuge {
    keeper: Actor,
    centre: ServiceId,
    house: ServiceId,
    places: [PlaceId; 2],
}

impl Refuge {
    async fn opens(client: &Client, admin: &Actor) -> Self {
        let organisation = OrganisationId::derived(&["test", "refuge"]);
        let [centre, house] = ["centre", "house"].map(|name| ServiceId::derived(&["test", name]));
        let body = json!({ "organisation": organisation, "name": "Associazione di prova",
            "kind": "third_sector", "ats": "modugno" });
        done(client, admin, "/api/directory/organisations", body).await;
        for (service, kind) in [(centre, "anti_violence_centre"), (house, "secret_shelter")] {
            let body = json!({ "service": service, "organisation": organisation, "name": "Casa",
                "service_type": kind, "ats": "metro" });
            done(client, admin, "/api/directory/services", body).await;
            let activate = format!("/api/directory/services/{service}/activate");
            done(client, admin, &activate, json!({ "on": "2024-01-01" })).await;
        }
        // Her membership is of an ATS: what the house does must not say of which.
        let keeper = Actor {
            organisation,
            ats: Ats::try_new("modugno").unwrap(),
            ..actor("keeper of the refuge", Role::FacilityOperator, &[centre, house])
        };
        support::enrol(client, admin, std::slice::from_ref(&keeper)).await;
        let places = ["1", "2"].map(|name| PlaceId::derived(&["test", "refuge", name]));
        let refuge = Self { keeper, centre, house, places };
        refuge.furnishes(client).await;
        refuge
    }

    async fn furnishes(&self, client: &Client) {
        let unit = UnitId::derived(&["test", "refuge"]);
        let at = format!("/api/housing/facilities/{}", self.house);
        for (path, body) in [
            (
                "/api/housing/facilities".to_owned(),
                json!({ "facility": self.house, "kind": "secret_shelter",
                    "opened_on": "2024-01-01" }),
            ),
            (format!("{at}/units"), json!({ "unit": unit, "mode": "single" })),
            (
                format!("{at}/capacity"),
                json!({ "unit": unit, "added": self.places, "valid_from": "2024-01-01",
                    "reason": "opening" }),
            ),
        ] {
            done(client, &self.keeper, &path, body).await;
        }
    }

    /// The centre takes her by the slip that she holds.
    async fn accepts(&self, client: &Client, sender: &Actor) {
        let form = json!({ "organisation": self.keeper.organisation });
        let printed = client.post(sender, "/api/sealed/slips", &key(), &form).await.unwrap();
        let form = json!({ "slip": printed.body["slip"], "service": self.centre,
            "urgency": "immediate", "need_level": 3 });
        let at = format!("/api/sealed/{}", self.keeper.organisation);
        let handed = client.post(sender, &format!("{at}/referrals"), &key(), &form).await.unwrap();
        assert_eq!(handed.body, json!({ "state": "waiting" }), "{}", handed.words());
        let inbox = client.get(&self.keeper, &format!("{at}/paths")).await.unwrap().body;
        let answer = format!("{at}/paths/{}/answer", inbox["items"][0]["path"].as_str().unwrap());
        done(client, &self.keeper, &answer, json!({ "answer": "yes" })).await;
    }

    /// The house gives her a place, under a pseudonym that it registers itself.
    async fn takes_in(&self, client: &Client) -> (String, String) {
        let guest = json!({ "service": self.house });
        let guest = done(client, &self.keeper, "/api/intake/persons", guest).await;
        let person = guest.body["id"].as_str().unwrap();
        client.settle().await.unwrap();
        let wait = json!({ "person": person, "facility": self.house });
        let waiting = done(client, &self.keeper, "/api/housing/waiting", wait).await;
        let at = format!("/api/housing/waiting/{}", waiting.body["id"].as_str().unwrap());
        let held_until = (real_now() + time::Duration::days(1)).format(&Rfc3339).unwrap();
        let offer = json!({ "places": [self.places[0]], "held_until": held_until });
        done(client, &self.keeper, &format!("{at}/offer"), offer).await;
        done(client, &self.keeper, &format!("{at}/assign"), json!({})).await;
        let stay = json!({ "person": person, "facility": self.house,
            "waiting": waiting.body["id"] });
        let stay = done(client, &self.keeper, "/api/housing/stays", stay).await;
        client.settle().await.unwrap();
        (person.to_owned(), stay.body["id"].as_str().unwrap().to_owned())
    }

    /// A personal project is no way in: it is in her own name.
    async fn is_asked_for_nobody_by_name(&self, client: &Client, person: &str) {
        let wait = json!({ "person": person, "facility": self.house });
        let stay = json!({ "person": person, "facility": self.house, "places": [self.places[0]] });
        for (path, body) in [("/api/housing/waiting", wait), ("/api/housing/stays", stay)] {
            let told = client.post(&self.keeper, path, &key(), &body).await.unwrap();
            assert_eq!(told.code(), Some("no_way_in"), "{path}");
        }
    }

    /// Nor does a pseudonym get a name that others have too, not even by its own house.
    async fn names_no_pseudonym(&self, client: &Client, guest: &str) {
        let path = format!("/api/vault/persons/{guest}/facts");
        for (field, value) in [
            ("family_name", "Abbrescia"),
            ("birth_date", "1989-09-17"),
            ("tax_code", "RSSMRA85T10A562S"),
            ("phone", "+390805550142"),
            ("address", "via delle Ginestre 14"),
        ] {
            let fact = json!({ "field": field, "value": value, "source": "declared" });
            let body = json!({ "facts": [fact] });
            let told = client.post(&self.keeper, &path, &key(), &body).await.unwrap();
            assert_eq!(told.status, 404, "{field}: {}", told.words());
        }
        let body = json!({ "facts": [{ "field": "protected_address", "source": "service",
            "value": "contrada Serracapriola 3" }] });
        done(client, &self.keeper, &path, body).await;
    }

    /// Neither the centre nor the house is sent anybody by name.
    async fn is_sent_nobody_by_name(&self, client: &Client, pair: &Pair) {
        for house in [self.centre, self.house] {
            let by_name = json!({ "person": pair.person, "from": pair.from, "to": house,
                "need": "violence_safety", "urgency": "immediate", "dataset": [] });
            let told = client
                .post(&pair.sender, "/api/referrals/referrals", &key(), &by_name)
                .await
                .unwrap();
            assert!(["only_by_slip", "no_direct_access"].map(Some).contains(&told.code()));
        }
    }
}

/// Story C: the centre takes a woman by her slip, the house by a pseudonym; nothing shared says that
/// she is at either, and the shared log says nowhere where the house is.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_a_secret_house_is_assigned_and_nothing_leads_there_nor_to_the_centre_threat_2()
{
    let town = Town::sealing(&[OrganisationId::derived(&["test", "refuge"])]).await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let refuge = Refuge::opens(&client, &pair.keeper).await;
    client.settle().await.unwrap();
    let (sender, person) = (&pair.sender, pair.person.as_str());
    let case = json!({ "person": person, "service": pair.from });
    let case = done(&client, sender, "/api/casework/cases", case).await;
    client.settle().await.unwrap();
    refuge.is_sent_nobody_by_name(&client, &pair).await;
    refuge.accepts(&client, sender).await;
    let draft = format!("/api/casework/cases/{}/project", case.body["id"].as_str().unwrap());
    done(&client, sender, &draft, json!({ "template_version": 1 })).await;
    client.settle().await.unwrap();
    refuge.is_asked_for_nobody_by_name(&client, person).await;
    let hide = format!("/api/intake/persons/{person}/not-to-be-found");
    done(&client, sender, &hide, json!({})).await;
    client.settle().await.unwrap();
    let key = town.servers().sealing.key_of(refuge.keeper.organisation).unwrap();
    let centre = [refuge.centre.to_string(), refuge.keeper.organisation.to_string()];
    assert_eq!(beside(&town, key, person, &centre).await, [""; 0], "the centre is named with her");
    let (guest, stay) = refuge.takes_in(&client).await;
    refuge.names_no_pseudonym(&client, &guest).await;
    let shelter = [refuge.house.to_string(), guest.clone(), stay.clone(), centre[0].clone()];
    assert_eq!(
        beside(&town, key, person, &shelter).await,
        [""; 0],
        "a row joins her and the house"
    );
    let control = beside(&town, key, &guest, &shelter[..1]).await;
    assert!(!control.is_empty(), "the house's own rows were not read");

    says_nowhere_where_it_is(&town).await;
    let known = format!("/api/directory/services/{}", refuge.house);
    let known = client.get(sender, &known).await.unwrap().body;
    assert_eq!((&known["ats"], &known["municipality"]), (&json!("metro"), &Value::Null));
    assert_eq!((&known["sites"], &known["places"]), (&json!([]), &Value::Null));

    let stays = format!("/api/housing/stays/{stay}");
    assert_eq!(client.get(&refuge.keeper, &stays).await.unwrap().status, 200);
    let own = client.get(sender, &format!("/api/projections/journeys/{person}")).await.unwrap();
    let own = (own.status, own.body.to_string());
    assert_eq!(own.0, 200, "her case manager goes on with her: {}", own.1);
    for traced in [refuge.house.to_string(), stay.clone(), refuge.places[0].to_string()] {
        assert!(!own.1.contains(&traced), "{}", own.1);
    }
    let partners = actor("of the partner", Role::CaseManager, &[support::elsewhere()]);
    support::enrol(&client, &pair.keeper, std::slice::from_ref(&partners)).await;
    let nobody = PersonId::derived(&["nobody"]);
    for path in ["/api/projections/journeys/", "/api/vault/persons/", "/api/intake/persons/"] {
        let hers = client.get(&partners, &format!("{path}{person}")).await.unwrap();
        let none = client.get(&partners, &format!("{path}{nobody}")).await.unwrap();
        assert_eq!((hers.status, hers.body), (none.status, none.body), "{path}");
    }
    assert_eq!(client.get(&partners, &stays).await.unwrap().status, 404);
    let told = ties(&town, &partners, person, real_now()).await;
    assert_eq!(told.guard, Guard::Guarded { keeper: None });
    assert_eq!(told.hiders(), [sender.staff].into(), "by who said so, and not by any house");
    let guard = ties(&town, &partners, &guest, real_now()).await.guard;
    assert_eq!(guard, Guard::Guarded { keeper: Some(refuge.keeper.organisation) });
    is_found_again(&town, sender, &partners, person).await;
}

/// The shared log of housing: that places were given, and in no event where.
async fn says_nowhere_where_it_is(town: &Town) {
    let house = Feed::open(&town.servers(), Context::Housing).after(0, 1_000).await.unwrap();
    let kinds: Vec<&str> = house.iter().map(|event| event.event_type.as_str()).collect();
    assert!(kinds.contains(&"place_assigned") && kinds.contains(&"stay_started"), "{kinds:?}");
    for event in &house {
        assert_eq!(event.why.ats, Ats::metro(), "{}", event.id());
        let payload = event.payload.to_string();
        for place in ["municipality", "address", "0720", "modugno", "bari"] {
            assert!(!payload.contains(place), "{}: {payload}", event.id());
        }
    }
}

/// Whoever hid her lets her be found again, and nobody else does.
async fn is_found_again(town: &Town, sender: &Actor, partners: &Actor, person: &str) {
    let client = town.client();
    let lift = format!("/api/intake/persons/{person}/not-to-be-found/lift");
    let told = client.post(partners, &lift, &support::key(), &json!({})).await.unwrap();
    assert_eq!(told.status, 404, "whoever looks for her does not lift it");
    done(&client, sender, &lift, json!({})).await;
    client.settle().await.unwrap();
    assert_eq!(ties(town, partners, person, real_now()).await.guard, Guard::Open);
}

/// What somebody has to do with a person, as the gate asks it.
async fn ties(town: &Town, who: &Actor, person: &str, now: OffsetDateTime) -> Ties {
    let relations = Relations::over(town.servers().pool(PgRole::Gate, 1), Lag::none());
    let asked = Between {
        staff: who.staff,
        organisation: who.organisation,
        services: &who.services,
        person: person.parse().unwrap(),
        on: rome::day_of(now),
        now,
    };
    relations.between(asked).await.unwrap()
}

/// Kinds of the entries of a journey; none where it is not shown.
async fn journey(client: &Client, who: &Actor, person: &str) -> BTreeSet<String> {
    let path = format!("/api/projections/journeys/{person}");
    let answer = client.get(who, &path).await.unwrap();
    let entries = answer.body["entries"].as_array().cloned().unwrap_or_default();
    assert_eq!(answer.status == 200, !entries.is_empty(), "{}", answer.words());
    entries.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

fn kinds(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

/// R40: whoever is called to the unit sees what her row of the role table says until thirty days
/// after the meeting; a guardian sees her ward until the court ends it.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_called_to_a_meeting_or_appointed_by_a_court_sees_her_row_while_it_lasts_r40() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let (sender, person) = (&pair.sender, pair.person.as_str());
    let asl = OrganisationId::derived(&["test", "asl"]);
    let body = json!({ "organisation": asl, "name": "ASL di prova", "kind": "health_authority",
        "ats": "bari" });
    done(&client, &pair.keeper, "/api/directory/organisations", body).await;
    let unit = ServiceId::derived(&["test", "uvm"]);
    let body = json!({ "service": unit, "organisation": asl, "name": "UVM di prova",
        "service_type": "uvm", "ats": "bari" });
    done(&client, &pair.keeper, "/api/directory/services", body).await;
    let of_asl =
        |name| Actor { organisation: asl, ..actor(name, Role::HealthDistrictOperator, &[unit]) };
    let (called, colleague) = (of_asl("called"), of_asl("colleague"));
    let guardian = actor("guardian", Role::Guardian, &[]);
    let all = [called.clone(), colleague.clone(), guardian.clone()];
    support::enrol(&client, &pair.keeper, &all).await;
    client.settle().await.unwrap();
    let case = json!({ "person": person, "service": pair.from });
    let case = done(&client, sender, "/api/casework/cases", case).await;
    let at = format!("/api/casework/cases/{}", case.body["id"].as_str().unwrap());
    let assessed = json!({ "domains": ["health"], "needs": [{ "code": "health", "level": 3 }] });
    done(&client, sender, &format!("{at}/assessments"), assessed).await;
    client.settle().await.unwrap();
    assert_eq!(journey(&client, &called, person).await, kinds(&[]), "not called yet");

    let today = rome::day_of(real_now());
    let call = json!({ "on": today, "social": [sender.staff], "health": [called.staff] });
    done(&client, sender, &format!("{at}/uvm"), call).await;
    let appointed = json!({ "guardian": guardian.staff });
    done(&client, sender, &format!("{at}/guardian"), appointed).await;
    client.settle().await.unwrap();
    let hers = journey(&client, &called, person).await;
    assert!(hers.contains("case_opened") && hers.contains("uvm_convened"), "{hers:?}");
    for never in ["assessment_recorded", "guardian_appointed"] {
        assert!(!hers.contains(never), "never diary, nor court: {hers:?}");
    }
    assert_eq!(journey(&client, &colleague, person).await, kinds(&[]), "she alone is called");
    let wards = journey(&client, &guardian, person).await;
    assert!(wards.contains("guardian_appointed") && wards.contains("case_opened"), "{wards:?}");
    assert!(!wards.contains("assessment_recorded") && !wards.contains("uvm_convened"), "{wards:?}");

    let last = rome::at(rome::days_after(today, 30), time::Time::from_hms(23, 59, 0).unwrap());
    client.set_clock(Some(last)).await.unwrap();
    assert_eq!(journey(&client, &called, person).await, hers, "on the last day");
    client.set_clock(Some(last + time::Duration::minutes(2))).await.unwrap();
    assert_eq!(journey(&client, &called, person).await, kinds(&[]), "the day after");
    assert_eq!(journey(&client, &guardian, person).await, wards, "a court's word goes on");
    done(&client, sender, &format!("{at}/guardian/end"), json!({})).await;
    client.settle().await.unwrap();
    assert_eq!(journey(&client, &guardian, person).await, kinds(&[]));
}
