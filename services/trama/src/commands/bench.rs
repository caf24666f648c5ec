//! `trama bench`: drives the product's own code, always beside raw PostgreSQL in the same run.
//! One JSON line a result: rates per second, times in milliseconds.

mod append;
mod by_hand;
mod measure;
mod path;
mod rival;

use clap::Subcommand;

use crate::cli::Ending;

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Aggregate command to durable commit: receipts, guards, positions, signal on.
    Append(append::AppendArgs),
    /// Command over HTTP to the read model and to the receiver's stream, everything on.
    Path(path::PathArgs),
}

/// Measures.
///
/// # Errors
///
/// When the private servers do not start, or pgbench is not installed.
pub async fn bench(command: BenchCommand) -> anyhow::Result<Ending> {
    match command {
        BenchCommand::Append(args) => append::append(args).await,
        BenchCommand::Path(args) => path::path(args).await,
    }
}
