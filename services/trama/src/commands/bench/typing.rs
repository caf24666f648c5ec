//! The search for a person while somebody types: every keystroke a question over HTTP, through the
//! gate and the access log, among invented people.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_platform::clock::{Clock, pause, random_id};
use trama_platform::servers::PgRole;
use trama_vault::{Vault, bench};

use super::measure::{Times, ms_since, rounded};
use super::place::{Place, SETTLED_ON, done, opens, organisation, worker};
use super::rival;
use crate::cli::{Ending, Target, lines};
use crate::client::{Actor, Client};
use crate::commands::load;

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct TypingArgs {
    /// Invented people in the vault.
    #[arg(long, default_value_t = 1_000_000)]
    people: u64,
    /// Where they are kept for the next run; gone afterwards unless named.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// How many type at the same time; may be given several times. 1, 4 and 8 unless told.
    #[arg(long)]
    typists: Vec<usize>,
    /// Names that are typed out at each figure.
    #[arg(long, default_value_t = 160)]
    typed: usize,
    /// The same seed types the same names.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

/// The first letters bring no answer that helps: the pages ask from the third on.
const LETTERS_MIN: usize = 3;
/// Names typed before any is measured, so that the database's caches are as they stay.
const WARM_UP: usize = 40;
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Measures on an installation of its own.
pub(super) async fn typing(args: TypingArgs) -> anyhow::Result<Ending> {
    let throwaway = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let dir = args.dir.clone().unwrap_or_else(|| throwaway.clone());
    let mut place = Place::start(&dir).await?;
    let measured = measure(&args, &dir).await;
    place.stop()?;
    if args.dir.is_none() {
        std::fs::remove_dir_all(&throwaway)?;
    }
    measured.map(|()| Ending::Ok)
}

async fn measure(args: &TypingArgs, dir: &Path) -> anyhow::Result<()> {
    let target = Target { dir: Some(dir.to_owned()), config: None };
    let client = Client::open(&target)?;
    fill(&target, &client, args.people).await?;
    let desk = Arc::new(Desk::open(client)?);
    let mut dice = SmallRng::seed_from_u64(args.seed);
    let mut names = |count: usize| -> Vec<u64> {
        (0..count).map(|_| dice.random_range(0..args.people.max(1))).collect()
    };
    desk.opens().await?;
    desk.type_out(names(WARM_UP), 1).await?;
    let servers = target.servers()?;
    rival::tables(&servers.pool(PgRole::Owner, 2)).await?;
    let single = 1000.0 / rival::pgbench(&servers, dir, 1, Duration::from_secs(4)).await?;
    let livez = desk.livez().await?;
    let levels = if args.typists.is_empty() { vec![1, 4, 8] } else { args.typists.clone() };
    for typists in levels {
        let run = desk.type_out(names(args.typed), typists).await?;
        lines(&json!({
            "version": 1,
            "bench": "match",
            "people": args.people,
            "typists": typists,
            "keystrokes": run.times.len(),
            "answers": Times::of(run.times),
            "found": rounded(ratio(run.found, args.typed)),
            "pgbench_insert_ms": rounded(single),
            "livez_ms": livez,
        }))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Opens a desk and fills the vault, unless an earlier run did.
async fn fill(target: &Target, client: &Client, people: u64) -> anyhow::Result<()> {
    let servers = target.servers()?;
    let options = servers.options(PgRole::Owner).options([("statement_timeout", "0")]);
    let admin = PgPoolOptions::new().max_connections(4).connect_with(options).await?;
    let there: i64 =
        sqlx::query_scalar("select count(*) from vault_keys.data_keys").fetch_one(&admin).await?;
    if u64::try_from(there)? >= people {
        return Ok(());
    }
    anyhow::ensure!(there == 0, "there are {there} people already: name an empty directory");
    staff(client).await?;
    let vault = Vault::open(&servers, Clock::Real, target.vault()?);
    bench::load(&admin, vault.keys(), people, |done| {
        if done % 50_000 == 0 {
            tracing::info!(done, people, "loading");
        }
    })
    .await?;
    Ok(())
}

fn clerk() -> anyhow::Result<Actor> {
    worker("clerk", Role::InfoDesk, "city", &[ServiceId::derived(&["bench", "desk"])])
}

async fn staff(client: &Client) -> anyhow::Result<()> {
    let (keeper, clerk) = (worker("keeper", Role::Administrator, "city", &[])?, clerk()?);
    let city = organisation(OrganisationId::derived(&["bench", "city"]));
    load::found(client, &keeper, &city, SETTLED_ON).await?;
    done(client, &keeper, "/api/directory/organisations", &city).await?;
    for service in &clerk.services {
        opens(client, &keeper, *service, clerk.organisation).await?;
    }
    load::enrol(client, &keeper, &[clerk], SETTLED_ON).await?;
    client.settle().await
}

/// A front desk whose clerks type.
struct Desk {
    url: String,
    http: reqwest::Client,
    client: Client,
    clerk: Actor,
}

/// What a run of typing came to; times in milliseconds.
#[derive(Default)]
struct Run {
    times: Vec<f64>,
    found: usize,
}

impl Desk {
    fn open(client: Client) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build()?;
        Ok(Self { url: client.base().to_owned(), http, client, clerk: clerk()? })
    }

    /// Waits until the doors decide: not before the read models are up to date.
    async fn opens(&self) -> anyhow::Result<()> {
        let patience = Instant::now();
        while let Err(error) = self.ask(&json!({ "text": "Rossi" }), &mut Run::default()).await {
            anyhow::ensure!(patience.elapsed() < ANSWER_MAX, "the doors do not decide: {error}");
            pause(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    async fn livez(&self) -> anyhow::Result<Times> {
        let mut times = Vec::new();
        for _ in 0..500 {
            let begun = Instant::now();
            self.http.get(format!("{}/livez", self.url)).send().await?.bytes().await?;
            times.push(ms_since(begun));
        }
        Ok(Times::of(times))
    }

    /// So many type at the same time, each the next letter when the answer is there.
    async fn type_out(self: &Arc<Self>, names: Vec<u64>, typists: usize) -> anyhow::Result<Run> {
        let mut all = tokio::task::JoinSet::new();
        for typist in 0..typists {
            let share: Vec<u64> = names.iter().copied().skip(typist).step_by(typists).collect();
            let desk = Arc::clone(self);
            all.spawn(async move {
                let mut run = Run::default();
                for number in share {
                    desk.one(number, &mut run).await?;
                }
                anyhow::Ok(run)
            });
        }
        let mut run = Run::default();
        while let Some(done) = all.join_next().await {
            let one = done??;
            run.times.extend(one.times);
            run.found += one.found;
        }
        Ok(run)
    }

    async fn one(&self, number: u64, run: &mut Run) -> anyhow::Result<()> {
        let who = bench::Invented::new(number);
        let name = format!("{} {}", who.family, who.given);
        for (end, _) in name.char_indices().skip(LETTERS_MIN) {
            self.ask(&json!({ "text": &name[..end] }), run).await?;
        }
        let whole = json!({ "family": who.family, "given": who.given,
            "birth_date": who.birth_date.to_string() });
        let answer = self.ask(&whole, run).await?;
        let candidates = answer["candidates"].as_array().context("a list of candidates")?;
        let sought = bench::person_id(number);
        let is_her = |one: &Value| {
            one["person"].as_str().and_then(|id| id.parse::<PersonId>().ok()) == Some(sought)
        };
        run.found += usize::from(candidates.iter().any(is_her));
        Ok(())
    }

    async fn ask(&self, question: &Value, run: &mut Run) -> anyhow::Result<Value> {
        let token = self.client.bearer(&self.clerk)?;
        let request = self.http.post(format!("{}/api/intake/persons/match", self.url));
        let request = request.bearer_auth(token).header("purpose", "care");
        let request = request.header("idempotency-key", random_id().to_string()).json(question);
        let begun = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        run.times.push(ms_since(begun));
        anyhow::ensure!(status.is_success(), "the door answered {status}: {body:?}");
        Ok(serde_json::from_slice(&body)?)
    }
}
