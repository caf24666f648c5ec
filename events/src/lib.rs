//! The published language of Trama: ids, code lists, events, the envelope and the subjects.
//!
//! This crate does no I/O, reads no clock and draws no random number. It knows no database, no
//! broker and no HTTP. A context that is not ours could depend on it alone and read everything
//! that we publish.

pub mod casework;
pub mod codes;
pub mod directory;
pub mod envelope;
mod fact;
pub mod food;
pub mod housing;
pub mod identity;
pub mod ids;
pub mod intake;
pub mod referrals;
pub mod rome;
pub mod sealed;
pub mod short_code;
pub mod subject;
mod upcast;

pub use fact::{Context, Event, Fact, Reading, Stored, event_types, schemas};
pub use upcast::upcasters;
