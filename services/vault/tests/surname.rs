//! Surnames of workers and persons, compared without reading one.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use place::Place;
use secrecy::SecretString;
use serde_json::json;
use trama_events::ids::PersonId;
use trama_platform::surnames::{Pair, Surnames};

/// Whether a worker of this name, as her provider tells it, has the surname of each of these.
async fn same(place: &Place, worker: &str, persons: &[&[PersonId]]) -> Vec<Option<bool>> {
    let worker = place.vault.blind(SecretString::from(worker)).await.unwrap();
    let pair = |records: &&[PersonId]| Pair { worker: worker.clone(), records: records.to_vec() };
    place.vault.same(&persons.iter().map(pair).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn surnames_are_compared_as_they_sound_and_words_of_a_given_name_are_none_d2() {
    let place = Place::start().await;
    let mut persons = Vec::new();
    for (who, family, given) in [
        ("rosa", "D'Àmbrosio", "Rosa"),
        ("lina", "De Luca", "Lina"),
        ("marina", "Bruni", "Marina"),
        ("two", "Ben Salah Trabelsi", "Amina"),
    ] {
        let person = place.registered(who, "desk").await;
        let told = place.say(person, &[("family_name", family), ("given_name", given)]).await;
        assert_eq!(told.told(), "200", "{}", told.body);
        persons.push(person);
    }
    let all: Vec<&[PersonId]> = persons.iter().map(std::slice::from_ref).collect();
    let (yes, no) = (Some(true), Some(false));
    for (worker, found) in [
        ("D'Ambrosio", [yes, no, no, no]),
        ("DAMBROSIO", [yes, no, no, no]),
        ("Dambrosio", [yes, no, no, no]),
        ("D Ambrosio", [yes, no, no, no]),
        ("Di Luca", [no, yes, no, no]),
        ("De Rosa", [no, no, no, no]),
        ("Marina", [no, no, no, no]),
        ("Trabelsi", [no, no, no, yes]),
    ] {
        assert_eq!(same(&place, worker, &all).await, found, "{worker}");
    }
}

#[tokio::test]
async fn of_whom_no_surname_is_known_nobody_can_tell_and_linked_records_are_one_person_d2() {
    let place = Place::start().await;
    let named = place.registered("rosa", "desk").await;
    place.say(named, &[("family_name", "Bruni")]).await;
    let unnamed = place.registered("nobody", "desk").await;
    place.say(unnamed, &[("alias", "Bruni")]).await;
    let stranger = PersonId(harness::id("stranger"));
    let asked: [&[PersonId]; 5] = [&[named], &[unnamed], &[stranger], &[unnamed, named], &[]];
    let (yes, unknown) = (Some(true), None);
    assert_eq!(same(&place, "Bruni", &asked).await, [yes, unknown, unknown, yes, unknown]);
    assert_eq!(place.vault.blind(SecretString::from(" - ")).await, None, "no name");

    let corrected = place.say(named, &[("family_name", "Ventrella")]).await;
    assert_eq!(corrected.told(), "200");
    assert_eq!(same(&place, "Bruni", &[&[named]]).await, [yes], "a former surname is hers too");
    place.erase(named, json!(["identity"])).await;
    assert_eq!(same(&place, "Bruni", &[&[named]]).await, [unknown], "erased");
}

/// Closed: an older backup is behind the shred list.
#[tokio::test]
async fn a_closed_vault_makes_no_surname_blind_and_tells_of_nobody_whether_it_is_the_same_d2() {
    let place = Place::start().await;
    let (rosa, erased) =
        (place.registered("rosa", "desk").await, place.registered("lina", "desk").await);
    for (person, family) in [(rosa, "Bruni"), (erased, "De Luca")] {
        assert_eq!(place.say(person, &[("family_name", family)]).await.told(), "200");
    }
    let worker = place.vault.blind(SecretString::from("Bruni")).await.unwrap();
    let older = place.dump(&[]);
    place.erase(erased, json!(["identity"])).await;
    let closed = place.another(&place.restore("older", &older).await);
    closed.must_be_open().await.unwrap_err();

    let pair = |records: &[PersonId]| Pair { worker: worker.clone(), records: records.to_vec() };
    let pairs = [pair(&[rosa]), pair(&[erased]), pair(&[])];
    assert_eq!(place.vault.same(&pairs).await, [Some(true), None, None], "the open one tells");
    assert_eq!(closed.same(&pairs).await, [None; 3], "one answer for each, and none is told");
    assert_eq!(closed.blind(SecretString::from("Bruni")).await, None);
    closed.replay_shred_list().await.unwrap();
    closed.must_be_open().await.unwrap();
    assert_eq!(closed.same(&pairs).await, [Some(true), None, None], "open, it tells again");
}
