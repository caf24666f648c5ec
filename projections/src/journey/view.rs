//! What a reader sees of the facts: names beside ids, what corrects what. Pure: the same facts give the same journey.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime};
use trama_events::Context;
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_platform::gate::Opened;
use utoipa::ToSchema;
use uuid::Uuid;

use super::corrected::Corrected;
use super::facts::TYPES;
use super::sections;
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

/// A service of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// The service.
    pub service: ServiceId,
    /// Its public name.
    pub name: String,
    /// What it does.
    pub service_type: ServiceType,
}

/// Who wrote an entry: told to her own organisation, and to whoever has the person in charge. To
/// others her role would say what her service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// Which worker, by her id: the log knows no names of workers.
    pub staff: StaffId,
    /// In which role she wrote it.
    pub role: Role,
}

/// One event as a reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    /// `<context>/<position>`.
    pub id: String,
    /// Event type.
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
    /// Who wrote it there, where the reader may know it; nobody where a deadline or a reaction did.
    pub author: Option<Author>,
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
    pub(super) actor: Option<Uuid>,
    pub(super) service: Option<Uuid>,
    pub(super) step: Option<String>,
    pub(super) due_on: Option<Date>,
    pub(super) ethos: Option<String>,
    pub(super) corrects: Option<i64>,
    pub(super) confidential: bool,
    /// It was moved here out of another person's record or case, which is not named.
    pub(super) elsewhere: bool,
    pub(super) detail: Map<String, Value>,
}

/// Public names, by id. What is not here has none to show.
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
    /// A service whose name may be shown: a confidential one is not.
    pub(super) fn place(&self, service: Uuid) -> Option<Place> {
        let (name, kind) =
            self.services.get(&service).filter(|(_, kind)| !kind.is_confidential())?;
        Some(Place { service: ServiceId(service), name: name.clone(), service_type: *kind })
    }

    /// Whether a service for children did it; where no service is known, whether somebody wrote it
    /// who works with minors.
    pub(super) fn is_for_children(&self, fact: &Told) -> bool {
        match fact.service.and_then(|service| self.services.get(&service)) {
            Some((_, kind)) => kind.is_for_children(),
            None => fact.role.as_deref() == Some(Role::MinorsWorker.code()),
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

    pub(super) fn code(&self, field: &str) -> Option<&str> {
        self.detail.get(field).and_then(Value::as_str)
    }

    /// Every service that it mentions.
    pub(super) fn services(&self) -> impl Iterator<Item = Uuid> {
        let named = SERVICES.iter().filter_map(|field| self.code(field)?.parse().ok());
        self.service.into_iter().chain(named)
    }

    /// Whether it happened at a confidential service.
    pub(super) fn is_confidential(&self, names: &Names) -> bool {
        self.confidential
            || self.service.is_some_and(|service| names.is_confidential(service))
            || self.types().any(ServiceType::is_confidential)
    }

    /// Types of services that it names itself.
    fn types(&self) -> impl Iterator<Item = ServiceType> {
        TYPES.iter().filter_map(|field| self.code(field)?.parse().ok())
    }
}

/// The journey that the facts tell as far as it is open; ids and clocks of the reader are
/// filled in by the caller.
pub(super) fn view(
    mut told: Vec<Told>,
    names: &Names,
    opened: &Opened,
    occurred_by: Option<Date>,
) -> Journey {
    carry_services(&mut told);
    let types = sections::referral_types(&told);
    let mut told = sections::permitted(told, names, &opened.sections);
    let parted = parted(&told);
    let corrected = Corrected::of(&told);
    told.retain(|fact| occurred_by.is_none_or(|day| corrected.day_of(fact) <= day));
    told.sort_by_key(|fact| (fact.happened_on, fact.occurred_at, fact.context, fact.position));
    Journey {
        person: PersonId(Uuid::nil()),
        canonical: PersonId(Uuid::nil()),
        records: Vec::new(),
        recorded_by: None,
        occurred_by,
        incomplete_since: None,
        situations: situations::situations(&told, &corrected),
        spans: spans::spans(&told, names),
        entries: told
            .iter()
            .map(|fact| {
                let entry = entry(fact, names, &corrected, &types);
                let entry = Entry { author: author(fact, names, opened), ..entry };
                if parted.contains(&fact.aggregate) { apart(entry) } else { entry }
            })
            .collect(),
        positions: BTreeMap::new(),
    }
}

/// Links that were undone.
fn parted(told: &[Told]) -> HashSet<Uuid> {
    let mut last: HashMap<Uuid, (i64, bool)> = HashMap::new();
    for fact in told {
        let undone = fact.kind == "persons_unlinked";
        if undone || fact.kind == "persons_linked" {
            let judged = last.entry(fact.aggregate).or_insert((fact.position, undone));
            *judged = (fact.position, undone).max(*judged);
        }
    }
    last.into_iter().filter(|(_, (_, undone))| *undone).map(|(link, _)| link).collect()
}

/// After an unlink neither journey leads to the other.
fn apart(mut entry: Entry) -> Entry {
    for field in ["canonical", "other", "link"] {
        entry.detail.remove(field);
    }
    Entry { about: None, person: None, ..entry }
}

/// A later event of a stay, a ledger, a card does not repeat where it is. A person is not where she
/// was registered.
fn carry_services(told: &mut [Told]) {
    told.sort_by_key(|fact| (fact.context, fact.position));
    let mut at: HashMap<(Context, Uuid), Uuid> = HashMap::new();
    for fact in told.iter_mut().filter(|fact| fact.aggregate_type != "person") {
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

fn lane(fact: &Told, types: &HashMap<Uuid, ServiceType>) -> &'static str {
    match fact.context {
        Context::Intake | Context::Directory | Context::Identity => "access",
        Context::Casework => "case",
        Context::Housing => "housing",
        Context::Food => "food",
        Context::Referrals if fact.aggregate_type == "consent" => "external",
        Context::Referrals => match types.get(&fact.aggregate) {
            Some(ServiceType::Csm) => "csm",
            Some(ServiceType::JobCentre | ServiceType::Training) => "labour",
            _ => "referrals",
        },
    }
}

fn entry(
    fact: &Told,
    names: &Names,
    corrected: &Corrected,
    types: &HashMap<Uuid, ServiceType>,
) -> Entry {
    let organisation = fact.organisation.filter(|id| names.organisations.contains_key(id));
    Entry {
        id: fact.id(),
        kind: fact.kind.clone(),
        lane: lane(fact, types),
        happened_on: fact.happened_on,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        person: fact.person.map(PersonId),
        organisation: organisation.map(OrganisationId),
        organisation_name: organisation.and_then(|id| names.organisations.get(&id).cloned()),
        author: None,
        service: fact.service.and_then(|service| names.place(service)),
        about: Some(fact.aggregate).filter(|_| !fact.elsewhere),
        detail: detail(fact, names),
        corrects: corrected.target(fact),
        corrected_by: corrected.by(fact),
    }
}

/// Nobody where the organisation is not shown either, and nobody of a sealed service.
fn author(fact: &Told, names: &Names, opened: &Opened) -> Option<Author> {
    let organisation = fact.organisation.filter(|id| names.organisations.contains_key(id))?;
    if !opened.in_charge && !opened.sections.is_inside(OrganisationId(organisation)) {
        return None;
    }
    let role: Role = fact.role.as_deref()?.parse().ok()?;
    let sealed = matches!(role, Role::SerdOperator | Role::CourtOperator);
    fact.actor.filter(|_| !sealed).map(|staff| Author { staff: StaffId(staff), role })
}

fn detail(fact: &Told, names: &Names) -> Map<String, Value> {
    let mut detail = fact.detail.clone();
    for field in SERVICES {
        let Some(service) = fact.code(field).and_then(|id| id.parse().ok()) else { continue };
        // Inside a house, `unit` is a flat; on the road it is a service.
        let flat = fact.context == Context::Housing && field == "unit";
        match names.place(service).filter(|_| !flat) {
            Some(place) => detail.insert(field.into(), json!(place)),
            None => detail.remove(field),
        };
    }
    detail.remove("service");
    detail
}
