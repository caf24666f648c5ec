//! For whom a transaction reads, and which rows of the read models are there for it (ADR 24).
//!
//! The gate decides, and `PostgreSQL` holds to it: the tables are closed to the role under which
//! doors read but for the rows that belong to what [`Sight`] says at the beginning of a
//! transaction. Whoever says nothing sees what has a public policy, and nothing else.

use std::fmt::{Display, Write as _};

use sqlx::{PgPool, Postgres, Transaction};
use trama_events::ids::PersonId;
use trama_events::short_code::ShortCode;
use trama_platform::caller::Caller;
use trama_platform::gate::Opened;

use crate::indicators::sees_persons;

/// A setting of the transaction as a list of ids. In a subquery it is computed once for a statement,
/// and a policy can use an index; a bare call would be made for every row.
macro_rules! ids {
    ($setting:literal) => {
        concat!(
            "((select string_to_array(nullif(current_setting('",
            $setting,
            "', true), ''), ',')::uuid[])::uuid[])"
        )
    };
}

/// A setting of the transaction as a text; null without it.
macro_rules! text {
    ($setting:literal) => {
        concat!("(select nullif(current_setting('", $setting, "', true), ''))")
    };
}

/// SQL: services for which the reader acts.
pub(crate) const SERVICES: &str = ids!("trama.services");
/// SQL: people whose record the gate opened to her.
pub(crate) const OPENED: &str = ids!("trama.opened");
/// SQL: people whose code or links are asked for.
pub(crate) const NAMED: &str = ids!("trama.named");
/// SQL: the reader.
pub(crate) const STAFF: &str = text!("trama.staff");
/// SQL: the role in which she acts.
pub(crate) const ROLE: &str = text!("trama.role");
/// SQL: the ATS on whose behalf.
pub(crate) const ATS: &str = text!("trama.ats");
/// SQL: the short code by which somebody is looked for.
pub(crate) const CODE: &str = text!("trama.code");
/// SQL: whether rows are read to count them.
pub(crate) const COUNTING: &str = text!("trama.counting");

/// What is read in a transaction is of one moment, and nothing is written.
const SNAPSHOT: &str = "begin isolation level repeatable read read only";

/// What a transaction may see. Nothing but what is public, until it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    settings: String,
}

impl Sight {
    /// What belongs to a worker by the post in which she acts: her services' rows, her own, and by
    /// her role what she controls. Who does not meet people has no rows of the first two kinds,
    /// whatever her membership says.
    pub fn of(caller: &Caller) -> Self {
        let Caller { staff, ats, role, services, .. } = caller;
        let controls = Self::default().set("trama.role", role).set("trama.ats", ats.as_str());
        if !sees_persons(*role) {
            return controls;
        }
        controls.list("trama.services", services).set("trama.staff", staff)
    }

    /// What the gate opened.
    pub fn opened(opened: &Opened) -> Self {
        Self::default().and_opened(opened.records.iter().copied())
    }

    /// Adds people whose record the gate opened.
    #[must_use]
    pub fn and_opened(self, people: impl IntoIterator<Item = PersonId>) -> Self {
        self.list("trama.opened", people)
    }

    /// The codes and the links of these people, and no more of them.
    pub fn named(people: impl IntoIterator<Item = PersonId>) -> Self {
        Self::default().and_named(people)
    }

    /// Adds people whose codes, links and moves are asked for.
    #[must_use]
    pub fn and_named(self, people: impl IntoIterator<Item = PersonId>) -> Self {
        self.list("trama.named", people)
    }

    /// Who has this code, and the links of her record.
    pub fn code(code: &ShortCode) -> Self {
        Self::default().set("trama.code", code.as_str())
    }

    /// Rows of everybody, to count them: what comes of it names nobody.
    pub fn counting() -> Self {
        Self::default().set("trama.counting", "on")
    }

    fn list(self, name: &str, ids: impl IntoIterator<Item = impl Display>) -> Self {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        self.set(name, ids.join(","))
    }

    /// `local`: it ends with the transaction, so that a connection takes nothing to its next user.
    fn set(mut self, name: &str, value: impl Display) -> Self {
        let value = value.to_string().replace('\'', "''");
        // Writing to a text does not fail.
        let _ = write!(self.settings, "; set local {name} = '{value}'");
        self
    }

    /// Begins a transaction that sees this, in one round trip. It reads at one moment.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn begin(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
        pool.begin_with(format!("{SNAPSHOT}{}", self.settings)).await
    }
}
