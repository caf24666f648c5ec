//! Cookies and what is in them: 256 random bits in base64url, of which the database holds a
//! digest only.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::clock::{NoRandomness, random_bytes};

/// The session's cookie. `__Host-` binds it to this host, to TLS and to the whole site; browsers
/// take loopback for safe, so that it works in the demo too (ADR 18).
pub const SESSION_COOKIE: &str = "__Host-trama";
/// The cookie of a sign-in under way.
pub const ATTEMPT_COOKIE: &str = "__Host-trama-entra";

/// A secret that lets in whoever knows it.
#[derive(Clone)]
pub(super) struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    pub(super) fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(random_bytes()?))
    }

    /// Reads what a browser sent; nothing of another form.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::from_bytes(&URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As it goes over the wire.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As the database keeps it when it must be known again.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the database keeps it when it must only be recognised.
    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

/// The secret in a cookie. One that comes twice is refused: somebody else may have set one.
pub(super) fn of(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|all| all.to_str().ok());
    let mut named = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(given, _)| *given == name);
    let (_, value) = named.next()?;
    if named.next().is_some() { None } else { Secret::read(value) }
}

/// Ends with the browser; the server ends it sooner.
pub(super) fn session(secret: &Secret) -> String {
    format!("{SESSION_COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax", secret.text())
}

pub(super) fn attempt(secret: &Secret) -> String {
    let seconds = super::ATTEMPT_MAX.whole_seconds();
    let text = secret.text();
    format!("{ATTEMPT_COOKIE}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}

pub(super) fn gone(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}
