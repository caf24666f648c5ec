//! Read models: one module each, rebuildable from nothing, each answering a question.
//!
//! This crate may not write an event, call a service or read another model's tables. What joins
//! contexts is joined when it is read, so that the rows are the same for every interleaving of the
//! contexts' logs.
//!
//! A read model matches every event type by name, so that a new one that it does not handle does
//! not compile:
//!
//! ```compile_fail,E0004
//! fn handles(event: &trama_events::referrals::ReferralEvent) -> bool {
//!     use trama_events::referrals::ReferralEvent::*;
//!     match event {
//!         ReferralAccepted {} => true,
//!         ReferralExpired {} => false,
//!     }
//! }
//! ```

pub mod beds;
pub mod fence;
pub mod inbox;
pub mod indicators;
pub mod journey;
pub mod live;
pub mod network;
mod organisations;
pub mod relations;
pub mod staff;

use std::sync::Arc;

use sqlx::PgPool;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::servers::{PgRole, Servers};
use utoipa_axum::router::OpenApiRouter;

/// What the read doors need: the read models and the domain's clock.
#[derive(Debug, Clone)]
pub struct ReadModels {
    /// Reads every read model.
    pub pool: PgPool,
    /// The domain's clock.
    pub clock: Clock,
}

impl ReadModels {
    /// Opens the read models for reading.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        Self { pool: servers.pool(PgRole::Reader, 16), clock }
    }

    /// Every read door, under `/api/projections`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        let all = [
            journey::doors(gate).finish(self.clone()),
            inbox::doors(gate).finish(self.clone()),
            network::doors(gate).finish(self.clone()),
            beds::doors(gate).finish(self.clone()),
            indicators::doors(gate).finish(self.clone()),
        ];
        all.into_iter().fold(
            (OpenApiRouter::new(), Vec::new()),
            |(router, mut table), (more, doors)| {
                table.extend(doors);
                (router.merge(more), table)
            },
        )
    }
}

/// Every read model.
pub fn models() -> Vec<Arc<dyn Model>> {
    vec![
        Arc::new(journey::Journey),
        Arc::new(inbox::Inbox),
        Arc::new(network::Network),
        Arc::new(beds::Beds),
        Arc::new(indicators::Indicators),
        Arc::new(relations::RelationTables),
        Arc::new(staff::StaffTables),
    ]
}
