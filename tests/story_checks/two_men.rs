//! Story E: two men of one name were taken for one, and parted again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama::client::Client;
use trama_events::ids::{LinkId, PersonId};
use trama_platform::clock::real_now;

use super::desk::{Desk, Town};
use super::support::key;
use super::{Telling, actor};

/// A minute before the two are linked, and before they are parted; and some time later.
const BEFORE_LINK: &str = "2025-02-03T10:59:00+01:00";
const BEFORE_UNLINK: &str = "2025-08-20T08:59:00+02:00";
const PARTED: &str = "2025-08-20T10:00:00+02:00";
/// Nothing recorded later is asked for: the minute before the link, in UTC.
const KNOWN_BY: &str = "2025-02-03T09:59:00Z";

/// Who knows whom before the link.
const KNOWN: [(&str, &str); 3] = [
    ("dora.segretariato", "man"),
    ("sara.segretariato", "namesake"),
    ("marta.assistente", "namesake"),
];

/// Who reads the joined history: the desk that linked them, both social workers, the district.
const READ_MEANWHILE: [&str; 4] =
    ["dora.segretariato", "bice.assistente", "marta.assistente", "piero.distretto"];

/// What was truly written of the man in Putignano after the link, as his own case manager reads it.
const WRITTEN_OF_THE_MAN: [&str; 21] = [
    "persons_linked",
    "case_opened",
    "case_manager_assigned",
    "assessment_recorded",
    "uvm_convened",
    "care_plan_approved",
    "taken_in_charge",
    "referral_created",
    "referral_sent",
    "referral_seen",
    "referral_accepted",
    "referral_created",
    "referral_sent",
    "referral_seen",
    "referral_accepted",
    "guardian_appointed",
    "referral_created",
    "referral_sent",
    "referral_seen",
    "referral_accepted",
    "persons_unlinked",
];

/// A history as somebody reads it, without how far each log was read.
async fn history(client: &Client, who: &str, person: PersonId, known_by: &str) -> Value {
    let path = format!("/api/projections/journeys/{person}?limit=500{known_by}");
    let mut answer = client.get(&actor(who), &path).await.unwrap();
    assert_eq!(answer.status, 200, "{who}: {}", answer.body);
    answer.body.as_object_mut().unwrap().remove("positions").unwrap();
    answer.body
}

async fn as_known_then(
    client: &Client,
    told: &Telling,
) -> BTreeMap<(&'static str, String), String> {
    let mut all = BTreeMap::new();
    for (who, label) in KNOWN {
        let known_by = format!("&recorded_by={KNOWN_BY}");
        let history = history(client, who, told.person(label), &known_by).await;
        assert!(!history["entries"].as_array().unwrap().is_empty(), "{who} sees nothing");
        all.insert((who, label.to_owned()), history.to_string());
    }
    all
}

/// Kinds of entries that were recorded after the two were taken for one.
fn written_since(history: &Value) -> Vec<&str> {
    let entries = history["entries"].as_array().unwrap();
    let since = entries.iter().filter(|entry| entry["recorded_at"].as_str().unwrap() > KNOWN_BY);
    since.map(|entry| entry["kind"].as_str().unwrap()).collect()
}

/// Whether the page of a man's links proposes somebody.
async fn is_proposed(desk: &mut Desk<'_>, man: PersonId) -> bool {
    let page = desk.opens(&format!("/persone/{man}/collegamenti?scopo=care")).await;
    assert!(page.status == 200 && page.text.contains("Una scheda sola"), "{}", page.text);
    page.text.contains("Forse è la stessa persona")
}

/// Reasons for and against a candidate, by what was compared, when somebody looks for the other
/// man's tax code.
async fn compared(client: &Client, told: &Telling) -> Value {
    let form = json!({ "family": "Colapietro", "given": "Vito", "tax_code": "CLPVTI41C12H096L" });
    let path = "/api/intake/persons/match";
    let answer = client.ask(&actor("dora.segretariato"), path, &key(), &form).await.unwrap();
    assert!(answer.is_done(), "{}", answer.words());
    let namesake = told.person("namesake").to_string();
    let found = answer.body["candidates"].as_array().unwrap().iter();
    let mut found = found.filter(|candidate| candidate["person"] == namesake.as_str());
    let reasons = found.next().expect("he is not found")["reasons"].as_array().unwrap();
    let code = reasons.iter().find(|reason| reason["field"] == "tax_code").unwrap();
    code["level"].clone()
}

/// Who read either history between two moments of the machine's clock, for the auditor.
async fn readers(client: &Client, told: &Telling, between: [OffsetDateTime; 2]) -> Vec<Value> {
    let (man, namesake) = (told.person("man"), told.person("namesake"));
    let link = LinkId::of_pair(man, namesake);
    let [from, to] = between.map(|at| at.format(&Rfc3339).unwrap());
    let path = format!(
        "/api/access/links/{link}/readers?person={man}&other={namesake}&from={from}&to={to}"
    );
    let answer = client.get(&actor("diego.dpo"), &path).await.unwrap();
    assert!(answer.is_done(), "{}", answer.words());
    answer.body["readers"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_men_who_were_taken_for_one_have_their_own_histories_again_and_who_read_them_is_known_a7()
 {
    let (town, told) = (Town::start().await, Telling::of("e"));
    let client = town.client();
    let (man, namesake) = (told.person("man"), told.person("namesake"));
    told.until(&client, BEFORE_LINK).await;
    let before = as_known_then(&client, &told).await;
    assert_eq!(compared(&client, &told).await, "omocodes");
    let mut dora = Desk::of(&town, "dora.segretariato").await;
    assert!(is_proposed(&mut dora, man).await, "two men of one name look alike");

    let linked = real_now();
    told.until(&client, BEFORE_UNLINK).await;
    let unlinked = real_now();
    assert_eq!(told.kept("link"), LinkId::of_pair(man, namesake).to_string());
    let joined = history(&client, "marta.assistente", namesake, "").await;
    assert!(joined.to_string().contains("care_plan_approved"), "the link joins nothing");

    told.until(&client, PARTED).await;
    assert_eq!(as_known_then(&client, &told).await, before);
    let his = history(&client, "marta.assistente", namesake, "").await;
    assert_eq!(written_since(&his), ["persons_linked", "meal_served", "persons_unlinked"]);
    let his = history(&client, "bice.assistente", man, "").await;
    assert_eq!(written_since(&his), WRITTEN_OF_THE_MAN);
    for of_the_other in [namesake.to_string(), "CLPVTI41C12H09SI".to_owned()] {
        assert!(!his.to_string().contains(&of_the_other), "{of_the_other}: {his}");
    }
    assert!(!is_proposed(&mut dora, man).await, "they were parted");
    assert!(!is_proposed(&mut dora, namesake).await, "they were parted");

    let seen = readers(&client, &told, [linked, unlinked]).await;
    let staff = |read: &Value| read["staff"].as_str().unwrap().to_owned();
    let who: BTreeSet<String> = seen.iter().map(staff).collect();
    let meanwhile = READ_MEANWHILE.map(|name| actor(name).staff.to_string());
    assert_eq!(who, BTreeSet::from(meanwhile), "sara read him before only");
    let services = READ_MEANWHILE.map(|name| actor(name).services[0]);
    assert_eq!(BTreeSet::from(services).len(), READ_MEANWHILE.len(), "of different services");
    for read in &seen {
        assert!(!read["sections"].as_array().unwrap().is_empty(), "{read}");
        for at in ["first_at", "last_at"] {
            let at = super::moment(read[at].as_str().unwrap());
            assert!((linked..unlinked).contains(&at), "{read}");
        }
    }
    let of_marta = actor("marta.assistente").staff.to_string();
    let of_marta = seen.iter().find(|read| staff(read) == of_marta).unwrap();
    assert!(of_marta["sections"].as_array().unwrap().contains(&json!("care_plan")), "{of_marta}");
}
