//! From plain values to what Cedar decides on, without parsing anything: parsed strings cost five
//! times as much (trust.md D4).

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, ParseErrors,
    RestrictedExpression as Value,
};
use trama_events::codes::Purpose;
use trama_events::ids::OrganisationId;

use crate::asking::{Asking, Circumstances, Figure, Guard, Record, Subject, Worker};
use crate::policies::{BadPolicies, unreadable};

/// Something could not be built, and so nothing is permitted.
pub(crate) struct Unbuildable;

/// The entity types of the schema.
#[derive(Debug, Clone)]
pub(crate) struct Kinds {
    action: EntityTypeName,
    consent: EntityTypeName,
    organisation: EntityTypeName,
    part: EntityTypeName,
    person: EntityTypeName,
    purpose: EntityTypeName,
    record: EntityTypeName,
    relation: EntityTypeName,
    role: EntityTypeName,
    section: EntityTypeName,
    service: EntityTypeName,
    worker: EntityTypeName,
    figure: EntityTypeName,
    access_log: EntityTypeName,
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn one(kind: &EntityTypeName, id: &str) -> Value {
    Value::new_entity_uid(uid(kind, id))
}

fn some<'a>(kind: &EntityTypeName, ids: impl Iterator<Item = &'a str>) -> Value {
    Value::new_set(ids.map(|id| one(kind, id)))
}

fn entity(uid: EntityUid, attributes: HashMap<String, Value>) -> Result<Entity, Unbuildable> {
    Entity::new(uid, attributes, HashSet::new()).map_err(|_| Unbuildable)
}

impl Kinds {
    pub(crate) fn new() -> Result<Self, BadPolicies> {
        Self::parsed().map_err(|error| unreadable(*error))
    }

    fn parsed() -> Result<Self, Box<ParseErrors>> {
        Ok(Self {
            action: "Action".parse()?,
            consent: "Consent".parse()?,
            organisation: "Organisation".parse()?,
            part: "Part".parse()?,
            person: "Person".parse()?,
            purpose: "Purpose".parse()?,
            record: "Record".parse()?,
            relation: "Relation".parse()?,
            role: "Role".parse()?,
            section: "Section".parse()?,
            service: "Service".parse()?,
            worker: "Worker".parse()?,
            figure: "Figure".parse()?,
            access_log: "AccessLog".parse()?,
        })
    }

    pub(crate) fn action(&self, name: &str) -> EntityUid {
        uid(&self.action, name)
    }

    pub(crate) fn access_log(&self) -> EntityUid {
        uid(&self.access_log, "all")
    }

    pub(crate) fn worker_uid(&self, worker: &Worker) -> EntityUid {
        uid(&self.worker, &worker.staff.to_string())
    }

    pub(crate) fn person_uid(&self, subject: &Subject) -> EntityUid {
        uid(&self.person, &subject.person.to_string())
    }

    pub(crate) fn worker(&self, worker: &Worker) -> Result<Entity, Unbuildable> {
        let services: Vec<String> = worker.services.iter().map(ToString::to_string).collect();
        let attributes = HashMap::from([
            ("part".to_owned(), one(&self.part, worker.part.code())),
            ("role".to_owned(), one(&self.role, worker.role.code())),
            ("organisation".to_owned(), self.organisation(worker.organisation)),
            ("services".to_owned(), some(&self.service, services.iter().map(String::as_str))),
            ("suspended".to_owned(), Value::new_bool(worker.suspended)),
            ("second_factor".to_owned(), Value::new_bool(worker.second_factor)),
        ]);
        entity(self.worker_uid(worker), attributes)
    }

    pub(crate) fn person(&self, subject: &Subject) -> Result<Entity, Unbuildable> {
        let mut attributes = HashMap::from([
            ("minor".to_owned(), Value::new_bool(subject.minor)),
            ("guarded".to_owned(), Value::new_bool(subject.guard != Guard::Open)),
        ]);
        if let Guard::Guarded { keeper: Some(keeper) } = subject.guard {
            attributes.insert("keeper".to_owned(), self.organisation(keeper));
        }
        if let Some(service) = subject.sealed_by {
            attributes.insert("sealed_by".to_owned(), one(&self.service, &service.to_string()));
        }
        entity(self.person_uid(subject), attributes)
    }

    /// One class of data, under a name that is unique within the question.
    pub(crate) fn record(
        &self,
        name: &str,
        record: &Record,
        circumstances: &Circumstances,
    ) -> Result<(EntityUid, Entity), Unbuildable> {
        let handed_over = circumstances.handed_over.contains(&record.section);
        let mut attributes = HashMap::from([
            ("section".to_owned(), one(&self.section, record.section.code())),
            ("organisation".to_owned(), self.organisation(record.organisation)),
            ("obscured".to_owned(), Value::new_bool(record.obscured)),
            ("agreed".to_owned(), Value::new_bool(circumstances.agreed(record))),
            ("handed_over".to_owned(), Value::new_bool(handed_over)),
        ]);
        if let Some(service) = record.service {
            attributes.insert("service".to_owned(), one(&self.service, &service.to_string()));
        }
        let uid = uid(&self.record, name);
        Ok((uid.clone(), entity(uid, attributes)?))
    }

    pub(crate) fn figure(&self, figure: &Figure) -> Result<(EntityUid, Entity), Unbuildable> {
        let mut attributes = HashMap::from([(
            "small_cells_hidden".to_owned(),
            Value::new_bool(figure.small_cells_hidden),
        )]);
        if let Some(worker) = figure.worker {
            attributes.insert("worker".to_owned(), one(&self.worker, &worker.to_string()));
        }
        let uid = uid(&self.figure, "asked");
        Ok((uid.clone(), entity(uid, attributes)?))
    }

    pub(crate) fn context(&self, asking: &Asking) -> Result<Context, Unbuildable> {
        let Circumstances { purpose, relations, consents, forced, past, .. } =
            &asking.circumstances;
        let relations = some(&self.relation, relations.iter().map(|relation| relation.code()));
        let consents = consents.iter().map(|&scope| scope.into());
        let mut pairs = vec![
            ("person".to_owned(), Value::new_entity_uid(self.person_uid(&asking.subject))),
            ("relations".to_owned(), relations),
            ("consents".to_owned(), some(&self.consent, consents)),
            ("forced".to_owned(), Value::new_bool(*forced)),
            ("childhood_open".to_owned(), Value::new_bool(past.childhood_open)),
        ];
        if let Some(purpose) = purpose {
            pairs.push(("purpose".to_owned(), one(&self.purpose, purpose.code())));
        }
        Context::from_pairs(pairs).map_err(|_| Unbuildable)
    }

    fn organisation(&self, organisation: OrganisationId) -> Value {
        one(&self.organisation, &organisation.to_string())
    }
}

/// Entities without a check against the schema: their types are the ones of this file, and the
/// tests check each kind of them.
pub(crate) fn gather(entities: Vec<Entity>) -> Result<Entities, Unbuildable> {
    Entities::from_entities(entities, None).map_err(|_| Unbuildable)
}

impl Circumstances {
    /// Whether an agreement opens this record: its holder wrote it, it names the class, and it is
    /// for the purpose for which the reader asks (help, where an open case explains the reading).
    fn agreed(&self, record: &Record) -> bool {
        let purpose = self.purpose.unwrap_or(Purpose::Care);
        self.agreements.iter().any(|agreement| {
            agreement.holder == record.organisation
                && agreement.purpose == purpose
                && agreement.sections.contains(&record.section)
        })
    }
}
