//! Referrals: one service sends a person on to another, and the answer comes back.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. It meets the rest of the network in `trama_events`.

mod facts;
mod http;
mod policy;
pub mod referral;

use std::sync::Arc;

use time::OffsetDateTime;
use trama_events::Context;
use trama_events::ids::ReferralId;
use trama_platform::Failure;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{Asked, Done, Due, Log};
use trama_platform::servers::Servers;
use utoipa_axum::router::OpenApiRouter;

pub use facts::ServiceFacts;
use referral::{Referral, ReferralCommand, Rejection};

/// The context: its log and its small copy of the directory.
#[derive(Debug, Clone)]
pub struct Referrals {
    log: Log,
}

impl Referrals {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: trama_platform::clock::Clock) -> Self {
        Self { log: Log::open(servers, Context::Referrals, clock) }
    }

    /// Its log, for the relay's signal.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Its doors under `/api/referrals`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    /// Its small copies of other contexts' facts.
    pub fn copies() -> Vec<Arc<dyn Model>> {
        vec![Arc::new(ServiceFacts)]
    }

    /// What follows when a timer is due.
    ///
    /// # Errors
    ///
    /// As [`Log::ask`].
    pub async fn on_due(&self, due: &Due, asked: &Asked, now: OffsetDateTime) -> Result<Option<Done>, Failure<Rejection>> {
        match due.name.as_str() {
            referral::ANSWER_BY => {
                let expire = ReferralCommand::Expire { now };
                self.log.ask::<Referral>(asked, due.aggregate_id, expire).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn load(&self, id: ReferralId) -> Result<(Referral, i64), Failure<Rejection>> {
        self.log.load(id.0).await
    }
}
