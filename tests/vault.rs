//! The vault of a whole installation as its operators run it: keys in a transit engine, rotated; a
//! retention table that is read; the shred list replayed.

#![cfg(test)]

#[path = "../services/vault/tests/support/bao.rs"]
mod bao;
mod installation;
mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use bao::Bao;
use installation::Installation;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use support::{Pair, done};
use trama::cli::Target;
use trama::client::Client;
use trama_platform::clock::random_id;
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};
use trama_vault::kek::FileKek;
use trama_vault::shred::ShredList;

/// Facts under three segments.
fn facts() -> Value {
    json!({ "facts": [
        { "field": "family_name", "value": "Quaranta", "source": "declared" },
        { "field": "phone", "value": "0801234567", "source": "declared" },
        { "field": "note", "segment": "housing", "value": "dorme in stazione", "source": "observed" },
    ]})
}

/// An installation under a transit engine, with one person of whom the vault holds facts.
async fn start() -> Option<(Bao, Installation, Client, Pair)> {
    let bao = Bao::start().await?;
    let random = random_id().simple().to_string();
    let dir = std::env::temp_dir().join(format!("trama-keys-{}", &random[..12]));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("vault.toml"), bao.settings().await).unwrap();
    let installation = Installation::up_at(dir, &[]);
    let client =
        Client::open(&Target { dir: Some(installation.dir.clone()), config: None }).unwrap();
    let pair = Pair::settle_in(&client).await;
    let path = format!("/api/vault/persons/{}/facts", pair.person);
    done(&client, &pair.sender, &path, facts()).await;
    Some((bao, installation, client, pair))
}

/// What `retention due` says of a segment on a day.
fn due(installation: &Installation, segment: &str, on: &str) -> Value {
    let (_, said) = installation.run(&["retention", "due", "--on", on, "--json"]);
    let all: Value = serde_json::from_str(&said).unwrap();
    let segments = all["segments"].as_array().unwrap();
    segments.iter().find(|one| one["segment"] == segment).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_keeps_its_keys_in_a_transit_engine_and_rotates_them_threat_9() {
    let Some((bao, installation, client, pair)) = start().await else { return };
    assert!(!installation.dir.join("keks").exists(), "keys lie in files too");
    let page = format!("/api/vault/persons/{}", pair.person);
    let sees = async || client.get(&pair.sender, &page).await.unwrap().body["facts"].clone();
    assert_eq!(sees().await.as_array().unwrap().len(), 2);

    assert!(bao.post("transit/keys/trama/rotate", json!({})).await);
    let (_, said) = installation.run(&["vault", "rewrap", "--json"]);
    let rotated: Value = serde_json::from_str(&said).unwrap();
    // Three segments and the index.
    assert_eq!((&rotated["done"], &rotated["key"]), (&json!(4), &json!("transit:trama:v2")));
    let servers = PrivateServers::remembered(&installation.dir).unwrap();
    let owner = servers.options(PgRole::Owner);
    let mut owner = PgConnection::connect_with(&owner).await.unwrap();
    let under = "select distinct kek from vault_keys.data_keys";
    let under: Vec<String> = sqlx::query_scalar(under).fetch_all(&mut owner).await.unwrap();
    assert_eq!(under, ["transit:trama:v2"]);
    assert_eq!(sees().await.as_array().unwrap().len(), 2);

    let (_, said) = installation.run(&["vault", "replay", "--json"]);
    let replayed: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(replayed["replayed"], json!({ "erasures": 0, "keys_destroyed": 0 }));
    // The example that it writes for servers of one's own says the same.
    let example = installation.dir.join("trama.toml");
    assert!(std::fs::read_to_string(&example).unwrap().contains("[vault.transit]"));
    let checked = Command::new(env!("CARGO_BIN_EXE_trama"))
        .args(["serve", "all", "--check-config", "--config"])
        .arg(&example)
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_past_the_table_of_the_data_protection_officer_is_proposed_and_never_under_a_hold()
{
    let Some((_bao, installation, client, pair)) = start().await else { return };
    let segments = ["identity", "address", "housing"];
    for segment in segments {
        assert_eq!(due(&installation, segment, "2026-01-01")["past"], 0, "{segment}");
        let over = due(&installation, segment, "2090-01-01");
        assert_eq!((&over["past"], &over["held"]), (&json!(1), &json!(0)), "{segment}");
        assert_eq!(over["records"][0]["person"], pair.person, "{segment}");
    }
    let (_, words) = installation.run(&["retention", "due", "--on", "2090-01-01", "--limit", "0"]);
    assert!(words.contains("address   1 past (24 months after last_contact: "), "{words}");
    assert!(words.contains("and 1 more"), "{words}");
    assert!(!words.contains("Quaranta") && !words.contains("stazione"), "{words}");

    let place = format!("/api/vault/persons/{}/holds", pair.person);
    done(&client, &pair.keeper, &place, json!({})).await;
    for segment in segments {
        let held = due(&installation, segment, "2090-01-01");
        assert_eq!((&held["past"], &held["held"]), (&json!(0), &json!(1)), "{segment}");
        assert_eq!(held["records"], json!([]), "{segment}");
    }

    let table = installation.dir.join("retention.toml");
    let set = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, set.replace("[status]\nmonths = 12", "[status]\nmonths = 0")).unwrap();
    let refused = installation.refuses(&["retention", "due"]);
    assert!(refused.contains("status: months are 1 to 1200"), "{refused}");
    std::fs::remove_file(&table).unwrap();
    let refused = installation.refuses(&["retention", "due"]);
    assert!(refused.contains("there is no retention table at"), "{refused}");
}

/// Whether a schema is in a database.
async fn has(servers: &Servers, schema: &str) -> bool {
    let mut owner = PgConnection::connect_with(&servers.options(PgRole::Owner)).await.unwrap();
    let there = "select exists (select from pg_namespace where nspname = $1)";
    sqlx::query_scalar(there).bind(schema).fetch_one(&mut owner).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_lie_in_the_database_that_the_configuration_names_and_not_beside_the_facts_threat_9()
 {
    let random = random_id().simple().to_string();
    let dir = std::env::temp_dir().join(format!("trama-apart-{}", &random[..12]));
    let private = PrivateServers::start(&dir).await.unwrap();
    let facts = private.servers();
    let keys = Servers { database: "trama_keys".into(), ..facts.clone() };
    sqlx::query("create database trama_keys").execute(&facts.pool(PgRole::Owner, 1)).await.unwrap();
    let passwords: Vec<String> =
        facts.passwords.iter().map(|(role, secret)| format!("{role} = \"{secret}\"\n")).collect();
    let secrets = dir.join("apart.toml");
    std::fs::write(&secrets, passwords.concat()).unwrap();
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).unwrap();
    FileKek::create(&dir.join("keks"), "1").unwrap();
    ShredList::at(dir.join("list.jsonl")).create().unwrap();
    let at = |database: &str| {
        let (host, port, secrets) = (&facts.postgres_host, facts.postgres_port, secrets.display());
        format!(
            "host = \"{host}\"\nport = {port}\ndatabase = \"{database}\"\n\
             passwords_file = \"{secrets}\"\n"
        )
    };
    let config = dir.join("trama.toml");
    let text = format!(
        "[postgres]\n{}[vault]\nkeys_dir = \"{}\"\nshred_list = \"{}\"\n[vault.keys_postgres]\n{}",
        at("trama"),
        dir.join("keks").display(),
        dir.join("list.jsonl").display(),
        at("trama_keys"),
    );
    std::fs::write(&config, text).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        let ended = command.args(arguments).arg("--config").arg(&config).output().unwrap();
        (ended.status.success(), String::from_utf8(ended.stderr).unwrap())
    };
    for _ in 0..2 {
        let (done, trouble) = run(&["migrate"]);
        assert!(done, "{trouble}");
    }
    assert_eq!((has(&facts, "vault").await, has(&facts, "vault_keys").await), (true, false));
    assert_eq!((has(&keys, "vault").await, has(&keys, "vault_keys").await), (false, true));
    let (done, trouble) = run(&["vault", "rewrap"]);
    assert!(done, "{trouble}");
    let (done, trouble) = run(&["retention", "due"]);
    assert!(!done && trouble.contains("vault.retention_file is not set"), "{trouble}");
    private.stop().await;
    std::fs::remove_dir_all(dir).unwrap();
}
