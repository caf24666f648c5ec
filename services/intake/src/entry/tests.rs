use std::collections::BTreeSet;

use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use serde_json::json;
use time::macros::{date, datetime};
use trama_events::casework::{CaseEvent, EligibilityFact};
use trama_events::codes::{Channel, IdentifierKind, Purpose, Role, Sensitivity};
use trama_events::envelope::{Recorded, Why};
use trama_events::housing::NightEvent;
use trama_events::ids::{
    Ats, ContactId, EmergencyId, MembershipId, OrganisationId, ServiceId, StaffId,
};
use trama_events::intake::{
    ContactEvent, EmergencyEvent, EmergencyLevel, PersonEvent, TriageOutcome,
};
use trama_events::{Context, Fact};
use trama_platform::caller::Caller;
use trama_platform::gate::Answering;
use trama_platform::log::Refusal;

use super::made::{Named, Reference};
use super::*;
use crate::policy::{is_author, may_move};

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const CLEO: PersonId = PersonId(Uuid::from_u128(3));
const DORA: StaffId = StaffId(Uuid::from_u128(4));
const OTTO: StaffId = StaffId(Uuid::from_u128(5));
const SERVICE: ServiceId = ServiceId(Uuid::from_u128(6));
const AGGREGATE: Uuid = Uuid::from_u128(7);
const MADE_AT: OffsetDateTime = datetime!(2025-01-27 10:00 UTC);

/// An event as its log holds it, about somebody, by somebody.
fn by<F: Fact>(actor: StaffId, sequence: i64, person: Option<PersonId>, event: &F) -> Recorded {
    Recorded {
        context: F::CONTEXT,
        position: sequence,
        aggregate_type: F::AGGREGATE.into(),
        aggregate_id: AGGREGATE,
        sequence,
        event_type: event.event_type(),
        version: event.event_version(),
        why: Why {
            occurred_at: MADE_AT,
            recorded_at: MADE_AT,
            ats: Ats::try_new("bari").unwrap(),
            organisation: OrganisationId(Uuid::from_u128(8)),
            actor,
            role: "info_desk".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity: Sensitivity::Normal,
            person,
            command_id: "command".into(),
            correlation: "correlation".into(),
            causation: "causation".into(),
        },
        payload: serde_json::to_value(event).unwrap(),
    }
}

fn of<F: Fact>(sequence: i64, event: &F) -> Recorded {
    by(DORA, sequence, Some(ANA), event)
}

fn contact(person: Option<PersonId>) -> ContactEvent {
    let (contact, channel, needs) = (ContactId(AGGREGATE), Channel::Desk, vec![]);
    ContactEvent::ContactRecorded { contact, service: SERVICE, channel, person, needs }
}

fn triaged() -> ContactEvent {
    ContactEvent::ContactTriaged { outcome: TriageOutcome::InformationGiven, needs: vec![] }
}

fn slept(ethos: &str) -> PersonEvent {
    PersonEvent::HousingSituationRecorded { ethos: ethos.parse().unwrap() }
}

fn corrected(corrects: u32, ethos: &str) -> PersonEvent {
    PersonEvent::HousingSituationCorrected { corrects, ethos: ethos.parse().unwrap() }
}

/// The entry to which the event with this number belongs.
fn made(events: &[Recorded], sequence: i64) -> Made {
    let event = events.iter().find(|event| event.sequence == sequence).unwrap();
    Made::of(&Reference::of(event), events).unwrap()
}

fn a_contact() -> Made {
    made(&[of(1, &contact(Some(ANA)))], 1)
}

fn reattribute(entry: Made, from: PersonId, to: PersonId) -> EntryCommand {
    let reason = ReattributionReason::LikeName;
    EntryCommand::Reattribute(Box::new(Move { entry, from, to, reason }))
}

fn undo(entry: Made, now: OffsetDateTime) -> EntryCommand {
    EntryCommand::Undo { entry: Box::new(entry), now }
}

fn moved(from: PersonId, to: PersonId) -> EntryEvent {
    let (entry, reason) = (a_contact().id, ReattributionReason::LikeName);
    EntryEvent::EntryReattributed { entry, from, to, reason }
}

fn undone(person: Option<PersonId>) -> EntryEvent {
    EntryEvent::EntryUndone { entry: a_contact().id, person }
}

fn given(events: Vec<EntryEvent>) -> AggregateTestExecutor<Entry> {
    TestFramework::with(()).given(events)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Entry::TYPE, EntryEvent::AGGREGATE);
}

#[test]
fn an_entry_on_the_wrong_person_is_moved_to_the_right_one() {
    given(vec![])
        .when(reattribute(a_contact(), ANA, BEN))
        .then_expect_events(vec![moved(ANA, BEN)]);
}

#[test]
fn a_moved_entry_is_moved_again_from_where_it_stands_and_back() {
    given(vec![moved(ANA, BEN)])
        .when(reattribute(a_contact(), BEN, CLEO))
        .then_expect_events(vec![moved(BEN, CLEO)]);
    given(vec![moved(ANA, BEN)])
        .when(reattribute(a_contact(), BEN, ANA))
        .then_expect_events(vec![moved(BEN, ANA)]);
    given(vec![moved(ANA, BEN)])
        .when(reattribute(a_contact(), ANA, CLEO))
        .then_expect_error(Rejection::NotOnHer);
}

#[test]
fn moving_again_where_it_was_moved_is_nothing() {
    given(vec![moved(ANA, BEN)])
        .when(reattribute(a_contact(), ANA, BEN))
        .then_expect_events(vec![]);
}

#[test]
fn an_entry_is_moved_from_the_person_on_whom_it_stands_to_another_one() {
    given(vec![]).when(reattribute(a_contact(), CLEO, BEN)).then_expect_error(Rejection::NotOnHer);
    given(vec![]).when(reattribute(a_contact(), ANA, ANA)).then_expect_error(Rejection::SamePerson);
    let of_nobody = made(&[by(DORA, 1, None, &contact(None))], 1);
    given(vec![]).when(reattribute(of_nobody, ANA, BEN)).then_expect_error(Rejection::NotOnHer);
}

#[test]
fn an_own_entry_is_taken_back_within_thirty_seconds() {
    given(vec![])
        .when(undo(a_contact(), MADE_AT + UNDO_WITHIN))
        .then_expect_events(vec![undone(Some(ANA))]);
    given(vec![])
        .when(undo(a_contact(), MADE_AT + UNDO_WITHIN + Duration::NANOSECOND))
        .then_expect_error(Rejection::TooLate);
    given(vec![moved(ANA, BEN)])
        .when(undo(a_contact(), MADE_AT))
        .then_expect_events(vec![undone(Some(BEN))]);
    let of_nobody = made(&[by(DORA, 1, None, &contact(None))], 1);
    given(vec![]).when(undo(of_nobody, MADE_AT)).then_expect_events(vec![undone(None)]);
}

/// Somebody of an organisation, in a role.
fn caller(staff: StaffId, organisation: u128, role: Role) -> Caller {
    Caller {
        staff,
        membership: MembershipId::derived(&["membership"]),
        organisation: OrganisationId(Uuid::from_u128(organisation)),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: vec![],
        purpose: Purpose::Care,
        stated: None,
        second_factor: false,
        session: "session".into(),
        request_id: "request".into(),
        let_in_until: MADE_AT,
        surname: None,
    }
}

#[test]
fn an_entry_is_moved_by_its_author_the_services_responsible_or_the_persons_case_manager() {
    let (own, another) = (8, 9);
    let (desk, unit) = (ServiceId(Uuid::from_u128(6)), ServiceId(Uuid::from_u128(3)));
    assert_eq!(a_contact().service, Some(desk));
    for (staff, organisation, in_charge, services, may) in [
        (DORA, own, false, vec![], true),
        (DORA, another, false, vec![], true),
        (OTTO, own, false, vec![], false),
        (OTTO, own, false, vec![desk], true),
        (OTTO, own, false, vec![unit], false),
        (OTTO, own, true, vec![], true),
        (OTTO, another, true, vec![desk], false),
    ] {
        let caller = caller(staff, organisation, Role::CaseManager);
        let services = services.into_iter().collect();
        let answers = Answering { organisation: caller.organisation, in_charge, services };
        let told = may_move(&caller, &answers, &a_contact(), true);
        assert_eq!(told, may, "{staff} {organisation} {answers:?}");
        assert_eq!(is_author(&caller, &a_contact()), staff == DORA, "only she takes it back");
    }
    let caller = caller(OTTO, own, Role::CaseManager);
    let services = BTreeSet::new();
    let manager = Answering { organisation: caller.organisation, in_charge: true, services };
    assert!(!may_move(&caller, &manager, &a_contact(), false), "it stands on somebody else");
}

#[test]
fn what_was_taken_back_stays_so() {
    given(vec![undone(Some(ANA))])
        .when(undo(a_contact(), MADE_AT + Duration::HOUR))
        .then_expect_events(vec![]);
    given(vec![undone(Some(ANA))])
        .when(reattribute(a_contact(), ANA, BEN))
        .then_expect_error(Rejection::Undone);
}

#[test]
fn a_contact_is_one_entry_with_its_triage() {
    let events = [of(1, &contact(Some(ANA))), of(2, &triaged())];
    assert_eq!(made(&events, 2).id, events[0].id());
    given(vec![])
        .when(reattribute(made(&events, 2), ANA, BEN))
        .then_expect_events(vec![moved(ANA, BEN)]);
    given(vec![]).when(undo(made(&events, 2), MADE_AT)).then_expect_error(Rejection::PartOfEntry);
    given(vec![]).when(undo(made(&events, 1), MADE_AT)).then_expect_events(vec![undone(Some(ANA))]);
}

#[test]
fn what_a_colleague_went_on_with_is_not_taken_back() {
    let events = [of(1, &contact(Some(ANA))), by(OTTO, 2, Some(ANA), &triaged())];
    given(vec![]).when(undo(made(&events, 1), MADE_AT)).then_expect_error(Rejection::GoneOn);
}

#[test]
fn a_housing_situation_is_one_entry_with_its_corrections() {
    let events = [
        of(2, &slept("1.1")),
        of(3, &corrected(2, "2.1")),
        of(4, &corrected(3, "3.1")),
        of(5, &slept("1.1")),
    ];
    for part in [2, 3, 4] {
        assert_eq!(made(&events, part).id, events[0].id());
    }
    assert_eq!(made(&events, 5).id, events[3].id());
    let way = Rejection::NotHere(Way::Correction);
    given(vec![]).when(undo(made(&events, 4), MADE_AT)).then_expect_error(way);
    given(vec![]).when(undo(made(&events, 2), MADE_AT)).then_expect_error(Rejection::GoneOn);
}

#[test]
fn an_emergency_stands_on_whom_it_was_found_to_be_about() {
    let reported = EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(AGGREGATE),
        service: SERVICE,
        channel: Channel::Desk,
        person: None,
        shelter_requested: true,
        lone_child: false,
    };
    let level = EmergencyLevel::High;
    let assessed = EmergencyEvent::EmergencyAssessed { level, person: Some(ANA) };
    let events = [by(DORA, 1, None, &reported), by(OTTO, 2, Some(ANA), &assessed)];
    let emergency = made(&events, 2);
    assert_eq!((emergency.person, emergency.author), (Some(ANA), OTTO), "who named her");
    assert_eq!(emergency.id, events[0].id());
    let way = Rejection::NotHere(Way::Emergency);
    given(vec![]).when(undo(emergency, MADE_AT)).then_expect_error(way);
}

#[test]
fn what_a_guard_or_a_decision_hangs_on_is_not_moved_here_and_the_refusal_names_the_way() {
    let night = date!(2025 - 01 - 27);
    let reserved =
        of(1, &NightEvent::NightNoShow { night, place: trama_events::ids::PlaceId(AGGREGATE) });
    let identifier =
        of(2, &PersonEvent::IdentifierAdded { kind: IdentifierKind::Cf, valid_to: None });
    let closed = of(3, &CaseEvent::ProjectCompleted {});
    for (event, way) in [(reserved, Way::Place), (identifier, Way::Record), (closed, Way::Case)] {
        let sequence = event.sequence;
        let entry = made(&[event], sequence);
        for command in [reattribute(entry.clone(), ANA, BEN), undo(entry, MADE_AT)] {
            given(vec![]).when(command).then_expect_error(Rejection::NotHere(way));
        }
    }
}

#[test]
fn what_a_case_says_of_a_person_is_moved_alone() {
    let fact = EligibilityFact::MeansReduced;
    let events = [of(4, &CaseEvent::EligibilityFactRecorded { fact, valid_to: None })];
    let entry = made(&events, 4);
    assert_eq!(entry.id, events[0].id());
    let reason = ReattributionReason::LikeName;
    let moved =
        EntryEvent::EntryReattributed { entry: entry.id.clone(), from: ANA, to: BEN, reason };
    given(vec![]).when(reattribute(entry, ANA, BEN)).then_expect_events(vec![moved]);
}

#[test]
fn an_entry_has_one_id_and_what_is_written_otherwise_is_none() {
    let id = format!("intake/contact-{AGGREGATE}/1");
    let reference = Reference::parse(&id).unwrap();
    assert_eq!((reference.context, reference.sequence), (Context::Intake, 1));
    assert_eq!(reference.to_string(), id);
    let upper =
        format!("intake/contact-{}/1", AGGREGATE.to_string().to_uppercase().replace('0', "A"));
    for other in [
        "",
        "intake",
        "intake/contact/1",
        &upper,
        &format!("{id}/2"),
        &format!("intake/contact-{AGGREGATE}/01"),
    ] {
        assert_eq!(Reference::parse(other), None, "{other}");
    }
}

#[test]
fn an_entry_is_named_as_a_journey_does_or_by_an_event() {
    let event = of(1, &contact(Some(ANA)));
    assert_eq!(Named::parse(&event.id()), Some(Named::Event(Reference::of(&event))));
    assert_eq!(Named::parse("casework/12"), Some(Named::Position(Context::Casework, 12)));
    for other in ["casework", "casework/", "elsewhere/12", "casework/twelve"] {
        assert_eq!(Named::parse(other), None, "{other}");
    }
}

#[test]
fn an_event_of_a_newer_release_is_no_entry_yet() {
    let mut event = of(1, &contact(Some(ANA)));
    let reference = Reference::parse(&event.id()).unwrap();
    assert_eq!(Made::of(&Reference { sequence: 2, ..reference.clone() }, &[event.clone()]), None);
    event.event_type = "contact_dreamt".into();
    event.payload = json!({});
    assert_eq!(Made::of(&reference, &[event]), None);
}

#[test]
fn a_move_concerns_the_person_on_whom_the_entry_stands() {
    let mut entry = Entry::default();
    assert_eq!(entry.person(), None);
    for (event, person) in
        [(moved(ANA, BEN), BEN), (moved(BEN, CLEO), CLEO), (undone(Some(CLEO)), CLEO)]
    {
        entry.apply(event);
        assert_eq!(entry.person(), Some(person));
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchPerson,
        Rejection::SamePerson,
        Rejection::NotOnHer,
        Rejection::Undone,
        Rejection::NotHere(Way::Place),
        Rejection::TooLate,
        Rejection::GoneOn,
        Rejection::PartOfEntry,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
