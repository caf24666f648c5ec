//! `trama vault`: keys wrapped anew, and what a backup brought back erased again.

use clap::Subcommand;
use serde_json::json;
use trama_vault::Vault;

use crate::cli::{Ending, Target, line, lines};

/// Most runs of one rotation: each finds what others wrapped under the old key during the last one.
const RUNS_MAX: u32 = 10;

/// What to do with the vault.
#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Wrap every key anew under the current key-encryption key. Readers and writers go on; cut
    /// short, it is started again.
    Rewrap {
        /// On which installation.
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Erase again what the shred list and the log name: after a restore, before the vault opens.
    Replay {
        /// On which installation.
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
///
/// # Errors
///
/// When there is no such installation, its keys or its list cannot be used, or the database cannot be
/// reached.
pub async fn vault(command: VaultCommand) -> anyhow::Result<Ending> {
    match command {
        VaultCommand::Rewrap { target, json } => rewrap(&open(&target)?, json).await,
        VaultCommand::Replay { target, json } => replay(&open(&target)?, json).await,
    }
}

fn open(target: &Target) -> anyhow::Result<Vault> {
    Ok(Vault::open(&target.servers()?, target.clock(), target.vault()?))
}

async fn rewrap(vault: &Vault, json: bool) -> anyhow::Result<Ending> {
    let mut done = 0;
    for _ in 0..RUNS_MAX {
        let run = vault
            .keys()
            .rewrap(|so_far| tracing::info!(done = so_far.done, of = so_far.of, "wrapped anew"))
            .await?;
        done += run.done;
        if run.of == 0 {
            if json {
                lines(&json!({"version": 1, "done": done, "key": run.kek, "left": 0}))?;
            } else {
                line(&format!("{done} keys wrapped anew; all of them lie under {}", run.kek))?;
            }
            return Ok(Ending::Ok);
        }
    }
    anyhow::bail!(
        "{done} keys were wrapped anew, and somebody still wraps under the old one: restart every \
         process of Trama, then run this again"
    )
}

async fn replay(vault: &Vault, json: bool) -> anyhow::Result<Ending> {
    let replayed = vault.replay_shred_list().await?;
    vault.must_be_open().await?;
    if json {
        lines(&json!({"version": 1, "replayed": replayed}))?;
    } else {
        line(&format!(
            "{} erasures, {} keys that had come back are destroyed again; the vault opens. Restart \
             every process of Trama",
            replayed.erasures, replayed.keys_destroyed
        ))?;
    }
    Ok(Ending::Ok)
}
