use serde_json::json;
use time::macros::{date, datetime};
use trama_events::codes::Purpose;
use trama_events::short_code::ShortCode;
use trama_ui::language::Language;

use super::*;
use crate::inbox::view::tests::{frame, in_both, said};

fn entry() -> Entry {
    let detail = json!({ "channel": "desk", "needs": [{ "code": "housing", "level": 3 }] });
    Entry {
        id: "intake/7".into(),
        kind: "contact_recorded".into(),
        lane: "access",
        happened_on: date!(2026 - 10 - 8),
        occurred_at: datetime!(2026-10-08 09:45 UTC),
        recorded_at: datetime!(2026-10-08 09:45 UTC),
        person: None,
        organisation: None,
        organisation_name: None,
        author: None,
        service: None,
        about: None,
        detail: detail.as_object().unwrap().clone(),
        corrects: None,
        corrected_by: None,
    }
}

fn found(language: Language) -> Candidate {
    let code = ShortCode::candidate(uuid::Uuid::nil(), 0);
    let person = PersonId::derived(&["ben"]);
    let mut found = Candidate::by_code(person, &code, Purpose::Care, language.words());
    let because = match language {
        Language::Italian => "stesso nome",
        Language::English => "same name",
    };
    found.code = Some("7K2FM-Q".into());
    found.reasons_for = vec![because.into()];
    found
}

fn html(language: Language, step: Step) -> String {
    let looked = Looked {
        frame: frame(&language.words().move_title(), language),
        code: "7K2FM-Q".into(),
        path: "/persone/1/sposta".into(),
        back: "/persone/1".into(),
        person: PersonId::derived(&["ana"]),
        purpose: "care",
        today: date!(2026 - 11 - 22),
    };
    Page::new(looked, &entry(), &Fields::default(), step).render().unwrap()
}

/// The page before a search, after one with something missing, and after one that found nobody.
fn whole(language: Language) -> String {
    let words = language.words();
    let wrong = vec![
        Wrong::new("a", &words.move_wrong_whom()),
        Wrong::new("motivo", &words.move_wrong_why()),
    ];
    let some = Step { found: Some(vec![found(language)]), wrong, ..Step::default() };
    let none = Step { found: Some(Vec::new()), ..Step::default() };
    [Step::default(), some, none].map(|step| said(&html(language, step))).join("\n\n")
}

#[test]
fn an_entry_is_moved_in_the_language_of_whoever_made_it() {
    let [italian, english] = Language::ALL.map(whole);
    insta::assert_snapshot!("move_it", italian);
    insta::assert_snapshot!("move_en", english);
    assert_eq!(in_both(&italian, &english), ["[7K2FM-Q]"; 3], "the form of a code");
}
