//! Who asks: one `Caller` on every request, from a bearer token that is checked without mercy.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};

use crate::failure::{Failure, Problem};
use crate::log::Refusal;

/// Seconds by which clocks of issuer and service may differ.
const LEEWAY_SECONDS: u64 = 30;
/// A token longer than this is refused unread.
const TOKEN_LEN_MAX: usize = 8_192;

/// Somebody who was let in, and what she may act for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The worker.
    pub staff: StaffId,
    /// The organisation for which she acts.
    pub organisation: OrganisationId,
    /// The ATS on whose behalf.
    pub ats: Ats,
    /// In which role.
    pub role: Role,
    /// Services for which she acts.
    pub services: Vec<ServiceId>,
    /// For which purpose.
    pub purpose: Purpose,
    /// This request.
    pub request_id: String,
    /// Until when she was let in: a stream ends then.
    pub let_in_until: OffsetDateTime,
}

impl Caller {
    /// Whether she acts for this service.
    pub fn acts_for(&self, service: ServiceId) -> bool {
        self.services.contains(&service)
    }

    /// Refuses what is done in the name of a service that is not hers.
    ///
    /// # Errors
    ///
    /// [`Failure::Denied`]: the same answer as for what does not exist.
    pub fn must_act_for<R: Refusal>(&self, service: ServiceId) -> Result<(), Failure<R>> {
        if self.acts_for(service) { Ok(()) } else { Err(Failure::Denied) }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    /// The gate put it there; a route without a gate has no caller and answers nothing.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}

/// What an access token of ours says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// The worker.
    pub sub: StaffId,
    /// For whom the token is.
    pub aud: String,
    /// Seconds since 1970 at which it ends.
    pub exp: u64,
    /// Seconds since 1970 from which it holds.
    pub nbf: u64,
    /// Seconds since 1970 at which it was made.
    pub iat: u64,
    /// The token's own id.
    pub jti: String,
    /// The organisation.
    pub org: OrganisationId,
    /// The ATS.
    pub ats: Ats,
    /// The role.
    pub role: Role,
    /// The services, at most 64.
    pub services: Vec<ServiceId>,
}

/// The pinned keys of one issuer. `jku`, `x5u` and `jwk` of a token are never looked at.
#[derive(Clone)]
pub struct Keys {
    issuer: String,
    audience: String,
    by_id: BTreeMap<String, DecodingKey>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Why a token does not let anybody in. One sentence for all: an attacker learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs a valid bearer token: sign in again")]
pub struct NotLetIn;

/// Why a key set cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the key set has a key that is not an EC P-256 key with a kid: {0}")]
pub struct BadKeySet(String);

impl Keys {
    /// Keys of an issuer, from a JSON Web Key Set with EC P-256 keys.
    ///
    /// # Errors
    ///
    /// [`BadKeySet`] when a key is of another kind or has no id.
    pub fn try_new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        set: &jsonwebtoken::jwk::JwkSet,
    ) -> Result<Self, BadKeySet> {
        let mut keys = BTreeMap::new();
        for key in &set.keys {
            let id = key.common.key_id.clone().ok_or_else(|| BadKeySet("no kid".into()))?;
            if key.common.key_algorithm.is_some_and(|a| a != jsonwebtoken::jwk::KeyAlgorithm::ES256)
            {
                return Err(BadKeySet(format!("{id} is not for ES256")));
            }
            let decoding = DecodingKey::from_jwk(key).map_err(|e| BadKeySet(e.to_string()))?;
            keys.insert(id, decoding);
        }
        Ok(Self { issuer: issuer.into(), audience: audience.into(), by_id: keys })
    }

    /// Reads a bearer token: `at+jwt`, ES256, a pinned key, this issuer and audience, in time.
    ///
    /// # Errors
    ///
    /// [`NotLetIn`], whatever is wrong.
    pub fn read(&self, token: &str) -> Result<Claims, NotLetIn> {
        if token.len() > TOKEN_LEN_MAX {
            return Err(NotLetIn);
        }
        let header = decode_header(token).map_err(|_| NotLetIn)?;
        let typed = header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt"));
        if !typed || header.alg != Algorithm::ES256 || header.jku.is_some() || header.x5u.is_some()
        {
            return Err(NotLetIn);
        }
        let key = header.kid.as_ref().and_then(|kid| self.by_id.get(kid)).ok_or(NotLetIn)?;
        let claims = decode::<Claims>(token, key, &self.rules()).map_err(|_| NotLetIn)?.claims;
        if claims.services.len() > 64 { Err(NotLetIn) } else { Ok(claims) }
    }

    fn rules(&self) -> Validation {
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = LEEWAY_SECONDS;
        rules
    }
}
