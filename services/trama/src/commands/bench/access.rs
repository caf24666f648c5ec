use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::access::{AccessLog, Decision, Entry, verify};
use trama_platform::clock::{random_id, real_now};
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};

use super::measure::{Times, closed_loop, ms_since, rounded};
use super::rival;
use crate::cli::{Ending, lines};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct AccessArgs {
    /// How many pages at once; may be given several times. 1, 64 and 256 unless told.
    #[arg(long)]
    concurrency: Vec<usize>,
    /// Seconds for each figure.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds: each measures the writer and pgbench beside each other, and the one in the middle
    /// counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Pages a second for the cost of a page: Bari's burst unless told.
    #[arg(long, default_value_t = 50)]
    pages: u32,
    /// Seconds for the cost of a page.
    #[arg(long, default_value_t = 20)]
    page_seconds: u64,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

struct Round {
    pgbench: f64,
    access: (f64, Times),
}

/// Measures on private servers in a directory that is gone afterwards.
pub(super) async fn access(args: AccessArgs) -> anyhow::Result<Ending> {
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let servers = PrivateServers::start(&dir).await?;
    let measured = measure(&args, &servers.servers(), &dir).await;
    servers.stop().await;
    std::fs::remove_dir_all(&dir)?;
    measured.map(|()| Ending::Ok)
}

async fn measure(args: &AccessArgs, servers: &Servers, dir: &Path) -> anyhow::Result<()> {
    rival::tables(&servers.pool(PgRole::Owner, 2)).await?;
    let log = AccessLog::open(servers);
    page_cost(&log, args.pages, args.page_seconds).await?;
    let length = Duration::from_secs(args.seconds);
    let levels =
        if args.concurrency.is_empty() { vec![1, 64, 256] } else { args.concurrency.clone() };
    for concurrency in levels {
        let mut all = Vec::new();
        for _ in 0..args.rounds.max(1) {
            all.push(Round {
                pgbench: rival::pgbench(servers, dir, concurrency, length).await?,
                access: rows(&log, concurrency, length).await?,
            });
        }
        all.sort_by(|a, b| (a.access.0 / a.pgbench).total_cmp(&(b.access.0 / b.pgbench)));
        report(concurrency, &all[all.len() / 2])?;
    }
    chain(servers).await
}

fn report(concurrency: usize, round: &Round) -> anyhow::Result<()> {
    let (rate, times) = round.access;
    lines(&json!({
        "version": 1,
        "bench": "access",
        "concurrency": concurrency,
        "rate": rounded(rate),
        "p50_ms": times.p50_ms,
        "p99_ms": times.p99_ms,
        "pgbench_rate": rounded(round.pgbench),
        "of_pgbench": rounded(rate / round.pgbench),
    }))
}

/// A page about one person, as a desk opens it.
fn page() -> Entry {
    Entry {
        at: real_now(),
        staff: StaffId(random_id()),
        organisation: OrganisationId::derived(&["bench"]),
        role: Role::CaseManager,
        session: random_id().to_string(),
        request_id: random_id().to_string(),
        person: Some(PersonId(random_id())),
        sections: ["identity", "journey", "needs"].map(ToOwned::to_owned).to_vec(),
        purpose: Purpose::Care,
        reason: None,
        reason_fact: None,
        decision: Decision::Allowed,
        policies: vec!["relation.case_team".to_owned()],
        door: "journey.read".to_owned(),
        explained: true,
        forced: false,
        listed: false,
        same_surname: Some(false),
        surname: None,
        records: Vec::new(),
    }
}

/// The writer alone: rows a second, so many pages at once.
async fn rows(
    log: &AccessLog,
    concurrency: usize,
    length: Duration,
) -> anyhow::Result<(f64, Times)> {
    let log = log.clone();
    closed_loop(concurrency, length, move |_, _| {
        let log = log.clone();
        async move {
            log.write(page()).await?;
            Ok(())
        }
    })
    .await
}

/// What a page waits for its row, at a fixed rate.
async fn page_cost(log: &AccessLog, rate: u32, seconds: u64) -> anyhow::Result<()> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
    let count = usize::try_from(u64::from(rate) * seconds)?;
    let mut sent = Vec::with_capacity(count);
    for _ in 0..count {
        tick.tick().await;
        let log = log.clone();
        sent.push(tokio::spawn(async move {
            let begun = Instant::now();
            log.write(page()).await?;
            anyhow::Ok(ms_since(begun))
        }));
    }
    let mut all = Vec::with_capacity(count);
    for one in sent {
        all.push(one.await??);
    }
    let times = Times::of(all);
    lines(&json!({
        "version": 1,
        "bench": "access_page",
        "rate": rate,
        "pages": times.n,
        "p50_ms": times.p50_ms,
        "p99_ms": times.p99_ms,
        "max_ms": times.max_ms,
    }))
}

/// Following the chain of everything that was written: rows a second.
async fn chain(servers: &Servers) -> anyhow::Result<()> {
    let begun = Instant::now();
    let verified = verify(servers, None).await?;
    anyhow::ensure!(verified.troubles.is_empty(), "the chain is broken: {:?}", verified.troubles);
    let rows = u32::try_from(verified.rows).unwrap_or(u32::MAX);
    let rate = f64::from(rows) / begun.elapsed().as_secs_f64();
    lines(&json!({"version": 1, "bench": "access_verify", "rows": rows, "rate": rounded(rate)}))
}
