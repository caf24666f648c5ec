//! Something given, to one person or to a number of people whom nobody asked for a name.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::codes::{Recipient, ServiceType};
use trama_events::ids::{DeliveryId, PersonId, ServiceId};
use trama_events::intake::{DeliveryEvent, DeliveryOutcome};
use trama_platform::log::{Logged, Refusal, Taken};

/// How many people one record counts.
pub const PEOPLE: RangeInclusive<u32> = 1..=10_000;
/// How many minutes of work one record counts: up to a whole day.
pub const MINUTES: RangeInclusive<u16> = 1..=1_440;

/// One thing given, as its event tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// As it was recorded; `None` before.
    pub given: Option<Given>,
}

/// What was given, to whom and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The record.
    pub delivery: DeliveryId,
    /// Service that gave it.
    pub service: ServiceId,
    /// What was given.
    pub service_type: ServiceType,
    /// To whom; a number of people in the range [`PEOPLE`].
    pub recipient: Recipient,
    /// Minutes of work, in the range [`MINUTES`].
    pub minutes: Option<u16>,
    /// How it went.
    pub outcome: Option<DeliveryOutcome>,
}

/// What can be asked of a delivery.
#[derive(Debug, Clone, PartialEq)]
pub enum DeliveryCommand {
    /// Record what was given.
    Record {
        /// What, to whom and by whom.
        given: Given,
        /// What the service does, as far as intake's own copy of the directory knows.
        by: Option<ServiceType>,
    },
}

/// Why a delivery is not recorded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered the person who is named.
    #[error("there is no such person's record: look for her code, register her, or name nobody")]
    NoSuchPerson,
    /// Nobody registered the service, as far as is known here.
    #[error(
        "this service is not in the directory: register it there first; \
         if it was registered a moment ago, try again"
    )]
    UnknownService,
    /// The service does something else.
    #[error(
        "this service does not give {}: record it for the service that does, \
         or correct what was given", service_type.code()
    )]
    NotGivenThere {
        /// What was said to be given.
        service_type: ServiceType,
    },
    /// This id was used before, for something else.
    #[error("this was recorded already with other details: make a new record")]
    AlreadyRecorded,
    /// Whoever is given something there is named nowhere outside it (domain §6).
    #[error(
        "what a confidential service gives is never recorded with a person: count people instead, \
         and keep who it was in the service's own records"
    )]
    ConfidentialService,
    /// Nobody, or too many.
    #[error("one record counts {} to {} people: {people} is outside", PEOPLE.start(), PEOPLE.end())]
    People {
        /// How many were given.
        people: u32,
    },
    /// No time, or more than a day.
    #[error(
        "one record counts {} to {} minutes: leave {minutes} out if it is not known",
        MINUTES.start(),
        MINUTES.end()
    )]
    Minutes {
        /// How many were given.
        minutes: u16,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::UnknownService => "unknown_service",
            Self::NotGivenThere { .. } => "not_given_there",
            Self::AlreadyRecorded => "already_recorded",
            Self::ConfidentialService => "confidential_service",
            Self::People { .. } => "people",
            Self::Minutes { .. } => "minutes",
        }
    }
}

impl Aggregate for Delivery {
    const TYPE: &'static str = "delivery";
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: DeliveryCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            DeliveryCommand::Record { given, by } => self.record(given, by)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: DeliveryEvent) {
        match event {
            DeliveryEvent::ServiceDelivered {
                delivery,
                service,
                service_type,
                recipient,
                minutes,
                outcome,
            } => {
                let given = Given { delivery, service, service_type, recipient, minutes, outcome };
                self.given = Some(given);
            }
        }
    }
}

impl Logged for Delivery {
    fn person(&self) -> Option<PersonId> {
        self.given.and_then(|given| given.recipient.person())
    }

    fn creates(command: &DeliveryCommand) -> bool {
        matches!(command, DeliveryCommand::Record { .. })
    }

    /// A delivery claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AlreadyRecorded
    }
}

impl Delivery {
    fn record(
        &self,
        given: Given,
        by: Option<ServiceType>,
    ) -> Result<Vec<DeliveryEvent>, Rejection> {
        match self.given {
            Some(before) if before == given => return Ok(vec![]),
            Some(_) => return Err(Rejection::AlreadyRecorded),
            None => {}
        }
        let Given { delivery, service, service_type, recipient, minutes, outcome } = given;
        let by = by.ok_or(Rejection::UnknownService)?;
        let confidential = by.is_confidential() || service_type.is_confidential();
        if confidential && recipient.person().is_some() {
            return Err(Rejection::ConfidentialService);
        }
        if !gives(by, service_type) {
            return Err(Rejection::NotGivenThere { service_type });
        }
        let people = recipient.count();
        if !PEOPLE.contains(&people) {
            return Err(Rejection::People { people });
        }
        if let Some(minutes) = minutes.filter(|minutes| !MINUTES.contains(minutes)) {
            return Err(Rejection::Minutes { minutes });
        }
        Ok(vec![DeliveryEvent::ServiceDelivered {
            delivery,
            service,
            service_type,
            recipient,
            minutes,
            outcome,
        }])
    }
}

/// A service gives what it is there for. Where people come or are met for anything they need,
/// anything is given that is not confidential.
fn gives(by: ServiceType, service_type: ServiceType) -> bool {
    let open_to_all = matches!(
        by,
        ServiceType::Hub
            | ServiceType::Outreach
            | ServiceType::FrontOffice
            | ServiceType::AdultDayCentre
            | ServiceType::Pis
    );
    by == service_type || open_to_all && !service_type.is_confidential()
}
