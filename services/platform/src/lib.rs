//! The plumbing of Trama. It knows no domain: no event type, no rule of a context. Only this crate
//! knows NATS and the event table; only [`log`] writes events.

#[cfg(test)]
extern crate self as trama_platform;

pub mod access;
pub mod caller;
pub mod clock;
#[cfg(test)]
#[path = "../../../tests/support/cluster.rs"]
mod cluster;
pub mod doors;
pub mod failure;
pub mod follow;
pub mod gate;
pub mod hints;
pub mod inward;
pub mod log;
pub mod majority;
pub mod outward;
pub mod private;
pub mod relay;
pub mod sealing;
pub mod servers;
pub mod service;
pub mod sign_in;
pub mod staff;
pub mod state;
pub mod surnames;
pub mod telemetry;
pub mod ties;

/// Decisions on classes of a person's data.
pub use trama_permit as permit;

pub use failure::{Failure, Never, Problem};
