use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use trama_events::codes::NeedLevel;
use uuid::Uuid;

use super::*;

const CONTACT: ContactId = ContactId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const HUB: ServiceId = ServiceId(Uuid::from_u128(3));

fn need(code: NeedCode, level: u8) -> Need {
    Need { code, level: NeedLevel::try_from(level).unwrap() }
}

fn at_the_desk() -> Record {
    let (channel, needs) = (Channel::Desk, vec![need(NeedCode::Housing, 3)]);
    Record { contact: CONTACT, service: HUB, channel, person: None, needs }
}

fn recorded_as(record: Record) -> ContactEvent {
    let Record { contact, service, channel, person, needs } = record;
    ContactEvent::ContactRecorded { contact, service, channel, person, needs }
}

fn to_social_service() -> Triage {
    let needs = vec![need(NeedCode::Health, 1), need(NeedCode::Housing, 3)];
    Triage { outcome: TriageOutcome::ToSocialService, needs }
}

fn triaged() -> ContactEvent {
    let Triage { outcome, needs } = to_social_service();
    ContactEvent::ContactTriaged { outcome, needs }
}

fn given(events: Vec<ContactEvent>) -> AggregateTestExecutor<Contact> {
    TestFramework::with(()).given(events)
}

fn recorded_and(more: &[ContactEvent]) -> Vec<ContactEvent> {
    [vec![recorded_as(at_the_desk())], more.to_vec()].concat()
}

fn recorded() -> Vec<ContactEvent> {
    recorded_and(&[])
}

fn closed() -> Vec<ContactEvent> {
    recorded_and(&[triaged(), ContactEvent::ContactClosed {}])
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Contact::TYPE, ContactEvent::AGGREGATE);
}

#[test]
fn a_contact_needs_no_identity_r1() {
    given(vec![]).when(ContactCommand::Record(at_the_desk())).then_expect_events(recorded());
}

#[test]
fn a_contact_concerns_the_person_who_is_named_if_there_is_one() {
    for person in [None, Some(ANA)] {
        let mut contact = Contact::default();
        contact.apply(recorded_as(Record { person, ..at_the_desk() }));
        assert_eq!(contact.person(), person);
    }
}

#[test]
fn a_contact_is_recorded_once() {
    let other = Record { channel: Channel::Phone, ..at_the_desk() };
    given(recorded()).when(ContactCommand::Record(at_the_desk())).then_expect_events(vec![]);
    given(recorded())
        .when(ContactCommand::Record(other))
        .then_expect_error(Rejection::AlreadyRecorded);
}

#[test]
fn a_need_has_one_level_and_is_named_once_r64_r85() {
    let needs = vec![need(NeedCode::Work, 1), need(NeedCode::Debt, 1), need(NeedCode::Work, 2)];
    let twice = Rejection::NeedTwice { need: NeedCode::Work };
    assert_eq!(twice.to_string(), "the need work is named twice: name it once, with its level");
    given(vec![])
        .when(ContactCommand::Record(Record { needs: needs.clone(), ..at_the_desk() }))
        .then_expect_error(twice.clone());
    given(recorded())
        .when(ContactCommand::Triage(Triage { needs, ..to_social_service() }))
        .then_expect_error(twice);
}

#[test]
fn needs_stand_in_the_order_of_the_code_list() {
    let mut turned = to_social_service();
    turned.needs.reverse();
    given(recorded()).when(ContactCommand::Triage(turned)).then_expect_events(vec![triaged()]);
}

#[test]
fn triage_says_what_a_contact_leads_to_r62_r63() {
    let triage = || ContactCommand::Triage(to_social_service());
    given(recorded()).when(triage()).then_expect_events(vec![triaged()]);
    given(recorded_and(&[triaged()])).when(triage()).then_expect_events(vec![]);
    given(closed()).when(triage()).then_expect_events(vec![]);
}

#[test]
fn a_contact_leads_to_one_thing() {
    let served = Triage { outcome: TriageOutcome::ServedAtOnce, ..to_social_service() };
    given(recorded_and(&[triaged()]))
        .when(ContactCommand::Triage(served.clone()))
        .then_expect_error(Rejection::AlreadyTriaged);
    given(closed()).when(ContactCommand::Triage(served)).then_expect_error(Rejection::Closed);
}

#[test]
fn a_contact_closes_once_after_triage_r62() {
    given(recorded()).when(ContactCommand::Close).then_expect_error(Rejection::NotTriaged);
    given(recorded_and(&[triaged()]))
        .when(ContactCommand::Close)
        .then_expect_events(vec![ContactEvent::ContactClosed {}]);
    given(closed()).when(ContactCommand::Close).then_expect_events(vec![]);
}

#[test]
fn a_contact_that_nobody_recorded_leads_nowhere() {
    for command in [ContactCommand::Triage(to_social_service()), ContactCommand::Close] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchContact);
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchPerson,
        Rejection::NoSuchContact,
        Rejection::AlreadyRecorded,
        Rejection::NeedTwice { need: NeedCode::Work },
        Rejection::AlreadyTriaged,
        Rejection::NotTriaged,
        Rejection::Closed,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
