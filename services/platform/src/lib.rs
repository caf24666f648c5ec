//! The plumbing of Trama. It knows no domain: no event type, no rule, no code list of a context.

pub mod log;
