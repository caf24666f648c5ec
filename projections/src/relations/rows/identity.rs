use sqlx::{PgConnection, query};
use trama_events::identity::ForcedAccessEvent;
use trama_platform::follow::Read;

/// What somebody opened by force, and until when.
pub(in crate::relations) async fn forced(
    rows: &mut PgConnection,
    read: &Read,
    event: &ForcedAccessEvent,
) -> sqlx::Result<()> {
    match event {
        ForcedAccessEvent::AccessForced { access, person, sections, until, .. } => {
            let sections: Vec<&'static str> =
                sections.iter().map(|section| section.code()).collect();
            query("insert into forced values ($1, $2, $3, $4, $5)")
                .bind(access.0)
                .bind(person.0)
                .bind(read.recorded.why.actor.0)
                .bind(sections)
                .bind(until)
                .execute(rows)
                .await
                .map(drop)
        }
        ForcedAccessEvent::ForcedAccessReviewed { .. } => Ok(()),
    }
}
