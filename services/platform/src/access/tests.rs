mod chain;
mod doors;

mod durable;
mod reading;
mod register;
mod rules;
mod surnames;

use std::path::PathBuf;

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{OrganisationId, PersonId, StaffId, derive_uuid};
use uuid::Uuid;

use super::*;
use crate::clock::{random_id, real_now};
use crate::private::PrivateServers;
use crate::servers::{PgRole, Servers};

/// Servers of our own that are gone when it is dropped.
struct World {
    private: Option<PrivateServers>,
    dir: PathBuf,
    servers: Servers,
    log: AccessLog,
    reader: AccessReader,
    owner: PgPool,
}

impl World {
    async fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("trama-access-{}", random_id().simple()));
        crate::cluster::lay_out(&dir).await;
        let private = PrivateServers::start(&dir).await.unwrap();
        let servers = private.servers();
        let (log, reader) = (AccessLog::open(&servers), AccessReader::open(&servers));
        let owner = servers.pool(PgRole::Owner, 2);
        Self { private: Some(private), dir, servers, log, reader, owner }
    }

    /// Something that only the owner of the database can do.
    async fn owner(&self, statement: &str) {
        sqlx::raw_sql(statement).execute(&self.owner).await.unwrap();
    }

    async fn verified(&self, since: Option<&Tip>) -> Verified {
        verify(&self.servers, since).await.unwrap()
    }

    async fn number(&self, query: &str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.owner).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn id(word: &str) -> Uuid {
    derive_uuid("test", &[word])
}

fn person(word: &str) -> PersonId {
    PersonId(id(word))
}

fn staff(word: &str) -> StaffId {
    StaffId(id(word))
}

/// Dora of the desk opens Ana's journey, as she may.
fn dora_opens_ana() -> Entry {
    Entry {
        at: real_now(),
        staff: staff("dora"),
        organisation: OrganisationId(id("desk")),
        role: Role::InfoDesk,
        session: "session-1".into(),
        request_id: "request-1".into(),
        person: Some(person("ana")),
        sections: vec!["journey".into()],
        purpose: Purpose::Care,
        reason: None,
        reason_fact: None,
        decision: Decision::Allowed,
        policies: vec!["relation.case".into()],
        door: "journey.read".into(),
        explained: true,
        forced: false,
        listed: false,
        same_surname: None,
        surname: None,
        records: Vec::new(),
    }
}

fn opens(who: &str, whom: &str) -> Entry {
    Entry { staff: staff(who), person: Some(person(whom)), ..dora_opens_ana() }
}

fn is_refused(who: &str, whom: &str) -> Entry {
    Entry { decision: Decision::Denied, explained: false, ..opens(who, whom) }
}

/// From an hour ago until in an hour.
fn about_now() -> Between {
    Between { from: real_now() - Duration::HOUR, to: real_now() + Duration::HOUR }
}

/// The row that an entry becomes.
fn row(position: i64, written_at: OffsetDateTime, entry: Entry) -> Row {
    Row {
        position,
        written_at,
        at: written_at,
        staff: entry.staff,
        organisation: entry.organisation,
        role: entry.role.code().into(),
        session: entry.session,
        request_id: entry.request_id,
        person: entry.person,
        sections: entry.sections,
        purpose: entry.purpose.code().into(),
        reason: entry.reason,
        reason_fact: entry.reason_fact,
        decision: entry.decision,
        policies: entry.policies,
        door: entry.door,
        explained: entry.explained,
        forced: entry.forced,
        listed: entry.listed,
        same_surname: entry.same_surname,
    }
}
