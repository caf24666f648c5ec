//! What a person decided about her own past, at the gate of the whole product: what she obscured, and
//! her childhood once she is of age.

use serde_json::{Value, json};
use time::{Date, Month};
use trama::client::Actor;
use trama::commands::demo::users::user;
use trama_events::ids::{ContactId, EncounterId, MealId, PersonId, ReferralId};
use trama_events::rome;
use trama_platform::clock::random_id;

use super::looks::Subject;
use super::support::until;
use super::{World, actor, is_figure, leaks, none, system_of};

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

/// The types of events that name one of these, or that came later in what they began, as the system of
/// somebody's body is told them.
async fn fed(world: &World, who: &Actor, people: &[PersonId]) -> Vec<String> {
    let (mut told, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/events?limit=500{after}");
        let page = world.client.get(&system_of(who), &path).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.words());
        after = format!("&after={}", page.next_after.unwrap());
        let events = page.body.as_array().unwrap();
        if events.is_empty() {
            told.sort();
            return told;
        }
        let names = |event: &&Value| {
            people.iter().any(|person| event.to_string().contains(&person.to_string()))
        };
        let of_them = events.iter().filter(names);
        let kinds = of_them.map(|event| event["type"].as_str().unwrap().split('.').nth(2).unwrap());
        told.extend(kinds.map(ToOwned::to_owned));
    }
}

/// One woman under two records: a shelter's, with a night there, and a street unit's, with a meal. The
/// social service has both in charge, and sent one of them to the street unit, which took her.
async fn under_two_records(world: &World) -> [PersonId; 2] {
    let (anna, dario, marta) =
        (actor("anna.uds"), actor("dario.dormitorio"), actor("marta.assistente"));
    let one = world.registers(&dario, "Irma", 1970).await;
    let twin = world.registers(&anna, "Irma again", 1970).await;
    world.client.settle().await.unwrap();
    let night = rome::day_of(world.now).previous_day().unwrap();
    let bed = json!({ "person": one, "facility": dario.services[0], "night": night.to_string(),
        "occurred_at": format!("{night}T19:00:00Z") });
    world.does(&dario, "/api/housing/nights", bed.clone()).await;
    world.does(&dario, "/api/housing/nights/check-in", bed).await;
    let meal = json!({ "meal": MealId::derived(&["two worlds"]), "service": anna.services[0],
        "recipient": { "person": twin } });
    world.does(&anna, "/api/food/meals", meal).await;
    for (person, name) in [(one, "Irma"), (twin, "Irma again")] {
        world.takes_in_charge(&marta, person, name).await;
    }
    world.client.settle().await.unwrap();
    let link = json!({ "one": one, "another": twin, "reasons": ["person_says_so"] });
    world.does(&marta, "/api/intake/links", link).await;
    let referral = ReferralId::derived(&["two worlds", "Irma"]);
    let sent = json!({ "referral": referral, "person": one, "from": marta.services[0],
        "to": anna.services[0], "need": "health", "urgency": "ordinary", "dataset": ["identity"] });
    world.does(&marta, "/api/referrals/referrals", sent).await;
    world.client.settle().await.unwrap();
    let accept = format!("/api/referrals/referrals/{referral}/accept");
    world.does(&anna, &accept, json!({})).await;
    world.client.settle().await.unwrap();
    [one, twin]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_did_that_she_obscured_leaves_by_no_feed_nor_does_what_began_there_threat_4()
{
    let world = World::begin().await;
    let (anna, dario, marta) =
        (actor("anna.uds"), actor("dario.dormitorio"), actor("marta.assistente"));
    let two = under_two_records(&world).await;
    let nights = ["night_checked_in", "night_reserved", "person_registered"];
    assert_eq!(fed(&world, &dario, &two).await, nights);
    let of_anna = ["meal_served", "person_registered", "referral_accepted", "referral_seen"];
    assert_eq!(fed(&world, &anna, &two).await, of_anna);
    assert!(fed(&world, &marta, &two).await.contains(&"referral_sent".to_owned()));

    // She says it of the one record; the meal is of the other, of the night only its first event says
    // where it was, and the street unit took her by a referral that began where she obscures it.
    world.obscures(&marta, two[0], json!({ "service": marta.services[0] })).await;
    world.client.settle().await.unwrap();
    assert_eq!(fed(&world, &anna, &two).await, ["meal_served", "person_registered"]);
    assert_eq!(fed(&world, &dario, &two).await, nights, "what another service did stays");
    for service in [dario.services[0], anna.services[0]] {
        world.obscures(&marta, two[0], json!({ "service": service })).await;
    }
    world.client.settle().await.unwrap();
    for who in [&dario, &anna] {
        assert_eq!(fed(&world, who, &two).await, [""; 0]);
    }
    drop(world.town);
}

/// Where she sleeps, as her record says it to somebody.
async fn sleeps(world: &World, who: &Actor, person: PersonId) -> Value {
    let told = world.client.get(who, &format!("/api/intake/persons/{person}")).await.unwrap();
    assert_eq!(told.status, 200, "{}", told.words());
    told.body
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_obscured_in_her_record_is_there_for_who_wrote_it_and_for_nobody_else_v16_threat_4()
 {
    let world = World::begin().await;
    let (anna, marta, sara) =
        (actor("anna.uds"), actor("marta.assistente"), actor("sara.segretariato"));
    let person = world.in_charge("Ines").await;
    world.client.settle().await.unwrap();
    let referral = json!({ "person": person, "from": marta.services[0], "to": anna.services[0],
        "need": "health", "urgency": "ordinary", "dataset": ["identity", "housing"] });
    world.does(&marta, "/api/referrals/referrals", referral).await;
    world.client.settle().await.unwrap();
    let without = [sleeps(&world, &marta, person).await, sleeps(&world, &sara, person).await];
    let housing = format!("/api/intake/persons/{person}/housing");
    let done = world.does(&anna, &housing, json!({ "ethos": "1.1" })).await;
    world.client.settle().await.unwrap();
    let said = |record: &Value| record["housing"].as_array().unwrap().len();
    let before = said(&without[0]);
    assert_eq!(said(&sleeps(&world, &marta, person).await), before + 1, "until she obscures it");

    let entry = format!("intake/person-{person}/{}", done["sequence"]);
    world.obscures(&anna, person, json!({ "entry": entry })).await;
    world.client.settle().await.unwrap();
    let with = [sleeps(&world, &marta, person).await, sleeps(&world, &sara, person).await];
    assert_eq!(with, without, "as if it had not been written");
    assert_eq!(said(&sleeps(&world, &anna, person).await), before + 1, "who wrote it");
    drop(world.town);
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
    // What follows a contact of her childhood comes after it.
    let contact = ContactId::derived(&["two worlds", "Ilda"]);
    let triage = json!({ "outcome": "information_given" });
    world.does(silvia, &format!("/api/intake/contacts/{contact}/triage"), triage).await;
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
    let to_system = fed(&world, &silvia, &[person]).await;
    assert_eq!(to_system, ["person_registered"], "nor does a system of what began then");

    let at = format!("/api/intake/persons/{person}/childhood");
    let to = |who: &Actor| json!({ "to": { "service": who.services[0] }, "form": "signed" });
    world.does(&marta, &at, to(&silvia)).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (false, false), "nor when she opened it to others");
    let key = random_id().to_string();
    let by_herself = world.client.post(&marta, &at, &key, &to(&marta)).await.unwrap();
    assert_eq!(by_herself.body["code"], "own_body", "she took the case herself");
    let sent = json!({ "person": person, "from": silvia.services[0], "to": marta.services[0],
        "need": "housing", "urgency": "ordinary", "dataset": ["identity"] });
    world.does(&silvia, "/api/referrals/referrals", sent).await;
    world.client.settle().await.unwrap();
    let opened = world.does(&marta, &at, to(&marta)).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (true, true), "she decided so");
    let close = format!("{at}/{}/close", opened["id"].as_str().unwrap());
    world.does(&marta, &close, json!({})).await;
    world.client.settle().await.unwrap();
    assert_eq!(of_childhood().await, (false, false), "at once");
    drop(world.town);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_eighteen_by_the_day_of_her_birth_is_of_age_before_the_year_is_over_c5() {
    let world = World::begin().await;
    let (silvia, sara) = (actor("silvia.minori"), actor("sara.segretariato"));
    let today = rome::day_of(world.now);
    let eighteen_on = |day: Date| {
        let year = day.year() - 18;
        day.replace_year(year).unwrap_or(Date::from_calendar_date(year, Month::March, 1).unwrap())
    };
    let mut people = Vec::new();
    for (name, day) in [("Olga", today), ("Pina", today.next_day().unwrap())] {
        let born = eighteen_on(day);
        let person = world.registers(&silvia, name, u16::try_from(born.year()).unwrap()).await;
        world.client.settle().await.unwrap();
        let facts = [("given_name", name), ("birth_date", &born.to_string())];
        world.records(&silvia, person, &facts).await;
        people.push(person);
    }
    world.client.settle().await.unwrap();
    let finds = async |person| {
        let path = format!("/api/vault/persons/{person}?sections=identity");
        world.client.get(&sara, &path).await.unwrap().status
    };
    until("who is of age today is seen as an adult", async || finds(people[0]).await == 200).await;
    assert_eq!(finds(people[1]).await, 404, "who is of age tomorrow is not, today");
    drop(world.town);
}
