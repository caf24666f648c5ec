mod rotation;
mod wycheproof;

use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::*;
use crate::clock::real_now;
use crate::surnames::{Blinding, Comparing, Pair, Surname, Surnames};

const ISSUER: &str = "urn:trama:test";

struct Forge {
    pkcs8: Vec<u8>,
    public: Value,
}

impl Forge {
    fn new(kid: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = key.public_key().as_ref();
        let (x, y) =
            (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let public =
            json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": kid, "x": x, "y": y});
        Self { pkcs8: key.to_pkcs8v1().unwrap().as_ref().to_vec(), public }
    }

    fn keys(&self) -> Keys {
        let set = serde_json::from_value(json!({"keys": [self.public]})).unwrap();
        Keys::try_new(ISSUER, "trama", &set).unwrap()
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_ec_der(&self.pkcs8)).unwrap()
    }
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("at+jwt".into());
    header.kid = Some("one".into());
    header
}

fn claims() -> Value {
    let now = real_now().unix_timestamp();
    json!({
        "iss": ISSUER, "aud": "trama", "sub": "6e0f51c7-3f0b-4a5e-9d54-7472616d6131",
        "exp": now + 600, "nbf": now - 5, "iat": now - 5, "jti": "a",
        "org": "6e0f51c7-3f0b-4a5e-9d54-7472616d6132", "ats": "bari", "role": "case_manager",
        "services": [],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[field] = value;
    claims
}

fn without(field: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(field);
    claims
}

fn present(keys: &Keys, token: &str) -> Result<Presented, NotLetIn> {
    futures::executor::block_on(keys.present(token, real_now()))
}

fn lets_in(keys: &Keys, token: &str) -> bool {
    present(keys, token).is_ok()
}

#[test]
fn a_token_of_ours_lets_in() {
    let forge = Forge::new("one");
    let token = forge.sign(&header(), &claims());
    let presented = present(&forge.keys(), &token).unwrap();
    assert_eq!(presented.staff.unwrap().to_string(), "6e0f51c7-3f0b-4a5e-9d54-7472616d6131");
    assert_eq!(presented.vouched.unwrap().role, Role::CaseManager);
    assert!(!presented.second_factor);
}

/// Makes blind by counting: enough to see which words reached it.
#[derive(Debug)]
struct Counts;

impl Surnames for Counts {
    fn blind(&self, surname: SecretString) -> Blinding<'_> {
        let length = u8::try_from(surname.expose_secret().len()).unwrap();
        Box::pin(async move { Surname::of([[length; 16]]) })
    }

    fn same<'a>(&'a self, pairs: &'a [Pair]) -> Comparing<'a> {
        Box::pin(async { vec![None; pairs.len()] })
    }
}

#[tokio::test]
async fn a_surname_that_a_token_tells_is_made_blind_at_once_and_is_nothing_where_nobody_does_d5() {
    let forge = Forge::new("one");
    let keys = forge.keys().blinding(Arc::new(Counts));
    for (named, length) in [
        (json!({"family_name": "Lorusso"}), Some(7)),
        (json!({"name": "Anna Maria Bruni"}), Some(5)),
        (json!({"family_name": 7, "name": ["Bruni"]}), None),
        (json!({}), None),
    ] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
        let token = forge.sign(&header(), &claims);
        let presented = keys.present(&token, real_now()).await.unwrap();
        assert_eq!(presented.surname, length.and_then(|length| Surname::of([[length; 16]])));
        assert!(!format!("{presented:?}").contains("Lorusso"));
        assert_eq!(forge.keys().present(&token, real_now()).await.unwrap().surname, None);
    }
}

#[test]
fn a_token_holds_from_its_beginning_to_its_end_with_half_a_minute_for_clocks() {
    let forge = Forge::new("one");
    let (keys, token) = (forge.keys(), forge.sign(&header(), &claims()));
    let now = real_now();
    let let_in = |seconds: i64| {
        let then = now + time::Duration::seconds(seconds);
        futures::executor::block_on(keys.present(&token, then)).is_ok()
    };
    assert!(let_in(-30) && let_in(0) && let_in(629));
    assert!(!let_in(-40) && !let_in(631));
}

#[test]
fn only_the_named_values_of_acr_and_amr_are_a_second_factor() {
    let forge = Forge::new("one");
    let second = |claims: &Value| {
        let token = forge.sign(&header(), claims);
        let presented = present(&forge.keys(), &token);
        presented.unwrap().second_factor
    };
    assert!(second(&with("acr", json!(SECOND_FACTOR))));
    assert!(second(&with("amr", json!(["pwd", SECOND_FACTOR]))));
    for other in [json!("1"), json!(""), json!(true), json!([SECOND_FACTOR])] {
        assert!(!second(&with("acr", other.clone())), "{other}");
    }
    assert!(!second(&with("amr", json!(SECOND_FACTOR))), "methods are a list");
}

#[test]
fn a_foreign_issuer_says_who_and_never_what_she_may() {
    let forge = Forge::new("one");
    let set = serde_json::from_value(json!({"keys": [forge.public]})).unwrap();
    let trusted = Trusted { ours: false, ..Trusted::ours(ISSUER, "trama") };
    let keys = Keys::given(trusted, &set).unwrap();
    let token = forge.sign(&header(), &with("sub", json!("anna|7")));
    let presented = present(&keys, &token).unwrap();
    assert_eq!((presented.staff, presented.vouched), (None, None));
    assert_eq!(presented.account, Account::of(ISSUER, "anna|7"));
    assert_ne!(presented.account, Account::of("urn:trama:tes", "tanna|7"));
}

#[test]
fn a_token_that_delegates_less_than_all_lets_nobody_in_d5() {
    let forge = Forge::new("one");
    let set = serde_json::from_value(json!({"keys": [forge.public]})).unwrap();
    let scoped = Trusted { scope: Some("trama".into()), ..Trusted::ours(ISSUER, "trama") };
    let (bare, scoped) = (forge.keys(), Keys::given(scoped, &set).unwrap());
    let both = |claims: &Value| {
        let token = forge.sign(&header(), claims);
        (lets_in(&bare, &token), lets_in(&scoped, &token))
    };
    assert_eq!(both(&claims()), (true, false));
    for (scope, expected) in [
        (json!("openid profile"), (true, false)),
        (json!("trama openid"), (false, true)),
        (json!("trama:read"), (false, false)),
        (json!("TRAMA"), (false, false)),
        (json!(["trama"]), (false, false)),
    ] {
        assert_eq!(both(&with("scope", scope.clone())), expected, "{scope}");
    }
    let mut detailed = with("scope", json!("trama"));
    detailed["authorization_details"] = json!([{"type": "record", "actions": ["read"]}]);
    assert_eq!(both(&detailed), (false, false));
}

#[test]
fn each_issuer_has_its_own_keys() {
    let (ours, theirs) = (Forge::new("one"), Forge::new("one"));
    let set = serde_json::from_value(json!({"keys": [theirs.public]})).unwrap();
    let trusted = Trusted { ours: false, ..Trusted::ours("https://id.example", "trama") };
    let keys = ours.keys().and(Keys::given(trusted, &set).unwrap());
    let present = |token: String| present(&keys, &token);
    let foreign = with("iss", json!("https://id.example"));
    assert!(present(theirs.sign(&header(), &foreign)).is_ok());
    assert!(present(ours.sign(&header(), &claims())).is_ok());
    assert!(present(ours.sign(&header(), &foreign)).is_err());
    assert!(present(theirs.sign(&header(), &claims())).is_err());
}

#[test]
fn claims_that_are_wrong_or_missing_let_nobody_in() {
    let forge = Forge::new("one");
    let now = real_now().unix_timestamp();
    let wrong = [
        with("exp", json!(now - 60)),
        with("exp", json!((now + 600).to_string())),
        with("exp", json!(-1)),
        with("exp", json!(600.5 + f64::from(u32::try_from(now).unwrap()))),
        with("exp", json!(now + 30 * 3_600)),
        with("exp", json!(u64::MAX)),
        with("iat", json!(now + 600)),
        with("nbf", json!(true)),
        with("aud", json!([])),
        with("aud", json!(["trama2", "tram"])),
        with("iss", json!([ISSUER])),
        with("sub", json!(7)),
        with("sub", json!("")),
        with("nbf", json!(now + 600)),
        with("nbf", json!((now - 5).to_string())),
        with("iss", json!("urn:trama:test/")),
        with("iss", json!("urn:other")),
        with("aud", json!("trama2")),
        with("aud", json!("tram")),
        with("sub", json!("nobody")),
        with("role", json!("king")),
        with("ats", json!("Bari!")),
        with("services", json!(vec!["6e0f51c7-3f0b-4a5e-9d54-7472616d6131"; 65])),
        without("exp"),
        without("nbf"),
        without("iss"),
        without("aud"),
        without("sub"),
    ];
    for claims in wrong {
        let token = forge.sign(&header(), &claims);
        assert!(!lets_in(&forge.keys(), &token), "{claims}");
    }
}

#[test]
fn headers_that_are_wrong_let_nobody_in() {
    let forge = Forge::new("one");
    let changed = |change: fn(&mut Header)| {
        let mut header = header();
        change(&mut header);
        forge.sign(&header, &claims())
    };
    let wrong = [
        changed(|header| header.typ = Some("JWT".into())),
        changed(|header| header.typ = None),
        changed(|header| header.kid = Some("two".into())),
        changed(|header| header.kid = None),
        changed(|header| header.jku = Some("https://evil.example/keys".into())),
        changed(|header| header.x5u = Some("https://evil.example/cert".into())),
    ];
    for token in wrong {
        assert!(!lets_in(&forge.keys(), &token), "{token}");
    }
}

#[test]
fn other_keys_and_algorithms_let_nobody_in() {
    let (ours, theirs) = (Forge::new("one"), Forge::new("one"));
    let keys = ours.keys();
    assert!(!lets_in(&keys, &theirs.sign(&header(), &claims())));
    let mut symmetric = header();
    symmetric.alg = Algorithm::HS256;
    let public = ours.public.to_string();
    let confused = encode(&symmetric, &claims(), &EncodingKey::from_secret(public.as_bytes()));
    assert!(!lets_in(&keys, &confused.unwrap()));
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = json!({"alg": "none", "typ": "at+jwt", "kid": "one"});
    assert!(!lets_in(&keys, &format!("{}.{}.", part(&none), part(&claims()))));
    let good = ours.sign(&header(), &claims());
    let mut parts = good.split('.');
    let (head, _, signature) = (parts.next().unwrap(), parts.next(), parts.next().unwrap());
    let altered = with("role", json!("administrator"));
    assert!(!lets_in(&keys, &format!("{head}.{}.{signature}", part(&altered))));
    for damaged in ["", "a.b.c", "..", &good[..good.len() - 2], &"a".repeat(9_000)] {
        assert!(!lets_in(&keys, damaged));
    }
}

#[test]
fn a_key_of_another_kind_is_refused_when_keys_are_read() {
    let mut public = Forge::new("one").public;
    public["alg"] = json!("RS256");
    let set = serde_json::from_value(json!({"keys": [public]})).unwrap();
    assert!(Keys::try_new(ISSUER, "trama", &set).is_err());
}
