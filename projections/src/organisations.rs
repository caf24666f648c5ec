//! The public names of organisations, as several read models keep them in a table of their own.

use sqlx::PgConnection;
use trama_events::directory::OrganisationEvent;
use uuid::Uuid;

/// Keeps `organisations (organisation, name)` of the model to which these rows belong.
pub(crate) async fn keep(
    rows: &mut PgConnection,
    organisation: Uuid,
    event: &OrganisationEvent,
) -> sqlx::Result<()> {
    let change = match event {
        OrganisationEvent::OrganisationRegistered { name, .. } => {
            sqlx::query("insert into organisations values ($1, $2)").bind(organisation).bind(name)
        }
        OrganisationEvent::OrganisationRenamed { name } => {
            sqlx::query("update organisations set name = $2 where organisation = $1")
                .bind(organisation)
                .bind(name)
        }
    };
    change.execute(rows).await.map(drop)
}
