//! Signed tokens in their compact form, with the one algorithm that their issuer is pinned to.
//! It knows nothing of what a token says.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::key_set::KeySet;
use super::strict;

/// A token longer than this is refused unread, in bytes.
const TOKEN_LEN_MAX: usize = 8_192;
/// What a header may hold. Nothing that names, embeds or fetches a key (`jku`, `jwk`, `x5u`,
/// `x5c`), nothing that changes how the rest is read (`crit`, `b64`, `zip`, `enc`, `cty`); a
/// certificate's thumbprint is tolerated and not looked at.
const HEADERS: [&str; 5] = ["alg", "kid", "typ", "x5t", "x5t#S256"];

/// The algorithms that an issuer may be pinned to; the token never chooses (trust §4 D5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signing {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256, keys of 2048 bits or more.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Signing {
    /// Its name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }
}

/// Why a token is refused: for the log, never for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// Not three parts of base64url with a JSON header.
    #[error("it is no compact JWS")]
    Form,
    /// Another algorithm than the pinned one.
    #[error("its algorithm {0} is not the one of its issuer")]
    Algorithm(String),
    /// A header that may not be there.
    #[error("its header has {0}")]
    Header(String),
    /// No key of this id; it may be a new one.
    #[error("its key is not known")]
    Key,
    /// Signed by nobody we know, or altered.
    #[error("its signature does not hold")]
    Signature,
    /// A claim is missing, of the wrong form, or not for us.
    #[error("its {0} is missing or wrong")]
    Claim(&'static str),
}

/// A token taken apart, not yet believed.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    header: Map<String, Value>,
    /// The bytes that it carries: claims, once the signature holds.
    pub(super) payload: Vec<u8>,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes a token apart.
    pub(super) fn of(token: &'a str) -> Result<Self, Refused> {
        if token.len() > TOKEN_LEN_MAX {
            return Err(Refused::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(Refused::Form)?;
        let header = strict::object(&bytes(header)?).ok_or(Refused::Form)?;
        Ok(Self { header, payload: bytes(payload)?, signed, signature })
    }

    /// The key's id, when it has one.
    pub(super) fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// Its type, e.g. `at+jwt`.
    pub(super) fn typ(&self) -> Option<&str> {
        self.text("typ")
    }

    /// Refuses another algorithm and every header that has no place in a token of ours.
    pub(super) fn must_be(&self, signing: Signing) -> Result<(), Refused> {
        let algorithm = self.text("alg").unwrap_or_default();
        if algorithm != signing.name() {
            return Err(Refused::Algorithm(algorithm.chars().take(16).collect()));
        }
        match self.header.keys().find(|name| !HEADERS.contains(&name.as_str())) {
            Some(name) => Err(Refused::Header(name.chars().take(16).collect())),
            None => Ok(()),
        }
    }

    /// Whether the signature holds, with the key that the token names among these.
    pub(super) fn verify(&self, keys: &KeySet) -> Result<(), Refused> {
        let key = self.kid().and_then(|kid| keys.find(kid)).ok_or(Refused::Key)?;
        let signature = self.signature;
        // An empty or padded signature never reaches the library.
        if bytes(signature)?.is_empty() {
            return Err(Refused::Signature);
        }
        let (signed, algorithm) = (self.signed.as_bytes(), keys.signing().algorithm());
        match jsonwebtoken::crypto::verify(signature, signed, key, algorithm) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Refused::Signature),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }
}

/// Base64url without padding and without spare bits: one spelling only.
fn bytes(part: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Form)
}
