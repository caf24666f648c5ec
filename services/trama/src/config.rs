//! Configuration: flags over `TRAMA_*` over the TOML file over the defaults. An unknown key is an
//! error. Secrets come from files.

mod issuer;
mod vault;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use trama_events::ids::OrganisationId;
use trama_platform::caller::Keys;
use trama_platform::sealing::{SECRET_LEN, Sealing};
use trama_platform::servers::{Seals, Servers};
use trama_platform::sign_in::Settings;
use trama_platform::telemetry::LogForm;

pub use issuer::{Issuer, SignIn};
pub use vault::{TransitEngine, VaultKeys};

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
    /// Organisations with a log of their own.
    pub sealed: SealedLogs,
    /// Keys of the vault.
    pub vault: VaultKeys,
    /// Whose tokens are believed.
    pub issuer: Issuer,
    /// Whose besides.
    pub other_issuers: Vec<Issuer>,
    /// How one signs in by pages; without it nobody does.
    pub sign_in: Option<SignIn>,
    /// Address of the body's declaration of accessibility, e.g. on form.agid.gov.it: every page
    /// leads there (law 4/2004, art. 3-quater).
    pub accessibility: Option<String>,
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
    /// Whether it must show a certificate for its host. On another machine it must.
    #[serde(default)]
    pub tls: bool,
    /// Authority of that certificate, in PEM; the public ones when none is named.
    pub authority_file: Option<PathBuf>,
}

/// Where NATS is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    /// URL, `tls://` unless it is on loopback.
    pub url: String,
    /// Authority of its certificate, in PEM, beside those of this machine.
    pub authority_file: Option<PathBuf>,
    /// Directory with `<user>.nk`, the seed of each user that runs here (docs/operations).
    pub nkeys_dir: Option<PathBuf>,
}

/// Organisations with a log of their own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedLogs {
    /// 32 random bytes from which the names of the logs, veiled ids and slips are made. Lost, the
    /// logs are lost: it is backed up apart from the database.
    pub secret_file: Option<PathBuf>,
    /// Ids of the organisations.
    pub organisations: Vec<OrganisationId>,
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
                tls: false,
                authority_file: None,
            },
            nats: Nats {
                url: "nats://127.0.0.1:4222".into(),
                authority_file: None,
                nkeys_dir: None,
            },
            sealed: SealedLogs::default(),
            vault: VaultKeys::default(),
            issuer: Issuer::default(),
            other_issuers: Vec::new(),
            sign_in: None,
            accessibility: None,
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
    /// When passwords, seeds or the secret of sealed logs cannot be read, or a server on another
    /// machine would be spoken to in clear.
    pub fn servers(&self) -> anyhow::Result<Servers> {
        let passwords = self.postgres.passwords()?;
        let servers = Servers {
            postgres_host: self.postgres.host.clone(),
            postgres_port: self.postgres.port,
            database: self.postgres.database.clone(),
            passwords,
            nats_url: self.nats.url.clone(),
            nkeys: self.nats.nkeys_dir.as_deref().map(nkeys).transpose()?.unwrap_or_default(),
            sealing: self.sealed.sealing()?,
            seals: Seals {
                postgres: self.postgres.tls,
                postgres_authority: self.postgres.authority_file.clone(),
                nats_authority: self.nats.authority_file.clone(),
            },
        };
        servers.must_be_sealed()?;
        Ok(servers)
    }

    /// The keys with which tokens are checked.
    ///
    /// # Errors
    ///
    /// When the key set is missing or holds an unusable key.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        self.other_issuers.iter().try_fold(self.issuer.keys()?, |all, one| Ok(all.and(one.keys()?)))
    }

    /// What the vault needs beside the servers.
    ///
    /// # Errors
    ///
    /// When a part is missing, or keys can be read by others.
    pub fn vault(&self) -> anyhow::Result<trama_vault::Settings> {
        self.vault.settings(&self.servers()?)
    }

    /// How one signs in by pages, when one does.
    ///
    /// # Errors
    ///
    /// When a part is missing or the secret cannot be read.
    pub fn sign_in(&self) -> anyhow::Result<Option<Settings>> {
        self.sign_in.as_ref().map(|sign_in| sign_in.settings(&self.issuer)).transpose()
    }

    /// Where the declaration of accessibility stands.
    ///
    /// # Errors
    ///
    /// When it is no address that a browser may follow.
    pub fn accessibility(&self) -> anyhow::Result<Option<String>> {
        let named = self.accessibility.as_deref().map(str::trim).filter(|named| !named.is_empty());
        anyhow::ensure!(
            named.is_none_or(|named| named.starts_with("https://")),
            "accessibility is not an address: write it whole, beginning with https://"
        );
        Ok(named.map(ToOwned::to_owned))
    }
}

impl Postgres {
    fn passwords(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.passwords_file.as_deref().map_or_else(|| Ok(BTreeMap::new()), passwords)
    }
}

impl SealedLogs {
    fn sealing(&self) -> anyhow::Result<Sealing> {
        let Some(file) = &self.secret_file else {
            let none = self.organisations.is_empty();
            anyhow::ensure!(none, "sealed.secret_file is not set: sealed logs have no names");
            return Ok(Sealing::default());
        };
        must_be_private(file)?;
        let secret = std::fs::read(file)?.try_into();
        let secret = secret.map_err(|_| {
            anyhow::anyhow!("{} holds no secret of {SECRET_LEN} bytes", file.display())
        })?;
        Ok(Sealing::new(secret, &self.organisations))
    }
}

/// The seeds in a directory: `<user>.nk` each.
fn nkeys(dir: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut seeds = BTreeMap::new();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    for entry in entries {
        let file = entry?.path();
        let user = file.file_stem().and_then(|user| user.to_str()).map(ToOwned::to_owned);
        if let Some(user) = user.filter(|_| file.extension().is_some_and(|kind| kind == "nk")) {
            must_be_private(&file)?;
            seeds.insert(user, std::fs::read_to_string(&file)?.trim().to_owned());
        }
    }
    Ok(seeds)
}

fn must_be_private(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let named = || format!("{} cannot be read", file.display());
    let mode = std::fs::metadata(file).with_context(named)?.permissions().mode();
    let open = mode & 0o007 != 0;
    anyhow::ensure!(!open, "{} can be read by everybody: chmod 600 it first", file.display());
    Ok(())
}

fn passwords(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    must_be_private(file)?;
    let figment = Figment::from(Toml::file_exact(file));
    figment.extract().map_err(|error| anyhow::anyhow!("{} cannot be used: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_another_machine_is_spoken_to_over_tls_or_not_at_all() {
        let mut config = Config::default();
        config.servers().unwrap();
        config.nats.url = "nats://bus.example.org:4222".into();
        let refused = config.servers().unwrap_err().to_string();
        assert!(refused.contains("bus.example.org") && refused.contains("tls://"), "{refused}");
        config.nats.url = "tls://bus.example.org:4222".into();
        config.postgres.host = "db.example.org".into();
        let refused = config.servers().unwrap_err().to_string();
        assert!(refused.contains("db.example.org") && refused.contains("tls = true"), "{refused}");
        config.postgres.tls = true;
        let sealed = config.servers().unwrap();

        config.vault.keys_postgres = Some(Postgres { tls: false, ..config.postgres.clone() });
        let refused = format!("{:#}", config.vault.apart(&sealed).unwrap_err());
        assert!(refused.starts_with("vault.keys_postgres: PostgreSQL at"), "{refused}");
    }
}
