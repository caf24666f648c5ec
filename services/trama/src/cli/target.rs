use std::path::PathBuf;

use anyhow::Context as _;
use trama_platform::private::PrivateServers;
use trama_platform::servers::Servers;

use crate::config::Config;
use crate::issuer::Issuer;
use crate::up::Running;

/// On which installation a command works: a data directory of `up` or `demo`, or a configuration.
#[derive(Debug, Clone, clap::Args)]
pub struct Target {
    /// Data directory of `trama up` or `trama demo`; `.trama/demo` unless told.
    #[arg(long, conflicts_with = "config")]
    pub dir: Option<PathBuf>,
    /// Configuration file of `trama serve`.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

impl Target {
    /// The data directory, also when none was named.
    pub fn directory(&self) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| PathBuf::from(super::DEMO_DIR))
    }

    /// Servers and accounts.
    ///
    /// # Errors
    ///
    /// When there is no such installation.
    pub fn servers(&self) -> anyhow::Result<Servers> {
        if let Some(config) = &self.config {
            return Config::read(Some(config))?.servers();
        }
        let dir = self.directory();
        PrivateServers::remembered(&dir).with_context(|| {
            format!(
                "there is no installation in {}: name one with --dir or --config",
                dir.display()
            )
        })
    }

    /// Where the doors of a data directory are.
    ///
    /// # Errors
    ///
    /// When nothing runs there.
    pub fn running(&self) -> anyhow::Result<Running> {
        let dir = self.directory();
        let text = std::fs::read(dir.join("running.json")).with_context(|| {
            format!(
                "nothing runs in {}: start it with trama demo --dir {}",
                dir.display(),
                dir.display()
            )
        })?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// The issuer of a data directory.
    ///
    /// # Errors
    ///
    /// When the directory holds none.
    pub fn issuer(&self) -> anyhow::Result<Issuer> {
        let dir = self.directory();
        anyhow::ensure!(dir.join("issuer.p8").exists(), "there is no demo in {}", dir.display());
        Issuer::open(&dir)
    }
}
