//! What an answer must hold: elements at a path that are like something, so many times; or a text
//! that is nowhere in it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One expectation.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// Where: names and numbers between slashes, `*` for every element.
    of: Option<String>,
    /// What an element must contain: these fields, or this value.
    like: Option<Value>,
    /// How many are like it; at least one unless told.
    times: Option<usize>,
    /// A text that must be nowhere in the whole answer, in capitals or not.
    never: Option<String>,
}

impl Expected {
    /// Whether there is an answer that it does not fit.
    pub(super) fn holds_something(&self) -> bool {
        self.of.is_some() || self.never.is_some()
    }
}

/// Holds the answer against the expectation.
pub(super) fn hold(expected: &Expected, answer: &Value) -> anyhow::Result<()> {
    if let Some(never) = &expected.never {
        let said = answer.to_string().to_lowercase().contains(&never.to_lowercase());
        anyhow::ensure!(!said, "the answer must not say {never}: {answer}");
    }
    let Some(of) = &expected.of else { return Ok(()) };
    let mut found = vec![answer];
    for part in of.split('/').filter(|part| !part.is_empty()) {
        found = found.into_iter().flat_map(|value| step(value, part)).collect();
    }
    let like = expected.like.as_ref();
    let count = found.iter().filter(|value| like.is_none_or(|like| is_like(value, like))).count();
    let wanted = like.map_or_else(|| "anything".to_owned(), Value::to_string);
    let right = expected.times.map_or(count > 0, |times| count == times);
    let times =
        expected.times.map_or_else(|| "at least once".to_owned(), |times| format!("{times} times"));
    anyhow::ensure!(right, "{wanted} should be at {of} {times}, and is {count} times, in {answer}");
    Ok(())
}

fn step<'a>(value: &'a Value, part: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(items) if part == "*" => items.iter().collect(),
        Value::Object(fields) if part == "*" => fields.values().collect(),
        Value::Array(items) => {
            part.parse::<usize>().ok().and_then(|index| items.get(index)).into_iter().collect()
        }
        Value::Object(fields) => fields.get(part).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Whether a value is this one, or has at least these fields.
fn is_like(value: &Value, like: &Value) -> bool {
    match (value, like) {
        (Value::Object(fields), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, like)| fields.get(name).is_some_and(|value| is_like(value, like))),
        (value, like) => value == like,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(expected: Value, answer: &Value) -> bool {
        hold(&serde_json::from_value(expected).unwrap(), answer).is_ok()
    }

    #[test]
    fn an_element_is_like_another_when_it_has_its_fields() {
        let answer = json!({"entries": [{"kind": "a", "day": 1}, {"kind": "b", "day": 2}]});
        assert!(holds(json!({"of": "entries/*", "like": {"kind": "a"}}), &answer));
        assert!(holds(json!({"of": "entries/*/kind", "like": "b", "times": 1}), &answer));
        assert!(holds(json!({"of": "entries/*", "like": {"kind": "c"}, "times": 0}), &answer));
        assert!(!holds(json!({"of": "entries/*", "like": {"kind": "a", "day": 2}}), &answer));
    }

    #[test]
    fn a_text_that_may_never_be_said_is_found_anywhere() {
        assert!(!holds(json!({"never": "serd"}), &json!({"a": [{"name": "SerD di Bari"}]})));
        assert!(holds(json!({"never": "serd"}), &json!({"a": "external"})));
    }
}
