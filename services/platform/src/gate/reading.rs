//! What of a person may be seen: decided, and written down, before anything of it is read.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::PersonId;
use trama_permit::{
    Asking, Circumstances, Decision as Decided, Deed, Part, Relation, Sections, Subject, Worker,
};

use super::{Gate, forced};
use crate::access::{Decision, Entry};
use crate::caller::Caller;
use crate::clock::real_now;
use crate::doors::Action;
use crate::failure::Problem;
use crate::staff::{Standing, Wanted, Who};
use crate::ties::Ties;

/// Most policies in a row of the access log.
const POLICIES_MAX: usize = 32;

/// A person's record as it is open to a reader. That it was opened is written down.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Every record that is this person.
    pub records: Vec<PersonId>,
    /// What may be shown.
    pub sections: Sections,
    /// Whether the reader manages a case of hers, or covers for whoever does.
    pub in_charge: bool,
    /// Whether somebody said of one of her records that she is not to be found: then of all.
    pub not_to_be_found: bool,
}

/// Somebody whom a search found, as far as a reader may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// Whether the reader may know that she is there.
    pub listed: bool,
    /// Whether the reader may see the class of data that was asked for.
    pub shown: bool,
}

/// A caller with the gate through which she came: how a handler opens a person's record.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who asks.
    pub caller: Caller,
    /// Through which door.
    pub action: Action,
    gate: Gate,
}

impl Reader {
    /// A reader that has passed the gate of this action.
    pub fn new(gate: Gate, caller: Caller, action: Action) -> Self {
        Self { caller, action, gate }
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Opens a person's record for reading some classes of her data: decides, and has it written
    /// down, before anything of it is read.
    ///
    /// # Errors
    ///
    /// 404 when none of the classes is open, whether she exists or not; 403 `purpose_needed` when
    /// one would be with a purpose, also for whoever does not exist; 503 when nobody can say who
    /// may, or when it cannot be written down.
    pub async fn open(&self, person: PersonId, asked: &[Section]) -> Result<Opened, Problem> {
        let ties = self.ties(person).await?;
        let asking = asking(&self.caller, person, &ties);
        let (sections, forced) = forced::open_now(self.gate.policies(), &asking, &ties, asked);
        let open: Vec<Section> = sections.open().keys().copied().collect();
        let is_open = !open.is_empty();
        let entry = Entry {
            sections: codes(if is_open { &open } else { asked }),
            decision: decision(is_open),
            policies: at_most(sections.policies().iter().cloned()),
            explained: explains(&ties.relations),
            records: ties.records.clone(),
            forced,
            ..self.entry(Some(person))
        };
        self.gate.access().write(entry).await?;
        if is_open {
            let in_charge = [Relation::CaseManager, Relation::Cover];
            let in_charge = in_charge.iter().any(|relation| ties.relations.contains(relation));
            let not_to_be_found = !ties.hidden_by.is_empty();
            return Ok(Opened { records: ties.records, sections, in_charge, not_to_be_found });
        }
        Err(self.closed(asking, asked))
    }

    /// The same answer for whoever may not see her and for whoever does not exist.
    fn closed(&self, mut asking: Asking, asked: &[Section]) -> Problem {
        if self.caller.stated.is_some() {
            return Problem::not_found();
        }
        // Asked of a person without ties, so that the answer does not tell whether she exists.
        asking.subject = Subject::new(asking.subject.person);
        asking.circumstances =
            Circumstances { purpose: Some(Purpose::Care), ..Circumstances::default() };
        if !self.gate.policies().sections_of(&asking, asked).is_empty() {
            let detail = "no open case, referral or stay explains this reading: state a purpose \
                          with the Purpose header (care, emergency, planning, audit or \
                          administration); it is written down";
            return Problem::new(StatusCode::FORBIDDEN, "purpose_needed", detail);
        }
        Problem::not_found()
    }

    /// Whether she may do something with a person's record as a whole. A refusal is written down.
    ///
    /// # Errors
    ///
    /// 404 when she may not, whether the person exists or not; 503 as [`Self::open`].
    pub async fn may_with(&self, person: PersonId, deed: Deed) -> Result<Ties, Problem> {
        let ties = self.ties(person).await?;
        let decided = self.may_now(person, &ties, deed);
        let allowed = decided.allowed;
        self.gate.access().write(self.deciding(person, deed.code(), &ties, decided)).await?;
        if allowed { Ok(ties) } else { Err(Problem::not_found()) }
    }

    /// [`Self::first_found`] of all of them.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn found(
        &self,
        people: &[PersonId],
        section: Section,
    ) -> Result<Vec<Found>, Problem> {
        self.first_found(people, section, people.len()).await
    }

    /// Of people who were found by a search, the best first: who may be shown as being there, and
    /// of whom one class of data. Ends with the last of `listed_max` who are shown; until there all
    /// are written down, also those who are not shown. Whoever comes after is asked about too, so
    /// that the time does not tell.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say who may, or when it cannot be written down.
    pub async fn first_found(
        &self,
        people: &[PersonId],
        section: Section,
        listed_max: usize,
    ) -> Result<Vec<Found>, Problem> {
        let ties = self.gate.ties_with(&self.caller, people).await?;
        let mut found = Vec::with_capacity(people.len());
        let mut entries = Vec::with_capacity(people.len());
        let (mut alike, stranger) = (Vec::new(), Ties::default());
        for (&person, told) in people.iter().zip(&ties) {
            let (listing, reads) = match told {
                Some(ties) => self.listing(&mut alike, person, ties, section),
                // A person of whom nobody can tell shuts her own record, and no search.
                None => (Decided { allowed: false, policies: Vec::new() }, false),
            };
            let ties = told.as_ref().unwrap_or(&stranger);
            let listed = listing.allowed;
            let shown = listed && reads;
            let named = if shown { section.code() } else { Deed::List.code() };
            entries.push(Entry { listed: true, ..self.deciding(person, named, ties, listing) });
            found.push(Found { person, listed, shown });
        }
        let last = found
            .iter()
            .enumerate()
            .filter(|(_, found)| found.listed)
            .nth(listed_max.saturating_sub(1));
        let end = last.map_or(found.len(), |(at, _)| at + 1);
        found.truncate(end);
        entries.truncate(end);
        if entries.is_empty() {
            entries.push(self.allowed(None, "search"));
        }
        self.gate.access().write_all(entries).await?;
        Ok(found)
    }

    /// Whether somebody may be shown as being there, and a class of her data. No policy asks who a
    /// person is, so that those with the same ties are decided once: most of a search are strangers.
    fn listing(
        &self,
        alike: &mut Vec<(Ties, Decided, bool)>,
        person: PersonId,
        ties: &Ties,
        section: Section,
    ) -> (Decided, bool) {
        let key = Ties {
            records: Vec::new(),
            hidden_by: BTreeMap::new(),
            given: BTreeSet::new(),
            sent_here: BTreeSet::new(),
            ..ties.clone()
        };
        if let Some((_, listing, reads)) = alike.iter().find(|(known, ..)| *known == key) {
            return (listing.clone(), *reads);
        }
        let listing = self.may_now(person, ties, Deed::List);
        let asking = asking(&self.caller, person, ties);
        let (open, _) = forced::open_now(self.gate.policies(), &asking, ties, &[section]);
        let reads = open.reads(section);
        alike.push((key, listing.clone(), reads));
        (listing, reads)
    }

    /// Whether the directory still says that she may act as she did when she came in: in the same
    /// membership, not in another that is like it.
    pub fn still_acts(&self) -> bool {
        let caller = &self.caller;
        let wanted = Wanted { membership: Some(caller.membership), ..Wanted::default() };
        match self.gate.staff().membership(Who::Staff(caller.staff), &wanted) {
            Standing::Active(now) => {
                now.membership == caller.membership
                    && (now.role, &now.ats) == (caller.role, &caller.ats)
                    && (now.organisation, &now.services) == (caller.organisation, &caller.services)
            }
            Standing::Suspended
            | Standing::Ended
            | Standing::NoSuchMembership
            | Standing::Unknown
            | Standing::Unsure => false,
        }
    }

    /// What of each of these people is still open to her, in their order, when nothing is shown: not
    /// written down. Nothing of whom is closed by now, or of whom nobody can tell.
    pub async fn still_sees_each(
        &self,
        people: &[PersonId],
        asked: &[Section],
    ) -> Vec<Option<Sections>> {
        let told = self.gate.ties_with(&self.caller, people).await;
        let told = told.unwrap_or_else(|_| vec![None; people.len()]);
        let still = |(person, ties): (&PersonId, Option<Ties>)| {
            let ties = ties?;
            let asking = asking(&self.caller, *person, &ties);
            let (sections, _) = forced::open_now(self.gate.policies(), &asking, &ties, asked);
            (!sections.is_empty()).then_some(sections)
        };
        people.iter().zip(told).map(still).collect()
    }

    pub(super) async fn ties(&self, person: PersonId) -> Result<Ties, Problem> {
        self.gate.ties(&self.caller, person).await
    }

    /// Break-glass opens a record for reading and for nothing else.
    pub(super) fn may_now(&self, person: PersonId, ties: &Ties, deed: Deed) -> Decided {
        let mut asking = asking(&self.caller, person, ties);
        asking.circumstances.forced = false;
        self.gate.policies().may_with_person(&asking, deed)
    }

    /// A row about a person, or about nobody; until somebody says otherwise, a refusal that nothing
    /// explains.
    pub(super) fn entry(&self, person: Option<PersonId>) -> Entry {
        let by = Entry::by(&self.caller, &self.caller.session, self.action.name, real_now());
        Entry { person, ..by }
    }

    /// A row about what was decided of something, by that name.
    pub(super) fn deciding(
        &self,
        person: PersonId,
        named: &str,
        ties: &Ties,
        decided: Decided,
    ) -> Entry {
        Entry {
            sections: vec![named.to_owned()],
            decision: decision(decided.allowed),
            policies: at_most(decided.policies),
            explained: explains(&ties.relations),
            records: ties.records.clone(),
            ..self.entry(Some(person))
        }
    }

    /// A row about what her own task explains.
    pub(super) fn allowed(&self, person: Option<PersonId>, named: &str) -> Entry {
        Entry {
            sections: vec![named.to_owned()],
            decision: Decision::Allowed,
            explained: true,
            ..self.entry(person)
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    /// The gate put it there; a route without a gate has no reader and answers nothing.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}

pub(super) fn codes(sections: &[Section]) -> Vec<String> {
    sections.iter().map(|section| section.code().to_owned()).collect()
}

pub(super) fn at_most(policies: impl IntoIterator<Item = String>) -> Vec<String> {
    policies.into_iter().take(POLICIES_MAX).collect()
}

pub(super) fn decision(allowed: bool) -> Decision {
    if allowed { Decision::Allowed } else { Decision::Denied }
}

/// Whether a relation explains a reading. That somebody wrote something once does not.
pub(super) fn explains(relations: &[Relation]) -> bool {
    relations.iter().any(|relation| *relation != Relation::OwnRecord)
}

/// Only who acts as a guardian is one, whoever was named in an appointment.
fn relations(role: Role, told: &[Relation]) -> impl Iterator<Item = Relation> {
    let acts_as = role == Role::Guardian;
    told.iter().copied().filter(move |told| *told != Relation::Guardian || acts_as)
}

pub(super) fn worker(caller: &Caller, ties: &Ties) -> Worker {
    Worker {
        staff: caller.staff,
        organisation: caller.organisation,
        role: caller.role,
        part: Part::of(caller.role, ties.profession),
        services: caller.services.iter().copied().collect(),
        suspended: false,
        second_factor: caller.second_factor,
    }
}

pub(super) fn asking(caller: &Caller, person: PersonId, ties: &Ties) -> Asking {
    Asking {
        worker: worker(caller, ties),
        subject: Subject {
            person,
            minor: ties.minor,
            guard: ties.guard,
            sealed_by: ties.sealed_by,
        },
        circumstances: Circumstances {
            purpose: caller.stated,
            relations: relations(caller.role, &ties.relations).collect(),
            consents: ties.consents.iter().copied().collect(),
            forced: !ties.forced.is_empty(),
            agreements: ties.agreements.clone(),
            handed_over: ties.handed_over.iter().copied().collect(),
            past: ties.past.clone(),
        },
    }
}
