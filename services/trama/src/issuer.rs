//! The demo's own issuer of tokens: ES256, loopback only. A real installation names its own.

mod provider;

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use serde_json::json;
use trama_platform::caller::{Claims, Keys};
use trama_platform::clock::{random_id, real_now};

pub use provider::Provider;

/// `iss` of the demo's tokens.
pub const ISSUER: &str = "urn:trama:demo";
/// `aud` of the demo's tokens.
pub const AUDIENCE: &str = "trama";
/// Seconds for which a token of the demo holds.
pub const TOKEN_SECONDS: u64 = 12 * 3600;

/// An issuer with one key, kept in the data directory.
pub struct Issuer {
    kid: String,
    signing: EncodingKey,
    set: JwkSet,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Issuer {
    /// The issuer of a data directory; its key is made when it is missing.
    ///
    /// # Errors
    ///
    /// When the key cannot be kept or read.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let file = dir.join("issuer.p8");
        if !file.exists() {
            let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
            write_secret(&file, key.to_pkcs8v1()?.as_ref())?;
        }
        let pkcs8 =
            std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        Self::of(&pkcs8)
    }

    fn of(pkcs8: &[u8]) -> anyhow::Result<Self> {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .map_err(|e| anyhow::anyhow!("the issuer's key is damaged: {e}"))?;
        // An uncompressed point: 4, x, y.
        let point = key.public_key().as_ref();
        let (x, y) =
            (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let kid = x[..8].to_owned();
        let set = serde_json::from_value(json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": x, "y": y,
        }]}))?;
        Ok(Self { kid, signing: EncodingKey::from_ec_der(pkcs8), set })
    }

    /// The public key set.
    pub fn key_set(&self) -> &JwkSet {
        &self.set
    }

    /// What a gate needs to check its tokens.
    ///
    /// # Errors
    ///
    /// Never with a key of its own making.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        Ok(Keys::try_new(ISSUER, AUDIENCE, &self.set)?)
    }

    /// A token for these claims; issuer, audience and times are set here.
    ///
    /// # Errors
    ///
    /// When signing fails.
    pub fn token(&self, mut claims: Claims) -> anyhow::Result<String> {
        let now = u64::try_from(real_now().unix_timestamp())?;
        claims.iss = ISSUER.into();
        claims.aud = AUDIENCE.into();
        claims.iat = now;
        claims.nbf = now;
        claims.exp = now + TOKEN_SECONDS;
        claims.jti = random_id().to_string();
        self.sign(&claims, "at+jwt")
    }

    /// Signs claims as a token of this type.
    ///
    /// # Errors
    ///
    /// When signing fails.
    fn sign(&self, claims: &impl Serialize, kind: &str) -> anyhow::Result<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(kind.to_owned());
        header.kid = Some(self.kid.clone());
        Ok(encode(&header, claims, &self.signing)?)
    }
}

fn write_secret(file: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600).open(file)?.write_all(content)
}
