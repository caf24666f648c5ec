//! Which body met a person and wrote it down: what it recorded it may see again.

use sqlx::{PgConnection, query};
use trama_events::Event;
use trama_events::casework::CaseEvent;
use trama_events::food::{CardEvent, ParcelEvent};
use trama_events::housing::{NightEvent, StayEvent};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{
    ContactEvent, DeliveryEvent, EmergencyEvent, OutreachEvent, PersonEvent,
};
use trama_events::referrals::ReferralEvent;
use trama_platform::follow::Read;
use uuid::Uuid;

/// Keeps the entry, when it is one that somebody made on meeting her. What a clock does, or what
/// one service asks of another, is none.
pub(in crate::relations) async fn keep(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    let (people, service) = met(read);
    for (number, person) in people.iter().enumerate() {
        // Those who moved in with her: an entry is moved for its first person only.
        let of = if number == 0 { String::new() } else { format!("#{number}") };
        query("insert into own values ($1, $2, $3, $4, $5)")
            .bind(format!("{}{of}", read.recorded.id()))
            .bind(person)
            .bind(read.recorded.why.organisation.0)
            .bind(service.map(|service: ServiceId| service.0))
            .bind(read.recorded.why.occurred_at)
            .execute(&mut *rows)
            .await?;
    }
    Ok(())
}

/// Whom the entry is about, and the service where it says which.
fn met(read: &Read) -> (Vec<Uuid>, Option<ServiceId>) {
    let about = |person: Option<PersonId>, service: Option<ServiceId>| {
        (person.map(|person| person.0).into_iter().collect(), service)
    };
    let known = read.recorded.why.person;
    match &read.event {
        Event::Person(event) => about(known.filter(|_| says_something(event)), service_of(event)),
        Event::Contact(ContactEvent::ContactRecorded { person, service, .. })
        | Event::Outreach(OutreachEvent::OutreachEncounterRecorded { person, service, .. })
        | Event::Emergency(EmergencyEvent::EmergencyReported { person, service, .. }) => {
            about(*person, Some(*service))
        }
        Event::Emergency(EmergencyEvent::EmergencyAssessed { person, .. }) => about(*person, None),
        Event::Delivery(DeliveryEvent::ServiceDelivered { recipient, service, .. }) => {
            about(recipient.person(), Some(*service))
        }
        Event::Case(CaseEvent::CaseOpened { person, service, .. })
        | Event::Card(CardEvent::CardIssued { person, service, .. })
        | Event::Parcel(ParcelEvent::ParcelAssigned { person, service, .. }) => {
            about(Some(*person), Some(*service))
        }
        Event::Night(NightEvent::NightCheckedIn { .. })
        | Event::Referral(ReferralEvent::FirstVisitHeld {}) => about(known, None),
        Event::Stay(StayEvent::StayStarted { person, members, facility, .. }) => {
            let mut people = vec![person.0];
            people.extend(members.iter().map(|member| member.0).filter(|one| *one != person.0));
            people.dedup();
            (people, Some(*facility))
        }
        Event::Contact(ContactEvent::ContactTriaged { .. } | ContactEvent::ContactClosed {})
        | Event::Emergency(
            EmergencyEvent::UnitDispatched { .. } | EmergencyEvent::EmergencyClosed { .. },
        )
        | Event::Case(_)
        | Event::Card(_)
        | Event::Parcel(_)
        | Event::Night(_)
        | Event::Referral(_)
        | Event::Stay(_)
        | Event::Count(_)
        | Event::Household(_)
        | Event::Entry(_)
        | Event::Wish(_)
        | Event::Link(_)
        | Event::Facility(_)
        | Event::Waiting(_)
        | Event::Meal(_)
        | Event::Consent(_)
        | Event::Organisation(_)
        | Event::Service(_)
        | Event::Staff(_)
        | Event::Municipality(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::ForcedAccess(_) => about(None, None),
    }
}

/// An identifier that runs out or is replaced is no meeting. Nor is it one to hide somebody, or to lift it:
/// it opens nothing to who says it, nor to her body.
fn says_something(event: &PersonEvent) -> bool {
    match event {
        PersonEvent::PersonRegistered { .. }
        | PersonEvent::AliasRecorded { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. } => true,
        PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => false,
    }
}

fn service_of(event: &PersonEvent) -> Option<ServiceId> {
    match event {
        PersonEvent::PersonRegistered { service, .. }
        | PersonEvent::AliasRecorded { service, .. } => Some(*service),
        PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => None,
    }
}
