//! Two worlds: whoever may not know of a record gets the same answer at every door whether it is
//! there or not, byte for byte. The worlds are one installation with its clock standing still,
//! before and after one hidden record.

#![cfg(test)]

#[path = "two_worlds/looks.rs"]
mod looks;
mod support;

use std::collections::BTreeSet;

use looks::{Ask, Looks, Subject, differences};
use serde_json::{Value, json};
use support::{Town, done, key};
use trama::client::{Actor, Client};
use trama::commands::demo::users::{user, users};
use trama::commands::load;
use trama_events::codes::Role;
use trama_events::ids::{
    AgreementId, CaseId, ContactId, EncounterId, HouseholdId, LinkId, OrganisationId, PersonId,
    PlaceId, ReferralId, ServiceId, UnitId, WaitingId,
};
use trama_platform::clock::real_now;

/// Figures: they count everybody whom an ordinary service meets, and name nobody (domain §6).
const FIGURES: [&str; 6] = [
    "/api/projections/activity",
    "/api/projections/indicators",
    "/api/projections/indicators/{id}/events",
    "/api/projections/network",
    "/api/projections/beds",
    "/api/projections/beds/{facility}",
];

/// Somebody of each body whose system reads the feed, beside the secret shelter's.
const SYSTEMS: [&str; 4] = ["marta.assistente", "anna.uds", "silvia.minori", "dario.dormitorio"];

struct World {
    town: Town,
    client: Client,
    looks: Looks,
    /// Works in a secret shelter.
    keeper: Actor,
}

impl World {
    async fn begin() -> Self {
        let serd = user("elena.serd").unwrap().actor().organisation;
        let town = Town::sealing(&[serd]).await;
        let client = town.client();
        load::into(&client).await.unwrap();
        let keeper = Actor {
            organisation: OrganisationId::derived(&["two worlds", "shelter"]),
            ..support::actor(
                "keeper of the shelter",
                Role::FacilityOperator,
                &["shelter", "centre"].map(|name| ServiceId::derived(&["two worlds", name])),
            )
        };
        let looks = Looks::open(&client, all(&keeper)).await;
        let world = Self { town, client, looks, keeper };
        let tina = user("tina.ced").unwrap().actor();
        let systems = SYSTEMS.map(|name| system_of(&actor(name)));
        support::enrol(&world.client, &tina, &systems).await;
        world.client.set_clock(Some(real_now())).await.unwrap();
        world.opens_a_shelter().await;
        world
    }

    async fn opens_a_shelter(&self) {
        let (tina, keeper) = (user("tina.ced").unwrap().actor(), &self.keeper);
        let (organisation, [shelter, centre]) = (keeper.organisation, self.houses());
        let body = json!({ "organisation": organisation, "name": "Casa", "kind": "third_sector",
            "ats": "bari" });
        self.does(&tina, "/api/directory/organisations", body).await;
        for service in [shelter, centre] {
            let body = json!({ "service": service, "organisation": organisation, "name": "Casa",
                "service_type": "anti_violence_centre", "ats": "bari" });
            self.does(&tina, "/api/directory/services", body).await;
            let path = format!("/api/directory/services/{service}/activate");
            self.does(&tina, &path, json!({ "on": "2024-01-01" })).await;
        }
        support::enrol(&self.client, &tina, &[keeper.clone(), system_of(keeper)]).await;
        self.client.settle().await.unwrap();
        let body =
            json!({ "facility": shelter, "kind": "secret_shelter", "opened_on": "2024-01-01" });
        self.does(keeper, "/api/housing/facilities", body).await;
        let unit = UnitId::derived(&["two worlds"]);
        let at = format!("/api/housing/facilities/{shelter}");
        self.does(keeper, &format!("{at}/units"), json!({ "unit": unit, "mode": "single" })).await;
        let places = ["1", "2"].map(|name| PlaceId::derived(&["two worlds", name]));
        let body = json!({ "unit": unit, "added": places, "removed": [],
            "valid_from": "2024-01-01", "reason": "opening", "pis_only": false });
        self.does(keeper, &format!("{at}/capacity"), body).await;
        self.client.settle().await.unwrap();
    }

    async fn does(&self, who: &Actor, path: &str, body: Value) -> Value {
        done(&self.client, who, path, body).await.body
    }

    async fn registers(&self, who: &Actor, name: &str, birth_year: u16) -> PersonId {
        let person = PersonId::derived(&["two worlds", name]);
        let body = json!({ "person": person, "service": who.services[0], "status": "declared",
            "birth_year": birth_year, "language": "it" });
        self.does(who, "/api/intake/persons", body).await;
        person
    }

    async fn records(&self, who: &Actor, person: PersonId, facts: &[(&str, &str)]) {
        let fact = |(field, value): &(&str, &str)| {
            let segment = field.ends_with("note").then_some("base");
            json!({ "field": field, "value": value, "segment": segment, "source": "declared" })
        };
        let facts: Vec<Value> = facts.iter().map(fact).collect();
        let path = format!("/api/vault/persons/{person}/facts");
        self.does(who, &path, json!({ "facts": facts })).await;
    }

    async fn meets(&self, who: &Actor, person: PersonId, name: &str) -> ContactId {
        let contact = ContactId::derived(&["two worlds", name]);
        let body = json!({ "contact": contact, "service": who.services[0], "channel": "desk",
            "person": person, "needs": [{ "code": "housing", "level": 3 }] });
        self.does(who, "/api/intake/contacts", body).await;
        contact
    }

    async fn takes_in_charge(&self, who: &Actor, person: PersonId, name: &str) -> CaseId {
        let case = CaseId::derived(&["two worlds", name]);
        let body = json!({ "case": case, "person": person, "service": who.services[0],
            "manager": who.staff });
        self.does(who, "/api/casework/cases", body).await;
        case
    }

    /// Somebody whom a desk of Bari met and a social worker there has in charge.
    async fn in_charge(&self, name: &str) -> PersonId {
        self.in_charge_called(name, name).await
    }

    async fn in_charge_called(&self, name: &str, given: &str) -> PersonId {
        let (sara, marta) = (actor("sara.segretariato"), actor("marta.assistente"));
        let person = self.registers(&sara, name, 1970).await;
        self.records(&sara, person, &names(given)).await;
        self.meets(&sara, person, name).await;
        self.client.settle().await.unwrap();
        self.takes_in_charge(&marta, person, name).await;
        person
    }

    /// She is sent to the secret shelter and waits there for a bed.
    async fn shelters(&self, person: PersonId, name: &str) -> (ReferralId, WaitingId) {
        let (keeper, [shelter, centre]) = (&self.keeper, self.houses());
        let referral = ReferralId::derived(&["two worlds", name]);
        let body = json!({ "referral": referral, "person": person, "from": centre, "to": shelter,
            "need": "violence_safety", "urgency": "urgent", "dataset": ["identity"] });
        self.does(keeper, "/api/referrals/referrals", body).await;
        let accept = format!("/api/referrals/referrals/{referral}/accept");
        self.does(keeper, &accept, json!({})).await;
        self.client.settle().await.unwrap();
        let waiting = WaitingId::derived(&["two worlds", name]);
        let body = json!({ "waiting": waiting, "person": person, "facility": shelter, "places": 1,
            "referral": referral });
        let told = self.client.post(keeper, "/api/housing/waiting", &key(), &body).await.unwrap();
        // Acceptance alone may have put her on the list.
        assert!(told.is_done() || told.code() == Some("waits_already"), "{}", told.words());
        (referral, waiting)
    }

    /// The secret shelter, and the centre against violence of the same body. To the network the one
    /// is as the other: nobody is sent to a secret shelter (`no_direct_access`).
    fn houses(&self) -> [ServiceId; 2] {
        [self.keeper.services[0], self.keeper.services[1]]
    }

    /// A stream of hints on a person's journey, as one worker hears it.
    async fn listens(&self, who: &Actor, person: PersonId) -> reqwest::Response {
        let url = format!("{}/api/live?topics=journey/{person}", self.client.base());
        let bearer = self.client.bearer(who).unwrap();
        let asked = reqwest::Client::builder()
            .connect_timeout(support::MUST_HAPPEN)
            .build()
            .unwrap()
            .get(url)
            .bearer_auth(bearer)
            .send()
            .await
            .unwrap();
        let mut stream = asked.error_for_status().unwrap();
        let first = stream.chunk().await.unwrap().unwrap();
        assert!(first.starts_with(b"event: open"), "{first:?}");
        stream
    }

    /// Looks, hides a record, looks again, and gives what was not the same to whom.
    async fn hides(&self, before: &Subject, hidden: impl AsyncFnOnce() -> Subject) -> Vec<Ask> {
        self.client.settle().await.unwrap();
        let without = self.looks.at(before).await;
        let after = hidden().await;
        self.client.settle().await.unwrap();
        let with = self.looks.at(&after).await;
        assert!(without.len() > 500, "only {} answers", without.len());
        differences(&without, &with)
    }
}

/// The next hint of a stream; what only keeps it open is none.
async fn next_hint(stream: &mut reqwest::Response) -> String {
    loop {
        let heard = stream.chunk().await.unwrap().unwrap();
        if !heard.starts_with(b":") {
            return String::from_utf8(heard.to_vec()).unwrap();
        }
    }
}

fn actor(username: &str) -> Actor {
    user(username).unwrap().actor()
}

/// The system of somebody's body, for its ATS.
fn system_of(who: &Actor) -> Actor {
    let Actor { organisation, ats, .. } = who.clone();
    let name = format!("system of {organisation}");
    Actor { organisation, ats, ..support::actor(&name, Role::ExternalSystem, &[]) }
}

fn all(keeper: &Actor) -> Vec<(String, Actor)> {
    let users = users().unwrap().into_iter().map(|user| (user.username.clone(), user.actor()));
    let systems = SYSTEMS.map(|name| (format!("system of {name}"), system_of(&actor(name))));
    let of_keeper = ("system of keeper".to_owned(), system_of(keeper));
    users.chain(systems).chain([("keeper".to_owned(), keeper.clone()), of_keeper]).collect()
}

fn names(name: &str) -> Vec<(&'static str, &str)> {
    vec![("family_name", "Quarantasei"), ("given_name", name), ("birth_date", "1970-05-06")]
}

fn is_figure(ask: &Ask) -> bool {
    FIGURES.contains(&ask.door.as_str())
}

/// Who was told something else without being entitled to it. Somebody who is was: the looks do look.
fn leaks(what: &str, differences: &[Ask], entitled: impl Fn(&Ask) -> bool) -> Vec<String> {
    let seen = differences.iter().filter(|ask| entitled(ask)).count();
    println!("{what}: {seen} answers are others for the entitled");
    assert!(seen > 0, "{what}: nobody saw anything at all");
    let leaks = differences.iter().filter(|ask| !entitled(ask));
    leaks.map(|ask| format!("{what}: {ask}")).collect()
}

/// A guest of a secret shelter, whom nobody else knows.
async fn a_guest(world: &World) -> Vec<String> {
    let found = world
        .hides(&Subject::default(), async || {
            let guest = world.registers(&world.keeper, "guest", 1980).await;
            world.client.settle().await.unwrap();
            let (referral, waiting) = world.shelters(guest, "1").await;
            Subject::of(guest)
                .also("referral", &referral)
                .also("waiting", &waiting)
                .named("Quarantasei guest")
        })
        .await;
    leaks("a guest of a secret shelter", &found, |ask| ask.who == "keeper")
}

/// Somebody in charge becomes the guest of a secret shelter: nothing changes for who has her in
/// charge, and for everybody else she was never there, but for what is their own.
async fn a_guest_in_charge(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    let nobody = world.looks.at(&Subject::default().named("Quarantasei Ada")).await;
    let known = world.in_charge("Ada").await;
    world.client.settle().await.unwrap();
    let before = world.looks.at(&Subject::of(known).named("Quarantasei Ada")).await;
    let marta = actor("marta.assistente");
    let mut stream = world.listens(&marta, known).await;
    let (referral, waiting) = world.shelters(known, "2").await;
    world.client.settle().await.unwrap();
    let subject = Subject::of(known).also("referral", &referral).also("waiting", &waiting);
    let after = world.looks.at(&subject.named("Quarantasei Ada")).await;
    let what = "the guest whom others have in charge";
    let for_her_team = differences(&before, &after).into_iter();
    let for_her_team = for_her_team.filter(|ask| ask.who == "marta.assistente").collect::<Vec<_>>();
    all.extend(for_her_team.iter().map(|ask| format!("{what}: {ask}")));
    // The next hint is of something that she may know.
    let situation = json!({ "ethos": "2.1" });
    world.does(&marta, &format!("/api/intake/persons/{known}/housing"), situation).await;
    let heard = next_hint(&mut stream).await;
    if !heard.contains(r#""context":"intake""#) {
        all.push(format!("{what}: marta.assistente hears of it: {heard}"));
    }
    let own = |ask: &Ask| ask.who == "sara.segretariato" && ask.door == "/api/projections/inbox";
    all.extend(leaks(what, &differences(&nobody, &after), |ask| {
        ["keeper", "marta.assistente"].contains(&ask.who.as_str()) || own(ask) || is_figure(ask)
    }));
    all
}

/// A guest joins the household of somebody whom everybody may find, and is judged to be another
/// person than she: neither shows her but to her team.
async fn a_guest_in_a_household(world: &World) -> Vec<String> {
    let (sara, marta) = (actor("sara.segretariato"), actor("marta.assistente"));
    let (known, guest) = (world.in_charge("Fay").await, world.in_charge("Fleur").await);
    world.client.settle().await.unwrap();
    world.shelters(guest, "3").await;
    let household = HouseholdId::derived(&["two worlds"]);
    let body = json!({ "household": household, "kind": "cohabiting", "service": sara.services[0] });
    world.does(&sara, "/api/intake/households", body).await;
    let members = format!("/api/intake/households/{household}/members");
    world.client.settle().await.unwrap();
    world.does(&marta, &members, json!({ "person": known, "on": "2024-03-01" })).await;
    let link = LinkId::of_pair(known, guest);
    let subject = Subject::of(known).also("household", &household).also("link", &link);
    let found = world
        .hides(&subject, async || {
            world.does(&marta, &members, json!({ "person": guest, "on": "2024-03-01" })).await;
            let two = json!({ "one": known, "another": guest });
            world.does(&marta, "/api/intake/links/different", two).await;
            subject.clone()
        })
        .await;
    let doors: BTreeSet<&str> = found.iter().map(|ask| ask.door.as_str()).collect();
    for door in ["/api/intake/households/{household}", "/api/intake/links/{link}"] {
        assert!(doors.contains(door), "her team does not see her at {door}");
    }
    leaks("a guest in a household", &found, |ask| ask.who == "marta.assistente" || is_figure(ask))
}

/// A guest who fits what is looked for better than the others pushes none of them out.
async fn a_guest_among_candidates(world: &World) -> Vec<String> {
    let sara = actor("sara.segretariato");
    let mut called: Vec<String> = (0..13).map(|number| format!("Pia {number}")).collect();
    // Of those who fit alike the smaller id comes first.
    called.sort_by_key(|name| PersonId::derived(&["two worlds", name]));
    let first = called.remove(0);
    for name in &called {
        let person = world.registers(&sara, name, 1970).await;
        world.records(&sara, person, &names("Pia")).await;
    }
    let subject = Subject::default().named("Quarantasei Pia");
    let found = world
        .hides(&subject, async || {
            let guest = world.in_charge_called(&first, "Pia").await;
            world.client.settle().await.unwrap();
            world.shelters(guest, "4").await;
            subject.clone()
        })
        .await;
    let own = |ask: &Ask| ask.who == "sara.segretariato" && ask.door == "/api/projections/inbox";
    leaks("a guest among candidates", &found, |ask| {
        ["keeper", "marta.assistente"].contains(&ask.who.as_str()) || own(ask) || is_figure(ask)
    })
}

/// A path of the addiction service, by slip.
async fn a_path_by_slip(world: &World) -> Vec<String> {
    let sara = actor("sara.segretariato");
    let found = world
        .hides(&Subject::default(), async || {
            let elena = actor("elena.serd");
            let form = json!({ "organisation": elena.organisation });
            let printed = world.does(&sara, "/api/sealed/slips", form).await;
            let at = format!("/api/sealed/{}", elena.organisation);
            let form = json!({ "slip": printed["slip"], "service": elena.services[0],
                "urgency": "ordinary", "need_level": 2 });
            world.does(&sara, &format!("{at}/referrals"), form).await;
            let paths = world.client.get(&elena, &format!("{at}/paths")).await.unwrap();
            let path = paths.body["items"][0]["path"].as_str().unwrap().to_owned();
            Subject::of(path.parse().unwrap()).also("path", &path)
        })
        .await;
    leaks("a path by slip", &found, |ask| ask.who == "elena.serd")
}

/// A child.
async fn a_child(world: &World) -> Vec<String> {
    let silvia = actor("silvia.minori");
    let found = world
        .hides(&Subject::default(), async || {
            let child = world.registers(&silvia, "Bea", 2015).await;
            world.records(&silvia, child, &names("Bea")).await;
            let contact = world.meets(&silvia, child, "Bea").await;
            Subject::of(child).also("contact", &contact).named("Quarantasei Bea")
        })
        .await;
    leaks("a child", &found, |ask| ask.who == "silvia.minori" || is_figure(ask))
}

/// An adult with whom a worker has nothing to do, as long as no purpose is stated.
async fn a_stranger(world: &World) -> Vec<String> {
    let carla = actor("carla.segretariato");
    let laura = actor("laura.assistente");
    let found = world
        .hides(&Subject::default(), async || {
            let person = world.registers(&carla, "Cleo", 1970).await;
            world.records(&carla, person, &names("Cleo")).await;
            let contact = world.meets(&carla, person, "Cleo").await;
            world.client.settle().await.unwrap();
            let case = world.takes_in_charge(&laura, person, "Cleo").await;
            Subject::of(person)
                .also("contact", &contact)
                .also("case", &case)
                .named("Quarantasei Cleo")
        })
        .await;
    leaks("a stranger", &found, |ask| {
        let for_care = matches!(ask.purpose, Some("care" | "emergency"));
        let hers = ["carla.segretariato", "laura.assistente"].contains(&ask.who.as_str());
        hers || for_care && ask.may_find || is_figure(ask)
    })
}

/// A private note of another organisation.
async fn a_private_note(world: &World) -> Vec<String> {
    let anna = actor("anna.uds");
    let noted = world.in_charge("Dora").await;
    let body = json!({ "service": anna.services[0], "person": noted, "ethos": "1.1" });
    world.does(&anna, "/api/intake/encounters", body).await;
    let subject = Subject::of(noted).named("Quarantasei Dora");
    let found = world
        .hides(&subject, async || {
            world.records(&anna, noted, &[("private_note", "she told me alone")]).await;
            subject.clone()
        })
        .await;
    leaks("a private note", &found, |ask| ask.who == "anna.uds")
}

/// An entry that was made on the wrong person, and moved away.
async fn a_moved_entry(world: &World) -> Vec<String> {
    let anna = actor("anna.uds");
    let (wrong, right) = (world.in_charge("Elsa").await, world.in_charge("Elda").await);
    let subject = Subject::of(wrong).named("Quarantasei Elsa");
    let found = world
        .hides(&subject, async || {
            let encounter = EncounterId::derived(&["two worlds"]);
            let body = json!({ "encounter": encounter, "service": anna.services[0],
                "person": wrong, "ethos": "1.1" });
            world.does(&anna, "/api/intake/encounters", body).await;
            let body = json!({ "entry": format!("intake/outreach_encounter-{encounter}/1"),
                "from": wrong, "to": right, "reason": "like_name" });
            world.does(&anna, "/api/intake/entries/move", body).await;
            subject.clone()
        })
        .await;
    leaks("a moved entry", &found, |ask| {
        ask.who == "diego.dpo" && ask.door == "/api/projections/moves" || is_figure(ask)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_confidential_services_and_childhood_hide_changes_no_answer_to_others_v16_threat_4_c4()
{
    let world = World::begin().await;
    let leaks = [
        a_guest(&world).await,
        a_guest_in_charge(&world).await,
        a_path_by_slip(&world).await,
        a_child(&world).await,
    ];
    drop(world.town);
    none(&leaks.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_neither_in_a_household_nor_beside_anybody_nor_in_the_way_of_others_v16_threat_4()
 {
    let world = World::begin().await;
    let leaks = [a_guest_in_a_household(&world).await, a_guest_among_candidates(&world).await];
    drop(world.town);
    none(&leaks.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_know_of_a_record_gets_the_same_answer_with_and_without_it_v16_threat_4_c4()
{
    let world = World::begin().await;
    let leaks =
        [a_stranger(&world).await, a_private_note(&world).await, a_moved_entry(&world).await];
    drop(world.town);
    none(&leaks.concat());
}

/// What the feed tells a system of somebody: types of events; and whether it names her at all.
async fn told_of(world: &World, who: &Actor, person: PersonId) -> (Vec<String>, bool) {
    let answer = world.client.get(who, "/events?limit=500").await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.words());
    let events = answer.body.as_array().unwrap();
    assert!(events.len() < 500, "the feed was not read to its end");
    let of_her = events.iter().filter(|event| event["personid"] == json!(person));
    let own = |event: &Value| event["organisation"] == json!(who.organisation);
    let mut types: Vec<String> = of_her
        .inspect(|event| assert_eq!(event["actor"].is_null(), !own(event), "{event}"))
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    types.sort();
    (types, answer.body.to_string().contains(&person.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_of_another_body_is_told_what_an_agreement_opens_and_nothing_more_threat_14() {
    let world = World::begin().await;
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let (own, another) = (system_of(&marta), system_of(&dario));
    let person = world.in_charge("Rosa").await;
    let situation = json!({ "ethos": "2.1" });
    world.does(&marta, &format!("/api/intake/persons/{person}/housing"), situation).await;
    let body = json!({ "referral": ReferralId::derived(&["two worlds", "feed"]),
        "person": person, "from": marta.services[0], "to": dario.services[0], "need": "housing",
        "urgency": "ordinary", "dataset": ["identity"] });
    world.does(&marta, "/api/referrals/referrals", body).await;
    world.client.settle().await.unwrap();
    let nothing = (Vec::new(), false);
    let (of_her, _) = told_of(&world, &own, person).await;
    assert!(of_her.contains(&"trama.casework.case_opened.v1".to_owned()), "{of_her:?}");
    assert!(!of_her.iter().any(|kind| kind.contains("identity")), "the vault's: {of_her:?}");
    assert_eq!(told_of(&world, &another, person).await, nothing, "both have her in care");

    let tina = actor("tina.ced");
    let agreement = AgreementId::derived(&["two worlds"]);
    let terms = json!({ "agreement": agreement, "holder": marta.organisation,
        "readers": [another.organisation], "sections": ["housing"], "purpose": "care" });
    world.does(&tina, "/api/directory/agreements", terms).await;
    world.client.settle().await.unwrap();
    let agreed = (vec!["trama.intake.housing_situation_recorded.v1".to_owned()], true);
    assert_eq!(told_of(&world, &another, person).await, agreed);
    let hers = format!("/events?after=intake/person-{person}/1");
    let oracle = world.client.get(&another, &hers).await.unwrap();
    assert_eq!(oracle.code(), Some("bad_query"), "what is not told is no place to go on from");

    let end = format!("/api/directory/agreements/{agreement}/end");
    world.does(&tina, &end, json!({})).await;
    world.client.settle().await.unwrap();
    assert_eq!(told_of(&world, &another, person).await, nothing, "it ended");
    drop(world.town);
}

fn none(leaks: &[String]) {
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}
