//! The referral graph: which service sends whom where, and what comes of it. No persons.
//!
//! One row per referral, from its own log alone, and a small copy of the directory. Figures are
//! computed when somebody reads. A confidential service is never a node: it is folded into one
//! node `external` with all others of its kind.

mod figures;
mod graph;
mod http;
mod names;

use sqlx::PgConnection;
use time::OffsetDateTime;
use trama_events::directory::{MunicipalityEvent, ServiceEvent, StaffEvent};
use trama_events::referrals::ReferralEvent;
use trama_events::{Context, Event, rome};
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Fence, Model, Read};
use uuid::Uuid;

pub use graph::{EXTERNAL, Edge, EdgeMonth, Graph, Month, NeedMetCounts, Node, graph, last_year};
pub use http::READ;
pub use names::{Listed, listed_services, service_names};

use crate::{ReadModels, organisations};

/// Keeps `network`.
#[derive(Debug, Clone, Copy)]
pub struct Network;

const TABLES: &str = "
    create table referrals (referral uuid primary key, from_service uuid not null,
        to_service uuid not null, from_sealed boolean not null, to_sealed boolean not null, sent_on date,
        sent_at timestamptz, seen_at timestamptz, accepted_at timestamptz, declined_at timestamptz,
        decline_reason text, expired_at timestamptz, withdrawn_at timestamptz,
        visit_held_at timestamptz, need_met text);
    create index referrals_sent on referrals (sent_on);
    create table services (service uuid primary key, organisation uuid not null, name text,
        service_type text not null, confidential boolean not null, ats text not null);
    create table organisations (organisation uuid primary key, name text not null)";

impl Model for Network {
    fn name(&self) -> &'static str {
        "network"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Referrals, Context::Directory]
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    /// Services and what comes of their referrals; no person is in any of it.
    fn fences(&self) -> Vec<Fence> {
        ["referrals", "services", "organisations", "changes"].map(Fence::public).into()
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            take(rows, read).await?;
            Ok(())
        })
    }

    fn topics(&self, read: &Read) -> Vec<String> {
        match read.recorded.context {
            Context::Referrals | Context::Directory => vec!["network".into()],
            Context::Intake
            | Context::Casework
            | Context::Housing
            | Context::Food
            | Context::Identity => Vec::new(),
        }
    }
}

async fn take(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    let (id, at) = (read.recorded.aggregate_id, read.recorded.why.occurred_at);
    match &read.event {
        Event::Referral(event) => referral(rows, id, at, event).await,
        Event::Service(event) => service(rows, id, event).await,
        Event::Organisation(event) => organisations::keep(rows, id, event).await,
        Event::Staff(
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
        | Event::Facility(_)
        | Event::Night(_)
        | Event::Stay(_)
        | Event::Waiting(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_) => Ok(()),
    }
}

async fn referral(
    rows: &mut PgConnection,
    id: Uuid,
    at: OffsetDateTime,
    event: &ReferralEvent,
) -> sqlx::Result<()> {
    let moment = |statement: &'static str| sqlx::query(statement).bind(id).bind(at);
    let change = match event {
        ReferralEvent::ReferralCreated { from, from_type, to, service_type, .. } => sqlx::query(
            "insert into referrals (referral, from_service, to_service, from_sealed, to_sealed) \
             values ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(from.0)
        .bind(to.0)
        .bind(from_type.is_confidential())
        .bind(service_type.is_confidential()),
        ReferralEvent::ReferralSent { .. } => {
            moment("update referrals set sent_at = $2, sent_on = $3 where referral = $1")
                .bind(rome::day_of(at))
        }
        ReferralEvent::ReferralSeen {} => {
            moment("update referrals set seen_at = $2 where referral = $1")
        }
        ReferralEvent::ReferralAccepted {} => {
            moment("update referrals set accepted_at = $2 where referral = $1")
        }
        ReferralEvent::ReferralDeclined { reason, .. } => {
            moment("update referrals set declined_at = $2, decline_reason = $3 where referral = $1")
                .bind(reason.code())
        }
        ReferralEvent::FirstVisitHeld {} => moment(
            "update referrals set visit_held_at = coalesce(visit_held_at, $2) where referral = $1",
        ),
        ReferralEvent::ReferralOutcomeReported { need_met } => {
            sqlx::query("update referrals set need_met = $2 where referral = $1")
                .bind(id)
                .bind(need_met.code())
        }
        ReferralEvent::ReferralWithdrawn { .. } => {
            moment("update referrals set withdrawn_at = $2 where referral = $1")
        }
        ReferralEvent::ReferralExpired {} => {
            moment("update referrals set expired_at = $2 where referral = $1")
        }
        ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::ReferralInfoGiven { .. }
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitMissed {} => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

async fn service(rows: &mut PgConnection, id: Uuid, event: &ServiceEvent) -> sqlx::Result<()> {
    match event {
        ServiceEvent::ServiceRegistered { organisation, name, service_type, ats, .. } => {
            let public = (!service_type.is_confidential()).then_some(name);
            sqlx::query("insert into services values ($1, $2, $3, $4, $5, $6)")
                .bind(id)
                .bind(organisation.0)
                .bind(public)
                .bind(service_type.code())
                .bind(service_type.is_confidential())
                .bind(ats.as_str())
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
