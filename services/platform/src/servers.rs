//! Where `PostgreSQL` and NATS are, and with which account each part of Trama goes there.

mod way;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use trama_events::Context;
use trama_events::sealed::SealedKey;

use crate::sealing::Sealing;

pub use way::{InClear, Seals};

/// Addresses and passwords. Each context writes under its own role, everybody else reads under
/// `<context>_feed`; read models belong to `projections`.
#[derive(Clone)]
pub struct Servers {
    /// Host of `PostgreSQL`.
    pub postgres_host: String,
    /// Its port.
    pub postgres_port: u16,
    /// The database.
    pub database: String,
    /// Password of each role; a role without one connects without.
    pub passwords: BTreeMap<String, String>,
    /// URL of NATS, e.g. `nats://127.0.0.1:4222`.
    pub nats_url: String,
    /// Seed of each user of NATS (an nkey, `SU...`); a user without one goes by password.
    pub nkeys: BTreeMap<String, String>,
    /// Organisations with a log of their own.
    pub sealing: Sealing,
    /// How the ways there are sealed.
    pub seals: Seals,
}

impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Servers")
            .field("postgres", &format_args!("{}:{}", self.postgres_host, self.postgres_port))
            .field("database", &self.database)
            .field("nats_url", &self.nats_url)
            .finish_non_exhaustive()
    }
}

/// A role in `PostgreSQL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PgRole {
    /// Owns schemas and functions; used by migrations only.
    Owner,
    /// Writes one context's log.
    Writer(Context),
    /// Reads one context's log.
    Feed(Context),
    /// Writes the log of a sealed organisation.
    Sealed(SealedKey),
    /// Reads the log of a sealed organisation: its own relay and administrator.
    SealedFeed(SealedKey),
    /// Owns the read models.
    Projections,
    /// Reads the read models for somebody: the rows that the fences show her (ADR 24).
    Reader,
    /// Reads who may act and who has to do with whom, before anything is shown.
    Gate,
    /// Keeps the encrypted facts of the vault: adds and reads, never changes or deletes.
    Vault,
    /// Keeps the keys of the vault, apart from what they open.
    VaultKeys,
    /// Adds to the access log: may neither read, change nor delete.
    Access,
    /// Reads the access log.
    AccessReader,
    /// Keeps the sessions of pages.
    SignIn,
}

impl PgRole {
    /// The login name.
    pub fn name(self) -> String {
        match self {
            Self::Owner => "trama_owner".into(),
            Self::Writer(context) => context.name().into(),
            Self::Feed(context) => format!("{context}_feed"),
            Self::Sealed(key) => format!("sealed_{key}"),
            Self::SealedFeed(key) => format!("sealed_{key}_feed"),
            Self::Projections => "projections".into(),
            Self::Reader => "reader".into(),
            Self::Gate => "gate".into(),
            Self::Vault => "vault".into(),
            Self::VaultKeys => "vault_keys".into(),
            Self::Access => "access".into(),
            Self::AccessReader => "access_reader".into(),
            Self::SignIn => "sign_in".into(),
        }
    }

    /// The log's schema, for those who work on a log.
    fn schema(self) -> Option<String> {
        match self {
            Self::Writer(context) | Self::Feed(context) => Some(context.name().into()),
            Self::Sealed(key) | Self::SealedFeed(key) => Some(format!("sealed_{key}")),
            Self::Owner
            | Self::Projections
            | Self::Reader
            | Self::Gate
            | Self::Vault
            | Self::VaultKeys
            | Self::Access
            | Self::AccessReader
            | Self::SignIn => None,
        }
    }
}

/// Longest wait for a connection from a pool.
const ACQUIRE_MAX: Duration = Duration::from_secs(2);

impl Servers {
    /// How to connect as `role`.
    pub fn options(&self, role: PgRole) -> PgConnectOptions {
        let name = role.name();
        let statement_max = match role {
            PgRole::Owner
            | PgRole::Projections
            | PgRole::Feed(_)
            | PgRole::SealedFeed(_)
            | PgRole::AccessReader => "60s",
            PgRole::Writer(_)
            | PgRole::Sealed(_)
            | PgRole::Reader
            | PgRole::Gate
            | PgRole::Vault
            | PgRole::VaultKeys
            | PgRole::SignIn => "5s",
            PgRole::Access => "2s",
        };
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&self.postgres_host)
            .port(self.postgres_port)
            .database(&self.database)
            .username(&name)
            .application_name(&format!("trama {name}"))
            .options([
                ("statement_timeout", statement_max),
                ("idle_in_transaction_session_timeout", "10s"),
                ("timezone", "UTC"),
                // A peer that vanished is noticed in half a minute, on either side.
                ("tcp_keepalives_idle", "10"),
                ("tcp_keepalives_interval", "5"),
                ("tcp_keepalives_count", "3"),
            ]);
        if let PgRole::Writer(_)
        | PgRole::Sealed(_)
        | PgRole::Vault
        | PgRole::VaultKeys
        | PgRole::Access
        | PgRole::SignIn = role
        {
            // Whatever the role, the database or a reload says: an answer waits for the disk.
            options = options.options([("synchronous_commit", "on")]);
        }
        if let PgRole::Reader | PgRole::Gate = role {
            // Fences make statements look dear and leave them short: compiling one takes seconds.
            options = options.options([("jit", "off")]);
        }
        if role == PgRole::Gate {
            // The question that every decision asks takes 0.2 ms, and planning it anew several.
            options = options.options([("plan_cache_mode", "force_generic_plan")]);
        }
        if self.seals.postgres {
            options = options.ssl_mode(PgSslMode::VerifyFull);
            if let Some(authority) = &self.seals.postgres_authority {
                options = options.ssl_root_cert(authority);
            }
        }
        if let Some(schema) = role.schema() {
            options = options.options([("search_path", schema)]);
        }
        match self.passwords.get(&name) {
            Some(password) => options.password(password),
            None => options,
        }
    }

    /// A pool as `role`. It connects when first used, so that a server that is down at start is
    /// an outage and not a crash.
    pub fn pool(&self, role: PgRole, connections_max: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections_max)
            .acquire_timeout(ACQUIRE_MAX)
            .test_before_acquire(false)
            .connect_lazy_with(self.options(role))
    }

    /// Connects to NATS under a user of ours; keeps trying for ever in the background.
    ///
    /// # Errors
    ///
    /// When the URL or the options are wrong.
    pub async fn nats(&self, user: &str) -> Result<async_nats::Client, async_nats::ConnectError> {
        let mut options = async_nats::ConnectOptions::new()
            .name(format!("trama {user}"))
            .retry_on_initial_connect()
            .connection_timeout(Duration::from_secs(2))
            .ping_interval(Duration::from_secs(5))
            .request_timeout(Some(Duration::from_secs(5)))
            .custom_inbox_prefix(format!("_INBOX_{user}"))
            // Other servers that this one names were not looked at by `must_be_sealed`.
            .ignore_discovered_servers()
            .require_tls(self.nats_url.split(',').all(|url| url.trim().starts_with("tls://")))
            .event_callback(|event| async move { tracing::debug!(%event, "nats") });
        if let Some(seed) = self.nkeys.get(user) {
            options = options.nkey(seed.clone());
        } else if let Some(password) = self.passwords.get(&format!("nats_{user}")) {
            options = options.user_and_password(user.to_owned(), password.clone());
        }
        if let Some(authority) = &self.seals.nats_authority {
            options = options.add_root_certificates(authority.clone());
        }
        options.connect(&self.nats_url).await
    }
}
