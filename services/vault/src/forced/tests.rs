use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use strum::VariantArray;
use time::macros::datetime;
use trama_events::Fact;
use uuid::Uuid;

use super::*;
use crate::store::Value;

const NOW: OffsetDateTime = datetime!(2025-01-27 22:00 UTC);
const ACCESS: ForcedAccessId = ForcedAccessId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const FORCES: StaffId = StaffId(Uuid::from_u128(3));
const LOOKS: StaffId = StaffId(Uuid::from_u128(4));

fn hour() -> Opening {
    Opening {
        access: ACCESS,
        person: ANA,
        reason: ForcedReason::LifeAtRisk,
        sections: vec![Section::Identity, Section::Safety],
        until: NOW + Duration::minutes(60),
    }
}

fn force_at(opening: Opening, now: OffsetDateTime) -> ForcedAccessCommand {
    ForcedAccessCommand::Force { opening, now }
}

fn force(opening: Opening) -> ForcedAccessCommand {
    force_at(opening, NOW)
}

fn forced(opening: Opening) -> ForcedAccessEvent {
    let Opening { access, person, reason, sections, until } = opening;
    ForcedAccessEvent::AccessForced { access, person, reason, sections, until }
}

fn review(forced_by: Option<StaffId>, by: StaffId, finding: ReviewFinding) -> ForcedAccessCommand {
    ForcedAccessCommand::Review { forced_by, by, finding }
}

fn reviewed(finding: ReviewFinding) -> ForcedAccessEvent {
    ForcedAccessEvent::ForcedAccessReviewed { finding }
}

fn given(events: Vec<ForcedAccessEvent>) -> AggregateTestExecutor<ForcedAccess> {
    TestFramework::with(()).given(events)
}

fn until(until: OffsetDateTime) -> Opening {
    Opening { until, ..hour() }
}

fn wish(words: &str) -> Wish {
    let Opening { person, sections, reason, .. } = hour();
    Wish { person, sections, reason, words: Value::new(words) }
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(ForcedAccess::TYPE, ForcedAccessEvent::AGGREGATE);
}

#[test]
fn a_record_is_opened_for_an_hour_and_each_section_once() {
    given(vec![]).when(force(hour())).then_expect_events(vec![forced(hour())]);
    let twice = [Section::Safety, Section::Identity, Section::Safety];
    let named = Opening { sections: twice.into(), ..hour() };
    given(vec![]).when(force(named)).then_expect_events(vec![forced(hour())]);
}

#[test]
fn nothing_is_opened_where_no_section_is_named() {
    let nothing = Opening { sections: vec![], ..hour() };
    given(vec![]).when(force(nothing)).then_expect_error(Rejection::NoSection);
}

#[test]
fn no_emergency_opens_addiction_a_secret_address_private_notes_or_the_reporter() {
    for section in NEVER {
        let named = Opening { sections: vec![Section::Identity, section], ..hour() };
        let refusal = Rejection::NeverByForce { section };
        given(vec![]).when(force(named)).then_expect_error(refusal);
    }
    let all = Section::VARIANTS.iter().filter(|section| !NEVER.contains(section)).copied();
    let others = Opening { sections: all.collect(), ..hour() };
    assert_eq!(others.check(NOW), Ok(()));
}

#[test]
fn an_access_by_force_lasts_more_than_no_time_and_at_most_sixty_minutes_v14() {
    let refusal = Rejection::Minutes { max: 60 };
    let moment = Duration::nanoseconds(1);
    for wrong in [NOW, NOW - moment, hour().until + moment] {
        given(vec![]).when(force(until(wrong))).then_expect_error(refusal.clone());
    }
    given(vec![])
        .when(force(until(NOW + moment)))
        .then_expect_events(vec![forced(until(NOW + moment))]);
}

#[test]
fn an_access_is_over_at_its_last_moment_without_any_event_v14() {
    assert!(hour().is_open(NOW));
    assert!(hour().is_open(hour().until - Duration::nanoseconds(1)));
    assert!(!hour().is_open(hour().until));
}

#[test]
fn a_second_access_is_refused_while_the_first_is_open_and_its_id_is_never_used_again() {
    let later = |minutes| {
        let now = NOW + Duration::minutes(minutes);
        force_at(until(now + Duration::minutes(60)), now)
    };
    let open = Rejection::StillOpen { minutes: 51 };
    given(vec![forced(hour())]).when(later(10)).then_expect_error(open);
    given(vec![forced(hour())]).when(later(60)).then_expect_error(Rejection::Over);
}

#[test]
fn somebody_else_looks_at_it_once() {
    let open = vec![forced(hour())];
    let (right, wrong) = (ReviewFinding::Justified, ReviewFinding::NotJustified);
    given(open.clone())
        .when(review(Some(FORCES), LOOKS, right))
        .then_expect_events(vec![reviewed(right)]);
    given(open.clone())
        .when(review(Some(FORCES), FORCES, right))
        .then_expect_error(Rejection::OwnAccess);
    given(open).when(review(None, LOOKS, right)).then_expect_error(Rejection::NoSuchAccess);
    given(vec![])
        .when(review(Some(FORCES), LOOKS, right))
        .then_expect_error(Rejection::NoSuchAccess);
    let done = vec![forced(hour()), reviewed(right)];
    given(done.clone()).when(review(Some(FORCES), LOOKS, right)).then_expect_events(vec![]);
    given(done).when(review(Some(FORCES), LOOKS, wrong)).then_expect_error(Rejection::Reviewed);
}

#[test]
fn what_is_to_be_looked_at_is_listed_until_somebody_did() {
    let mut access = ForcedAccess::default();
    let claim = Keep::Claim { guard: TO_REVIEW, key: ACCESS.to_string(), during: During::ALWAYS };
    assert_eq!(access.keeps(&forced(hour())), [claim]);
    access.apply(forced(hour()));
    let release = Keep::Release { guard: TO_REVIEW, key: None, during: None };
    assert_eq!(access.keeps(&reviewed(ReviewFinding::Justified)), [release]);
    assert_eq!(access.person(), Some(ANA));
}

#[test]
fn the_reason_has_words_of_ten_to_a_thousand_symbols() {
    for short in ["", "   urgent   ", "urgentissi"] {
        let told = wish(short).check(NOW);
        assert_eq!(told.is_ok(), short.trim().chars().count() >= 10, "{short}");
    }
    assert_eq!(wish(&"è".repeat(1_000)).check(NOW), Ok(()));
    assert_eq!(wish(&"è".repeat(1_001)).check(NOW), Err(Rejection::Words));
    let nothing = Wish { sections: vec![], ..wish("she does not breathe") };
    assert_eq!(nothing.check(NOW), Err(Rejection::NoSection));
}

#[test]
fn a_refusal_names_what_was_wrong_and_never_her_words() {
    let said = wish("short").check(NOW).unwrap_err().to_string();
    assert_eq!(said, "say why in your own words, 10 to 1000 symbols");
    let never = Rejection::NeverByForce { section: Section::SecretAddress }.to_string();
    assert_eq!(never, "secret_address is never opened by force: ask whoever keeps it");
    assert!(!format!("{:?}", wish("she does not breathe")).contains("breathe"));
}
