//! What waits for a service, for a person in charge, or for who controls: to do, waiting for
//! others, information.
//!
//! Each context's rows are kept apart; an item and its list are computed from them when somebody
//! looks, against the clock, so that nothing has to happen for a deadline to pass.

mod drafts;
mod fences;
mod forced;
mod hear;
mod http;
mod items;
mod load;
mod rows;

use sqlx::PgConnection;
use trama_events::{Context, Event};
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Fence, Model, Read, Touched};

pub(crate) use hear::{OF_AUDITORS, of_plan_office};
pub use http::{READ, own};
pub use items::{Item, Kind, List};
pub use load::{BadCursor, Contents, Counts, Owner, Page, inbox};

use crate::ReadModels;

/// Keeps `inbox`.
#[derive(Debug, Clone, Copy)]
pub struct Inbox;

const TABLES: &str = "
    create table services (service uuid primary key, service_type text not null, name text not null,
        ats text not null, active boolean not null default false);
    create table codes (person uuid primary key, code text not null, service uuid not null);
    create index codes_service on codes (service);
    create table links (link uuid primary key, canonical uuid not null, other uuid not null,
        linked boolean not null);
    create index links_canonical on links (canonical) where linked;
    create index links_other on links (other) where linked;
    create table identifiers (person uuid, kind text, valid_to date not null,
        added_at timestamptz not null, primary key (person, kind));
    create table contacts (aggregate uuid, kind text, service uuid not null, person uuid,
        at timestamptz not null, primary key (aggregate, kind));
    create index contacts_met on contacts (service, person, at);
    create table emergencies (emergency uuid primary key, service uuid not null, person uuid,
        moved boolean not null default false,
        ats text not null, reported_at timestamptz not null, lone_child boolean not null,
        units uuid[] not null default '{}', handover uuid, closed_at timestamptz);
    create index emergencies_person on emergencies (person);
    create index emergencies_service on emergencies (service);
    create index emergencies_units on emergencies using gin (units);
    create index emergencies_handover on emergencies (handover);
    create index emergencies_lone_child on emergencies (ats) where lone_child;
    create index emergencies_closed on emergencies (closed_at);
    create table cases (case_id uuid primary key, person uuid not null, service uuid not null,
        manager uuid, opened_at timestamptz not null, is_open boolean not null default true,
        project_over boolean not null default false, handover uuid, closed_at timestamptz);
    create index cases_handover on cases (handover);
    create index cases_service on cases (service) where is_open;
    create index cases_manager on cases (manager) where is_open;
    create index cases_person on cases (person);
    create table goals (goal uuid primary key, case_id uuid not null, review_on date,
        set_at timestamptz not null);
    create index goals_case on goals (case_id) where review_on is not null;
    create table stays (stay uuid primary key, people uuid[] not null, facility uuid not null,
        started_on date not null, cap_on date, ended_on date, ended_at timestamptz,
        destination text, sealed boolean not null);
    create index stays_people on stays using gin (people);
    create index stays_facility on stays (facility);
    create table waits (waiting uuid primary key, person uuid not null, facility uuid not null,
        requested_at timestamptz not null, stage text not null, held_until timestamptz);
    create index waits_person on waits (person);
    create index waits_facility on waits (facility) where stage <> 'over';
    create table referrals (referral uuid primary key, person uuid not null, sender uuid not null,
        receiver uuid not null, need text not null, urgency text not null,
        created_position bigint not null, confidential boolean not null,
        receiver_sealed boolean not null,
        stage text not null default 'created', changed_position bigint not null,
        sent_at timestamptz, answer_by timestamptz, changed_at timestamptz not null,
        seen boolean not null default false, reason text, next_step text, elsewhere uuid,
        visit text, visit_at timestamptz, visit_changed_at timestamptz);
    create index referrals_receiver on referrals (receiver);
    create index referrals_sender on referrals (sender);
    create index referrals_person on referrals (person);
    create table forced (access uuid primary key, person uuid not null, staff uuid not null,
        ats text not null, reason text not null, at timestamptz not null, finding text,
        reviewed_at timestamptz);
    create index forced_unseen on forced (person) where reviewed_at is null;
    create index forced_reviewed on forced (reviewed_at);
    create table obscured (wish uuid primary key, person uuid not null, service uuid, entry text);
    create index obscured_person on obscured (person)";

impl Model for Inbox {
    fn name(&self) -> &'static str {
        "inbox"
    }

    fn contexts(&self) -> &'static [Context] {
        &[
            Context::Intake,
            Context::Casework,
            Context::Housing,
            Context::Referrals,
            Context::Directory,
            Context::Identity,
        ]
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    fn fences(&self) -> Vec<Fence> {
        fences::fences()
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move { Ok(apply(rows, read).await?) })
    }

    fn touched<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Touched<'a> {
        Box::pin(async move { Ok(hear::touched(rows, batch).await?) })
    }
}

async fn apply(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    match &read.event {
        Event::Person(event) => rows::intake::person(rows, read, event).await,
        Event::Link(event) => rows::intake::link(rows, event).await,
        Event::Entry(event) => rows::intake::entry(rows, event).await,
        Event::Contact(event) => rows::intake::contact(rows, read, event).await,
        Event::Delivery(event) => rows::intake::delivery(rows, read, event).await,
        Event::Emergency(event) => rows::intake::emergency(rows, read, event).await,
        Event::Case(event) => rows::casework::case(rows, read, event).await,
        Event::Stay(event) => rows::housing::stay(rows, read, event).await,
        Event::Waiting(event) => rows::housing::waiting(rows, read, event).await,
        Event::Referral(event) => rows::referrals::referral(rows, read, event).await,
        Event::Service(event) => rows::directory::service(rows, read, event).await,
        Event::ForcedAccess(event) => rows::identity::forced(rows, read, event).await,
        Event::Wish(event) => rows::wishes::wish(rows, read, event).await,
        Event::Outreach(_)
        | Event::Count(_)
        | Event::Facility(_)
        | Event::Night(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_)
        | Event::Organisation(_)
        | Event::Staff(_)
        | Event::Household(_)
        | Event::Consent(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::Municipality(_) => Ok(()),
    }
}

pub(crate) fn doors(gate: &Gate) -> Doors<ReadModels> {
    http::doors(gate)
}
