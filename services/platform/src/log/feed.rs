use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use trama_events::Context;
use trama_events::envelope::Recorded;
use uuid::Uuid;

use crate::servers::{PgRole, Servers};

/// A context's log as others may read it, in order of position.
#[derive(Debug, Clone)]
pub struct Feed {
    context: Context,
    pool: PgPool,
}

const COLUMNS: &str =
    "aggregate_type, aggregate_id::uuid as id, sequence, event_type, event_version, payload, metadata, position";

impl Feed {
    /// Opens the feed of a context.
    pub fn open(servers: &Servers, context: Context) -> Self {
        Self { context, pool: servers.pool(PgRole::Feed(context), 4) }
    }

    /// Which log.
    pub fn context(&self) -> Context {
        self.context
    }

    /// The next events after a position, at most `limit`. Positions are gapless: the first is
    /// `position + 1`, or there is none.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn after(&self, position: i64, limit: i64) -> sqlx::Result<Vec<Recorded>> {
        let query = format!("select {COLUMNS} from events where position > $1 order by position limit $2");
        let rows = sqlx::query(&query).bind(position).bind(limit).fetch_all(&self.pool).await?;
        rows.iter().map(|row| self.recorded(row)).collect()
    }

    /// One aggregate's events, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn of_aggregate(&self, aggregate_type: &str, id: Uuid) -> sqlx::Result<Vec<Recorded>> {
        let query = format!(
            "select {COLUMNS} from events where aggregate_type = $1 and aggregate_id = $2 order by sequence"
        );
        let query = sqlx::query(&query).bind(aggregate_type).bind(id.to_string());
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter().map(|row| self.recorded(row)).collect()
    }

    /// The last position, 0 when the log is empty.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn last(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("select last from head").fetch_one(&self.pool).await
    }

    /// How far the relay has come: position and stream generation.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn relayed(&self) -> sqlx::Result<(i64, i32)> {
        sqlx::query_as("select position, generation from relay").fetch_one(&self.pool).await
    }

    fn recorded(&self, row: &PgRow) -> sqlx::Result<Recorded> {
        let metadata: Value = row.try_get("metadata")?;
        let why = serde_json::from_value(metadata).map_err(|e| sqlx::Error::Decode(e.into()))?;
        Ok(Recorded {
            context: self.context,
            position: row.try_get("position")?,
            aggregate_type: row.try_get("aggregate_type")?,
            aggregate_id: row.try_get("id")?,
            sequence: row.try_get("sequence")?,
            event_type: row.try_get("event_type")?,
            version: row.try_get("event_version")?,
            why,
            payload: row.try_get("payload")?,
        })
    }
}
