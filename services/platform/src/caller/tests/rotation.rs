//! Keys that an issuer publishes and rotates, against a real server on loopback. The clock is an
//! argument, so nothing waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Router, routing};
use time::{Duration, OffsetDateTime};

use super::*;
use crate::outward::{Outward, Url};

/// An issuer that publishes what it is told to.
#[derive(Clone, Default)]
struct Published {
    keys: Arc<Mutex<Option<Value>>>,
    asked: Arc<AtomicUsize>,
}

impl Published {
    async fn open(forges: &[&Forge]) -> (Self, Keys) {
        let published = Self::default();
        published.publish(forges);
        let served = published.clone();
        let router = Router::new().route(
            "/keys",
            routing::get(move || {
                let served = served.clone();
                async move { served.answer() }
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/keys", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let keys = Keys::fetched(Trusted::ours(ISSUER, "trama"), url, Outward::try_new().unwrap());
        (published, keys)
    }

    fn answer(&self) -> axum::response::Response {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.keys.lock().unwrap().clone() {
            Some(keys) => axum::Json(keys).into_response(),
            None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }

    fn publish(&self, forges: &[&Forge]) {
        let mut keys: Vec<Value> = forges.iter().map(|forge| forge.public.clone()).collect();
        // A set for others too: a key of another kind is passed over.
        keys.push(json!({"kty": "oct", "kid": "other", "k": "AAAA"}));
        *self.keys.lock().unwrap() = Some(json!({ "keys": keys }));
    }

    fn fall_silent(&self) {
        *self.keys.lock().unwrap() = None;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn token(forge: &Forge, kid: &str) -> String {
    let mut header = header();
    header.kid = Some(kid.into());
    forge.sign(&header, &with("exp", json!(real_now().unix_timestamp() + 20 * 3_600)))
}

fn after(seconds: i64) -> OffsetDateTime {
    real_now() + Duration::seconds(seconds)
}

#[tokio::test]
async fn a_new_key_is_fetched_when_the_first_token_names_it_t13() {
    let (old, new) = (Forge::new("old"), Forge::new("new"));
    let (issuer, keys) = Published::open(&[&old]).await;
    assert!(keys.present(&token(&old, "old"), after(0)).await.is_ok());
    assert!(keys.present(&token(&new, "new"), after(1)).await.is_err(), "not published yet");
    issuer.publish(&[&old, &new]);
    assert!(keys.present(&token(&new, "new"), after(20)).await.is_ok());
    assert!(keys.present(&token(&old, "old"), after(20)).await.is_ok());
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn a_key_that_was_taken_away_stops_working_within_a_minute_t13() {
    let (old, new) = (Forge::new("old"), Forge::new("new"));
    let (issuer, keys) = Published::open(&[&old, &new]).await;
    assert!(keys.present(&token(&old, "old"), after(0)).await.is_ok());
    issuer.publish(&[&new]);
    assert!(keys.present(&token(&old, "old"), after(59)).await.is_ok(), "still kept");
    assert!(keys.present(&token(&old, "old"), after(62)).await.is_err());
    assert!(keys.present(&token(&new, "new"), after(62)).await.is_ok());
}

#[tokio::test]
async fn invented_keys_cost_the_issuer_one_question_in_ten_seconds() {
    let forge = Forge::new("one");
    let (issuer, keys) = Published::open(&[&forge]).await;
    for number in 0..50 {
        let invented = token(&forge, &format!("invented-{number}"));
        assert!(keys.present(&invented, after(0)).await.is_err());
    }
    assert_eq!(issuer.asked(), 1);
    assert!(keys.present(&token(&forge, "invented"), after(12)).await.is_err());
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn while_the_issuer_is_silent_known_keys_hold_for_ten_minutes() {
    let forge = Forge::new("one");
    let (issuer, keys) = Published::open(&[&forge]).await;
    assert!(keys.present(&token(&forge, "one"), after(0)).await.is_ok());
    issuer.fall_silent();
    assert!(keys.present(&token(&forge, "one"), after(590)).await.is_ok());
    assert!(keys.present(&token(&forge, "one"), after(602)).await.is_err(), "nobody is let in");
    issuer.publish(&[&forge]);
    assert!(keys.present(&token(&forge, "one"), after(620)).await.is_ok());
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_keep_keys_for_longer() {
    let forge = Forge::new("one");
    let (issuer, keys) = Published::open(&[&forge]).await;
    assert!(keys.present(&token(&forge, "one"), after(3_600)).await.is_ok());
    assert!(keys.present(&token(&forge, "one"), after(0)).await.is_ok());
    assert_eq!(issuer.asked(), 2);
}

#[test]
fn keys_that_are_short_for_encryption_or_twice_there_are_refused() {
    let whole = |key: Value| {
        let set = serde_json::from_value(json!({"keys": [key]})).unwrap();
        let trusted = Trusted { signing: Signing::Rs256, ..Trusted::ours(ISSUER, "trama") };
        Keys::given(trusted, &set)
    };
    let modulus = |bytes: usize| URL_SAFE_NO_PAD.encode([vec![0xC1], vec![7; bytes - 1]].concat());
    let rsa = |bytes| json!({"kty": "RSA", "kid": "a", "n": modulus(bytes), "e": "AQAB"});
    assert!(whole(rsa(256)).is_ok());
    assert!(whole(rsa(128)).is_err());
    for (field, value) in [("use", json!("enc")), ("e", json!("AAAA")), ("alg", json!("PS256"))] {
        let mut key = rsa(256);
        key[field] = value;
        assert!(whole(key).is_err(), "{field}");
    }
    let forge = Forge::new("one");
    let twice = serde_json::from_value(json!({"keys": [forge.public, forge.public]})).unwrap();
    assert!(Keys::given(Trusted::ours(ISSUER, "trama"), &twice).is_err());
}
