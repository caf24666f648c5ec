//! Who hides somebody, who lifts it, and what a colleague of the same house does not reach by any door.

use serde_json::{Value, json};
use trama::client::{Actor, Client};
use trama_events::codes::Role;
use trama_platform::clock::real_now;
use trama_platform::permit::Guard;

use super::support::{self, Pair, Town, actor, done};
use super::ties;

/// A house with two case managers, and whom one of them hides.
struct Hidden {
    town: Town,
    client: Client,
    pair: Pair,
    colleague: Actor,
}

impl Hidden {
    async fn begin() -> Self {
        let town = Town::start().await;
        let client = town.client();
        let pair = Pair::settle_in(&client).await;
        let colleague = actor("colleague", Role::CaseManager, &[pair.from]);
        support::enrol(&client, &pair.keeper, std::slice::from_ref(&colleague)).await;
        Self { town, client, pair, colleague }
    }

    async fn does(&self, who: &Actor, path: &str, body: Value) -> String {
        let answer = done(&self.client, who, path, body).await;
        self.client.settle().await.unwrap();
        answer.body["id"].as_str().unwrap_or_default().to_owned()
    }

    async fn opens(&self, who: &Actor, person: &str) -> String {
        let case = json!({ "person": person, "service": self.pair.from });
        self.does(who, "/api/casework/cases", case).await
    }

    /// What the door answers: its status and its words, without what is of this request alone.
    async fn answers(&self, who: &Actor, path: &str, body: Value) -> (u16, Value) {
        let answer = self.client.post(who, path, &support::key(), &body).await.unwrap();
        self.client.settle().await.unwrap();
        (answer.status, answer.body["code"].clone())
    }

    async fn lifts(&self, who: &Actor, person: &str) -> u16 {
        let lift = format!("/api/intake/persons/{person}/not-to-be-found/lift");
        self.answers(who, &lift, json!({})).await.0
    }

    async fn hides(&self, who: &Actor, person: &str) -> u16 {
        let hide = format!("/api/intake/persons/{person}/not-to-be-found");
        self.answers(who, &hide, json!({})).await.0
    }

    async fn is_found(&self, person: &str) -> bool {
        let nobody = actor("nobody", Role::CaseManager, &[support::elsewhere()]);
        ties(&self.town, &nobody, person, real_now()).await.guard == Guard::Open
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_of_the_same_service_reaches_who_is_hidden_by_no_door_of_her_case_threat_2() {
    let it = Hidden::begin().await;
    let (sender, colleague, person) = (&it.pair.sender, &it.colleague, it.pair.person.as_str());
    let case = it.opens(sender, person).await;
    let of_case = |rest: &str| format!("/api/casework/cases/{case}/{rest}");
    it.does(sender, &of_case("team"), json!({ "staff": colleague.staff })).await;
    let removed = format!("team/{}/remove", colleague.staff);
    it.does(sender, &of_case(&removed), json!({})).await;
    assert_eq!(it.hides(sender, person).await, 200);

    let nowhere = "/api/casework/cases/01890000-0000-7000-8000-000000000000";
    for (rest, body) in [
        ("manager", json!({})),
        ("team", json!({ "staff": colleague.staff })),
        ("guardian", json!({ "guardian": colleague.staff })),
        ("assessments", json!({ "domains": ["health"] })),
        ("project", json!({ "template_version": 1 })),
    ] {
        let none = it.answers(colleague, &format!("{nowhere}/{rest}"), body.clone()).await;
        assert_eq!(it.answers(colleague, &of_case(rest), body).await, none, "{rest}");
        assert_eq!(none.0, 404, "{rest}");
    }
    let journey = format!("/api/projections/journeys/{person}");
    assert_eq!(it.client.get(colleague, &journey).await.unwrap().status, 404);
    it.does(sender, &of_case("project"), json!({ "template_version": 1 })).await;
    it.does(sender, &of_case("manager"), json!({ "manager": colleague.staff })).await;
    assert_eq!(it.client.get(colleague, &journey).await.unwrap().status, 200, "she gave it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_said_lifts_whom_they_gave_the_case_and_nobody_who_opened_it_threat_2() {
    let it = Hidden::begin().await;
    let (sender, colleague, person) = (&it.pair.sender, &it.colleague, it.pair.person.as_str());
    let case = it.opens(colleague, person).await;
    let team = format!("/api/casework/cases/{case}/team");
    let manager = format!("/api/casework/cases/{case}/manager");
    it.does(colleague, &team, json!({ "staff": sender.staff })).await;
    assert_eq!(it.hides(sender, person).await, 200);
    assert_eq!(it.lifts(colleague, person).await, 404, "he opened it himself");
    assert_eq!(it.hides(colleague, person).await, 200);
    assert_eq!(it.lifts(colleague, person).await, 200, "his own word");
    assert!(!it.is_found(person).await, "hers stands");
    it.does(colleague, &manager, json!({ "manager": sender.staff })).await;
    it.does(sender, &team, json!({ "staff": colleague.staff })).await;
    assert_eq!(it.lifts(colleague, person).await, 404, "it came back to who opened it");
    it.does(sender, &manager, json!({ "manager": colleague.staff })).await;
    assert_eq!(it.lifts(colleague, person).await, 404, "also as its manager");

    let another = Pair::person(&it.client, sender).await;
    it.client.settle().await.unwrap();
    let case = it.opens(sender, &another).await;
    assert_eq!(it.hides(sender, &another).await, 200);
    let team = format!("/api/casework/cases/{case}/team");
    it.does(sender, &team, json!({ "staff": colleague.staff })).await;
    assert_eq!(it.lifts(colleague, &another).await, 200, "it was given to him");
    assert!(it.is_found(&another).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_lift_does_not_part_the_records_of_who_is_hidden_either_threat_2() {
    let it = Hidden::begin().await;
    let (sender, colleague, person) = (&it.pair.sender, &it.colleague, it.pair.person.as_str());
    let former = Pair::person(&it.client, sender).await;
    it.client.settle().await.unwrap();
    it.opens(colleague, &former).await;
    it.opens(sender, person).await;
    assert_eq!(it.hides(sender, person).await, 200);
    let link = json!({ "one": person, "another": former, "reasons": ["person_says_so"] });
    let link = it.does(sender, "/api/intake/links", link).await;
    assert!(!it.is_found(&former).await, "she is one person");
    let unlink = format!("/api/intake/links/{link}/unlink");
    let wrong = json!({ "reason": "mistake" });
    assert_eq!(it.answers(colleague, &unlink, wrong.clone()).await.0, 404);
    assert!(!it.is_found(&former).await, "what hides her stands of both");
    assert_eq!(it.answers(sender, &unlink, wrong).await.0, 200, "who said it parts them");
    assert!(it.is_found(&former).await && !it.is_found(person).await, "as they were before");
}
