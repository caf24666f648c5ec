//! Doors that only a private installation on loopback has: the domain's clock, and the demo's
//! issuer and provider.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Json, Router, routing};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_platform::Problem;
use trama_platform::clock::{Clock, VirtualClock};

use super::Private;

/// The domain's time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moment {
    /// The moment; `null` gives the time back to the machine.
    #[serde(with = "time::serde::rfc3339::option")]
    at: Option<OffsetDateTime>,
}

pub(super) fn routes(private: &Private) -> Router {
    let key_set = private.key_set.clone();
    let router = Router::new().route(
        "/.well-known/jwks.json",
        routing::get(move || async move { Json(key_set.clone()) }),
    );
    let router = match &private.provider {
        Some(provider) => router.merge(Arc::clone(provider).routes()),
        None => router,
    };
    match &private.clock {
        Some(clock) if private.listen.ip().is_loopback() => {
            let set = routing::get(read).put(set);
            router.merge(Router::new().route("/demo/clock", set).with_state(clock.clone()))
        }
        _ => router,
    }
}

async fn read(State(clock): State<VirtualClock>) -> impl IntoResponse {
    Json(Moment { at: Some(Clock::Virtual(clock).now()) })
}

async fn set(
    State(clock): State<VirtualClock>,
    body: axum::body::Bytes,
) -> Result<Json<Moment>, Problem> {
    let moment: Moment = serde_json::from_slice(&body).map_err(|error| {
        let detail =
            format!("send {{\"at\": \"2025-01-08T23:10:00+01:00\"}} or {{\"at\": null}}: {error}");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", detail)
    })?;
    clock.set(moment.at).map_err(|error| {
        tracing::error!(%error, "the clock's file cannot be written");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "the clock's file cannot be written",
        )
    })?;
    Ok(Json(moment))
}
