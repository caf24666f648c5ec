use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::NotLogged;
use crate::caller::Caller;
use crate::surnames::{Pair, Surname};

/// Most rows that one page may need: a list shows at most so many people.
pub const ROWS_MAX: usize = 500;
/// Longest code, in bytes.
const CODE_LEN_MAX: usize = 96;
/// Most sections, and most policies, of a row.
const LIST_MAX: usize = 32;

/// What was decided.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// It was shown.
    Allowed,
    /// It was refused.
    Denied,
}

/// One page and one person: who looks, at what, why, and what was decided.
///
/// A refusal is recorded whether the person exists or not; otherwise the time it takes would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When, on the machine's clock: never the domain's.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// In which session: an opaque name of it, never what opens it.
    pub session: String,
    /// In which request.
    pub request_id: String,
    /// At whom; nobody for a search or a list without people.
    pub person: Option<PersonId>,
    /// At which sections, 1 to 32 codes, e.g. `journey`, `identity`, `search`.
    pub sections: Vec<String>,
    /// For which purpose.
    pub purpose: Purpose,
    /// The code of a reason that had to be given.
    pub reason: Option<String>,
    /// Where the vault keeps the reason's own words.
    pub reason_fact: Option<Uuid>,
    /// What was decided.
    pub decision: Decision,
    /// By which policies, at most 32 ids.
    pub policies: Vec<String>,
    /// Through which door: the name of its action, e.g. `journey.read`.
    pub door: String,
    /// Whether a relation explains it: an open case, a referral, a stay, the worker's own task.
    pub explained: bool,
    /// Whether it was an emergency access without such a relation.
    pub forced: bool,
    /// Whether the person was one of a list and not opened.
    pub listed: bool,
    /// Whether worker and person have the same surname, as the log finds when it writes the row:
    /// nothing of one of a list, and where nobody can tell.
    pub same_surname: Option<bool>,
    /// The worker's surname, to be compared; it never stands in the row.
    #[serde(skip)]
    pub surname: Option<Surname>,
    /// Every record that is the person, to be compared; without any, the one that was opened.
    #[serde(skip)]
    pub records: Vec<PersonId>,
}

impl Entry {
    /// What follows from the caller. Until somebody says otherwise it is a refusal that nothing
    /// explains; without sections it is not taken.
    pub fn by(caller: &Caller, session: &str, door: &str, at: OffsetDateTime) -> Self {
        Self {
            at,
            staff: caller.staff,
            organisation: caller.organisation,
            role: caller.role,
            session: session.to_owned(),
            request_id: caller.request_id.clone(),
            person: None,
            sections: Vec::new(),
            purpose: caller.purpose,
            reason: None,
            reason_fact: None,
            decision: Decision::Denied,
            policies: Vec::new(),
            door: door.to_owned(),
            explained: false,
            forced: false,
            listed: false,
            same_surname: None,
            surname: caller.surname.clone(),
            records: Vec::new(),
        }
    }

    /// Who is to be compared with whom: of everybody who looks and has a surname, also when she
    /// looks at nobody, so that the time does not tell. Not of a list, where namesakes stand by
    /// themselves.
    pub(super) fn to_compare(&self) -> Option<Pair> {
        let worker = self.surname.clone().filter(|_| !self.listed)?;
        let records = match self.records.as_slice() {
            [] => self.person.into_iter().collect(),
            all => all.to_vec(),
        };
        Some(Pair { worker, records })
    }

    /// Checked before it joins others: the database takes a batch whole or not at all.
    pub(super) fn check(&self) -> Result<(), NotLogged> {
        let one = |name, text: &str| if is_code(text) { Ok(()) } else { Err(name) };
        let all = |name, texts: &[String]| texts.iter().try_for_each(|text| one(name, text));
        let checked = one("session", &self.session)
            .and_then(|()| one("request_id", &self.request_id))
            .and_then(|()| one("door", &self.door))
            .and_then(|()| self.reason.as_deref().map_or(Ok(()), |reason| one("reason", reason)))
            .and_then(|()| all("sections", &self.sections))
            .and_then(|()| all("policies", &self.policies));
        checked.map_err(NotLogged::Malformed)?;
        if self.sections.is_empty() || self.sections.len() > LIST_MAX {
            return Err(NotLogged::Malformed("sections"));
        }
        if self.policies.len() > LIST_MAX {
            return Err(NotLogged::Malformed("policies"));
        }
        Ok(())
    }
}

/// Whether a text can be a code: 1 to 96 of ASCII letters, digits and `_.:/-`. Without spaces, no
/// free text comes in by mistake.
pub(super) fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:/-".contains(&byte);
    (1..=CODE_LEN_MAX).contains(&text.len()) && text.bytes().all(plain)
}
