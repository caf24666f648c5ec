//! The demo's users. Their names are in `deploy/data/users.toml` and on the screens, never in an
//! event: there a worker is an id that follows from the username.

use serde::{Deserialize, Serialize};
use trama_events::codes::Role;
use trama_events::ids::{Ats, StaffId};
use trama_platform::caller::Claims;

use crate::client::Actor;
use crate::commands::load::catalogue::{organisation_id, service_id};

const USERS: &str = include_str!("../../../../../deploy/data/users.toml");

/// Somebody to sign in as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What to type.
    pub username: String,
    /// An invented first name.
    pub name: String,
    /// An invented surname, as an identity provider tells it; a system has none.
    #[serde(default)]
    pub family_name: Option<String>,
    /// In which role.
    pub role: Role,
    /// Slug of the organisation.
    pub organisation: String,
    /// The ATS.
    pub ats: Ats,
    /// Slugs of the services.
    pub services: Vec<String>,
    /// Where she works, in words.
    pub job: String,
}

impl User {
    /// Who she is for the doors.
    pub fn actor(&self) -> Actor {
        Actor {
            staff: staff_id(&self.username),
            organisation: organisation_id(&self.organisation),
            ats: self.ats.clone(),
            role: self.role,
            services: self.services.iter().map(|slug| service_id(slug)).collect(),
        }
    }

    /// What a token of hers says; the issuer fills in the rest.
    pub fn claims(&self) -> Claims {
        Claims { family_name: self.family_name.clone(), ..self.actor().claims() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Users {
    user: Vec<User>,
}

/// Every user of the demo, in the order of the file.
///
/// # Errors
///
/// When the file has a mistake.
pub fn users() -> anyhow::Result<Vec<User>> {
    Ok(toml::from_str::<Users>(USERS)?.user)
}

/// One user.
///
/// # Errors
///
/// When there is none of this name.
pub fn user(username: &str) -> anyhow::Result<User> {
    let found = users()?.into_iter().find(|user| user.username == username);
    found.ok_or_else(|| anyhow::anyhow!("there is no user {username}: see trama demo users"))
}

/// The id under which a user acts.
pub(crate) fn staff_id(username: &str) -> StaffId {
    StaffId::derived(&["demo", username])
}
