//! What the feed tells a system (trust.md, threats 4 and 14): nothing unless something here says
//! so.
//!
//! - What its own body did in its own ATS: whole.
//! - What another body did of somebody whom both have in care, of the classes that an agreement in
//!   force opens for the stated purpose: without who did it.
//! - Of another body's houses, services and places in its ATS, which are public: the envelope.
//!
//! Never: what a confidential service takes part in; children and guests of secret shelters,
//! whoever wrote it; what happened before somebody was of age, when she is and where she opened it
//! to others too; what lies in the vault; entries that were moved or taken back, and that they were;
//! that somebody shared an external service; what she obscured, and what she decided about who sees
//! her past; nor what came later in a case, a referral, a stay or a night that began with something
//! of this. Not even an envelope: the id of an event names whom it is about.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};
use trama_events::Context;
use trama_events::codes::{Purpose, Section};
use trama_events::envelope::{CloudEvent, Recorded, event_id};
use trama_events::ids::{Ats, OrganisationId, PersonId, ServiceId};
use trama_events::rome;
use trama_platform::permit::{Agreement, Guard, Past};
use trama_platform::ties::Ties;
use uuid::Uuid;

/// Which classes an event of another body's log tells; every type that is not here stays there.
const CLASSES: [(Context, &str, &[Section]); 12] = [
    (Context::Intake, "housing_situation_recorded", &[Section::Housing]),
    (Context::Intake, "housing_situation_corrected", &[Section::Housing]),
    (Context::Casework, "case_opened", &[Section::Path]),
    (Context::Casework, "case_closed", &[Section::Path]),
    (Context::Casework, "assessment_recorded", &[Section::Diary, Section::Needs]),
    (Context::Casework, "eligibility_fact_recorded", &[Section::Means]),
    (Context::Housing, "stay_started", &[Section::Housing]),
    (Context::Housing, "stay_ended", &[Section::Housing]),
    (Context::Housing, "night_checked_in", &[Section::Housing]),
    (Context::Food, "card_issued", &[Section::Food]),
    (Context::Food, "meal_served", &[Section::Food]),
    (Context::Food, "parcel_delivered", &[Section::Food]),
];

/// Aggregates that are about bodies, houses and places, and public.
const PUBLIC: [(Context, &str); 4] = [
    (Context::Directory, "organisation"),
    (Context::Directory, "service"),
    (Context::Directory, "municipality"),
    (Context::Housing, "facility"),
];

/// Event types that leave for no system, by their own body either.
const NEVER: [&str; 9] = [
    "entry_reattributed",
    "entry_undone",
    "external_path_shared",
    "childhood_opened",
    "childhood_closed",
    "record_obscured",
    "obscuring_lifted",
    "not_to_be_found_declared",
    "not_to_be_found_lifted",
];

/// Fields that name persons beside the one whom an event concerns.
const PERSONS: [&str; 4] = ["person", "members", "canonical", "other"];

/// Fields that name the service that wrote an event.
const WRITERS: [&str; 3] = ["service", "facility", "from"];

/// What is left of an envelope where the facts stay with their body.
const ENVELOPE: [&str; 7] =
    ["specversion", "id", "source", "type", "time", "datacontenttype", "organisation"];

/// Who did it, and what it followed from: for its own body.
const INSIDE: [&str; 5] = ["actor", "role", "commandid", "correlationid", "causationid"];

/// For whom a system asks.
#[derive(Debug, Clone)]
pub(super) struct System {
    /// Its body.
    pub(super) body: OrganisationId,
    /// The ATS for which it acts.
    pub(super) ats: Ats,
    /// For which purpose.
    pub(super) purpose: Purpose,
}

/// What is known of the events of a page and of the people in them.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Entries that were moved or taken back.
    pub(super) moved: BTreeSet<String>,
    /// Aggregates in which a confidential service takes part.
    pub(super) sealed: BTreeSet<(Context, Uuid)>,
    /// With what each event's aggregate began ([`beginning`]), by the event's id.
    pub(super) begun: HashMap<String, Recorded>,
    /// How the system's body has to do with each of the people.
    pub(super) people: HashMap<PersonId, Ties>,
}

impl Known {
    /// Whether an event is kept from every system because of somebody whom it names.
    fn is_closed(&self, event: &Recorded) -> bool {
        let hidden = |person: PersonId| {
            self.people.get(&person).is_none_or(|ties| {
                let secret = ties.guard != Guard::Open || ties.sealed_by.is_some();
                secret
                    || ties.minor
                    || is_childhood(event, &ties.past)
                    || obscures(&ties.past, event)
            })
        };
        people_of(event).into_iter().any(hidden)
    }
}

/// How much of an event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Envelope,
    Shared,
    Whole,
}

impl System {
    /// Whether anything can be told of it at all: the rest is not asked about.
    pub(super) fn may_concern(&self, event: &Recorded) -> bool {
        let never = event.context == Context::Identity || NEVER.contains(&&*event.event_type);
        !never && (self.is_own(event) || is_public(event) || !classes(event).is_empty())
    }

    /// How much of an event is told.
    pub(super) fn told(&self, event: &Recorded, known: &Known) -> Told {
        let sealed = known.sealed.contains(&(event.context, event.aggregate_id));
        let moved = entries_of(event).iter().any(|entry| known.moved.contains(entry));
        let ties = || people_of(event).into_iter().filter_map(|one| known.people.get(&one));
        let begun = known.begun.get(&event.id());
        let closed = known.is_closed(event) || begun.is_some_and(|begun| known.is_closed(begun));
        if sealed || moved || closed || !self.may_concern(event) {
            Told::Nothing
        } else if self.is_own(event) {
            Told::Whole
        } else if ties().any(|ties| self.agreed(event, &ties.agreements)) {
            Told::Shared
        } else if is_public(event) && event.why.ats == self.ats {
            Told::Envelope
        } else {
            Told::Nothing
        }
    }

    fn is_own(&self, event: &Recorded) -> bool {
        event.why.organisation == self.body && event.why.ats == self.ats
    }

    fn agreed(&self, event: &Recorded, agreements: &[Agreement]) -> bool {
        let classes = classes(event);
        let opens = |agreement: &Agreement| {
            agreement.holder == event.why.organisation
                && agreement.purpose == self.purpose
                && classes.iter().all(|class| agreement.sections.contains(class))
        };
        !classes.is_empty() && agreements.iter().any(opens)
    }
}

fn is_public(event: &Recorded) -> bool {
    PUBLIC.contains(&(event.context, &*event.aggregate_type)) && event.why.person.is_none()
}

fn classes(event: &Recorded) -> &'static [Section] {
    let of = |(context, kind, _): &&(Context, &str, &[Section])| {
        (*context, *kind) == (event.context, &*event.event_type)
    };
    CLASSES.iter().find(of).map_or(&[], |(_, _, classes)| classes)
}

/// Under which names an event is moved: its own, and as a part of what its aggregate began with.
pub(super) fn entries_of(event: &Recorded) -> [String; 2] {
    let Recorded { context, aggregate_type, aggregate_id, .. } = event;
    [event.id(), event_id(context, aggregate_type, *aggregate_id, 1)]
}

/// With what that began to which an event belongs, among the events of its aggregate: where that is
/// closed, what came later is too. A person's record begins nothing: many write in it, and her
/// registration names none of them. Each night of a ledger begins by itself.
pub(super) fn beginning<'a>(event: &Recorded, aggregate: &'a [Recorded]) -> Option<&'a Recorded> {
    let first = aggregate.first().filter(|_| event.aggregate_type != "person");
    let night = event.payload.get("night");
    let of_night = |other: &&Recorded| {
        other.event_type == "night_reserved" && other.payload.get("night") == night
    };
    // The place of a night may be given back and kept again: the last time before counts.
    let mut before = aggregate.iter().rev().filter(|other| other.sequence <= event.sequence);
    night.and_then(|_| before.find(of_night)).or(first)
}

/// Whether somebody who is named was a child then. Nobody knows that of whom no year of birth is
/// known.
fn is_childhood(event: &Recorded, past: &Past) -> bool {
    let day = rome::day_of(event.why.occurred_at);
    past.of_age_on.is_some_and(|of_age_on| day < of_age_on)
}

/// Whether somebody who is named obscured it, by this record or by one that is linked with it. Where
/// an event does not say which service wrote it, whatever the body of an obscured one wrote is; and
/// of an aggregate that has an obscured entry no correction is told, whichever it corrects.
fn obscures(past: &Past, event: &Recorded) -> bool {
    let entries = &past.obscured_entries;
    let is_entry = entries_of(event).iter().any(|entry| entries.contains_key(entry));
    let corrects = event.payload.get("corrects").is_some_and(|corrects| !corrects.is_null());
    let of_aggregate = || {
        let first = event_id(event.context, &event.aggregate_type, event.aggregate_id, 1);
        let aggregate = first.trim_end_matches('1').to_owned();
        entries.keys().any(|entry| entry.starts_with(&aggregate))
    };
    let named = WRITERS.iter().filter_map(|field| event.payload.get(*field)?.as_str());
    let writers: Vec<ServiceId> = named.filter_map(|id| id.parse().ok()).collect();
    let services = &past.obscured_services;
    let by_service = if writers.is_empty() {
        services.values().any(|body| *body == event.why.organisation)
    } else {
        writers.iter().any(|service| services.contains_key(service))
    };
    is_entry || by_service || (corrects && of_aggregate())
}

/// Everybody whom an event names.
pub(super) fn people_of(event: &Recorded) -> BTreeSet<PersonId> {
    let named = PERSONS.iter().filter_map(|field| event.payload.get(*field));
    let ids = named.flat_map(|value| match value {
        Value::Array(all) => all.iter().collect(),
        one @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => vec![one],
    });
    let ids = ids.filter_map(|id| id.as_str()?.parse().ok());
    ids.chain(event.why.person).collect()
}

/// Whether an event mentions one of these.
pub(super) fn mentions(event: &Recorded, ids: &BTreeSet<Uuid>) -> bool {
    ids.contains(&event.aggregate_id) || is_in(&event.payload, ids)
}

fn is_in(value: &Value, ids: &BTreeSet<Uuid>) -> bool {
    match value {
        Value::String(text) => text.parse().is_ok_and(|id: Uuid| ids.contains(&id)),
        Value::Array(all) => all.iter().any(|value| is_in(value, ids)),
        Value::Object(fields) => fields.values().any(|value| is_in(value, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The event as far as it is told.
pub(super) fn as_told(event: CloudEvent, told: Told) -> Option<Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(event) else { return None };
    let keep = |fields: &mut Map<String, Value>, kept: fn(&str) -> bool| {
        fields.retain(|field, _| kept(field));
    };
    match told {
        Told::Nothing => return None,
        Told::Envelope => keep(&mut fields, |field| ENVELOPE.contains(&field)),
        Told::Shared => keep(&mut fields, |field| !INSIDE.contains(&field)),
        Told::Whole => {}
    }
    Some(Value::Object(fields))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
