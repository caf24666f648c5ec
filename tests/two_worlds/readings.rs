//! Each reading of a person's data is written down before it is shown, refusals too; and what no
//! relation explains is found by whoever controls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama::client::Actor;
use trama_events::ids::PersonId;
use trama_platform::clock::real_now;
use trama_platform::servers::PgRole;
use uuid::Uuid;

use super::looks::{ANSWER_MAX, Ask, MATCH, Subject, Told};
use super::{World, actor, all, is_figure};

/// What a path names that is one person's, so that an answer tells of her whether it names her or
/// not.
const HERS: [&str; 11] = [
    "{person}",
    "{code}",
    "{contact}",
    "{emergency}",
    "{referral}",
    "{case}",
    "{card}",
    "{parcel}",
    "{waiting}",
    "{stay}",
    "{link}",
];
/// Doors behind which nothing stands in this world.
const NOT_MADE: [&str; 1] = ["/api/vault/persons/{person}/erasures/{erasure}"];

/// A door that is read, by its path: the name of its action.
type Doors = BTreeMap<String, String>;

async fn doors(world: &World) -> Doors {
    let url = format!("{}/openapi.json", world.client.base());
    let document: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let read = |(path, item): (&String, &Value)| {
        let operation = item.get("get").or_else(|| item.get("post").filter(|_| path == MATCH))?;
        Some((path.clone(), operation["x-action"].as_str().unwrap().to_owned()))
    };
    paths.filter_map(read).collect()
}

fn names_hers(door: &str) -> bool {
    HERS.iter().any(|part| door.split('/').any(|own| own == *part))
}

/// Whether an answer tells of her.
fn tells_of(subject: &Subject, ask: &Ask, (status, _, text): &Told) -> bool {
    let names = |id| subject.id(id).is_some_and(|id| text.contains(id));
    let tells = names_hers(&ask.door) || names("person") || names("code");
    *status == 200 && tells && !is_figure(ask)
}

/// Readings that were allowed: who, whose, by which action.
type Read = BTreeSet<(Uuid, Uuid, String)>;

async fn allowed(rows: &PgPool) -> Read {
    let query = "select staff, person, door from access.rows \
        where decision = 'allowed' and person is not null";
    let found = sqlx::query(query).fetch_all(rows).await.unwrap();
    found.iter().map(|row| (row.get("staff"), row.get("person"), row.get("door"))).collect()
}

/// Asks once more, alone; when the first byte of the answer was here.
async fn again(world: &World, ask: &Ask, who: &Actor, subject: &Subject) -> OffsetDateTime {
    let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
    let url = format!("{}{}{}", world.client.base(), subject.fill(&ask.door, who), ask.query);
    let request = http.get(url).bearer_auth(world.client.bearer(who).unwrap());
    let request = match ask.purpose {
        Some(purpose) => request.header("purpose", purpose),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let at = real_now();
    assert_eq!(answer.status().as_u16(), 200, "{ask}");
    at
}

/// Asks everybody's questions about her and gives those whose answers told of her and stand in no
/// row, with the doors behind which somebody saw her.
async fn unwritten(
    world: &World,
    rows: &PgPool,
    doors: &Doors,
    subject: &Subject,
) -> (Vec<String>, BTreeSet<String>) {
    let person: Uuid = subject.id("person").unwrap().parse().unwrap();
    let workers: BTreeMap<String, Actor> = all(&world.keeper).into_iter().collect();
    let answers = world.looks.at(subject).await;
    let read = allowed(rows).await;
    let (mut missing, mut seen) = (Vec::new(), BTreeSet::new());
    for (ask, _) in answers.iter().filter(|(ask, told)| tells_of(subject, ask, told)) {
        let who = &workers[&ask.who];
        if !read.contains(&(who.staff.0, person, doors[&ask.door].clone())) {
            missing.push(format!("{ask} stands in no row"));
        }
        if seen.insert(ask.door.clone()) && ask.door != MATCH {
            let last = "select coalesce(max(position), 0) from access.rows";
            let last: i64 = sqlx::query_scalar(last).fetch_one(rows).await.unwrap();
            let first_byte = again(world, ask, who, subject).await;
            let query = "select min(inserted_at) from access.rows \
                where position > $1 and staff = $2 and person = $3 and decision = 'allowed'";
            let query = sqlx::query_scalar(query).bind(last).bind(who.staff.0).bind(person);
            let written: Option<OffsetDateTime> = query.fetch_one(rows).await.unwrap();
            if written.is_none_or(|written| written > first_byte) {
                missing.push(format!("{ask} was answered at {first_byte}, written {written:?}"));
            }
        }
    }
    (missing, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_that_tells_of_a_person_has_a_row_before_its_first_byte_v12() {
    let world = World::begin().await;
    let doors = doors(&world).await;
    let somebody = world.somebody().await;
    let (guest, of_guest) = world.hidden_guest().await;
    let (zoe, of_zoe) = world.guest_in_charge(&somebody).await;
    world.client.settle().await.unwrap();
    let rows = world.town.servers().pool(PgRole::AccessReader, 1);
    let (mut missing, mut seen) = (Vec::new(), BTreeSet::new());
    let subjects = [somebody, Subject::of(guest).and(of_guest), Subject::of(zoe).and(of_zoe)];
    for subject in &subjects {
        let (without, doors) = unwritten(&world, &rows, &doors, subject).await;
        missing.extend(without);
        seen.extend(doors);
    }
    drop(world.town);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let of_readings = |door: &str| door.starts_with("/api/access/");
    let unseen: Vec<&String> = doors
        .keys()
        .filter(|door| names_hers(door) && !of_readings(door) && !seen.contains(*door))
        .filter(|door| !NOT_MADE.contains(&door.as_str()))
        .collect();
    assert!(unseen.is_empty(), "nobody saw anything at {unseen:?}");
}

/// What was written of somebody's look at a person, or at nobody: the decision.
async fn decisions(rows: &PgPool, who: &Actor, person: Option<Uuid>) -> Vec<String> {
    let query = "select decision from access.rows \
        where staff = $1 and person is not distinct from $2 order by position";
    let query = sqlx::query_scalar(query).bind(who.staff.0).bind(person);
    query.fetch_all(rows).await.unwrap()
}

async fn gets(world: &World, who: &Actor, path: &str) -> (u16, Value) {
    let answer = world.client.get(who, path).await.unwrap();
    (answer.status, answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_another_service_is_refused_as_none_at_all_and_both_stand_in_the_log_t1() {
    let world = World::begin().await;
    let somebody = world.somebody().await;
    let (guest, of_guest) = world.hidden_guest().await;
    world.client.settle().await.unwrap();
    let rows = world.town.servers().pool(PgRole::AccessReader, 1);
    let (fabio, dario) = (actor("fabio.stazione"), actor("dario.dormitorio"));
    let person: PersonId = somebody.id("person").unwrap().parse().unwrap();
    for (who, subject, person, kind, door) in [
        (&fabio, &somebody, person, "contact", "/api/intake/contacts/"),
        (&fabio, &somebody, person, "emergency", "/api/intake/emergencies/"),
        (&fabio, &somebody, person, "referral", "/api/referrals/referrals/"),
        (&fabio, &somebody, person, "parcel", "/api/food/parcels/"),
        (&dario, &of_guest, guest, "waiting", "/api/housing/waiting/"),
        (&dario, &of_guest, guest, "stay", "/api/housing/stays/"),
    ] {
        let written = async || {
            let hers = decisions(&rows, who, Some(person.0)).await;
            (hers.len(), decisions(&rows, who, None).await.len(), hers.last().cloned())
        };
        let (hers, nobodys, _) = written().await;
        let refused = gets(&world, who, &format!("{door}{}", subject.id(kind).unwrap())).await;
        let unknown = gets(&world, who, &format!("{door}{}", Uuid::from_u128(77))).await;
        assert_eq!((refused.0, &refused.1), (404, &unknown.1), "{door}");
        let denied = Some("denied".to_owned());
        assert_eq!(written().await, (hers + 1, nobodys + 1, denied), "{door}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_a_card_without_a_relation_is_in_the_unusual_list_and_who_has_one_is_not_t1() {
    let world = World::begin().await;
    let somebody = world.somebody().await;
    world.client.settle().await.unwrap();
    let card = format!("/api/food/cards/{}", somebody.id("card").unwrap());
    let (fabio, marta) = (actor("fabio.stazione"), actor("marta.assistente"));
    for who in [&fabio, &marta] {
        assert_eq!(gets(&world, who, &card).await.0, 200);
    }
    let (status, unusual) = gets(&world, &actor("diego.dpo"), "/api/access/unusual").await;
    assert_eq!(status, 200, "{unusual}");
    let findings = unusual["items"].as_array().unwrap().iter();
    let no_case: Vec<&str> = findings
        .filter(|finding| finding["rule"] == "no_case")
        .filter(|finding| finding["person"] == somebody.id("person").unwrap())
        .map(|finding| finding["staff"].as_str().unwrap())
        .collect();
    assert_eq!(no_case, [fabio.staff.to_string().as_str()], "{unusual}");
}
