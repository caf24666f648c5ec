//! Sending somebody on: in which order the doors are asked, and what stands where one refuses.

use axum::http::StatusCode;
use serde_json::{Value, json};
use trama_events::codes::Role;
use trama_events::envelope::Recorded;
use trama_platform::follow::Model;
use trama_projections::journey::Journey;
use trama_projections::network::Network;

use super::harness::{World, id};
use super::history;
use super::site::{Answer, Answers, Command, Doors, Site, service};

const REFERRALS: &str = "/api/referrals/referrals";
const CONSENTS: &str = "/api/referrals/consents";

/// A mental-health centre that may tell more where she agrees; everything is done.
fn done(asked: &str) -> (u16, Value) {
    let is = |path: &str| asked.ends_with(path);
    if asked.contains("/api/referrals/terms/") {
        let terms = json!({
            "service_type": "csm", "active": true, "by_slip": false, "no_direct_access": false,
            "answers": [], "sections": [], "smallest": [], "agreement": "csm",
        });
        return (200, terms);
    }
    if is(REFERRALS) || is(CONSENTS) {
        return (200, json!({ "id": id("sent") }));
    }
    let service = json!({
        "name": "CSM Est", "organisation": id("organisation"), "ats": "bari", "places": null,
        "stale": false, "hours": [],
    });
    (200, service)
}

fn refused(code: &str) -> (u16, Value) {
    (422, json!({ "code": code, "detail": format!("it is there: {}", id("open")) }))
}

fn already_open(asked: &str) -> (u16, Value) {
    if asked.ends_with(REFERRALS) { refused("already_open") } else { done(asked) }
}

fn agreed_before(asked: &str) -> (u16, Value) {
    if asked.ends_with(CONSENTS) { refused("given_already") } else { done(asked) }
}

fn not_agreed(asked: &str) -> (u16, Value) {
    if asked.ends_with(CONSENTS) { refused("unknown_body") } else { done(asked) }
}

/// The form with her agreement, sent `times`: the last answer, and what the doors were asked.
async fn sends(world: &World, answers: Answers, times: usize) -> (Answer, Vec<Command>) {
    let doors = Doors::answering(answers);
    let site = Site::before(&world.servers, world.reads.clone(), &doors);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let form = format!(
        "csrf={csrf}&chiave=a-key-of-hers&persona={}&scopo=care&a={}&da={}&bisogno=housing\
         &urgenza=urgent&accordo=si",
        id("ana"),
        id("csm"),
        service("desk")
    );
    let mut answer = site.post("/invii/nuovo", &cookie, &form).await;
    for _ in 1..times {
        answer = site.post("/invii/nuovo", &cookie, &form).await;
    }
    (answer, doors.asked())
}

fn paths(asked: &[Command]) -> Vec<&str> {
    asked.iter().map(|asked| asked.path.as_str()).collect()
}

async fn start() -> World {
    let world = World::start().await;
    let events = history().events;
    for model in [&Journey as &dyn Model, &Network] {
        let known: Vec<Recorded> =
            events.iter().filter(|e| model.contexts().contains(&e.context)).cloned().collect();
        world.fold(model, &known).await;
    }
    world
}

#[tokio::test]
async fn of_a_referral_that_is_refused_no_agreement_stays() {
    let world = start().await;
    let (answer, asked) = sends(&world, already_open, 1).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(&format!("href=\"/invii/{}\"", id("open"))), "{}", answer.text);
    assert_eq!(paths(&asked), [REFERRALS], "nothing was agreed to");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_one_referral_and_one_consent() {
    let world = start().await;
    for answers in [done, agreed_before] {
        let (answer, asked) = sends(&world, answers, 2).await;
        assert_eq!(answer.to, format!("/invii/{}?esito=mandato", id("sent")), "{}", answer.text);
        let (first, again) = asked.split_at(2);
        assert_eq!(first, again, "the same keys and words");
        assert_eq!(paths(first), [REFERRALS, CONSENTS]);
    }
}

#[tokio::test]
async fn an_agreement_that_is_not_written_down_is_told_and_leads_to_the_referral_that_was_sent() {
    let world = start().await;
    let (answer, asked) = sends(&world, not_agreed, 1).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert_eq!(paths(&asked), [REFERRALS, CONSENTS]);
    let sent = format!("href=\"/invii/{}\"", id("sent"));
    for words in ["L’invio è partito", "id=\"accordo-errore\"", sent.as_str()] {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
}
