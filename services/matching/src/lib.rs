//! Who may be the same person: the tax code, names as they sound, and how much speaks for it.
//!
//! Pure: this crate may not know a database, a key, a clock, or who may ask. What it is given it
//! forgets. It proposes; only a person decides that two records are one (ADR 15).
//!
//! The road of a search: [`tokens`] are stored beside a record (keyed hashes, made by the caller),
//! [`probes`] find candidates, [`Prepared`] readies each once, [`Weights::score`] says how much
//! speaks for and against, and [`Match::reasons`] says it in words.

mod blocking;
mod compare;
mod field;
mod fold;
mod learn;
mod mixture;
mod names;
mod places;
mod record;
mod score;
mod similar;
mod sounds;
pub mod tax_code;
mod typed;
mod variants;
mod weights;

pub use blocking::{Kind, TOKENS_MAX, Token, probes, tokens};
pub use compare::{Pattern, compare};
pub use field::{Field, Language};
pub use learn::{Learner, Session};
pub use places::{Place, PlaceCode, place, places_named};
pub use record::{Described, Identifier, Prepared, Sex};
pub use score::{Match, Reason};
pub use typed::{Typed, typed};
pub use weights::{Frequencies, Weights, WeightsFault};
