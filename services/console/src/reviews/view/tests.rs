use time::macros::datetime;
use trama_events::identity::ForcedReason;
use trama_events::ids::{ForcedAccessId, PersonId};

use super::*;
use crate::inbox::view::tests::{frame, in_both, said};
use crate::reviews::Forced;
use crate::told::Wrong;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn body() -> OrganisationId {
    OrganisationId::derived(&["comune"])
}

fn staff() -> StaffId {
    StaffId::derived(&["worker"])
}

fn forced(review: Option<Found>) -> Forced {
    Forced {
        person: Some(PersonId::derived(&["her"])),
        staff: staff(),
        organisation: body(),
        role: "case_manager".into(),
        reason: ForcedReason::LifeAtRisk,
        sections: vec![Section::Identity, Section::Path],
        at: NOW - time::Duration::hours(2),
        until: NOW - time::Duration::hours(1),
        review_by: datetime!(2026-12-08 08:45 UTC),
        overdue: false,
        review,
    }
}

/// What an auditor knows of an access.
fn known(review: Option<Found>) -> Known {
    let look = Look {
        at: NOW - time::Duration::minutes(100),
        sections: vec!["path".into()],
        emergency_access: true,
        staff: Some(staff()),
        decision: "allowed".into(),
    };
    Known {
        access: ForcedAccessId::derived(&["access"]),
        forced: forced(review),
        code: Some("7K2FM-Q".into()),
        looks: vec![look],
        words: Vec::new(),
        bodies: [(body(), "Comune di Corato".to_owned())].into(),
    }
}

fn found() -> Found {
    Found {
        finding: ReviewFinding::NotJustified,
        at: NOW - time::Duration::minutes(5),
        staff: staff(),
        organisation: OrganisationId::derived(&["unknown"]),
        role: "auditor".into(),
        words: None,
    }
}

fn html(language: Language, role: Role, known: &Known, draft: Draft) -> String {
    let frame = frame(&language.words().review_title(), language);
    Page::new(frame, role, known, (NOW, "key".into()), draft).render().unwrap()
}

/// The page, and what whoever has the person in charge sees of it once it is over.
fn whole(language: Language) -> String {
    let open = html(language, Role::Auditor, &known(None), Draft::default());
    let note = Note {
        field: trama_events::codes::IdentityField::Note,
        value: "…".into(),
        recorded_at: NOW,
        staff: staff(),
        organisation: body(),
    };
    let over = Known { looks: Vec::new(), words: vec![note], ..known(Some(found())) };
    let over = html(language, Role::CaseManager, &over, Draft::default());
    format!("{}\n\n{}", said(&open), said(&over))
}

#[test]
fn a_review_speaks_the_language_of_whoever_makes_it() {
    let [italian, english] = Language::ALL.map(whole);
    insta::assert_snapshot!("review_it", italian);
    insta::assert_snapshot!("review_en", english);
    let both = in_both(&italian, &english);
    assert!(both.iter().all(|line| line == "7K2FM-Q"), "{both:?}");
}

#[test]
fn what_was_found_is_said_in_the_language_of_whoever_found_it() {
    for finding in [ReviewFinding::Justified, ReviewFinding::NotJustified] {
        let [italian, english] = Language::ALL.map(|of| {
            let frame = frame(&of.words().review_done(), of);
            said(&Done::new(frame, finding).render().unwrap())
        });
        assert!(english.contains("Review recorded: "), "{english}");
        assert_eq!(in_both(&italian, &english), Vec::<String>::new());
    }
}

#[test]
fn a_refused_finding_keeps_its_words_and_says_why_at_its_field() {
    let wrong = vec![Wrong::new("parole", "Too short.")];
    let finding = Some(ReviewFinding::Justified);
    let draft = Draft { finding, words: "Right.".into(), wrong };
    let page = html(Language::English, Role::Auditor, &known(None), draft.clone());
    assert!(page.contains("<a href=\"#parole\">Too short.</a>"), "{page}");
    assert!(page.contains("parole-errore\" aria-invalid=\"true\">Right.</textarea>"), "{page}");
    assert!(page.contains("value=\"justified\" required checked"));
    let late = html(Language::English, Role::Auditor, &known(Some(found())), draft);
    assert!(late.contains("<a href=\"#trovato\">Too short.</a>"), "there is no form any more");
}
