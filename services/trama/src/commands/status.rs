//! `trama status`.

use serde::Serialize;
use trama_events::sealed::SealedKey;
use trama_platform::state::{self, LogStatus, Looker, Status};

use crate::cli::{Ending, Target, line, lines};

/// Says how everything is.
///
/// # Errors
///
/// When the installation is not there or cannot be reached.
pub async fn status(target: &Target, json: bool, check: bool) -> anyhow::Result<Ending> {
    let servers = target.servers()?;
    let services = target.services()?;
    let names = crate::system::model_names(&services);
    let status = Looker::open(&servers, names).look().await?;
    let sealed = state::sealed(&servers).await?;
    if json {
        lines(&WithSealed { status: &status, sealed: &sealed })?;
    } else {
        for text in table(&status).into_iter().chain(sealed.iter().map(sealed_line)) {
            line(&text)?;
        }
    }
    Ok(match status.health {
        _ if !check => Ending::Ok,
        "ok" => Ending::Ok,
        "warning" => Ending::Failed,
        _ => Ending::Integrity,
    })
}

#[derive(Serialize)]
struct WithSealed<'a> {
    #[serde(flatten)]
    status: &'a Status,
    sealed: &'a [LogStatus<SealedKey>],
}

fn sealed_line(log: &LogStatus<SealedKey>) -> String {
    format!(
        "  sealed {} {:>6} events, {:>9} published, generation {}, lag {:.1} s",
        log.context, log.position, log.relayed, log.generation, log.relay_lag_seconds
    )
}

/// Space in proportion to trouble: what is healthy takes one line.
fn table(status: &Status) -> Vec<String> {
    let events: i64 = status.logs.iter().map(|log| log.position).sum();
    let mut table =
        vec![format!("{}: {events} events, {} models", status.health, status.projections.len())];
    table.extend(status.troubles.iter().map(|trouble| format!("  {trouble}")));
    for log in &status.logs {
        table.push(format!(
            "  {:<10} {:>9} events, {:>9} published, generation {}, lag {:.1} s",
            log.context.name(),
            log.position,
            log.relayed,
            log.generation,
            log.relay_lag_seconds
        ));
    }
    for model in &status.projections {
        table.push(format!(
            "  {:<20} lag {:.1} s, {} parked",
            model.projection, model.lag_seconds, model.parked_events
        ));
    }
    table
}
