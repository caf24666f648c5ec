//! `trama demo`: everything on loopback with the directory of Bari, people to sign in as, and the
//! stories at their dates.

pub mod users;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trama_events::ids::OrganisationId;
use trama_platform::clock::pause;

use crate::cli::{Ending, Target, line, lines};
use crate::client::Client;
use crate::commands::{load, story};
use crate::up::{self, Plan, Running};
pub use users::{User, user, users};

/// The stories of the demo.
const STORIES: [&str; 5] = ["a", "b", "c", "d", "e"];
/// Longest wait for a demo in the background to be ready.
const READY_MAX: Duration = Duration::from_mins(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The demo's organisations with a log of their own: those that run a sealed service.
///
/// # Errors
///
/// When the demo's directory cannot be read.
pub fn sealed() -> anyhow::Result<Vec<OrganisationId>> {
    let catalogue = load::catalogue::Catalogue::read()?;
    let run_by = catalogue.service.iter().filter(|service| service.kind.is_sealed());
    let sealed: BTreeSet<OrganisationId> =
        run_by.map(|service| load::catalogue::organisation_id(&service.organisation)).collect();
    Ok(sealed.into_iter().collect())
}

/// About the demo.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum DemoCommand {
    /// Who can sign in: name, role, organisation.
    Users {
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// A bearer token for one user, on standard output.
    Token {
        /// A username; see `trama demo users`.
        user: String,
        /// The data directory; `.trama/demo` unless told.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
}

/// Answers about the demo.
///
/// # Errors
///
/// When there is no such user, or no demo in the directory.
#[expect(clippy::unused_async, reason = "every command of the command line is awaited")]
pub async fn about(about: DemoCommand) -> anyhow::Result<Ending> {
    match about {
        DemoCommand::Users { json: true } => {
            let users: Vec<_> = users()?.iter().map(shown).collect();
            lines(&json!({ "version": 1, "users": users }))?;
        }
        DemoCommand::Users { json: false } => {
            for user in users()? {
                line(&words(&user))?;
            }
        }
        DemoCommand::Token { user: username, dir } => {
            let issuer = Target { dir, config: None }.issuer()?;
            line(&issuer.token(user(&username)?.claims())?)?;
        }
    }
    Ok(Ending::Ok)
}

fn shown(user: &User) -> serde_json::Value {
    let actor = user.actor();
    json!({
        "username": user.username, "name": user.name, "role": user.role, "job": user.job,
        "ats": user.ats, "organisation": user.organisation, "organisation_id": actor.organisation,
        "staff_id": actor.staff, "services": user.services, "service_ids": actor.services,
    })
}

fn words(user: &User) -> String {
    format!("{:<20} {:<18} {}", user.username, user.role.code(), user.job)
}

/// What the demo remembers once everything is there.
#[derive(Debug, Serialize, Deserialize)]
struct Ready {
    pid: u32,
    lines: Vec<String>,
}

/// Runs the demo until it is stopped.
///
/// # Errors
///
/// When it does not start, or a story is not told as it is written.
pub async fn demo(plan: &Plan, empty: bool) -> anyhow::Result<Ending> {
    let stories: &[&str] = if empty { &[] } else { &STORIES };
    let outcome = up::up(plan, async |running| {
        let said = fill(&plan.dir, running, stories).await?;
        for text in &said {
            line(text)?;
        }
        let ready = Ready { pid: running.pid, lines: said };
        Ok(std::fs::write(ready_file(&plan.dir), serde_json::to_vec(&ready)?)?)
    })
    .await;
    if let Err(error) = std::fs::remove_file(ready_file(&plan.dir)) {
        tracing::debug!(%error, "it was not ready");
    }
    outcome.map(|()| Ending::Ok)
}

fn ready_file(dir: &Path) -> PathBuf {
    dir.join("ready.json")
}

/// Loads the directory and tells the stories; what was there already stays as it is.
async fn fill(dir: &Path, running: &Running, stories: &[&str]) -> anyhow::Result<Vec<String>> {
    let client = Client::open(&Target { dir: Some(dir.into()), config: None })?;
    let loaded = load::into(&client).await?;
    let outcomes = story::tell(&client, dir, stories, None).await?;
    client.set_clock(None).await?;
    let mut said = vec![format!("Trama is open at {}", running.url)];
    said.push(format!("directory: {} commands, {} new events", loaded.commands, loaded.events));
    said.extend(outcomes.iter().flat_map(|outcome| outcome.lines().into_iter().take(1)));
    said.push("Sign in as:".into());
    said.extend(users()?.iter().map(|user| format!("  {}", words(user))));
    said.push("Open:".into());
    said.push(format!("  {}/rete", running.url));
    for (story, label, who) in
        [("a", "man", "the man of story A"), ("b", "mother", "the mother of story B")]
    {
        if stories.contains(&story) {
            said.push(format!(
                "  {}/persone/{}   {who}",
                running.url,
                story::person_of(story, label)
            ));
        }
    }
    Ok(said)
}

/// Starts the demo in the background, waits until everything is there, and says the same.
///
/// # Errors
///
/// When it ends before it is ready; its log says why.
pub async fn detach(plan: &Plan, empty: bool) -> anyhow::Result<Ending> {
    std::fs::create_dir_all(&plan.dir)
        .with_context(|| format!("{} cannot be made", plan.dir.display()))?;
    if let Some(ready) = is_ready(&plan.dir, None) {
        return say(&ready);
    }
    let log = plan.dir.join("demo.log");
    let mut child = start(plan, empty, &log)?;
    let since = Instant::now();
    loop {
        if let Some(ready) = is_ready(&plan.dir, Some(child.id())) {
            return say(&ready);
        }
        if let Some(status) = child.try_wait()? {
            anyhow::bail!("the demo ended ({status}) before it was ready: see {}", log.display());
        }
        anyhow::ensure!(
            since.elapsed() < READY_MAX,
            "the demo is not ready yet: see {}",
            log.display()
        );
        pause(LOOK_EVERY).await;
    }
}

fn say(ready: &Ready) -> anyhow::Result<Ending> {
    for text in &ready.lines {
        line(text)?;
    }
    Ok(Ending::Ok)
}

/// A demo that is ready, and runs: with this process id, or with the one that it wrote.
fn is_ready(dir: &Path, pid: Option<u32>) -> Option<Ready> {
    let ready: Ready = serde_json::from_slice(&std::fs::read(ready_file(dir)).ok()?).ok()?;
    let running: Running =
        serde_json::from_slice(&std::fs::read(dir.join("running.json")).ok()?).ok()?;
    let ours = pid.is_none_or(|pid| pid == ready.pid) && running.pid == ready.pid;
    let runs = Path::new("/proc").join(ready.pid.to_string()).exists();
    (ours && runs).then_some(ready)
}

/// The same command without `--detach`, in a process group of its own.
fn start(plan: &Plan, empty: bool, log: &Path) -> anyhow::Result<std::process::Child> {
    use std::os::unix::process::CommandExt;
    let own = std::env::current_exe().context("our own program cannot be found")?;
    let out = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = std::process::Command::new(own);
    command.arg("demo").arg("--dir").arg(&plan.dir).arg("--port").arg(plan.port.to_string());
    if plan.apart {
        command.arg("--apart");
    }
    if empty {
        command.arg("--empty");
    }
    command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).process_group(0);
    command.spawn().context("the demo could not be started in the background")
}
