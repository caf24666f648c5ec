//! A closed record is opened by force, who answers for it is told and looks at it; an entry that was
//! made on the wrong person goes to the right one, or is taken back in its first thirty seconds.

use serde_json::{Value, json};
use time::Duration;
use trama::client::Actor;
use trama::commands::demo;
use trama_events::ids::PersonId;
use trama_platform::clock::{random_id, real_now};

use super::desk::{Desk, Town};
use super::oidc::Page;
use super::{code_of, hides, says};

/// What the person says of herself.
const FATOU: [(&str, &str); 4] =
    [("cognome", "Sesay"), ("nome", "Fatou"), ("nascita", "1988-03-09"), ("stato", "declared")];
const ANOTHER: [(&str, &str); 4] =
    [("cognome", "Sissoko"), ("nome", "Awa"), ("nascita", "1979-11-30"), ("stato", "declared")];
/// Why a worker opens her record by force.
const WHY: &str = "Trovata in strada, non respira bene.";

fn actor(user: &str) -> Actor {
    demo::user(user).unwrap().actor()
}

/// Asks a command as somebody of the demo.
async fn done(town: &Town, user: &str, path: &str, body: Value) -> Value {
    let client = town.client();
    let key = random_id().to_string();
    let answer = client.post(&actor(user), path, &key, &body).await.unwrap();
    assert!(answer.is_done(), "{path}: {}", answer.words());
    answer.body
}

/// Her page's address, and her code.
async fn registered(town: &Town, fields: &[(&str, &str)]) -> (String, String) {
    let mut sara = Desk::of(town, "sara.segretariato").await;
    let page = sara.registers("Porta unica", fields).await;
    town.settled().await;
    let path = page.url.path().trim_end_matches("/collegamenti").to_owned();
    let page = sara.opens(&format!("{path}?scopo=care")).await;
    (path, code_of(&page))
}

fn id_of(path: &str) -> PersonId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Marta has her in charge.
async fn in_charge_of_marta(town: &Town, person: &str) {
    let service = actor("marta.assistente").services[0];
    let case = json!({ "person": id_of(person), "service": service });
    done(town, "marta.assistente", "/api/casework/cases", case).await;
    town.settled().await;
}

/// What is looked at in the inbox of whoever answers for it: the address of the review.
async fn told_of_it(desk: &mut Desk<'_>) -> String {
    let inbox = desk.opens("/").await;
    says(&inbox, &["Accesso d’emergenza da verificare", "vita o salute a rischio"]);
    let (_, rest) = inbox.text.split_once("href=\"/verifiche/").unwrap();
    format!("/verifiche/{}", rest.split_once('"').unwrap().0)
}

/// The form of an emergency, filled in.
async fn forces(desk: &mut Desk<'_>, her: &str, fields: &[(&str, &str)]) -> Page {
    let form = desk.opens(&format!("{her}/emergenza")).await;
    says(&form, &["Apri in emergenza", "60 minuti", "Avviso subito", "Verifica entro 72 ore"]);
    let mut all = vec![("chiave", form.field("chiave"))];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.sends(&format!("{her}/emergenza"), &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_record_is_opened_by_force_and_both_who_answer_for_it_are_led_to_its_review_v14() {
    let town = Town::start().await;
    let (her, code) = registered(&town, &FATOU).await;
    in_charge_of_marta(&town, &her).await;
    let facts = json!({ "facts": [
        { "field": "phone", "value": "333 1234567", "source": "declared" },
    ] });
    let vault = format!("/api/vault/persons/{}/facts", id_of(&her));
    done(&town, "marta.assistente", &vault, facts).await;

    let mut paola = Desk::of(&town, "paola.assistente").await;
    let nobody = format!("/persone/{}", random_id());
    let mut closed = Vec::new();
    for path in [&her, &nobody] {
        let page = paola.opens(&format!("{path}?scopo=care")).await;
        assert_eq!(page.status, 404, "{path}");
        says(&page, &["È un’emergenza?", &format!("href=\"{path}/emergenza\"")]);
        hides(&page, &["Sesay", &code]);
        closed.push(page.text.replace(path.as_str(), "/persone/she"));
    }
    assert_eq!(closed[0], closed[1], "who is there and who is not look alike");

    let empty = forces(&mut paola, &her, &[]).await;
    assert_eq!(empty.status, 422);
    says(&empty, &["3 cose da sistemare", "href=\"#motivo\"", "href=\"#classi\""]);
    let all = [
        ("motivo", "life_at_risk"),
        ("parole", WHY),
        ("classe", "identity"),
        ("classe", "contact"),
        ("classe", "address"),
        ("classe", "path"),
    ];
    let secret = [&all[..], &[("classe", "secret_address")]].concat();
    let secret = forces(&mut paola, &her, &secret).await;
    assert_eq!(secret.status, 422);
    says(&secret, &["non si apre mai in emergenza", WHY]);
    let never = forces(&mut paola, &nobody, &all).await;
    assert_eq!(never.status, 404, "a record that is not there: {}", never.text);
    forces(&mut paola, &her, &all).await;
    town.settled().await;
    let open = paola.opens(&format!("{her}?scopo=emergency")).await;
    assert_eq!(open.status, 200, "{}", open.text);
    says(&open, &["Aperta in emergenza: ancora", "Motivo: vita o salute a rischio", &code]);
    says(&open, &["Sesay", "Fatou", "3331234567", "Scheda aperta"]);
    hides(&open, &["Spostala", "SerD"]);

    both_who_answer_look_at_it(&town, &mut paola).await;
}

/// Each is led to it, sees what her role may, and one finding ends it for both.
async fn both_who_answer_look_at_it(town: &Town, paola: &mut Desk<'_>) {
    for user in ["marta.assistente", "diego.dpo"] {
        let mut desk = Desk::of(town, user).await;
        let review = told_of_it(&mut desk).await;
        let page = desk.opens(&review).await;
        says(&page, &["Verifica dell’accesso", "vita o salute a rischio", "da verificare entro"]);
        assert_eq!(page.text.contains(WHY), user == "marta.assistente", "{user}");
        assert!(page.text.contains("Comune di Corato"), "{user}: {}", page.text);
        hides(&page, &["Sesay", "3331234567"]);
    }
    let mut diego = Desk::of(town, "diego.dpo").await;
    let review = told_of_it(&mut diego).await;
    assert_eq!(paola.opens(&review).await.status, 404, "nobody looks at her own");
    let page = diego.opens(&review).await;
    says(&page, &["identità", "recapiti", "Che cosa ha guardato"]);
    let key = page.field("chiave");
    let unsaid = diego.sends(&review, &[("chiave", &key)]).await;
    assert_eq!(unsaid.status, 422);
    let short = [("chiave", key.as_str()), ("esito", "justified"), ("parole", "giusto")];
    let short = diego.sends(&review, &short).await;
    assert_eq!(short.status, 422);
    says(&short, &["da 10 a 1.000 segni", "giusto"]);
    let words = "Era in pericolo: ha aperto quello che serviva.";
    let all = [("chiave", key.as_str()), ("esito", "justified"), ("parole", words)];
    let found = diego.sends(&review, &all).await;
    says(&found, &["Verifica registrata: giustificato"]);
    town.settled().await;
    says(&diego.opens(&review).await, &["Che cosa è stato trovato", "verificato", words]);
    let of_marta = Desk::of(town, "marta.assistente").await.opens(&review).await;
    says(&of_marta, &["Che cosa è stato trovato", "non ha lasciato parole che tu possa leggere"]);
    hides(&of_marta, &[words]);
    for user in ["marta.assistente", "diego.dpo"] {
        let inbox = Desk::of(town, user).await.opens("/").await;
        hides(&inbox, &["Accesso d’emergenza da verificare"]);
    }
}

/// Fabio notes a contact of somebody.
async fn notes_a_contact(town: &Town, person: &str) {
    let fabio = actor("fabio.stazione");
    let contact = json!({ "service": fabio.services[0], "channel": "desk",
        "person": id_of(person), "needs": [{ "code": "material_food", "level": 2 }] });
    done(town, "fabio.stazione", "/api/intake/contacts", contact).await;
    town.settled().await;
}

/// Looks for the right person, and moves it to her; without saying to whom, nothing is moved.
async fn moves_it(
    fabio: &mut Desk<'_>,
    wrong: &str,
    (right, right_code): (&str, &str),
    entry: &str,
) {
    let search = [
        ("voce", entry),
        ("scopo", "care"),
        ("passo", "cerca"),
        ("cognome", "Sissoco"),
        ("nome", "Awa"),
        ("nascita", "1979-11-30"),
    ];
    let found = fabio.sends(&format!("{wrong}/sposta"), &search).await;
    says(&found, &["A chi appartiene", "Sissoko", right_code]);
    let (_, form) = found.text.split_once("<form class=\"card\"").unwrap();
    let mut fields = Desk::hidden(form.split_once("</form>").unwrap().0);
    let without = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>();
    let without = fabio.sends(&format!("{wrong}/sposta"), &without).await;
    assert_eq!(without.status, 422, "{}", without.text);
    fields.push(("a".into(), id_of(right).to_string()));
    fields.push(("motivo".into(), "like_name".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let moved = fabio.sends(&format!("{wrong}/sposta"), &fields).await;
    says(&moved, &["Spostata."]);
}

/// The form by which an entry of the page is taken back, as it is sent.
fn undo_of(page: &Page, of: &str) -> Vec<(String, String)> {
    let (_, form) = page.text.split_once(&format!("action=\"{of}/sposta\"")).unwrap();
    let mut fields = Desk::hidden(form.split_once("</form>").unwrap().0);
    fields.push(("passo".into(), "annulla".into()));
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_on_the_wrong_person_is_moved_and_within_thirty_seconds_undone() {
    let town = Town::start().await;
    let (wrong, wrong_code) = registered(&town, &FATOU).await;
    let (right, right_code) = registered(&town, &ANOTHER).await;
    in_charge_of_marta(&town, &wrong).await;
    let client = town.client();
    let now = real_now();
    client.set_clock(Some(now)).await.unwrap();
    notes_a_contact(&town, &wrong).await;

    let mut fabio = Desk::of(&town, "fabio.stazione").await;
    let page = fabio.opens(&format!("{wrong}?scopo=care")).await;
    says(&page, &["Contatto", "Annulla", "Spostala"]);
    let undo = undo_of(&page, &wrong);
    let undo: Vec<(&str, &str)> = undo.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let undone = fabio.sends(&format!("{wrong}/sposta"), &undo).await;
    says(&undone, &["Annullata."]);
    town.settled().await;
    let page = fabio.opens(&format!("{wrong}?scopo=care")).await;
    hides(&page, &["Contatto", "Annulla", "Spostala"]);

    notes_a_contact(&town, &wrong).await;
    let mut marta = Desk::of(&town, "marta.assistente").await;
    let page = marta.opens(&wrong).await;
    says(&page, &["Contatto"]);
    hides(&page, &["Spostala"]);
    client.set_clock(Some(now + Duration::seconds(31))).await.unwrap();
    let page = fabio.opens(&format!("{wrong}?scopo=care")).await;
    hides(&page, &["value=\"annulla\""]);
    let (_, link) = page.text.split_once(&format!("href=\"{wrong}/sposta?")).unwrap();
    let query = link.split_once('"').unwrap().0.replace("&#38;", "&");
    let step = fabio.opens(&format!("{wrong}/sposta?{query}")).await;
    says(&step, &["Sposta una registrazione", "Contatto", &wrong_code]);
    let entry = step.field("voce");
    let late = [
        ("voce", entry.as_str()),
        ("scopo", "care"),
        ("passo", "annulla"),
        ("chiave", "late-undo"),
    ];
    let late = fabio.sends(&format!("{wrong}/sposta"), &late).await;
    assert_eq!(late.status, 422);
    says(&late, &["I 30 secondi sono passati"]);

    moves_it(&mut fabio, &wrong, (&right, &right_code), &entry).await;
    town.settled().await;
    hides(&marta.opens(&wrong).await, &["Contatto"]);
    says(&fabio.opens(&format!("{right}?scopo=care")).await, &["Contatto"]);
    assert_eq!(marta.opens(&format!("{wrong}/spostamenti")).await.status, 404);
    the_auditor_sees_it(&town, (&wrong, &wrong_code), (&right, &right_code)).await;
}

/// What was moved and taken back, and who had read it; no name.
async fn the_auditor_sees_it(
    town: &Town,
    (wrong, wrong_code): (&str, &str),
    (right, right_code): (&str, &str),
) {
    let mut diego = Desk::of(town, "diego.dpo").await;
    let page = diego.opens(&format!("{wrong}/spostamenti")).await;
    says(&page, &["Contatto: via da qui", wrong_code, right_code, "nome simile"]);
    says(&page, &["annullata da chi l’ha fatta", "Chi aveva letto la scheda", "Comune di Bari"]);
    hides(&page, &["Sesay", "Sissoko"]);
    let there = diego.opens(&format!("{right}/spostamenti")).await;
    says(&there, &["Contatto: arrivata qui"]);
}
