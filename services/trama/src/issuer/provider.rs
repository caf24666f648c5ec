//! The demo's `OpenID` Connect provider: an authorization endpoint that lists invented users, a token
//! endpoint, the key set and the discovery document. It asks for no password, and so it exists on
//! loopback only and answers under loopback's names only.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router, routing};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use trama_console::{Choice, DemoUser};
use trama_platform::Problem;
use trama_platform::caller::{SECOND_FACTOR, Trusted};
use trama_platform::clock::{random_bytes, real_now};
use trama_platform::outward::allowed;
use trama_platform::sign_in::{RETURN_PATH, Settings};

use super::Issuer;
use crate::commands::demo::users::User;

/// Where it is, below the origin.
const PATH: &str = "/demo/emittente";
/// Our pages as a client of it. Not the audience of access tokens.
const CLIENT: &str = "trama-pages";
/// How long a code may be redeemed.
const CODE_MAX: Duration = Duration::minutes(1);
/// How long an ID token holds: it is looked at once.
const PROOF_MAX: Duration = Duration::minutes(5);
/// Codes that wait to be redeemed.
const CODES_MAX: usize = 1_000;
/// Longest field of a request.
const FIELD_LEN_MAX: usize = 1_024;

/// The provider and the codes that it gave. They live as long as the process.
pub struct Provider {
    origin: String,
    issuer: Issuer,
    users: Vec<User>,
    shown: Vec<DemoUser>,
    codes: Mutex<BTreeMap<String, Granted>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// What an authorization request asks (`OpenID` Connect Core §3.1.2.1).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Asked {
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    code_challenge: String,
    #[serde(default)]
    code_challenge_method: String,
    #[serde(default)]
    acr_values: String,
}

/// The same, with whoever was chosen.
#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(flatten)]
    asked: Asked,
    utente: String,
}

/// What is kept for a code.
#[derive(Debug)]
struct Granted {
    username: String,
    nonce: String,
    challenge: String,
    second_factor: bool,
    at: OffsetDateTime,
}

/// What the token endpoint is asked.
#[derive(Debug, Deserialize)]
struct Redeemed {
    grant_type: String,
    client_id: String,
    redirect_uri: String,
    code: String,
    code_verifier: String,
}

impl Provider {
    /// A provider for the demo at this address.
    ///
    /// # Errors
    ///
    /// When the address is not on loopback: anybody could be anybody there.
    pub fn try_new(
        listen: SocketAddr,
        issuer: Issuer,
        users: Vec<User>,
        shown: Vec<DemoUser>,
    ) -> anyhow::Result<Self> {
        anyhow::ensure!(
            listen.ip().is_loopback(),
            "{listen} is not on loopback: the demo's sign-in asks for no password"
        );
        let origin = format!("http://{listen}");
        Ok(Self { origin, issuer, users, shown, codes: Mutex::default() })
    }

    /// How our pages sign in here.
    pub fn settings(&self) -> Settings {
        Settings {
            origin: self.origin.clone(),
            provider: Trusted::ours(self.name(), CLIENT),
            client_secret: None,
            step_up: vec![SECOND_FACTOR.into()],
            always_second_factor: false,
            proxies: Vec::new(),
        }
    }

    /// Its doors, which answer to loopback's names only: no other page can reach them under a name
    /// of its own that leads to this machine.
    pub fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route(&format!("{PATH}/.well-known/openid-configuration"), routing::get(discovery))
            .route(&format!("{PATH}/jwks"), routing::get(key_set))
            .route(&format!("{PATH}/autorizza"), routing::get(ask).post(choose))
            .route(&format!("{PATH}/gettone"), routing::post(redeem))
            .layer(from_fn(near))
            .with_state(self)
    }

    fn name(&self) -> String {
        format!("{}{PATH}", self.origin)
    }

    fn returns(&self) -> String {
        format!("{}{RETURN_PATH}", self.origin)
    }

    /// Whether a request is one of our pages', whole, and with PKCE.
    fn check(&self, asked: &Asked) -> Result<(), Problem> {
        let fields = [&asked.scope, &asked.state, &asked.nonce, &asked.code_challenge];
        let whole = fields.iter().all(|field| (1..=FIELD_LEN_MAX).contains(&field.len()));
        let ours = asked.client_id == CLIENT && asked.redirect_uri == self.returns();
        let kind = asked.response_type == "code" && asked.code_challenge_method == "S256";
        let open = asked.scope.split(' ').any(|scope| scope == "openid");
        if whole && ours && kind && open { Ok(()) } else { Err(bad("invalid_request")) }
    }

    fn grant(&self, chosen: &Chosen, now: OffsetDateTime) -> Result<String, Problem> {
        let known = self.users.iter().find(|user| user.username == chosen.utente);
        let user = known.ok_or_else(|| bad("there is no such user"))?;
        let code = random_bytes::<32>().map_err(|_| bad("server_error"))?;
        let code = URL_SAFE_NO_PAD.encode(code);
        let granted = Granted {
            username: user.username.clone(),
            nonce: chosen.asked.nonce.clone(),
            challenge: chosen.asked.code_challenge.clone(),
            second_factor: chosen.asked.wants_second_factor(),
            at: now,
        };
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, granted| now - granted.at < CODE_MAX);
        if codes.len() >= CODES_MAX {
            return Err(bad("temporarily_unavailable"));
        }
        codes.insert(code.clone(), granted);
        Ok(code)
    }

    /// The tokens of a code: once, in time, and with the verifier of its challenge.
    fn redeem(&self, asked: &Redeemed, now: OffsetDateTime) -> anyhow::Result<Value> {
        let granted = self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(&asked.code);
        let granted = granted.context("there is no such code")?;
        let digest =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, asked.code_verifier.as_bytes());
        anyhow::ensure!(URL_SAFE_NO_PAD.encode(digest) == granted.challenge, "another verifier");
        anyhow::ensure!(now - granted.at < CODE_MAX, "the code is too old");
        anyhow::ensure!(
            asked.grant_type == "authorization_code"
                && asked.client_id == CLIENT
                && asked.redirect_uri == self.returns(),
            "the code was given to another client"
        );
        let user = self.users.iter().find(|user| user.username == granted.username);
        let mut claims = user.context("there is no such user")?.claims();
        claims.acr = granted.second_factor.then(|| SECOND_FACTOR.to_owned());
        let proof = json!({
            "iss": self.name(), "sub": claims.sub, "aud": CLIENT, "nonce": granted.nonce,
            "iat": now.unix_timestamp(), "exp": (now + PROOF_MAX).unix_timestamp(),
            "auth_time": granted.at.unix_timestamp(), "acr": claims.acr,
            "family_name": claims.family_name,
            "org": claims.org, "ats": claims.ats, "role": claims.role, "services": claims.services,
        });
        Ok(json!({
            "access_token": self.issuer.token(claims)?, "token_type": "Bearer",
            "expires_in": super::TOKEN_SECONDS, "id_token": self.issuer.sign(&proof, "JWT")?,
        }))
    }
}

impl Asked {
    fn wants_second_factor(&self) -> bool {
        self.acr_values.split(' ').any(|value| value == SECOND_FACTOR)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        [
            ("response_type", &self.response_type),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scope),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("acr_values", &self.acr_values),
        ]
        .map(|(name, value)| (name, value.clone()))
        .to_vec()
    }
}

async fn near(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    // Plain http is allowed to loopback only.
    if host.is_some_and(|host| allowed(&format!("http://{host}/")).is_ok()) {
        return next.run(request).await;
    }
    Problem::not_found().into_response()
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let name = provider.name();
    Json(json!({
        "issuer": name,
        "authorization_endpoint": format!("{name}/autorizza"),
        "token_endpoint": format!("{name}/gettone"),
        "jwks_uri": format!("{name}/jwks"),
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [SECOND_FACTOR],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn key_set(State(provider): State<Arc<Provider>>) -> Response {
    Json(provider.issuer.key_set()).into_response()
}

async fn ask(
    State(provider): State<Arc<Provider>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) = asked.map_err(|_| bad("invalid_request"))?;
    provider.check(&asked)?;
    let (action, fields) = (format!("{PATH}/autorizza"), asked.fields());
    let second = asked.wants_second_factor();
    Ok(Choice::new(&action, &fields, &provider.shown, second).page())
}

async fn choose(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    chosen: Result<Form<Chosen>, FormRejection>,
) -> Result<Redirect, Problem> {
    let site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let Form(chosen) = chosen.map_err(|_| bad("invalid_request"))?;
    provider.check(&chosen.asked)?;
    if !site {
        return Err(bad("choose on the page of the demo itself"));
    }
    let code = provider.grant(&chosen, real_now())?;
    let mut back = allowed(&provider.returns()).map_err(|_| bad("server_error"))?;
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &chosen.asked.state)
        .append_pair("iss", &provider.name());
    Ok(Redirect::to(back.as_str()))
}

async fn redeem(
    State(provider): State<Arc<Provider>>,
    asked: Result<Form<Redeemed>, FormRejection>,
) -> Response {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    let Ok(Form(asked)) = asked else { return refused("invalid_request").into_response() };
    match provider.redeem(&asked, real_now()) {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => {
            tracing::info!(%error, "a code was not redeemed");
            refused("invalid_grant").into_response()
        }
    }
}

fn bad(why: &str) -> Problem {
    let detail = format!("the demo's provider does not take this request: {why}");
    Problem::new(StatusCode::BAD_REQUEST, "bad_sign_in", detail)
}
