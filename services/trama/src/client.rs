//! A small client of our own doors, for scripts: a token for each worker, a key for each step, a
//! bounded patience while a role is started again, and a way to wait until all is caught up.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use strum::VariantArray;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama_events::Context;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::caller::{Claims, SECOND_FACTOR};
use trama_platform::clock::pause;
use trama_platform::follow;
use trama_platform::log::{Feed, is_outage};
use trama_platform::servers::PgRole;

use crate::cli::Target;
use crate::issuer::Issuer;
use crate::system;

/// How long a door that does not answer is asked again, with the same key.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long models may take to catch up before that is trouble.
const SETTLE_MAX: Duration = Duration::from_mins(2);
/// Longest wait for one answer.
const ANSWER_MAX: Duration = Duration::from_secs(15);
/// Between two attempts, and between two looks.
const AGAIN_EVERY: Duration = Duration::from_millis(100);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Who asks, and what she acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The worker, as an id.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// On behalf of which ATS.
    pub ats: Ats,
    /// In which role.
    pub role: Role,
    /// For which services.
    pub services: Vec<ServiceId>,
}

/// What a door answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The JSON body; `null` when there is none.
    pub body: Value,
    /// Where the feed goes on, when this is a page of it.
    pub next_after: Option<String>,
}

impl Answer {
    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The code of a refusal.
    pub fn code(&self) -> Option<&str> {
        self.body["code"].as_str()
    }

    /// Status, code and sentence of a refusal, for people.
    pub fn words(&self) -> String {
        let detail = self.body["detail"].as_str().unwrap_or_default();
        format!("{} {} {detail}", self.status, self.code().unwrap_or_default())
    }
}

/// The doors of one installation, with tokens of its own issuer.
pub struct Client {
    base: String,
    http: reqwest::Client,
    issuer: Issuer,
    tokens: Mutex<BTreeMap<String, String>>,
    feeds: Vec<Feed>,
    rows: PgPool,
    models: Vec<&'static str>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    /// The doors that are open in a data directory.
    ///
    /// # Errors
    ///
    /// When nothing runs there.
    pub fn open(target: &Target) -> anyhow::Result<Self> {
        let servers = target.servers()?;
        let models = system::model_names(&target.services()?);
        let feeds = Context::VARIANTS.iter().map(|context| Feed::open(&servers, *context));
        Ok(Self {
            base: target.running()?.url,
            http: reqwest::Client::builder().timeout(ANSWER_MAX).build()?,
            issuer: target.issuer()?,
            tokens: Mutex::default(),
            feeds: feeds.collect(),
            rows: servers.pool(PgRole::Projections, 1),
            models,
        })
    }

    /// Where the doors are.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same, by another process's doors on the same logs.
    #[must_use]
    pub fn at(mut self, base: &str) -> Self {
        base.clone_into(&mut self.base);
        self
    }

    /// A bearer token for a worker.
    ///
    /// # Errors
    ///
    /// When it cannot be signed.
    pub fn bearer(&self, who: &Actor) -> anyhow::Result<String> {
        self.token(who)
    }

    /// Asks a command under a key. The same key asks the same command again.
    ///
    /// # Errors
    ///
    /// When no door answers within the patience. A refusal is an answer.
    pub async fn post(
        &self,
        who: &Actor,
        path: &str,
        key: &str,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let token = self.token(who)?;
        self.patiently(path, || {
            let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&token);
            request.header("idempotency-key", key).json(body)
        })
        .await
    }

    /// Reads.
    ///
    /// # Errors
    ///
    /// As [`Client::post`].
    pub async fn get(&self, who: &Actor, path: &str) -> anyhow::Result<Answer> {
        let token = self.token(who)?;
        let url = format!("{}{path}", self.base);
        let asked = || self.http.get(&url).bearer_auth(&token).header("purpose", who.purpose());
        self.patiently(path, asked).await
    }

    /// Asks a question whose words go in a body, as a search does, and says for what purpose.
    ///
    /// # Errors
    ///
    /// As [`Client::post`].
    pub async fn ask(
        &self,
        who: &Actor,
        path: &str,
        key: &str,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let token = self.token(who)?;
        self.patiently(path, || {
            let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&token);
            request.header("idempotency-key", key).header("purpose", who.purpose()).json(body)
        })
        .await
    }

    /// Sets the domain's clock, or gives it back to the machine.
    ///
    /// # Errors
    ///
    /// When the installation has no such clock.
    pub async fn set_clock(&self, at: Option<OffsetDateTime>) -> anyhow::Result<()> {
        let at = at.map(|at| at.format(&Rfc3339)).transpose()?;
        let body = json!({ "at": at });
        let url = format!("{}/demo/clock", self.base);
        let answer = self.patiently("/demo/clock", || self.http.put(&url).json(&body)).await?;
        anyhow::ensure!(answer.is_done(), "the clock cannot be set here: {}", answer.words());
        Ok(())
    }

    async fn patiently(
        &self,
        path: &str,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> anyhow::Result<Answer> {
        let since = Instant::now();
        loop {
            match attempt(request()).await {
                Ok(answer) if answer.status != 503 => return Ok(answer),
                Ok(answer) if since.elapsed() > PATIENCE => return Ok(answer),
                Err(error) if error.is_builder() || since.elapsed() > PATIENCE => {
                    return Err(error).with_context(|| format!("{path} does not answer"));
                }
                Ok(_) | Err(_) => pause(AGAIN_EVERY).await,
            }
        }
    }

    fn token(&self, who: &Actor) -> anyhow::Result<String> {
        let name = format!("{}/{}/{:?}", who.staff, who.role, who.services);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = tokens.get(&name) {
            return Ok(token.clone());
        }
        let token = self.issuer.token(who.claims())?;
        tokens.insert(name, token.clone());
        Ok(token)
    }

    /// How many events all the logs hold.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn events(&self) -> anyhow::Result<i64> {
        let mut events = 0;
        for feed in &self.feeds {
            events += feed.last().await?;
        }
        Ok(events)
    }

    /// Waits until every event is published, every model has taken it, and the doors decide on it.
    ///
    /// # Errors
    ///
    /// When a model stopped or parked something, all is not caught up in two minutes, or no door is
    /// open.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let since = Instant::now();
        loop {
            let waiting = match self.behind().await {
                Ok(behind) => behind?,
                Err(error) if is_outage(&error) => Some("PostgreSQL".into()),
                Err(error) => return Err(error.into()),
            };
            let Some(waiting) = waiting else { break };
            anyhow::ensure!(
                since.elapsed() < SETTLE_MAX,
                "{waiting} did not catch up in {SETTLE_MAX:?}"
            );
            pause(LOOK_EVERY).await;
        }
        let ready = format!("{}/readyz", self.base);
        let answer = self.patiently("/readyz", || self.http.get(&ready)).await?;
        anyhow::ensure!(answer.is_done(), "the doors do not decide: {}", answer.words());
        Ok(())
    }

    /// What is still behind, if anything is; the inner error is trouble that waiting does not end.
    async fn behind(&self) -> sqlx::Result<anyhow::Result<Option<String>>> {
        let mut last = BTreeMap::new();
        for feed in &self.feeds {
            let position = feed.last().await?;
            if feed.relayed().await?.0 < position {
                return Ok(Ok(Some(format!("the relay of {}", feed.context()))));
            }
            last.insert(feed.context(), position);
        }
        let mut rows = self.rows.acquire().await?;
        for name in &self.models {
            let Some(model) = follow::health(&mut rows, name).await? else {
                return Ok(Ok(Some((*name).to_owned())));
            };
            if model.stopped.is_some() || model.parked_events > 0 {
                let (why, parked) = (model.stopped.unwrap_or_default(), model.parked_events);
                return Ok(Err(anyhow::anyhow!(
                    "{name} does not go on: {parked} events are parked {why}"
                )));
            }
            if model
                .positions
                .iter()
                .any(|(context, position)| last.get(context).is_some_and(|l| position < l))
            {
                return Ok(Ok(Some((*name).to_owned())));
            }
        }
        Ok(Ok(None))
    }
}

impl Actor {
    /// For which purpose somebody in her role looks, as she states it.
    fn purpose(&self) -> &'static str {
        if self.role == Role::Auditor {
            Purpose::Audit.code()
        } else if [Role::PlanOffice, Role::SteeringBoard].contains(&self.role) {
            Purpose::Planning.code()
        } else {
            Purpose::Care.code()
        }
    }

    /// What a token of hers says; the issuer fills in the rest.
    pub fn claims(&self) -> Claims {
        Claims {
            iss: String::new(),
            sub: self.staff,
            aud: String::new(),
            exp: 0,
            nbf: 0,
            iat: 0,
            jti: String::new(),
            org: self.organisation,
            ats: self.ats.clone(),
            role: self.role,
            services: self.services.clone(),
            // Whoever holds the key of this installation needs no second one.
            acr: Some(SECOND_FACTOR.to_owned()),
            family_name: None,
        }
    }
}

async fn attempt(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let next_after = response.headers().get("next-after").and_then(|next| next.to_str().ok());
    let next_after = next_after.map(ToOwned::to_owned);
    let bytes = response.bytes().await?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Answer { status, body, next_after })
}
