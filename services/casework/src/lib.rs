//! Casework: a service takes responsibility for a person, and both sign what they want to reach.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. What it needs of stays and referrals comes with the command, together
//! with the position up to which it was read. It meets the rest of the network in `trama_events`.

pub mod case;
