//! `trama simulate`: a published winter as commands through the real doors, on the domain's
//! clock, and the read models held against its plan. The same seed again changes nothing.

mod day;
mod figures;
mod plan;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use time::Time;
use time::macros::time;
use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};
use trama_events::rome;

use crate::cli::{Ending, Target, line};
use crate::client::{Actor, Client};
use crate::commands::demo::users::user;
use crate::commands::load;
use day::Chain;
use figures::Figures;
use plan::{Plan, Profile};

/// Chains of commands under way at one time.
const IN_FLIGHT: usize = 16;
/// The clock stands here while a day is told.
const EVENING: Time = time!(23:45);

/// What to simulate.
#[derive(Debug, Clone, clap::Args)]
pub struct SimulateArgs {
    /// The profile: `bari-winter-2021`.
    #[arg(long, default_value = "bari-winter-2021")]
    pub profile: String,
    /// The same seed makes the same days.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// So many times the reports, requests and meals, with as many beds: 233 make a million events.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub scale: u32,
    /// At most so many commands in a second; as fast as it goes unless told.
    #[arg(long)]
    pub speed: Option<f64>,
    /// The data directory of the installation; `.trama/demo` unless told.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// Simulates, waits until all is caught up, and holds the figures against the plan.
///
/// # Errors
///
/// When nothing runs in the directory, or a door refuses.
pub async fn simulate(args: SimulateArgs) -> anyhow::Result<Ending> {
    let profile = Profile::read(&args.profile)?.times(args.scale);
    let plan = Plan::of(&profile, args.seed);
    let client = Client::open(&Target { dir: args.dir, config: None })?;
    load::into(&client).await?;
    let commands = Runner::new(&client, &plan, args.speed)?.run().await?;
    client.settle().await?;
    client.set_clock(None).await?;
    let figures = Figures::read(&client, &user("pietro.pis")?.actor(), &profile).await?;
    for text in figures.lines(&profile) {
        line(&text)?;
    }
    line(&format!("{commands} commands, seed {}", args.seed))?;
    let equal = figures.equal(&profile);
    line(if equal { "every figure is as planned" } else { "the figures are NOT as planned" })?;
    Ok(if equal { Ending::Ok } else { Ending::Integrity })
}

/// One command.
#[derive(Debug, Clone, PartialEq)]
struct Command {
    who: Actor,
    path: String,
    key: String,
    body: Value,
}

struct Runner<'a> {
    client: &'a Client,
    plan: &'a Plan,
    pace: Option<Mutex<Interval>>,
    progress: ProgressBar,
    emergency_worker: Actor,
    volunteer: Actor,
}

impl<'a> Runner<'a> {
    fn new(client: &'a Client, plan: &'a Plan, speed: Option<f64>) -> anyhow::Result<Self> {
        let progress = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(u64::try_from(plan.days.len())?);
            bar.with_style(ProgressStyle::with_template(
                "{msg} {wide_bar} {pos}/{len} days, {eta} left",
            )?)
        } else {
            ProgressBar::hidden()
        };
        Ok(Self {
            client,
            plan,
            pace: speed.map(pace).transpose()?,
            progress,
            emergency_worker: user("pietro.pis")?.actor(),
            volunteer: user("nicola.mensa")?.actor(),
        })
    }

    /// Day by day; who is registered is known everywhere before anything else is said of her.
    async fn run(&self) -> anyhow::Result<usize> {
        let mut commands = 0;
        for day in &self.plan.days {
            self.progress.set_message(day.date.to_string());
            self.client.set_clock(Some(rome::at(day.date, EVENING))).await?;
            let people = day.people(&self.plan.name, &self.emergency_worker);
            if !people.is_empty() {
                commands += self.all(people).await?;
                self.client.settle().await?;
            }
            let mut chains = day.emergencies(&self.plan.name, &self.emergency_worker);
            chains.extend(day.meals(&self.plan.name, &self.volunteer));
            commands += self.all(chains).await?;
            self.progress.inc(1);
        }
        self.progress.finish_and_clear();
        Ok(commands)
    }

    /// Chains side by side, the commands of each in their order.
    async fn all(&self, chains: Vec<Chain>) -> anyhow::Result<usize> {
        let sent = stream::iter(chains.into_iter().map(|chain| self.chain(chain)));
        sent.buffer_unordered(IN_FLIGHT).try_fold(0, async |sum, sent| Ok(sum + sent)).await
    }

    async fn chain(&self, chain: Chain) -> anyhow::Result<usize> {
        for command in &chain {
            if let Some(pace) = &self.pace {
                pace.lock().await.tick().await;
            }
            let Command { who, path, key, body } = command;
            let answer = self.client.post(who, path, key, body).await?;
            anyhow::ensure!(answer.is_done(), "{path} {body}: {}", answer.words());
        }
        Ok(chain.len())
    }
}

fn pace(per_second: f64) -> anyhow::Result<Mutex<Interval>> {
    let period =
        Duration::try_from_secs_f64(1.0 / per_second).ok().filter(|period| !period.is_zero());
    let mut ticks =
        interval(period.context("--speed is a number of commands in a second, e.g. 200")?);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Ok(Mutex::new(ticks))
}
