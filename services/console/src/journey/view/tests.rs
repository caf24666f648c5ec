pub(in crate::journey) mod sample;

use sample::{ANTONIO, TODAY, antonio, entries, place};
use serde_json::json;
use time::macros::{date, datetime};
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::StaffId;
use trama_projections::journey::{Author, JourneyView};
use trama_ui::frame::{Crumb, Frame, Place as Where, Viewer};
use trama_ui::language::Language;

use super::super::figure;
use super::*;
use crate::inbox::view::tests::{in_both, said};
use crate::moves::Undo;

fn seen() -> Seen {
    Seen { language: Language::Italian, now: TODAY, known_by: None, happened_by: None }
}

fn frame(title: &str, language: Language) -> Frame {
    Frame {
        title: title.into(),
        language,
        accessibility: None,
        assets: "/assets/digest".into(),
        demo: true,
        viewer: Some(Viewer {
            name: "L. Rinaldi".into(),
            role: "Case manager".into(),
            ats: "Bari".into(),
            csrf: "csrf".into(),
            may_choose: false,
            has_keys: true,
            session_left: 870,
        }),
        places: vec![Where::Inbox, Where::People, Where::Network],
        current: Some(Where::People),
        crumbs: vec![
            Crumb::to(&Where::People.label(language.words()), "/persone"),
            Crumb::here(title),
        ],
        outside: &[],
        live: None,
    }
}

fn page(journey: &JourneyView, seen: &Seen) -> Page {
    let view = view(journey, seen, 1);
    let asked = figure::Asked { seen: *seen, page: 1, zoom: None, purpose: "" };
    Page {
        frame: frame(&view.title, seen.language),
        view,
        figure: figure::figure(journey, asked),
        tabs: Vec::new(),
        send: None,
        purpose: "",
        band: None,
        missing: None,
        more: None,
        outcome: None,
        at: "09:41".into(),
    }
}

fn html(journey: &JourneyView, seen: &Seen) -> String {
    page(journey, seen).render().unwrap()
}

#[test]
fn a_journey_is_a_page_of_cards_periods_and_events() {
    insta::assert_snapshot!(html(&antonio(), &seen()));
}

#[test]
fn whoever_reads_english_finds_no_italian_on_the_page_but_names() {
    let seen = Seen { language: Language::English, ..seen() };
    let known_by = Some(date!(2026 - 05 - 10));
    let english = said(&html(&antonio(), &seen));
    insta::assert_snapshot!("journey_en", english);
    let italian = said(&html(&antonio(), &Seen { language: Language::Italian, ..seen }));
    let names = [
        "Housing temporaneo",
        "Servizio sociale Libertà",
        "Dormitorio Stazione",
        "CSM Est",
        "Emporio solidale",
        "Caritas",
        "Comune di Bari",
        "Cooperativa",
        "ASL Bari",
    ];
    let mut both = in_both(&italian, &english);
    both.retain(|line| !names.iter().any(|name| line.starts_with(name)));
    assert_eq!(both, Vec::<String>::new());
    let then = said(&html(&antonio(), &Seen { known_by, ..seen }));
    assert!(then.contains("As of 10 May 2026\n, with what was known on that day."), "{then}");
    let nothing = said(&html(&nothing(), &seen));
    for words in ["Person without a code", "Not known yet", "No active card", "No event yet."] {
        assert!(nothing.contains(words), "{words}");
    }
    let late = JourneyView { incomplete_since: Some(datetime!(2026-11-20 08:10 UTC)), ..antonio() };
    let late = said(&html(&late, &seen));
    assert!(late.contains("Journey incomplete\nsince 20 November 2026 at 09:10:"), "{late}");
}

#[test]
fn what_the_reader_may_do_is_offered_on_the_page_and_nothing_to_whoever_may_not() {
    let mut page = page(&antonio(), &seen());
    let to_do = ["Nuovo invio", "Spostala", "Annulla"];
    let plain = page.render().unwrap();
    assert!(!to_do.iter().any(|words| plain.contains(words)), "{plain}");
    page.send = Some("/invii/nuovo?persona=1".into());
    let undo = Some(Undo { entry: "intake/17".into(), key: "key".into() });
    page.view.offer(&antonio(), |told| {
        let href = format!("/persone/1/sposta?voce={}", told.id);
        (told.id == "intake/17").then_some(Offer { href, undo: undo.clone() })
    });
    let html = page.render().unwrap();
    assert!(to_do.iter().all(|words| html.matches(words).count() == 1), "{html}");
    assert!(html.contains("href=\"/persone/1/sposta?voce=intake/17\""));
}

#[test]
fn a_journey_as_of_a_day_says_so_on_top_and_counts_from_that_day() {
    let past = Seen { known_by: Some(date!(2026 - 05 - 10)), ..seen() };
    let html = html(&antonio(), &past);
    assert!(html.contains(
        "<strong>Situazione al 10 maggio 2026</strong>, con quello che si sapeva quel giorno."
    ));
    assert!(html.contains("scade tra 725 giorni"), "{html}");
    assert!(html.contains("value=\"2026-05-10\""));
}

#[test]
fn the_two_clocks_are_told_apart() {
    let words = |known_by, happened_by| {
        as_of(&Seen { known_by, happened_by, ..seen() }).map(|(a, b)| a + &b)
    };
    let (one, two) = (Some(date!(2026 - 10 - 08)), Some(date!(2026 - 10 - 15)));
    assert_eq!(words(None, None), None);
    assert_eq!(
        words(None, one).unwrap(),
        "Situazione all’8 ottobre 2026, con quello che si sa oggi."
    );
    assert_eq!(
        words(two, one).unwrap(),
        "Situazione all’8 ottobre 2026, con quello che si sapeva il 15 ottobre 2026."
    );
}

#[test]
fn what_was_corrected_is_struck_beside_its_correction() {
    let view = view(&antonio(), &seen(), 1);
    let wrong = view.entries.iter().find(|entry| entry.struck).unwrap();
    assert_eq!(wrong.what, "Situazione abitativa: in strada o in sistemazioni di fortuna");
    let correction =
        "Situazione abitativa, correzione: ospite di familiari o amici (corretto il 3 feb)";
    assert_eq!(wrong.correction.as_deref(), Some(correction));
    let right = view.entries.iter().find(|entry| entry.replaces.is_some()).unwrap();
    assert_eq!(
        right.replaces.as_deref(),
        Some("Situazione abitativa: in strada o in sistemazioni di fortuna")
    );
}

#[test]
fn what_was_recorded_late_says_how_late() {
    let html = html(&antonio(), &seen());
    // In the list, and in the name of its mark in the figure.
    assert_eq!(html.matches("registrato 18 giorni dopo").count(), 2);
    assert!(html.contains("6 mag 17:20"));
}

#[test]
fn a_journey_that_waits_for_events_says_since_when() {
    let journey =
        JourneyView { incomplete_since: Some(datetime!(2026-11-20 08:10 UTC)), ..antonio() };
    let html = html(&journey, &seen());
    assert!(html.contains("<strong>Percorso incompleto</strong> da 20 novembre 2026 alle 09:10"));
}

#[test]
fn an_external_service_shows_that_it_is_there_and_nothing_else() {
    let view = view(&antonio(), &seen(), 1);
    let external = view.entries.iter().find(|entry| entry.family.1 == "Servizio esterno").unwrap();
    assert_eq!(external.what, "Servizio esterno: in percorso");
    assert_eq!((external.who.as_str(), external.place.as_deref()), ("dettaglio riservato", None));
}

#[test]
fn an_entry_says_in_which_role_it_was_written_where_that_is_told() {
    let mut journey = antonio();
    let entry =
        journey.entries.iter_mut().rfind(|entry| entry.organisation_name.is_some()).unwrap();
    let body = entry.organisation_name.clone().unwrap();
    entry.author = Some(Author { staff: StaffId::derived(&["rita"]), role: Role::InfoDesk });
    let shown = view(&journey, &seen(), 1).entries;
    let by_role = format!("{body} · {}", Role::InfoDesk.words_in(Language::Italian));
    assert_eq!(shown.iter().filter(|entry| entry.who == by_role).count(), 1);
}

#[test]
fn a_hostile_public_name_is_text_and_nothing_else() {
    let mut journey = antonio();
    let hostile = "<script>alert(1)</script>\"'&";
    for entry in &mut journey.entries {
        entry.service = Some(place(hostile, ServiceType::Csm));
        entry.organisation_name = Some(hostile.into());
        entry.detail.insert("elsewhere".into(), json!({ "name": hostile }));
    }
    for span in &mut journey.spans {
        span.service = Some(place(hostile, ServiceType::Csm));
    }
    let html = html(&journey, &seen());
    assert!(!html.contains("<script>") && !html.contains("alert(1)</script"));
    assert!(html.contains("&#60;script&#62;"));
}

#[test]
fn a_long_journey_is_shown_a_hundred_events_at_a_time() {
    let one = entries().remove(0);
    let journey = JourneyView { entries: vec![one; 250], ..antonio() };
    let past = Seen { known_by: Some(TODAY), ..seen() };
    let second = view(&journey, &past, 2);
    assert_eq!((second.entries.len(), second.total), (ENTRIES, 250));
    let path = format!("/persone/{ANTONIO}?al=2026-11-22&pagina=");
    assert_eq!(second.newer.unwrap(), format!("{path}1"));
    assert_eq!(second.older.unwrap(), format!("{path}3"));
    assert_eq!(view(&journey, &past, 3).older, None);
    assert_eq!(view(&journey, &past, usize::MAX / 200).entries.len(), 0);
}

fn nothing() -> JourneyView {
    JourneyView {
        situations: Vec::new(),
        spans: Vec::new(),
        entries: Vec::new(),
        records: Vec::new(),
        ..antonio()
    }
}

#[test]
fn a_meeting_to_come_is_the_next_step_and_every_meeting_has_a_row() {
    let mut journey = antonio();
    let mut called = journey.entries[0].clone();
    (called.id, called.kind, called.lane) = ("casework/1".into(), "uvm_convened".into(), "case");
    called.detail = json!({ "on": "2026-11-24" }).as_object().unwrap().clone();
    journey.entries.push(called);
    let view = view(&journey, &seen(), 1);
    let next = view.cards.last().unwrap();
    assert_eq!(
        (next.figure.as_str(), next.note.as_str()),
        ("Unità di valutazione", "24 novembre 2026")
    );
    let row = "Unità di valutazione convocata: per il 24 novembre 2026";
    assert!(
        view.entries.iter().any(|entry| entry.what == row && entry.anchor == "voce-casework-1")
    );
}

#[test]
fn a_journey_without_anything_still_says_what_is_not_known() {
    let html = html(&nothing(), &seen());
    for words in [
        "Persona senza codice",
        "Non si sa ancora",
        "Nessuna tessera attiva",
        "Nessuno in attesa",
        "Nessuna scadenza",
        "Ancora nessun evento.",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn what_waited_once_is_not_said_to_wait_still() {
    let badges = |about: u128| {
        let mut journey = antonio();
        let sent = journey.entries.iter_mut().find(|entry| entry.kind == "referral_sent").unwrap();
        sent.about = Some(uuid::Uuid::from_u128(about));
        view(&journey, &seen(), 1).entries.remove(0).badges
    };
    assert_eq!(badges(sample::TO_CSM)[0].words, "in attesa");
    assert_eq!(badges(sample::TO_HOUSING), []);
}
