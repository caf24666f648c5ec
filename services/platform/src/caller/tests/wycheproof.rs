//! The JSON Web Signature vectors of Project Wycheproof, through the code that reads our tokens.

use serde_json::Value;

use super::super::jws::{Parts, Refused, Signing};
use super::super::key_set::KeySet;

const VECTORS: &str = include_str!("../../../tests/data/json_web_signature_test.json");

/// What a vector shows: the algorithm of its key, what we said, what is expected.
struct Shown {
    id: u64,
    signing: Option<Signing>,
    told: Result<(), Refused>,
    valid: bool,
    named: String,
}

fn all() -> Vec<Shown> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let groups = vectors["testGroups"].as_array().unwrap();
    groups
        .iter()
        .flat_map(|group| group["tests"].as_array().unwrap().iter().map(|test| show(group, test)))
        .collect()
}

fn show(group: &Value, test: &Value) -> Shown {
    let key = group.get("public").unwrap_or(&group["private"]);
    // A key without an algorithm is tried with the one that its kind could have here.
    let signing = match (key["alg"].as_str(), key["kty"].as_str().unwrap()) {
        (Some("ES256"), _) | (None, "EC") => Some(Signing::Es256),
        (Some("RS256"), _) | (None, "RSA") => Some(Signing::Rs256),
        _ => None,
    };
    let token = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), ToOwned::to_owned);
    let told = match signing {
        Some(signing) => open(&token, signing, key),
        // No issuer can be pinned to it; both that can be are asked.
        None => open(&token, Signing::Es256, key).or_else(|_| open(&token, Signing::Rs256, key)),
    };
    let named = test["comment"].as_str().unwrap().to_owned();
    Shown {
        id: test["tcId"].as_u64().unwrap(),
        signing,
        told,
        valid: test["result"] == "valid",
        named,
    }
}

fn open(token: &str, signing: Signing, key: &Value) -> Result<(), Refused> {
    let set = serde_json::json!({ "keys": [key] });
    let keys = KeySet::whole(signing, &set).unwrap_or_else(|_| KeySet::empty(signing));
    let parts = Parts::of(token)?;
    parts.must_be(signing)?;
    parts.verify(&keys)
}

#[test]
fn every_invalid_vector_is_refused_t13() {
    let invalid: Vec<Shown> = all().into_iter().filter(|shown| !shown.valid).collect();
    assert_eq!(invalid.len(), 355);
    for shown in invalid {
        assert!(shown.told.is_err(), "{} {}", shown.id, shown.named);
    }
}

#[test]
fn every_valid_vector_of_our_algorithms_is_accepted_and_others_are_refused_by_name_t13() {
    let valid: Vec<Shown> = all().into_iter().filter(|shown| shown.valid).collect();
    assert_eq!(valid.len(), 46);
    let mut accepted = 0;
    for shown in valid {
        match (&shown.told, shown.signing) {
            (Ok(()), Some(_)) => accepted += 1,
            (Err(Refused::Algorithm(name)), _) => {
                assert!(!["ES256", "RS256"].contains(&name.as_str()), "{}", shown.id);
                assert!(!name.is_empty(), "{}", shown.id);
            }
            // HS256 with a symbol that base64url does not have: refused before its name is read.
            (Err(Refused::Form), None) => {
                assert!(shown.named.starts_with("InvalidCharacterInserted"), "{}", shown.id);
            }
            (told, _) => panic!("{} {}: {told:?}", shown.id, shown.named),
        }
    }
    assert_eq!(accepted, 10, "ES256 and RS256 vectors");
}
