//! The gate: who comes in, what she may ask, and what of a person she may see.
//!
//! A token or a session says who somebody is; the directory's events say what she may; the log says
//! how she has to do with a person; the policies decide; the access log writes it down. Only then
//! is anything read. What she may not see looks like what does not exist, and takes as long.
//!
//! Here is who comes in; [`Reader`] is who came in, and what of a person she may see or write.

mod answering;
mod forced;
mod overview;
mod own;
mod reading;
mod taking;
mod telling;
#[cfg(test)]
mod tests;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use time::OffsetDateTime;
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId};
use trama_events::rome;
use trama_permit::Policies;

use crate::access::{AccessLog, Entry};
use crate::caller::{Caller, Keys, NotLetIn, Presented};
use crate::clock::{Clock, real_now};
use crate::doors::Action;
use crate::failure::Problem;
use crate::inward::request_id;
use crate::sign_in::TARGET;
use crate::staff::{Membership, Staff, Standing};
use crate::surnames::Surnames;
use crate::ties::{Acquaintance, Between, Ground, Stood, Ties, Unsure};

pub use answering::Answering;
pub use forced::Forcing;
pub use reading::{Found, Opened, Reader};
pub use writing::Known;

/// Everything that a gate asks.
#[derive(Clone)]
pub struct Guards {
    /// With which keys tokens are checked.
    pub keys: Keys,
    /// The domain's clock.
    pub clock: Clock,
    /// Who may act in which role.
    pub staff: Staff,
    /// Who may see what.
    pub policies: Arc<Policies>,
    /// How workers have to do with persons.
    pub ties: Arc<dyn Acquaintance>,
    /// Who looked.
    pub access: AccessLog,
}

/// The gate of every door and page. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    guards: Arc<Guards>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// A gate that asks these guards.
    pub fn new(guards: Guards) -> Self {
        Self { guards: Arc::new(guards) }
    }

    /// The domain's clock.
    pub fn clock(&self) -> &Clock {
        &self.guards.clock
    }

    /// Who may act, and when that changes.
    pub fn staff(&self) -> &Staff {
        &self.guards.staff
    }

    /// The policies as they hold.
    pub fn policies(&self) -> &Policies {
        &self.guards.policies
    }

    /// Whether it can decide at all: until what it rests on has been read, and again when that is too
    /// old, every door answers 503.
    pub fn can_decide(&self) -> bool {
        self.guards.staff.is_sure() && self.guards.ties.can_tell()
    }

    /// Who makes surnames blind here, if anybody.
    pub fn surnames(&self) -> Option<&Arc<dyn Surnames>> {
        self.guards.keys.surnames()
    }

    /// The access log.
    pub fn access(&self) -> &AccessLog {
        &self.guards.access
    }

    /// Who a bearer token says that she is.
    ///
    /// # Errors
    ///
    /// 401, whatever is wrong with the token.
    pub async fn bearer(&self, headers: &HeaderMap) -> Result<Presented, Problem> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| not_let_in(NotLetIn))?;
        self.guards.keys.present(token, real_now()).await.map_err(not_let_in)
    }

    /// What she may act for now, by the directory.
    ///
    /// # Errors
    ///
    /// 401 for an account that may nothing; 503 while nobody can say who may; 400 for a purpose that
    /// is none.
    pub fn caller(&self, presented: &Presented, headers: &HeaderMap) -> Result<Caller, Problem> {
        let membership = self.membership(presented)?;
        let stated = stated_purpose(headers)?;
        Ok(Caller {
            staff: membership.staff,
            membership: membership.membership,
            organisation: membership.organisation,
            ats: membership.ats,
            role: membership.role,
            services: membership.services,
            purpose: stated.unwrap_or(Purpose::Care),
            stated,
            second_factor: presented.second_factor,
            session: presented.session.clone(),
            request_id: request_id(headers),
            let_in_until: presented.until,
            surname: presented.surname.clone(),
        })
    }

    fn membership(&self, presented: &Presented) -> Result<Membership, Problem> {
        match self.guards.staff.membership(presented.who(), &presented.wanted()) {
            Standing::Active(membership) => Ok(membership),
            Standing::Unsure => {
                let detail = "we cannot tell now who may act: try again in a moment";
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", detail))
            }
            Standing::Suspended
            | Standing::Ended
            | Standing::NoSuchMembership
            | Standing::Unknown => {
                let session = &presented.session;
                tracing::warn!(target: TARGET, event = "may_not_act", session);
                Err(not_let_in(NotLetIn))
            }
        }
    }

    /// Whether her role may ask this, and whether she proved who she is as surely as it needs. A
    /// refusal is written down.
    ///
    /// # Errors
    ///
    /// 403, with the reason why these roles, or `second_factor_needed`; 503 when it cannot be
    /// written down.
    pub async fn may(&self, caller: &Caller, action: &Action) -> Result<(), Problem> {
        let Some(refusal) = refusal(caller, action) else { return Ok(()) };
        let entry = Entry {
            sections: vec!["door".to_owned()],
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        self.guards.access.write(entry).await?;
        Err(refusal)
    }

    /// How she has to do with a person now.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn ties(&self, caller: &Caller, person: PersonId) -> Result<Ties, Problem> {
        self.guards.ties.between(self.between(caller, person)).await.map_err(unsure)
    }

    /// How she has to do with each of them now, in their order; nothing of whom nobody can tell.
    ///
    /// # Errors
    ///
    /// As [`Self::ties`].
    pub async fn ties_with(
        &self,
        caller: &Caller,
        persons: &[PersonId],
    ) -> Result<Vec<Option<Ties>>, Problem> {
        let Some(&first) = persons.first() else { return Ok(Vec::new()) };
        let asked = self.between(caller, first);
        self.guards.ties.with_each(asked, persons).await.map_err(unsure)
    }

    /// On what else she may bring a person into her service's care, by all records that are she.
    ///
    /// # Errors
    ///
    /// As [`Self::ties`].
    pub async fn ground(&self, caller: &Caller, records: &[PersonId]) -> Result<Ground, Problem> {
        let Some(&first) = records.first() else { return Ok(Ground::default()) };
        let asked = self.between(caller, first);
        self.guards.ties.ground(asked, records).await.map_err(unsure)
    }

    /// Who had to do with a person until a moment, by all records that are she: for who controls.
    /// Whoever asks writes down whom it was about.
    ///
    /// # Errors
    ///
    /// As [`Self::ties`].
    pub async fn standings(
        &self,
        records: &[PersonId],
        until: OffsetDateTime,
    ) -> Result<Vec<Stood>, Problem> {
        self.guards.ties.standings(records, until).await.map_err(unsure)
    }

    fn between<'a>(&self, caller: &'a Caller, person: PersonId) -> Between<'a> {
        let now = self.guards.clock.now();
        Between {
            staff: caller.staff,
            organisation: caller.organisation,
            services: &caller.services,
            person,
            on: rome::day_of(now),
            now,
        }
    }

    /// Bodies all of whose services are confidential.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn confidential_bodies(&self) -> Result<BTreeSet<OrganisationId>, Problem> {
        self.guards.ties.confidential_bodies().await.map_err(unsure)
    }
}

fn unsure(unsure: Unsure) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", unsure.to_string())
}

fn refusal(caller: &Caller, action: &Action) -> Option<Problem> {
    if !action.roles.contains(&caller.role) {
        let detail = format!("your role may not do this ({}): {}", action.name, action.why);
        return Some(Problem::new(StatusCode::FORBIDDEN, "role_may_not", detail));
    }
    let detail = "this needs a second factor: sign in again with it";
    let needed = || Problem::new(StatusCode::FORBIDDEN, "second_factor_needed", detail);
    (action.second_factor && !caller.second_factor).then(needed)
}

fn not_let_in(not: NotLetIn) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "no_valid_token", not.to_string())
}

fn stated_purpose(headers: &HeaderMap) -> Result<Option<Purpose>, Problem> {
    let Some(named) = headers.get("purpose") else { return Ok(None) };
    named.to_str().ok().and_then(|name| name.parse().ok()).map(Some).ok_or_else(|| {
        let detail = "the Purpose header is care, emergency, planning, audit or administration";
        Problem::new(StatusCode::BAD_REQUEST, "unknown_purpose", detail)
    })
}

/// The moment a request came in, on the domain's clock.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub OffsetDateTime);
