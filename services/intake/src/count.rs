//! A count of homeless people, by a register or on one night: shown beside indicator I10, never
//! added to it.

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::ids::{CountId, PersonId};
use trama_events::intake::{CountEvent, CountSource};
use trama_platform::log::{Logged, Refusal, Taken};

/// One count as its event tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// As it was recorded; `None` before.
    pub counted: Option<Counted>,
}

/// How many people were counted, when and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// The count.
    pub count: CountId,
    /// On which day in Rome; not in the future.
    pub counted_on: Date,
    /// By whom.
    pub source: CountSource,
    /// How many people; none is an answer too.
    pub people: u32,
}

/// What can be asked of a count.
#[derive(Debug, Clone, PartialEq)]
pub enum CountCommand {
    /// Record it.
    Record {
        /// What was counted.
        counted: Counted,
        /// Today in Rome.
        today: Date,
    },
}

/// Why a count is not recorded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// This id was used before, for another count.
    #[error("this count was recorded already with other details: record a new one")]
    AlreadyRecorded,
    /// The day is still to come.
    #[error(
        "people cannot have been counted on {counted_on}, which is still to come: check the day"
    )]
    InTheFuture {
        /// The day that was given.
        counted_on: Date,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRecorded => "already_recorded",
            Self::InTheFuture { .. } => "in_the_future",
        }
    }
}

impl Aggregate for Count {
    const TYPE: &'static str = "homeless_count";
    type Command = CountCommand;
    type Event = CountEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: CountCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            CountCommand::Record { counted, today } => self.record(counted, today)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: CountEvent) {
        match event {
            CountEvent::HomelessCountRecorded { count, counted_on, source, people } => {
                self.counted = Some(Counted { count, counted_on, source, people });
            }
        }
    }
}

impl Logged for Count {
    /// A count is about nobody in particular.
    fn person(&self) -> Option<PersonId> {
        None
    }

    fn creates(command: &CountCommand) -> bool {
        matches!(command, CountCommand::Record { .. })
    }

    /// A count claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AlreadyRecorded
    }
}

impl Count {
    fn record(&self, counted: Counted, today: Date) -> Result<Vec<CountEvent>, Rejection> {
        match self.counted {
            Some(before) if before == counted => return Ok(vec![]),
            Some(_) => return Err(Rejection::AlreadyRecorded),
            None => {}
        }
        let Counted { count, counted_on, source, people } = counted;
        if counted_on > today {
            return Err(Rejection::InTheFuture { counted_on });
        }
        Ok(vec![CountEvent::HomelessCountRecorded { count, counted_on, source, people }])
    }
}
