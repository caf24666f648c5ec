//! Rows from the directory's log.

use sqlx::PgConnection;
use trama_events::directory::{MunicipalityEvent, OrganisationEvent, ServiceEvent, StaffEvent};
use trama_platform::follow::Read;

pub(super) async fn service(
    rows: &mut PgConnection,
    read: &Read,
    event: &ServiceEvent,
) -> sqlx::Result<()> {
    let service = read.recorded.aggregate_id;
    let (state, since) = match event {
        ServiceEvent::ServiceRegistered { service_type, ats, .. } => {
            return sqlx::query("insert into services values ($1, $2, $3, $4)")
                .bind(service)
                .bind(service_type.code())
                .bind(service_type.is_confidential())
                .bind(ats.as_str())
                .execute(rows)
                .await
                .map(drop);
        }
        ServiceEvent::ServiceActivated { on } => ("active", on),
        ServiceEvent::ServiceSuspended { on } => ("suspended", on),
        ServiceEvent::ServiceClosed { on } => ("closed", on),
        ServiceEvent::SiteOpened { site, on, .. } => {
            return sqlx::query("insert into sites values ($1, $2, $3, $4, null)")
                .bind(read.recorded.id())
                .bind(service)
                .bind(site.0)
                .bind(*on)
                .execute(rows)
                .await
                .map(drop);
        }
        ServiceEvent::SiteClosed { site, on } => {
            let close = "update sites set closed_on = $3 where service = $1 and site = $2 \
                and closed_on is null";
            return sqlx::query(close)
                .bind(service)
                .bind(site.0)
                .bind(*on)
                .execute(rows)
                .await
                .map(drop);
        }
        ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. } => return Ok(()),
    };
    sqlx::query("insert into states values ($1, $2, $3, $4, $5)")
        .bind(read.recorded.id())
        .bind(service)
        .bind(read.recorded.sequence)
        .bind(state)
        .bind(*since)
        .execute(rows)
        .await
        .map(drop)
}

pub(super) async fn staff(
    rows: &mut PgConnection,
    read: &Read,
    event: &StaffEvent,
) -> sqlx::Result<()> {
    let post = read.recorded.aggregate_id;
    let change = match event {
        StaffEvent::StaffHired { profession, fte_hundredths, contract, ats, on, .. } => {
            sqlx::query("insert into posts values ($1, $2, $3, $4, $5, $6, $7, null)")
                .bind(read.recorded.id())
                .bind(post)
                .bind(profession.code())
                .bind(contract.code())
                .bind(i64::from(*fte_hundredths))
                .bind(ats.as_str())
                .bind(*on)
        }
        StaffEvent::StaffEnded { on } => {
            sqlx::query("update posts set ended_on = $2 where post = $1 and ended_on is null")
                .bind(post)
                .bind(*on)
        }
        StaffEvent::AccountBound { .. }
        | StaffEvent::MembershipGranted { .. }
        | StaffEvent::MembershipEnded { .. }
        | StaffEvent::LeaveStarted { .. }
        | StaffEvent::LeaveEnded { .. }
        | StaffEvent::AccessSuspended { .. }
        | StaffEvent::AccessRestored {} => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Who runs a service is no figure of these.
pub(super) fn organisation(event: &OrganisationEvent) {
    match event {
        OrganisationEvent::OrganisationRegistered { .. }
        | OrganisationEvent::OrganisationRenamed { .. } => {}
    }
}

/// Population belongs to the essential levels, not to these figures.
pub(super) fn municipality(event: &MunicipalityEvent) {
    match event {
        MunicipalityEvent::MunicipalityAssigned { .. }
        | MunicipalityEvent::PopulationUpdated { .. } => {}
    }
}
