//! Signing in: against a certified provider, on the demo's pages, and with forged tokens.

#![cfg(test)]

#[path = "support/cluster.rs"]
mod cluster;
#[path = "sign_in/demo.rs"]
mod demo;
#[path = "sign_in/flood.rs"]
mod flood;
#[path = "sign_in/forgeries.rs"]
mod forgeries;
#[path = "oidc/mod.rs"]
mod oidc;
#[path = "sign_in/serve.rs"]
mod serve;

use std::path::PathBuf;

use axum::http::{HeaderMap, HeaderValue};
use oidc::{AUDIENCE, Browser, CLIENT, CLIENT_SECRET, Provider, SECOND};
use time::{Duration, OffsetDateTime};
use trama_platform::caller::{Account, Keys, Signing, Trusted};
use trama_platform::clock::{random_id, real_now};
use trama_platform::outward::{Outward, Url};
use trama_platform::private::PrivateServers;
use trama_platform::sign_in::{Arrival, Brought, Departure, Settings, SignIn, Trouble, Wish};

/// Where pages would be: nobody goes there, the provider only names it.
const ORIGIN: &str = "http://127.0.0.1:9";

/// A certified provider and sessions of ours.
struct World {
    provider: Provider,
    sign_in: SignIn,
    private: Option<PrivateServers>,
    dir: PathBuf,
}

impl World {
    async fn start() -> Option<Self> {
        let provider = Provider::start(ORIGIN)?;
        let dir = std::env::temp_dir().join(format!("trama-oidc-{}", random_id().simple()));
        cluster::lay_out(&dir).await;
        let private = PrivateServers::start(&dir).await.unwrap();
        let sign_in = open(&private, settings(&provider)).unwrap();
        Some(Self { provider, sign_in, private: Some(private), dir })
    }

    /// The same sessions with other settings.
    fn with(&self, change: impl FnOnce(&mut Settings)) -> SignIn {
        let mut settings = settings(&self.provider);
        change(&mut settings);
        open(self.private.as_ref().unwrap(), settings).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn open(private: &PrivateServers, settings: Settings) -> anyhow::Result<SignIn> {
    Ok(SignIn::try_new(&private.servers(), settings, Outward::try_new()?)?)
}

fn settings(provider: &Provider) -> Settings {
    Settings {
        origin: ORIGIN.into(),
        provider: trusted(provider, CLIENT),
        client_secret: Some(CLIENT_SECRET.to_owned().into()),
        step_up: vec![SECOND.into()],
        always_second_factor: false,
        proxies: Vec::new(),
    }
}

fn trusted(provider: &Provider, audience: &str) -> Trusted {
    Trusted {
        issuer: provider.issuer.clone(),
        audience: audience.into(),
        signing: Signing::Rs256,
        scope: None,
        second_factor: vec![SECOND.into()],
        ours: false,
    }
}

fn wish(second_factor: bool) -> Wish {
    Wish { then: "/rete?ats=bari".into(), second_factor }
}

/// What the browser sends that got these cookies.
fn with_cookies(departures: &[&Departure]) -> HeaderMap {
    let cookies = departures.iter().flat_map(|departure| &departure.cookies);
    let pairs: Vec<&str> = cookies
        .map(|cookie| cookie.split(';').next().unwrap())
        .filter(|pair| !pair.ends_with('='))
        .collect();
    let mut headers = HeaderMap::new();
    headers.insert("cookie", HeaderValue::try_from(pairs.join("; ")).unwrap());
    headers
}

/// Goes to the provider and comes back with what it gives.
async fn brought_from(address: &str) -> Brought {
    let mut browser = Browser::open();
    let page = browser.get(address).await;
    let back = browser.follow(page, |url| url.as_str().starts_with(ORIGIN)).await;
    let back = back.expect_err("the provider leads back");
    assert_eq!(back.path(), "/entra/ritorno");
    let said = |name: &str| {
        back.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
    };
    Brought { code: said("code"), state: said("state"), iss: said("iss"), error: said("error") }
}

/// The address with another value of one parameter.
fn altered(address: &str, name: &str, value: &str) -> String {
    let mut url = Url::parse(address).unwrap();
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(given, old)| {
            let value = if given == name { value.into() } else { old };
            (given.into_owned(), value.into_owned())
        })
        .collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.into()
}

async fn attempt(sign_in: &SignIn, wish: &Wish, now: OffsetDateTime) -> Result<Arrival, Trouble> {
    let out = sign_in.begin(wish, now).await?;
    let brought = brought_from(&out.to).await;
    sign_in.finish(&with_cookies(&[&out]), &brought, now).await
}

#[tokio::test]
async fn whoever_signs_in_at_a_certified_provider_gets_a_session_of_ours_t15() {
    let Some(world) = World::start().await else { return };
    let now = real_now();
    let out = world.sign_in.begin(&wish(false), now).await.unwrap();
    let sent_with =
        ["code_challenge_method=S256", "response_type=code", "nonce=", "state=", "max_age=28800"];
    for part in sent_with {
        assert!(out.to.contains(part), "{part}: {}", out.to);
    }
    let brought = brought_from(&out.to).await;
    assert_eq!(brought.iss.as_deref(), Some(world.provider.issuer.as_str()));
    let back = world.sign_in.finish(&with_cookies(&[&out]), &brought, now).await.unwrap();
    assert_eq!((back.departure.to.as_str(), back.stepped_up), ("/rete?ats=bari", false));
    let browser = with_cookies(&[&back.departure]);
    let session = world.sign_in.session(&browser, now).await.unwrap().unwrap();
    assert_eq!(session.presented.account, Account::of(&world.provider.issuer, "anna"));
    assert_eq!((session.presented.staff, session.presented.second_factor), (None, false));

    let again = world.sign_in.finish(&with_cookies(&[&out]), &brought, now).await;
    assert!(matches!(again, Err(Trouble::NotUnderWay)), "used: {again:?}");

    let left = world.sign_in.leave(&session).await.unwrap();
    assert!(left.cookies[0].starts_with("__Host-trama=;") && left.to.starts_with("/entra"));
    assert!(world.sign_in.session(&browser, now).await.unwrap().is_none());
    let way_out = world.sign_in.way_out(now).await.unwrap();
    let page = Browser::open().get(&way_out).await;
    assert_eq!(page.status, 200, "{way_out}: {}", page.text);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_must_be_shown_t15() {
    let Some(world) = World::start().await else { return };
    let now = real_now();
    let out = world.sign_in.begin(&wish(true), now).await.unwrap();
    for part in ["prompt=login", "max_age=0", "acr_values="] {
        assert!(out.to.contains(part), "{part}: {}", out.to);
    }
    let back = attempt(&world.sign_in, &wish(true), now).await.unwrap();
    assert!(back.stepped_up);
    let browser = with_cookies(&[&back.departure]);
    let session = world.sign_in.session(&browser, now).await.unwrap().unwrap();
    assert!(session.presented.second_factor);
    assert!(session.presented.authenticated_at.unwrap() >= now - Duration::seconds(1));

    let other = world.with(|settings| settings.provider.second_factor = vec!["another".into()]);
    let refused = attempt(&other, &wish(true), now).await;
    assert!(matches!(refused, Err(Trouble::NoSecondFactor)), "{refused:?}");
    let brought = brought_from(&altered(&out.to, "acr_values", "urn:nothing")).await;
    let refused = world.sign_in.finish(&with_cookies(&[&out]), &brought, now).await;
    assert!(matches!(refused, Err(Trouble::NoSecondFactor)), "{refused:?}");
    let out = world.sign_in.begin(&wish(true), now).await.unwrap();
    let brought = brought_from(&out.to).await;
    let later = now + Duration::hours(1);
    let late = world.sign_in.finish(&with_cookies(&[&out]), &brought, later).await;
    assert!(matches!(late, Err(Trouble::NotUnderWay)), "{late:?}");
}

#[tokio::test]
async fn where_a_second_factor_is_always_demanded_nobody_comes_in_without() {
    let Some(world) = World::start().await else { return };
    let now = real_now();
    let strict = world.with(|settings| settings.always_second_factor = true);
    let out = strict.begin(&wish(false), now).await.unwrap();
    assert!(out.to.contains("acr_values=") && !out.to.contains("prompt="), "{}", out.to);
    let arrival = attempt(&strict, &wish(false), now).await.unwrap();
    assert!(arrival.session.presented.second_factor && !arrival.stepped_up);
    let brought = brought_from(&altered(&out.to, "acr_values", "urn:nothing")).await;
    let refused = strict.finish(&with_cookies(&[&out]), &brought, now).await;
    assert!(matches!(refused, Err(Trouble::NoSecondFactor)), "{refused:?}");
}

#[tokio::test]
async fn whoever_authenticated_before_the_day_of_a_session_is_asked_again() {
    let Some(world) = World::start().await else { return };
    // The provider's clock is the machine's: nine hours later by ours, what it says is too old.
    let later = real_now() + Duration::hours(9);
    let refused = attempt(&world.sign_in, &wish(false), later).await;
    assert!(
        matches!(&refused, Err(Trouble::Refused(why)) if why.contains("too long")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_sign_in_that_was_tampered_with_lets_nobody_in_t15() {
    let Some(world) = World::start().await else { return };
    let (sign_in, now) = (&world.sign_in, real_now());
    let begin = async || sign_in.begin(&wish(false), now).await.unwrap();
    let finish = async |out: &Departure, brought: &Brought| {
        sign_in.finish(&with_cookies(&[out]), brought, now).await
    };
    for (parameter, value) in [
        ("nonce", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("code_challenge", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let out = begin().await;
        let brought = brought_from(&altered(&out.to, parameter, value)).await;
        let refused = finish(&out, &brought).await;
        assert!(matches!(refused, Err(Trouble::Refused(_))), "{parameter}: {refused:?}");
    }
    let out = begin().await;
    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let brought = brought_from(&altered(&out.to, "state", other)).await;
    assert!(matches!(finish(&out, &brought).await, Err(Trouble::NotUnderWay)), "another state");

    let (hers, his) = (begin().await, begin().await);
    let brought = brought_from(&hers.to).await;
    let swapped = finish(&his, &brought).await;
    assert!(matches!(swapped, Err(Trouble::NotUnderWay)), "another browser: {swapped:?}");
    let (code, state) = (brought.code.clone(), brought_from(&his.to).await.state);
    let injected = Brought { code, state, ..brought.clone() };
    let refused = finish(&his, &injected).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "an injected code: {refused:?}");

    let out = begin().await;
    let brought = brought_from(&out.to).await;
    assert!(finish(&out, &brought).await.is_ok());
    let second = begin().await;
    let state = brought_from(&second.to).await.state;
    let replayed = Brought { state, ..brought };
    let refused = finish(&second, &replayed).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "a replayed code: {refused:?}");
}

#[tokio::test]
async fn only_the_provider_that_was_named_with_its_algorithm_and_our_secret_is_believed_t13() {
    let Some(world) = World::start().await else { return };
    let now = real_now();
    let other_algorithm = world.with(|settings| settings.provider.signing = Signing::Es256);
    let refused = attempt(&other_algorithm, &wish(false), now).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
    let wrong_secret =
        world.with(|settings| settings.client_secret = Some("guessed".to_owned().into()));
    let refused = attempt(&wrong_secret, &wish(false), now).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
    let slash = world.with(|settings| settings.provider.issuer.push('/'));
    let refused = slash.begin(&wish(false), now).await;
    assert!(matches!(refused, Err(Trouble::Provider(_))), "{refused:?}");
    let silent = world.with(|settings| settings.provider.issuer = "http://127.0.0.1:9".into());
    let refused = silent.begin(&wish(false), now).await;
    assert!(matches!(refused, Err(Trouble::Provider(_))), "{refused:?}");
    let out = world.sign_in.begin(&wish(false), now).await.unwrap();
    let denied =
        Brought { code: None, error: Some("access_denied".into()), ..brought_from(&out.to).await };
    let refused = world.sign_in.finish(&with_cookies(&[&out]), &denied, now).await;
    assert!(matches!(refused, Err(Trouble::Refused(why)) if why == "access_denied"));
}

#[tokio::test]
async fn a_certified_providers_tokens_are_believed_and_its_new_keys_found_t13() {
    let Some(world) = World::start().await else { return };
    let (provider, now) = (&world.provider, real_now());
    let from = Url::parse(&format!("{}/jwks", provider.issuer)).unwrap();
    let keys = |audience: &str| {
        let outward = Outward::try_new().unwrap();
        Keys::fetched(trusted(provider, audience), from.clone(), outward)
    };
    let believed = keys(AUDIENCE);
    let old = provider.access_token().await;
    let presented = believed.present(&old, now).await.unwrap();
    assert_eq!(presented.account, Account::of(&provider.issuer, oidc::MACHINE.0));
    assert_eq!(presented.staff, None);
    assert!(keys("urn:other").present(&old, now).await.is_err());
    attempt(&world.sign_in, &wish(false), now).await.unwrap();

    provider.rotate().await;
    let later = now + Duration::seconds(11);
    let new = provider.access_token().await;
    assert!(believed.present(&new, later).await.is_ok(), "the new key is fetched");
    assert!(believed.present(&old, later).await.is_err(), "the old one is gone with it");
    attempt(&world.sign_in, &wish(false), later).await.unwrap();
}
