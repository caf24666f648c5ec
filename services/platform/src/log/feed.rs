use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::Context;
use trama_events::envelope::Recorded;
use uuid::Uuid;

use super::name::LogName;
use crate::servers::Servers;

/// A log as others may read it, in order of position: a context's, or a sealed one for its own
/// organisation.
#[derive(Debug, Clone)]
pub struct Feed<L = Context> {
    context: L,
    pool: PgPool,
}

const COLUMNS: &str = "aggregate_type, aggregate_id::uuid as id, sequence, event_type, event_version, payload, metadata, position";

impl<L: LogName> Feed<L> {
    /// Opens the feed of a log.
    pub fn open(servers: &Servers, context: L) -> Self {
        Self { context, pool: servers.pool(context.reader(), 4) }
    }

    /// Which log.
    pub fn context(&self) -> L {
        self.context
    }

    /// The next events after a position, at most `limit`. Positions are gapless: the first is
    /// `position + 1`, or there is none.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn after(&self, position: i64, limit: i64) -> sqlx::Result<Vec<Recorded<L>>> {
        let query =
            format!("select {COLUMNS} from events where position > $1 order by position limit $2");
        let rows = sqlx::query(&query).bind(position).bind(limit).fetch_all(&self.pool).await?;
        rows.iter().map(|row| self.recorded(row)).collect()
    }

    /// One aggregate's events, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn of_aggregate(
        &self,
        aggregate_type: &str,
        id: Uuid,
    ) -> sqlx::Result<Vec<Recorded<L>>> {
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

    /// One event by its position.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn at(&self, position: i64) -> sqlx::Result<Option<Recorded<L>>> {
        Ok(self.after(position - 1, 1).await?.pop().filter(|event| event.position == position))
    }

    /// How far the relay has come: position and stream generation.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn relayed(&self) -> sqlx::Result<(i64, i32)> {
        sqlx::query_as("select position, generation from relay").fetch_one(&self.pool).await
    }

    /// Seconds since the event after a position was written; 0 when there is none.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn lag_seconds(&self, position: i64) -> sqlx::Result<f64> {
        let age: Option<f64> = sqlx::query_scalar(
            "select extract(epoch from clock_timestamp() - inserted_at)::float8 from events where position = $1",
        )
        .bind(position + 1)
        .fetch_optional(&self.pool)
        .await?;
        Ok(age.unwrap_or(0.0))
    }

    fn recorded(&self, row: &PgRow) -> sqlx::Result<Recorded<L>> {
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

impl Feed {
    /// Events of several logs in one order: by the moment of writing, then context, then position.
    /// It ends before the oldest write that may be under way, so nothing appears behind a cursor.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn merged(
        feeds: &[Self],
        after: Option<(Context, i64)>,
        limit: i64,
    ) -> sqlx::Result<Vec<Recorded>> {
        let mut settled: Option<OffsetDateTime> = None;
        for feed in feeds {
            let at: OffsetDateTime =
                sqlx::query_scalar("select settled()").fetch_one(&feed.pool).await?;
            settled = Some(settled.map_or(at, |earlier| earlier.min(at)));
        }
        let Some(settled) = settled else { return Ok(Vec::new()) };
        let from = Self::moment(feeds, after).await?;
        let mut found: Vec<(OffsetDateTime, Recorded)> = Vec::new();
        for feed in feeds {
            found.extend(feed.written_between(from, settled, limit).await?);
        }
        found.sort_by_key(|(at, event)| (*at, event.context, event.position));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found.into_iter().map(|(_, event)| event).collect())
    }

    /// Where a cursor stands in the order.
    async fn moment(
        feeds: &[Self],
        after: Option<(Context, i64)>,
    ) -> sqlx::Result<Option<(OffsetDateTime, Context, i64)>> {
        let Some((context, position)) = after else { return Ok(None) };
        let Some(feed) = feeds.iter().find(|feed| feed.context == context) else { return Ok(None) };
        let at: OffsetDateTime =
            sqlx::query_scalar("select inserted_at from events where position = $1")
                .bind(position)
                .fetch_one(&feed.pool)
                .await?;
        Ok(Some((at, context, position)))
    }

    async fn written_between(
        &self,
        from: Option<(OffsetDateTime, Context, i64)>,
        until: OffsetDateTime,
        limit: i64,
    ) -> sqlx::Result<Vec<(OffsetDateTime, Recorded)>> {
        let after: i64 = match from {
            None => 0,
            Some((_, context, position)) if context == self.context => position,
            Some((at, context, _)) => {
                let place = "select position_at($1, $2)";
                let query = sqlx::query_scalar(place).bind(at).bind(context > self.context);
                query.fetch_one(&self.pool).await?
            }
        };
        let query = format!(
            "select {COLUMNS}, inserted_at from events \
             where position > $1 and inserted_at <= $2 order by position limit $3"
        );
        let query = sqlx::query(&query).bind(after).bind(until).bind(limit);
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get("inserted_at")?, self.recorded(row)?))).collect()
    }
}
