//! `trama parked`: events that could not be taken, and what waits behind them.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use trama_platform::follow;
use trama_platform::servers::{PgRole, Servers};
use trama_platform::service::Service;
use uuid::Uuid;

use crate::cli::{Ending, Target, line, lines};

/// What to do with parked events.
#[derive(Debug, Subcommand)]
pub enum ParkedCommand {
    /// Who is parked, in one model or in all.
    List {
        /// The model; all unless told.
        #[arg(default_value = "all")]
        projection: String,
        /// On which installation.
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// The events of one subject that wait, as CloudEvents.
    Show {
        /// The model.
        projection: String,
        /// The person, else the aggregate.
        subject: Uuid,
        /// On which installation.
        #[command(flatten)]
        target: Target,
    },
    /// Try again: all events of a subject, in order, or none.
    Retry {
        /// The model.
        projection: String,
        /// Only this subject.
        #[arg(long)]
        subject: Option<Uuid>,
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
/// When there is no such model, or the database cannot be reached.
pub async fn parked(command: ParkedCommand) -> anyhow::Result<Ending> {
    match command {
        ParkedCommand::List { projection, target, json } => {
            list((&target.servers()?, &target.services()?), &projection, json).await
        }
        ParkedCommand::Show { projection, subject, target } => {
            let servers = target.servers()?;
            let name =
                super::named(crate::system::models(&target.services()?), &projection)?[0].name();
            for event in follow::parked_events(&mut connect(&servers).await?, name, subject).await?
            {
                lines(&event)?;
            }
            Ok(Ending::Ok)
        }
        ParkedCommand::Retry { projection, subject, target, json } => {
            retry((&target.servers()?, &target.services()?), &projection, subject, json).await
        }
    }
}

async fn connect(servers: &Servers) -> sqlx::Result<PgConnection> {
    PgConnection::connect_with(&servers.options(PgRole::Projections)).await
}

async fn list(
    (servers, services): (&Servers, &[Arc<dyn Service>]),
    projection: &str,
    json: bool,
) -> anyhow::Result<Ending> {
    let mut rows = connect(servers).await?;
    let mut all = Vec::new();
    for model in super::named(crate::system::models(services), projection)? {
        if follow::health(&mut rows, model.name()).await?.is_none() {
            continue;
        }
        for subject in follow::parked(&mut rows, model.name()).await? {
            all.push((model.name(), subject));
        }
    }
    if json {
        let parked: Vec<_> = all
            .iter()
            .map(|(projection, subject)| json!({"projection": projection, "parked": subject}))
            .collect();
        lines(&json!({"version": 1, "parked": parked}))?;
    } else if all.is_empty() {
        line("nothing is parked")?;
    } else {
        for (projection, parked) in all {
            let (subject, events) = (parked.subject, parked.events);
            line(&format!(
                "{projection} {subject}: {events} events since {}; {}",
                parked.first, parked.reason
            ))?;
        }
    }
    Ok(Ending::Ok)
}

async fn retry(
    (servers, services): (&Servers, &[Arc<dyn Service>]),
    projection: &str,
    subject: Option<Uuid>,
    json: bool,
) -> anyhow::Result<Ending> {
    let (mut healed, mut left) = (0, 0);
    for model in super::named(crate::system::models(services), projection)? {
        let (more_healed, more_left) = follow::retry(servers, model.as_ref(), subject).await?;
        healed += more_healed;
        left += more_left;
    }
    if json {
        lines(&json!({"version": 1, "healed": healed, "still_parked": left}))?;
    } else {
        line(&format!("{healed} healed, {left} still parked"))?;
    }
    Ok(if left == 0 { Ending::Ok } else { Ending::Failed })
}
