//! Searching and receiving, as far as pages do it without a door: the rest is with the front office.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use trama_events::codes::Role;
use trama_events::short_code::ShortCode;
use trama_platform::follow::Model as _;
use trama_projections::journey::Journey;

use super::harness::{World, id};
use super::site::{Answer, ORIGIN, Site};
use super::{PERSON, history};

/// A form of a page of ours that a script of it sends while somebody types.
async fn types(site: &Site, path: &str, role: Role, form: &str) -> Answer {
    let (cookie, csrf) = site.session(role).await;
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header("hx-request", "true")
        .header(header::COOKIE, cookie);
    site.send(request.body(Body::from(format!("csrf={csrf}&{form}"))).unwrap()).await
}

#[tokio::test]
async fn an_address_finds_by_a_code_and_never_by_a_name_a4() {
    let world = World::start().await;
    let known = history().events.into_iter().filter(|e| Journey.contexts().contains(&e.context));
    world.fold(&Journey, &known.collect::<Vec<_>>()).await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let worker = Some(Role::CaseManager);
    let code = ShortCode::candidate(id("ana"), 0);
    let found = site.get(&format!("/persone?q={code}"), worker).await;
    assert_eq!(found.to, format!("/persone/{}?scopo=care", id("ana")));
    let found = site.get(&format!("/persone?q={code}&scopo=emergency"), worker).await;
    assert!(found.to.ends_with("?scopo=emergency"), "{}", found.to);
    let name = site.get("/persone?q=Diallo+Ibrahima", worker).await;
    assert_eq!(name.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(name.text.contains("si cerca solo un codice") && !name.text.contains("Diallo"));
    assert_eq!(site.get("/persone", worker).await.status, StatusCode::OK);
}

#[tokio::test]
async fn while_somebody_types_a_part_of_the_page_is_answered_and_no_mistake_is_made_of_half_a_word()
{
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for form in ["scopo=care&q=", "q=Di", "scopo=care&nascita=19"] {
        let part = types(&site, "/persone/cerca", Role::CaseManager, form).await;
        assert_eq!((part.status, part.kept.as_str()), (StatusCode::OK, "no-store"), "{form}");
        assert!(part.text.contains("id=\"trovati-elenco\""), "{}", part.text);
        assert!(!part.text.contains("<html") && !part.text.contains("da sistemare"));
    }
    let part = types(&site, "/persone/nuova", Role::InfoDesk, "scopo=care").await;
    assert_eq!(part.status, StatusCode::OK);
    assert!(part.text.contains("id=\"simili-elenco\"") && !part.text.contains("<html"));
    let foreign = Request::post("/persone/nuova").header("hx-request", "true");
    let foreign = site.send(foreign.body(Body::from("cognome=Diallo")).unwrap()).await;
    assert_ne!(foreign.status, StatusCode::OK, "the gate is the same");
}

#[tokio::test]
async fn the_script_that_was_not_written_here_is_on_the_pages_that_type_and_may_do_little() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let page = site.get("/persone", Some(Role::InfoDesk)).await;
    for words in ["htmx-4.0.1.min.js", "\"includeIndicatorCSS\":false", "\"history\":false"] {
        assert!(page.text.contains(words), "{words}");
    }
    assert!(page.policy.contains("script-src 'self';") && !page.policy.contains("unsafe"));
    for forbidden in ["hx-on", "hx-vals", "js:", "style=", "<style"] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    let other = site.get("/rete?dal=x", Some(Role::CaseManager)).await;
    assert!(!other.text.contains("htmx"), "pages that do not need it do not load it");
}

#[tokio::test]
async fn who_receives_people_is_offered_it_and_to_others_it_does_not_exist() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let desk = site.get("/persone", Some(Role::InfoDesk)).await;
    for href in ["href=\"/persone/nuova\"", "href=\"/contatti/nuovo\""] {
        assert!(desk.text.contains(href), "{href}");
    }
    let district = site.get("/persone", Some(Role::HealthDistrictOperator)).await;
    assert!(!district.text.contains("/persone/nuova") && !district.text.contains("/contatti/"));
    let step = format!("{PERSON}/accoglienza/bisogno");
    for (path, role) in [
        ("/persone/nuova", Role::HealthDistrictOperator),
        ("/contatti/nuovo", Role::Volunteer),
        (step.as_str(), Role::PlanOffice),
        ("/persone/01900000-0000-7000-8000-000000000001/accoglienza/altro", Role::InfoDesk),
    ] {
        let answer = site.get(path, Some(role)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
