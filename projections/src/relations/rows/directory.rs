use sqlx::{PgConnection, query};
use trama_events::directory::{AgreementEvent, ServiceEvent, StaffEvent};
use trama_events::rome;
use trama_platform::follow::Read;
use uuid::Uuid;

/// Which body runs which service, and which of them are confidential.
pub(in crate::relations) async fn service(
    rows: &mut PgConnection,
    event: &ServiceEvent,
) -> sqlx::Result<()> {
    match event {
        ServiceEvent::ServiceRegistered { service, organisation, service_type, .. } => {
            query("insert into services values ($1, $2, $3)")
                .bind(service.0)
                .bind(organisation.0)
                .bind(service_type.is_confidential())
                .execute(rows)
                .await
                .map(drop)
        }
        ServiceEvent::ServiceActivated { .. }
        | ServiceEvent::ServiceSuspended { .. }
        | ServiceEvent::ServiceClosed { .. }
        | ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => Ok(()),
    }
}

/// Of which profession each is, and who covers whom on which days. Whoever left is covered by nobody: her cases get another manager.
pub(in crate::relations) async fn staff(
    rows: &mut PgConnection,
    read: &Read,
    event: &StaffEvent,
) -> sqlx::Result<()> {
    let staff = read.recorded.aggregate_id;
    let gone = "delete from leaves where staff = $1";
    let change = match event {
        StaffEvent::LeaveStarted { from, to, cover } => query(
            "insert into leaves values ($1, $2, $3, $4) on conflict (staff) do update set \
             from_on = excluded.from_on, to_on = excluded.to_on, cover = excluded.cover",
        )
        .bind(staff)
        .bind(from)
        .bind(to)
        .bind(cover.map(|cover| cover.0)),
        StaffEvent::LeaveEnded { on } => {
            let last = rome::days_after(*on, -1);
            query("update leaves set to_on = least(to_on, $2) where staff = $1")
                .bind(staff)
                .bind(last)
        }
        StaffEvent::StaffEnded { .. } => query(gone).bind(staff),
        StaffEvent::StaffHired { profession, .. } => query(
            "insert into posts values ($1, $2) on conflict (staff) do update set \
             profession = excluded.profession",
        )
        .bind(staff)
        .bind(profession.code()),
        StaffEvent::AccountBound { .. }
        | StaffEvent::MembershipGranted { .. }
        | StaffEvent::MembershipEnded { .. }
        | StaffEvent::AccessSuspended { .. }
        | StaffEvent::AccessRestored {} => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// What bodies agreed.
pub(in crate::relations) async fn agreement(
    rows: &mut PgConnection,
    read: &Read,
    event: &AgreementEvent,
) -> sqlx::Result<()> {
    let change = match event {
        AgreementEvent::AgreementSigned {
            agreement,
            holder,
            readers,
            sections,
            purpose,
            from,
            until,
        } => {
            let readers: Vec<Uuid> = readers.iter().map(|reader| reader.0).collect();
            let sections: Vec<&'static str> =
                sections.iter().map(|section| section.code()).collect();
            query("insert into agreements values ($1, $2, $3, $4, $5, $6, $7)")
                .bind(agreement.0)
                .bind(holder.0)
                .bind(readers)
                .bind(sections)
                .bind(purpose.code())
                .bind(from)
                .bind(until)
        }
        AgreementEvent::AgreementEnded { on } => {
            query("update agreements set ended_on = $2 where agreement = $1")
                .bind(read.recorded.aggregate_id)
                .bind(on)
        }
    };
    change.execute(rows).await.map(drop)
}
