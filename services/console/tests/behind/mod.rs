//! Pages that lead to what is closed, and those of the health services.

use axum::http::StatusCode;
use trama_events::codes::Role;
use trama_events::envelope::Recorded;
use trama_platform::follow::Model;
use trama_projections::inbox::Inbox;

use crate::harness::{World, id};
use crate::site::Site;
use crate::{PERSON, history};

const OUTSIDE: &str = "Che cosa vede il Comune di questo";

#[tokio::test]
async fn the_form_of_an_emergency_says_what_will_happen_and_tells_nothing_of_anybody_v14() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let worker = Some(Role::OutreachWorker);
    let there = site.get(&format!("/persone/{}/emergenza", id("ana")), worker).await;
    let nobody = site.get(&format!("{PERSON}/emergenza"), worker).await;
    assert_eq!((there.status, nobody.status), (StatusCode::OK, StatusCode::OK));
    let plain = |page: &str, person: &str| {
        let secret = |text: &str, name: &str| {
            let from = format!("name=\"{name}\" value=\"");
            text.split(from.as_str())
                .enumerate()
                .map(|(at, part)| if at == 0 { part } else { part.split_once('"').unwrap().1 })
                .collect::<String>()
        };
        secret(&secret(page, "csrf"), "chiave").replace(person, "/persone/she")
    };
    let hers = plain(&there.text, &format!("/persone/{}", id("ana")));
    assert_eq!(hers, plain(&nobody.text, PERSON));
    for words in
        ["Apri per 60 minuti", "Verifica entro 72 ore", "Avviso subito", "minore a rischio"]
    {
        assert!(there.text.contains(words), "{words}");
    }
    for never in ["secret_address", "addiction", "private_notes", "reporter", "diary"] {
        assert!(!there.text.contains(&format!("value=\"{never}\"")), "{never}");
    }
    let desk = site.get(&format!("{PERSON}/emergenza"), Some(Role::CaseManager)).await;
    assert!(desk.text.contains("value=\"diary\""), "who acts for a colleague opens the diary");
    for role in [Role::PlanOffice, Role::Volunteer, Role::Auditor, Role::SerdOperator] {
        let answer = site.get(&format!("{PERSON}/emergenza"), Some(role)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role}");
    }
}

#[tokio::test]
async fn an_emergency_without_reason_words_or_classes_opens_nothing_and_says_where() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let form = format!("csrf={csrf}&chiave=a-key-of-hers&parole=breve&classe=identity");
    let answer = site.post(&format!("{PERSON}/emergenza"), &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in
        ["2 cose da sistemare", "href=\"#motivo\"", "href=\"#parole\"", ">breve</textarea>"]
    {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    assert!(answer.text.contains("value=\"identity\" checked"));
}

#[tokio::test]
async fn workers_of_the_health_services_read_on_every_page_what_others_see() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    for path in ["/", "/rete", "/not-there", "/persone"] {
        for (role, words) in [
            (Role::SerdOperator, "né una riga, né un numero, né uno spazio vuoto"),
            (Role::CsmOperator, "Le notizie che il centro scrive di lei"),
        ] {
            let page = site.get(path, Some(role)).await;
            let both = page.text.contains(OUTSIDE) && page.text.contains(words);
            assert!(both || path == "/not-there", "{path} {role}: {}", page.text);
        }
        let page = site.get(path, Some(Role::CaseManager)).await;
        assert!(!page.text.contains(OUTSIDE), "{path}");
    }
}

#[tokio::test]
async fn a_referral_is_opened_from_the_inbox_and_by_no_other_address() {
    let world = World::start().await;
    let read = |event: &&Recorded| Inbox.contexts().contains(&event.context);
    let events: Vec<Recorded> = history().events.iter().filter(read).cloned().collect();
    world.fold(&Inbox, &events).await;
    let site = Site::over(&world.servers, world.reads.clone(), true);
    let path = format!("/invii/{}", id("referral"));
    let inbox = site.get("/", Some(Role::CsmOperator)).await;
    assert!(inbox.text.contains(&format!("href=\"{path}\"")), "{}", inbox.text);
    assert!(!inbox.text.contains("href=\"/persone/"), "no record is opened from here");
    let other = site.get(&format!("/invii/{}", id("another")), Some(Role::CsmOperator)).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}
