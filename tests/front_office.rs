//! A front-office worker at her pages, as a browser without scripts sends them: an anonymous man is
//! registered, found a week later under a misspelt name, linked, unlinked; and who looked is seen.
//! Beside her, who opens a record by force, who looks at that, and the desks of the health services.

#![cfg(test)]

#[path = "support/cluster.rs"]
mod cluster;
#[path = "front_office/confidential.rs"]
mod confidential;
#[path = "front_office/desk.rs"]
mod desk;
#[path = "front_office/emergency.rs"]
mod emergency;
#[expect(dead_code, reason = "the certified provider is for the tests of signing in")]
#[path = "oidc/mod.rs"]
mod oidc;
#[path = "front_office/reception.rs"]
mod reception;

use desk::{Desk, Town};
use oidc::Page;
use time::Duration;
use trama_platform::clock::real_now;

/// A page that holds all these words.
fn says(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.text.contains(word), "{}: no {word}: {}", page.url, page.text);
    }
}

/// A page that holds none of these words.
fn hides(page: &Page, words: &[&str]) {
    for word in words {
        assert!(!page.text.contains(word), "{}: {word}", page.url);
    }
}

/// Fields of the man as he was told to the first desk.
const WELL_SPELT: [(&str, &str); 4] = [
    ("cognome", "Diallo"),
    ("nome", "Ibrahima"),
    ("nascita", "1991-04-02"),
    ("stato", "anonymous"),
];
/// The same man as the second desk heard him.
const MISSPELT: [(&str, &str); 3] =
    [("cognome", "Dialo"), ("nome", "Ibraima"), ("nascita", "1991-04-02")];

/// The short code in the title of a person's page.
fn code_of(page: &Page) -> String {
    let (_, rest) = page.text.split_once("<h1>Persona ").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

/// The first candidate's record, as the page of links names it.
fn other_of(page: &Page) -> String {
    page.field("altra")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_man_is_found_again_linked_and_parted_and_it_is_known_who_looked_r31_a7() {
    let town = Town::start().await;
    let a_week_ago = real_now() - Duration::days(7);
    town.client().set_clock(Some(a_week_ago)).await.unwrap();
    let mut fabio = Desk::of(&town, "fabio.stazione").await;
    let first = fabio.registers("Centro diurno", &WELL_SPELT).await;
    assert!(first.url.path().starts_with("/persone/"), "{}", first.text);
    hides(&first, &["Diallo", "Ibrahima"]);
    let his = first.url.path().to_owned();
    let his_code = code_of(&first);
    town.settled().await;

    town.client().set_clock(None).await.unwrap();
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    let found = sara.searches(&MISSPELT).await;
    says(&found, &["Diallo Ibrahima 1991", &his_code, "molto probabile", "stessa data di nascita"]);
    says(&found, &["cognome che suona uguale", &format!("href=\"{his}?scopo=care\"")]);
    assert_eq!(found.url.query(), None, "what is looked for stands in no address");

    let asked = sara.takes_over(&found).await;
    says(&asked, &["Forse è già conosciuta", "value=\"Dialo\"", &his_code]);
    let second = sara.registers_from(&asked, "Porta unica", &[("stato", "declared")]).await;
    assert!(second.url.path().ends_with("/collegamenti"), "{}", second.text);
    says(&second, &["Persona registrata.", "Dialo Ibraima 1991", "Diallo Ibrahima 1991"]);
    says(&second, &["È lei", "Non è lei", "Non so"]);
    let hers = second.url.path().to_owned();
    assert_eq!(format!("/persone/{}", other_of(&second)), his);

    let without_reason = sara.answers(&second, "lei", &[]).await;
    assert_eq!(without_reason.status, 422, "{}", without_reason.text);
    says(&without_reason, &["Non fatto.", "almeno un motivo", "href=\"#motivi-"]);
    let linked = sara.answers(&second, "lei", &["person_says_so", "recognised"]).await;
    says(&linked, &["Collegate: è la stessa persona."]);
    town.settled().await;
    let linked = sara.opens(linked.url.as_str()).await;
    says(&linked, &["2 schede collegate", "lo dice la persona, riconosciuta da un operatore"]);
    let journey = sara.opens(&format!("{his}?scopo=care")).await;
    says(&journey, &["conosciuta anche come", "Schede collegate: è la stessa persona"]);
    let mut marta = Desk::of(&town, "marta.assistente").await;
    let refused = marta.opens(&his).await;
    assert_ne!(refused.status, 200, "she has nothing to do with him: {}", refused.text);

    let parted = sara.unlinks(&linked, "two_people").await;
    town.settled().await;
    let parted = sara.opens(parted.url.as_str()).await;
    says(&parted, &["Scollegate (sono due persone).", "Una scheda sola", "nessuno, oltre a te"]);
    hides(&parted, &["Diallo", "Forse è la stessa persona"]);
    let journey = sara.opens(&format!("{his}?scopo=care")).await;
    assert_eq!(code_of(&journey), his_code);
    hides(&journey, &["conosciuta anche come"]);
    says(&journey, &["Schede scollegate"]);

    the_auditor_sees_who_looked(&town, &his, &his_code, &hers).await;
    for path in ["/accessi".to_owned(), format!("{his}/accessi")] {
        assert_eq!(sara.opens(&path).await.status, 404, "{path}");
    }
    let told = sara.opens(&format!("{his}/accessi?scopo=care")).await;
    says(&told, &["Da dire alla persona", "Comune di Bari", "aiuto alla persona"]);
    hides(&told, &["operatore ", "rifiutato", "Diallo", "Chi ha letto mentre"]);
}

/// Who read the joined file, who looked at all, and the copy for the person; never what they read.
async fn the_auditor_sees_who_looked(town: &Town, his: &str, his_code: &str, hers: &str) {
    let mut diego = Desk::of(town, "diego.dpo").await;
    let log = diego.opens(&format!("/accessi?codice={his_code}")).await;
    assert_eq!(log.url.path(), format!("{his}/accessi"));
    says(
        &log,
        &["Chi ha letto mentre le schede erano unite", "Segretariato sociale", "operatore "],
    );
    says(&log, &["Comune di Bari", "aiuto alla persona", "rifiutato"]);
    hides(&log, &["Diallo", "Ibrahima"]);
    let copy = diego.opens(&format!("{his}/accessi?copia=persona")).await;
    says(&copy, &["Comune di Bari", "Segretariato sociale"]);
    hides(&copy, &["operatore 1", "rifiutato", "Chi ha letto mentre"]);
    assert_eq!(diego.opens(hers).await.status, 404, "content is not for the auditor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_registers_one_person() {
    let town = Town::start().await;
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    let form = sara.opens("/persone/nuova").await;
    let fields = [("cognome", "Fofana"), ("nome", "Aïcha"), ("numero", "RSSMRA85T10A56")];
    let odd = sara.registers_from(&form, "Porta unica", &fields).await;
    assert_eq!(odd.status, 200);
    says(&odd, &["non ha la forma di un codice fiscale", "viene registrata lo stesso"]);
    let once = sara.registers_from(&odd, "Porta unica", &fields).await;
    let again = sara.registers_from(&odd, "Porta unica", &fields).await;
    let person = once.url.path().split('/').nth(2).unwrap();
    assert!(person.len() == 36 && again.url.path().contains(person), "{}", again.url);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_stay_two_and_a_doubt_stays_open() {
    let town = Town::start().await;
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    sara.registers("Porta unica", &WELL_SPELT).await;
    let form = sara.opens("/persone/nuova").await;
    let seen = sara.registers_from(&form, "Porta unica", &MISSPELT).await;
    says(&seen, &["Forse è già conosciuta"]);
    let page = sara.registers_from(&seen, "Porta unica", &MISSPELT).await;
    town.settled().await;
    let page = sara.opens(page.url.as_str()).await;
    let open = sara.answers(&page, "incerta", &[]).await;
    says(&open, &["Annotato: non si sa.", "qualcuno ha guardato e non ha deciso"]);
    let different = sara.answers(&open, "altra", &[]).await;
    says(&different, &["Annotato: sono due persone.", "Nessuna scheda collegata"]);
    hides(&different, &["Forse è la stessa persona"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_page_is_not_obeyed_and_a_wrong_one_says_where_a15() {
    let town = Town::start().await;
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    let empty = sara.sends("/persone/cerca", &[("scopo", "care")]).await;
    assert_eq!(empty.status, 422);
    says(&empty, &["Una cosa da sistemare", "href=\"#q\"", "q-errore"]);
    let wrong = [("scopo", "care"), ("anno", "1891"), ("nascita", "31/12/1985")];
    let wrong = sara.sends("/persone/cerca", &wrong).await;
    says(&wrong, &["2 cose da sistemare", "href=\"#anno\"", "href=\"#nascita\"", "value=\"1891\""]);
    for path in ["/persone/cerca", "/persone/nuova"] {
        let foreign = sara.is_made_to_send(path, &WELL_SPELT).await;
        assert_eq!(foreign.status, 403, "{path}");
        hides(&foreign, &["Diallo"]);
    }
}
