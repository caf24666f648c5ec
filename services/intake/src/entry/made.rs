//! What an entry is, read from the events of its aggregate: pure, and whole. Where a new event type
//! belongs does not compile until somebody says it here.

use time::OffsetDateTime;
use trama_events::casework::CaseEvent;
use trama_events::envelope::{Recorded, event_id};
use trama_events::food::{MealEvent, ParcelEvent};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::intake::{
    ContactEvent, DeliveryEvent, EmergencyEvent, OutreachEvent, PersonEvent,
};
use trama_events::{Context, Event, Reading};
use uuid::Uuid;

use super::{Rejection, Way};

/// Where an event id points: `<context>/<aggregate type>-<aggregate>/<sequence>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Which log.
    pub context: Context,
    /// Aggregate type.
    pub aggregate_type: String,
    /// The aggregate.
    pub aggregate: Uuid,
    /// Number in the aggregate, from 1.
    pub sequence: i64,
}

impl Reference {
    /// Where an event stands.
    pub fn of(event: &Recorded) -> Self {
        let aggregate_type = event.aggregate_type.clone();
        let (context, aggregate) = (event.context, event.aggregate_id);
        Self { context, aggregate_type, aggregate, sequence: event.sequence }
    }

    /// Where no event stands.
    pub fn nowhere(context: Context) -> Self {
        let (aggregate_type, aggregate) = (String::new(), Uuid::nil());
        Self { context, aggregate_type, aggregate, sequence: 0 }
    }

    /// Reads an event id; `None` when the text is none.
    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split('/');
        let (context, aggregate, sequence) = (parts.next()?, parts.next()?, parts.next()?);
        let (aggregate_type, aggregate) = aggregate.split_once('-')?;
        let reference = Self {
            context: context.parse().ok()?,
            aggregate_type: aggregate_type.into(),
            aggregate: aggregate.parse().ok()?,
            sequence: sequence.parse().ok()?,
        };
        // One id for one entry: a text that is read otherwise than it is written is none.
        (reference.to_string() == id).then_some(reference)
    }
}

/// How somebody names an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By an event's id.
    Event(Reference),
    /// As a journey does, by log and position: it tells nothing of whose record it is out of.
    Position(Context, i64),
}

impl Named {
    /// Reads either; `None` when the text is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(reference) = Reference::parse(text) {
            return Some(Self::Event(reference));
        }
        let (context, position) = text.split_once('/')?;
        Some(Self::Position(context.parse().ok()?, position.parse().ok()?))
    }

    /// Which log.
    pub fn context(&self) -> Context {
        match self {
            Self::Event(reference) => reference.context,
            Self::Position(context, _) => *context,
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { context, aggregate_type, aggregate, sequence } = self;
        f.write_str(&event_id(*context, aggregate_type, *aggregate, *sequence))
    }
}

/// An entry as its own log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The id of the event that began it: what a move names.
    pub id: String,
    /// On whom it was made, when on anybody.
    pub person: Option<PersonId>,
    /// Who made it; where the person was named later, who named her.
    pub author: StaffId,
    /// The organisation for which she did.
    pub organisation: OrganisationId,
    /// The service in whose name, where the log tells it.
    pub service: Option<ServiceId>,
    /// When it was recorded, by the service's clock.
    pub recorded_at: OffsetDateTime,
    moved: Result<(), Way>,
    undone: Result<(), Rejection>,
}

/// How an event belongs to an entry.
enum Part {
    /// The whole aggregate is one statement.
    Whole,
    /// The event is one by itself.
    Alone,
    /// It corrects another event of the same aggregate.
    Corrects(u32),
    /// It is not moved by itself.
    Not(Way),
}

impl Made {
    /// The entry to which an event belongs. `events` are those of its aggregate, in order; `None`
    /// when the event is not among them or is of a newer release.
    pub fn of(reference: &Reference, events: &[Recorded]) -> Option<Self> {
        let at = |sequence: i64| events.iter().find(|event| event.sequence == sequence);
        let named = at(reference.sequence)?;
        let part = part_of(named)?;
        let mut began = named;
        while let Part::Corrects(corrected) = part_of(began)? {
            began = at(i64::from(corrected)).filter(|event| event.sequence < began.sequence)?;
        }
        if let Part::Whole = part {
            began = events.first()?;
        }
        let person = match part {
            Part::Whole => events.iter().rev().find_map(|event| event.why.person),
            Part::Alone | Part::Corrects(_) | Part::Not(_) => named.why.person,
        };
        let by = match part {
            Part::Whole => events.iter().find(|event| event.why.person == person).unwrap_or(began),
            Part::Alone | Part::Corrects(_) | Part::Not(_) => began,
        };
        let undone = undoable(&part, named, events);
        Some(Self {
            id: began.id(),
            person,
            author: by.why.actor,
            organisation: by.why.organisation,
            service: events.first().and_then(service_of),
            recorded_at: began.why.recorded_at,
            moved: if let Part::Not(way) = part { Err(way) } else { Ok(()) },
            undone,
        })
    }

    /// Whether it is a statement that can be taken out of what is told of her and nothing else goes
    /// with it: not what makes her record, a household or a pair of records what they are.
    pub fn is_of_its_own(&self) -> bool {
        match self.moved {
            Ok(())
            | Err(
                Way::Place
                | Way::Card
                | Way::Case
                | Way::Referral
                | Way::Consent
                | Way::Emergency
                | Way::Correction,
            ) => true,
            Err(Way::Record | Way::Link | Way::Household | Way::Vault | Way::NoPerson) => false,
        }
    }

    /// # Errors
    ///
    /// [`Rejection::NotHere`] with the way that leads there.
    pub(super) fn movable(&self) -> Result<(), Rejection> {
        self.moved.map_err(Rejection::NotHere)
    }

    /// # Errors
    ///
    /// As [`Made::movable`]; [`Rejection::PartOfEntry`] and [`Rejection::GoneOn`].
    pub(super) fn undoable(&self) -> Result<(), Rejection> {
        self.undone.clone()
    }
}

/// In whose name somebody made what begins with this event: an assessment in that of the service
/// that holds the case. What is written in a person's record names none.
fn service_of(first: &Recorded) -> Option<ServiceId> {
    let Reading::Known(read) = first.read() else { return None };
    let (Event::Contact(ContactEvent::ContactRecorded { service, .. })
    | Event::Delivery(DeliveryEvent::ServiceDelivered { service, .. })
    | Event::Outreach(OutreachEvent::OutreachEncounterRecorded { service, .. })
    | Event::Emergency(EmergencyEvent::EmergencyReported { service, .. })
    | Event::Meal(MealEvent::MealServed { service, .. })
    | Event::Parcel(ParcelEvent::ParcelAssigned { service, .. })
    | Event::Case(CaseEvent::CaseOpened { service, .. })) = *read
    else {
        return None;
    };
    Some(service)
}

/// Whether an event can be taken back: an entry as a whole, as long as nothing was built on it.
fn undoable(part: &Part, named: &Recorded, events: &[Recorded]) -> Result<(), Rejection> {
    match part {
        Part::Not(way) => Err(Rejection::NotHere(*way)),
        Part::Corrects(_) => Err(Rejection::NotHere(Way::Correction)),
        Part::Whole if named.aggregate_type == "emergency" => {
            Err(Rejection::NotHere(Way::Emergency))
        }
        Part::Whole if named.sequence != 1 => Err(Rejection::PartOfEntry),
        Part::Whole if events.iter().any(|event| event.why.actor != named.why.actor) => {
            Err(Rejection::GoneOn)
        }
        Part::Alone if is_corrected(named, events) => Err(Rejection::GoneOn),
        Part::Whole | Part::Alone => Ok(()),
    }
}

fn is_corrected(named: &Recorded, events: &[Recorded]) -> bool {
    events.iter().any(|event| match part_of(event) {
        Some(Part::Corrects(sequence)) => i64::from(sequence) == named.sequence,
        Some(Part::Whole | Part::Alone | Part::Not(_)) | None => false,
    })
}

/// How an event belongs to an entry; `None` for one that this release cannot read.
fn part_of(event: &Recorded) -> Option<Part> {
    let Reading::Known(read) = event.read() else { return None };
    Some(match *read {
        Event::Person(event) => of_person(&event),
        Event::Case(event) => of_case(&event),
        Event::Contact(_)
        | Event::Delivery(_)
        | Event::Outreach(_)
        | Event::Emergency(_)
        | Event::Meal(_)
        | Event::Parcel(_) => Part::Whole,
        Event::Link(_) => Part::Not(Way::Link),
        Event::Household(_) => Part::Not(Way::Household),
        Event::Night(_) | Event::Stay(_) | Event::Waiting(_) => Part::Not(Way::Place),
        Event::Card(_) => Part::Not(Way::Card),
        Event::Referral(_) => Part::Not(Way::Referral),
        Event::Consent(_) => Part::Not(Way::Consent),
        Event::Identity(_) | Event::ForcedAccess(_) => Part::Not(Way::Vault),
        Event::Count(_)
        | Event::Wish(_)
        | Event::Entry(_)
        | Event::Facility(_)
        | Event::Organisation(_)
        | Event::Service(_)
        | Event::Staff(_)
        | Event::Municipality(_)
        | Event::Agreement(_) => Part::Not(Way::NoPerson),
    })
}

fn of_person(event: &PersonEvent) -> Part {
    match event {
        PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::EngagementProgressed { .. } => Part::Alone,
        PersonEvent::HousingSituationCorrected { corrects, .. } => Part::Corrects(*corrects),
        PersonEvent::PersonRegistered { .. }
        | PersonEvent::AliasRecorded { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => Part::Not(Way::Record),
    }
}

fn of_case(event: &CaseEvent) -> Part {
    match event {
        CaseEvent::AssessmentRecorded { .. } | CaseEvent::EligibilityFactRecorded { .. } => {
            Part::Alone
        }
        CaseEvent::CaseOpened { .. }
        | CaseEvent::CaseManagerAssigned { .. }
        | CaseEvent::TeamMemberAdded { .. }
        | CaseEvent::TeamMemberRemoved { .. }
        | CaseEvent::UvmConvened { .. }
        | CaseEvent::UvmCancelled {}
        | CaseEvent::CarePlanApproved { .. }
        | CaseEvent::GuardianAppointed { .. }
        | CaseEvent::GuardianshipEnded {}
        | CaseEvent::TakenInCharge { .. }
        | CaseEvent::ProjectDrafted { .. }
        | CaseEvent::GoalSet { .. }
        | CaseEvent::ProjectSigned { .. }
        | CaseEvent::GoalReviewed { .. }
        | CaseEvent::ProjectCompleted {}
        | CaseEvent::ProjectInterrupted { .. }
        | CaseEvent::CaseClosed { .. } => Part::Not(Way::Case),
    }
}
