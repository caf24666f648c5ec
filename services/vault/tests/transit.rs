//! The transit engine of a real `OpenBao`: alone, and under a whole vault.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/bao.rs"]
mod bao;
#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bao::Bao;
use harness::id;
use place::{MATCH, Place};
use serde_json::json;
use trama_events::codes::Segment;
use trama_events::ids::PersonId;
use trama_platform::clock::pause;
use trama_vault::Settings;
use trama_vault::error::VaultError;
use trama_vault::kek::{Kek, KekError, Wrapped};
use trama_vault::keys::KEPT_MAX;
use zeroize::Zeroizing;

/// Longest wait for an answer while the engine is away: its own time-out is 5 seconds, for a
/// connection 2.
const PATIENCE: Duration = Duration::from_secs(10);
const ADA: &[(&str, &str)] = &[
    ("family_name", "Quaranta"),
    ("given_name", "Addolorata"),
    ("birth_date", "1985-12-10"),
    ("phone", "0801234567"),
];

/// A whole vault whose keys a transit engine wraps.
async fn start() -> Option<(Bao, Place)> {
    let bao = Bao::start().await?;
    let kek: Arc<dyn Kek> = Arc::new(bao.kek(bao.trama_token().await));
    let place = Place::start_with(|_, settings| Settings { kek, ..settings }).await;
    Some((bao, place))
}

/// How many keys lie under each version of the engine's key.
async fn wrapped_under(place: &Place) -> Vec<(String, i64)> {
    let count = "select kek, count(*) from (select kek from vault_keys.data_keys \
                 union all select kek from vault_keys.index_keys) k \
                 where kek is not null group by kek order by kek";
    sqlx::query_as(count).fetch_all(&place.owner()).await.unwrap()
}

fn bare(texts: &[&str]) -> Vec<Zeroizing<Vec<u8>>> {
    texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec())).collect()
}

#[tokio::test]
async fn a_transit_engine_wraps_in_batches_and_rotates_without_showing_a_key() {
    let Some(bao) = Bao::start().await else { return };
    let kek = bao.kek(bao.trama_token().await);
    assert_eq!(kek.current().await.unwrap(), "transit:trama:v1");
    let keys = bare(&["one", "two", "three"]);
    let wrapped = kek.wrap(&keys).await.unwrap();
    assert!(wrapped.iter().all(|one| one.kek == "transit:trama:v1"));
    assert_eq!(kek.unwrap(&wrapped).await.unwrap(), keys);

    assert!(bao.post("transit/keys/trama/rotate", json!({})).await);
    assert_eq!(kek.current().await.unwrap(), "transit:trama:v2");
    let again = kek.rewrap(&wrapped).await.unwrap();
    assert!(again.iter().all(|one| one.kek == "transit:trama:v2"));
    assert_eq!(kek.unwrap(&again).await.unwrap(), keys);
    // Once the old version may not be used any more, only what was wrapped anew opens.
    assert!(bao.post("transit/keys/trama/config", json!({ "min_decryption_version": 2 })).await);
    assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
    assert_eq!(kek.unwrap(&again).await.unwrap(), keys);
    assert_eq!(kek.unwrap(&[]).await.unwrap(), bare(&[]));
}

#[tokio::test]
async fn a_transit_engine_refuses_what_is_not_ours_and_says_so() {
    let Some(mut bao) = Bao::start().await else { return };
    let kek = bao.kek(bao.trama_token().await);
    let mut wrapped = kek.wrap(&bare(&["one"])).await.unwrap();
    let changed = wrapped[0].bytes.len() - 6;
    wrapped[0].bytes[changed] ^= 1;
    assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
    let elsewhere = [Wrapped { kek: "file:1".into(), bytes: vec![0; 90] }];
    assert!(matches!(kek.unwrap(&elsewhere).await, Err(KekError::Unknown(_))));

    let stranger = bao.kek(bao.token_file("s.nobody", 0o600));
    assert!(matches!(stranger.current().await, Err(KekError::Refused(_))));
    let open = bao.kek(bao.token_file("root", 0o644));
    assert!(matches!(open.current().await, Err(KekError::Refused(_))));

    bao.kill();
    assert!(matches!(kek.current().await, Err(KekError::Unreachable(_))));
}

#[tokio::test]
async fn under_a_transit_engine_a_whole_vault_keeps_finds_and_erases_threat_9() {
    let Some((_bao, place)) = start().await else { return };
    let ada = place.registered("ada", "desk").await;
    assert_eq!(place.say(ada, ADA).await.told(), "200");
    assert_eq!(place.finds(json!({ "text": "quaranta addolorata" })).await.len(), 1);
    assert_eq!(wrapped_under(&place).await, [("transit:trama:v1".to_owned(), 3)]);
    // Another process unwraps everything by itself.
    let another = place.another(&place.world.servers);
    assert_eq!(place.all(&another, ada).await.len(), 4);

    let done = place.erase(ada, json!(["identity"])).await;
    assert_eq!(done.told(), "200", "{}", done.body);
    let left = [("phone".to_owned(), "0801234567".to_owned())];
    assert_eq!(place.all(&place.vault, ada).await, left);
    assert!(place.finds(json!({ "text": "quaranta addolorata" })).await.is_empty());
    assert_eq!(wrapped_under(&place).await, [("transit:trama:v1".to_owned(), 2)]);
    let another = place.another(&place.world.servers);
    another.must_be_open().await.unwrap();
    assert_eq!(place.all(&another, ada).await, left);
}

#[tokio::test]
async fn keys_are_wrapped_anew_while_facts_are_written_and_the_old_version_may_go() {
    let Some((bao, place)) = start().await else { return };
    let mut people = Vec::new();
    for number in 0..40 {
        let name = format!("person {number}");
        people.push((place.registered(&name, "desk").await, name));
    }
    let (before, meanwhile) = people.split_at(20);
    let write = async |some: &[(PersonId, String)]| {
        for (person, name) in some {
            let told = place.say(*person, &[("given_name", name), ("address", name)]).await;
            assert_eq!(told.told(), "200", "{}", told.body);
        }
    };
    write(before).await;
    let rotating = async {
        assert!(bao.post("transit/keys/trama/rotate", json!({})).await);
        place.vault.keys().rewrap(|_| ()).await.unwrap()
    };
    let (rotated, ()) = tokio::join!(rotating, write(meanwhile));
    assert_eq!(rotated.kek, "transit:trama:v2");
    assert!(rotated.of >= 41, "{rotated:?}");
    // A key that was wrapped before the rotation and kept after it is found by the next run.
    while place.vault.keys().rewrap(|_| ()).await.unwrap().of > 0 {}
    assert_eq!(wrapped_under(&place).await, [("transit:trama:v2".to_owned(), 81)]);

    assert!(bao.post("transit/keys/trama/config", json!({ "min_decryption_version": 2 })).await);
    let after = place.another(&place.world.servers);
    for (person, name) in &people {
        let said = [("given_name", name), ("address", name)];
        let said = said.map(|(field, value)| (field.to_owned(), value.clone()));
        assert_eq!(place.all(&after, *person).await, said);
    }
}

#[tokio::test]
async fn without_its_engine_the_vault_shows_nothing_after_a_minute_keeps_no_half_and_then_goes_on()
{
    let Some((mut bao, place)) = start().await else { return };
    let (ada, ben) = (place.registered("ada", "desk").await, place.registered("ben", "desk").await);
    assert_eq!(place.say(ada, ADA).await.told(), "200");
    let unwrapped = Instant::now();
    assert_eq!(place.all(&place.vault, ada).await.len(), 4);
    let page = format!("/api/vault/persons/{ada}");
    let sees = async || place.world.get(&place.desk(), &page).await.told();
    let says = async || place.say(ben, ADA).await.told();
    let finds = async || {
        place.post(&place.desk(), MATCH, json!({ "text": "quaranta addolorata" })).await.told()
    };

    // Frozen, it takes the connection and says nothing; killed, it takes none.
    bao.freeze();
    let asked = Instant::now();
    assert_eq!(says().await, "503 unavailable");
    assert!(asked.elapsed() < PATIENCE, "{:?}", asked.elapsed());
    let fresh = place.another(&place.world.servers);
    let (asked, keys) = (Instant::now(), fresh.keys().for_writing(ada, &[Segment::Identity]).await);
    let Err(VaultError::Kek(KekError::Unreachable(why))) = keys else { panic!("{keys:?}") };
    assert_eq!(why, "it did not answer in time");
    assert!(asked.elapsed() < PATIENCE, "{:?}", asked.elapsed());
    bao.thaw();
    bao.kill();
    assert_eq!(says().await, "503 unavailable");

    // What is unwrapped serves for less than a minute, then nothing does.
    assert_eq!(sees().await, "200");
    let mut asked = unwrapped.elapsed();
    while sees().await == "200" {
        assert!(asked < KEPT_MAX, "a key is kept for more than a minute");
        pause(Duration::from_millis(500)).await;
        asked = unwrapped.elapsed();
    }
    assert_eq!((sees().await, says().await, finds().await), refused_by_all());
    bao.start_again().await;
    assert_eq!((sees().await, says().await, finds().await), refused_by_all(), "it is sealed");
    let kept: i64 = sqlx::query_scalar("select count(*) from vault.facts where person = $1")
        .bind(id("ben"))
        .fetch_one(&place.owner())
        .await
        .unwrap();
    assert_eq!((kept, place.world.events_of(ben.0).await), (0, vec![]));

    bao.unseal().await;
    let patience = Instant::now();
    while sees().await != "200" {
        assert!(patience.elapsed() < PATIENCE, "it does not go on");
        pause(Duration::from_millis(100)).await;
    }
    assert_eq!((says().await.as_str(), finds().await.as_str()), ("200", "200"));
    assert_eq!(place.all(&fresh, ben).await.len(), 4);
}

fn refused_by_all() -> (String, String, String) {
    let refused = || "503 unavailable".to_owned();
    (refused(), refused(), refused())
}
