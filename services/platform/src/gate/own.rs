//! Records of one's own service: the door knows whose they are, and shows them to nobody else. Here
//! is written down who saw them, and whether a relation that holds now explains it.

use std::collections::BTreeSet;

use trama_events::codes::{Role, Section};
use trama_events::ids::PersonId;
use uuid::Uuid;

use super::reading::Reader;
use crate::access::{Decision, Entry, ROWS_MAX};
use crate::failure::Problem;
use crate::ties::Ties;

impl Reader {
    /// Writes down that these people stood in a list of one's own service, before it leaves.
    ///
    /// # Errors
    ///
    /// 503 when it cannot be written down.
    pub async fn listed(
        &self,
        people: impl IntoIterator<Item = PersonId>,
        section: Section,
    ) -> Result<(), Problem> {
        let people: BTreeSet<PersonId> = people.into_iter().collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        for page in people.chunks(ROWS_MAX) {
            let ties = self.own_ties(page).await;
            let entry = |(person, ties): (&PersonId, Option<Ties>)| Entry {
                listed: true,
                ..self.of_own(*person, section.code(), ties)
            };
            let entries = page.iter().zip(ties).map(entry).collect();
            self.gate().access().write_all(entries).await?;
        }
        Ok(())
    }

    /// Writes down that a record of one's own service was opened, before it leaves.
    ///
    /// # Errors
    ///
    /// 503 when it cannot be written down.
    pub async fn own(&self, person: PersonId, section: Section) -> Result<(), Problem> {
        let ties = self.own_ties(&[person]).await.pop().flatten();
        self.gate().access().write(self.of_own(person, section.code(), ties)).await?;
        Ok(())
    }

    /// Refuses a record that is not one of her own service, or that is not there; nobody is named
    /// then. It is written down, and takes as long either way.
    pub async fn not_own(&self, person: Option<PersonId>, section: Section) -> Problem {
        // Asked as if it were hers, so that the time does not tell that there is something.
        let asked = person.unwrap_or(PersonId(Uuid::nil()));
        let ties = self.own_ties(&[asked]).await.pop().flatten();
        let refused = self.of_own(asked, section.code(), ties);
        let refused = Entry { person, decision: Decision::Denied, ..refused };
        match self.gate().access().write(refused).await {
            Ok(_) => Problem::not_found(),
            Err(not_logged) => not_logged.into(),
        }
    }

    /// How she has to do with people of her own service. The door knows already whose record it is:
    /// that nobody can tell now shuts none, and is written down as what no relation explains.
    async fn own_ties(&self, people: &[PersonId]) -> Vec<Option<Ties>> {
        let told = self.gate().ties_with(&self.caller, people).await;
        told.unwrap_or_else(|_| vec![None; people.len()])
    }

    /// A row about somebody of her own service: explained by any relation, also by what her body
    /// wrote of the person, or by a task that has to do with everybody.
    fn of_own(&self, person: PersonId, named: &str, ties: Option<Ties>) -> Entry {
        let ties = ties.unwrap_or_default();
        Entry {
            explained: !ties.relations.is_empty() || is_task_with_everybody(self.caller.role),
            records: ties.records,
            ..self.allowed(Some(person), named)
        }
    }
}

/// Roles whose lists are not of people of their own service: who controls, who plans, and the
/// systems of other bodies, which are told by agreement. What they may list, the policies say.
fn is_task_with_everybody(role: Role) -> bool {
    [Role::Auditor, Role::PlanOffice, Role::ExternalSystem].contains(&role)
}
