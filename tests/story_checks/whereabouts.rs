//! Story C: where she is, nobody is told; not even that there is something to be told.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use sqlx::{Connection, PgConnection};
use trama::client::Client;
use trama::commands::{demo, load};
use trama_events::ids::{CaseId, PersonId, ServiceId, StayId, WaitingId};
use trama_platform::servers::PgRole;

use super::looks::{Answers, Ask, Looks, Subject, differences, without_positions};
use super::search::{Marker, Needles};
use super::support::{self, Town};
use super::{Telling, actor};

/// Just before anybody knows of her, before she has a place, and after.
const UNKNOWN: &str = "2025-05-10T02:29:00+02:00";
const NO_PLACE: &str = "2025-05-11T10:59:00+02:00";
const PLACED: &str = "2025-05-11T12:00:00+02:00";
/// Of the address that the house keeps.
const ADDRESS: &str = "Serracapriola";

/// Whom the network knows, and by what pseudonyms the house knows them.
const FAMILY: [&str; 3] = ["woman", "daughter", "son"];
const GUESTS: [&str; 3] = ["guest", "guest-daughter", "guest-son"];
/// When all of it is told.
const OVER: &str = "2025-11-05T12:00:00+01:00";

/// Works in the house that keeps her.
const KEEPER: &str = "alba.antiviolenza";
/// Whoever has her in charge, and met her in the night.
const HERS: [&str; 2] = ["renata.assistente", "nino.pis"];
/// Everybody else who might look: her partner's case manager, the desk and the minors' service of
/// her ATS, the same roles of another ATS, whoever counts, controls and runs the machine.
const OTHERS: [&str; 12] = [
    "sergio.assistente",
    "lia.segretariato",
    "mina.minori",
    "sara.segretariato",
    "marta.assistente",
    "anna.uds",
    "claudia.casa",
    "marco.piano",
    "enrica.cabina",
    "diego.dpo",
    "tina.ced",
    "sistema.regione",
];

/// Figures count whom ordinary services met that night, and name nobody (domain §6).
const FIGURES: [&str; 4] = [
    "/api/projections/activity",
    "/api/projections/indicators",
    "/api/projections/indicators/{id}/events",
    "/api/projections/network",
];

const METROPOLITAN: &str = "/api/projections/indicators";

struct Scene {
    town: Town,
    client: Client,
    told: Telling,
    looks: Looks,
    /// The house that keeps her.
    house: ServiceId,
}

impl Scene {
    async fn open() -> Self {
        let town = Town::sealing(&demo::sealed().unwrap()).await;
        let client = town.client();
        load::into(&client).await.unwrap();
        let everybody = OTHERS.into_iter().chain(HERS).chain([KEEPER]);
        let workers = everybody.map(|name| (name.to_owned(), actor(name))).collect();
        let looks = Looks::open(&client, workers).await;
        let house = actor(KEEPER).services[1];
        Self { town, client, told: Telling::of("c"), looks, house }
    }

    /// Her, and everything that was made for her: ids that nobody has as long as it was not.
    fn her(&self) -> Subject {
        Subject::of(self.told.person("woman"))
            .also("case", &CaseId::derived(&["story", "c", "woman"]))
            .also("stay", &StayId::derived(&["story", "c", "refuge"]))
            .also("waiting", &WaitingId::derived(&["story", "c", "refuge"]))
            .also("facility", &self.house)
            .named("Abbrescia Fiorella")
    }

    async fn look_at(&self, moment: &str) -> Answers {
        self.told.until(&self.client, moment).await;
        self.client.set_clock(Some(super::moment(PLACED))).await.unwrap();
        let answers = self.looks.at(&self.her()).await;
        assert!(answers.len() > 500, "only {} answers", answers.len());
        answers
    }

    /// The same of the pseudonym that the house has for her.
    async fn look_at_guest(&self) -> Answers {
        self.looks.at(&Subject::of(self.told.person(GUESTS[0]))).await
    }

    fn ids(&self, labels: &[&str]) -> Vec<String> {
        labels.iter().map(|label| self.told.person(label).to_string()).collect()
    }

    /// Every row of every table: the logs, the read models, the vault, who looked at what.
    async fn rows(&self) -> Vec<String> {
        let options = self.town.servers().options(PgRole::Owner);
        let mut owner = PgConnection::connect_with(&options).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', schemaname, tablename) from pg_tables \
             where schemaname not in ('pg_catalog', 'information_schema')",
        )
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let mut rows = Vec::new();
        for name in tables {
            let read = format!("select '{name} ' || t::text from {name} t");
            rows.extend(
                sqlx::query_scalar::<_, String>(&read).fetch_all(&mut owner).await.unwrap(),
            );
        }
        rows
    }

    /// A stream of hints for her partner's case manager.
    async fn asks_for_hints(&self, topics: &str) -> reqwest::Response {
        let bearer = self.client.bearer(&actor("sergio.assistente")).unwrap();
        let http = reqwest::Client::builder().connect_timeout(support::MUST_HAPPEN).build();
        let asked = http.unwrap().get(format!("{}/api/live?topics={topics}", self.client.base()));
        asked.bearer_auth(bearer).send().await.unwrap()
    }

    /// The same on everything of his own. Hers he cannot hear, as nobody's whom nobody knows.
    async fn sergio_listens(&self) -> reqwest::Response {
        let nobody = PersonId::derived(&["nobody"]);
        for person in [self.told.person("woman"), nobody] {
            let refused = self.asks_for_hints(&format!("journey/{person}")).await;
            assert_eq!(refused.status(), 404);
        }
        let (partner, service) =
            (self.told.person("partner"), actor("sergio.assistente").services[0]);
        let topics = format!("journey/{partner},inbox/{service},network,beds");
        let mut stream = self.asks_for_hints(&topics).await.error_for_status().unwrap();
        let first = stream.chunk().await.unwrap().unwrap();
        assert!(first.starts_with(b"event: open"), "{first:?}");
        stream
    }
}

/// Whether a door shows one person, or looks for one. A guest is found by nobody who is not hers:
/// there it is held against the world in which she never was.
fn is_of_a_person(ask: &Ask) -> bool {
    ["{person}", "{code}", "persons/match"].iter().any(|part| ask.door.contains(part))
}

/// What others were told that was not the same; somebody who may know was told something else.
fn leaks(what: &str, one: &Answers, other: &Answers, exempt: impl Fn(&Ask) -> bool) -> Vec<String> {
    let found = differences(one, other);
    let others = |ask: &Ask| OTHERS.contains(&ask.who.as_str());
    assert!(found.iter().any(|ask| !others(ask)), "{what}: nobody was told anything at all");
    let leaks = found.iter().filter(|ask| others(ask) && !exempt(ask));
    leaks.map(|ask| format!("{what}: {ask}")).collect()
}

/// Figures of every ATS of the story, and of two others, for whoever may count.
async fn figures_by_ats(client: &Client) -> Vec<String> {
    let mut told = Vec::new();
    for ats in ["modugno", "bari", "altamura"] {
        for door in ["indicators", "activity", "network"] {
            let path = format!("/api/projections/{door}?ats={ats}");
            let answer = client.get(&actor("marco.piano"), &path).await.unwrap();
            assert!(answer.is_done(), "{path}: {}", answer.words());
            told.push(without_positions(&answer.body.to_string()));
        }
    }
    told
}

/// Who was told a word, of everybody who asked everything.
fn told_of(answers: &Answers, word: &str) -> BTreeSet<String> {
    let said = answers.iter().filter(|(_, (_, headers, body))| {
        body.contains(word) || headers.iter().any(|(_, value)| value.contains(word))
    });
    said.map(|(ask, _)| ask.who.clone()).collect()
}

/// Files under a directory in which a marker lies, by what was put there.
fn lying(needles: &Needles, dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(lying(needles, &path));
        } else if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            found.extend(needles.found(&content).map(|(put, _)| put));
        }
    }
    found
}

fn markers() -> [Marker; 3] {
    let marker = |put: &str, text: &str| Marker { put: put.to_owned(), text: text.to_owned() };
    [
        marker("the house's address", ADDRESS),
        marker("her name", "Abbrescia"),
        marker("control", "Casa rifugio"),
    ]
}

/// The feed as a system of another body reads it, to its end.
async fn feed(scene: &Scene) -> String {
    let (mut all, mut after) = (String::new(), String::new());
    loop {
        let path = format!("/events?limit=500{after}");
        let page = scene.client.get(&actor("sistema.regione"), &path).await.unwrap();
        assert!(page.is_done(), "{}", page.words());
        if page.body.as_array().unwrap().is_empty() {
            return all;
        }
        after = format!("&after={}", page.next_after.unwrap());
        all.push_str(&page.body.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_woman_is_kept_safe_changes_no_answer_to_others_v16_threat_2_threat_4_c3() {
    let mut scene = Scene::open().await;
    let nobody = scene.look_at(UNKNOWN).await;
    let no_guest = scene.look_at_guest().await;
    let no_place = scene.look_at(NO_PLACE).await;
    let figures = figures_by_ats(&scene.client).await;
    let mut stream = scene.sergio_listens().await;
    let placed = scene.look_at(PLACED).await;
    let guest = scene.look_at_guest().await;

    let not_of_her = |ask: &Ask| {
        // The alert for her children is the minors' service's own.
        let alert = ask.who == "mina.minori" && ask.door == "/api/projections/inbox";
        alert || FIGURES.contains(&ask.door.as_str())
    };
    let mut found = leaks("against nobody", &nobody, &placed, not_of_her);
    found.extend(leaks("the guest", &no_guest, &guest, not_of_her));
    found.extend(leaks("against no place", &no_place, &placed, |ask| {
        // Guests of all secret shelters count together, for the whole city and for no ATS.
        is_of_a_person(ask) || ask.door == METROPOLITAN
    }));
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(figures_by_ats(&scene.client).await, figures, "an ATS has other figures");
    assert_eq!(told_of(&guest, ADDRESS), BTreeSet::from([KEEPER.to_owned()]));
    assert_eq!(told_of(&placed, ADDRESS), BTreeSet::new(), "by her own record not even the house");
    let [slip, path] = ["slip", "path"].map(|name| scene.told.kept(name));
    assert!(told_of(&placed, &slip).is_empty(), "a slip is shown again");
    assert!(told_of(&placed, &path).iter().all(|who| who == KEEPER), "her path is shown");
    let fed = feed(&scene).await;
    assert!(fed.len() > 10_000, "the feed was not read: {fed}");
    let hers = scene.ids(&FAMILY).into_iter().chain(scene.ids(&GUESTS)).collect::<Vec<_>>();
    let stay = StayId::derived(&["story", "c", "refuge"]).to_string();
    for word in hers.iter().chain([&stay, &slip, &path]).map(String::as_str).chain([ADDRESS]) {
        assert!(!fed.contains(word), "a system of another body is told {word}");
    }

    // The next hint that he hears is of something that he may know.
    let situation = json!({ "ethos": "7.1" });
    let path = format!("/api/intake/persons/{}/housing", scene.told.person("partner"));
    support::done(&scene.client, &actor("sergio.assistente"), &path, situation).await;
    let heard = loop {
        let heard = stream.chunk().await.unwrap().unwrap();
        let heard = String::from_utf8(heard.to_vec()).unwrap();
        // A beat says only that the stream is still there.
        if heard.trim() != ":" {
            break heard;
        }
    };
    assert!(heard.contains(&scene.told.person("partner").to_string()), "he hears: {heard}");

    scene.town.stop();
    let found = lying(&Needles::of(&markers()), &scene.town.dir);
    assert_eq!(found, BTreeSet::from(["control".to_owned()]), "outside the vault's ciphertext");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_of_any_table_joins_a_woman_or_her_children_with_the_house_that_keeps_them_threat_2()
{
    let mut scene = Scene::open().await;
    scene.told.until(&scene.client, OVER).await;
    let rows = scene.rows().await;
    let shelter = [
        scene.house.to_string(),
        StayId::derived(&["story", "c", "refuge"]).to_string(),
        WaitingId::derived(&["story", "c", "refuge"]).to_string(),
    ];
    let (family, guests) = (scene.ids(&FAMILY), scene.ids(&GUESTS));
    let names = |row: &&String, ids: &[String]| ids.iter().any(|id| row.contains(id));
    let of_guests = rows.iter().filter(|row| names(row, &guests) && names(row, &shelter)).count();
    assert!(of_guests > 10, "the house's own rows were not read: {of_guests}");
    let of_family = rows.iter().filter(|row| names(row, &family)).count();
    assert!(of_family > 100, "hers were not read: {of_family}");
    let keeps: Vec<String> = shelter.iter().chain(&guests).cloned().collect();
    let joined: Vec<_> =
        rows.iter().filter(|row| names(row, &family) && names(row, &keeps)).collect();
    assert!(joined.is_empty(), "{joined:#?}");
    scene.town.stop();
}
