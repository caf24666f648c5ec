//! The access log: who looked at whom, and who was refused (invariant A7).
//!
//! A row is durable before the page it speaks of leaves; when it cannot be written, nothing leaves.
//! Rows are chained, so that one which is changed or missing is found. This module knows no section,
//! no relation and no policy: whoever decides says so in the [`Entry`]. It takes ids and codes only;
//! names and free text stay in the vault.

mod chain;
mod entry;
mod extract;
mod http;
mod read;
mod register;
mod unusual;
mod writer;

#[cfg(test)]
mod tests;

pub use chain::{Tip, Verified, verify};
pub use entry::{Decision, Entry, ROWS_MAX};
pub use extract::{Audience, Looked};
pub use read::{AccessReader, Between, KEPT_MONTHS, Page, Paged, ReadBy, Row};
pub use register::Sought;
pub use unusual::{Finding, Rule, SEARCH_LIMIT, SurnameUnknown, Unusual, Watch};
pub use writer::{AccessLog, Written};

use axum::http::StatusCode;

use crate::failure::{Failure, Problem};

/// The tables, and the one function that adds to them.
pub(crate) const SCHEMA: &str = include_str!("access/schema.sql");

/// Why an access is not recorded. Whatever the reason: nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotLogged {
    /// What is named is missing, too long, or not a code.
    #[error("the access cannot be recorded: {0} is missing, too long or not a code")]
    Malformed(&'static str),
    /// The queue is full.
    #[error("too many accesses are waiting to be recorded")]
    Full,
    /// No answer in time, or no writer: the row may be there or not.
    #[error("the access log did not answer")]
    NoAnswer,
    /// The database refused the row; its code, never the row.
    #[error("the access log refused the row ({0})")]
    Refused(String),
}

impl From<NotLogged> for Problem {
    fn from(not_logged: NotLogged) -> Self {
        tracing::error!(error = %not_logged, "an access was not recorded, so nothing was shown");
        let detail = "we cannot record now who looks at what, so nothing is shown: try again in a \
                      moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_logged", detail)
    }
}

impl<R> From<NotLogged> for Failure<R> {
    fn from(not_logged: NotLogged) -> Self {
        tracing::error!(error = %not_logged, "an access was not recorded, so nothing was shown");
        Self::Unavailable
    }
}
