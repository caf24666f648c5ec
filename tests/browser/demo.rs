//! A demo of its own with real servers, what its workers do at the doors, and whom they meet.

#[path = "../support/cluster.rs"]
mod cluster;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trama::cli::Target;
use trama::client::{Actor, Client};
use trama::commands::demo::users::user;
use trama_events::ids::{CaseId, ContactId, PersonId};
use trama_platform::clock::{pause, random_id, real_now};

/// Longest wait for the demo to be ready.
const READY_MAX: Duration = Duration::from_secs(100);

/// `trama demo`, each role in a process of its own, stopped when dropped.
pub(crate) struct Demo {
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) dir: PathBuf,
    process: Child,
}

impl Demo {
    /// With the directory of Bari and nobody in care.
    pub(crate) async fn start() -> Self {
        Self::with(&["--empty"]).await
    }

    /// Started with these options.
    pub(crate) async fn with(options: &[&str]) -> Self {
        let dir = std::env::temp_dir().join(format!("trama-live-{}", random_id().simple()));
        cluster::lay_out(&dir).await;
        let port = trama_platform::private::free_port(0).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command
            .arg("demo")
            .args(options)
            .args(["--apart", "--port", &port.to_string(), "--dir"])
            .arg(&dir);
        let log = std::fs::File::create(dir.join("demo.log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut process = command.spawn().unwrap();
        let since = Instant::now();
        while !dir.join("ready.json").exists() {
            let ended = process.try_wait().unwrap();
            let log = || std::fs::read_to_string(dir.join("demo.log")).unwrap_or_default();
            assert!(ended.is_none() && since.elapsed() < READY_MAX, "not ready: {}", log());
            pause(Duration::from_millis(50)).await;
        }
        let client = Client::open(&Target { dir: Some(dir.clone()), config: None }).unwrap();
        Self { url: format!("http://127.0.0.1:{port}"), client, dir, process }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Waits until every model has read what was recorded.
    pub(crate) async fn settled(&self) {
        self.client.settle().await.unwrap();
    }

    /// A command of somebody's, which is done.
    pub(crate) async fn does(&self, who: &Actor, path: &str, body: Value) -> Value {
        let key = random_id().to_string();
        let answer = self.client.post(who, path, &key, &body).await.unwrap();
        assert!(answer.is_done(), "{path}: {}", answer.words());
        answer.body
    }

    /// Somebody whom the desk of Bari registered and met, for a service of hers.
    pub(crate) async fn meets(&self, name: &str) -> PersonId {
        let sara = actor("sara.segretariato");
        let person = PersonId::derived(&["live", name]);
        let body = json!({ "person": person, "service": sara.services[0], "status": "declared",
            "birth_year": 1970, "language": "it" });
        self.does(&sara, "/api/intake/persons", body).await;
        let body = json!({ "contact": ContactId::derived(&["live", name]),
            "service": sara.services[0], "channel": "desk", "person": person,
            "needs": [{ "code": "housing", "level": 3 }] });
        self.does(&sara, "/api/intake/contacts", body).await;
        self.settled().await;
        person
    }

    /// A social worker of Bari opens her case.
    pub(crate) async fn opens_case(&self, manager: &Actor, person: PersonId) -> CaseId {
        let case = CaseId::derived(&["live", &person.to_string()]);
        let body = json!({ "case": case, "person": person, "service": manager.services[0],
            "manager": manager.staff });
        self.does(manager, "/api/casework/cases", body).await;
        self.settled().await;
        case
    }

    /// Sends somebody from one service to another.
    pub(crate) async fn refers(&self, person: PersonId, from: &Actor, to: &Actor) -> String {
        let body = json!({ "person": person, "from": from.services[0], "to": to.services[0],
            "need": "housing", "urgency": "urgent", "dataset": ["identity"] });
        let sent = self.does(from, "/api/referrals/referrals", body).await;
        sent["id"].as_str().unwrap().to_owned()
    }

    /// She agrees that those who help her know what the mental-health centre does.
    pub(crate) async fn agrees(&self, person: PersonId, told: &Actor) -> String {
        let body = json!({ "person": person, "scope": "csm" });
        let given = self.does(told, "/api/referrals/consents", body).await;
        given["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn disagrees(&self, consent: &str, told: &Actor) {
        let path = format!("/api/referrals/consents/{consent}/withdraw");
        self.does(told, &path, json!({})).await;
    }

    /// Somebody goes with her to the mental-health centre: what only her agreement opens to others.
    pub(crate) async fn goes_to_the_centre(&self, person: PersonId) {
        let fabio = actor("fabio.stazione");
        let body = json!({ "service": fabio.services[0], "service_type": "csm",
            "recipient": { "person": person } });
        self.does(&fabio, "/api/intake/deliveries", body).await;
        self.settled().await;
    }

    /// The network's clock goes on by so many days.
    pub(crate) async fn days_go_by(&self, days: i64) {
        let then = real_now() + time::Duration::days(days);
        self.client.set_clock(Some(then)).await.unwrap();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let mut stop = Command::new(env!("CARGO_BIN_EXE_trama"));
        let stopped = stop.arg("stop").arg("--dir").arg(&self.dir).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            // A failing test must not leave servers behind; they end with their supervisor.
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

pub(crate) fn actor(username: &str) -> Actor {
    user(username).unwrap().actor()
}
