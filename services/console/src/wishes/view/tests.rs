use serde_json::Map;
use time::macros::{date, datetime};
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::Extent;
use trama_projections::journey::Entry;
use trama_ui::language::Language;

use super::super::known::{About, Decision};
use super::*;
use crate::inbox::view::tests::{frame, in_both, said};

const TODAY: Date = date!(2026 - 11 - 22);

fn ana() -> PersonId {
    PersonId::derived(&["ana"])
}

fn comune() -> OrganisationId {
    OrganisationId::derived(&["comune"])
}

fn desk() -> Listed {
    Listed {
        service: ServiceId::derived(&["desk"]),
        name: "Sportello Libertà".into(),
        service_type: ServiceType::InfoDesk,
        ats: "bari".into(),
        organisation: comune(),
        organisation_name: "Comune di Bari".into(),
    }
}

fn entry() -> Entry {
    Entry {
        id: "intake/7".into(),
        kind: "contact_recorded".into(),
        lane: "access",
        happened_on: date!(2026 - 11 - 8),
        occurred_at: datetime!(2026-11-08 09:45 UTC),
        recorded_at: datetime!(2026-11-08 09:45 UTC),
        person: Some(ana()),
        organisation: Some(comune()),
        organisation_name: None,
        author: None,
        service: None,
        about: Some(uuid::Uuid::from_u128(1)),
        detail: Map::new(),
        corrects: None,
        corrected_by: None,
    }
}

fn decided(name: &str, about: About, form: WishForm) -> (PersonId, Decision) {
    (ana(), Decision { wish: WishId::derived(&[name]), about, form })
}

fn decisions() -> Vec<(PersonId, Decision)> {
    let to = Viewer::Organisation(comune());
    let open = |until| About::Childhood { to, from: date!(2026 - 11 - 1), until };
    let gone = Extent::Service { service: ServiceId::derived(&["gone"]) };
    let hidden = Extent::Entry {
        entry: format!("intake/contact-{}/1", uuid::Uuid::from_u128(1)),
        organisation: comune(),
    };
    vec![
        decided("open", open(None), WishForm::Signed),
        decided("over", open(Some(date!(2026 - 11 - 11))), WishForm::Interpreted),
        decided("service", About::Obscured(gone), WishForm::Said),
        decided("entry", About::Obscured(hidden), WishForm::Said),
    ]
}

fn known(decisions: Vec<(PersonId, Decision)>, entries: Vec<Entry>) -> Known {
    let journey = JourneyView {
        person: ana(),
        canonical: ana(),
        records: Vec::new(),
        recorded_by: None,
        occurred_by: None,
        incomplete_since: None,
        situations: Vec::new(),
        spans: Vec::new(),
        entries,
        positions: std::collections::BTreeMap::new(),
    };
    Known { journey, decisions, services: vec![desk()], band: None }
}

fn html(language: Language, known: Known, around: Around) -> String {
    let looked = Looked {
        frame: frame(&language.words().wishes_title("7K2FM-Q"), language),
        tabs: Vec::new(),
        path: "/persone/1/scelte?scopo=care&".into(),
        purpose: "care",
        body: comune(),
        today: TODAY,
    };
    Page::new(looked, known, around).render().unwrap()
}

/// The page with what stands, then the empty one with what is missing in a form.
fn whole(language: Language) -> String {
    let words = language.words();
    let around = Around {
        outcome: outcome("oscurata", words),
        fresh: Some(WishId::derived(&["new"])),
        part: 1,
        ..Around::default()
    };
    let full = html(language, known(decisions(), vec![entry()]), around);
    let wrong = vec![
        Wrong::new("a", &words.wishes_wrong_whom()),
        Wrong::new("modo-apri", &words.wishes_wrong_form()),
    ];
    let none = html(
        language,
        known(Vec::new(), Vec::new()),
        Around { wrong, part: 2, ..Around::default() },
    );
    format!("{}\n\n{}", said(&full), said(&none))
}

#[test]
fn what_she_decides_is_taken_down_in_the_language_of_the_witness() {
    let [italian, english] = Language::ALL.map(whole);
    insta::assert_snapshot!("wishes_it", italian);
    insta::assert_snapshot!("wishes_en", english);
    let names = ["Sportello Libertà", "Comune di Bari"];
    let both = in_both(&italian, &english);
    assert!(both.iter().all(|line| names.contains(&line.as_str())), "{both:?}");
}

#[test]
fn every_decision_that_was_taken_down_is_told_in_english() {
    for word in ["aperta", "richiusa", "oscurata", "tolta"] {
        let [italian, english] = Language::ALL.map(|of| outcome(word, of.words()).unwrap());
        assert!(italian.0 != english.0 && italian.1 != english.1, "{word}");
    }
}

/// Something hidden was to be seen again, and the door or the form said no.
fn not_lifted(wish: &str) -> String {
    let wish = WishId::derived(&[wish]).to_string();
    let draft = Draft { step: "togli".into(), form: "said".into(), wish, ..Draft::default() };
    let wrong = vec![Wrong::new(LIFTED, "Why not.")];
    let around = Around { draft, wrong, part: 1, ..Around::default() };
    html(Language::English, known(decisions(), Vec::new()), around)
}

#[test]
fn what_is_not_lifted_stays_open_with_what_was_chosen_and_why_at_its_field() {
    let page = not_lifted("service");
    assert!(page.contains("<a href=\"#modo-togli\">Why not.</a>"), "{page}");
    assert_eq!(page.matches("<details open>").count(), 1);
    assert!(page.contains("id=\"modo-togli-errore\""));
    assert_eq!(page.matches("value=\"said\" required checked").count(), 1);
    let gone = not_lifted("gone");
    assert!(gone.contains("<a href=\"#scelte\">Why not.</a>"), "told at the list: {gone}");
    assert!(!gone.contains("<details open>"));
}
