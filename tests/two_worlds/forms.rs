//! Forms that name somebody, made from the schemas of `/openapi.json`: a new door is asked about the
//! day it opens. What no rule here can fill in fails the test.

use serde_json::{Map, Value, json};
use time::{Date, Duration, OffsetDateTime};
use trama::client::Actor;
use trama_events::rome;

use super::actor;
use super::looks::Subject;

/// Ids of a person and of what is hers, as paths name them and as the types of ids are called.
const HERS: [&str; 19] = [
    "person",
    "contact",
    "emergency",
    "encounter",
    "household",
    "link",
    "case",
    "goal",
    "referral",
    "consent",
    "waiting",
    "stay",
    "card",
    "parcel",
    "erasure",
    "hold",
    "wish",
    "access",
    "path",
];
/// Ids that are of no person's.
const NOBODYS: [&str; 9] =
    ["organisation", "service", "facility", "staff", "unit", "place", "agreement", "site", "istat"];
/// How the description of an id begins that the sender chooses. Left out, it follows from the key.
const CHOSEN: [&str; 2] = ["Your own id", "Its id"];

/// Here a service is called, not the caller's own named.
const EMERGENCIES: &str = "/api/intake/emergencies";

/// Who writes what about whom.
pub(super) struct Form<'a> {
    pub(super) schemas: &'a Value,
    /// Who is hidden; the other one of two is somebody whom nobody hides.
    pub(super) subject: &'a Subject,
    pub(super) somebody: &'a Subject,
    pub(super) who: &'a Actor,
    pub(super) door: &'a str,
    pub(super) now: OffsetDateTime,
}

impl Form<'_> {
    /// The door's path with ids in it.
    pub(super) fn path(&self) -> String {
        let part = |part: &str| {
            let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            name.map_or_else(|| part.to_owned(), |name| self.id(name, name))
        };
        self.door.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// A body with what it must have, and with everything that names somebody.
    pub(super) fn body(&self, schema: &Value) -> Value {
        self.part("", schema, true).unwrap()
    }

    fn id(&self, kind: &str, field: &str) -> String {
        if HERS.contains(&kind) {
            let whose =
                if ["another", "to"].contains(&field) { self.somebody } else { self.subject };
            let nobody = || uuid::Uuid::from_u128(99).to_string();
            return whose
                .id(kind)
                .or_else(|| self.somebody.id(kind))
                .map_or_else(nobody, str::to_owned);
        }
        assert!(NOBODYS.contains(&kind), "{}: whose is the {kind} in {field}?", self.door);
        match (kind, field) {
            ("organisation", _) => self.who.organisation.to_string(),
            ("staff", _) => self.who.staff.to_string(),
            ("service", "to") => actor("giulia.csm").services[0].to_string(),
            ("service", "unit") => Self::emergency_service(),
            ("service", _) if self.door == EMERGENCIES => Self::emergency_service(),
            ("service" | "facility", _) => {
                self.who.services.first().map(ToString::to_string).unwrap_or_default()
            }
            _ => uuid::Uuid::from_u128(99).to_string(),
        }
    }

    fn emergency_service() -> String {
        actor("pietro.pis").services[0].to_string()
    }

    fn part(&self, field: &str, schema: &Value, required: bool) -> Option<Value> {
        if let Some(options) = schema["oneOf"].as_array() {
            let may_be_none = options.iter().any(|option| option["type"] == "null");
            let first = options.iter().find(|option| option["type"] != "null").unwrap();
            return self.part(field, first, required && !may_be_none);
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            let Some(kind) = name.strip_suffix("Id") else {
                return self.part(field, &self.schemas[name], required);
            };
            let kind = kind.to_lowercase();
            let described = schema["description"].as_str().unwrap_or_default();
            let chosen = CHOSEN.iter().any(|words| described.starts_with(words));
            let named = required || (HERS.contains(&kind.as_str()) && !chosen);
            return named.then(|| json!(self.id(&kind, field)));
        }
        let of_hers =
            || schema["items"]["$ref"].as_str().is_some_and(|name| name.ends_with("/PersonId"));
        match schema["type"].as_str() {
            Some("array") if required || of_hers() => {
                Some(json!([self.part(field, &schema["items"], true)?]))
            }
            Some(kind) if required => Some(self.value(field, kind, schema)),
            _ => None,
        }
    }

    fn value(&self, field: &str, kind: &str, schema: &Value) -> Value {
        match kind {
            "object" => self.object(schema),
            "integer" => json!(1),
            "boolean" => json!(true),
            "string" => match (schema["enum"][0].as_str(), schema["format"].as_str()) {
                (Some(first), _) => json!(first),
                (None, Some("date")) => json!(self.day(field)),
                (None, Some("date-time")) => {
                    let well_known = &time::format_description::well_known::Rfc3339;
                    json!((self.now + Duration::DAY).format(well_known).unwrap())
                }
                (None, _) => self.text(field),
            },
            _ => panic!("{}: what goes into {field}, which is {schema}?", self.door),
        }
    }

    fn object(&self, schema: &Value) -> Value {
        let required = schema["required"].as_array().into_iter().flatten().collect::<Vec<_>>();
        let fields = schema["properties"].as_object().into_iter().flatten();
        let filled = fields.filter_map(|(field, part)| {
            let value = self.part(field, part, required.contains(&&json!(field)))?;
            Some((field.clone(), value))
        });
        Value::Object(filled.collect::<Map<_, _>>())
    }

    fn day(&self, field: &str) -> Date {
        let today = rome::day_of(self.now);
        match field {
            "night" => rome::night_of(self.now),
            "until" | "review_on" | "valid_to" => today + Duration::days(30),
            _ => today - Duration::days(30),
        }
    }

    fn text(&self, field: &str) -> Value {
        match field {
            "entry" => {
                let encounter = self.id("encounter", field);
                json!(format!("intake/outreach_encounter-{encounter}/1"))
            }
            "alias_code" => json!("X-12"),
            "ethos" => json!("1.1"),
            "language" => json!("it"),
            "slip" => json!("nobody has this slip"),
            "value" => json!("Quarantasei"),
            "words" => json!("He is said to be hurt and does not answer."),
            _ => panic!("{}: what is written into {field}?", self.door),
        }
    }
}
