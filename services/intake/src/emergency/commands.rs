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
        /// Whether somebody answers there: it is an emergency service, and it reports itself or
        /// works now.
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
        /// Whether intake's own copy knows that the unit works now.
        known: bool,
    },
    /// End it, with a handover or a reason.
    Close {
        /// How.
        closing: Closing,
        /// Whether intake's own copy knows that the service that takes over works now; `true`
        /// where there is none.
        handover_known: bool,
    },
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
