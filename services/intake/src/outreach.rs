//! An encounter in the street. The place is a quarter, never an address.

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::codes::Ethos;
use trama_events::ids::{EncounterId, PersonId, ServiceId};
use trama_events::intake::OutreachEvent;
use trama_platform::log::{Logged, Refusal, Taken};

/// The longest code of a quarter, in symbols.
pub const QUARTER_LEN_MAX: usize = 40;

/// One encounter as its event tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outreach {
    /// As it was recorded; `None` before.
    pub encounter: Option<Encounter>,
}

/// Who met whom, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encounter {
    /// The encounter.
    pub encounter: EncounterId,
    /// The unit.
    pub service: ServiceId,
    /// Whom, when a record exists.
    pub person: Option<PersonId>,
    /// Where she sleeps.
    pub ethos: Ethos,
    /// Code of the quarter, 1 to [`QUARTER_LEN_MAX`] of `a-z`, `0-9`, `-`.
    pub quarter: Option<String>,
}

/// What can be asked of an encounter.
#[derive(Debug, Clone, PartialEq)]
pub enum OutreachCommand {
    /// Record it.
    Record(Encounter),
}

/// Why an encounter is not recorded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered the person who is named.
    #[error("there is no such person's record: look for her code, register her, or name nobody")]
    NoSuchPerson,
    /// This id was used before, for another encounter.
    #[error("this encounter was recorded already with other details: record a new one")]
    AlreadyRecorded,
    /// Not the code of a quarter.
    #[error("a place is the code of a quarter: 1 to {QUARTER_LEN_MAX} of a-z, 0-9 and dashes")]
    Quarter,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::AlreadyRecorded => "already_recorded",
            Self::Quarter => "quarter",
        }
    }
}

impl Aggregate for Outreach {
    const TYPE: &'static str = "outreach_encounter";
    type Command = OutreachCommand;
    type Event = OutreachEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: OutreachCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            OutreachCommand::Record(encounter) => self.record(encounter)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: OutreachEvent) {
        match event {
            OutreachEvent::OutreachEncounterRecorded {
                encounter,
                service,
                person,
                ethos,
                quarter,
            } => {
                self.encounter = Some(Encounter { encounter, service, person, ethos, quarter });
            }
        }
    }
}

impl Logged for Outreach {
    fn person(&self) -> Option<PersonId> {
        self.encounter.as_ref().and_then(|encounter| encounter.person)
    }

    fn creates(command: &OutreachCommand) -> bool {
        matches!(command, OutreachCommand::Record(_))
    }

    /// An encounter claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AlreadyRecorded
    }
}

impl Outreach {
    fn record(&self, met: Encounter) -> Result<Vec<OutreachEvent>, Rejection> {
        match &self.encounter {
            Some(before) if *before == met => return Ok(vec![]),
            Some(_) => return Err(Rejection::AlreadyRecorded),
            None => {}
        }
        if !met.quarter.as_deref().is_none_or(is_quarter) {
            return Err(Rejection::Quarter);
        }
        let Encounter { encounter, service, person, ethos, quarter } = met;
        Ok(vec![OutreachEvent::OutreachEncounterRecorded {
            encounter,
            service,
            person,
            ethos,
            quarter,
        }])
    }
}

fn is_quarter(code: &str) -> bool {
    let symbols = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    symbols && (1..=QUARTER_LEN_MAX).contains(&code.len())
}
