//! How an installation is: positions, lag in seconds, what is parked or stopped; and for whoever runs
//! it, its stores, its broker and rebuilds under way. Nothing of it is about a person.

mod broker;
mod http;
mod parked;
mod rebuild;
mod store;

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use strum::VariantArray;
use trama_events::Context;
use trama_events::sealed::SealedKey;
use utoipa::ToSchema;

use crate::follow;
use crate::log::{Feed, LogName};
use crate::servers::{PgRole, Servers};

pub use broker::{Broker, Stream};
pub use http::{Installation, Whole};
pub use parked::{ParkedGroup, redacted};
pub use rebuild::Rebuilding;
pub use store::Store;

/// Lag from which a model counts as late, in seconds.
const LATE_SECONDS: f64 = 30.0;

/// One log and its relay: a context's, or for `trama status` on the machine a sealed one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogStatus<L = Context> {
    /// The context, or the key of the sealed log.
    #[schema(value_type = String)]
    pub context: L,
    /// Last position in PostgreSQL: the truth.
    pub position: i64,
    /// Last position that the broker has acknowledged.
    pub relayed: i64,
    /// Generation of the stream.
    pub generation: i32,
    /// Age of the oldest event not yet published.
    pub relay_lag_seconds: f64,
}

/// One model.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ModelStatus {
    /// The model.
    pub projection: String,
    /// Whether it was ever built.
    pub built: bool,
    /// Positions, by context.
    #[schema(value_type = Object)]
    pub positions: std::collections::BTreeMap<Context, i64>,
    /// Age of the oldest event that it has not taken.
    pub lag_seconds: f64,
    /// Events behind a failure.
    pub parked_events: i64,
    /// People concerned.
    pub parked_subjects: i64,
    /// Why it stopped, if it did.
    pub stopped: Option<String>,
}

/// How everything is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Status {
    /// Version of this answer's form.
    pub version: u32,
    /// `ok`, `warning` or `critical`.
    pub health: &'static str,
    /// In one line for each trouble.
    pub troubles: Vec<String>,
    /// Logs and relays.
    pub logs: Vec<LogStatus>,
    /// Read models, copies and reactions.
    pub projections: Vec<ModelStatus>,
}

/// Looks at an installation, again and again, over connections that it keeps.
#[derive(Debug, Clone)]
pub struct Looker {
    feeds: Vec<Feed>,
    rows: PgPool,
    models: Vec<&'static str>,
}

impl Looker {
    /// A looker at these models and at every log. It connects when it first looks.
    pub fn open(servers: &Servers, models: Vec<&'static str>) -> Self {
        let feeds = Context::VARIANTS.iter().map(|context| Feed::open(servers, *context)).collect();
        Self { feeds, rows: servers.pool(PgRole::Projections, 2), models }
    }

    /// Whether the database answers at all.
    ///
    /// # Errors
    ///
    /// When it does not, within two seconds.
    pub async fn database_answers(&self) -> sqlx::Result<()> {
        let asking = sqlx::query("select").execute(&self.rows);
        let answered = tokio::time::timeout(std::time::Duration::from_secs(2), asking).await;
        answered.map_err(|_| sqlx::Error::PoolTimedOut)?.map(drop)
    }

    /// Looks at everything.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn look(&self) -> sqlx::Result<Status> {
        let mut logs = Vec::new();
        for feed in &self.feeds {
            logs.push(log(feed).await?);
        }
        let mut rows = self.rows.acquire().await?;
        let mut projections = Vec::new();
        for name in &self.models {
            projections.push(model(&mut rows, &self.feeds, name).await?);
        }
        let troubles = troubles(&logs, &projections);
        let critical = projections.iter().any(|model| model.stopped.is_some());
        let health = match (critical, troubles.is_empty()) {
            (true, _) => "critical",
            (false, true) => "ok",
            (false, false) => "warning",
        };
        Ok(Status { version: 1, health, troubles, logs, projections })
    }
}

/// The sealed logs, for whoever holds the accounts of the machine. No door shows them but that of
/// their own organisation.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn sealed(servers: &Servers) -> sqlx::Result<Vec<LogStatus<SealedKey>>> {
    let mut logs = Vec::new();
    for key in servers.sealing.keys() {
        logs.push(log(&Feed::open(servers, key)).await?);
    }
    Ok(logs)
}

async fn log<L: LogName>(feed: &Feed<L>) -> sqlx::Result<LogStatus<L>> {
    let (relayed, generation) = feed.relayed().await?;
    let relay_lag_seconds = feed.lag_seconds(relayed).await?;
    let (position, context) = (feed.last().await?, feed.context());
    Ok(LogStatus { context, position, relayed, generation, relay_lag_seconds })
}

async fn model(rows: &mut PgConnection, feeds: &[Feed], name: &str) -> sqlx::Result<ModelStatus> {
    let Some(health) = follow::health(rows, name).await? else {
        return Ok(ModelStatus {
            projection: name.into(),
            built: false,
            positions: std::collections::BTreeMap::new(),
            lag_seconds: 0.0,
            parked_events: 0,
            parked_subjects: 0,
            stopped: None,
        });
    };
    let mut lag_seconds: f64 = 0.0;
    for feed in feeds {
        if let Some(position) = health.positions.get(&feed.context()) {
            lag_seconds = lag_seconds.max(feed.lag_seconds(*position).await?);
        }
    }
    Ok(ModelStatus {
        projection: health.projection,
        built: true,
        positions: health.positions,
        lag_seconds,
        parked_events: health.parked_events,
        parked_subjects: health.parked_subjects,
        stopped: health.stopped,
    })
}

fn troubles(logs: &[LogStatus], models: &[ModelStatus]) -> Vec<String> {
    let mut troubles = Vec::new();
    for log in logs.iter().filter(|log| log.relay_lag_seconds > LATE_SECONDS) {
        let (context, lag) = (log.context, log.relay_lag_seconds);
        troubles.push(format!(
            "{context}: events wait {lag:.0} s for the broker; is nats-server running?"
        ));
    }
    for model in models {
        let name = &model.projection;
        if !model.built {
            troubles.push(format!("{name}: not built yet; is a follower running?"));
        }
        if model.lag_seconds > LATE_SECONDS {
            troubles.push(format!("{name}: {:.0} s behind", model.lag_seconds));
        }
        if model.parked_events > 0 {
            let (events, people) = (model.parked_events, model.parked_subjects);
            troubles.push(format!("{name}: {events} events of {people} subjects are parked; see trama parked list {name}"));
        }
        if let Some(why) = &model.stopped {
            troubles.push(format!("{name}: {why}"));
        }
    }
    troubles
}
