use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_nats::jetstream;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::stream::Config;
use cqrs_es::CqrsFramework;
use cqrs_es::persist::PersistedEventStore;
use futures::StreamExt;
use postgres_es::PostgresEventRepository;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use trama_food::meal::Meal;
use trama_platform::clock::real_now;
use trama_platform::servers::{PgRole, Servers};

use super::append::{asked, metadata, serve};
use super::measure::Times;

/// What somebody would write by hand in an afternoon: stock postgres-es, a NOTIFY trigger, a relay
/// to JetStream, a consumer with an upsert. No receipts, no gaps found, no second relay.
const OUTBOX: &str = "create table if not exists bench.outbox (position bigint generated always as identity primary key, \
        aggregate_id text not null, payload jsonb not null, at timestamptz not null default clock_timestamp()); \
    create table if not exists bench.model (aggregate_id text primary key, position bigint not null); \
    create or replace function bench.out() returns trigger language plpgsql as $$ begin \
        insert into bench.outbox (aggregate_id, payload) values (new.aggregate_id, new.payload); \
        notify bench_outbox; return new; end $$; \
    create or replace trigger outbox after insert on bench.events for each row execute function bench.out()";

const STREAM: &str = "BENCH";

/// Commit to read model by hand, at a fixed rate.
pub(super) async fn by_hand(
    servers: &Servers,
    rate: u32,
    length: Duration,
) -> anyhow::Result<Times> {
    let owner = servers.pool(PgRole::Owner, 16);
    sqlx::raw_sql(OUTBOX).execute(&owner).await?;
    let nats = servers.nats("admin").await?;
    let jetstream = jetstream::new(nats);
    let config =
        Config { name: STREAM.into(), subjects: vec!["bench.>".into()], ..Config::default() };
    jetstream.get_or_create_stream(config).await?;
    let relay = tokio::spawn(relay(owner.clone(), jetstream.clone()));
    let (seen, mut latencies) = mpsc::unbounded_channel();
    let consumer = tokio::spawn(consume(owner.clone(), jetstream, seen));
    let expected = commands(&owner, rate, length).await?;
    let mut times = Vec::new();
    while times.len() < expected {
        let next = tokio::time::timeout(Duration::from_secs(10), latencies.recv()).await;
        times.push(
            next.context("the by-hand path lost an event")?
                .context("the by-hand consumer ended")?,
        );
    }
    relay.abort();
    consumer.abort();
    Ok(Times::of(times))
}

async fn commands(owner: &PgPool, rate: u32, length: Duration) -> anyhow::Result<usize> {
    let repository =
        PostgresEventRepository::new(owner.clone()).with_tables("bench.events", "bench.snapshots");
    let store = PersistedEventStore::<_, Meal>::new_event_store(repository);
    let framework = Arc::new(CqrsFramework::new(store, Vec::new(), ()));
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
    let count = usize::try_from(u64::from(rate) * length.as_secs())?;
    let mut sent = Vec::with_capacity(count);
    for _ in 0..count {
        tick.tick().await;
        let framework = framework.clone();
        sent.push(tokio::spawn(async move {
            let (meal, command) = serve();
            framework
                .execute_with_metadata(&meal.to_string(), command, metadata(&asked(&meal)?))
                .await?;
            anyhow::Ok(())
        }));
    }
    for one in sent {
        one.await??;
    }
    Ok(count)
}

async fn relay(owner: PgPool, jetstream: jetstream::Context) -> anyhow::Result<()> {
    let mut listener = PgListener::connect_with(&owner).await?;
    listener.listen("bench_outbox").await?;
    let mut last = 0_i64;
    loop {
        let rows: Vec<(i64, String, OffsetDateTime)> =
            sqlx::query_as("select position, aggregate_id, at from bench.outbox where position > $1 order by position limit 256")
                .bind(last)
                .fetch_all(&owner)
                .await?;
        if rows.is_empty() {
            listener.recv().await?;
            continue;
        }
        for (position, id, at) in rows {
            let payload = format!("{position} {id} {}", at.unix_timestamp_nanos());
            jetstream.publish(format!("bench.{id}"), payload.into()).await?.await?;
            last = position;
        }
    }
}

async fn consume(
    owner: PgPool,
    jetstream: jetstream::Context,
    seen: mpsc::UnboundedSender<f64>,
) -> anyhow::Result<()> {
    let stream = jetstream.get_stream(STREAM).await?;
    let config = pull::Config {
        durable_name: Some("model".into()),
        ack_policy: AckPolicy::Explicit,
        ..pull::Config::default()
    };
    let consumer = stream.get_or_create_consumer("model", config).await?;
    let mut messages = consumer.messages().await?;
    while let Some(message) = messages.next().await {
        let message = message?;
        let text = String::from_utf8_lossy(&message.payload).into_owned();
        let mut parts = text.split(' ');
        let position: i64 = parts.next().unwrap_or_default().parse()?;
        let id = parts.next().unwrap_or_default().to_owned();
        let at: i128 = parts.next().unwrap_or_default().parse()?;
        sqlx::query("insert into bench.model values ($1, $2) on conflict (aggregate_id) do update set position = excluded.position")
            .bind(id)
            .bind(position)
            .execute(&owner)
            .await?;
        let waited = real_now() - OffsetDateTime::from_unix_timestamp_nanos(at)?;
        message.ack().await.map_err(|e| anyhow::anyhow!(e))?;
        if seen.send(waited.as_seconds_f64() * 1000.0).is_err() {
            return Ok(());
        }
    }
    Ok(())
}
