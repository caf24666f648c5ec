//! The pages as a browser gets them: signing in, the gate, headers, what is not there.

#![cfg(test)]

#[path = "pages/audit.rs"]
mod audit;
mod behind;
#[path = "pages/compose.rs"]
mod compose;
#[path = "../../../projections/tests/harness/mod.rs"]
mod harness;
#[path = "pages/inbox.rs"]
mod inbox;
#[path = "pages/own_access.rs"]
mod own_access;
#[path = "pages/preferences.rs"]
mod preferences;
#[path = "pages/reception.rs"]
mod reception;
mod site;
#[path = "pages/system.rs"]
mod system;
#[path = "pages/wishes.rs"]
mod wishes;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use harness::{History, World, id};
use site::{Site, service, staff};
use time::Duration;
use time::macros::datetime;
use trama_console::{doors, wants_a_page};
use trama_events::codes::{Gender, IdentityStatus, NeedCode, Role, ServiceType, Urgency};
use trama_events::directory::ServiceEvent;
use trama_events::envelope::Recorded;
use trama_events::ids::{Ats, OrganisationId, PersonId, ReferralId};
use trama_events::intake::PersonEvent;
use trama_events::referrals::ReferralEvent;
use trama_events::short_code::ShortCode;
use trama_platform::clock::real_now;
use trama_platform::follow::Model;
use trama_platform::inward::Limits;
use trama_projections::inbox::Inbox;
use trama_projections::journey::Journey;
use trama_projections::network::Network;
use trama_ui::words::InWords as _;
use uuid::Uuid;

const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      font-src 'self'; img-src 'self' data:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
const PERSON: &str = "/persone/01900000-0000-7000-8000-000000000001";

/// A desk sends a person to a shelter; what the shelter is called is hostile.
fn history() -> History {
    let mut history = History::starting(datetime!(2026-01-12 09:00 UTC));
    let (person, referral) = (PersonId(id("ana")), ReferralId(id("referral")));
    let names = [
        ("desk", "Segretariato <b>Libertà</b>", ServiceType::InfoDesk),
        ("shelter", "Dormitorio Stazione", ServiceType::NightShelter),
    ];
    for (word, name, service_type) in names {
        let event = ServiceEvent::ServiceRegistered {
            service: service(word),
            organisation: OrganisationId(id("organisation")),
            name: name.into(),
            service_type,
            ats: Ats::try_new("bari").unwrap(),
            municipality: None,
            low_threshold: true,
        };
        history.record(id(word), None, &event);
    }
    let event = PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service: service("desk"),
        birth_year: Some(1974),
        gender: Gender::Unknown,
        language: None,
    };
    history.record(person.0, Some(person), &event);
    let event = PersonEvent::HousingSituationRecorded { ethos: "1.1".parse().unwrap() };
    history.record(person.0, Some(person), &event);
    let event = ReferralEvent::ReferralCreated {
        referral,
        person,
        from: service("desk"),
        from_type: ServiceType::InfoDesk,
        to: service("shelter"),
        service_type: ServiceType::NightShelter,
        need: NeedCode::Housing,
        urgency: Urgency::Urgent,
        dataset: Vec::new(),
        directory_read_to: 2,
    };
    history.record(referral.0, Some(person), &event);
    let sent = ReferralEvent::ReferralSent { answer_by: datetime!(2026-01-14 17:00 UTC) };
    history.record(referral.0, Some(person), &sent);
    let event =
        PersonEvent::HousingSituationCorrected { corrects: 2, ethos: "8.1".parse().unwrap() };
    history.at(datetime!(2026-02-03 09:00 UTC)).record(person.0, Some(person), &event);
    history
}

#[tokio::test]
async fn events_are_seen_on_every_page_that_they_concern() {
    let world = World::start().await;
    let events = history().events;
    for model in [&Journey as &dyn Model, &Inbox, &Network] {
        let known: Vec<Recorded> =
            events.iter().filter(|e| model.contexts().contains(&e.context)).cloned().collect();
        world.fold(model, &known).await;
    }
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let worker = Some(Role::CaseManager);
    let code = ShortCode::candidate(id("ana"), 0);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let form = format!("csrf={csrf}&scopo=care&q={code}");
    let found = site.post("/persone/cerca", &cookie, &form).await;
    assert_eq!(found.to, format!("/persone/{}?scopo=care", id("ana")));

    let now = site.get(&found.to, worker).await;
    assert_eq!(now.status, StatusCode::OK, "{}", now.text);
    for words in [
        code.as_str(),
        "45–54 anni",
        "Invio mandato",
        "Segretariato &#60;b&#62;",
        "<del>Situazione abitativa: in strada",
    ] {
        assert!(now.text.contains(words), "{words}");
    }
    let desk = site.get(&found.to, Some(Role::InfoDesk)).await;
    assert!(desk.text.contains("Invio preparato"), "{}", desk.text);
    assert!(now.text.contains(NeedCode::Housing.words()));
    assert!(!desk.text.contains(NeedCode::Housing.words()), "a role that sees no needs");
    let then = site.get(&format!("{}&al=2026-01-31", found.to), worker).await;
    assert!(then.text.contains("Situazione al 31 gennaio 2026"));
    assert!(then.text.contains("In strada") && !then.text.contains("ospite di familiari"));
    assert_eq!(
        site.get(&format!("{}&al=2026-01-11", found.to), worker).await.status,
        StatusCode::NOT_FOUND
    );

    let network = site.get("/rete?dal=2026-01-01&al=2026-12-31&ats=bari", worker).await;
    assert_eq!(network.status, StatusCode::OK, "{}", network.text);
    assert!(network.text.contains("Dormitorio Stazione") && !network.text.contains("meno di 5"));
    let planned =
        site.get("/rete?dal=2026-01-01&al=2026-12-31&ats=bari", Some(Role::PlanOffice)).await;
    assert!(planned.text.contains("meno di 5"), "{}", planned.text);

    let inbox = site.get("/", worker).await;
    assert!(inbox.status == StatusCode::OK && inbox.text.contains(code.as_str()), "{}", inbox.text);
}

#[tokio::test]
async fn the_sign_in_page_is_as_it_was() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let page = site.get("/entra", None).await.text;
    let from = page.find("/assets/").unwrap() + "/assets/".len();
    insta::assert_snapshot!(page.replace(&page[from..from + 16], "digest"));
}

#[tokio::test]
async fn whoever_did_not_sign_in_is_asked_to_and_then_led_back() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for path in ["/", "/persone", PERSON, "/rete?ats=bari"] {
        let answer = site.get(path, None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.to.starts_with("/entra?poi=/"), "{}", answer.to);
    }
    let entry = site.get("/entra?poi=/rete%3Fats=bari", None).await;
    assert!(entry.text.contains("href=\"/entra/avvia?poi=/rete%3fats%3dbari\""), "{}", entry.text);
    let away = site.get("/entra?poi=//evil.example", None).await;
    assert!(away.text.contains("href=\"/entra/avvia?poi=/\""), "{}", away.text);
}

#[tokio::test]
async fn whoever_leaves_is_out_and_only_her_own_form_lets_her_out_t15() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let (_, others) = site.session(Role::CaseManager).await;
    for form in [String::new(), "csrf=".into(), format!("csrf={others}")] {
        let refused = site.post("/esci", &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}");
        assert_eq!((refused.cookie.as_str(), refused.policy.as_str()), ("", POLICY));
    }
    let left = site.post("/esci", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!((left.status, left.to.as_str()), (StatusCode::SEE_OTHER, "/entra?uscita=1"));
    assert!(left.cookie.starts_with("__Host-trama=;") && left.cookie.contains("Max-Age=0"));
    let request = Request::get("/persone").header(header::COOKIE, &cookie);
    let after = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(after.status, StatusCode::SEE_OTHER, "the session is over on the server");
}

#[tokio::test]
async fn whoever_has_no_role_any_more_sees_no_page_while_her_session_holds() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, _) = site.session(Role::CaseManager).await;
    let ask = async || {
        let request = Request::get("/persone").header(header::COOKIE, &cookie);
        site.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(ask().await.status, StatusCode::OK);
    site.console.gate.staff().end(staff(Role::CaseManager));
    let refused = ask().await;
    assert_eq!((refused.status, refused.policy.as_str()), (StatusCode::FORBIDDEN, POLICY));
    assert!(refused.text.contains("Nessun incarico attivo"), "{}", refused.text);
}

#[tokio::test]
async fn every_page_runs_files_of_ours_alone_and_is_kept_nowhere() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let person = Some(Role::CaseManager);
    for (path, role) in [
        ("/entra", None),
        ("/persone", person),
        ("/persone/x", person),
        ("/rete", person),
        ("/rete?dal=x", person),
    ] {
        let answer = site.get(path, role).await;
        assert_eq!((answer.policy.as_str(), answer.kept.as_str()), (POLICY, "no-store"), "{path}");
        for forbidden in ["style=", "onclick", "<style"] {
            assert!(!answer.text.contains(forbidden), "{path}: {forbidden}");
        }
        let ours = answer.text.matches("<script src=\"/assets/").count();
        assert_eq!(answer.text.matches("<script").count(), ours, "{path}");
        for needed in [
            "<html lang=\"it\">",
            "class=\"skip\"",
            "<main id=\"contenuto\"",
            "<h1>",
            "Dimostrazione",
        ] {
            assert!(answer.text.contains(needed), "{path}: {needed}");
        }
        assert_eq!(answer.text.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn what_may_not_be_opened_looks_like_what_does_not_exist() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let forbidden = site.get(PERSON, Some(Role::PlanOffice)).await;
    let odd = site.get("/persone/not-an-id", Some(Role::PlanOffice)).await;
    assert_eq!(forbidden.status, StatusCode::NOT_FOUND);
    assert_eq!(without_csrf(&forbidden.text), without_csrf(&odd.text));
    assert_eq!(forbidden.status, odd.status);
    let (cookie, csrf) = site.session(Role::PlanOffice).await;
    let mut headers = axum::http::HeaderMap::new();
    headers.insert(header::COOKIE, cookie.parse().unwrap());
    let nowhere = site.console.no_such_page(&headers).await.into_body();
    let nowhere = to_bytes(nowhere, 1 << 20).await.unwrap();
    let nowhere = String::from_utf8_lossy(&nowhere).replace(&csrf, "");
    assert_eq!(without_csrf(&forbidden.text), without_csrf(&nowhere));
    assert!(forbidden.text.contains("Non trovato o non accessibile"));
}

/// Each session's forms carry another token.
fn without_csrf(page: &str) -> String {
    let (before, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait_and_others_are_not_t20() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), false);
    let limits = Arc::new(Limits::default());
    let worker = staff(Role::CaseManager);
    // Used up an hour ahead, so that nothing of it comes back while this runs; in another body.
    let ahead = real_now() + Duration::hours(1);
    while limits.take(worker, OrganisationId(Uuid::max()), ahead).is_ok() {}
    let asks = async |role| {
        let (cookie, _) = site.session(role).await;
        let request = Request::get("/rete")
            .header(header::COOKIE, cookie)
            .extension(Arc::clone(&limits))
            .body(Body::empty());
        site.send(request.unwrap()).await
    };
    let told = asks(Role::CaseManager).await;
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(told.text.contains("Troppe richieste in poco tempo"), "{}", told.text);
    assert_ne!(asks(Role::PlanOffice).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_token_in_a_header_opens_no_page_and_a_bad_cookie_neither() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, _) = site.session(Role::CaseManager).await;
    let secret = cookie.split_once('=').unwrap().1;
    for (name, value) in [
        (header::AUTHORIZATION, format!("Bearer {secret}")),
        (header::COOKIE, "__Host-trama=nonsense".into()),
        (header::COOKIE, format!("trama_session={secret}")),
        (header::COOKIE, format!("{cookie}; {cookie}")),
    ] {
        let request = Request::get("/persone").header(name, &value).body(Body::empty()).unwrap();
        assert_eq!(site.send(request).await.status, StatusCode::SEE_OTHER, "{value}");
    }
}

#[tokio::test]
async fn a_return_that_nobody_began_signs_nobody_in_t15() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for query in ["", "?code=a&state=b", "?error=access_denied&state=b", "?state=%00"] {
        let answer = site.get(&format!("/entra/ritorno{query}"), None).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!((answer.cookie.as_str(), answer.policy.as_str()), ("", POLICY));
        assert!(answer.text.contains("role=\"alert\""));
    }
    let silent = site.get("/entra/avvia", None).await;
    assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE, "the provider does not answer");
}

#[tokio::test]
async fn a_form_on_somebody_elses_page_signs_nobody_out_t15() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let request = Request::post("/esci")
            .header(name, value)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = Body::from(format!("csrf={csrf}"));
        let answer = site.send(request.body(form).unwrap()).await;
        assert_eq!((answer.status, answer.cookie.as_str()), (StatusCode::FORBIDDEN, ""), "{value}");
    }
    assert_eq!(site.post("/esci", &cookie, &format!("csrf={csrf}")).await.status, 303);
}

#[tokio::test]
async fn without_a_provider_nobody_signs_in_here_and_no_banner_is_shown() {
    let world = World::start().await;
    let mut console = Site::over(&world.servers, world.reads.clone(), false).console;
    console.sign_in = None;
    let site = Site::of(console, &world.servers);
    let page = site.get("/entra", None).await;
    assert!(!page.text.contains("Dimostrazione") && !page.text.contains("/entra/avvia"));
    assert!(page.text.contains("non è attivo"));
    for path in ["/entra/avvia", "/entra/ritorno?code=a&state=b"] {
        assert_eq!(site.get(path, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.get("/", Some(Role::CaseManager)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_frame_names_who_looks_and_what_she_may_open() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let page = site.get("/persone", Some(Role::CaseManager)).await;
    for words in ["L. Rinaldi", "Case manager", "ATS Gioia del Colle", "href=\"/rete\""] {
        assert!(page.text.contains(words), "{words}");
    }
    let page = site.get("/", Some(Role::Volunteer)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("href=\"/rete\"") && !page.text.contains("href=\"/persone\""));
}

#[tokio::test]
async fn a_code_that_was_mistyped_is_said_to_be_so() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let form = format!("csrf={csrf}&scopo=care&q=7K2FM-Z");
    let answer = site.post("/persone/cerca", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("L’ultimo segno non corrisponde"), "{}", answer.text);
    let form = format!("csrf={csrf}&scopo=care&q=%3Cscript%3E");
    let answer = site.post("/persone/cerca", &cookie, &form).await;
    assert!(answer.text.contains("value=\"&#60;script&#62;\""), "{}", answer.text);
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_answered_with_a_sentence() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for query in ["?al=2026-13-01", "?fatti=yesterday", "?pagina=0", "?colour=red"] {
        let answer = site.get(&format!("{PERSON}{query}"), Some(Role::CaseManager)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    for query in [
        "?dal=2026-02-01&al=2026-01-01",
        "?ats=Bari!",
        "?dal=1900-01-01",
        "?dal=2026-01-02&al=2026-01-31",
        "?dal=2026-01-01&al=2026-01-30",
    ] {
        let answer = site.get(&format!("/rete{query}"), Some(Role::PlanOffice)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn read_models_that_cannot_be_reached_are_an_outage_with_a_page() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let answer = site.get("/rete", Some(Role::PlanOffice)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("Nessun dato è andato perso"));
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let page = site.get("/entra", None).await.text;
    let from = page.find("/assets/").unwrap();
    let folder = &page[from..from + page[from..].find("/trama.css").unwrap()];
    for name in ["trama.css", "titillium-web-latin-400-normal.woff2"] {
        let answer = site.get(&format!("{folder}/{name}"), None).await;
        assert_eq!(
            (answer.status, answer.kept.as_str()),
            (StatusCode::OK, "public, max-age=31536000, immutable")
        );
    }
    assert_eq!(site.get("/assets/0/trama.css", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_over_data_has_a_written_action() {
    let world = World::start().await;
    let (_, table) = doors(Site::over(&world.servers, world.reads.clone(), true).console);
    let doors: Vec<String> =
        table.iter().map(|door| format!("{} {}", door.method, door.path)).collect();
    let paths = [
        "GET /",
        "GET /persone",
        "GET /persone/cerca",
        "POST /persone/cerca",
        "GET /persone/nuova",
        "POST /persone/nuova",
        "GET /contatti/nuovo",
        "POST /contatti/nuovo",
        "GET /persone/{person}/accoglienza/{passo}",
        "POST /persone/{person}/accoglienza/{passo}",
        "GET /persone/{person}",
        "GET /persone/{person}/rete",
        "GET /persone/{person}/collegamenti",
        "POST /persone/{person}/collegamenti",
        "GET /persone/{person}/scelte",
        "POST /persone/{person}/scelte",
        "GET /persone/{person}/emergenza",
        "POST /persone/{person}/emergenza",
        "GET /persone/{person}/sposta",
        "POST /persone/{person}/sposta",
        "GET /persone/{person}/spostamenti",
        "GET /verifiche/{access}",
        "POST /verifiche/{access}",
        "GET /invii/nuovo",
        "POST /invii/nuovo",
        "GET /invii/{referral}",
        "POST /invii/{referral}",
        "GET /riservato",
        "POST /riservato",
        "GET /persone/{person}/chi-sapeva",
        "GET /registro",
        "GET /registro/insoliti",
        "GET /registro/ricostruisci",
        "GET /registro/integrita",
        "GET /sistema",
        "POST /sistema",
        "GET /accessi",
        "GET /persone/{person}/accessi",
        "GET /rete",
        "GET /rete/flussi.csv",
        "GET /rete/flussi.ods",
        "GET /vivo",
    ];
    assert_eq!(doors, paths);
    assert!(
        table
            .iter()
            .all(|door| door.action.name.starts_with("page.") && !door.action.why.is_empty())
    );
}

#[test]
fn a_browser_wants_a_page_and_a_program_does_not() {
    let accept =
        |value: &str| axum::http::HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())]);
    assert!(wants_a_page(&accept("text/html,application/xhtml+xml,*/*;q=0.8")));
    assert!(!wants_a_page(&accept("application/json")) && !wants_a_page(&accept("*/*")));
}
