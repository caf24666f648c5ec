use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::clock::pause;

/// Longest wait for a server to stop before it is killed.
const STOP_MAX: Duration = Duration::from_secs(20);

/// A server process of ours. Dropping it stops it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    pid_file: PathBuf,
    gentle: Signal,
}

impl Process {
    /// Starts a command with its output in `log`, and writes its pid beside.
    pub(super) fn spawn(
        mut command: Command,
        log: &Path,
        pid_file: PathBuf,
        gentle: Signal,
    ) -> io::Result<Self> {
        let log = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        fs::write(&pid_file, child.id().to_string())?;
        Ok(Self { child, pid_file, gentle })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it and its children at once, as a power cut would, and waits until all are gone.
    /// A killed postmaster leaves backends that still answer for a moment.
    pub fn kill(&mut self) {
        self.signal(Signal::STOP);
        let children = self.children();
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop)) {
            tracing::warn!(%error, "a server could not be killed");
        }
        for &child in &children {
            if let Err(error) = kill_process(child, Signal::KILL) {
                tracing::debug!(%error, "already gone");
            }
        }
        let patience = Instant::now();
        while children.iter().any(|child| is_alive(*child)) && patience.elapsed() < STOP_MAX {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn children(&self) -> Vec<Pid> {
        let pid = self.child.id();
        let named = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let pid = |word: &str| word.parse().ok().and_then(Pid::from_raw);
        named.unwrap_or_default().split_whitespace().filter_map(pid).collect()
    }

    /// Asks it to stop and waits; kills it when it does not.
    pub async fn stop(&mut self) {
        self.ask_to_stop();
        let patience = Instant::now();
        while self.runs() && patience.elapsed() < STOP_MAX {
            pause(Duration::from_millis(20)).await;
        }
        self.finish();
    }

    fn ask_to_stop(&self) {
        self.signal(self.gentle);
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
            && let Err(error) = kill_process(pid, signal)
        {
            tracing::debug!(%error, "already gone");
        }
    }

    fn finish(&mut self) {
        if self.runs() {
            self.kill();
        }
        if let Err(error) = fs::remove_file(&self.pid_file) {
            tracing::debug!(%error, "no pid file");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.runs() {
            return;
        }
        self.ask_to_stop();
        let patience = Instant::now();
        while self.runs() && patience.elapsed() < STOP_MAX {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.finish();
    }
}

/// Whether a process still has a memory to work in: what only waits to be reaped has none.
fn is_alive(pid: Pid) -> bool {
    fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).is_ok_and(|line| !line.is_empty())
}

/// Stops what an earlier process of ours left behind: only a process of that name that works in
/// this very directory, since a pid may long belong to somebody else.
pub(super) async fn stop_left_behind(dir: &Path, pid_file: &str, program: &str) {
    let pid_file = dir.join(pid_file);
    let Some(pid) = fs::read_to_string(pid_file).ok().and_then(|text| text.trim().parse().ok())
    else {
        return;
    };
    let Some(pid) = Pid::from_raw(pid) else { return };
    let of = |what| fs::read(format!("/proc/{}/{what}", pid.as_raw_nonzero())).unwrap_or_default();
    let name = String::from_utf8_lossy(&of("comm")).trim().to_owned();
    let own = [dir.join("postgres/data"), dir.join("nats/nats.conf")];
    let arguments = String::from_utf8_lossy(&of("cmdline")).into_owned();
    let ours =
        arguments.split('\0').any(|argument| own.iter().any(|own| own.as_os_str() == argument));
    if name != program || !ours || kill_process(pid, Signal::INT).is_err() {
        return;
    }
    tracing::info!(pid = pid.as_raw_nonzero().get(), program, "stopping a server left behind");
    let patience = Instant::now();
    while test_kill_process(pid).is_ok() && patience.elapsed() < STOP_MAX {
        pause(Duration::from_millis(20)).await;
    }
}
