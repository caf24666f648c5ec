//! Where the keys of the vault are wrapped, and where its shred list is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format, Toml};
use serde::{Deserialize, Serialize};
use trama_events::codes::Segment;
use trama_platform::servers::{Seals, Servers};
use trama_vault::Settings;
use trama_vault::kek::{FileKek, Kek, Transit, TransitKek};
use trama_vault::retention::{Period, Table};
use trama_vault::shred::ShredList;

use super::Postgres;

/// Keys of the vault: a directory of key files, or a transit engine; never both.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaultKeys {
    /// Directory of key files, readable by their owner only. For development.
    pub keys_dir: Option<PathBuf>,
    /// The shred list: on another disk than the database, and in no backup of it.
    pub shred_list: Option<PathBuf>,
    /// For how long each segment is kept: the data protection officer sets it.
    pub retention_file: Option<PathBuf>,
    /// `OpenBao` or Vault.
    pub transit: Option<TransitEngine>,
    /// A database of their own for the wrapped keys; without it they lie beside the facts, in a
    /// schema of their own.
    pub keys_postgres: Option<Postgres>,
}

/// A transit engine.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitEngine {
    /// URL, https unless it is on loopback.
    pub url: String,
    /// Where the engine is mounted, e.g. `transit`.
    pub mount: String,
    /// Name of its key.
    pub key: String,
    /// File with the token, readable by its owner only.
    pub token_file: PathBuf,
    /// Certificate authority of the server, in PEM; the machine's list when none is named.
    pub authority_file: Option<PathBuf>,
}

/// What a data directory has that was not told otherwise.
const KEYS: &str = "keks";
const LIST: &str = "shreds/list.jsonl";
const RETENTION: &str = "retention.toml";
/// The retention table that comes with Trama.
const PROPOSED: &str = include_str!("../../../../docs/privacy/retention.toml");

impl VaultKeys {
    /// The vault of a data directory: key files, list and table in it, but for what `vault.toml` there
    /// says otherwise, in the words of the section `[vault]`.
    ///
    /// # Errors
    ///
    /// When that file cannot be used.
    pub fn in_dir(dir: &Path) -> anyhow::Result<Self> {
        let file = dir.join("vault.toml");
        let named = || format!("{} cannot be used", file.display());
        let told: Self = if file.is_file() {
            Figment::from(Toml::file_exact(&file)).extract().with_context(named)?
        } else {
            Self::default()
        };
        let own_keys = told.transit.is_none().then(|| dir.join(KEYS));
        Ok(Self {
            keys_dir: told.keys_dir.or(own_keys),
            shred_list: told.shred_list.or_else(|| Some(dir.join(LIST))),
            retention_file: told.retention_file.or_else(|| Some(dir.join(RETENTION))),
            ..told
        })
    }

    /// Makes what a data directory lacks: key files where there is neither key nor list, an empty list
    /// where the whole directory `is_new`, the proposed retention table where there is none.
    ///
    /// # Errors
    ///
    /// When something cannot be written.
    pub fn make(&self, is_new: bool) -> anyhow::Result<()> {
        let list = self.shred_list.as_ref().map(ShredList::at);
        let has_list = list.as_ref().is_some_and(|list| list.file().exists());
        let no_keys = self.keys_dir.as_ref().filter(|dir| !dir.exists() && !has_list);
        if let Some(dir) = no_keys {
            FileKek::create(dir, "1")?;
        }
        if let Some(list) = list.filter(|_| !has_list && (is_new || no_keys.is_some())) {
            list.create()?;
        }
        if let Some(file) = self.retention_file.as_ref().filter(|file| !file.exists()) {
            std::fs::write(file, PROPOSED)
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        Ok(())
    }

    /// What the vault needs; `beside` are the servers of the facts.
    ///
    /// # Errors
    ///
    /// When a part is missing, or keys can be read by others.
    pub fn settings(&self, beside: &Servers) -> anyhow::Result<Settings> {
        let list = self.shred_list.as_ref();
        let list = list.context("vault.shred_list is not set: no erasure could be remembered")?;
        let keys_at = self.apart(beside)?;
        Ok(Settings { kek: self.kek()?, keys_at, shreds: ShredList::at(list) })
    }

    /// Where the wrapped keys lie, when apart from the facts; `beside` are the servers of those.
    ///
    /// # Errors
    ///
    /// When passwords cannot be read, or keys on another machine would go there in clear.
    pub fn apart(&self, beside: &Servers) -> anyhow::Result<Option<Servers>> {
        let Some(postgres) = &self.keys_postgres else { return Ok(None) };
        let passwords = postgres.passwords()?;
        let Postgres { host, port, database, tls, authority_file, passwords_file: _ } =
            postgres.clone();
        let beside = beside.clone();
        let keys = Servers {
            postgres_host: host,
            postgres_port: port,
            database,
            passwords,
            seals: Seals { postgres: tls, postgres_authority: authority_file, ..beside.seals },
            ..beside
        };
        keys.postgres_must_be_sealed().context("vault.keys_postgres")?;
        Ok(Some(keys))
    }

    /// For how long each segment is kept.
    ///
    /// # Errors
    ///
    /// When no table is named, or it is not valid.
    pub fn retention(&self) -> anyhow::Result<Table> {
        let file = self.retention_file.as_ref().context(
            "vault.retention_file is not set: the data protection officer sets for how long each \
             segment is kept; docs/privacy/retention.toml is a proposal",
        )?;
        let named = || format!("the retention table {} cannot be used", file.display());
        anyhow::ensure!(file.is_file(), "there is no retention table at {}", file.display());
        let periods: BTreeMap<Segment, Period> =
            Figment::from(Toml::file_exact(file)).extract().with_context(named)?;
        Table::try_new(periods).with_context(named)
    }

    fn kek(&self) -> anyhow::Result<Arc<dyn Kek>> {
        match (&self.keys_dir, &self.transit) {
            (Some(dir), None) => Ok(Arc::new(FileKek::open(dir)?)),
            (None, Some(engine)) => Ok(Arc::new(TransitKek::try_new(engine.clone().into())?)),
            (Some(_), Some(_)) | (None, None) => anyhow::bail!(
                "name vault.keys_dir or vault.transit, one of both: nothing could be encrypted"
            ),
        }
    }
}

impl From<TransitEngine> for Transit {
    fn from(engine: TransitEngine) -> Self {
        let TransitEngine { url, mount, key, token_file, authority_file } = engine;
        Self { url, mount, key, token_file, authority_file }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir() -> PathBuf {
        let random = trama_platform::clock::random_id().simple().to_string();
        let dir = std::env::temp_dir().join(format!("trama-vault-keys-{random}"));
        std::fs::create_dir(&dir).unwrap();
        dir
    }

    #[test]
    fn the_retention_table_that_comes_with_trama_is_valid_and_is_not_written_over() {
        let dir = dir();
        let keys = VaultKeys::in_dir(&dir).unwrap();
        keys.make(true).unwrap();
        keys.retention().unwrap();
        std::fs::write(dir.join(RETENTION), "[identity]\nmonths = 0").unwrap();
        keys.make(false).unwrap();
        let refused = format!("{:#}", keys.retention().unwrap_err());
        assert!(refused.contains(RETENTION) && refused.contains("source"), "{refused}");
        std::fs::write(dir.join(RETENTION), PROPOSED.replace("[csm]", "[cms]")).unwrap();
        let refused = format!("{:#}", keys.retention().unwrap_err());
        assert!(refused.contains("cms"), "{refused}");
        std::fs::write(dir.join(RETENTION), PROPOSED.replace("months = 24", "months = 0")).unwrap();
        let refused = format!("{:#}", keys.retention().unwrap_err());
        assert!(refused.ends_with("address: months are 1 to 1200"), "{refused}");
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_directory_whose_keys_an_engine_wraps_gets_no_key_file_and_a_list_when_it_is_new_only() {
        let dir = dir();
        let transit = "[transit]\nurl = \"http://127.0.0.1:8200\"\nmount = \"transit\"\n\
                       key = \"trama\"\ntoken_file = \"/nonexistent\"\n";
        std::fs::write(dir.join("vault.toml"), transit).unwrap();
        let keys = VaultKeys::in_dir(&dir).unwrap();
        keys.make(false).unwrap();
        assert!(!dir.join(LIST).exists(), "a lost list is restored, not made anew");
        keys.make(true).unwrap();
        assert!(dir.join(LIST).exists() && !dir.join(KEYS).exists());
        std::fs::write(dir.join("vault.toml"), format!("keys = 1\n{transit}")).unwrap();
        assert!(format!("{:#}", VaultKeys::in_dir(&dir).unwrap_err()).contains("keys"));
        std::fs::remove_dir_all(dir).unwrap();
    }
}
