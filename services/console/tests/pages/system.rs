//! How the installation is: for whoever runs it, in proportion to trouble, and nothing of a person.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use strum::VariantArray as _;
use trama_events::codes::Role;
use trama_events::envelope::Recorded;
use trama_platform::follow::Model;
use trama_platform::servers::Servers;
use trama_platform::sign_in::SESSION_COOKIE;
use trama_platform::state::Installation;
use trama_projections::journey::Journey;

use super::harness::{World, id};
use super::history;
use super::site::Site;

/// The doors of the system beside the pages, with one model.
fn open(world: &World) -> Site {
    let mut console = Site::over(&world.servers, world.reads.clone(), true).console;
    let models: Vec<Arc<dyn Model>> = vec![Arc::new(Journey)];
    let (doors, _) = Installation::open(&world.servers, models).doors(&console.gate);
    console.api = doors.split_for_parts().0;
    Site::of(console, &world.servers)
}

fn known() -> Vec<Recorded> {
    let of_journey = |event: &Recorded| Journey.contexts().contains(&event.context);
    history().events.into_iter().filter(of_journey).collect()
}

#[tokio::test]
async fn whoever_runs_the_machine_sees_how_it_is_and_nobody_else_does() {
    let world = World::start().await;
    let site = open(&world);
    let missing = site.get("/sistema", Some(Role::Administrator)).await;
    assert_eq!(missing.status, StatusCode::OK, "{}", missing.text);
    assert!(missing.text.contains("journey: non è ancora stato costruito"), "{}", missing.text);
    world.fold(&Journey, &known()).await;
    let well = site.get("/sistema", Some(Role::Administrator)).await;
    for words in ["Tutto regolare", "NATS", "trama replay NOME", "Trama non lo sa"] {
        assert!(well.text.contains(words), "{words}: {}", well.text);
    }
    assert!(!well.text.contains("Che cosa non va") && !well.text.contains("Eventi bloccati"));
    for role in Role::VARIANTS.iter().filter(|role| **role != Role::Administrator) {
        let answer = site.get("/sistema", Some(*role)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role}");
    }
}

#[tokio::test]
async fn a_parked_event_is_named_without_whom_it_is_about_and_tried_again_from_the_page_a4() {
    let world = World::start().await;
    let site = open(&world);
    let mut events = known();
    let last = events.pop().unwrap();
    world.fold(&Journey, &events).await;
    let kept = serde_json::to_value(last.to_cloud_event()).unwrap();
    sqlx::query(
        "insert into journey.parked (context, position, subject, event, reason, tries) \
         values ($1, $2, $3, $4, 'nobody has \"Diallo\" here', 3)",
    )
    .bind(last.context.name())
    .bind(last.position)
    .bind(last.subject_key())
    .bind(kept)
    .execute(&mut world.owner_of_models().await)
    .await
    .unwrap();
    let (cookie, csrf) = site.session(Role::Administrator).await;
    let page = site.get("/sistema", Some(Role::Administrator)).await;
    let first = format!("{}/{}", last.context, last.position);
    for words in ["Un evento bloccato", first.as_str(), "3 prove", "nobody has"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let person = id("ana").to_string();
    for never in ["Diallo", person.as_str(), "Tutto regolare"] {
        assert!(!page.text.contains(never), "{never}: {}", page.text);
    }
    let form = |first: &str| {
        format!(
            "csrf={csrf}&chiave=a-key-of-hers-1&modello=journey&primo={}",
            first.replace('/', "%2F")
        )
    };
    let other = site.post("/sistema", &cookie, &form("intake/999")).await;
    assert_eq!((other.status, other.to.as_str()), (StatusCode::SEE_OTHER, "/sistema?esito=niente"));
    let tried = site.post("/sistema", &cookie, &form(&first)).await;
    assert_eq!(tried.to, "/sistema?esito=passati");
    let page = site.get(&tried.to, Some(Role::Administrator)).await;
    for words in ["Gli eventi sono passati", "Tutto regolare"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
}

#[tokio::test]
async fn with_the_database_down_the_page_says_so_in_a_page() {
    let world = World::start().await;
    let down = Servers { postgres_port: 9, ..world.servers.clone() };
    let site = Site::over(&down, world.reads.clone(), true);
    let cookie = format!("{SESSION_COOKIE}={}", URL_SAFE_NO_PAD.encode([7_u8; 32]));
    let request = Request::get("/sistema").header(header::COOKIE, cookie);
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert!(answer.text.contains("Nessun dato è andato perso"), "{}", answer.text);
}
