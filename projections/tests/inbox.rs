//! The inbox against a real `PostgreSQL`: whose turn it is, by when, and that nothing ends in silence.

#![cfg(test)]

mod harness;

use std::collections::BTreeSet;
use std::time::Instant;

use harness::{History, World, id, owner_of};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::{date, datetime};
use trama_events::casework::{CaseCloseReason, CaseEvent, ReadTo};
use trama_events::codes::{
    Channel, DatasetSection, DeclineReason, DeclinedBy, Destination, Gender, IdentifierKind,
    IdentityStatus, NeedCode, NeedMet, NextStep, ServiceType, Urgency,
};
use trama_events::directory::ServiceEvent;
use trama_events::envelope::Recorded;
use trama_events::housing::{
    AdmissionRoute, ExtensionReason, ProjectSeen, StayEvent, WaitingEvent,
};
use trama_events::ids::{
    Ats, CaseId, ContactId, EmergencyId, GoalId, LinkId, OrganisationId, PersonId, PlaceId,
    ReferralId, ServiceId, StaffId, StayId, UnitId, WaitingId, WishId,
};
use trama_events::intake::{
    ContactEvent, EmergencyEvent, EmergencyOutcome, Extent, LinkEvent, LinkReason, PersonEvent,
    UnlinkReason, WishEvent, WishForm,
};
use trama_events::referrals::ReferralEvent;
use trama_events::short_code::ShortCode;
use trama_platform::clock::pause;
use trama_projections::inbox::{Contents, Inbox, Item, Kind, List, Owner, Page, inbox};
use trama_projections::journey::Place;

const START: OffsetDateTime = datetime!(2025-01-08 9:00 UTC);
const ANSWER_BY: OffsetDateTime = datetime!(2025-01-11 9:00 UTC);

fn service(word: &str) -> ServiceId {
    ServiceId(id(word))
}

#[expect(clippy::unnecessary_wraps, reason = "an event takes it so: not every event has a person")]
fn ana() -> Option<PersonId> {
    Some(PersonId(id("ana")))
}

/// A directory with what the tests need, and Ana, registered at the desk.
fn begun() -> History {
    let mut history = History::starting(START);
    for (word, service_type, ats) in [
        ("desk", ServiceType::InfoDesk, "bari"),
        ("social", ServiceType::ProfessionalSocialService, "bari"),
        ("csm", ServiceType::Csm, "bari"),
        ("serd", ServiceType::Serd, "bari"),
        ("flats", ServiceType::Temporary, "bari"),
        ("pis", ServiceType::Pis, "bari"),
        ("street", ServiceType::Outreach, "bari"),
        ("minors", ServiceType::MinorsService, "bari"),
        ("minors-closed", ServiceType::MinorsService, "bari"),
        ("minors-corato", ServiceType::MinorsService, "corato"),
    ] {
        let registered = ServiceEvent::ServiceRegistered {
            service: service(word),
            organisation: OrganisationId(id("comune")),
            name: format!("Service {word}"),
            service_type,
            ats: Ats::try_new(ats).unwrap(),
            municipality: None,
            low_threshold: false,
        };
        history.record(id(word), None, &registered);
        let on = date!(2025 - 01 - 01);
        history.record(id(word), None, &ServiceEvent::ServiceActivated { on });
        if word == "minors-closed" {
            history.record(id(word), None, &ServiceEvent::ServiceClosed { on });
        }
    }
    registered(&mut history, "ana");
    history
}

fn registered(history: &mut History, who: &str) {
    let event = PersonEvent::PersonRegistered {
        person: PersonId(id(who)),
        code: ShortCode::candidate(id(who), 0),
        status: IdentityStatus::Declared,
        service: service("desk"),
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    history.record(id(who), Some(PersonId(id(who))), &event);
}

fn sent(history: &mut History, referral: &str, to: &str, service_type: ServiceType) {
    sent_by(history, referral, ("desk", ServiceType::InfoDesk), (to, service_type));
}

fn sent_by(
    history: &mut History,
    referral: &str,
    (from, from_type): (&str, ServiceType),
    (to, service_type): (&str, ServiceType),
) {
    let created = ReferralEvent::ReferralCreated {
        referral: ReferralId(id(referral)),
        person: PersonId(id("ana")),
        from: service(from),
        from_type,
        to: service(to),
        service_type,
        need: NeedCode::Health,
        urgency: Urgency::Urgent,
        dataset: vec![],
        directory_read_to: 1,
    };
    history.record(id(referral), ana(), &created);
    history.record(id(referral), ana(), &ReferralEvent::ReferralSent { answer_by: ANSWER_BY });
}

fn answered(history: &mut History, at: OffsetDateTime, event: &ReferralEvent) {
    history.at(at).record(id("referral"), ana(), event);
}

fn declined(next_step: NextStep) -> ReferralEvent {
    ReferralEvent::ReferralDeclined {
        reason: DeclineReason::OutsideArea,
        next_step,
        by: DeclinedBy::Service,
        elsewhere: Some(service("serd")),
    }
}

fn case_opened(history: &mut History, who: &str) {
    let case = CaseId(id("case"));
    let person = Some(PersonId(id(who)));
    let opened =
        CaseEvent::CaseOpened { case, person: PersonId(id(who)), service: service("social") };
    history.record(id("case"), person, &opened);
    let assigned = CaseEvent::CaseManagerAssigned { manager: StaffId(id("carla")) };
    history.record(id("case"), person, &assigned);
}

fn stay_started(history: &mut History, kind: ServiceType) {
    let event = StayEvent::StayStarted {
        stay: StayId(id("stay")),
        person: PersonId(id("ana")),
        members: vec![PersonId(id("child"))],
        facility: service("flats"),
        kind,
        unit: UnitId(id("unit")),
        places: vec![PlaceId(id("place"))],
        started_on: date!(2025 - 01 - 08),
        cap_on: Some(date!(2025 - 06 - 30)),
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id("stay"), ana(), &event);
}

fn stay_ended(history: &mut History, destination: Destination) {
    let event = StayEvent::StayEnded { ended_on: date!(2025 - 02 - 01), destination };
    history.at(datetime!(2025-02-01 9:00 UTC)).record(id("stay"), ana(), &event);
}

fn reported(history: &mut History, lone_child: bool) {
    let event = EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(id("emergency")),
        service: service("pis"),
        channel: Channel::Police,
        person: ana(),
        shelter_requested: true,
        lone_child,
    };
    history.record(id("emergency"), ana(), &event);
}

async fn list(world: &World, owner: Owner<'_>, list: List, now: OffsetDateTime) -> Contents {
    let page = Page { list, after: None, limit: 100 };
    inbox(&world.reads.pool, &owner_of(owner), owner, now, page).await.unwrap().unwrap()
}

/// Everything in an inbox.
async fn all(world: &World, owner: Owner<'_>, now: OffsetDateTime) -> Vec<Item> {
    let mut items = Vec::new();
    for one in [List::ToDo, List::Waiting, List::Information] {
        items.extend(list(world, owner, one, now).await.items);
    }
    items
}

async fn of(world: &World, whose: &str, now: OffsetDateTime) -> Vec<(Kind, List)> {
    let items = all(world, Owner::Service(service(whose)), now).await;
    items.iter().map(|item| (item.kind, item.list)).collect()
}

async fn of_carla(world: &World, now: OffsetDateTime) -> Vec<(Kind, List)> {
    let items = all(world, Owner::Staff(StaffId(id("carla"))), now).await;
    items.iter().map(|item| (item.kind, item.list)).collect()
}

/// What an inbox holds after events, the model built anew.
async fn after(world: &World, history: &History) {
    world.forget(&Inbox).await;
    world.fold(&Inbox, &history.events).await;
}

#[tokio::test]
async fn a_referral_is_the_receivers_turn_until_answered_and_overdue_by_the_clock_alone_r38() {
    let world = World::start().await;
    let mut history = begun();
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    after(&world, &history).await;

    let two_days = datetime!(2025-01-10 9:00 UTC);
    let item = all(&world, Owner::Service(service("csm")), two_days).await.remove(0);
    assert_eq!((item.kind, item.list), (Kind::ReferralReceived, List::ToDo));
    assert_eq!((item.days_waiting, item.overdue, item.seen), (2, false, false));
    assert_eq!((item.due, item.urgency), (Some(ANSWER_BY), Urgency::Urgent));
    assert_eq!(item.code.unwrap(), ShortCode::candidate(id("ana"), 0).as_str());
    assert!(matches!(item.from, Some(Place { name, .. }) if name == "Service desk"));
    assert_eq!(of(&world, "desk", two_days).await, [(Kind::ReferralSent, List::Waiting)]);
    let late = all(&world, Owner::Service(service("csm")), datetime!(2025-01-11 9:01 UTC)).await;
    assert!(late[0].overdue, "nothing was recorded meanwhile");

    answered(&mut history, two_days, &ReferralEvent::ReferralSeen {});
    after(&world, &history).await;
    assert!(all(&world, Owner::Service(service("desk")), two_days).await[0].seen);
}

#[tokio::test]
async fn a_referral_never_ends_in_silence() {
    let world = World::start().await;
    let (day, now) = (datetime!(2025-01-10 9:00 UTC), datetime!(2025-01-20 9:00 UTC));
    let year = datetime!(2026-01-20 9:00 UTC);
    let sections = vec![DatasetSection::Needs];
    let accepted = || ReferralEvent::ReferralAccepted {};
    let visit_at = datetime!(2025-01-15 9:00 UTC);
    let scheduled = || ReferralEvent::FirstVisitScheduled { visit_at };
    let outcome = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Partly };
    let told = |kind| Some((kind, List::Information));
    let to_do = |kind| Some((kind, List::ToDo));
    let waiting = |kind| Some((kind, List::Waiting));
    for (events, receiver, sender) in [
        (
            vec![ReferralEvent::ReferralInfoRequested { sections }],
            waiting(Kind::ReferralReceived),
            to_do(Kind::InformationRequested),
        ),
        (vec![declined(NextStep::ReferElsewhere)], None, to_do(Kind::ReferralDeclined)),
        (vec![declined(NextStep::NoneNeeded)], None, told(Kind::ReferralDeclined)),
        (
            vec![ReferralEvent::ReferralExpired {}],
            told(Kind::ReferralExpired),
            to_do(Kind::ReferralExpired),
        ),
        (vec![accepted()], to_do(Kind::FirstVisitDue), told(Kind::ReferralAccepted)),
        (vec![accepted(), scheduled()], to_do(Kind::FirstVisitDue), told(Kind::ReferralAccepted)),
        (
            vec![accepted(), scheduled(), ReferralEvent::FirstVisitMissed {}],
            to_do(Kind::FirstVisitMissed),
            told(Kind::FirstVisitMissed),
        ),
        (
            vec![accepted(), ReferralEvent::FirstVisitHeld {}],
            to_do(Kind::OutcomeToReport),
            told(Kind::ReferralAccepted),
        ),
        (
            vec![accepted(), ReferralEvent::FirstVisitHeld {}, outcome],
            None,
            told(Kind::OutcomeReported),
        ),
    ] {
        let mut history = begun();
        sent(&mut history, "referral", "csm", ServiceType::Csm);
        for event in &events {
            answered(&mut history, day, event);
        }
        after(&world, &history).await;
        assert_eq!(of(&world, "csm", now).await, Vec::from_iter(receiver), "{events:?}");
        assert_eq!(of(&world, "desk", now).await, Vec::from_iter(sender), "{events:?}");
        // What is to be done stays, whatever time passes; what is only told goes.
        let stays = Vec::from_iter(sender.filter(|(_, list)| *list != List::Information));
        assert_eq!(of(&world, "desk", year).await, stays, "{events:?}");
    }
}

#[tokio::test]
async fn a_decline_needs_a_next_step_until_the_sender_has_taken_it() {
    let world = World::start().await;
    let mut history = begun();
    let now = datetime!(2025-01-20 9:00 UTC);
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    answered(&mut history, datetime!(2025-01-10 9:00 UTC), &declined(NextStep::ReferElsewhere));
    after(&world, &history).await;
    let item = all(&world, Owner::Service(service("desk")), now).await.remove(0);
    assert_eq!(item.reason.as_deref(), Some("outside_area"));
    assert_eq!(item.next_step.as_deref(), Some("refer_elsewhere"));
    assert_eq!(item.elsewhere, None, "a SerD is not named");

    sent(&mut history, "again", "social", ServiceType::ProfessionalSocialService);
    after(&world, &history).await;
    assert_eq!(of(&world, "desk", now).await, [(Kind::ReferralSent, List::Waiting)]);
}

#[tokio::test]
async fn an_expired_referral_comes_back_to_the_sender_and_is_told_to_the_receiver() {
    let world = World::start().await;
    let mut history = begun();
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    answered(&mut history, ANSWER_BY, &ReferralEvent::ReferralExpired {});
    after(&world, &history).await;
    for word in ["desk", "csm"] {
        let items =
            all(&world, Owner::Service(service(word)), datetime!(2025-01-12 9:00 UTC)).await;
        assert!(items.len() == 1 && items[0].escalated, "{word}");
    }
}

#[tokio::test]
async fn a_confidential_receiver_is_named_to_itself_alone() {
    let world = World::start().await;
    let mut history = begun();
    sent(&mut history, "referral", "serd", ServiceType::Serd);
    answered(&mut history, datetime!(2025-01-10 9:00 UTC), &declined(NextStep::TalkToPerson));
    sent(&mut history, "other", "serd", ServiceType::Serd);
    after(&world, &history).await;
    let now = datetime!(2025-01-10 9:00 UTC);
    let shown =
        serde_json::to_string(&all(&world, Owner::Service(service("desk")), now).await).unwrap();
    assert!(!shown.contains("serd") && !shown.contains(&id("serd").to_string()), "{shown}");
    assert!(!shown.contains("outside_area"), "{shown}");
    let own = all(&world, Owner::Service(service("serd")), now).await;
    assert!(matches!(&own[0].to, Some(Place { name, .. }) if name == "Service serd"));
}

#[tokio::test]
async fn a_lone_child_alerts_every_active_minors_service_of_the_ats_at_once() {
    let world = World::start().await;
    let mut history = begun();
    reported(&mut history, true);
    after(&world, &history).await;
    assert_eq!(of(&world, "minors", START).await, [(Kind::LoneChildAlert, List::ToDo)]);
    let alert = all(&world, Owner::Service(service("minors")), START).await.remove(0);
    assert_eq!(alert.urgency, Urgency::Immediate);
    for word in ["minors-closed", "minors-corato"] {
        assert_eq!(of(&world, word, START).await, [], "{word}");
    }
    assert_eq!(of(&world, "pis", START).await, [(Kind::EmergencyOpen, List::ToDo)]);
    // Where no minors' service works, the emergency service keeps the alert.
    let on = date!(2025 - 01 - 01);
    history.record(id("minors"), None, &ServiceEvent::ServiceSuspended { on });
    after(&world, &history).await;
    assert_eq!(of(&world, "pis", START).await, [(Kind::LoneChildAlert, List::ToDo)]);
}

#[tokio::test]
async fn an_inbox_reads_no_table_whole_however_many_emergencies_are_over() {
    const WINTERS: &str = "insert into inbox.emergencies select gen_random_uuid(), \
        '01890000-0000-7000-8000-000000000000', null, false, 'bari', '2021-12-01', false, '{}', null, '2021-12-02' \
        from generate_series(1, 20000); analyze inbox.emergencies";
    let world = World::start().await;
    after(&world, &begun()).await;
    let mut rows = world.owner_of_models().await;
    sqlx::raw_sql(WINTERS).execute(&mut rows).await.unwrap();
    let counts = async |rows: &mut PgConnection| -> (i64, i64) {
        let read = "select sum(seq_tup_read)::bigint, sum(seq_scan + idx_scan)::bigint \
            from pg_stat_user_tables where schemaname = 'inbox' and relname = 'emergencies'";
        sqlx::query_as(read).fetch_one(rows).await.unwrap()
    };
    let (read, scans) = counts(&mut rows).await;
    let patience = Instant::now() + std::time::Duration::from_mins(1);
    // Often enough for a plan that is kept. What a session counted is told a while after it fell idle,
    // or when it asks again.
    let told = loop {
        all(&world, Owner::Service(service("ssp")), START).await;
        let now = counts(&mut rows).await;
        if now.1 > scans + 20 {
            break now;
        }
        assert!(Instant::now() < patience, "nothing was counted");
        pause(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(told.0, read, "rows were read one after the other");
}

#[tokio::test]
async fn an_emergency_is_to_do_for_whoever_answered_and_went_out_until_it_is_closed() {
    let world = World::start().await;
    let mut history = begun();
    reported(&mut history, false);
    after(&world, &history).await;
    assert_eq!(of(&world, "pis", START).await, [(Kind::EmergencyOpen, List::ToDo)]);
    assert_eq!(of(&world, "street", START).await, []);
    let unit = service("street");
    history.record(id("emergency"), ana(), &EmergencyEvent::UnitDispatched { unit });
    after(&world, &history).await;
    for (word, from) in [("pis", false), ("street", true)] {
        let items = all(&world, Owner::Service(service(word)), START).await;
        let [item] = &items[..] else { panic!("{word}: {items:?}") };
        assert_eq!((item.kind, item.list), (Kind::EmergencyOpen, List::ToDo), "{word}");
        assert_eq!((item.urgency, item.from.is_some()), (Urgency::Immediate, from), "{word}");
    }
    let last = &history.events[history.events.len() - 1..];
    assert_eq!(touched(&world, last).await, inboxes(&["pis", "street"], &[]));

    let outcome = EmergencyOutcome::Sheltered;
    let closed = EmergencyEvent::EmergencyClosed { outcome, handover: None, reason: None };
    history.record(id("emergency"), ana(), &closed);
    after(&world, &history).await;
    for word in ["pis", "street"] {
        assert_eq!(of(&world, word, START).await, [], "{word}");
    }
    let last = &history.events[history.events.len() - 1..];
    assert_eq!(touched(&world, last).await, inboxes(&["pis", "street"], &[]));
}

#[tokio::test]
async fn a_case_handed_over_is_to_do_until_the_service_takes_the_person_up() {
    let world = World::start().await;
    let year = datetime!(2026-01-08 9:00 UTC);
    let mut history = begun();
    case_opened(&mut history, "ana");
    let closed = CaseEvent::CaseClosed {
        reason: CaseCloseReason::HandedOver,
        destination: None,
        handover: Some(service("desk")),
        read_to: ReadTo::default(),
    };
    history.record(id("case"), ana(), &closed);
    after(&world, &history).await;
    let expected = inboxes(&["desk", "social"], &["carla"]);
    assert_eq!(touched(&world, &history.events[history.events.len() - 1..]).await, expected);
    assert_eq!(of(&world, "social", year).await, []);
    let items = all(&world, Owner::Service(service("desk")), year).await;
    let [item] = &items[..] else { panic!("{items:?}") };
    assert_eq!((item.kind, item.list), (Kind::CaseHandover, List::ToDo), "nothing ends in silence");
    assert!(matches!(&item.from, Some(Place { name, .. }) if name == "Service social"));

    let met = ContactEvent::ContactRecorded {
        contact: ContactId(id("contact")),
        service: service("desk"),
        channel: Channel::Desk,
        person: ana(),
        needs: vec![],
    };
    history.record(id("contact"), ana(), &met);
    after(&world, &history).await;
    assert_eq!(of(&world, "desk", year).await, []);
}

#[tokio::test]
async fn an_emergency_handed_over_is_to_do_until_the_service_takes_the_person_up() {
    let world = World::start().await;
    let mut history = begun();
    reported(&mut history, false);
    let closed = EmergencyEvent::EmergencyClosed {
        outcome: EmergencyOutcome::HandedOver,
        handover: Some(service("social")),
        reason: None,
    };
    history.record(id("emergency"), ana(), &closed);
    after(&world, &history).await;
    assert_eq!(of(&world, "social", START).await, [(Kind::EmergencyHandover, List::ToDo)]);
    case_opened(&mut history, "ana");
    after(&world, &history).await;
    assert_eq!(of(&world, "social", START).await, []);
}

#[tokio::test]
async fn the_end_of_a_stay_reaches_the_case_manager_through_links_and_only_through_them() {
    let world = World::start().await;
    let mut history = begun();
    let now = datetime!(2025-02-02 9:00 UTC);
    registered(&mut history, "bea");
    case_opened(&mut history, "bea");
    stay_started(&mut history, ServiceType::Temporary);
    stay_ended(&mut history, Destination::Street);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, now).await, [], "her case is another person's");

    let (link, canonical, other) = (LinkId(id("link")), PersonId(id("ana")), PersonId(id("bea")));
    let reasons = vec![LinkReason::Recognised];
    let linked = LinkEvent::PersonsLinked { link, canonical, other, reasons };
    history.record(id("link"), ana(), &linked);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, now).await, [(Kind::StayEnded, List::ToDo)]);
    assert_eq!(of(&world, "social", now).await, [(Kind::StayEnded, List::ToDo)]);

    let unlinked =
        LinkEvent::PersonsUnlinked { link, canonical, other, reason: UnlinkReason::TwoPeople };
    history.record(id("link"), ana(), &unlinked);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, now).await, []);
}

#[tokio::test]
async fn a_stay_in_a_secret_shelter_never_reaches_the_case_manager() {
    let world = World::start().await;
    let mut history = begun();
    case_opened(&mut history, "ana");
    stay_started(&mut history, ServiceType::SecretShelter);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, datetime!(2025-06-20 9:00 UTC)).await, []);
    stay_ended(&mut history, Destination::Unknown);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, datetime!(2025-02-02 9:00 UTC)).await, []);
}

#[tokio::test]
async fn a_stay_is_shown_90_and_30_days_before_its_cap_and_not_after_an_extension_r6() {
    let world = World::start().await;
    let mut history = begun();
    case_opened(&mut history, "ana");
    stay_started(&mut history, ServiceType::Temporary);
    after(&world, &history).await;
    for (now, reason) in [
        (datetime!(2025-03-31 12:00 UTC), None),
        (datetime!(2025-04-01 12:00 UTC), Some("90_days")),
        (datetime!(2025-05-30 12:00 UTC), Some("90_days")),
        (datetime!(2025-05-31 12:00 UTC), Some("30_days")),
        (datetime!(2025-07-01 12:00 UTC), Some("past_cap")),
    ] {
        for owner in [Owner::Service(service("flats")), Owner::Staff(StaffId(id("carla")))] {
            let items = all(&world, owner, now).await;
            let shown = items.first().map(|item| item.reason.as_deref().unwrap());
            assert_eq!(shown, reason, "{now}");
            assert!(items.iter().all(|item| item.overdue == (reason == Some("past_cap"))), "{now}");
        }
    }
    let extended = StayEvent::StayExtended {
        until: date!(2025 - 12 - 31),
        decided_on: date!(2025 - 06 - 01),
        reason: ExtensionReason::GoalsNearlyReached,
    };
    history.record(id("stay"), ana(), &extended);
    after(&world, &history).await;
    assert_eq!(of(&world, "flats", datetime!(2025-07-01 12:00 UTC)).await, []);
}

#[tokio::test]
async fn a_goal_is_to_be_reviewed_by_whoever_has_the_case() {
    let world = World::start().await;
    let mut history = begun();
    case_opened(&mut history, "ana");
    let review_on = date!(2025 - 04 - 01);
    let set = CaseEvent::GoalSet { goal: GoalId(id("goal")), need: NeedCode::Work, review_on };
    history.record(id("case"), ana(), &set);
    after(&world, &history).await;
    assert_eq!(of_carla(&world, datetime!(2025-03-10 9:00 UTC)).await, []);
    assert_eq!(
        of_carla(&world, datetime!(2025-03-20 9:00 UTC)).await,
        [(Kind::GoalReview, List::ToDo)]
    );
    let late = datetime!(2025-04-02 9:00 UTC);
    assert!(all(&world, Owner::Service(service("social")), late).await[0].overdue);
}

#[tokio::test]
async fn an_identifier_is_announced_30_days_before_it_ends_unless_superseded() {
    let world = World::start().await;
    let mut history = begun();
    let (kind, valid_to) = (IdentifierKind::Stp, Some(date!(2025 - 07 - 27)));
    history.record(id("ana"), ana(), &PersonEvent::IdentifierAdded { kind, valid_to });
    after(&world, &history).await;
    let due = datetime!(2025-06-28 9:00 UTC);
    assert_eq!(of(&world, "desk", datetime!(2025-06-26 9:00 UTC)).await, []);
    assert_eq!(of(&world, "desk", due).await, [(Kind::IdentifierEnds, List::ToDo)]);
    history.record(id("ana"), ana(), &PersonEvent::IdentifierSuperseded { kind });
    after(&world, &history).await;
    assert_eq!(of(&world, "desk", due).await, []);
}

#[tokio::test]
async fn a_facility_sees_who_waits_for_it() {
    let world = World::start().await;
    let mut history = begun();
    let requested = WaitingEvent::PlaceRequested {
        waiting: WaitingId(id("wait")),
        person: PersonId(id("ana")),
        facility: service("flats"),
        referral: None,
        places: 1,
    };
    let held_until = datetime!(2025-01-10 9:00 UTC);
    let offered = WaitingEvent::PlaceOffered { place: PlaceId(id("place")), held_until };
    for (event, before, after_offer) in [
        (requested, List::ToDo, List::ToDo),
        (WaitingEvent::WaitingListed {}, List::Waiting, List::Waiting),
        (offered, List::Waiting, List::ToDo),
    ] {
        history.record(id("wait"), ana(), &event);
        after(&world, &history).await;
        assert_eq!(of(&world, "flats", START).await, [(Kind::WaitingList, before)], "{event:?}");
        let later = datetime!(2025-01-11 9:00 UTC);
        assert_eq!(
            of(&world, "flats", later).await,
            [(Kind::WaitingList, after_offer)],
            "{event:?}"
        );
    }
    history.record(id("wait"), ana(), &WaitingEvent::PlaceAssigned { place: PlaceId(id("place")) });
    after(&world, &history).await;
    assert_eq!(of(&world, "flats", START).await, []);
}

#[tokio::test]
async fn a_list_is_in_order_of_deadline_urgency_and_waiting_and_pages_go_on_where_they_ended() {
    let world = World::start().await;
    let mut history = begun();
    for number in 0..5 {
        history.at(START + time::Duration::hours(number));
        sent(&mut history, &format!("referral-{number}"), "csm", ServiceType::Csm);
    }
    after(&world, &history).await;
    let owner = Owner::Service(service("csm"));
    let (mut after, mut seen) = (None::<String>, Vec::new());
    for _ in 0..3 {
        let page = Page { list: List::ToDo, after: after.as_deref(), limit: 2 };
        let contents =
            inbox(&world.reads.pool, &owner_of(owner), owner, START, page).await.unwrap().unwrap();
        assert_eq!(contents.counts.to_do, 5, "counts are of the whole list");
        seen.extend(contents.items.into_iter().map(|item| item.about));
        after = contents.next;
    }
    assert_eq!(after, None);
    let expected: Vec<_> = (0..5).map(|number| id(&format!("referral-{number}"))).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn an_answer_is_told_to_both_services_and_to_the_case_manager() {
    let world = World::start().await;
    let mut history = begun();
    case_opened(&mut history, "ana");
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    answered(&mut history, START, &ReferralEvent::ReferralAccepted {});
    after(&world, &history).await;
    let expected = inboxes(&["csm", "desk", "social"], &["carla"]);
    assert_eq!(touched(&world, &history.events[history.events.len() - 1..]).await, expected);
}

fn inboxes(services: &[&str], staff: &[&str]) -> BTreeSet<String> {
    let services = services.iter().map(|word| format!("inbox/{}", id(word)));
    services.chain(staff.iter().map(|word| format!("inbox/staff/{}", id(word)))).collect()
}

async fn touched(world: &World, events: &[Recorded]) -> BTreeSet<String> {
    world.touched(&Inbox, events).await.into_keys().collect()
}

#[tokio::test]
async fn whose_inbox_changes_is_read_from_the_rows_and_remembered_by_nobody() {
    let world = World::start().await;
    let mut history = begun();
    registered(&mut history, "bea");
    case_opened(&mut history, "bea");
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    let (link, canonical, other) = (LinkId(id("link")), PersonId(id("ana")), PersonId(id("bea")));
    let linked =
        LinkEvent::PersonsLinked { link, canonical, other, reasons: vec![LinkReason::Recognised] };
    history.record(id("link"), ana(), &linked);
    stay_started(&mut history, ServiceType::Temporary);
    reported(&mut history, true);
    after(&world, &history).await;

    // As after a restart: these events were taken by nobody here.
    let taken = history.events.len();
    let position = |history: &History| history.events.last().unwrap().position;
    history.record(id("referral"), ana(), &ReferralEvent::ReferralSeen {});
    let first = position(&history);
    history.record(id("referral"), ana(), &ReferralEvent::ReferralAccepted {});
    let topics = world.touched(&Inbox, &history.events[taken..]).await;
    assert_eq!(topics.get(&format!("inbox/{}", id("csm"))), Some(&(first + 1)), "the last one");
    let expected = inboxes(&["csm", "desk", "social"], &["carla"]);
    assert_eq!(topics.into_keys().collect::<BTreeSet<_>>(), expected, "through the link");

    let mut one = |aggregate: &str, event: &dyn Fn(&mut History, uuid::Uuid)| {
        event(&mut history, id(aggregate));
        vec![history.events.last().unwrap().clone()]
    };
    let ended = one("stay", &|history, _| stay_ended(history, Destination::Hosted));
    assert_eq!(touched(&world, &ended).await, inboxes(&["flats", "social"], &["carla"]));
    let closed = one("emergency", &|history, emergency| {
        let outcome = EmergencyOutcome::Unfounded;
        let closed = EmergencyEvent::EmergencyClosed { outcome, handover: None, reason: None };
        history.record(emergency, ana(), &closed);
    });
    assert_eq!(touched(&world, &closed).await, inboxes(&["minors", "minors-closed", "pis"], &[]));
    let suspended = one("minors", &|history, minors| {
        let on = date!(2025 - 01 - 09);
        history.record(minors, None, &ServiceEvent::ServiceSuspended { on });
    });
    assert_eq!(touched(&world, &suspended).await, inboxes(&["minors", "pis"], &[]));
    let project = one("case", &|history, case| {
        history.record(case, other.into(), &CaseEvent::ProjectCompleted {});
    });
    assert_eq!(touched(&world, &project).await, inboxes(&["social"], &["carla"]));
    let stp = one("ana", &|history, person| {
        let kind = IdentifierKind::Stp;
        history.record(person, ana(), &PersonEvent::IdentifierSuperseded { kind });
    });
    assert_eq!(touched(&world, &stp).await, inboxes(&["desk"], &[]));
    let notice = one("ana", &|history, person| {
        let language = "ar".into();
        history.record(person, ana(), &PersonEvent::PrivacyNoticeGiven { language });
    });
    assert_eq!(touched(&world, &notice).await, inboxes(&[], &[]));
}

#[tokio::test]
async fn a_referral_with_a_confidential_end_is_not_hinted_at_to_those_in_charge() {
    let (desk, csm, serd) =
        (("desk", ServiceType::InfoDesk), ("csm", ServiceType::Csm), ("serd", ServiceType::Serd));
    for (from, to, expected) in [
        (desk, csm, inboxes(&["desk", "csm", "social"], &["carla"])),
        (desk, serd, inboxes(&["desk", "serd"], &[])),
        (serd, csm, inboxes(&["serd", "csm"], &[])),
    ] {
        let world = World::start().await;
        let mut history = begun();
        case_opened(&mut history, "ana");
        sent_by(&mut history, "referral", from, to);
        answered(&mut history, START, &ReferralEvent::ReferralAccepted {});
        after(&world, &history).await;
        let last = &history.events[history.events.len() - 1..];
        assert_eq!(touched(&world, last).await, expected, "{from:?} {to:?}");
    }
}

#[tokio::test]
async fn a_referral_of_a_confidential_sender_names_it_to_itself_alone() {
    let world = World::start().await;
    let mut history = begun();
    let serd = ("serd", ServiceType::Serd);
    sent_by(&mut history, "referral", serd, ("csm", ServiceType::Csm));
    answered(&mut history, START, &declined(NextStep::TalkToPerson));
    sent_by(&mut history, "again", serd, ("csm", ServiceType::Csm));
    after(&world, &history).await;
    let received = all(&world, Owner::Service(service("csm")), START).await;
    let shown = serde_json::to_string(&received).unwrap();
    assert!(!shown.contains("serd") && !shown.contains(&id("serd").to_string()), "{shown}");
    let sealed = "select bool_and(confidential) from inbox.referrals";
    let mut rows = world.owner_of_models().await;
    assert!(sqlx::query_scalar::<_, bool>(sealed).fetch_one(&mut rows).await.unwrap());
}

#[tokio::test]
async fn a_member_of_a_stay_is_somebody_in_charge_and_a_secret_one_is_not_hinted_at() {
    for (kind, expected) in [
        (ServiceType::Temporary, inboxes(&["flats", "social"], &["carla"])),
        (ServiceType::SecretShelter, inboxes(&["flats"], &[])),
    ] {
        let world = World::start().await;
        let mut history = begun();
        case_opened(&mut history, "child");
        stay_started(&mut history, kind);
        after(&world, &history).await;
        let until = date!(2025 - 12 - 31);
        let decided_on = date!(2025 - 06 - 01);
        let reason = ExtensionReason::GoalsNearlyReached;
        let extended = StayEvent::StayExtended { until, decided_on, reason };
        history.record(id("stay"), ana(), &extended);
        let told = touched(&world, &history.events[history.events.len() - 1..]).await;
        assert_eq!(told, expected, "{kind:?}");
    }
}

fn obscured(history: &mut History, who: &str, what: Extent) {
    let (wish, person) = (WishId(id("wish")), PersonId(id(who)));
    let obscured = WishEvent::RecordObscured { wish, person, what, form: WishForm::Said };
    history.record(id("wish"), Some(person), &obscured);
}

/// Ana left a flat for the street; as Bea, whom she was recognised to be, she is in charge.
fn left_the_flats() -> History {
    let mut history = begun();
    registered(&mut history, "bea");
    case_opened(&mut history, "bea");
    let (link, canonical, other) = (LinkId(id("link")), PersonId(id("ana")), PersonId(id("bea")));
    let reasons = vec![LinkReason::Recognised];
    let linked = LinkEvent::PersonsLinked { link, canonical, other, reasons };
    history.record(id("link"), ana(), &linked);
    stay_started(&mut history, ServiceType::Temporary);
    stay_ended(&mut history, Destination::Street);
    history
}

#[tokio::test]
async fn what_she_obscured_waits_for_nobody_but_who_wrote_it_and_is_not_hinted_at_threat_4() {
    let world = World::start().await;
    let now = datetime!(2025-02-02 9:00 UTC);
    let organisation = OrganisationId(id("organisation"));
    let entry = |number| format!("housing/stay-{}/{number}", id("stay"));
    for (who, what) in [
        ("ana", Extent::Service { service: service("flats") }),
        ("bea", Extent::Service { service: service("flats") }),
        ("ana", Extent::Entry { entry: entry(1), organisation }),
        ("bea", Extent::Entry { entry: entry(2), organisation }),
    ] {
        let mut history = left_the_flats();
        let ended = vec![history.events.last().unwrap().clone()];
        obscured(&mut history, who, what.clone());
        after(&world, &history).await;
        assert_eq!(of_carla(&world, now).await, [], "{who} {what:?}");
        assert_eq!(of(&world, "social", now).await, [], "{who} {what:?}");
        assert_eq!(touched(&world, &ended).await, inboxes(&["flats"], &[]), "{who} {what:?}");

        let lifted = WishEvent::ObscuringLifted { form: WishForm::Said };
        history.record(id("wish"), ana(), &lifted);
        after(&world, &history).await;
        assert_eq!(of_carla(&world, now).await, [(Kind::StayEnded, List::ToDo)]);
        let all = inboxes(&["flats", "social"], &["carla"]);
        assert_eq!(touched(&world, &ended).await, all);
    }
}

#[tokio::test]
async fn what_she_obscured_is_nobody_elses_reason_to_stop_looking_for_her_threat_4() {
    let world = World::start().await;
    let now = datetime!(2025-02-03 9:00 UTC);
    let mut history = left_the_flats();
    let moved_in = StayEvent::StayStarted {
        stay: StayId(id("new stay")),
        person: PersonId(id("ana")),
        members: vec![],
        facility: service("street"),
        kind: ServiceType::Temporary,
        unit: UnitId(id("unit")),
        places: vec![PlaceId(id("place"))],
        started_on: date!(2025 - 02 - 02),
        cap_on: Some(date!(2025 - 04 - 30)),
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id("new stay"), ana(), &moved_in);
    after(&world, &history).await;
    let (cap, ended) = (Kind::StayCap, Kind::StayEnded);
    let found = [(cap, List::ToDo), (ended, List::Information)];
    assert_eq!(of_carla(&world, now).await, found, "she has a place again");
    obscured(&mut history, "ana", Extent::Service { service: service("street") });
    after(&world, &history).await;
    assert_eq!(of_carla(&world, now).await, [(ended, List::ToDo)], "as far as she may know");
    assert_eq!(of(&world, "street", now).await, [(cap, List::ToDo)], "its own work stays");
}

/// A bit of everything.
fn everything() -> History {
    let mut history = begun();
    case_opened(&mut history, "ana");
    reported(&mut history, true);
    stay_started(&mut history, ServiceType::Temporary);
    sent(&mut history, "referral", "csm", ServiceType::Csm);
    answered(&mut history, START, &declined(NextStep::RetryLater));
    sent(&mut history, "again", "csm", ServiceType::Csm);
    let (kind, valid_to) = (IdentifierKind::Stp, Some(date!(2025 - 07 - 27)));
    history.record(id("ana"), ana(), &PersonEvent::IdentifierAdded { kind, valid_to });
    stay_ended(&mut history, Destination::Hosted);
    obscured(&mut history, "ana", Extent::Service { service: service("flats") });
    history
}

#[tokio::test]
async fn every_interleaving_of_the_logs_gives_the_same_rows_a6() {
    let world = World::start().await;
    let history = everything();
    let expected = world.rows_after(&Inbox, &history.events).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let picks = vec(0_usize..5, 48).new_tree(&mut runner).unwrap().current();
        assert_eq!(world.rows_after(&Inbox, &history.woven(&picks)).await, expected, "{picks:?}");
    }
}
