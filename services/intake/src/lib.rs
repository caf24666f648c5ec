//! Intake: who came to the network, by which door, and what was done at once.
//!
//! Persons, the links between their records and their households, contacts, encounters in the street, emergencies,
//! what was given, and counts of homeless people. Nobody needs an identity, a residence or a
//! case to be here. Entries of any context that were made on the wrong person are moved here.
//!
//! This crate may not know other contexts' code or tables, the broker, names, birth dates or the
//! values of identifiers (these live in the vault), or who may do what beyond its own policy
//! table. It meets the rest of the network in `trama_events`.

pub mod contact;
pub mod count;
pub mod delivery;
pub mod emergency;
pub mod entry;
mod facts;
pub mod household;
mod http;
pub mod link;
pub mod outreach;
pub mod person;
mod policy;
mod records;
pub mod wish;

use std::sync::Arc;

use time::OffsetDateTime;
use trama_events::{Context, rome};
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{self, Due, Feed, Log};
use trama_platform::servers::Servers;
use trama_platform::service::{Compared, Followed, Service};
use utoipa_axum::router::OpenApiRouter;

pub use facts::IntakeFacts;
use person::{Person, PersonCommand};
use wish::WishFacts;

/// Contexts whose entries can stand on a wrong person. Their events are read by the role that may
/// read their logs, never their tables.
const WITH_ENTRIES: [Context; 5] =
    [Context::Intake, Context::Casework, Context::Housing, Context::Food, Context::Referrals];

/// The context: its log, as a writer and as a reader, its small copy of the directory and of its
/// own links, and the logs that have entries.
#[derive(Debug, Clone)]
pub struct Intake {
    log: Log,
    feed: Feed,
    entries: Vec<Feed>,
}

impl Intake {
    /// Opens the context for writing.
    pub fn open(servers: &Servers, clock: Clock) -> Self {
        let log = Log::open(servers, Context::Intake, clock);
        let entries = WITH_ENTRIES.map(|context| Feed::open(servers, context)).into();
        Self { log, feed: Feed::open(servers, Context::Intake), entries }
    }
}

impl Service for Intake {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![Arc::new(IntakeFacts), Arc::new(WishFacts)]
    }

    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = Vec::new();
            all.extend(log::kept_differences::<crate::person::Person>(servers).await?);
            all.extend(log::kept_differences::<crate::link::Link>(servers).await?);
            all.extend(log::kept_differences::<crate::contact::Contact>(servers).await?);
            all.extend(log::kept_differences::<crate::delivery::Delivery>(servers).await?);
            all.extend(log::kept_differences::<crate::outreach::Outreach>(servers).await?);
            all.extend(log::kept_differences::<crate::emergency::Emergency>(servers).await?);
            all.extend(log::kept_differences::<crate::count::Count>(servers).await?);
            all.extend(log::kept_differences::<crate::entry::Entry>(servers).await?);
            all.extend(log::kept_differences::<crate::household::Household>(servers).await?);
            all.extend(log::kept_differences::<crate::wish::Wish>(servers).await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, due: &'a Due, now: OffsetDateTime) -> Followed<'a> {
        Box::pin(async move {
            if let Some(kind) = person::rules::kind_of(&due.name) {
                let expire = PersonCommand::ExpireIdentifier { kind, today: rome::day_of(now) };
                self.log.ask::<Person>(&due.asked(now), due.aggregate_id, expire).await?;
            }
            Ok(())
        })
    }
}
