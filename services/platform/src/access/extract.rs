//! "Who looked at me": what the person has a right to (Garante, 4 June 2015, n. 331: department,
//! date and time of each access; an answer within 15 days).

use std::collections::BTreeSet;

use serde::Serialize;
use time::OffsetDateTime;
use trama_events::codes::{Role, Section};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use utoipa::ToSchema;

use super::entry::Decision;
use super::read::{AccessReader, Between, Of, Page, Paged, Row, Sight};

/// For whom an extract is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience<'a> {
    /// The person: who was let in, by organisation and role, never a worker's id.
    Person,
    /// The person, by way of a desk or of who has her in charge: as [`Self::Person`], without what
    /// nobody there may know: looks of these bodies and of health services, and what only they see.
    Teller(&'a BTreeSet<OrganisationId>),
    /// The auditor: also who it was, and who was refused.
    Auditor,
}

/// Roles whose look tells what somebody suffers from, or that a court knows her.
const UNTOLD_ROLES: [Role; 3] = [Role::CsmOperator, Role::SerdOperator, Role::CourtOperator];
/// Classes of data that only such services, or a secret shelter, have.
const UNTOLD_SECTIONS: [Section; 4] =
    [Section::Csm, Section::Addiction, Section::SecretAddress, Section::Reporter];

impl Audience<'_> {
    /// Which rows she gets.
    fn sight(self) -> Sight {
        match self {
            Self::Person => Sight { allowed_only: true, ..Sight::default() },
            Self::Auditor => Sight::default(),
            Self::Teller(bodies) => Sight {
                allowed_only: true,
                but_of: bodies.iter().map(|body| body.0).collect(),
                but_as: UNTOLD_ROLES.map(|role| role.code().to_owned()).to_vec(),
                but_at: UNTOLD_SECTIONS.map(|section| section.code().to_owned()).to_vec(),
            },
        }
    }
}

/// One look at a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Looked {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
    /// At which sections.
    pub sections: Vec<String>,
    /// For which purpose.
    pub purpose: String,
    /// The code of a reason that had to be given.
    pub reason: Option<String>,
    /// Whether it was an emergency access, without a relation that explains it.
    pub emergency_access: bool,
    /// Whether she was one of a list, and nothing of her was opened.
    pub listed: bool,
    /// Who it was: for the auditor only.
    pub staff: Option<StaffId>,
    /// What was decided: a refusal is shown to the auditor only.
    pub decision: Decision,
}

impl Looked {
    fn of(row: Row, audience: Audience<'_>) -> Self {
        let is_teller = matches!(audience, Audience::Teller(_));
        let untold = |code: &String| UNTOLD_SECTIONS.iter().any(|section| section.code() == code);
        let sections = row.sections.into_iter().filter(|code| !(is_teller && untold(code)));
        Self {
            at: row.at,
            organisation: row.organisation,
            role: row.role,
            sections: sections.collect(),
            purpose: row.purpose,
            reason: row.reason.filter(|_| !is_teller),
            emergency_access: row.forced,
            listed: row.listed,
            staff: Some(row.staff).filter(|_| audience == Audience::Auditor),
            decision: row.decision,
        }
    }
}

impl AccessReader {
    /// Who looked at a person, the newest first. `persons` are all records of hers: those that are
    /// linked too.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn extract(
        &self,
        persons: &[PersonId],
        between: Between,
        page: Page,
        audience: Audience<'_>,
    ) -> sqlx::Result<Paged<Looked>> {
        let sight = audience.sight();
        let found = self.newest(Of::Persons(persons), &sight, between, page).await?;
        let items = found.items.into_iter().map(|row| Looked::of(row, audience)).collect();
        Ok(Paged { items, next: found.next })
    }
}
