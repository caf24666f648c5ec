//! A person's record as the log tells it: which facts there are, what holds them, what was erased.
//! The values are not here.

mod refusals;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{FactSource, IdentityField, Segment};
use trama_events::identity::{ErasureReason, IdentityEvent};
use trama_events::ids::{ErasureId, FactId, HoldId, PersonId, StaffId};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use refusals::Rejection;

/// One person's record as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Whose it is; `None` before the first event.
    pub person: Option<PersonId>,
    /// Facts that there are.
    pub facts: BTreeMap<FactId, IdentityField>,
    /// Legal holds that nobody lifted, with their last day.
    pub holds: BTreeMap<HoldId, Option<Date>>,
    /// Holds that were lifted.
    pub lifted: BTreeSet<HoldId>,
    /// Requests to erase.
    pub erasures: BTreeMap<ErasureId, Erasure>,
    /// Segments whose keys were destroyed.
    pub erased: BTreeSet<Segment>,
}

/// A request to erase, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Erasure {
    /// Which segments, each once, in order.
    pub segments: Vec<Segment>,
    /// Why.
    pub reason: ErasureReason,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a request to erase has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Asked for; a second person decides.
    Requested,
    /// The second person did not agree.
    Refused,
    /// The keys are destroyed.
    Done,
}

/// A fact whose row is in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    /// The row.
    pub fact: FactId,
    /// What it says.
    pub field: IdentityField,
    /// Under which key it lies.
    pub segment: Segment,
    /// Where it comes from.
    pub source: FactSource,
    /// The fact that it corrects.
    pub replaces: Option<FactId>,
    /// SHA-256 of salt and value.
    pub digest: String,
}

/// What can be asked of a person's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityCommand {
    /// Facts were said of her.
    Record {
        /// The person.
        person: PersonId,
        /// The facts, each once.
        facts: Vec<NewFact>,
    },
    /// Nothing of her may be erased.
    PlaceHold {
        /// The hold.
        hold: HoldId,
        /// The person.
        person: PersonId,
        /// Last day, when it ends by itself.
        until: Option<Date>,
        /// Today.
        today: Date,
    },
    /// A hold ends.
    LiftHold {
        /// The hold.
        hold: HoldId,
    },
    /// Erase segments of hers, once a second person agrees.
    RequestErasure {
        /// The request.
        erasure: ErasureId,
        /// The person.
        person: PersonId,
        /// Which segments.
        segments: Vec<Segment>,
        /// Why.
        reason: ErasureReason,
        /// Today.
        today: Date,
    },
    /// The second person does not agree.
    RefuseErasure {
        /// The request.
        erasure: ErasureId,
        /// Who decides, and who asked.
        two: Two,
    },
    /// The second person agrees.
    Erase {
        /// The request.
        erasure: ErasureId,
        /// Who decides, and who asked.
        two: Two,
        /// SHA-256 of the certificate.
        certificate: String,
        /// Today.
        today: Date,
    },
}

/// The two people whom an erasure needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Two {
    /// Who asked, as the log says; `None` when nobody did.
    pub asked: Option<StaffId>,
    /// Who decides.
    pub decides: StaffId,
}

/// Claimed for ever by an erasure, under its own id: so the log lists what was erased.
pub(crate) const ERASED: &str = "erased";

impl Aggregate for Identity {
    const TYPE: &'static str = "identity";
    type Command = IdentityCommand;
    type Event = IdentityEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: IdentityCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            IdentityCommand::Record { person, facts } => self.record(person, facts)?,
            IdentityCommand::PlaceHold { hold, person, until, today } => {
                self.place_hold(hold, person, until, today)?
            }
            IdentityCommand::LiftHold { hold } => self.lift_hold(hold)?,
            IdentityCommand::RequestErasure { erasure, person, segments, reason, today } => {
                let asked = Erasure { segments, reason, stage: Stage::Requested };
                self.request(erasure, person, asked, today)?
            }
            IdentityCommand::RefuseErasure { erasure, two } => self.refuse(erasure, two)?,
            IdentityCommand::Erase { erasure, two, certificate, today } => {
                self.erase(erasure, two, certificate, today)?
            }
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: IdentityEvent) {
        match event {
            IdentityEvent::IdentityFactRecorded { fact, person, field, .. } => {
                self.person = Some(person);
                self.facts.insert(fact, field);
            }
            IdentityEvent::LegalHoldPlaced { hold, person, until } => {
                self.person = Some(person);
                self.holds.insert(hold, until);
            }
            IdentityEvent::LegalHoldLifted { hold } => {
                self.holds.remove(&hold);
                self.lifted.insert(hold);
            }
            IdentityEvent::ErasureRequested { erasure, person, segments, reason } => {
                self.person = Some(person);
                let stage = Stage::Requested;
                self.erasures.insert(erasure, Erasure { segments, reason, stage });
            }
            IdentityEvent::ErasureRefused { erasure } => self.staged(erasure, Stage::Refused),
            IdentityEvent::PersonErased { erasure, segments, .. } => {
                self.erased.extend(segments);
                self.staged(erasure, Stage::Done);
            }
        }
    }
}

impl Logged for Identity {
    fn person(&self) -> Option<PersonId> {
        self.person
    }

    fn keeps(&self, event: &IdentityEvent) -> Vec<Keep> {
        match event {
            IdentityEvent::PersonErased { erasure, .. } => {
                vec![Keep::Claim {
                    guard: ERASED,
                    key: erasure.to_string(),
                    during: During::ALWAYS,
                }]
            }
            IdentityEvent::IdentityFactRecorded { .. }
            | IdentityEvent::LegalHoldPlaced { .. }
            | IdentityEvent::LegalHoldLifted { .. }
            | IdentityEvent::ErasureRequested { .. }
            | IdentityEvent::ErasureRefused { .. } => Vec::new(),
        }
    }

    /// The id of an erasure that another record has.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::NoSuchErasure
    }
}

type Decision = Result<Vec<IdentityEvent>, Rejection>;

impl Identity {
    fn staged(&mut self, erasure: ErasureId, stage: Stage) {
        if let Some(erasure) = self.erasures.get_mut(&erasure) {
            erasure.stage = stage;
        }
    }

    /// Whether these facts would be taken now.
    pub fn takes(&self, person: PersonId, facts: &[NewFact]) -> bool {
        self.record(person, facts.to_vec()).is_ok()
    }

    fn record(&self, person: PersonId, facts: Vec<NewFact>) -> Decision {
        let new = facts.into_iter().filter(|new| !self.facts.contains_key(&new.fact));
        new.map(|new| self.record_one(person, new)).collect()
    }

    fn record_one(&self, person: PersonId, new: NewFact) -> Result<IdentityEvent, Rejection> {
        let NewFact { fact, field, segment, source, replaces, digest } = new;
        if self.erased.contains(&segment) {
            return Err(Rejection::Erased { segment });
        }
        if replaces.is_some_and(|old| self.facts.get(&old) != Some(&field)) {
            return Err(Rejection::ReplacesNothing { field });
        }
        Ok(IdentityEvent::IdentityFactRecorded {
            fact,
            person,
            field,
            segment,
            source,
            replaces,
            digest,
        })
    }

    fn place_hold(
        &self,
        hold: HoldId,
        person: PersonId,
        until: Option<Date>,
        today: Date,
    ) -> Decision {
        if until.is_some_and(|last| last < today) {
            return Err(Rejection::HoldIsOver);
        }
        match self.holds.get(&hold) {
            Some(before) if *before == until => Ok(vec![]),
            Some(_) => Err(Rejection::HoldTaken),
            None if self.lifted.contains(&hold) => Err(Rejection::HoldTaken),
            None => Ok(vec![IdentityEvent::LegalHoldPlaced { hold, person, until }]),
        }
    }

    fn lift_hold(&self, hold: HoldId) -> Decision {
        if self.lifted.contains(&hold) {
            return Ok(vec![]);
        }
        if !self.holds.contains_key(&hold) {
            return Err(Rejection::NoSuchHold);
        }
        Ok(vec![IdentityEvent::LegalHoldLifted { hold }])
    }

    fn request(
        &self,
        erasure: ErasureId,
        person: PersonId,
        mut asked: Erasure,
        today: Date,
    ) -> Decision {
        asked.segments.sort_unstable();
        asked.segments.dedup();
        if let Some(before) = self.erasures.get(&erasure) {
            let same = before.segments == asked.segments && before.reason == asked.reason;
            return if same { Ok(vec![]) } else { Err(Rejection::ErasureTaken) };
        }
        if self.facts.is_empty() {
            return Err(Rejection::NothingThere);
        }
        if asked.segments.is_empty() {
            return Err(Rejection::NoSegment);
        }
        self.is_free(today)?;
        if let Some(segment) = asked.segments.iter().find(|s| self.erased.contains(s)) {
            return Err(Rejection::Erased { segment: *segment });
        }
        let Erasure { segments, reason, .. } = asked;
        Ok(vec![IdentityEvent::ErasureRequested { erasure, person, segments, reason }])
    }

    fn refuse(&self, erasure: ErasureId, two: Two) -> Decision {
        two.are_two()?;
        match self.erasures.get(&erasure).map(|asked| asked.stage) {
            None => Err(Rejection::NoSuchErasure),
            Some(Stage::Requested) => Ok(vec![IdentityEvent::ErasureRefused { erasure }]),
            Some(Stage::Refused) => Ok(vec![]),
            Some(Stage::Done) => Err(Rejection::DecidedAlready),
        }
    }

    fn erase(&self, erasure: ErasureId, two: Two, certificate: String, today: Date) -> Decision {
        two.are_two()?;
        let (Some(asked), Some(person)) = (self.erasures.get(&erasure), self.person) else {
            return Err(Rejection::NoSuchErasure);
        };
        match asked.stage {
            Stage::Done => return Ok(vec![]),
            Stage::Refused => return Err(Rejection::DecidedAlready),
            Stage::Requested => self.is_free(today)?,
        }
        let segments = asked.segments.clone();
        Ok(vec![IdentityEvent::PersonErased { erasure, person, segments, certificate }])
    }

    /// A hold counts through its last day.
    fn is_free(&self, today: Date) -> Result<(), Rejection> {
        let holds = self.holds.values().any(|until| until.is_none_or(|last| last >= today));
        if holds { Err(Rejection::UnderLegalHold) } else { Ok(()) }
    }
}

impl Two {
    fn are_two(self) -> Result<(), Rejection> {
        match self.asked {
            None => Err(Rejection::NoSuchErasure),
            Some(asked) if asked == self.decides => Err(Rejection::SamePerson),
            Some(_) => Ok(()),
        }
    }
}
