//! Confidential services: their own people, under their own pseudonyms, in logs of their own.
//!
//! This crate may not know a person of the shared network, and nothing of the shared network may
//! hold a key that joins it. What comes in is a slip that the person holds; what goes out is what
//! she reads with it, and by her agreement one of three words ([`Sealed::state_of`]).

mod desk;
mod http;
pub mod path;
mod policy;
mod slip;
mod veil;

use std::collections::BTreeMap;

use time::OffsetDateTime;
use trama_events::ids::OrganisationId;
use trama_events::referrals::ExternalState;
use trama_events::sealed::SealedKey;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::log::{self, Due, Feed, Log};
use trama_platform::sealing::Sealing;
use trama_platform::servers::Servers;
use trama_platform::{Failure, Never};
use utoipa_axum::router::OpenApiRouter;

use path::{ANSWER_BY, Path, PathCommand, Rejection};
use slip::Slip;
use veil::Veil;

pub use slip::NotASlip;

/// Most deadlines in one look.
const DEADLINES_MAX: i64 = 200;

/// Every sealed log of this installation, opened for writing.
#[derive(Debug, Clone)]
pub struct Sealed {
    sealing: Sealing,
    logs: BTreeMap<SealedKey, One>,
    clock: Clock,
}

/// One sealed organisation's log.
#[derive(Debug, Clone)]
struct One {
    log: Log<SealedKey>,
    feed: Feed<SealedKey>,
    veil: Veil,
}

impl Sealed {
    /// Opens the logs of the sealed organisations. Without any, every door answers as for what does
    /// not exist.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        let one = |key| {
            let log = Log::open(servers, key, clock.clone());
            let (feed, veil) = (Feed::open(servers, key), Veil::new(&servers.sealing, key));
            (key, One { log, feed, veil })
        };
        let logs = servers.sealing.keys().map(one).collect();
        Self { sealing: servers.sealing.clone(), logs, clock }
    }

    /// The logs, for their relays.
    pub fn logs(&self) -> impl Iterator<Item = &Log<SealedKey>> {
        self.logs.values().map(|one| &one.log)
    }

    /// The doors, under `/api/sealed`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    /// What the network may know of the path that a slip opened, by its holder's agreement; `None`
    /// for every other text and for a slip that nobody handed in.
    ///
    /// Asking leaves no trace on the sealed side. Who keeps the answer keeps the day and not the
    /// moment, and nothing of the slip: the shared record must not hold a key either (ADR 19).
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] or [`Failure::Fault`].
    pub async fn state_of(&self, slip: &str) -> Result<Option<ExternalState>, Failure<Never>> {
        Ok(self.path_of(slip).await?.map(|path| path.external()))
    }

    /// Keeps the deadlines that are due in every sealed log.
    pub async fn keep_deadlines(&self) {
        for one in self.logs.values() {
            if let Err(error) = self.deadlines_of(one).await {
                // No key of a log in the machine's common log: that would be a count of activity.
                tracing::warn!(%error, "deadlines of a sealed log cannot be kept now");
            }
        }
    }

    /// Claims and timers of a sealed log that are not what its events say, in one line each.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn kept_differences(servers: &Servers, key: SealedKey) -> sqlx::Result<Vec<String>> {
        log::kept_differences_in::<Path>(servers, key).await
    }

    async fn deadlines_of(&self, one: &One) -> Result<(), Failure<Rejection>> {
        let mut last: Option<Due> = None;
        loop {
            let page = one.log.due(last.as_ref(), DEADLINES_MAX).await?;
            let now = self.clock.now();
            for due in page.iter().filter(|due| due.name == ANSWER_BY) {
                let remind = PathCommand::Remind { now };
                one.log.ask::<Path>(&due.asked(now), due.aggregate_id, remind).await?;
            }
            match page.into_iter().last() {
                Some(due) => last = Some(due),
                None => return Ok(()),
            }
        }
    }

    /// The log of an organisation, or the answer for what does not exist.
    fn of<R>(&self, organisation: OrganisationId) -> Result<&One, Failure<R>> {
        let key = self.sealing.key_of(organisation);
        key.and_then(|key| self.logs.get(&key)).ok_or(Failure::Denied)
    }

    /// The path that a slip opened, in whichever log.
    async fn path_of(&self, slip: &str) -> Result<Option<Path>, Failure<Never>> {
        let Ok(slip) = slip.parse::<Slip>() else { return Ok(None) };
        let made = |key: &&SealedKey| slip.is_for(&self.sealing, **key);
        let Some((key, one)) =
            self.logs.keys().find(made).and_then(|key| self.logs.get_key_value(key))
        else {
            return Ok(None);
        };
        let spent = slip.spent(&self.sealing, *key);
        let Some(id) = one.log.holder(path::SLIP, &spent).await? else { return Ok(None) };
        let (path, _) = one.log.load::<Path>(id).await.map_err(without_refusal)?;
        Ok(Some(path))
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }
}

/// Loading refuses nothing.
fn without_refusal(failure: Failure<Rejection>) -> Failure<Never> {
    match failure {
        Failure::Unavailable => Failure::Unavailable,
        Failure::Unknown => Failure::Unknown,
        Failure::Fault(error) => Failure::Fault(error),
        Failure::Denied | Failure::Rejected(_) => Failure::Denied,
        Failure::Stale => Failure::Stale,
        Failure::Outdated => Failure::Outdated,
        Failure::KeyReused => Failure::KeyReused,
    }
}
