//! A vault behind its doors on servers of its own, for the tests of this crate.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail where all of it is used")]

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use sqlx::PgPool;
use time::macros::datetime;
use trama_events::codes::{Gender, IdentityStatus, Role, Section, ServiceType};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_platform::clock::{Clock, random_id};
use trama_platform::private::postgres_program;
use trama_platform::servers::{PgRole, Servers};
use trama_vault::read::{Opened, Sight};
use trama_vault::{Settings, Vault, install, install_apart};

use crate::harness::{Answer, World, bari, id, recorded};

pub(crate) const MATCH: &str = "/api/intake/persons/match";

pub(crate) struct Place {
    pub(crate) world: World,
    pub(crate) vault: Vault,
    pub(crate) settings: Settings,
    /// Key files and shred list.
    pub(crate) dir: PathBuf,
}

impl Place {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_, settings| settings).await
    }

    /// The same with other keys, or with keys elsewhere on these servers.
    pub(crate) async fn start_with(change: impl FnOnce(&Servers, Settings) -> Settings) -> Self {
        let dir = std::env::temp_dir().join(format!("trama-vault-{}", random_id().simple()));
        let mut settings = Settings::in_dir(&dir).unwrap();
        let mut vault = None;
        let world = World::start("vault", |servers, clock| {
            settings = change(servers, settings.clone());
            let opened = Vault::open(servers, clock, settings.clone());
            vault.insert(opened).clone()
        })
        .await;
        let owner = world.servers.pool(PgRole::Owner, 1);
        match &settings.keys_at {
            None => install(&owner).await.unwrap(),
            Some(keys) => {
                let create = format!("create database {}", keys.database);
                sqlx::query(&create).execute(&owner).await.unwrap();
                install_apart(&owner, keys).await.unwrap();
            }
        }
        world.at(datetime!(2025-01-27 10:00 UTC));
        let place = Self { world, vault: vault.unwrap(), settings, dir };
        place.service("desk", ServiceType::InfoDesk).await;
        place
    }

    /// Another process's vault on the same or another database.
    pub(crate) fn another(&self, servers: &Servers) -> Vault {
        Vault::open(servers, Clock::Real, self.settings.clone())
    }

    pub(crate) fn owner(&self) -> PgPool {
        self.world.servers.pool(PgRole::Owner, 2)
    }

    pub(crate) async fn service(&self, name: &str, service_type: ServiceType) {
        let registered = ServiceEvent::ServiceRegistered {
            service: ServiceId(id(name)),
            organisation: OrganisationId(id("organisation")),
            name: name.into(),
            service_type,
            ats: bari(),
            municipality: None,
            low_threshold: true,
        };
        self.world.heard(id(name), None, &registered).await;
    }

    /// Intake's log tells of a person.
    pub(crate) async fn registered(&self, who: &str, service: &str) -> PersonId {
        let person = PersonId(id(who));
        let event = PersonEvent::PersonRegistered {
            person,
            code: ShortCode::candidate(person.0, 0),
            status: IdentityStatus::Declared,
            service: ServiceId(id(service)),
            birth_year: None,
            gender: Gender::Female,
            language: None,
        };
        let recorded = recorded(person.0, Some(person), &event, self.world.clock.now());
        sqlx::query(
            "insert into intake.events (aggregate_type, aggregate_id, sequence, event_type, \
                event_version, payload, metadata, position) \
             select 'person', $1, 1, $2, $3, $4, $5, coalesce(max(position), 0) + 1 from intake.events",
        )
        .bind(person.to_string())
        .bind(&recorded.event_type)
        .bind(&recorded.version)
        .bind(&recorded.payload)
        .bind(serde_json::to_value(&recorded.why).unwrap())
        .execute(&self.owner())
        .await
        .unwrap();
        person
    }

    pub(crate) fn desk(&self) -> String {
        self.world.token("dora", Role::InfoDesk, &[ServiceId(id("desk"))])
    }

    pub(crate) fn auditor(&self, name: &str) -> String {
        self.world.token(name, Role::Auditor, &[])
    }

    /// Facts of a person, from the desk.
    pub(crate) async fn say(&self, person: PersonId, facts: &[(&str, &str)]) -> Answer {
        let facts: Vec<Value> = facts
            .iter()
            .map(|(field, value)| json!({ "field": field, "value": value, "source": "declared" }))
            .collect();
        self.tell(person, json!({ "facts": facts })).await
    }

    pub(crate) async fn tell(&self, person: PersonId, body: Value) -> Answer {
        let path = format!("/api/vault/persons/{person}/facts");
        self.world.post(&self.desk(), &path, &random_id().to_string(), body).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.world.post(token, path, &random_id().to_string(), body).await
    }

    /// Labels of the candidates, best first.
    pub(crate) async fn finds(&self, body: Value) -> Vec<String> {
        let answer = self.post(&self.desk(), MATCH, body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let candidates = answer.body["candidates"].as_array().unwrap();
        candidates.iter().map(|one| one["label"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything of a person, for whoever may see it.
    pub(crate) async fn all(&self, vault: &Vault, person: PersonId) -> Vec<(String, String)> {
        let opened = self.opened(vault, person).await.unwrap();
        let facts = opened.facts.into_iter().filter(|fact| fact.is_current);
        let said = |fact: trama_vault::read::OpenedFact| {
            (fact.sealed.place.field.to_string(), fact.value.expose().to_owned())
        };
        facts.map(said).collect()
    }

    pub(crate) async fn opened(&self, vault: &Vault, person: PersonId) -> Option<Opened> {
        let permitted = |_: Section, _: OrganisationId| true;
        let sight = Sight { permitted: &permitted };
        vault.read(person, &sight).await.unwrap()
    }

    /// Asks for an erasure as one auditor and agrees as another.
    pub(crate) async fn erase(&self, person: PersonId, segments: Value) -> Answer {
        let path = format!("/api/vault/persons/{person}/erasures");
        let erasure = id(&format!("erasure of {person}"));
        let form = json!({ "erasure": erasure, "segments": segments, "reason": "retention_ended" });
        let asked = self.post(&self.auditor("ada"), &path, form).await;
        assert_eq!(asked.told(), "200", "{}", asked.body);
        self.post(&self.auditor("bice"), &format!("{path}/{erasure}/approve"), json!({})).await
    }

    /// A dump as `pg_dump` makes it.
    pub(crate) fn dump(&self, arguments: &[&str]) -> String {
        self.dump_of("trama", arguments)
    }

    pub(crate) fn dump_of(&self, database: &str, arguments: &[&str]) -> String {
        let done = self.client("pg_dump", database).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Another database, with what a dump holds.
    pub(crate) async fn restore(&self, database: &str, dump: &str) -> Servers {
        let create = format!("create database {database}");
        sqlx::query(&create).execute(&self.owner()).await.unwrap();
        let file = self.dir.join(format!("{database}.sql"));
        std::fs::write(&file, dump).unwrap();
        let mut restore = self.client("psql", database);
        let done = restore.args(["-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Servers { database: database.into(), ..self.world.servers.clone() }
    }

    fn client(&self, program: &'static str, database: &str) -> Command {
        let servers = &self.world.servers;
        let mut command = Command::new(postgres_program(program).unwrap());
        command
            .env("PGPASSWORD", &servers.passwords["trama_owner"])
            .args(["-h", &servers.postgres_host, "-p", &servers.postgres_port.to_string()])
            .args(["-U", "trama_owner", "-d", database]);
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
