//! Keys, dumps and restores: what a thief gets, and what comes back.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use place::Place;
use serde_json::json;
use sqlx::Connection;
use sqlx::PgConnection;
use trama_events::codes::{FactSource, Segment};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::clock::Clock;
use trama_platform::doors::hex;
use trama_platform::log::Asked;
use trama_platform::servers::{PgRole, Servers};
use trama_vault::error::VaultError;
use trama_vault::kek::{FileKek, KekError};
use trama_vault::keys::Keyring;
use trama_vault::record::Said;
use trama_vault::search::Search;
use trama_vault::shred::Closed;
use trama_vault::store::Value;
use trama_vault::{Settings, Vault, install, install_apart};

/// A word in every field of the vault.
const CANARIES: &[(&str, &str)] = &[
    ("family_name", "Kanarienvogel"),
    ("given_name", "Zwitscherlinde"),
    ("alias", "Kanarina"),
    ("birth_date", "1985-12-10"),
    ("birth_place", "Canarville"),
    ("tax_code", "KNRZTS85T50A662Z"),
    ("stp", "STP1600000077777"),
    ("document", "passport CN7777777"),
    ("address", "vicolo del Canarino 77"),
    ("protected_address", "casa del Canarino segreto"),
    ("phone", "+39 080 7777777"),
    ("email", "canarina@example.org"),
    ("status", "canarino richiedente"),
];

/// What is written of her in a note.
const NOTE: &str = "sogna un canarino giallo";

/// Every form of a word in which a dump might show it.
fn forms(value: &str) -> Vec<String> {
    let kept = value.replace(' ', "");
    let all = [value, &kept].map(|word| {
        [word.to_lowercase(), hex(word.as_bytes()), STANDARD.encode(word).to_lowercase()]
    });
    all.concat()
}

/// Of the canaries, those that a dump shows.
fn seen(dump: &str) -> Vec<&'static str> {
    let dump = dump.to_lowercase();
    let words = CANARIES.iter().map(|(_, value)| *value).chain([NOTE]);
    words.filter(|word| forms(word).iter().any(|form| dump.contains(form))).collect()
}

/// Everything of her, past the door: no worker may write all of it.
async fn canaries(place: &Place, person: PersonId) {
    let now = place.world.clock.now();
    let organisation = OrganisationId(harness::id("organisation"));
    let asked =
        Asked::by_system("canaries", person.to_string(), harness::bari(), organisation, now);
    let said = |field: &str, value: &str, segment| Said {
        field: field.parse().unwrap(),
        value: Value::new(value),
        segment,
        source: FactSource::Declared,
        replaces: None,
    };
    let facts = CANARIES.iter().map(|(field, value)| said(field, value, None));
    let facts = facts.chain([said("note", NOTE, Some(Segment::Base))]).collect();
    place.vault.record(&asked, person, facts).await.unwrap();
}

fn named(text: &str) -> Search {
    Search { text: Some(Value::new(text)), ..Search::default() }
}

async fn found(vault: &Vault, text: &str) -> usize {
    vault.find(StaffId(harness::id("dora")), &named(text)).await.unwrap().len()
}

#[tokio::test]
async fn a_dump_without_the_keys_holds_and_restores_no_word_threat_9_v15() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    canaries(&place, ada).await;
    assert_eq!(found(&place.vault, "kanarienvogel zwitscherlinde").await, 1);

    let whole = place.dump(&[]);
    assert_eq!(seen(&whole), Vec::<&str>::new());
    let stolen = place.dump(&["--exclude-schema=vault_keys"]);
    let servers = place.restore("stolen", &stolen).await;
    assert_eq!(seen(&place.dump_of("stolen", &[])), Vec::<&str>::new());
    let thiefs = servers.pool(PgRole::Owner, 1);
    let facts: i64 =
        sqlx::query_scalar("select count(*) from vault.facts").fetch_one(&thiefs).await.unwrap();
    assert_eq!(facts, 14, "every row came back, and none says anything");
    install(&thiefs).await.unwrap();
    let thief = place.another(&servers);
    thief.must_be_open().await.unwrap();
    assert!(place.opened(&thief, ada).await.unwrap().facts.is_empty());
    assert_eq!(found(&thief, "kanarienvogel zwitscherlinde").await, 0);

    // The search finds what is there: her note, as a careless table would keep it.
    let careless =
        format!("create table notes as select '{NOTE}'::text as said, $${NOTE}$$::bytea");
    sqlx::raw_sql(&careless).execute(&thiefs).await.unwrap();
    assert_eq!(seen(&place.dump_of("stolen", &["--table=notes"])), [NOTE]);

    // With the wrapped keys, but another key-encryption key.
    let other = place.dir.join("other");
    let settings = Settings::in_dir(&other).unwrap();
    let servers = place.restore("stolen_whole", &whole).await;
    let thief = Vault::open(&servers, Clock::Real, settings);
    let keys = thief.keys().for_writing(ada, &[Segment::Identity]).await;
    assert!(matches!(keys, Err(VaultError::Kek(KekError::DoesNotOpen(_)))));
}

#[tokio::test]
async fn what_was_erased_stays_erased_after_an_older_backup_is_restored_threat_10() {
    let place = Place::start().await;
    let (ada, ben) = (place.registered("ada", "desk").await, place.registered("ben", "desk").await);
    canaries(&place, ada).await;
    place.say(ben, &[("family_name", "Rossi"), ("given_name", "Mario")]).await;
    let older = place.dump(&[]);
    let done = place.erase(ada, json!(["identity", "address", "base", "status"])).await;
    assert_eq!(done.told(), "200", "{}", done.body);

    let servers = place.restore("older", &older).await;
    let restored = place.another(&servers);
    let closed = restored.must_be_open().await;
    assert!(matches!(closed, Err(VaultError::Closed(Closed::Behind { missing: 4 }))), "{closed:?}");
    let replayed = restored.replay_shred_list().await.unwrap();
    assert_eq!((replayed.erasures, replayed.keys_destroyed), (1, 4));
    assert_eq!(restored.replay_shred_list().await.unwrap().keys_destroyed, 0);
    let restored = place.another(&servers);
    restored.must_be_open().await.unwrap();
    assert!(place.opened(&restored, ada).await.unwrap().facts.is_empty());
    assert_eq!(found(&restored, "kanarienvogel zwitscherlinde").await, 0);
    assert_eq!(found(&restored, "rossi mario").await, 1);
}

#[tokio::test]
async fn keys_in_a_database_of_their_own_are_in_no_dump_and_no_backup_of_the_facts_threat_9_v15() {
    let apart = |servers: &Servers, settings| {
        let keys_at = Some(Servers { database: "keys".into(), ..servers.clone() });
        Settings { keys_at, ..settings }
    };
    let place = Place::start_with(apart).await;
    let ada = place.registered("ada", "desk").await;
    canaries(&place, ada).await;
    assert_eq!(found(&place.vault, "kanarienvogel zwitscherlinde").await, 1);
    let facts = place.dump(&[]);
    assert!(!facts.contains("vault_keys.data_keys"), "keys lie beside the facts");
    let keys = place.dump_of("keys", &[]);
    assert!(keys.contains("vault_keys.data_keys"));
    assert!(!keys.contains("vault.facts"), "facts lie beside the keys");
    assert_eq!((seen(&facts), seen(&keys)), (vec![], vec![]));

    // An older backup of the facts alone brings no key back.
    let done = place.erase(ada, json!(["identity", "address", "status"])).await;
    assert_eq!(done.told(), "200", "{}", done.body);
    let servers = place.restore("older", &facts).await;
    let restored = place.another(&servers);
    let closed = restored.must_be_open().await;
    assert!(matches!(closed, Err(VaultError::Closed(Closed::Behind { missing: 1 }))), "{closed:?}");
    assert_eq!(restored.replay_shred_list().await.unwrap().keys_destroyed, 0);
    let restored = place.another(&servers);
    assert_eq!(place.all(&restored, ada).await, [("note".to_owned(), NOTE.to_owned())]);
    assert_eq!(found(&restored, "kanarienvogel zwitscherlinde").await, 0);
}

#[tokio::test]
async fn keys_move_to_a_database_of_their_own_whole_or_not_at_all() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    canaries(&place, ada).await;
    let keys = place.restore("keys", &place.dump(&["--schema=vault_keys"])).await;
    let refused = install_apart(&place.owner(), &keys).await;
    assert!(matches!(refused, Err(VaultError::KeysLeftBehind)), "{refused:?}");
    sqlx::raw_sql("drop schema vault_keys cascade").execute(&place.owner()).await.unwrap();
    install_apart(&place.owner(), &keys).await.unwrap();
    let settings = Settings { keys_at: Some(keys), ..place.settings.clone() };
    let moved = Vault::open(&place.world.servers, Clock::Real, settings);
    assert_eq!(place.all(&moved, ada).await.len(), CANARIES.len() + 1);
    assert_eq!(found(&moved, "kanarienvogel zwitscherlinde").await, 1);
}

#[tokio::test]
async fn a_lost_line_of_the_shred_list_keeps_the_vault_closed_threat_10() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    canaries(&place, ada).await;
    assert_eq!(place.erase(ada, json!(["identity"])).await.told(), "200");
    std::fs::write(place.settings.shreds.file(), "").unwrap();
    let closed = place.another(&place.world.servers);
    let refused = closed.must_be_open().await;
    assert!(matches!(refused, Err(VaultError::Closed(Closed::ListBehind { missing: 1, .. }))));
    closed.replay_shred_list().await.unwrap();
    place.another(&place.world.servers).must_be_open().await.unwrap();
    assert_eq!(place.settings.shreds.read().unwrap().len(), 1);
}

#[tokio::test]
async fn two_who_need_a_key_first_get_the_same() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    let servers = &place.world.servers;
    let rings: Vec<Keyring> =
        (0..8).map(|_| Keyring::open(servers, place.settings.kek.clone())).collect();
    let mut asked = tokio::task::JoinSet::new();
    for ring in rings {
        asked.spawn(async move {
            let keys = ring.for_writing(ada, &[Segment::Identity, Segment::Base]).await.unwrap();
            (
                keys[&Segment::Identity].id,
                keys[&Segment::Base].id,
                ring.index_key().await.unwrap().id,
            )
        });
    }
    let ids = asked.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_ne!(ids[0].0, ids[0].1);
}

#[tokio::test]
async fn a_rotation_wraps_every_key_anew_but_those_that_lie_under_the_new_one() {
    let place = Place::start().await;
    let people = ["ada", "ben", "cleo"];
    for who in people {
        let person = place.registered(who, "desk").await;
        place.say(person, &[("given_name", who)]).await;
    }
    let keks = place.dir.join("keks");
    FileKek::create(&keks, "2").unwrap();
    let kek = Arc::new(FileKek::open(&keks).unwrap());
    let both = Settings { kek, ..place.settings.clone() };
    let rotating = Vault::open(&place.world.servers, Clock::Real, both.clone());
    let dora = place.registered("dora", "desk").await;
    rotating.keys().for_writing(dora, &[Segment::Food]).await.unwrap();
    let mut seen = Vec::new();
    let done = rotating.keys().rewrap(|progress| seen.push(progress.done)).await.unwrap();
    assert_eq!((done.done, done.of, done.kek.as_str()), (4, 4, "file:2"));
    assert_eq!(seen, [4]);
    assert_eq!(rotating.keys().rewrap(|_| ()).await.unwrap().of, 0);

    std::fs::remove_file(keks.join("1.kek")).unwrap();
    let kek = Arc::new(FileKek::open(&keks).unwrap());
    let after = Vault::open(&place.world.servers, Clock::Real, Settings { kek, ..both });
    for who in people {
        let person = PersonId(harness::id(who));
        assert_eq!(place.all(&after, person).await, [("given_name".into(), who.to_owned())]);
    }
    assert_eq!(found(&after, "cleo").await, 1);
}

#[tokio::test]
async fn a_wrapped_key_in_the_place_of_another_is_noticed() {
    let place = Place::start().await;
    for who in ["ada", "ben"] {
        let person = place.registered(who, "desk").await;
        place.say(person, &[("given_name", who)]).await;
    }
    sqlx::query(
        "update vault_keys.data_keys d set wrapped = o.wrapped from vault_keys.data_keys o \
         where o.person = $1 and d.person <> $1",
    )
    .bind(harness::id("ada"))
    .execute(&place.owner())
    .await
    .unwrap();
    let ring = Keyring::open(&place.world.servers, place.settings.kek.clone());
    let ben = PersonId(harness::id("ben"));
    let keys = ring.for_writing(ben, &[Segment::Identity]).await;
    assert!(matches!(keys, Err(VaultError::KeySwapped)), "{keys:?}");
}

#[tokio::test]
async fn the_vaults_own_roles_change_and_delete_no_fact_and_read_no_key() {
    let place = Place::start().await;
    let ada = place.registered("ada", "desk").await;
    canaries(&place, ada).await;
    let denied = async |role: PgRole, statement: &str| {
        let options = place.world.servers.options(role);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let refused = sqlx::raw_sql(statement).execute(&mut connection).await.unwrap_err();
        let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "42501", "{role:?}: {statement}");
    };
    for statement in [
        "update vault.facts set field = 'note'",
        "delete from vault.facts",
        "truncate vault.facts",
        "insert into vault.tokens select * from vault.tokens",
        "delete from vault.tokens",
        "delete from vault.shredded",
        "select * from vault_keys.data_keys",
    ] {
        denied(PgRole::Vault, statement).await;
    }
    for statement in ["delete from vault_keys.data_keys", "select * from vault.facts"] {
        denied(PgRole::VaultKeys, statement).await;
    }
    for role in [PgRole::Reader, PgRole::Projections, PgRole::Writer(trama_events::Context::Intake)]
    {
        denied(role, "select * from vault.facts").await;
        denied(role, "select * from vault_keys.data_keys").await;
    }
}
