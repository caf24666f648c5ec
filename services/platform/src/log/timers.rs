use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use uuid::Uuid;

/// A timer that is due: the context asks its aggregate what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Type of the aggregate.
    pub aggregate_type: String,
    /// The aggregate.
    pub aggregate_id: Uuid,
    /// Name of the timer.
    pub name: String,
    /// When it was due.
    pub due_at: OffsetDateTime,
}

pub(super) async fn due(pool: &PgPool, now: OffsetDateTime, limit: i64) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query(
        "select aggregate_type, aggregate_id::uuid as id, name, due_at from timers \
         where due_at <= $1 order by due_at, aggregate_id, name limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Due {
                aggregate_type: row.try_get("aggregate_type")?,
                aggregate_id: row.try_get("id")?,
                name: row.try_get("name")?,
                due_at: row.try_get("due_at")?,
            })
        })
        .collect()
}
