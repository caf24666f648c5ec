use time::macros::{date, datetime};
use trama_ui::frame::{Place, Viewer};

use super::*;

const ID: &str = "01900000-0000-7000-8000-00000000000";

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(last: u8) -> T {
    format!("{ID}{last}").parse().unwrap()
}

fn frame(language: Language) -> Frame {
    Frame {
        title: String::new(),
        language,
        accessibility: None,
        assets: "/assets/digest".into(),
        demo: false,
        viewer: Some(Viewer {
            name: "D. Ferri".into(),
            role: "DPO".into(),
            ats: "Bari".into(),
            csrf: "csrf".into(),
            may_choose: false,
            has_keys: true,
            session_left: 870,
        }),
        places: vec![Place::Accesses],
        current: Some(Place::Accesses),
        crumbs: Vec::new(),
        outside: &[],
        live: None,
    }
}

fn look() -> Look {
    Look {
        at: datetime!(2026-11-20 09:00 UTC),
        organisation: id(4),
        role: "social_worker".into(),
        sections: Vec::new(),
        staff: Some(id(5)),
        decision: "allowed".into(),
    }
}

/// One entry that went away after two looks, and one that was taken back after none.
fn known() -> Known {
    let away = Moved {
        entry: format!("intake/contact-{ID}9/1"),
        from: Some(id(1)),
        to: Some(id(2)),
        by: id(3),
        organisation: id(4),
        at: datetime!(2026-11-21 10:00 UTC),
        reason: Some("like_name".into()),
    };
    let entry = "something new".to_owned();
    let back = Moved { entry, to: None, reason: None, ..away };
    Known {
        person: id(1),
        told: vec![
            Told { moved: away, looks: vec![look(), look()], more: true },
            Told { moved: back, looks: Vec::new(), more: false },
        ],
        next: Some(7),
        codes: [(id(1), "K7M2QX".to_owned())].into(),
        bodies: BTreeMap::new(),
    }
}

fn html(language: Language, known: &Known) -> String {
    Page::new(frame(language), known, date!(2026 - 11 - 22)).render().unwrap()
}

/// What stands between the marks of the page's own part.
fn main_of(html: &str) -> &str {
    let (_, main) = html.split_once("<main").unwrap();
    main.split_once("</main>").unwrap().0
}

#[test]
fn what_was_moved_and_who_had_read_it_is_said_in_italian() {
    insta::assert_snapshot!(main_of(&html(Language::Italian, &known())));
}

#[test]
fn what_was_moved_and_who_had_read_it_is_said_in_english() {
    insta::assert_snapshot!(main_of(&html(Language::English, &known())));
}

#[test]
fn a_record_from_which_nothing_was_moved_says_so_in_both_languages() {
    let nothing = Known { told: Vec::new(), next: None, ..known() };
    assert!(html(Language::Italian, &nothing).contains("Nessuna registrazione è stata spostata"));
    assert!(html(Language::English, &nothing).contains("No entry has been moved"));
}

#[test]
fn an_entry_is_told_by_its_kind_and_never_by_an_id() {
    let kind = |entry: &str| kind_of(entry, Language::Italian.words());
    assert_eq!(kind(&format!("intake/contact-{ID}1/1")), "Contatto");
    assert_eq!(kind(&format!("intake/person-{ID}1/3")), "Annotazione sulla persona");
    assert_eq!(kind("something new"), "Registrazione");
}
