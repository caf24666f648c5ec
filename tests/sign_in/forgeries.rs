//! Forged tokens at a real door: each is refused with the same answer (trust §8).

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign};
use serde_json::{Value, json};
use trama_platform::clock::real_now;

use super::demo::{Demo, run};

/// A door that the demo's auditor may pass.
const DOOR: &str = "/events?limit=1";

/// A token of the demo taken apart, and the key that signed it.
struct Forge {
    header: Value,
    claims: Value,
    good: String,
    ours: EncodingKey,
    theirs: EncodingKey,
    their_key: Value,
    public: Vec<u8>,
    signed: std::cell::RefCell<Vec<(&'static str, String)>>,
}

fn part(text: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Any header and claims, as text, signed with a key.
fn raw(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

impl Forge {
    fn of(good: &str, pkcs8: &[u8]) -> Self {
        let mut parts = good.split('.');
        let (header, claims) = (part(parts.next().unwrap()), part(parts.next().unwrap()));
        let own = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).unwrap();
        let foreign = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = foreign.public_key().as_ref();
        let their_key = json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": header["kid"],
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65])});
        Self {
            header,
            claims,
            good: good.to_owned(),
            ours: EncodingKey::from_ec_der(pkcs8),
            theirs: EncodingKey::from_ec_der(foreign.to_pkcs8v1().unwrap().as_ref()),
            their_key,
            public: own.public_key().as_ref().to_vec(),
            signed: Vec::new().into(),
        }
    }

    fn keep(&self, name: &'static str, token: String) {
        self.signed.borrow_mut().push((name, token));
    }

    fn ours(&self, name: &'static str, header: &Value, claims: &Value) {
        let (header, claims) = (header.to_string(), claims.to_string());
        self.keep(name, raw(&header, &claims, &self.ours, Algorithm::ES256));
    }

    /// Our key, and a header with another value.
    fn header(&self, name: &'static str, field: &str, value: Value) {
        let mut header = self.header.clone();
        header[field] = value;
        self.ours(name, &header, &self.claims);
    }

    /// Our key, and a claim with another value; `null` leaves it out.
    fn claim(&self, name: &'static str, field: &str, value: Value) {
        let mut claims = self.claims.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(field);
        } else {
            claims[field] = value;
        }
        self.ours(name, &self.header, &claims);
    }

    fn keys_and_algorithms(&self) {
        let (head, claims) = (self.header.to_string(), self.claims.to_string());
        let with = |alg: &str| {
            let mut header = self.header.clone();
            header["alg"] = alg.into();
            header.to_string()
        };
        for (name, alg) in [("none", "none"), ("None", "None"), ("no algorithm's name", "")] {
            self.keep(name, format!("{}.{}.", encoded(&with(alg)), encoded(&claims)));
        }
        let signature = self.good.rsplit('.').next().unwrap();
        let unsigned = format!("{}.{}.{signature}", encoded(&with("none")), encoded(&claims));
        self.keep("none with a signature", unsigned);
        let secret = EncodingKey::from_secret(&self.public);
        self.keep(
            "HS256 with the public key",
            raw(&with("HS256"), &claims, &secret, Algorithm::HS256),
        );
        let empty = EncodingKey::from_secret(b"");
        self.keep("HS256 with no key", raw(&with("HS256"), &claims, &empty, Algorithm::HS256));
        self.keep("our key as RS256", raw(&with("RS256"), &claims, &self.ours, Algorithm::ES256));
        self.keep("our key as ES384", raw(&with("ES384"), &claims, &self.ours, Algorithm::ES256));
        self.keep("a foreign key", raw(&head, &claims, &self.theirs, Algorithm::ES256));
        let mut embedded = self.header.clone();
        embedded["jwk"] = self.their_key.clone();
        let embedded = embedded.to_string();
        self.keep(
            "an embedded foreign key",
            raw(&embedded, &claims, &self.theirs, Algorithm::ES256),
        );
    }

    fn headers(&self) {
        self.header("jku", "jku", json!("https://evil.example/keys"));
        self.header("x5u", "x5u", json!("https://evil.example/chain"));
        self.header("x5c", "x5c", json!(["AAAA"]));
        self.header("our own key embedded", "jwk", json!({"kty": "EC"}));
        self.header("crit", "crit", json!(["exp"]));
        self.header("an unknown critical header", "crit", json!(["urn:evil"]));
        self.header("b64=false", "b64", json!(false));
        self.header("zip", "zip", json!("DEF"));
        self.header("an unknown kid", "kid", json!("another"));
        self.header("a kid that is a path", "kid", json!("../../dev/null"));
        self.header("a kid that is SQL", "kid", json!("' union select 'x"));
        self.header("a kid that is a list", "kid", json!([self.header["kid"]]));
        self.header("an ID token's type", "typ", json!("JWT"));
        self.header("no type", "typ", json!(""));
        self.header("a logout token", "typ", json!("logout+jwt"));
        let kid = self.header["kid"].as_str().unwrap();
        let twice =
            format!("{{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"{kid}\",\"alg\":\"ES256\"}}");
        let claims = self.claims.to_string();
        self.keep("an algorithm named twice", raw(&twice, &claims, &self.ours, Algorithm::ES256));
    }

    fn times(&self) {
        let now = real_now().unix_timestamp();
        for (name, value) in [
            ("ended", json!(now - 31)),
            ("an end that is a text", json!((now + 600).to_string())),
            ("an end that is a fraction", json!(600.5 + f64::from(u32::try_from(now).unwrap()))),
            ("a negative end", json!(-1)),
            ("an end too far to be", json!(u64::MAX)),
            ("an end in a year", json!(now + 365 * 86_400)),
            ("no end", Value::Null),
        ] {
            self.claim(name, "exp", value);
        }
        for (name, value) in [
            ("not yet", json!(now + 90)),
            ("a beginning that is a text", json!(now.to_string())),
            ("a beginning that is a fraction", json!(0.5)),
            ("a negative beginning", json!(-1)),
            ("no beginning", Value::Null),
        ] {
            self.claim(name, "nbf", value);
        }
        self.claim("made in the future", "iat", json!(now + 600));
    }

    fn names(&self) {
        let issuer = self.claims["iss"].as_str().unwrap().to_owned();
        for (name, field, value) in [
            ("another issuer", "iss", json!("https://evil.example")),
            ("an issuer with a slash", "iss", json!(format!("{issuer}/"))),
            ("an issuer in capitals", "iss", json!(issuer.to_uppercase())),
            ("a list of issuers", "iss", json!([issuer])),
            ("no issuer", "iss", Value::Null),
            ("another audience", "aud", json!("others")),
            ("an audience's beginning", "aud", json!("tram")),
            ("an audience with more", "aud", json!("trama-pages")),
            ("no audience", "aud", Value::Null),
            ("an empty list of audiences", "aud", json!([])),
            ("no subject", "sub", Value::Null),
            ("a subject that is a number", "sub", json!(7)),
            ("an empty subject", "sub", json!("")),
            ("a subject that is nobody's", "sub", json!("00000000-0000-4000-8000-000000000000")),
            ("a role that is none", "role", json!("king")),
        ] {
            self.claim(name, field, value);
        }
    }

    fn forms(&self) {
        let (head, claims) = (self.header.to_string(), self.claims.to_string());
        let subject = self.claims["sub"].as_str().unwrap();
        let twice = claims.replacen('{', &format!("{{\"sub\":\"{subject}\","), 1);
        self.keep("a subject named twice", raw(&head, &twice, &self.ours, Algorithm::ES256));
        let huge = claims.replacen('{', &format!("{{\"a\":\"{}\",", "a".repeat(9_000)), 1);
        self.keep("a huge token", raw(&head, &huge, &self.ours, Algorithm::ES256));
        let deep =
            claims.replacen('{', &format!("{{\"a\":{}{},", "[".repeat(400), "]".repeat(400)), 1);
        self.keep("a deep token", raw(&head, &deep, &self.ours, Algorithm::ES256));
        self.keep("claims that are a list", raw(&head, "[]", &self.ours, Algorithm::ES256));
        self.keep("claims that are no JSON", raw(&head, "{", &self.ours, Algorithm::ES256));
        let mut parts = self.good.split('.');
        let (h, c, s) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        self.keep("another role under an old signature", {
            let mut other = self.claims.clone();
            other["role"] = json!("administrator");
            format!("{h}.{}.{s}", encoded(&other.to_string()))
        });
        self.keep("no signature", format!("{h}.{c}."));
        self.keep("half a signature", format!("{h}.{c}.{}", &s[..s.len() / 2]));
        self.keep("a signature of zeros", format!("{h}.{c}.{}", URL_SAFE_NO_PAD.encode([0; 64])));
        self.keep("a padded signature", format!("{h}.{c}.{s}=="));
        self.keep("two parts", format!("{h}.{c}"));
        self.keep("four parts", format!("{h}.{c}.{s}.{s}"));
        self.keep(
            "the JSON form",
            json!({"protected": h, "payload": c, "signature": s}).to_string(),
        );
        self.keep("nothing", String::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_forged_token_gets_the_same_answer_at_a_real_door_t13() {
    let demo = Demo::start().await;
    let user = auditor();
    let good = demo.run(&["demo", "token", &user]);
    let http = reqwest::Client::builder().timeout(std::time::Duration::from_secs(20)).no_proxy();
    let http = http.build().unwrap();
    let ask = async |token: &str| {
        let header = format!("Bearer {token}");
        let answer = http.get(demo.at(DOOR)).header("authorization", header).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ask(&good).await.0, 200, "the token that is forged lets in");
    let forge = Forge::of(&good, &std::fs::read(demo.dir.join("issuer.p8")).unwrap());
    forge.ours("control", &forge.header, &forge.claims);
    let control = forge.signed.borrow_mut().pop().unwrap().1;
    assert_eq!(ask(&control).await.0, 200, "signed by the forge with nothing changed");
    forge.keys_and_algorithms();
    forge.headers();
    forge.times();
    forge.names();
    forge.forms();
    let forged = forge.signed.into_inner();
    assert!(forged.len() >= 30, "{}", forged.len());
    let refusal = ask("nonsense").await;
    assert_eq!(refusal.0, 401);
    for (name, token) in forged {
        assert_eq!(ask(&token).await, refusal, "{name}");
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for scheme in ["bearer ", "Basic ", "Bearer  ", ""] {
        let header = format!("{scheme}{good}");
        let request = http.get(demo.at(DOOR)).header("authorization", header);
        assert_eq!(request.send().await.unwrap().status(), 401, "{scheme:?}");
    }
    let in_query = http.get(demo.at(&format!("{DOOR}&access_token={good}"))).send().await.unwrap();
    assert_eq!(in_query.status(), 401, "a token in an address is none");
}

fn auditor() -> String {
    let users: Value = serde_json::from_str(&run(&["demo", "users", "--json"])).unwrap();
    let all = users["users"].as_array().unwrap();
    let found = all.iter().find(|user| user["role"] == "auditor").unwrap();
    found["username"].as_str().unwrap().to_owned()
}
