//! The inbox and the way to a new referral, as far as pages go without a door: the rest is with the
//! front office and in the browser.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use time::macros::datetime;
use trama_events::casework::CaseEvent;
use trama_events::codes::{Gender, IdentityStatus, Role};
use trama_events::envelope::Recorded;
use trama_events::ids::{CaseId, PersonId};
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_platform::follow::Model as _;
use trama_projections::inbox::Inbox;
use trama_projections::journey::Journey;

use super::harness::{History, World, id};
use super::history;
use super::site::{STRANGER, Site, service, staff};

const NOW: time::OffsetDateTime = datetime!(2026-01-12 09:00 UTC);

async fn site(world: &World) -> Site {
    let read = |event: &&Recorded| Inbox.contexts().contains(&event.context);
    let events: Vec<Recorded> = history().events.iter().filter(read).cloned().collect();
    world.fold(&Inbox, &events).await;
    Site::over(&world.servers, world.reads.clone(), true)
}

#[tokio::test]
async fn the_lists_of_an_inbox_are_addresses_and_every_other_is_not_understood() {
    let world = World::start().await;
    let site = site(&world).await;
    let worker = Some(Role::FacilityOperator);
    let all = site.get("/", worker).await;
    for words in ["Da fare", "In attesa di altri", "Per conoscenza", "Fatte", "Da leggere."] {
        assert!(all.text.contains(words), "{words}: {}", all.text);
    }
    let done = site.get("/?lista=fatte", worker).await;
    assert!(done.text.contains("Niente di concluso negli ultimi trenta giorni."), "{}", done.text);
    let food = site.get("/?servizio=food", worker).await;
    assert!(!food.text.contains("data-chiave"), "of another family nothing is in it");
    let wrong = site.get("/?lista=tutte", worker).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("«fatte»"));
}

#[tokio::test]
async fn the_keys_of_a_list_come_as_a_file_and_nothing_on_the_page_is_run_or_styled_inline() {
    let world = World::start().await;
    let site = site(&world).await;
    let page = site.get("/", Some(Role::FacilityOperator)).await;
    assert!(page.text.contains("/keys.js\" defer"), "{}", page.text);
    assert!(page.policy.contains("script-src 'self';"), "{}", page.policy);
    for forbidden in ["<script>", "style=", "onclick", "hx-"] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    let plan = site.get("/", Some(Role::Volunteer)).await;
    assert!(!plan.text.contains("keys.js"), "where there is no list there are no keys");
}

#[tokio::test]
async fn nobody_is_sent_on_by_who_sends_nobody_and_a_stranger_is_as_if_she_were_not_there() {
    let world = World::start().await;
    let site = site(&world).await;
    for role in [Role::Volunteer, Role::PlanOffice, Role::Auditor, Role::SerdOperator] {
        let closed = site.get("/invii/nuovo", Some(role)).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{role}");
    }
    let nobody = site.get("/invii/nuovo", Some(Role::CaseManager)).await;
    assert_eq!(nobody.to, "/persone", "she is looked for first");
    let stranger = format!("/invii/nuovo?persona={}", id("nobody"));
    let stranger = site.get(&stranger, Some(Role::CaseManager)).await;
    assert_ne!(stranger.status, StatusCode::OK);
    let (cookie, _) = site.session(Role::CaseManager).await;
    let form = format!("persona={}&a={}&csrf=x", id("ana"), id("shelter"));
    let forged = site.post("/invii/nuovo", &cookie, &form).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_stands_in_her_own_inbox_and_in_her_services_is_counted_once() {
    let world = World::start().await;
    let mut history = history();
    let (case, person) = (CaseId(id("case")), PersonId(id("ana")));
    let opened = CaseEvent::CaseOpened { case, person, service: service("desk") };
    history.record(case.0, Some(person), &opened);
    let assigned = CaseEvent::CaseManagerAssigned { manager: staff(Role::CaseManager) };
    history.record(case.0, Some(person), &assigned);
    let read = |event: &&Recorded| Inbox.contexts().contains(&event.context);
    let events: Vec<Recorded> = history.events.iter().filter(read).cloned().collect();
    world.fold(&Inbox, &events).await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let mut all = 0;
    for list in ["/", "/?lista=in-attesa", "/?lista=per-conoscenza"] {
        let page = site.get(list, Some(Role::CaseManager)).await.text;
        let rows = page.matches("data-chiave=").count();
        assert!(page.contains(&format!("data-parte=\"{list}\">{rows}<")), "{list}: {page}");
        all += rows;
    }
    assert!(all > 0, "something waits");
}

#[tokio::test]
async fn whoever_reads_english_is_answered_in_english_alone() {
    let world = World::start().await;
    let site = site(&world).await;
    let (cookie, _) = site.session(Role::FacilityOperator).await;
    let opens = async |path: &str| {
        let cookie = format!("{cookie}; __Host-trama-lingua=en");
        let request = Request::get(path).header(header::COOKIE, cookie);
        site.send(request.body(Body::empty()).unwrap()).await
    };
    let inbox = opens("/").await;
    assert_eq!(inbox.status, StatusCode::OK);
    assert!(inbox.text.contains("<main id=\"contenuto\" class=\"page\" tabindex=\"-1\">"));
    for words in ["To do", "Waiting for others", "Referral to answer", "Not read yet.", "as of "] {
        assert!(inbox.text.contains(words), "{words}: {}", inbox.text);
    }
    for italian in ["Posta", "Da fare", "Invio", "Liste", "dati delle"] {
        assert!(!inbox.text.contains(italian), "{italian}: {}", inbox.text);
    }
    let wrong = opens("/?lista=tutte").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("The lists are “to do”"), "{}", wrong.text);
}

#[tokio::test]
async fn who_is_nobodys_cannot_be_sent_on_and_looks_like_who_does_not_exist() {
    let world = World::start().await;
    let (person, mut history) = (PersonId(id(STRANGER)), History::starting(NOW));
    let registered = PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service: service("desk"),
        birth_year: Some(1974),
        gender: Gender::Unknown,
        language: None,
    };
    history.record(person.0, Some(person), &registered);
    world.fold(&Journey, &history.events).await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for role in [Role::CaseManager, Role::FacilityOperator, Role::LabourOperator] {
        let mut said = Vec::new();
        for word in [STRANGER, "nobody"] {
            let path = format!("/invii/nuovo?persona={}&scopo=care", id(word));
            let page = site.get(&path, Some(role)).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{role}, {word}: {}", page.text);
            assert!(page.text.contains("Non trovato o non accessibile"), "{role}");
            assert!(!page.text.contains("Nuovo invio"), "without her record there is no composer");
            let main = &page.text[page.text.find("<main").unwrap()..];
            said.push(main.replace(&id(word).to_string(), "she"));
        }
        assert_eq!(said[0], said[1], "{role}");
    }
}
