use std::collections::HashMap;

use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{AggregateContext, AggregateError, DomainEvent, EventEnvelope, EventStore};
use postgres_es::PostgresEventRepository;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::aggregate::{Logged, Taken};
use super::append::{Commit, Outcome};
use super::writer::{WriteError, Writer};

/// Metadata key under which a committed event's position comes back.
pub(super) const POSITION: &str = "position";
/// Metadata keys that name the receipt.
pub(super) const ROUTE: &str = "route";
pub(super) const KEY: &str = "command_id";
pub(super) const DIGEST: &str = "digest";
pub(super) const ACTOR: &str = "actor";

/// Loads by postgres-es, commits through the joining writer.
pub(super) struct Store<A: Logged> {
    loading: PersistedEventStore<PostgresEventRepository, A>,
    writer: Writer,
}

/// An aggregate as loaded, and as the command left it.
pub(super) struct Loaded<A> {
    pub(super) id: Uuid,
    pub(super) before: A,
    pub(super) aggregate: A,
    pub(super) sequence: i64,
}

impl<A: Logged> Loaded<A> {
    /// An aggregate of which nothing is known.
    pub(super) fn new(id: Uuid) -> Self {
        Self { id, before: A::default(), aggregate: A::default(), sequence: 0 }
    }
}

impl<A: Logged> AggregateContext<A> for Loaded<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

/// What the store answers beside a domain refusal or a lost race.
#[derive(Debug, thiserror::Error)]
pub(super) enum Odd {
    #[error("this command has a receipt")]
    Repeated,
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl<A: Logged> Store<A> {
    pub(super) fn new(pool: PgPool, writer: Writer) -> Self {
        let repository = PostgresEventRepository::new(pool);
        let loading = PersistedEventStore::new_event_store(repository);
        Self { loading: loading.with_upcasters(trama_events::upcasters()), writer }
    }
}

impl<A: Logged> EventStore<A> for Store<A>
where
    A::Command: Send,
{
    type AC = Loaded<A>;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        self.loading.load_events(aggregate_id).await
    }

    async fn load_aggregate(
        &self,
        aggregate_id: &str,
    ) -> Result<Loaded<A>, AggregateError<A::Error>> {
        let id =
            Uuid::parse_str(aggregate_id).map_err(|e| AggregateError::UnexpectedError(e.into()))?;
        let loaded = self.loading.load_aggregate(aggregate_id).await?;
        let sequence = i64::try_from(loaded.current_sequence).unwrap_or(i64::MAX);
        Ok(Loaded { id, before: loaded.aggregate.clone(), aggregate: loaded.aggregate, sequence })
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Loaded<A>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let commit = commit_of(&events, &context, &metadata);
        let before = context.sequence;
        match self.writer.write(commit).await {
            Ok(Outcome::Done(positions)) => {
                Ok(envelopes(events, &context.id.to_string(), before, positions, &metadata))
            }
            Ok(Outcome::Stale) => Err(AggregateError::AggregateConflict),
            Ok(Outcome::Taken { guard, key, holder }) => {
                let refusal = context.aggregate.taken(&Taken { guard, key, holder });
                Err(AggregateError::UserError(refusal))
            }
            Ok(Outcome::Repeated) => Err(AggregateError::UnexpectedError(Odd::Repeated.into())),
            Err(error) => Err(AggregateError::UnexpectedError(Odd::Write(error).into())),
        }
    }
}

fn commit_of<A: Logged>(
    events: &[A::Event],
    context: &Loaded<A>,
    metadata: &HashMap<String, String>,
) -> Commit {
    let mut state = context.before.clone();
    let mut keeps = Vec::new();
    for event in events {
        keeps.extend(state.keeps(event));
        state.apply(event.clone());
    }
    let text = |key: &str| metadata.get(key).cloned().unwrap_or_default();
    let stored = events.iter().filter_map(|event| {
        let payload = serde_json::to_value(event).ok()?;
        Some((event.event_type(), event.event_version(), payload))
    });
    Commit {
        aggregate_type: A::TYPE,
        aggregate_id: context.id,
        sequence: context.sequence + i64::try_from(events.len()).unwrap_or(0),
        actor: text(ACTOR).parse().unwrap_or_default(),
        route: text(ROUTE),
        key: text(KEY),
        digest: text(DIGEST).into_bytes(),
        keeps,
        events: stored.collect(),
        metadata: json!(metadata),
    }
}

fn envelopes<A: Logged>(
    events: Vec<A::Event>,
    aggregate_id: &str,
    before: i64,
    positions: Option<(i64, i64)>,
    metadata: &HashMap<String, String>,
) -> Vec<EventEnvelope<A>> {
    let first = positions.map_or(0, |(first, _)| first);
    let numbered = (0_i64..).zip(events);
    let envelope = |(offset, payload): (i64, A::Event)| {
        let mut metadata = metadata.clone();
        metadata.insert(POSITION.into(), (first + offset).to_string());
        EventEnvelope {
            aggregate_id: aggregate_id.to_owned(),
            sequence: usize::try_from(before + offset + 1).unwrap_or(usize::MAX),
            payload,
            metadata,
        }
    };
    numbered.map(envelope).collect()
}
