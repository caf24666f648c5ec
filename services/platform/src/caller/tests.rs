use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::clock::real_now;

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

#[test]
fn a_token_of_ours_lets_in() {
    let forge = Forge::new("one");
    let read = forge.keys().read(&forge.sign(&header(), &claims())).unwrap();
    assert_eq!(read.role, Role::CaseManager);
}

#[test]
fn claims_that_are_wrong_or_missing_let_nobody_in() {
    let forge = Forge::new("one");
    let now = real_now().unix_timestamp();
    let wrong = [
        with("exp", json!(now - 60)),
        with("exp", json!((now + 600).to_string())),
        with("exp", json!(-1)),
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
        without("org"),
    ];
    for claims in wrong {
        let token = forge.sign(&header(), &claims);
        assert_eq!(forge.keys().read(&token), Err(NotLetIn), "{claims}");
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
        assert_eq!(forge.keys().read(&token), Err(NotLetIn), "{token}");
    }
}

#[test]
fn other_keys_and_algorithms_let_nobody_in() {
    let (ours, theirs) = (Forge::new("one"), Forge::new("one"));
    let keys = ours.keys();
    assert_eq!(keys.read(&theirs.sign(&header(), &claims())), Err(NotLetIn));
    let mut symmetric = header();
    symmetric.alg = Algorithm::HS256;
    let public = ours.public.to_string();
    let confused = encode(&symmetric, &claims(), &EncodingKey::from_secret(public.as_bytes()));
    assert_eq!(keys.read(&confused.unwrap()), Err(NotLetIn));
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = json!({"alg": "none", "typ": "at+jwt", "kid": "one"});
    assert_eq!(keys.read(&format!("{}.{}.", part(&none), part(&claims()))), Err(NotLetIn));
    let good = ours.sign(&header(), &claims());
    let mut parts = good.split('.');
    let (head, _, signature) = (parts.next().unwrap(), parts.next(), parts.next().unwrap());
    let altered = with("role", json!("administrator"));
    assert_eq!(keys.read(&format!("{head}.{}.{signature}", part(&altered))), Err(NotLetIn));
    for damaged in ["", "a.b.c", "..", &good[..good.len() - 2], &"a".repeat(9_000)] {
        assert_eq!(keys.read(damaged), Err(NotLetIn));
    }
}

#[test]
fn a_key_of_another_kind_is_refused_when_keys_are_read() {
    let mut public = Forge::new("one").public;
    public["alg"] = json!("RS256");
    let set = serde_json::from_value(json!({"keys": [public]})).unwrap();
    assert!(Keys::try_new(ISSUER, "trama", &set).is_err());
}
