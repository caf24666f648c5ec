use time::macros::datetime;
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};
use trama_projections::inbox::Counts;
use trama_ui::frame::{Crumb, Live, News, Place as Where, Viewer};
use trama_ui::language::Language;
use uuid::Uuid;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);
const TO_DO: Asked = Asked { list: List::ToDo, family: None, chosen: None, journeys: true };

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

fn html(found: Option<&Together>, list: List) -> String {
    let frame = Frame {
        title: "Posta".into(),
        language: Language::Italian,
        spoken: None,
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
        }),
        places: vec![Where::Inbox, Where::People, Where::Network],
        current: Some(Where::Inbox),
        crumbs: vec![Crumb::here("Posta")],
        outside: &[],
        live: Some(Live {
            topics: "inbox/desk".into(),
            after: "sealed".into(),
            purpose: "",
            sight: String::new(),
            news: News::Inbox,
        }),
    };
    Start { frame, view: start(found, Asked { list, ..TO_DO }, NOW), outcome: None, invio: None }
        .render()
        .unwrap()
}

fn together(items: Vec<Item>) -> Together {
    Together { counts: Counts { to_do: items.len(), waiting: 3, information: 12 }, items }
}

#[test]
fn an_inbox_is_a_page_with_the_nearest_deadline_first() {
    insta::assert_snapshot!(html(Some(&together(items())), List::ToDo));
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
