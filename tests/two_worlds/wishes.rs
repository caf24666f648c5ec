//! What a person decided about her own past, at the gate of the whole product: what she obscured, and
//! her childhood once she is of age.

use serde_json::{Value, json};
use trama::client::Actor;
use trama::commands::demo::users::user;
use trama_events::ids::{ContactId, EncounterId, PersonId};

use super::looks::Subject;
use super::{World, actor, is_figure, leaks, none};

impl World {
    async fn encounters(&self, who: &Actor, person: PersonId, name: &str) -> EncounterId {
        let encounter = EncounterId::derived(&["two worlds", name]);
        let body = json!({ "encounter": encounter, "service": who.services[0], "person": person,
            "ethos": "1.1" });
        self.does(who, "/api/intake/encounters", body).await;
        encounter
    }

    async fn obscures(&self, who: &Actor, person: PersonId, what: Value) {
        let path = format!("/api/intake/persons/{person}/obscurings");
        self.does(who, &path, json!({ "what": what, "form": "said" })).await;
    }
}

/// An entry that she obscured, where it was made: taken down there by whoever has been sent her.
async fn an_obscured_entry(world: &World) -> Vec<String> {
    let known = world.in_charge("Gina").await;
    let (anna, marta) = (actor("anna.uds"), actor("marta.assistente"));
    world.client.settle().await.unwrap();
    let referral = json!({ "person": known, "from": marta.services[0], "to": anna.services[0],
        "need": "health", "urgency": "ordinary", "dataset": ["identity"] });
    world.does(&marta, "/api/referrals/referrals", referral).await;
    world.client.settle().await.unwrap();
    let subject = Subject::of(known).named("Quarantasei Gina");
    let found = world
        .hides(&subject, async || {
            let encounter = world.encounters(&anna, known, "obscured").await;
            world.client.settle().await.unwrap();
            let entry = format!("intake/outreach_encounter-{encounter}/1");
            world.obscures(&anna, known, json!({ "entry": entry })).await;
            subject.clone()
        })
        .await;
    leaks("an obscured entry", &found, |ask| ask.who == "anna.uds" || is_figure(ask))
}

/// All that one service writes of her, obscured before it writes anything, and where somebody else
/// works: that it is, the body that took it down is told.
async fn an_obscured_service(world: &World) -> Vec<String> {
    let known = world.in_charge("Gemma").await;
    let (anna, marta) = (actor("anna.uds"), actor("marta.assistente"));
    let subject = Subject::of(known).named("Quarantasei Gemma");
    world.client.settle().await.unwrap();
    let found = world
        .hides(&subject, async || {
            world.obscures(&marta, known, json!({ "service": anna.services[0] })).await;
            world.client.settle().await.unwrap();
            world.encounters(&anna, known, "of an obscured service").await;
            world.records(&anna, known, &[("private_note", "she told me alone")]).await;
            subject.clone()
        })
        .await;
    let hers = "/api/intake/persons/{person}/wishes";
    leaks("an obscured service", &found, |ask| {
        let by_marta = || user(&ask.who).unwrap().actor().organisation == marta.organisation;
        ask.who == "anna.uds" || is_figure(ask) || (ask.door == hers && by_marta())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_obscured_changes_no_answer_to_others_v16_threat_4_c4() {
    let world = World::begin().await;
    let leaks = [an_obscured_entry(&world).await, an_obscured_service(&world).await];
    drop(world.town);
    none(&leaks.concat());
}

/// What somebody sees of a person: the kinds of her entries, and what is in the vault.
async fn seen_by(world: &World, who: &Actor, person: PersonId) -> (Vec<String>, Vec<String>) {
    let words = async |path: &str, list: &str, field: &str| {
        let told = world.client.get(who, path).await.unwrap();
        assert_eq!(told.status, 200, "{}", told.words());
        let all = told.body[list].as_array().unwrap().iter();
        all.map(|one| one[field].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let journey = words(&format!("/api/projections/journeys/{person}"), "entries", "kind").await;
    let vault = format!("/api/vault/persons/{person}");
    (journey, words(&vault, "facts", "value").await)
}

/// Somebody who turned eighteen last year, and was met by a minors' service before.
async fn a_care_leaver(world: &World, silvia: &Actor) -> PersonId {
    let year = u16::try_from(world.now.year()).unwrap();
    let person = world.registers(silvia, "Ilda", year - 19).await;
    let as_a_child = format!("{}-12-15T10:00:00Z", year - 1);
    let contact = json!({ "contact": ContactId::derived(&["two worlds", "Ilda"]),
        "service": silvia.services[0], "channel": "desk", "person": person, "needs": [],
        "occurred_at": as_a_child });
    world.does(silvia, "/api/intake/contacts", contact).await;
    world.client.settle().await.unwrap();
    let note = json!({ "facts": [{ "field": "note", "value": "what she told as a child",
        "segment": "minors", "source": "declared" }] });
    world.does(silvia, &format!("/api/vault/persons/{person}/facts"), note).await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn at_eighteen_she_decides_which_adult_service_sees_her_childhood_and_for_how_long_c5() {
    let world = World::begin().await;
    let (silvia, marta) = (actor("silvia.minori"), actor("marta.assistente"));
    let person = a_care_leaver(&world, &silvia).await;
    world.client.settle().await.unwrap();
    world.takes_in_charge(&marta, person, "Ilda").await;
    world.client.settle().await.unwrap();
    let of_childhood = async || {
        let (journey, vault) = seen_by(&world, &marta, person).await;
        let met = journey.contains(&"contact_recorded".to_owned());
        (met, vault.contains(&"what she told as a child".to_owned()))
    };
    assert_eq!(of_childhood().await, (false, false), "an adult service sees nothing of it");

    let at = format!("/api/intake/persons/{person}/childhood");
    let to = |who: &Actor| json!({ "to": { "service": who.services[0] }, "form": "signed" });
    world.does(&marta, &at, to(&silvia)).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (false, false), "nor when she opened it to others");
    let opened = world.does(&marta, &at, to(&marta)).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (true, true), "she decided so");
    let close = format!("{at}/{}/close", opened["id"].as_str().unwrap());
    world.does(&marta, &close, json!({})).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (false, false), "at once");
    drop(world.town);
}
