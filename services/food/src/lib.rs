//! Food: points cards of the solidarity stores, meals and parcels (R12, R68).
//!
//! This crate may not know names, needs or cases, other contexts' code or tables, the broker, or
//! who may do what beyond its own policy table. It meets the rest of the network in
//! `trama_events`.

pub mod card;
mod facts;
mod http;
pub mod meal;
pub mod parcel;
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

use card::{CardCommand, PointsCard};
pub use facts::FoodFacts;

/// The context: its log and its small copies.
#[derive(Debug, Clone)]
pub struct Food {
    log: Log,
}

impl Food {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        Self { log: Log::open(servers, Context::Food, clock) }
    }
}

impl Service for Food {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![Arc::new(FoodFacts)]
    }

    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = Vec::new();
            all.extend(log::kept_differences::<crate::card::PointsCard>(servers).await?);
            all.extend(log::kept_differences::<crate::meal::Meal>(servers).await?);
            all.extend(log::kept_differences::<crate::parcel::Parcel>(servers).await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, due: &'a Due, now: OffsetDateTime) -> Followed<'a> {
        Box::pin(async move {
            if due.name == card::CARD_ENDS {
                let expire = CardCommand::Expire { now };
                self.log.ask::<PointsCard>(&due.asked(now), due.aggregate_id, expire).await?;
            }
            Ok(())
        })
    }
}
