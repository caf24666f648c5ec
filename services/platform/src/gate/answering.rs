//! Who answers for what was written: she moves an entry that stands on the wrong person (trust.md,
//! "moved by its author or the responsible").

use std::collections::BTreeSet;

use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_permit::Relation;

use super::reading::Reader;
use crate::failure::Problem;

/// Roles in which somebody is in charge of people.
const IN_CHARGE: [Role; 2] = [Role::CaseManager, Role::MinorsWorker];

/// For which entries on a person somebody answers. Doors and pages ask the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// The body for which she acts.
    pub organisation: OrganisationId,
    /// Whether she manages a case of the person, and acts as a case manager or for minors.
    pub in_charge: bool,
    /// The services whose named responsible she is, of those for which she acts now.
    pub services: BTreeSet<ServiceId>,
}

impl Answering {
    /// Whether she answers for an entry of this body and, where it says which, this service: as the
    /// responsible of the service, or as the person's case manager in that body. An entry that names
    /// no service was made in the body's name, and each of its responsibles answers for it.
    pub fn includes(&self, organisation: OrganisationId, service: Option<ServiceId>) -> bool {
        let responsible = match service {
            Some(service) => self.services.contains(&service),
            None => !self.services.is_empty(),
        };
        organisation == self.organisation && (self.in_charge || responsible)
    }
}

impl Reader {
    /// Whether this person is of age for certain: by the year of her birth, or by its day.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn is_of_age(&self, person: PersonId) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        Ok(ties.past.of_age_on.is_some() && !ties.minor)
    }

    /// Whether somebody else gave her a case on this record of the person. What she began herself gives
    /// her nothing, nor does what a colleague began, nor a record that is linked with this one.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn is_given(&self, person: PersonId) -> Result<bool, Problem> {
        Ok(self.ties(person).await?.given.contains(&person))
    }

    /// Whether another body sent the person, by this record, to one of her services.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn is_sent(&self, person: PersonId) -> Result<bool, Problem> {
        Ok(self.ties(person).await?.sent_here.contains(&person))
    }

    /// For which entries on this person she answers.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn answers(&self, person: PersonId) -> Result<Answering, Problem> {
        let ties = self.ties(person).await?;
        Ok(Answering {
            organisation: self.caller.organisation,
            in_charge: ties.relations.contains(&Relation::CaseManager)
                && IN_CHARGE.contains(&self.caller.role),
            services: self.gate().staff().answers_for(self.caller.staff, &self.caller.services),
        })
    }
}
