use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tokio::sync::mpsc;
use tokio::time::timeout;
use trama_events::envelope::Recorded;
use trama_events::{Context, Reading};
use uuid::Uuid;

use super::consume::{Carried, consume};
use super::model::{self, Positions};
use super::parked::{park, subjects};
use super::{ApplyError, Model, Read};
use crate::clock::pause;
use crate::hints::{self, Hint};
use crate::log::Feed;
use crate::servers::{PgRole, Servers};

/// Most events in one transaction.
const BATCH_MAX: usize = 500;
/// How often an event may fail alone before its subject is parked.
const FAILURES_MAX: i32 = 5;
/// How long a follower in trouble waits before it tries again.
const START_OVER: Duration = Duration::from_millis(250);
/// This often the log itself is asked whether something is missing.
const QUIET_MAX: Duration = Duration::from_secs(2);

/// Keeps one model up to date. Any number of them may run for the same model at once.
pub struct Follower {
    servers: Servers,
    model: Arc<dyn Model>,
    feeds: HashMap<Context, Feed>,
    nats: async_nats::Client,
}

/// Why a follower stopped for good: it must be upgraded first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{model} stopped before {context}/{position}: {event_type} version {version} is newer than this release"
)]
pub struct Stopped {
    model: String,
    context: Context,
    position: i64,
    event_type: String,
    version: String,
}

enum Trouble {
    /// Try the same again later.
    Outage(String),
    /// A batch failed: go on one by one.
    Batch(String),
    Stopped(Stopped),
}

impl From<sqlx::Error> for Trouble {
    /// Errors of the model's own books: its schema may have been swapped, or the server is down.
    fn from(error: sqlx::Error) -> Self {
        Self::Outage(error.to_string())
    }
}

impl Follower {
    /// A follower of a model.
    pub fn new(servers: &Servers, model: Arc<dyn Model>, nats: async_nats::Client) -> Self {
        let feeds =
            model.contexts().iter().map(|context| (*context, Feed::open(servers, *context)));
        Self { servers: servers.clone(), feeds: feeds.collect(), model, nats }
    }

    /// Runs for ever, unless an event is newer than this release.
    ///
    /// # Errors
    ///
    /// [`Stopped`]; nothing was skipped.
    pub async fn run(self) -> Result<(), Stopped> {
        let (to, mut carried) = mpsc::channel(BATCH_MAX * 2);
        for context in self.model.contexts() {
            tokio::spawn(consume(self.nats.clone(), self.model.name(), *context, to.clone()));
        }
        drop(to);
        loop {
            match self.follow(&mut carried).await {
                Trouble::Stopped(stopped) => {
                    self.note_stop(&stopped).await;
                    return Err(stopped);
                }
                Trouble::Outage(why) | Trouble::Batch(why) => {
                    tracing::warn!(model = self.model.name(), why, "follower starts over");
                }
            }
            pause(START_OVER).await;
        }
    }

    async fn follow(&self, carried: &mut mpsc::Receiver<Carried>) -> Trouble {
        match self.follow_until_trouble(carried).await {
            Err(trouble) => trouble,
            Ok(()) => Trouble::Outage("the streams ended".into()),
        }
    }

    async fn follow_until_trouble(
        &self,
        carried: &mut mpsc::Receiver<Carried>,
    ) -> Result<(), Trouble> {
        let mut rows = self.connect().await?;
        let mut positions = model::positions(&mut rows).await?;
        loop {
            // At first, and then every so often whatever the broker brings: one context's silence
            // must show while another is busy.
            self.look_at_logs(&mut rows, &mut positions).await?;
            let look_again = Instant::now() + QUIET_MAX;
            while let Some(left) = look_again.checked_duration_since(Instant::now()) {
                let mut batch = Vec::new();
                match timeout(left, carried.recv_many(&mut batch, BATCH_MAX)).await {
                    Ok(0) => return Ok(()),
                    Ok(_) => self.take(&mut rows, &mut positions, batch).await?,
                    Err(_) => break,
                }
            }
        }
    }

    async fn connect(&self) -> Result<PgConnection, Trouble> {
        let mut rows =
            PgConnection::connect_with(&self.servers.options(PgRole::Projections)).await?;
        model::create(&mut rows, self.model.as_ref(), self.model.name()).await?;
        model::enter(&mut rows, self.model.name()).await?;
        let name = self.model.name();
        if !model::fits(&mut rows, self.model.as_ref(), name).await? {
            let why = format!("{name} was built by another release: run trama replay {name}");
            sqlx::query("update model set stopped = $1").bind(&why).execute(&mut rows).await?;
            return Err(Trouble::Outage(why));
        }
        Ok(rows)
    }

    /// Takes what came by the broker: sorted by context and position, the known left out, what is
    /// missing fetched from the log.
    async fn take(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        batch: Vec<Carried>,
    ) -> Result<(), Trouble> {
        let mut by_context: BTreeMap<Context, BTreeMap<i64, Carried>> = BTreeMap::new();
        for carried in batch {
            let (context, position) = (carried.recorded.context, carried.recorded.position);
            by_context.entry(context).or_default().insert(position, carried);
        }
        for (context, carried) in by_context {
            let events: Vec<Recorded> = carried.values().map(|c| c.recorded.clone()).collect();
            self.take_context(rows, positions, context, events).await?;
            if let Some((_, last)) = carried.into_iter().next_back() {
                last.done().await;
            }
        }
        Ok(())
    }

    async fn take_context(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        context: Context,
        events: Vec<Recorded>,
    ) -> Result<(), Trouble> {
        let known = positions.get(&context).copied().unwrap_or(0);
        let mut next: Vec<Recorded> =
            events.into_iter().filter(|event| event.position > known).collect();
        let Some(last) = next.last().map(|event| event.position) else { return Ok(()) };
        let gapless =
            next.iter().zip(known + 1..).all(|(event, expected)| event.position == expected);
        if gapless {
            return self.write(rows, positions, context, std::mem::take(&mut next)).await;
        }
        while positions.get(&context).copied().unwrap_or(0) < last {
            if self.fetch(rows, positions, context).await? == 0 {
                return Err(Trouble::Outage("the stream is ahead of the log".into()));
            }
        }
        Ok(())
    }

    /// One page from the log itself.
    async fn fetch(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        context: Context,
    ) -> Result<usize, Trouble> {
        let known = positions.get(&context).copied().unwrap_or(0);
        let Some(feed) = self.feeds.get(&context) else { return Ok(0) };
        let page = feed.after(known, i64::try_from(BATCH_MAX).unwrap_or(i64::MAX)).await?;
        let fetched = page.len();
        if fetched > 0 {
            self.write(rows, positions, context, page).await?;
        }
        Ok(fetched)
    }

    /// The broker may be silent because there is nothing, or because something was lost.
    async fn look_at_logs(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
    ) -> Result<(), Trouble> {
        for context in self.model.contexts() {
            while self.fetch(rows, positions, *context).await? == BATCH_MAX {}
        }
        Ok(())
    }

    /// Writes events of one context in one transaction; when that fails, each on its own.
    async fn write(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        context: Context,
        events: Vec<Recorded>,
    ) -> Result<(), Trouble> {
        match self.write_batch(rows, positions, context, &events, None).await {
            Err(Trouble::Batch(why)) if events.len() > 1 => {
                tracing::debug!(model = self.model.name(), why, "a batch failed: one by one");
                for event in &events {
                    self.write_alone(rows, positions, context, event).await?;
                }
                Ok(())
            }
            Err(Trouble::Batch(_)) => match events.first() {
                Some(event) => self.write_alone(rows, positions, context, event).await,
                None => Ok(()),
            },
            outcome => outcome,
        }
    }

    async fn write_alone(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        context: Context,
        event: &Recorded,
    ) -> Result<(), Trouble> {
        let alone = std::slice::from_ref(event);
        let mut reason = String::new();
        for _ in 0..FAILURES_MAX {
            match self.write_batch(rows, positions, context, alone, None).await {
                Err(Trouble::Batch(why)) => reason = why,
                outcome => return outcome,
            }
        }
        tracing::error!(
            model = self.model.name(),
            event = event.id(),
            reason,
            "parked its subject"
        );
        self.write_batch(rows, positions, context, alone, Some(&reason)).await
    }

    /// One transaction. With a `park_reason` the events are put aside instead of taken.
    async fn write_batch(
        &self,
        rows: &mut PgConnection,
        positions: &mut Positions,
        context: Context,
        events: &[Recorded],
        park_reason: Option<&str>,
    ) -> Result<(), Trouble> {
        let (now, parked) = model::begin(&mut *rows, self.model.name()).await?;
        *positions = now;
        let waiting = if parked { subjects(&mut *rows).await? } else { BTreeSet::new() };
        let known = positions.get(&context).copied().unwrap_or(0);
        match self.apply(&mut *rows, known, &waiting, events, park_reason).await {
            Ok((last, hints)) => {
                model::commit(&mut *rows, context, last).await?;
                positions.insert(context, last);
                hints::tell(&self.nats, &hints).await;
                Ok(())
            }
            Err(trouble) => {
                model::run(rows, "rollback").await?;
                Err(trouble)
            }
        }
    }

    async fn apply(
        &self,
        rows: &mut PgConnection,
        known: i64,
        waiting: &BTreeSet<Uuid>,
        events: &[Recorded],
        park_reason: Option<&str>,
    ) -> Result<(i64, Vec<Hint>), Trouble> {
        let fresh: Vec<&Recorded> = events.iter().filter(|event| event.position > known).collect();
        let mut last_taken = known;
        if fresh.first().is_some_and(|first| first.position != known + 1) {
            return Err(Trouble::Outage("another follower is elsewhere".into()));
        }
        let mut batch = Vec::with_capacity(fresh.len());
        for event in fresh {
            let behind = waiting.contains(&event.subject_key());
            if behind || park_reason.is_some() {
                park(&mut *rows, event, park_reason.filter(|_| !behind), FAILURES_MAX).await?;
                last_taken = event.position;
                continue;
            }
            match self.read(event) {
                // What is before it is taken first; the next batch then begins with it.
                Err(Trouble::Stopped(_)) if last_taken > known => break,
                read => batch.extend(read?),
            }
            last_taken = event.position;
        }
        self.model.apply_all(&mut *rows, &batch).await.map_err(|error| trouble(&error))?;
        let hints = self.note(rows, &batch).await?;
        Ok((last_taken, hints))
    }

    fn read(&self, event: &Recorded) -> Result<Option<Read>, Trouble> {
        match event.read() {
            Reading::Known(known) => Ok(Some(Read { recorded: event.clone(), event: *known })),
            Reading::Unreadable(why) => {
                Err(Trouble::Batch(format!("{} cannot be read: {why}", event.id())))
            }
            Reading::Newer => Err(Trouble::Stopped(Stopped {
                model: self.model.name().into(),
                context: event.context,
                position: event.position,
                event_type: event.event_type.clone(),
                version: event.version.clone(),
            })),
        }
    }

    async fn note(&self, rows: &mut PgConnection, batch: &[Read]) -> Result<Vec<Hint>, Trouble> {
        let Some(context) = batch.first().map(|read| read.recorded.context) else {
            return Ok(Vec::new());
        };
        let topics =
            self.model.touched(&mut *rows, batch).await.map_err(|error| trouble(&error))?;
        if topics.is_empty() {
            return Ok(Vec::new());
        }
        let version = model::note(rows, context, &topics).await?;
        let projection = self.model.name().to_owned();
        let hint = |(topic, position)| Hint {
            topic,
            context,
            position,
            projection: projection.clone(),
            version,
        };
        Ok(topics.into_iter().map(hint).collect())
    }

    async fn note_stop(&self, stopped: &Stopped) {
        tracing::error!(%stopped, "follower stopped");
        let Ok(mut rows) = self.connect().await else { return };
        let noted = sqlx::query("update model set stopped = $1").bind(stopped.to_string());
        if let Err(error) = noted.execute(&mut rows).await {
            tracing::warn!(%error, "the stop could not be noted");
        }
    }
}

fn trouble(error: &ApplyError) -> Trouble {
    if error.is_outage() {
        Trouble::Outage(error.to_string())
    } else {
        Trouble::Batch(error.to_string())
    }
}
