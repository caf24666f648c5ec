//! Meals served: to a person, or to so many people whom nobody asked for a name (R1).

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::codes::Recipient;
use trama_events::food::MealEvent;
use trama_events::ids::{MealId, PersonId, ServiceId};
use trama_platform::log::{Logged, Refusal, Taken};

/// Most meals in one anonymous record. Source: the published bound of `Recipient`.
pub const ANONYMOUS_MAX: u32 = 10_000;

/// One record of meals as its event tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meal {
    served: Option<Serving>,
}

/// What was served.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Serving {
    /// The record.
    pub meal: MealId,
    /// The canteen or street unit.
    pub service: ServiceId,
    /// To whom: one person, or 1 to 10,000 anonymous people.
    pub recipient: Recipient,
}

/// What can be asked of a record of meals.
#[derive(Debug, Clone, PartialEq)]
pub enum MealCommand {
    /// Write down what was served.
    Serve {
        /// What, and to whom.
        serving: Serving,
        /// Whether our copy of the register knows the person, when there is one.
        person_known: bool,
    },
}

/// Why meals are not recorded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody, or too many.
    #[error("count 1 to 10,000 meals in one record")]
    Count,
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// The id belongs to a record with other facts.
    #[error("other meals were recorded under this id: record these under their own")]
    IdInUse,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::UnknownPerson => "unknown_person",
            Self::IdInUse => "id_in_use",
        }
    }
}

impl Aggregate for Meal {
    const TYPE: &'static str = "meal";
    type Command = MealCommand;
    type Event = MealEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: MealCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            MealCommand::Serve { serving, person_known } => self.serve(serving, person_known)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: MealEvent) {
        match event {
            MealEvent::MealServed { meal, service, recipient } => {
                self.served = Some(Serving { meal, service, recipient });
            }
        }
    }
}

impl Logged for Meal {
    fn person(&self) -> Option<PersonId> {
        self.served.and_then(|served| served.recipient.person())
    }

    fn creates(command: &MealCommand) -> bool {
        matches!(command, MealCommand::Serve { .. })
    }

    /// Meals claim nothing; only their id can be in use.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::IdInUse
    }
}

impl Meal {
    fn serve(&self, serving: Serving, person_known: bool) -> Result<Vec<MealEvent>, Rejection> {
        let Serving { meal, service, recipient } = serving;
        if !(1..=ANONYMOUS_MAX).contains(&recipient.count()) {
            return Err(Rejection::Count);
        }
        match self.served {
            None if recipient.person().is_some() && !person_known => Err(Rejection::UnknownPerson),
            None => Ok(vec![MealEvent::MealServed { meal, service, recipient }]),
            Some(before) if before == serving => Ok(vec![]),
            Some(_) => Err(Rejection::IdInUse),
        }
    }
}
