//! Receiving somebody step by step, and writing down a contact without a name: as a browser without
//! scripts sends the forms.

use super::desk::{Desk, Town};
use super::{MISSPELT, WELL_SPELT, code_of, hides, says};

/// The form of a page with this address, with its hidden fields.
fn form_of(page: &super::Page, path: &str) -> Vec<(String, String)> {
    let (_, form) = page.text.split_once(&format!("action=\"{path}\"")).unwrap();
    Desk::hidden(form.split_once("</form>").unwrap().0)
}

/// Sends the form of a page with these fields in it.
async fn fills(
    desk: &mut Desk<'_>,
    page: &super::Page,
    path: &str,
    fields: &[(&str, &str)],
) -> super::Page {
    let hidden = form_of(page, path);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| *name != "csrf" && fields.iter().all(|(given, _)| given != name))
        .collect();
    all.extend(fields);
    desk.sends(path, &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_received_in_four_steps_each_of_which_is_kept_and_her_page_says_what_is_missing()
 {
    let town = Town::start().await;
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    let hers = sara.registers("Porta unica", &WELL_SPELT).await;
    says(&hers, &["Accoglienza da completare", "/accoglienza/bisogno?"]);
    let code = code_of(&hers);
    let path = |step: &str| format!("{}/accoglienza/{step}", hers.url.path());

    let needs = sara.opens(&path("bisogno")).await;
    says(
        &needs,
        &[&format!("<h1>Persona {code}</h1>"), "Di che cosa ha bisogno", "aria-current=\"step\""],
    );
    hides(&needs, &["Diallo", "Ibrahima"]);
    let empty = fills(&mut sara, &needs, &path("bisogno"), &[]).await;
    assert_eq!(empty.status, 422);
    says(
        &empty,
        &["2 cose da sistemare", "href=\"#servizio\"", "href=\"#bisogni\"", "bisogni-errore"],
    );
    let (before, _) = needs.text.split_once(">Porta unica").unwrap();
    let service = before.rsplit_once("value=\"").unwrap().1.trim_end_matches('"').to_owned();
    let service = service.split('"').next().unwrap().to_owned();
    let told = [("servizio", service.as_str()), ("canale", "desk"), ("bisogno-housing", "3")];
    let housing = fills(&mut sara, &needs, &path("bisogno"), &told).await;
    assert_eq!(housing.url.path(), path("abitare"), "{}", housing.text);
    says(&housing, &["Salvato.", "Dove dorme"]);

    town.settled().await;
    let left = sara.opens(hers.url.as_str()).await;
    hides(&left, &["Accoglienza da completare"]);
    let notice = fills(&mut sara, &housing, &path("abitare"), &[("ethos", "1.1")]).await;
    assert_eq!(notice.url.path(), path("informativa"), "{}", notice.text);
    let unsaid = fills(&mut sara, &notice, &path("informativa"), &[("lingua", "")]).await;
    assert_eq!(unsaid.status, 422);
    says(&unsaid, &["href=\"#lingua\"", "aria-describedby=\"lingua-errore\""]);
    let done = fills(&mut sara, &notice, &path("informativa"), &[("lingua", "fr")]).await;
    assert_eq!(done.url.path(), hers.url.path());
    town.settled().await;
    let done = sara.opens(hers.url.as_str()).await;
    hides(&done, &["Accoglienza da completare"]);

    let mut nobody = Desk::of(&town, "marta.assistente").await;
    let path = "/persone/01900000-0000-7000-8000-0000000000ff/accoglienza/abitare";
    let there = nobody.opens(path).await;
    let sent = nobody.sends(path, &[("ethos", "1.1")]).await;
    assert_eq!((there.status, sent.status), (404, 404), "nobody is received who is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_at_the_door_needs_no_name_and_an_alias_is_one_record_r1_r9() {
    let town = Town::start().await;
    let mut fabio = Desk::of(&town, "fabio.stazione").await;
    let form = fabio.opens("/contatti/nuovo").await;
    says(&form, &["Contatto anonimo", "Tre cose, tutte facoltative"]);
    let path = "/contatti/nuovo";
    let nobody = fills(&mut fabio, &form, path, &[("canale", "desk"), ("dato", "clothing")]).await;
    says(&nobody, &["Contatto annotato."]);
    hides(&nobody, &["aprila"]);

    let wrong = fills(&mut fabio, &form, path, &[("sigla", "Mario")]).await;
    assert_eq!(wrong.status, 422);
    says(&wrong, &["href=\"#sigla\"", "Mai un nome", "value=\"MARIO\""]);
    let with = [("sigla", "sdp-7"), ("canale", "desk"), ("dato", "clothing")];
    let first = fabio.opens(path).await;
    let first = fills(&mut fabio, &first, path, &with).await;
    says(&first, &["Contatto annotato.", "aprila"]);
    let second = fabio.opens(path).await;
    let second = fills(&mut fabio, &second, path, &[("sigla", "SDP-7"), ("canale", "desk")]).await;
    let whose = |page: &super::Page| {
        let notice = page.text.split_once("Contatto annotato.").unwrap().1;
        let (_, rest) = notice.split_once("/persone/").unwrap();
        rest[..36].to_owned()
    };
    assert_eq!(whose(&first), whose(&second));
    town.settled().await;
    let found = fabio.sends("/persone/cerca", &[("scopo", "care"), ("q", "SDP-7")]).await;
    assert!(found.url.path().ends_with(&whose(&first)), "{}: {}", found.url, found.text);
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    let others = sara.sends("/persone/cerca", &[("scopo", "care"), ("q", "SDP-7")]).await;
    says(&others, &["Nessuno trovato", "Registra una nuova persona"]);
    let hers = sara.registers("Porta unica", &WELL_SPELT).await;
    town.settled().await;
    let links_of = |page: &super::Page| format!("{}/collegamenti", &page.url.path()[..45]);
    let links = links_of(&hers);
    let page = sara.opens(&format!("{links}?scopo=care")).await;
    let nobody = sara.names(&page, "SDP-7").await;
    assert_eq!(nobody.status, 422, "another unit's alias names nobody here");
    says(&nobody, &["Non fatto.", "href=\"#codice\"", "value=\"SDP-7\""]);

    let said = [("cognome", "Okafor"), ("nome", "Chidi"), ("anno", "1975")];
    let named = fabio.registers("Centro diurno", &said).await;
    town.settled().await;
    let links = links_of(&named);
    let page = fabio.opens(&format!("{links}?scopo=care")).await;
    says(&page, &["Un’altra scheda che conosci"]);
    let linked = fabio.names(&page, "sdp-7").await;
    says(&linked, &["Collegate: è la stessa persona."]);
    town.settled().await;
    let linked = fabio.opens(linked.url.as_str()).await;
    says(&linked, &["2 schede collegate", "lo dice la persona"]);

    let mut elena = Desk::of(&town, "anna.uds").await;
    let outside = elena.opens(path).await;
    says(&outside, &["Quartiere", "Non dorme in strada?"]);
    let street = fills(&mut elena, &outside, path, &[("dove", "via Dante 4")]).await;
    assert_eq!(street.status, 422);
    says(&street, &["href=\"#dove\"", "nome di un quartiere"]);
    let met = fills(&mut elena, &outside, path, &[("dove", "Libertà"), ("sigla", "UDS-9")]).await;
    says(&met, &["Contatto annotato."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_button_looks_for_who_is_known_and_what_is_said_of_her_is_kept_r31() {
    let town = Town::start().await;
    let mut sara = Desk::of(&town, "sara.segretariato").await;
    sara.registers("Porta unica", &WELL_SPELT).await;
    town.settled().await;
    let form = sara.opens("/persone/nuova").await;
    says(&form, &["<noscript>", "Cerca chi è già conosciuto"]);
    let mut looked = MISSPELT.to_vec();
    looked.push(("cerca", "1"));
    let seen = sara.registers_from(&form, "Porta unica", &looked).await;
    assert_eq!(seen.url.path(), "/persone/nuova", "nobody was registered");
    says(
        &seen,
        &["Forse è già conosciuta", "stessa data di nascita", "Dialo Ibraima, 2 aprile 1991"],
    );
    says(&seen, &["È lei", "Non è lei", "Non so"]);
    let (_, rest) = seen.text.split_once("name=\"giudizio-").unwrap();
    let judged = format!("giudizio-{}", &rest[..36]);
    let mut said = MISSPELT.to_vec();
    said.push((&judged, "altra"));
    let hers = sara.registers_from(&seen, "Porta unica", &said).await;
    says(&hers, &["<h1>Persona "]);
    town.settled().await;
    let links = sara.opens(&format!("{}/collegamenti?scopo=care", hers.url.path())).await;
    says(&links, &["Nessuna scheda collegata"]);
    hides(&links, &["Forse è la stessa persona"]);

    let few = sara.sends("/persone/cerca", &[("scopo", "care"), ("q", "Di")]).await;
    hides(&few, &["Diallo"]);
    let line = sara.sends("/persone/cerca", &[("scopo", "care"), ("q", "diallo 2/4/1991")]).await;
    says(&line, &["Diallo Ibrahima 1991", "Registra una nuova persona", "value=\"1991-04-02\""]);
}
