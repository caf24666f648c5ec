//! "Who looked at me": what the person has a right to (Garante, 4 June 2015, n. 331: department,
//! date and time of each access; an answer within 15 days).

use serde::Serialize;
use time::OffsetDateTime;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use utoipa::ToSchema;

use super::entry::Decision;
use super::read::{AccessReader, Between, Of, Page, Paged, Row};

/// For whom an extract is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The person: who was let in, by organisation and role, never a worker's id.
    Person,
    /// The auditor: also who it was, and who was refused.
    Auditor,
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
    /// Who it was: for the auditor only.
    pub staff: Option<StaffId>,
    /// What was decided: a refusal is shown to the auditor only.
    pub decision: Decision,
}

impl Looked {
    fn of(row: Row, audience: Audience) -> Self {
        Self {
            at: row.at,
            organisation: row.organisation,
            role: row.role,
            sections: row.sections,
            purpose: row.purpose,
            reason: row.reason,
            emergency_access: row.forced,
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
        audience: Audience,
    ) -> sqlx::Result<Paged<Looked>> {
        let allowed_only = audience == Audience::Person;
        let found = self.newest(Of::Persons(persons), allowed_only, between, page).await?;
        let items = found.items.into_iter().map(|row| Looked::of(row, audience)).collect();
        Ok(Paged { items, next: found.next })
    }
}
