//! Who asks: one `Caller` on every request, from a bearer token that is checked without mercy.

mod fetched;
mod jws;
mod key_set;
mod keys;
mod strict;
#[cfg(test)]
mod tests;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};

use crate::failure::{Failure, Problem};
use crate::log::Refusal;
use crate::sign_in::TARGET;
use crate::staff::{Wanted, Who};
use crate::surnames::Surname;

pub use jws::Signing;
pub use key_set::BadKeySet;
pub use keys::{Keys, Trusted};

/// What `acr` of an issuer of our own says after a second factor.
pub const SECOND_FACTOR: &str = "urn:trama:second-factor";

/// Somebody who was let in, and what she may act for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The worker.
    pub staff: StaffId,
    /// In which of her memberships she acts.
    pub membership: MembershipId,
    /// The organisation for which she acts.
    pub organisation: OrganisationId,
    /// The ATS on whose behalf.
    pub ats: Ats,
    /// In which role.
    pub role: Role,
    /// Services for which she acts.
    pub services: Vec<ServiceId>,
    /// For which purpose: the stated one, or care.
    pub purpose: Purpose,
    /// The purpose that she stated, when she did.
    pub stated: Option<Purpose>,
    /// Whether she showed a second factor.
    pub second_factor: bool,
    /// An opaque name of the session or the token.
    pub session: String,
    /// This request.
    pub request_id: String,
    /// Until when she was let in: a stream ends then.
    pub let_in_until: OffsetDateTime,
    /// Her surname, blind, where her issuer tells it.
    pub surname: Option<Surname>,
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
        if self.acts_for(service) {
            return Ok(());
        }
        let Self { staff, session, .. } = self;
        tracing::warn!(target: TARGET, event = "not_her_service", %staff, session, %service);
        Err(Failure::Denied)
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
    /// How she authenticated: [`SECOND_FACTOR`], or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Her surname, where the issuer tells it. It is made blind as soon as it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
}

/// With what somebody signs in, for the directory: SHA-256 of issuer, a zero byte and subject, in
/// hexadecimal. Neither issuer nor subject can be read from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(String);

impl Account {
    /// The account of a subject at its issuer.
    pub fn of(issuer: &str, subject: &str) -> Self {
        Self(crate::staff::account(issuer, subject))
    }

    /// One that was made before and kept.
    pub(crate) fn known(digits: String) -> Self {
        Self(digits)
    }

    /// 64 hexadecimal digits, as `directory.account_bound` says them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The membership that an issuer of our own vouches for. Where the directory's events say what
/// somebody may, this is no more than her wish among her memberships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vouched {
    /// The organisation.
    #[serde(rename = "org")]
    pub organisation: OrganisationId,
    /// The ATS.
    pub ats: Ats,
    /// The role.
    pub role: Role,
    /// The services, at most 64.
    pub services: Vec<ServiceId>,
}

/// Who comes, as a token or a session shows it. It says who, not what she may: a gate looks that
/// up in what the directory's events say now ([`crate::staff`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// With what she signed in.
    pub account: Account,
    /// The worker, where the issuer is our own; else the directory knows whose account it is.
    pub staff: Option<StaffId>,
    /// What an issuer of our own vouches for.
    pub vouched: Option<Vouched>,
    /// The membership that she chose after signing in.
    pub membership: Option<MembershipId>,
    /// Whether she showed a second factor.
    pub second_factor: bool,
    /// An opaque name of the session or the token, 32 hexadecimal digits: never what opens it.
    pub session: String,
    /// When she authenticated, where the issuer says it.
    pub authenticated_at: Option<OffsetDateTime>,
    /// Until when this holds: a stream ends then.
    pub until: OffsetDateTime,
    /// Her surname, blind, where the issuer tells it.
    pub surname: Option<Surname>,
}

impl Presented {
    /// Whom the directory is asked about.
    pub fn who(&self) -> Who<'_> {
        match self.staff {
            Some(staff) => Who::Staff(staff),
            None => Who::Account(self.account.as_str()),
        }
    }

    /// In which of her memberships she wants to act: the one that she chose, whatever an issuer
    /// asked for.
    pub fn wanted(&self) -> Wanted {
        let vouched = self.vouched.as_ref().filter(|_| self.membership.is_none());
        Wanted {
            membership: self.membership,
            role: vouched.map(|vouched| vouched.role),
            ats: vouched.map(|vouched| vouched.ats.clone()),
        }
    }
}

/// Why a token does not let anybody in. One sentence for all: an attacker learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs a valid bearer token: sign in again")]
pub struct NotLetIn;
