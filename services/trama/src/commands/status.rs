//! `trama status`.

use crate::cli::{Ending, Target, line, lines};
use crate::status::{Looker, Status};

/// Says how everything is.
///
/// # Errors
///
/// When the installation is not there or cannot be reached.
pub async fn status(target: &Target, json: bool, check: bool) -> anyhow::Result<Ending> {
    let servers = target.servers()?;
    let names = crate::system::model_names(&super::services(&servers));
    let status = Looker::open(&servers, names).look().await?;
    if json {
        lines(&status)?;
    } else {
        for text in table(&status) {
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
