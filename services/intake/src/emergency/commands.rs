use serde::{Deserialize, Serialize};
use trama_events::codes::Channel;
use trama_events::ids::{EmergencyId, PersonId, ServiceId};
use trama_events::intake::{ClosingReason, EmergencyLevel, EmergencyOutcome};

/// What can be asked of an emergency.
#[derive(Debug, Clone, PartialEq)]
pub enum EmergencyCommand {
    /// Somebody called.
    Report {
        /// What was reported.
        report: Report,
        /// Whether somebody answers at that service: it reports itself, or it works now.
        answered: bool,
    },
    /// It was found how serious it is.
    Assess {
        /// How serious.
        level: EmergencyLevel,
        /// Who it is about, if that is known now.
        person: Option<PersonId>,
    },
    /// Send a unit out.
    Dispatch {
        /// Which unit.
        unit: ServiceId,
    },
    /// End it, with a handover or a reason.
    Close(Closing),
}

/// An emergency as it was reported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The new emergency.
    pub emergency: EmergencyId,
    /// The emergency service.
    pub service: ServiceId,
    /// By which way.
    pub channel: Channel,
    /// About whom, when a record exists.
    pub person: Option<PersonId>,
    /// Whether a bed for the night is asked for.
    pub shelter_requested: bool,
    /// A child without an adult: the minors' service is alerted at once.
    pub lone_child: bool,
}

/// How an emergency ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// How.
    pub outcome: EmergencyOutcome,
    /// Service that took over.
    pub handover: Option<ServiceId>,
    /// Why nobody took over.
    pub reason: Option<ClosingReason>,
}
