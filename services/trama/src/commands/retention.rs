//! `trama retention due`: whose segments are past their time. A proposal: nothing is erased by it.

use clap::Subcommand;
use serde_json::json;
use strum::VariantArray;
use time::Date;
use time::macros::format_description;
use trama_events::{Context, rome};
use trama_platform::log::Feed;
use trama_platform::servers::Servers;
use trama_vault::retention::{Book, Period, Proposal};

use crate::cli::{Ending, Target, line, lines};

/// Events that are read at once.
const PAGE: i64 = 1_000;

/// What to ask of the retention table.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Whose segments are past their time, segment by segment. Nothing is erased: one asks for an
    /// erasure, another agrees.
    Due {
        /// On which day, e.g. 2030-01-31; today unless told.
        #[arg(long, value_parser = day)]
        on: Option<Date>,
        /// How many records to list of each segment, the longest past first; all are counted.
        #[arg(long, default_value_t = 100)]
        limit: usize,
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
/// When there is no valid table, the logs cannot be read, or hold what this release cannot read.
pub async fn retention(command: RetentionCommand) -> anyhow::Result<Ending> {
    let RetentionCommand::Due { on, limit, target, json } = command;
    let table = target.retention()?;
    let on = on.unwrap_or_else(|| rome::day_of(target.clock().now()));
    let proposals = read(&target.servers()?).await?.proposals(&table, on, limit);
    if json {
        lines(&json!({"version": 1, "on": on, "segments": proposals}))?;
    } else {
        for proposal in &proposals {
            tell(proposal)?;
        }
    }
    Ok(Ending::Ok)
}

/// Every shared log, once. What a sealed service keeps is its own to judge.
async fn read(servers: &Servers) -> anyhow::Result<Book> {
    let mut book = Book::default();
    for context in Context::VARIANTS {
        let feed = Feed::open(servers, *context);
        let mut position = 0;
        loop {
            let page = feed.after(position, PAGE).await?;
            let Some(last) = page.last() else { break };
            position = last.position;
            page.iter().try_for_each(|recorded| book.take(recorded))?;
        }
    }
    Ok(book)
}

fn tell(proposal: &Proposal) -> anyhow::Result<()> {
    let Proposal { segment, period, past, held, open, undated, records } = proposal;
    line(&format!(
        "{:<9} {past} past ({}); {held} under a legal hold, {open} with an open case or stay, \
         {undated} without a date",
        segment.code(),
        words(period),
    ))?;
    for record in records {
        line(&format!("  {} kept until {}", record.person, record.kept_until))?;
    }
    let unlisted = past - records.len();
    if unlisted > 0 { line(&format!("  and {unlisted} more: --limit")) } else { Ok(()) }
}

fn words(period: &Period) -> String {
    let Period { months, from, after_contact, source, .. } = period;
    match (months, from) {
        (Some(months), Some(from)) => {
            let contact = after_contact.map(|months| format!(", {months} after last_contact"));
            format!("{months} months after {from}{}: {source}", contact.unwrap_or_default())
        }
        (None | Some(_), None) | (None, Some(_)) => format!("kept for ever: {source}"),
    }
}

fn day(text: &str) -> Result<Date, String> {
    let form = format_description!("[year]-[month]-[day]");
    Date::parse(text, form).map_err(|_| format!("{text} is no day like 2030-01-31"))
}
