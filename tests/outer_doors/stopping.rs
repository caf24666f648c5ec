//! `trama stop` knows what runs by the lock that it holds.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use trama_platform::clock::random_id;
use trama_platform::private::free_port;

use crate::support::until;

/// An installation in a temporary directory, whose program has another name; gone when dropped.
struct Other {
    dir: PathBuf,
    up: Child,
}

impl Other {
    async fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("trama-test-{}", random_id().simple()));
        std::fs::create_dir_all(&dir).unwrap();
        let program = dir.join("coordinamento-sociale-del-comune");
        symlink(env!("CARGO_BIN_EXE_trama"), &program).unwrap();
        let mut command = Command::new(program);
        let port = free_port(0).unwrap().to_string();
        command.args(["up", "--port", &port, "--dir"]).arg(&dir);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let other = Self { dir, up: command.spawn().unwrap() };
        let running = other.dir.join("running.json");
        until("it opens", || async { running.exists() }).await;
        other
    }

    fn stop(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(["stop", "--dir"]).arg(&self.dir).stdin(Stdio::null()).output().unwrap()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.up.kill();
        let _ = self.up.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_stopped_whatever_its_program_is_called_and_nobody_else_is() {
    let mut other = Other::start().await;
    let pid = other.up.id();
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap();
    assert!(name.starts_with("coordinamento"), "{name}");

    // What it left written down of itself is another process's number by now.
    let running = other.dir.join("running.json");
    let text = std::fs::read_to_string(&running).unwrap();
    let mine = std::process::id().to_string();
    std::fs::write(&running, text.replace(&pid.to_string(), &mine)).unwrap();
    assert_eq!(said(&other.stop()), "stopped\n");
    assert!(other.up.wait().unwrap().success());
    assert!(!running.exists());

    std::fs::write(&running, text).unwrap();
    assert!(said(&other.stop()).starts_with("nothing runs in"));
    assert!(!running.exists(), "what a crash left is forgotten");
}
