//! Given what happened in every context, then who has to do with a person, and what she agreed to.

#![cfg(test)]

mod harness;

use std::collections::BTreeSet;
use std::time::Instant;

use sqlx::PgConnection;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use trama_events::casework::{CaseCloseReason, CaseEvent, ReadTo};
use trama_events::codes::{
    Channel, Contract, DatasetSection, Destination, Gender, IdentityStatus, NeedCode, NeedMet,
    Profession, Purpose, Section, ServiceType, Urgency,
};
use trama_events::directory::{AgreementEvent, ServiceEvent, StaffEvent};
use trama_events::housing::{
    AdmissionRoute, FacilityEvent, HouseRules, NightEvent, ProjectSeen, StayEvent, WaitingEvent,
};
use trama_events::identity::{ForcedAccessEvent, ForcedReason};
use trama_events::ids::{
    AgreementId, Ats, CaseId, ConsentId, ContactId, EmergencyId, ForcedAccessId, HouseholdId,
    LinkId, NightLedgerId, OrganisationId, PersonId, PlaceId, ReferralId, ServiceId, StaffId,
    StayId, UnitId, WaitingId, WishId,
};
use trama_events::intake::{
    ContactEvent, EmergencyEvent, EntryEvent, Extent, HouseholdEvent, HouseholdKind, LinkEvent,
    LinkReason, PersonEvent, ReattributionReason, UnlinkReason, Viewer, WishEvent, WishForm,
};
use trama_events::referrals::{
    ConsentEvent, ConsentScope, ExternalState, ReferralEvent, WithdrawalReason,
};
use trama_events::short_code::ShortCode;
use trama_platform::clock::pause;
use trama_platform::follow::Lag;
use trama_platform::log::SYSTEM;
use trama_platform::permit::{Agreement, Guard, Past, Relation};
use trama_platform::ties::{Acquaintance, Between, Ground};
use trama_projections::relations::{
    Asker, RelationKind, RelationTables, Relations, RelationsFound, Unsure,
};

use harness::{History, World, id};

const NOW: OffsetDateTime = datetime!(2025-03-03 10:00 UTC);
const COMUNE: &str = "comune";
const COOP: &str = "coop";

fn ana() -> PersonId {
    PersonId(id("ana"))
}

fn ben() -> PersonId {
    PersonId(id("ben"))
}

fn staff(name: &str) -> StaffId {
    StaffId(id(name))
}

fn service(name: &str) -> ServiceId {
    ServiceId(id(name))
}

fn body(name: &str) -> OrganisationId {
    OrganisationId(id(name))
}

fn days(number: i64) -> Duration {
    Duration::days(number)
}

/// Two bodies with their services, a secret shelter among them.
fn network() -> History {
    let mut history = History::starting(NOW);
    for (name, runs, service_type) in [
        ("ssp", COMUNE, ServiceType::ProfessionalSocialService),
        ("shelter", COOP, ServiceType::NightShelter),
        ("refuge", COOP, ServiceType::SecretShelter),
        ("csm", "asl", ServiceType::Csm),
    ] {
        let event = ServiceEvent::ServiceRegistered {
            service: service(name),
            organisation: body(runs),
            name: format!("Servizio {name}"),
            service_type,
            ats: Ats::try_new("bari").unwrap(),
            municipality: None,
            low_threshold: false,
        };
        history.record(id(name), None, &event);
        let opened = FacilityEvent::FacilityOpened {
            facility: service(name),
            kind: service_type,
            opened_on: date!(2024 - 01 - 01),
            rules: HouseRules::default(),
        };
        if matches!(service_type, ServiceType::NightShelter | ServiceType::SecretShelter) {
            history.record(id(name), None, &opened);
        }
    }
    history.by(body("elsewhere"));
    history
}

fn of_case(history: &mut History, event: &CaseEvent) {
    history.record(id("case"), Some(ana()), event);
}

fn case(history: &mut History) {
    of_case(
        history,
        &CaseEvent::CaseOpened { case: CaseId(id("case")), person: ana(), service: service("ssp") },
    );
    of_case(history, &CaseEvent::CaseManagerAssigned { manager: staff("rita") });
}

const CLOSED: CaseEvent = CaseEvent::CaseClosed {
    reason: CaseCloseReason::GoalsReached,
    destination: None,
    handover: None,
    read_to: ReadTo { housing: 0, referrals: 0 },
};

fn referral(history: &mut History, from: (&str, ServiceType), to: (&str, ServiceType)) {
    let created = ReferralEvent::ReferralCreated {
        referral: ReferralId(id("referral")),
        person: ana(),
        from: service(from.0),
        from_type: from.1,
        to: service(to.0),
        service_type: to.1,
        need: NeedCode::Housing,
        urgency: Urgency::Ordinary,
        dataset: vec![DatasetSection::Needs, DatasetSection::Household],
        directory_read_to: 0,
    };
    history.record(id("referral"), Some(ana()), &created);
}

fn of_referral(history: &mut History, event: &ReferralEvent) {
    history.record(id("referral"), Some(ana()), event);
}

const SENT: ReferralEvent = ReferralEvent::ReferralSent { answer_by: NOW };
const MET: ReferralEvent = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Yes };

fn stay(history: &mut History, facility: &str, kind: ServiceType) {
    let started = StayEvent::StayStarted {
        stay: StayId(id("stay")),
        person: ana(),
        members: vec![ben()],
        facility: service(facility),
        kind,
        unit: UnitId(id("unit")),
        places: vec![PlaceId(id("place 1")), PlaceId(id("place 2"))],
        started_on: date!(2025 - 03 - 03),
        cap_on: None,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id("stay"), Some(ana()), &started);
}

fn stay_ended(history: &mut History) {
    let ended =
        StayEvent::StayEnded { ended_on: date!(2025 - 03 - 10), destination: Destination::OwnRent };
    history.record(id("stay"), Some(ana()), &ended);
}

fn registered(person: PersonId, birth_year: Option<u16>) -> PersonEvent {
    PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service: service("ssp"),
        birth_year,
        gender: Gender::Female,
        language: None,
    }
}

fn contact(history: &mut History, name: &str, person: PersonId) -> String {
    let event = ContactEvent::ContactRecorded {
        contact: ContactId(id(name)),
        service: service("ssp"),
        channel: Channel::Desk,
        person: Some(person),
        needs: vec![],
    };
    history.record(id(name), Some(person), &event);
    history.events.last().unwrap().id()
}

fn agreement(until: Option<time::Date>) -> AgreementEvent {
    AgreementEvent::AgreementSigned {
        agreement: AgreementId(id("agreement")),
        holder: body(COOP),
        readers: vec![body(COMUNE)],
        sections: vec![Section::Housing, Section::Project],
        purpose: Purpose::Care,
        from: date!(2025 - 03 - 03),
        until,
    }
}

/// Somebody who acts for services of a body.
struct Worker {
    staff: &'static str,
    body: &'static str,
    services: Vec<ServiceId>,
}

fn worker(staff: &'static str, body: &'static str, services: &[&str]) -> Worker {
    Worker { staff, body, services: services.iter().map(|name| service(name)).collect() }
}

impl World {
    async fn learns(&self, history: &History) {
        self.forget(&RelationTables).await;
        for batch in history.events.chunk_by(|one, next| one.context == next.context) {
            self.fold(&RelationTables, batch).await;
        }
    }

    async fn found(&self, worker: &Worker, person: PersonId, at: OffsetDateTime) -> RelationsFound {
        let relations = Relations::over(self.asks.clone(), Lag::none());
        let asker = Asker {
            staff: staff(worker.staff),
            organisation: body(worker.body),
            services: &worker.services,
        };
        relations.of(asker, person, at).await.unwrap()
    }

    async fn set(
        &self,
        worker: &Worker,
        person: PersonId,
        at: OffsetDateTime,
    ) -> Vec<RelationKind> {
        self.found(worker, person, at).await.set.into_iter().collect()
    }
}

#[tokio::test]
async fn a_case_relates_its_service_its_manager_and_its_team_until_a_month_after_its_end_c1() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    of_case(&mut history, &CaseEvent::TeamMemberAdded { staff: staff("ugo") });
    world.learns(&history).await;
    let rita = worker("rita", COMUNE, &["ssp"]);
    let of_service = [RelationKind::CaseService];
    let managing = [RelationKind::CaseManager, RelationKind::CaseService];
    assert_eq!(world.set(&rita, ana(), NOW).await, managing);
    let ugo = worker("ugo", COOP, &["shelter"]);
    assert_eq!(world.set(&ugo, ana(), NOW).await, [RelationKind::CaseTeam]);
    assert_eq!(world.set(&worker("dora", COMUNE, &["ssp"]), ana(), NOW).await, of_service);
    for stranger in [worker("dora", COMUNE, &[]), worker("leo", COOP, &["shelter"])] {
        let nothing = RelationsFound { records: vec![ana()], ..RelationsFound::default() };
        assert_eq!(world.found(&stranger, ana(), NOW).await, nothing);
    }
    assert_eq!(world.set(&rita, ben(), NOW).await, [], "another person");

    of_case(&mut history, &CaseEvent::CaseManagerAssigned { manager: staff("sara") });
    of_case(&mut history, &CaseEvent::TeamMemberRemoved { staff: staff("ugo") });
    world.learns(&history).await;
    assert_eq!(world.set(&rita, ana(), NOW).await, of_service, "sara took over");
    assert_eq!(world.set(&ugo, ana(), NOW).await, [], "he left the team");
    let sara = worker("sara", COMUNE, &["ssp"]);
    assert_eq!(world.set(&sara, ana(), NOW).await, managing);

    history.at(NOW + days(10));
    of_case(&mut history, &CLOSED);
    world.learns(&history).await;
    assert_eq!(world.set(&sara, ana(), NOW + days(39)).await, managing);
    assert_eq!(world.set(&sara, ana(), NOW + days(40)).await, []);
    let lasting = world.found(&sara, ana(), NOW + days(11)).await.relations;
    assert!(lasting.iter().all(|relation| relation.until == Some(NOW + days(40))), "{lasting:?}");
}

#[tokio::test]
async fn whoever_covers_a_colleague_has_her_cases_on_these_days_and_nobody_elses() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    let away =
        |from, to, cover: &str| StaffEvent::LeaveStarted { from, to, cover: Some(staff(cover)) };
    let hired = StaffEvent::StaffHired {
        staff: staff("rita"),
        organisation: body(COMUNE),
        profession: Profession::SocialWorker,
        fte_hundredths: 100,
        contract: Contract::Permanent,
        ats: Ats::try_new("bari").unwrap(),
        on: date!(2024 - 01 - 01),
    };
    history.record(id("rita"), None, &hired);
    let rita_away = away(date!(2025 - 03 - 05), date!(2025 - 03 - 07), "ugo");
    history.record(id("rita"), None, &rita_away);
    let ugo_away = away(date!(2025 - 03 - 06), date!(2025 - 03 - 06), "leo");
    history.record(id("ugo"), None, &ugo_away);
    world.learns(&history).await;
    let ugo = worker("ugo", COMUNE, &[]);
    for (after, kinds) in [(1, 0), (2, 1), (4, 1), (5, 0)] {
        let found = world.found(&ugo, ana(), NOW + days(after)).await;
        assert_eq!(found.relations.len(), kinds, "{after} days later");
        let covered = found.relations.iter().all(|one| one.covering == Some(staff("rita")));
        assert!(covered, "{found:?}");
    }
    let leo = worker("leo", COMUNE, &[]);
    assert_eq!(world.set(&leo, ana(), NOW + days(3)).await, [], "cover of cover is none");
    let rita = worker("rita", COMUNE, &[]);
    assert_eq!(world.set(&rita, ana(), NOW + days(3)).await, [RelationKind::CaseManager]);

    let back = StaffEvent::LeaveEnded { on: date!(2025 - 03 - 06) };
    history.record(id("rita"), None, &back);
    world.learns(&history).await;
    assert_eq!(world.set(&ugo, ana(), NOW + days(2)).await, [RelationKind::CaseManager]);
    assert_eq!(world.set(&ugo, ana(), NOW + days(3)).await, [], "she is back");
    history.record(id("rita"), None, &StaffEvent::StaffEnded { on: date!(2025 - 03 - 06) });
    world.learns(&history).await;
    assert_eq!(world.set(&ugo, ana(), NOW + days(2)).await, [], "nobody covers who has left");
}

#[tokio::test]
async fn a_referral_relates_its_receiver_once_sent_and_a_month_longer_once_accepted() {
    let world = World::start().await;
    let mut history = network();
    let (ssp, csm) = (("ssp", ServiceType::ProfessionalSocialService), ("csm", ServiceType::Csm));
    referral(&mut history, ssp, csm);
    world.learns(&history).await;
    let (sender, receiver) = (worker("rita", COMUNE, &["ssp"]), worker("gia", "asl", &["csm"]));
    assert_eq!(world.set(&sender, ana(), NOW).await, [RelationKind::ReferralSent]);
    assert_eq!(world.set(&receiver, ana(), NOW).await, [], "not sent yet");
    history.at(NOW + days(1));
    of_referral(&mut history, &SENT);
    world.learns(&history).await;
    let by_now = world.set(&receiver, ana(), NOW + days(1)).await;
    assert_eq!(by_now, [RelationKind::ReferralReceived], "once it is sent");
    let handed_over =
        async |worker: &Worker| world.found(worker, ana(), NOW + days(1)).await.handed_over;
    assert_eq!(handed_over(&receiver).await, [Section::Food, Section::Needs]);
    assert_eq!(handed_over(&sender).await, [], "only to the receiver");

    let mut withdrawn = history.clone();
    withdrawn.at(NOW + days(2));
    let reason = WithdrawalReason::Mistake;
    of_referral(&mut withdrawn, &ReferralEvent::ReferralWithdrawn { reason });
    world.learns(&withdrawn).await;
    assert_eq!(world.set(&receiver, ana(), NOW + days(2)).await, [], "it was not accepted");

    history.at(NOW + days(2));
    of_referral(&mut history, &ReferralEvent::ReferralAccepted {});
    of_referral(&mut history, &MET);
    world.learns(&history).await;
    assert_eq!(world.set(&receiver, ana(), NOW + days(31)).await, by_now);
    assert_eq!(world.set(&receiver, ana(), NOW + days(32)).await, []);
}

#[tokio::test]
async fn a_house_relates_to_guests_to_those_who_wait_and_to_nights_that_are_kept() {
    let world = World::start().await;
    let shelter = worker("dario", COOP, &["shelter"]);
    let mut history = network();
    stay(&mut history, "shelter", ServiceType::FirstReception);
    history.at(NOW + days(7));
    stay_ended(&mut history);
    world.learns(&history).await;
    for guest in [ana(), ben()] {
        assert_eq!(world.set(&shelter, guest, NOW + days(6)).await, [RelationKind::Stay]);
        assert_eq!(world.set(&shelter, guest, NOW + days(7)).await, []);
    }

    let mut history = network();
    let night = date!(2025 - 03 - 03);
    let reserved = NightEvent::NightReserved {
        ledger: NightLedgerId(id("ledger")),
        facility: service("shelter"),
        person: ana(),
        place: PlaceId(id("place 1")),
        night,
        no_show_at: NOW,
    };
    history.record(id("ledger"), Some(ana()), &reserved);
    let requested = WaitingEvent::PlaceRequested {
        waiting: WaitingId(id("waiting")),
        person: ana(),
        facility: service("shelter"),
        referral: None,
        places: 1,
    };
    history.record(id("waiting"), Some(ana()), &requested);
    world.learns(&history).await;
    let both = [RelationKind::Night, RelationKind::Waiting];
    assert_eq!(world.set(&shelter, ana(), NOW).await, both);
    let next_noon = datetime!(2025-03-04 11:00 UTC);
    assert_eq!(world.set(&shelter, ana(), next_noon).await, [RelationKind::Waiting]);
    let given_back = NightEvent::NightReleased { night, place: PlaceId(id("place 1")) };
    history.record(id("ledger"), Some(ana()), &given_back);
    history.record(
        id("waiting"),
        Some(ana()),
        &WaitingEvent::PlaceAssigned { place: PlaceId(id("place 1")) },
    );
    world.learns(&history).await;
    assert_eq!(world.set(&shelter, ana(), NOW + days(13)).await, [RelationKind::Waiting]);
    assert_eq!(world.set(&shelter, ana(), NOW + days(14)).await, []);
}

#[tokio::test]
async fn a_body_may_see_again_whom_it_met_and_an_entry_on_the_wrong_person_relates_to_the_right_one()
 {
    let world = World::start().await;
    let mut history = network();
    history.by(body(COMUNE));
    let entry = contact(&mut history, "contact", ana());
    world.learns(&history).await;
    let dora = worker("dora", COMUNE, &[]);
    let own = [RelationKind::OwnRecord];
    assert_eq!(world.set(&dora, ana(), NOW + days(729)).await, own);
    assert_eq!(world.set(&dora, ana(), NOW + days(730)).await, []);
    assert_eq!(world.set(&worker("leo", COOP, &[]), ana(), NOW).await, []);

    let reason = ReattributionReason::WrongRecord;
    let moved =
        EntryEvent::EntryReattributed { entry: entry.clone(), from: ana(), to: ben(), reason };
    let mut right = history.clone();
    right.record(id("moved"), Some(ana()), &moved);
    world.learns(&right).await;
    assert_eq!(world.set(&dora, ana(), NOW).await, []);
    assert_eq!(world.set(&dora, ben(), NOW).await, own);
    let undone = EntryEvent::EntryUndone { entry, person: Some(ana()) };
    history.record(id("undone"), Some(ana()), &undone);
    world.learns(&history).await;
    assert_eq!(world.set(&dora, ana(), NOW).await, []);
}

#[tokio::test]
async fn linked_records_are_one_person_and_an_unlink_takes_the_relation_back() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    let (link, reasons) = (LinkId(id("link")), vec![LinkReason::SameTaxCode]);
    let linked =
        LinkEvent::PersonsLinked { link, canonical: ben(), other: ana(), reasons: reasons.clone() };
    history.record(id("link"), Some(ben()), &linked);
    world.learns(&history).await;
    let rita = worker("rita", COMUNE, &[]);
    assert_eq!(world.set(&rita, ben(), NOW).await, [RelationKind::CaseManager]);
    let unlinked = LinkEvent::PersonsUnlinked {
        link,
        canonical: ben(),
        other: ana(),
        reason: UnlinkReason::TwoPeople,
    };
    history.record(id("link"), Some(ben()), &unlinked);
    world.learns(&history).await;
    assert_eq!(world.set(&rita, ben(), NOW).await, []);
}

#[tokio::test]
async fn a_pseudonym_is_known_by_the_confidential_service_that_registered_it_c2() {
    let world = World::start().await;
    let mut history = network();
    history.record(ana().0, Some(ana()), &registered(ana(), None));
    let mut pseudonym = registered(ben(), None);
    let PersonEvent::PersonRegistered { service: by, .. } = &mut pseudonym else { panic!() };
    *by = service("refuge");
    history.record(ben().0, Some(ben()), &pseudonym);
    world.learns(&history).await;
    let dora = worker("dora", COMUNE, &[]);
    let of = async |person| {
        let found = world.found(&dora, person, NOW).await;
        (found.registered, found.sealed_by)
    };
    assert_eq!(of(ana()).await, (true, None));
    assert_eq!(of(ben()).await, (true, Some(service("refuge"))));
    assert_eq!(of(PersonId(id("nobody"))).await, (false, None));
}

#[tokio::test]
async fn a_minor_is_one_until_the_year_of_majority_is_over() {
    let world = World::start().await;
    let mut history = network();
    history.record(ana().0, Some(ana()), &registered(ana(), Some(2006)));
    history.record(ben().0, Some(ben()), &registered(ben(), None));
    world.learns(&history).await;
    let dora = worker("dora", COMUNE, &[]);
    assert!(!world.found(&dora, ana(), NOW).await.minor(), "she turned 18 last year");
    assert!(!world.found(&dora, ben(), NOW).await.minor(), "nobody knows");
    let alone = |name: &str, person| EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(id(name)),
        service: service("ssp"),
        channel: Channel::PisLine,
        person: Some(person),
        shelter_requested: false,
        lone_child: true,
    };
    let mut alarmed = history.clone();
    alarmed.record(id("emergency 1"), Some(ana()), &alone("emergency 1", ana()));
    alarmed.record(id("emergency 2"), Some(ben()), &alone("emergency 2", ben()));
    world.learns(&alarmed).await;
    assert!(!world.found(&dora, ana(), NOW).await.minor(), "her age is known");
    assert!(world.found(&dora, ben(), NOW).await.minor(), "a child was reported");
    let before = datetime!(2024-12-31 12:00 UTC);
    let found = world.found(&dora, ana(), before).await;
    assert_eq!(found.minor_until, Some(date!(2025 - 01 - 01)));
}

fn called(social: &str, health: &str) -> CaseEvent {
    CaseEvent::UvmConvened {
        on: date!(2025 - 03 - 10),
        social: vec![staff(social)],
        health: vec![staff(health)],
    }
}

/// Midnight in Rome after the thirtieth day from the meeting.
const MEETING_OVER: OffsetDateTime = datetime!(2025-04-09 22:00 UTC);

#[tokio::test]
async fn who_is_called_to_the_unit_has_to_do_with_her_until_thirty_days_after_it_r40() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    of_case(&mut history, &called("sara", "dina"));
    world.learns(&history).await;
    let meeting = BTreeSet::from([RelationKind::Meeting]);
    let (sara, dina) = (worker("sara", COMUNE, &[]), worker("dina", "asl", &["csm"]));
    for called in [&sara, &dina] {
        assert_eq!(world.found(called, ana(), NOW).await.set, meeting);
        let last = MEETING_OVER - Duration::seconds(1);
        assert_eq!(world.found(called, ana(), last).await.set, meeting, "on the last day");
        assert_eq!(world.found(called, ana(), MEETING_OVER).await.set, BTreeSet::new());
    }
    let colleague = worker("dario", "asl", &["csm"]);
    assert_eq!(world.found(&colleague, ana(), NOW).await.set, BTreeSet::new(), "she alone");
    assert_eq!(world.found(&dina, ben(), NOW).await.set, BTreeSet::new());
}

#[tokio::test]
async fn what_a_meeting_opens_ends_with_its_plan_another_call_or_the_case() {
    let plan = CaseEvent::CarePlanApproved {
        on: date!(2025 - 03 - 05),
        social: staff("sara"),
        health: staff("dina"),
        goals: vec![NeedCode::Health],
        months: 12,
    };
    let world = World::start().await;
    let dina = worker("dina", "asl", &[]);
    for end in [plan, CaseEvent::UvmCancelled {}, called("sara", "dario"), CLOSED] {
        let mut history = network();
        case(&mut history);
        of_case(&mut history, &called("sara", "dina"));
        history.at(NOW + days(2));
        of_case(&mut history, &end);
        world.learns(&history).await;
        let before = NOW + days(2) - Duration::seconds(1);
        assert_eq!(world.found(&dina, ana(), before).await.set.len(), 1, "{end:?}");
        let after = world.found(&dina, ana(), NOW + days(2)).await.set;
        assert_eq!(after, BTreeSet::new(), "{end:?}");
    }
    let mut again = network();
    case(&mut again);
    of_case(&mut again, &called("sara", "dina"));
    of_case(&mut again, &CaseEvent::UvmCancelled {});
    of_case(&mut again, &called("sara", "dina"));
    world.learns(&again).await;
    let found = world.found(&dina, ana(), MEETING_OVER - Duration::seconds(1)).await;
    assert_eq!(found.set, BTreeSet::from([RelationKind::Meeting]), "called anew");
}

#[tokio::test]
async fn a_guardian_has_to_do_with_her_ward_until_the_court_ends_it_whatever_the_case_does() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    of_case(&mut history, &CaseEvent::GuardianAppointed { guardian: staff("gino") });
    history.at(NOW + days(2));
    of_case(&mut history, &CLOSED);
    history.at(NOW + days(400));
    of_case(&mut history, &CaseEvent::GuardianshipEnded {});
    world.learns(&history).await;
    let gino = worker("gino", "registro", &[]);
    let at = async |after: i64| world.found(&gino, ana(), NOW + days(after)).await.set;
    let guardian = BTreeSet::from([RelationKind::Guardian]);
    assert_eq!((at(0).await, at(399).await), (guardian.clone(), guardian.clone()));
    assert_eq!(at(400).await, BTreeSet::new());
    let mut replaced = network();
    case(&mut replaced);
    for guardian in ["gino", "gaia"] {
        let guardian = staff(guardian);
        of_case(&mut replaced, &CaseEvent::GuardianAppointed { guardian });
    }
    world.learns(&replaced).await;
    assert_eq!(at(0).await, BTreeSet::new(), "another one replaced him");
    let gaia = worker("gaia", "registro", &[]);
    assert_eq!(world.found(&gaia, ana(), NOW).await.set, guardian);
}

#[tokio::test]
async fn a_guest_of_a_secret_shelter_is_protected_and_half_a_year_longer() {
    let world = World::start().await;
    let mut history = network();
    stay(&mut history, "refuge", ServiceType::SecretShelter);
    history.at(NOW + days(7));
    stay_ended(&mut history);
    world.learns(&history).await;
    let dora = worker("dora", COMUNE, &[]);
    for (after, protected) in [(0, true), (8, true), (186, true), (187, false)] {
        let found = world.found(&dora, ben(), NOW + days(after)).await;
        assert_eq!(found.protected, protected, "{after} days later");
        assert_eq!(found.set, BTreeSet::new(), "a stranger stays one");
        assert_eq!(found.keeper, Some(body(COOP)).filter(|_| protected));
    }
    let mut open = network();
    stay(&mut open, "shelter", ServiceType::FirstReception);
    world.learns(&open).await;
    assert!(!world.found(&dora, ana(), NOW).await.protected);
}

#[tokio::test]
async fn who_is_not_to_be_found_is_guarded_until_it_is_lifted_and_by_no_house_threat_2() {
    let world = World::start().await;
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let asked = Between {
        staff: staff("dora"),
        organisation: body(COMUNE),
        services: &[service("ssp")],
        person: ana(),
        on: date!(2025 - 03 - 03),
        now: NOW,
    };
    let mut history = network();
    case(&mut history);
    world.learns(&history).await;
    assert_eq!(relations.between(asked.clone()).await.unwrap().guard, Guard::Open);
    let [carla, dora] = ["carla", "dora"].map(staff);
    let hides = |said_by| PersonEvent::NotToBeFoundDeclared { said_by };
    let lifts = |said_by| PersonEvent::NotToBeFoundLifted { said_by };
    for (says, by) in [
        (hides(carla), vec![carla]),
        (hides(dora), vec![carla, dora]),
        (hides(dora), vec![carla, dora]),
        (lifts(dora), vec![carla]),
        (lifts(dora), vec![carla]),
        (lifts(carla), vec![]),
    ] {
        history.record(ana().0, Some(ana()), &says);
        world.learns(&history).await;
        let told = relations.between(asked.clone()).await.unwrap();
        let hidden = Guard::Guarded { keeper: None };
        assert_eq!(told.guard, if by.is_empty() { Guard::Open } else { hidden }, "{says:?}");
        assert_eq!(told.hiders(), by.into_iter().collect(), "{says:?}");
        let found = world.found(&worker("dora", COMUNE, &[]), ana(), NOW).await;
        assert!(!found.protected);
        assert_eq!(found.set, BTreeSet::new(), "to say so opens nothing, nor does to lift it");
    }
}

/// What a town writes in some years, of people whom nobody asks about.
const A_TOWN: &str = "
    insert into relations.people select gen_random_uuid(), 1980 from generate_series(1, 20000);
    insert into relations.own select 'intake/person-' || gen_random_uuid() || '/1', gen_random_uuid(),
        gen_random_uuid(), null, now() from generate_series(1, 20000);
    insert into relations.held select gen_random_uuid(), '', gen_random_uuid(), 'stay',
        gen_random_uuid(), now(), null, false, false, '{}', gen_random_uuid()
        from generate_series(1, 20000);
    analyze relations.people; analyze relations.own; analyze relations.held";

#[tokio::test]
async fn a_decision_reads_no_table_whole_however_many_people_there_are() {
    const READ: &str = "select sum(seq_tup_read)::bigint, sum(coalesce(idx_scan, 0))::bigint \
        from pg_stat_user_tables where schemaname = 'relations' \
        and relname in ('people', 'own', 'held')";
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    world.learns(&history).await;
    let mut rows = world.owner_of_models().await;
    sqlx::raw_sql(A_TOWN).execute(&mut rows).await.unwrap();
    let counts = async |rows: &mut PgConnection| -> (i64, i64) {
        sqlx::query_as(READ).fetch_one(rows).await.unwrap()
    };
    let rita = worker("rita", COMUNE, &["ssp"]);
    let (read, by_index) = counts(&mut rows).await;
    let patience = Instant::now() + std::time::Duration::from_mins(1);
    // What a session counted is told a while after it fell idle, or when it asks again.
    let told = loop {
        assert!(world.found(&rita, ana(), NOW).await.set.contains(&RelationKind::CaseManager));
        let now = counts(&mut rows).await;
        if now.1 > by_index {
            break now;
        }
        assert!(Instant::now() < patience, "nothing was counted");
        pause(std::time::Duration::from_millis(200)).await;
    };
    assert!(told.0 - read < 20_000, "{} rows were read one after the other", told.0 - read);
}

#[tokio::test]
async fn a_case_is_given_by_somebody_else_and_by_nothing_else_threat_2() {
    let rita = worker("rita", COMUNE, &["ssp", "shelter"]);
    for (by, given) in [("rita", false), ("sara", true)] {
        let world = World::start().await;
        let mut history = network();
        history.acting(staff(by));
        case(&mut history);
        history.acting(staff("carla"));
        stay(&mut history, "shelter", ServiceType::NightShelter);
        world.learns(&history).await;
        let found = world.found(&rita, ana(), NOW).await;
        assert!(found.set.contains(&RelationKind::CaseManager), "{by}");
        assert_eq!(found.given.contains(&ana()), given, "by {by}: a colleague's stay is no case");
        let ben_is_given = found.given.contains(&ben());
        assert!(!ben_is_given, "the case is on her record");
        history.acting(staff("sara"));
        of_case(&mut history, &CaseEvent::CaseManagerAssigned { manager: staff("rita") });
        world.learns(&history).await;
        let again = world.found(&rita, ana(), NOW).await.given;
        assert_eq!(again.contains(&ana()), given, "by {by}: it came back to who opened it");
        history.at(NOW + days(2));
        of_case(&mut history, &CLOSED);
        world.learns(&history).await;
        let after = world.found(&rita, ana(), NOW + days(2)).await;
        assert!(after.set.contains(&RelationKind::CaseManager), "a closed case is finished");
        assert!(after.given.is_empty(), "by {by}: it is over");
    }
}

#[tokio::test]
async fn whom_a_colleague_covers_was_given_to_the_colleague_and_not_to_who_covers_threat_2() {
    let world = World::start().await;
    let mut history = network();
    history.acting(staff("sara"));
    case(&mut history);
    let (from, to) = (NOW.date(), NOW.date().next_day().unwrap());
    let leave = StaffEvent::LeaveStarted { from, to, cover: Some(staff("dora")) };
    history.record(id("rita"), None, &leave);
    world.learns(&history).await;
    let found = world.found(&worker("dora", COMUNE, &["ssp"]), ana(), NOW).await;
    assert!(found.relations.iter().any(|told| told.covering == Some(staff("rita"))));
    assert!(found.given.is_empty());
}

#[tokio::test]
async fn another_body_sends_her_by_its_referral_and_nobody_sends_her_to_himself_threat_2() {
    let rita = worker("rita", COMUNE, &["ssp"]);
    let (ours, theirs) =
        (("ssp", ServiceType::ProfessionalSocialService), ("shelter", ServiceType::NightShelter));
    let refuge = ("refuge", ServiceType::SecretShelter);
    for (by, from, sent_here) in [
        ("carla", theirs, true),
        ("carla", refuge, false),
        ("rita", theirs, false),
        ("sara", ours, false),
    ] {
        let world = World::start().await;
        let mut history = network();
        history.acting(staff(by));
        referral(&mut history, from, ours);
        world.learns(&history).await;
        let sent_to_rita = async || world.found(&rita, ana(), NOW).await.sent_here.contains(&ana());
        assert!(!sent_to_rita().await, "{by}: not yet sent");
        of_referral(&mut history, &SENT);
        world.learns(&history).await;
        assert_eq!(sent_to_rita().await, sent_here, "{by}");
        let shelters = worker("dora", COOP, &["shelter"]);
        assert!(world.found(&shelters, ana(), NOW).await.sent_here.is_empty(), "{by}: not there");
        of_referral(&mut history, &ReferralEvent::ReferralExpired {});
        world.learns(&history).await;
        assert!(!sent_to_rita().await, "{by}: nobody answered");
    }
}

#[tokio::test]
async fn a_consent_counts_for_whom_it_was_given_until_it_is_withdrawn() {
    let world = World::start().await;
    let mut history = network();
    let (consent, scope) = (ConsentId(id("consent")), ConsentScope::ExternalPath);
    let given =
        ConsentEvent::ConsentGiven { consent, person: ana(), scope, to: Some(body(COMUNE)) };
    history.record(consent.0, Some(ana()), &given);
    let shared = ConsentEvent::ExternalPathShared { state: ExternalState::InPath };
    history.record(consent.0, Some(ana()), &shared);
    world.learns(&history).await;
    let (dora, leo) = (worker("dora", COMUNE, &[]), worker("leo", COOP, &[]));
    let found = world.found(&dora, ana(), NOW).await.consents;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].scope, found[0].external), (scope, Some(ExternalState::InPath)));
    assert_eq!(world.found(&leo, ana(), NOW).await.consents, [], "not towards him");
    history.record(consent.0, Some(ana()), &ConsentEvent::ConsentWithdrawn {});
    let agreement = AgreementId(id("agreement"));
    let agreed = ConsentEvent::HealthAgreementRecorded { person: ana(), agreement, agreed: false };
    history.record(id("health"), Some(ana()), &agreed);
    world.learns(&history).await;
    let found = world.found(&dora, ana(), NOW).await;
    assert_eq!(found.consents, []);
    assert_eq!((found.health_agreements.len(), found.health_agreements[0].agreed), (1, false));
}

fn decides(history: &mut History, wish: &str, event: &WishEvent) {
    history.record(id(wish), Some(ana()), event);
}

fn childhood(wish: &str, to: Viewer) -> WishEvent {
    WishEvent::ChildhoodOpened {
        wish: WishId(id(wish)),
        person: ana(),
        to,
        from: date!(2025 - 03 - 03),
        until: Some(date!(2025 - 03 - 10)),
        form: WishForm::Signed,
    }
}

#[tokio::test]
async fn her_childhood_is_open_to_whom_she_said_on_the_days_she_said_until_she_closes_it_c5() {
    let world = World::start().await;
    let mut history = network();
    history.record(ana().0, Some(ana()), &registered(ana(), Some(2000)));
    decides(&mut history, "one", &childhood("one", Viewer::Service(service("ssp"))));
    decides(&mut history, "two", &childhood("two", Viewer::Organisation(body(COOP))));
    world.learns(&history).await;
    let rita = worker("rita", COMUNE, &["ssp"]);
    let leo = worker("leo", COOP, &["shelter"]);
    let open = async |of: &Worker, at| world.found(of, ana(), at).await.past.childhood_open;
    for (of, after, is_open) in [
        (&rita, -1, false),
        (&rita, 0, true),
        (&rita, 7, true),
        (&rita, 8, false),
        (&leo, 0, true),
        (&worker("dora", COMUNE, &[]), 0, false),
        (&worker("ines", "asl", &["csm"]), 0, false),
    ] {
        assert_eq!(open(of, NOW + days(after)).await, is_open, "{} {after}", of.staff);
    }
    let past = world.found(&rita, ana(), NOW).await.past;
    assert_eq!(past.of_age_on, Some(date!(2019 - 01 - 01)), "the first day on which it is certain");

    decides(&mut history, "one", &WishEvent::ChildhoodClosed {});
    world.learns(&history).await;
    assert!(!open(&rita, NOW).await, "at once");
    assert!(open(&leo, NOW).await, "what she opened to others is another decision");
}

#[tokio::test]
async fn what_she_obscured_is_known_with_who_wrote_it_also_of_a_linked_record_until_she_lifts_it() {
    let world = World::start().await;
    let mut history = network();
    for person in [ana(), ben()] {
        history.record(person.0, Some(person), &registered(person, Some(1980)));
    }
    let obscured = |wish: &str, what| WishEvent::RecordObscured {
        wish: WishId(id(wish)),
        person: ana(),
        what,
        form: WishForm::Said,
    };
    let entry = contact(&mut history, "contact", ana());
    let one = Extent::Entry { entry: entry.clone(), organisation: body(COMUNE) };
    decides(&mut history, "entry", &obscured("entry", one));
    let of_shelter = || Extent::Service { service: service("shelter") };
    decides(&mut history, "service", &obscured("service", of_shelter()));
    decides(&mut history, "again", &obscured("again", of_shelter()));
    linked(&mut history);
    world.learns(&history).await;
    let expected = Past {
        of_age_on: Some(date!(1999 - 01 - 01)),
        childhood_open: false,
        obscured_services: [(service("shelter"), body(COOP))].into(),
        obscured_entries: [(entry.clone(), body(COMUNE))].into(),
    };
    let stranger = worker("dora", "elsewhere", &[]);
    for person in [ana(), ben()] {
        assert_eq!(world.found(&stranger, person, NOW).await.past, expected);
    }
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let told = relations.moved_among(&[entry.clone(), "intake/contact-other/1".into()]).await;
    assert_eq!(told.unwrap(), [entry.clone()].into(), "it leaves for no system");

    let lifted = WishEvent::ObscuringLifted { form: WishForm::Said };
    decides(&mut history, "entry", &lifted);
    decides(&mut history, "service", &lifted);
    world.learns(&history).await;
    let past = world.found(&stranger, ana(), NOW).await.past;
    assert!(past.obscured_entries.is_empty());
    assert_eq!(past.obscured_services.len(), 1, "the other decision stands");
    decides(&mut history, "again", &lifted);
    world.learns(&history).await;
    let past = world.found(&stranger, ana(), NOW).await.past;
    assert!(past.obscured_services.is_empty());
    assert_eq!(relations.moved_among(&[entry]).await.unwrap(), BTreeSet::new());
}

fn linked(history: &mut History) {
    let link = LinkId::of_pair(ana(), ben());
    let reasons = vec![LinkReason::PersonSaysSo];
    let linked = LinkEvent::PersonsLinked { link, canonical: ana(), other: ben(), reasons };
    history.record(link.0, Some(ana()), &linked);
}

#[tokio::test]
async fn an_agreement_opens_sections_of_people_whom_both_bodies_have_in_care() {
    let world = World::start().await;
    let rita = worker("rita", COMUNE, &["ssp"]);
    let sections = async |history: &History, at| {
        world.learns(history).await;
        world.found(&rita, ana(), at).await.agreements
    };
    let sections_agreed = BTreeSet::from([Section::Housing, Section::Project]);
    let opened =
        vec![Agreement { holder: body(COOP), sections: sections_agreed, purpose: Purpose::Care }];
    let none: Vec<Agreement> = vec![];
    let mut history = network();
    history.record(id("agreement"), None, &agreement(Some(date!(2025 - 03 - 20))));
    case(&mut history);
    assert_eq!(sections(&history, NOW).await, none, "the holder does not have her in care");
    let mut alone = network();
    alone.record(id("agreement"), None, &agreement(None));
    stay(&mut alone, "shelter", ServiceType::FirstReception);
    assert_eq!(sections(&alone, NOW).await, none, "the reader does not have her in care");
    let mut secret = history.clone();
    stay(&mut secret, "refuge", ServiceType::SecretShelter);
    assert_eq!(sections(&secret, NOW).await, none, "a secret shelter shows itself by nothing");
    stay(&mut history, "shelter", ServiceType::FirstReception);
    assert_eq!(sections(&history, NOW).await, opened);
    assert_eq!(sections(&history, NOW - days(1)).await, none, "not before its first day");
    assert_eq!(sections(&history, NOW + days(17)).await, opened, "on its last day");
    assert_eq!(sections(&history, NOW + days(18)).await, none, "after its last day");
    let ended = AgreementEvent::AgreementEnded { on: date!(2025 - 03 - 05) };
    history.record(id("agreement"), None, &ended);
    assert_eq!(sections(&history, NOW + days(1)).await, opened);
    assert_eq!(sections(&history, NOW + days(2)).await, none);
}

#[tokio::test]
async fn nothing_is_decided_before_anybody_knows_how_old_the_rows_are() {
    let world = World::start().await;
    world.learns(&network()).await;
    let relations = Relations::open(&world.servers);
    let dora = worker("dora", COMUNE, &[]);
    let asker =
        Asker { staff: staff(dora.staff), organisation: body(dora.body), services: &dora.services };
    let first = relations.of(asker, ana(), NOW).await;
    assert!(matches!(first, Err(Unsure::Late)), "nobody has looked yet: {first:?}");
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while let Err(unsure) = relations.of(asker, ana(), NOW).await {
        assert!(tokio::time::Instant::now() < patience, "never: {unsure}");
        pause(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_was_opened_by_force_is_open_for_who_did_it_while_it_lasts() {
    let world = World::start().await;
    let mut history = network();
    let forced = ForcedAccessEvent::AccessForced {
        access: ForcedAccessId(id("access")),
        person: ana(),
        reason: ForcedReason::LifeAtRisk,
        sections: vec![Section::Safety, Section::Health],
        until: NOW + Duration::minutes(60),
    };
    history.record(id("access"), Some(ana()), &forced);
    world.learns(&history).await;
    // Who acts in these histories is called `staff`.
    let (actor, other) = (worker("staff", COMUNE, &[]), worker("dora", COMUNE, &[]));
    let of = async |worker: &Worker, at| world.found(worker, ana(), at).await.forced;
    let just_before = NOW + Duration::minutes(59);
    assert_eq!(of(&actor, just_before).await, [Section::Health, Section::Safety]);
    assert_eq!(of(&actor, NOW + Duration::minutes(60)).await, []);
    assert_eq!(of(&other, NOW).await, []);
}

/// On what somebody may rest to bring in Ana.
async fn ground(world: &World, worker: &Worker, at: OffsetDateTime) -> Ground {
    let asked = Between {
        staff: staff(worker.staff),
        organisation: body(worker.body),
        services: &worker.services,
        person: ana(),
        on: at.date(),
        now: at,
    };
    let relations = Relations::over(world.asks.clone(), Lag::none());
    Acquaintance::ground(&relations, asked, &[ana()]).await.unwrap()
}

#[tokio::test]
async fn who_lives_with_a_child_is_no_relation_and_is_told_to_nobody_who_wrote_it_herself() {
    let world = World::start().await;
    let mut history = network();
    let joined = |person, on| HouseholdEvent::HouseholdMemberJoined { person, on };
    let recorded = HouseholdEvent::HouseholdRecorded {
        household: HouseholdId(id("home")),
        kind: HouseholdKind::Registry,
        service: service("ssp"),
    };
    history.record(id("home"), None, &recorded);
    for person in [ana(), ben()] {
        let event = joined(person, date!(2025 - 03 - 01));
        history.record(id("home"), Some(person), &event);
    }
    world.learns(&history).await;
    let rita = worker("rita", COMUNE, &["ssp"]);
    assert_eq!(world.set(&rita, ana(), NOW).await, [], "belonging to a household relates nobody");
    let beside = Ground { fellows: vec![ben()], ..Ground::default() };
    assert_eq!(ground(&world, &rita, NOW).await, beside);
    let writer = history.events.last().unwrap().why.actor;
    let asked = Between {
        staff: writer,
        organisation: body(COMUNE),
        services: &[service("ssp")],
        person: ana(),
        on: NOW.date(),
        now: NOW,
    };
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let own = Acquaintance::ground(&relations, asked, &[ana()]).await.unwrap();
    assert_eq!(own, Ground::default(), "nobody makes the household on which she rests");
    assert_eq!(ground(&world, &rita, NOW - days(3)).await, Ground::default(), "not yet");
    let left = HouseholdEvent::HouseholdMemberLeft { person: ben(), on: date!(2025 - 03 - 05) };
    history.record(id("home"), Some(ben()), &left);
    world.learns(&history).await;
    assert_eq!(ground(&world, &rita, NOW).await, beside);
    assert_eq!(ground(&world, &rita, NOW + days(2)).await, Ground::default(), "not any more");
}

/// Somebody writes that two people are one household.
fn live_together(history: &mut History, people: [PersonId; 2]) {
    let recorded = HouseholdEvent::HouseholdRecorded {
        household: HouseholdId(id("home")),
        kind: HouseholdKind::Registry,
        service: service("ssp"),
    };
    history.record(id("home"), None, &recorded);
    for person in people {
        let joined = HouseholdEvent::HouseholdMemberJoined { person, on: date!(2025 - 03 - 01) };
        history.record(id("home"), Some(person), &joined);
    }
}

#[tokio::test]
async fn what_she_began_herself_with_a_fellow_is_given_to_her_by_nobody_c5() {
    let world = World::start().await;
    let mut history = network();
    live_together(&mut history, [ana(), ben()]);
    let opened =
        CaseEvent::CaseOpened { case: CaseId(id("bens")), person: ben(), service: service("ssp") };
    let rita = worker("rita", COMUNE, &["ssp"]);
    let given = async || {
        let ground = ground(&world, &rita, NOW).await;
        assert_eq!(ground.fellows, [ben()], "that he lives there is told either way");
        ground.given.contains(&ben())
    };
    history.acting(staff("rita")).record(id("bens"), Some(ben()), &opened);
    let assigned = CaseEvent::CaseManagerAssigned { manager: staff("rita") };
    history.record(id("bens"), Some(ben()), &assigned);
    world.learns(&history).await;
    assert!(!given().await, "she opened it, and made herself his case manager");
    history.acting(staff("dora")).record(id("bens"), Some(ben()), &assigned);
    world.learns(&history).await;
    assert!(!given().await, "it came back to her who opened it");
    let another = CaseEvent::CaseOpened {
        case: CaseId(id("bens other")),
        person: ben(),
        service: service("ssp"),
    };
    history.record(id("bens other"), Some(ben()), &another);
    history.record(id("bens other"), Some(ben()), &assigned);
    world.learns(&history).await;
    assert!(given().await, "a colleague gave it to her");
    let team = CaseEvent::CaseManagerAssigned { manager: staff("carla") };
    history.record(id("bens other"), Some(ben()), &team);
    world.learns(&history).await;
    assert!(!given().await, "it is another one's now, and that her service holds it is none");
    let sent = ReferralEvent::ReferralCreated {
        referral: ReferralId(id("bens referral")),
        person: ben(),
        from: service("shelter"),
        from_type: ServiceType::NightShelter,
        to: service("ssp"),
        service_type: ServiceType::ProfessionalSocialService,
        need: NeedCode::Housing,
        urgency: Urgency::Ordinary,
        dataset: Vec::new(),
        directory_read_to: 0,
    };
    let waits = WaitingEvent::PlaceRequested {
        waiting: WaitingId(id("bens place")),
        person: ben(),
        facility: service("ssp"),
        referral: None,
        places: 1,
    };
    history.acting(SYSTEM).record(id("bens place"), Some(ben()), &waits);
    world.learns(&history).await;
    assert!(!given().await, "a place that the system asked for is none: she accepted it herself");
    history.acting(staff("dora")).record(id("bens referral"), Some(ben()), &sent);
    history.record(id("bens referral"), Some(ben()), &SENT);
    world.learns(&history).await;
    assert!(given().await, "somebody sent him to her service");
}

#[tokio::test]
async fn a_record_that_is_linked_with_a_fellows_is_no_way_to_a_child_threat_2() {
    let world = World::start().await;
    let mut history = network();
    let carl = PersonId(id("carl"));
    live_together(&mut history, [ana(), carl]);
    let opened =
        CaseEvent::CaseOpened { case: CaseId(id("bens")), person: ben(), service: service("ssp") };
    history.acting(staff("dora")).record(id("bens"), Some(ben()), &opened);
    let assigned = CaseEvent::CaseManagerAssigned { manager: staff("rita") };
    history.record(id("bens"), Some(ben()), &assigned);
    let (link, reasons) = (LinkId(id("false link")), vec![LinkReason::PersonSaysSo]);
    let linked = LinkEvent::PersonsLinked { link, canonical: carl, other: ben(), reasons };
    history.acting(staff("rita")).record(link.0, Some(carl), &linked);
    world.learns(&history).await;
    let rita = worker("rita", COMUNE, &["ssp"]);
    let set = world.found(&rita, carl, NOW).await.set;
    assert!(set.contains(&RelationKind::CaseManager), "the link makes one person of the two");
    let beside = Ground { fellows: vec![carl], ..Ground::default() };
    assert_eq!(ground(&world, &rita, NOW).await, beside, "and gives her no child of the other");
}

#[tokio::test]
async fn a_service_that_registered_a_child_or_holds_a_case_of_hers_may_rest_on_that() {
    let world = World::start().await;
    let mut history = network();
    history.record(ana().0, Some(ana()), &registered(ana(), Some(2016)));
    world.learns(&history).await;
    let colleague = worker("dora", COMUNE, &["ssp"]);
    let stranger = worker("leo", COOP, &["shelter"]);
    assert!(ground(&world, &colleague, NOW).await.here, "registered there");
    assert!(!ground(&world, &stranger, NOW).await.here);
    let mut history = network();
    contact(&mut history, "came", ana());
    world.learns(&history).await;
    assert!(!ground(&world, &colleague, NOW).await.here, "a contact is no ground");
    case(&mut history);
    world.learns(&history).await;
    assert!(ground(&world, &colleague, NOW).await.here, "her case is held there");
    assert!(!ground(&world, &stranger, NOW).await.here);
}

#[tokio::test]
async fn policies_hear_of_relations_in_their_own_words() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    stay(&mut history, "refuge", ServiceType::SecretShelter);
    let hired = StaffEvent::StaffHired {
        staff: staff("ugo"),
        organisation: body(COMUNE),
        profession: Profession::Educator,
        fte_hundredths: 100,
        contract: Contract::Permanent,
        ats: Ats::try_new("bari").unwrap(),
        on: date!(2024 - 01 - 01),
    };
    history.record(id("ugo"), None, &hired);
    let away = StaffEvent::LeaveStarted {
        from: date!(2025 - 03 - 03),
        to: date!(2025 - 03 - 03),
        cover: Some(staff("ugo")),
    };
    history.record(id("rita"), None, &away);
    world.learns(&history).await;
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let services = [service("ssp"), service("refuge")];
    let ties = relations
        .between(Between {
            staff: staff("ugo"),
            organisation: body(COMUNE),
            services: &services,
            person: ana(),
            on: date!(2025 - 03 - 03),
            now: NOW,
        })
        .await
        .unwrap();
    assert_eq!(ties.records, [ana()]);
    assert_eq!(ties.relations, [Relation::Cover, Relation::Stay]);
    assert_eq!(ties.profession, Some(Profession::Educator));
    assert_eq!(ties.guard, Guard::Guarded { keeper: Some(body(COOP)) });
}

#[tokio::test]
async fn an_event_that_waits_shuts_the_record_of_its_person_and_of_nobody_beside_her() {
    let world = World::start().await;
    let mut history = network();
    case(&mut history);
    world.learns(&history).await;
    let mut rows = world.owner_of_models().await;
    let waits = "insert into relations.parked (context, position, subject, event) \
        values ('intake', 1, $1, '{}')";
    sqlx::query(waits).bind(ana().0).execute(&mut rows).await.unwrap();
    let relations = Relations::over(world.asks.clone(), Lag::none());
    let asked = Between {
        staff: staff("rita"),
        organisation: body(COMUNE),
        services: &[service("ssp")],
        person: ana(),
        on: date!(2025 - 03 - 03),
        now: NOW,
    };
    relations.between(asked.clone()).await.unwrap_err();
    let beside = PersonId::derived(&["somebody beside her"]);
    let told = relations.with_each(asked, &[beside, ana()]).await.unwrap();
    let told: Vec<bool> = told.iter().map(Option::is_some).collect();
    assert_eq!(told, [true, false]);
}
