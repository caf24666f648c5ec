//! The inbox and the way to a new referral, as far as pages go without a door: the rest is with the
//! front office and in the browser.

use axum::http::StatusCode;
use trama_events::codes::Role;
use trama_events::envelope::Recorded;
use trama_platform::follow::Model as _;
use trama_projections::inbox::Inbox;

use super::harness::{World, id};
use super::history;
use super::site::Site;

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
