use std::path::PathBuf;

use axum::http::HeaderValue;
use time::macros::datetime;
use trama_events::codes::Role;
use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};
use uuid::Uuid;

use super::sessions::Proven;
use super::*;
use crate::caller::{Account, Vouched};
use crate::clock::random_id;
use crate::private::PrivateServers;

const NOON: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);
const ORIGIN: &str = "https://trama.example";

/// Sessions on servers of their own, gone when dropped. No provider is asked.
struct World {
    private: Option<PrivateServers>,
    dir: PathBuf,
    sign_in: SignIn,
}

impl World {
    async fn start() -> Self {
        let name = format!("trama-sign-in-{}", &random_id().simple().to_string()[..12]);
        let dir = std::env::temp_dir().join(name);
        let private = PrivateServers::start(&dir).await.unwrap();
        let sign_in = sign_in(&private.servers());
        Self { private: Some(private), dir, sign_in }
    }

    /// Signs Anna in and gives what her browser sends from then on.
    async fn signs_in(&self, before: Option<&Secret>, now: OffsetDateTime) -> (Secret, HeaderMap) {
        let (secret, csrf) = (Secret::draw().unwrap(), Secret::draw().unwrap());
        self.sign_in.sessions.create(&secret, &csrf, &anna(), before, now).await.unwrap();
        let headers = browser(SESSION_COOKIE, &secret);
        (secret, headers)
    }

    async fn is_in(&self, headers: &HeaderMap, now: OffsetDateTime) -> bool {
        self.sign_in.session(headers, now).await.unwrap().is_some()
    }

    async fn begin(&self, secret: &Secret, now: OffsetDateTime) -> Result<Begun, Trouble> {
        let begun = Begun {
            state: Secret::draw().unwrap(),
            nonce: Secret::draw().unwrap(),
            verifier: Secret::draw().unwrap(),
            then: "/rete".into(),
            second_factor: false,
            at: now,
        };
        self.sign_in.sessions.begin(secret, &begun).await.map(|()| begun)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn sign_in(servers: &Servers) -> SignIn {
    let settings = Settings {
        origin: ORIGIN.into(),
        provider: Trusted::ours("http://127.0.0.1:1", "trama"),
        client_secret: None,
        step_up: Vec::new(),
    };
    SignIn::try_new(servers, settings, Outward::try_new().unwrap()).unwrap()
}

fn anna() -> Proven {
    Proven {
        account: Account::of("http://127.0.0.1:1", "anna"),
        staff: Some(StaffId(Uuid::from_u128(7))),
        vouched: Some(Vouched {
            organisation: OrganisationId(Uuid::nil()),
            ats: Ats::try_new("bari").unwrap(),
            role: Role::CaseManager,
            services: Vec::new(),
        }),
        second_factor: true,
        authenticated_at: Some(NOON),
    }
}

fn browser(cookie: &str, secret: &Secret) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let value = format!("a=b; {cookie}={}; c=d", secret.text());
    headers.insert("cookie", HeaderValue::try_from(value).unwrap());
    headers
}

fn minutes(number: i64) -> OffsetDateTime {
    NOON + Duration::minutes(number)
}

#[tokio::test]
async fn a_session_ends_after_a_quarter_of_an_hour_without_use_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    assert!(world.is_in(&anna, minutes(14)).await);
    assert!(world.is_in(&anna, minutes(28)).await, "being used keeps it");
    assert!(!world.is_in(&anna, minutes(28 + 15)).await);
    assert!(!world.is_in(&anna, minutes(28 + 16)).await, "asking for an ended one revives nothing");
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_however_much_it_is_used_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    let mut now = NOON;
    while now < NOON + Duration::hours(8) {
        assert!(world.is_in(&anna, now).await, "{now}");
        now += Duration::minutes(10);
    }
    assert!(!world.is_in(&anna, NOON + Duration::hours(8)).await);
}

#[tokio::test]
async fn a_stream_asks_whether_its_session_holds_and_does_not_keep_it_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    let session = world.sign_in.session(&anna, NOON).await.unwrap().unwrap();
    let sessions = world.sign_in.sessions();
    assert!(sessions.still_holds(&session.id, minutes(14)).await.unwrap());
    assert!(!sessions.still_holds(&session.id, minutes(15)).await.unwrap());
    assert_eq!(session.presented.until, minutes(15));
}

#[tokio::test]
async fn a_revoked_session_is_over_at_once_and_so_are_all_of_a_worker_t15() {
    let world = World::start().await;
    let sessions = world.sign_in.sessions();
    let ((_, one), (_, other)) =
        (world.signs_in(None, NOON).await, world.signs_in(None, NOON).await);
    let session = world.sign_in.session(&one, NOON).await.unwrap().unwrap();
    sessions.revoke(&session.id).await.unwrap();
    assert!(!world.is_in(&one, NOON).await && world.is_in(&other, NOON).await);
    assert!(!sessions.still_holds(&session.id, NOON).await.unwrap());
    assert_eq!(sessions.revoke_all(Whose::Staff(StaffId(Uuid::from_u128(8)))).await.unwrap(), 0);
    assert_eq!(sessions.revoke_all(Whose::Staff(StaffId(Uuid::from_u128(7)))).await.unwrap(), 1);
    assert!(!world.is_in(&other, NOON).await);
    let (_, third) = world.signs_in(None, NOON).await;
    assert_eq!(sessions.revoke_all(Whose::Account(&anna().account)).await.unwrap(), 1);
    assert!(!world.is_in(&third, NOON).await);
}

#[tokio::test]
async fn whoever_signs_in_gets_another_session_and_the_one_before_is_over_t15() {
    let world = World::start().await;
    let (before, old) = world.signs_in(None, NOON).await;
    let session = world.sign_in.session(&old, NOON).await.unwrap().unwrap();
    let chosen = MembershipId(Uuid::from_u128(3));
    world.sign_in.sessions().choose(&session.id, chosen).await.unwrap();
    let (after, new) = world.signs_in(Some(&before), minutes(1)).await;
    assert_ne!(before.text(), after.text());
    assert!(!world.is_in(&old, minutes(1)).await);
    let session = world.sign_in.session(&new, minutes(1)).await.unwrap().unwrap();
    assert_eq!(session.presented.membership, Some(chosen), "she goes on in her role");
}

#[tokio::test]
async fn a_session_says_who_and_nothing_that_lets_in_is_kept_or_shown() {
    let world = World::start().await;
    let (secret, headers) = world.signs_in(None, NOON).await;
    let session = world.sign_in.session(&headers, NOON).await.unwrap().unwrap();
    assert_eq!(session.presented.staff, anna().staff);
    assert_eq!(session.presented.vouched, anna().vouched);
    assert!(session.presented.second_factor);
    assert_eq!(session.presented.session.len(), 32);
    let shown = format!("{session:?} {secret:?} {:?}", world.sign_in);
    assert!(!shown.contains(&secret.text()) && !shown.contains(&session.csrf_token()));
    let row: String = sqlx::query_scalar("select s::text from sign_in.sessions s")
        .fetch_one(&world.private.as_ref().unwrap().servers().pool(PgRole::SignIn, 1))
        .await
        .unwrap();
    assert!(!row.contains(&secret.text()) && !row.contains(&crate::doors::hex(secret.bytes())));
}

#[tokio::test]
async fn nobody_is_in_with_a_cookie_that_was_not_given_t15() {
    let world = World::start().await;
    let (secret, _) = world.signs_in(None, NOON).await;
    let good = secret.text();
    let with = |value: String| {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", HeaderValue::try_from(value).unwrap());
        headers
    };
    for cookies in [
        String::new(),
        format!("trama={good}"),
        format!("__host-trama={good}"),
        format!("{SESSION_COOKIE}="),
        format!("{SESSION_COOKIE}={good}="),
        format!("{SESSION_COOKIE}={}", &good[1..]),
        format!("{SESSION_COOKIE}={}", Secret::draw().unwrap().text()),
        format!("{SESSION_COOKIE}={good}; {SESSION_COOKIE}={good}"),
        format!("{SESSION_COOKIE}=' or 1=1 --"),
        format!("{SESSION_COOKIE}={}", "A".repeat(5_000)),
    ] {
        assert!(!world.is_in(&with(cookies.clone()), NOON).await, "{cookies}");
    }
    assert!(world.is_in(&with(format!("{SESSION_COOKIE}={good}")), NOON).await);
}

#[tokio::test]
async fn the_oldest_of_more_than_ten_sessions_ends_and_rows_of_ended_ones_go() {
    let world = World::start().await;
    let mut all = Vec::new();
    for number in 0..11 {
        all.push(world.signs_in(None, NOON + Duration::seconds(number)).await.1);
    }
    assert!(!world.is_in(&all[0], minutes(1)).await && world.is_in(&all[1], minutes(1)).await);
    world.signs_in(None, minutes(60)).await;
    let rows: i64 = sqlx::query_scalar("select count(*) from sign_in.sessions")
        .fetch_one(&world.private.as_ref().unwrap().servers().pool(PgRole::SignIn, 1))
        .await
        .unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_sign_in_is_finished_once_in_time_by_the_browser_that_began_it_t15() {
    let world = World::start().await;
    let sessions = &world.sign_in.sessions;
    let (hers, another) = (Secret::draw().unwrap(), Secret::draw().unwrap());
    let begun = world.begin(&hers, NOON).await.unwrap();
    assert!(sessions.take(&another, &begun.state, NOON).await.unwrap().is_none());
    assert!(sessions.take(&hers, &another, NOON).await.unwrap().is_none(), "another state");
    let attempt = sessions.take(&hers, &begun.state, minutes(10)).await.unwrap().unwrap();
    assert_eq!(attempt.nonce.text(), begun.nonce.text());
    assert_eq!(attempt.then, "/rete");
    assert!(sessions.take(&hers, &begun.state, minutes(10)).await.unwrap().is_none(), "twice");
    let late = world.begin(&hers, NOON).await.unwrap();
    assert!(sessions.take(&hers, &late.state, minutes(11)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_return_without_an_attempt_is_refused_before_the_provider_is_asked_t15() {
    let world = World::start().await;
    let brought = |state: &Secret| Brought {
        code: Some("code".into()),
        state: Some(state.text()),
        ..Brought::default()
    };
    let (hers, state) = (Secret::draw().unwrap(), Secret::draw().unwrap());
    for headers in [HeaderMap::new(), browser(ATTEMPT_COOKIE, &hers)] {
        let refused = world.sign_in.finish(&headers, &brought(&state), NOON).await;
        assert!(matches!(refused, Err(Trouble::NotUnderWay)), "{refused:?}");
    }
    let begun = world.begin(&hers, NOON).await.unwrap();
    let mixed_up = Brought { iss: Some("https://evil.example".into()), ..brought(&begun.state) };
    let refused = world.sign_in.finish(&browser(ATTEMPT_COOKIE, &hers), &mixed_up, NOON).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_form_is_obeyed_from_our_page_with_the_token_of_this_session_only_t15() {
    let world = World::start().await;
    let ((_, hers), (_, others)) =
        (world.signs_in(None, NOON).await, world.signs_in(None, NOON).await);
    let session = world.sign_in.session(&hers, NOON).await.unwrap().unwrap();
    let other = world.sign_in.session(&others, NOON).await.unwrap().unwrap();
    let from = |origin: Option<&'static str>, site: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        let mut say = |name, said: Option<&'static str>| {
            said.map(|said| headers.insert(name, HeaderValue::from_static(said)))
        };
        say("origin", origin);
        say("sec-fetch-site", site);
        headers
    };
    let may = |headers: &HeaderMap, csrf: &str| {
        world.sign_in.must_be_form_of(&session, headers, csrf).is_ok()
    };
    let token = session.csrf_token();
    for (origin, site) in
        [(Some(ORIGIN), Some("same-origin")), (Some(ORIGIN), None), (None, Some("same-origin"))]
    {
        assert!(may(&from(origin, site), &token), "{origin:?} {site:?}");
    }
    for (origin, site) in [
        (None, None),
        (Some("null"), Some("same-origin")),
        (Some("null"), None),
        (Some("https://evil.example"), None),
        (Some("https://trama.example.evil.example"), Some("cross-site")),
        (Some("http://trama.example"), None),
        (Some(ORIGIN), Some("same-site")),
        (Some(ORIGIN), Some("cross-site")),
        (Some(ORIGIN), Some("none")),
    ] {
        assert!(!may(&from(origin, site), &token), "{origin:?} {site:?}");
    }
    let own = from(Some(ORIGIN), Some("same-origin"));
    for wrong in ["", "x", &other.csrf_token(), &token[1..], &format!("{token}A")] {
        assert!(!may(&own, wrong), "{wrong}");
    }
}

#[test]
fn after_signing_in_nobody_is_led_elsewhere() {
    assert_eq!(inside("/persone/7?al=2026-01-01"), "/persone/7?al=2026-01-01");
    for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"] {
        assert_eq!(inside(elsewhere), "/", "{elsewhere}");
    }
    assert_eq!(inside(&format!("/{}", "a".repeat(4_000))), "/");
}

#[test]
fn cookies_are_kept_from_scripts_from_other_sites_and_from_the_open_net_t15() {
    let secret = Secret::draw().unwrap();
    for cookie in [cookie::session(&secret), cookie::attempt(&secret), cookie::gone(SESSION_COOKIE)]
    {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(!cookie::session(&secret).contains("Max-Age"), "it ends with the browser");
}

#[tokio::test]
async fn addresses_that_are_neither_sealed_nor_near_are_refused_at_start() {
    let servers = Servers {
        postgres_host: "127.0.0.1".into(),
        postgres_port: 1,
        database: "trama".into(),
        passwords: std::collections::BTreeMap::new(),
        nats_url: "nats://127.0.0.1:1".into(),
        nkeys: std::collections::BTreeMap::new(),
        sealing: crate::sealing::Sealing::default(),
    };
    for (origin, issuer) in [
        ("http://trama.example", "https://id.example"),
        ("https://trama.example", "http://id.example"),
        ("https://trama.example", "https://user@id.example"),
    ] {
        let settings = Settings {
            origin: origin.into(),
            provider: Trusted::ours(issuer, "trama"),
            client_secret: None,
            step_up: Vec::new(),
        };
        let made = SignIn::try_new(&servers, settings, Outward::try_new().unwrap());
        assert!(made.is_err(), "{origin} {issuer}");
    }
}
