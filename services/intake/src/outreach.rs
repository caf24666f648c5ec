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
/// The most words of a code of a quarter.
pub const QUARTER_PARTS_MAX: usize = 4;
/// What an address begins with and no quarter does.
const STREETS: [&str; 9] =
    ["via", "viale", "vico", "vicolo", "piazza", "piazzale", "piazzetta", "corso", "strada"];

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
    /// Code of the quarter, as [`is_quarter`] wants it.
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
    #[error(
        "a place is the code of a quarter: 1 to {QUARTER_PARTS_MAX} words of a-z with dashes, \
         {QUARTER_LEN_MAX} symbols at most, e.g. san-paolo; never an address, a name or a number"
    )]
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

/// Words of two letters or more with dashes between them. No digit fits, so no number of 11 symbols
/// does; of 16 symbols a tax code whose digits are written as letters would, and is refused. That a
/// word is nobody's name cannot be told from its letters.
fn is_quarter(code: &str) -> bool {
    let mut words = code.split('-');
    let word = |word: &str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    words.clone().all(word)
        && words.clone().count() <= QUARTER_PARTS_MAX
        && code.len() <= QUARTER_LEN_MAX
        && words.next().is_some_and(|first| !STREETS.contains(&first))
        && !holds_tax_code(code)
}

/// Whether 16 letters in a row, dashes left out, have the shape of a tax code in which letters
/// stand for the digits (*omocodia*).
fn holds_tax_code(code: &str) -> bool {
    let letters: Vec<u8> = code.bytes().filter(|b| *b != b'-').collect();
    let digit = |b: &u8| b"lmnpqrstuv".contains(b);
    let month = |b: &u8| b"abcdehlmprst".contains(b);
    letters.windows(16).any(|code| {
        code[6..8].iter().all(digit)
            && month(&code[8])
            && code[9..11].iter().all(digit)
            && code[12..15].iter().all(digit)
    })
}
