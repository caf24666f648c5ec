use sqlx::{PgConnection, query};
use trama_events::ids::PersonId;
use trama_events::intake::{Extent, Viewer, WishEvent};
use trama_platform::follow::Read;
use uuid::Uuid;

/// What a person decided about her own past, as long as it stands.
pub(in crate::relations) async fn wish(
    rows: &mut PgConnection,
    read: &Read,
    event: &WishEvent,
) -> sqlx::Result<()> {
    let wish = read.recorded.aggregate_id;
    let change = match event {
        WishEvent::ChildhoodOpened { wish: _, person, to, from, until, form: _ } => {
            query("insert into childhood values ($1, $2, $3, $4, $5)")
                .bind(wish)
                .bind(person.0)
                .bind(viewer(*to))
                .bind(from)
                .bind(until)
        }
        WishEvent::ChildhoodClosed {} => query("delete from childhood where wish = $1").bind(wish),
        WishEvent::RecordObscured { wish: _, person, what, form: _ } => {
            return obscured(rows, (wish, *person), what).await;
        }
        WishEvent::ObscuringLifted { form: _ } => {
            query("delete from obscured where wish = $1").bind(wish)
        }
    };
    change.execute(rows).await.map(drop)
}

/// Ids of bodies and of services never meet.
fn viewer(to: Viewer) -> Uuid {
    match to {
        Viewer::Organisation(organisation) => organisation.0,
        Viewer::Service(service) => service.0,
    }
}

async fn obscured(
    rows: &mut PgConnection,
    (wish, person): (Uuid, PersonId),
    what: &Extent,
) -> sqlx::Result<()> {
    let (service, entry, organisation) = match what {
        Extent::Service { service } => (Some(service.0), None, None),
        Extent::Entry { entry, organisation } => (None, Some(entry), Some(organisation.0)),
    };
    query("insert into obscured values ($1, $2, $3, $4, $5)")
        .bind(wish)
        .bind(person.0)
        .bind(service)
        .bind(entry)
        .bind(organisation)
        .execute(rows)
        .await
        .map(drop)
}
