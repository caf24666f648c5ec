//! `trama story`: the acceptance stories of `tests/stories`, told through the real doors on the
//! domain's clock. What a story says once is not said again in the same data directory.

mod expect;
mod names;
mod script;
mod told;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;
use time::OffsetDateTime;
use trama_platform::clock::pause;

use crate::cli::{Ending, Target, line};
use crate::client::{Answer, Client};
use crate::commands::demo::users::user;
use names::Names;
pub(crate) use names::person_of;
use script::{Moment, Script, Step};
use told::Told;

/// How long a check may wait for a deadline to be kept.
const EVENTUALLY_MAX: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Which stories to tell.
#[derive(Debug, Clone, clap::Args)]
pub struct StoryArgs {
    /// Names of stories: a, b, c, d, e; told together in the order of time.
    #[arg(required = true)]
    pub stories: Vec<String>,
    /// The data directory of the installation; `.trama/demo` unless told.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// What came of a story.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The story's name.
    pub story: String,
    /// Commands of the story.
    pub steps: usize,
    /// Refusals and answers that were held against the story.
    pub checks: usize,
    /// What the story has and the platform does not yet.
    pub pending: Vec<String>,
    /// Steps and checks that were told in this directory before.
    pub before: usize,
}

/// Tells the stories and says what came of each.
///
/// # Errors
///
/// When nothing runs in the directory, or a step or check is not as the story says.
pub async fn story(args: StoryArgs) -> anyhow::Result<Ending> {
    let target = Target { dir: args.dir, config: None };
    let client = Client::open(&target)?;
    let names: Vec<&str> = args.stories.iter().map(String::as_str).collect();
    let outcomes = tell(&client, &target.directory(), &names, None).await?;
    client.set_clock(None).await?;
    for outcome in &outcomes {
        for text in outcome.lines() {
            line(&text)?;
        }
    }
    Ok(Ending::Ok)
}

impl Outcome {
    /// What is printed: counts, then each pending step by name.
    pub fn lines(&self) -> Vec<String> {
        let Self { story, steps, checks, pending, before } = self;
        let told = if *before > 0 { format!(" ({before} told before)") } else { String::new() };
        let counts = format!(
            "story {story}: {steps} steps, {checks} checks, {} pending{told}",
            pending.len()
        );
        let pending = pending.iter().map(|what| format!("  pending: {what}"));
        std::iter::once(counts).chain(pending).collect()
    }
}

/// Tells stories together, each step at its moment; the clock stays at the last one. With `until`,
/// only what happens before it: told again later in the same directory, the story goes on.
///
/// # Errors
///
/// When a step or check is not as the story says: which one, and what was answered.
pub async fn tell(
    client: &Client,
    dir: &Path,
    stories: &[&str],
    until: Option<OffsetDateTime>,
) -> anyhow::Result<Vec<Outcome>> {
    let scripts =
        stories.iter().map(|name| Script::read(name)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut outcomes: Vec<Outcome> = scripts.iter().map(Script::outcome).collect();
    let mut moments: Vec<Moment> = scripts.iter().flat_map(Script::moments).collect();
    moments.retain(|moment| until.is_none_or(|until| moment.at < until));
    moments.sort_by_key(|moment| moment.at);
    let told = Told::of(dir)?;
    let mut teller = Teller { client, names: Names::read(dir)?, told, written: None };
    for moment in &moments {
        let new = teller.tell(moment).await.with_context(|| moment.title())?;
        if !new && let Some(outcome) = outcomes.iter_mut().find(|o| o.story == moment.story) {
            outcome.before += 1;
        }
    }
    client.settle().await?;
    Ok(outcomes)
}

struct Teller<'a> {
    client: &'a Client,
    names: Names,
    told: Told,
    /// The context that was written last: others must hear of it before they are asked.
    written: Option<String>,
}

impl Teller<'_> {
    /// Tells one moment; `false` when it was told before.
    async fn tell(&mut self, moment: &Moment) -> anyhow::Result<bool> {
        let Step { does, asks, .. } = &moment.step;
        if (does.is_none() && asks.is_none()) || self.told.contains(moment) {
            return Ok(does.is_none() && asks.is_none());
        }
        self.client.set_clock(Some(moment.at)).await?;
        match (does, asks) {
            (Some(does), _) => self.command(moment, does).await?,
            (None, Some(asks)) => self.question(moment, asks).await?,
            (None, None) => {}
        }
        self.told.add(moment)?;
        Ok(true)
    }

    async fn command(&mut self, moment: &Moment, does: &str) -> anyhow::Result<()> {
        let path = self.path(moment, does, "POST ")?;
        let context = path.split('/').nth(2).map(ToOwned::to_owned);
        if self.written != context {
            self.client.settle().await?;
        }
        let who = user(moment.step.who()?)?.actor();
        let body = self.names.resolve(&moment.step.body()?, moment)?;
        let answer = self.client.post(&who, &path, &moment.key(), &body).await?;
        self.written = context;
        match &moment.step.refused {
            None => {
                self.judge(moment, &answer).with_context(|| format!("{path} {body}"))?;
                self.names.keep(moment, &answer.body)?;
            }
            Some(code) => {
                refused(&moment.step, code, &answer).with_context(|| format!("{path} {body}"))?;
            }
        }
        Ok(())
    }

    async fn question(&mut self, moment: &Moment, asks: &str) -> anyhow::Result<()> {
        let (method, _) = asks.split_once(' ').unwrap_or_default();
        let path = self.path(moment, asks, &format!("{method} "))?;
        self.client.settle().await?;
        self.written = None;
        let since = Instant::now();
        loop {
            let answer = self.answer(moment, method, &path).await?;
            let mut outcome = self.judge(moment, &answer);
            if outcome.is_ok() {
                outcome = self.names.keep(moment, &answer.body);
            }
            if outcome.is_ok() || !moment.step.eventually || since.elapsed() > EVENTUALLY_MAX {
                return outcome.with_context(|| format!("{method} {path}"));
            }
            pause(LOOK_EVERY).await;
        }
    }

    async fn answer(&self, moment: &Moment, method: &str, path: &str) -> anyhow::Result<Answer> {
        let who = user(moment.step.who()?)?.actor();
        if method == "GET" {
            return self.client.get(&who, path).await;
        }
        let body = self.names.resolve(&moment.step.body()?, moment)?;
        self.client.ask(&who, path, &moment.key(), &body).await
    }

    fn judge(&self, moment: &Moment, answer: &Answer) -> anyhow::Result<()> {
        if let Some(code) = &moment.step.refused {
            return refused(&moment.step, code, answer);
        }
        anyhow::ensure!(answer.is_done(), "{}", answer.words());
        for expected in &moment.step.finds {
            let wanted = self.names.resolve(&serde_json::to_value(expected)?, moment)?;
            expect::hold(&serde_json::from_value(wanted)?, &answer.body)?;
        }
        Ok(())
    }

    fn path(&self, moment: &Moment, line: &str, method: &str) -> anyhow::Result<String> {
        let path = line
            .strip_prefix(method)
            .with_context(|| format!("{line} does not begin with {method}"))?;
        let resolved = self.names.resolve(&Value::String(path.into()), moment)?;
        Ok(resolved.as_str().context("a path is a text")?.to_owned())
    }
}

fn refused(step: &Step, code: &str, answer: &Answer) -> anyhow::Result<()> {
    let as_told = !answer.is_done() && answer.code() == Some(code);
    anyhow::ensure!(
        as_told,
        "this should be refused with {code}: {} {}",
        answer.words(),
        answer.body
    );
    let says = step.says.as_deref().unwrap_or_default();
    anyhow::ensure!(
        answer.words().contains(says),
        "the sentence should say {says}: {}",
        answer.words()
    );
    Ok(())
}
