use std::collections::BTreeMap;

use time::macros::{date, datetime};
use trama_events::ids::{LinkId, StaffId};

use super::super::Looks;
use super::*;
use crate::inbox::view::tests::{frame, said};

fn named<T>(id: impl Fn(&[&str]) -> T) -> T {
    id(&["readers"])
}

/// Two looks within a minute, one that was forced, and a link that was undone.
fn known() -> Known {
    let (hers, other) = (named(PersonId::derived), PersonId::derived(&["other"]));
    let (body, staff) = (named(OrganisationId::derived), named(StaffId::derived));
    let look = |at, forced: bool, section: &str| Look {
        at,
        organisation: body,
        role: "case_manager".into(),
        sections: vec![section.into()],
        purpose: "care".into(),
        emergency_access: forced,
        staff: Some(staff),
        decision: if forced { "denied" } else { "allowed" }.into(),
    };
    let read = ReadBy {
        staff,
        organisation: OrganisationId::derived(&["unknown"]),
        role: "newer".into(),
        sections: vec!["housing".into()],
        times: 2,
        first_at: datetime!(2026-10-02 09:00 UTC),
        last_at: datetime!(2026-10-04 09:00 UTC),
    };
    let joined = Joined {
        link: named(LinkId::derived),
        canonical: hers,
        other,
        linked_at: datetime!(2026-10-01 10:00 UTC),
        unlinked_at: Some(datetime!(2026-10-05 10:00 UTC)),
    };
    let items = vec![
        look(datetime!(2026-11-20 09:00:40 UTC), false, "housing"),
        look(datetime!(2026-11-20 09:00:10 UTC), false, "list"),
        look(datetime!(2026-11-19 22:00 UTC), true, "path"),
    ];
    Known {
        person: hers,
        for_person: false,
        told_for: None,
        looks: Looks { items, next: Some(3) },
        undone: vec![(joined, vec![read])],
        codes: BTreeMap::from([(hers, "7K2FM-Q".into())]),
        bodies: BTreeMap::from([(body, "ETS Approdo".into())]),
    }
}

fn page(known: &Known, tells: bool, language: Language) -> String {
    let telling = Telling { known, language, today: date!(2026 - 11 - 22) };
    let code = telling.code(known.person);
    let page = Page {
        frame: frame(&telling.words().readers_title_of(code.as_str()), language),
        code,
        path: "/persone/1/accessi".into(),
        for_person: known.for_person,
        tells,
        seen: telling.together(),
        older: known.looks.next.map(|next| format!("?dopo={next}")),
        undone: known.undone.iter().map(|(joined, by)| telling.apart(joined, by)).collect(),
    };
    page.render().unwrap()
}

#[test]
fn who_looked_is_told_in_the_language_of_who_reads_it() {
    insta::assert_snapshot!("readers_it", said(&page(&known(), false, Language::Italian)));
    insta::assert_snapshot!("readers_en", said(&page(&known(), false, Language::English)));
}

#[test]
fn the_copy_of_the_person_names_no_worker_in_either_language() {
    let known = Known { for_person: true, undone: Vec::new(), ..known() };
    for (language, worker) in [(Language::Italian, "operatore "), (Language::English, "worker ")] {
        for tells in [false, true] {
            assert!(!said(&page(&known, tells, language)).contains(worker), "{language:?} {tells}");
        }
    }
}

#[test]
fn what_was_looked_at_is_told_once_and_in_words() {
    let codes = ["identity", "path", "list", "something_new", "newer"].map(ToOwned::to_owned);
    let italian = sections(&codes, Language::Italian);
    assert_eq!(italian, "altro, identità, in un elenco di risultati, percorso");
    let english = sections(&codes, Language::English);
    assert!(english.contains("in a list of results") && !english.contains("altro"), "{english}");
}
