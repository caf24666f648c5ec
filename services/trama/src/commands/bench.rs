//! `trama bench`: drives the product's own code, always beside raw PostgreSQL in the same run.
//! One JSON line a result: rates per second, times in milliseconds.

mod access;
mod append;
mod by_hand;
mod effect;
mod measure;
mod pages;
mod path;
mod place;
mod rival;
mod timing;
mod typing;

use clap::Subcommand;

use crate::cli::Ending;

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Aggregate command to durable commit: receipts, guards, positions, signal on.
    Append(append::AppendArgs),
    /// The access log: rows a second by its writer alone, and what a page waits for its row.
    Access(access::AccessArgs),
    /// Command over HTTP to the read model and to the receiver's stream, everything on.
    Path(path::PathArgs),
    /// The pages of a demo that runs, as its users meet them: bytes, first byte, a long journey.
    Pages(pages::PagesArgs),
    /// The search for a person while somebody types, over HTTP and through the gate.
    Match(typing::TypingArgs),
    /// Whether the time of an answer tells that a person is there: 10,000 pairs at each door.
    Timing(timing::TimingArgs),
}

/// Measures.
///
/// # Errors
///
/// When the private servers do not start, or pgbench is not installed.
pub async fn bench(command: BenchCommand) -> anyhow::Result<Ending> {
    match command {
        BenchCommand::Append(args) => append::append(args).await,
        BenchCommand::Access(args) => access::access(args).await,
        BenchCommand::Path(args) => path::path(args).await,
        BenchCommand::Pages(args) => pages::pages(args).await,
        BenchCommand::Match(args) => typing::typing(args).await,
        BenchCommand::Timing(args) => timing::timing(args).await,
    }
}
