use serde::Serialize;
use sqlx::{Connection, PgConnection};
use trama_events::Context;

use super::name::LogName;
use crate::servers::Servers;

/// What came of holding a log against its own rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogVerdict<L = Context> {
    /// Which log.
    pub context: L,
    /// Events in it.
    pub events: i64,
    /// Claims that stand.
    pub claims: i64,
    /// What is not as it must be, in one line each.
    pub troubles: Vec<String>,
}

/// Rules that a log keeps by itself: name, and a query that counts what breaks it.
const RULES: [(&str, &str); 5] = [
    (
        "positions are not 1 to n (V6)",
        "select abs(count(*) - coalesce(max(position), 0)) + abs(coalesce(max(position), 0) - (select last from head)) \
         + abs(coalesce(min(position), 1) - 1) from events",
    ),
    (
        "sequence numbers of an aggregate are not 1 to n (V5)",
        "select count(*) from (select from events group by aggregate_type, aggregate_id \
         having count(*) <> max(sequence) or min(sequence) <> 1) broken",
    ),
    (
        "recorded moments go backwards",
        "select count(*) from (select (metadata ->> 'recorded_at')::timestamptz < \
         lag((metadata ->> 'recorded_at')::timestamptz) over (order by position) as back from events) r where back",
    ),
    (
        "events without a receipt (V1)",
        "select abs((select count(*) from events) - \
         (select coalesce(sum(last_position - first_position + 1), 0) from receipts))::bigint",
    ),
    (
        "receipts whose events are missing (V1)",
        "select count(*) from receipts r where r.first_position is not null and \
         (select count(*) from events e where e.position between r.first_position and r.last_position \
            and e.aggregate_id = r.aggregate_id::text) <> r.last_position - r.first_position + 1",
    ),
];

/// Holds a log against its own rules.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn verify_log<L: LogName>(servers: &Servers, context: L) -> sqlx::Result<LogVerdict<L>> {
    let options = servers.options(context.writer()).options([("statement_timeout", "600s")]);
    let mut rows = PgConnection::connect_with(&options).await?;
    let begin = "begin isolation level repeatable read read only";
    sqlx::raw_sql(begin).execute(&mut rows).await?;
    let events = sqlx::query_scalar("select count(*) from events").fetch_one(&mut rows).await?;
    let claims = sqlx::query_scalar("select count(*) from claims").fetch_one(&mut rows).await?;
    let mut troubles = Vec::new();
    for (rule, query) in RULES {
        let broken: i64 = sqlx::query_scalar(query).fetch_one(&mut rows).await?;
        if broken != 0 {
            troubles.push(format!("{rule}: {broken}"));
        }
    }
    rows.close().await?;
    Ok(LogVerdict { context, events, claims, troubles })
}
