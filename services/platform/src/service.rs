//! What a context is to the executable that runs it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use time::OffsetDateTime;
use utoipa_axum::router::OpenApiRouter;

use crate::doors::{Door, Gate};
use crate::failure::Problem;
use crate::follow::Model;
use crate::log::{Due, Log};
use crate::servers::Servers;

/// The future of [`Service::on_due`].
pub type Followed<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

/// The future of [`Service::kept_differences`].
pub type Compared<'a> = Pin<Box<dyn Future<Output = sqlx::Result<Vec<String>>> + Send + 'a>>;

/// A context, ready to run.
pub trait Service: Send + Sync + 'static {
    /// Its log.
    fn log(&self) -> &Log;

    /// Its doors, under `/api/<context>`.
    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>);

    /// Its small copies of other contexts' facts, and its reactions to their events.
    fn models(&self) -> Vec<Arc<dyn Model>>;

    /// Claims and timers that are not what the events say, in one line each.
    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a>;

    /// What follows when a timer of one of its aggregates is due.
    fn on_due<'a>(&'a self, due: &'a Due, now: OffsetDateTime) -> Followed<'a>;
}
