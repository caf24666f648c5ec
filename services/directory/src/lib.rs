//! The directory: public facts about bodies, services and their sites, staff and their roles,
//! agreements between bodies, and territory.
//!
//! This crate may not know persons, other contexts' code or tables, the broker, or who may do what
//! beyond its own policy table. Staff are ids here; what is secret has no place. It meets the rest
//! of the network in `trama_events`.

pub mod agreement;
mod http;
pub mod municipality;
pub mod organisation;
mod policy;
pub mod rules;
pub mod service;
pub mod staff_member;

use std::sync::Arc;

use time::OffsetDateTime;
use trama_events::Context;
use trama_events::ids::OrganisationId;
use trama_platform::Failure;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{self, Due, Log, Logged};
use trama_platform::servers::Servers;
use trama_platform::service::{Compared, Followed, Service};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use organisation::Organisation;

/// The context: its log.
#[derive(Debug, Clone)]
pub struct Directory {
    log: Log,
}

impl Directory {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        Self { log: Log::open(servers, Context::Directory, clock) }
    }

    /// Whether an organisation is registered. It never ceases to be, so the answer cannot age.
    async fn knows<R>(&self, organisation: OrganisationId) -> Result<bool, Failure<R>> {
        let (organisation, _) = self.load::<Organisation, R>(organisation.0).await?;
        Ok(organisation.registered().is_some())
    }

    /// Another aggregate than the one that is asked, for what must be known of it.
    async fn load<A, R>(&self, id: Uuid) -> Result<(A, i64), Failure<R>>
    where
        A: Logged,
        A::Command: Send,
    {
        match self.log.load::<A>(id).await {
            Ok(loaded) => Ok(loaded),
            Err(Failure::Unavailable) => Err(Failure::Unavailable),
            Err(failure) => Err(Failure::fault(failure)),
        }
    }
}

impl Service for Directory {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    /// It needs no facts of others and reacts to nothing.
    fn models(&self) -> Vec<Arc<dyn Model>> {
        Vec::new()
    }

    /// Its aggregates set no timer.
    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = Vec::new();
            all.extend(log::kept_differences::<crate::organisation::Organisation>(servers).await?);
            all.extend(log::kept_differences::<crate::service::Service>(servers).await?);
            all.extend(log::kept_differences::<crate::staff_member::StaffMember>(servers).await?);
            all.extend(log::kept_differences::<crate::agreement::Agreement>(servers).await?);
            all.extend(log::kept_differences::<crate::municipality::Municipality>(servers).await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, _: &'a Due, _: OffsetDateTime) -> Followed<'a> {
        Box::pin(std::future::ready(Ok(())))
    }
}
