//! What may be written of a person. A refusal is written down; what was written, the log says.

use std::collections::BTreeSet;

use trama_events::codes::Section;
use trama_events::ids::{PersonId, ServiceId};
use trama_permit::{Asking, Decision as Decided, Deed, Record, Relation, Use};

use super::reading::{Reader, asking, codes};
use crate::access::Entry;
use crate::failure::Problem;
use crate::ties::Ties;

/// What a context's own log tells of a person's record. A read model may not have heard of it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether the worker's own service wrote something about her, e.g. registered her.
    pub own_record: bool,
    /// The confidential service whose pseudonym this is.
    pub sealed_by: Option<ServiceId>,
}

impl Reader {
    /// Whether she may write in all of these classes of a person's data. `known` is none where
    /// nobody registered her.
    ///
    /// Nobody is asked why she writes: what is written says care, unless she states another
    /// purpose, and so does this question. Break-glass writes nothing.
    ///
    /// # Errors
    ///
    /// 404 when she may not, and for whoever does not exist; 503 when nobody can say who may, or
    /// when a refusal cannot be written down.
    pub async fn writes(
        &self,
        person: PersonId,
        known: Option<Known>,
        asked: &BTreeSet<Section>,
    ) -> Result<(), Problem> {
        let ties = self.ties(person).await?;
        let asking = self.asking_to_write(person, &ties, known);
        let decided: Vec<Decided> =
            asked.iter().map(|section| self.may_write(&asking, *section)).collect();
        if known.is_some() && !asked.is_empty() && decided.iter().all(|decided| decided.allowed) {
            return Ok(());
        }
        let refusing = decided.into_iter().filter(|decided| !decided.allowed);
        let policies: BTreeSet<String> = refusing.flat_map(|decided| decided.policies).collect();
        let decided = Decided { allowed: false, policies: policies.into_iter().collect() };
        let entry = self.deciding(person, Use::Write.code(), &ties, decided);
        let asked: Vec<Section> = asked.iter().copied().collect();
        let sections = [entry.sections.clone(), codes(&asked)].concat();
        self.gate().access().write(Entry { sections, ..entry }).await?;
        Err(Problem::not_found())
    }

    /// Whether she may do something with a person's record as a whole that writes, as judging
    /// whether it and another are one.
    ///
    /// # Errors
    ///
    /// As [`Self::writes`].
    pub async fn acts_on(
        &self,
        person: PersonId,
        known: Option<Known>,
        deed: Deed,
    ) -> Result<(), Problem> {
        let ties = self.ties(person).await?;
        let asking = self.asking_to_write(person, &ties, known);
        let decided = self.gate().policies().may_with_person(&asking, deed);
        if known.is_some() && decided.allowed {
            return Ok(());
        }
        let decided = Decided { allowed: false, ..decided };
        let entry = self.deciding(person, deed.code(), &ties, decided);
        self.gate().access().write(entry).await?;
        Err(Problem::not_found())
    }

    pub(super) fn asking_to_write(
        &self,
        person: PersonId,
        ties: &Ties,
        known: Option<Known>,
    ) -> Asking {
        let mut asking = asking(&self.caller, person, ties);
        asking.circumstances.purpose = Some(self.caller.purpose);
        asking.circumstances.forced = false;
        asking.subject.sealed_by = known.and_then(|known| known.sealed_by).or(ties.sealed_by);
        if known.is_some_and(|known| known.own_record) {
            asking.circumstances.relations.insert(Relation::OwnRecord);
        }
        asking
    }

    /// What she writes is written by her own service.
    fn may_write(&self, asking: &Asking, section: Section) -> Decided {
        let record = Record {
            section,
            organisation: self.caller.organisation,
            service: self.caller.services.first().copied(),
            obscured: false,
        };
        self.gate().policies().may(asking, Use::Write, &record)
    }
}
