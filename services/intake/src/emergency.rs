//! An emergency: reported, assessed, answered by a unit, closed with a handover or a reason.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{EmergencyEvent, EmergencyLevel};
use trama_platform::log::{Logged, Taken};

pub use commands::{Closing, EmergencyCommand, Report};
pub use refusals::Rejection;

/// One emergency as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    /// As it was reported; `None` before.
    pub report: Option<Report>,
    /// Who it is about, as far as it is known now.
    pub person: Option<PersonId>,
    /// How serious it was found to be, the last time somebody looked.
    pub level: Option<EmergencyLevel>,
    /// Units that went out, in this order.
    pub units: Vec<ServiceId>,
    /// How it ended.
    pub closing: Option<Closing>,
}

impl Aggregate for Emergency {
    const TYPE: &'static str = "emergency";
    type Command = EmergencyCommand;
    type Event = EmergencyEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: EmergencyCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            EmergencyCommand::Report { report, answered } => self.report(report, answered)?,
            EmergencyCommand::Assess { level, person } => self.assess(level, person)?,
            EmergencyCommand::Dispatch { unit, known } => self.dispatch(unit, known)?,
            EmergencyCommand::Close { closing, handover_known } => {
                self.close(closing, handover_known)?
            }
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: EmergencyEvent) {
        match event {
            EmergencyEvent::EmergencyReported {
                emergency,
                service,
                channel,
                person,
                shelter_requested,
                lone_child,
            } => {
                self.person = person;
                self.report = Some(Report {
                    emergency,
                    service,
                    channel,
                    person,
                    shelter_requested,
                    lone_child,
                });
            }
            EmergencyEvent::EmergencyAssessed { level, person } => {
                self.level = Some(level);
                self.person = person;
            }
            EmergencyEvent::UnitDispatched { unit } => self.units.push(unit),
            EmergencyEvent::EmergencyClosed { outcome, handover, reason } => {
                self.closing = Some(Closing { outcome, handover, reason });
            }
        }
    }
}

impl Logged for Emergency {
    fn person(&self) -> Option<PersonId> {
        self.person
    }

    fn creates(command: &EmergencyCommand) -> bool {
        matches!(command, EmergencyCommand::Report { .. })
    }

    /// An emergency claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AlreadyReported
    }
}

type Decision = Result<Vec<EmergencyEvent>, Rejection>;

impl Emergency {
    /// A repeat is judged by what was reported, not by who answers there meanwhile.
    fn report(&self, report: Report, answered: bool) -> Decision {
        match self.report {
            Some(before) if before == report => return Ok(vec![]),
            Some(_) => return Err(Rejection::AlreadyReported),
            None if !answered => return Err(Rejection::NoEmergencyService),
            None => {}
        }
        let Report { emergency, service, channel, person, shelter_requested, lone_child } = report;
        Ok(vec![EmergencyEvent::EmergencyReported {
            emergency,
            service,
            channel,
            person,
            shelter_requested,
            lone_child,
        }])
    }

    /// Before or after a unit went out; a person who is known already stays named.
    fn assess(&self, level: EmergencyLevel, person: Option<PersonId>) -> Decision {
        self.open()?;
        match (self.person, person) {
            (Some(before), Some(now)) if before != now => return Err(Rejection::AboutAnother),
            (Some(_) | None, Some(_) | None) => {}
        }
        let person = person.or(self.person);
        if self.level == Some(level) && self.person == person {
            return Ok(vec![]);
        }
        Ok(vec![EmergencyEvent::EmergencyAssessed { level, person }])
    }

    /// A unit may go out before anybody could say how serious it is.
    fn dispatch(&self, unit: ServiceId, known: bool) -> Decision {
        self.open()?;
        if self.units.contains(&unit) {
            Ok(vec![])
        } else if known {
            Ok(vec![EmergencyEvent::UnitDispatched { unit }])
        } else {
            Err(Rejection::UnknownService)
        }
    }

    fn close(&self, closing: Closing, handover_known: bool) -> Decision {
        if self.closing == Some(closing) {
            return Ok(vec![]);
        }
        self.open()?;
        rules::ending(closing)?;
        if !handover_known {
            return Err(Rejection::UnknownService);
        }
        let Closing { outcome, handover, reason } = closing;
        Ok(vec![EmergencyEvent::EmergencyClosed { outcome, handover, reason }])
    }

    fn open(&self) -> Result<(), Rejection> {
        match (self.report, self.closing) {
            (None, _) => Err(Rejection::NoSuchEmergency),
            (Some(_), Some(_)) => Err(Rejection::Closed),
            (Some(_), None) => Ok(()),
        }
    }
}
