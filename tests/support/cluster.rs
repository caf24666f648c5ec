//! A cluster to begin with: what private servers make of an empty directory, made once by each test
//! program and copied for each of its tests, which takes a fraction of the time. That an empty
//! directory is enough is shown where the product is started as its users do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use trama_platform::clock::random_id;
use trama_platform::private::PrivateServers;

const KEPT: &str = "servers.json";

/// Puts a copy where a test is about to start its servers.
pub(crate) async fn lay_out(dir: &Path) {
    let made = made().await;
    std::fs::create_dir_all(dir).unwrap();
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(made.join("postgres")).arg(made.join(KEPT)).arg(dir);
    assert!(copy.status().unwrap().success(), "{} cannot be copied", made.display());
}

/// Where this program's cluster is; made by the first of its tests that comes here.
async fn made() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let built = program.metadata().unwrap().modified().unwrap();
    let built = built.duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let name = program.file_stem().unwrap().to_str().unwrap();
    let clusters = program.ancestors().nth(3).unwrap().join("tmp/clusters");
    let made = clusters.join(format!("{name}.{built}"));
    if made.exists() {
        return made;
    }
    forget_those_before(&clusters, name);
    let aside = clusters.join(format!("aside-{}", random_id().simple()));
    PrivateServers::start(&aside).await.unwrap().stop().await;
    let kept = std::fs::read(aside.join(KEPT)).unwrap();
    let mut kept: Value = serde_json::from_slice(&kept).unwrap();
    // Each test has ports of its own.
    kept["postgres_port"] = json!(0);
    kept["nats_port"] = json!(0);
    std::fs::write(aside.join(KEPT), kept.to_string()).unwrap();
    if std::fs::rename(&aside, &made).is_err() {
        assert!(made.exists(), "{} cannot be made", made.display());
        std::fs::remove_dir_all(&aside).unwrap();
    }
    made
}

/// Clusters that this program made before it was built anew.
fn forget_those_before(clusters: &Path, name: &str) {
    let Ok(entries) = std::fs::read_dir(clusters) else { return };
    for entry in entries.flatten() {
        let made = entry.file_name();
        if made.to_str().is_some_and(|made| made.starts_with(&format!("{name}."))) {
            // Another test of this program may be at it too.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
