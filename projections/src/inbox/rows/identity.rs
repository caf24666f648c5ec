use sqlx::{PgConnection, query};
use trama_events::identity::ForcedAccessEvent;
use trama_platform::follow::Read;

/// What was opened by force, and what somebody found who looked at it. From when it is waited for
/// is the moment of recording: whoever forces does not set her own deadline.
pub(in crate::inbox) async fn forced(
    rows: &mut PgConnection,
    read: &Read,
    event: &ForcedAccessEvent,
) -> sqlx::Result<()> {
    let why = &read.recorded.why;
    let change = match event {
        ForcedAccessEvent::AccessForced { access, person, reason, .. } => {
            query("insert into forced values ($1, $2, $3, $4, $5, $6)")
                .bind(access.0)
                .bind(person.0)
                .bind(why.actor.0)
                .bind(why.ats.as_str())
                .bind(<&'static str>::from(reason))
                .bind(why.recorded_at)
        }
        ForcedAccessEvent::ForcedAccessReviewed { finding } => {
            query("update forced set finding = $2, reviewed_at = $3 where access = $1")
                .bind(read.recorded.aggregate_id)
                .bind(<&'static str>::from(finding))
                .bind(why.recorded_at)
        }
    };
    change.execute(rows).await.map(drop)
}
