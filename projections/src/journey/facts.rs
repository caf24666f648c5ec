//! From an event to the row that a journey keeps of it: pure, and whole. What an event means for a
//! span or for the housing situation is said here, where a new event type does not compile until
//! somebody says it.

use serde::Serialize;
use serde_json::{Map, Value};
use time::{Date, OffsetDateTime, Time};
use trama_events::casework::CaseEvent;
use trama_events::codes::{Destination, ServiceType};
use trama_events::directory::{MunicipalityEvent, StaffEvent};
use trama_events::food::{CardEvent, MealEvent, ParcelEvent};
use trama_events::housing::{FacilityEvent, NightEvent, StayEvent, WaitingEvent};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{
    ContactEvent, CountEvent, DeliveryEvent, EmergencyEvent, LinkEvent, OutreachEvent, PersonEvent,
};
use trama_events::referrals::{ConsentEvent, ExternalState, ReferralEvent};
use trama_events::{Event, rome};
use trama_platform::follow::Read;
use uuid::Uuid;

/// Fields of a detail that name the type of a service.
pub(super) const TYPES: [&str; 3] = ["from_type", "service_type", "kind"];

/// A housing situation that ended without a known next one.
pub(super) const ENDED: &str = "ended";

/// A row of `facts`; the fields that the table does not have are kept beside.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Fact {
    pub(super) context: &'static str,
    pub(super) position: i64,
    pub(super) person: Option<Uuid>,
    aggregate_type: String,
    pub(super) aggregate: Uuid,
    sequence: i64,
    pub(super) kind: String,
    happened_on: String,
    #[serde(with = "time::serde::rfc3339")]
    occurred_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    recorded_at: OffsetDateTime,
    organisation: Uuid,
    role: String,
    pub(super) service: Option<Uuid>,
    step: Option<&'static str>,
    due_on: Option<String>,
    ethos: Option<String>,
    corrects: Option<u32>,
    pub(super) detail: Value,
    /// Further people whom the aggregate concerns: those who moved in together, the other record
    /// of a link.
    pub(super) also: Vec<Uuid>,
    /// From here on the aggregate is confidential.
    pub(super) seals: bool,
}

/// What an event says to a journey, beside its own codes.
#[derive(Debug, Default)]
struct Saying {
    person: Option<PersonId>,
    /// The event is kept although nobody is named: a later one of its aggregate may name her.
    may_be_named_later: bool,
    also: Vec<PersonId>,
    service: Option<ServiceId>,
    happened_on: Option<Date>,
    step: Option<&'static str>,
    due_on: Option<Date>,
    ethos: Option<String>,
    corrects: Option<u32>,
    seals: bool,
    /// Whether it is told with its day alone, and with no moment (ADR 19).
    by_day: bool,
}

impl Fact {
    /// What an event says to nobody but the listeners of one person's journey: that it changed.
    pub(super) fn touching(read: &Read, person: PersonId) -> Self {
        of(read, Some(person), Saying::default())
    }

    /// Whether it says itself that it happened at a confidential service.
    pub(super) fn is_confidential(&self) -> bool {
        self.seals
            || TYPES
                .iter()
                .filter_map(|field| self.detail.get(*field)?.as_str()?.parse().ok())
                .any(|kind: ServiceType| kind.is_confidential())
    }
}

impl Saying {
    fn at(service: ServiceId) -> Self {
        Self { service: Some(service), ..Self::default() }
    }

    fn on(day: Date) -> Self {
        Self { happened_on: Some(day), ..Self::default() }
    }

    fn step(step: &'static str) -> Self {
        Self { step: Some(step), ..Self::default() }
    }
}

/// Fields that stand in columns of their own, or that nobody needs in a journey: the place inside
/// a house, the alias of a unit, a household.
const LEFT_OUT: [&str; 19] = [
    "event",
    "person",
    "stay",
    "card",
    "case",
    "referral",
    "contact",
    "encounter",
    "delivery",
    "emergency",
    "waiting",
    "ledger",
    "meal",
    "recipient",
    "places",
    "place",
    "members",
    "alias_code",
    "household",
];

/// The row of an event; `None` when it concerns no person.
pub(super) fn fact_of(read: &Read) -> Option<Fact> {
    let recorded = &read.recorded;
    let said = saying(&read.event)?;
    let person = said.person.or(recorded.why.person);
    if person.is_none() && !said.may_be_named_later {
        return None;
    }
    Some(of(read, person, said))
}

fn of(read: &Read, person: Option<PersonId>, said: Saying) -> Fact {
    let recorded = &read.recorded;
    let (occurred_at, recorded_at) = (recorded.why.occurred_at, recorded.why.recorded_at);
    let happened_on = said.happened_on.unwrap_or_else(|| rome::day_of(occurred_at));
    let mut also: Vec<Uuid> = said.also.iter().map(|person| person.0).collect();
    if said.may_be_named_later {
        also.extend(person.map(|person| person.0));
    }
    Fact {
        context: recorded.context.name(),
        position: recorded.position,
        person: person.map(|person| person.0),
        aggregate_type: recorded.aggregate_type.clone(),
        aggregate: recorded.aggregate_id,
        sequence: recorded.sequence,
        kind: recorded.event_type.clone(),
        happened_on: happened_on.to_string(),
        occurred_at: if said.by_day { day_start(occurred_at) } else { occurred_at },
        recorded_at: if said.by_day { day_start(recorded_at) } else { recorded_at },
        organisation: recorded.why.organisation.0,
        role: recorded.why.role.clone(),
        service: said.service.map(|service| service.0),
        step: said.step,
        due_on: said.due_on.map(|day| day.to_string()),
        ethos: said.ethos,
        corrects: said.corrects,
        detail: Value::Object(detail(&recorded.payload)),
        also,
        seals: said.seals,
    }
}

fn day_start(moment: OffsetDateTime) -> OffsetDateTime {
    rome::at(rome::day_of(moment), Time::MIDNIGHT)
}

fn detail(payload: &Value) -> Map<String, Value> {
    let mut detail = payload.as_object().cloned().unwrap_or_default();
    detail.retain(|field, value| !LEFT_OUT.contains(&field.as_str()) && !value.is_null());
    detail
}

fn saying(event: &Event) -> Option<Saying> {
    match event {
        Event::Person(event) => Some(of_person(event)),
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

fn of_person(event: &PersonEvent) -> Saying {
    match event {
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
    }
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
