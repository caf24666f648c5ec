//! What the door tests of a context share: private servers, a clock, signed tokens, requests
//! through the real router, and events of other contexts that reach its copies.

#![allow(dead_code, reason = "each context uses its own part of the harness")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail where all of it is used")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

#[path = "cluster.rs"]
mod cluster;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tower::ServiceExt;
use trama_events::codes::Role;
use trama_events::envelope::{Recorded, Why};
use trama_events::ids::{
    Ats, MembershipId, OrganisationId, PersonId, ServiceId, StaffId, derive_uuid,
};
use trama_events::{Context, Fact};
use trama_platform::access::AccessLog;
use trama_platform::caller::{Claims, Keys, SECOND_FACTOR};
use trama_platform::clock::{Clock, real_now};
use trama_platform::doors::{Gate, Guards};
use trama_platform::follow::fold;
use trama_platform::log::Feed;
use trama_platform::permit::{Policies, Relation};
use trama_platform::private::PrivateServers;
use trama_platform::servers::Servers;
use trama_platform::service::Service;
use trama_platform::staff::{Membership, Staff};
use trama_platform::ties::{Acquaintance, Between, Bodies, Finding, Ties};
use uuid::Uuid;

const ISSUER: &str = "urn:trama:test";
const AUDIENCE: &str = "trama";

/// One context behind its doors, on servers of its own that are gone when it is dropped.
pub(crate) struct World {
    private: Option<PrivateServers>,
    dir: PathBuf,
    signing: EncodingKey,
    staff: Staff,
    colleagues: Colleagues,
    doors: Router,
    /// The context.
    pub(crate) service: Arc<dyn Service>,
    /// The domain's clock.
    pub(crate) clock: Clock,
    /// Addresses and accounts.
    pub(crate) servers: Servers,
    caught_up: i64,
    heard: AtomicI64,
}

/// Everybody was given everybody in charge, but for these children, with whom nobody has to do: a
/// context's own tests are about what its doors do, and the permission tests about who may.
#[derive(Default, Clone)]
struct Colleagues {
    children: Arc<Mutex<BTreeSet<PersonId>>>,
}

impl Acquaintance for Colleagues {
    fn between<'a>(&'a self, asked: Between<'a>) -> Finding<'a> {
        let relations = vec![
            Relation::CaseManager,
            Relation::Stay,
            Relation::ReferralReceived,
            Relation::OwnRecord,
        ];
        let records = vec![asked.person];
        let minor = self.children.lock().unwrap().contains(&asked.person);
        let relations = if minor { Vec::new() } else { relations };
        Box::pin(async move {
            let given = records.iter().copied().filter(|_| !minor).collect();
            Ok(Ties { records, registered: true, relations, minor, given, ..Ties::default() })
        })
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async { Ok(BTreeSet::new()) })
    }
}

/// What a door answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    /// Status and, of a refusal, its code: `422 unknown_person`; else the status alone.
    pub(crate) fn told(&self) -> String {
        match self.body["code"].as_str() {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }

    /// Whether something new was recorded.
    pub(crate) fn is_new(&self) -> bool {
        self.status == 200 && !self.body["positions"].is_null()
    }
}

impl World {
    /// Opens a context on fresh servers, e.g. `World::start("housing", Housing::open)`.
    pub(crate) async fn start<S: Service>(
        name: &str,
        open: impl FnOnce(&Servers, Clock) -> S,
    ) -> Self {
        Self::start_sealing(name, &[], open).await
    }

    /// The same, with a log of their own for these organisations.
    pub(crate) async fn start_sealing<S: Service>(
        name: &str,
        sealed: &[OrganisationId],
        open: impl FnOnce(&Servers, Clock) -> S,
    ) -> Self {
        let random = trama_platform::clock::random_id().simple().to_string();
        let dir = std::env::temp_dir().join(format!("trama-{name}-{}", &random[..12]));
        cluster::lay_out(&dir).await;
        let private = PrivateServers::start_sealing(&dir, sealed).await.unwrap();
        let servers = private.servers();
        let clock = Clock::in_file(dir.join("clock"));
        let (signing, keys) = keys();
        let service = open(&servers, clock.clone());
        let (staff, colleagues) = (Staff::fixed(Vec::new()), Colleagues::default());
        let gate = Gate::new(Guards {
            keys,
            clock: clock.clone(),
            staff: staff.clone(),
            policies: Arc::new(Policies::load().unwrap()),
            ties: Arc::new(colleagues.clone()),
            access: AccessLog::open(&servers),
        });
        let (doors, _) = service.doors(&gate);
        let doors = doors.split_for_parts().0;
        let service = Arc::new(service);
        Self {
            private: Some(private),
            dir,
            signing,
            staff,
            colleagues,
            doors,
            service,
            clock,
            servers,
            caught_up: 0,
            heard: AtomicI64::new(0),
        }
    }

    /// Sets the domain's clock.
    pub(crate) fn at(&self, now: OffsetDateTime) {
        let Clock::Virtual(clock) = &self.clock else { panic!("the clock is real") };
        clock.set(Some(now)).unwrap();
    }

    /// A token of somebody of the ATS `bari` who acts in this role for these services.
    pub(crate) fn token(&self, name: &str, role: Role, services: &[ServiceId]) -> String {
        self.token_of(OrganisationId(id("organisation")), name, role, services)
    }

    /// The same, of another organisation.
    pub(crate) fn token_of(
        &self,
        organisation: OrganisationId,
        name: &str,
        role: Role,
        services: &[ServiceId],
    ) -> String {
        self.staff.add(Membership {
            membership: MembershipId(id(&format!("{name} as {role}"))),
            staff: StaffId(id(name)),
            organisation,
            ats: bari(),
            role,
            services: services.to_vec(),
        });
        let now = u64::try_from(real_now().unix_timestamp()).unwrap();
        let claims = Claims {
            iss: ISSUER.into(),
            sub: StaffId(id(name)),
            aud: AUDIENCE.into(),
            exp: now + 600,
            nbf: now,
            iat: now,
            jti: trama_platform::clock::random_id().to_string(),
            org: organisation,
            ats: bari(),
            role,
            services: services.to_vec(),
            acr: Some(SECOND_FACTOR.to_owned()),
            family_name: None,
        };
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".into());
        header.kid = Some("test".into());
        encode(&header, &claims, &self.signing).unwrap()
    }

    /// The directory names who answers for a service.
    pub(crate) fn answers_for(&self, name: &str, service: ServiceId) {
        self.staff.name_responsible(service, StaffId(id(name)));
    }

    /// This is a child with whom nobody here has to do.
    pub(crate) fn is_a_child(&self, person: PersonId) {
        self.colleagues.children.lock().unwrap().insert(person);
    }

    /// Posts a command under an Idempotency-Key.
    pub(crate) async fn post(&self, token: &str, path: &str, key: &str, body: Value) -> Answer {
        let request = command(path)
            .header("idempotency-key", key)
            .header(header::AUTHORIZATION, bearer(token));
        self.ask(request.body(body.to_string().into()).unwrap()).await
    }

    /// Gets what a door shows.
    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, bearer(token));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// What is refused before any command is read: malformed, too much, mistyped, without a key,
    /// without a token. `good` is a body that the door takes.
    pub(crate) async fn refuses_bad_input(&self, token: &str, path: &str, good: &Value) {
        let with_key = || command(path).header("idempotency-key", "bad-input");
        let known = || with_key().header(header::AUTHORIZATION, bearer(token));
        let body = |change: fn(&mut Value)| {
            let mut body = good.clone();
            change(&mut body);
            Body::from(body.to_string())
        };
        let unkeyed = command(path).header(header::AUTHORIZATION, bearer(token));
        let mut text = known().body(body(|_| ())).unwrap();
        text.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        let late = |b: &mut Value| b["occurred_at"] = json!("2999-01-01T00:00:00Z");
        let odd = |b: &mut Value| b["occurred_at"] = json!("1.1.2025");
        for (what, request, told) in [
            ("half a body", known().body(Body::from("{")).unwrap(), "400 malformed_json"),
            ("a list", known().body(Body::from("[]")).unwrap(), "422 invalid_body"),
            (
                "a field too many",
                known().body(body(|b| b["x"] = json!(1))).unwrap(),
                "422 invalid_body",
            ),
            ("the future", known().body(body(late)).unwrap(), "422 invalid_body"),
            ("no moment", known().body(body(odd)).unwrap(), "422 invalid_body"),
            ("no key", unkeyed.body(body(|_| ())).unwrap(), "400 idempotency_key_missing"),
            ("no token", with_key().body(body(|_| ())).unwrap(), "401 no_valid_token"),
            ("no JSON", text, "415 not_json"),
        ] {
            assert_eq!(self.ask(request).await.told(), told, "{path}: {what}");
        }
    }

    /// Any request through the real router.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.doors.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let etag = response.headers().get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, etag, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    /// Something that happened in another context reaches this one's copies and reactions.
    pub(crate) async fn heard<F: Fact>(
        &self,
        aggregate: Uuid,
        person: Option<PersonId>,
        event: &F,
    ) {
        let number = self.heard.fetch_add(1, Ordering::Relaxed) + 1;
        let mut recorded = recorded(aggregate, person, event, self.clock.now());
        (recorded.position, recorded.sequence) = (number, number);
        self.reached(F::CONTEXT, &[recorded]).await;
    }

    /// What this context wrote itself reaches its copies.
    pub(crate) async fn catch_up(&mut self) {
        let context = self.service.log().context();
        let written =
            Feed::open(&self.servers, context).after(self.caught_up, 1_000).await.unwrap();
        self.reached(context, &written).await;
        self.caught_up = written.last().map_or(self.caught_up, |last| last.position);
    }

    /// The clock looks at what is due by now; how many timers were.
    pub(crate) async fn due(&self) -> usize {
        let all = self.service.log().due(None, 1_000).await.unwrap();
        for due in &all {
            self.service.on_due(due, self.clock.now()).await.unwrap();
        }
        all.len()
    }

    /// Names of the events of one aggregate, in order.
    pub(crate) async fn events_of(&self, aggregate: Uuid) -> Vec<String> {
        let context = self.service.log().context();
        let all = Feed::open(&self.servers, context).after(0, 10_000).await.unwrap();
        all.into_iter().filter(|e| e.aggregate_id == aggregate).map(|e| e.event_type).collect()
    }

    async fn reached(&self, context: Context, events: &[Recorded]) {
        for model in self.service.models().iter().filter(|m| m.contexts().contains(&context)) {
            fold(&self.servers, model.as_ref(), events).await.unwrap();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// An id that follows from a word, the same in every run.
pub(crate) fn id(word: &str) -> Uuid {
    derive_uuid("test", &[word])
}

/// The ATS of everybody here.
pub(crate) fn bari() -> Ats {
    Ats::try_new("bari").unwrap()
}

fn command(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/json")
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn keys() -> (EncodingKey, Keys) {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    // An uncompressed point: 4, x, y.
    let point = key.public_key().as_ref();
    let set = serde_json::from_value(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "test",
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
    }]}));
    let signing = EncodingKey::from_ec_der(key.to_pkcs8v1().unwrap().as_ref());
    (signing, Keys::try_new(ISSUER, AUDIENCE, &set.unwrap()).unwrap())
}

/// An event as the log of its context would hold it.
pub(crate) fn recorded<F: Fact>(
    aggregate: Uuid,
    person: Option<PersonId>,
    event: &F,
    now: OffsetDateTime,
) -> Recorded {
    Recorded {
        context: F::CONTEXT,
        position: 1,
        aggregate_type: F::AGGREGATE.into(),
        aggregate_id: aggregate,
        sequence: 1,
        event_type: event.event_type(),
        version: event.event_version(),
        why: Why {
            occurred_at: now,
            recorded_at: now,
            ats: bari(),
            organisation: OrganisationId(id("organisation")),
            actor: StaffId(id("somebody")),
            role: "case_manager".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity: event.sensitivity(),
            person,
            command_id: "command".into(),
            correlation: "correlation".into(),
            causation: "causation".into(),
        },
        payload: serde_json::to_value(event).unwrap(),
    }
}
