//! The pages as a browser gets them: signing in, the gate, headers, what is not there.

#![cfg(test)]

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
use trama_console::{Console, Demo, DemoUser, doors, wants_a_page};
use trama_events::codes::Role;
use trama_events::ids::{Ats, OrganisationId, StaffId};
use trama_platform::caller::{Claims, Keys};
use trama_platform::clock::{Clock, real_now};
use trama_platform::doors::Gate;
use trama_projections::ReadModels;
use uuid::Uuid;

const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const PERSON: &str = "/persone/01900000-0000-7000-8000-000000000001";

/// A site over read models that cannot be reached, with a key of its own.
struct Site {
    router: Router,
    console: Console,
    signing: EncodingKey,
}

fn staff(role: Role) -> StaffId {
    StaffId(Uuid::from_u128(1 + u128::from(role as u8)))
}

fn token(signing: &EncodingKey, role: Role) -> String {
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
        services: Vec::new(),
    };
    let header = Header { typ: Some("at+jwt".into()), kid: Some("1".into()), ..Header::new(Algorithm::ES256) };
    encode(&header, &claims, signing).unwrap()
}

impl Site {
    fn open(demo: bool) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = key.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let set = serde_json::from_value(json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1", "x": x, "y": y },
        ]}));
        let keys = Keys::try_new("urn:test", "trama", &set.unwrap()).unwrap();
        let signing = EncodingKey::from_ec_der(key.to_pkcs8v1().unwrap().as_ref());
        let pool = sqlx::postgres::PgPoolOptions::new().acquire_timeout(std::time::Duration::from_millis(200));
        let pool = pool.connect_lazy("postgres://nobody@127.0.0.1:1/nothing").unwrap();
        let minting = signing.clone();
        let user = DemoUser {
            username: "rinaldi".into(),
            name: "L. Rinaldi".into(),
            label: "Case manager".into(),
            staff: staff(Role::CaseManager),
        };
        let mint = move |name: &str| (name == "rinaldi").then(|| token(&minting, Role::CaseManager));
        let console = Console {
            models: ReadModels { pool, clock: Clock::Real },
            gate: Gate::new(keys, Clock::Real),
            demo: demo.then(|| Arc::new(Demo { users: vec![user], mint: Arc::new(mint) })),
        };
        Self { router: doors(console.clone()).0, console, signing }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let header = |name| parts.headers.get(name).map_or("", |value: &axum::http::HeaderValue| value.to_str().unwrap()).to_owned();
        Answer {
            status: parts.status,
            policy: header(header::CONTENT_SECURITY_POLICY),
            kept: header(header::CACHE_CONTROL),
            to: header(header::LOCATION),
            cookie: header(header::SET_COOKIE),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str, role: Option<Role>) -> Answer {
        let mut request = Request::get(path);
        if let Some(role) = role {
            request = request.header(header::COOKIE, format!("a=b; trama_session={}; c=d", token(&self.signing, role)));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    policy: String,
    kept: String,
    to: String,
    cookie: String,
    text: String,
}

#[tokio::test]
async fn whoever_did_not_sign_in_is_asked_to_and_then_led_back() {
    let site = Site::open(true);
    for path in ["/", "/persone", PERSON, "/rete?ats=bari"] {
        let answer = site.get(path, None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.to.starts_with("/entra?poi=/"), "{}", answer.to);
    }
    let answer = site.post("/entra", "utente=rinaldi&poi=/rete%3Fats=bari").await;
    assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, "/rete?ats=bari"));
    for part in ["trama_session=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(answer.cookie.contains(part), "{}", answer.cookie);
    }
    let left = site.post("/esci", "").await;
    assert!(left.cookie.starts_with("trama_session=; ") && left.cookie.contains("Max-Age=0"));
}

#[tokio::test]
async fn every_page_forbids_scripts_and_is_kept_nowhere() {
    let site = Site::open(true);
    let person = Some(Role::CaseManager);
    for (path, role) in [("/entra", None), ("/persone", person), ("/persone/x", person), ("/rete", person), ("/rete?dal=x", person)] {
        let answer = site.get(path, role).await;
        assert_eq!((answer.policy.as_str(), answer.kept.as_str()), (POLICY, "no-store"), "{path}");
        for forbidden in ["<script", "style=", "onclick", "<style"] {
            assert!(!answer.text.contains(forbidden), "{path}: {forbidden}");
        }
        for needed in ["<html lang=\"it\">", "class=\"skip\"", "<main id=\"contenuto\"", "<h1>", "Dimostrazione"] {
            assert!(answer.text.contains(needed), "{path}: {needed}");
        }
        assert_eq!(answer.text.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn what_may_not_be_opened_looks_like_what_does_not_exist() {
    let site = Site::open(true);
    let forbidden = site.get(PERSON, Some(Role::PlanOffice)).await;
    let odd = site.get("/persone/not-an-id", Some(Role::PlanOffice)).await;
    assert_eq!(forbidden.status, StatusCode::NOT_FOUND);
    assert_eq!((&forbidden.text, forbidden.status), (&odd.text, odd.status));
    let token = token(&site.signing, Role::PlanOffice);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert(header::COOKIE, format!("trama_session={token}").parse().unwrap());
    let nowhere = to_bytes(site.console.no_such_page(&headers).into_body(), 1 << 20).await.unwrap();
    assert_eq!(forbidden.text.as_bytes(), nowhere);
    assert!(forbidden.text.contains("Non trovato o non accessibile"));
}

#[tokio::test]
async fn a_token_in_a_header_opens_no_page_and_a_bad_cookie_neither() {
    let site = Site::open(true);
    let bearer = format!("Bearer {}", token(&site.signing, Role::CaseManager));
    let request = Request::get("/persone").header(header::AUTHORIZATION, bearer).body(Body::empty()).unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::SEE_OTHER);
    let request = Request::get("/persone").header(header::COOKIE, "trama_session=nonsense").body(Body::empty()).unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let site = Site::open(true);
    for form in ["utente=nobody", "gettone=nonsense", "gettone=a%3Bb", ""] {
        let answer = site.post("/entra", form).await;
        assert_eq!((answer.status, answer.cookie.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""), "{form}");
        assert!(answer.text.contains("role=\"alert\""));
    }
    let token = token(&site.signing, Role::Volunteer);
    assert_eq!(site.post("/entra", &format!("gettone=+Bearer+{token}%0A")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_on_somebody_elses_page_signs_nobody_in_or_out() {
    let site = Site::open(true);
    for path in ["/entra", "/esci"] {
        let request = Request::post(path)
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = site.send(request.body(Body::from("utente=rinaldi")).unwrap()).await;
        assert_eq!((answer.status, answer.cookie.as_str()), (StatusCode::NOT_FOUND, ""));
    }
}

#[tokio::test]
async fn without_the_demo_nobody_signs_in_here_and_no_banner_is_shown() {
    let site = Site::open(false);
    let page = site.get("/entra", None).await;
    assert!(!page.text.contains("Dimostrazione") && !page.text.contains("<form"));
    assert_eq!(site.post("/entra", "utente=rinaldi").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_frame_names_who_looks_and_what_she_may_open() {
    let site = Site::open(true);
    let page = site.get("/persone", Some(Role::CaseManager)).await;
    for words in ["L. Rinaldi", "Case manager", "ATS Gioia del Colle", "href=\"/rete\""] {
        assert!(page.text.contains(words), "{words}");
    }
    let page = site.get("/", Some(Role::Volunteer)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("href=\"/rete\"") && !page.text.contains("href=\"/persone\""));
}

#[tokio::test]
async fn a_code_that_was_mistyped_is_said_to_be_so() {
    let site = Site::open(true);
    let answer = site.get("/persone?codice=%3Cscript%3E", Some(Role::CaseManager)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("cinque segni") && !answer.text.contains("<script>"));
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_answered_with_a_sentence() {
    let site = Site::open(true);
    for query in ["?al=2026-13-01", "?fatti=yesterday", "?pagina=0", "?colour=red"] {
        let answer = site.get(&format!("{PERSON}{query}"), Some(Role::CaseManager)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    for query in ["?dal=2026-02-01&al=2026-01-01", "?ats=Bari!", "?dal=1900-01-01"] {
        let answer = site.get(&format!("/rete{query}"), Some(Role::PlanOffice)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn read_models_that_cannot_be_reached_are_an_outage_with_a_page() {
    let site = Site::open(true);
    let answer = site.get("/rete", Some(Role::PlanOffice)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("Nessun dato è andato perso"));
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let site = Site::open(true);
    let page = site.get("/entra", None).await.text;
    let from = page.find("/assets/").unwrap();
    let folder = &page[from..from + page[from..].find("/trama.css").unwrap()];
    for name in ["trama.css", "titillium-web-latin-400-normal.woff2"] {
        let answer = site.get(&format!("{folder}/{name}"), None).await;
        assert_eq!((answer.status, answer.kept.as_str()), (StatusCode::OK, "public, max-age=31536000, immutable"));
    }
    assert_eq!(site.get("/assets/0/trama.css", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_over_data_has_a_written_action() {
    let (_, table) = doors(Site::open(true).console);
    let paths: Vec<&str> = table.iter().map(|door| door.path.as_str()).collect();
    assert_eq!(paths, ["/", "/persone", "/persone/{person}", "/rete"]);
    assert!(table.iter().all(|door| door.action.name.starts_with("page.") && !door.action.why.is_empty()));
}

#[test]
fn a_browser_wants_a_page_and_a_program_does_not() {
    let accept = |value: &str| axum::http::HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())]);
    assert!(wants_a_page(&accept("text/html,application/xhtml+xml,*/*;q=0.8")));
    assert!(!wants_a_page(&accept("application/json")) && !wants_a_page(&accept("*/*")));
}
