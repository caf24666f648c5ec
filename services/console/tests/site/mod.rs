//! A console to ask pages of, with an issuer of its own.

use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use tower::ServiceExt;
use trama_console::{Console, Demo, DemoUser, doors};
use trama_events::codes::Role;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::caller::{Claims, Keys};
use trama_platform::clock::{Clock, real_now};
use trama_platform::doors::Gate;
use trama_projections::ReadModels;
use uuid::Uuid;

use crate::harness::id;

/// A site over read models that cannot be reached, with a key of its own.
pub(crate) struct Site {
    router: Router,
    pub(crate) console: Console,
    pub(crate) signing: EncodingKey,
}

pub(crate) fn staff(role: Role) -> StaffId {
    StaffId(Uuid::from_u128(1 + u128::from(role as u8)))
}

pub(crate) fn token(signing: &EncodingKey, role: Role) -> String {
    let now = u64::try_from(real_now().unix_timestamp()).unwrap();
    let claims = Claims {
        iss: "urn:test".into(),
        sub: staff(role),
        aud: "trama".into(),
        exp: now + 600,
        nbf: now,
        iat: now,
        jti: "1".into(),
        org: OrganisationId(Uuid::nil()),
        ats: Ats::try_new("gioia-del-colle").unwrap(),
        role,
        services: vec![service("desk"), service("shelter")],
    };
    let header = Header {
        typ: Some("at+jwt".into()),
        kid: Some("1".into()),
        ..Header::new(Algorithm::ES256)
    };
    encode(&header, &claims, signing).unwrap()
}

impl Site {
    pub(crate) fn open(demo: bool) -> Self {
        let pool = sqlx::postgres::PgPoolOptions::new()
            .acquire_timeout(std::time::Duration::from_millis(200));
        let pool = pool.connect_lazy("postgres://nobody@127.0.0.1:1/nothing").unwrap();
        Self::over(ReadModels { pool, clock: Clock::Real }, demo)
    }

    pub(crate) fn over(models: ReadModels, demo: bool) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = key.public_key().as_ref();
        let (x, y) =
            (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let set = serde_json::from_value(json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1", "x": x, "y": y },
        ]}));
        let keys = Keys::try_new("urn:test", "trama", &set.unwrap()).unwrap();
        let signing = EncodingKey::from_ec_der(key.to_pkcs8v1().unwrap().as_ref());
        let minting = signing.clone();
        let user = DemoUser {
            username: "rinaldi".into(),
            name: "L. Rinaldi".into(),
            label: "Case manager".into(),
            staff: staff(Role::CaseManager),
        };
        let mint =
            move |name: &str| (name == "rinaldi").then(|| token(&minting, Role::CaseManager));
        let console = Console {
            models,
            gate: Gate::new(keys, Clock::Real),
            demo: demo.then(|| Arc::new(Demo { users: vec![user], mint: Arc::new(mint) })),
        };
        Self { router: doors(console.clone()).0, console, signing }
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
            request = request.header(
                header::COOKIE,
                format!("a=b; trama_session={}; c=d", token(&self.signing, role)),
            );
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
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
