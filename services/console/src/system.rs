//! `/sistema`: how the installation is, for whoever runs it, in space proportional to trouble; and
//! trying parked events again. Nobody in care is on it.

mod view;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role};
use trama_platform::clock::{random_id, real_now};
use trama_platform::doors::Action;
use trama_ui::dates;
use trama_ui::frame::{Frame, Place};

use crate::api::Api;
use crate::gate::{Sent, Visitor};
use crate::{Console, answer};
use view::{Outcome, Page};

const PATH: &str = "/sistema";

/// Opening it.
pub(crate) const SYSTEM: Action = Action {
    name: "page.system",
    roles: &[Role::Administrator],
    why: "whoever runs the machine sees how it is; nothing of it is about a person",
    second_factor: false,
};

/// What was done just before: a word.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    esito: Option<String>,
}

/// How the installation is, as the door tells it.
#[derive(Debug, Deserialize)]
struct Whole {
    release: String,
    logs: Vec<Log>,
    projections: Vec<Model>,
    rebuilding: Vec<Rebuilding>,
    rebuildable: Vec<String>,
    parked: Vec<Parked>,
    store: Store,
    broker: Option<Broker>,
}

#[derive(Debug, Deserialize)]
struct Log {
    context: String,
    position: i64,
    relayed: i64,
    relay_lag_seconds: f64,
}

#[derive(Debug, Deserialize)]
struct Model {
    projection: String,
    built: bool,
    positions: BTreeMap<String, i64>,
    lag_seconds: f64,
    parked_events: i64,
    stopped: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Rebuilding {
    projection: String,
    running: bool,
    done: i64,
    total: i64,
}

#[derive(Debug, Deserialize)]
struct Parked {
    projection: String,
    first: String,
    last: String,
    events: i64,
    reason: String,
    tries: i64,
    #[serde(rename = "parked_at", with = "time::serde::rfc3339")]
    since: OffsetDateTime,
}

#[derive(Debug, Deserialize)]
struct Store {
    version: String,
    bytes: i64,
    access_rows: i64,
}

#[derive(Debug, Deserialize)]
struct Broker {
    version: String,
    streams: Vec<Stream>,
}

#[derive(Debug, Deserialize)]
struct Stream {
    context: String,
    messages: Option<i64>,
    bytes: Option<i64>,
}

#[derive(Template)]
#[template(path = "system_closed.html")]
struct Closed {
    frame: Frame,
}

/// `GET /sistema`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let api = Api::new(&console, &visitor, Some(Purpose::Administration));
    let words = visitor.preferences.language.words();
    let mut frame = console.frame(Some(&visitor), &words.system_title(), Some(Place::System));
    let Ok(whole) = api.get::<Whole>("/api/system/state").await else {
        frame.title = words.system_closed_title();
        return answer::page(StatusCode::SERVICE_UNAVAILABLE, &Closed { frame });
    };
    let outcome = wanted.esito.as_deref().and_then(Outcome::of);
    let csrf = visitor.session.csrf_token();
    let view = view::view(&whole, words, real_now());
    let at = dates::time_of(real_now());
    let key = random_id().to_string();
    answer::page(StatusCode::OK, &Page { frame, view, outcome, csrf, key, at })
}

/// What came of trying, as the door tells it.
#[derive(Deserialize)]
struct Retried {
    healed: bool,
}

/// `POST /sistema`: tries again what waits behind one event.
pub(crate) async fn retry(
    State(console): State<Console>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let api = Api::new(&console, &visitor, Some(Purpose::Administration));
    let body = json!({ "projection": fields.text("modello"), "first": fields.text("primo") });
    let tried = api.post::<Retried>("/api/system/parked/retry", fields.text("chiave"), &body).await;
    let outcome = match tried {
        Ok(Retried { healed: true }) => Outcome::Healed,
        Ok(Retried { healed: false }) => Outcome::Still,
        Err(problem) if problem.code == "not_parked" => Outcome::Gone,
        Err(_) => Outcome::Failed,
    };
    Redirect::to(&format!("{PATH}?esito={}", outcome.code())).into_response()
}
