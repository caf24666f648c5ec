use std::path::PathBuf;

use axum::http::HeaderValue;
use time::macros::datetime;
use trama_events::codes::Role;
use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};
use uuid::Uuid;

use super::sessions::Proven;
use super::*;
use crate::caller::{Account, Presented, Vouched};
use crate::clock::random_id;
use crate::private::PrivateServers;
use crate::servers::PgRole;
use crate::staff::{Membership, Staff, Wanted};
use crate::surnames::Surname;

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
        crate::cluster::lay_out(&dir).await;
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

    /// What the gate of a page does once the directory has let her in.
    async fn uses(&self, headers: &HeaderMap, now: OffsetDateTime) -> bool {
        let found = self.sign_in.session(headers, now).await.unwrap();
        let Some(mut session) = found else { return false };
        self.sign_in.sessions.keep(&mut session, now).await.unwrap();
        true
    }

    async fn begin(&self, secret: &Secret, now: OffsetDateTime) -> sqlx::Result<Begun> {
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

impl World {
    async fn rows(&self, table: &str) -> i64 {
        let pool = self.private.as_ref().unwrap().servers().pool(PgRole::SignIn, 1);
        let query = format!("select count(*) from sign_in.{table}");
        sqlx::query_scalar(&query).fetch_one(&pool).await.unwrap()
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
        always_second_factor: false,
        proxies: Vec::new(),
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
        surname: None,
    }
}

fn membership(staff: u128, role: Role) -> Membership {
    Membership {
        membership: MembershipId(Uuid::from_u128(staff)),
        staff: StaffId(Uuid::from_u128(staff)),
        organisation: OrganisationId(Uuid::nil()),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: Vec::new(),
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
    assert!(world.uses(&anna, minutes(14)).await);
    assert!(world.uses(&anna, minutes(28)).await, "being used keeps it");
    assert!(!world.is_in(&anna, minutes(28 + 15)).await);
    assert!(!world.is_in(&anna, minutes(28 + 16)).await, "asking for an ended one revives nothing");
}

#[tokio::test]
async fn a_session_that_the_gate_does_not_let_in_is_not_kept_by_being_tried_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    for minute in [5, 10, 14] {
        assert!(world.is_in(&anna, minutes(minute)).await);
    }
    assert!(!world.is_in(&anna, minutes(15)).await);
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_however_much_it_is_used_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    let mut now = NOON;
    while now < NOON + Duration::hours(8) {
        assert!(world.uses(&anna, now).await, "{now}");
        now += Duration::minutes(10);
    }
    assert!(!world.is_in(&anna, NOON + Duration::hours(8)).await);
}

#[tokio::test]
async fn a_session_tells_how_long_it_holds_yet_t15() {
    let world = World::start().await;
    let (_, anna) = world.signs_in(None, NOON).await;
    let left = async |minute| {
        let found = world.sign_in.session(&anna, minutes(minute)).await.unwrap();
        found.map(|session| session.left(minutes(minute)))
    };
    assert_eq!(left(5).await, Some(Duration::minutes(10)));
    let mut session = world.sign_in.session(&anna, minutes(5)).await.unwrap().unwrap();
    world.sign_in.sessions.keep(&mut session, minutes(5)).await.unwrap();
    assert_eq!(session.left(minutes(5)), Duration::minutes(15));
    assert_eq!(left(6).await, Some(Duration::minutes(14)));
    for minute in (10..=470).step_by(10) {
        assert!(world.uses(&anna, minutes(minute)).await, "{minute}");
    }
    assert_eq!(left(470).await, Some(Duration::minutes(10)), "eight hours are its end");
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
async fn a_session_keeps_a_surname_blind_and_no_name_d5() {
    let world = World::start().await;
    let surname = Surname::of([[1; 16], [2; 16]]);
    let proven = Proven { surname: surname.clone(), ..anna() };
    let (secret, csrf) = (Secret::draw().unwrap(), Secret::draw().unwrap());
    world.sign_in.sessions.create(&secret, &csrf, &proven, None, NOON).await.unwrap();
    let named = world.sign_in.session(&browser(SESSION_COOKIE, &secret), NOON).await.unwrap();
    assert_eq!(named.unwrap().presented.surname, surname);
    let (_, other) = world.signs_in(None, NOON).await;
    let unnamed = world.sign_in.session(&other, NOON).await.unwrap();
    assert_eq!(unnamed.unwrap().presented.surname, None);
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
async fn whoever_may_not_act_any_more_has_no_session_any_more_c7() {
    let world = World::start().await;
    let staff = Staff::fixed(vec![membership(7, Role::CaseManager), membership(8, Role::InfoDesk)]);
    let sessions = world.sign_in.sessions();
    let (_, anna) = world.signs_in(None, NOON).await;
    assert_eq!(sessions.shut_out_now(&staff).await.unwrap(), 0);
    staff.end(StaffId(Uuid::from_u128(8)));
    assert_eq!(sessions.shut_out_now(&staff).await.unwrap(), 0, "a colleague's end is not hers");
    let watch = tokio::spawn(sessions.clone().shut_out_leavers(staff.clone()));
    staff.end(StaffId(Uuid::from_u128(7)));
    let gone = async {
        while world.rows("sessions").await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(3), gone).await.expect("rows are left");
    watch.abort();
    assert!(!world.is_in(&anna, NOON).await);
}

#[tokio::test]
async fn an_administrator_ends_the_sessions_of_one_and_of_nobody_else() {
    let world = World::start().await;
    let staff = Staff::fixed(vec![membership(7, Role::CaseManager)]);
    let (_, anna) = world.signs_in(None, NOON).await;
    let sessions = world.sign_in.sessions();
    let other = StaffId(Uuid::from_u128(8));
    assert_eq!(sessions.revoke_staff(&staff, other).await.unwrap(), 0);
    assert!(world.is_in(&anna, NOON).await);
    assert_eq!(sessions.revoke_staff(&staff, StaffId(Uuid::from_u128(7))).await.unwrap(), 1);
    assert!(!world.is_in(&anna, NOON).await);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_and_no_others() {
    let world = World::start().await;
    let sessions = world.sign_in.sessions();
    let ((_, here), (_, there)) =
        (world.signs_in(None, NOON).await, world.signs_in(None, minutes(1)).await);
    let session = world.sign_in.session(&here, minutes(2)).await.unwrap().unwrap();
    let listed = sessions.of(&anna().account, minutes(2)).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[1].id, listed[0].signed_in_at), (&session.id, minutes(1)));
    assert_eq!(sessions.of(&anna().account, minutes(15)).await.unwrap().len(), 1, "idled out");
    let mut foreign = session.clone();
    foreign.presented.account = Account::of("urn:other", "x");
    let name = listed[0].id.to_string();
    assert_eq!(sessions.revoke_own(&foreign, Some(&name)).await.unwrap(), 0, "not hers");
    assert_eq!(sessions.revoke_own(&foreign, None).await.unwrap(), 0);
    assert_eq!(sessions.revoke_own(&session, Some("nonsense")).await.unwrap(), 0);
    assert_eq!(sessions.revoke_own(&session, Some(&name)).await.unwrap(), 1);
    assert!(!world.is_in(&there, minutes(2)).await && world.is_in(&here, minutes(2)).await);
    let (_, third) = world.signs_in(None, minutes(2)).await;
    assert_eq!(sessions.revoke_own(&session, None).await.unwrap(), 1);
    assert!(!world.is_in(&third, minutes(2)).await && world.is_in(&here, minutes(2)).await);
}

#[tokio::test]
async fn who_begins_without_end_keeps_nobody_else_from_signing_in_t20() {
    let world = World::start().await;
    let pool = world.private.as_ref().unwrap().servers().pool(PgRole::SignIn, 1);
    sqlx::query(
        "insert into sign_in.attempts select sha256(n::text::bytea), sha256('s'), sha256('n'), \
             sha256('v'), '/', false, $1 from generate_series(1, 10000) n",
    )
    .bind(NOON)
    .execute(&pool)
    .await
    .unwrap();
    let hers = Secret::draw().unwrap();
    let begun = world.begin(&hers, NOON + Duration::seconds(1)).await.unwrap();
    assert_eq!(world.rows("attempts").await, 10_000, "the table has a bound");
    assert!(world.sign_in.sessions.take(&hers, &begun.state, minutes(1)).await.unwrap().is_some());

    let from = |address: &str| Address::of(&HeaderMap::new(), address.parse().unwrap(), &[]);
    let (flooding, office) = (from("198.51.100.7"), from("203.0.113.9"));
    assert!((0..120).all(|_| world.sign_in.may_begin(flooding, NOON).is_ok()));
    let many = world.sign_in.may_begin(flooding, NOON).unwrap_err();
    assert_eq!(many.after, Duration::seconds(1));
    assert_eq!(world.sign_in.may_begin(office, NOON), Ok(()));
    assert!((0..240).all(|_| world.sign_in.may_come_back(flooding, NOON).is_ok()));
    assert!(world.sign_in.may_come_back(flooding, NOON).is_err());
}

#[tokio::test]
async fn another_site_begins_no_sign_in_in_her_browser() {
    let world = World::start().await;
    let own = |site: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        site.map(|site| headers.insert("sec-fetch-site", HeaderValue::from_static(site)));
        world.sign_in.is_own_act(&headers)
    };
    assert!(own(None) && own(Some("none")) && own(Some("same-origin")));
    assert!(!own(Some("cross-site")) && !own(Some("same-site")) && !own(Some("")));
}

#[test]
fn the_membership_that_she_chose_counts_whatever_her_issuer_asked_for() {
    let presented = Presented {
        account: anna().account,
        staff: anna().staff,
        vouched: anna().vouched,
        membership: None,
        second_factor: false,
        session: "00".into(),
        authenticated_at: None,
        until: NOON,
        surname: None,
    };
    assert_eq!(presented.wanted().role, Some(Role::CaseManager));
    let chosen = Some(MembershipId(Uuid::from_u128(3)));
    let wanted = Presented { membership: chosen, ..presented }.wanted();
    assert_eq!(wanted, Wanted { membership: chosen, role: None, ats: None });
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
        seals: crate::servers::Seals::default(),
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
            always_second_factor: false,
            proxies: Vec::new(),
        };
        let made = SignIn::try_new(&servers, settings, Outward::try_new().unwrap());
        assert!(made.is_err(), "{origin} {issuer}");
    }
}
