use std::collections::BTreeMap;

use sqlx::{PgPool, Row};
use trama_events::ids::ServiceId;
use uuid::Uuid;

/// The public names of these services, as far as they have one: for lists of somebody's own.
///
/// # Errors
///
/// When the read model cannot be read.
pub async fn service_names(
    pool: &PgPool,
    services: &[ServiceId],
) -> sqlx::Result<BTreeMap<ServiceId, String>> {
    let ids: Vec<Uuid> = services.iter().map(|service| service.0).collect();
    let query = "select service, name from network.services \
                 where service = any($1) and name is not null";
    let rows = sqlx::query(query).bind(ids).fetch_all(pool).await?;
    rows.iter().map(|row| Ok((ServiceId(row.try_get("service")?), row.try_get("name")?))).collect()
}
