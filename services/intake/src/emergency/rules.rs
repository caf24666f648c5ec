//! Rules of emergencies, each a pure function with its source.

use trama_events::intake::{ClosingReason, EmergencyOutcome};

use super::{Closing, Rejection};

/// An emergency closes only with a handover or a reason (domain §3.1), and with one that fits.
///
/// # Errors
///
/// [`Rejection::NoHandoverNorReason`] and [`Rejection::HandoverAndReason`] unless there is exactly
/// one; [`Rejection::EndsOtherwise`] when the outcome contradicts it.
pub(super) fn ending(closing: Closing) -> Result<(), Rejection> {
    let fits = match (closing.handover, closing.reason) {
        (None, None) => return Err(Rejection::NoHandoverNorReason),
        (Some(_), Some(_)) => return Err(Rejection::HandoverAndReason),
        (Some(_), None) => takes_over(closing.outcome),
        (None, Some(reason)) => reasons(closing.outcome).contains(&reason),
    };
    if fits { Ok(()) } else { Err(Rejection::EndsOtherwise) }
}

/// Whether a service takes over: also the one that has the bed.
fn takes_over(outcome: EmergencyOutcome) -> bool {
    match outcome {
        EmergencyOutcome::Sheltered | EmergencyOutcome::HandedOver => true,
        EmergencyOutcome::Unfounded => false,
    }
}

/// Why no service of the network takes over, by outcome. A person who does not want help or is
/// not found leaves nothing to be handed over: `Unfounded`, until a code of its own exists.
fn reasons(outcome: EmergencyOutcome) -> &'static [ClosingReason] {
    match outcome {
        EmergencyOutcome::Sheltered => &[ClosingReason::SolvedOnSpot],
        EmergencyOutcome::HandedOver => &[ClosingReason::PublicRescue],
        EmergencyOutcome::Unfounded => &[
            ClosingReason::PersonRefused,
            ClosingReason::NotFound,
            ClosingReason::SolvedOnSpot,
            ClosingReason::FalseReport,
        ],
    }
}
