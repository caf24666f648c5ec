//! Break-glass through the doors, against a real database: who may, what is kept, who looks.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use axum::http::{Request, header};
use harness::{Answer, id};
use place::Place;
use serde_json::{Value, json};
use sqlx::Row;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_platform::clock::random_id;
use trama_platform::service::Service;

const PATH: &str = "/api/identity/forced-accesses";
const NIGHT: OffsetDateTime = datetime!(2025-01-27 22:00 UTC);
const WORDS: &str = "Trovata in strada, non respira bene.";

async fn start() -> Place {
    let place = Place::start().await;
    place.world.at(NIGHT);
    place
}

fn street(place: &Place, name: &str) -> String {
    place.world.token(name, Role::OutreachWorker, &[ServiceId(id("street"))])
}

fn form(person: PersonId) -> Value {
    json!({ "person": person, "sections": ["identity", "health"], "reason": "life_at_risk",
            "words": WORDS })
}

/// Posts for a purpose, under a key.
async fn post(
    place: &Place,
    (token, key): (&str, &str),
    purpose: Option<&str>,
    path: &str,
    body: &Value,
) -> Answer {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("idempotency-key", key);
    if let Some(purpose) = purpose {
        request = request.header("purpose", purpose);
    }
    place.world.ask(request.body(body.to_string().into()).unwrap()).await
}

async fn force(place: &Place, token: &str, body: &Value) -> Answer {
    let key = random_id().to_string();
    post(place, (token, &key), Some("emergency"), PATH, body).await
}

async fn review(place: &Place, token: &str, access: &str, finding: &str) -> Answer {
    let path = format!("{PATH}/{access}/review");
    place.post(token, &path, json!({ "finding": finding })).await
}

async fn read(place: &Place, token: &str, access: &str) -> Answer {
    let request = Request::get(format!("{PATH}/{access}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    place.world.ask(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn list(place: &Place, token: &str, purpose: &str, query: &str) -> Answer {
    let request = Request::get(format!("{PATH}{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("purpose", purpose);
    place.world.ask(request.body(axum::body::Body::empty()).unwrap()).await
}

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.told(), "200", "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

fn until_of(answer: &Answer) -> OffsetDateTime {
    OffsetDateTime::parse(answer.body["until"].as_str().unwrap(), &Rfc3339).unwrap()
}

/// Rows of the access log from a door, as its columns say them.
async fn looks(place: &Place, door: &str) -> Vec<Value> {
    let rows = "select to_jsonb(r) as row from access.rows r where door = $1 order by position";
    let rows = sqlx::query(rows).bind(door).fetch_all(&place.owner()).await.unwrap();
    rows.iter().map(|row| row.get("row")).collect()
}

/// Everything that the log of this context and the access log hold, as text.
async fn logs(place: &Place) -> String {
    let all = "select string_agg(t, ' ') from (select e::text t from identity.events e \
               union all select r::text from access.rows r) all_rows (t)";
    sqlx::query_scalar(all).fetch_one(&place.owner()).await.unwrap()
}

#[tokio::test]
async fn a_record_is_opened_for_an_hour_with_its_reason_and_its_words_in_the_vault_alone_v14() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let token = street(&place, "olga");
    place.world.refuses_bad_input(&token, PATH, &form(ada)).await;
    let answer = force(&place, &token, &form(ada)).await;
    assert_eq!(until_of(&answer), NIGHT + Duration::minutes(60));
    assert_eq!(place.world.events_of(id_of(&answer).parse().unwrap()).await, ["access_forced"]);
    assert_eq!(place.world.events_of(ada.0).await, ["identity_fact_recorded"]);

    let opened = place.opened(&place.vault, ada).await.unwrap();
    let note = &opened.facts[0];
    assert_eq!((note.section.code(), note.value.expose()), ("diary", WORDS));
    let row = looks(&place, "identity.force").await.pop().unwrap();
    assert_eq!(row["person"], json!(ada));
    assert_eq!(row["sections"], json!(["identity", "health"]));
    assert_eq!((&row["reason"], &row["forced"]), (&json!("life_at_risk"), &json!(true)));
    assert_eq!(row["reason_fact"], json!(note.sealed.place.fact));
    assert_eq!((&row["decision"], &row["purpose"]), (&json!("allowed"), &json!("emergency")));
    assert!(!row["policies"].as_array().unwrap().is_empty());
    assert!(!logs(&place).await.contains("respira"), "her words stand in a log");
    assert!(place.vault.kept_differences(&place.world.servers).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_key_is_the_same_access_and_another_is_refused_until_the_hour_is_over() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let token = street(&place, "olga");
    let asked = async || post(&place, (&token, "one-night"), Some("care"), PATH, &form(ada)).await;
    let first = asked().await;
    assert_eq!(asked().await.body, first.body);
    assert_eq!(force(&place, &token, &form(ada)).await.told(), "422 still_open");
    let colleague = force(&place, &street(&place, "piero"), &form(ada)).await;
    assert_ne!(id_of(&colleague), id_of(&first), "another worker's access is her own");

    place.world.at(NIGHT + Duration::minutes(60));
    assert_eq!(asked().await.body, first.body, "a repeat opens nothing anew");
    let mut all = vec![id_of(&first)];
    for hours in 1..6 {
        place.world.at(NIGHT + Duration::hours(hours));
        let next = force(&place, &token, &form(ada)).await;
        assert_eq!(until_of(&next), NIGHT + Duration::hours(hours + 1));
        all.push(id_of(&next));
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 6);
    assert_eq!(place.opened(&place.vault, ada).await.unwrap().facts.len(), 7);
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_opens() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let (token, body) = (street(&place, "olga"), form(ada));
    let one = async || force(&place, &token, &body).await.told();
    let mut told: [String; 2] = tokio::join!(one(), one()).into();
    told.sort_unstable();
    assert_eq!(told, ["200", "422 still_open"]);
}

#[tokio::test]
async fn a_pseudonym_of_the_addiction_service_and_nobody_answer_the_same_threat_5() {
    let place = start().await;
    place.service("serd", ServiceType::Serd).await;
    let code = place.registered("a code of the service", "serd").await;
    let nobody = PersonId(id("nobody"));
    let token = street(&place, "olga");
    let (sealed, none) =
        (force(&place, &token, &form(code)).await, force(&place, &token, &form(nobody)).await);
    assert_eq!(sealed.told(), "404 not_found");
    assert_eq!(sealed, none);
    for person in [code, nobody] {
        assert!(place.world.events_of(person.0).await.is_empty());
    }
    let rows = looks(&place, "identity.force").await;
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_eq!((&row["decision"], &row["reason_fact"]), (&json!("denied"), &Value::Null));
        assert_eq!(row["reason"], "life_at_risk");
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from vault.facts")
        .fetch_one(&place.owner())
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_purpose_is_stated_and_fits_a_person_whether_she_is_there_or_not() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let token = street(&place, "olga");
    for person in [ada, PersonId(id("nobody"))] {
        for (purpose, told) in [
            (None, "403 purpose_needed"),
            (Some("planning"), "404 not_found"),
            (Some("audit"), "404 not_found"),
            (Some("curiosity"), "400 unknown_purpose"),
        ] {
            let key = random_id().to_string();
            let answer = post(&place, (&token, &key), purpose, PATH, &form(person)).await;
            assert_eq!(answer.told(), told, "{purpose:?}");
        }
    }
    let volunteer = place.world.token("vito", Role::Volunteer, &[]);
    assert_eq!(force(&place, &volunteer, &form(ada)).await.told(), "403 role_may_not");
    assert!(place.opened(&place.vault, ada).await.is_none());
}

#[tokio::test]
async fn what_no_emergency_opens_is_refused_with_a_sentence_and_nothing_is_kept() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let token = street(&place, "olga");
    for (change, told) in [
        (json!({ "sections": [] }), "422 no_section"),
        (json!({ "sections": ["identity", "addiction"] }), "422 never_by_force"),
        (json!({ "sections": ["secret_address"] }), "422 never_by_force"),
        (json!({ "sections": ["private_notes"] }), "422 never_by_force"),
        (json!({ "sections": ["reporter"] }), "422 never_by_force"),
        (json!({ "words": "urgent" }), "422 words"),
        (json!({ "words": "x".repeat(1_001) }), "422 words"),
        (json!({ "words": "non\u{7}respira bene" }), "422 fact_unprintable"),
        (json!({ "reason": "curiosity" }), "422 invalid_body"),
    ] {
        let mut body = form(ada);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(force(&place, &token, &body).await.told(), told, "{change}");
    }
    assert!(place.opened(&place.vault, ada).await.is_none());
}

#[tokio::test]
async fn somebody_else_looks_at_it_and_then_it_is_listed_no_more() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let token = place.world.token("mara", Role::CaseManager, &[]);
    let access = id_of(&force(&place, &token, &form(ada)).await);
    let auditor = place.auditor("alma");
    place.world.at(NIGHT + Duration::hours(73));
    let listed = list(&place, &auditor, "audit", "?open=true").await;
    assert_eq!(listed.body["count"], 1);
    let item = &listed.body["items"][0];
    assert_eq!((&item["id"], &item["staff"]), (&json!(access), &json!(id("mara"))));
    assert_eq!((&item["reason"], &item["overdue"]), (&json!("life_at_risk"), &json!(true)));
    assert!(!listed.body.to_string().contains("respira"));
    for (purpose, query, told) in [
        ("care", "?open=true", "403 purpose_may_not"),
        ("audit", "?open=false", "400 bad_query"),
        ("audit", "?closed=true", "400 bad_query"),
    ] {
        assert_eq!(list(&place, &auditor, purpose, query).await.told(), told, "{query}");
    }

    assert_eq!(review(&place, &token, &access, "justified").await.told(), "422 own_access");
    let nobody = id("no such access").to_string();
    assert_eq!(review(&place, &auditor, &nobody, "justified").await.told(), "404 not_found");
    let desk = place.desk();
    assert_eq!(review(&place, &desk, &access, "justified").await.told(), "403 role_may_not");
    let manager = place.world.token("nina", Role::CaseManager, &[]);
    assert!(review(&place, &manager, &access, "justified").await.is_new());
    let again = review(&place, &auditor, &access, "not_justified").await;
    assert_eq!(again.told(), "422 reviewed_already");
    assert_eq!(list(&place, &auditor, "audit", "").await.body["count"], 0);

    let reviews = looks(&place, "identity.review_forced").await;
    let decisions: Vec<&str> = reviews.iter().map(|r| r["decision"].as_str().unwrap()).collect();
    // Hers, the one that is not there, the desk's at the door, the manager's, the auditor's.
    assert_eq!(decisions, ["allowed", "denied", "denied", "allowed", "allowed"]);
    let lists = looks(&place, "identity.forced_accesses").await;
    assert_eq!(lists[0]["person"], json!(ada));
    assert!(place.vault.kept_differences(&place.world.servers).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_plan_office_looks_at_what_was_opened_on_behalf_of_its_own_ats() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let access = id_of(&force(&place, &street(&place, "olga"), &form(ada)).await);
    let office = OrganisationId(id("office"));
    let bari = place.world.token_of(office, "ugo", Role::PlanOffice, &[]);
    assert!(review(&place, &bari, &access, "justified").await.is_new());
}

/// What somebody says who looked at an access.
const SAID: &str = "Non era in pericolo: la chiamava il vicino.";

#[tokio::test]
async fn who_looked_says_why_in_the_vault_alone_and_the_data_protection_officer_reads_it_threat_5()
{
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let forces = place.world.token("mara", Role::CaseManager, &[]);
    let access = id_of(&force(&place, &forces, &form(ada)).await);
    let [nina, rosa] = ["nina", "rosa"].map(|name| place.world.token(name, Role::CaseManager, &[]));
    let path = format!("{PATH}/{access}/review");
    let body = json!({ "finding": "not_justified", "words": SAID });
    assert!(place.post(&nina, &path, body.clone()).await.is_new());
    assert_eq!(place.post(&nina, &path, body).await.told(), "200", "said twice it is said once");

    let notes = place.opened(&place.vault, ada).await.unwrap().facts;
    let of_nina: Vec<_> = notes.iter().filter(|note| note.value.expose() == SAID).collect();
    assert_eq!(of_nina.len(), 1);
    assert_eq!(of_nina[0].section.code(), "private_notes");
    assert!(!logs(&place).await.contains("vicino"), "her words stand in a log");

    for (token, words) in
        [(&nina, json!(SAID)), (&place.auditor("alma"), json!(SAID)), (&rosa, Value::Null)]
    {
        let shown = read(&place, token, &access).await;
        let review = &shown.body["review"];
        assert_eq!(review["staff"], json!(id("nina")), "{}", shown.body);
        assert_eq!((&review["finding"], &review["words"]), (&json!("not_justified"), &words));
    }
    assert!(place.vault.kept_differences(&place.world.servers).await.unwrap().is_empty());
}

#[tokio::test]
async fn words_that_are_too_short_too_long_or_of_a_refused_review_are_not_kept() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let forces = place.world.token("mara", Role::CaseManager, &[]);
    let access = id_of(&force(&place, &forces, &form(ada)).await);
    let path = format!("{PATH}/{access}/review");
    let nina = place.world.token("nina", Role::CaseManager, &[]);
    for (token, words, told) in [
        (&nina, "giusto".to_owned(), "422 words"),
        (&nina, "x".repeat(1_001), "422 words"),
        (&nina, "non\u{7}era in pericolo".to_owned(), "422 fact_unprintable"),
        (&forces, SAID.to_owned(), "422 own_access"),
    ] {
        let body = json!({ "finding": "justified", "words": words });
        assert_eq!(place.post(token, &path, body).await.told(), told);
    }
    assert!(review(&place, &nina, &access, "justified").await.is_new(), "nothing stood in the way");
    let late = json!({ "finding": "not_justified", "words": SAID });
    let alma = place.auditor("alma");
    assert_eq!(place.post(&alma, &path, late).await.told(), "422 reviewed_already");
    let shown = read(&place, &alma, &access).await;
    assert_eq!(shown.body["review"]["words"], Value::Null);
    assert_eq!(place.opened(&place.vault, ada).await.unwrap().facts.len(), 1, "the reason alone");
}

#[tokio::test]
async fn an_erased_record_keeps_no_words_and_its_access_is_looked_at_all_the_same() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let access = id_of(&force(&place, &street(&place, "olga"), &form(ada)).await);
    assert!(place.erase(ada, json!(["base"])).await.is_new());
    let nina = place.world.token("nina", Role::CaseManager, &[]);
    let body = json!({ "finding": "justified", "words": SAID });
    let path = format!("{PATH}/{access}/review");
    assert_eq!(place.post(&nina, &path, body).await.told(), "422 words_erased");
    assert!(review(&place, &nina, &access, "justified").await.is_new());
    let shown = read(&place, &nina, &access).await;
    assert_eq!(shown.body["review"]["finding"], "justified");
}

#[tokio::test]
async fn whoever_answers_for_an_access_reads_it_and_nobody_else_learns_that_there_is_one() {
    let place = start().await;
    let ada = place.registered("ada", "desk").await;
    let access = id_of(&force(&place, &street(&place, "olga"), &form(ada)).await);
    place.world.at(NIGHT + Duration::hours(73));
    let office = OrganisationId(id("office"));
    let bari = place.world.token_of(office, "ugo", Role::PlanOffice, &[]);
    let nina = place.world.token("nina", Role::CaseManager, &[]);
    for (token, person) in
        [(&place.auditor("alma"), json!(ada)), (&nina, json!(ada)), (&bari, Value::Null)]
    {
        let shown = read(&place, token, &access).await;
        assert_eq!((shown.status, &shown.body["person"]), (200, &person), "{}", shown.body);
        assert_eq!(shown.body["staff"], json!(id("olga")));
        assert_eq!(shown.body["sections"], json!(["identity", "health"]));
        assert_eq!((&shown.body["overdue"], &shown.body["review"]), (&json!(true), &Value::Null));
        assert!(!shown.body.to_string().contains("respira"), "her words are not told here");
    }
    let none = read(&place, &nina, &id("no such access").to_string()).await;
    assert_eq!(none.told(), "404 not_found");
    assert_eq!(read(&place, &place.desk(), &access).await.told(), "403 role_may_not");
    let rows = looks(&place, "identity.forced_access").await;
    let decisions: Vec<&str> = rows.iter().map(|row| row["decision"].as_str().unwrap()).collect();
    assert_eq!(decisions, ["allowed", "allowed", "allowed", "denied", "denied"]);
    assert_eq!(rows[0]["person"], json!(ada));
}
