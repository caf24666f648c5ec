//! Configuration: flags over `TRAMA_*` over the TOML file over the defaults. An unknown key is an
//! error. Secrets come from files.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use trama_platform::caller::Keys;
use trama_platform::servers::Servers;
use trama_platform::telemetry::LogForm;

/// Everything that `trama serve` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the doors are, e.g. `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `text` or `json`.
    pub log: LogForm,
    /// As in the `tracing` crate, e.g. `info,sqlx=warn`.
    pub log_filter: String,
    /// PostgreSQL.
    pub postgres: Postgres,
    /// NATS.
    pub nats: Nats,
    /// Whose tokens are believed.
    pub issuer: Issuer,
}

/// Where PostgreSQL is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// TOML file with `role = "password"` for each role; also the NATS users as `nats_<user>`.
    pub passwords_file: Option<PathBuf>,
}

/// Where NATS is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    /// URL.
    pub url: String,
}

/// Whose tokens are believed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub url: String,
    /// The `aud` that tokens for us carry.
    pub audience: String,
    /// Its key set, a JWKS with ES256 keys.
    pub jwks_file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            log: LogForm::Text,
            log_filter: "info".into(),
            postgres: Postgres {
                host: "127.0.0.1".into(),
                port: 5432,
                database: "trama".into(),
                passwords_file: None,
            },
            nats: Nats { url: "nats://127.0.0.1:4222".into() },
            issuer: Issuer { url: String::new(), audience: "trama".into(), jwks_file: None },
        }
    }
}

impl Config {
    /// Reads the configuration from a file, if one is named or at `/etc/trama/trama.toml`, and
    /// from the environment.
    ///
    /// # Errors
    ///
    /// When a named file is missing, a key is unknown, or a value has the wrong form.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match file {
            Some(file) => {
                anyhow::ensure!(
                    file.is_file(),
                    "{} is not there: name a TOML file",
                    file.display()
                );
                figment.merge(Toml::file_exact(file))
            }
            None => figment.merge(Toml::file_exact("/etc/trama/trama.toml")),
        };
        let environment = Env::prefixed("TRAMA_").split("__");
        figment.merge(environment).extract().map_err(|error| {
            let lines: Vec<String> = error.into_iter().map(|e| e.to_string()).collect();
            anyhow::anyhow!("the configuration cannot be used: {}", lines.join("; "))
        })
    }

    /// Addresses and accounts.
    ///
    /// # Errors
    ///
    /// When the passwords file cannot be read.
    pub fn servers(&self) -> anyhow::Result<Servers> {
        let passwords = match &self.postgres.passwords_file {
            Some(file) => passwords(file)?,
            None => BTreeMap::new(),
        };
        Ok(Servers {
            postgres_host: self.postgres.host.clone(),
            postgres_port: self.postgres.port,
            database: self.postgres.database.clone(),
            passwords,
            nats_url: self.nats.url.clone(),
        })
    }

    /// The keys with which tokens are checked.
    ///
    /// # Errors
    ///
    /// When the key set is missing or holds an unusable key.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        let file = self.issuer.jwks_file.as_ref();
        let file = file.context("issuer.jwks_file is not set: nobody could sign in")?;
        let text =
            std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let set = serde_json::from_slice(&text)
            .with_context(|| format!("{} is no JWKS", file.display()))?;
        anyhow::ensure!(!self.issuer.url.is_empty(), "issuer.url is not set: nobody could sign in");
        Ok(Keys::try_new(self.issuer.url.clone(), self.issuer.audience.clone(), &set)?)
    }
}

fn passwords(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    use std::os::unix::fs::PermissionsExt;
    let named = || format!("{} cannot be read", file.display());
    let mode = std::fs::metadata(file).with_context(named)?.permissions().mode();
    let open = mode & 0o007 != 0;
    anyhow::ensure!(!open, "{} can be read by everybody: chmod 600 it first", file.display());
    let figment = Figment::from(Toml::file_exact(file));
    figment.extract().map_err(|error| anyhow::anyhow!("{} cannot be used: {error}", file.display()))
}
