use std::collections::HashSet;
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::append::{self, Commit, Outcome};
use super::is_outage;
use super::name::LogName;
use crate::clock::{Clock, pause};
use crate::servers::{PgRole, Servers};

/// Most commits in one transaction.
const BATCH_MAX: usize = 256;
/// Most commits that wait; more are refused with "try again".
const QUEUE_MAX: usize = 2_048;
/// How often a batch is tried anew after the connection broke.
const RECONNECTS_MAX: u32 = 3;
/// Longest wait for a transaction: longer than the server's own limit for a statement.
const APPEND_MAX: Duration = Duration::from_secs(8);
/// Longest wait for a new connection.
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// Why there is no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The queue is full: nothing happened.
    #[error("too many commands are waiting")]
    Full,
    /// The connection broke between commit and answer: it may have happened.
    #[error("the database did not answer")]
    Unknown,
    /// The database refused the commit as such.
    #[error("the log refused the commit: {0}")]
    Refused(String),
}

struct Waiting {
    commit: Commit,
    answer: oneshot::Sender<Result<Outcome, WriteError>>,
}

/// One writer for each log and process. Commands that are there at the same time are
/// committed together.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
    written: watch::Receiver<u64>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting")
            .field("aggregate", &self.commit.aggregate_id)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the writer of a log. It ends when the last handle is dropped.
    pub fn start(servers: &Servers, name: impl LogName, clock: Clock) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let (signal, written) = watch::channel(0);
        let (servers, role) = (servers.clone(), name.writer());
        let desk = Desk { servers, role, clock, connection: None, signal };
        tokio::spawn(desk.run(waiting));
        Self { queue, written }
    }

    /// Writes a commit, together with whatever else is waiting.
    ///
    /// # Errors
    ///
    /// [`WriteError`], each with its own meaning for the caller.
    pub async fn write(&self, commit: Commit) -> Result<Outcome, WriteError> {
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send(Waiting { commit, answer }).map_err(|_| WriteError::Full)?;
        outcome.await.unwrap_or(Err(WriteError::Unknown))
    }

    /// Wakes when something was written by this process.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.written.clone()
    }
}

struct Desk {
    servers: Servers,
    role: PgRole,
    clock: Clock,
    connection: Option<PgConnection>,
    signal: watch::Sender<u64>,
}

impl Desk {
    async fn run(mut self, mut queue: mpsc::Receiver<Waiting>) {
        let mut held: Vec<Waiting> = Vec::new();
        loop {
            if held.is_empty() {
                match queue.recv().await {
                    Some(first) => held.push(first),
                    None => return,
                }
            }
            while held.len() < BATCH_MAX
                && let Ok(next) = queue.try_recv()
            {
                held.push(next);
            }
            let (batch, later) = one_for_each_aggregate(std::mem::take(&mut held));
            held = later;
            self.commit(batch).await;
        }
    }

    async fn commit(&mut self, batch: Vec<Waiting>) {
        let commits: Vec<&Commit> = batch.iter().map(|waiting| &waiting.commit).collect();
        let outcomes = match self.append(&commits).await {
            Err(WriteError::Refused(_)) if batch.len() > 1 => self.one_by_one(&commits).await,
            Err(error) => vec![Err(error); batch.len()],
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
        };
        self.signal.send_modify(|count| *count += 1);
        for (waiting, outcome) in batch.into_iter().zip(outcomes) {
            if waiting.answer.send(outcome).is_err() {
                tracing::debug!("the one who asked has gone; what was written stays");
            }
        }
    }

    /// A commit that `PostgreSQL` cannot even read must not cost the others theirs.
    async fn one_by_one(&mut self, commits: &[&Commit]) -> Vec<Result<Outcome, WriteError>> {
        let mut outcomes = Vec::with_capacity(commits.len());
        for commit in commits {
            let outcome = self.append(&[*commit]).await;
            outcomes.push(outcome.map(|mut outcomes| outcomes.pop().unwrap_or(Outcome::Stale)));
        }
        outcomes
    }

    /// After a broken connection the same batch is handed over again: what was committed meets its
    /// own receipts, so nothing can happen twice, and an append that still runs is waited for,
    /// since it holds the head row.
    async fn append(&mut self, commits: &[&Commit]) -> Result<Vec<Outcome>, WriteError> {
        for attempt in 0..=RECONNECTS_MAX {
            let (recorded, schema) = (self.clock.now(), self.role.name());
            let Some(connection) = self.connected().await else {
                pause(Duration::from_millis(50 << attempt)).await;
                continue;
            };
            let appending = append::append(connection, &schema, recorded, commits);
            let appended = tokio::time::timeout(APPEND_MAX, appending).await;
            match appended.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                Ok(outcomes) => return Ok(outcomes),
                Err(error) if is_outage(&error) => {
                    tracing::warn!(log = schema, %error, "the log's connection broke");
                    self.connection = None;
                }
                Err(error) => return Err(WriteError::Refused(error.to_string())),
            }
        }
        Err(WriteError::Unknown)
    }

    async fn connected(&mut self) -> Option<&mut PgConnection> {
        if self.connection.is_none() {
            let options = self.servers.options(self.role);
            let connecting = PgConnection::connect_with(&options);
            self.connection = tokio::time::timeout(CONNECT_MAX, connecting).await.ok()?.ok();
        }
        self.connection.as_mut()
    }
}

/// At most one commit for each aggregate in a batch; the others come in the next.
fn one_for_each_aggregate(waiting: Vec<Waiting>) -> (Vec<Waiting>, Vec<Waiting>) {
    let mut seen: HashSet<(&'static str, Uuid)> = HashSet::new();
    waiting.into_iter().partition(|w| seen.insert((w.commit.aggregate_type, w.commit.aggregate_id)))
}
