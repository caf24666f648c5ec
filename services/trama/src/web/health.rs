//! Health for people, probes and collectors. No personal data, no token.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use serde_json::json;
use tokio::sync::Mutex;
use trama_platform::Problem;
use trama_platform::doors::Gate;
use trama_platform::servers::Servers;
use trama_platform::state::{Looker, Status};

/// How long a look is good for: whoever asks more often gets the same answer.
const LOOK_GOOD_FOR: Duration = Duration::from_secs(1);

/// A look, and when it was taken.
type Seen = (Instant, Arc<Status>);

#[derive(Clone)]
struct Health {
    looker: Looker,
    gate: Gate,
    last: Arc<Mutex<Option<Seen>>>,
}

impl Health {
    async fn status(&self) -> sqlx::Result<Arc<Status>> {
        let mut last = self.last.lock().await;
        if let Some((_, status)) = last.as_ref().filter(|(at, _)| at.elapsed() < LOOK_GOOD_FOR) {
            return Ok(status.clone());
        }
        let status = Arc::new(self.looker.look().await?);
        *last = Some((Instant::now(), status.clone()));
        Ok(status)
    }
}

pub(super) fn routes(servers: &Servers, gate: Gate, models: Vec<&'static str>) -> Router {
    Router::new()
        .route("/livez", routing::get(|| async { Json(json!({"status": "ok"})) }))
        .route("/readyz", routing::get(ready))
        .route("/status", routing::get(status_page))
        .route("/metrics", routing::get(metrics))
        .with_state(Health { looker: Looker::open(servers, models), gate, last: Arc::default() })
}

/// Ready when the database answers and the gate can decide who may what: no answer depends on the
/// broker, as long as nothing new waits behind it.
async fn ready(State(health): State<Health>) -> Response {
    match health.looker.database_answers().await {
        Ok(()) if health.gate.can_decide() => Json(json!({"status": "ok"})).into_response(),
        Ok(()) => undecided().into_response(),
        Err(_) => down().into_response(),
    }
}

fn undecided() -> Problem {
    let detail = "it is not known yet, or no more, who may see what, so every door waits: the models \
                  staff and relations are behind their logs; trama status says how far";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", detail)
}

fn down() -> Problem {
    let detail =
        "the database cannot be reached; commands are refused until it can, nothing is lost";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "database_unreachable", detail)
}

/// The Italian interoperability model's health door: a problem answer, also when all is well.
async fn status_page(State(health): State<Health>) -> Response {
    match health.looker.database_answers().await {
        Ok(()) => Problem::new(StatusCode::OK, "healthy", "the service works").into_response(),
        Err(_) => down().into_response(),
    }
}

async fn metrics(State(health): State<Health>) -> Response {
    match health.status().await {
        Ok(status) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, exposition(&status)).into_response()
        }
        Err(_) => down().into_response(),
    }
}

fn exposition(status: &Status) -> String {
    let mut text = String::from(
        "# HELP trama_log_position Last position of a context's log.\n# TYPE trama_log_position gauge\n",
    );
    for log in &status.logs {
        // Writing to a String cannot fail.
        let _ =
            writeln!(text, "trama_log_position{{context=\"{}\"}} {}", log.context, log.position);
    }
    text.push_str("# HELP trama_relay_lag_seconds Age of the oldest event not yet published.\n# TYPE trama_relay_lag_seconds gauge\n");
    for log in &status.logs {
        let _ = writeln!(
            text,
            "trama_relay_lag_seconds{{context=\"{}\"}} {:.3}",
            log.context, log.relay_lag_seconds
        );
    }
    text.push_str("# HELP trama_projection_lag_seconds Age of the oldest event not yet in a model.\n# TYPE trama_projection_lag_seconds gauge\n");
    for model in &status.projections {
        let _ = writeln!(
            text,
            "trama_projection_lag_seconds{{projection=\"{}\"}} {:.3}",
            model.projection, model.lag_seconds
        );
    }
    text.push_str("# HELP trama_parked_events Events that wait behind a failure.\n# TYPE trama_parked_events gauge\n");
    for model in &status.projections {
        let _ = writeln!(
            text,
            "trama_parked_events{{projection=\"{}\"}} {}",
            model.projection, model.parked_events
        );
    }
    text
}
