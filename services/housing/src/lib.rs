//! Housing: facilities with their places, the nights in them, stays, and the wait for a place.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. What it needs of casework (facts, projects) and of referrals comes with
//! the command, with the position that was read. It knows no address of any facility.

pub mod booking;
pub mod facility;
pub mod night_ledger;
pub mod stay;
pub mod waiting_entry;
