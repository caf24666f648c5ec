//! Sealed services through their doors: the real router, real servers, a clock that stands still.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;

use harness::{Answer, World, id};
use serde_json::{Value, json};
use sqlx::postgres::PgListener;
use sqlx::{Connection, PgConnection, Row};
use time::OffsetDateTime;
use time::macros::datetime;
use trama_events::Context;
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, ServiceId};
use trama_events::referrals::ExternalState;
use trama_events::sealed::SealedKey;
use trama_platform::Problem;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{Due, Feed, Log, LogName};
use trama_platform::relay::Relay;
use trama_platform::servers::{PgRole, Servers};
use trama_platform::service::{Compared, Followed, Service};
use trama_sealed::Sealed;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const SERD: OrganisationId = OrganisationId(Uuid::from_u128(0x5e4d));
const COURT: OrganisationId = OrganisationId(Uuid::from_u128(0xc047));
const CENTRE: OrganisationId = OrganisationId(Uuid::from_u128(0xca5a));
const TOWN: OrganisationId = OrganisationId(Uuid::from_u128(0x7047));
const DESK: ServiceId = ServiceId(Uuid::from_u128(0xde5c));
const OTHER_DESK: ServiceId = ServiceId(Uuid::from_u128(0xde5d));
const HUB: ServiceId = ServiceId(Uuid::from_u128(0x11));
const NOW: OffsetDateTime = datetime!(2024-11-22 09:00 UTC);
const SLIPS: &str = "/api/sealed/slips";
const STATE: &str = "/api/sealed/slips/state";

/// The sealed doors as a service of the harness; the log beside them stays empty.
struct Doors {
    sealed: Sealed,
    beside: Log,
}

impl Service for Doors {
    fn log(&self) -> &Log {
        &self.beside
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        self.sealed.doors(gate)
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        Vec::new()
    }

    fn kept_differences<'a>(&'a self, _: &'a Servers) -> Compared<'a> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn on_due<'a>(&'a self, _: &'a Due, _: OffsetDateTime) -> Followed<'a> {
        Box::pin(async { Ok::<(), Problem>(()) })
    }
}

struct Scene {
    world: World,
    sealed: Sealed,
    key: SealedKey,
    sender: String,
    operator: String,
}

impl Scene {
    async fn open() -> Self {
        let open = |servers: &Servers, clock: Clock| Doors {
            sealed: Sealed::open(servers, clock.clone()),
            beside: Log::open(servers, Context::Food, clock),
        };
        let world = World::start_sealing("sealed", &[SERD, COURT, CENTRE], open).await;
        world.at(NOW);
        let sealed = Sealed::open(&world.servers, world.clock.clone());
        let key = world.servers.sealing.key_of(SERD).unwrap();
        let sender = world.token("sender", Role::OutreachWorker, &[HUB]);
        let operator = world.token_of(SERD, "operator", Role::SerdOperator, &[DESK]);
        Self { world, sealed, key, sender, operator }
    }

    async fn slip(&self, key: &str) -> String {
        let printed =
            self.world.post(&self.sender, SLIPS, key, json!({ "organisation": SERD })).await;
        assert_eq!(printed.status, 200, "{}", printed.told());
        printed.body["slip"].as_str().unwrap().to_owned()
    }

    async fn hand_in(&self, slip: &str, key: &str) -> Answer {
        self.world.post(&self.sender, &referrals(SERD), key, body(slip)).await
    }

    /// A path that waits: its slip and its pseudonym.
    async fn waiting(&self) -> (String, String) {
        let slip = self.slip("print-0001").await;
        let handed = self.hand_in(&slip, "hand-in-1").await;
        assert_eq!(handed.body, json!({ "state": "waiting" }), "{}", handed.told());
        let inbox = self.world.get(&self.operator, &paths(SERD)).await;
        let path = inbox.body["items"][0]["path"].as_str().unwrap().to_owned();
        (slip, path)
    }

    async fn state(&self, slip: &str) -> Answer {
        self.world.post(&self.sender, STATE, "read-state-1", json!({ "slip": slip })).await
    }

    async fn asks(&self, path: &str, step: &str, body: Value) -> Answer {
        let to = format!("{}/{path}/{step}", paths(SERD));
        self.world.post(&self.operator, &to, &format!("step-{step}"), body).await
    }

    /// Relays until a position, and gives the generation of the stream.
    async fn relayed(&self, nats: &async_nats::Client, position: i64) -> i32 {
        let relay = Relay::new(&self.world.servers, self.key, nats.clone(), None);
        let relaying = tokio::spawn(relay.run());
        let feed = Feed::open(&self.world.servers, self.key);
        let patience = std::time::Instant::now();
        let generation = loop {
            let (relayed, generation) = feed.relayed().await.unwrap();
            if relayed >= position {
                break generation;
            }
            assert!(patience.elapsed().as_secs() < 30, "nothing was published");
            tokio::task::yield_now().await;
        };
        relaying.abort();
        generation
    }

    async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(&self.world.servers.options(PgRole::Owner)).await.unwrap()
    }

    /// Every row of every table, as text, by schema and table.
    async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        let mut owner = self.owner().await;
        let tables = sqlx::query(
            "select format('%I.%I', schemaname, tablename) as name from pg_tables \
             where schemaname not in ('pg_catalog', 'information_schema')",
        );
        let mut all = BTreeMap::new();
        for table in tables.fetch_all(&mut owner).await.unwrap() {
            let name: String = table.get("name");
            let rows = format!("select t::text from {name} t order by 1");
            all.insert(name, sqlx::query_scalar(&rows).fetch_all(&mut owner).await.unwrap());
        }
        all
    }

    /// What the sealed log's schema holds, and what all the others do.
    async fn both_sides(&self) -> (String, BTreeMap<String, Vec<String>>) {
        let own = format!("{}.", self.key.schema());
        let (sealed, shared): (BTreeMap<_, _>, BTreeMap<_, _>) =
            self.everything().await.into_iter().partition(|(name, _)| name.starts_with(&own));
        (sealed.into_values().flatten().collect::<Vec<_>>().join("\n"), shared)
    }
}

fn referrals(organisation: OrganisationId) -> String {
    format!("/api/sealed/{organisation}/referrals")
}

fn paths(organisation: OrganisationId) -> String {
    format!("/api/sealed/{organisation}/paths")
}

fn body(slip: &str) -> Value {
    json!({ "slip": slip, "service": DESK, "urgency": "ordinary", "need_level": 2 })
}

#[tokio::test]
async fn a_slip_brings_somebody_in_and_the_answer_back_without_a_name_story_d() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    let come = json!({ "answer": "yes", "come_at": "2024-11-25T10:00:00Z" });
    let later = json!({ "come_at": "2024-11-26T10:00:00Z" });
    for (step, form, read, own, network) in [
        (
            "answer",
            come,
            json!({ "state": "come", "come_at": "2024-11-25T10:00:00Z" }),
            "accepted",
            "expected",
        ),
        (
            "appointment",
            later,
            json!({ "state": "come", "come_at": "2024-11-26T10:00:00Z" }),
            "accepted",
            "expected",
        ),
        ("came", json!({}), json!({ "state": "in_path" }), "came", "in_path"),
        ("enter", json!({}), json!({ "state": "in_path" }), "in_path", "in_path"),
        (
            "close",
            json!({ "reason": "completed" }),
            json!({ "state": "closed" }),
            "closed",
            "closed",
        ),
    ] {
        let done = scene.asks(&path, step, form).await;
        assert!(done.is_new(), "{step}: {}", done.told());
        let holder = scene.state(&slip).await;
        assert_eq!((holder.body, holder.etag), (read, None), "{step}");
        let shown = scene.world.get(&scene.operator, &format!("{}/{path}", paths(SERD))).await.body;
        assert_eq!(shown["stage"], own);
        let sees = json!({ "without_her_agreement": "nothing", "with_her_agreement": network });
        assert_eq!(shown["network_sees"], sees);
    }
}

#[tokio::test]
async fn a_worker_answers_from_the_inbox_and_a_late_answer_stays_on_top() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    let inbox = scene.world.get(&scene.operator, &paths(SERD)).await.body;
    let item = &inbox["items"][0];
    assert_eq!((&item["for_your_service"], &item["need_level"]), (&json!(true), &json!(2)));
    assert_eq!(
        (&item["answer_by"], &item["overdue"]),
        (&json!("2024-11-29T09:00:00Z"), &json!(false))
    );
    let elsewhere = scene.world.token_of(SERD, "colleague", Role::SerdOperator, &[OTHER_DESK]);
    let seen = scene.world.get(&elsewhere, &paths(SERD)).await.body;
    assert_eq!(seen["items"][0]["for_your_service"], false);

    scene.world.at(datetime!(2024-11-29 09:01 UTC));
    scene.sealed.keep_deadlines().await;
    scene.sealed.keep_deadlines().await;
    let inbox = scene.world.get(&scene.operator, &paths(SERD)).await.body;
    assert_eq!(inbox["items"][0]["overdue"], true);
    assert_eq!(scene.state(&slip).await.body, json!({ "state": "waiting" }));

    let no = json!({ "answer": "no", "reason": "outside_target" });
    assert!(scene.asks(&path, "answer", no).await.is_new());
    assert_eq!(scene.world.get(&scene.operator, &paths(SERD)).await.body["items"], json!([]));
    assert_eq!(scene.state(&slip).await.body, json!({ "state": "closed" }));
}

/// Story C: the centre is an organisation with a night shelter of its own as well.
#[tokio::test]
async fn a_centre_answers_by_slip_and_no_other_house_of_its_body_meets_who_comes_threat_2() {
    let scene = Scene::open().await;
    let world = &scene.world;
    let pis = world.token("pis", Role::EmergencyWorker, &[HUB]);
    let [worker, night] = [("worker", DESK), ("night", OTHER_DESK)]
        .map(|(name, desk)| world.token_of(CENTRE, name, Role::FacilityOperator, &[desk]));
    let printed = world.post(&pis, SLIPS, "print-0001", json!({ "organisation": CENTRE })).await;
    let slip = printed.body["slip"].as_str().unwrap().to_owned();
    let mut handed = body(&slip);
    handed["urgency"] = json!("immediate");
    let handed = world.post(&pis, &referrals(CENTRE), "hand-in-1", handed).await;
    assert_eq!(handed.body, json!({ "state": "waiting" }), "{}", handed.told());
    let inbox = world.get(&worker, &paths(CENTRE)).await.body;
    assert_eq!(inbox["items"][0]["answer_by"], "2024-11-22T11:00:00Z", "within two hours");
    let path = format!("{}/{}", paths(CENTRE), inbox["items"][0]["path"].as_str().unwrap());

    let yes = json!({ "answer": "yes" });
    assert_eq!(world.get(&night, &paths(CENTRE)).await.body["items"], json!([]));
    assert_eq!(world.get(&night, &path).await.told(), "404 not_found");
    let refused = world.post(&night, &format!("{path}/answer"), "answer-01", yes.clone()).await;
    assert_eq!(refused.told(), "404 not_found");
    for elsewhere in [&scene.operator, &pis] {
        assert!(
            ["404 not_found", "403 role_may_not"]
                .contains(&world.get(elsewhere, &path).await.told().as_str())
        );
    }
    assert!(world.post(&worker, &format!("{path}/answer"), "answer-02", yes).await.is_new());
    assert!(world.post(&worker, &format!("{path}/enter"), "enter-001", json!({})).await.is_new());
    assert_eq!(scene.state(&slip).await.body, json!({ "state": "in_path" }));
}

#[tokio::test]
async fn the_inbox_has_pages() {
    let scene = Scene::open().await;
    for number in 0..3 {
        let slip = scene.slip(&format!("print-page-{number}")).await;
        assert_eq!(scene.hand_in(&slip, &format!("hand-in-page-{number}")).await.status, 200);
    }
    let page = |query: &str| format!("{}?list=open&limit=2{query}", paths(SERD));
    let first = scene.world.get(&scene.operator, &page("")).await.body;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = format!("&after={}", first["next"]);
    let last = scene.world.get(&scene.operator, &page(&next)).await.body;
    assert_eq!((last["items"].as_array().unwrap().len(), &last["next"]), (1, &json!(null)));
    for wrong in ["?list=all", "?limit=0", "?limit=101", "?nonsense=1"] {
        let refused = scene.world.get(&scene.operator, &format!("{}{wrong}", paths(SERD))).await;
        assert_eq!(refused.told(), "400 bad_query", "{wrong}");
    }
}

#[tokio::test]
async fn neither_the_inbox_of_another_house_nor_its_pages_count_the_centres_women_threat_2() {
    let scene = Scene::open().await;
    let world = &scene.world;
    let pis = world.token("pis", Role::EmergencyWorker, &[HUB]);
    let night = world.token_of(CENTRE, "night", Role::FacilityOperator, &[OTHER_DESK]);
    let page = |after: Value| format!("{}?limit=1&after={after}", paths(CENTRE));
    for (number, desk) in [DESK, OTHER_DESK, DESK, DESK, OTHER_DESK, DESK].iter().enumerate() {
        let (print, hand_in) = (format!("print-{number:03}"), format!("hand-in-{number}"));
        let printed = world.post(&pis, SLIPS, &print, json!({ "organisation": CENTRE })).await;
        let mut handed = body(printed.body["slip"].as_str().unwrap());
        handed["service"] = json!(desk);
        let handed = world.post(&pis, &referrals(CENTRE), &hand_in, handed).await;
        assert_eq!(handed.body, json!({ "state": "waiting" }), "{}", handed.told());
    }
    let mut after = json!(0);
    for next in [json!(1), json!(2)] {
        let shown = world.get(&night, &page(after)).await.body;
        assert_eq!(shown["items"].as_array().unwrap().len(), 1, "{shown}");
        assert_eq!(shown["next"], next, "as if there were no other desk");
        after = next;
    }
    let last = world.get(&night, &page(after)).await.body;
    assert_eq!(last, json!({ "items": [], "next": null }));
}

#[tokio::test]
async fn a_slip_opens_one_path_ever_whoever_hands_it_in_and_however_often_threat_3() {
    let scene = Scene::open().await;
    let slip = scene.slip("print-0001").await;
    let other = |level: u8| {
        let mut other = body(&slip);
        other["need_level"] = json!(level);
        other
    };
    let to = referrals(SERD);
    let bodies = [other(1), other(2), other(3), other(2)];
    let asked = bodies.iter().enumerate().map(|(number, body)| {
        let key = format!("hand-in-{number}");
        let (scene, to) = (&scene, &to);
        async move { scene.world.post(&scene.sender, to, &key, body.clone()).await.told() }
    });
    let told = futures::future::join_all(asked).await;
    assert!(told.iter().all(|told| told == "200" || told == "422 slip_used"), "{told:?}");
    assert!(told.contains(&"422 slip_used".to_owned()));
    let inbox = scene.world.get(&scene.operator, &paths(SERD)).await.body;
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1);

    // Also when the path is long closed.
    let path = inbox["items"][0]["path"].as_str().unwrap();
    let no = json!({ "answer": "no", "reason": "no_capacity" });
    assert!(scene.asks(path, "answer", no).await.is_new());
    let level = inbox["items"][0]["need_level"].as_u64().unwrap() % 3 + 1;
    let again = other(u8::try_from(level).unwrap());
    assert_eq!(
        scene.world.post(&scene.sender, &to, "hand-in-9", again).await.told(),
        "422 slip_used"
    );
    let open = scene.world.get(&scene.operator, &format!("{}?list=open", paths(SERD))).await.body;
    assert_eq!(open["items"], json!([]));
}

#[tokio::test]
async fn a_slip_that_is_mistyped_forged_too_old_or_for_others_opens_nothing() {
    let scene = Scene::open().await;
    let slip = scene.slip("print-0001").await;
    let mut mistyped: Vec<String> = slip.split('-').map(ToOwned::to_owned).collect();
    let last = mistyped[2].pop().unwrap();
    mistyped[2].push(if last == '7' { '8' } else { '7' });
    let typed = scene.hand_in(&mistyped.join("-"), "hand-in-1").await;
    assert_eq!(typed.told(), "422 not_a_slip");
    assert!(typed.body["detail"].as_str().unwrap().contains("group 3"));
    let mut forged: Vec<&str> = slip.split('-').collect();
    forged.swap(0, 1);
    assert_eq!(scene.hand_in(&forged.join("-"), "hand-in-2").await.told(), "422 slip_not_valid");
    let elsewhere =
        scene.world.post(&scene.sender, &referrals(COURT), "hand-in-3", body(&slip)).await;
    assert_eq!(elsewhere.told(), "422 slip_not_valid");
    scene.world.at(NOW + time::Duration::days(31));
    assert_eq!(scene.hand_in(&slip, "hand-in-4").await.told(), "422 slip_expired");
    for unread in [&slip, "", "nothing", &forged.join("-")] {
        assert_eq!(scene.state(unread).await.told(), "404 not_found", "{unread}");
    }
}

#[tokio::test]
async fn no_person_can_be_named_and_no_worker_of_another_organisation_sees_anything_threat_3() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    let mut named = body(&slip);
    named["person"] = json!(id("ana"));
    let refused = scene.world.post(&scene.sender, &referrals(SERD), "hand-in-9", named).await;
    assert_eq!(refused.told(), "422 invalid_body");
    let stranger = scene.world.token_of(TOWN, "stranger", Role::SerdOperator, &[DESK]);
    let court = scene.world.token_of(COURT, "court", Role::SerdOperator, &[DESK]);
    let one = format!("{}/{path}", paths(SERD));
    for token in [&stranger, &court] {
        for place in [paths(SERD), one.clone()] {
            assert_eq!(scene.world.get(token, &place).await.told(), "404 not_found");
        }
        let came = scene.world.post(token, &format!("{one}/came"), "came-0001", json!({})).await;
        assert_eq!(came.told(), "404 not_found");
    }
    assert_eq!(scene.world.get(&court, &paths(COURT)).await.body["items"], json!([]));
    let unmoved = scene.world.get(&scene.operator, &one).await.body;
    assert_eq!(unmoved["stage"], "waiting");
}

/// An organisation without a sealed log, one that nobody knows, and a sealed one of others: the same
/// answer, byte by byte.
#[tokio::test]
async fn nobody_learns_which_organisations_are_sealed_threat_4() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    let nowhere = OrganisationId(id("nowhere"));
    let mut answers = Vec::new();
    let at_town = scene.world.token_of(TOWN, "operator of town", Role::SerdOperator, &[DESK]);
    for organisation in [TOWN, nowhere, COURT] {
        let at = paths(organisation);
        let one = format!("{at}/{path}");
        let yes = json!({ "answer": "yes" });
        let half = json!({ "answer": "no" });
        answers.push([
            scene.world.get(&at_town, &at).await,
            scene.world.get(&at_town, &one).await,
            scene.world.post(&at_town, &format!("{one}/answer"), "answer-01", yes).await,
            scene.world.post(&at_town, &format!("{one}/answer"), "answer-02", half).await,
            scene.world.post(&at_town, &format!("{one}/enter"), "enter-001", json!({})).await,
        ]);
    }
    assert!(answers[0].iter().all(|answer| answer.told() == "404 not_found"), "{answers:?}");
    assert!(answers.iter().all(|each| *each == answers[0]));
    for organisation in [TOWN, nowhere] {
        let form = json!({ "organisation": organisation });
        let printed = scene.world.post(&scene.sender, SLIPS, "print-0009", form).await;
        let handed = scene
            .world
            .post(&scene.sender, &referrals(organisation), "hand-in-9", body(&slip))
            .await;
        assert_eq!(
            (printed.body, handed.body),
            (answers[0][0].body.clone(), answers[0][0].body.clone())
        );
    }
}

#[tokio::test]
async fn bad_input_is_refused_before_anything_is_done() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    let world = &scene.world;
    world.refuses_bad_input(&scene.sender, SLIPS, &json!({ "organisation": SERD })).await;
    world.refuses_bad_input(&scene.sender, &referrals(SERD), &body(&slip)).await;
    world.refuses_bad_input(&scene.sender, STATE, &json!({ "slip": slip })).await;
    let one = format!("{}/{path}", paths(SERD));
    let when = json!({ "come_at": "2024-11-25T10:00:00Z" });
    for (step, good) in [
        ("answer", json!({ "answer": "yes" })),
        ("appointment", when.clone()),
        ("came", json!({})),
        ("did-not-come", json!({})),
        ("enter", json!({})),
        ("close", json!({ "reason": "completed" })),
    ] {
        world.refuses_bad_input(&scene.operator, &format!("{one}/{step}"), &good).await;
    }
    for (number, half) in [
        json!({ "answer": "no" }),
        json!({ "answer": "yes", "reason": "no_capacity" }),
        json!({ "answer": "no", "reason": "no_capacity", "come_at": "2024-11-25T10:00:00Z" }),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("half-answer-{number}");
        let refused = world.post(&scene.operator, &format!("{one}/answer"), &key, half).await;
        assert_eq!(refused.told(), "422 half_an_answer");
    }
    let nobody = format!("{}/{}/came", paths(SERD), id("nobody"));
    assert_eq!(
        world.post(&scene.operator, &nobody, "came-0001", json!({})).await.told(),
        "404 not_found"
    );
    let desk = world.token("desk", Role::CaseManager, &[HUB]);
    assert_eq!(world.get(&desk, &paths(SERD)).await.told(), "403 role_may_not");
    let missed = scene.asks(&path, "did-not-come", json!({})).await;
    assert_eq!(missed.told(), "422 not_answered");
}

/// Everything that whoever sends, prints or reads may have left: herself, her organisation, her desk,
/// her keys and requests, the slip, the person on whose page she was.
#[tokio::test]
async fn the_sealed_log_keeps_nothing_of_who_sent_and_nothing_of_the_slip_threat_3() {
    let scene = Scene::open().await;
    let (slip, path) = scene.waiting().await;
    scene.asks(&path, "answer", json!({ "answer": "yes" })).await;
    let (sealed, shared) = scene.both_sides().await;
    let groups = slip.split('-').map(str::to_owned);
    let plain = [slip.clone(), slip.replace('-', ""), slip.replace('-', "").to_lowercase()];
    let ids = [
        id("sender"),
        id("organisation"),
        id("operator"),
        SERD.0,
        DESK.0,
        HUB.0,
        Uuid::from_u128(1),
    ];
    let ids = ids.map(|id| id.to_string());
    let keys =
        ["hand-in-1", "step-answer", "print-0001", "outreach_worker", "bari"].map(str::to_owned);
    for said in groups.chain(plain).chain(ids).chain(keys) {
        assert!(!sealed.contains(&said), "{said} is in {sealed}");
    }
    assert!(sealed.contains(&path), "the pseudonym is the service's own");
    let shared: String = shared.into_values().flatten().collect();
    for said in [path, slip.clone(), slip.replace('-', ""), scene.key.to_string()] {
        assert!(!shared.contains(&said), "{said} is in a shared table");
    }
}

/// Two worlds: the shared side is the same, row by row, with and without everything that happened.
#[tokio::test]
async fn no_row_of_any_shared_table_changes_with_what_happens_in_a_sealed_log_threat_4() {
    let scene = Scene::open().await;
    let (_, before) = scene.both_sides().await;
    let (slip, path) = scene.waiting().await;
    scene.asks(&path, "answer", json!({ "answer": "yes" })).await;
    scene.asks(&path, "came", json!({})).await;
    scene.state(&slip).await;
    scene.sealed.state_of(&slip).await.unwrap();
    let (_, after) = scene.both_sides().await;
    assert!(before.len() > 40, "{:?}", before.keys());
    assert_eq!(before, after);
}

#[tokio::test]
async fn the_network_may_learn_one_of_three_words_and_asking_leaves_no_trace() {
    let scene = Scene::open().await;
    let printed = scene.slip("print-0000").await;
    let (slip, path) = scene.waiting().await;
    let before = scene.everything().await;
    for unknown in [&printed, "", "7K2FMQ"] {
        assert_eq!(scene.sealed.state_of(unknown).await.unwrap(), None);
    }
    let state = || async { scene.sealed.state_of(&slip).await.unwrap() };
    assert_eq!(state().await, Some(ExternalState::Expected));
    assert_eq!(scene.everything().await, before);
    scene.asks(&path, "answer", json!({ "answer": "yes" })).await;
    scene.asks(&path, "enter", json!({})).await;
    assert_eq!(state().await, Some(ExternalState::InPath));
    scene.asks(&path, "close", json!({ "reason": "person_left" })).await;
    assert_eq!(state().await, Some(ExternalState::Closed));
}

#[tokio::test]
async fn who_looked_at_a_path_stands_in_the_sealed_schema_and_nowhere_else_v12() {
    let scene = Scene::open().await;
    let (_, path) = scene.waiting().await;
    scene.world.get(&scene.operator, &format!("{}/{path}", paths(SERD))).await;
    let mut owner = scene.owner().await;
    let reads = format!("select door, path from {}.reads order by number", scene.key.schema());
    let reads: Vec<(String, Option<Uuid>)> =
        sqlx::query_as(&reads).fetch_all(&mut owner).await.unwrap();
    let path: Uuid = path.parse().unwrap();
    assert_eq!(reads, [("paths".to_owned(), None), ("path".to_owned(), Some(path))]);
}

#[tokio::test]
async fn no_role_of_the_shared_side_reads_a_sealed_schema_or_hears_of_it_threat_17() {
    let scene = Scene::open().await;
    let schema = scene.key.schema();
    for role in [
        PgRole::Writer(Context::Referrals),
        PgRole::Feed(Context::Referrals),
        PgRole::Projections,
        PgRole::Reader,
        PgRole::Sealed(scene.world.servers.sealing.key_of(COURT).unwrap()),
    ] {
        let options = scene.world.servers.options(role);
        let mut rows = PgConnection::connect_with(&options).await.unwrap();
        for table in ["events", "head", "receipts", "claims", "timers", "relay", "reads"] {
            let read = format!("select count(*) from {schema}.{table}");
            let refused = sqlx::query(&read).fetch_one(&mut rows).await.unwrap_err();
            let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "42501", "{role:?} reads {table}");
        }
    }
    let pool = scene.world.servers.pool(PgRole::Reader, 2);
    let mut listener = PgListener::connect_with(&pool).await.unwrap();
    listener.listen_all(["trama_log", &format!("trama_log_{schema}"), &schema]).await.unwrap();
    scene.waiting().await;
    sqlx::query("select pg_notify('trama_log', 'the first')").execute(&pool).await.unwrap();
    assert_eq!(listener.recv().await.unwrap().payload(), "the first");
}

#[tokio::test]
async fn a_sealed_log_goes_to_a_stream_and_an_account_of_its_own_and_its_administrator_sees_how_far()
 {
    let scene = Scene::open().await;
    scene.waiting().await;
    let servers = &scene.world.servers;
    let nats = servers.nats(&scene.key.publisher()).await.unwrap();
    assert_eq!(scene.relayed(&nats, 2).await, 1);
    let jetstream = async_nats::jetstream::new(nats);
    let stream = jetstream.get_stream(scene.key.stream()).await.unwrap();
    let first = stream.get_raw_message(1).await.unwrap();
    assert_eq!(first.subject.as_str(), format!("trama.sealed.{}.path_opened", scene.key));

    let log = |organisation: OrganisationId| format!("/api/sealed/{organisation}/log");
    let own = scene.world.token_of(SERD, "keeper", Role::Administrator, &[]);
    let shown = scene.world.get(&own, &log(SERD)).await.body;
    assert_eq!((&shown["position"], &shown["relayed"]), (&json!(2), &json!(2)));
    let other = scene.world.token("keeper of others", Role::Administrator, &[]);
    for organisation in [SERD, COURT, TOWN] {
        assert_eq!(scene.world.get(&other, &log(organisation)).await.told(), "404 not_found");
    }
}

/// What the stream holds is not of this log, e.g. because PostgreSQL was restored: the relay empties
/// it, which is all that it may, and publishes everything again in the next generation.
#[tokio::test]
async fn a_stream_that_is_not_of_the_log_is_emptied_and_filled_anew() {
    let scene = Scene::open().await;
    scene.waiting().await;
    let nats = scene.world.servers.nats(&scene.key.publisher()).await.unwrap();
    assert_eq!(scene.relayed(&nats, 2).await, 1);
    let jetstream = async_nats::jetstream::new(nats.clone());
    let foreign = async_nats::jetstream::message::PublishMessage::build()
        .message_id("of another log")
        .header("Position", "3")
        .payload("x".into());
    let subject = trama_events::sealed::subject(scene.key, "path_opened");
    jetstream.send_publish(subject, foreign).await.unwrap().await.unwrap();
    let mut owner = scene.owner().await;
    let forget = format!("update {}.relay set position = 0", scene.key.schema());
    sqlx::query(&forget).execute(&mut owner).await.unwrap();
    assert_eq!(scene.relayed(&nats, 2).await, 2);
    let mut stream = jetstream.get_stream(scene.key.stream()).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    assert_eq!((state.messages, state.first_sequence, state.last_sequence), (2, 4, 5));
    let again = stream.get_raw_message(4).await.unwrap();
    assert_eq!(again.headers.get("Generation").unwrap().as_str(), "2");
}

#[tokio::test]
async fn a_sealed_log_keeps_its_own_rules_v5_v6() {
    let scene = Scene::open().await;
    let (_, path) = scene.waiting().await;
    scene
        .asks(&path, "answer", json!({ "answer": "yes", "come_at": "2024-11-25T10:00:00Z" }))
        .await;
    let verdict = trama_platform::log::verify_log(&scene.world.servers, scene.key).await.unwrap();
    assert_eq!((verdict.events, verdict.troubles), (4, Vec::<String>::new()));
    let differences = Sealed::kept_differences(&scene.world.servers, scene.key).await.unwrap();
    assert_eq!(differences, Vec::<String>::new());
}
