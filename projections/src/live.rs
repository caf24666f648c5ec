//! `GET /api/live`: "topic at position N", as server-sent events. No data travels in a push: the
//! page asks again, and is permitted again.
//!
//! The id of each event is an opaque cursor. A stream that resumes with `Last-Event-ID` gets one
//! hint for each of its topics that changed since, from `PostgreSQL`; so does, every few seconds,
//! one that may have missed a hint on the broker.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::{Stream, stream};
use serde::Deserialize;
use sqlx::PgPool;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::timeout_at;
use trama_events::codes::Role;
use trama_events::ids::{PersonId, StaffId};
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::clock::real_now;
use trama_platform::doors::{Action, Door, Doors, Gate};
use trama_platform::follow::{Changed, changed_since};
use trama_platform::gate::Reader;
use trama_platform::hints::{Hearing, Hint};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ReadModels;
use crate::fence::Sight;

/// Hearing hints.
const HEAR: Action = Action {
    name: "live.hear",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::Volunteer,
        Role::CsmOperator,
        Role::SerdOperator,
        Role::LabourOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
        Role::RegistryClerk,
        Role::HealthDistrictOperator,
        Role::MailOperator,
        Role::Guardian,
        Role::PlanOffice,
        Role::SteeringBoard,
        Role::Auditor,
        Role::Administrator,
    ],
    why: "whoever may open a page may hear that it changed; each topic is judged by itself",
    second_factor: false,
};

/// Most streams of one worker at a time.
const STREAMS_MAX: usize = 5;
/// Most topics of one stream.
const TOPICS_MAX: usize = 50;
/// A line without meaning this often keeps proxies from closing the stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often the read models are asked whether a hint was lost on the way.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Most hints from one look.
const LOOK_MAX: i64 = 200;

/// Where streams come from.
#[derive(Debug, Clone)]
pub struct Live {
    pool: PgPool,
    hearing: Hearing,
    open: Arc<Mutex<HashMap<StaffId, usize>>>,
}

/// A stream of a worker, counted until it ends.
#[derive(Debug)]
struct Counted {
    staff: StaffId,
    open: Arc<Mutex<HashMap<StaffId, usize>>>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.staff) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.staff);
            }
        }
    }
}

impl Live {
    /// Streams over these read models, woken by these hints.
    pub fn new(reading: &ReadModels, hearing: Hearing) -> Self {
        Self { pool: reading.pool.clone(), hearing, open: Arc::default() }
    }

    /// Counts a stream more, unless she has as many as she may.
    fn counted(&self, staff: StaffId) -> Result<Counted, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(staff).or_default();
        if *count >= STREAMS_MAX {
            let detail = format!("at most {STREAMS_MAX} streams at a time: close a page first");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail));
        }
        *count += 1;
        drop(open);
        Ok(Counted { staff, open: Arc::clone(&self.open) })
    }

    /// The door.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(HEAR, routes!(hear)).finish(self.clone())
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Topics {
    /// Topics separated by commas, e.g. `inbox/<service>,network`; at most 50.
    topics: String,
    /// Where to resume, for clients that cannot send `Last-Event-ID`.
    after: Option<String>,
}

/// Hints on topics that the caller may open.
#[utoipa::path(get, path = "/api/live", tag = "live", params(Topics),
    responses((status = 200, content_type = "text/event-stream", body = Hint)))]
async fn hear(
    State(live): State<Live>,
    reader: Reader,
    headers: HeaderMap,
    topics: Result<Query<Topics>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) = topics.map_err(|error| bad(error.body_text()))?;
    let topics: Vec<String> =
        asked.topics.split(',').map(|topic| topic.trim().to_owned()).collect();
    if topics.len() > TOPICS_MAX {
        return Err(bad(format!("a stream has at most {TOPICS_MAX} topics")));
    }
    for topic in &topics {
        must_hear(&reader, topic).await?;
    }
    let counted = live.counted(reader.caller.staff)?;
    let resumed =
        headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
    let cursor = match resumed.or(asked.after) {
        Some(text) => {
            Some(Cursor::read(&text).ok_or_else(|| bad("this cursor is not one of ours".into()))?)
        }
        None => None,
    };
    let stream = hints(live, topics, cursor, reader, counted);
    let mut response =
        Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}

/// Refuses a topic of which the reader may not know that it changed. A person's record is opened
/// for it, and that is written down, as for the page behind it.
async fn must_hear(reader: &Reader, topic: &str) -> Result<(), Problem> {
    let Some(person) = person_of(topic) else {
        let hears = may_hear(&reader.caller, topic);
        return if hears { Ok(()) } else { Err(Problem::not_found()) };
    };
    if !crate::journey::may_read(&reader.caller) {
        return Err(Problem::not_found());
    }
    reader.open(person?, &crate::journey::SECTIONS).await.map(drop)
}

/// The person of a topic `journey/<person>`.
fn person_of(topic: &str) -> Option<Result<PersonId, Problem>> {
    let person = topic.strip_prefix("journey/")?;
    Some(person.parse().map_err(|_| Problem::not_found()))
}

/// Whether the caller may know that a topic without a person changed. Judged as the page behind it.
fn may_hear(caller: &Caller, topic: &str) -> bool {
    let (kind, about) = topic.split_once('/').unwrap_or((topic, ""));
    match kind {
        "inbox" if topic == crate::inbox::OF_AUDITORS => caller.role == Role::Auditor,
        "inbox" if about.starts_with("plan-office/") => {
            caller.role == Role::PlanOffice
                && topic == crate::inbox::of_plan_office(caller.ats.as_str())
        }
        "inbox" => match about.strip_prefix("staff/") {
            Some(staff) => staff == caller.staff.to_string(),
            None => caller.services.iter().any(|service| service.to_string() == about),
        },
        "beds" | "network" | "indicators" => true,
        _ => false,
    }
}

/// The model behind a topic: its first word.
fn model_of(topic: &str) -> Option<&'static str> {
    let kind = topic.split('/').next().unwrap_or_default();
    ["inbox", "journey", "beds", "network", "indicators"].into_iter().find(|model| *model == kind)
}

/// Count of each model up to which a stream has been told everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Cursor(BTreeMap<String, i64>);

impl Cursor {
    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let counts: BTreeMap<String, i64> = serde_json::from_slice(&bytes).ok()?;
        counts.keys().all(|model| model_of(model).is_some()).then_some(Self(counts))
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }

    fn of(&self, model: &str) -> i64 {
        self.0.get(model).copied().unwrap_or(0)
    }
}

struct Hints {
    live: Live,
    topics: Vec<String>,
    heard: broadcast::Receiver<Hint>,
    cursor: Cursor,
    /// Count at which each topic was told last, so that no change is told twice.
    told: BTreeMap<String, i64>,
    waiting: VecDeque<Hint>,
    looked: tokio::time::Instant,
    fresh: bool,
    reader: Reader,
    staff: watch::Receiver<u64>,
    _counted: Counted,
}

fn hints(
    live: Live,
    topics: Vec<String>,
    cursor: Option<Cursor>,
    reader: Reader,
    counted: Counted,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let heard = live.hearing.subscribe();
    let fresh = cursor.is_none();
    let looked = tokio::time::Instant::now() - LOOK_EVERY;
    let left = (reader.caller.let_in_until - real_now()).max(time::Duration::ZERO);
    let start = Hints {
        staff: reader.gate().staff().changes(),
        reader,
        _counted: counted,
        live,
        topics,
        heard,
        cursor: cursor.unwrap_or_default(),
        told: BTreeMap::new(),
        waiting: VecDeque::new(),
        looked,
        fresh,
    };
    let until = tokio::time::Instant::now() + left.unsigned_abs();
    stream::unfold(start, move |mut hints| async move {
        // What she may hear was judged with her token, and ends with it.
        let event = timeout_at(until, hints.next()).await.ok()??;
        Some((Ok(event), hints))
    })
}

impl Hints {
    /// The next event; `None` once she may hear no more.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.fresh) {
            return Some(self.open().await);
        }
        loop {
            if !self.reader.still_acts() {
                return None;
            }
            if let Some(hint) = self.waiting.pop_front() {
                if self.still_hears(&hint.topic).await
                    && let Some(event) = self.tell(&hint)
                {
                    return Some(event);
                }
                continue;
            }
            tokio::select! {
                heard = self.heard.recv() => match heard {
                    Ok(hint) if self.topics.contains(&hint.topic) => self.waiting.push_back(hint),
                    Ok(_) => {}
                    Err(RecvError::Closed | RecvError::Lagged(_)) => self.look().await,
                },
                _ = self.staff.changed() => {}
                () = tokio::time::sleep_until(self.looked + LOOK_EVERY) => {
                    if !self.still_hears_all().await {
                        return None;
                    }
                    self.look().await;
                }
            }
        }
    }

    /// A stream on somebody who is closed to the reader by now ends, whether something changed or
    /// not.
    async fn still_hears_all(&self) -> bool {
        for topic in &self.topics {
            if !self.still_hears(topic).await {
                return false;
            }
        }
        true
    }

    /// Whether a topic may be heard at this moment: agreements, consents and relations may have
    /// ended since the stream was opened.
    async fn still_hears(&self, topic: &str) -> bool {
        match person_of(topic) {
            Some(Ok(person)) => self.reader.still_sees(person, &crate::journey::SECTIONS).await,
            Some(Err(_)) => false,
            None => true,
        }
    }

    /// A first event, so that the client has a cursor before anything changes.
    async fn open(&mut self) -> Event {
        for model in self.models() {
            if let Some(version) = self.version(model).await {
                self.cursor.0.insert(model.to_owned(), version);
            }
        }
        self.looked = tokio::time::Instant::now();
        Event::default().event("open").id(self.cursor.text()).data("{}")
    }

    /// One event for each change: what was told by the broker is not told again by the look.
    fn tell(&mut self, hint: &Hint) -> Option<Event> {
        let told = self.told.entry(hint.topic.clone()).or_default();
        if *told >= hint.version {
            return None;
        }
        *told = hint.version;
        let data = serde_json::json!({"topic": hint.topic, "context": hint.context, "position": hint.position});
        Some(Event::default().event("hint").id(self.cursor.text()).data(data.to_string()))
    }

    /// Asks the read models what changed since the last look. Only a look moves the cursor, so that
    /// a hint lost on the broker is never behind it; a resumed stream may hear a hint twice.
    async fn look(&mut self) {
        self.looked = tokio::time::Instant::now();
        for model in self.models() {
            let Some(version) = self.version(model).await else { continue };
            let since = self.cursor.of(model);
            let Ok(changed) = self.changed(model, since).await else { continue };
            let last = if changed.len() < usize::try_from(LOOK_MAX).unwrap_or(0) {
                version
            } else {
                changed.last().map_or(version, |changed| changed.version - 1)
            };
            self.waiting.extend(changed.into_iter().map(|changed| Hint {
                topic: changed.topic,
                context: changed.context,
                position: changed.position,
                projection: model.to_owned(),
                version: changed.version,
            }));
            self.cursor.0.insert(model.to_owned(), last);
        }
    }

    /// What changed of her topics. Whose records were opened for them was decided with the stream,
    /// and is decided anew before anything is told.
    async fn changed(&self, model: &str, since: i64) -> sqlx::Result<Vec<Changed>> {
        let people = self.topics.iter().filter_map(|topic| person_of(topic)?.ok());
        let sight = Sight::of(&self.reader.caller).and_opened(people);
        let mut rows = sight.begin(&self.live.pool).await?;
        changed_since(&mut rows, model, since, &self.topics, LOOK_MAX).await
    }

    fn models(&self) -> Vec<&'static str> {
        let mut models: Vec<&'static str> =
            self.topics.iter().filter_map(|topic| model_of(topic)).collect();
        models.sort_unstable();
        models.dedup();
        models
    }

    async fn version(&self, model: &str) -> Option<i64> {
        let query = format!("select version from {model}.model");
        sqlx::query_scalar(&query).fetch_one(&self.live.pool).await.ok()
    }
}
