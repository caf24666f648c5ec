//! What a service answers when it does not do what was asked: one type, one place that makes the
//! response.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::log::Refusal;

/// What went another way than asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure<R> {
    /// The domain said no; the sentence is for the person who asked. 422.
    #[error(transparent)]
    Rejected(R),
    /// Policy said no, or it does not exist: the same answer. 404.
    #[error("not found, or not accessible to you")]
    Denied,
    /// Someone else changed it first, each time we tried. 409.
    #[error("this changed while you were working on it: look again, then repeat")]
    Stale,
    /// `If-Match` named another version. 412.
    #[error("this is not the version that you saw: look again, then repeat")]
    Outdated,
    /// The same key came with another body. 422.
    #[error("this Idempotency-Key was used for another request: use a new key for a new request")]
    KeyReused,
    /// It may or may not have happened. 503.
    #[error("we cannot tell whether this was done: repeat it with the same Idempotency-Key")]
    Unknown,
    /// Nothing happened; the database or the queue cannot take it now. 503.
    #[error("we cannot take this now, nothing was done: repeat it in a moment with the same key")]
    Unavailable,
    /// Our fault; logged once, where it becomes a response. 500.
    #[error("something went wrong on our side; nothing half-done was kept")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl<R> Failure<R> {
    /// A fault from any error.
    pub fn fault(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Fault(error.into())
    }

    /// A database error: one that says "not reachable" is not a fault of ours.
    pub fn from_sqlx(error: sqlx::Error) -> Self {
        if crate::log::is_outage(&error) { Self::Unavailable } else { Self::fault(error) }
    }
}

impl<R> From<sqlx::Error> for Failure<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::from_sqlx(error)
    }
}

/// A problem answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:trama:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, what is safe, what to do.
    pub detail: String,
    /// Stable code, snake case.
    pub code: String,
}

impl Problem {
    /// A problem with a stable code and a sentence.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:trama:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
        }
    }

    /// What is not permitted looks like what does not exist.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            Failure::<std::fmt::Error>::Denied.to_string(),
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl<R: Refusal> From<Failure<R>> for Problem {
    fn from(failure: Failure<R>) -> Self {
        let (status, code) = match &failure {
            Failure::Rejected(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.code()),
            Failure::Denied => (StatusCode::NOT_FOUND, "not_found"),
            Failure::Stale => (StatusCode::CONFLICT, "stale"),
            Failure::Outdated => (StatusCode::PRECONDITION_FAILED, "outdated"),
            Failure::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key_reused"),
            Failure::Unknown => (StatusCode::SERVICE_UNAVAILABLE, "unknown_outcome"),
            Failure::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Failure::Fault(error) => {
                tracing::error!(error = %crate::telemetry::chain(error.as_ref()), "fault");
                (StatusCode::INTERNAL_SERVER_ERROR, "fault")
            }
        };
        Self::new(status, code, failure.to_string())
    }
}

impl<R: Refusal> IntoResponse for Failure<R> {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// For doors that only read: there is no domain refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Never {}

impl Refusal for Never {
    fn code(&self) -> &'static str {
        match *self {}
    }
}
