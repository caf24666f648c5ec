//! Rows of single events. A row depends on the order inside its own context only.

mod directory;
mod facts;
mod housing;
mod intake;

use sqlx::PgConnection;
use trama_events::Event;
use trama_events::casework::CaseEvent;
use trama_events::food::{CardEvent, MealEvent, ParcelEvent};
use trama_events::referrals::ReferralEvent;
use trama_platform::follow::Read;
use uuid::Uuid;

use facts::Facts;

/// Takes a batch: facts are collected and written at once, all else in order.
pub(super) async fn take(rows: &mut PgConnection, batch: &[Read]) -> sqlx::Result<()> {
    let mut facts = Facts::default();
    for read in batch {
        take_one(&mut *rows, &mut facts, read).await?;
    }
    facts.write(rows).await
}

async fn take_one(rows: &mut PgConnection, facts: &mut Facts, read: &Read) -> sqlx::Result<()> {
    match &read.event {
        Event::Person(event) => intake::person(rows, read, event).await,
        Event::Link(event) => intake::link(rows, event).await,
        Event::Entry(event) => intake::entry(rows, event).await,
        Event::Contact(event) => {
            intake::contact(facts, read, event);
            Ok(())
        }
        Event::Delivery(event) => intake::delivery(rows, facts, read, event).await,
        Event::Outreach(event) => intake::outreach(rows, facts, read, event).await,
        Event::Emergency(event) => {
            intake::emergency(facts, read, event);
            Ok(())
        }
        Event::Count(event) => intake::count(rows, read, event).await,
        Event::Case(event) => {
            case(facts, read, event);
            Ok(())
        }
        Event::Facility(event) => housing::facility(rows, read, event).await,
        Event::Night(event) => housing::night(rows, facts, read, event).await,
        Event::Stay(event) => housing::stay(rows, facts, read, event).await,
        Event::Waiting(event) => {
            housing::waiting(event);
            Ok(())
        }
        Event::Card(event) => {
            card(facts, read, event);
            Ok(())
        }
        Event::Meal(MealEvent::MealServed { recipient, .. }) => {
            facts.about(read, recipient.person(), i64::from(recipient.count()));
            Ok(())
        }
        Event::Parcel(event) => {
            parcel(facts, read, event);
            Ok(())
        }
        Event::Referral(event) => referral(rows, facts, read, event).await,
        Event::Organisation(event) => {
            directory::organisation(event);
            Ok(())
        }
        Event::Service(event) => directory::service(rows, read, event).await,
        Event::Staff(event) => directory::staff(rows, read, event).await,
        Event::Municipality(event) => {
            directory::municipality(event);
            Ok(())
        }
        Event::Household(_)
        | Event::Wish(_)
        | Event::Consent(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::ForcedAccess(_) => Ok(()),
    }
}

fn case(facts: &mut Facts, read: &Read, event: &CaseEvent) {
    match event {
        CaseEvent::TakenInCharge { .. } => facts.about(read, read.recorded.why.person, 1),
        CaseEvent::CaseOpened { .. }
        | CaseEvent::CaseManagerAssigned { .. }
        | CaseEvent::TeamMemberAdded { .. }
        | CaseEvent::TeamMemberRemoved { .. }
        | CaseEvent::AssessmentRecorded { .. }
        | CaseEvent::EligibilityFactRecorded { .. }
        | CaseEvent::UvmConvened { .. }
        | CaseEvent::UvmCancelled {}
        | CaseEvent::CarePlanApproved { .. }
        | CaseEvent::GuardianAppointed { .. }
        | CaseEvent::GuardianshipEnded {}
        | CaseEvent::ProjectDrafted { .. }
        | CaseEvent::GoalSet { .. }
        | CaseEvent::ProjectSigned { .. }
        | CaseEvent::GoalReviewed { .. }
        | CaseEvent::ProjectCompleted {}
        | CaseEvent::ProjectInterrupted { .. }
        | CaseEvent::CaseClosed { .. } => {}
    }
}

fn card(facts: &mut Facts, read: &Read, event: &CardEvent) {
    match event {
        CardEvent::PointsSpent { .. } => facts.about(read, read.recorded.why.person, 1),
        CardEvent::CardIssued { .. }
        | CardEvent::PointsCredited { .. }
        | CardEvent::PointsExpired { .. }
        | CardEvent::CardRenewed { .. }
        | CardEvent::CardSuspended { .. }
        | CardEvent::CardResumed {}
        | CardEvent::CardClosed { .. } => {}
    }
}

fn parcel(facts: &mut Facts, read: &Read, event: &ParcelEvent) {
    match event {
        ParcelEvent::ParcelDelivered {} => facts.about(read, read.recorded.why.person, 1),
        ParcelEvent::ParcelAssigned { .. } => {}
    }
}

async fn referral(
    rows: &mut PgConnection,
    facts: &mut Facts,
    read: &Read,
    event: &ReferralEvent,
) -> sqlx::Result<()> {
    match event {
        ReferralEvent::ReferralCreated { from_type, service_type, .. } => {
            if from_type.is_confidential() || service_type.is_confidential() {
                seal(rows, read.recorded.aggregate_id).await
            } else {
                Ok(())
            }
        }
        ReferralEvent::FirstVisitHeld {} => {
            facts.about(read, read.recorded.why.person, 1);
            Ok(())
        }
        ReferralEvent::ReferralSent { .. }
        | ReferralEvent::ReferralSeen {}
        | ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::ReferralInfoGiven { .. }
        | ReferralEvent::ReferralAccepted {}
        | ReferralEvent::ReferralDeclined { .. }
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitMissed {}
        | ReferralEvent::ReferralOutcomeReported { .. }
        | ReferralEvent::ReferralWithdrawn { .. }
        | ReferralEvent::ReferralExpired {} => Ok(()),
    }
}

/// What happens in this aggregate counts, but is never listed: a confidential service did it.
async fn seal(rows: &mut PgConnection, aggregate: Uuid) -> sqlx::Result<()> {
    sqlx::query("insert into sealed values ($1) on conflict do nothing")
        .bind(aggregate)
        .execute(rows)
        .await
        .map(drop)
}
