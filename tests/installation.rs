//! A private installation for a test: `trama up` in a directory of its own, gone when dropped.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail where all of it is used")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const TRAMA: &str = env!("CARGO_BIN_EXE_trama");

pub(crate) struct Installation {
    pub(crate) dir: PathBuf,
    process: Child,
}

impl Installation {
    /// Starts, and returns when the doors are open.
    pub(crate) fn up(name: &str) -> Self {
        Self::up_with(name, &[])
    }

    /// The same, with more arguments.
    pub(crate) fn up_with(name: &str, more: &[&str]) -> Self {
        let random = trama_platform::clock::random_id().simple().to_string();
        Self::up_at(std::env::temp_dir().join(format!("trama-{name}-{}", &random[..12])), more)
    }

    /// The same in a directory that holds something already.
    pub(crate) fn up_at(dir: PathBuf, more: &[&str]) -> Self {
        let port = trama_platform::private::free_port(0).unwrap();
        let mut command = Command::new(TRAMA);
        command.arg("up").arg("--dir").arg(&dir).arg("--port").arg(port.to_string()).args(more);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(said.starts_with("Trama is open at"), "it did not open: {said}");
        Self { dir, process }
    }

    /// What a command on it that must fail says on standard error.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let Output { status, stderr, .. } = self.output(arguments);
        assert!(!status.success(), "{arguments:?} was not refused");
        String::from_utf8(stderr).unwrap()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        Command::new(TRAMA).args(arguments).arg("--dir").arg(&self.dir).output().unwrap()
    }

    /// Runs a command on it and gives its exit code and standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let Output { status, stdout, stderr } = self.output(arguments);
        let said = String::from_utf8(stdout).unwrap();
        let trouble = String::from_utf8_lossy(&stderr);
        let Some(code) = status.code() else { panic!("{arguments:?} was killed: {trouble}") };
        assert!(
            code == 0 || trouble.is_empty(),
            "{arguments:?} ended with {code}: {said}{trouble}"
        );
        (code, said)
    }

    /// Last positions of the logs.
    pub(crate) fn positions(&self) -> Vec<(String, i64)> {
        let (_, said) = self.run(&["status", "--json"]);
        let status: Value = serde_json::from_str(&said).unwrap();
        let logs = status["logs"].as_array().unwrap();
        logs.iter()
            .map(|log| {
                (log["context"].as_str().unwrap().to_owned(), log["position"].as_i64().unwrap())
            })
            .collect()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let stopped = Command::new(TRAMA).arg("stop").arg("--dir").arg(&self.dir).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
