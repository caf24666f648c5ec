use serde::Serialize;
use sqlx::PgConnection;
use trama_events::Context;
use utoipa::ToSchema;

use crate::log::Feed;

/// A read model that is being built anew beside the live one, or whose rebuild was interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rebuilding {
    /// The model.
    pub projection: String,
    /// Whether somebody is at it now; else it goes on where it was when it is asked for again.
    pub running: bool,
    /// Events that it has taken.
    pub done: i64,
    /// Events in the logs that it reads.
    pub total: i64,
}

/// How far the rebuild of a model has come; none when there is none.
///
/// # Errors
///
/// When the database cannot be read.
pub(super) async fn rebuilding(
    rows: &mut PgConnection,
    feeds: &[Feed],
    name: &str,
) -> sqlx::Result<Option<Rebuilding>> {
    let beside = "select exists (select from pg_namespace where nspname = $1 || '_next'), \
        exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted \
            and classid = hashtext('trama rebuild')::oid and objid = hashtext($1)::oid)";
    let (begun, running): (bool, bool) =
        sqlx::query_as(beside).bind(name).fetch_one(&mut *rows).await?;
    if !begun {
        return Ok(None);
    }
    let positions = format!("select context, position from {name}_next.positions");
    let found: Vec<(String, i64)> = sqlx::query_as(&positions).fetch_all(rows).await?;
    let done = found.iter().map(|(_, position)| position).sum();
    let mut total = 0;
    for feed in feeds {
        let reads =
            |(context, _): &(String, i64)| context.parse() == Ok::<Context, _>(feed.context());
        if found.iter().any(reads) {
            total += feed.last().await?;
        }
    }
    Ok(Some(Rebuilding { projection: name.to_owned(), running, done, total: total.max(done) }))
}
