//! Who is hidden, with something of every kind that a worker may make of her.

use serde_json::{Value, json};
use trama::client::Actor;
use trama_events::codes::Role;
use trama_events::ids::{GoalId, LinkId, PersonId};

use super::looks::{ANSWER_MAX, Subject};
use super::{World, actor, names};
use crate::support::{done, key};

impl World {
    /// Makes something of her and gives the id that it has.
    async fn makes(&self, who: &Actor, path: &str, body: Value) -> String {
        done(&self.client, who, path, body).await.body["id"].as_str().unwrap().to_owned()
    }

    /// What whoever meets people writes of them.
    async fn is_met_by(&self, who: &Actor, person: PersonId) -> Subject {
        let service = who.services[0];
        let body = json!({ "service": service, "channel": "desk", "person": person });
        let contact = self.makes(who, "/api/intake/contacts", body).await;
        let called = actor("pietro.pis").services[0];
        let body = json!({ "service": called, "channel": "police", "person": person });
        let emergency = self.makes(who, "/api/intake/emergencies", body).await;
        let body = json!({ "person": person, "scope": "volunteers" });
        let consent = self.makes(who, "/api/referrals/consents", body).await;
        self.client.settle().await.unwrap();
        Subject::default()
            .also("contact", &contact)
            .also("emergency", &emergency)
            .also("consent", &consent)
    }

    /// And what somebody does who has her in charge.
    async fn is_accompanied_by(&self, who: &Actor, person: PersonId, made: Subject) -> Subject {
        let service = who.services[0];
        let body = json!({ "person": person, "from": service, "to": actor("giulia.csm").services[0],
            "need": "health", "urgency": "ordinary", "dataset": ["identity"] });
        let referral = self.makes(who, "/api/referrals/referrals", body).await;
        let household = self.lives_with_others(who, person).await;
        let made = made.also("referral", &referral).also("household", &household);
        if who.role == Role::MinorsWorker {
            return made;
        }
        let body = json!({ "person": person, "service": service, "manager": who.staff });
        let case = self.makes(who, "/api/casework/cases", body).await;
        let body = json!({ "household": household, "person": person, "service": service,
            "household_size": 2, "points": 1, "valid_to": self.in_a_month() });
        let card = self.makes(who, "/api/food/cards", body).await;
        let body = json!({ "household": household, "person": person, "service": service });
        let parcel = self.makes(who, "/api/food/parcels", body).await;
        self.client.settle().await.unwrap();
        let goal = self.has_a_project(who, &case).await;
        let made = made.also("case", &case).also("goal", &goal);
        made.also("card", &card).also("parcel", &parcel)
    }

    async fn has_a_project(&self, who: &Actor, case: &str) -> String {
        let at = format!("/api/casework/cases/{case}");
        self.does(who, &format!("{at}/project"), json!({ "template_version": 1 })).await;
        let goal = GoalId::derived(&["two worlds", case]);
        let body = json!({ "goal": goal, "need": "housing", "review_on": self.in_a_month() });
        self.does(who, &format!("{at}/goals"), body).await;
        self.client.settle().await.unwrap();
        goal.to_string()
    }

    async fn lives_with_others(&self, who: &Actor, person: PersonId) -> String {
        let body = json!({ "kind": "cohabiting", "service": who.services[0] });
        let household = self.makes(who, "/api/intake/households", body).await;
        let members = format!("/api/intake/households/{household}/members");
        self.does(who, &members, json!({ "person": person, "on": "2024-03-01" })).await;
        household
    }

    /// Somebody of whom a desk of Bari wrote down the name.
    async fn known(&self, name: &str) -> PersonId {
        let sara = actor("sara.segretariato");
        let person = self.registers(&sara, name, 1970).await;
        self.records(&sara, person, &names(name)).await;
        self.client.settle().await.unwrap();
        person
    }

    fn in_a_month(&self) -> String {
        (trama_events::rome::day_of(self.now) + time::Duration::days(30)).to_string()
    }

    /// Somebody whom nobody hides.
    pub(super) async fn somebody(&self) -> Subject {
        let marta = actor("marta.assistente");
        let person = self.known("Uma").await;
        let made = self.is_met_by(&marta, person).await;
        let made = self.is_accompanied_by(&marta, person, made).await;
        let encounter = self.is_seen_in_the_street(person).await;
        let all = Subject::of(person).and(made).also("encounter", &encounter);
        let nobody = uuid::Uuid::from_u128(98);
        let not_made = ["link", "waiting", "stay", "erasure", "hold", "access", "path"];
        not_made.into_iter().fold(all, |all, kind| all.also(kind, &nobody))
    }

    async fn is_seen_in_the_street(&self, person: PersonId) -> String {
        let anna = actor("anna.uds");
        let body = json!({ "service": anna.services[0], "person": person, "ethos": "1.1" });
        self.makes(&anna, "/api/intake/encounters", body).await
    }

    /// A guest of the secret shelter whom nobody else knows, and what is hers.
    pub(super) async fn hidden_guest(&self) -> (PersonId, Subject) {
        let guest = self.registers(&self.keeper, "Ines", 1980).await;
        self.client.settle().await.unwrap();
        let waiting = self.shelters(guest, "5").await;
        let made = self.is_met_by(&self.keeper, guest).await;
        let body = json!({ "person": guest, "facility": self.houses()[0],
            "places": [Self::place()] });
        let stay = self.makes(&self.keeper, "/api/housing/stays", body).await;
        (guest, made.also("waiting", &waiting).also("stay", &stay))
    }

    /// Somebody in charge who is not to be found: what was made of her before, and what since.
    pub(super) async fn guest_in_charge(&self, somebody: &Subject) -> (PersonId, Subject) {
        let (marta, diego) = (actor("marta.assistente"), actor("diego.dpo"));
        let person = self.known("Zoe").await;
        let made = self.is_met_by(&marta, person).await;
        let made = self.is_accompanied_by(&marta, person, made).await;
        let encounter = self.is_seen_in_the_street(person).await;
        let another: PersonId = somebody.id("person").unwrap().parse().unwrap();
        let two = json!({ "one": person, "another": another });
        self.does(&marta, "/api/intake/links/different", two).await;
        let at = format!("/api/vault/persons/{person}");
        let hold = self.makes(&diego, &format!("{at}/holds"), json!({})).await;
        let access = self.is_forced(person).await;
        self.client.settle().await.unwrap();
        self.is_not_to_be_found(person).await;
        let made = made.also("link", &LinkId::of_pair(person, another));
        let made = made.also("encounter", &encounter).also("access", &access);
        (person, made.also("hold", &hold))
    }

    /// Her record is opened by force; a purpose is stated for it.
    async fn is_forced(&self, person: PersonId) -> String {
        let body = json!({ "person": person, "sections": ["identity"], "reason": "life_at_risk",
            "words": "He is said to be hurt and does not answer." });
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
        let request = http.post(format!("{}/api/identity/forced-accesses", self.client.base()));
        let request = request.bearer_auth(self.client.bearer(&actor("dario.dormitorio")).unwrap());
        let request = request.header("purpose", "emergency").header("idempotency-key", key());
        let answer = request.json(&body).send().await.unwrap().error_for_status().unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["id"].as_str().unwrap().to_owned()
    }

    /// A child, and what the workers for minors made of it.
    pub(super) async fn hidden_child(&self) -> (PersonId, Subject) {
        let silvia = actor("silvia.minori");
        let child = self.registers(&silvia, "Leo", 2015).await;
        self.records(&silvia, child, &names("Leo")).await;
        let made = self.is_met_by(&silvia, child).await;
        (child, self.is_accompanied_by(&silvia, child, made).await)
    }

    /// An adult whom another city has in charge.
    pub(super) async fn stranger(&self) -> (PersonId, Subject) {
        let (carla, laura) = (actor("carla.segretariato"), actor("laura.assistente"));
        let person = self.registers(&carla, "Teo", 1970).await;
        self.records(&carla, person, &names("Teo")).await;
        let made = self.is_met_by(&laura, person).await;
        (person, self.is_accompanied_by(&laura, person, made).await)
    }
}
