//! The plumbing of Trama. It knows no domain: no event type, no rule of a context. Only this crate
//! knows NATS and the event table; only [`log`] writes events.

pub mod caller;
pub mod clock;
pub mod doors;
pub mod failure;
pub mod follow;
pub mod hints;
pub mod log;
pub mod private;
pub mod relay;
pub mod servers;
pub mod service;
pub mod telemetry;

pub use failure::{Failure, Never, Problem};
