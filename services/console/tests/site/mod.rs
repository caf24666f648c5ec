//! A console to ask pages of, with sessions that tests write themselves.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use serde_json::Value;
use sqlx::PgPool;
use strum::VariantArray;
use tower::ServiceExt;
use trama_console::{Console, Demo, DemoUser, doors};
use trama_events::codes::Role;
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};
use trama_platform::access::AccessLog;
use trama_platform::caller::{Keys, Trusted};
use trama_platform::clock::{Clock, random_bytes, real_now};
use trama_platform::doors::{Gate, Guards};
use trama_platform::outward::Outward;
use trama_platform::permit::{Guard, Policies, Relation};
use trama_platform::servers::{PgRole, Servers};
use trama_platform::sign_in::{SESSION_COOKIE, Settings, SignIn};
use trama_platform::staff::{Membership, Staff};
use trama_platform::ties::{Acquaintance, Between, Bodies, Finding, Ties};
use trama_projections::ReadModels;
use uuid::Uuid;

use crate::harness::id;

/// Where the pages are, as browsers name it.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:9";

/// A site over read models of a harness.
pub(crate) struct Site {
    router: Router,
    sessions: PgPool,
    pub(crate) console: Console,
}

pub(crate) fn staff(role: Role) -> StaffId {
    StaffId(Uuid::from_u128(1 + u128::from(role as u8)))
}

/// Somebody with whom nobody has to do.
pub(crate) const STRANGER: &str = "stranger";

/// Somebody who is there for nobody here.
pub(crate) const HIDDEN: &str = "hidden";

/// Everybody has everybody else in charge: what may be seen of whom is for other tests.
struct Colleagues;

impl Acquaintance for Colleagues {
    fn between<'a>(&'a self, asked: Between<'a>) -> Finding<'a> {
        let is_hidden = asked.person.0 == id(HIDDEN);
        let is_hers = !is_hidden && asked.person.0 != id(STRANGER);
        let relations = is_hers.then_some(Relation::CaseManager).into_iter().collect();
        let guard = if is_hidden { Guard::Guarded { keeper: None } } else { Guard::Open };
        let records = vec![asked.person];
        Box::pin(async move {
            Ok(Ties { records, registered: true, relations, guard, ..Ties::default() })
        })
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async { Ok(BTreeSet::new()) })
    }
}

fn membership(role: Role) -> Membership {
    Membership {
        membership: MembershipId(staff(role).0),
        staff: staff(role),
        organisation: OrganisationId(Uuid::nil()),
        ats: Ats::try_new("gioia-del-colle").unwrap(),
        role,
        services: vec![service("desk"), service("shelter")],
    }
}

fn guards(servers: &Servers) -> Guards {
    Guards {
        keys: Keys::try_new("urn:test", "trama", &JwkSet { keys: Vec::new() }).unwrap(),
        clock: Clock::Real,
        staff: Staff::fixed(Role::VARIANTS.iter().map(|role| membership(*role)).collect()),
        policies: Arc::new(Policies::load().unwrap()),
        ties: Arc::new(Colleagues),
        access: AccessLog::open(servers),
    }
}

/// What doors answer to a method and a path.
pub(crate) type Answers = fn(&str) -> (u16, Value);

/// A command that a page asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Command {
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) body: Value,
}

/// Doors that answer as a test says, and what they were asked to do.
#[derive(Clone)]
pub(crate) struct Doors {
    answers: Answers,
    asked: Arc<Mutex<Vec<Command>>>,
}

impl Doors {
    pub(crate) fn answering(answers: Answers) -> Self {
        Self { answers, asked: Arc::default() }
    }

    pub(crate) fn asked(&self) -> Vec<Command> {
        self.asked.lock().unwrap().clone()
    }

    fn router(&self) -> Router {
        let doors = self.clone();
        Router::new().fallback(move |request| doors.clone().answer(request))
    }

    async fn answer(self, request: Request<Body>) -> (StatusCode, Json<Value>) {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let (status, answer) = (self.answers)(&format!("{} {path}", parts.method));
        if parts.method == Method::POST {
            let bytes = to_bytes(body, 1 << 20).await.unwrap();
            let key = parts.headers["idempotency-key"].to_str().unwrap().to_owned();
            let body = serde_json::from_slice(&bytes).unwrap();
            self.asked.lock().unwrap().push(Command { path, key, body });
        }
        (StatusCode::from_u16(status).unwrap(), Json(answer))
    }
}

impl Site {
    /// The pages over these doors.
    pub(crate) fn before(servers: &Servers, models: ReadModels, doors: &Doors) -> Self {
        let mut console = Self::over(servers, models, true).console;
        console.api = doors.router();
        Self::of(console, servers)
    }

    pub(crate) fn over(servers: &Servers, models: ReadModels, demo: bool) -> Self {
        let settings = Settings {
            origin: ORIGIN.into(),
            provider: Trusted::ours(ORIGIN, "trama-pages"),
            client_secret: None,
            step_up: Vec::new(),
            always_second_factor: false,
            proxies: Vec::new(),
        };
        let sign_in = SignIn::try_new(servers, settings, Outward::try_new().unwrap()).unwrap();
        let user = DemoUser {
            username: "rinaldi".into(),
            name: "L. Rinaldi".into(),
            label: "Case manager".into(),
            staff: staff(Role::CaseManager),
        };
        let console = Console {
            models,
            gate: Gate::new(guards(servers)),
            sign_in: Some(sign_in),
            api: Router::new(),
            live: None,
            demo: demo.then(|| Arc::new(Demo { users: vec![user] })),
            accessibility: None,
        };
        Self::of(console, servers)
    }

    /// The pages of a console, and its sessions.
    pub(crate) fn of(console: Console, servers: &Servers) -> Self {
        let sessions = servers.pool(PgRole::SignIn, 2);
        Self { router: doors(console.clone()).0, sessions, console }
    }

    /// Somebody is signed in; the cookie and what her forms carry.
    pub(crate) async fn session(&self, role: Role) -> (String, String) {
        let (secret, csrf): ([u8; 32], [u8; 32]) =
            (random_bytes().unwrap(), random_bytes().unwrap());
        sqlx::query(
            "insert into sign_in.sessions (digest, account, staff, second_factor, csrf, \
                 signed_in_at, seen_at) values ($1, $2, $3, true, $4, $5, $5)",
        )
        .bind(digest(&SHA256, &secret).as_ref())
        .bind(role.code())
        .bind(staff(role).0)
        .bind(csrf.as_slice())
        .bind(real_now())
        .execute(&self.sessions)
        .await
        .unwrap();
        let cookie = format!("{SESSION_COOKIE}={}", URL_SAFE_NO_PAD.encode(secret));
        (cookie, URL_SAFE_NO_PAD.encode(csrf))
    }

    /// From now on nobody has shown a second factor.
    pub(crate) async fn forget_second_factors(&self) {
        let update = sqlx::query("update sign_in.sessions set second_factor = false");
        update.execute(&self.sessions).await.unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let header = |name| {
            parts
                .headers
                .get(name)
                .map_or("", |value: &axum::http::HeaderValue| value.to_str().unwrap())
                .to_owned()
        };
        Answer {
            status: parts.status,
            policy: header(header::CONTENT_SECURITY_POLICY),
            kept: header(header::CACHE_CONTROL),
            to: header(header::LOCATION),
            cookie: header(header::SET_COOKIE),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str, role: Option<Role>) -> Answer {
        let mut request = Request::get(path);
        if let Some(role) = role {
            let (cookie, _) = self.session(role).await;
            request = request.header(header::COOKIE, format!("a=b; {cookie}; c=d"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form of a page of ours, with this cookie.
    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) policy: String,
    pub(crate) kept: String,
    pub(crate) to: String,
    pub(crate) cookie: String,
    pub(crate) text: String,
}

pub(crate) fn service(word: &str) -> ServiceId {
    ServiceId(id(word))
}
