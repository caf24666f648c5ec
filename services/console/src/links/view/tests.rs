use time::macros::{date, datetime};
use trama_events::codes::Purpose;
use trama_events::ids::LinkId;
use trama_events::short_code::ShortCode;
use trama_projections::journey::{Joined, JourneyView, Record};

use super::*;
use crate::inbox::view::tests::{frame, in_both, said};
use crate::links::known::Likely;
use crate::matches::Candidate;

fn ana() -> PersonId {
    PersonId::derived(&["ana"])
}

fn other() -> PersonId {
    PersonId::derived(&["other"])
}

fn record(person: PersonId, code: Option<&str>) -> Record {
    Record { person, code: code.map(ToOwned::to_owned) }
}

fn held() -> Held {
    let joined = Joined {
        link: LinkId::of_pair(ana(), other()),
        canonical: ana(),
        other: other(),
        linked_at: datetime!(2026-11-08 09:45 UTC),
        unlinked_at: None,
    };
    Held { joined, reasons: LinkReason::VARIANTS.to_vec() }
}

fn likely(language: Language, left_open: bool) -> Likely {
    let words = language.words();
    let code = ShortCode::candidate(uuid::Uuid::nil(), 0);
    let mut candidate = Candidate::by_code(other(), &code, Purpose::Care, words);
    candidate.label = None;
    candidate.code = Some("7K2FM-Q".into());
    Likely { candidate, left_open }
}

fn known(held: Vec<Held>, likely: Vec<Likely>) -> Known {
    let journey = JourneyView {
        person: ana(),
        canonical: ana(),
        records: vec![record(ana(), Some("7K2FM-Q")), record(other(), None)],
        recorded_by: None,
        occurred_by: None,
        incomplete_since: None,
        situations: Vec::new(),
        spans: Vec::new(),
        entries: Vec::new(),
        positions: std::collections::BTreeMap::new(),
    };
    Known { journey, whom: None, held, likely }
}

fn html(language: Language, known: Known, outcome: Option<Outcome>) -> String {
    let looked = Looked {
        frame: frame(&language.words().links_title("7K2FM-Q"), language),
        tabs: Vec::new(),
        path: "/persone/1/collegamenti".into(),
        purpose: "care",
    };
    Page::new(looked, known, outcome, None).render().unwrap()
}

/// The page with everything, then the empty one after a link that its list does not have yet, then
/// the empty one.
fn whole(language: Language) -> String {
    let words = language.words();
    let refused = Outcome::refused(words.refusal_other(), Some(other()), words);
    let full = known(vec![held()], vec![likely(language, true)]);
    let mut alone = known(Vec::new(), Vec::new());
    alone.journey.records.truncate(1);
    let pages = [
        html(language, full, Some(refused)),
        html(language, known(Vec::new(), Vec::new()), Some(Outcome::linked(words))),
        html(language, alone, None),
    ];
    pages.map(|page| said(&page)).join("\n\n")
}

#[test]
fn links_are_told_and_judged_in_the_language_of_the_worker() {
    let [italian, english] = Language::ALL.map(whole);
    insta::assert_snapshot!("links_it", italian);
    insta::assert_snapshot!("links_en", english);
    assert_eq!(in_both(&italian, &english), ["7K2FM-Q"], "the code of a record");
}

#[test]
fn whatever_was_done_with_a_link_is_told_in_both_languages() {
    let all = |language: Language| {
        let words = language.words();
        let mut told = vec![
            Outcome::linked(words),
            Outcome::different(words),
            Outcome::open(words),
            Outcome::unlinked(None, None, language),
        ];
        told.extend(
            ["registrata", "senza-numero", "senza-dati"]
                .map(|word| Outcome::registered(word, words).unwrap()),
        );
        told.extend([0, 1, 4].map(|readers| {
            Outcome::unlinked(UnlinkReason::VARIANTS.first().copied(), Some(readers), language)
        }));
        told
    };
    let [italian, english] = Language::ALL.map(all);
    for (one, other) in italian.iter().zip(&english) {
        assert!(one.title != other.title && one.text != other.text, "{other:?}");
    }
    let last = english.last().unwrap();
    assert!(last.text.contains("4 other workers saw them"), "{last:?}");
    let since = linked(&held(), &known(Vec::new(), Vec::new()), Language::Italian).since;
    assert_eq!(since, format!("dall’{}", Language::Italian.long(date!(2026 - 11 - 8))));
}
