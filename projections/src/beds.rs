//! Who may be placed tonight: per facility and night the places that exist, are blocked, taken or
//! free, the season, and how many wait. Who sleeps where is for the facility's own operators.
//!
//! Rows come from housing's log; the public facts of a facility (name, ATS, municipality) from the
//! directory's. The two are joined when somebody reads.

mod fences;
mod grid;
mod http;
mod places;
mod rows;
mod tonight;
mod view;

use sqlx::PgConnection;
use trama_events::directory::{MunicipalityEvent, OrganisationEvent, ServiceEvent, StaffEvent};
use trama_events::ids::Ats;
use trama_events::{Context, Event};
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Fence, Model, Read};
use uuid::Uuid;

pub use grid::{GridAsked, grid};
pub use tonight::{BedsAsked, tonight};
pub use view::{
    BedsTonight, Cell, CellState, FacilityGrid, FacilityTonight, GridNight, Guest, NightCounts,
    PlaceNights, Season, SecretPlaces,
};

use crate::ReadModels;

/// Keeps `beds`.
#[derive(Debug, Clone, Copy)]
pub struct Beds;

const TABLES: &str = "
    create table facilities (facility uuid primary key, kind text not null, secret boolean not null,
        opened_on date not null, closed_on date);
    create table seasons (facility uuid, from_night date, to_night date not null,
        primary key (facility, from_night));
    create table places (place uuid primary key, facility uuid not null, unit uuid not null,
        from_night date not null, to_night date, pis_only boolean not null);
    create index places_facility on places (facility);
    create table blocks (place uuid, from_night date, to_night date,
        primary key (place, from_night));
    create table nights (ledger uuid, night date, facility uuid not null, person uuid not null,
        place uuid not null, state text not null, primary key (ledger, night));
    create index nights_place on nights (place, night);
    create table guests (stay uuid, number bigint, person uuid not null,
        primary key (stay, number));
    create table lodgings (stay uuid, number bigint, from_night date, to_night date,
        facility uuid not null, place uuid not null, person uuid not null,
        primary key (stay, number, from_night));
    create index lodgings_place on lodgings (place, from_night);
    create table waits (wait uuid primary key, facility uuid not null, places integer not null,
        listed_on date, ended_on date);
    create index waits_facility on waits (facility);
    create table services (service uuid primary key, name text, organisation uuid not null,
        ats text not null, municipality text)";

impl Model for Beds {
    fn name(&self) -> &'static str {
        "beds"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Housing, Context::Directory]
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    fn fences(&self) -> Vec<Fence> {
        fences::fences()
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            take(rows, read).await?;
            Ok(())
        })
    }

    fn topics(&self, read: &Read) -> Vec<String> {
        match read.recorded.context {
            // What secret shelters do is of the metropolitan city, and no hint tells when.
            Context::Housing if read.recorded.why.ats == Ats::metro() => Vec::new(),
            Context::Housing | Context::Directory => {
                vec![format!("beds/{}", read.recorded.why.ats)]
            }
            Context::Intake
            | Context::Casework
            | Context::Food
            | Context::Referrals
            | Context::Identity => Vec::new(),
        }
    }
}

async fn take(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    let (id, at) = (read.recorded.aggregate_id, read.recorded.why.occurred_at);
    match &read.event {
        Event::Facility(event) => rows::facility(rows, id, at, event).await,
        Event::Night(event) => rows::night(rows, id, event).await,
        Event::Stay(event) => rows::stay(rows, id, event).await,
        Event::Waiting(event) => rows::waiting(rows, id, at, event).await,
        Event::Service(event) => service(rows, id, event).await,
        Event::Organisation(
            OrganisationEvent::OrganisationRegistered { .. }
            | OrganisationEvent::OrganisationRenamed { .. },
        )
        | Event::Staff(
            StaffEvent::StaffHired { .. }
            | StaffEvent::StaffEnded { .. }
            | StaffEvent::AccountBound { .. }
            | StaffEvent::MembershipGranted { .. }
            | StaffEvent::MembershipEnded { .. }
            | StaffEvent::LeaveStarted { .. }
            | StaffEvent::LeaveEnded { .. }
            | StaffEvent::AccessSuspended { .. }
            | StaffEvent::AccessRestored {},
        )
        | Event::Household(_)
        | Event::Wish(_)
        | Event::Entry(_)
        | Event::Consent(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::ForcedAccess(_)
        | Event::Municipality(
            MunicipalityEvent::MunicipalityAssigned { .. }
            | MunicipalityEvent::PopulationUpdated { .. },
        )
        | Event::Person(_)
        | Event::Link(_)
        | Event::Contact(_)
        | Event::Delivery(_)
        | Event::Outreach(_)
        | Event::Emergency(_)
        | Event::Count(_)
        | Event::Case(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_)
        | Event::Referral(_) => Ok(()),
    }
}

async fn service(rows: &mut PgConnection, id: Uuid, event: &ServiceEvent) -> sqlx::Result<()> {
    match event {
        ServiceEvent::ServiceRegistered {
            organisation,
            name,
            service_type,
            ats,
            municipality,
            ..
        } => {
            if !service_type.is_housing() {
                return Ok(());
            }
            let open = !service_type.is_confidential();
            sqlx::query("insert into services values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(name)
                .bind(organisation.0)
                .bind(ats.as_str())
                .bind(municipality.as_ref().filter(|_| open))
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

pub(crate) fn doors(gate: &Gate) -> Doors<ReadModels> {
    http::doors(gate)
}
