//! What every request from outside meets, and what leaves for systems of other bodies: limits of
//! size, time and number (trust.md D5), and a feed that tells nothing by its cursor.

#![cfg(test)]

#[path = "outer_doors/feed.rs"]
mod feed;
#[path = "outer_doors/limits.rs"]
mod limits;
#[path = "outer_doors/stopping.rs"]
mod stopping;
mod support;
