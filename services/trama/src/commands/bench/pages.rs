//! The console as its users meet it, on an installation that runs, with what is in it: bytes over the
//! wire, time to the first byte, and how long a long journey takes.
//!
//! Workers sign in by the demo's own provider. Of what is there nothing is changed; one referral and
//! one long journey are written beside it, once, and every record that is opened stands in the access
//! log.

mod browser;
mod desk;
mod named;
mod scene;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use trama_platform::clock::random_id;
use trama_platform::servers::PgRole;

use self::browser::Browser;
use self::desk::Screen;
use self::scene::Long;
use super::measure::{Times, rounded};
use super::rival;
use crate::cli::{Ending, Target, lines};
use crate::client::Client;
use crate::commands::demo::users::{User, user};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct PagesArgs {
    /// The data directory of a demo that runs; `.trama/demo` unless told.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Rounds over the screens for each figure, and openings of the long journey.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// Events in the long journey, which is written once, over two years of the domain's clock; 0 leaves
    /// it out.
    #[arg(long, default_value_t = 1_000)]
    long: usize,
    /// The case manager who looks; see `trama demo users`.
    #[arg(long, default_value = "paola.assistente")]
    case_manager: String,
    /// Who works at a front desk.
    #[arg(long, default_value = "rita.segretariato")]
    front_desk: String,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

/// The start page with its files, before a browser keeps any.
const FIRST_VISIT_BYTES_MAX: usize = 150_000;
/// Every later page.
const LATER_BYTES_MAX: usize = 10_000;
/// 99 of 100 pages begin to come so soon.
const FIRST_BYTE_P99_MAX_MS: f64 = 100.0;
/// 99 of 100 long journeys are made so soon.
const LONG_P99_MAX_MS: f64 = 50.0;
/// How many workers sit side by side.
const AT_ONCE: [usize; 2] = [1, 8];
/// For how long pgbench inserts.
const RIVAL_FOR: Duration = Duration::from_secs(3);
/// What is counted as bytes.
const COUNTED: &str = "bodies as sent, for accept-encoding br, gzip; no headers";

/// What stands beside the times of a run, for so many at once.
struct Beside {
    at_once: usize,
    pgbench_insert_ms: f64,
    livez: Times,
}

/// One run on one installation.
struct Run<'a> {
    args: &'a PagesArgs,
    base: &'a str,
    events: i64,
    beside: Vec<Beside>,
}

/// Measures on an installation that runs.
pub(super) async fn pages(args: PagesArgs) -> anyhow::Result<Ending> {
    let target = Target { dir: args.dir.clone(), config: None };
    let client = Client::open(&target)?;
    let (manager, desk) = (user(&args.case_manager)?, user(&args.front_desk)?);
    let at_the_case = Browser::sign_in(client.base(), &manager.username).await?;
    let at_the_desk = Browser::sign_in(client.base(), &desk.username).await?;
    let sent = scene::sent(&client, &desk.actor(), &manager.actor()).await?;
    let long = match args.long {
        0 => None,
        facts => Some(scene::long(&client, &manager.actor(), facts).await?),
    };
    let beside = beside(&target, client.base(), args.rounds).await?;
    let events = client.events().await?;
    let run = Run { args: &args, base: client.base(), events, beside };
    let mut within = true;
    for (user, mut browser) in [(&manager, at_the_case), (&desk, at_the_desk)] {
        within &= run.first_visit(user, &mut browser).await?;
        let screens = desk::screens(&mut browser, &sent).await?;
        within &= run.weights(user, &mut browser, &screens).await?;
        for beside in &run.beside {
            within &= run.first_bytes(user, &screens, beside).await?;
        }
    }
    if let Some(long) = long {
        within &= run.long(&manager, &long).await?;
    }
    Ok(if within { Ending::Ok } else { Ending::Integrity })
}

/// pgbench's inserts in a table of its own, which is gone afterwards, and the door that does nothing.
async fn beside(target: &Target, base: &str, rounds: usize) -> anyhow::Result<Vec<Beside>> {
    let servers = target.servers()?;
    let owner = servers.pool(PgRole::Owner, 2);
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    std::fs::create_dir_all(&dir)?;
    rival::tables(&owner).await?;
    let mut all = Vec::new();
    for at_once in AT_ONCE {
        let rate = rival::pgbench(&servers, &dir, at_once, RIVAL_FOR).await;
        all.push((at_once, rate));
    }
    rival::clear(&owner).await?;
    std::fs::remove_dir_all(&dir)?;
    let mut beside = Vec::new();
    for (at_once, rate) in all {
        let side_by_side = f64::from(u32::try_from(at_once)?);
        let pgbench_insert_ms = rounded(1000.0 * side_by_side / rate?);
        let livez = desk::livez(base, rounds, at_once).await?;
        beside.push(Beside { at_once, pgbench_insert_ms, livez });
    }
    Ok(beside)
}

impl Run<'_> {
    /// One result of one worker's.
    fn report(&self, bench: &str, who: &User, result: Value) -> anyhow::Result<()> {
        let mut all = json!({
            "version": 1,
            "bench": bench,
            "role": who.role,
            "events": self.events,
        });
        if let (Some(all), Value::Object(result)) = (all.as_object_mut(), result) {
            all.extend(result);
        }
        lines(&all)
    }

    async fn first_visit(&self, who: &User, browser: &mut Browser) -> anyhow::Result<bool> {
        let visit = desk::first_visit(browser).await?;
        let holds = visit.bytes < FIRST_VISIT_BYTES_MAX;
        let result = json!({
            "path": desk::START,
            "page_bytes": visit.page_bytes,
            "files": visit.files,
            "bytes": visit.bytes,
            "bytes_max": FIRST_VISIT_BYTES_MAX,
            "counted": COUNTED,
            "holds": holds,
        });
        self.report("pages_first_visit", who, result)?;
        Ok(holds)
    }

    async fn weights(
        &self,
        who: &User,
        browser: &mut Browser,
        screens: &[Screen],
    ) -> anyhow::Result<bool> {
        let mut within = true;
        for screen in screens {
            let bytes = desk::weight(browser, screen).await?;
            let holds = bytes < LATER_BYTES_MAX;
            let result = json!({
                "screen": screen.name,
                "path": screen.pattern,
                "bytes": bytes,
                "bytes_max": LATER_BYTES_MAX,
                "counted": COUNTED,
                "holds": holds,
            });
            self.report("pages_weight", who, result)?;
            within &= holds;
        }
        Ok(within)
    }

    async fn first_bytes(
        &self,
        who: &User,
        screens: &[Screen],
        beside: &Beside,
    ) -> anyhow::Result<bool> {
        let workers = desk::seated(self.base, &who.username, screens, beside.at_once).await?;
        let times = desk::rounds(workers, screens, self.args.rounds).await?;
        let holds = times.values().all(|times| times.p99_ms < FIRST_BYTE_P99_MAX_MS);
        let result = json!({
            "at_once": beside.at_once,
            "first_byte": times,
            "p99_max_ms": FIRST_BYTE_P99_MAX_MS,
            "pgbench_insert_ms": beside.pgbench_insert_ms,
            "livez_ms": beside.livez,
            "holds": holds,
        });
        self.report("pages_first_byte", who, result)?;
        Ok(holds)
    }

    /// To the last byte and over loopback, so that the server's own time is shorter.
    async fn long(&self, who: &User, long: &Long) -> anyhow::Result<bool> {
        let path = desk::journey(long.person);
        let mut browser = Browser::sign_in(self.base, &who.username).await?;
        let entries = named::entries(&browser.plain(&path).await?);
        let bytes = browser.packed(&path).await?.body.len();
        let mut times = Vec::with_capacity(self.args.rounds);
        for _ in 0..self.args.rounds {
            times.push(browser.packed(&path).await?.whole_ms);
        }
        let times = Times::of(times);
        let holds = times.p99_ms < LONG_P99_MAX_MS;
        let result = json!({
            "path": "/persone/{person}",
            "events_of_person": long.facts,
            "entries_shown": entries,
            "bytes": bytes,
            "page": times,
            "p99_max_ms": LONG_P99_MAX_MS,
            "livez_ms": self.beside.first().map(|beside| beside.livez),
            "holds": holds,
        });
        self.report("pages_long_journey", who, result)?;
        Ok(holds)
    }
}
