//! The doors, put together: contexts, read models, live hints, the feed, health.

mod demo;
mod document;
mod events;
mod health;
mod serve;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, middleware, routing};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::timeout::TimeoutLayer;
use trama_console::{Console, Demo};
use trama_platform::Problem;
use trama_platform::access::AccessReader;
use trama_platform::clock::VirtualClock;
use trama_platform::doors::{Door, Gate, another_method, no_such_door};
use trama_platform::hints::Hearing;
use trama_platform::inward::{Entrance, Limits, enter};
use trama_platform::outward::Outward;
use trama_platform::service::Service;
use trama_platform::sign_in::{Sessions, SignIn};
use trama_platform::state::Installation;
use trama_projections::ReadModels;
use trama_projections::live::Live;
use trama_sealed::Sealed;
use utoipa_axum::router::OpenApiRouter;

use crate::issuer::Provider;
use crate::system::{System, model_names};

/// Longest time for a request; streams are not counted.
const REQUEST_MAX: Duration = Duration::from_secs(15);

/// What only a private installation on loopback has.
#[derive(Debug, Clone)]
pub struct Private {
    /// Where the doors are.
    pub listen: SocketAddr,
    /// The domain's clock, to be set by stories.
    pub clock: Option<VirtualClock>,
    /// The demo issuer's key set.
    pub key_set: serde_json::Value,
    /// The demo's users: pages say that the data are invented.
    pub demo: Option<Arc<Demo>>,
    /// The demo's provider, with which one signs in as any of them.
    pub provider: Option<Arc<Provider>>,
}

/// Everything behind one address.
pub struct Site {
    listen: SocketAddr,
    router: Router,
    doors: Vec<Door>,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site")
            .field("listen", &self.listen)
            .field("doors", &self.doors.len())
            .finish_non_exhaustive()
    }
}

impl Site {
    /// Puts the doors together.
    ///
    /// # Errors
    ///
    /// When nobody could sign in as the system says.
    pub fn new(
        system: &System,
        (services, sealed): (&[Arc<dyn Service>], &Sealed),
        gate: &Gate,
        hearing: Hearing,
    ) -> anyhow::Result<Self> {
        let reading = ReadModels::open(&system.servers, system.clock.clone());
        let live = Live::try_new(&reading, hearing)?;
        let mut all: Vec<(&'static str, (OpenApiRouter, Vec<Door>))> =
            services.iter().map(|s| (s.log().context().name(), s.doors(gate))).collect();
        all.push(("sealed", sealed.doors(gate)));
        all.push(("read", reading.doors(gate)));
        all.push(("live", live.doors(gate)));
        all.push(("access", AccessReader::open(&system.servers).doors(gate)));
        all.push(("sign-in", Sessions::open(&system.servers).doors(gate)));
        let models = crate::system::models(services);
        all.push(("system", Installation::open(&system.servers, models).doors(gate)));
        all.push(("feed", events::Events::open(&system.servers)?.doors(gate)));
        let (mut api, mut doors, mut described) = (Router::new(), Vec::new(), Vec::new());
        for (name, (more, table)) in all {
            let (routes, document) = more.split_for_parts();
            api = api.merge(routes);
            described.push((name, document));
            doors.extend(table);
        }
        let document = Arc::new(document::describe(described, &doors));
        let demo = system.private.as_ref().and_then(|private| private.demo.clone());
        let sign_in = sign_in(system, gate)?;
        let health = health::routes(&system.servers, gate.clone(), model_names(services));
        let (api_of_pages, gate, live) = (api.clone(), gate.clone(), Some(live));
        let console = Console {
            models: reading,
            gate,
            sign_in,
            api: api_of_pages,
            live,
            demo,
            accessibility: system.accessibility.clone(),
        };
        let (pages, table) = trama_console::doors(console.clone());
        doors.extend(table);
        let mut open = health
            .route(
                "/openapi.json",
                routing::get(move || async move { Json(document.as_ref().clone()) }),
            )
            .route("/asyncapi.json", routing::get(|| async { Json(document::asyncapi()) }));
        if let Some(private) = &system.private {
            open = open.merge(demo::routes(private));
        }
        let listen = system.listen;
        let limits = match &system.private {
            Some(_) => Limits::private(),
            None => Limits::default(),
        };
        let proxies = system.sign_in.as_ref().map_or(&[][..], |settings| &settings.proxies);
        let entrance = Entrance::new(proxies, limits);
        let packed = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
        let pages = pages.layer(CompressionLayer::new().compress_when(packed));
        let router = shield(api.merge(pages).merge(open), console, entrance);
        Ok(Self { listen, router, doors })
    }

    /// Every door with its gate: the route list.
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    /// The router, for tests without a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Serves until the process is asked to stop.
    ///
    /// # Errors
    ///
    /// When the address cannot be had.
    pub async fn serve(self) -> anyhow::Result<()> {
        let listener = tokio::net::TcpListener::bind(self.listen).await.with_context(|| {
            format!("{} cannot be listened on: is another Trama running there?", self.listen)
        })?;
        tracing::info!(listen = %self.listen, "doors open");
        serve::connections(listener, self.router).await
    }
}

/// How one signs in by pages, where one does.
fn sign_in(system: &System, gate: &Gate) -> anyhow::Result<Option<SignIn>> {
    let Some(settings) = &system.sign_in else { return Ok(None) };
    let made = SignIn::try_new(&system.servers, settings.clone(), Outward::try_new()?)?;
    Ok(Some(made.blinding(gate.surnames().cloned())))
}

/// What holds for every answer: time-out, no panic reaches the wire, clear 404 and 405, headers, an
/// address and a name for whoever asks.
fn shield(router: Router, console: Console, entrance: Entrance) -> Router {
    let sealed = console.sign_in.as_ref().is_some_and(SignIn::is_sealed);
    let nothing = move |headers: HeaderMap| async move {
        if trama_console::wants_a_page(&headers) {
            return console.no_such_page(&headers).await;
        }
        no_such_door().await.into_response()
    };
    router
        .fallback(nothing)
        .method_not_allowed_fallback(another_method)
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_MAX))
        .layer(middleware::from_fn_with_state(entrance, enter))
        .layer(middleware::map_response(move |response| async move { headers(response, sealed) }))
}

/// Headers for every answer; a plain-text refusal of the framework becomes a problem answer. Who is
/// reached over TLS tells browsers to come in no other way, for a year.
fn headers(response: Response, sealed: bool) -> Response {
    let mut response = explained(response);
    let headers = response.headers_mut();
    if sealed {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn explained(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    if !(bare && (status.is_client_error() || status.is_server_error())) {
        return response;
    }
    let (code, detail) = match status {
        StatusCode::SERVICE_UNAVAILABLE => {
            ("too_slow", "this took too long and was given up: repeat it with the same key")
        }
        StatusCode::BAD_REQUEST => (
            "bad_request",
            "a part of the address or query has the wrong form, e.g. an id that is no UUID",
        ),
        _ => ("refused", "the request cannot be taken in this form: see /openapi.json"),
    };
    Problem::new(status, code, detail).into_response()
}

fn panicked() -> Response {
    tracing::error!("a request panicked");
    let detail = "something went wrong on our side; nothing half-done was kept";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail).into_response()
}
