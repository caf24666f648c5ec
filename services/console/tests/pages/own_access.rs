//! What somebody sees and does about her own access: memberships, sessions, second factor.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use trama_console::doors;
use trama_events::codes::Role;
use trama_events::ids::{Ats, MembershipId, OrganisationId};
use trama_platform::clock::real_now;
use trama_platform::follow::Model as _;
use trama_platform::inward::Address;
use trama_platform::staff::Membership;
use trama_projections::network::Network;
use uuid::Uuid;

use super::harness::World;
use super::site::{Answer, Site, service, staff};
use super::{POLICY, history};

/// The same person in another role as well.
fn also(site: &Site, role: Role, other: Role) -> MembershipId {
    let membership = MembershipId(Uuid::from_u128(900));
    site.console.gate.staff().add(Membership {
        membership,
        staff: staff(role),
        organisation: OrganisationId(Uuid::nil()),
        ats: Ats::try_new("altamura").unwrap(),
        role: other,
        services: vec![service("shelter")],
    });
    membership
}

async fn opens(site: &Site, cookie: &str, path: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookie);
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn whoever_has_several_memberships_chooses_and_acts_in_the_one_that_she_chose() {
    let world = World::start().await;
    let heard = history().events.into_iter().filter(|e| Network.contexts().contains(&e.context));
    world.fold(&Network, &heard.collect::<Vec<_>>()).await;
    let site = Site::over(&world.servers, world.reads.clone(), false);
    let other = also(&site, Role::CaseManager, Role::PlanOffice);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let (_, others) = site.session(Role::CaseManager).await;
    let page = opens(&site, &cookie, "/entra/incarico?poi=/rete").await;
    assert_eq!((page.status, page.policy.as_str()), (StatusCode::OK, POLICY));
    for words in ["ATS Gioia del Colle", "ATS Altamura", "Dormitorio Stazione", "in uso"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(page.text.contains("&#60;b&#62;Libertà"), "names are text: {}", page.text);
    assert_eq!(opens(&site, &cookie, "/persone").await.status, StatusCode::OK);

    let foreign = format!("csrf={others}&incarico={other}");
    let foreign = site.post("/entra/incarico", &cookie, &foreign);
    assert_eq!(foreign.await.status, StatusCode::FORBIDDEN);
    for wrong in [Uuid::from_u128(901).to_string(), staff(Role::Auditor).to_string(), "x".into()] {
        let form = format!("csrf={csrf}&incarico={wrong}");
        let refused = site.post("/entra/incarico", &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.text.contains("nulla è cambiato"), "{}", refused.text);
    }
    let form = format!("csrf={csrf}&incarico={other}&poi=//evil.example");
    let chosen = site.post("/entra/incarico", &cookie, &form).await;
    assert_eq!((chosen.status, chosen.to.as_str()), (StatusCode::SEE_OTHER, "/"));
    let start = opens(&site, &cookie, "/").await;
    assert!(start.text.contains("ATS Altamura"), "{}", start.text);
    assert_eq!(opens(&site, &cookie, "/persone").await.status, StatusCode::NOT_FOUND);
    // A page that is still open in another window says that she acts as the other.
    let open_before = site.post("/entra/accesso", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(open_before.status, StatusCode::FORBIDDEN);
    assert!(open_before.text.contains("nulla è stato fatto"), "{}", open_before.text);
}

#[tokio::test]
async fn everybody_sees_her_own_sessions_and_ends_the_others() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), false);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let (elsewhere, _) = site.session(Role::CaseManager).await;
    let (colleague, _) = site.session(Role::InfoDesk).await;
    let page = opens(&site, &cookie, "/entra/accesso").await;
    assert_eq!((page.status, page.kept.as_str()), (StatusCode::OK, "no-store"));
    assert_eq!(page.text.matches("name=\"sessione\"").count(), 1, "{}", page.text);
    assert!(!page.text.contains("Cambia incarico") && page.text.contains("Lo hai mostrato"));
    let without = site.post("/entra/accesso", &cookie, "csrf=A").await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    assert_eq!(
        opens(&site, &elsewhere, "/persone").await.status,
        StatusCode::OK,
        "nothing was done"
    );
    let ended = site.post("/entra/accesso", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!((ended.status, ended.to.as_str()), (StatusCode::SEE_OTHER, "/entra/accesso"));
    assert_eq!(opens(&site, &elsewhere, "/persone").await.status, StatusCode::SEE_OTHER);
    for still in [&cookie, &colleague] {
        assert_eq!(opens(&site, still, "/persone").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn signing_out_is_there_also_where_no_role_is_left() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    site.console.gate.staff().end(staff(Role::CaseManager));
    for path in ["/persone", "/entra/incarico"] {
        let page = opens(&site, &cookie, path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.text.contains("action=\"/esci\"") && page.text.contains(&csrf), "{path}");
    }
    let odd = site.post("/esci", &cookie, "csrf=A").await;
    assert!(odd.status == StatusCode::FORBIDDEN && odd.text.contains("action=\"/esci\""));
    assert_eq!(site.post("/esci", &cookie, &format!("csrf={csrf}")).await.status, 303);
}

#[tokio::test]
async fn another_site_that_opens_the_sign_in_leads_to_its_page_first() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let from = async |from: &str| {
        let request =
            Request::get("/entra/avvia?poi=/rete&secondo=1").header("sec-fetch-site", from);
        site.send(request.body(Body::empty()).unwrap()).await
    };
    let asked = from("cross-site").await;
    assert_eq!((asked.status, asked.cookie.as_str()), (StatusCode::SEE_OTHER, ""));
    assert_eq!(asked.to, "/entra?poi=/rete&secondo=1");
    let page = site.get(&asked.to, None).await.text.replace("&#38;", "&");
    assert!(page.contains("href=\"/entra/avvia?poi=/rete&secondo=1\""), "{page}");
    assert_eq!(from("same-origin").await.status, StatusCode::SERVICE_UNAVAILABLE, "it goes on");
}

#[tokio::test]
async fn whoever_begins_sign_ins_without_end_is_told_to_wait_t20() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let sign_in = site.console.sign_in.clone().unwrap();
    while sign_in.may_begin(Address::NOWHERE, real_now()).is_ok() {}
    while sign_in.may_come_back(Address::NOWHERE, real_now()).is_ok() {}
    for path in ["/entra/avvia", "/entra/ritorno?code=a&state=b"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = doors(site.console.clone()).0.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
        assert_eq!(answer.headers()[header::CONTENT_SECURITY_POLICY], POLICY);
    }
}

#[tokio::test]
async fn signing_out_empties_the_browser_of_what_was_hers() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let request = Request::post("/esci")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, &cookie)
        .body(Body::from(format!("csrf={csrf}")))
        .unwrap();
    let left = doors(site.console.clone()).0.oneshot(request).await.unwrap();
    assert_eq!(left.headers()["clear-site-data"], "\"cache\", \"storage\"");
}

#[tokio::test]
async fn a_page_that_needs_a_second_factor_says_where_to_show_one_and_leads_back() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, _) = site.session(Role::SerdOperator).await;
    assert_ne!(opens(&site, &cookie, "/riservato").await.status, StatusCode::FORBIDDEN);
    site.forget_second_factors().await;
    let page = opens(&site, &cookie, "/riservato?da=1").await;
    assert_eq!((page.status, page.policy.as_str()), (StatusCode::FORBIDDEN, POLICY));
    let text = page.text.replace("&#38;", "&");
    assert!(text.contains("Entra di nuovo con il secondo fattore"), "{text}");
    assert!(text.contains("href=\"/entra/avvia?poi=/riservato%3fda%3d1&secondo=1\""), "{text}");
    let other = opens(&site, &cookie, "/accessi").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "to whom it is closed it does not exist");
    let own = opens(&site, &cookie, "/entra/accesso").await.text.replace("&#38;", "&");
    assert!(own.contains("href=\"/entra/avvia?poi=/entra/accesso&secondo=1\""), "{own}");
}
