//! The desks of the two health services: what comes in is answered without any record being opened,
//! and on every page stands what others see of it.

use serde_json::{Value, json};
use trama::client::Actor;
use trama::commands::demo;
use trama_platform::clock::random_id;

use super::desk::{Desk, Town};
use super::{hides, says};

const OUTSIDE: &str = "Che cosa vede il Comune di questo";

fn actor(user: &str) -> Actor {
    demo::user(user).unwrap().actor()
}

async fn done(town: &Town, user: &str, path: &str, body: Value) -> Value {
    let key = random_id().to_string();
    let answer = town.client().post(&actor(user), path, &key, &body).await.unwrap();
    assert!(answer.is_done(), "{path}: {}", answer.words());
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_handed_in_answered_and_gone_on_with_under_a_pseudonym_alone() {
    let town = Town::start().await;
    let serd = actor("elena.serd").organisation;
    let printed = json!({ "organisation": serd });
    let slip = done(&town, "sara.segretariato", "/api/sealed/slips", printed).await;
    let slip = slip["slip"].as_str().unwrap().to_owned();

    let page = Desk::of(&town, "elena.serd").await.opens("/riservato").await;
    assert_eq!(page.status, 403);
    says(&page, &["Serve un secondo fattore", OUTSIDE]);
    let mut elena = Desk::certain(&town, "elena.serd").await;
    for path in ["/", "/riservato", "/rete", "/not-there"] {
        let page = elena.opens(path).await;
        says(&page, &[OUTSIDE, "Senza l’accordo della persona", "«Servizio esterno»"]);
    }
    let page = elena.opens("/riservato").await;
    says(&page, &["Niente da rispondere.", "Nessun percorso aperto.", "Presenta un biglietto"]);
    let service = actor("elena.serd").services[0].to_string();
    let key = page.field("chiave");
    let hands_in = async |elena: &mut Desk<'_>, slip: &str| {
        let fields = [
            ("passo", "biglietto"),
            ("chiave", key.as_str()),
            ("biglietto", slip),
            ("servizio", service.as_str()),
            ("urgenza", "urgent"),
            ("bisogno", "3"),
        ];
        elena.sends("/riservato", &fields).await
    };
    let wrong = hands_in(&mut elena, "ABC").await;
    assert_eq!(wrong.status, 422);
    says(&wrong, &["Il biglietto non è scritto giusto", ">ABC</textarea>"]);
    let taken = hands_in(&mut elena, &slip).await;
    says(&taken, &["Biglietto preso.", "urgente", "bisogno grave", "rispondere entro"]);
    says(&taken, &["«Servizio esterno, atteso»"]);
    hides(&taken, &[&slip]);

    goes_on(&town, &mut elena, &taken.field("percorso"), &slip).await;
    for user in ["sara.segretariato", "giulia.csm", "diego.dpo"] {
        let page = Desk::of(&town, user).await.opens("/riservato").await;
        assert_eq!(page.status, 404, "{user}");
    }
}

/// From the answer to the end, and what the holder of the slip reads meanwhile.
async fn goes_on(town: &Town, elena: &mut Desk<'_>, path: &str, slip: &str) {
    let step = async |elena: &mut Desk<'_>, step: &str, more: &[(&str, &str)]| {
        let key = random_id().to_string();
        let mut fields = vec![("percorso", path), ("passo", step), ("chiave", &key)];
        fields.extend(more);
        elena.sends("/riservato", &fields).await
    };
    let unsaid = step(elena, "no", &[]).await;
    assert_eq!(unsaid.status, 422);
    let yes = step(elena, "si", &[("quando", "2099-01-08T09:30")]).await;
    says(&yes, &["Risposto: sì.", "Viene l’8 gennaio 2099 alle 09:30"]);
    let holder = town
        .client()
        .post(
            &actor("sara.segretariato"),
            "/api/sealed/slips/state",
            "reads-it",
            &json!({ "slip": slip }),
        )
        .await
        .unwrap();
    assert_eq!(holder.body["state"], "come");
    says(&step(elena, "entra", &[]).await, &["In percorso.", "«Servizio esterno, in percorso»"]);
    let closed = step(elena, "chiudi", &[("motivo", "completed")]).await;
    says(&closed, &["Percorso chiuso.", "Nessun percorso aperto."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_to_the_mental_health_centre_is_answered_and_no_record_is_opened() {
    let town = Town::start().await;
    let client = town.client();
    let (marta, giulia) = (actor("marta.assistente"), actor("giulia.csm"));
    let person = json!({ "service": marta.services[0], "status": "declared" });
    let person = done(&town, "marta.assistente", "/api/intake/persons", person).await;
    let person = person["id"].as_str().unwrap().to_owned();
    town.settled().await;
    let case = json!({ "person": person, "service": marta.services[0] });
    done(&town, "marta.assistente", "/api/casework/cases", case).await;
    town.settled().await;
    let referral = json!({ "person": person, "from": marta.services[0], "to": giulia.services[0],
        "need": "health", "urgency": "ordinary", "dataset": ["needs"] });
    done(&town, "marta.assistente", "/api/referrals/referrals", referral).await;
    town.settled().await;

    let mut desk = Desk::of(&town, "giulia.csm").await;
    let inbox = desk.opens("/").await;
    says(
        &inbox,
        &["Invio a cui rispondere", "rispondere entro il ", OUTSIDE, "Solo con il suo accordo"],
    );
    hides(&inbox, &[&format!("/persone/{person}")]);
    let (_, rest) = inbox.text.split_once("href=\"/invii/").unwrap();
    let path = format!("/invii/{}", rest.split_once('"').unwrap().0);
    let form = desk.opens(&path).await;
    says(&form, &["Accogli", "Respingi…", "Visto", "bisogni. Nient’altro.", OUTSIDE]);
    let key = form.field("chiave");
    let half = [("chiave", key.as_str()), ("mossa", "respingi"), ("motivo", "outside_area")];
    let half = desk.sends(&path, &half).await;
    assert_eq!(half.status, 422);
    says(&half, &["2 cose da sistemare", "href=\"#passo\"", "href=\"#da\""]);
    let yes = desk.sends(&path, &[("chiave", &key), ("mossa", "accogli")]).await;
    says(&yes, &["Accolto."]);
    town.settled().await;
    hides(&desk.opens("/").await, &["Invio a cui rispondere"]);
    let looks = client.get(&giulia, "/api/access/mine").await.unwrap();
    let looks = looks.body["items"].as_array().unwrap().clone();
    let hers: Vec<&Value> = looks.iter().filter(|look| look["person"] == person.as_str()).collect();
    assert!(!hers.is_empty() && hers.iter().all(|look| look["sections"] == json!(["requests"])));
    assert_eq!(desk.opens(&format!("/persone/{person}?scopo=care")).await.status, 404);
}
