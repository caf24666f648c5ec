use std::collections::BTreeMap;

use sqlx::{Connection, PgConnection, Row};

use super::model::{self, BOOK_NAMES, Positions};
use super::rebuild::{only_one, page};
use super::{ApplyError, Model};
use crate::log::Feed;
use crate::servers::{PgRole, Servers};

/// What came of holding a model against a replay.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// The model.
    pub projection: String,
    /// Whether every table is equal to the replay.
    pub equal: bool,
    /// Tables that differ.
    pub different: Vec<String>,
    /// Rows looked at.
    pub rows: i64,
    /// Events that are parked: their rows are missing on purpose.
    pub parked_events: i64,
    /// Positions at which both were held against each other.
    pub positions: Positions,
}

/// Count and hash of each table.
type Fingerprint = BTreeMap<String, (i64, String)>;

/// Replays the logs into a schema aside, up to where the live model is, and compares every table.
///
/// # Errors
///
/// When a server is not reachable or an event cannot be taken.
pub async fn verify(servers: &Servers, model: &dyn Model) -> Result<Verdict, ApplyError> {
    let mut rows = PgConnection::connect_with(&servers.options(PgRole::Projections)).await?;
    only_one(&mut rows, model.name()).await?;
    model::create(&mut rows, model, model.name()).await?;
    let (live, until, parked_events) = look(&mut rows, model.name()).await?;
    let aside = format!("{}_verify", model.name());
    let fresh = format!("drop schema if exists {aside} cascade");
    model::run(&mut rows, &fresh).await?;
    model::create(&mut rows, model, &aside).await?;
    model::enter(&mut rows, &aside).await?;
    let mut positions = model::positions(&mut rows).await?;
    for context in model.contexts() {
        let feed = Feed::open(servers, *context);
        let until = until.get(context).copied();
        while page(&mut rows, model, &feed, &mut positions, until).await? {}
    }
    let (replayed, _, _) = look(&mut rows, &aside).await?;
    model::run(&mut rows, &fresh).await?;
    let different: Vec<String> = live
        .iter()
        .filter(|(table, print)| replayed.get(*table) != Some(print))
        .map(|(t, _)| t.clone())
        .collect();
    Ok(Verdict {
        projection: model.name().into(),
        equal: different.is_empty() && live.len() == replayed.len(),
        different,
        rows: live.values().map(|(count, _)| count).sum(),
        parked_events,
        positions: until,
    })
}

/// Everything about a model at one moment.
async fn look(
    rows: &mut PgConnection,
    schema: &str,
) -> sqlx::Result<(Fingerprint, Positions, i64)> {
    let begin = format!(
        "begin isolation level repeatable read read only; set local search_path = {schema}"
    );
    model::run(&mut *rows, &begin).await?;
    let seen = look_inside(&mut *rows, schema).await;
    model::run(rows, "rollback").await?;
    seen
}

async fn look_inside(
    rows: &mut PgConnection,
    schema: &str,
) -> sqlx::Result<(Fingerprint, Positions, i64)> {
    let positions = model::positions(&mut *rows).await?;
    let parked: i64 =
        sqlx::query_scalar("select count(*) from parked").fetch_one(&mut *rows).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname = $1 and tablename <> all($2)",
    )
    .bind(schema)
    .bind(BOOK_NAMES.as_slice())
    .fetch_all(&mut *rows)
    .await?;
    let mut prints = Fingerprint::new();
    for table in tables {
        // Two independent 64-bit hashes of each row, summed: the order of rows does not count.
        let query = format!(
            "select count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text || ' ' || \
             coalesce(sum(hashtextextended(t::text, 1)::numeric), 0)::text as h from {schema}.{table} t"
        );
        let row = sqlx::query(&query).fetch_one(&mut *rows).await?;
        prints.insert(table, (row.try_get("n")?, row.try_get("h")?));
    }
    Ok((prints, positions, parked))
}
