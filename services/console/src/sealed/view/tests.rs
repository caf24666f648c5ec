use serde_json::{Value, from_value, json};
use time::macros::date;
use uuid::Uuid;

use super::super::rows::may;
use super::*;
use crate::inbox::view::tests::{frame, in_both, said};

const TODAY: Date = date!(2026 - 11 - 22);

fn path(first: u128) -> Uuid {
    Uuid::from_u128(first << 96)
}

/// A path as its door tells it; the rest as `more` says.
fn told(path: Uuid, stage: &str, outside: &str, more: &Value) -> Value {
    let mut told = json!({
        "path": path, "for_your_service": true, "stage": stage, "urgency": null,
        "need_level": null, "answer_by": null, "overdue": false, "come_at": null,
        "network_sees": { "with_her_agreement": outside },
    });
    told.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    told
}

/// One that waits for an answer, and one at every stage after it.
fn paths() -> Paths {
    let waiting = json!({ "urgency": "immediate", "need_level": 3, "overdue": true,
        "answer_by": "2026-11-11T09:00:00Z" });
    let waits_longer = json!({ "urgency": "urgent", "need_level": 2,
        "answer_by": "2026-11-25T09:00:00Z", "for_your_service": false });
    let comes = json!({ "come_at": "2026-12-08T08:30:00Z" });
    let none = json!({});
    let items = [
        told(path(1), "waiting", "expected", &waiting),
        told(path(2), "waiting", "expected", &waits_longer),
        told(path(3), "accepted", "expected", &comes),
        told(path(4), "accepted", "expected", &none),
        told(path(5), "came", "expected", &none),
        told(path(6), "in_path", "in_path", &none),
    ];
    from_value(json!({ "items": items, "next": 7 })).unwrap()
}

fn html(language: Language, around: Around) -> String {
    let frame = frame(&language.words().place_sealed(), language);
    let services = [(ServiceId::derived(&["serd"]), "SerD di Altamura".to_owned())];
    Page::new(frame, &services, &paths(), around, TODAY).render().unwrap()
}

fn done(language: Language) -> Around {
    let (outcome, slip) = (outcome("si", language.words()), Some("ABCDEF GHJKMN".to_owned()));
    Around { outcome, slip, ..Around::default() }
}

/// A step with the path that comes first, and why it is refused.
fn refused(step: &str, when: &str, reason: &str) -> Around {
    let (when, reason) = (when.to_owned(), reason.to_owned());
    let tried = Tried { path: path(1), step: step.to_owned(), when, reason };
    let wrong = vec![Wrong::new(AT_PATH, "Why not.")];
    Around { tried: Some(tried), wrong, after: Some(3), ..Around::default() }
}

#[test]
fn the_desk_speaks_the_language_of_whoever_stands_at_it() {
    let [italian, english] = Language::ALL.map(|of| said(&html(of, done(of))));
    insta::assert_snapshot!("sealed_it", italian);
    insta::assert_snapshot!("sealed_en", english);
    let signs = ["No…", "SerD di Altamura", "ABCDEF GHJKMN"];
    let both = in_both(&italian, &english);
    assert!(both.iter().all(|line| signs.contains(&line.as_str())), "{both:?}");
}

#[test]
fn every_step_says_in_english_what_was_done() {
    let words = Language::English.words();
    for step in ["biglietto", "si", "no", "appuntamento", "venuta", "non-venuta", "entra", "chiudi"]
    {
        let italian = outcome(step, Language::Italian.words()).unwrap();
        let english = outcome(step, words).unwrap();
        assert!(italian.0 != english.0 && italian.1 != english.1, "{step}");
    }
    assert_eq!(outcome("stampa", words), None);
}

#[test]
fn a_refused_answer_stays_open_with_what_was_filled_in_and_why_at_its_field() {
    let no = html(Language::English, refused("no", "", "outside_area"));
    assert!(no.contains("<a href=\"#provato\">Why not.</a>"), "{no}");
    assert_eq!(no.matches("<details open>").count(), 1, "only the form that was sent");
    assert_eq!(no.matches("id=\"provato\"").count(), 1);
    assert_eq!(no.matches("id=\"provato-errore\"").count(), 1);
    assert!(no.contains("<option value=\"outside_area\" selected>"));
    assert!(no.contains("name=\"dopo\" value=\"3\""), "the same part of the list");
    let yes = html(Language::English, refused("si", "2026-11-01T09:30", ""));
    assert!(yes.contains("value=\"2026-11-01T09:30\" aria-invalid=\"true\""), "{yes}");
}

#[test]
fn where_somebody_answered_meanwhile_the_refusal_is_told_at_the_list() {
    let late = html(Language::English, refused("chiudi", "", "completed"));
    assert!(late.contains("<a href=\"#percorsi\">Why not.</a>"), "{late}");
    assert!(!late.contains("<details open>") && !late.contains("id=\"provato"));
}

#[test]
fn a_slip_is_not_printed_a4() {
    let draft = Draft { slip: "ABCDEF".into(), ..Draft::default() };
    assert!(!format!("{draft:?}").contains("ABCDEF"));
}

#[test]
fn only_what_may_be_done_now_is_offered() {
    let waiting = may("waiting", false);
    assert!(waiting.answer && !waiting.enter && !waiting.close && !waiting.appointment);
    let accepted = may("accepted", false);
    assert!(accepted.appointment && accepted.meet && !accepted.missed && accepted.close);
    assert!(may("accepted", true).missed);
    let in_path = may("in_path", false);
    assert!(in_path.close && !in_path.enter && !in_path.appointment);
}
