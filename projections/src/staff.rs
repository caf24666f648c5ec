//! Who may act: account, roles, suspension and end of each post; and who answers for each service.
//!
//! `trama_platform::staff` reads the tables below by their names and columns and keeps them in
//! memory: changing them changes that module. Leave is of no concern here: whoever is away
//! may still act, and whoever covers has more relations, not more roles.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, query};
use trama_events::directory::{ServiceEvent, StaffEvent};
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

/// Keeps `staff`.
#[derive(Debug, Clone, Copy)]
pub struct StaffTables;

/// An account is here once: a later binding takes it from whoever had it before.
const TABLES: &str = "
    create table posts (staff uuid primary key, organisation uuid not null, account text unique,
        suspended boolean not null default false, ended_on date);
    create table memberships (membership uuid primary key, staff uuid not null, role text not null,
        ats text not null, services uuid[] not null, since date not null, ended_on date);
    create index memberships_staff on memberships (staff);
    create table responsibles (service uuid primary key, staff uuid not null)";

impl Model for StaffTables {
    fn name(&self) -> &'static str {
        "staff"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory]
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    /// The gate asks it before anybody is let in; no door reads it.
    fn readers(&self) -> &'static [&'static str] {
        &["gate"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            for change in changes(read) {
                change.execute(&mut *rows).await?;
            }
            Ok(())
        })
    }

    /// One topic for all: whoever keeps the table in memory reads it anew.
    fn topics(&self, read: &Read) -> Vec<String> {
        if changes(read).is_empty() { Vec::new() } else { vec!["staff".into()] }
    }
}

type Change<'a> = Query<'a, Postgres, PgArguments>;

fn changes(read: &Read) -> Vec<Change<'_>> {
    let id = read.recorded.aggregate_id;
    if let Event::Staff(event) = &read.event {
        return of_staff(id, event);
    }
    if let Event::Service(event) = &read.event {
        return of_service(id, event).into_iter().collect();
    }
    Vec::new()
}

/// Who answers for it. Whether she may act at all, and for it, her own rows say.
fn of_service(service: Uuid, event: &ServiceEvent) -> Option<Change<'_>> {
    match event {
        ServiceEvent::ServiceResponsibleNamed { staff, .. } => {
            let name = "insert into responsibles values ($1, $2) \
                 on conflict (service) do update set staff = excluded.staff";
            Some(query(name).bind(service).bind(staff.0))
        }
        ServiceEvent::ServiceResponsibleEnded { .. } => {
            Some(query("delete from responsibles where service = $1").bind(service))
        }
        ServiceEvent::ServiceRegistered { .. }
        | ServiceEvent::ServiceActivated { .. }
        | ServiceEvent::ServiceSuspended { .. }
        | ServiceEvent::ServiceClosed { .. }
        | ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => None,
    }
}

fn of_staff(staff: Uuid, event: &StaffEvent) -> Vec<Change<'_>> {
    match event {
        StaffEvent::StaffHired { organisation, .. } => {
            let insert = "insert into posts (staff, organisation) values ($1, $2) \
                 on conflict (staff) do update set organisation = excluded.organisation, \
                 ended_on = null, account = null";
            vec![query(insert).bind(staff).bind(organisation.0)]
        }
        StaffEvent::StaffEnded { on } => ended(staff, *on),
        StaffEvent::AccountBound { account } => vec![
            query("update posts set account = null where account = $1").bind(account),
            query("update posts set account = $2 where staff = $1").bind(staff).bind(account),
        ],
        StaffEvent::MembershipGranted { membership, role, ats, services, on } => {
            let services: Vec<Uuid> = services.iter().map(|service| service.0).collect();
            let insert = "insert into memberships values ($1, $2, $3, $4, $5, $6)";
            let granted = query(insert).bind(membership.0).bind(staff).bind(role.code());
            vec![granted.bind(ats.as_str()).bind(services).bind(on)]
        }
        StaffEvent::MembershipEnded { membership, on } => {
            let end = "update memberships set ended_on = $2 where membership = $1";
            vec![query(end).bind(membership.0).bind(on)]
        }
        StaffEvent::AccessSuspended { .. } => vec![suspended(staff, true)],
        StaffEvent::AccessRestored {} => vec![suspended(staff, false)],
        StaffEvent::LeaveStarted { .. } | StaffEvent::LeaveEnded { .. } => Vec::new(),
    }
}

/// Ending the post ends every role. The account stays with the post until somebody is hired anew
/// under it, so that whoever left is told so, and not that she is not known.
fn ended<'a>(staff: Uuid, on: time::Date) -> Vec<Change<'a>> {
    let roles = "update memberships set ended_on = $2 where staff = $1 and ended_on is null";
    vec![
        query("update posts set ended_on = $2 where staff = $1").bind(staff).bind(on),
        query(roles).bind(staff).bind(on),
    ]
}

fn suspended<'a>(staff: Uuid, suspended: bool) -> Change<'a> {
    query("update posts set suspended = $2 where staff = $1").bind(staff).bind(suspended)
}
