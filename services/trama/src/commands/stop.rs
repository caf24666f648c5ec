//! `trama stop`: stops what runs in a directory, and waits until it has.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use trama_platform::clock::pause;

use crate::cli::{Ending, line};
use crate::up::Running;

/// Longest wait for a clean stop.
const STOP_MAX: Duration = Duration::from_secs(40);

/// Asks the process of a data directory to stop.
///
/// # Errors
///
/// When it does not stop in time.
pub async fn stop(dir: &Path) -> anyhow::Result<Ending> {
    let Ok(text) = std::fs::read(dir.join("running.json")) else {
        line(&format!("nothing runs in {}", dir.display()))?;
        return Ok(Ending::Ok);
    };
    let running: Running = serde_json::from_slice(&text)?;
    let lock = std::fs::File::open(dir.join("lock"))?;
    if lock.try_lock().is_ok() {
        // Whoever ran here is gone; its number may be somebody else's by now.
        std::fs::remove_file(dir.join("running.json"))?;
        line(&format!("nothing runs in {} any more", dir.display()))?;
        return Ok(Ending::Ok);
    }
    let pid = i32::try_from(running.pid).ok().and_then(Pid::from_raw);
    let Some(pid) = pid.filter(|_| is_trama(running.pid)) else {
        std::fs::remove_file(dir.join("running.json"))?;
        line(&format!("nothing runs in {} any more", dir.display()))?;
        return Ok(Ending::Ok);
    };
    kill_process(pid, Signal::TERM)?;
    let patience = Instant::now();
    while test_kill_process(pid).is_ok() && is_trama(running.pid) {
        anyhow::ensure!(patience.elapsed() < STOP_MAX, "process {} does not stop", running.pid);
        pause(Duration::from_millis(50)).await;
    }
    line("stopped")?;
    Ok(Ending::Ok)
}

/// A pid may have been given to another program meanwhile.
fn is_trama(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.contains("(trama)") && !stat.contains(") Z ")
}
