//! Intake: who came to the network, by which door, and what was done at once.
//!
//! Persons and the links between their records, contacts, encounters in the street, emergencies,
//! what was given, and counts of homeless people. Nobody needs an identity, a residence or a
//! case to be here.
//!
//! This crate may not know other contexts' code or tables, the broker, names, birth dates or the
//! values of identifiers (these live in the vault), or who may do what beyond its own policy
//! table. It meets the rest of the network in `trama_events`.

pub mod contact;
pub mod count;
pub mod delivery;
pub mod emergency;
pub mod link;
pub mod outreach;
pub mod person;
