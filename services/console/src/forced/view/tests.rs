use time::OffsetDateTime;
use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};
use trama_ui::language::Language;

use super::*;
use crate::forced::band::{Band, Fact};
use crate::inbox::view::tests::{frame, in_both, said};

fn caller() -> Caller {
    Caller {
        staff: StaffId::derived(&["paola"]),
        membership: MembershipId::derived(&["paola"]),
        organisation: OrganisationId::derived(&["comune"]),
        ats: Ats::try_new("bari").unwrap(),
        role: Role::CaseManager,
        services: Vec::new(),
        purpose: Purpose::Care,
        stated: None,
        second_factor: false,
        session: String::new(),
        request_id: String::new(),
        let_in_until: OffsetDateTime::UNIX_EPOCH,
        surname: None,
    }
}

fn person() -> PersonId {
    PersonId::derived(&["her"])
}

fn form(language: Language) -> String {
    let (draft, frame) = (Draft::default(), frame(&language.words().forced_title(), language));
    let wrong = draft.wrong(language.words());
    said(&Form::new(frame, &caller(), person(), draft, wrong).render().unwrap())
}

fn closed(language: Language, with_purpose: bool) -> String {
    let frame = frame(&language.words().answer_purpose_title(), language);
    said(&Closed::new(frame, person(), with_purpose).render().unwrap())
}

#[test]
fn an_opening_by_force_is_asked_for_in_the_language_of_whoever_asks() {
    let [italian, english] = Language::ALL.map(form);
    insta::assert_snapshot!("forced_it", italian);
    insta::assert_snapshot!("forced_en", english);
    assert_eq!(in_both(&italian, &english), Vec::<String>::new());
}

#[test]
fn a_record_that_is_closed_is_so_in_the_language_of_who_asks() {
    for with_purpose in [false, true] {
        let [italian, english] = Language::ALL.map(|of| closed(of, with_purpose));
        assert!(english.contains("Is it an emergency?"), "{english}");
        assert_eq!(in_both(&italian, &english), Vec::<String>::new());
    }
    let soon = |of: Language| {
        let frame = frame(&of.words().forced_soon(), of);
        said(&Soon::new(frame, "/persone/1".into()).render().unwrap())
    };
    let [italian, english] = Language::ALL.map(soon);
    assert_eq!(in_both(&italian, &english), Vec::<String>::new());
}

#[derive(Template)]
#[template(
    ext = "html",
    source = "{% import \"band.html\" as bands %}<main>{% call bands::band(band) %}{% endcall %}</main>"
)]
struct Banded {
    band: Option<Band>,
}

#[test]
fn an_open_record_says_that_it_is_open_in_the_language_of_its_reader() {
    let banded = |language: Language| {
        let band = Band {
            language,
            left: Some(language.words().forced_left(59, "11:00")),
            reason: Some(ForcedReason::LifeAtRisk.words_in(language)),
            classes: Section::Path.words_in(language).into(),
            facts: vec![Fact { what: "…", value: "…".into() }],
        };
        said(&Banded { band: Some(band) }.render().unwrap())
    };
    let [italian, english] = Language::ALL.map(banded);
    insta::assert_snapshot!("band_it", italian);
    insta::assert_snapshot!("band_en", english);
    assert_eq!(in_both(&italian, &english), Vec::<String>::new());
}

#[test]
fn what_no_emergency_opens_is_not_offered_v14() {
    let never =
        [Section::Addiction, Section::SecretAddress, Section::PrivateNotes, Section::Reporter];
    let offered = CLASSES.iter().chain([&DIARY]).map(|(section, _)| section);
    assert!(offered.clone().all(|section| !never.contains(section)));
    assert_eq!(offered.count(), 11);
}

#[test]
fn the_words_of_a_reason_are_not_printed_a4() {
    let draft = Draft { words: "Trovata in strada".into(), ..Draft::default() };
    assert!(!format!("{draft:?}").contains("strada"));
}
