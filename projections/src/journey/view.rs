//! What a reader sees of the facts: names beside ids, confidential services as "external", what
//! corrects what. Pure: the same facts give the same journey.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime};
use trama_events::Context;
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, derive_uuid};
use utoipa::ToSchema;
use uuid::Uuid;

use super::corrected::Corrected;
use super::situations::{self, Situation};
use super::spans::{self, Span};

/// A person's journey.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Journey {
    /// The record that was asked for.
    pub person: PersonId,
    /// The record in front, of those that are one person.
    pub canonical: PersonId,
    /// Every record that is this person, each with its own code; the one in front first.
    pub records: Vec<Record>,
    /// What was known at this moment.
    #[serde(with = "time::serde::rfc3339::option")]
    pub recorded_by: Option<OffsetDateTime>,
    /// What had happened by the end of this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub occurred_by: Option<Date>,
    /// Since when something is missing here, because an event could not be taken.
    #[serde(with = "time::serde::rfc3339::option")]
    pub incomplete_since: Option<OffsetDateTime>,
    /// The housing situation as it changed, by ETHOS.
    pub situations: Vec<Situation>,
    /// Stays, charges, cards and waits.
    pub spans: Vec<Span>,
    /// One for each event, in the order in which things happened.
    pub entries: Vec<Entry>,
    /// How far each context's log was read.
    #[schema(value_type = Object)]
    pub positions: BTreeMap<Context, i64>,
}

/// One record of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Record {
    /// The record.
    pub person: PersonId,
    /// Its short code; none while its registration is not known.
    pub code: Option<String>,
}

/// A service as a reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Place {
    /// A service of the network.
    Known {
        /// The service.
        service: ServiceId,
        /// Its public name.
        name: String,
        /// What it does.
        service_type: ServiceType,
    },
    /// An external service: no name, no type, no id.
    External {
        /// Always true.
        external: bool,
    },
}

impl Place {
    pub(super) const EXTERNAL: Self = Self::External { external: true };
}

/// One event as a reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    /// `<context>/<position>`; opaque for an external service.
    pub id: String,
    /// Event type, or `external_service`.
    pub kind: String,
    /// `access`, `case`, `referrals`, `housing`, `food`, `csm`, `labour` or `external`.
    pub lane: &'static str,
    /// The day, or night, on which it happened.
    #[schema(value_type = String, format = Date)]
    pub happened_on: Date,
    /// The moment that was given for it.
    #[serde(with = "time::serde::rfc3339")]
    pub occurred_at: OffsetDateTime,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
    /// The record on which it stands.
    pub person: Option<PersonId>,
    /// Who did it.
    pub organisation: Option<OrganisationId>,
    /// Its public name.
    pub organisation_name: Option<String>,
    /// Where.
    pub service: Option<Place>,
    /// The thing that it belongs to: a stay, a case, a referral.
    pub about: Option<Uuid>,
    /// Codes, days and ids.
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
    /// Id of the entry that this one corrects.
    pub corrects: Option<String>,
    /// Id of the entry that corrects this one.
    pub corrected_by: Option<String>,
}

/// A fact as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) context: Context,
    pub(super) position: i64,
    pub(super) person: Option<Uuid>,
    pub(super) aggregate_type: String,
    pub(super) aggregate: Uuid,
    pub(super) sequence: i64,
    pub(super) kind: String,
    pub(super) happened_on: Date,
    pub(super) occurred_at: OffsetDateTime,
    pub(super) recorded_at: OffsetDateTime,
    pub(super) organisation: Option<Uuid>,
    pub(super) role: Option<String>,
    pub(super) service: Option<Uuid>,
    pub(super) step: Option<String>,
    pub(super) due_on: Option<Date>,
    pub(super) ethos: Option<String>,
    pub(super) corrects: Option<i64>,
    pub(super) confidential: bool,
    pub(super) detail: Map<String, Value>,
}

/// Public names, by id. What is not here is shown as external.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) services: HashMap<Uuid, (String, ServiceType)>,
    pub(super) organisations: HashMap<Uuid, String>,
}

/// Fields of a detail that name a service.
const SERVICES: [&str; 6] = ["from", "to", "elsewhere", "handover", "unit", "facility"];

/// Whether a code names a confidential type; one that nobody knows is taken for one.
pub(super) fn is_confidential(code: &str) -> bool {
    code.parse::<ServiceType>().map_or(true, ServiceType::is_confidential)
}

impl Names {
    pub(super) fn place(&self, service: Uuid) -> Place {
        match self.services.get(&service) {
            Some((name, kind)) if !kind.is_confidential() => Place::Known {
                service: ServiceId(service),
                name: name.clone(),
                service_type: *kind,
            },
            Some(_) | None => Place::EXTERNAL,
        }
    }

    fn is_confidential(&self, service: Uuid) -> bool {
        self.services.get(&service).is_some_and(|(_, kind)| kind.is_confidential())
    }
}

impl Told {
    pub(super) fn id(&self) -> String {
        format!("{}/{}", self.context, self.position)
    }

    fn code(&self, field: &str) -> Option<&str> {
        self.detail.get(field).and_then(Value::as_str)
    }

    /// Every service that it mentions.
    pub(super) fn services(&self) -> impl Iterator<Item = Uuid> {
        let named = SERVICES.iter().filter_map(|field| self.code(field)?.parse().ok());
        self.service.into_iter().chain(named)
    }

    /// Whether it happened at a confidential service.
    pub(super) fn is_external(&self, names: &Names) -> bool {
        let typed =
            ["service_type", "kind"].iter().filter_map(|field| self.code(field)?.parse().ok());
        self.confidential
            || self.service.is_some_and(|service| names.is_confidential(service))
            || typed.into_iter().any(ServiceType::is_confidential)
    }
}

/// All that may be told of an external service; `None` for what is not told at all.
pub(super) fn status(kind: &str) -> Option<&'static str> {
    match kind {
        "referral_sent" => Some("sent"),
        "referral_accepted" | "stay_started" | "step_moved" => Some("in_path"),
        "first_visit_held" => Some("attended"),
        "referral_declined"
        | "referral_withdrawn"
        | "referral_expired"
        | "referral_outcome_reported"
        | "stay_ended" => Some("closed"),
        _ => None,
    }
}

/// The journey that the facts tell; ids and clocks of the reader are filled in by the caller.
pub(super) fn view(mut told: Vec<Told>, names: &Names, occurred_by: Option<Date>) -> Journey {
    carry_services(&mut told);
    let corrected = Corrected::of(&told);
    told.retain(|fact| occurred_by.is_none_or(|day| corrected.day_of(fact) <= day));
    told.sort_by_key(|fact| (fact.happened_on, fact.occurred_at, fact.context, fact.position));
    let types = referral_types(&told);
    Journey {
        person: PersonId(Uuid::nil()),
        canonical: PersonId(Uuid::nil()),
        records: Vec::new(),
        recorded_by: None,
        occurred_by,
        incomplete_since: None,
        situations: situations::situations(&told, names, &corrected),
        spans: spans::spans(&told, names),
        entries: told.iter().filter_map(|fact| entry(fact, names, &corrected, &types)).collect(),
        positions: BTreeMap::new(),
    }
}

/// A later event of a stay, a ledger, a card does not repeat where it is.
fn carry_services(told: &mut [Told]) {
    told.sort_by_key(|fact| (fact.context, fact.position));
    let mut at: HashMap<(Context, Uuid), Uuid> = HashMap::new();
    for fact in told {
        let key = (fact.context, fact.aggregate);
        match fact.service {
            Some(service) if fact.step.is_some() || !at.contains_key(&key) => {
                at.insert(key, service);
            }
            Some(_) => {}
            None if fact.confidential => {}
            None => fact.service = at.get(&key).copied(),
        }
    }
}

fn referral_types(told: &[Told]) -> HashMap<Uuid, ServiceType> {
    let created = told.iter().filter(|fact| fact.kind == "referral_created");
    created
        .filter_map(|fact| Some((fact.aggregate, fact.code("service_type")?.parse().ok()?)))
        .collect()
}

fn lane(fact: &Told, types: &HashMap<Uuid, ServiceType>) -> &'static str {
    match fact.context {
        Context::Intake | Context::Directory => "access",
        Context::Casework => "case",
        Context::Housing => "housing",
        Context::Food => "food",
        Context::Referrals => match types.get(&fact.aggregate) {
            Some(ServiceType::Csm) => "csm",
            Some(ServiceType::JobCentre | ServiceType::Training) => "labour",
            _ => "referrals",
        },
    }
}

/// `None` for what is not told at all.
fn entry(
    fact: &Told,
    names: &Names,
    corrected: &Corrected,
    types: &HashMap<Uuid, ServiceType>,
) -> Option<Entry> {
    let registration = fact.kind == "person_registered";
    if fact.is_external(names) && !registration {
        return external(fact);
    }
    let organisation = fact.organisation.filter(|organisation| {
        let sealed = fact.role.as_deref() == Some(Role::SerdOperator.code());
        let place = fact.service.map(|service| names.place(service));
        !sealed && place != Some(Place::EXTERNAL) && names.organisations.contains_key(organisation)
    });
    Some(Entry {
        id: fact.id(),
        kind: fact.kind.clone(),
        lane: lane(fact, types),
        happened_on: fact.happened_on,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        person: fact.person.map(PersonId),
        organisation: organisation.map(OrganisationId),
        organisation_name: organisation.and_then(|id| names.organisations.get(&id).cloned()),
        service: fact.service.map(|service| names.place(service)),
        about: Some(fact.aggregate),
        detail: detail(fact, names),
        corrects: corrected.target(fact),
        corrected_by: corrected.by(fact),
    })
}

fn detail(fact: &Told, names: &Names) -> Map<String, Value> {
    let mut detail = fact.detail.clone();
    for field in SERVICES {
        let Some(service) = fact.code(field).and_then(|id| id.parse().ok()) else { continue };
        // Inside a house, `unit` is a flat; on the road it is a service.
        if fact.context == Context::Housing && field == "unit" {
            detail.remove(field);
        } else {
            detail.insert(field.into(), json!(names.place(service)));
        }
    }
    detail.remove("service");
    detail
}

fn external(fact: &Told) -> Option<Entry> {
    let status = status(&fact.kind)?;
    Some(Entry {
        id: derive_uuid("external", &[&fact.id()]).to_string(),
        kind: "external_service".into(),
        lane: "external",
        happened_on: fact.happened_on,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        person: fact.person.map(PersonId),
        organisation: None,
        organisation_name: None,
        service: Some(Place::EXTERNAL),
        about: None,
        detail: Map::from_iter([("status".to_owned(), json!(status))]),
        corrects: None,
        corrected_by: None,
    })
}
