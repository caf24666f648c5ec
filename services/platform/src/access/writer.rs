use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sqlx::types::Json;
use sqlx::{Connection, PgConnection, Row as _};
use time::OffsetDateTime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

use super::NotLogged;
use super::entry::{Entry, ROWS_MAX};
use crate::clock::{pause, random_id};
use crate::log::is_outage;
use crate::servers::{PgRole, Servers};
use crate::surnames::{Pair, Patient, Surnames};

/// Most rows in one transaction, unless one page alone has more.
const BATCH_ROWS_MAX: usize = 200;
/// Most rows that wait; more are refused.
const QUEUE_ROWS_MAX: usize = 10_000;
/// Longest wait for a row to be durable; then the page is not shown.
const WAIT_MAX: Duration = Duration::from_secs(2);
/// Pauses between tries to reach the database.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(200)];

/// Where rows came to stand. When this is in hand, they are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Position of the first row.
    pub first_position: i64,
    /// Position of the last.
    pub last_position: i64,
    /// The moment of writing, by the database's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub written_at: OffsetDateTime,
}

struct Waiting {
    entries: Vec<Entry>,
    answer: oneshot::Sender<Result<Written, NotLogged>>,
    /// Its share of the queue, given back when it is dropped.
    _room: OwnedSemaphorePermit,
}

/// The access log of this process. Pages that are there at the same time are committed together;
/// nobody waits for company.
#[derive(Debug, Clone)]
pub struct AccessLog {
    queue: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("rows", &self.entries.len()).finish_non_exhaustive()
    }
}

impl AccessLog {
    /// Starts the writer. It ends when the last handle is dropped. Of no row it says whether worker
    /// and person have the same surname.
    pub fn open(servers: &Servers) -> Self {
        Self::start(servers, None)
    }

    /// The same, where somebody compares surnames: once for all rows that are committed together.
    pub fn comparing(servers: &Servers, surnames: Arc<dyn Surnames>) -> Self {
        Self::start(servers, Some(Patient::with(surnames)))
    }

    fn start(servers: &Servers, surnames: Option<Patient>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_ROWS_MAX);
        let servers = servers.clone();
        let desk = Desk { servers, process: random_id(), number: 0, connection: None, surnames };
        tokio::spawn(desk.run(waiting));
        Self { queue, room: Arc::new(Semaphore::new(QUEUE_ROWS_MAX)) }
    }

    /// Records one page about one person. Only an answer without error lets the page leave.
    ///
    /// # Errors
    ///
    /// [`NotLogged`], at the latest after 2 seconds: nothing may be shown.
    pub async fn write(&self, entry: Entry) -> Result<Written, NotLogged> {
        self.write_all(vec![entry]).await
    }

    /// Records one page about several people, 1 to 500 rows: all of them, or none.
    ///
    /// # Errors
    ///
    /// As [`AccessLog::write`].
    pub async fn write_all(&self, entries: Vec<Entry>) -> Result<Written, NotLogged> {
        if entries.is_empty() || entries.len() > ROWS_MAX {
            return Err(NotLogged::Malformed("the number of rows"));
        }
        entries.iter().try_for_each(Entry::check)?;
        let rows = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let room = self.room.clone().try_acquire_many_owned(rows).map_err(|_| NotLogged::Full)?;
        let (answer, written) = oneshot::channel();
        let waiting = Waiting { entries, answer, _room: room };
        self.queue.try_send(waiting).map_err(|_| NotLogged::NoAnswer)?;
        match timeout(WAIT_MAX, written).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(NotLogged::NoAnswer),
        }
    }
}

struct Desk {
    servers: Servers,
    /// Under which name the database remembers what this process wrote last.
    process: Uuid,
    number: i64,
    connection: Option<PgConnection>,
    surnames: Option<Patient>,
}

impl Desk {
    async fn run(mut self, mut queue: mpsc::Receiver<Waiting>) {
        let mut held = None;
        loop {
            let first = match held.take() {
                Some(waiting) => waiting,
                None => match queue.recv().await {
                    Some(waiting) => waiting,
                    None => return,
                },
            };
            let mut rows = first.entries.len();
            let mut batch = vec![first];
            while rows < BATCH_ROWS_MAX
                && let Ok(next) = queue.try_recv()
            {
                rows += next.entries.len();
                if rows > BATCH_ROWS_MAX {
                    held = Some(next);
                } else {
                    batch.push(next);
                }
            }
            // Whoever has gone shows nothing, and so has nothing to record.
            batch.retain(|waiting| !waiting.answer.is_closed());
            if !batch.is_empty() {
                self.compare(&mut batch).await;
                self.commit(batch).await;
            }
        }
    }

    /// What cannot be compared is written all the same, as not known.
    async fn compare(&self, batch: &mut [Waiting]) {
        let Some(surnames) = &self.surnames else { return };
        let entries = batch.iter_mut().flat_map(|waiting| &mut waiting.entries);
        let (rows, pairs): (Vec<&mut Entry>, Vec<Pair>) =
            entries.filter_map(|entry| entry.to_compare().map(|pair| (entry, pair))).unzip();
        if pairs.is_empty() {
            return;
        }
        let same = surnames.same(&pairs).await;
        for (row, same) in rows.into_iter().zip(same) {
            row.same_surname = same;
        }
    }

    async fn commit(&mut self, batch: Vec<Waiting>) {
        let all: Vec<&Waiting> = batch.iter().collect();
        let outcomes = match self.hand_over(&all).await {
            // A row that PostgreSQL cannot take must not cost the others theirs.
            Err(NotLogged::Refused(_)) if batch.len() > 1 => self.one_by_one(&all).await,
            Err(error) => vec![Err(error); batch.len()],
            Ok(written) => written.into_iter().map(Ok).collect(),
        };
        for (waiting, outcome) in batch.into_iter().zip(outcomes) {
            if waiting.answer.send(outcome).is_err() {
                tracing::debug!("the one who asked has gone; what was written stays");
            }
        }
    }

    async fn one_by_one(&mut self, all: &[&Waiting]) -> Vec<Result<Written, NotLogged>> {
        let mut outcomes = Vec::with_capacity(all.len());
        for one in all {
            let written = self.hand_over(&[*one]).await;
            outcomes.push(written.and_then(|mut w| w.pop().ok_or(NotLogged::NoAnswer)));
        }
        outcomes
    }

    /// After a broken connection the same batch is handed over again under its own number: when it
    /// was written, it finds itself, and an earlier try that still runs is waited for.
    async fn hand_over(&mut self, calls: &[&Waiting]) -> Result<Vec<Written>, NotLogged> {
        self.number += 1;
        let entries: Vec<&Entry> = calls.iter().flat_map(|call| &call.entries).collect();
        let deadline = Instant::now() + WAIT_MAX;
        let [mut rest, rest_max] = PAUSES;
        loop {
            match timeout_at(deadline, self.once(&entries)).await {
                Ok(Ok((first, written_at))) => return Ok(places(first, written_at, calls)),
                Ok(Err(error)) if is_outage(&error) => {
                    tracing::warn!(%error, "the access log's connection broke");
                    self.connection = None;
                }
                Ok(Err(error)) => return Err(NotLogged::Refused(code_of(&error))),
                Err(_) => {
                    self.connection = None;
                    return Err(NotLogged::NoAnswer);
                }
            }
            pause(rest).await;
            rest = (rest * 2).min(rest_max);
        }
    }

    async fn once(&mut self, entries: &[&Entry]) -> sqlx::Result<(i64, OffsetDateTime)> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => PgConnection::connect_with(&self.servers.options(PgRole::Access)).await?,
        };
        // Taken out and put back: a connection whose answer was not waited for is not used again.
        let mut connection = connection;
        let write = "select first_position, inserted_at from access.write($1, $2, $3)";
        let query = sqlx::query(write).bind(self.process).bind(self.number).bind(Json(entries));
        // It reads until the server is ready again: that is after the commit, not after the row.
        let row = query.fetch_one(&mut connection).await;
        self.connection = Some(connection);
        let row = row?;
        Ok((row.try_get("first_position")?, row.try_get("inserted_at")?))
    }
}

/// Which rows of a batch are whose.
fn places(first: i64, written_at: OffsetDateTime, calls: &[&Waiting]) -> Vec<Written> {
    let place = |next: &mut i64, call: &&Waiting| {
        let first_position = *next;
        *next += i64::try_from(call.entries.len()).unwrap_or(0);
        Some(Written { first_position, last_position: *next - 1, written_at })
    };
    calls.iter().scan(first, place).collect()
}

/// What may be said of a database error: its code and the rule that was broken, not the row.
fn code_of(error: &sqlx::Error) -> String {
    let Some(error) = error.as_database_error() else { return "no answer that we know".into() };
    let code = error.code().unwrap_or_default().into_owned();
    error.constraint().map_or(code.clone(), |constraint| format!("{code} {constraint}"))
}
