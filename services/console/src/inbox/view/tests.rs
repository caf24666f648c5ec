use std::collections::BTreeSet;

use time::macros::datetime;
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};
use trama_projections::inbox::Counts;
use trama_ui::frame::{Crumb, Live, News, Place as Where, Viewer};
use trama_ui::language::Language;
use uuid::Uuid;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);
const TO_DO: Asked<'static> = Asked {
    list: List::ToDo,
    family: None,
    chosen: None,
    journeys: true,
    own: &[],
    language: Language::Italian,
};

fn place(name: &str, service_type: ServiceType) -> Place {
    Place { service: ServiceId(Uuid::nil()), name: name.into(), service_type }
}

fn item(kind: Kind, since: OffsetDateTime) -> Item {
    Item {
        id: format!("{kind:?}"),
        kind,
        list: List::ToDo,
        about: Uuid::nil(),
        person: Some(PersonId(Uuid::nil())),
        code: Some("7K2FM-Q".into()),
        from: None,
        to: None,
        reason: None,
        next_step: None,
        elsewhere: None,
        urgency: Urgency::Ordinary,
        since,
        due: None,
        days_waiting: 0,
        overdue: false,
        seen: false,
        escalated: false,
    }
}

fn items() -> Vec<Item> {
    let outreach = Some(place("Unità di strada Notturna", ServiceType::Outreach));
    vec![
        Item {
            from: Some(place("Servizio sociale Libertà", ServiceType::ProfessionalSocialService)),
            to: Some(place("CSM Est", ServiceType::Csm)),
            reason: Some("outside_area".into()),
            next_step: Some("refer_elsewhere".into()),
            ..item(Kind::ReferralDeclined, datetime!(2026-11-21 07:55 UTC))
        },
        Item {
            from: outreach,
            to: Some(place("Dormitorio Stazione", ServiceType::NightShelter)),
            urgency: Urgency::Immediate,
            due: Some(datetime!(2026-11-22 17:00 UTC)),
            ..item(Kind::ReferralReceived, datetime!(2026-11-22 08:41 UTC))
        },
        Item {
            to: Some(place("Housing temporaneo Japigia", ServiceType::Temporary)),
            due: Some(datetime!(2026-12-22 11:00 UTC)),
            ..item(Kind::StayCap, datetime!(2026-11-20 11:00 UTC))
        },
        Item {
            due: Some(datetime!(2026-11-08 11:00 UTC)),
            overdue: true,
            ..item(Kind::GoalReview, datetime!(2026-10-30 11:00 UTC))
        },
    ]
}

/// The frame of somebody who looks at an open page.
pub(crate) fn frame(title: &str, language: Language) -> Frame {
    Frame {
        title: title.into(),
        language,
        accessibility: None,
        assets: "/assets/digest".into(),
        demo: true,
        viewer: Some(Viewer {
            name: "G. Serra".into(),
            role: "Struttura d’accoglienza".into(),
            ats: "Bari".into(),
            csrf: "csrf".into(),
            may_choose: false,
            has_keys: true,
            session_left: 870,
        }),
        places: vec![Where::Inbox, Where::People, Where::Network],
        current: Some(Where::Inbox),
        crumbs: vec![Crumb::here(title)],
        outside: &[],
        live: Some(Live {
            topics: "inbox/desk".into(),
            after: "sealed".into(),
            purpose: "",
            sight: String::new(),
            news: News::Inbox,
        }),
    }
}

/// Attributes of which the words are read out or shown.
const SAID: [&str; 6] =
    ["aria-label=\"", "placeholder=\"", "data-una=\"", "data-molte=\"", "data-via=\"", "lang=\""];

/// What a page says, a line for each text: what is between the tags of its main part, and in those
/// attributes that somebody reads or hears.
pub(crate) fn said(html: &str) -> String {
    let main = &html[html.find("<main").unwrap()..html.find("</main>").unwrap()];
    let mut lines: Vec<String> = Vec::new();
    for piece in main.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        for name in SAID {
            let value = tag.split_once(name).and_then(|(_, rest)| rest.split_once('"'));
            lines.extend(value.map(|(value, _)| format!("[{value}]")));
        }
        lines.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Lines that a page says in both languages: names, codes, hours; never a word.
pub(crate) fn in_both(italian: &str, english: &str) -> Vec<String> {
    let has_letters = |line: &&str| line.chars().any(char::is_alphabetic);
    let same = |line: &&str| italian.lines().any(|other| other == *line);
    english.lines().filter(has_letters).filter(same).map(str::to_owned).collect()
}

fn html_in(found: Option<&Together>, list: List, language: Language) -> String {
    let frame = frame(&language.words().inbox_title(), language);
    let view = start(found, Asked { list, language, ..TO_DO }, NOW);
    Start { frame, view, outcome: None, invio: None }.render().unwrap()
}

fn html(found: Option<&Together>, list: List) -> String {
    html_in(found, list, Language::Italian)
}

fn together(items: Vec<Item>) -> Together {
    let counts = Counts { to_do: items.len(), waiting: 3, information: 12 };
    Together { counts, items, ..Together::default() }
}

#[test]
fn an_inbox_is_a_page_with_the_nearest_deadline_first() {
    insta::assert_snapshot!(html(Some(&together(items())), List::ToDo));
}

#[test]
fn whoever_reads_english_finds_her_inbox_in_english() {
    let found = together(items());
    insta::assert_snapshot!(
        "inbox_en",
        said(&html_in(Some(&found), List::ToDo, Language::English))
    );
    let nothing = together(Vec::new());
    let empty = html_in(Some(&nothing), List::Information, Language::English);
    insta::assert_snapshot!("empty_en", said(&empty));
    let words = |list| {
        let asked = Asked { list, language: Language::English, ..TO_DO };
        start(Some(&nothing), asked, NOW).empty
    };
    assert_eq!(
        [List::ToDo, List::Waiting, List::Done].map(words),
        [
            "Nothing to do. Last checked at 10:45.",
            "Nobody owes your services an answer.",
            "Nothing was finished in the last thirty days.",
        ]
    );
    let none = said(&html_in(None, List::ToDo, Language::English));
    let places = "Inbox\nYour role has no inbox.\nWhat you can open\nPeople\nNetwork and flows";
    assert_eq!(none, places);
}

#[test]
fn everything_that_can_wait_has_words_of_its_own_in_each_language() {
    let kinds = [
        Kind::ReferralReceived,
        Kind::ReferralSent,
        Kind::InformationRequested,
        Kind::ReferralAccepted,
        Kind::ReferralDeclined,
        Kind::ReferralExpired,
        Kind::ReferralWithdrawn,
        Kind::FirstVisitDue,
        Kind::FirstVisitMissed,
        Kind::OutcomeToReport,
        Kind::OutcomeReported,
        Kind::LoneChildAlert,
        Kind::EmergencyOpen,
        Kind::EmergencyHandover,
        Kind::CaseHandover,
        Kind::StayEnded,
        Kind::StayCap,
        Kind::GoalReview,
        Kind::IdentifierEnds,
        Kind::WaitingList,
        Kind::ForcedAccessReview,
        Kind::ForcedAccessUnjustified,
    ];
    for language in Language::ALL {
        let said: BTreeSet<String> =
            kinds.iter().map(|kind| what(*kind, language.words())).collect();
        assert_eq!(said.len(), kinds.len(), "{said:?}");
    }
}

#[test]
fn a_deadline_is_told_as_an_hour_today_and_as_a_day_later() {
    let view = start(Some(&together(items())), TO_DO, NOW);
    let first: Vec<&str> =
        view.items.iter().filter_map(|row| Some(row.badges.first()?.words.as_str())).collect();
    assert_eq!(first, ["scaduto l’8 nov", "oggi stesso", "entro il 22 dic", "fuori zona"]);
    assert_eq!(view.items[1].badges[1].words, "rispondere entro le 18");
}

#[test]
fn an_empty_inbox_says_that_it_is_good() {
    assert!(
        html(Some(&together(Vec::new())), List::ToDo)
            .contains("Niente da fare. Ultimo controllo 10:45.")
    );
}

#[test]
fn whoever_has_no_inbox_sees_what_she_may_open() {
    let html = html(None, List::ToDo);
    assert!(html.contains("Che cosa puoi aprire") && html.contains("href=\"/rete\""));
}

#[test]
fn a_hostile_public_name_is_text_and_nothing_else() {
    let hostile = Item {
        from: Some(place("<script>alert(1)</script>", ServiceType::Pua)),
        ..items().remove(0)
    };
    assert!(!html(Some(&together(vec![hostile])), List::ToDo).contains("<script>"));
}

#[test]
fn which_service_of_hers_it_is_stands_in_a_row_where_she_has_several_and_what_she_opens_is_read() {
    let service = |word: &str| ServiceId::derived(&[word]);
    let placed = |name: &str, kind| Place { service: service(name), ..place(name, kind) };
    let referral = Uuid::from_u128(7);
    let received = Item {
        about: referral,
        from: Some(placed("Unità di strada", ServiceType::Outreach)),
        to: Some(placed("Dormitorio", ServiceType::NightShelter)),
        ..item(Kind::ReferralReceived, NOW)
    };
    let found = together(vec![received]);
    let row = |asked: Asked<'_>| start(Some(&found), asked, NOW).items.remove(0);
    let last = |row: &Row| row.badges.last().map(|badge| badge.words.clone());
    let strange = row(TO_DO);
    assert_eq!(strange.other, "da Unità di strada a Dormitorio");
    assert!(strange.unread);
    let several = [service("Dormitorio"), service("Mensa")];
    let opened = row(Asked { own: &several[..1], chosen: Some(referral), ..TO_DO });
    assert_eq!((opened.other.as_str(), last(&opened)), ("da Unità di strada", None));
    assert!(opened.chosen && !opened.unread);
    let one_of_several = row(Asked { own: &several, ..TO_DO });
    assert_eq!(one_of_several.other, "da Unità di strada");
    assert_eq!(last(&one_of_several).as_deref(), Some("Dormitorio"));
}

#[test]
fn whoever_may_not_open_a_journey_is_not_led_to_one() {
    let view = start(Some(&together(items())), Asked { journeys: false, ..TO_DO }, NOW);
    assert!(view.items.iter().all(|row| row.href.is_none()));
}

#[test]
fn an_access_by_force_says_why_it_was_and_that_nobody_looked_in_time() {
    let forced = Item {
        reason: Some("child_at_risk".into()),
        urgency: Urgency::Immediate,
        due: Some(datetime!(2026-11-21 22:00 UTC)),
        overdue: true,
        ..item(Kind::ForcedAccessReview, datetime!(2026-11-18 22:00 UTC))
    };
    let view = start(Some(&together(vec![forced])), TO_DO, NOW);
    let row = &view.items[0];
    assert_eq!(row.what, "Accesso d’emergenza da verificare · 7K2FM-Q");
    let words: Vec<&str> = row.badges.iter().map(|badge| badge.words.as_str()).collect();
    assert_eq!(words, ["oggi stesso", "scaduto il 21 nov", "minore a rischio"]);
}
