//! An event in one sentence: its title, then what its fields say.

use serde_json::{Map, Value};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};
use trama_events::codes::NeedCode;
use trama_events::rome;

use super::{InWords as _, Part, Phrase, say, telling_of};
use crate::language::Language;

/// What is said of a type that this release does not know.
const UNKNOWN: Phrase = say("Fatto di una versione più recente", "Fact of a newer release");

/// An event in one sentence, from its type and its fields as a journey keeps them. What is not
/// known is not told: no code reaches the page.
pub fn sentence_in(language: Language, event_type: &str, detail: &Map<String, Value>) -> String {
    let Some(telling) = telling_of(event_type) else {
        return UNKNOWN.said(language).into();
    };
    let fields = telling.parts.iter();
    let parts: Vec<String> = fields
        .filter_map(|(field, part)| tell(language, *part, detail.get(*field)?))
        .filter(|part| !part.is_empty())
        .collect();
    let title = telling.title.said(language);
    match parts.as_slice() {
        [] => title.to_owned(),
        parts if title.contains(':') => format!("{title} · {}", parts.join(" · ")),
        parts => format!("{title}: {}", parts.join(" · ")),
    }
}

fn tell(language: Language, part: Part, value: &Value) -> Option<String> {
    match part {
        Part::Hidden => None,
        Part::Code(phrase) => codes(language, value, phrase),
        Part::Day(before) => {
            day(value).map(|day| language.after(before.said(language), day, &language.long(day)))
        }
        Part::Moment(before) => moment(value).map(|at| {
            language.after(before.said(language), rome::day_of(at), &language.long_with_time(at))
        }),
        Part::Number(before, after) => value
            .as_i64()
            .map(|number| format!("{}{number}{}", before.said(language), after.said(language))),
        Part::Flag(phrase) => {
            value.as_bool().filter(|flag| *flag).map(|_| phrase.said(language).to_owned())
        }
        Part::Needs => needs(language, value),
        Part::Service(before) => {
            service(value).map(|name| format!("{}{name}", before.said(language)))
        }
        Part::Text(before) => value.as_str().map(|text| format!("{}{text}", before.said(language))),
    }
}

fn codes(language: Language, value: &Value, phrase: fn(&str) -> Option<Phrase>) -> Option<String> {
    let words = |code: &str| phrase(code).map(|phrase| phrase.said(language));
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

fn needs(language: Language, value: &Value) -> Option<String> {
    let needs = value.as_array()?.iter();
    let all: Vec<String> = needs.filter_map(|value| need(language, value)).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn need(language: Language, value: &Value) -> Option<String> {
    let words = value.get("code")?.as_str()?.parse::<NeedCode>().ok()?.words_in(language);
    let level = match value.get("level").and_then(Value::as_i64) {
        Some(2) => say(" (serio)", " (serious)").said(language),
        Some(3) => say(" (grave)", " (severe)").said(language),
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
        sentence_in(Language::Italian, event_type, detail.as_object().unwrap())
    }

    #[test]
    fn the_same_event_is_told_in_each_language() {
        let detail = json!({ "reason": "outside_area", "next_step": "refer_elsewhere", "by": "service",
            "elsewhere": { "service": "0", "name": "CSM Est", "service_type": "csm" } });
        let told = sentence_in(Language::English, "referral_declined", detail.as_object().unwrap());
        let words = "Referral declined: outside the area · ask another service · by the service · ask CSM Est";
        assert_eq!(told, words);
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
