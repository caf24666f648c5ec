use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cqrs_es::CqrsFramework;
use cqrs_es::persist::PersistedEventStore;
use postgres_es::PostgresEventRepository;
use serde_json::json;
use time::macros::datetime;
use trama_events::Context;
use trama_events::codes::Recipient;
use trama_events::ids::{Ats, MealId, OrganisationId, ServiceId};
use trama_food::meal::{Meal, MealCommand, Serving};
use trama_platform::clock::{Clock, random_id};
use trama_platform::log::{Asked, Log};
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};

use super::measure::{Times, closed_loop, rounded};
use super::rival;
use crate::cli::{Ending, lines};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct AppendArgs {
    /// How many at once; may be given several times. 1, 8 and 64 unless told.
    #[arg(long)]
    concurrency: Vec<usize>,
    /// Seconds for each figure.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds: the machine's speed drifts, so each round measures all three beside each other and
    /// the round in the middle counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

struct Round {
    pgbench: f64,
    stock: (f64, Times),
    trama: (f64, Times),
}

/// Measures on private servers in a directory that is gone afterwards.
pub(super) async fn append(args: AppendArgs) -> anyhow::Result<Ending> {
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let servers = PrivateServers::start(&dir).await?;
    let measured = rounds(&args, &servers.servers(), &dir).await;
    servers.stop().await;
    std::fs::remove_dir_all(&dir)?;
    measured.map(|()| Ending::Ok)
}

async fn rounds(args: &AppendArgs, servers: &Servers, dir: &Path) -> anyhow::Result<()> {
    let owner = servers.pool(PgRole::Owner, 64);
    rival::tables(&owner).await?;
    let log = Log::open(servers, Context::Food, Clock::Real);
    let length = Duration::from_secs(args.seconds);
    let levels =
        if args.concurrency.is_empty() { vec![1, 8, 64] } else { args.concurrency.clone() };
    for concurrency in levels {
        let mut all = Vec::new();
        for _ in 0..args.rounds.max(1) {
            all.push(Round {
                pgbench: rival::pgbench(servers, dir, concurrency, length).await?,
                stock: stock(servers, concurrency, length).await?,
                trama: trama(&log, concurrency, length).await?,
            });
        }
        all.sort_by(|a, b| (a.trama.0 / a.pgbench).total_cmp(&(b.trama.0 / b.pgbench)));
        report(concurrency, &all[all.len() / 2])?;
    }
    Ok(())
}

fn report(concurrency: usize, round: &Round) -> anyhow::Result<()> {
    let (stock, times) = (round.stock.0, round.trama.1);
    lines(&json!({
        "version": 1,
        "bench": "append",
        "concurrency": concurrency,
        "rate": rounded(round.trama.0),
        "p50_ms": times.p50_ms,
        "p99_ms": times.p99_ms,
        "pgbench_rate": rounded(round.pgbench),
        "stock_rate": rounded(stock),
        "stock_p50_ms": round.stock.1.p50_ms,
        "of_pgbench": rounded(round.trama.0 / round.pgbench),
        "of_stock": rounded(round.trama.0 / stock),
    }))
}

pub(super) fn serve() -> (MealId, MealCommand) {
    let meal = MealId(random_id());
    let service = ServiceId::derived(&["bench"]);
    let serving = Serving { meal, service, recipient: Recipient::Anonymous(1) };
    (meal, MealCommand::Serve { serving, person_known: true })
}

async fn trama(log: &Log, concurrency: usize, length: Duration) -> anyhow::Result<(f64, Times)> {
    let log = log.clone();
    closed_loop(concurrency, length, move |_, _| {
        let log = log.clone();
        async move {
            let (meal, command) = serve();
            log.ask::<Meal>(&asked(&meal)?, meal.0, command).await?;
            Ok(())
        }
    })
    .await
}

pub(super) fn asked(meal: &MealId) -> anyhow::Result<Asked> {
    let moment = datetime!(2025-01-14 12:00 UTC);
    let organisation = OrganisationId::derived(&["bench"]);
    Ok(Asked::by_system(
        "POST /api/food/meals",
        meal.to_string(),
        Ats::try_new("bari")?,
        organisation,
        moment,
    ))
}

/// Stock postgres-es, as its documentation shows it, with the same aggregate and metadata.
async fn stock(
    servers: &Servers,
    concurrency: usize,
    length: Duration,
) -> anyhow::Result<(f64, Times)> {
    let pool = servers.pool(PgRole::Owner, u32::try_from(concurrency.max(4))?);
    let repository =
        PostgresEventRepository::new(pool).with_tables("bench.events", "bench.snapshots");
    let store = PersistedEventStore::<_, Meal>::new_event_store(repository);
    let framework = Arc::new(CqrsFramework::new(store, Vec::new(), ()));
    closed_loop(concurrency, length, move |_, _| {
        let framework = framework.clone();
        async move {
            let (meal, command) = serve();
            let metadata = metadata(&asked(&meal)?);
            framework.execute_with_metadata(&meal.to_string(), command, metadata).await?;
            Ok(())
        }
    })
    .await
}

pub(super) fn metadata(asked: &Asked) -> HashMap<String, String> {
    [
        ("actor", asked.actor.to_string()),
        ("organisation", asked.organisation.to_string()),
        ("ats", asked.ats.to_string()),
        ("role", asked.role.clone()),
        ("purpose", asked.purpose.clone()),
        ("legal_basis", asked.legal_basis.clone()),
        ("occurred_at", asked.occurred_at.to_string()),
        ("command_id", asked.key.clone()),
        ("digest", asked.digest.clone()),
        ("correlation", asked.correlation.clone()),
        ("causation", asked.causation.clone()),
        ("route", asked.route.clone()),
        ("sensitivity", "normal".to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
