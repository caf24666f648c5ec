//! The page of what a person decides: who finds it, and with what.

use axum::http::StatusCode;
use trama_events::codes::Role;

use super::harness::{World, id};
use super::site::Site;
use super::{PERSON, without_csrf};

#[tokio::test]
async fn what_a_person_decides_is_there_for_who_takes_it_down_and_for_nobody_else() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for role in [Role::Volunteer, Role::PlanOffice, Role::Auditor, Role::SerdOperator] {
        let path = format!("/persone/{}/scelte", id("ana"));
        let closed = site.get(&path, Some(role)).await;
        let nowhere = site.get("/persone/not-an-id/scelte", Some(role)).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{role}");
        assert_eq!(without_csrf(&closed.text), without_csrf(&nowhere.text), "{role}");
    }
}

#[tokio::test]
async fn where_the_doors_know_nobody_a_page_and_a_form_are_as_what_does_not_exist() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let path = format!("{PERSON}/scelte");
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    for form in ["passo=apri", "passo=voce&voce=x&modo=said", "passo=cancella", ""] {
        let answer = site.post(&path, &cookie, &format!("csrf={csrf}&{form}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{form}: {}", answer.text);
        assert!(answer.text.contains("Non trovato o non accessibile"), "{form}");
    }
    let page = site.get(&path, Some(Role::CaseManager)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let others = site.post(&path, &cookie, "csrf=A&passo=apri").await;
    assert_eq!(others.status, StatusCode::FORBIDDEN, "a form of another page is not obeyed");
}

#[tokio::test]
async fn what_a_person_decides_is_taken_down_with_a_second_factor_alone() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::InfoDesk).await;
    site.forget_second_factors().await;
    let path = format!("{PERSON}/scelte");
    let refused = site.post(&path, &cookie, &format!("csrf={csrf}&passo=apri")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Entra di nuovo con il secondo fattore"), "{}", refused.text);
}
