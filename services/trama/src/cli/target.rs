use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use trama_platform::clock::Clock;
use trama_platform::private::PrivateServers;
use trama_platform::servers::Servers;
use trama_platform::service::Service;
use trama_vault::Settings;
use trama_vault::retention::Table;

use crate::config::{Config, VaultKeys};
use crate::issuer::Issuer;
use crate::system;
use crate::up::{self, Running};

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

    /// What the vault needs beside the servers.
    ///
    /// # Errors
    ///
    /// When there is no such installation, or its keys cannot be used.
    pub fn vault(&self) -> anyhow::Result<Settings> {
        match &self.config {
            Some(config) => Config::read(Some(config))?.vault(),
            None => VaultKeys::in_dir(&self.directory())?.settings(&self.servers()?),
        }
    }

    /// For how long each segment of the vault is kept.
    ///
    /// # Errors
    ///
    /// When no table is named, or it is not valid.
    pub fn retention(&self) -> anyhow::Result<Table> {
        match &self.config {
            Some(config) => Config::read(Some(config))?.vault.retention(),
            None => VaultKeys::in_dir(&self.directory())?.retention(),
        }
    }

    /// The domain's clock.
    pub fn clock(&self) -> Clock {
        match &self.config {
            Some(_) => Clock::Real,
            None => up::clock(&self.directory()),
        }
    }

    /// Every context, opened for its models only.
    ///
    /// # Errors
    ///
    /// When there is no such installation.
    pub fn services(&self) -> anyhow::Result<Vec<Arc<dyn Service>>> {
        Ok(system::services(&self.servers()?, &Clock::Real, &self.vault()?))
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
