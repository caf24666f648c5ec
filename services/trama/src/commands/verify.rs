//! `trama verify`.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;
use trama_events::sealed::SealedKey;
use trama_platform::access;
use trama_platform::clock::pause;
use trama_platform::follow::{Verdict, verify as verify_model};
use trama_platform::log::{LogVerdict, verify_log};
use trama_platform::state::Looker;
use trama_sealed::Sealed;

use crate::cli::{Ending, Target, line, lines};

/// Most differences of claims and timers that are listed for a log.
const TROUBLES_MAX: usize = 20;

#[derive(Debug, Serialize)]
struct Verified {
    version: u32,
    ok: bool,
    logs: Vec<LogVerdict>,
    sealed: Vec<LogVerdict<SealedKey>>,
    /// The chain of the access log, from its beginning. Note its tip outside the database.
    access: access::Verified,
    projections: Vec<Verdict>,
    stopped: Vec<String>,
}

/// Holds logs against their own rules, and read models against a replay.
///
/// # Errors
///
/// When a server cannot be reached, or nothing caught up within the wait.
pub async fn verify(target: &Target, json: bool, wait: Option<u64>) -> anyhow::Result<Ending> {
    let servers = target.servers()?;
    let services = target.services()?;
    let names = crate::system::model_names(&services);
    let looker = Looker::open(&servers, names);
    if let Some(seconds) = wait {
        caught_up(&looker, Duration::from_secs(seconds)).await?;
    }
    let mut logs = Vec::new();
    for service in &services {
        let mut log = verify_log(&servers, service.log().context()).await?;
        let differences = service.kept_differences(&servers).await?;
        log.troubles.extend(differences.into_iter().take(TROUBLES_MAX));
        logs.push(log);
    }
    let mut sealed = Vec::new();
    for key in servers.sealing.keys() {
        let mut log = verify_log(&servers, key).await?;
        let differences = Sealed::kept_differences(&servers, key).await?;
        log.troubles.extend(differences.into_iter().take(TROUBLES_MAX));
        sealed.push(log);
    }
    let mut projections = Vec::new();
    for model in super::rebuildable(&services) {
        projections.push(verify_model(&servers, model.as_ref()).await?);
    }
    // What stopped, or was never built, may be equal to a replay as far as it came: it is not well.
    let stopped =
        looker.look().await?.projections.into_iter().filter(|m| m.stopped.is_some() || !m.built);
    let stopped: Vec<String> = stopped.map(|model| model.projection).collect();
    let access = access::verify(&servers, None).await?;
    let ok = access.troubles.is_empty()
        && logs.iter().all(|log| log.troubles.is_empty())
        && sealed.iter().all(|log| log.troubles.is_empty())
        && projections.iter().all(|model| model.equal && model.parked_events == 0)
        && stopped.is_empty();
    let verified = Verified { version: 1, ok, logs, sealed, access, projections, stopped };
    if json {
        lines(&verified)?;
    } else {
        table(&verified)?;
    }
    Ok(if ok { Ending::Ok } else { Ending::Integrity })
}

/// Waits until every model has taken what its logs hold.
async fn caught_up(looker: &Looker, most: Duration) -> anyhow::Result<()> {
    let patience = Instant::now();
    loop {
        let status = looker.look().await?;
        let behind: Vec<&str> = status
            .projections
            .iter()
            .filter(|model| !model.built || model.lag_seconds > 0.0)
            .map(|model| model.projection.as_str())
            .collect();
        if behind.is_empty() {
            return Ok(());
        }
        let waited = patience.elapsed() < most;
        waited
            .then_some(())
            .with_context(|| format!("still behind after {most:?}: {}", behind.join(", ")))?;
        pause(Duration::from_millis(100)).await;
    }
}

fn table(verified: &Verified) -> anyhow::Result<()> {
    for log in &verified.logs {
        line(&format!(
            "{:<10} {:>9} events, {} claims: {}",
            log.context.name(),
            log.events,
            log.claims,
            words(&log.troubles)
        ))?;
    }
    for log in &verified.sealed {
        let (events, claims) = (log.events, log.claims);
        let words = words(&log.troubles);
        line(&format!("sealed {} {events} events, {claims} claims: {words}", log.context))?;
    }
    let (rows, chain) = (verified.access.rows, words(&verified.access.troubles));
    line(&format!("{:<10} {rows:>9} rows: {chain}", "access"))?;
    for model in &verified.projections {
        let word = if model.equal {
            "equal to a replay".to_owned()
        } else {
            format!("DIFFERS in {}", model.different.join(", "))
        };
        let parked = if model.parked_events > 0 {
            format!(", {} events parked", model.parked_events)
        } else {
            String::new()
        };
        line(&format!("{:<20} {:>9} rows: {word}{parked}", model.projection, model.rows))?;
    }
    for name in &verified.stopped {
        line(&format!("{name:<20} does not follow: see trama status"))?;
    }
    line(if verified.ok { "all is as it must be" } else { "SOMETHING IS NOT AS IT MUST BE" })
}

fn words(troubles: &[String]) -> String {
    if troubles.is_empty() { "whole".into() } else { troubles.join("; ") }
}
