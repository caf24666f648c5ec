//! Whether somebody is of age, told without the day of her birth.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use std::collections::BTreeMap;

use place::Place;
use serde_json::json;
use time::macros::date;
use trama_platform::majority::Birthdays;

#[tokio::test]
async fn who_is_of_age_by_every_birth_date_on_record_is_and_a_closed_vault_tells_of_nobody_c5() {
    let place = Place::start().await;
    let mut people = Vec::new();
    for (who, born) in [("ana", "2007-01-27"), ("ben", "2007-01-28"), ("dan", "2007-06-01")] {
        let person = place.registered(who, "desk").await;
        let told = place.say(person, &[("birth_date", born), ("given_name", who)]).await;
        assert_eq!(told.told(), "200", "{}", told.body);
        people.push(person);
    }
    let unknown = place.registered("carla", "desk").await;
    place.say(unknown, &[("given_name", "Carla")]).await;
    people.push(unknown);
    let told = async |on| place.vault.of_age(&people, on).await.unwrap();
    let [ana, ben, dan] = [people[0], people[1], people[2]];
    let on_the_day = BTreeMap::from([(ana, true), (ben, false), (dan, false)]);
    assert_eq!(told(date!(2025 - 01 - 27)).await, on_the_day, "of whom no date is known, nothing");

    place.say(dan, &[("birth_date", "2006-06-01")]).await;
    assert!(!told(date!(2025 - 01 - 27)).await[&dan], "nobody makes him older by another date");
    assert!(told(date!(2025 - 06 - 01)).await[&dan]);
    place.say(ana, &[("birth_date", "2007-01-30")]).await;
    assert!(!told(date!(2025 - 01 - 27)).await[&ana], "the last of two days is certain");

    let older = place.dump(&[]);
    place.erase(ben, json!(["identity"])).await;
    let after = BTreeMap::from([(ana, true), (dan, false)]);
    assert_eq!(told(date!(2025 - 02 - 01)).await, after, "erased, nobody can tell");
    let closed = place.another(&place.restore("older", &older).await);
    assert_eq!(closed.of_age(&people, date!(2025 - 02 - 01)).await, None);
}
