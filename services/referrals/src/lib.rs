//! Referrals: one service sends a person on to another, and the answer comes back.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. It meets the rest of the network in `trama_events`.

pub mod consent;
mod consent_http;
mod facts;
mod http;
mod policy;
mod reading;
pub mod referral;

use std::sync::Arc;

use time::OffsetDateTime;
use trama_events::Context;
use trama_events::ids::ReferralId;
use trama_platform::Failure;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{self, Due, Log};
use trama_platform::servers::Servers;
use trama_platform::service::{Compared, Followed, Service};
use utoipa_axum::router::OpenApiRouter;

use consent::{Consent, ConsentFacts, Slips};
pub use facts::ServiceFacts;
use referral::{Referral, ReferralCommand, Rejection};

/// The context: its log and its small copy of the directory.
#[derive(Debug, Clone)]
pub struct Referrals {
    log: Log,
    slips: Option<Slips>,
}

impl Referrals {
    /// Opens the context for writing. Slips of external services are not read.
    pub fn open(servers: &Servers, clock: trama_platform::clock::Clock) -> Self {
        Self { log: Log::open(servers, Context::Referrals, clock), slips: None }
    }

    /// The same, where somebody reads the slips of external services.
    pub fn open_with(servers: &Servers, clock: trama_platform::clock::Clock, slips: Slips) -> Self {
        Self { slips: Some(slips), ..Self::open(servers, clock) }
    }

    async fn load(&self, id: ReferralId) -> Result<(Referral, i64), Failure<Rejection>> {
        self.log.load(id.0).await
    }
}

impl Service for Referrals {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        let (router, mut table) = http::doors(gate).finish(self.clone());
        let (consents, more) = consent_http::doors(gate).finish(self.clone());
        table.extend(more);
        (router.merge(consents), table)
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![Arc::new(ServiceFacts), Arc::new(ConsentFacts)]
    }

    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = log::kept_differences::<Referral>(servers).await?;
            all.extend(log::kept_differences::<Consent>(servers).await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, due: &'a Due, now: OffsetDateTime) -> Followed<'a> {
        Box::pin(async move {
            if due.name == referral::ANSWER_BY {
                let expire = ReferralCommand::Expire { now };
                self.log.ask::<Referral>(&due.asked(now), due.aggregate_id, expire).await?;
            }
            Ok(())
        })
    }
}
