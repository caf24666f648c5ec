//! Casework: a service takes responsibility for a person, and both sign what they want to reach.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. What it needs of stays and referrals comes with the command, together
//! with the position up to which it was read. It meets the rest of the network in `trama_events`.

pub mod case;
mod facts;
mod http;
mod policy;

use std::sync::Arc;

use time::OffsetDateTime;
use trama_events::Context;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{self, Due, Log};
use trama_platform::servers::Servers;
use trama_platform::service::{Compared, Followed, Service};
use utoipa_axum::router::OpenApiRouter;

pub use facts::CaseFacts;

/// The context: its log and its small copy of persons, services, staff, stays and referrals.
#[derive(Debug, Clone)]
pub struct Casework {
    log: Log,
}

impl Casework {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        Self { log: Log::open(servers, Context::Casework, clock) }
    }
}

impl Service for Casework {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![Arc::new(CaseFacts)]
    }

    /// A case sets no timer: a review that is due is a row of the caseload.
    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(log::kept_differences::<crate::case::Case>(servers))
    }

    fn on_due<'a>(&'a self, _: &'a Due, _: OffsetDateTime) -> Followed<'a> {
        Box::pin(async { Ok(()) })
    }
}
