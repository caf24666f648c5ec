use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt;
use serde_json::{Value, json};
use sqlx::Row;
use time::OffsetDateTime;
use trama_events::Context;
use trama_events::codes::Role;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::caller::Claims;
use trama_platform::clock::{pause, random_id, real_now};
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};

use super::measure::{Times, ms_since, rounded};
use super::{by_hand, rival};
use crate::cli::{Ending, lines};
use crate::issuer::Issuer;
use crate::up::{self, Plan, ROLES};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct PathArgs {
    /// Commands a second.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// For how many seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

/// Longest wait for something that must come.
const COME_MAX: Duration = Duration::from_secs(30);

/// Measures on private servers in a directory that is gone afterwards.
pub(super) async fn path(args: PathArgs) -> anyhow::Result<Ending> {
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let servers = PrivateServers::start(&dir).await?;
    let measured = measure(&args, &servers.servers(), &dir).await;
    servers.stop().await;
    std::fs::remove_dir_all(&dir)?;
    measured.map(|()| Ending::Ok)
}

async fn measure(args: &PathArgs, servers: &Servers, dir: &Path) -> anyhow::Result<()> {
    let length = Duration::from_secs(args.seconds);
    let owner = servers.pool(PgRole::Owner, 8);
    rival::tables(&owner).await?;
    let pgbench = rival::pgbench(servers, dir, 1, Duration::from_secs(3)).await?;
    let by_hand = by_hand::by_hand(servers, args.rate, length).await?;
    let port = trama_platform::private::free_port(0)?;
    let plan = Plan { dir: dir.to_owned(), port, apart: false, demo: false, sealed: Vec::new() };
    let system = up::system(&plan)?;
    let running = tokio::spawn(async move { system.run(ROLES).await });
    let bench = Bench::prepare(dir, port, servers).await?;
    let livez = bench.livez().await?;
    let figures = bench.run(args.rate, length).await?;
    running.abort();
    let ratio = |ours: f64, theirs: f64| rounded(ours / theirs.max(0.001));
    lines(&json!({
        "version": 1,
        "bench": "path",
        "rate": args.rate,
        "commands": figures.command.n,
        "command_ms": figures.command,
        "commit_to_model_ms": figures.to_model,
        "commit_to_hint_ms": figures.to_hint,
        "command_to_hint_ms": figures.whole,
        "by_hand_commit_to_model_ms": by_hand,
        "model_p50_of_by_hand": ratio(figures.to_model.p50_ms, by_hand.p50_ms),
        "model_p99_of_by_hand": ratio(figures.to_model.p99_ms, by_hand.p99_ms),
        "in_inbox": figures.in_inbox,
        "pgbench_insert_ms": rounded(1000.0 / pgbench),
        "livez_ms": livez,
    }))
}

struct Figures {
    command: Times,
    to_model: Times,
    to_hint: Times,
    whole: Times,
    in_inbox: usize,
}

/// A hint that came: the position it is good for, and when.
type Heard = Arc<Mutex<Vec<(i64, OffsetDateTime)>>>;

struct Bench {
    client: reqwest::Client,
    url: String,
    token: String,
    from: ServiceId,
    to: ServiceId,
    people: Vec<uuid::Uuid>,
    servers: Servers,
}

impl Bench {
    /// Two services and some people, through the doors.
    async fn prepare(dir: &Path, port: u16, servers: &Servers) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build()?;
        let (from, to) =
            (ServiceId::derived(&["bench", "from"]), ServiceId::derived(&["bench", "to"]));
        let issuer = Issuer::open(dir)?;
        let organisation = OrganisationId::derived(&["bench"]);
        let token = |role: Role| {
            issuer.token(Claims {
                iss: String::new(),
                sub: StaffId::derived(&["bench"]),
                aud: String::new(),
                exp: 0,
                nbf: 0,
                iat: 0,
                jti: String::new(),
                org: organisation,
                ats: Ats::try_new("bari")?,
                role,
                services: vec![from, to],
                acr: None,
                family_name: None,
            })
        };
        let mut bench = Self {
            client,
            url: format!("http://127.0.0.1:{port}"),
            token: token(Role::Administrator)?,
            from,
            to,
            people: Vec::new(),
            servers: servers.clone(),
        };
        bench.open().await?;
        let body = json!({"organisation": organisation, "name": "Banco di prova", "kind": "third_sector", "ats": "bari"});
        bench.post("/api/directory/organisations", &body).await?;
        for (service, kind) in [(from, "hub"), (to, "csm")] {
            let body = json!({"service": service, "organisation": organisation, "name": "Servizio di prova",
                "service_type": kind, "ats": "bari", "municipality": "072006", "low_threshold": true});
            bench.post("/api/directory/services", &body).await?;
            let body = json!({"on": "2024-01-01"});
            bench.post(&format!("/api/directory/services/{service}/activate"), &body).await?;
        }
        bench.token = token(Role::CaseManager)?;
        for _ in 0..200 {
            let body = json!({"service": from, "status": "anonymous", "gender": "unknown"});
            let person = bench.post("/api/intake/persons", &body).await?;
            let id = person["id"].as_str().context("a person has an id")?;
            bench.people.push(id.parse()?);
        }
        bench.until_known().await?;
        Ok(bench)
    }

    async fn open(&self) -> anyhow::Result<()> {
        let patience = Instant::now();
        while self.client.get(format!("{}/livez", self.url)).send().await.is_err() {
            anyhow::ensure!(patience.elapsed() < COME_MAX, "the doors did not open");
            pause(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
        let answer =
            request.header("idempotency-key", random_id().to_string()).json(body).send().await?;
        let status = answer.status();
        let answer: Value = answer.json().await?;
        anyhow::ensure!(status.is_success(), "{path}: {status} {answer}");
        Ok(answer)
    }

    fn referral(&self, number: usize) -> Value {
        let needs = [
            "health",
            "mental_health",
            "economic",
            "debt",
            "work",
            "housing",
            "relational",
            "language",
            "training",
            "addiction",
            "material_food",
            "family_parenting",
            "legal_documents",
            "residence_mail",
            "violence_safety",
            "disability_autonomy",
            "education_minor",
        ];
        let person = self.people[number % self.people.len()];
        let need = needs[(number / self.people.len()) % needs.len()];
        json!({"person": person, "from": self.from, "to": self.to, "need": need, "urgency": "ordinary", "dataset": ["needs"]})
    }

    /// Waits until the referrals context has heard of the services and of the last person.
    async fn until_known(&self) -> anyhow::Result<()> {
        let patience = Instant::now();
        let mut probe = self.referral(self.people.len() - 1);
        probe["need"] = json!("education_minor");
        loop {
            match self.post("/api/referrals/referrals", &probe).await {
                Ok(_) => return Ok(()),
                Err(error) if patience.elapsed() > COME_MAX => return Err(error),
                Err(_) => pause(Duration::from_millis(50)).await,
            }
        }
    }

    async fn livez(&self) -> anyhow::Result<Times> {
        let mut times = Vec::new();
        for _ in 0..200 {
            let begun = Instant::now();
            self.client.get(format!("{}/livez", self.url)).send().await?.bytes().await?;
            times.push(ms_since(begun));
        }
        Ok(Times::of(times))
    }

    async fn run(&self, rate: u32, length: Duration) -> anyhow::Result<Figures> {
        let (stream, model): (Heard, Heard) = (Heard::default(), Heard::default());
        let streaming = self.stream(stream.clone()).await?;
        let hearing = self.hear(model.clone()).await?;
        let count = usize::try_from(u64::from(rate) * length.as_secs())?;
        let mut tick = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
        let mut sent = Vec::with_capacity(count);
        for number in 0..count {
            tick.tick().await;
            let (client, url, token) = (self.client.clone(), self.url.clone(), self.token.clone());
            let body = self.referral(number);
            sent.push(tokio::spawn(one(client, url, token, body)));
        }
        let mut commands = Vec::with_capacity(count);
        for one in sent {
            commands.push(one.await??);
        }
        let last = commands.iter().map(|command| command.position).max().unwrap_or(0);
        for heard in [&stream, &model] {
            until(heard, last).await?;
        }
        streaming.abort();
        hearing.abort();
        self.figures(&commands, &taken(&stream), &taken(&model)).await
    }

    /// The receiver's stream of server-sent events.
    async fn stream(&self, heard: Heard) -> anyhow::Result<tokio::task::JoinHandle<()>> {
        let url = format!("{}/api/live?topics=inbox/{}", self.url, self.to);
        let streaming =
            reqwest::Client::builder().connect_timeout(Duration::from_secs(2)).build()?;
        let answer =
            streaming.get(url).bearer_auth(&self.token).send().await?.error_for_status()?;
        let mut bytes = answer.bytes_stream();
        Ok(tokio::spawn(async move {
            let mut text = String::new();
            while let Some(Ok(chunk)) = bytes.next().await {
                text.push_str(&String::from_utf8_lossy(&chunk));
                while let Some(end) = text.find("\n\n") {
                    let event: String = text.drain(..end + 2).collect();
                    let data = event.lines().find_map(|line| line.strip_prefix("data:"));
                    note(&heard, data.and_then(|data| serde_json::from_str::<Value>(data).ok()));
                }
            }
        }))
    }

    /// The hint that the follower gives as soon as its rows are committed.
    async fn hear(&self, heard: Heard) -> anyhow::Result<tokio::task::JoinHandle<()>> {
        let nats = self.servers.nats("admin").await?;
        let mut hints = nats.subscribe("trama.hint.inbox").await?;
        nats.flush().await?;
        Ok(tokio::spawn(async move {
            while let Some(hint) = hints.next().await {
                note(&heard, serde_json::from_slice::<Value>(&hint.payload).ok());
            }
        }))
    }

    async fn figures(
        &self,
        commands: &[Command],
        stream: &BTreeMap<i64, OffsetDateTime>,
        model: &BTreeMap<i64, OffsetDateTime>,
    ) -> anyhow::Result<Figures> {
        let committed = self.committed().await?;
        let after = |heard: &BTreeMap<i64, OffsetDateTime>, position: i64, from: OffsetDateTime| {
            let (_, at) = heard.range(position..).next()?;
            Some((*at - from).as_seconds_f64() * 1000.0)
        };
        let since_commit = |heard: &BTreeMap<i64, OffsetDateTime>| {
            let one = |c: &Command| after(heard, c.position, *committed.get(&c.position)?);
            Times::of(commands.iter().filter_map(one).collect())
        };
        let whole = commands.iter().filter_map(|c| after(stream, c.position, c.sent_at)).collect();
        Ok(Figures {
            command: Times::of(commands.iter().map(|command| command.answered_ms).collect()),
            to_model: since_commit(model),
            to_hint: since_commit(stream),
            whole: Times::of(whole),
            in_inbox: self.in_inbox().await?,
        })
    }

    /// When each event was written, by the database's clock, which is this machine's.
    async fn committed(&self) -> anyhow::Result<BTreeMap<i64, OffsetDateTime>> {
        let pool = self.servers.pool(PgRole::Writer(Context::Referrals), 1);
        let rows = sqlx::query("select position, inserted_at from events").fetch_all(&pool).await?;
        rows.iter().map(|row| Ok((row.try_get("position")?, row.try_get("inserted_at")?))).collect()
    }

    /// How many referrals wait in the receiver's inbox.
    async fn in_inbox(&self) -> anyhow::Result<usize> {
        let url =
            format!("{}/api/projections/inbox?service={}&list=to_do&limit=1", self.url, self.to);
        let answer: Value =
            self.client.get(url).bearer_auth(&self.token).send().await?.json().await?;
        let count = answer["counts"]["to_do"].as_u64().context("the inbox counts its lists")?;
        Ok(usize::try_from(count)?)
    }
}

struct Command {
    sent_at: OffsetDateTime,
    answered_ms: f64,
    position: i64,
}

async fn one(
    client: reqwest::Client,
    url: String,
    token: String,
    body: Value,
) -> anyhow::Result<Command> {
    let (sent_at, begun) = (real_now(), Instant::now());
    let request = client.post(format!("{url}/api/referrals/referrals")).bearer_auth(token);
    let answer =
        request.header("idempotency-key", random_id().to_string()).json(&body).send().await?;
    let status = answer.status();
    let answer: Value = answer.json().await?;
    anyhow::ensure!(status.is_success(), "{status} {answer}");
    let position = answer["positions"][1].as_i64().context("an answer has positions")?;
    Ok(Command { sent_at, answered_ms: ms_since(begun), position })
}

fn note(heard: &Heard, hint: Option<Value>) {
    let Some(hint) = hint.filter(|hint| hint["context"] == "referrals") else { return };
    let topic = hint["topic"].as_str().unwrap_or_default();
    if let (true, Some(position), Ok(mut all)) =
        (topic.starts_with("inbox/"), hint["position"].as_i64(), heard.lock())
    {
        all.push((position, real_now()));
    }
}

fn taken(heard: &Heard) -> BTreeMap<i64, OffsetDateTime> {
    let mut first = BTreeMap::new();
    for (position, at) in heard.lock().map(|all| all.clone()).unwrap_or_default() {
        first.entry(position).or_insert(at);
    }
    first
}

async fn until(heard: &Heard, position: i64) -> anyhow::Result<()> {
    let patience = Instant::now();
    while taken(heard).keys().next_back().is_none_or(|last| *last < position) {
        anyhow::ensure!(patience.elapsed() < COME_MAX, "a hint did not come within {COME_MAX:?}");
        pause(Duration::from_millis(20)).await;
    }
    Ok(())
}
