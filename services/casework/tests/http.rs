//! The doors of casework, against a real database.

#[path = "../../../tests/support/context.rs"]
mod harness;

use harness::{Answer, World, id};
use serde_json::{Value, json};
use time::macros::{date, datetime};
use trama_casework::Casework;
use trama_events::codes::{
    Contract, DeclineReason, DeclinedBy, Destination, Gender, IdentityStatus, NeedCode, NextStep,
    OrganisationKind, Profession, Role, ServiceType, Urgency,
};
use trama_events::directory::{OrganisationEvent, ServiceEvent, StaffEvent};
use trama_events::housing::{AdmissionRoute, ProjectSeen, StayEvent, StepDirection, StepReason};
use trama_events::ids::{
    CaseId, OrganisationId, PersonId, ReferralId, ServiceId, StaffId, StayId, UnitId,
};
use trama_events::intake::{EntryEvent, PersonEvent, ReattributionReason};
use trama_events::referrals::ReferralEvent;
use trama_events::short_code::ShortCode;
use uuid::Uuid;

const CASES: &str = "/api/casework/cases";

fn ssp() -> ServiceId {
    ServiceId(id("ssp"))
}

fn ana() -> PersonId {
    PersonId(id("ana"))
}

async fn start() -> World {
    let world = World::start("casework", Casework::open).await;
    world.at(datetime!(2025-03-03 10:00 UTC));
    world
}

impl World {
    fn rita(&self) -> String {
        self.token("rita", Role::CaseManager, &[ssp()])
    }

    /// Asks under a key that follows from path and body, so that asking again is a repeat.
    async fn say(&self, token: &str, path: &str, body: Value) -> Answer {
        let key = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{path} {body}").as_bytes());
        self.post(token, path, &key.to_string(), body).await
    }

    async fn expect(&self, told: &str, token: &str, path: &str, body: Value) {
        let answer = self.say(token, path, body.clone()).await;
        assert_eq!(answer.told(), told, "{path} {body}: {}", answer.body);
    }

    async fn registered(&self, person: PersonId) {
        let event = PersonEvent::PersonRegistered {
            person,
            code: ShortCode::candidate(person.0, 0),
            status: IdentityStatus::Declared,
            service: ServiceId(id("desk")),
            birth_year: None,
            gender: Gender::Unknown,
            language: None,
        };
        self.heard(person.0, Some(person), &event).await;
    }

    /// A case of Ana's that rita opened; its path.
    async fn opened(&self) -> String {
        self.registered(ana()).await;
        let form = json!({ "case": id("case"), "person": ana(), "service": ssp() });
        self.expect("200", &self.rita(), CASES, form).await;
        format!("{CASES}/{}", id("case"))
    }

    /// The same, in charge, with a signed project of one goal.
    async fn signed(&self) -> String {
        let (case, rita) = (self.opened().await, self.rita());
        let goal = json!({ "goal": id("goal"), "need": "housing", "review_on": "2025-06-01" });
        for (part, body) in [
            ("assessments", json!({ "domains": ["health", "work"] })),
            ("charge", json!({ "marginality": "severe", "place": "street" })),
            ("project", json!({ "template_version": 1 })),
            ("goals", goal),
            ("project/sign", json!({ "signed_by": "person" })),
        ] {
            self.expect("200", &rita, &format!("{case}/{part}"), body).await;
        }
        case
    }
}

#[tokio::test]
async fn a_case_is_opened_once_by_its_service_for_somebody_who_is_registered() {
    let world = start().await;
    let rita = world.rita();
    let form = json!({ "person": ana(), "service": ssp() });
    world.refuses_bad_input(&rita, CASES, &form).await;
    world.expect("422 unknown_person", &rita, CASES, form.clone()).await;
    world.registered(PersonId(id("ben"))).await;
    world.expect("422 unknown_person", &rita, CASES, form.clone()).await;
    world.registered(ana()).await;
    let ugo = world.token("ugo", Role::CaseManager, &[ServiceId(id("other"))]);
    world.expect("404 not_found", &ugo, CASES, form.clone()).await;
    let desk = world.token("dora", Role::InfoDesk, &[ssp()]);
    world.expect("403 role_may_not", &desk, CASES, form.clone()).await;
    world
        .expect("422 invalid_body", &rita, CASES, json!({ "person": "Ana", "service": ssp() }))
        .await;

    let opened = world.post(&rita, CASES, "open-for-ana", form.clone()).await;
    let case = CaseId::derived(&[&id("rita").to_string(), "open-for-ana"]);
    assert_eq!((opened.told(), &opened.body["id"]), ("200".into(), &json!(case)));
    assert_eq!(world.post(&rita, CASES, "open-for-ana", form.clone()).await, opened);
    let other = json!({ "person": id("ben"), "service": ssp() });
    assert_eq!(world.post(&rita, CASES, "open-for-ana", other).await.told(), "422 key_reused");
    world.expect("422 already_open", &rita, CASES, form).await;

    let path = format!("{CASES}/{case}");
    let view = world.get(&rita, &path).await;
    assert_eq!(view.etag.as_deref(), Some("W/\"2\""));
    assert_eq!(view.body["manager"], json!(StaffId(id("rita"))), "who opens it, unless said");
    assert_eq!(world.get(&ugo, &path).await.told(), "404 not_found");
    assert_eq!(world.get(&desk, &path).await.told(), "403 role_may_not");
    let unknown = format!("{CASES}/{}", id("nothing"));
    assert_eq!(world.get(&rita, &unknown).await.told(), "404 not_found");
}

impl World {
    /// Somebody works at a body of this kind.
    async fn works(&self, name: &str, kind: OrganisationKind) -> StaffId {
        let organisation = OrganisationId(id(kind.code()));
        let registered = OrganisationEvent::OrganisationRegistered {
            organisation,
            name: kind.code().to_owned(),
            kind,
            ats: harness::bari(),
        };
        let hired = StaffEvent::StaffHired {
            staff: StaffId(id(name)),
            organisation,
            profession: Profession::Other,
            fte_hundredths: 100,
            contract: Contract::Permanent,
            ats: harness::bari(),
            on: date!(2024 - 01 - 01),
        };
        self.heard(organisation.0, None, &registered).await;
        self.heard(id(name), None, &hired).await;
        StaffId(id(name))
    }
}

#[tokio::test]
async fn nobody_opens_a_case_of_a_child_with_whom_she_has_nothing_to_do_c5() {
    let world = start().await;
    let rita = world.rita();
    let form = |person: PersonId| json!({ "person": person, "service": ssp() });
    let (child, nobody) = (PersonId(id("child")), PersonId(id("nobody")));
    world.registered(child).await;
    world.is_a_child(child);
    let sealed = world.say(&rita, CASES, form(child)).await;
    assert_eq!(sealed, world.say(&rita, CASES, form(nobody)).await);
    assert_eq!(sealed.told(), "422 unknown_person");
}

#[tokio::test]
async fn a_unit_of_both_sides_is_called_and_its_plan_says_how_long_it_took_r40() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let of = |part: &str| format!("{case}/{part}");
    let social = world.works("sara", OrganisationKind::Municipality).await;
    let call =
        |health: StaffId| json!({ "on": "2025-03-10", "social": [social], "health": [health] });
    let dino = StaffId(id("dino"));
    world.refuses_bad_input(&rita, &of("uvm"), &call(dino)).await;
    world.expect("422 unknown_staff", &rita, &of("uvm"), call(dino)).await;
    let health = world.works("dina", OrganisationKind::HealthAuthority).await;
    world.expect("422 other_side", &rita, &of("uvm"), call(social)).await;
    let plan = json!({ "social": social, "health": health, "goals": ["health"], "months": 12 });
    world.refuses_bad_input(&rita, &of("care-plan"), &plan).await;
    world.expect("422 no_unit", &rita, &of("care-plan"), plan.clone()).await;
    world.expect("200", &rita, &of("uvm"), call(health)).await;
    let early = world.post(&rita, &of("care-plan"), "too-early-1", plan.clone()).await;
    assert_eq!(early.told(), "422 meeting_ahead");
    let ugo = world.token("ugo", Role::CaseManager, &[ServiceId(id("other"))]);
    world.expect("404 not_found", &ugo, &of("uvm"), call(health)).await;
    world.at(datetime!(2025-03-14 10:00 UTC));
    let signed = world.post(&rita, &of("care-plan"), "signed-001", plan.clone()).await;
    assert!(signed.is_new(), "{}", signed.body);
    let view = world.get(&rita, &case).await.body;
    assert_eq!((&view["care_plan"]["days_to_plan"], &view["unit"]), (&json!(4), &Value::Null));
    let cancel = world.post(&rita, &of("uvm/cancel"), "cancel-001", json!({})).await;
    assert_eq!(cancel.told(), "422 no_unit");
}

#[tokio::test]
async fn a_guardian_is_recorded_by_the_case_team_and_the_guardianship_ends() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let of = |part: &str| format!("{case}/{part}");
    let appointed = json!({ "guardian": id("gino") });
    world.refuses_bad_input(&rita, &of("guardian"), &appointed).await;
    world.expect("422 unknown_guardian", &rita, &of("guardian"), appointed.clone()).await;
    world.works("gino", OrganisationKind::OtherPublic).await;
    let done = world.post(&rita, &of("guardian"), "guardian-1", appointed).await;
    assert!(done.is_new(), "{}", done.body);
    assert_eq!(world.get(&rita, &case).await.body["guardian"], json!(id("gino")));
    let end = of("guardian/end");
    assert!(world.post(&rita, &end, "ended-0001", json!({})).await.is_new());
    let again = world.post(&rita, &end, "ended-0002", json!({})).await;
    assert_eq!(again.told(), "422 no_guardian");
}

#[tokio::test]
async fn what_was_moved_to_another_person_counts_for_her_and_not_where_it_was_made() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let ben = PersonId(id("ben"));
    world.registered(ben).await;
    let form = json!({ "case": id("of ben"), "person": ben, "service": ssp() });
    world.expect("200", &rita, CASES, form).await;
    let of_ben = format!("{CASES}/{}", id("of ben"));
    let of = |case: &str, part: &str| format!("{case}/{part}");
    let (assessment, fact) = (json!({ "domains": ["work"] }), json!({ "fact": "means_reduced" }));
    world.expect("200", &rita, &of(&case, "assessments"), assessment.clone()).await;
    world.expect("200", &rita, &of(&case, "eligibility-facts"), fact.clone()).await;
    let charge = json!({ "marginality": "severe", "place": "street" });
    world.expect("422 not_assessed", &rita, &of(&of_ben, "charge"), charge.clone()).await;

    for number in [3, 4] {
        let (entry, reason) =
            (format!("casework/case-{}/{number}", id("case")), ReattributionReason::LikeName);
        let moved = EntryEvent::EntryReattributed { entry, from: ana(), to: ben, reason };
        world.heard(id("entry"), Some(ana()), &moved).await;
    }
    world.expect("422 not_assessed", &rita, &of(&case, "charge"), charge.clone()).await;
    world.expect("200", &rita, &of(&of_ben, "charge"), charge).await;
    let seen = world.get(&rita, &case).await;
    assert_eq!(seen.told(), "200");
    assert_eq!(
        (&seen.body["assessment"], &seen.body["eligibility_facts"]),
        (&json!(null), &json!([]))
    );
    for (part, body) in [("assessments", assessment), ("eligibility-facts", fact)] {
        let again = world.post(&rita, &of(&case, part), &format!("again-{part}"), body).await;
        assert!(again.is_new(), "what Ana's case does not have any more is written down: {part}");
    }
}

#[tokio::test]
async fn a_project_is_signed_by_both_sides_and_reviewed() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let of = |part: &str| format!("{case}/{part}");
    let charge = json!({ "marginality": "severe", "place": "street" });
    let sign = json!({ "signed_by": "person" });
    let ugo = world.token("ugo", Role::CaseManager, &[ServiceId(id("other"))]);
    world.expect("422 not_assessed", &rita, &of("charge"), charge.clone()).await;
    world.expect("422 nothing_assessed", &rita, &of("assessments"), json!({ "domains": [] })).await;
    let assessment = json!({ "domains": ["work"], "needs": [{ "code": "housing", "level": 3 }] });
    world.expect("404 not_found", &ugo, &of("assessments"), assessment.clone()).await;
    world.expect("200", &rita, &of("assessments"), assessment).await;
    let fact = |last: &str| json!({ "fact": "means_reduced", "valid_to": last });
    world.expect("422 fact_ended", &rita, &of("eligibility-facts"), fact("2025-03-02")).await;
    world.expect("200", &rita, &of("eligibility-facts"), fact("2025-03-03")).await;
    world.expect("422 no_project", &rita, &of("project/sign"), sign.clone()).await;
    world.expect("200", &rita, &of("project"), json!({ "template_version": 1 })).await;
    world.expect("422 not_in_charge", &rita, &of("project/sign"), sign.clone()).await;
    world.expect("200", &rita, &of("charge"), charge).await;
    world.expect("422 no_goal", &rita, &of("project/sign"), sign.clone()).await;

    let goal = |day: &str| json!({ "goal": id("goal"), "need": "housing", "review_on": day });
    world.expect("422 review_too_far", &rita, &of("goals"), goal("2025-06-02")).await;
    world.expect("200", &rita, &of("goals"), goal("2025-06-01")).await;
    let colleague = world.token("carla", Role::CaseManager, &[ssp()]);
    world.expect("422 not_the_case_manager", &colleague, &of("project/sign"), sign.clone()).await;
    world.expect("200", &colleague, &of("manager"), json!({})).await;
    world.expect("422 not_the_case_manager", &rita, &of("project/sign"), sign).await;
    let for_carla = json!({ "signed_by": "guardian", "manager": id("carla") });
    world.expect("422 invalid_body", &rita, &of("project/sign"), for_carla).await;
    let guardian = json!({ "signed_by": "guardian" });
    world.expect("200", &colleague, &of("project/sign"), guardian).await;

    let review = of(&format!("goals/{}/review", id("goal")));
    world.expect("422 goals_without_outcome", &rita, &of("project/complete"), json!({})).await;
    world.expect("200", &rita, &review, json!({ "outcome": "yes" })).await;
    world.expect("200", &rita, &of("project/complete"), json!({})).await;
    let late = json!({ "reason": "contact_lost" });
    world.expect("422 project_ended", &rita, &of("project/interrupt"), late).await;
    let view = world.get(&colleague, &case).await.body;
    let reached =
        json!([{ "goal": id("goal"), "need": "housing", "review_on": null, "outcome": "yes" }]);
    assert_eq!((&view["project"]["stage"], &view["goals"]), (&json!("completed"), &reached));
    assert_eq!(view["manager"], json!(StaffId(id("carla"))));
}

#[tokio::test]
async fn what_happened_earlier_is_judged_by_its_own_day() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let project = json!({ "template_version": 1, "occurred_at": "2025-02-01T10:00:00+01:00" });
    world.expect("200", &rita, &format!("{case}/project"), project).await;
    let goal = |day: &str| json!({ "need": "work", "review_on": day, "occurred_at": "2025-02-01T10:00:00+01:00" });
    let goals = format!("{case}/goals");
    world.expect("422 review_too_far", &rita, &goals, goal("2025-05-03")).await;
    world.expect("200", &rita, &goals, goal("2025-05-02")).await;
    let interrupted = json!({ "reason": "moved_away" });
    world.expect("200", &rita, &format!("{case}/project/interrupt"), interrupted).await;
}

#[tokio::test]
async fn a_case_closes_when_nothing_is_open_elsewhere_or_somebody_goes_on() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.signed().await);
    let close = format!("{case}/close");
    let reached = || json!({ "reason": "goals_reached", "destination": "own_rent" });
    world.expect("422 goals_without_outcome", &rita, &close, reached()).await;
    let review = format!("{case}/goals/{}/review", id("goal"));
    world.expect("200", &rita, &review, json!({ "outcome": "yes" })).await;
    let ugo = world.token("ugo", Role::CaseManager, &[ServiceId(id("other"))]);
    world.expect("404 not_found", &ugo, &close, reached()).await;
    let unknown = format!("{CASES}/{}/close", id("nothing"));
    world.expect("404 not_found", &rita, &unknown, reached()).await;

    // Ben holds the stay; Ana lives there with him.
    let stay = id("stay");
    world.heard(stay, Some(PersonId(id("ben"))), &stay_started()).await;
    world.expect("422 still_open", &rita, &close, reached()).await;
    let left =
        StayEvent::StayEnded { ended_on: date!(2025 - 03 - 03), destination: Destination::OwnRent };
    world.heard(stay, Some(PersonId(id("ben"))), &left).await;
    let referral = id("referral");
    let common = referral_created(ServiceType::ProfessionalSocialService, ServiceType::JobCentre);
    world.heard(referral, Some(ana()), &common).await;
    let answer_by = datetime!(2025-03-10 10:00 UTC);
    world.heard(referral, Some(ana()), &ReferralEvent::ReferralSent { answer_by }).await;
    world.heard(referral, Some(ana()), &ReferralEvent::ReferralAccepted {}).await;
    world.expect("422 still_open", &rita, &close, reached()).await;
    world.heard(referral, Some(ana()), &declined()).await;
    world
        .expect(
            "422 destination_contradicts",
            &rita,
            &close,
            json!({ "reason": "goals_reached", "destination": "deceased" }),
        )
        .await;

    let closed = world.say(&rita, &close, reached()).await;
    assert!(closed.is_new());
    assert_eq!(world.say(&rita, &close, reached()).await, closed);
    assert_eq!(world.get(&rita, &case).await.body["closed"]["destination"], "own_rent");
    world
        .expect("422 closed", &rita, &format!("{case}/project"), json!({ "template_version": 2 }))
        .await;
    let again = json!({ "person": ana(), "service": ssp() });
    world.expect("200", &rita, CASES, again).await;
}

#[tokio::test]
async fn who_takes_over_answers_for_what_is_open() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.signed().await);
    world.heard(id("stay"), Some(PersonId(id("ben"))), &stay_started()).await;
    let close = format!("{case}/close");
    let to = |service: Uuid| json!({ "reason": "handed_over", "handover": service });
    world.expect("422 handover_missing", &rita, &close, json!({ "reason": "handed_over" })).await;
    world.expect("422 handover_to_itself", &rita, &close, to(ssp().0)).await;
    let other = ServiceId(id("other"));
    let on = date!(2025 - 01 - 01);
    world.expect("422 unknown_service", &rita, &close, to(other.0)).await;
    world.heard(other.0, None, &service_registered(other)).await;
    world.expect("422 unknown_service", &rita, &close, to(other.0)).await;
    world.heard(other.0, None, &ServiceEvent::ServiceActivated { on }).await;
    world.heard(other.0, None, &ServiceEvent::ServiceSuspended { on }).await;
    world.expect("422 unknown_service", &rita, &close, to(other.0)).await;
    world.heard(other.0, None, &ServiceEvent::ServiceActivated { on }).await;
    world.expect("200", &rita, &close, to(id("other"))).await;
}

#[tokio::test]
async fn what_a_confidential_service_does_neither_counts_nor_shows() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.signed().await);
    let review = format!("{case}/goals/{}/review", id("goal"));
    world.expect("200", &rita, &review, json!({ "outcome": "yes" })).await;
    let answer_by = datetime!(2025-03-10 10:00 UTC);
    let ssp = ServiceType::ProfessionalSocialService;
    for (name, from_type, service_type) in [
        ("to the serd", ssp, ServiceType::Serd),
        ("from the serd", ServiceType::Serd, ssp),
        ("to the centre", ssp, ServiceType::AntiViolenceCentre),
    ] {
        world.heard(id(name), Some(ana()), &referral_created(from_type, service_type)).await;
        world.heard(id(name), Some(ana()), &ReferralEvent::ReferralSent { answer_by }).await;
    }
    let (stay, ben) = (id("stay"), Some(PersonId(id("ben"))));
    let close = format!("{case}/close");
    let reached = || json!({ "reason": "goals_reached" });
    world.heard(stay, ben, &stay_started_in(ServiceType::Temporary)).await;
    world.heard(stay, ben, &step_moved(ServiceType::SecretShelter)).await;
    world.heard(stay, ben, &step_moved(ServiceType::Temporary)).await;
    let refused = world.say(&rita, &close, reached()).await;
    assert_eq!(refused.told(), "422 still_open", "it is in a known house again");
    let detail = refused.body["detail"].as_str().unwrap_or_default();
    assert!(detail.starts_with("stays still open: 1, referrals still open: 0;"), "{detail}");
    world.heard(stay, ben, &step_moved(ServiceType::SecretShelter)).await;
    world.heard(id("flight"), ben, &stay_started_in(ServiceType::SecretShelter)).await;
    world.expect("200", &rita, &close, reached()).await;
}

#[tokio::test]
async fn a_case_manager_is_oneself_or_somebody_on_the_staff() {
    let world = start().await;
    let rita = world.rita();
    world.registered(ana()).await;
    let for_carla = json!({ "person": ana(), "service": ssp(), "manager": id("carla") });
    world.expect("422 unknown_staff", &rita, CASES, for_carla.clone()).await;
    let case = format!("{CASES}/{}", id("case"));
    let own =
        json!({ "case": id("case"), "person": ana(), "service": ssp(), "manager": id("rita") });
    world.expect("200", &rita, CASES, own).await;
    let carla = json!({ "manager": id("carla") });
    let manager = format!("{case}/manager");
    world.expect("422 unknown_staff", &rita, &manager, carla.clone()).await;
    world.heard(id("carla"), None, &hired("carla")).await;
    let ended = |on| StaffEvent::StaffEnded { on };
    world.heard(id("carla"), None, &ended(date!(2025 - 03 - 03))).await;
    world.expect("422 unknown_staff", &rita, &manager, carla.clone()).await;
    world.heard(id("carla"), None, &ended(date!(2025 - 03 - 04))).await;
    world.expect("200", &rita, &manager, carla).await;
    let view = world.get(&rita, &case).await.body;
    assert_eq!(view["manager"], json!(StaffId(id("carla"))));
}

#[tokio::test]
async fn the_service_of_a_case_says_who_works_on_it_and_the_case_shows_them() {
    let world = start().await;
    let (rita, case) = (world.rita(), world.opened().await);
    let team = format!("{case}/team");
    let carla = json!({ "staff": id("carla") });
    world.refuses_bad_input(&rita, &team, &carla).await;
    world.expect("422 unknown_staff", &rita, &team, carla.clone()).await;
    world.heard(id("carla"), None, &hired("carla")).await;
    let ugo = world.token("ugo", Role::CaseManager, &[ServiceId(id("other"))]);
    world.expect("404 not_found", &ugo, &team, carla.clone()).await;
    world.expect("200", &rita, &team, carla).await;
    let shown = async || world.get(&rita, &case).await.body["team"].clone();
    assert_eq!(shown().await, json!([id("carla")]));
    let remove = format!("{team}/{}/remove", id("carla"));
    world.expect("404 not_found", &ugo, &remove, json!({})).await;
    world.expect("200", &rita, &remove, json!({})).await;
    assert_eq!(shown().await, json!([]));
    let twice = world.post(&rita, &remove, "again-01", json!({})).await;
    assert_eq!(twice.told(), "422 not_in_team");
}

fn hired(name: &str) -> StaffEvent {
    StaffEvent::StaffHired {
        staff: StaffId(id(name)),
        organisation: OrganisationId(id("comune")),
        profession: Profession::SocialWorker,
        fte_hundredths: 100,
        contract: Contract::Permanent,
        ats: harness::bari(),
        on: date!(2024 - 01 - 01),
    }
}

fn service_registered(service: ServiceId) -> ServiceEvent {
    ServiceEvent::ServiceRegistered {
        service,
        organisation: OrganisationId(id("comune")),
        name: "Servizio sociale di Altamura".into(),
        service_type: ServiceType::ProfessionalSocialService,
        ats: harness::bari(),
        municipality: None,
        low_threshold: false,
    }
}

fn step_moved(kind: ServiceType) -> StayEvent {
    StayEvent::StepMoved {
        facility: ServiceId(id("next")),
        kind,
        unit: UnitId(id("room")),
        places: vec![],
        moved_on: date!(2025 - 02 - 01),
        direction: StepDirection::Up,
        reason: StepReason::PersonAsked,
    }
}

fn stay_started() -> StayEvent {
    stay_started_in(ServiceType::Temporary)
}

fn stay_started_in(kind: ServiceType) -> StayEvent {
    StayEvent::StayStarted {
        stay: StayId(id("stay")),
        person: PersonId(id("ben")),
        members: vec![ana()],
        facility: ServiceId(id("flats")),
        kind,
        unit: UnitId(id("flat")),
        places: vec![],
        started_on: date!(2025 - 01 - 01),
        cap_on: None,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen { active: true, due_on: None, read_to: 1 },
    }
}

fn referral_created(from_type: ServiceType, service_type: ServiceType) -> ReferralEvent {
    ReferralEvent::ReferralCreated {
        referral: ReferralId(id("referral")),
        person: ana(),
        from: ssp(),
        from_type,
        to: ServiceId(id("job-centre")),
        service_type,
        need: NeedCode::Work,
        urgency: Urgency::Ordinary,
        dataset: vec![],
        directory_read_to: 1,
    }
}

fn declined() -> ReferralEvent {
    ReferralEvent::ReferralDeclined {
        reason: DeclineReason::NoCapacity,
        next_step: NextStep::RetryLater,
        by: DeclinedBy::Service,
        elsewhere: None,
    }
}
