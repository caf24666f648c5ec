//! Who may: the policies, and a decision with its reasons.
//!
//! Permission is decided for each class of a person's data, not for each row. The policies are
//! Cedar, one file per context, each rule with its sentence; the role table of domain §6 is their
//! specification. Whatever a decision rests on (relations, agreements, consents, break-glass) is
//! an argument: it comes from the log.
//!
//! Pure: this crate may not know a database, a clock or HTTP. Nobody else knows Cedar.

mod asking;
mod entities;
mod part;
mod past;
mod policies;
mod sections;
mod sources;
#[cfg(test)]
mod tests;

pub use asking::{
    Agreement, Asking, Circumstances, Deed, Figure, Guard, Record, Relation, Subject, Use, Worker,
};
pub use part::Part;
pub use past::Past;
pub use policies::{BadPolicies, Decision, Policies};
pub use sections::{Reach, Sections, Wrote, handed_over};
