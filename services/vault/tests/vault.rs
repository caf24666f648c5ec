//! The doors of the vault, against a real database: facts in and out, search, erasure.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use harness::id;
use place::{MATCH, Place};
use serde_json::{Value, json};
use trama_events::codes::{Role, Section, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_events::intake::{LinkEvent, LinkReason};
use trama_platform::Failure;
use trama_platform::service::Service;
use trama_vault::read::Sight;

const ADA: &[(&str, &str)] = &[
    ("family_name", "Quaranta"),
    ("given_name", "Addolorata"),
    ("birth_date", "1985-12-10"),
    ("tax_code", "QRNDLR85T50A662Y"),
];

fn pairs(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn facts_are_recorded_once_and_shown_by_section() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    let path = format!("/api/vault/persons/{ada}/facts");
    let form = json!({ "facts": [
        { "field": "family_name", "value": "Quaranta", "source": "document" },
        { "field": "address", "value": "via Sparano 1", "source": "declared" },
        { "field": "note", "segment": "base", "value": "sleeps badly", "source": "observed" },
    ]});
    let mara = place.world.token("mara", Role::CaseManager, &[]);
    place.world.refuses_bad_input(&mara, &path, &form).await;
    let first = place.world.post(&mara, &path, "first-meeting", form.clone()).await;
    assert_eq!(first.told(), "200", "{}", first.body);
    assert_eq!(place.world.post(&mara, &path, "first-meeting", form).await, first);
    let other = json!({ "facts": [{ "field": "sex", "value": "f", "source": "document" }] });
    let other = place.world.post(&mara, &path, "first-meeting", other).await;
    assert_eq!(other.told(), "422 key_reused");
    let three = ["identity_fact_recorded"; 3];
    assert_eq!(place.world.events_of(ada.0).await, three);

    let person = format!("/api/vault/persons/{ada}");
    let fields = |body: &Value| -> Vec<String> {
        let facts = body["facts"].as_array().unwrap();
        facts.iter().map(|fact| fact["field"].as_str().unwrap().to_owned()).collect()
    };
    let seen = place.world.get(&place.desk(), &person).await;
    assert_eq!(fields(&seen.body), ["family_name"]);
    assert_eq!(seen.body["facts"][0]["value"], "Quaranta");
    let seen = place.world.get(&mara, &person).await;
    assert_eq!(fields(&seen.body), ["family_name", "address", "note"]);
    let some = place.world.get(&mara, &format!("{person}?sections=identity,address")).await;
    assert_eq!(
        fields(&some.body),
        ["family_name", "address"],
        "what was not asked for is not opened"
    );
    let nobody = format!("/api/vault/persons/{}", id("nobody"));
    assert_eq!(place.world.get(&mara, &nobody).await.told(), "404 not_found");
    let volunteer = place.world.token("vito", Role::Volunteer, &[]);
    assert_eq!(place.world.get(&volunteer, &person).await.told(), "403 role_may_not");
}

/// One fact among others that she may not write: none of them is kept.
#[tokio::test]
async fn each_field_is_written_by_who_may_write_its_class_of_data() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    let path = format!("/api/vault/persons/{ada}/facts");
    let fact = |field: &str, segment: Option<&str>| {
        let value = if field == "sex" { "f" } else { "080 1234567" };
        json!({ "field": field, "value": value, "segment": segment, "source": "declared" })
    };
    let mara = place.world.token("mara", Role::CaseManager, &[ServiceId(id("ssp"))]);
    let house = place.world.token("dario", Role::FacilityOperator, &[ServiceId(id("house"))]);
    for (who, field, segment) in [
        (place.desk(), "note", Some("base")),
        (place.desk(), "protected_address", None),
        (mara.clone(), "protected_address", None),
        (mara.clone(), "note", Some("csm")),
        (mara.clone(), "note", Some("serd")),
        (mara.clone(), "note", Some("minors")),
        (house, "protected_address", None),
    ] {
        let body = json!({ "facts": [fact("sex", None), fact(field, segment)] });
        let told = place.post(&who, &path, body).await.told();
        assert_eq!(told, "404 not_found", "{field} {segment:?}");
    }
    assert!(place.opened(&place.vault, ada).await.is_none());
    let diary = json!({ "facts": [fact("note", Some("base"))] });
    assert_eq!(place.post(&mara, &path, diary).await.told(), "200");
}

#[tokio::test]
async fn a_later_fact_corrects_an_earlier_one_and_both_stay() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    place.say(ada, &[("given_name", "Ada"), ("phone", "080 1234567"), ("phone", "333 1")]).await;
    place
        .say(ada, &[("given_name", "Ada"), ("phone", "080 1234567"), ("phone", "333 12345")])
        .await;
    place.say(ada, &[("given_name", "Addolorata")]).await;
    let now = place.all(&place.vault, ada).await;
    let phones = [("phone", "0801234567"), ("phone", "33312345")];
    assert_eq!(now, pairs(&[&phones[..], &[("given_name", "Addolorata")]].concat()));

    let opened = place.opened(&place.vault, ada).await.unwrap();
    let wrong = opened.facts.iter().find(|fact| fact.value.expose() == "33312345").unwrap();
    let replaces = wrong.sealed.place.fact;
    let right = json!({ "facts": [
        { "field": "phone", "value": "333 54321", "source": "declared", "replaces": replaces },
    ]});
    assert_eq!(place.tell(ada, right.clone()).await.told(), "200");
    let now = place.all(&place.vault, ada).await;
    assert!(now.contains(&("phone".into(), "33354321".into())));
    assert!(!now.contains(&("phone".into(), "33312345".into())));
    let history = format!("/api/vault/persons/{ada}?history=true");
    let history = place.world.get(&place.desk(), &history).await;
    assert_eq!(history.body["facts"].as_array().unwrap().len(), 5);
    let ben = place.registered("ben", "desk").await;
    assert_eq!(place.tell(ben, right).await.told(), "422 replaces_nothing");
    assert!(place.opened(&place.vault, ben).await.is_none());
}

#[tokio::test]
async fn whom_nobody_registered_or_a_confidential_service_did_has_no_row_here() {
    let place = Place::start().await;
    place.service("serd", ServiceType::Serd).await;
    let code = place.registered("a code of the service", "serd").await;
    let (hidden, nobody) = (place.say(code, ADA).await, place.say(PersonId(id("x")), ADA).await);
    assert_eq!((hidden.told(), hidden), ("404 not_found".into(), nobody));
    let serd = place.world.token("sena", Role::CaseManager, &[ServiceId(id("serd"))]);
    let facts = json!({ "facts": [{ "field": "sex", "value": "f", "source": "document" }] });
    let told = place.post(&serd, &format!("/api/vault/persons/{code}/facts"), facts).await.told();
    assert_eq!(told, "404 not_found", "its own service names no pseudonym either");
    let ada = place.registered("ada", "desk").await;
    assert_eq!(place.say(ada, &[]).await.told(), "422 how_many");
    assert_eq!(place.say(ada, &[("tax_code", "QRNDLR85")]).await.told(), "422 fact_form");
    let count: i64 = sqlx::query_scalar("select count(*) from vault.facts")
        .fetch_one(&place.owner())
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn a_private_note_is_for_its_own_organisation() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    let note = json!({ "facts": [
        { "field": "private_note", "segment": "base", "value": "mine", "source": "observed" },
    ]});
    assert_eq!(place.tell(ada, note).await.told(), "200");
    assert_eq!(place.all(&place.vault, ada).await, pairs(&[("private_note", "mine")]));
    let own = OrganisationId(id("organisation"));
    let permitted = |section, by| section != Section::PrivateNotes || by != own;
    let sight = Sight { permitted: &permitted };
    assert!(place.vault.read(ada, &sight).await.unwrap().unwrap().facts.is_empty());
}

#[tokio::test]
async fn a_person_is_found_while_somebody_types_and_by_a_former_name() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    let ben = place.registered("ben", "desk").await;
    // Names that came one by one are found together.
    for fact in ADA {
        assert_eq!(place.say(ada, &[*fact]).await.told(), "200");
    }
    place
        .say(ben, &[("family_name", "Rossi"), ("given_name", "Mario"), ("stp", "STP1600000000001")])
        .await;
    for typed in [
        json!({ "text": "quaranta add" }),
        json!({ "text": "addolorata quaranta" }),
        json!({ "text": "qrndlr85t50a662y" }),
        json!({ "family": "Quarnata", "given": "Addolorata", "birth_date": "1985-10-12" }),
        json!({ "family": "Quaranta", "given": "Ad" }),
    ] {
        assert_eq!(place.finds(typed.clone()).await, ["Quaranta Addolorata 1985"], "{typed}");
    }
    assert_eq!(place.finds(json!({ "text": "stp1600000000001" })).await, ["Rossi Mario"]);
    for typed in [
        json!({ "text": "STP16000" }),
        json!({ "stp": "STP16000" }),
        json!({ "text": "q" }),
        json!({}),
    ] {
        assert!(place.finds(typed.clone()).await.is_empty(), "{typed}");
    }
    place.say(ada, &[("family_name", "Lorusso")]).await;
    assert_eq!(
        place.finds(json!({ "text": "lorusso addolorata" })).await,
        ["Lorusso Addolorata 1985"]
    );
    let former = json!({ "family": "Quaranta", "given": "Addolorata", "birth_date": "1985-12-10" });
    assert_eq!(place.finds(former).await, ["Lorusso Addolorata 1985"]);
    let long = json!({ "text": "x".repeat(300) });
    assert_eq!(place.post(&place.desk(), MATCH, long).await.told(), "422 search_length");
}

#[tokio::test]
async fn candidates_come_with_reasons_in_both_languages_and_linked_records_count_once() {
    let place = Place::start().await;
    let (old, new) = (place.registered("old", "desk").await, place.registered("new", "desk").await);
    place.say(old, ADA).await;
    place.say(new, &ADA[..3]).await;
    let search = json!({ "family": "Quaranta", "given": "Addolorata", "birth_date": "1985-12-10" });
    assert_eq!(place.finds(search.clone()).await.len(), 2);
    let linked = LinkEvent::PersonsLinked {
        link: trama_events::ids::LinkId(id("link")),
        canonical: old,
        other: new,
        reasons: vec![LinkReason::Recognised],
    };
    place.world.heard(id("link"), Some(old), &linked).await;
    let answer = place.post(&place.desk(), MATCH, search).await;
    let candidates = answer.body["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 1);
    assert_eq!(candidates[0]["person"], json!(old));
    assert!(candidates[0]["probability"].as_f64().unwrap() > 0.5, "{}", answer.body);
    let reasons = candidates[0]["reasons"].as_array().unwrap();
    let words = |language: &str| -> Vec<&str> {
        reasons.iter().map(|reason| reason[language].as_str().unwrap()).collect()
    };
    assert!(words("it").contains(&"stessa data di nascita"), "{reasons:?}");
    assert!(words("en").contains(&"same birth date"), "{reasons:?}");
}

#[tokio::test]
async fn thirty_identifiers_an_hour_are_enough_and_names_are_free_threat_12() {
    let place = Place::start().await;
    let search = |number: u32| json!({ "stp": format!("STP16000000{number:05}") });
    for number in 0..30 {
        assert!(place.finds(search(number)).await.is_empty());
    }
    assert!(place.finds(search(7)).await.is_empty(), "the same one again is the same search");
    let desk = place.desk();
    let told = place.post(&desk, MATCH, search(30)).await.told();
    assert_eq!(told, "429 too_many_searches");
    let typed = json!({ "text": "STP1600000000031" });
    assert_eq!(place.post(&desk, MATCH, typed).await.told(), "429 too_many_searches");
    let alarms = "select count(*) from access.rows where sections = '{search_limit}'";
    let alarms: i64 = sqlx::query_scalar(alarms).fetch_one(&place.owner()).await.unwrap();
    assert_eq!(alarms, 2, "whoever controls who looks finds them");
    for _ in 0..40 {
        assert!(place.finds(json!({ "text": "rossi mario" })).await.is_empty());
    }
    let another = place.world.token("olga", Role::InfoDesk, &[]);
    assert_eq!(place.post(&another, MATCH, search(31)).await.told(), "200");
}

#[tokio::test]
async fn two_people_erase_and_nobody_under_a_legal_hold() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    place.say(ada, ADA).await;
    place.say(ada, &[("phone", "080 1234567")]).await;
    let path = format!("/api/vault/persons/{ada}");
    let (one, another) = (place.auditor("ada"), place.auditor("bice"));
    let erasure = id("erasure");
    let form = json!({ "erasure": erasure, "segments": ["identity"], "reason": "person_asked" });
    let holds = format!("{path}/holds");
    let hold = place.post(&one, &holds, json!({ "hold": id("hold") })).await;
    assert_eq!(hold.told(), "200", "{}", hold.body);
    let erasures = format!("{path}/erasures");
    let told = place.post(&one, &erasures, form.clone()).await.told();
    assert_eq!(told, "422 under_legal_hold");
    let lift = format!("{holds}/{}/lift", id("hold"));
    assert_eq!(place.post(&another, &lift, json!({})).await.told(), "200");
    assert_eq!(place.post(&one, &erasures, form.clone()).await.told(), "200");
    let told = place.post(&place.desk(), &erasures, form).await.told();
    assert_eq!(told, "403 role_may_not");

    let approve = format!("{erasures}/{erasure}/approve");
    assert_eq!(place.post(&one, &approve, json!({})).await.told(), "422 same_person");
    assert_eq!(place.all(&place.vault, ada).await.len(), 5);
    let done = place.post(&another, &approve, json!({})).await;
    assert_eq!(done.told(), "200", "{}", done.body);
    assert_eq!(place.all(&place.vault, ada).await, pairs(&[("phone", "0801234567")]));
    assert!(place.finds(json!({ "text": "quaranta addolorata" })).await.is_empty());
    assert_eq!(place.say(ada, ADA).await.told(), "422 erased");

    let certificate = place.world.get(&one, &format!("{erasures}/{erasure}")).await;
    assert_eq!(certificate.body["certificate"]["asked_by"], json!(id("ada")));
    assert_eq!(certificate.body["certificate"]["agreed_by"], json!(id("bice")));
    let listed = place.settings.shreds.read().unwrap();
    assert_eq!(json!(listed[0].certificate), certificate.body["digest"]);
    let erased: String = sqlx::query_scalar(
        "select payload ->> 'certificate' from identity.events where event_type = 'person_erased'",
    )
    .fetch_one(&place.owner())
    .await
    .unwrap();
    assert_eq!(json!(erased), certificate.body["digest"]);
    let again = place.another(&place.world.servers);
    again.must_be_open().await.unwrap();
}

#[tokio::test]
async fn a_row_whose_event_never_came_is_named_and_shown_to_nobody() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    place.say(ada, &[("given_name", "Ada")]).await;
    let servers = place.world.servers.clone();
    assert_eq!(place.vault.kept_differences(&servers).await.unwrap(), Vec::<String>::new());
    // The copy stands for a row that was written before a crash.
    sqlx::query(
        "insert into vault.facts (fact, person, segment, field, key, nonce, ciphertext, source, \
            occurred_at, recorded_at, staff, organisation) \
         select gen_random_uuid(), person, segment, field, key, nonce, ciphertext, source, \
            occurred_at, recorded_at - interval '1 hour', staff, organisation from vault.facts",
    )
    .execute(&place.owner())
    .await
    .unwrap();
    place.world.at(place.world.clock.now() + time::Duration::hours(1));
    let named = place.vault.kept_differences(&servers).await.unwrap();
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named[0].starts_with("row without event: fact "));
    assert_eq!(place.all(&place.vault, ada).await, pairs(&[("given_name", "Ada")]));
}

#[tokio::test]
async fn without_its_shred_list_the_vault_stays_closed_threat_10() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    std::fs::remove_file(place.settings.shreds.file()).unwrap();
    let closed = place.another(&place.world.servers);
    let refused = closed.must_be_open().await.unwrap_err().to_string();
    assert!(refused.starts_with("there is no shred list at "), "{refused}");
    let permitted = |_: Section, _: OrganisationId| true;
    let sight = Sight { permitted: &permitted };
    let answer = closed.read(ada, &sight).await;
    assert!(matches!(answer, Err(Failure::Unavailable)));
}
