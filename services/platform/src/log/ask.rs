use std::collections::HashMap;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{AggregateError, EventStore};
use serde::Serialize;
use sqlx::PgPool;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;
use trama_events::codes::{Purpose, Sensitivity};
use trama_events::ids::{Ats, OrganisationId, StaffId};
use trama_events::{Context, Stored};
use utoipa::ToSchema;
use uuid::Uuid;

use super::aggregate::Logged;
use super::name::LogName;
use super::receipt::Receipt;
use super::store::{self, Loaded, Odd, Store};
use super::timers::{self, Due};
use super::writer::{WriteError, Writer};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::servers::Servers;

/// How often a lost race is run again.
const TRIES_MAX: u32 = 12;
/// Connections that a context's loads may use.
const LOADS_MAX: u32 = 16;

/// Who asks, why, and under which key: what becomes the metadata and the receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The worker, or the system's own id for reactions and deadlines.
    pub actor: StaffId,
    /// The organisation for which she acts.
    pub organisation: OrganisationId,
    /// The ATS on whose behalf.
    pub ats: Ats,
    /// In which role.
    pub role: String,
    /// For which purpose.
    pub purpose: String,
    /// On which legal basis.
    pub legal_basis: String,
    /// When it happened.
    pub occurred_at: OffsetDateTime,
    /// The door: method and path template.
    pub route: String,
    /// The `Idempotency-Key`, scoped to actor and route.
    pub key: String,
    /// SHA-256 of what was asked, in hexadecimal.
    pub digest: String,
    /// What belongs together.
    pub correlation: String,
    /// What caused it.
    pub causation: String,
    /// The version that must be current, when the caller named one.
    pub if_match: Option<i64>,
}

/// The actor of reactions and deadlines: nobody's account.
pub const SYSTEM: StaffId = StaffId(Uuid::from_u128(0x7472_616d_6100_4000_8000_0000_0000_0001));

impl Asked {
    /// What the system asks by itself: a reaction to an event, or a deadline. `key` names the
    /// cause, so that a repeat is nothing.
    pub fn by_system(
        route: &str,
        key: String,
        ats: Ats,
        organisation: OrganisationId,
        occurred_at: OffsetDateTime,
    ) -> Self {
        Self {
            actor: SYSTEM,
            organisation,
            ats,
            role: "system".into(),
            purpose: Purpose::Care.code().into(),
            legal_basis: crate::doors::LEGAL_BASIS.into(),
            occurred_at,
            route: route.into(),
            digest: key.clone(),
            correlation: key.clone(),
            causation: key.clone(),
            key,
            if_match: None,
        }
    }
}

/// A command's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Done {
    /// The aggregate.
    pub id: Uuid,
    /// Its sequence number now.
    pub sequence: i64,
    /// First and last position in the context's log; none when there was nothing new.
    #[schema(value_type = Option<Vec<i64>>)]
    pub positions: Option<(i64, i64)>,
}

/// A context's log, or a sealed one: the only way in which a command becomes events.
#[derive(Debug, Clone)]
pub struct Log<L = Context> {
    context: L,
    pool: PgPool,
    writer: Writer,
    clock: Clock,
}

impl<L: LogName> Log<L> {
    /// Opens a log for writing and starts its writer.
    pub fn open(servers: &Servers, context: L, clock: Clock) -> Self {
        let pool = servers.pool(context.writer(), LOADS_MAX);
        let writer = Writer::start(servers, context, clock.clone());
        Self { context, pool, writer, clock }
    }

    /// The name of the context, or the key of the sealed log.
    pub fn context(&self) -> L {
        self.context
    }

    /// The domain's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Wakes when this process has written something.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.writer.written()
    }

    /// An aggregate as it stands, with its sequence number; 0 when there is none.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] or [`Failure::Fault`].
    pub async fn load<A: Logged>(&self, id: Uuid) -> Result<(A, i64), Failure<A::Error>>
    where
        A::Command: Send,
    {
        let loaded = self.store::<A>().load_aggregate(&id.to_string()).await;
        loaded.map(|loaded| (loaded.aggregate, loaded.sequence)).map_err(failure)
    }

    /// Asks an aggregate to do something: load, decide, store; a lost race is run again.
    ///
    /// # Errors
    ///
    /// [`Failure`]; a refusal leaves no trace, a repeat of the same command is judged anew.
    pub async fn ask<A>(
        &self,
        asked: &Asked,
        id: Uuid,
        command: A::Command,
    ) -> Result<Done, Failure<A::Error>>
    where
        A: Logged,
        A::Command: Clone + Send,
    {
        self.ask_if(asked, id, command, |_: &A| true).await
    }

    /// The same, when `permitted` says of the aggregate as loaded that the caller may.
    ///
    /// # Errors
    ///
    /// As [`Log::ask`]; [`Failure::Denied`] when not permitted.
    pub async fn ask_if<A>(
        &self,
        asked: &Asked,
        id: Uuid,
        command: A::Command,
        permitted: impl Fn(&A) -> bool + Send + Sync,
    ) -> Result<Done, Failure<A::Error>>
    where
        A: Logged,
        A::Command: Clone + Send,
    {
        let store = self.store::<A>();
        let mut fresh = A::creates(&command) && asked.if_match.is_none();
        for _ in 0..TRIES_MAX {
            let unseen = std::mem::take(&mut fresh);
            let loaded = if unseen {
                Loaded::new(id)
            } else {
                store.load_aggregate(&id.to_string()).await.map_err(failure)?
            };
            match once(&store, asked, loaded, command.clone(), &permitted).await {
                Err(Failure::Stale) => tokio::task::yield_now().await,
                Ok(done) if done.positions.is_some() => return Ok(done),
                // Judged without a look at what is there: only what is written stands.
                Ok(_) | Err(Failure::Rejected(_) | Failure::Denied) if unseen => {}
                outcome => return self.or_first_answer(asked, outcome).await,
            }
        }
        self.or_first_answer(asked, Err(Failure::Stale)).await
    }

    /// Whatever was not simply done may be a repeat: then the first answer counts.
    async fn or_first_answer<R>(
        &self,
        asked: &Asked,
        outcome: Result<Done, Failure<R>>,
    ) -> Result<Done, Failure<R>> {
        if matches!(outcome, Err(Failure::Denied)) {
            return outcome;
        }
        match Receipt::read(&self.pool, asked).await {
            Ok(Some(receipt)) => receipt.same(asked).ok_or(Failure::KeyReused),
            Ok(None) => outcome,
            Err(error) => match outcome {
                Err(Failure::Unknown) => Err(Failure::Unknown),
                _ => Err(Failure::from_sqlx(error)),
            },
        }
    }

    /// Timers that are due by now, at most `limit`, the oldest first, from `after` on.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn due(&self, after: Option<&Due>, limit: i64) -> sqlx::Result<Vec<Due>> {
        timers::due(&self.pool, self.clock.now(), after, limit).await
    }

    /// The aggregate that holds a claim on `guard` and `key` today or at any time.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn holder(&self, guard: &str, key: &str) -> sqlx::Result<Option<Uuid>> {
        let found: Option<String> = sqlx::query_scalar(
            "select aggregate_id from claims where guard = $1 and key = $2 limit 1",
        )
        .bind(guard)
        .bind(key)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.and_then(|id| id.parse().ok()))
    }

    /// Everything that is claimed on `guard`, with its holders.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn claimed(&self, guard: &str) -> sqlx::Result<Vec<(String, Uuid)>> {
        sqlx::query_as("select key, aggregate_id::uuid from claims where guard = $1 order by key")
            .bind(guard)
            .fetch_all(&self.pool)
            .await
    }

    /// The pool of the context's own role, for its own small copies.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) fn store<A: Logged>(&self) -> Store<A> {
        Store::new(self.pool.clone(), self.writer.clone())
    }
}

async fn once<A>(
    store: &Store<A>,
    asked: &Asked,
    mut loaded: Loaded<A>,
    command: A::Command,
    permitted: &(impl Fn(&A) -> bool + Sync),
) -> Result<Done, Failure<A::Error>>
where
    A: Logged,
    A::Command: Send,
{
    let id = loaded.id;
    if !permitted(&loaded.aggregate) {
        return Err(Failure::Denied);
    }
    if asked.if_match.is_some_and(|version| version != loaded.sequence) {
        return Err(Failure::Outdated);
    }
    let sink = EventSink::default();
    loaded.aggregate.handle(command, &(), &sink).await.map_err(Failure::Rejected)?;
    let events = sink.collect().await;
    if events.is_empty() && asked.actor == SYSTEM {
        // A deadline that finds nothing to do leaves no receipt: it may find something later.
        return Ok(Done { id: loaded.id, sequence: loaded.sequence, positions: None });
    }
    let metadata = metadata(asked, &loaded, &events);
    let before = loaded.sequence;
    let written = store.commit(events, loaded, metadata).await.map_err(failure)?;
    let position = |envelope: &cqrs_es::EventEnvelope<A>| {
        envelope.metadata.get(store::POSITION).and_then(|position| position.parse().ok())
    };
    Ok(Done {
        id,
        sequence: before + i64::try_from(written.len()).unwrap_or(0),
        positions: written.first().and_then(position).zip(written.last().and_then(position)),
    })
}

fn metadata<A: Logged>(
    asked: &Asked,
    loaded: &Loaded<A>,
    events: &[A::Event],
) -> HashMap<String, String> {
    let sensitivity = events.iter().map(Stored::sensitivity).max().unwrap_or(Sensitivity::Normal);
    let occurred_at = asked.occurred_at.format(&Rfc3339).unwrap_or_default();
    let mut metadata: HashMap<String, String> = [
        ("occurred_at", occurred_at),
        ("ats", asked.ats.to_string()),
        ("organisation", asked.organisation.to_string()),
        (store::ACTOR, asked.actor.to_string()),
        ("role", asked.role.clone()),
        ("purpose", asked.purpose.clone()),
        ("legal_basis", asked.legal_basis.clone()),
        ("sensitivity", sensitivity.code().to_owned()),
        (store::ROUTE, asked.route.clone()),
        (store::KEY, asked.key.clone()),
        (store::DIGEST, asked.digest.clone()),
        ("correlation", asked.correlation.clone()),
        ("causation", asked.causation.clone()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect();
    if let Some(person) = loaded.aggregate.person() {
        metadata.insert("person".into(), person.to_string());
    }
    metadata
}

fn failure<R: super::Refusal>(error: AggregateError<R>) -> Failure<R> {
    match error {
        AggregateError::UserError(refusal) => Failure::Rejected(refusal),
        AggregateError::AggregateConflict => Failure::Stale,
        AggregateError::DatabaseConnectionError(_) => Failure::Unavailable,
        AggregateError::DeserializationError(error) => Failure::Fault(error),
        AggregateError::UnexpectedError(error) => match error.downcast::<Odd>() {
            Ok(odd) => match *odd {
                // Whoever gets this reads the receipt next.
                Odd::Repeated | Odd::Write(WriteError::Unknown) => Failure::Unknown,
                Odd::Write(WriteError::Full) => Failure::Unavailable,
                Odd::Write(refused @ WriteError::Refused(_)) => Failure::fault(refused),
            },
            Err(error) => match error.downcast::<sqlx::Error>() {
                Ok(error) => Failure::from_sqlx(*error),
                Err(error) => Failure::Fault(error),
            },
        },
    }
}
