//! What a reader sees of the facts: names beside ids, confidential services as "external", what
//! corrects what. Pure: the same facts give the same journey.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime};
use trama_events::Context;
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, derive_uuid};
use utoipa::ToSchema;
use uuid::Uuid;

use super::corrected::Corrected;
use super::facts::TYPES;
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

/// Public names, by id, for a reader. What is not here is shown as external.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) reader: Reader,
    pub(super) services: HashMap<Uuid, (String, ServiceType)>,
    pub(super) organisations: HashMap<Uuid, String>,
}

/// The event that begins a record; it is told even where it happened at a confidential service.
const REGISTERED: &str = "person_registered";

/// What of casework everybody sees who may open a journey: who has the case, who goes on with it.
const CASEWORK_BRIEF: [&str; 2] = ["manager", "handover"];

/// Fields of a detail that name a service.
const SERVICES: [&str; 6] = ["from", "to", "elsewhere", "handover", "unit", "facility"];

/// Whether a code names a confidential type; one that nobody knows is taken for one.
pub(super) fn is_confidential(code: &str) -> bool {
    code.parse::<ServiceType>().map_or(true, ServiceType::is_confidential)
}

/// How much of a journey somebody sees (domain §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// All but what is confidential.
    Whole,
    /// Neither casework, nor needs, nor why a referral was declined and what came of it, nor mental
    /// health.
    Brief,
}

impl Reader {
    pub(super) fn of(role: Role) -> Self {
        if role == Role::CaseManager { Self::Whole } else { Self::Brief }
    }

    /// Whether a service of this type is external to the reader.
    fn is_external(self, kind: ServiceType) -> bool {
        kind.is_confidential() || (self == Self::Brief && kind == ServiceType::Csm)
    }

    /// Whether what a role did is told without who.
    fn hides_who(self, role: &str) -> bool {
        role == Role::SerdOperator.code()
            || (self == Self::Brief && role == Role::CsmOperator.code())
    }
}

impl Names {
    pub(super) fn of(reader: Reader) -> Self {
        Self { reader, services: HashMap::new(), organisations: HashMap::new() }
    }

    pub(super) fn place(&self, service: Uuid) -> Place {
        match self.services.get(&service) {
            Some((name, kind)) if !self.reader.is_external(*kind) => Place::Known {
                service: ServiceId(service),
                name: name.clone(),
                service_type: *kind,
            },
            Some(_) | None => Place::EXTERNAL,
        }
    }

    fn is_external(&self, service: Uuid) -> bool {
        self.services.get(&service).is_some_and(|(_, kind)| self.reader.is_external(*kind))
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

    /// Whether it happened at a service that is external to the reader.
    pub(super) fn is_external(&self, names: &Names) -> bool {
        self.confidential
            || self.service.is_some_and(|service| names.is_external(service))
            || self.types().any(|kind| names.reader.is_external(kind))
    }

    /// Types of services that it names itself.
    fn types(&self) -> impl Iterator<Item = ServiceType> {
        TYPES.iter().filter_map(|field| self.code(field)?.parse().ok())
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

/// Whether something of an event is told although it is external.
pub(super) fn is_told(kind: &str) -> bool {
    kind == REGISTERED || status(kind).is_some()
}

/// The journey that the facts tell; ids and clocks of the reader are filled in by the caller.
pub(super) fn view(mut told: Vec<Told>, names: &Names, occurred_by: Option<Date>) -> Journey {
    seal_referrals(&mut told, names.reader);
    carry_services(&mut told);
    let parted = parted(&told);
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
        entries: told
            .iter()
            .filter_map(|fact| {
                let entry = entry(fact, names, &corrected, &types)?;
                Some(if parted.contains(&fact.aggregate) { apart(entry) } else { entry })
            })
            .collect(),
        positions: BTreeMap::new(),
    }
}

/// A later event of a referral does not repeat between which services it is.
fn seal_referrals(told: &mut [Told], reader: Reader) {
    let external = |fact: &&Told| {
        fact.aggregate_type == "referral" && fact.types().any(|kind| reader.is_external(kind))
    };
    let sealed: HashSet<Uuid> = told.iter().filter(external).map(|fact| fact.aggregate).collect();
    for fact in told.iter_mut().filter(|fact| sealed.contains(&fact.aggregate)) {
        fact.confidential = true;
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
    let registration = fact.kind == REGISTERED;
    if fact.is_external(names) && !registration {
        return external(fact);
    }
    let organisation = fact.organisation.filter(|organisation| {
        let sealed = fact.role.as_deref().is_some_and(|role| names.reader.hides_who(role));
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
        let place = names.place(service);
        // Inside a house, `unit` is a flat; on the road it is a service. That somebody was handed
        // over to a confidential service is not told at all.
        let flat = fact.context == Context::Housing && field == "unit";
        if flat || (field == "handover" && place == Place::EXTERNAL) {
            detail.remove(field);
        } else {
            detail.insert(field.into(), json!(place));
        }
    }
    detail.remove("service");
    if names.reader == Reader::Brief {
        detail.retain(|field, _| is_brief(fact, field));
    }
    detail
}

/// Whether a reader who does not see casework sees this field.
fn is_brief(fact: &Told, field: &str) -> bool {
    let declined = fact.kind.ends_with("_declined");
    match (fact.context, field) {
        (Context::Casework, _) => CASEWORK_BRIEF.contains(&field),
        (_, "need" | "needs" | "need_met") | (Context::Referrals, "reason") => false,
        (_, "reason") => !declined,
        _ => true,
    }
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
