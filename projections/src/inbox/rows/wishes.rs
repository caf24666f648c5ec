use sqlx::{PgConnection, query};
use trama_events::intake::{Extent, WishEvent};
use trama_platform::follow::Read;

/// What a person obscured, as long as that stands. Her childhood is none of it: what waits for somebody
/// is of now.
pub(in crate::inbox) async fn wish(
    rows: &mut PgConnection,
    read: &Read,
    event: &WishEvent,
) -> sqlx::Result<()> {
    let wish = read.recorded.aggregate_id;
    let change = match event {
        WishEvent::RecordObscured { wish: _, person, what, form: _ } => {
            let (service, entry) = match what {
                Extent::Service { service } => (Some(service.0), None),
                Extent::Entry { entry, organisation: _ } => (None, Some(entry)),
            };
            let insert = query("insert into obscured values ($1, $2, $3, $4)");
            insert.bind(wish).bind(person.0).bind(service).bind(entry)
        }
        WishEvent::ObscuringLifted { form: _ } => {
            query("delete from obscured where wish = $1").bind(wish)
        }
        WishEvent::ChildhoodOpened { .. } | WishEvent::ChildhoodClosed {} => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}
