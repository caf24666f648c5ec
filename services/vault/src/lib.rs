//! The vault: what identifies a person, encrypted with keys of her own (architecture §7).
//!
//! A fact is a row that is added and never changed, under a key of its person and segment. The log
//! of this context tells that there is a fact, never what it says. Erasing a person is destroying
//! her keys: rows, events and backups stay and say nothing any more.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may be shown what:
//! it is told. Nothing that it decrypts goes into an event, a log line or an error.

pub mod bench;
pub mod cipher;
pub mod erasure;
pub mod error;
mod facts;
pub mod forced;
mod http;
pub mod identity;
mod index;
mod install;
pub mod kek;
pub mod keys;
mod majority;
mod policy;
pub mod read;
pub mod record;
pub mod retention;
pub mod rules;
pub mod search;
pub mod shred;
pub mod store;
mod surname;
mod verify;

use std::path::Path;
use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::OnceCell;
use trama_events::Context;
use trama_platform::clock::Clock;
use trama_platform::doors::{Door, Gate};
use trama_platform::follow::Model;
use trama_platform::log::{self, Due, Feed, Log};
use trama_platform::servers::Servers;
use trama_platform::service::{Compared, Followed, Service};
use utoipa_axum::router::OpenApiRouter;

use forced::ForcedAccess;
use identity::Identity;
use kek::{FileKek, Kek, KeyFileError};
use keys::Keyring;
use shred::ShredList;
use store::Store;

pub use facts::IdentityFacts;
pub use install::{install, install_apart};

/// The context: its log, its rows, its keys.
#[derive(Clone)]
pub struct Vault {
    log: Log,
    feed: Feed,
    intake: Feed,
    store: Store,
    keys: Keyring,
    shreds: ShredList,
    open: Arc<OnceCell<()>>,
    weights: Arc<search::Judging>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("shreds", &self.shreds).finish_non_exhaustive()
    }
}

/// What the vault needs beside the servers.
#[derive(Clone)]
pub struct Settings {
    /// What wraps its keys.
    pub kek: Arc<dyn Kek>,
    /// Where its keys lie, when in a database of their own; else beside the facts.
    pub keys_at: Option<Servers>,
    /// The shred list: on another disk than the database, and in no backup of it.
    pub shreds: ShredList,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("shreds", &self.shreds).finish_non_exhaustive()
    }
}

/// Why a private installation's vault cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The list.
    #[error(transparent)]
    List(#[from] shred::Closed),
}

impl Settings {
    /// Key files and shred list of a private installation, under `dir`; made when the directory
    /// has neither. For development: keys and facts lie on one disk.
    ///
    /// # Errors
    ///
    /// When one is there without the other, or others may read a key.
    pub fn in_dir(dir: &Path) -> Result<Self, SettingsError> {
        let keys = dir.join("keks");
        let shreds = ShredList::at(dir.join("shreds").join("list.jsonl"));
        if !keys.exists() && !shreds.file().exists() {
            FileKek::create(&keys, "1")?;
            shreds.create()?;
        }
        Ok(Self { kek: Arc::new(FileKek::open(&keys)?), keys_at: None, shreds })
    }
}

impl Vault {
    /// Opens the context for writing; must be called in a runtime. It answers once
    /// [`Vault::must_be_open`] does.
    pub fn open(servers: &Servers, clock: Clock, settings: Settings) -> Self {
        let keys_at = settings.keys_at.as_ref().unwrap_or(servers);
        Self {
            log: Log::open(servers, Context::Identity, clock),
            feed: Feed::open(servers, Context::Identity),
            intake: Feed::open(servers, Context::Intake),
            store: Store::open(servers),
            keys: Keyring::open(keys_at, settings.kek),
            shreds: settings.shreds,
            open: Arc::new(OnceCell::new()),
            weights: Arc::new(search::Judging::default()),
        }
    }

    /// Whether [`Vault::must_be_open`] found it so before. It asks nobody: what nobody may wait for
    /// is left alone until then.
    pub(crate) fn is_open(&self) -> bool {
        self.open.initialized()
    }

    /// Its keys, e.g. to wrap them anew.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }
}

impl Service for Vault {
    fn log(&self) -> &Log {
        &self.log
    }

    fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        http::doors(gate).finish(self.clone())
    }

    fn models(&self) -> Vec<Arc<dyn Model>> {
        vec![Arc::new(IdentityFacts)]
    }

    fn kept_differences<'a>(&'a self, servers: &'a Servers) -> Compared<'a> {
        Box::pin(async move {
            let mut all = log::kept_differences::<Identity>(servers).await?;
            all.extend(log::kept_differences::<ForcedAccess>(servers).await?);
            all.extend(self.rows_without_events().await?);
            Ok(all)
        })
    }

    fn on_due<'a>(&'a self, _: &'a Due, _: OffsetDateTime) -> Followed<'a> {
        // Nothing of a person's record is due at a time: a hold that is over counts no more.
        Box::pin(async { Ok(()) })
    }
}
