//! An event in one sentence: its title, then what its fields say.

use serde_json::{Map, Value};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};
use trama_events::codes::NeedCode;
use trama_events::rome;

use super::{InWords, Part, telling_of};
use crate::dates;

/// An event in one sentence, from its type and its fields as a journey keeps them. What is not
/// known is not told: no code reaches the page.
pub fn sentence(event_type: &str, detail: &Map<String, Value>) -> String {
    let Some(telling) = telling_of(event_type) else {
        return "Fatto di una versione più recente".into();
    };
    let fields = telling.parts.iter().filter_map(|(field, part)| tell(*part, detail.get(*field)?));
    let parts: Vec<String> = fields.filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => telling.title.to_owned(),
        parts if telling.title.contains(':') => {
            format!("{} · {}", telling.title, parts.join(" · "))
        }
        parts => format!("{}: {}", telling.title, parts.join(" · ")),
    }
}

fn tell(part: Part, value: &Value) -> Option<String> {
    match part {
        Part::Hidden => None,
        Part::Code(words) => codes(value, words),
        Part::Day(before) => day(value).map(|day| dates::after(before, day, &dates::long(day))),
        Part::Moment(before) => moment(value)
            .map(|at| dates::after(before, rome::day_of(at), &dates::long_with_time(at))),
        Part::Number(before, after) => {
            value.as_i64().map(|number| format!("{before}{number}{after}"))
        }
        Part::Flag(words) => value.as_bool().filter(|flag| *flag).map(|_| words.to_owned()),
        Part::Needs => needs(value),
        Part::Service(before) => service(value).map(|name| format!("{before}{name}")),
        Part::Text(before) => value.as_str().map(|text| format!("{before}{text}")),
    }
}

fn codes(value: &Value, words: fn(&str) -> Option<&'static str>) -> Option<String> {
    match value {
        Value::String(code) => words(code).map(ToOwned::to_owned),
        Value::Array(list) => {
            let all: Vec<&str> = list.iter().filter_map(|code| words(code.as_str()?)).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn day(value: &Value) -> Option<Date> {
    Date::parse(value.as_str()?, &Iso8601::DATE).ok()
}

fn moment(value: &Value) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(value.as_str()?, &Rfc3339).ok()
}

fn needs(value: &Value) -> Option<String> {
    let all: Vec<String> = value.as_array()?.iter().filter_map(need).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn need(value: &Value) -> Option<String> {
    let words = value.get("code")?.as_str()?.parse::<NeedCode>().ok()?.words();
    let level = match value.get("level").and_then(Value::as_i64) {
        Some(2) => " (serio)",
        Some(3) => " (grave)",
        _ => "",
    };
    Some(format!("{words}{level}"))
}

fn service(value: &Value) -> Option<String> {
    value.get("name").and_then(Value::as_str).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(event_type: &str, detail: &Value) -> String {
        sentence(event_type, detail.as_object().unwrap())
    }

    #[test]
    fn a_refusal_says_why_and_what_next() {
        let detail = json!({ "reason": "outside_area", "next_step": "refer_elsewhere", "by": "service",
            "elsewhere": { "service": "0", "name": "CSM Est", "service_type": "csm" } });
        let words = "Invio respinto: fuori zona · chiedere a un altro servizio · dal servizio · chiedere a CSM Est";
        assert_eq!(told("referral_declined", &detail), words);
    }

    #[test]
    fn needs_moments_and_flags_are_told_in_words() {
        let contact = json!({ "channel": "desk", "needs": [{ "code": "housing", "level": 3 }] });
        assert_eq!(
            told("contact_recorded", &contact),
            "Contatto: allo sportello · casa o posto letto (grave)"
        );
        let sent = json!({ "answer_by": "2026-01-08T17:00:00Z" });
        assert_eq!(
            told("referral_sent", &sent),
            "Invio mandato: risposta entro l’8 gennaio 2026 alle 18:00"
        );
        let report = json!({ "channel": "police", "shelter_requested": true, "lone_child": false });
        let words = "Emergenza segnalata: dalle forze dell’ordine · serve un posto per la notte";
        assert_eq!(told("emergency_reported", &report), words);
    }

    #[test]
    fn what_has_no_words_is_not_told_as_a_code() {
        assert_eq!(told("goal_set", &json!({ "need": "levitation_help" })), "Obiettivo fissato");
        assert_eq!(
            told("external_path_shared", &json!({ "state": "in_path" })),
            "Servizio esterno: in percorso"
        );
        assert_eq!(told("some_new_event", &json!({})), "Fatto di una versione più recente");
    }
}
