//! Housing: facilities with their places, the nights in them, stays, and the wait for a place.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. What it needs of casework (facts, projects), of intake (who is
//! registered), of referrals and of the directory (agreements) it keeps as a small copy of their events. It knows no address of
//! any facility.

mod agreements;
pub mod booking;
mod desk;
pub mod facility;
mod facts;
mod http;
pub mod night_ledger;
mod policy;
mod reactions;
pub mod stay;
pub mod waiting_entry;

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

pub use agreements::HealthAgreements;
pub use facts::HousingFacts;
use night_ledger::{NightCommand, NightLedger};
pub use reactions::AcceptedReferrals;
use waiting_entry::{WaitingCommand, WaitingEntry};

/// The context: its log. Its copies and its reaction follow the logs of others.
#[derive(Debug, Clone)]
pub struct Housing {
    log: Log,
}

impl Housing {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        Self { log: Log::open(servers, Context::Housing, clock) }
    }
}

impl Service for Housing {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![
            Arc::new(HousingFacts),
            Arc::new(HealthAgreements),
            Arc::new(AcceptedReferrals::new(self.log.clone())),
        ]
    }

    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = Vec::new();
            all.extend(log::kept_differences::<crate::facility::Facility>(servers).await?);
            all.extend(log::kept_differences::<crate::night_ledger::NightLedger>(servers).await?);
            all.extend(log::kept_differences::<crate::stay::Stay>(servers).await?);
            all.extend(log::kept_differences::<crate::waiting_entry::WaitingEntry>(servers).await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, due: &'a Due, now: OffsetDateTime) -> Followed<'a> {
        Box::pin(async move {
            let (asked, id) = (due.asked(now), due.aggregate_id);
            if due.name == night_ledger::NO_SHOW {
                let settle = NightCommand::SettleNights { now };
                self.log.ask::<NightLedger>(&asked, id, settle).await?;
            } else if due.name == waiting_entry::OFFER_HELD {
                let expire = WaitingCommand::ExpireOffer { now };
                self.log.ask::<WaitingEntry>(&asked, id, expire).await?;
            }
            Ok(())
        })
    }
}
