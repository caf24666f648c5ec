//! Doors: every route has a gate, a written action and its roles, or it does not exist.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama_events::codes::Role;
use trama_events::ids::StaffId;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::caller::{Caller, Presented};
use crate::clock::{pause, real_now};
use crate::failure::Problem;
use crate::gate::Reader;
use crate::inward::Limits;
use crate::log::{Asked, Done};
use crate::sign_in::TARGET;

pub use crate::gate::{Gate, Guards, Now};

/// Largest body of a request, in bytes.
pub const BODY_LEN_MAX: usize = 256 * 1024;
/// How much of a body that is too long is read before the connection is given up.
const DRAIN_LEN_MAX: usize = 8 * 1024 * 1024;
/// Before this nobody is told that something is not there, or not for her: what the decision about
/// somebody who is hidden costs more than one about nobody stays under it (trust.md §2 threat 4). More
/// than the gate takes for all but the slowest of its answers.
pub const REFUSED_AFTER: Duration = Duration::from_millis(12);
/// How far a device's clock may be ahead of ours.
const AHEAD_MAX: time::Duration = time::Duration::minutes(5);

/// Something that may be asked, and by whom. The sentence says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// `<context>.<verb>`.
    pub name: &'static str,
    /// Roles that may ask it.
    pub roles: &'static [Role],
    /// Why these roles.
    pub why: &'static str,
    /// Whether it needs a second factor whatever it shows: what a stolen password must not open.
    pub second_factor: bool,
}

/// One row of the route list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// HTTP method.
    pub method: String,
    /// Path template.
    pub path: String,
    /// What passes through it.
    pub action: Action,
}

/// A set of doors over one state, each with its gate.
pub struct Doors<S> {
    gate: Gate,
    router: OpenApiRouter<S>,
    table: Vec<Door>,
}

impl<S: Clone + Send + Sync + 'static> Doors<S> {
    /// No door yet.
    pub fn new(gate: &Gate) -> Self {
        Self { gate: gate.clone(), router: OpenApiRouter::new(), table: Vec::new() }
    }

    /// Opens a door: `routes!(handler)` behind the gate of `action`.
    #[must_use]
    pub fn door(mut self, action: Action, routes: UtoipaMethodRouter<S>) -> Self {
        let (schemas, paths, methods) = routes;
        for (path, item) in &paths.paths {
            for method in methods_of(item) {
                self.table.push(Door { method: method.into(), path: path.clone(), action });
            }
        }
        let gate = self.gate.clone();
        let guarded = methods.layer(from_fn(move |request: Request, next: Next| {
            let gate = gate.clone();
            async move { pass(&gate, &action, request, next).await }
        }));
        self.router = self.router.routes((schemas, paths, guarded));
        self
    }

    /// The router with its state, and the list of its doors.
    pub fn finish(self, state: S) -> (OpenApiRouter, Vec<Door>) {
        (self.router.with_state(state), self.table)
    }
}

/// Somebody who signed in by a session, in a request that a page of this process makes to a door.
/// No header makes one: nobody can send it from outside.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Presented);

/// By a page's session where the request came from one, else by the bearer token; then the same. Who
/// asks too often is told so before a refusal of hers is written down.
async fn admit(gate: &Gate, action: &Action, request: Asking) -> Result<Caller, Response> {
    let Asking { headers, signed_in, limits } = request;
    let presented = match signed_in {
        Some(SignedIn(presented)) => presented,
        None => gate.bearer(&headers).await.map_err(Problem::into_response)?,
    };
    let caller = gate.caller(&presented, &headers).map_err(Problem::into_response)?;
    let taken = limits.map(|limits| limits.take(caller.staff, caller.organisation, real_now()));
    if let Some(Err(many)) = taken {
        let (staff, session) = (caller.staff, &caller.session);
        note(staff, session, action, StatusCode::TOO_MANY_REQUESTS);
        return Err(many.told(too_often()));
    }
    gate.may(&caller, action).await.map_err(Problem::into_response)?;
    Ok(caller)
}

/// A line of the log for what was refused to somebody (ASVS 5.0 V16.3.2, V16.3.3): which door, and
/// the status. Never what she asked for.
fn note(staff: StaffId, session: &str, action: &Action, status: StatusCode) {
    let (action, status) = (action.name, status.as_u16());
    tracing::info!(target: TARGET, event = "refused", %staff, session, action, status);
}

/// What of a request says who asks.
struct Asking {
    headers: HeaderMap,
    signed_in: Option<SignedIn>,
    limits: Option<Arc<Limits>>,
}

fn too_often() -> Problem {
    let detail = "too many requests in a short while, of yours or of your body: wait, then repeat \
                  it with the same key";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
}

async fn pass(gate: &Gate, action: &Action, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let asking = Asking {
        headers: request.headers().clone(),
        signed_in: request.extensions().get().cloned(),
        limits: request.extensions().get().cloned(),
    };
    match admit(gate, action, asking).await {
        Ok(caller) => {
            let reader = Reader::new(gate.clone(), caller.clone(), *action);
            request.extensions_mut().insert(reader);
            request.extensions_mut().insert(Now(gate.clock().now()));
            let (staff, session) = (caller.staff, caller.session.clone());
            request.extensions_mut().insert(caller);
            let response = next.run(request).await;
            if response.status().is_client_error() {
                note(staff, &session, action, response.status());
            }
            refused_in_time(begun, response.status()).await;
            response
        }
        Err(refused) => refused,
    }
}

/// Holds back a refusal of a request that began at this moment, until the time does not tell whether it
/// is about somebody who is hidden or about nobody.
pub async fn refused_in_time(begun: Instant, status: StatusCode) {
    let left = REFUSED_AFTER.saturating_sub(begun.elapsed());
    if status.is_client_error() && !left.is_zero() {
        pause(left).await;
    }
}

fn methods_of(item: &utoipa::openapi::PathItem) -> Vec<&'static str> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
        ("PATCH", &item.patch),
    ];
    all.into_iter().filter_map(|(name, operation)| operation.as_ref().map(|_| name)).collect()
}

/// A command as it came through a door: strict body, caller, key, moment.
#[derive(Debug, Clone)]
pub struct Order<T> {
    /// The form, with no field that it does not have.
    pub body: T,
    /// Who asked.
    pub caller: Caller,
    /// Now, on the domain's clock.
    pub now: OffsetDateTime,
    /// Metadata and receipt of the command.
    pub asked: Asked,
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Order<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::not_found)?;
        let Now(now) = *parts.extensions.get::<Now>().ok_or_else(Problem::not_found)?;
        let key = idempotency_key(&parts.headers)?;
        let if_match = if_match(&parts.headers)?;
        must_be_json(&parts.headers)?;
        let bytes = whole(body).await?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let mut digest = Sha256::new();
        digest.update(parts.uri.path());
        digest.update([0]);
        digest.update(&bytes);
        let mut value = parse(&bytes)?;
        let occurred_at = take_occurred_at(&mut value, now)?;
        let body = serde_json::from_value(value).map_err(|e| invalid_body(&e.to_string()))?;
        let asked = Asked {
            actor: caller.staff,
            organisation: caller.organisation,
            ats: caller.ats.clone(),
            role: caller.role.code().into(),
            purpose: caller.purpose.code().into(),
            legal_basis: LEGAL_BASIS.into(),
            occurred_at,
            route: format!("{} {route}", parts.method),
            key,
            digest: hex(&digest.finalize()),
            correlation: caller.request_id.clone(),
            causation: caller.request_id.clone(),
            if_match,
        };
        Ok(Self { body, caller, now, asked })
    }
}

/// A public task: GDPR article 6(1)(e) (domain §6). Consent is not the basis of the service.
pub const LEGAL_BASIS: &str = "gdpr-6-1-e";

fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let plain = key.bytes().all(|b| b.is_ascii_graphic());
    if plain && (8..=128).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    let detail = "send an Idempotency-Key header of 8 to 128 visible ASCII symbols, a new one for \
                  each new command, the same one when you repeat it";
    Err(Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", detail))
}

fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let number = tag
        .to_str()
        .ok()
        .and_then(|tag| tag.trim_start_matches("W/").trim_matches('"').parse::<i64>().ok());
    number.map(Some).ok_or_else(|| {
        let detail = "If-Match takes the ETag that an earlier answer gave, e.g. W/\"3\"";
        Problem::new(StatusCode::BAD_REQUEST, "bad_if_match", detail)
    })
}

fn must_be_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind =
        headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    {
        return Ok(());
    }
    let detail = "send the command as application/json";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}

/// The whole body. One that is too long is read on for a while, unkept, so that whoever sends it
/// gets to read the answer.
async fn whole(body: Body) -> Result<Vec<u8>, Problem> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| cut_short())?;
        length += chunk.len();
        if length <= BODY_LEN_MAX {
            kept.extend_from_slice(&chunk);
        } else if length > DRAIN_LEN_MAX {
            break;
        }
    }
    if length > BODY_LEN_MAX { Err(too_large()) } else { Ok(kept) }
}

fn cut_short() -> Problem {
    let detail = "the body ended before it was whole: repeat it with the same key";
    Problem::new(StatusCode::BAD_REQUEST, "body_cut_short", detail)
}

fn too_large() -> Problem {
    let detail = format!("a body has at most {BODY_LEN_MAX} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

fn invalid_body(why: &str) -> Problem {
    let detail = format!("the body does not fit this command: {why}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", detail)
}

fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let value = if bytes.is_empty() {
        Ok(Value::Object(serde_json::Map::new()))
    } else {
        serde_json::from_slice(bytes)
    };
    match value {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(invalid_body("it must be a JSON object")),
        Err(error) => {
            let detail = format!("the body is not JSON: {error}");
            Err(Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail))
        }
    }
}

/// Every command may say when it happened; not in the future, beyond a device's wrong clock.
fn take_occurred_at(body: &mut Value, now: OffsetDateTime) -> Result<OffsetDateTime, Problem> {
    let given = body.as_object_mut().and_then(|fields| fields.remove("occurred_at"));
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(now) };
    let moment = given.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    let Some(moment) = moment else {
        return Err(invalid_body(
            "occurred_at is a moment as in RFC 3339, e.g. 2025-01-08T23:10:00+01:00",
        ));
    };
    if moment > now + AHEAD_MAX {
        return Err(invalid_body(
            "occurred_at lies in the future: only what has happened can be recorded",
        ));
    }
    if moment.year() < 1990 {
        return Err(invalid_body("occurred_at lies before 1990"));
    }
    Ok(moment.min(now).to_offset(time::UtcOffset::UTC))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let mut response = Json(self).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("W/\"{}\"", self.sequence)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Answers for what no door is there for.
#[expect(clippy::unused_async, reason = "a handler is a future")]
pub async fn no_such_door() -> Problem {
    Problem::not_found()
}

/// Answers for a door that is there, with another method.
#[expect(clippy::unused_async, reason = "a handler is a future")]
pub async fn another_method() -> Problem {
    let detail = "this door is there, but not for this method: see /openapi.json";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_refusal_is_held_back_until_the_time_does_not_tell_of_whom_it_is_threat_4() {
        let long_ago = Instant::now().checked_sub(REFUSED_AFTER).unwrap();
        for (status, held) in [
            (StatusCode::NOT_FOUND, true),
            (StatusCode::FORBIDDEN, true),
            (StatusCode::UNPROCESSABLE_ENTITY, true),
            (StatusCode::OK, false),
            (StatusCode::SERVICE_UNAVAILABLE, false),
        ] {
            let at_once = refused_in_time(Instant::now(), status).now_or_never();
            assert_eq!(at_once.is_none(), held, "{status}");
            assert!(refused_in_time(long_ago, status).now_or_never().is_some(), "{status}");
        }
        let begun = Instant::now();
        refused_in_time(begun, StatusCode::NOT_FOUND).await;
        assert!(begun.elapsed() >= REFUSED_AFTER);
    }
}
