//! A food parcel: meant for a household, then fetched.

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::food::ParcelEvent;
use trama_events::ids::{HouseholdId, ParcelId, PersonId, ServiceId};
use trama_platform::log::{Logged, Refusal, Taken};

/// One parcel as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    assigned: Option<Assignment>,
    double: bool,
    delivered: bool,
}

/// For whom a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The parcel.
    pub parcel: ParcelId,
    /// The household.
    pub household: HouseholdId,
    /// Who fetches it.
    pub person: PersonId,
    /// Service that gives it.
    pub service: ServiceId,
}

/// What can be asked of a parcel.
#[derive(Debug, Clone, PartialEq)]
pub enum ParcelCommand {
    /// Mean it for a household.
    Assign {
        /// For whom.
        assignment: Assignment,
        /// Whether our copy knows another parcel of the household in the same 7 days: a warning,
        /// never a refusal.
        double: bool,
        /// Whether our copy of the register knows the person.
        person_known: bool,
    },
    /// It was fetched.
    Deliver,
}

/// Why a parcel does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such parcel: assign it first")]
    NoSuchParcel,
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// The id belongs to a parcel with other facts.
    #[error("this parcel is meant for somebody else: assign another one")]
    IdInUse,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchParcel => "no_such_parcel",
            Self::UnknownPerson => "unknown_person",
            Self::IdInUse => "id_in_use",
        }
    }
}

impl Aggregate for Parcel {
    const TYPE: &'static str = "parcel";
    type Command = ParcelCommand;
    type Event = ParcelEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ParcelCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            ParcelCommand::Assign { assignment, double, person_known } => {
                self.assign(assignment, double, person_known)?
            }
            ParcelCommand::Deliver => self.deliver()?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ParcelEvent) {
        match event {
            ParcelEvent::ParcelAssigned { parcel, household, person, service, double } => {
                self.assigned = Some(Assignment { parcel, household, person, service });
                self.double = double;
            }
            ParcelEvent::ParcelDelivered {} => self.delivered = true,
        }
    }
}

impl Logged for Parcel {
    fn person(&self) -> Option<PersonId> {
        self.assigned.map(|assigned| assigned.person)
    }

    fn creates(command: &ParcelCommand) -> bool {
        matches!(command, ParcelCommand::Assign { .. })
    }

    /// A parcel claims nothing: a double one is a warning. Only its id can be in use.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::IdInUse
    }
}

type Decision = Result<Vec<ParcelEvent>, Rejection>;

impl Parcel {
    /// For whom it is, once it was assigned.
    pub fn assigned(&self) -> Option<Assignment> {
        self.assigned
    }

    /// Whether the household had another one in the same 7 days.
    pub fn is_double(&self) -> bool {
        self.double
    }

    /// Whether it was fetched.
    pub fn is_delivered(&self) -> bool {
        self.delivered
    }

    /// A repeat may see the parcel itself as the double, so that does not make it another one.
    fn assign(&self, assignment: Assignment, double: bool, person_known: bool) -> Decision {
        let Assignment { parcel, household, person, service } = assignment;
        match self.assigned {
            None if !person_known => Err(Rejection::UnknownPerson),
            None => {
                Ok(vec![ParcelEvent::ParcelAssigned { parcel, household, person, service, double }])
            }
            Some(before) if before == assignment => Ok(vec![]),
            Some(_) => Err(Rejection::IdInUse),
        }
    }

    fn deliver(&self) -> Decision {
        if self.assigned.is_none() {
            return Err(Rejection::NoSuchParcel);
        }
        Ok(if self.delivered { vec![] } else { vec![ParcelEvent::ParcelDelivered {}] })
    }
}
