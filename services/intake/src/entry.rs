//! An entry that does not stand where it was made: moved to the person on whom it belongs, or taken
//! back by its author in its first seconds.
//!
//! An entry is an event of any context that says something of a person, named by the event's id.
//! Where one aggregate is one statement (a contact, a meal) the entry is the whole of it, named by
//! its first event; a housing situation is one entry with all its corrections, named by the first.
//! [`Made`] reads that from the events.
//!
//! The log keeps what was written as it was written. Moves and undoings are events beside it, and
//! every reader asks them where an entry stands: on the wrong person nothing shows any more, also
//! not "as it was known then", since what was known then was not hers. Only the auditor sees the
//! move.
//!
//! A thing on which a guard or another one's decision hangs (a bed, a card, a case) is not moved
//! here: it has an end of its own, and [`Way`] names it.

pub mod made;
mod refusals;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::ids::{PersonId, derive_uuid};
use trama_events::intake::{EntryEvent, ReattributionReason};
use trama_platform::log::{Logged, Taken};
use uuid::Uuid;

use made::Made;
pub use refusals::{Rejection, Way};

/// For how long an own entry can be taken back: domain §3, "an own entry can be undone within 30 s".
pub const UNDO_WITHIN: Duration = Duration::seconds(30);

/// The aggregate of an entry, by the entry's id.
pub fn id_of(entry: &str) -> Uuid {
    derive_uuid("EntryId", &[entry])
}

/// One entry as the moves tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// On whom it was made.
    #[default]
    AsMade,
    /// On somebody else.
    Moved {
        /// On whom it stood before.
        from: PersonId,
        /// On whom it stands.
        to: PersonId,
    },
    /// Nowhere.
    Undone {
        /// On whom it stood, when on anybody.
        person: Option<PersonId>,
    },
}

/// What can be asked of an entry. The aggregate's id is [`id_of`].
#[derive(Debug, Clone, PartialEq)]
pub enum EntryCommand {
    /// It was made on the wrong person.
    Reattribute(Box<Move>),
    /// Its author takes it back.
    Undo {
        /// The entry as its own log tells it.
        entry: Box<Made>,
        /// Now, by the same clock that recorded it.
        now: OffsetDateTime,
    },
}

/// Everything that moving an entry needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The entry as its own log tells it.
    pub entry: Made,
    /// On whom the asker sees it.
    pub from: PersonId,
    /// On whom it belongs: a record of the network.
    pub to: PersonId,
    /// Why.
    pub reason: ReattributionReason,
}

impl Aggregate for Entry {
    const TYPE: &'static str = "entry";
    type Command = EntryCommand;
    type Event = EntryEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: EntryCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            EntryCommand::Reattribute(asked) => self.reattribute(*asked)?,
            EntryCommand::Undo { entry, now } => self.undo(*entry, now)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: EntryEvent) {
        self.place = match event {
            EntryEvent::EntryReattributed { from, to, .. } => Place::Moved { from, to },
            EntryEvent::EntryUndone { person, .. } => Place::Undone { person },
        };
    }
}

impl Logged for Entry {
    /// On whom it stands; after an undoing, on whom it stood.
    fn person(&self) -> Option<PersonId> {
        match self.place {
            Place::AsMade => None,
            Place::Moved { to, .. } => Some(to),
            Place::Undone { person } => person,
        }
    }

    fn creates(command: &EntryCommand) -> bool {
        match command {
            EntryCommand::Reattribute(_) | EntryCommand::Undo { .. } => true,
        }
    }

    /// An entry claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::NotOnHer
    }
}

type Decision = Result<Vec<EntryEvent>, Rejection>;

impl Entry {
    /// Moved again it goes from where it stands now, also back. Whoever saw it elsewhere looks again.
    fn reattribute(&self, asked: Move) -> Decision {
        let Move { entry, from, to, reason } = asked;
        entry.movable()?;
        if from == to {
            return Err(Rejection::SamePerson);
        }
        match self.place {
            Place::Moved { from: before, to: now } if before == from && now == to => {
                return Ok(vec![]);
            }
            Place::Undone { .. } => return Err(Rejection::Undone),
            Place::AsMade | Place::Moved { .. } => {}
        }
        if self.stands_on(&entry) != Some(from) {
            return Err(Rejection::NotOnHer);
        }
        Ok(vec![EntryEvent::EntryReattributed { entry: entry.id, from, to, reason }])
    }

    fn undo(&self, entry: Made, now: OffsetDateTime) -> Decision {
        entry.undoable()?;
        if matches!(self.place, Place::Undone { .. }) {
            return Ok(vec![]);
        }
        if now - entry.recorded_at > UNDO_WITHIN {
            return Err(Rejection::TooLate);
        }
        let person = self.stands_on(&entry);
        Ok(vec![EntryEvent::EntryUndone { entry: entry.id, person }])
    }

    /// On whom it stands now.
    pub fn stands_on(&self, entry: &Made) -> Option<PersonId> {
        match self.place {
            Place::AsMade => entry.person,
            Place::Moved { to, .. } => Some(to),
            Place::Undone { .. } => None,
        }
    }
}
