use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::ids::{Ats, OrganisationId};
use uuid::Uuid;

use super::ask::Asked;

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
    /// The ATS of the aggregate's first event.
    pub ats: Ats,
    /// The organisation of the aggregate's first event.
    pub organisation: OrganisationId,
}

impl Due {
    /// The command's metadata when the clock asks: the system acts, once for each setting.
    pub fn asked(&self, now: OffsetDateTime) -> Asked {
        let key = format!(
            "{}:{}:{}:{}",
            self.aggregate_type,
            self.aggregate_id,
            self.name,
            self.due_at.unix_timestamp_nanos()
        );
        Asked::by_system("timer", key, self.ats.clone(), self.organisation, now)
    }
}

pub(super) async fn due(
    pool: &PgPool,
    now: OffsetDateTime,
    after: Option<&Due>,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query(
        "select t.aggregate_type, t.aggregate_id::uuid as id, name, due_at, \
            e.metadata ->> 'ats' as ats, (e.metadata ->> 'organisation')::uuid as organisation \
         from timers t join events e on e.aggregate_type = t.aggregate_type \
            and e.aggregate_id = t.aggregate_id and e.sequence = 1 \
         where due_at <= $1 and ($2::timestamptz is null or (due_at, t.aggregate_id, name) > ($2, $3, $4)) \
         order by due_at, t.aggregate_id, name limit $5",
    )
    .bind(now)
    .bind(after.map(|due| due.due_at))
    .bind(after.map(|due| due.aggregate_id.to_string()))
    .bind(after.map(|due| due.name.as_str()))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let ats: String = row.try_get("ats")?;
            Ok(Due {
                aggregate_type: row.try_get("aggregate_type")?,
                aggregate_id: row.try_get("id")?,
                name: row.try_get("name")?,
                due_at: row.try_get("due_at")?,
                ats: ats.parse().map_err(|_| sqlx::Error::Decode("not an ATS".into()))?,
                organisation: OrganisationId(row.try_get("organisation")?),
            })
        })
        .collect()
}
