//! `/api/system`: how the installation is, for whoever runs it. No person is in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use trama_events::codes::Role;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::broker::{Asking, Broker};
use super::parked::{self, ParkedGroup};
use super::rebuild::{self, Rebuilding};
use super::store::{self, Store};
use super::{Looker, Status};
use crate::doors::{Action, Door, Doors, Gate, Order};
use crate::failure::{Failure, Never, Problem};
use crate::follow::{self, Model};
use crate::servers::{PgRole, Servers};

/// Most groups of parked events in an answer.
const PARKED_MAX: usize = 100;

/// Looking at the installation.
const READ: Action = Action {
    name: "system.read",
    roles: &[Role::Administrator],
    why: "whoever runs the machine sees how it is; nothing of it is about a person",
    second_factor: false,
};

/// Trying parked events again.
const RETRY: Action = Action {
    name: "system.retry",
    roles: &[Role::Administrator],
    why: "after the cause was removed, whoever runs the machine has events tried again; she sees none",
    second_factor: false,
};

/// The installation, to be looked at again and again. Cheap to clone.
#[derive(Clone)]
pub struct Installation {
    servers: Servers,
    looker: Looker,
    rows: PgPool,
    access: PgPool,
    broker: Asking,
    models: Arc<Vec<Arc<dyn Model>>>,
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").field("models", &self.models.len()).finish_non_exhaustive()
    }
}

/// How the whole installation is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Whole {
    /// Health, logs and models.
    #[serde(flatten)]
    pub status: Status,
    /// Version of the product.
    pub release: String,
    /// Rebuilds, running or interrupted.
    pub rebuilding: Vec<Rebuilding>,
    /// Models that can be rebuilt.
    pub rebuildable: Vec<String>,
    /// What is parked, at most 100 groups.
    pub parked: Vec<ParkedGroup>,
    /// The database.
    pub store: Store,
    /// The broker; none while it is not reachable.
    pub broker: Option<Broker>,
}

impl Installation {
    /// An installation with these models. It connects when it is first looked at.
    pub fn open(servers: &Servers, models: Vec<Arc<dyn Model>>) -> Self {
        let mut names: Vec<&'static str> = models.iter().map(|model| model.name()).collect();
        names.sort_unstable();
        Self {
            servers: servers.clone(),
            looker: Looker::open(servers, names),
            rows: servers.pool(PgRole::Projections, 2),
            access: servers.pool(PgRole::AccessReader, 1),
            broker: Asking::open(servers),
            models: Arc::new(models),
        }
    }

    /// The doors, under `/api/system`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(READ, routes!(read)).door(RETRY, routes!(retry)).finish(self.clone())
    }

    /// Looks at everything.
    ///
    /// # Errors
    ///
    /// When the database cannot be read. That the broker is not reachable is a part of the answer.
    pub async fn look(&self) -> sqlx::Result<Whole> {
        let (status, broker) = tokio::join!(self.looker.look(), self.broker.broker());
        let mut status = status?;
        if broker.is_none() {
            status.troubles.push("nats-server does not answer".to_owned());
            status.health = if status.health == "ok" { "warning" } else { status.health };
        }
        let mut rows = self.rows.acquire().await?;
        let (mut rebuilding, mut parked) = (Vec::new(), Vec::new());
        for model in status.projections.iter().filter(|model| model.built) {
            let name = &model.projection;
            rebuilding.extend(rebuild::rebuilding(&mut rows, &self.looker.feeds, name).await?);
            if model.parked_events > 0 {
                parked.extend(parked::groups(&mut rows, name).await?);
            }
        }
        parked.truncate(PARKED_MAX);
        let mut access = self.access.acquire().await?;
        let store = store::store(&mut rows, &mut access).await?;
        let release = env!("CARGO_PKG_VERSION").to_owned();
        let rebuildable = self.rebuildable();
        Ok(Whole { status, release, rebuilding, rebuildable, parked, store, broker })
    }

    fn rebuildable(&self) -> Vec<String> {
        let able = self.models.iter().filter(|model| model.is_rebuildable());
        let mut names: Vec<String> = able.map(|model| model.name().to_owned()).collect();
        names.sort_unstable();
        names
    }

    /// Tries again what waits behind one event; whether it went through. Nothing is there to try
    /// when somebody else was faster.
    async fn retry(&self, projection: &str, first: &str) -> Result<bool, Problem> {
        let model = self.models.iter().find(|model| model.name() == projection);
        let model = model.ok_or_else(not_parked)?;
        let unread = |error| Problem::from(Failure::<Never>::from(error));
        let mut rows = self.rows.acquire().await.map_err(unread)?;
        if follow::health(&mut rows, projection).await.map_err(unread)?.is_none() {
            return Err(not_parked());
        }
        let subject = parked::subject_of(&mut rows, projection, first).await.map_err(unread)?;
        let subject = subject.ok_or_else(not_parked)?;
        drop(rows);
        let tried = follow::retry(&self.servers, model.as_ref(), Some(subject)).await;
        let (healed, _) = tried.map_err(unread)?;
        Ok(healed > 0)
    }
}

fn not_parked() -> Problem {
    let detail = "no event of this name waits in this model any more: look again";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_parked", detail)
}

/// How the installation is: logs, models, what is parked, rebuilds, stores.
#[utoipa::path(get, path = "/api/system/state", tag = "system",
    responses((status = 200, body = Whole)))]
async fn read(State(installation): State<Installation>) -> Result<Json<Whole>, Problem> {
    let whole = installation.look().await.map_err(Failure::<Never>::from)?;
    Ok(Json(whole))
}

/// Which parked events to try again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RetryForm {
    /// The model.
    projection: String,
    /// The event that failed: `<context>/<position>`.
    first: String,
}

/// What came of trying.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct Retried {
    /// Whether everything that waited behind it was taken.
    healed: bool,
}

/// Tries again what waits behind one event: all of it, in order, or none.
#[utoipa::path(post, path = "/api/system/parked/retry", tag = "system", request_body = RetryForm,
    responses((status = 200, body = Retried)))]
async fn retry(
    State(installation): State<Installation>,
    order: Order<RetryForm>,
) -> Result<Json<Retried>, Problem> {
    let RetryForm { projection, first } = order.body;
    let healed = installation.retry(&projection, &first).await?;
    Ok(Json(Retried { healed }))
}
