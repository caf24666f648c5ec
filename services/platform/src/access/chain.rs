use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row as _};
use time::OffsetDateTime;

use super::entry::is_code;
use super::read::{COLUMNS, Row};
use crate::doors::hex;
use crate::servers::{PgRole, Servers};

/// Rows read at once.
const CHUNK: i64 = 5_000;
/// Most troubles that are told.
const TROUBLES_MAX: usize = 20;
/// What the first row is chained to.
const ROOT: [u8; 32] = [0; 32];

/// A place in the chain. Noted down elsewhere, it shows later that nothing before it was rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// Position of a row; 0 before the first.
    pub position: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// What came of following the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Rows that were looked at.
    pub rows: i64,
    /// The end of the chain: note it, and begin there the next time.
    pub tip: Tip,
    /// What is not as it must be, in one line each, at most 20.
    pub troubles: Vec<String>,
}

/// Follows the chain from a noted place, or from the beginning, and computes every hash anew from
/// what the rows say. The text of a row is in `access/schema.sql` too: the two are held against
/// each other here.
///
/// A database administrator who writes the whole chain anew is found by a noted [`Tip`] only.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn verify(servers: &Servers, since: Option<&Tip>) -> sqlx::Result<Verified> {
    let options = servers.options(PgRole::AccessReader).options([("statement_timeout", "600s")]);
    let mut rows = PgConnection::connect_with(&options).await?;
    let begin = "begin isolation level repeatable read read only";
    sqlx::raw_sql(begin).execute(&mut rows).await?;
    let mut walk = Walk::begin(&mut rows, since).await?;
    loop {
        let query = format!(
            "select {COLUMNS}, hash from access.rows where position > $1 order by position limit $2"
        );
        let query = sqlx::query(&query).bind(walk.position).bind(CHUNK);
        let found = query.fetch_all(&mut rows).await?;
        if found.is_empty() {
            break;
        }
        for row in &found {
            walk.step(&Row::of(row)?, row.try_get("hash")?);
        }
    }
    walk.end(&mut rows).await?;
    rows.close().await?;
    let tip = Tip { position: walk.position, hash: hex(&walk.hash) };
    Ok(Verified { rows: walk.rows, tip, troubles: walk.troubles })
}

struct Walk {
    position: i64,
    hash: Vec<u8>,
    rows: i64,
    troubles: Vec<String>,
}

impl Walk {
    async fn begin(rows: &mut PgConnection, since: Option<&Tip>) -> sqlx::Result<Self> {
        let mut walk = Self { position: 0, hash: ROOT.into(), rows: 0, troubles: Vec::new() };
        if let Some(tip) = since.filter(|tip| tip.position > 0) {
            let hash = sqlx::query_scalar("select hash from access.rows where position = $1")
                .bind(tip.position)
                .fetch_optional(rows)
                .await?;
            walk.position = tip.position;
            walk.hash = hash.unwrap_or_default();
            if hex(&walk.hash) != tip.hash {
                walk.trouble(format!("row {} is not the one that was noted", tip.position));
            }
        }
        Ok(walk)
    }

    fn step(&mut self, row: &Row, hash: Vec<u8>) {
        let expected = self.position + 1;
        if row.position != expected {
            self.trouble(format!("rows {expected} to {} are missing", row.position - 1));
        } else if hash != link(&self.hash, row) {
            self.trouble(format!("row {expected} is not what was written there"));
        }
        (self.position, self.hash) = (row.position, hash);
        self.rows += 1;
    }

    async fn end(&mut self, rows: &mut PgConnection) -> sqlx::Result<()> {
        let (last, hash): (i64, Vec<u8>) =
            sqlx::query_as("select last, hash from access.head").fetch_one(rows).await?;
        if last > self.position {
            self.trouble(format!("rows {} to {last} are missing", self.position + 1));
        } else if last < self.position {
            self.trouble(format!("the log ends at row {last}, the rows at {}", self.position));
        } else if hash != self.hash {
            self.trouble(format!("the end of the chain is not row {last}"));
        }
        Ok(())
    }

    fn trouble(&mut self, text: String) {
        if self.troubles.len() < TROUBLES_MAX {
            self.troubles.push(text);
        }
    }
}

/// The hash of a row after the one before: SHA-256 of that hash and of each value with its length.
fn link(previous: &[u8], row: &Row) -> Vec<u8> {
    let parts = [
        Some(row.position.to_string()),
        Some(micros(row.written_at)),
        Some(micros(row.at)),
        Some(row.staff.to_string()),
        Some(row.organisation.to_string()),
        Some(row.role.clone()),
        Some(row.session.clone()),
        Some(row.request_id.clone()),
        row.person.map(|person| person.to_string()),
        Some(list(&row.sections)),
        Some(row.purpose.clone()),
        row.reason.clone(),
        row.reason_fact.map(|fact| fact.to_string()),
        Some(row.decision.to_string()),
        Some(list(&row.policies)),
        Some(row.door.clone()),
        Some(row.explained.to_string()),
        Some(row.forced.to_string()),
        Some(row.listed.to_string()),
        row.same_surname.map(|same| same.to_string()),
    ];
    let mut digest = Sha256::new_with_prefix(previous);
    for part in parts {
        match part {
            Some(text) => digest.update(format!("{}:{text},", text.len())),
            None => digest.update("-"),
        }
    }
    digest.finalize().to_vec()
}

fn micros(moment: OffsetDateTime) -> String {
    (moment.unix_timestamp_nanos() / 1_000).to_string()
}

/// A list as `PostgreSQL` writes it. What is not a code was never written by us, and gives a text
/// that never stood there.
fn list(codes: &[String]) -> String {
    let written = |code: &String| match code.as_str() {
        code if code.eq_ignore_ascii_case("null") => format!("\"{code}\""),
        code if is_code(code) => code.to_owned(),
        _ => "?".to_owned(),
    };
    format!("{{{}}}", codes.iter().map(written).collect::<Vec<_>>().join(","))
}
