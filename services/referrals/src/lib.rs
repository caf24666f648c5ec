//! Referrals: one service sends a person on to another, and the answer comes back.
//!
//! This crate may not know other contexts' code or tables, the broker, or who may do what beyond
//! its own policy table. It meets the rest of the network in `trama_events`.

pub mod referral;
