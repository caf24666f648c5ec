//! The public keys of one issuer, for one algorithm.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use super::jws::Signing;

/// Keys that one issuer may have at a time.
const KEYS_MAX: usize = 64;
/// Shortest RSA modulus, in bytes.
const MODULUS_LEN_MIN: usize = 256;
/// Longest RSA modulus, in bytes: longer ones cost time and no attacker.
const MODULUS_LEN_MAX: usize = 1_024;
/// Length of a coordinate on P-256, in bytes.
const COORDINATE_LEN: usize = 32;

/// Why a key set cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the key set cannot be used: {0}")]
pub struct BadKeySet(pub(super) String);

/// Public keys by their id, all for the same algorithm.
#[derive(Clone)]
pub(super) struct KeySet {
    signing: Signing,
    by_id: BTreeMap<String, DecodingKey>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_id.keys()).finish()
    }
}

impl KeySet {
    /// A set without keys: nobody is let in.
    pub(super) fn empty(signing: Signing) -> Self {
        Self { signing, by_id: BTreeMap::new() }
    }

    /// Reads a set of which every key must be usable: one that somebody wrote down for us.
    pub(super) fn whole(signing: Signing, set: &Value) -> Result<Self, BadKeySet> {
        let keys = listed(set)?;
        let read = keys.iter().map(|key| read(signing, key)).collect::<Result<Vec<_>, _>>()?;
        Self::of(signing, read)
    }

    /// Reads the usable keys of a set that its issuer publishes for others too; at least one.
    pub(super) fn usable(signing: Signing, set: &Value) -> Result<Self, BadKeySet> {
        let read: Vec<_> = listed(set)?.iter().filter_map(|key| read(signing, key).ok()).collect();
        if read.is_empty() {
            return Err(BadKeySet(format!("it has no key for {}", signing.name())));
        }
        Self::of(signing, read)
    }

    fn of(signing: Signing, read: Vec<(String, DecodingKey)>) -> Result<Self, BadKeySet> {
        let mut by_id = BTreeMap::new();
        for (id, key) in read {
            if by_id.insert(id.clone(), key).is_some() {
                return Err(BadKeySet(format!("two keys have the kid {id}")));
            }
        }
        Ok(Self { signing, by_id })
    }

    /// For which algorithm.
    pub(super) fn signing(&self) -> Signing {
        self.signing
    }

    /// The key of this id.
    pub(super) fn find(&self, id: &str) -> Option<&DecodingKey> {
        self.by_id.get(id)
    }
}

fn listed(set: &Value) -> Result<&[Value], BadKeySet> {
    let keys = set["keys"].as_array().ok_or_else(|| BadKeySet("it has no list of keys".into()))?;
    if keys.len() > KEYS_MAX {
        return Err(BadKeySet(format!("it has more than {KEYS_MAX} keys")));
    }
    Ok(keys)
}

/// A key that is for signatures, for this algorithm, and has an id.
fn read(signing: Signing, key: &Value) -> Result<(String, DecodingKey), BadKeySet> {
    let id = key["kid"].as_str().ok_or_else(|| BadKeySet("a key has no kid".into()))?;
    let bad = |what: &str| BadKeySet(format!("the key {id} {what}"));
    if key.get("alg").is_some_and(|alg| alg != signing.name()) {
        return Err(bad(&format!("is not for {}", signing.name())));
    }
    let verifies = |operations: &Value| {
        operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"))
    };
    if key.get("use").is_some_and(|purpose| purpose != "sig")
        || key.get("key_ops").is_some_and(|operations| !verifies(operations))
    {
        return Err(bad("is not for checking signatures"));
    }
    let key = match signing {
        Signing::Es256 => p256(key),
        Signing::Rs256 => rsa(key),
    };
    Ok((id.to_owned(), key.ok_or_else(|| bad(&format!("is no {} key", signing.name())))?))
}

fn p256(key: &Value) -> Option<DecodingKey> {
    let kind = key["kty"] == "EC" && key["crv"] == "P-256";
    let (x, y) = (key["x"].as_str()?, key["y"].as_str()?);
    let whole = |part: &str| decoded(part).is_some_and(|bytes| bytes.len() == COORDINATE_LEN);
    if kind && whole(x) && whole(y) { DecodingKey::from_ec_components(x, y).ok() } else { None }
}

fn rsa(key: &Value) -> Option<DecodingKey> {
    let (modulus, exponent) = (decoded(key["n"].as_str()?)?, decoded(key["e"].as_str()?)?);
    let long = (MODULUS_LEN_MIN..=MODULUS_LEN_MAX).contains(&modulus.len());
    // Common exponents are 3 or 65537; an even or a long one is a mistake or an attack.
    let plain = exponent.len() <= 4 && exponent.last().is_some_and(|byte| byte % 2 == 1);
    (key["kty"] == "RSA" && long && plain)
        .then(|| DecodingKey::from_rsa_raw_components(&modulus, &exponent))
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
