//! The directory: public facts about bodies, services and their sites, staff and territory.
//!
//! This crate may not know persons, other contexts' code or tables, the broker, or who may do what
//! beyond its own policy table. Staff are ids here; what is secret has no place. It meets the rest
//! of the network in `trama_events`.

pub mod municipality;
pub mod organisation;
pub mod rules;
pub mod service;
pub mod staff_member;
