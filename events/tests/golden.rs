//! Golden files: what one release wrote, every later release reads.
//!
//! `golden/<context>/<event_type>.v<version>.json` holds one whole `CloudEvent` for each event type
//! and version. A missing or changed file fails. `GOLDEN=write` writes the files that do not
//! exist yet and never touches one that does. Files of versions that are not written any more stay:
//! upcasters must go on reading them.

#![cfg(test)]

#[path = "golden/samples.rs"]
mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use trama_events::envelope::{CloudEvent, Recorded};
use trama_events::subject::PARTITIONS;
use trama_events::{Context, Reading, event_types};
use uuid::Uuid;

use samples::{Sample, samples};

/// Field names that say who a person is or how to reach her: never outside the directory's public
/// facts about organisations, services and municipalities.
const FORBIDDEN: [&str; 18] = [
    "name",
    "first_name",
    "last_name",
    "given_name",
    "family_name",
    "full_name",
    "surname",
    "tax_code",
    "birth_date",
    "birth_on",
    "birth_place",
    "address",
    "phone",
    "email",
    "note",
    "notes",
    "text",
    "words",
];

#[test]
fn every_event_type_has_exactly_one_sample() {
    let mut declared = event_types();
    let mut sampled: Vec<_> = samples()
        .iter()
        .map(|sample| {
            let recorded = &sample.recorded;
            let declared = declared.iter().find(|(context, aggregate, name)| {
                (*context, *aggregate) == (recorded.context, recorded.aggregate_type.as_str())
                    && *name == recorded.event_type
            });
            *declared.unwrap_or_else(|| panic!("{} is not declared", recorded.id()))
        })
        .collect();
    declared.sort_unstable();
    sampled.sort_unstable();
    assert_eq!(sampled, declared);
}

#[test]
fn an_event_name_is_unique_in_its_context() {
    let names: BTreeSet<_> =
        event_types().iter().map(|(context, _, name)| (*context, *name)).collect();
    assert_eq!(names.len(), event_types().len());
}

#[test]
fn no_sample_leaves_a_field_empty() {
    for sample in samples() {
        let payload = &sample.recorded.payload;
        assert!(!has_empty(payload), "fill every option and list: {payload}");
    }
}

#[test]
fn every_sample_is_written_exactly_as_its_golden_file() {
    let wrong: Vec<String> =
        samples().iter().filter_map(|sample| differs(&sample.recorded)).collect();
    assert!(
        wrong.is_empty(),
        "docs/how-to/change-an-event.md says what to do:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_sample_reads_back_as_itself() {
    for Sample { event, recorded } in samples() {
        let Some(text) = golden(&recorded) else { continue };
        let cloud: CloudEvent = serde_json::from_str(&text).unwrap();
        let back = cloud.into_recorded().unwrap();
        assert_eq!(back, recorded);
        assert_eq!(back.read(), Reading::Known(Box::new(event)));
    }
}

#[test]
fn every_golden_file_of_any_version_stays_readable() {
    for path in golden_files() {
        let cloud: CloudEvent = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let recorded = cloud.into_recorded().unwrap();
        assert_eq!(path, path_of(&recorded));
        assert!(matches!(recorded.read(), Reading::Known(_)), "{}", path.display());
    }
}

#[test]
fn an_unknown_type_aggregate_or_version_is_newer_than_this_release() {
    for Sample { recorded, .. } in samples() {
        let of_type = |event_type: &str| {
            let payload = json!({ "event": event_type });
            Recorded { event_type: event_type.into(), payload, ..recorded.clone() }
        };
        assert_eq!(of_type("thing_not_yet_invented").read(), Reading::Newer);
        let aggregate = Recorded { aggregate_type: "not_yet_invented".into(), ..recorded.clone() };
        assert_eq!(aggregate.read(), Reading::Newer);
        let version = Recorded { version: "99".into(), ..recorded.clone() };
        assert_eq!(version.read(), Reading::Newer, "{}", recorded.event_type);
        let reshaped = Recorded { payload: json!({ "event": recorded.event_type }), ..version };
        assert_eq!(reshaped.read(), Reading::Newer, "{}", recorded.event_type);
    }
}

#[test]
fn a_known_type_whose_payload_does_not_fit_is_unreadable() {
    for Sample { recorded, .. } in samples() {
        let keys = recorded.payload.as_object().unwrap().keys().filter(|key| *key != "event");
        for key in keys {
            let mut broken = recorded.clone();
            broken.payload[key] = json!({ "neither": "this", "nor": "that" });
            assert!(
                matches!(broken.read(), Reading::Unreadable(why) if !why.is_empty()),
                "{}.{key}",
                recorded.event_type
            );
        }
    }
}

#[test]
fn every_subject_is_ats_partition_context_and_event() {
    for Sample { recorded, .. } in samples() {
        for person in (0..200).map(Uuid::from_u128) {
            let mut recorded = recorded.clone();
            recorded.aggregate_id = person;
            recorded.why.person = None;
            let subject = recorded.subject();
            let tokens: Vec<&str> = subject.split('.').collect();
            let [root, kind, ats, partition, context, event] = tokens[..] else {
                panic!("{subject}")
            };
            assert_eq!((root, kind, ats), ("trama", "ev", recorded.why.ats.as_str()));
            assert!(partition.parse::<u8>().unwrap() < PARTITIONS, "{subject}");
            assert_eq!((context, event), (recorded.context.name(), recorded.event_type.as_str()));
        }
    }
}

#[test]
fn no_golden_file_has_a_field_that_says_who_a_person_is() {
    for path in golden_files() {
        let event: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let public = path.starts_with(root().join(Context::Directory.name()));
        let told = keys(&event).into_iter().find(|key| FORBIDDEN.contains(&key.as_str()));
        assert!(public || told.is_none(), "{} has {told:?}", path.display());
    }
}

/// Says how the golden file of this event differs from it; writes the file when asked to.
fn differs(recorded: &Recorded) -> Option<String> {
    let path = path_of(recorded);
    let mut cloud = recorded.to_cloud_event();
    cloud.data = in_order(cloud.data);
    let now = serde_json::to_string_pretty(&cloud).unwrap() + "\n";
    match golden(recorded) {
        Some(before) if before == now => None,
        Some(before) => Some(format!("{} was\n{before}and is\n{now}", path.display())),
        None if asked_to_write() => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::File::create_new(&path).unwrap().write_all(now.as_bytes()).unwrap();
            None
        }
        None => Some(format!("{} does not exist", path.display())),
    }
}

/// Fields in the order of their names, whichever order the features of the whole build give them.
fn in_order(fields: Map<String, Value>) -> Map<String, Value> {
    let fields: BTreeMap<String, Value> = fields.into_iter().collect();
    fields.into_iter().map(|(name, value)| (name, sorted(value))).collect()
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(in_order(fields)),
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

fn golden(recorded: &Recorded) -> Option<String> {
    fs::read_to_string(path_of(recorded)).ok()
}

fn path_of(recorded: &Recorded) -> PathBuf {
    let file = format!("{}.v{}.json", recorded.event_type, recorded.version);
    root().join(recorded.context.name()).join(file)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn golden_files() -> Vec<PathBuf> {
    let listed = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    listed(&root()).iter().flat_map(|context| listed(context)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
fn asked_to_write() -> bool {
    std::env::var("GOLDEN").is_ok_and(|value| value == "write")
}

fn has_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty() || items.iter().any(has_empty),
        Value::Object(fields) => fields.values().any(has_empty),
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
    }
}

fn keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, inner)| [vec![key.clone()], keys(inner)].concat())
            .collect(),
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
