use sqlx::PgConnection;
use trama_events::directory::ServiceEvent;
use trama_platform::follow::Read;

/// Names and types of services, and which of them work.
pub(in crate::inbox) async fn service(
    rows: &mut PgConnection,
    read: &Read,
    event: &ServiceEvent,
) -> sqlx::Result<()> {
    let service = read.recorded.aggregate_id;
    let active = "update services set active = $2 where service = $1";
    let change = match event {
        ServiceEvent::ServiceRegistered { name, service_type, ats, .. } => sqlx::query(
            "insert into services (service, service_type, name, ats) values ($1, $2, $3, $4)",
        )
        .bind(service)
        .bind(service_type.code())
        .bind(name)
        .bind(ats.as_str()),
        ServiceEvent::ServiceActivated { .. } => sqlx::query(active).bind(service).bind(true),
        ServiceEvent::ServiceSuspended { .. } | ServiceEvent::ServiceClosed { .. } => {
            sqlx::query(active).bind(service).bind(false)
        }
        ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}
