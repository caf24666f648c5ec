//! The doors of intake, against a real database.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;

use std::collections::HashMap;

use axum::http::{Request, header};
use harness::{Answer, World, id};
use serde_json::{Value, json};
use time::Duration;
use time::macros::{date, datetime};
use trama_events::codes::{Role, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::short_code::ShortCode;
use trama_intake::Intake;
use trama_intake::link::rules::link_id;
use trama_platform::access::{AccessReader, Between, Decision, Page};
use trama_platform::clock::real_now;
use trama_platform::doors::REFUSED_AFTER;
use uuid::Uuid;

const PERSONS: &str = "/api/intake/persons";
const LINKS: &str = "/api/intake/links";
const CONTACTS: &str = "/api/intake/contacts";
const ENCOUNTERS: &str = "/api/intake/encounters";
const EMERGENCIES: &str = "/api/intake/emergencies";
const DELIVERIES: &str = "/api/intake/deliveries";
const COUNTS: &str = "/api/intake/homeless-counts";
const HOUSEHOLDS: &str = "/api/intake/households";
const MOVE: &str = "/api/intake/entries/move";
const UNDO: &str = "/api/intake/entries/undo";

fn service(name: &str) -> ServiceId {
    ServiceId(id(name))
}

async fn start() -> World {
    let world = World::start("intake", Intake::open).await;
    world.at(datetime!(2025-01-27 10:00 UTC));
    world
}

impl World {
    fn desk(&self) -> String {
        self.token("dora", Role::InfoDesk, &[service("desk")])
    }

    fn unit(&self) -> String {
        self.token("otto", Role::OutreachWorker, &[service("unit")])
    }

    fn pis(&self) -> String {
        self.token("piera", Role::EmergencyWorker, &[service("pis")])
    }

    /// The directory tells of a service that works.
    async fn works(&self, name: &str, service_type: ServiceType) {
        let service = service(name).0;
        self.heard(service, None, &registered(name, service_type)).await;
        let on = date!(2025 - 01 - 01);
        self.heard(service, None, &ServiceEvent::ServiceActivated { on }).await;
    }

    async fn register(&self, who: &str) -> PersonId {
        let form = json!({ "person": id(who), "service": service("desk") });
        self.expect("200", &self.desk(), PERSONS, form).await;
        PersonId(id(who))
    }

    /// Asks under a key that follows from path and body, so that asking again is a repeat.
    async fn say(&self, token: &str, path: &str, body: Value) -> Answer {
        let key = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{path} {body}").as_bytes());
        self.post(token, path, &key.to_string(), body).await
    }

    async fn expect(&self, told: &str, token: &str, path: &str, body: Value) {
        let answer = self.say(token, path, body.clone()).await;
        assert_eq!(answer.told(), told, "{path} {body}: {}", answer.body);
    }

    /// The same phase, asked of the record as it was at a version.
    async fn trust_grows(&self, token: &str, person: &str, version: i64) -> Answer {
        let request = Request::post(format!("{person}/engagement"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("idempotency-key", format!("trust-grows-{version}"))
            .header(header::IF_MATCH, format!("W/\"{version}\""))
            .body(json!({ "stage": "accepts_help" }).to_string().into());
        self.ask(request.unwrap()).await
    }

    async fn shows(&self, token: &str, path: &str) -> Value {
        let answer = self.get(token, path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    }
}

#[tokio::test]
async fn a_person_is_registered_once_by_who_acts_for_the_service() {
    let world = start().await;
    let unit = world.unit();
    let form = json!({ "service": service("unit"), "occurred_at": "2025-01-08T23:10:00+01:00" });
    world.refuses_bad_input(&unit, PERSONS, &form).await;
    world.expect("422 invalid_body", &unit, PERSONS, json!({ "service": "the unit" })).await;

    let met = world.post(&unit, PERSONS, "night-of-the-8th", form.clone()).await;
    assert_eq!((met.told(), met.etag.as_deref()), ("200".into(), Some("W/\"1\"")));
    let actor = StaffId(id("otto")).to_string();
    assert_eq!(met.body["id"], json!(PersonId::derived(&[&actor, "night-of-the-8th"])));
    assert_eq!(world.post(&unit, PERSONS, "night-of-the-8th", form).await, met);
    let other = json!({ "service": service("unit"), "gender": "male" });
    let told = world.post(&unit, PERSONS, "night-of-the-8th", other).await.told();
    assert_eq!(told, "422 key_reused");

    let elsewhere = json!({ "service": service("desk") });
    world.expect("404 not_found", &unit, PERSONS, elsewhere.clone()).await;
    let registry = world.token("rino", Role::RegistryClerk, &[service("desk")]);
    world.expect("403 role_may_not", &registry, PERSONS, elsewhere).await;
    let unborn = json!({ "service": service("unit"), "birth_year": 2026 });
    world.expect("422 birth_year", &unit, PERSONS, unborn).await;
}

#[tokio::test]
async fn a_short_code_that_is_taken_gives_way_to_the_next_candidate() {
    let (one, another) = with_one_candidate().unwrap();
    let world = start().await;
    let desk = world.desk();
    for person in [one, another] {
        let form = json!({ "person": person, "service": service("desk") });
        world.expect("200", &desk, PERSONS, form).await;
    }
    let first = world.shows(&desk, &format!("{PERSONS}/{one}")).await;
    let second = world.shows(&desk, &format!("{PERSONS}/{another}")).await;
    assert_eq!(first["code"], json!(ShortCode::candidate(one, 0)));
    assert_eq!(second["code"], json!(ShortCode::candidate(another, 1)));
}

/// Two persons whose first candidate is the same code.
fn with_one_candidate() -> Option<(Uuid, Uuid)> {
    let mut seen = HashMap::new();
    (1..).map(Uuid::from_u128).find_map(|person| {
        let before = seen.insert(ShortCode::candidate(person, 0), person)?;
        Some((before, person))
    })
}

#[tokio::test]
async fn a_record_grows_with_what_is_told_and_seen() {
    let world = start().await;
    let (desk, unit) = (world.desk(), world.unit());
    let path = format!("{PERSONS}/{}", world.register("ana").await);
    let of = |part: &str| format!("{path}/{part}");
    let tax_code = json!({ "service": service("unit"), "alias_code": "RSSMRA80A01A662X" });
    world.expect("422 alias_code", &unit, &of("aliases"), tax_code).await;
    let alias = json!({ "service": service("unit"), "alias_code": "UDS-7" });
    world.expect("200", &unit, &of("aliases"), alias.clone()).await;
    world.expect("404 not_found", &desk, &of("aliases"), alias.clone()).await;
    let another = format!("{PERSONS}/{}/aliases", world.register("ben").await);
    let taken = world.say(&unit, &another, alias).await;
    assert_eq!(taken.told(), "422 alias_taken");
    let names = taken.body.to_string().contains(&id("ana").to_string());
    assert!(!names, "whoever holds it may be hidden: {}", taken.body);
    let slept = json!({ "ethos": "1.1", "occurred_at": "2025-01-08T23:10:00+01:00" });
    world.expect("200", &unit, &of("housing"), slept).await;
    let correction = |entry: u32| json!({ "corrects": entry, "ethos": "2.1" });
    world.expect("200", &desk, &of("housing/corrections"), correction(3)).await;
    world.expect("422 no_such_entry", &desk, &of("housing/corrections"), correction(1)).await;
    world.expect("200", &unit, &of("engagement"), json!({ "stage": "talking" })).await;
    world.expect("200", &desk, &of("privacy-notices"), json!({ "language": "ar" })).await;
    let stp = json!({ "kind": "stp", "valid_to": "2025-07-27" });
    world.expect("422 stp_ends", &desk, &of("identifiers"), json!({ "kind": "stp" })).await;
    world.expect("403 role_may_not", &unit, &of("identifiers"), stp.clone()).await;
    world.expect("200", &desk, &of("identifiers"), stp.clone()).await;

    let record = world.get(&desk, &path).await;
    assert_eq!(record.etag.as_deref(), Some("W/\"7\""));
    assert_eq!(record.body["status"], "anonymous");
    assert_eq!(record.body["aliases"], json!([]), "an alias is for its own unit only");
    assert_eq!(world.shows(&unit, &path).await["aliases"][0]["alias_code"], "UDS-7");
    assert_eq!(record.body["identifiers"], json!([stp]));
    let housing = json!([
        { "entry": 3, "ethos": "1.1", "corrected_to": "2.1" },
        { "entry": 4, "ethos": "2.1", "corrected_to": null },
    ]);
    assert_eq!(record.body["housing"], housing);
    assert_eq!(world.trust_grows(&unit, &path, 2).await.told(), "412 outdated");
    assert_eq!(world.trust_grows(&unit, &path, 7).await.told(), "200");

    let nobody = format!("{PERSONS}/{}", id("nobody"));
    let begun = std::time::Instant::now();
    assert_eq!(world.get(&desk, &nobody).await.told(), "404 not_found");
    assert!(begun.elapsed() >= REFUSED_AFTER, "its time tells of whom it was");
    let stage = json!({ "stage": "seen" });
    world.expect("404 not_found", &unit, &format!("{nobody}/engagement"), stage).await;
}

#[tokio::test]
async fn a_unit_is_told_whom_it_knows_under_an_alias_and_no_other_unit_is_r1() {
    let world = start().await;
    let (desk, unit) = (world.desk(), world.unit());
    let ana = world.register("ana").await;
    let alias = json!({ "service": service("unit"), "alias_code": "UDS-7" });
    world.expect("200", &unit, &format!("{PERSONS}/{ana}/aliases"), alias).await;
    let of = |alias: &str| format!("/api/intake/services/{}/aliases/{alias}", service("unit"));
    assert_eq!(world.shows(&unit, &of("UDS-7")).await["person"], json!(ana));
    assert_eq!(world.get(&unit, &of("UDS-8")).await.told(), "404 not_found");
    let (held, free) = (world.get(&desk, &of("UDS-7")).await, world.get(&desk, &of("UDS-8")).await);
    assert_eq!((held.status, held.told()), (404, free.told()), "another unit's are nobody's");
}

#[tokio::test]
async fn who_is_registered_with_an_alias_that_is_in_use_is_not_registered() {
    let world = start().await;
    let unit = world.unit();
    let form = |who: &str, alias: &str| {
        let service = service("unit");
        json!({ "person": id(who), "service": service, "alias_code": alias })
    };
    world.expect("200", &unit, PERSONS, form("ana", "UDS-7")).await;
    world.expect("200", &unit, PERSONS, form("ana", "UDS-7")).await;
    world.expect("422 alias_taken", &unit, PERSONS, form("ben", "UDS-7")).await;
    world.expect("422 alias_code", &unit, PERSONS, form("ben", "Mario")).await;
    assert_eq!(world.events_of(id("ana")).await.len(), 2);
    assert_eq!(world.events_of(id("ben")).await.len(), 0);
    world.expect("200", &unit, PERSONS, form("ben", "UDS-8")).await;
    let facility = world.token("fay", Role::FacilityOperator, &[service("unit")]);
    world.expect("403 role_may_not", &facility, PERSONS, form("eva", "UDS-9")).await;
}

/// To everybody else she is not there: each command on her answers as on nobody.
#[tokio::test]
async fn a_pseudonym_is_written_by_the_confidential_service_that_registered_her_alone_c2() {
    let mut world = start().await;
    world.works("centre", ServiceType::AntiViolenceCentre).await;
    world.catch_up().await;
    let (desk, of) =
        (world.desk(), |who: &str, part: &str| format!("{PERSONS}/{}/{part}", id(who)));
    let centre = world.token("vera", Role::CaseManager, &[service("centre")]);
    let vera = json!({ "person": id("vera"), "service": service("centre") });
    world.expect("200", &centre, PERSONS, vera).await;
    let commands = [
        ("aliases", json!({ "service": service("desk"), "alias_code": "D-7" })),
        ("identifiers", json!({ "kind": "stp", "valid_to": "2025-07-27" })),
        ("identify", json!({ "lawful_stay": true })),
        ("privacy-notices", json!({ "language": "ar" })),
        ("housing", json!({ "ethos": "1.1" })),
        ("housing/corrections", json!({ "corrects": 1, "ethos": "2.1" })),
        ("engagement", json!({ "stage": "talking" })),
    ];
    for (part, body) in commands {
        for who in ["vera", "nobody"] {
            world.expect("404 not_found", &desk, &of(who, part), body.clone()).await;
        }
    }
    world.expect("200", &centre, &of("vera", "housing"), json!({ "ethos": "2.1" })).await;
    assert_eq!(world.events_of(id("vera")).await.len(), 2);
}

#[tokio::test]
async fn an_identifier_runs_out_unless_a_better_one_replaced_it() {
    let world = start().await;
    let desk = world.desk();
    let (late, lawful) = (world.register("late").await, world.register("lawful").await);
    for person in [late, lawful] {
        let stp = json!({ "kind": "stp", "valid_to": "2025-07-27" });
        world.expect("200", &desk, &format!("{PERSONS}/{person}/identifiers"), stp).await;
    }
    let path = format!("{PERSONS}/{lawful}/identify");
    world.expect("200", &desk, &path, json!({ "lawful_stay": true })).await;

    world.at(datetime!(2025-07-27 21:59 UTC));
    assert_eq!(world.due().await, 0);
    world.at(datetime!(2025-07-27 22:00 UTC));
    assert_eq!(world.due().await, 1, "the superseded one gives no alert");
    assert_eq!(world.due().await, 0);
    let ran_out = ["person_registered", "identifier_added", "identifier_expired"];
    assert_eq!(world.events_of(late.0).await, ran_out);
    let replaced =
        ["person_registered", "identifier_added", "person_identified", "identifier_superseded"];
    assert_eq!(world.events_of(lawful.0).await, replaced);
    let record = world.shows(&desk, &format!("{PERSONS}/{lawful}")).await;
    assert_eq!(record["status"], json!("identified"));
    assert_eq!(
        record["lawful_stay"],
        Value::Null,
        "her stay is a class of data that no desk reads"
    );
}

#[tokio::test]
async fn records_are_linked_along_a_chain_and_a_pair_only_once() {
    let world = start().await;
    let desk = world.desk();
    let old = world.register("old").await;
    world.at(datetime!(2025-01-28 10:00 UTC));
    let (new, newest) = (world.register("new").await, world.register("newest").await);
    let pair = |one: PersonId, another: PersonId, front: Option<PersonId>| json!({ "one": one, "another": another, "in_front": front, "reasons": ["recognised"] });
    let link = link_id(old, new);
    let linked = world.say(&desk, LINKS, pair(new, old, None)).await;
    assert_eq!((linked.told(), &linked.body["id"]), ("200".into(), &json!(link)));
    let view = world.shows(&desk, &format!("{LINKS}/{link}")).await;
    assert_eq!((&view["judgement"], &view["canonical"]), (&json!("linked"), &json!(old)));

    world.expect("403 role_may_not", &world.unit(), LINKS, pair(old, newest, None)).await;
    world.expect("422 same_record", &desk, LINKS, pair(old, old, None)).await;
    let nobody = PersonId(id("nobody"));
    world.expect("404 not_found", &desk, LINKS, pair(old, nobody, None)).await;
    world.expect("422 front_is_neither", &desk, LINKS, pair(old, newest, Some(new))).await;
    let silent = json!({ "one": old, "another": newest, "reasons": [] });
    world.expect("422 no_reason", &desk, LINKS, silent).await;
    world.expect("200", &desk, LINKS, pair(newest, new, Some(new))).await;
    world.expect("422 one_person_already", &desk, LINKS, pair(old, newest, None)).await;

    let unlink = json!({ "reason": "two_people" });
    world.expect("200", &desk, &format!("{LINKS}/{link}/unlink"), unlink.clone()).await;
    let view = world.shows(&desk, &format!("{LINKS}/{link}")).await;
    assert_eq!(
        (&view["judgement"], &view["unlinked_because"]),
        (&json!("unlinked"), &json!("two_people"))
    );
    world.expect("422 unlinked_before", &desk, LINKS, pair(old, new, None)).await;
    // With that judgement undone, the newest and the old one are not one person any more; nor do
    // they become one through the newest, behind which the new one stands.
    world.expect("422 behind_another", &desk, LINKS, pair(newest, old, None)).await;
    world.expect("422 unlinked_before", &desk, LINKS, pair(newest, old, Some(newest))).await;
    let nothing = format!("{LINKS}/{}", id("no link"));
    assert_eq!(world.get(&desk, &nothing).await.told(), "404 not_found");
    world.expect("404 not_found", &desk, &format!("{nothing}/unlink"), unlink).await;
}

#[tokio::test]
async fn two_people_do_not_become_one_through_other_records() {
    let mut world = start().await;
    let desk = world.desk();
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let (of_ana, of_ben) = (world.register("of ana").await, world.register("of ben").await);
    let pair = |front: PersonId, other: PersonId| json!({ "one": front, "another": other, "in_front": front, "reasons": ["recognised"] });
    world.expect("200", &desk, LINKS, pair(ana, ben)).await;
    let unlink = format!("{LINKS}/{}/unlink", link_id(ana, ben));
    world.expect("200", &desk, &unlink, json!({ "reason": "two_people" })).await;
    world.expect("200", &desk, LINKS, pair(of_ana, ana)).await;
    world.expect("200", &desk, LINKS, pair(ben, of_ben)).await;
    // Ben's other record stands behind him, Ana behind hers: the first is read from the copy.
    world.catch_up().await;
    world.expect("422 unlinked_before", &desk, LINKS, pair(of_ana, ben)).await;
    world.expect("422 unlinked_before", &desk, LINKS, pair(ben, of_ana)).await;
    world.expect("422 behind_another", &desk, LINKS, pair(ana, of_ben)).await;
    let third = world.register("third").await;
    world.expect("200", &desk, LINKS, pair(third, of_ana)).await;
    world.catch_up().await;
    world.expect("422 unlinked_before", &desk, LINKS, pair(third, ben)).await;
    // Once the link with her other record is undone, that one is free of what was said of her.
    let unlink = format!("{LINKS}/{}/unlink", link_id(of_ana, ana));
    world.expect("200", &desk, &unlink, json!({ "reason": "mistake" })).await;
    world.catch_up().await;
    world.expect("200", &desk, LINKS, pair(third, ben)).await;
}

#[tokio::test]
async fn two_people_are_declared_different_or_left_open_and_only_a_document_links_them_after() {
    let mut world = start().await;
    let (desk, manager) =
        (world.desk(), world.token("carla", Role::CaseManager, &[service("desk")]));
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let (open, different) = (format!("{LINKS}/open"), format!("{LINKS}/different"));
    let two = json!({ "one": ben, "another": ana });
    world.refuses_bad_input(&desk, &different, &two).await;
    world.refuses_bad_input(&desk, &open, &two).await;
    world.expect("403 role_may_not", &world.unit(), &open, two.clone()).await;

    assert!(world.post(&desk, &open, "look-of-today", two.clone()).await.is_new());
    assert!(!world.post(&desk, &open, "look-again", two.clone()).await.is_new(), "the same day");
    assert!(
        world.post(&manager, &open, "look-of-today", two.clone()).await.is_new(),
        "another worker"
    );
    world.at(datetime!(2025-01-27 23:10 UTC));
    assert!(
        world.post(&desk, &open, "look-of-tomorrow", two.clone()).await.is_new(),
        "another day in Rome"
    );
    let link = format!("{LINKS}/{}", link_id(ana, ben));
    assert_eq!(world.shows(&desk, &link).await["judgement"], "open");

    world.expect("200", &desk, &different, two.clone()).await;
    assert_eq!(world.shows(&desk, &link).await["judgement"], "different");
    world.expect("422 declared_different", &manager, &open, two.clone()).await;
    let nobody = json!({ "one": ana, "another": id("nobody") });
    world.expect("404 not_found", &desk, &different, nobody).await;

    let third = world.register("third").await;
    let pair = |one: PersonId, another: PersonId| json!({ "one": one, "another": another, "in_front": one, "reasons": ["same_tax_code"] });
    world.expect("200", &desk, LINKS, pair(third, ana)).await;
    world.catch_up().await;
    world.expect("422 different_across", &desk, LINKS, pair(ben, third)).await;
    world.expect("422 declared_different", &desk, LINKS, pair(ana, ben)).await;
    let unlink = format!("{LINKS}/{}/unlink", link_id(third, ana));
    world.expect("200", &desk, &unlink, json!({ "reason": "mistake" })).await;
    world.catch_up().await;
    let mut knowing = pair(ana, ben);
    knowing["despite_difference"] = json!(true);
    world.expect("200", &desk, LINKS, knowing).await;
    assert_eq!(world.shows(&desk, &link).await["judgement"], "linked");
    let after = world.post(&desk, &different, "after-the-link", two).await;
    assert_eq!(after.told(), "422 still_linked");
}

#[tokio::test]
async fn an_entry_on_the_wrong_person_is_moved_by_its_author_or_who_answers_for_it() {
    let mut world = start().await;
    let (desk, unit) = (world.desk(), world.unit());
    let manager = world.token("carla", Role::CaseManager, &[service("desk")]);
    let colleague = world.token("ugo", Role::InfoDesk, &[service("desk")]);
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let contact = id("contact");
    let came =
        json!({ "contact": contact, "service": service("desk"), "channel": "desk", "person": ana });
    world.expect("200", &desk, CONTACTS, came).await;
    let entry = format!("intake/contact-{contact}/1");
    let to = |from: PersonId, to: PersonId| json!({ "entry": entry, "from": from, "to": to, "reason": "like_name" });
    world.refuses_bad_input(&desk, MOVE, &to(ana, ben)).await;

    let registry = world.token("rino", Role::RegistryClerk, &[service("desk")]);
    world.expect("403 role_may_not", &registry, MOVE, to(ana, ben)).await;
    world.expect("404 not_found", &colleague, MOVE, to(ana, ben)).await;
    world.expect("404 not_found", &unit, MOVE, to(ana, ben)).await;
    let elsewhere = OrganisationId(id("another organisation"));
    let another = world.token_of(elsewhere, "carlo", Role::CaseManager, &[service("other")]);
    world.expect("404 not_found", &another, MOVE, to(ana, ben)).await;
    world.expect("404 not_found", &manager, MOVE, to(ben, ana)).await;
    let mut elsewhere = to(ana, ben);
    elsewhere["entry"] = json!(format!("intake/contact-{}/1", id("no contact")));
    world.expect("404 not_found", &desk, MOVE, elsewhere.clone()).await;
    elsewhere["entry"] = json!("contact 1");
    world.expect("404 not_found", &desk, MOVE, elsewhere).await;
    let nobody = PersonId(id("nobody"));
    world.expect("404 not_found", &desk, MOVE, to(ana, nobody)).await;
    world.expect("422 not_on_her", &desk, MOVE, to(ben, ana)).await;

    world.expect("200", &desk, MOVE, to(ana, ben)).await;
    world.catch_up().await;
    let path = format!("{CONTACTS}/{contact}");
    assert_eq!(world.shows(&desk, &path).await["person"], json!(ben));
    // As a journey names it: the fourth event of the log, after two registrations and the contact,
    // is the move; the contact is the third.
    let mut back = to(ben, ana);
    back["entry"] = json!("intake/3");
    world.expect("200", &manager, MOVE, back).await;
    world.catch_up().await;
    assert_eq!(world.shows(&desk, &path).await["person"], json!(ana), "also back");
    world.answers_for("ugo", service("desk"));
    world.expect("200", &colleague, MOVE, to(ana, ben)).await;
}

#[tokio::test]
async fn an_entry_that_is_not_there_and_one_of_others_are_refused_alike_and_written_down_v16() {
    let world = start().await;
    let (desk, unit) = (world.desk(), world.unit());
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let contact = id("contact");
    let came =
        json!({ "contact": contact, "service": service("desk"), "channel": "desk", "person": ana });
    world.expect("200", &desk, CONTACTS, came).await;
    let named = [format!("intake/contact-{contact}/1"), "intake/3".into(), "intake/99".into()];
    let unknown = [format!("intake/contact-{}/1", id("nothing")), "casework/1".into(), "x".into()];
    let rows = AccessReader::open(&world.servers);
    for (number, entry) in named.into_iter().chain(unknown).enumerate() {
        let to = json!({ "entry": entry, "from": ana, "to": ben, "reason": "like_name" });
        let moved = world.post(&unit, MOVE, &format!("moving-{number}"), to).await;
        let undo = json!({ "entry": entry });
        let undone = world.post(&unit, UNDO, &format!("undoing-{number}"), undo).await;
        assert_eq!((moved.told(), &moved.body), (undone.told(), &undone.body), "{entry}");
        assert_eq!(moved.told(), "404 not_found");
        let (from, to) = (real_now() - Duration::HOUR, real_now() + Duration::HOUR);
        let page = Page { after: None, limit: 100 };
        let by_otto = rows.by_staff(StaffId(id("otto")), Between { from, to }, page).await.unwrap();
        let denied = by_otto.items.iter().filter(|row| row.decision == Decision::Denied).count();
        assert_eq!(denied, 2 * (number + 1), "{entry}");
    }
}

#[tokio::test]
async fn a_child_is_named_in_a_household_by_who_has_to_do_with_another_of_it_r2() {
    let world = start().await;
    let (desk, mother) = (world.desk(), world.register("mother").await);
    let manager = world.token("carla", Role::CaseManager, &[service("ssp")]);
    let (child, home) = (world.register("child").await, id("home"));
    world.is_a_child(child);
    let form = json!({ "household": home, "kind": "registry", "service": service("ssp") });
    world.expect("200", &manager, HOUSEHOLDS, form).await;
    let members = format!("{HOUSEHOLDS}/{home}/members");
    let since = |person: PersonId, on: &str| json!({ "person": person, "on": on });
    let day = "2024-03-01";
    world.expect("422 no_such_person", &manager, &members, since(child, day)).await;
    let nobody = PersonId(id("nobody"));
    world.expect("422 no_such_person", &manager, &members, since(nobody, day)).await;
    world.expect("200", &manager, &members, since(mother, day)).await;
    world.expect("422 no_such_person", &manager, &members, since(nobody, day)).await;
    world.expect("200", &manager, &members, since(child, day)).await;
    let leave = |person: PersonId| format!("{members}/{person}/leave");
    let on = json!({ "on": "2024-06-01" });
    world.expect("422 no_such_person", &manager, &leave(nobody), on.clone()).await;
    world.expect("200", &manager, &leave(mother), on.clone()).await;
    world.expect("422 no_such_person", &manager, &leave(child), on.clone()).await;
    world.expect("200", &desk, &leave(child), on).await;
}

#[tokio::test]
async fn a_record_does_not_say_any_more_what_was_moved_away_from_it() {
    let mut world = start().await;
    let desk = world.desk();
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let path = format!("{PERSONS}/{ana}");
    let of = |part: &str| format!("{path}/{part}");
    world.expect("200", &desk, &of("housing"), json!({ "ethos": "1.1" })).await;
    let correction = json!({ "corrects": 2, "ethos": "2.1" });
    world.expect("200", &desk, &of("housing/corrections"), correction).await;
    world.expect("200", &desk, &of("engagement"), json!({ "stage": "talking" })).await;
    for part in [3, 4] {
        let entry = format!("intake/person-{ana}/{part}");
        let to = json!({ "entry": entry, "from": ana, "to": ben, "reason": "wrong_record" });
        world.expect("200", &desk, MOVE, to).await;
    }
    world.catch_up().await;
    let record = world.get(&desk, &path).await;
    assert_eq!((&record.body["housing"], &record.body["engagement"]), (&json!([]), &Value::Null));
    assert_eq!(record.etag.as_deref(), Some("W/\"4\""), "the log is as it was");
    let (path, talks) = (of("engagement"), json!({ "stage": "talking" }));
    assert!(world.post(&desk, &path, "now-she-does", talks).await.is_new());
    let registered = format!("intake/person-{ana}/1");
    let to = json!({ "entry": registered, "from": ana, "to": ben, "reason": "wrong_record" });
    world.expect("422 not_here", &desk, MOVE, to).await;
}

#[tokio::test]
async fn at_eighteen_she_opens_her_childhood_and_closes_it_before_she_decides_nothing_c5() {
    let mut world = start().await;
    world.works("desk", ServiceType::InfoDesk).await;
    world.works("serd", ServiceType::Serd).await;
    let desk = world.desk();
    for (who, year) in [("ana", 2006), ("ben", 2007)] {
        let form = json!({ "person": id(who), "service": service("desk"), "birth_year": year });
        world.expect("200", &desk, PERSONS, form).await;
    }
    world.register("cleo").await;
    let childhood = |who: &str| format!("{PERSONS}/{}/childhood", id(who));
    let to = |to: Value| json!({ "wish": id("wish"), "to": to, "form": "signed" });
    let hub = ServiceEvent::ServiceRegistered {
        service: service("hub"),
        organisation: OrganisationId(id("coop")),
        name: "hub".into(),
        service_type: ServiceType::InfoDesk,
        ats: harness::bari(),
        municipality: None,
        low_threshold: true,
    };
    world.heard(service("hub").0, None, &hub).await;
    let hers = to(json!({ "service": service("hub") }));
    world.refuses_bad_input(&desk, &childhood("ana"), &hers).await;
    world.expect("422 still_a_minor", &desk, &childhood("ben"), hers.clone()).await;
    world.expect("422 age_unknown", &desk, &childhood("cleo"), hers.clone()).await;
    world.expect("404 not_found", &desk, &childhood("nobody"), hers.clone()).await;
    for unknown in [
        json!({ "service": id("none") }),
        json!({ "organisation": id("none") }),
        json!({ "service": service("serd") }),
    ] {
        world.expect("422 unknown_body", &desk, &childhood("ana"), to(unknown)).await;
    }
    let own = to(json!({ "service": service("desk") }));
    world.expect("422 own_body", &desk, &childhood("ana"), own.clone()).await;
    world.expect("200", &desk, &childhood("ana"), hers).await;
    let coop = OrganisationId(id("coop"));
    let elsewhere = world.token_of(coop, "carla", Role::CaseManager, &[service("other")]);
    let again = json!({ "to": { "service": service("hub") }, "form": "said" });
    let again = world.say(&elsewhere, &childhood("ana"), again).await;
    assert!(again.is_new(), "nobody is told that it was open before: {}", again.body);
    world.catch_up().await;
    let wishes = format!("{PERSONS}/{}/wishes", id("ana"));
    let listed = world.shows(&desk, &wishes).await;
    let (from, to) = (&listed["wishes"][0]["from"], &listed["wishes"][0]["to"]);
    assert_eq!((from, to), (&json!("2025-01-27"), &json!({ "service": service("hub") })));
    assert_eq!(listed["wishes"].as_array().unwrap().len(), 1, "what others took down is not told");
    let of = |who: &str| format!("{}/{}/close", childhood(who), id("wish"));
    world.expect("422 no_such_wish", &desk, &of("cleo"), json!({})).await;
    world.expect("200", &desk, &of("ana"), json!({})).await;
    let events = world.events_of(id("wish")).await;
    assert_eq!(events, ["childhood_opened", "childhood_closed"]);
    world.catch_up().await;
    assert_eq!(world.shows(&desk, &wishes).await["wishes"], json!([]));
}

#[tokio::test]
async fn what_she_obscures_is_gone_for_others_and_nobody_is_told_that_it_was_before_threat_4() {
    let mut world = start().await;
    world.works("desk", ServiceType::InfoDesk).await;
    let (ana, ben) = (world.register("ana").await, world.register("ben").await);
    let desk = world.desk();
    let elsewhere = world.token_of(
        OrganisationId(id("elsewhere")),
        "olga",
        Role::OutreachWorker,
        &[service("elsewhere")],
    );
    let housing = format!("{PERSONS}/{ana}/housing");
    world.expect("200", &desk, &housing, json!({ "ethos": "1.1" })).await;
    let path = format!("{PERSONS}/{ana}/obscurings");
    let entry = format!("intake/person-{ana}/2");
    let by = |what: Value, wish: &str| json!({ "wish": id(wish), "what": what, "form": "said" });
    let the_entry = |wish: &str| by(json!({ "entry": entry }), wish);
    world.refuses_bad_input(&desk, &path, &the_entry("entry")).await;
    world.expect("422 no_such_entry", &elsewhere, &path, the_entry("theirs")).await;
    let of_ben = format!("{PERSONS}/{ben}/obscurings");
    world.expect("422 no_such_entry", &desk, &of_ben, the_entry("bens")).await;
    let none = by(json!({ "entry": format!("intake/person-{ana}/9") }), "none");
    world.expect("422 no_such_entry", &desk, &path, none).await;
    let in_the_vault = by(json!({ "entry": format!("identity/identity-{ana}/1") }), "none");
    world.expect("422 no_such_entry", &desk, &path, in_the_vault).await;
    world.expect("200", &desk, &path, the_entry("entry")).await;

    let of_desk = || json!({ "service": service("desk") });
    let first = world.say(&elsewhere, &path, by(of_desk(), "one")).await;
    let second = world.say(&elsewhere, &path, by(of_desk(), "two")).await;
    assert_eq!((first.told(), second.told()), ("200".into(), "200".into()));
    assert_eq!(first.body["sequence"], second.body["sequence"], "as if it were the first");
    assert!(first.is_new() && second.is_new());
    world.catch_up().await;
    let wishes = format!("{PERSONS}/{ana}/wishes");
    let listed = async |token: &str| {
        let told = world.shows(token, &wishes).await;
        told["wishes"].as_array().unwrap().len()
    };
    assert_eq!(listed(&desk).await, 1, "what others took down is told to nobody");
    assert_eq!(listed(&elsewhere).await, 2);
    let lift = format!("{path}/{}/lift", id("entry"));
    world.expect("200", &desk, &lift, json!({ "form": "interpreted" })).await;
    let events = world.events_of(id("entry")).await;
    assert_eq!(events, ["record_obscured", "obscuring_lifted"]);
}

#[tokio::test]
async fn an_own_entry_is_taken_back_in_its_first_thirty_seconds() {
    let mut world = start().await;
    let (desk, manager) =
        (world.desk(), world.token("carla", Role::CaseManager, &[service("desk")]));
    let ana = world.register("ana").await;
    let came = |contact: Uuid| json!({ "contact": contact, "service": service("desk"), "channel": "desk", "person": ana });
    let (fresh, old) = (id("fresh"), id("old"));
    for contact in [fresh, old] {
        world.expect("200", &desk, CONTACTS, came(contact)).await;
    }
    let entry = |contact: Uuid| json!({ "entry": format!("intake/contact-{contact}/1") });
    world.refuses_bad_input(&desk, UNDO, &entry(fresh)).await;
    world.at(datetime!(2025-01-27 10:00:30 UTC));
    world.expect("404 not_found", &manager, UNDO, entry(fresh)).await;
    world.expect("200", &desk, UNDO, entry(fresh)).await;
    world.at(datetime!(2025-01-27 10:00:31 UTC));
    world.expect("422 too_late", &desk, UNDO, entry(old)).await;
    world.catch_up().await;
    let path = |contact: Uuid| format!("{CONTACTS}/{contact}");
    assert_eq!(world.get(&desk, &path(fresh)).await.told(), "404 not_found");
    assert_eq!(world.get(&desk, &path(old)).await.told(), "200");
}

#[tokio::test]
async fn a_person_is_in_one_household_of_the_registry_at_a_time_and_in_others_beside_r2() {
    let world = start().await;
    let (desk, ana) = (world.desk(), world.register("ana").await);
    let (one, another, flat) = (id("one"), id("another"), id("flat"));
    let form = |household: Uuid, kind: &str| json!({ "household": household, "kind": kind, "service": service("desk") });
    world.refuses_bad_input(&desk, HOUSEHOLDS, &form(one, "registry")).await;
    world.expect("403 role_may_not", &world.unit(), HOUSEHOLDS, form(one, "registry")).await;
    let foreign = json!({ "kind": "isee", "service": service("unit") });
    world.expect("404 not_found", &desk, HOUSEHOLDS, foreign).await;
    for (household, kind) in [(one, "registry"), (another, "registry"), (flat, "housed_together")] {
        world.expect("200", &desk, HOUSEHOLDS, form(household, kind)).await;
    }
    let members = |household: Uuid| format!("{HOUSEHOLDS}/{household}/members");
    let since = |on: &str| json!({ "person": ana, "on": on });
    world.refuses_bad_input(&desk, &members(one), &since("2024-03-01")).await;
    world.expect("200", &desk, &members(one), since("2024-03-01")).await;
    world.expect("200", &desk, &members(flat), since("2024-03-01")).await;
    world.expect("422 in_another", &desk, &members(another), since("2024-06-01")).await;
    let nobody = json!({ "person": id("nobody"), "on": "2024-03-01" });
    world.expect("422 no_such_person", &desk, &members(one), nobody).await;
    world.expect("422 in_the_future", &desk, &members(another), since("2025-01-28")).await;

    let leave = format!("{}/{ana}/leave", members(one));
    world.expect("200", &desk, &leave, json!({ "on": "2024-06-01" })).await;
    world.expect("422 in_another", &desk, &members(another), since("2024-05-31")).await;
    world.expect("200", &desk, &members(another), since("2024-06-01")).await;
    world.expect("422 in_another", &desk, &members(one), since("2024-07-01")).await;
    let leave = format!("{}/{ana}/leave", members(another));
    world.expect("200", &desk, &leave, json!({ "on": "2024-09-01" })).await;
    world.expect("200", &desk, &members(one), since("2024-09-01")).await;

    let view = world.shows(&desk, &format!("{HOUSEHOLDS}/{one}")).await;
    let times = json!([
        { "person": ana, "from": "2024-03-01", "to": "2024-06-01" },
        { "person": ana, "from": "2024-09-01", "to": null },
    ]);
    assert_eq!((&view["members"], &view["size"]), (&times, &json!(1)));
    let nothing = format!("{HOUSEHOLDS}/{}", id("nothing"));
    assert_eq!(world.get(&desk, &nothing).await.told(), "404 not_found");
    world
        .expect("422 no_such_household", &desk, &format!("{nothing}/members"), since("2024-03-01"))
        .await;
    assert_eq!(world.service.kept_differences(&world.servers).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn more_records_than_can_be_looked_at_are_not_linked() {
    let mut world = start().await;
    let desk = world.desk();
    let pair = |front: PersonId, other: PersonId| json!({ "one": front, "another": other, "in_front": front, "reasons": ["recognised"] });
    let front = world.register("front").await;
    for number in 1..50 {
        let other = world.register(&format!("record {number}")).await;
        world.expect("200", &desk, LINKS, pair(front, other)).await;
    }
    world.catch_up().await;
    let last = world.register("last").await;
    world.expect("422 too_many_records", &desk, LINKS, pair(front, last)).await;
}

#[tokio::test]
async fn a_record_of_a_confidential_service_is_not_linked_story_d() {
    let world = start().await;
    let desk = world.desk();
    world.works("desk", ServiceType::InfoDesk).await;
    let known = world.register("ana").await;
    for kind in [ServiceType::SecretShelter, ServiceType::AntiViolenceCentre, ServiceType::Serd] {
        world.works(kind.code(), kind).await;
        let own = world.token(
            &format!("olga of {kind}"),
            Role::FacilityOperator,
            &[service(kind.code())],
        );
        let person = PersonId(id(&format!("of {}", kind.code())));
        let form = json!({ "person": person, "service": service(kind.code()) });
        world.expect("200", &own, PERSONS, form).await;
        for (one, another) in [(known, person), (person, known)] {
            let pair = json!({ "one": one, "another": another, "reasons": ["recognised"] });
            world.expect("404 not_found", &desk, LINKS, pair).await;
        }
    }
}

#[tokio::test]
async fn contacts_encounters_deliveries_and_counts_need_no_name() {
    let world = start().await;
    let known = world.register("ana").await;
    contacts(&world, known).await;
    encounters(&world, known).await;
    deliveries(&world, known).await;
    counts(&world).await;
}

async fn contacts(world: &World, known: PersonId) {
    let (desk, unit) = (world.desk(), world.unit());
    let who = |person: Option<Uuid>| json!({ "service": service("desk"), "channel": "desk", "person": person });
    let needs = |level: u8| json!([{ "code": "housing", "level": level }]);
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    world.expect("200", &desk, CONTACTS, who(None)).await;
    world.expect("422 no_such_person", &desk, CONTACTS, who(Some(id("nobody")))).await;
    world.expect("422 invalid_body", &desk, CONTACTS, with(who(None), "needs", needs(4))).await;
    world.expect("404 not_found", &unit, CONTACTS, who(None)).await;
    let volunteer = world.token("vito", Role::Volunteer, &[service("desk")]);
    world.expect("403 role_may_not", &volunteer, CONTACTS, who(None)).await;
    let came = with(with(who(Some(known.0)), "needs", needs(3)), "contact", json!(id("contact")));
    world.expect("200", &desk, CONTACTS, came).await;

    let contact = format!("{CONTACTS}/{}", id("contact"));
    let (triage, close) = (format!("{contact}/triage"), format!("{contact}/close"));
    let to = json!({ "outcome": "to_social_service", "needs": needs(2) });
    world.expect("422 not_triaged", &desk, &close, json!({})).await;
    world.expect("404 not_found", &unit, &triage, to.clone()).await;
    world.expect("200", &desk, &triage, to).await;
    world.expect("200", &desk, &close, json!({})).await;
    let view = world.shows(&desk, &contact).await;
    assert_eq!((&view["closed"], &view["needs"]), (&json!(true), &needs(2)));
    assert_eq!(world.get(&unit, &contact).await.told(), "404 not_found");
}

async fn encounters(world: &World, known: PersonId) {
    let unit = world.unit();
    let met = |person: Option<Uuid>, quarter: &str| json!({ "service": service("unit"), "ethos": "1.1", "person": person, "quarter": quarter });
    world.expect("200", &unit, ENCOUNTERS, met(None, "liberta")).await;
    world.expect("200", &unit, ENCOUNTERS, met(Some(known.0), "liberta")).await;
    world.expect("422 no_such_person", &unit, ENCOUNTERS, met(Some(id("nobody")), "liberta")).await;
    world.expect("422 quarter", &unit, ENCOUNTERS, met(None, "Via X, 3")).await;
    world.expect("422 quarter", &unit, ENCOUNTERS, met(None, "rssmra80a01a662x")).await;
    world.expect("404 not_found", &world.pis(), ENCOUNTERS, met(None, "liberta")).await;
    world.expect("403 role_may_not", &world.desk(), ENCOUNTERS, met(None, "liberta")).await;
}

async fn deliveries(world: &World, known: PersonId) {
    let volunteer = world.token("vito", Role::Volunteer, &[service("desk")]);
    let to = |recipient: Value| json!({ "service": service("desk"), "service_type": "clothing", "recipient": recipient });
    let nobody = json!({ "person": id("nobody") });
    let twelve = || to(json!({ "anonymous": 12 }));
    world.expect("422 unknown_service", &volunteer, DELIVERIES, twelve()).await;
    world.works("desk", ServiceType::InfoDesk).await;
    world.expect("422 not_given_there", &volunteer, DELIVERIES, twelve()).await;
    world.works("wardrobe", ServiceType::Clothing).await;
    let wardrobe = world.token("vera", Role::Volunteer, &[service("wardrobe")]);
    let mut clothes = twelve();
    clothes["service"] = json!(service("wardrobe"));
    world.expect("200", &wardrobe, DELIVERIES, clothes).await;
    secret_deliveries(world, known).await;
    let volunteer = world.token("viola", Role::Volunteer, &[service("hub")]);
    world.works("hub", ServiceType::Hub).await;
    let to = |recipient: Value| json!({ "service": service("hub"), "service_type": "clothing", "recipient": recipient });
    world.expect("200", &volunteer, DELIVERIES, to(json!({ "anonymous": 12 }))).await;
    world.expect("200", &volunteer, DELIVERIES, to(json!({ "person": known }))).await;
    world.expect("422 no_such_person", &volunteer, DELIVERIES, to(nobody)).await;
    world.expect("422 people", &volunteer, DELIVERIES, to(json!({ "anonymous": 0 }))).await;
    let mut listened = to(json!({ "person": known }));
    listened["service_type"] = json!("anti_violence_centre");
    world.expect("422 confidential_service", &volunteer, DELIVERIES, listened).await;
    world.expect("404 not_found", &world.unit(), DELIVERIES, to(json!({ "anonymous": 1 }))).await;
    let serd = world.token("sonia", Role::SerdOperator, &[service("hub")]);
    world.expect("403 role_may_not", &serd, DELIVERIES, to(json!({ "anonymous": 1 }))).await;
}

async fn secret_deliveries(world: &World, known: PersonId) {
    world.works("centre", ServiceType::AntiViolenceCentre).await;
    let centre = world.token("carla", Role::HubProfessional, &[service("centre")]);
    let gives = |what: &str, recipient: Value| json!({ "service": service("centre"), "service_type": what, "recipient": recipient });
    let (own, people) = ("anti_violence_centre", json!({ "anonymous": 3 }));
    world.expect("200", &centre, DELIVERIES, gives(own, people.clone())).await;
    world.expect("422 not_given_there", &centre, DELIVERIES, gives("clothing", people)).await;
    for what in [own, "clothing"] {
        let named = gives(what, json!({ "person": known }));
        world.expect("422 confidential_service", &centre, DELIVERIES, named).await;
    }
}

async fn counts(world: &World) {
    let plan = world.token("ugo", Role::PlanOffice, &[]);
    let count = |day: &str| json!({ "counted_on": day, "source": "registry", "people": 413 });
    world.expect("200", &plan, COUNTS, count("2025-01-27")).await;
    world.expect("422 in_the_future", &plan, COUNTS, count("2025-01-28")).await;
    world.expect("422 invalid_body", &plan, COUNTS, count("27.1.2025")).await;
    world.expect("403 role_may_not", &world.desk(), COUNTS, count("2025-01-27")).await;
}

#[tokio::test]
async fn an_emergency_is_reported_where_somebody_answers() {
    let world = start().await;
    let (pis, unit) = (world.pis(), world.unit());
    let report = |channel: &str| json!({ "service": service("pis"), "channel": channel });
    let unanswered = "422 no_emergency_service";
    world.expect(unanswered, &pis, EMERGENCIES, report("police")).await;
    world.expect(unanswered, &unit, EMERGENCIES, report("street")).await;
    world.heard(service("pis").0, None, &registered("pis", ServiceType::Pis)).await;
    world.expect("200", &pis, EMERGENCIES, report("police")).await;
    world.works("unit", ServiceType::Outreach).await;
    let mut own = report("street");
    own["service"] = json!(service("unit"));
    world.expect(unanswered, &unit, EMERGENCIES, own.clone()).await;
    world.expect(unanswered, &pis, EMERGENCIES, own).await;
    world.expect(unanswered, &unit, EMERGENCIES, report("street")).await;
    let on = date!(2025 - 01 - 01);
    world.heard(service("pis").0, None, &ServiceEvent::ServiceActivated { on }).await;
    let called = world.say(&unit, EMERGENCIES, report("street")).await;
    assert!(called.is_new());
    let mut named = report("street");
    named["emergency"] = json!(id("night"));
    world.expect("200", &unit, EMERGENCIES, named.clone()).await;
    world.heard(service("pis").0, None, &ServiceEvent::ServiceClosed { on }).await;
    // Under another key, too: what was reported is judged by what was reported.
    assert_eq!(world.post(&unit, EMERGENCIES, "another-key", named).await.told(), "200");
    assert_eq!(world.say(&unit, EMERGENCIES, report("street")).await, called, "asked before");
    world.expect(unanswered, &unit, EMERGENCIES, report("hospital")).await;
}

fn registered(name: &str, service_type: ServiceType) -> ServiceEvent {
    ServiceEvent::ServiceRegistered {
        service: service(name),
        organisation: OrganisationId(id("comune")),
        name: name.into(),
        service_type,
        ats: harness::bari(),
        municipality: None,
        low_threshold: true,
    }
}

#[tokio::test]
async fn an_emergency_ends_with_a_handover_or_a_reason() {
    let world = start().await;
    let (pis, unit, desk) = (world.pis(), world.unit(), world.desk());
    let known = world.register("ana").await;
    world.works("pis", ServiceType::Pis).await;
    let (first, police) = (id("first"), json!("police"));
    let report = json!({ "emergency": first, "service": service("pis"), "channel": police });
    world.expect("200", &pis, EMERGENCIES, report).await;

    let emergency = format!("{EMERGENCIES}/{first}");
    let of = |part: &str| format!("{emergency}/{part}");
    let assess = |person: Uuid| json!({ "level": "high", "person": person });
    let other = world.token("pino", Role::EmergencyWorker, &[service("other-pis")]);
    world.expect("404 not_found", &other, &of("assess"), assess(known.0)).await;
    world.expect("403 role_may_not", &desk, &of("assess"), assess(known.0)).await;
    world.expect("422 no_such_person", &pis, &of("assess"), assess(id("nobody"))).await;
    world.expect("200", &pis, &of("assess"), assess(known.0)).await;
    let dispatch = || json!({ "unit": service("unit") });
    world.expect("422 unknown_service", &pis, &of("dispatch"), dispatch()).await;
    world.works("unit", ServiceType::Outreach).await;
    world.expect("200", &pis, &of("dispatch"), dispatch()).await;
    let open_end = json!({ "outcome": "sheltered" });
    world.expect("422 no_handover_nor_reason", &pis, &of("close"), open_end).await;
    let sheltered = json!({ "outcome": "sheltered", "handover": service("shelter") });
    world
        .heard(service("shelter").0, None, &registered("shelter", ServiceType::NightShelter))
        .await;
    world.expect("422 unknown_service", &pis, &of("close"), sheltered.clone()).await;
    let on = date!(2025 - 01 - 01);
    world.heard(service("shelter").0, None, &ServiceEvent::ServiceActivated { on }).await;
    world.expect("200", &pis, &of("close"), sheltered).await;
    world.expect("422 closed", &pis, &of("dispatch"), json!({ "unit": service("late") })).await;

    let shelter = world.token("sara", Role::FacilityOperator, &[service("shelter")]);
    for token in [&pis, &unit, &shelter] {
        let view = world.shows(token, &emergency).await;
        assert_eq!((&view["outcome"], &view["person"]), (&json!("sheltered"), &json!(known)));
    }
    assert_eq!(world.get(&desk, &emergency).await.told(), "404 not_found");
}

#[tokio::test]
async fn a_child_alone_is_seen_by_the_minors_services() {
    let world = start().await;
    let pis = world.pis();
    world.works("pis", ServiceType::Pis).await;
    world.works("minors", ServiceType::MinorsService).await;
    world.works("desk", ServiceType::InfoDesk).await;
    for (name, lone_child) in [("child", true), ("adult", false)] {
        let report = json!({ "emergency": id(name), "service": service("pis"), "channel": "police", "lone_child": lone_child });
        world.expect("200", &pis, EMERGENCIES, report).await;
    }
    let of = |name: &str| format!("{EMERGENCIES}/{}", id(name));
    let minors = world.token("mina", Role::MinorsWorker, &[service("minors")]);
    assert_eq!(world.shows(&minors, &of("child")).await["lone_child"], json!(true));
    assert_eq!(world.get(&minors, &of("adult")).await.told(), "404 not_found");
    for (name, role, acts_for) in [
        ("marta", Role::MinorsWorker, "desk"),
        ("mirta", Role::MinorsWorker, "nothing"),
        ("dora", Role::InfoDesk, "minors"),
    ] {
        let other = world.token(name, role, &[service(acts_for)]);
        assert_eq!(world.get(&other, &of("child")).await.told(), "404 not_found", "{acts_for}");
    }
    let level = json!({ "level": "high" });
    world.expect("403 role_may_not", &minors, &format!("{}/assess", of("child")), level).await;
}

#[tokio::test]
async fn what_makes_a_record_what_it_is_cannot_be_obscured_by_itself() {
    let world = start().await;
    let ana = world.register("ana").await;
    let desk = world.desk();
    let path = |part: &str| format!("{PERSONS}/{ana}/{part}");
    world.expect("200", &desk, &path("identify"), json!({ "lawful_stay": true })).await;
    world.expect("200", &desk, &path("engagement"), json!({ "stage": "talking" })).await;
    let obscures = |number: u8| {
        let what = json!({ "entry": format!("intake/person-{ana}/{number}") });
        json!({ "what": what, "form": "said" })
    };
    for number in [1, 2] {
        world.expect("422 no_such_entry", &desk, &path("obscurings"), obscures(number)).await;
    }
    world.expect("200", &desk, &path("obscurings"), obscures(3)).await;
}
