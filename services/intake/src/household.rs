//! People who belong together, in one sense at a time: the family in the registry, the unit of the
//! means index, those who live together, those whom a service houses together. A person is in
//! households of several kinds, and these are not the same people (domain R2, R5).
//!
//! A household is its members and their days, and nothing else. Nobody is its head: what is known
//! of a person never hangs on a place in her family, so that no change there breaks it.

mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::ids::{HouseholdId, PersonId, ServiceId};
use trama_events::intake::{HouseholdEvent, HouseholdKind};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use refusals::Rejection;

/// One household as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Household {
    /// As it was recorded; `None` before.
    pub record: Option<Record>,
    /// Who belonged to it and when, the earliest time first.
    pub members: BTreeMap<PersonId, Vec<Membership>>,
}

/// What a household is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The household.
    pub household: HouseholdId,
    /// In which sense its members belong together.
    pub kind: HouseholdKind,
    /// Service that recorded it.
    pub service: ServiceId,
}

/// From when until when somebody belonged to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Since which day.
    pub from: Date,
    /// First day without her; `None` while she belongs to it.
    pub to: Option<Date>,
}

/// What can be asked of a household.
#[derive(Debug, Clone, PartialEq)]
pub enum HouseholdCommand {
    /// Record it.
    Record(Record),
    /// Somebody belongs to it.
    Join {
        /// Who: a record of the network.
        person: PersonId,
        /// Since which day.
        on: Date,
        /// Today in Rome.
        today: Date,
    },
    /// Somebody does not belong to it any more.
    Leave {
        /// Who.
        person: PersonId,
        /// First day without her.
        on: Date,
        /// Today in Rome.
        today: Date,
    },
}

impl Aggregate for Household {
    const TYPE: &'static str = "household";
    type Command = HouseholdCommand;
    type Event = HouseholdEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: HouseholdCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            HouseholdCommand::Record(record) => self.record(record)?,
            HouseholdCommand::Join { person, on, today } => self.join(person, on, today)?,
            HouseholdCommand::Leave { person, on, today } => self.leave(person, on, today)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: HouseholdEvent) {
        match event {
            HouseholdEvent::HouseholdRecorded { household, kind, service } => {
                self.record = Some(Record { household, kind, service });
            }
            HouseholdEvent::HouseholdMemberJoined { person, on } => {
                let times = self.members.entry(person).or_default();
                times.push(Membership { from: on, to: None });
            }
            HouseholdEvent::HouseholdMemberLeft { person, on } => {
                let times = self.members.get_mut(&person);
                if let Some(last) = times.and_then(|times| times.last_mut()) {
                    last.to = Some(on);
                }
            }
        }
    }
}

impl Logged for Household {
    /// A household concerns several; each event names whom it is about.
    fn person(&self) -> Option<PersonId> {
        None
    }

    fn keeps(&self, event: &HouseholdEvent) -> Vec<Keep> {
        let Some(guard) = self.record.and_then(|record| rules::guard(record.kind)) else {
            return Vec::new();
        };
        let days = |from, to| During::nights(from, to);
        match event {
            HouseholdEvent::HouseholdRecorded { .. } => Vec::new(),
            HouseholdEvent::HouseholdMemberJoined { person, on } => {
                vec![Keep::Claim { guard, key: person.to_string(), during: days(*on, None) }]
            }
            HouseholdEvent::HouseholdMemberLeft { person, on } => {
                let Some(from) = self.since(*person) else { return Vec::new() };
                let (key, open) = (person.to_string(), Some(days(from, None)));
                vec![
                    Keep::Release { guard, key: Some(key.clone()), during: open },
                    Keep::Claim { guard, key, during: days(from, Some(*on)) },
                ]
            }
        }
    }

    fn creates(command: &HouseholdCommand) -> bool {
        match command {
            HouseholdCommand::Record(_) => true,
            HouseholdCommand::Join { .. } | HouseholdCommand::Leave { .. } => false,
        }
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::InAnother { household: HouseholdId(taken.holder) }
    }
}

type Decision = Result<Vec<HouseholdEvent>, Rejection>;

impl Household {
    /// Who belongs to it now.
    pub fn now(&self) -> impl Iterator<Item = PersonId> {
        self.members.keys().copied().filter(|person| self.since(*person).is_some())
    }

    /// How many belong to it now.
    pub fn size(&self) -> usize {
        self.now().count()
    }

    fn record(&self, record: Record) -> Decision {
        match self.record {
            Some(before) if before == record => Ok(vec![]),
            Some(_) => Err(Rejection::AlreadyRecorded),
            None => {
                let Record { household, kind, service } = record;
                Ok(vec![HouseholdEvent::HouseholdRecorded { household, kind, service }])
            }
        }
    }

    /// Whoever left may come back, on the day she left or later.
    fn join(&self, person: PersonId, on: Date, today: Date) -> Decision {
        self.known()?;
        rules::not_after(on, today)?;
        match self.last(person) {
            Some(Membership { from, to: None }) if from == on => return Ok(vec![]),
            Some(Membership { from, to: None }) => {
                return Err(Rejection::AlreadyMember { since: from });
            }
            Some(Membership { to: Some(left), .. }) if on < left => {
                return Err(Rejection::StillThere { left });
            }
            Some(_) | None => {}
        }
        if self.size() >= rules::MEMBERS_MAX || self.times() >= rules::TIMES_MAX {
            return Err(Rejection::Full);
        }
        Ok(vec![HouseholdEvent::HouseholdMemberJoined { person, on }])
    }

    fn leave(&self, person: PersonId, on: Date, today: Date) -> Decision {
        self.known()?;
        rules::not_after(on, today.next_day().unwrap_or(today))?;
        match self.last(person) {
            Some(Membership { to: Some(left), .. }) if left == on => Ok(vec![]),
            Some(Membership { from, to: None }) if on <= from => {
                Err(Rejection::BeforeJoining { since: from })
            }
            Some(Membership { to: None, .. }) => {
                Ok(vec![HouseholdEvent::HouseholdMemberLeft { person, on }])
            }
            Some(Membership { to: Some(_), .. }) | None => Err(Rejection::NotAMember),
        }
    }

    fn known(&self) -> Result<(), Rejection> {
        if self.record.is_some() { Ok(()) } else { Err(Rejection::NoSuchHousehold) }
    }

    fn last(&self, person: PersonId) -> Option<Membership> {
        self.members.get(&person).and_then(|times| times.last().copied())
    }

    /// Since when she belongs to it now.
    fn since(&self, person: PersonId) -> Option<Date> {
        self.last(person).filter(|last| last.to.is_none()).map(|last| last.from)
    }

    fn times(&self) -> usize {
        self.members.values().map(Vec::len).sum()
    }
}
