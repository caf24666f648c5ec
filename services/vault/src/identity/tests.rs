use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const TODAY: Date = date!(2025 - 01 - 27);
const HOLD: HoldId = HoldId(Uuid::from_u128(5));
const ERASURE: ErasureId = ErasureId(Uuid::from_u128(6));
const ASKS: StaffId = StaffId(Uuid::from_u128(7));
const AGREES: StaffId = StaffId(Uuid::from_u128(8));
const BOTH: Two = Two { asked: Some(ASKS), decides: AGREES };

fn fact(number: u128, field: IdentityField) -> NewFact {
    NewFact {
        fact: FactId(Uuid::from_u128(number)),
        field,
        segment: Segment::Identity,
        source: FactSource::Declared,
        replaces: None,
        digest: "00".into(),
    }
}

fn name() -> NewFact {
    fact(10, IdentityField::GivenName)
}

fn event(new: NewFact) -> IdentityEvent {
    let NewFact { fact, field, segment, source, replaces, digest } = new;
    let person = ANA;
    IdentityEvent::IdentityFactRecorded { fact, person, field, segment, source, replaces, digest }
}

fn record(facts: Vec<NewFact>) -> IdentityCommand {
    IdentityCommand::Record { person: ANA, facts }
}

fn held(until: Option<Date>) -> IdentityEvent {
    IdentityEvent::LegalHoldPlaced { hold: HOLD, person: ANA, until }
}

fn request() -> IdentityCommand {
    IdentityCommand::RequestErasure {
        erasure: ERASURE,
        person: ANA,
        segments: vec![Segment::Identity],
        reason: ErasureReason::RetentionEnded,
        today: TODAY,
    }
}

fn requested() -> IdentityEvent {
    IdentityEvent::ErasureRequested {
        erasure: ERASURE,
        person: ANA,
        segments: vec![Segment::Identity],
        reason: ErasureReason::RetentionEnded,
    }
}

fn erase(two: Two) -> IdentityCommand {
    IdentityCommand::Erase { erasure: ERASURE, two, certificate: "aa".into(), today: TODAY }
}

fn erased() -> IdentityEvent {
    IdentityEvent::PersonErased {
        erasure: ERASURE,
        person: ANA,
        segments: vec![Segment::Identity],
        certificate: "aa".into(),
    }
}

fn refuse(two: Two) -> IdentityCommand {
    IdentityCommand::RefuseErasure { erasure: ERASURE, two }
}

const REFUSED: IdentityEvent = IdentityEvent::ErasureRefused { erasure: ERASURE };

fn given(events: Vec<IdentityEvent>) -> AggregateTestExecutor<Identity> {
    TestFramework::with(()).given(events)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Identity::TYPE, IdentityEvent::AGGREGATE);
}

#[test]
fn a_fact_is_recorded_once() {
    given(vec![]).when(record(vec![name()])).then_expect_events(vec![event(name())]);
    given(vec![event(name())]).when(record(vec![name()])).then_expect_events(vec![]);
}

#[test]
fn a_correction_names_a_fact_of_its_own_kind() {
    let mut correction = fact(11, IdentityField::GivenName);
    correction.replaces = Some(name().fact);
    let known = vec![event(name())];
    given(known.clone())
        .when(record(vec![correction.clone()]))
        .then_expect_events(vec![event(correction.clone())]);
    let refusal = Rejection::ReplacesNothing { field: IdentityField::GivenName };
    given(vec![]).when(record(vec![correction.clone()])).then_expect_error(refusal);
    correction.field = IdentityField::FamilyName;
    let refusal = Rejection::ReplacesNothing { field: IdentityField::FamilyName };
    given(known).when(record(vec![correction])).then_expect_error(refusal);
}

#[test]
fn a_hold_is_placed_until_a_day_that_is_not_over_and_lifted_once() {
    let place = |until| IdentityCommand::PlaceHold { hold: HOLD, person: ANA, until, today: TODAY };
    given(vec![]).when(place(Some(TODAY))).then_expect_events(vec![held(Some(TODAY))]);
    given(vec![held(None)]).when(place(None)).then_expect_events(vec![]);
    given(vec![held(None)]).when(place(Some(TODAY))).then_expect_error(Rejection::HoldTaken);
    let yesterday = TODAY.previous_day();
    given(vec![]).when(place(yesterday)).then_expect_error(Rejection::HoldIsOver);
    let lift = IdentityCommand::LiftHold { hold: HOLD };
    let lifted = IdentityEvent::LegalHoldLifted { hold: HOLD };
    given(vec![]).when(lift.clone()).then_expect_error(Rejection::NoSuchHold);
    given(vec![held(None)]).when(lift.clone()).then_expect_events(vec![lifted.clone()]);
    given(vec![held(None), lifted.clone()]).when(lift).then_expect_events(vec![]);
    given(vec![held(None), lifted]).when(place(None)).then_expect_error(Rejection::HoldTaken);
}

#[test]
fn an_erasure_is_asked_for_where_there_is_something() {
    given(vec![event(name())]).when(request()).then_expect_events(vec![requested()]);
    given(vec![event(name()), requested()]).when(request()).then_expect_events(vec![]);
    given(vec![]).when(request()).then_expect_error(Rejection::NothingThere);
    let nothing = IdentityCommand::RequestErasure {
        erasure: ERASURE,
        person: ANA,
        segments: vec![],
        reason: ErasureReason::Mistake,
        today: TODAY,
    };
    given(vec![event(name())]).when(nothing.clone()).then_expect_error(Rejection::NoSegment);
    let known = vec![event(name()), requested()];
    given(known).when(nothing).then_expect_error(Rejection::ErasureTaken);
}

#[test]
fn one_person_alone_erases_nothing() {
    let alone = Two { asked: Some(ASKS), decides: ASKS };
    let asked = vec![event(name()), requested()];
    given(asked.clone()).when(erase(alone)).then_expect_error(Rejection::SamePerson);
    given(asked.clone()).when(refuse(alone)).then_expect_error(Rejection::SamePerson);
    given(asked.clone()).when(erase(BOTH)).then_expect_events(vec![erased()]);
    given(asked).when(refuse(BOTH)).then_expect_events(vec![REFUSED]);
    let nobody = Two { asked: None, decides: AGREES };
    given(vec![event(name())]).when(erase(nobody)).then_expect_error(Rejection::NoSuchErasure);
}

#[test]
fn a_decision_stands() {
    let done = vec![event(name()), requested(), erased()];
    given(done.clone()).when(erase(BOTH)).then_expect_events(vec![]);
    given(done).when(refuse(BOTH)).then_expect_error(Rejection::DecidedAlready);
    let not = vec![event(name()), requested(), REFUSED];
    given(not.clone()).when(refuse(BOTH)).then_expect_events(vec![]);
    given(not).when(erase(BOTH)).then_expect_error(Rejection::DecidedAlready);
}

#[test]
fn nothing_is_erased_under_a_legal_hold_through_its_last_day() {
    for until in [None, Some(TODAY)] {
        given(vec![event(name()), held(until)])
            .when(request())
            .then_expect_error(Rejection::UnderLegalHold);
        given(vec![event(name()), requested(), held(until)])
            .when(erase(BOTH))
            .then_expect_error(Rejection::UnderLegalHold);
    }
    given(vec![event(name()), requested(), held(TODAY.previous_day())])
        .when(erase(BOTH))
        .then_expect_events(vec![erased()]);
}

#[test]
fn nothing_is_added_to_what_was_erased() {
    let done = vec![event(name()), requested(), erased()];
    let refusal = Rejection::Erased { segment: Segment::Identity };
    let again = fact(12, IdentityField::GivenName);
    given(done.clone()).when(record(vec![again])).then_expect_error(refusal);
    let mut elsewhere = fact(13, IdentityField::Phone);
    elsewhere.segment = Segment::Address;
    given(done).when(record(vec![elsewhere.clone()])).then_expect_events(vec![event(elsewhere)]);
}

#[test]
fn an_erasure_is_listed_for_ever() {
    let keeps = Identity::default().keeps(&erased());
    let claim = Keep::Claim { guard: ERASED, key: ERASURE.to_string(), during: During::ALWAYS };
    assert_eq!(keeps, [claim]);
}
