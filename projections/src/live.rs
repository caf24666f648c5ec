//! "Topic at position N", as server-sent events: for programs at `GET /api/live`, for pages by their
//! session. No data travels in a push: the page asks again, and is permitted again.
//!
//! The id of each event is an opaque cursor. A stream that resumes with `Last-Event-ID` gets one
//! hint for each of its topics that changed since, from `PostgreSQL`; so does, every few seconds,
//! one that may have missed a hint on the broker.
//!
//! Who may hear is judged for every event, and every few seconds without one: a stream ends with
//! what it was opened by, and tells when more or less of somebody may be seen than before.

mod cursor;
mod limits;
mod stream;
mod topics;

use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::PgPool;
use trama_events::codes::Role;
use trama_events::ids::StaffId;
use trama_platform::Problem;
use trama_platform::clock::NoRandomness;
use trama_platform::doors::{Action, Door, Doors, Gate};
use trama_platform::gate::Reader;
use trama_platform::hints::{Hearing, Hint};
use trama_platform::sign_in::{SessionId, Sessions};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ReadModels;
use cursor::{Cursor, Seal};

pub use topics::{OF_NETWORK, of_inbox, of_journey};

/// Hearing hints.
pub const HEAR: Action = Action {
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

/// A line without meaning this often keeps proxies from closing the stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Where streams come from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    pool: PgPool,
    hearing: Hearing,
    open: limits::Open,
    seal: Seal,
}

/// What somebody wants to hear.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Topics separated by commas, e.g. `inbox/<service>,network`; at most 50.
    pub topics: String,
    /// Where to resume, for clients that cannot send `Last-Event-ID`.
    pub after: Option<String>,
}

/// The session by which a page hears: the stream ends with it, and keeps it from nothing.
#[derive(Debug, Clone)]
pub struct BySession {
    /// All sessions.
    pub sessions: Sessions,
    /// Its name.
    pub id: SessionId,
}

impl Live {
    /// Streams over these read models, woken by these hints.
    ///
    /// # Errors
    ///
    /// When the machine gives no random bytes: cursors could not be sealed.
    pub fn try_new(reading: &ReadModels, hearing: Hearing) -> Result<Self, NoRandomness> {
        let open = limits::Open::default();
        Ok(Self { pool: reading.pool.clone(), hearing, open, seal: Seal::draw()? })
    }

    /// The door.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(HEAR, routes!(hear)).finish(self.clone())
    }

    /// Where a page stands that is read from now on: it resumes from there, and misses nothing that
    /// happens between its reading and its stream. Nothing when the models cannot be read: then it
    /// hears everything once.
    pub async fn now(&self, topics: &[String], staff: StaffId) -> Option<String> {
        let mut cursor = Cursor::default();
        for model in topics::models_of(topics) {
            cursor.set(model, stream::count_of(&self.pool, model).await?);
        }
        self.seal.close(&cursor, staff)
    }

    /// A stream for whoever came in by a door or by a page of hers.
    ///
    /// # Errors
    ///
    /// 404 when a topic is not hers to hear, whether it exists or not; 400 for what is no topic or no
    /// cursor; 429 when she has five already; as [`Reader::open`] for a person.
    pub async fn stream(
        &self,
        reader: Reader,
        wanted: &Wanted,
        by: Option<BySession>,
    ) -> Result<Response, Problem> {
        let staff = reader.caller.staff;
        let topics = topics::read(&wanted.topics)?;
        // Before records are opened for it: a stream too many costs nothing.
        let counted = self.open.count(staff)?;
        let people = topics::must_hear(&reader, &topics).await?;
        let from = match wanted.after.as_deref().map(|text| self.seal.open(text, staff)) {
            None => stream::From::Now,
            Some(Ok(Some(cursor))) => stream::From::Cursor(cursor),
            Some(Ok(None)) => stream::From::Unknown,
            Some(Err(cursor::NoCursor)) => return Err(bad("this cursor is not one of ours")),
        };
        let subscriber = stream::Subscriber { reader, by, topics, people, counted };
        let hints = stream::hints(self.clone(), subscriber, from);
        let mut response =
            Sse::new(hints).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
        let buffering = HeaderName::from_static("x-accel-buffering");
        response.headers_mut().insert(buffering, HeaderValue::from_static("no"));
        Ok(response)
    }
}

/// Hints on topics that the caller may open.
#[utoipa::path(get, path = "/api/live", tag = "live", params(Wanted),
    responses((status = 200, content_type = "text/event-stream", body = Hint)))]
async fn hear(
    State(live): State<Live>,
    reader: Reader,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(mut wanted) = wanted.map_err(|error| bad(&error.body_text()))?;
    if let Some(resumed) = headers.get("last-event-id").and_then(|id| id.to_str().ok()) {
        wanted.after = Some(resumed.to_owned());
    }
    live.stream(reader, &wanted, None).await
}

fn bad(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}
