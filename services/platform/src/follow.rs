//! Followers: read models and reactions, each event in each exactly once, whatever the broker does.
//!
//! A model lives in a schema of its own name. Its rows, its positions and what is parked are
//! written in one transaction; a rebuild makes a second schema beside it and swaps names.

mod consume;
mod fence;
mod follower;
mod lag;
mod model;
mod parked;
mod rebuild;
mod verify;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use sqlx::PgConnection;
use trama_events::envelope::Recorded;
use trama_events::{Context, Event};

pub use fence::Fence;
pub use follower::{Follower, Stopped};
pub use lag::Lag;
pub use model::{Changed, Health, changed_since, health};
pub use parked::{ParkedSubject, parked, parked_events, retry};
pub use rebuild::{Progress, fold, rebuild};
pub use verify::{Verdict, verify};

/// An event as a model gets it: where it stands, and what it says.
#[derive(Debug, Clone)]
pub struct Read {
    /// Place in the log, who, when, why.
    pub recorded: Recorded,
    /// What happened.
    pub event: Event,
}

/// Why a model could not take an event.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database; an outage is waited for, anything else counts as a failure of the event.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// Somebody who must be asked cannot be reached: waited for.
    #[error("not reachable now: {0}")]
    Unavailable(String),
    /// The event as such cannot be taken.
    #[error("{0}")]
    Poison(String),
}

impl ApplyError {
    /// Whether to wait and try the same again, without counting.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Sql(error) => crate::log::is_outage(error) || is_misfit(error),
            Self::Unavailable(_) => true,
            Self::Poison(_) => false,
        }
    }
}

/// Whether a statement does not fit the tables: a fault of the release, of no event. It waits for a
/// replay or an upgrade and parks nobody.
fn is_misfit(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["42", "0A", "25"].iter().any(|class| code.starts_with(class)))
}

/// The future of [`Model::apply`].
pub type Applied<'a> = Pin<Box<dyn Future<Output = Result<(), ApplyError>> + Send + 'a>>;

/// The future of [`Model::touched`]: topic and position.
pub type Touched<'a> =
    Pin<Box<dyn Future<Output = Result<BTreeMap<String, i64>, ApplyError>> + Send + 'a>>;

/// A read model, a small copy of foreign facts, or a reaction.
///
/// Its rows must be the same for every interleaving of the contexts' logs: a row may depend on
/// the order inside one context only. What joins contexts is joined when it is read.
pub trait Model: Send + Sync + 'static {
    /// Name of the model and of its schema.
    fn name(&self) -> &'static str;

    /// Contexts whose whole logs it reads.
    fn contexts(&self) -> &'static [Context];

    /// Its tables, with unqualified names.
    fn tables(&self) -> &'static str;

    /// Roles that may read its tables: the one under which doors read, inside the fences alone.
    fn readers(&self) -> &'static [&'static str] {
        &["reader"]
    }

    /// Which rows are there for the role under which doors read. What is not named here is not
    /// readable for it.
    fn fences(&self) -> Vec<Fence> {
        Vec::new()
    }

    /// Takes one event: rows only, no effect outside the transaction of `rows`.
    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a>;

    /// Takes a batch, in the order of positions of one context.
    fn apply_all<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Applied<'a> {
        Box::pin(async move {
            for read in batch {
                self.apply(&mut *rows, read).await?;
            }
            Ok(())
        })
    }

    /// Topics that change with an event, in letters, digits, `-`, `_` and `/`.
    fn topics(&self, read: &Read) -> Vec<String> {
        let _ = read;
        Vec::new()
    }

    /// Topics that change with a batch, each with the last position that touched it. Asked after
    /// the batch was taken, in its transaction, so that rows may be read to find them.
    fn touched<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Touched<'a> {
        let _ = rows;
        let topic_of = |read: &'a Read| {
            let position = read.recorded.position;
            self.topics(read).into_iter().map(move |topic| (topic, position))
        };
        let touched = batch.iter().flat_map(topic_of).collect();
        Box::pin(async move { Ok(touched) })
    }

    /// Whether it is a function of the logs alone, so that it can be rebuilt and verified. A
    /// reaction is not: it asks an aggregate, once, by a deterministic command id.
    fn is_rebuildable(&self) -> bool {
        true
    }
}
