//! Where the keys of the vault are wrapped, and where its shred list is.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use trama_vault::Settings;
use trama_vault::kek::{FileKek, Kek, Transit, TransitKek};
use trama_vault::shred::ShredList;

/// Keys of the vault: a directory of key files, or a transit engine; never both.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaultKeys {
    /// Directory of key files, readable by their owner only. For development.
    pub keys_dir: Option<PathBuf>,
    /// `OpenBao` or Vault.
    pub transit: Option<TransitEngine>,
    /// The shred list: on another disk than the database, and in no backup of it.
    pub shred_list: Option<PathBuf>,
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

impl VaultKeys {
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        let list = self.shred_list.as_ref();
        let list = list.context("vault.shred_list is not set: no erasure could be remembered")?;
        Ok(Settings { kek: self.kek()?, shreds: ShredList::at(list) })
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
