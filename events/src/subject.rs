//! Where an event travels: `trama.ev.<ats>.<partition>.<context>.<event>`.
//!
//! The partition is an opaque number from the person, so that work can be split without naming
//! anybody.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Context;
use crate::ids::Ats;

/// How many partitions there are. Changing it needs a new stream generation.
pub const PARTITIONS: u8 = 64;

/// The stable partition of a person, or of the aggregate where no person is concerned.
pub fn partition(of: Uuid) -> u8 {
    Sha256::digest(of.as_bytes())[0] % PARTITIONS
}

/// The subject of an event.
pub fn subject(ats: &Ats, of: Uuid, context: Context, event_type: &str) -> String {
    format!("trama.ev.{ats}.{}.{context}.{event_type}", partition(of))
}

/// Every subject of one context, for its stream.
pub fn all_of(context: Context) -> String {
    format!("trama.ev.*.*.{context}.>")
}

/// The name of a context's stream.
pub fn stream_of(context: Context) -> String {
    format!("TRAMA_{}", context.name().to_uppercase())
}
