//! OpenAPI 3.1 and AsyncAPI 3, from the code.

use serde_json::{Map, Value, json};
use trama_events::{Context, subject};
use trama_platform::doors::Door;
use utoipa::openapi::OpenApi;

/// Completes the generated document: what every door has in common is written once.
pub(super) fn describe(parts: Vec<(&'static str, OpenApi)>, doors: &[Door]) -> Value {
    let mut document = json!({"paths": {}, "components": {"schemas": {}}});
    for (name, part) in parts {
        join(&mut document, &own_names(name, serde_json::to_value(part).unwrap_or_default()));
    }
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Trama",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Event-sourced coordination of a network of social services.",
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    });
    document["security"] = json!([{"bearer": []}]);
    document["components"]["securitySchemes"] =
        json!({"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "at+jwt"}});
    document["components"]["schemas"]["Problem"] = problem();
    let mut commands = Vec::new();
    for door in doors {
        let method = door.method.to_lowercase();
        let operation = &mut document["paths"][&door.path][&method];
        complete(operation, door);
        if let Some(schema) =
            operation.pointer("/requestBody/content/application~1json/schema/$ref")
        {
            commands.extend(schema.as_str().map(ToOwned::to_owned));
        }
    }
    for reference in commands {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        document["components"]["schemas"][name]["properties"]["occurred_at"] = json!({
            "type": ["string", "null"], "format": "date-time",
            "description": "When it happened, if not now. Not in the future.",
        });
    }
    document
}

/// Forms and views carry the name of their part: two contexts may both have an `OpenForm`.
fn own_names(part: &str, mut document: Value) -> Value {
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let own = |name: &str| name.ends_with("Form") || name.ends_with("View");
    let renamed = |name: &str| {
        let (first, rest) = part.split_at(1);
        if own(name) { format!("{}{rest}{name}", first.to_uppercase()) } else { name.to_owned() }
    };
    let schemas: Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| (renamed(&name), schema)).collect();
    document["components"]["schemas"] = Value::Object(schemas);
    rename_references(&mut document, &renamed);
    document
}

fn rename_references(value: &mut Value, renamed: &impl Fn(&str) -> String) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if key != "$ref" {
                    rename_references(field, renamed);
                } else if let Value::String(reference) = field {
                    let (path, name) = reference.rsplit_once('/').unwrap_or_default();
                    *reference = format!("{path}/{}", renamed(name));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, renamed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn join(document: &mut Value, part: &Value) {
    for place in ["/paths", "/components/schemas"] {
        let more = part.pointer(place).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(fields) = document.pointer_mut(place).and_then(Value::as_object_mut) {
            fields.extend(more);
        }
    }
}

fn complete(operation: &mut Value, door: &Door) {
    let roles: Vec<&str> = door.action.roles.iter().map(|role| role.code()).collect();
    operation["x-action"] = json!(door.action.name);
    operation["x-roles"] = json!(roles);
    operation["responses"]["default"] = json!({
        "description": "A problem: what happened, what is safe, what to do.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    if door.method == "POST" {
        let header = json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "New for each new command, the same for a repeat: one effect, one answer.",
            "schema": {"type": "string", "minLength": 8, "maxLength": 128},
        });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(header),
            None => operation["parameters"] = json!([header]),
        }
    }
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string"}, "code": {"type": "string"},
        },
    })
}

/// The events as they travel, from their types.
pub(super) fn asyncapi() -> Value {
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    for (context, _, event_type) in trama_events::event_types() {
        messages.insert(
            format!("{context}.{event_type}"),
            json!({
                "name": format!("trama.{context}.{event_type}.v1"),
                "contentType": "application/cloudevents+json",
            }),
        );
    }
    for (context, aggregate, schema) in trama_events::schemas() {
        let own = |key: &&String| key.starts_with(&format!("{context}."));
        let references: Map<String, Value> = messages
            .keys()
            .filter(own)
            .map(|key| {
                (key.replace('.', "_"), json!({"$ref": format!("#/components/messages/{key}")}))
            })
            .collect();
        channels.insert(context.name().into(), channel(context, &references));
        operations.insert(format!("receive_{context}"), operation(context));
        for (name, message) in &mut messages {
            if name.starts_with(&format!("{context}.")) && is_of(name, context, aggregate) {
                message["payload"] = serde_json::to_value(&schema).unwrap_or_default();
            }
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {"title": "Trama", "version": env!("CARGO_PKG_VERSION"),
            "description": "Domain events of a network of social services, as CloudEvents 1.0 on NATS JetStream."},
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    })
}

fn is_of(name: &str, context: Context, aggregate: &str) -> bool {
    trama_events::event_types()
        .iter()
        .any(|(c, a, event)| *c == context && *a == aggregate && name == format!("{c}.{event}"))
}

fn channel(context: Context, messages: &Map<String, Value>) -> Value {
    json!({
        "address": subject::all_of(context).replacen('*', "{ats}", 1).replacen('*', "{partition}", 1).replace('>', "{event}"),
        "parameters": {"ats": {}, "partition": {}, "event": {}},
        "messages": messages,
    })
}

fn operation(context: Context) -> Value {
    json!({"action": "receive", "channel": {"$ref": format!("#/channels/{context}")}})
}
