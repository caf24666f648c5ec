//! Food: points cards of the solidarity stores, meals and parcels (R12, R68).
//!
//! This crate may not know names, needs or cases, other contexts' code or tables, the broker, or
//! who may do what beyond its own policy table. It meets the rest of the network in
//! `trama_events`.

pub mod card;
pub mod meal;
pub mod parcel;
