//! Records that were opened by force, in the inboxes of those who must look at it (threat 5).

#![cfg(test)]

mod harness;

use harness::{History, World, id, owner_of};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use trama_events::casework::{CaseCloseReason, CaseEvent, ReadTo};
use trama_events::codes::{Section, Urgency};
use trama_events::identity::{ForcedAccessEvent, ForcedReason, ReviewFinding};
use trama_events::ids::{Ats, CaseId, ForcedAccessId, LinkId, PersonId, ServiceId, StaffId};
use trama_events::intake::{LinkEvent, LinkReason, UnlinkReason};
use trama_projections::inbox::{Inbox, Item, Kind, List, Owner, Page, inbox};

const NIGHT: OffsetDateTime = datetime!(2025-01-27 22:00 UTC);

/// Who acts in these histories.
const FORCES: &str = "staff";

fn person(name: &str) -> PersonId {
    PersonId(id(name))
}

fn staff(name: &str) -> StaffId {
    StaffId(id(name))
}

fn ats(name: &str) -> Ats {
    Ats::try_new(name).unwrap()
}

/// Ana's record is opened by force, on behalf of Bari.
fn forced(history: &mut History) {
    let event = ForcedAccessEvent::AccessForced {
        access: ForcedAccessId(id("access")),
        person: person("ana"),
        reason: ForcedReason::LifeAtRisk,
        sections: vec![Section::Identity, Section::Safety],
        until: NIGHT + Duration::minutes(60),
    };
    // What she says of when it was moves no deadline.
    history.late(NIGHT - Duration::days(9), NIGHT);
    history.record(id("access"), Some(person("ana")), &event);
}

fn reviewed(history: &mut History, at: OffsetDateTime, finding: ReviewFinding) {
    let event = ForcedAccessEvent::ForcedAccessReviewed { finding };
    history.at(at).record(id("access"), Some(person("ana")), &event);
}

/// Somebody manages a case of this record.
fn managed(history: &mut History, who: &str, manager: &str) {
    let (case, person) = (CaseId(id(&format!("case of {who}"))), person(who));
    let opened = CaseEvent::CaseOpened { case, person, service: ServiceId(id("social")) };
    history.record(case.0, Some(person), &opened);
    assigned(history, who, manager);
}

fn assigned(history: &mut History, who: &str, manager: &str) {
    let assigned = CaseEvent::CaseManagerAssigned { manager: staff(manager) };
    history.record(id(&format!("case of {who}")), Some(person(who)), &assigned);
}

fn linked(history: &mut History) {
    let (link, canonical, other) = (LinkId(id("link")), person("ana"), person("bea"));
    let reasons = vec![LinkReason::Recognised];
    let event = LinkEvent::PersonsLinked { link, canonical, other, reasons };
    history.record(id("link"), Some(canonical), &event);
}

async fn listed(world: &World, owner: Owner<'_>, list: List, now: OffsetDateTime) -> Vec<Item> {
    let page = Page { list, after: None, limit: 100 };
    inbox(&world.reads.pool, &owner_of(owner), owner, now, page).await.unwrap().unwrap().items
}

/// Who has it to do, of everybody who could: `carla` manages a case, `ada` is an auditor, `ugo`
/// works in Bari's plan office and `pia` in Corato's.
async fn to_do(world: &World, now: OffsetDateTime) -> Vec<&'static str> {
    let (bari, corato) = (ats("bari"), ats("corato"));
    let owners = [
        ("carla", Owner::Staff(staff("carla"))),
        ("dario", Owner::Staff(staff("dario"))),
        ("forces, in charge", Owner::Staff(staff(FORCES))),
        ("ada", Owner::Auditor(staff("ada"))),
        ("forces, auditor", Owner::Auditor(staff(FORCES))),
        ("ugo", Owner::PlanOffice(staff("ugo"), &bari)),
        ("pia", Owner::PlanOffice(staff("pia"), &corato)),
        ("forces, office", Owner::PlanOffice(staff(FORCES), &bari)),
        ("social", Owner::Service(ServiceId(id("social")))),
    ];
    let mut all = Vec::new();
    for (name, owner) in owners {
        let items = listed(world, owner, List::ToDo, now).await;
        if items.iter().any(|item| item.kind == Kind::ForcedAccessReview) {
            all.push(name);
        }
    }
    all
}

async fn after(world: &World, history: &History) {
    world.forget(&Inbox).await;
    world.fold(&Inbox, &history.events).await;
}

#[tokio::test]
async fn what_was_opened_by_force_waits_for_the_case_manager_and_every_auditor_until_one_looked() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    managed(&mut history, "ana", "carla");
    forced(&mut history);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["carla", "ada"]);

    let item = listed(&world, Owner::Auditor(staff("ada")), List::ToDo, NIGHT).await.remove(0);
    assert_eq!((item.kind, item.urgency), (Kind::ForcedAccessReview, Urgency::Immediate));
    assert_eq!((item.about, item.person), (id("access"), Some(person("ana"))));
    assert_eq!((item.since, item.reason.as_deref()), (NIGHT, Some("life_at_risk")));

    reviewed(&mut history, NIGHT + Duration::hours(10), ReviewFinding::Justified);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT + Duration::hours(10)).await, Vec::<&str>::new());
}

#[tokio::test]
async fn after_72_hours_it_says_that_it_is_overdue_and_waits_on_threat_5() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    managed(&mut history, "ana", "carla");
    forced(&mut history);
    after(&world, &history).await;
    for owner in [Owner::Staff(staff("carla")), Owner::Auditor(staff("ada"))] {
        for (hours, overdue) in [(1, false), (72, false), (73, true), (24 * 365, true)] {
            let now = NIGHT + Duration::hours(hours);
            let item = listed(&world, owner, List::ToDo, now).await.remove(0);
            assert_eq!((item.overdue, item.due), (overdue, Some(NIGHT + Duration::hours(72))));
        }
    }
}

#[tokio::test]
async fn where_nobody_else_has_her_in_charge_the_plan_office_of_that_ats_looks_and_sees_no_person()
{
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    forced(&mut history);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["ada", "ugo"]);
    let bari = ats("bari");
    let owner = Owner::PlanOffice(staff("ugo"), &bari);
    let item = listed(&world, owner, List::ToDo, NIGHT).await.remove(0);
    assert_eq!((item.person, item.code, item.about), (None, None, id("access")));

    // She who opened it manages the case herself.
    managed(&mut history, "ana", FORCES);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["ada", "ugo"]);
    assigned(&mut history, "ana", "carla");
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["carla", "ada"]);
    let closed = CaseEvent::CaseClosed {
        reason: CaseCloseReason::ContactLost,
        destination: None,
        handover: None,
        read_to: ReadTo::default(),
    };
    history.record(id("case of ana"), Some(person("ana")), &closed);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["ada", "ugo"]);
}

#[tokio::test]
async fn whoever_manages_a_linked_record_looks_at_it_until_the_link_is_undone() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    managed(&mut history, "bea", "dario");
    forced(&mut history);
    linked(&mut history);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["dario", "ada"]);
    let undone = LinkEvent::PersonsUnlinked {
        link: LinkId(id("link")),
        canonical: person("ana"),
        other: person("bea"),
        reason: UnlinkReason::TwoPeople,
    };
    history.record(id("link"), Some(person("ana")), &undone);
    after(&world, &history).await;
    assert_eq!(to_do(&world, NIGHT).await, ["ada", "ugo"]);
}

#[tokio::test]
async fn what_was_not_right_is_told_to_auditors_for_thirty_days() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    managed(&mut history, "ana", "carla");
    forced(&mut history);
    let morning = NIGHT + Duration::hours(10);
    reviewed(&mut history, morning, ReviewFinding::NotJustified);
    after(&world, &history).await;
    assert_eq!(to_do(&world, morning).await, Vec::<&str>::new());
    let told = async |owner, now| {
        let items = listed(&world, owner, List::Information, now).await;
        items.iter().map(|item| item.kind).collect::<Vec<_>>()
    };
    let ada = Owner::Auditor(staff("ada"));
    assert_eq!(told(ada, morning).await, [Kind::ForcedAccessUnjustified]);
    assert_eq!(told(ada, morning + Duration::days(31)).await, []);
    assert_eq!(told(Owner::Staff(staff("carla")), morning).await, []);
}

#[tokio::test]
async fn those_who_must_look_are_told_at_once_and_nobody_else_v14() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    managed(&mut history, "bea", "dario");
    linked(&mut history);
    forced(&mut history);
    reviewed(history.in_ats("corato"), NIGHT, ReviewFinding::Justified);
    after(&world, &history).await;
    let manager = format!("inbox/staff/{}", id("dario"));
    let service = format!("inbox/{}", id("social"));
    let mut expected = vec!["inbox/auditors", "inbox/plan-office/bari", &manager, &service];
    expected.sort_unstable();
    let events = &history.events;
    for event in &events[events.len() - 2..] {
        let touched = world.touched(&Inbox, std::slice::from_ref(event)).await;
        assert_eq!(touched.keys().collect::<Vec<_>>(), expected, "{}", event.event_type);
    }
}

#[tokio::test]
async fn the_rows_are_the_same_however_the_logs_come_a6() {
    let world = World::start().await;
    let mut history = History::starting(NIGHT);
    forced(&mut history);
    managed(&mut history, "ana", "carla");
    linked(&mut history);
    reviewed(&mut history, NIGHT, ReviewFinding::NotJustified);
    let first = world.rows_after(&Inbox, &history.events).await;
    assert_eq!(first["forced"].len(), 1);
    for turn in 1..6 {
        let woven = history.woven(&[turn, turn / 2, 0, turn + 1, 2, turn]);
        assert_eq!(world.rows_after(&Inbox, &woven).await, first, "{turn}");
    }
}
