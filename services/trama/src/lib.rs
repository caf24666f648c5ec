//! Trama, assembled: roles that run, and commands that people give.
//!
//! This crate may know everything and decides nothing: no rule, no SQL on a context's tables.

pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod issuer;
pub mod system;
pub mod up;
pub mod web;
