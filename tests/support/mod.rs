//! A whole installation in a temporary directory, as a user would start it, and stopped by pid.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "each test binary uses another part"
)]

pub(crate) mod cluster;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use strum::VariantArray;
use time::Date;
use time::macros::date;
use trama::cli::Target;
use trama::client::{Actor, Answer, Client};
use trama::commands::load;
use trama_events::codes::Role;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::clock::{pause, random_id};
use trama_platform::private::PrivateServers;
use trama_platform::servers::Servers;

/// Longest wait for anything that must happen.
pub const MUST_HAPPEN: Duration = Duration::from_secs(90);

pub struct Town {
    pub dir: PathBuf,
    pub port: u16,
    up: Option<Child>,
    apart: bool,
    sealed: Vec<OrganisationId>,
}

impl Town {
    /// `trama up` with every role in one process.
    pub async fn start() -> Self {
        Self::started(false, &[]).await
    }

    /// The same, with a log of their own for these organisations.
    pub async fn sealing(organisations: &[OrganisationId]) -> Self {
        Self::started(false, organisations).await
    }

    /// `trama up --apart`: a process for each role.
    pub async fn apart() -> Self {
        Self::started(true, &[]).await
    }

    async fn started(apart: bool, sealed: &[OrganisationId]) -> Self {
        let dir = std::env::temp_dir().join(format!("trama-test-{}", random_id().simple()));
        cluster::lay_out(&dir).await;
        let port = trama_platform::private::free_port(0).unwrap();
        let mut town = Self { dir, port, up: None, apart, sealed: sealed.to_vec() };
        town.up().await;
        town
    }

    /// Starts it (again) on the same directory, and waits until its doors are open.
    pub async fn up(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.arg("up").arg("--dir").arg(&self.dir).arg("--port").arg(self.port.to_string());
        if self.apart {
            command.arg("--apart");
        }
        for organisation in &self.sealed {
            command.arg("--sealed").arg(organisation.to_string());
        }
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.dir.join("up.log"))
            .unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.up = Some(command.spawn().unwrap());
        let open = self.dir.join("running.json");
        let up = self.up.as_mut().unwrap();
        let patience = Instant::now();
        while !open.exists() {
            let ended = up.try_wait().unwrap();
            let log = || std::fs::read_to_string(self.dir.join("up.log")).unwrap_or_default();
            assert!(
                ended.is_none() && patience.elapsed() < MUST_HAPPEN,
                "up did not open: {}",
                log()
            );
            pause(Duration::from_millis(20)).await;
        }
    }

    /// Stops it cleanly.
    pub fn stop(&mut self) {
        if let Some(mut up) = self.up.take() {
            let stopped = self.run(&["stop"]);
            assert!(stopped.status.success(), "{}", String::from_utf8_lossy(&stopped.stderr));
            up.wait().unwrap();
        }
    }

    /// A command of the product on this installation.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(arguments).arg("--dir").arg(&self.dir).stdin(Stdio::null());
        command
    }

    pub fn client(&self) -> Client {
        let target = Target { dir: Some(self.dir.clone()), config: None };
        Client::open(&target).unwrap()
    }

    pub fn servers(&self) -> Servers {
        PrivateServers::remembered(&self.dir).unwrap()
    }

    /// The process of a role, of `postgres` or of `nats`.
    pub fn pid(&self, name: &str) -> u32 {
        let text = std::fs::read_to_string(self.dir.join(format!("{name}.pid"))).unwrap();
        text.trim().parse().unwrap()
    }

    /// `kill -9`, as a crash, and waits until another process has taken its place.
    pub async fn kill(&self, name: &str) {
        let pid = self.pid(name);
        let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
        assert!(killed.success(), "{name} was not running");
        let patience = Instant::now();
        while std::fs::read_to_string(self.dir.join(format!("{name}.pid")))
            .is_ok_and(|now| now.trim() == pid.to_string())
        {
            assert!(patience.elapsed() < MUST_HAPPEN, "{name} was not started again");
            pause(Duration::from_millis(20)).await;
        }
    }

    /// `trama verify`, after everything has caught up.
    pub fn verified(&self) -> Value {
        let output = self.run(&["verify", "--json", "--wait", "90"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&text).unwrap()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if let Some(mut up) = self.up.take() {
            let stopped = self.run(&["stop"]);
            if !stopped.status.success() {
                // A failing test must not leave servers behind; they end with their supervisor.
                let _ = up.kill();
            }
            let _ = up.wait();
        }
        if std::thread::panicking() {
            // What its servers and roles said, for whoever has nothing but the test's output.
            eprintln!("up.log:\n{}", read(&self.dir.join("up.log")));
        } else {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// Two services that refer to each other, their workers, and one person; through the doors.
pub struct Pair {
    pub keeper: Actor,
    pub sender: Actor,
    pub receiver: Actor,
    pub from: ServiceId,
    pub to: ServiceId,
    pub person: String,
}

pub fn actor(name: &str, role: Role, services: &[ServiceId]) -> Actor {
    Actor {
        staff: StaffId::derived(&[name]),
        organisation: OrganisationId::derived(&["test"]),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: services.to_vec(),
    }
}

pub async fn done(client: &Client, who: &Actor, path: &str, body: Value) -> Answer {
    let answer = client.post(who, path, &key(), &body).await.unwrap();
    assert!(answer.is_done(), "{path}: {}", answer.words());
    answer
}

pub fn key() -> String {
    random_id().to_string()
}

/// Lets workers of registered organisations act for their services.
pub async fn enrol(client: &Client, keeper: &Actor, colleagues: &[Actor]) {
    load::enrol(client, keeper, colleagues, SETTLED_ON).await.unwrap();
}

/// A service that has nothing to do with the two.
pub fn elsewhere() -> ServiceId {
    ServiceId::derived(&["test", "elsewhere"])
}

/// One worker for each role, by the name of the role.
pub fn in_role(role: Role, service: ServiceId) -> Actor {
    let for_the_whole_body = [
        Role::PlanOffice,
        Role::SteeringBoard,
        Role::Auditor,
        Role::Administrator,
        Role::ExternalSystem,
        Role::Guardian,
    ];
    let services = if for_the_whole_body.contains(&role) { vec![] } else { vec![service] };
    actor(role.code(), role, &services)
}

/// Since when everybody works.
const SETTLED_ON: Date = date!(2024 - 01 - 01);

impl Pair {
    /// Lets one worker for each role act in the first service.
    pub async fn enrol_every_role(&self, client: &Client) {
        let everybody: Vec<Actor> =
            Role::VARIANTS.iter().map(|role| in_role(*role, self.from)).collect();
        enrol(client, &self.keeper, &everybody).await;
    }

    pub async fn settle_in(client: &Client) -> Self {
        let (from, to) =
            (ServiceId::derived(&["test", "from"]), ServiceId::derived(&["test", "to"]));
        let keeper = actor("keeper", Role::Administrator, &[]);
        let organisation = json!({"organisation": keeper.organisation, "name": "Ente di prova", "kind": "third_sector", "ats": "bari"});
        load::found(client, &keeper, &organisation, SETTLED_ON).await.unwrap();
        done(client, &keeper, "/api/directory/organisations", organisation).await;
        for (service, kind) in [(from, "hub"), (to, "night_shelter"), (elsewhere(), "hub")] {
            let body = json!({"service": service, "organisation": keeper.organisation, "name": "Servizio di prova",
                "service_type": kind, "ats": "bari", "municipality": "072006", "low_threshold": true});
            done(client, &keeper, "/api/directory/services", body).await;
            done(
                client,
                &keeper,
                &format!("/api/directory/services/{service}/activate"),
                json!({"on": "2024-01-01"}),
            )
            .await;
        }
        let sender = actor("sender", Role::CaseManager, &[from]);
        let receiver = actor("receiver", Role::FacilityOperator, &[to]);
        enrol(client, &keeper, &[sender.clone(), receiver.clone()]).await;
        let person = Self::person(client, &sender).await;
        client.settle().await.unwrap();
        Self { keeper, sender, receiver, from, to, person }
    }

    /// Another person.
    pub async fn person(client: &Client, sender: &Actor) -> String {
        let body = json!({"service": sender.services[0]});
        let answer = done(client, sender, "/api/intake/persons", body).await;
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// A referral's body.
    pub fn referral(&self, person: &str, need: &str) -> Value {
        json!({"person": person, "from": self.from, "to": self.to, "need": need, "urgency": "ordinary", "dataset": ["needs"]})
    }

    /// Sends a referral and gives its id.
    pub async fn send(&self, client: &Client, person: &str, need: &str) -> String {
        let answer =
            done(client, &self.sender, "/api/referrals/referrals", self.referral(person, need))
                .await;
        answer.body["id"].as_str().unwrap().to_owned()
    }
}

/// Waits for something that must come true.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let patience = Instant::now();
    while !holds().await {
        assert!(patience.elapsed() < MUST_HAPPEN, "never: {what}");
        pause(Duration::from_millis(50)).await;
    }
}

pub fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}
