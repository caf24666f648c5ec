//! Searching and receiving, as far as pages do it without a door: the rest is with the front office.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use trama_events::codes::{Gender, IdentityStatus, Role};
use trama_events::ids::PersonId;
use trama_events::intake::PersonEvent;
use trama_events::short_code::ShortCode;
use trama_platform::follow::Model as _;
use trama_projections::journey::Journey;

use super::harness::{World, id};
use super::site::{Answer, Doors, HIDDEN, ORIGIN, Site, service, staff};
use super::{PERSON, history, without_csrf};

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

/// The directory knows every service, and what a page asks is done.
fn done(asked: &str) -> (u16, Value) {
    let of = asked.rsplit('/').next();
    (200, json!({ "service": of, "name": "Porta unica", "service_type": "front_office" }))
}

/// The unit has the alias, of somebody who is hidden.
fn in_use(asked: &str) -> (u16, Value) {
    match asked {
        "POST /api/intake/persons" => (422, json!({ "code": "alias_taken", "detail": "in use" })),
        asked if asked.contains("/aliases/") => (404, json!({ "code": "not_found", "detail": "" })),
        _ => done(asked),
    }
}

#[tokio::test]
async fn a_contact_whose_alias_is_in_use_is_kept_without_a_name_and_leaves_no_record_r1() {
    let world = World::start().await;
    let doors = Doors::answering(in_use);
    let site = Site::before(&world.servers, world.reads.clone(), &doors);
    let (cookie, csrf) = site.session(Role::InfoDesk).await;
    let desk = service("desk");
    let form = format!(
        "csrf={csrf}&chiave=a-key-of-hers&servizio={desk}&sigla=sdp-7&canale=desk&dato=clothing"
    );
    let mut to = String::new();
    for _ in 0..2 {
        let kept = site.post("/contatti/nuovo", &cookie, &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        to = kept.to;
    }
    let page = site.get(&to, Some(Role::InfoDesk)).await;
    for words in ["Contatto annotato senza nome.", "usa già questa sigla"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let asked = doors.asked();
    let (first, again) = asked.split_at(3);
    assert_eq!(first, again, "sent again it is the same");
    let paths: Vec<&str> = first.iter().map(|asked| asked.path.as_str()).collect();
    let all = ["/api/intake/persons", "/api/intake/contacts", "/api/intake/deliveries"];
    assert_eq!(paths, all, "the one command that could register her was refused");
    assert_eq!(first[0].body["alias_code"], "SDP-7");
    assert_eq!(first[1].body["person"], Value::Null);
    assert_eq!(first[2].body["recipient"], json!({ "anonymous": 1 }));
}

#[tokio::test]
async fn the_steps_of_who_is_hidden_are_there_as_little_as_those_of_nobody_threat_4() {
    let world = World::start().await;
    let (hidden, mut all) = (PersonId(id(HIDDEN)), history());
    let registered = PersonEvent::PersonRegistered {
        person: hidden,
        code: ShortCode::candidate(hidden.0, 0),
        status: IdentityStatus::Anonymous,
        service: service("desk"),
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    all.record(hidden.0, Some(hidden), &registered);
    let known = all.events.into_iter().filter(|e| Journey.contexts().contains(&e.context));
    world.fold(&Journey, &known.collect::<Vec<_>>()).await;
    let site = Site::before(&world.servers, world.reads.clone(), &Doors::answering(done));
    let worker = Some(Role::CaseManager);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    for step in ["bisogno", "abitare", "informativa"] {
        let known = format!("/persone/{}/accoglienza/{step}", id("ana"));
        assert_eq!(site.get(&known, worker).await.status, StatusCode::OK, "{step}");
        let (hers, nobodys) = (
            format!("/persone/{hidden}/accoglienza/{step}"),
            format!("{PERSON}/accoglienza/{step}?modulo=a-key-of-hers"),
        );
        let (closed, nowhere) = (site.get(&hers, worker).await, site.get(&nobodys, worker).await);
        assert_eq!((closed.status, nowhere.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(without_csrf(&closed.text), without_csrf(&nowhere.text), "{step}");
        let said = site.post(&hers, &cookie, &format!("csrf={csrf}&scopo=care")).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND, "{step}");
    }
}

#[tokio::test]
async fn whoever_registered_her_goes_on_before_the_read_models_know_her_and_nobody_else_does() {
    let world = World::start().await;
    let known = history().events.into_iter().filter(|e| Journey.contexts().contains(&e.context));
    world.fold(&Journey, &known.collect::<Vec<_>>()).await;
    let site = Site::before(&world.servers, world.reads.clone(), &Doors::answering(done));
    let worker = Role::OutreachWorker;
    let (cookie, csrf) = site.session(worker).await;
    let form = format!("csrf={csrf}&chiave=a-key-of-hers&passo=registra");
    let form = format!("{form}&servizio={}", service("desk"));
    let registered = site.post("/persone/nuova", &cookie, &form).await;
    let person = PersonId::derived(&[&staff(worker).to_string(), "a-key-of-hers"]);
    let path = format!("/persone/{person}/accoglienza/bisogno");
    assert!(registered.to.starts_with(&path), "{}: {}", registered.to, registered.text);

    let needs = site.get(&registered.to, Some(worker)).await;
    assert_eq!(needs.status, StatusCode::OK, "{}", needs.text);
    assert!(needs.text.contains("name=\"modulo\" value=\"a-key-of-hers\""), "{}", needs.text);
    let said = format!("csrf={csrf}&scopo=care&chiave=another-key&modulo=a-key-of-hers");
    let said = format!("{said}&servizio={}&bisogno-housing=3", service("desk"));
    let housing = site.post(&path, &cookie, &said).await;
    assert!(housing.to.contains("/accoglienza/abitare?"), "{}: {}", housing.to, housing.text);
    assert_eq!(site.get(&housing.to, Some(worker)).await.status, StatusCode::OK);

    assert_eq!(site.get(&path, Some(worker)).await.status, StatusCode::NOT_FOUND);
    let other = site.get(&registered.to, Some(Role::CaseManager)).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "the form was not a form of hers");
}
