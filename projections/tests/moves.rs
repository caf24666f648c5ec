//! Entries that were moved to another person or taken back, in every read model that shows them.

#![cfg(test)]

mod harness;

use harness::{History, World, acting, id, owner_of};
use time::OffsetDateTime;
use time::macros::{date, datetime};
use trama_events::casework::{AssessmentDomain, CaseEvent};
use trama_events::codes::{
    Channel, Gender, IdentityStatus, OrganisationKind, Purpose, Role, ServiceType,
};
use trama_events::directory::{OrganisationEvent, ServiceEvent};
use trama_events::envelope::Recorded;
use trama_events::ids::{
    Ats, CaseId, ContactId, EmergencyId, LinkId, OrganisationId, PersonId, ServiceId, StaffId,
};
use trama_events::intake::{
    ContactEvent, EmergencyEvent, EntryEvent, LinkEvent, LinkReason, PersonEvent,
    ReattributionReason, TriageOutcome, UnlinkReason,
};
use trama_events::short_code::ShortCode;
use trama_platform::gate::Opened;
use trama_platform::permit::{
    Asking, Circumstances, Part, Policies, Relation, Sections, Subject, Worker,
};
use trama_projections::fence::Sight;
use trama_projections::inbox::{Inbox, List, Owner, Page, inbox};
use trama_projections::indicators::{Indicators, Period, Scope, activity};
use trama_projections::journey::{Asked, Journey, JourneyView, NoSuchPerson, journey, moves_of};
use uuid::Uuid;

const START: OffsetDateTime = datetime!(2025-01-27 09:00 UTC);
const MOVED_AT: OffsetDateTime = datetime!(2025-01-28 09:00 UTC);
const LATER: OffsetDateTime = datetime!(2025-01-29 09:00 UTC);

fn person(word: &str) -> PersonId {
    PersonId(id(word))
}

fn service() -> ServiceId {
    ServiceId(id("desk"))
}

/// A desk that gives everything, and two people of a like name.
fn beginning() -> History {
    let mut history = History::starting(START);
    let (organisation, ats) = (OrganisationId(id("comune")), Ats::try_new("bari").unwrap());
    let registered = OrganisationEvent::OrganisationRegistered {
        organisation,
        name: "Comune".into(),
        kind: OrganisationKind::Municipality,
        ats: ats.clone(),
    };
    history.record(organisation.0, None, &registered).by(organisation);
    let registered = ServiceEvent::ServiceRegistered {
        service: service(),
        organisation,
        name: "Sportello".into(),
        service_type: ServiceType::Pis,
        ats,
        municipality: None,
        low_threshold: true,
    };
    history.record(service().0, None, &registered);
    for who in ["ana", "ben"] {
        let registered = PersonEvent::PersonRegistered {
            person: person(who),
            code: ShortCode::candidate(id(who), 0),
            status: IdentityStatus::Declared,
            service: service(),
            birth_year: None,
            gender: Gender::Unknown,
            language: None,
        };
        history.record(id(who), Some(person(who)), &registered);
    }
    history
}

fn came(history: &mut History, contact: &str, who: Option<PersonId>) -> String {
    let recorded = ContactEvent::ContactRecorded {
        contact: ContactId(id(contact)),
        service: service(),
        channel: Channel::Desk,
        person: who,
        needs: vec![],
    };
    history.record(id(contact), who, &recorded);
    let triaged =
        ContactEvent::ContactTriaged { outcome: TriageOutcome::InformationGiven, needs: vec![] };
    history.record(id(contact), who, &triaged);
    format!("intake/contact-{}/1", id(contact))
}

/// Where she sleeps, and then that it was another place.
fn slept(history: &mut History, who: &str) -> String {
    let recorded = PersonEvent::HousingSituationRecorded { ethos: "1.1".parse().unwrap() };
    history.record(id(who), Some(person(who)), &recorded);
    let entry = history.events.last().map(Recorded::id).unwrap();
    let corrects = u32::try_from(history.events.last().unwrap().sequence).unwrap();
    let ethos = "2.1".parse().unwrap();
    let corrected = PersonEvent::HousingSituationCorrected { corrects, ethos };
    history.record(id(who), Some(person(who)), &corrected);
    entry
}

fn assessed(history: &mut History, who: &str) -> String {
    let (case, person) = (id("case"), person(who));
    let opened = CaseEvent::CaseOpened { case: CaseId(case), person, service: service() };
    history.record(case, Some(person), &opened);
    let domains = vec![AssessmentDomain::Health];
    let assessed = CaseEvent::AssessmentRecorded { domains, needs: vec![] };
    history.record(case, Some(person), &assessed);
    history.events.last().map(Recorded::id).unwrap()
}

fn moved(history: &mut History, entry: &str, from: &str, to: &str) {
    let event = EntryEvent::EntryReattributed {
        entry: entry.into(),
        from: person(from),
        to: person(to),
        reason: ReattributionReason::LikeName,
    };
    history.record(id(entry), Some(person(to)), &event);
}

fn undone(history: &mut History, entry: &str, who: Option<PersonId>) {
    let event = EntryEvent::EntryUndone { entry: entry.into(), person: who };
    history.record(id(entry), who, &event);
}

/// What a case manager of hers reads.
fn open() -> Sections {
    let worker = Worker {
        staff: StaffId(id("carla")),
        organisation: OrganisationId(id("comune")),
        role: Role::CaseManager,
        part: Part::of(Role::CaseManager, None),
        services: [service()].into(),
        suspended: false,
        second_factor: true,
    };
    let circumstances = Circumstances {
        purpose: Some(Purpose::Care),
        relations: [Relation::CaseManager].into(),
        ..Circumstances::default()
    };
    let subject = Subject::new(person("ana"));
    Policies::load().unwrap().sections(&Asking { worker, subject, circumstances })
}

async fn read(
    world: &World,
    who: &str,
    recorded_by: Option<OffsetDateTime>,
) -> Result<JourneyView, NoSuchPerson> {
    let asked = Asked { recorded_by, occurred_by: None };
    let opened = Opened {
        records: ["ana", "ben"].map(person).into(),
        sections: open(),
        in_charge: false,
        not_to_be_found: false,
    };
    journey(&world.reads.pool, person(who), asked, &opened).await.unwrap()
}

/// Kinds of the entries of a journey, after the registration.
async fn kinds(world: &World, who: &str, recorded_by: Option<OffsetDateTime>) -> Vec<String> {
    let entries = read(world, who, recorded_by).await.unwrap().entries.into_iter();
    entries.map(|entry| entry.kind).filter(|kind| kind != "person_registered").collect()
}

const CONTACT: [&str; 2] = ["contact_recorded", "contact_triaged"];
const HOUSING: [&str; 2] = ["housing_situation_recorded", "housing_situation_corrected"];

#[tokio::test]
async fn a_moved_entry_shows_whole_on_the_right_person_and_the_wrong_one_shows_nothing() {
    let world = World::start().await;
    let mut history = beginning();
    let entries = [came(&mut history, "contact", Some(person("ana"))), slept(&mut history, "ana")];
    world.fold(&Journey, &history.events).await;
    assert_eq!(kinds(&world, "ana", None).await, [CONTACT, HOUSING].concat());

    let before = history.events.len();
    history.at(MOVED_AT);
    for entry in &entries {
        moved(&mut history, entry, "ana", "ben");
    }
    world.fold(&Journey, &history.events[before..]).await;
    assert_eq!(kinds(&world, "ana", None).await, Vec::<String>::new());
    assert_eq!(kinds(&world, "ben", None).await, [CONTACT, HOUSING].concat());
    let ben = read(&world, "ben", None).await.unwrap();
    assert_eq!(ben.situations.last().unwrap().ethos.as_deref(), Some("2.1"));
    let text = serde_json::to_string(&ben).unwrap();
    assert!(!text.contains(&id("ana").to_string()), "nothing tells from whom: {text}");
    assert!(!text.contains("reattributed"), "only the auditor sees the move");
}

#[tokio::test]
async fn what_never_was_hers_was_not_hers_then_either_and_nobody_knew_then_whose_it_was() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = came(&mut history, "contact", Some(person("ana")));
    history.at(MOVED_AT);
    moved(&mut history, &entry, "ana", "ben");
    world.fold(&Journey, &history.events).await;
    for (who, known) in [("ana", START), ("ben", START), ("ana", MOVED_AT)] {
        assert_eq!(kinds(&world, who, Some(known)).await, Vec::<String>::new(), "{who} {known}");
    }
    assert_eq!(kinds(&world, "ben", Some(MOVED_AT)).await, CONTACT);

    let before = history.events.len();
    history.at(LATER);
    moved(&mut history, &entry, "ben", "ana");
    world.fold(&Journey, &history.events[before..]).await;
    assert_eq!(kinds(&world, "ben", None).await, Vec::<String>::new(), "moved back");
    assert_eq!(kinds(&world, "ana", None).await, CONTACT);
    assert_eq!(kinds(&world, "ana", Some(START)).await, CONTACT);
    assert_eq!(kinds(&world, "ben", Some(MOVED_AT)).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_happens_after_a_move_to_a_thing_that_was_moved_shows_with_it() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = came(&mut history, "contact", Some(person("ana")));
    moved(&mut history, &entry, "ana", "ben");
    history.record(id("contact"), Some(person("ana")), &ContactEvent::ContactClosed {});
    world.fold(&Journey, &history.events).await;
    assert_eq!(kinds(&world, "ana", None).await, Vec::<String>::new());
    let whole = [&CONTACT[..], &["contact_closed"]].concat();
    assert_eq!(kinds(&world, "ben", None).await, whole);
}

#[tokio::test]
async fn an_entry_of_a_case_is_moved_without_the_case() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = assessed(&mut history, "ana");
    moved(&mut history, &entry, "ana", "ben");
    world.fold(&Journey, &history.events).await;
    assert_eq!(kinds(&world, "ana", None).await, ["case_opened"]);
    let ben = read(&world, "ben", None).await.unwrap();
    let assessment = ben.entries.iter().find(|entry| entry.kind == "assessment_recorded").unwrap();
    assert_eq!(assessment.about, None, "it is not ben's case");
    assert_eq!(assessment.person, Some(person("ben")));
}

#[tokio::test]
async fn what_was_taken_back_shows_nowhere() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = came(&mut history, "contact", Some(person("ana")));
    undone(&mut history, &entry, Some(person("ana")));
    world.fold(&Journey, &history.events).await;
    for known in [None, Some(START)] {
        assert_eq!(kinds(&world, "ana", known).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_auditor_sees_each_move_and_who_made_it() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = came(&mut history, "contact", Some(person("ana")));
    history.at(MOVED_AT);
    moved(&mut history, &entry, "ana", "ben");
    undone(&mut history, &entry, Some(person("ben")));
    world.fold(&Journey, &history.events).await;
    let auditor = acting("ada", Role::Auditor, &[]);
    let of_ana = moves_of(&world.reads.pool, &auditor, person("ana"), 0, 10).await.unwrap();
    let [one] = &of_ana[..] else { panic!("one move: {of_ana:?}") };
    assert_eq!((&one.entry, one.from, one.to), (&entry, Some(person("ana")), Some(person("ben"))));
    assert_eq!((one.by, one.at), (StaffId(id("staff")), MOVED_AT));
    assert_eq!(one.reason.as_deref(), Some("like_name"));
    let of_ben = moves_of(&world.reads.pool, &auditor, person("ben"), 0, 10).await.unwrap();
    assert_eq!((of_ben.len(), of_ben[1].to, &of_ben[1].reason), (2, None, &None));
    let after =
        moves_of(&world.reads.pool, &auditor, person("ben"), one.position, 10).await.unwrap();
    assert_eq!(after, of_ben[1..]);
}

#[tokio::test]
async fn a_move_is_heard_in_both_journeys() {
    let world = World::start().await;
    let mut history = beginning();
    let entry = came(&mut history, "contact", Some(person("ana")));
    let before = history.events.len();
    moved(&mut history, &entry, "ana", "ben");
    world.fold(&Journey, &history.events).await;
    let topics = world.touched(&Journey, &history.events[before..]).await;
    let both: Vec<String> = topics.into_keys().collect();
    let mut expected = ["ana", "ben"].map(|who| format!("journey/{}", id(who)));
    expected.sort();
    assert_eq!(both, expected);
}

#[tokio::test]
async fn moves_give_the_same_rows_whichever_log_comes_first_and_after_a_rebuild_a6() {
    let world = World::start().await;
    let mut history = beginning();
    let entries = [
        assessed(&mut history, "ana"),
        came(&mut history, "contact", Some(person("ana"))),
        slept(&mut history, "ana"),
    ];
    for entry in &entries {
        moved(&mut history, entry, "ana", "ben");
    }
    let mut by_log = history.events.clone();
    by_log.sort_by_key(|event| (event.context, event.position));
    let mut backwards = history.events.clone();
    backwards.sort_by_key(|event| (std::cmp::Reverse(event.context), event.position));
    let rows = world.rows_after(&Journey, &history.events).await;
    let known = kinds(&world, "ben", None).await;
    for order in [by_log, backwards] {
        assert_eq!(world.rows_after(&Journey, &order).await, rows);
        assert_eq!(kinds(&world, "ben", None).await, known);
    }
    assert_eq!(known.len(), 5);
}

#[tokio::test]
async fn figures_count_an_entry_on_the_right_person_and_what_was_taken_back_not_at_all_i10() {
    let world = World::start().await;
    let mut history = beginning();
    let entries = [
        came(&mut history, "moved", Some(person("ana"))),
        slept(&mut history, "ana"),
        came(&mut history, "mistake", Some(person("ana"))),
        came(&mut history, "of nobody", None),
    ];
    world.fold(&Indicators, &history.events).await;
    assert_eq!(contacts(&world).await, Some(3));
    assert_eq!(counted(&world).await, [id("ana"); 3]);

    let before = history.events.len();
    for entry in &entries[..2] {
        moved(&mut history, entry, "ana", "ben");
    }
    undone(&mut history, &entries[2], Some(person("ana")));
    undone(&mut history, &entries[3], None);
    world.fold(&Indicators, &history.events[before..]).await;
    assert_eq!(contacts(&world).await, Some(1));
    assert_eq!(counted(&world).await, [id("ben"); 2]);
}

async fn contacts(world: &World) -> Option<i64> {
    let period = Period { from: date!(2025 - 01 - 01), to: date!(2025 - 01 - 31) };
    let scope = Scope { period, ats: None, protected: false };
    activity(&world.reads.pool, &scope).await.unwrap().total.contacts
}

/// Whom contacts and housing situations count, each as often as they do.
async fn counted(world: &World) -> Vec<Uuid> {
    let standing = "select person from indicators.standing_facts where person is not null \
         union all select person from indicators.standing_situations";
    let mut rows = Sight::counting().begin(&world.reads.pool).await.unwrap();
    sqlx::query_scalar(standing).fetch_all(&mut *rows).await.unwrap()
}

#[tokio::test]
async fn an_inbox_names_the_right_person_after_a_move() {
    let world = World::start().await;
    let mut history = beginning();
    let ana = Some(person("ana"));
    let reported = EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(id("emergency")),
        service: service(),
        channel: Channel::PisLine,
        person: ana,
        shelter_requested: true,
        lone_child: false,
    };
    history.record(id("emergency"), ana, &reported);
    world.fold(&Inbox, &history.events).await;
    assert_eq!(in_inbox(&world).await, [ana]);
    let before = history.events.len();
    moved(&mut history, &format!("intake/emergency-{}/1", id("emergency")), "ana", "ben");
    world.fold(&Inbox, &history.events[before..]).await;
    assert_eq!(in_inbox(&world).await, [Some(person("ben"))]);
    let heard = world.touched(&Inbox, &history.events[before..]).await;
    assert_eq!(heard.into_keys().collect::<Vec<_>>(), [format!("inbox/{}", service())]);
}

async fn in_inbox(world: &World) -> Vec<Option<PersonId>> {
    let page = Page { list: List::ToDo, after: None, limit: 10 };
    let owner = Owner::Service(service());
    let found =
        inbox(&world.reads.pool, &owner_of(owner), owner, LATER, page).await.unwrap().ok().unwrap();
    found.items.into_iter().map(|item| item.person).collect()
}

#[tokio::test]
async fn an_unlink_gives_each_her_own_history_back_with_what_happened_meanwhile_story_e() {
    let world = World::start().await;
    let mut history = beginning();
    came(&mut history, "of ana", Some(person("ana")));
    slept(&mut history, "ben");
    let link = LinkId(id("link"));
    let (canonical, other) = (person("ana"), person("ben"));
    let reasons = vec![LinkReason::SameTaxCode];
    let linked = LinkEvent::PersonsLinked { link, canonical, other, reasons };
    history.at(MOVED_AT).record(link.0, Some(canonical), &linked);
    came(&mut history, "of ana, linked", Some(person("ana")));
    slept(&mut history, "ben");
    let together = history.events.len();
    let reason = UnlinkReason::TwoPeople;
    let unlinked = LinkEvent::PersonsUnlinked { link, canonical, other, reason };
    history.at(LATER).record(link.0, Some(canonical), &unlinked);

    world.fold(&Journey, &history.events[..together]).await;
    assert_eq!(read(&world, "ben", None).await.unwrap().canonical, canonical);
    world.fold(&Journey, &history.events[together..]).await;
    let after = [own(&world, "ana").await, own(&world, "ben").await];

    let is_link = |event: &&Recorded| event.aggregate_type != "link";
    let never: Vec<Recorded> = history.events.iter().filter(is_link).cloned().collect();
    assert_eq!(never.len(), history.events.len() - 2);
    world.forget(&Journey).await;
    world.fold(&Journey, &renumbered(never)).await;
    let never = [own(&world, "ana").await, own(&world, "ben").await];
    assert_eq!(after, never, "as if nobody had linked them");
}

/// The same events as a log of their own, without gaps.
fn renumbered(mut events: Vec<Recorded>) -> Vec<Recorded> {
    let mut last = std::collections::BTreeMap::new();
    for event in &mut events {
        let position = last.entry(event.context).or_insert(0_i64);
        *position += 1;
        event.position = *position;
    }
    events
}

/// A journey as text, but for the two judgements and the numbers of the log.
async fn own(world: &World, who: &str) -> String {
    let mut journey = read(world, who, None).await.unwrap();
    journey.entries.retain(|entry| !entry.kind.starts_with("persons_"));
    journey.positions.clear();
    for entry in &mut journey.entries {
        entry.id.clear();
        entry.corrects = entry.corrects.take().map(|_| String::new());
        entry.corrected_by = entry.corrected_by.take().map(|_| String::new());
    }
    for situation in &mut journey.situations {
        situation.entry.clear();
        for wrong in &mut situation.corrected {
            wrong.entry.clear();
            wrong.corrected_by.clear();
        }
    }
    serde_json::to_string(&journey).unwrap()
}
