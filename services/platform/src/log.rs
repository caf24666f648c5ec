//! The log: where events are kept, in order, for ever.

mod aggregate;

pub use aggregate::{During, Keep, Logged, Refusal, Taken};
