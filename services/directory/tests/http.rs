//! The directory through its doors: the real router, a real database, a clock that stands still.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{World, id};
use serde_json::{Value, json};
use strum::VariantArray;
use time::macros::datetime;
use trama_directory::Directory;
use trama_directory::municipality::id_of;
use trama_events::codes::Role;
use trama_events::ids::ServiceId;
use uuid::Uuid;

const ORGANISATIONS: &str = "/api/directory/organisations";
const SERVICES: &str = "/api/directory/services";
const STAFF: &str = "/api/directory/staff";
const MUNICIPALITIES: &str = "/api/directory/municipalities";
const AGREEMENTS: &str = "/api/directory/agreements";
const COMUNE: Uuid = Uuid::from_u128(0x31);
const HUB: Uuid = Uuid::from_u128(0x32);
const DOOR: Uuid = Uuid::from_u128(0x33);
const WORKER: Uuid = Uuid::from_u128(0x34);

async fn world() -> World {
    let world = World::start("directory", Directory::open).await;
    world.at(datetime!(2025-01-20 09:00 UTC));
    world
}

fn comune() -> Value {
    json!({ "organisation": COMUNE, "name": "Comune di Bari", "kind": "municipality",
        "ats": "bari" })
}

fn hub() -> Value {
    json!({ "service": HUB, "organisation": COMUNE, "name": "Centro servizi", "service_type": "hub",
        "ats": "bari", "municipality": "072006", "low_threshold": true })
}

fn hired() -> Value {
    json!({ "staff": WORKER, "organisation": COMUNE, "profession": "social_worker",
        "fte_hundredths": 50, "contract": "permanent", "ats": "bari", "on": "2024-01-15" })
}

fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

/// What a script says when it loads an ATS: paths and facts, in order.
fn script() -> Vec<(String, Value)> {
    let hub_at = format!("{SERVICES}/{HUB}");
    let population = json!({ "population": 316_015, "on": "2021-12-31" });
    let monday = json!({ "weekday": 1, "from_minute": 540, "to_minute": 780 });
    let open = json!({ "municipality": "072006", "on": "2024-03-02" });
    vec![
        (MUNICIPALITIES.into(), json!({ "istat_code": "072006", "name": "Bari", "ats": "bari" })),
        (format!("{MUNICIPALITIES}/072006/population"), population),
        (ORGANISATIONS.into(), comune()),
        (SERVICES.into(), hub()),
        (format!("{hub_at}/activate"), json!({ "on": "2024-03-01" })),
        (format!("{hub_at}/places"), json!({ "places": 12, "on": "2024-03-01" })),
        (format!("{hub_at}/hours"), json!({ "hours": [monday] })),
        (format!("{hub_at}/sites"), json!({ "site": DOOR, "municipality": "072006" })),
        (format!("{hub_at}/sites/{DOOR}/open"), open),
        (format!("{hub_at}/verify"), json!({ "on": "2025-01-10" })),
        (STAFF.into(), hired()),
    ]
}

#[tokio::test]
async fn a_script_that_loads_an_ats_twice_adds_nothing_the_second_time() {
    let world = world().await;
    let keeper = world.token("keeper", Role::Administrator, &[]);
    for (number, (path, facts)) in script().into_iter().enumerate() {
        let key = format!("load-1-{number}");
        let first = world.post(&keeper, &path, &key, facts.clone()).await;
        assert!(first.is_new(), "{path}: {first:?}");
        assert_eq!(world.post(&keeper, &path, &key, facts).await, first, "{path}");
    }
    for (number, (path, facts)) in script().into_iter().enumerate() {
        // Its plan is history once the site has opened: only the same key gives the first answer.
        let planned = path.ends_with("/sites");
        let key = format!("load-{}-{number}", if planned { 1 } else { 2 });
        let again = world.post(&keeper, &path, &key, facts).await;
        assert_eq!((again.status, again.is_new()), (200, planned), "{path}: {again:?}");
    }
    let told = ["municipality_assigned", "population_updated"];
    assert_eq!(world.events_of(id_of("072006")).await, told);
    assert_eq!(world.events_of(HUB).await.len(), 7);
    let changed = with(&hub(), "name", json!("Another"));
    let path = SERVICES;
    assert_eq!(
        world.post(&keeper, path, "load-1-3", changed.clone()).await.told(),
        "422 key_reused"
    );
    let other = world.post(&keeper, path, "load-3-3", changed).await;
    assert_eq!(other.told(), "422 registered_otherwise");

    let shown = world.get(&keeper, &format!("{SERVICES}/{HUB}")).await;
    assert_eq!(shown.etag.as_deref(), Some("W/\"7\""));
    for (field, value) in [
        ("stage", json!("active")),
        ("since", json!("2024-03-01")),
        ("places", json!(12)),
        ("stale", json!(false)),
        ("verified_on", json!("2025-01-10")),
    ] {
        assert_eq!(shown.body[field], value, "{field}");
    }
    assert_eq!(shown.body["sites"][0]["stage"], "open");
}

#[tokio::test]
async fn everybody_reads_the_map_and_its_keepers_change_what_is_theirs() {
    let world = world().await;
    let admin = world.token("admin", Role::Administrator, &[]);
    let planner = world.token("planner", Role::PlanOffice, &[]);
    world.refuses_bad_input(&planner, ORGANISATIONS, &comune()).await;
    world.refuses_bad_input(&planner, SERVICES, &hub()).await;
    world.refuses_bad_input(&planner, STAFF, &hired()).await;
    assert_eq!(
        world.post(&planner, SERVICES, "hub-none", hub()).await.told(),
        "422 unknown_organisation"
    );
    assert_eq!(
        world.post(&planner, STAFF, "hire-none", hired()).await.told(),
        "422 unknown_organisation"
    );
    let elsewhere = |body: &Value| with(body, "ats", json!("corato"));
    for (path, body) in [(ORGANISATIONS, comune()), (SERVICES, hub()), (STAFF, hired())] {
        let theirs = world.post(&planner, path, "their-own", elsewhere(&body)).await;
        assert_eq!(theirs.told(), "404 not_found", "{path}");
        assert!(world.post(&planner, path, "our-own-1", body).await.is_new(), "{path}");
    }
    let away = with(&elsewhere(&hub()), "service", json!(id("corato hub")));
    assert!(world.post(&admin, SERVICES, "corato-hub", away).await.is_new());
    let close = format!("{SERVICES}/{}/close", id("corato hub"));
    assert_eq!(world.post(&planner, &close, "close-01", json!({})).await.told(), "404 not_found");
    assert!(world.post(&admin, &close, "close-01", json!({})).await.is_new());
    let (organisation, hub_at) = (format!("{ORGANISATIONS}/{COMUNE}"), format!("{SERVICES}/{HUB}"));
    let rename = json!({ "name": "Città di Bari" });
    assert!(
        world.post(&planner, &format!("{organisation}/rename"), "rename-1", rename).await.is_new()
    );
    let post_at = format!("{STAFF}/{WORKER}");
    for role in Role::VARIANTS {
        let token = world.token("reader", *role, &[]);
        let shown = world.get(&token, &organisation).await;
        assert_eq!((shown.status, &shown.body["name"]), (200, &json!("Città di Bari")), "{role}");
        assert_eq!(world.get(&token, &hub_at).await.status, 200, "{role}");
        let keeps = matches!(role, Role::Administrator | Role::PlanOffice);
        let (read, write) =
            if keeps { ("200", "200") } else { ("403 role_may_not", "403 role_may_not") };
        assert_eq!(world.get(&token, &post_at).await.told(), read, "{role}");
        assert_eq!(
            world.post(&token, ORGANISATIONS, "again-01", comune()).await.told(),
            write,
            "{role}"
        );
    }
    let none = format!("{SERVICES}/{}", id("no service"));
    assert_eq!(world.get(&planner, &none).await.told(), "404 not_found");
}

#[tokio::test]
async fn a_secret_shelter_is_in_the_directory_of_the_whole_city_and_nowhere_in_it() {
    let world = world().await;
    let admin = world.token("admin", Role::Administrator, &[]);
    assert!(world.post(&admin, ORGANISATIONS, "comune-1", comune()).await.is_new());
    let refuge = ServiceId(id("refuge"));
    let kind = with(&hub(), "service_type", json!("secret_shelter"));
    let secret = with(&with(&kind, "municipality", Value::Null), "service", json!(refuge));
    let told = world.post(&admin, SERVICES, "refuge-1", secret.clone()).await;
    assert_eq!(told.told(), "422 secret_ats");
    let secret = with(&secret, "ats", json!("metro"));
    assert!(world.post(&admin, SERVICES, "refuge-2", secret).await.is_new());
    let path = format!("{SERVICES}/{refuge}");
    let site = json!({ "municipality": "072006" });
    let sited = world.post(&admin, &format!("{path}/sites"), "site-0001", site).await;
    assert_eq!(sited.told(), "422 secret");
    let shown = world.get(&world.token("desk", Role::InfoDesk, &[]), &path).await.body;
    assert_eq!((&shown["ats"], &shown["municipality"]), (&json!("metro"), &Value::Null));
    assert_eq!((&shown["sites"], &shown["places"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn a_service_pauses_ends_and_takes_its_sites_with_it_and_posts_end() {
    let world = world().await;
    let planner = world.token("planner", Role::PlanOffice, &[]);
    for (number, (path, facts)) in script().into_iter().enumerate() {
        assert!(world.post(&planner, &path, &format!("load-1-{number}"), facts).await.is_new());
    }
    let (hub_at, door) = (format!("{SERVICES}/{HUB}"), format!("{SERVICES}/{HUB}/sites/{DOOR}"));
    let day = |on: &str| json!({ "on": on });
    let night = json!({ "hours": [{ "weekday": 1, "from_minute": 1200, "to_minute": 480 }] });
    for (key, path, body, told) in [
        ("step-001", format!("{hub_at}/suspend"), day("2025-01-21"), "422 in_future"),
        ("step-002", format!("{hub_at}/suspend"), day("2024-02-01"), "422 out_of_order"),
        ("step-003", format!("{hub_at}/suspend"), json!({ "on": "soon" }), "422 invalid_body"),
        ("step-004", format!("{hub_at}/suspend"), day("2024-12-01"), "200"),
        ("step-005", format!("{hub_at}/activate"), json!({}), "200"),
        ("step-006", format!("{hub_at}/hours"), night, "422 opening_time"),
        ("step-007", format!("{door}/close"), day("2024-03-01"), "422 out_of_order"),
        ("step-008", format!("{hub_at}/close"), json!({}), "200"),
        ("step-009", format!("{door}/close"), json!({}), "200"),
        ("step-010", format!("{hub_at}/verify"), json!({}), "422 closed"),
        ("step-011", format!("{STAFF}/{WORKER}/end"), day("2024-01-14"), "422 end_before_start"),
        ("step-012", format!("{STAFF}/{WORKER}/end"), day("2024-12-31"), "200"),
        (
            "step-013",
            format!("{MUNICIPALITIES}/07/population"),
            json!({ "population": 1 }),
            "422 no_such_municipality",
        ),
    ] {
        assert_eq!(world.post(&planner, &path, key, body).await.told(), told, "{key} {path}");
    }
    let shown = world.get(&planner, &hub_at).await.body;
    assert_eq!((&shown["stage"], &shown["since"]), (&json!("closed"), &json!("2025-01-20")));
    assert_eq!(shown["sites"][0]["stage"], "closed");
    let post = world.get(&planner, &format!("{STAFF}/{WORKER}")).await.body;
    assert_eq!(post["ended_on"], "2024-12-31");
}

fn at(staff: Uuid, part: &str) -> String {
    format!("{STAFF}/{staff}/{part}")
}

/// What is said of the access of a worker and of a colleague, and what the door answers.
fn access() -> Vec<(String, Value, &'static str)> {
    let account = json!({ "issuer": "urn:trama:test", "subject": "carla" });
    let role = json!({ "membership": id("role"), "role": "case_manager", "ats": "bari",
        "services": [HUB], "on": "2024-06-01" });
    let leave = json!({ "from": "2025-01-20", "to": "2025-01-31", "cover": id("colleague") });
    let hers = |part: &str| at(WORKER, part);
    let anothers = |part: &str| at(id("colleague"), part);
    let changed = |body: &Value, field: &str, value: Value| with(body, field, value);
    let end_role = hers(&format!("memberships/{}/end", id("role")));
    let lost = json!({ "reason": "lost_credential" });
    let roles = |role, told| (anothers("memberships"), role, told);
    vec![
        (hers("account"), changed(&account, "subject", json!("")), "422 not_an_account"),
        (hers("account"), account.clone(), "200"),
        (anothers("account"), account, "422 account_taken"),
        (hers("memberships"), role.clone(), "200"),
        (hers("memberships"), changed(&role, "services", json!([])), "422 membership_otherwise"),
        roles(changed(&role, "services", json!([id("x")])), "422 not_her_service"),
        roles(changed(&role, "ats", json!("corato")), "404 not_found"),
        roles(changed(&role, "role", json!("auditor")), "404 not_found"),
        (hers("leave"), changed(&leave, "cover", json!(id("nobody"))), "422 cannot_cover"),
        (hers("leave"), leave, "200"),
        (hers("leave/end"), json!({}), "200"),
        (hers("leave/end"), json!({}), "422 no_leave"),
        (hers("suspend"), json!({ "reason": "mood" }), "422 invalid_body"),
        (hers("suspend"), lost, "200"),
        (hers("restore"), json!({}), "200"),
        (end_role, json!({}), "200"),
    ]
}

#[tokio::test]
async fn who_may_act_is_granted_suspended_and_ends_with_the_post_c7() {
    let mut world = world().await;
    let planner = world.token("planner", Role::PlanOffice, &[]);
    for (number, (path, facts)) in script().into_iter().enumerate() {
        assert!(world.post(&planner, &path, &format!("load-1-{number}"), facts).await.is_new());
    }
    let colleague = with(&hired(), "staff", json!(id("colleague")));
    assert!(world.post(&planner, STAFF, "colleague", colleague).await.is_new());
    for number in [1, 3, 9] {
        let (path, body, _) = &access()[number];
        world.refuses_bad_input(&planner, path, body).await;
    }
    for (number, (path, body, told)) in access().into_iter().enumerate() {
        let answer = world.post(&planner, &path, &format!("access-{number:02}"), body).await;
        assert_eq!(answer.told(), told, "{number} {path}");
    }
    let shown = world.get(&planner, &format!("{STAFF}/{WORKER}")).await.body;
    assert_eq!(shown["has_account"], true);
    assert_eq!(shown["memberships"][0]["role"], "case_manager");
    assert_eq!(shown["memberships"][0]["ended_on"], "2025-01-20");
    assert!(!shown.to_string().contains("carla"), "an account cannot be read back: {shown}");

    // The account of whoever left may be bound to another, and every log says so alike.
    assert!(world.post(&planner, &at(WORKER, "end"), "end-0001", json!({})).await.is_new());
    let (_, account, _) = &access()[1];
    let anothers = at(id("colleague"), "account");
    assert_eq!(world.post(&planner, &anothers, "bind-002", account.clone()).await.told(), "200");
    assert_eq!(world.get(&planner, &format!("{STAFF}/{WORKER}")).await.body["has_account"], false);
    world.catch_up().await;
    let differences = world.service.kept_differences(&world.servers).await.unwrap();
    assert_eq!(differences, Vec::<String>::new());
}

#[tokio::test]
async fn one_worker_who_acts_for_a_service_is_named_its_responsible_and_only_its_keepers_see_who() {
    let world = world().await;
    let planner = world.token("planner", Role::PlanOffice, &[]);
    for (number, (path, facts)) in script().into_iter().enumerate() {
        assert!(world.post(&planner, &path, &format!("load-1-{number}"), facts).await.is_new());
    }
    let hub_at = format!("{SERVICES}/{HUB}");
    let (name_at, end_at) = (format!("{hub_at}/responsible"), format!("{hub_at}/responsible/end"));
    let (worker, herself) = (json!({ "staff": WORKER }), json!({ "staff": id("planner") }));
    world.refuses_bad_input(&planner, &name_at, &worker).await;
    let desk = world.token("desk", Role::InfoDesk, &[ServiceId(HUB)]);
    let role = json!({ "role": "case_manager", "ats": "bari", "services": [HUB] });
    for (key, by, path, body, told) in [
        ("name-001", &desk, &name_at, worker.clone(), "403 role_may_not"),
        ("name-002", &planner, &name_at, worker.clone(), "422 cannot_answer"),
        ("name-003", &planner, &name_at, herself, "422 her_own"),
        ("name-004", &planner, &end_at, json!({}), "422 nobody_answers"),
        ("name-005", &planner, &at(WORKER, "memberships"), role, "200"),
        ("name-006", &planner, &name_at, worker.clone(), "200"),
    ] {
        assert_eq!(world.post(by, path, key, body).await.told(), told, "{key}");
    }
    assert_eq!(world.get(&planner, &hub_at).await.body["responsible"], json!(WORKER));
    assert_eq!(world.get(&desk, &hub_at).await.body["responsible"], Value::Null);
    let none = format!("{SERVICES}/{}/responsible", id("no service"));
    assert_eq!(world.post(&planner, &none, "name-007", worker).await.told(), "422 no_such_service");
    assert!(world.post(&planner, &end_at, "name-008", json!({})).await.is_new());
    assert_eq!(world.get(&planner, &hub_at).await.body["responsible"], Value::Null);
}

#[tokio::test]
async fn nobody_changes_her_own_access() {
    let world = world().await;
    let planner = world.token("planner", Role::PlanOffice, &[]);
    assert!(world.post(&planner, ORGANISATIONS, "comune-1", comune()).await.is_new());
    let herself = with(&hired(), "staff", json!(id("planner")));
    assert!(world.post(&planner, STAFF, "herself-1", herself).await.is_new());
    let colleague = with(&hired(), "staff", json!(WORKER));
    assert!(world.post(&planner, STAFF, "colleague", colleague).await.is_new());
    let own = |part: &str| at(id("planner"), part);
    let role = json!({ "role": "plan_office", "ats": "bari" });
    let cover = json!({ "to": "2025-01-31", "cover": id("planner") });
    for (path, body) in [
        (own("account"), json!({ "issuer": "urn:trama:test", "subject": "planner" })),
        (own("memberships"), role.clone()),
        (own("restore"), json!({})),
        (format!("{STAFF}/{WORKER}/leave"), cover),
    ] {
        let answer = world.post(&planner, &path, "her-own-1", body).await;
        assert_eq!(answer.told(), "422 her_own", "{path}");
    }
    let admin = world.token("admin", Role::Administrator, &[]);
    assert!(world.post(&admin, &own("memberships"), "granted-1", role).await.is_new());
}

#[tokio::test]
async fn bodies_agree_on_what_one_shows_and_the_agreement_ends() {
    let world = world().await;
    let planner = world.token("planner", Role::PlanOffice, &[]);
    let admin = world.token("admin", Role::Administrator, &[]);
    let coop = json!({ "organisation": id("coop"), "name": "Coop", "kind": "third_sector",
        "ats": "corato" });
    assert!(world.post(&planner, ORGANISATIONS, "comune-1", comune()).await.is_new());
    let terms = json!({ "agreement": id("agreement"), "holder": COMUNE, "readers": [id("coop")],
        "sections": ["housing", "project"], "purpose": "care", "from": "2025-01-15" });
    world.refuses_bad_input(&planner, AGREEMENTS, &terms).await;
    let theirs = with(&with(&terms, "holder", json!(id("coop"))), "readers", json!([COMUNE]));
    let unknown = world.post(&planner, AGREEMENTS, "sign-001", terms.clone()).await;
    assert_eq!(unknown.told(), "422 unknown_body");
    assert!(world.post(&admin, ORGANISATIONS, "coop-001", coop).await.is_new());
    let closed = with(&terms, "sections", json!(["housing", "addiction"]));
    let end = format!("{AGREEMENTS}/{}/end", id("agreement"));
    for (key, path, body, told) in [
        ("step-001", AGREEMENTS, closed, "422 never_opened"),
        ("step-002", AGREEMENTS, theirs, "404 not_found"),
        ("step-003", &end, json!({}), "422 no_such_agreement"),
        ("step-004", AGREEMENTS, terms.clone(), "200"),
        ("step-005", AGREEMENTS, terms, "200"),
        ("step-006", &end, json!({ "on": "2025-01-14" }), "422 end_before_start"),
        ("step-007", &end, json!({}), "200"),
    ] {
        assert_eq!(world.post(&planner, path, key, body).await.told(), told, "{key} {path}");
    }
    let desk = world.token("desk", Role::InfoDesk, &[]);
    let shown = world.get(&desk, &format!("{AGREEMENTS}/{}", id("agreement"))).await;
    assert_eq!((shown.status, &shown.body["ended_on"]), (200, &json!("2025-01-20")));
    let none = world.get(&desk, &format!("{AGREEMENTS}/{}", id("none"))).await;
    assert_eq!(none.told(), "404 not_found");
}
