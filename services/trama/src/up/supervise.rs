use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use trama_platform::clock::pause;
use trama_platform::private::PrivateServers;

use super::{Plan, ROLES, Running};
use crate::system::{Role, System};

/// How often servers and roles are looked after.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Longest wait for the doors to open.
const OPEN_MAX: Duration = Duration::from_mins(1);
/// Longest wait, once they are open, until it is known who may what. After a long stop much may have to
/// be read first: the doors say so meanwhile.
const READY_MAX: Duration = Duration::from_secs(30);
/// Longest wait for a role to end.
const END_MAX: Duration = Duration::from_secs(10);

/// Runs the roles and looks after servers and roles until a signal comes: whatever dies is
/// started again.
///
/// # Errors
///
/// When something does not start, or does not start again.
pub async fn supervise(
    plan: &Plan,
    mut servers: PrivateServers,
    system: System,
    running: Running,
    opened: impl AsyncFnOnce(&Running) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut roles = if plan.apart {
        Roles::Apart(start_all(plan)?)
    } else {
        Roles::Here(tokio::spawn(async move { system.run(ROLES).await }))
    };
    let work = async {
        until_open(&running.url, &mut roles).await?;
        until_ready(&running.url, &mut roles).await?;
        // Moved into place whole: whoever waits for it must not read half of it.
        let aside = plan.dir.join("running.new");
        std::fs::write(&aside, serde_json::to_vec(&running)?)?;
        std::fs::rename(&aside, plan.dir.join("running.json"))?;
        opened(&running).await?;
        look_after(plan, &mut servers, &mut roles).await
    };
    let outcome = tokio::select! {
        outcome = work => outcome,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    roles.end().await;
    servers.stop().await;
    forget(&plan.dir);
    outcome
}

/// Comes when the supervisor of this role is gone: a role does not outlive it.
pub async fn orphaned() {
    let parent = rustix::process::getppid();
    while rustix::process::getppid() == parent {
        pause(LOOK_EVERY).await;
    }
}

enum Roles {
    Here(tokio::task::JoinHandle<anyhow::Result<()>>),
    Apart(BTreeMap<Role, Child>),
}

impl Roles {
    async fn ended(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Here(task) if task.is_finished() => {
                task.await??;
                anyhow::bail!("the roles ended")
            }
            Self::Apart(children) => {
                let web = children.get_mut(&Role::Web).map(Child::try_wait).transpose()?.flatten();
                anyhow::ensure!(
                    web.is_none(),
                    "the web role ended: see web.log in the data directory"
                );
                Ok(())
            }
            Self::Here(_) => Ok(()),
        }
    }

    async fn end(self) {
        match self {
            Self::Here(task) => task.abort(),
            Self::Apart(children) => {
                for (role, mut child) in children {
                    ask_to_end(&child);
                    if tokio::time::timeout(END_MAX, child.wait()).await.is_err() {
                        tracing::warn!(%role, "did not end: killed");
                        if let Err(error) = child.kill().await {
                            tracing::warn!(%error, "could not be killed");
                        }
                    }
                }
            }
        }
    }
}

fn ask_to_end(child: &Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid
        && let Err(error) = kill_process(pid, Signal::TERM)
    {
        tracing::debug!(%error, "already gone");
    }
}

fn start_all(plan: &Plan) -> anyhow::Result<BTreeMap<Role, Child>> {
    ROLES.iter().map(|role| Ok((*role, start(plan, *role)?))).collect()
}

/// One role in a process of its own; its pid stands beside its log.
fn start(plan: &Plan, role: Role) -> anyhow::Result<Child> {
    let own = std::env::current_exe().context("our own program cannot be found")?;
    let log = plan.dir.join(format!("{role}.log"));
    let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = Command::new(own);
    command.arg("role").arg(role.to_string()).arg("--dir").arg(&plan.dir);
    command.arg("--port").arg(plan.port.to_string());
    if plan.demo {
        command.arg("--demo");
    }
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .process_group(0);
    let child = command.spawn().with_context(|| format!("role {role} could not be started"))?;
    let pid = child.id().map(|pid| pid.to_string()).unwrap_or_default();
    std::fs::write(plan.dir.join(format!("{role}.pid")), pid)?;
    Ok(child)
}

async fn until_open(url: &str, roles: &mut Roles) -> anyhow::Result<()> {
    if answers(&format!("{url}/livez"), OPEN_MAX, roles).await? {
        return Ok(());
    }
    anyhow::bail!("the doors did not open within {OPEN_MAX:?}: see the logs in the data directory")
}

/// Whoever waits for the start may ask at once then.
async fn until_ready(url: &str, roles: &mut Roles) -> anyhow::Result<()> {
    if !answers(&format!("{url}/readyz"), READY_MAX, roles).await? {
        tracing::warn!("it is not known yet who may what: the doors answer 503 until it is");
    }
    Ok(())
}

/// Whether this address says yes within a time.
async fn answers(url: &str, within: Duration, roles: &mut Roles) -> anyhow::Result<bool> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build()?;
    let patience = Instant::now();
    while patience.elapsed() < within {
        roles.ended().await?;
        let answer = client.get(url).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(true);
        }
        pause(Duration::from_millis(50)).await;
    }
    Ok(false)
}

async fn look_after(
    plan: &Plan,
    servers: &mut PrivateServers,
    roles: &mut Roles,
) -> anyhow::Result<()> {
    loop {
        pause(LOOK_EVERY).await;
        if matches!(roles, Roles::Here(_)) {
            roles.ended().await?;
        }
        if !servers.postgres.runs() {
            tracing::warn!("PostgreSQL died: starting it again");
            servers.restart_postgres().await?;
        }
        if !servers.nats.runs() {
            tracing::warn!("nats-server died: starting it again");
            servers.restart_nats().await?;
        }
        if let Roles::Apart(children) = roles {
            for (role, child) in children {
                if child.try_wait()?.is_some() {
                    tracing::warn!(%role, "died: starting it again");
                    *child = start(plan, *role)?;
                }
            }
        }
    }
}

fn forget(dir: &Path) {
    for file in ["running.json"].into_iter().map(|name| dir.join(name)) {
        if let Err(error) = std::fs::remove_file(&file) {
            tracing::debug!(%error, "nothing to forget");
        }
    }
}
