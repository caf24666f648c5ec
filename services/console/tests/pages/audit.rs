//! What the data protection officer controls, and who knew what: by whom it is opened, what it tells,
//! and that it never tells what entries say.

use axum::http::StatusCode;
use strum::VariantArray as _;
use time::OffsetDateTime;
use time::macros::datetime;
use trama_events::codes::{OrganisationKind, Purpose, Role};
use trama_events::directory::OrganisationEvent;
use trama_events::envelope::Recorded;
use trama_events::ids::{Ats, OrganisationId, PersonId};
use trama_events::short_code::ShortCode;
use trama_platform::access::{AccessReader, Between, Decision, Entry, Page, Row};
use trama_platform::clock::real_now;
use trama_platform::doors::REFUSED_AFTER;
use trama_platform::follow::Model as _;
use trama_projections::journey::Journey;
use uuid::Uuid;

use super::harness::{World, acting, id};
use super::history;
use super::site::Site;

const PAGES: [&str; 4] =
    ["/registro", "/registro/insoliti", "/registro/ricostruisci", "/registro/integrita"];
/// Words that only the content of her entries has.
const CONTENT: [&str; 3] = ["Invio mandato", "in strada", "Invio preparato"];

fn ana() -> PersonId {
    PersonId(id("ana"))
}

fn code() -> ShortCode {
    ShortCode::candidate(id("ana"), 0)
}

/// The body that wrote the history has a public name.
fn events() -> Vec<Recorded> {
    let mut history = history();
    let event = OrganisationEvent::OrganisationRegistered {
        organisation: OrganisationId(id("organisation")),
        name: "Comune di esempio".into(),
        kind: OrganisationKind::VARIANTS[0],
        ats: Ats::try_new("bari").unwrap(),
    };
    history.at(datetime!(2026-01-12 08:00 UTC)).record(id("organisation"), None, &event);
    history.events
}

/// The doors of the access log beside the pages, over Ana's journey.
async fn open(world: &World) -> Site {
    let known: Vec<Recorded> =
        events().into_iter().filter(|e| Journey.contexts().contains(&e.context)).collect();
    world.fold(&Journey, &known).await;
    let mut console = Site::over(&world.servers, world.reads.clone(), true).console;
    let (doors, _) = AccessReader::open(&world.servers).doors(&console.gate);
    console.api = doors.split_for_parts().0;
    Site::of(console, &world.servers)
}

/// Somebody of a body opened these classes of Ana's record.
async fn looked(site: &Site, who: &str, at: OffsetDateTime, change: impl FnOnce(&mut Entry)) {
    let caller = acting(who, Role::CaseManager, &[]);
    let mut entry = Entry {
        person: Some(ana()),
        sections: vec!["path".into()],
        decision: Decision::Allowed,
        explained: true,
        ..Entry::by(&caller, "session", "journey.read", at)
    };
    change(&mut entry);
    site.console.gate.access().write(entry).await.unwrap();
}

/// What the log says of whoever audits.
async fn audited(world: &World) -> Vec<Row> {
    let reader = AccessReader::open(&world.servers);
    let always =
        Between { from: datetime!(2000-01-01 0:00 UTC), to: real_now() + time::Duration::HOUR };
    let page = Page { after: None, limit: 500 };
    let staff = super::site::staff(Role::Auditor);
    reader.by_staff(staff, always, page).await.unwrap().items
}

#[tokio::test]
async fn the_register_is_there_for_who_controls_and_for_nobody_else_a7() {
    let world = World::start().await;
    let site = open(&world).await;
    for role in Role::VARIANTS {
        for path in PAGES {
            let answer = site.get(path, Some(*role)).await;
            let expected =
                if *role == Role::Auditor { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(answer.status, expected, "{path} {role}: {}", answer.text);
        }
        let knows = format!("/persone/{}/chi-sapeva", ana());
        let answer = site.get(&knows, Some(*role)).await;
        let may = [Role::Auditor, Role::CaseManager].contains(role);
        assert_eq!(answer.status == StatusCode::OK, may, "{role}: {}", answer.text);
    }
}

#[tokio::test]
async fn accesses_are_found_by_person_worker_purpose_decision_and_force() {
    let world = World::start().await;
    let site = open(&world).await;
    let now = real_now();
    looked(&site, "greco", now, |_| {}).await;
    looked(&site, "serra", now, |entry| {
        entry.purpose = Purpose::Emergency;
        entry.forced = true;
        entry.explained = false;
    })
    .await;
    looked(&site, "neri", now, |entry| entry.decision = Decision::Denied).await;
    looked(&site, "conti", now, |entry| {
        entry.person = Some(PersonId(id("other")));
        entry.explained = false;
    })
    .await;
    let short = |who: &str| id(who).to_string().split('-').next().unwrap().to_owned();
    let all = ["greco", "serra", "neri", "conti"];
    for (query, found) in [
        (String::new(), &all[..]),
        (format!("?codice={}", code()), &all[..3]),
        (format!("?operatore={}", id("neri")), &["neri"]),
        ("?scopo=emergency".into(), &["serra"]),
        ("?esito=denied".into(), &["neri"]),
        ("?forzati=si".into(), &["serra"]),
        (format!("?ente={}", acting("greco", Role::CaseManager, &[]).organisation), &all[..]),
        (format!("?ente={}", Uuid::from_u128(7)), &[]),
        ("?dal=2001-01-01&al=2001-01-02".into(), &[]),
    ] {
        let page = site.get(&format!("/registro{query}"), Some(Role::Auditor)).await;
        assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
        for who in all {
            let shown = page.text.contains(&format!(">operatore {}<", short(who)));
            assert_eq!(shown, found.contains(&who), "{query}: {who}: {}", page.text);
        }
    }
    let page = site.get(&format!("/registro?codice={}", code()), Some(Role::Auditor)).await;
    for words in ["accesso forzato", "rifiutato", code().as_str(), "Togli i filtri"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let unusual = site.get("/registro/insoliti", Some(Role::Auditor)).await;
    assert!(unusual.text.contains("Nessun caso, invio, permanenza o compito lo spiega."));
    assert!(unusual.text.contains(&format!(">operatore {}<", short("conti"))));
    assert!(audited(&world).await.iter().any(|row| row.person == Some(ana())));
}

#[tokio::test]
async fn what_cannot_be_asked_of_the_register_is_said_at_its_field() {
    let world = World::start().await;
    let site = open(&world).await;
    for (path, field) in [
        ("/registro?dal=2026-02-01&al=2026-01-01", "dal"),
        ("/registro?dal=ieri", "dal"),
        ("/registro?codice=Rossi", "codice"),
        ("/registro?operatore=Rossi", "operatore"),
        ("/registro?scopo=curiosity", "scopo"),
        ("/registro?nome=Rossi", "dal"),
        ("/registro/insoliti?dal=x", "dal"),
        ("/registro/ricostruisci?codice=Rossi&al=2026-01-01", "codice"),
        ("/registro/ricostruisci?codice=x&al=x", "al"),
        ("/registro/integrita?posizione=x&impronta=y", "posizione"),
    ] {
        let page = site.get(path, Some(Role::Auditor)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", page.text);
        assert!(page.text.contains(&format!("href=\"#{field}\"")), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn an_account_tells_what_was_on_record_then_and_never_what_it_says_a7() {
    let world = World::start().await;
    let site = open(&world).await;
    looked(&site, "greco", datetime!(2026-01-20 09:00 UTC), |_| {}).await;
    let path = |day: &str| format!("/registro/ricostruisci?codice={}&al={day}", code());
    let then = site.get(&path("2026-01-31"), Some(Role::Auditor)).await;
    assert_eq!(then.status, StatusCode::OK, "{}", then.text);
    for words in [
        "situazione al 31 gennaio 2026",
        "Comune di esempio, operatore",
        "ha registrato: percorso",
        "ha registrato: alloggio",
        "4 registrazioni",
        "Nessun legame risulta",
    ] {
        assert!(then.text.contains(words), "{words}: {}", then.text);
    }
    for content in CONTENT {
        assert!(!then.text.contains(content), "{content}");
    }
    let later = site.get(&path("2026-02-28"), Some(Role::Auditor)).await;
    assert!(later.text.contains("5 registrazioni"), "{}", later.text);
    let before = site.get(&path("2026-01-11"), Some(Role::Auditor)).await;
    assert!(before.text.contains("quel giorno non risultava nulla"), "{}", before.text);
    let looks = audited(&world).await;
    let made = looks.iter().filter(|row| row.sections == ["reconstruction"]);
    assert_eq!(made.filter(|row| row.person == Some(ana())).count(), 3, "each is written down");
}

#[tokio::test]
async fn who_knew_what_tells_when_a_body_opened_the_part_after_it_was_recorded() {
    let world = World::start().await;
    let site = open(&world).await;
    let now = real_now();
    let away = |organisation: &str| OrganisationId(id(organisation));
    looked(&site, "greco", now, |entry| entry.organisation = away("city")).await;
    looked(&site, "serra", now, |entry| {
        entry.organisation = away("store");
        entry.sections = vec!["food".into()];
    })
    .await;
    looked(&site, "neri", now, |entry| {
        entry.organisation = away("lister");
        entry.listed = true;
    })
    .await;
    let path = format!("/persone/{}/chi-sapeva?scopo=care", ana());
    let page = site.get(&path, Some(Role::CaseManager)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for words in ["aperto il ", "non questa parte", "l’ha registrato", "Invio mandato"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let audit = site.get(&format!("/persone/{}/chi-sapeva", ana()), Some(Role::Auditor)).await;
    assert!(audit.text.contains("aperto il ") && audit.text.contains("alloggio"), "{}", audit.text);
    for content in CONTENT {
        assert!(!audit.text.contains(content), "{content}");
    }
    // A list opens nothing, so a body that only saw her there has no column.
    assert_eq!(audit.text.matches("class=\"nothing\"").count(), 0, "{}", audit.text);
    let nobody = format!("/persone/{}/chi-sapeva", Uuid::from_u128(9));
    let begun = std::time::Instant::now();
    assert_eq!(site.get(&nobody, Some(Role::Auditor)).await.status, StatusCode::NOT_FOUND);
    assert!(begun.elapsed() >= REFUSED_AFTER, "its time tells of whom it was");
    let before = site.get(&format!("{path}&al=2026-01-11"), Some(Role::CaseManager)).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_noted_end_of_the_chain_is_found_again_and_a_wrong_one_is_an_alarm() {
    let world = World::start().await;
    let site = open(&world).await;
    looked(&site, "greco", real_now(), |_| {}).await;
    let page = site.get("/registro/integrita", Some(Role::Auditor)).await;
    let from = page.text.find("<code>").unwrap() + "<code>".len();
    let hash = &page.text[from..from + 64];
    let last = page.text[..from].rsplit("<dd>").nth(1).unwrap();
    let last: i64 = last.split('<').next().unwrap().parse().unwrap();
    let path = format!("/registro/integrita?posizione={last}&impronta=");
    let same = site.get(&format!("{path}{hash}"), Some(Role::Auditor)).await;
    assert!(same.text.contains("ha ancora l’impronta"), "{}", same.text);
    let other = site.get(&format!("{path}{}", "0".repeat(64)), Some(Role::Auditor)).await;
    assert!(other.text.contains("non ha l’impronta che avevi annotato"), "{}", other.text);
    let gone = format!("/registro/integrita?posizione=999999&impronta={hash}");
    let gone = site.get(&gone, Some(Role::Auditor)).await;
    assert!(gone.text.contains("La riga 999999 non c’è"), "{}", gone.text);
}
