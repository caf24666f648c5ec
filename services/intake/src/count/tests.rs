use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const TODAY: Date = date!(2025 - 01 - 27);

const STREET_COUNT: Counted = Counted {
    count: CountId(Uuid::from_u128(1)),
    counted_on: TODAY,
    source: CountSource::StreetCount,
    people: 412,
};

fn record(counted: Counted) -> CountCommand {
    CountCommand::Record { counted, today: TODAY }
}

fn recorded(counted: Counted) -> Vec<CountEvent> {
    let Counted { count, counted_on, source, people } = counted;
    vec![CountEvent::HomelessCountRecorded { count, counted_on, source, people }]
}

fn given(events: Vec<CountEvent>) -> AggregateTestExecutor<Count> {
    TestFramework::with(()).given(events)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Count::TYPE, CountEvent::AGGREGATE);
}

#[test]
fn homeless_people_are_counted_beside_the_journeys_r24_i10() {
    given(vec![]).when(record(STREET_COUNT)).then_expect_events(recorded(STREET_COUNT));
    assert_eq!(Count::default().person(), None);
}

#[test]
fn a_count_of_nobody_is_a_count() {
    let nobody = Counted { people: 0, ..STREET_COUNT };
    given(vec![]).when(record(nobody)).then_expect_events(recorded(nobody));
}

#[test]
fn nobody_was_counted_on_a_day_that_is_still_to_come() {
    let counted_on = date!(2025 - 01 - 28);
    given(vec![])
        .when(record(Counted { counted_on, ..STREET_COUNT }))
        .then_expect_error(Rejection::InTheFuture { counted_on });
}

#[test]
fn a_count_is_recorded_once() {
    let before = || recorded(STREET_COUNT);
    given(before()).when(record(STREET_COUNT)).then_expect_events(vec![]);
    given(before())
        .when(record(Counted { people: 413, ..STREET_COUNT }))
        .then_expect_error(Rejection::AlreadyRecorded);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let future = Rejection::InTheFuture { counted_on: TODAY };
    let codes = [Rejection::AlreadyRecorded, future].map(|refusal| refusal.code());
    assert_eq!(codes, ["already_recorded", "in_the_future"]);
}
