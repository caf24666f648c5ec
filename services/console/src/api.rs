//! The doors, as a page asks them: the same question or command, by the same gate, in this process.
//! A page decides nothing and calls no context's code.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;
use trama_events::codes::Purpose;
use trama_platform::Problem;
use trama_platform::doors::SignedIn;
use trama_ui::language::Language;

use crate::Console;
use crate::gate::Visitor;

/// Longest answer of a door that a page reads, in bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// The doors for one visitor, with the purpose that she stated.
#[derive(Clone, Copy)]
pub(crate) struct Api<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    purpose: Option<Purpose>,
}

/// What a door says when it does not do what was asked.
#[derive(Deserialize)]
struct Said {
    code: String,
    detail: String,
}

impl<'a> Api<'a> {
    pub(crate) fn new(
        console: &'a Console,
        visitor: &'a Visitor,
        purpose: Option<Purpose>,
    ) -> Self {
        Self { console, visitor, purpose }
    }

    /// The language of whoever asks.
    pub(crate) fn language(&self) -> Language {
        self.visitor.preferences.language
    }

    /// Asks a question.
    ///
    /// # Errors
    ///
    /// As the door answers.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Problem> {
        self.send(self.request(Method::GET, path, Body::empty())?).await
    }

    /// Asks a command. Sent again with the same key it is the same command.
    ///
    /// # Errors
    ///
    /// As the door answers.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Result<T, Problem> {
        let mut request = self.request(Method::POST, path, Body::from(body.to_string()))?;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("idempotency-key", value(key)?);
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str, body: Body) -> Result<Request<Body>, Problem> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().map_err(|_| not_understood())?;
        let headers = request.headers_mut();
        headers.insert("x-request-id", value(&self.visitor.caller.request_id)?);
        if let Some(purpose) = self.purpose {
            headers.insert("purpose", HeaderValue::from_static(purpose.code()));
        }
        request.extensions_mut().insert(SignedIn(self.visitor.session.presented.clone()));
        Ok(request)
    }

    async fn send<T: DeserializeOwned>(&self, request: Request<Body>) -> Result<T, Problem> {
        let Ok(answer) = self.console.api.clone().oneshot(request).await;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), ANSWER_MAX).await.map_err(|_| not_understood())?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|_| not_understood());
        }
        let Ok(Said { code, detail }) = serde_json::from_slice(&bytes) else {
            return Err(Problem::new(status, "refused", "a door refused this without a reason"));
        };
        Err(Problem::new(status, &code, detail))
    }
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(text).map_err(|_| not_understood())
}

fn not_understood() -> Problem {
    let detail = "a page and a door did not understand each other; nothing half-done was kept";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail)
}
