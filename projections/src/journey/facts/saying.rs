//! What an event means for a span or for the housing situation: said here, where a new event type
//! does not compile until somebody says it.

use trama_events::casework::CaseEvent;
use trama_events::codes::Destination;
use trama_events::directory::{MunicipalityEvent, StaffEvent};
use trama_events::food::{CardEvent, MealEvent, ParcelEvent};
use trama_events::housing::{FacilityEvent, NightEvent, StayEvent, WaitingEvent};
use trama_events::intake::{
    ContactEvent, CountEvent, DeliveryEvent, EmergencyEvent, LinkEvent, OutreachEvent, PersonEvent,
};
use trama_events::referrals::{ConsentEvent, ExternalState, ReferralEvent};
use trama_events::{Event, rome};

use super::{ENDED, Saying};

pub(super) fn saying(event: &Event) -> Option<Saying> {
    match event {
        Event::Person(event) => of_person(event),
        Event::Link(event) => of_link(event),
        Event::Contact(event) => Some(of_contact(event)),
        Event::Delivery(DeliveryEvent::ServiceDelivered { service, recipient, .. })
        | Event::Meal(MealEvent::MealServed { service, recipient, .. }) => {
            Some(Saying { person: recipient.person(), ..Saying::at(*service) })
        }
        Event::Outreach(OutreachEvent::OutreachEncounterRecorded {
            service,
            person,
            ethos,
            ..
        }) => {
            Some(Saying { person: *person, ethos: Some(ethos.to_string()), ..Saying::at(*service) })
        }
        Event::Emergency(event) => Some(of_emergency(event)),
        Event::Case(event) => Some(of_case(event)),
        Event::Night(event) => Some(of_night(event)),
        Event::Stay(event) => Some(of_stay(event)),
        Event::Waiting(event) => Some(of_waiting(event)),
        Event::Card(event) => Some(of_card(event)),
        Event::Parcel(event) => Some(of_parcel(event)),
        Event::Referral(event) => Some(of_referral(event)),
        Event::Consent(event) => Some(of_consent(event)),
        Event::Count(CountEvent::HomelessCountRecorded { .. })
        | Event::Facility(
            FacilityEvent::FacilityOpened { .. }
            | FacilityEvent::UnitAdded { .. }
            | FacilityEvent::CapacityChanged { .. }
            | FacilityEvent::SeasonSet { .. }
            | FacilityEvent::PlaceBlocked { .. }
            | FacilityEvent::PlaceReleased { .. }
            | FacilityEvent::FacilityClosed { .. },
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
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::ForcedAccess(_)
        | Event::Municipality(
            MunicipalityEvent::MunicipalityAssigned { .. }
            | MunicipalityEvent::PopulationUpdated { .. },
        )
        // Kept beside, each event of theirs by name.
        | Event::Organisation(_)
        | Event::Service(_) => None,
    }
}

/// When she fled, and which body hid her, is no part of a path, also once it is over.
fn of_person(event: &PersonEvent) -> Option<Saying> {
    Some(match event {
        PersonEvent::NotToBeFoundDeclared { .. } | PersonEvent::NotToBeFoundLifted { .. } => {
            return None;
        }
        PersonEvent::PersonRegistered { service, .. }
        | PersonEvent::AliasRecorded { service, .. } => Saying::at(*service),
        PersonEvent::HousingSituationRecorded { ethos } => {
            Saying { ethos: Some(ethos.to_string()), ..Saying::default() }
        }
        PersonEvent::HousingSituationCorrected { corrects, ethos } => Saying {
            ethos: Some(ethos.to_string()),
            corrects: Some(*corrects),
            ..Saying::default()
        },
        PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::EngagementProgressed { .. } => Saying::default(),
    })
}

/// That a pair was looked at and not linked is no part of a path.
fn of_link(event: &LinkEvent) -> Option<Saying> {
    match event {
        LinkEvent::PersonsLinked { canonical, other, .. }
        | LinkEvent::PersonsUnlinked { canonical, other, .. } => {
            Some(Saying { person: Some(*canonical), also: vec![*other], ..Saying::default() })
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => None,
    }
}

fn of_contact(event: &ContactEvent) -> Saying {
    match event {
        ContactEvent::ContactRecorded { service, person, .. } => {
            Saying { person: *person, ..Saying::at(*service) }
        }
        ContactEvent::ContactTriaged { .. } | ContactEvent::ContactClosed {} => Saying::default(),
    }
}

fn of_emergency(event: &EmergencyEvent) -> Saying {
    let saying = match event {
        EmergencyEvent::EmergencyReported { service, person, .. } => {
            Saying { person: *person, ..Saying::at(*service) }
        }
        EmergencyEvent::EmergencyAssessed { person, .. } => {
            Saying { person: *person, ..Saying::default() }
        }
        EmergencyEvent::UnitDispatched { .. } | EmergencyEvent::EmergencyClosed { .. } => {
            Saying::default()
        }
    };
    Saying { may_be_named_later: true, ..saying }
}

fn of_case(event: &CaseEvent) -> Saying {
    match event {
        CaseEvent::CaseOpened { person, service, .. } => {
            Saying { person: Some(*person), ..Saying::at(*service) }
        }
        CaseEvent::TakenInCharge { .. } => Saying::step("opens"),
        CaseEvent::CaseClosed { .. } => Saying::step("closes"),
        CaseEvent::CaseManagerAssigned { .. }
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
        | CaseEvent::ProjectInterrupted { .. } => Saying::default(),
    }
}

fn of_night(event: &NightEvent) -> Saying {
    match event {
        // Reserving happens when it is done, not on the night.
        NightEvent::NightReserved { facility, person, .. } => {
            Saying { person: Some(*person), ..Saying::at(*facility) }
        }
        NightEvent::NightCheckedIn { night, .. } => {
            Saying { ethos: Some("2.1".into()), ..Saying::on(*night) }
        }
        NightEvent::NightNoShow { night, .. } => Saying::on(*night),
        NightEvent::NightReleased { .. } => Saying::default(),
    }
}

fn of_stay(event: &StayEvent) -> Saying {
    match event {
        StayEvent::StayStarted { person, members, facility, kind, started_on, cap_on, .. } => {
            Saying {
                person: Some(*person),
                also: members.clone(),
                service: Some(*facility),
                step: Some("opens"),
                due_on: *cap_on,
                ethos: kind.housing_ethos().map(Into::into),
                seals: kind.is_confidential(),
                ..Saying::on(*started_on)
            }
        }
        StayEvent::StayExtended { until, decided_on, .. } => {
            Saying { step: Some("changes"), due_on: Some(*until), ..Saying::on(*decided_on) }
        }
        StayEvent::PlaceMoved { moved_on, .. } => Saying::on(*moved_on),
        StayEvent::StepMoved { facility, kind, moved_on, .. } => Saying {
            service: Some(*facility),
            step: Some("changes"),
            ethos: kind.housing_ethos().map(Into::into),
            seals: kind.is_confidential(),
            ..Saying::on(*moved_on)
        },
        StayEvent::StayEnded { ended_on, destination } => {
            Saying { step: Some("closes"), ethos: after(*destination), ..Saying::on(*ended_on) }
        }
    }
}

/// The situation after a stay; `None` where it stays as it was.
fn after(destination: Destination) -> Option<String> {
    match destination {
        Destination::Hosted
        | Destination::ResidentialHealth
        | Destination::TherapeuticCommunity
        | Destination::Prison
        | Destination::Street => destination.ethos_after().map(Into::into),
        Destination::OwnRent
        | Destination::SocialHousing
        | Destination::HfPermanent
        | Destination::BackToFamily
        | Destination::OtherCity
        | Destination::Repatriation
        | Destination::Deceased => Some(ENDED.into()),
        Destination::StepUp | Destination::StepDown | Destination::Unknown => None,
    }
}

fn of_waiting(event: &WaitingEvent) -> Saying {
    match event {
        WaitingEvent::PlaceRequested { person, facility, .. } => {
            Saying { person: Some(*person), step: Some("opens"), ..Saying::at(*facility) }
        }
        WaitingEvent::PlaceAssigned { .. } | WaitingEvent::WaitingEnded { .. } => {
            Saying::step("closes")
        }
        WaitingEvent::PlaceOffered { held_until, .. } => {
            Saying { due_on: Some(rome::day_of(*held_until)), ..Saying::step("changes") }
        }
        WaitingEvent::WaitingListed {} | WaitingEvent::PlaceDeclined { .. } => Saying::default(),
    }
}

fn of_card(event: &CardEvent) -> Saying {
    match event {
        CardEvent::CardIssued { person, service, valid_to, .. } => Saying {
            person: Some(*person),
            step: Some("opens"),
            due_on: Some(*valid_to),
            ..Saying::at(*service)
        },
        CardEvent::CardRenewed { valid_to } => {
            Saying { due_on: Some(*valid_to), ..Saying::step("changes") }
        }
        CardEvent::CardSuspended { .. } | CardEvent::CardResumed {} => Saying::step("changes"),
        CardEvent::CardClosed { .. } => Saying::step("closes"),
        CardEvent::PointsSpent { service, .. } => Saying::at(*service),
        CardEvent::PointsCredited { .. } | CardEvent::PointsExpired { .. } => Saying::default(),
    }
}

fn of_parcel(event: &ParcelEvent) -> Saying {
    match event {
        ParcelEvent::ParcelAssigned { person, service, .. } => {
            Saying { person: Some(*person), ..Saying::at(*service) }
        }
        ParcelEvent::ParcelDelivered {} => Saying::default(),
    }
}

fn of_referral(event: &ReferralEvent) -> Saying {
    match event {
        ReferralEvent::ReferralCreated { person, from_type, to, service_type, .. } => Saying {
            person: Some(*person),
            seals: from_type.is_confidential() || service_type.is_confidential(),
            ..Saying::at(*to)
        },
        ReferralEvent::ReferralSent { answer_by } => {
            Saying { due_on: Some(rome::day_of(*answer_by)), ..Saying::step("opens") }
        }
        ReferralEvent::ReferralAccepted {}
        | ReferralEvent::ReferralDeclined { .. }
        | ReferralEvent::ReferralWithdrawn { .. }
        | ReferralEvent::ReferralExpired {} => Saying::step("closes"),
        ReferralEvent::ReferralSeen {}
        | ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::ReferralInfoGiven { .. }
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitHeld {}
        | ReferralEvent::FirstVisitMissed {}
        | ReferralEvent::ReferralOutcomeReported { .. } => Saying::default(),
    }
}

/// All that is ever told of a confidential service: how far, by the person's own agreement.
fn of_consent(event: &ConsentEvent) -> Saying {
    match event {
        ConsentEvent::ConsentGiven { person, .. }
        | ConsentEvent::HealthAgreementRecorded { person, .. } => {
            Saying { person: Some(*person), ..Saying::default() }
        }
        ConsentEvent::ExternalPathShared {
            state: ExternalState::Expected | ExternalState::InPath,
        } => Saying { by_day: true, ..Saying::step("opens") },
        ConsentEvent::ExternalPathShared { state: ExternalState::Closed } => {
            Saying { by_day: true, ..Saying::step("closes") }
        }
        ConsentEvent::ConsentWithdrawn {} => Saying::default(),
    }
}
