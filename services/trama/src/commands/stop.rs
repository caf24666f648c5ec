//! `trama stop`: stops what runs in a directory, and waits until it has.
//!
//! What runs there is known by the lock that it holds, whatever its program is called: a number may
//! be somebody else's by now, and a name anybody's.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use trama_platform::clock::pause;

use crate::cli::{Ending, line};

/// Longest wait for a clean stop.
const STOP_MAX: Duration = Duration::from_secs(40);

/// Asks the process of a data directory to stop.
///
/// # Errors
///
/// When it is another account's, or does not stop in time.
pub async fn stop(dir: &Path) -> anyhow::Result<Ending> {
    let Some(lock) = File::open(dir.join("lock")).ok().filter(|lock| lock.try_lock().is_err())
    else {
        forget(dir)?;
        line(&format!("nothing runs in {}", dir.display()))?;
        return Ok(Ending::Ok);
    };
    let Some(pid) = holder(&lock)? else {
        anyhow::bail!(
            "something runs in {}: its lock is held by a process of another account or machine, \
             which cannot be stopped from here; run trama stop where and as who started it",
            dir.display()
        );
    };
    kill_process(pid, Signal::TERM)?;
    let patience = Instant::now();
    while lock.try_lock().is_err() {
        let number = pid.as_raw_nonzero();
        anyhow::ensure!(patience.elapsed() < STOP_MAX, "process {number} does not stop");
        pause(Duration::from_millis(50)).await;
    }
    line("stopped")?;
    Ok(Ending::Ok)
}

/// Whoever ran here crashed, or nobody did.
fn forget(dir: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(dir.join("running.json")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The process that holds this lock, as far as this account may see.
fn holder(lock: &File) -> std::io::Result<Option<Pid>> {
    let lock = lock.metadata()?;
    for process in std::fs::read_dir("/proc")? {
        let Ok(process) = process else { continue };
        let pid = process.file_name().to_str().and_then(|name| name.parse().ok());
        let pid = pid.and_then(Pid::from_raw);
        if let Some(pid) = pid.filter(|_| holds(&process.path(), (lock.dev(), lock.ino()))) {
            return Ok(Some(pid));
        }
    }
    Ok(None)
}

/// Whether a process has this file open and locked: not one that looks at it, as we do.
fn holds(process: &Path, file: (u64, u64)) -> bool {
    let Ok(open) = std::fs::read_dir(process.join("fd")) else { return false };
    open.flatten().any(|open| {
        let is_it = || std::fs::metadata(open.path()).is_ok_and(|is| (is.dev(), is.ino()) == file);
        let locked = || {
            let told = process.join("fdinfo").join(open.file_name());
            std::fs::read_to_string(told).is_ok_and(|told| told.contains("FLOCK"))
        };
        is_it() && locked()
    })
}
