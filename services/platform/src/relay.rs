//! The relay: carries a log to its `JetStream`, in order. One is active for each log.
//!
//! `PostgreSQL` is the truth and the stream a cache with order, so every doubt ends in the same
//! way: look at the stream's last message and go on from there.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, DiscardPolicy, RawMessageErrorKind, Stream};
use async_nats::jetstream::{self, ErrorCode};
use sqlx::postgres::PgListener;
use sqlx::{Connection, PgConnection};
use tokio::sync::watch;
use trama_events::Context;
use trama_events::envelope::Recorded;

use crate::clock::pause;
use crate::log::{Feed, LogName};
use crate::servers::Servers;

/// Most messages that wait for an acknowledgement.
const WINDOW: i64 = 256;
/// Longest time without a look at the log.
const POLL: Duration = Duration::from_millis(250);
/// How often the stream is held against the log when nothing happens.
const COMPARE_EVERY: Duration = Duration::from_secs(10);
/// How long another relay waits for the leader's lock before it looks again.
const STAND_BY: Duration = Duration::from_secs(1);
/// How long an event stays in the stream.
const AGE_MAX: Duration = Duration::from_hours(7 * 24);
/// Most bytes in a stream.
const BYTES_MAX: i64 = 1024 * 1024 * 1024;

/// Header with the event's position in its log.
pub const POSITION: &str = "Position";
/// Header with the generation of the stream: it grows when a stream was lost.
pub const GENERATION: &str = "Generation";

type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// The relay of one log.
#[derive(Debug)]
pub struct Relay<L = Context> {
    servers: Servers,
    context: L,
    feed: Feed<L>,
    nats: async_nats::Client,
    written: Option<watch::Receiver<u64>>,
}

/// Where stream and log stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    position: i64,
    stream_sequence: u64,
    generation: i32,
}

impl<L: LogName> Relay<L> {
    /// A relay that is also woken by `written`, when the writer lives in this process.
    pub fn new(
        servers: &Servers,
        context: L,
        nats: async_nats::Client,
        written: Option<watch::Receiver<u64>>,
    ) -> Self {
        let feed = Feed::open(servers, context);
        Self { servers: servers.clone(), context, feed, nats, written }
    }

    /// Runs for ever. Whatever goes wrong is logged, and tried again.
    pub async fn run(mut self) {
        loop {
            if let Err(error) = self.lead().await {
                tracing::warn!(context = %self.context, error = %crate::telemetry::chain(error.as_ref()), "relay starts over");
            }
            pause(POLL).await;
        }
    }

    /// Takes the lock of this log and publishes until something breaks.
    async fn lead(&mut self) -> Result<(), Trouble> {
        let options = self.servers.options(self.context.writer());
        let mut row = PgConnection::connect_with(&options).await?;
        let lock = "select pg_try_advisory_lock(hashtext('trama relay'), hashtext(current_schema()::text))";
        while !sqlx::query_scalar::<_, bool>(lock).fetch_one(&mut row).await? {
            pause(STAND_BY).await;
        }
        let listening = self.servers.pool(self.context.writer(), 1);
        let mut listener = PgListener::connect_with(&listening).await?;
        if self.context.is_announced() {
            listener.listen("trama_log").await?;
        }
        let stream = self.stream().await?;
        let mut cursor = self.compare(&stream, &mut row).await?;
        let mut compared = std::time::Instant::now();
        loop {
            let sent = self.publish_all(&mut cursor, &mut row).await?;
            if sent == 0 && compared.elapsed() > COMPARE_EVERY {
                cursor = self.compare(&self.stream().await?, &mut row).await?;
                compared = std::time::Instant::now();
            }
            self.wake(&mut listener).await?;
        }
    }

    async fn wake(&mut self, listener: &mut PgListener) -> Result<(), Trouble> {
        let written = self.written.as_mut();
        let signal = async {
            let Some(written) = written else { return std::future::pending().await };
            if written.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = signal => Ok(()),
            heard = listener.recv() => heard.map(drop).map_err(Into::into),
            () = pause(POLL) => Ok(()),
        }
    }

    async fn stream(&self) -> Result<Stream, Trouble> {
        let config = Config {
            name: self.context.stream(),
            subjects: vec![self.context.subjects()],
            max_age: AGE_MAX,
            max_bytes: BYTES_MAX,
            discard: DiscardPolicy::Old,
            duplicate_window: Duration::from_mins(2),
            deny_delete: true,
            ..Config::default()
        };
        let jetstream = jetstream::new(self.nats.clone());
        Ok(jetstream.get_or_create_stream(config).await?)
    }

    /// Finds out where to go on: after the stream's last message, whatever our row says. A stream
    /// that is shorter than it was gets a new generation.
    async fn compare(&self, stream: &Stream, row: &mut PgConnection) -> Result<Cursor, Trouble> {
        let kept: (i64, i64, i32) =
            sqlx::query_as("select position, stream_sequence, generation from relay")
                .fetch_one(&mut *row)
                .await?;
        let state = stream.get_info().await?.state;
        let carried = last_carried(stream, state.last_sequence).await?;
        if let Some((position, id)) = &carried
            && self.feed.at(*position).await?.is_none_or(|event| event.id() != *id)
        {
            return self.begin_anew(stream, kept.2 + 1, row).await;
        }
        let kept_sequence = u64::try_from(kept.1).unwrap_or(0);
        let shorter = state.last_sequence < kept_sequence;
        let cursor = match carried {
            Some((position, _)) => Cursor {
                position,
                stream_sequence: state.last_sequence,
                generation: kept.2 + i32::from(shorter || position < kept.0),
            },
            None if shorter || state.last_sequence == 0 => Cursor {
                position: 0,
                stream_sequence: state.last_sequence,
                generation: kept.2 + i32::from(kept.0 > 0),
            },
            // Everything in it has grown old and was discarded: nothing is missing.
            None => Cursor {
                position: kept.0,
                stream_sequence: state.last_sequence,
                generation: kept.2,
            },
        };
        if cursor.generation != kept.2 {
            tracing::warn!(context = %self.context, cursor.position, cursor.generation, "the stream lost events: publishing them again");
        }
        keep(cursor, row).await?;
        Ok(cursor)
    }

    /// The stream holds what the log does not: PostgreSQL was restored, or a tail of it was lost.
    /// Nothing in the stream can be trusted; it is emptied, and filled anew.
    async fn begin_anew(
        &self,
        stream: &Stream,
        generation: i32,
        row: &mut PgConnection,
    ) -> Result<Cursor, Trouble> {
        tracing::error!(context = %self.context, generation, "the stream is not of this log: filling it anew");
        stream.purge().await?;
        let stream_sequence = stream.get_info().await?.state.last_sequence;
        let cursor = Cursor { position: 0, stream_sequence, generation };
        keep(cursor, row).await?;
        Ok(cursor)
    }

    async fn publish_all(
        &self,
        cursor: &mut Cursor,
        row: &mut PgConnection,
    ) -> Result<usize, Trouble> {
        let mut sent = 0;
        let mut page = self.feed.after(cursor.position, WINDOW).await?;
        while !page.is_empty() {
            let last = page.last().map_or(cursor.position, |event| event.position);
            let (acknowledged, next) =
                tokio::join!(self.publish(&page, *cursor), self.feed.after(last, WINDOW));
            *cursor = acknowledged?;
            keep(*cursor, row).await?;
            sent += page.len();
            page = next?;
        }
        Ok(sent)
    }

    /// Publishes a page, each message fenced by the one before it, and waits for all acks.
    async fn publish(&self, page: &[Recorded<L>], from: Cursor) -> Result<Cursor, Trouble> {
        let jetstream = jetstream::new(self.nats.clone());
        let mut cursor = from;
        let mut acks = Vec::with_capacity(page.len());
        for event in page {
            let publish = PublishMessage::build()
                .message_id(message_id(event, cursor.generation))
                .expected_last_sequence(cursor.stream_sequence)
                .headers(headers(event, cursor.generation))
                .payload(serde_json::to_vec(&event.to_cloud_event())?.into());
            acks.push(jetstream.send_publish(L::subject_of(event), publish).await?);
            cursor.stream_sequence += 1;
            cursor.position = event.position;
        }
        for ack in acks {
            ack.await?;
        }
        Ok(cursor)
    }
}

/// The event's id, and from the second generation on its number: `nats-server` remembers the ids of
/// messages that were purged, and would drop the same events of the new generation as repeats.
fn message_id<L: LogName>(event: &Recorded<L>, generation: i32) -> String {
    if generation > 1 { format!("{}#{generation}", event.id()) } else { event.id() }
}

fn headers<L>(event: &Recorded<L>, generation: i32) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(POSITION, event.position.to_string());
    headers.insert(GENERATION, generation.to_string());
    headers.insert("Content-Type", "application/cloudevents+json");
    headers
}

/// Position and id of the stream's last event.
async fn last_carried(
    stream: &Stream,
    last_sequence: u64,
) -> Result<Option<(i64, String)>, Trouble> {
    if last_sequence == 0 {
        return Ok(None);
    }
    match stream.get_raw_message(last_sequence).await {
        Ok(message) => {
            let position =
                message.headers.get(POSITION).and_then(|value| value.as_str().parse().ok());
            let id = message.headers.get("Nats-Msg-Id").map(async_nats::HeaderValue::as_str);
            let id = id.and_then(|id| id.split('#').next()).map(ToOwned::to_owned);
            Ok(position.zip(id))
        }
        Err(error) if is_gone(&error.kind()) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_gone(kind: &RawMessageErrorKind) -> bool {
    matches!(kind, RawMessageErrorKind::NoMessageFound)
        || matches!(kind, RawMessageErrorKind::JetStream(inner)
            if inner.error_code() == ErrorCode::NO_MESSAGE_FOUND)
}

async fn keep(cursor: Cursor, row: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("update relay set position = $1, stream_sequence = $2, generation = $3")
        .bind(cursor.position)
        .bind(i64::try_from(cursor.stream_sequence).unwrap_or(i64::MAX))
        .bind(cursor.generation)
        .execute(row)
        .await
        .map(drop)
}
