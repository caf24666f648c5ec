//! Two worlds: whoever may not know of a record gets the same answer at every door whether it is
//! there or not, byte for byte. The worlds are one installation with its clock standing still,
//! before and after one hidden record.

#![cfg(test)]

#[path = "two_worlds/forms.rs"]
mod forms;
#[path = "two_worlds/hidden.rs"]
mod hidden;
#[path = "two_worlds/looks.rs"]
mod looks;
#[path = "two_worlds/orders.rs"]
mod orders;
#[path = "two_worlds/readings.rs"]
mod readings;
mod support;
#[path = "two_worlds/trips.rs"]
mod trips;
#[path = "two_worlds/wishes.rs"]
mod wishes;

use std::collections::BTreeSet;

use looks::{Ask, Looks, Subject, differences};
use orders::Orders;
use serde_json::{Value, json};
use support::{Town, done};
use time::OffsetDateTime;
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
    /// When all of it happens.
    now: OffsetDateTime,
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
        let world = Self { town, client, looks, keeper, now: real_now() };
        let tina = user("tina.ced").unwrap().actor();
        let systems = SYSTEMS.map(|name| system_of(&actor(name)));
        support::enrol(&world.client, &tina, &systems).await;
        world.client.set_clock(Some(world.now)).await.unwrap();
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
        let body = json!({ "unit": unit, "added": [Self::place()], "removed": [],
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

    /// Somebody whom a desk of Bari met and a social worker there has in charge, with a project that
    /// is being written.
    async fn in_charge(&self, name: &str) -> PersonId {
        self.in_charge_called(name, name).await
    }

    async fn in_charge_called(&self, name: &str, given: &str) -> PersonId {
        let (sara, marta) = (actor("sara.segretariato"), actor("marta.assistente"));
        let person = self.registers(&sara, name, 1970).await;
        self.records(&sara, person, &names(given)).await;
        self.meets(&sara, person, name).await;
        self.client.settle().await.unwrap();
        let case = self.takes_in_charge(&marta, person, name).await;
        let draft = format!("/api/casework/cases/{case}/project");
        self.does(&marta, &draft, json!({ "template_version": 1 })).await;
        person
    }

    /// Whoever has her in charge says that she is not to be found.
    async fn is_not_to_be_found(&self, person: PersonId) {
        let marta = actor("marta.assistente");
        let path = format!("/api/intake/persons/{person}/not-to-be-found");
        self.does(&marta, &path, json!({})).await;
        self.client.settle().await.unwrap();
    }

    /// She comes to the secret shelter, which knows her by a pseudonym of its own.
    async fn takes_refuge(&self, name: &str) -> WaitingId {
        let pseudonym = self.registers(&self.keeper, &format!("refuge {name}"), 1970).await;
        self.client.settle().await.unwrap();
        self.shelters(pseudonym, name).await
    }

    /// Somebody waits in the secret shelter for a bed, under the house's own pseudonym.
    async fn shelters(&self, person: PersonId, name: &str) -> WaitingId {
        let waiting = WaitingId::derived(&["two worlds", name]);
        let body = json!({ "waiting": waiting, "person": person, "facility": self.houses()[0],
            "places": 1 });
        self.does(&self.keeper, "/api/housing/waiting", body).await;
        waiting
    }

    /// The shelter's one place that is taken.
    fn place() -> PlaceId {
        PlaceId::derived(&["two worlds", "1"])
    }

    /// The secret shelter, and the centre against violence of the same body. To the network the one
    /// is as the other: nobody is sent to either by name.
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
            let waiting = world.shelters(guest, "1").await;
            Subject::of(guest).also("waiting", &waiting).named("Quarantasei guest")
        })
        .await;
    leaks("a guest of a secret shelter", &found, |ask| ask.who == "keeper")
}

/// Somebody in charge, who is not to be found, becomes the guest of a secret shelter: nothing changes
/// for who has her in charge, and for everybody else she was never there, but for what is their own.
async fn a_guest_in_charge(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    let nobody = world.looks.at(&Subject::default().named("Quarantasei Ada")).await;
    let known = world.in_charge("Ada").await;
    world.client.settle().await.unwrap();
    world.is_not_to_be_found(known).await;
    let before = world.looks.at(&Subject::of(known).named("Quarantasei Ada")).await;
    let marta = actor("marta.assistente");
    let mut stream = world.listens(&marta, known).await;
    let waiting = world.takes_refuge("2").await;
    world.client.settle().await.unwrap();
    let subject = Subject::of(known).also("waiting", &waiting);
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
    world.is_not_to_be_found(guest).await;
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
            world.is_not_to_be_found(guest).await;
            subject.clone()
        })
        .await;
    let own = |ask: &Ask| ask.who == "sara.segretariato" && ask.door == "/api/projections/inbox";
    leaks("a guest among candidates", &found, |ask| {
        ask.who == "marta.assistente" || own(ask) || is_figure(ask)
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

/// By break-glass whoever was in the network before is still helped; everybody who must learns of it.
const FORCED: &str = "/api/identity/forced-accesses";
/// Whoever has a card spends with it at any store of its ATS. It does not say whose it is.
const SPEND: &str = "/api/food/cards/{card}/spend";
/// Beside somebody whom nobody hides: two cards in one hand are refused for that, whoever lives with
/// her; and a referral of somebody else is told from none, by whoever was shown its id.
const BESIDE_SOMEBODY: [&str; 2] = ["/api/food/cards", "/api/housing/waiting"];
/// What anybody may write down of whoever is registered, a child too: that she came, was given
/// something, agreed to something. Of who is hidden by a secret shelter all of it is asked.
const OPEN_TO_ALL: [&str; 14] = [
    "/api/food/cards",
    SPEND,
    "/api/food/meals",
    "/api/food/parcels",
    FORCED,
    "/api/intake/contacts",
    "/api/intake/deliveries",
    "/api/intake/emergencies",
    "/api/intake/emergencies/{emergency}/assess",
    "/api/intake/encounters",
    "/api/referrals/consents",
    "/api/referrals/consents/health-agreements",
    "/api/referrals/consents/{consent}/external-path",
    "/api/referrals/consents/{consent}/withdraw",
];
/// Who lives with whom gives relations: it is asked of guests alone, when all else was. Of a child
/// whoever has to do with her mother names her.
const HOUSEHOLDS: [&str; 2] = [
    "/api/intake/households/{household}/members",
    "/api/intake/households/{household}/members/{person}/leave",
];
/// To say that somebody is not to be found, or is again, changes what all others are told of her: it
/// is asked last, of a person alone. Of a household that is named with it only those count to whom
/// she belongs, and nobody is asked about another.
const HIDING: [&str; 2] = [
    "/api/intake/persons/{person}/not-to-be-found",
    "/api/intake/persons/{person}/not-to-be-found/lift",
];
/// A child is sheltered by whoever works with children, or answers emergencies.
const TAKING_ON: [&str; 2] = ["/api/referrals/referrals", "/api/housing/nights"];
/// Doors at which the entitled, too, are told the same of her as of nobody, by the form that is made
/// for them: no bed is free, nobody is to be erased, two cards are too many.
const ALIKE_FOR_ALL: [&str; 12] = [
    SPEND,
    "/api/food/cards",
    "/api/housing/nights",
    "/api/housing/nights/arrive",
    "/api/housing/nights/check-in",
    "/api/housing/nights/no-show",
    "/api/housing/stays",
    FORCED,
    "/api/intake/encounters",
    "/api/vault/persons/{person}/erasures/{erasure}/approve",
    "/api/vault/persons/{person}/erasures/{erasure}/refuse",
    "/api/vault/persons/{person}/holds/{hold}/lift",
];

/// Somebody of whom nothing may be found out by whoever is not entitled, and what is hers.
struct Unfindable<'a> {
    what: &'a str,
    subject: Subject,
    /// Doors that are not asked, each with its reason above.
    apart: &'a [&'a str],
    entitled: &'a dyn Fn(&Ask) -> bool,
}

/// Those who answer for all records, whoever they are of: who decides on holds and erasures, who
/// reviews what was forced; and who was called to an emergency.
fn by_office(ask: &Ask) -> bool {
    let of = |who: &[&str], door: &str| who.contains(&&*ask.who) && ask.door.starts_with(door);
    of(&["diego.dpo", "tina.ced"], "/api/vault/persons/{person}/")
        || of(&["diego.dpo", "marco.piano"], "/api/identity/forced-accesses/{access}")
        || of(&["pietro.pis"], "/api/intake/emergencies/{emergency}/")
}

/// Everybody's orders about who is not to be found; what told her apart from nobody to whom, and at
/// which doors she is told apart to the entitled.
async fn ordered(
    (client, orders): (&Client, &Orders),
    hidden: &[Unfindable<'_>],
    asks: impl Fn(&str) -> bool,
) -> (Vec<String>, BTreeSet<String>) {
    let (mut leaks, mut doors) = (Vec::new(), BTreeSet::new());
    for Unfindable { what, subject, apart, entitled } in hidden {
        let entitled = |ask: &Ask| entitled(ask) || by_office(ask);
        let asks = |door: &str| asks(door) && !apart.contains(&door);
        // What a worker writes down of somebody is heard before she goes on.
        let open = |door: &str| asks(door) && OPEN_TO_ALL.contains(&door);
        let mut found = orders.about(subject, open, entitled).await;
        client.settle().await.unwrap();
        let closed = |door: &str| asks(door) && !OPEN_TO_ALL.contains(&door);
        let more = orders.about(subject, closed, entitled).await;
        found.pairs += more.pairs;
        found.told_apart.extend(more.told_apart);
        client.settle().await.unwrap();
        println!("{what}: {} pairs, {} told apart", found.pairs, found.told_apart.len());
        assert!(found.pairs > 0, "{what}: nobody was asked");
        for ask in found.told_apart {
            if entitled(&ask) {
                doors.insert(ask.door);
            } else {
                leaks.push(format!("an order about {what}: {ask}"));
            }
        }
    }
    (leaks, doors)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_about_who_is_hidden_is_answered_as_one_about_nobody_v16_threats_4_and_14() {
    let world = World::begin().await;
    let somebody = world.somebody().await;
    let orders = Orders::open(&world.client, all(&world.keeper), somebody.clone(), world.now).await;
    let (guest, guests) = world.hidden_guest().await;
    let (charge, charges) = world.guest_in_charge(&somebody).await;
    let (child, childs) = world.hidden_child().await;
    let (_, strangers) = world.stranger().await;
    world.client.settle().await.unwrap();
    let by = |names: &'static [&'static str]| move |ask: &Ask| names.contains(&ask.who.as_str());
    let house = by(&["keeper"]);
    let (marta, sara) = ("marta.assistente", "sara.segretariato");
    let team = ["keeper", marta, sara, "anna.uds", "dario.dormitorio", "giulia.csm"];
    let team = |ask: &Ask| team.contains(&ask.who.as_str());
    let for_children = by(&["mina.minori", "nino.pis"]);
    // Her body, whose own record it is; who was sent her referral; who was called to her emergency.
    let minors =
        by(&["silvia.minori", "paola.assistente", "rita.segretariato", "giulia.csm", "pietro.pis"]);
    let minors = |ask: &Ask| {
        minors(ask) || (for_children(ask) && TAKING_ON.iter().any(|on| ask.door.starts_with(on)))
    };
    let others = by(&["carla.segretariato", "laura.assistente", "giulia.csm"]);
    let beside = |apart: &[&'static str]| [apart, &BESIDE_SOMEBODY].concat();
    let (in_charge, of_a_child) = (beside(&[FORCED, SPEND]), beside(&OPEN_TO_ALL));
    let of = |what, subject, apart, entitled| Unfindable { what, subject, apart, entitled };
    let hidden = [
        of("a guest", Subject::of(guest), &[][..], &house as &dyn Fn(&Ask) -> bool),
        of("what is a guest's", guests, &[], &house),
        of("a guest in charge", Subject::of(charge), &[FORCED], &team),
        of("what is hers", charges, &in_charge, &team),
        of("a child", Subject::of(child), &OPEN_TO_ALL, &minors),
        of("what is a child's", childs, &of_a_child, &minors),
        of("what is a stranger's", strangers, &of_a_child, &others),
    ];
    let asked = (&world.client, &orders);
    let late = [HOUSEHOLDS, HIDING].concat();
    let first = ordered(asked, &hidden, |door| !late.contains(&door)).await;
    let in_households = |door: &str| HOUSEHOLDS.contains(&door);
    let alone = ordered(asked, &hidden[..1], in_households).await;
    let in_charge = ordered(asked, &hidden[2..3], in_households).await;
    // Until now Giulia sent a referral of the child: what was written, the body of Ugo's desk wrote.
    let since = |ask: &Ask| minors(ask) || ask.who == "ugo.distretto";
    let persons = [
        of("a guest", Subject::of(guest), &[], &house),
        of("a guest in charge", Subject::of(charge), &[], &team),
        of("a child", Subject::of(child), &[], &since),
    ];
    let mut last = (Vec::new(), BTreeSet::new());
    for order in HIDING {
        let told = ordered(asked, &persons, |door| door == order).await;
        last.0.extend(told.0);
        last.1.extend(told.1);
    }
    drop(world.town);
    none(&[first.0, alone.0, in_charge.0, last.0].concat());
    assert_eq!(last.1.len(), HIDING.len(), "who is entitled is told: {:?}", last.1);
    let expected: BTreeSet<String> =
        [&ALIKE_FOR_ALL[..], &late].concat().into_iter().map(ToOwned::to_owned).collect();
    let seen = first.1.union(&expected).cloned().collect();
    let unseen: Vec<String> = orders.doors_that_name().difference(&seen).cloned().collect();
    assert!(unseen.is_empty(), "nobody is told anything of anybody at {unseen:#?}");
}

/// The time of an answer is measured by `trama bench timing`; here, what it follows from is counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_who_is_hidden_costs_the_database_as_much_as_one_about_nobody_threat_4() {
    let world = World::begin().await;
    let stranger = world.registers(&actor("carla.segretariato"), "Ugo", 1970).await;
    let child = world.registers(&actor("silvia.minori"), "Pio", 2015).await;
    let guest = world.registers(&world.keeper, "Isa", 1980).await;
    world.client.settle().await.unwrap();
    world.shelters(guest, "7").await;
    world.client.settle().await.unwrap();
    let renata = actor("renata.assistente");
    let mut owner = world.writes_statements_down().await;
    let nobody = world.trips(&mut owner, &renata, PersonId::derived(&["nobody"])).await;
    println!("statements for nobody: {nobody:?}");
    assert!(nobody.iter().all(|count| *count > 1), "the gate asks the database: {nobody:?}");
    for (what, person) in [("a stranger", stranger), ("a child", child), ("a guest", guest)] {
        let hidden = world.trips(&mut owner, &renata, person).await;
        assert_eq!(hidden, nobody, "statements for {what}");
    }
    drop(world.town);
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
