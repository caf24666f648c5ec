//! From an event to the row that a journey keeps of it: pure, and whole.

mod saying;

use serde::Serialize;
use serde_json::{Map, Value};
use time::{Date, OffsetDateTime, Time};
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::rome;
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
    actor: Uuid,
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
    let said = saying::saying(&read.event)?;
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
        actor: recorded.why.actor.0,
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
