//! What the tests of the read models share: private servers, histories of events, rows.

#![allow(dead_code, reason = "each test file uses its own part of the harness")]
#![allow(
    clippy::allow_attributes,
    reason = "an expectation would fail in the file that uses all of it"
)]

#[path = "../../../tests/support/cluster.rs"]
mod cluster;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection, PgPool};
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role, Sensitivity};
use trama_events::envelope::{Recorded, Why};
use trama_events::ids::{Ats, MembershipId, OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::{Context, Fact, Reading};
use trama_platform::caller::Caller;
use trama_platform::clock::Clock;
use trama_platform::follow::{Model, Read, fold};
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};
use trama_projections::ReadModels;
use trama_projections::inbox::Owner;
use uuid::Uuid;

/// Private servers in a directory of their own, gone when dropped.
pub(crate) struct World {
    private: Option<PrivateServers>,
    dir: PathBuf,
    /// Addresses and accounts.
    pub(crate) servers: Servers,
    /// What the read doors get; the pool reads as `reader`.
    pub(crate) reads: ReadModels,
    /// What the gate asks by.
    pub(crate) asks: PgPool,
}

impl World {
    /// Starts servers in a fresh directory.
    pub(crate) async fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("trama-projections-{}-{number}", std::process::id()));
        cluster::lay_out(&dir).await;
        let private = PrivateServers::start(&dir).await.unwrap();
        let servers = private.servers();
        let clock = Clock::in_file(dir.join("clock"));
        let reads = ReadModels { pool: servers.pool(PgRole::Reader, 4), clock };
        let asks = servers.pool(PgRole::Gate, 2);
        Self { private: Some(private), dir, servers, reads, asks }
    }

    /// Takes events into a model, in the order given; makes its schema when it is missing.
    pub(crate) async fn fold(&self, model: &dyn Model, events: &[Recorded]) {
        fold(&self.servers, model, events).await.unwrap();
    }

    /// Topics that events of one context touch, as a follower asks, by a connection of its own.
    pub(crate) async fn touched(
        &self,
        model: &dyn Model,
        events: &[Recorded],
    ) -> BTreeMap<String, i64> {
        let mut rows = self.owner_of_models().await;
        let enter = format!("set search_path to {}", model.name());
        sqlx::raw_sql(&enter).execute(&mut rows).await.unwrap();
        let batch: Vec<Read> = events.iter().map(known).collect();
        model.touched(&mut rows, &batch).await.unwrap()
    }

    /// Drops a model's schema, as if it had never been built.
    pub(crate) async fn forget(&self, model: &dyn Model) {
        let mut rows = self.owner_of_models().await;
        let drop = format!("drop schema if exists {} cascade", model.name());
        sqlx::raw_sql(&drop).execute(&mut rows).await.unwrap();
    }

    /// Builds a model anew from events and gives its rows.
    pub(crate) async fn rows_after(&self, model: &dyn Model, events: &[Recorded]) -> Rows {
        self.forget(model).await;
        self.fold(model, events).await;
        self.rows(model).await
    }

    /// Every row of every table of a model, as text, sorted; its books left out.
    pub(crate) async fn rows(&self, model: &dyn Model) -> Rows {
        let mut rows = self.owner_of_models().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "select tablename::text from pg_tables where schemaname = $1 \
             and tablename <> all('{positions,model,changes,parked}')",
        )
        .bind(model.name())
        .fetch_all(&mut rows)
        .await
        .unwrap();
        let mut all = Rows::new();
        for table in tables {
            let query = format!("select t::text from {}.{table} t order by 1", model.name());
            all.insert(table, sqlx::query_scalar(&query).fetch_all(&mut rows).await.unwrap());
        }
        all
    }

    /// A connection as the owner of the read models.
    pub(crate) async fn owner_of_models(&self) -> PgConnection {
        PgConnection::connect_with(&self.servers.options(PgRole::Projections)).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Rows of each table.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// A history of events with gapless positions per context and sequences per aggregate.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// What was recorded so far, in order.
    pub(crate) events: Vec<Recorded>,
    occurred_at: OffsetDateTime,
    recorded_at: OffsetDateTime,
    ats: Ats,
    organisation: OrganisationId,
    actor: StaffId,
}

impl History {
    /// Nothing yet; the clock stands at `at`.
    pub(crate) fn starting(at: OffsetDateTime) -> Self {
        Self {
            events: Vec::new(),
            occurred_at: at,
            recorded_at: at,
            ats: Ats::try_new("bari").unwrap(),
            organisation: OrganisationId(id("organisation")),
            actor: StaffId(id("staff")),
        }
    }

    /// What follows happens and is recorded at this moment.
    pub(crate) fn at(&mut self, at: OffsetDateTime) -> &mut Self {
        (self.occurred_at, self.recorded_at) = (at, at);
        self
    }

    /// What follows happened at one moment and was recorded at a later one.
    pub(crate) fn late(
        &mut self,
        occurred_at: OffsetDateTime,
        recorded_at: OffsetDateTime,
    ) -> &mut Self {
        (self.occurred_at, self.recorded_at) = (occurred_at, recorded_at);
        self
    }

    /// What follows is done on behalf of this ATS.
    pub(crate) fn in_ats(&mut self, ats: &str) -> &mut Self {
        self.ats = Ats::try_new(ats).unwrap();
        self
    }

    /// What follows is done by this organisation.
    pub(crate) fn by(&mut self, organisation: OrganisationId) -> &mut Self {
        self.organisation = organisation;
        self
    }

    /// What follows is done by this worker.
    pub(crate) fn acting(&mut self, actor: StaffId) -> &mut Self {
        self.actor = actor;
        self
    }

    /// Records an event of an aggregate, about a person where it concerns one.
    pub(crate) fn record<F: Fact>(
        &mut self,
        aggregate: Uuid,
        person: Option<PersonId>,
        event: &F,
    ) -> &mut Self {
        let of_context = self.events.iter().filter(|e| e.context == F::CONTEXT);
        let position = i64::try_from(of_context.count()).unwrap() + 1;
        let of_aggregate = self.events.iter().filter(|e| {
            e.context == F::CONTEXT
                && e.aggregate_type == F::AGGREGATE
                && e.aggregate_id == aggregate
        });
        let sequence = i64::try_from(of_aggregate.count()).unwrap() + 1;
        self.events.push(Recorded {
            context: F::CONTEXT,
            position,
            aggregate_type: F::AGGREGATE.into(),
            aggregate_id: aggregate,
            sequence,
            event_type: event.event_type(),
            version: event.event_version(),
            why: self.why(person, event.sensitivity()),
            payload: serde_json::to_value(event).unwrap(),
        });
        self
    }

    fn why(&self, person: Option<PersonId>, sensitivity: Sensitivity) -> Why {
        Why {
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            ats: self.ats.clone(),
            organisation: self.organisation,
            actor: self.actor,
            role: "case_manager".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity,
            person,
            command_id: "command".into(),
            correlation: "correlation".into(),
            causation: "causation".into(),
        }
    }

    /// The same events with the contexts' logs woven otherwise: `picks` says, step by step, whose
    /// turn it is among the logs that still have events. Inside a context the order stays.
    pub(crate) fn woven(&self, picks: &[usize]) -> Vec<Recorded> {
        let mut logs: BTreeMap<Context, VecDeque<Recorded>> = BTreeMap::new();
        for event in &self.events {
            logs.entry(event.context).or_default().push_back(event.clone());
        }
        let mut picks = picks.iter().copied().chain(std::iter::repeat(0));
        let mut woven = Vec::with_capacity(self.events.len());
        while !logs.is_empty() {
            let turn = picks.next().unwrap_or(0) % logs.len();
            let context = logs.keys().copied().nth(turn).unwrap();
            let log = logs.get_mut(&context).unwrap();
            woven.extend(log.pop_front());
            if log.is_empty() {
                logs.remove(&context);
            }
        }
        woven
    }
}

fn known(recorded: &Recorded) -> Read {
    let Reading::Known(event) = recorded.read() else { panic!("{} is not read", recorded.id()) };
    Read { recorded: recorded.clone(), event: *event }
}

/// Somebody who acts in a role for services, as the gate lets her in.
pub(crate) fn acting(who: &str, role: Role, services: &[ServiceId]) -> Caller {
    Caller {
        staff: StaffId(id(who)),
        membership: MembershipId(id(who)),
        organisation: OrganisationId(id("organisation")),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: services.to_vec(),
        purpose: Purpose::Care,
        stated: None,
        second_factor: true,
        session: "session".into(),
        request_id: "request".into(),
        let_in_until: OffsetDateTime::UNIX_EPOCH,
        surname: None,
    }
}

/// Whoever may open an inbox, and no other.
pub(crate) fn owner_of(inbox: Owner<'_>) -> Caller {
    match inbox {
        Owner::Service(service) => acting("somebody", Role::InfoDesk, &[service]),
        Owner::Staff(staff) => Caller { staff, ..acting("somebody", Role::CaseManager, &[]) },
        Owner::Auditor(staff) => Caller { staff, ..acting("somebody", Role::Auditor, &[]) },
        Owner::PlanOffice(staff, ats) => {
            Caller { staff, ats: ats.clone(), ..acting("somebody", Role::PlanOffice, &[]) }
        }
    }
}

/// An id that follows from a word, the same in every run.
pub(crate) fn id(word: &str) -> Uuid {
    trama_events::ids::derive_uuid("test", &[word])
}
