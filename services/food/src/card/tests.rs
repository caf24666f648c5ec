use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::{date, datetime};
use trama_events::Fact;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const CARD: CardId = CardId(Uuid::from_u128(1));
const FAMILY: HouseholdId = HouseholdId(Uuid::from_u128(2));
const ANA: PersonId = PersonId(Uuid::from_u128(3));
const BARI: &str = "bari";
const STORE: ServiceId = ServiceId(Uuid::from_u128(4));
const TODAY: Date = date!(2023 - 03 - 27);
const VALID_TO: Date = date!(2023 - 09 - 26);
const SIX_MONTHS: Date = date!(2023 - 09 - 27);
const APRIL: Date = date!(2023 - 04 - 03);
const ENDED: Date = date!(2023 - 09 - 27);
const ENDS_AT: OffsetDateTime = datetime!(2023-09-26 22:00 UTC);

fn given(events: Vec<CardEvent>) -> AggregateTestExecutor<PointsCard> {
    TestFramework::with(()).given(events)
}

fn ats(slug: &str) -> Ats {
    Ats::try_new(slug).unwrap()
}

fn issue() -> Issue {
    Issue {
        card: CARD,
        household: FAMILY,
        person: ANA,
        person_known: true,
        service: STORE,
        ats: ats(BARI),
        household_size: 4,
        points: 180,
        valid_to: VALID_TO,
        today: TODAY,
    }
}

fn issued_with(points: u16) -> CardEvent {
    CardEvent::CardIssued {
        card: CARD,
        household: FAMILY,
        person: ANA,
        service: STORE,
        ats: ats(BARI),
        household_size: 4,
        points,
        valid_to: VALID_TO,
    }
}

fn issued() -> Vec<CardEvent> {
    vec![issued_with(180)]
}

fn and(event: CardEvent) -> Vec<CardEvent> {
    [issued(), vec![event]].concat()
}

fn closed(reason: CardCloseReason) -> CardEvent {
    CardEvent::CardClosed { reason }
}

fn suspended(reason: SuspensionReason) -> CardEvent {
    CardEvent::CardSuspended { reason }
}

fn spent(points: u16, balance: u16, overdraft: u16) -> CardEvent {
    CardEvent::PointsSpent { points, balance, overdraft, service: STORE }
}

fn online(points: u16, today: Date) -> CardCommand {
    CardCommand::Spend(Spend { points, service: STORE, entry: Entry::Online { today } })
}

fn offline(points: u16) -> CardCommand {
    CardCommand::Spend(Spend { points, service: STORE, entry: Entry::Offline })
}

const FIRST_OF_MONTH: Credit = Credit {
    this_month: 0,
    credits_read: 1,
    issued_on: Some(TODAY),
    roll_over: false,
    on: APRIL,
    today: APRIL,
};

fn credited(points: u16, balance: u16) -> CardEvent {
    CardEvent::PointsCredited { points, balance }
}

fn renewed(valid_to: Date) -> CardCommand {
    CardCommand::Renew { valid_to, today: APRIL }
}

fn with_four_left() -> Vec<CardEvent> {
    and(spent(176, 4, 0))
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(PointsCard::TYPE, CardEvent::AGGREGATE);
}

#[test]
fn a_household_gets_a_card_of_the_solidarity_store_r68() {
    given(vec![]).when(CardCommand::Issue(issue())).then_expect_events(issued());
}

#[test]
fn issuing_twice_is_one_fact_and_a_number_is_used_once() {
    given(issued()).when(CardCommand::Issue(issue())).then_expect_events(vec![]);
    let later = Issue { today: ENDED, ..issue() };
    given(issued()).when(CardCommand::Issue(later)).then_expect_events(vec![]);
    let other = Issue { points: 100, ..issue() };
    given(issued()).when(CardCommand::Issue(other)).then_expect_error(Rejection::IdInUse);
}

#[test]
fn a_second_card_of_a_household_is_refused_with_the_first_ones_number() {
    let key = format!("{BARI}/{FAMILY}");
    let claim = Keep::Claim { guard: HOUSEHOLD, key: key.clone(), during: During::ALWAYS };
    assert!(PointsCard::default().keeps(&issued()[0]).contains(&claim));
    let taken = Taken { guard: HOUSEHOLD.into(), key, holder: CARD.0 };
    let refusal = PointsCard::default().taken(&taken);
    assert_eq!(refusal, Rejection::HouseholdHasCard { card: CARD });
    assert!(refusal.to_string().contains(&CARD.to_string()));
}

#[test]
fn a_person_holds_one_card_in_an_ats_whatever_the_household() {
    let key = format!("{BARI}/{ANA}");
    let claim = Keep::Claim { guard: HOLDER, key: key.clone(), during: During::ALWAYS };
    assert!(PointsCard::default().keeps(&issued()[0]).contains(&claim));
    let taken = Taken { guard: HOLDER.into(), key, holder: CARD.0 };
    let refusal = PointsCard::default().taken(&taken);
    assert_eq!(refusal, Rejection::HolderHasCard { card: CARD });
    assert!(refusal.to_string().contains(&CARD.to_string()));
}

#[test]
fn a_household_may_have_a_card_in_each_ats() {
    let claims = |event: &CardEvent| PointsCard::default().keeps(event)[0].clone();
    let elsewhere = Issue { ats: ats("gioia-del-colle"), ..issue() }.issued();
    let mut card = PointsCard::default();
    card.apply(issued_with(180));
    assert_eq!(card.issued().unwrap().ats, ats(BARI));
    let Issued { card, household, person, service, ats, household_size, points, valid_to } =
        elsewhere;
    let elsewhere = CardEvent::CardIssued {
        card,
        household,
        person,
        service,
        ats,
        household_size,
        points,
        valid_to,
    };
    assert_ne!(claims(&issued()[0]), claims(&elsewhere));
}

#[test]
fn a_card_for_a_person_whom_nobody_registered_is_refused() {
    let unknown = Issue { person_known: false, ..issue() };
    given(vec![])
        .when(CardCommand::Issue(unknown.clone()))
        .then_expect_error(Rejection::UnknownPerson);
    given(issued()).when(CardCommand::Issue(unknown)).then_expect_events(vec![]);
}

#[test]
fn a_card_says_how_it_stands() {
    let after = |events: Vec<CardEvent>| {
        let mut card = PointsCard::default();
        for event in events {
            card.apply(event);
        }
        (card.standing(), card.valid_to())
    };
    assert_eq!(after(vec![]), (None, None));
    assert_eq!(after(issued()), (Some("active"), Some(VALID_TO)));
    let lost = suspended(SuspensionReason::Lost);
    assert_eq!(after(and(lost)), (Some("suspended"), Some(VALID_TO)));
    let replaced = closed(CardCloseReason::Replaced);
    assert_eq!(after(and(replaced)), (Some("closed"), Some(VALID_TO)));
}

#[test]
fn a_closed_card_makes_room_for_the_next_and_nothing_else_does() {
    let release = Keep::Release { guard: HOUSEHOLD, key: None, during: None };
    let kept = PointsCard::default().keeps(&closed(CardCloseReason::Replaced));
    let holder = Keep::Release { guard: HOLDER, key: None, during: None };
    assert_eq!(kept, [release, holder, Keep::ClearTimer { name: CARD_ENDS }]);
    for event in [
        credited(20, 200),
        spent(10, 170, 0),
        CardEvent::PointsExpired { points: 4 },
        suspended(SuspensionReason::Lost),
        CardEvent::CardResumed {},
    ] {
        assert_eq!(PointsCard::default().keeps(&event), [], "{event:?}");
    }
}

#[test]
fn a_household_has_one_to_thirty_people() {
    for household_size in [0, 31] {
        given(vec![])
            .when(CardCommand::Issue(Issue { household_size, ..issue() }))
            .then_expect_error(Rejection::HouseholdSize);
    }
}

#[test]
fn points_follow_from_the_households_size_and_are_at_most_two_hundred_a_month() {
    let points = |size| rules::points_a_month(size).unwrap();
    assert_eq!([1, 2, 3, 4, 30].map(points), [80, 130, 180, 200, 200]);
    given(vec![])
        .when(CardCommand::Issue(Issue { points: 201, ..issue() }))
        .then_expect_error(Rejection::TooManyPoints { most: 200 });
    given(vec![])
        .when(CardCommand::Issue(Issue { household_size: 1, ..issue() }))
        .then_expect_error(Rejection::TooManyPoints { most: 80 });
}

#[test]
fn a_card_is_valid_for_six_months_at_most_and_not_in_the_past() {
    let until = |valid_to| CardCommand::Issue(Issue { valid_to, ..issue() });
    assert_eq!(rules::last_day(SIX_MONTHS, TODAY), Ok(()));
    assert_eq!(rules::last_day(TODAY, TODAY), Ok(()));
    given(vec![])
        .when(until(date!(2023 - 09 - 28)))
        .then_expect_error(Rejection::ValidTooLong { latest: SIX_MONTHS });
    given(vec![]).when(until(date!(2023 - 03 - 26))).then_expect_error(Rejection::EndsInPast);
}

#[test]
fn a_card_is_renewed_for_six_months_from_today_and_never_shortened() {
    let later = date!(2023 - 10 - 03);
    given(issued())
        .when(renewed(later))
        .then_expect_events(vec![CardEvent::CardRenewed { valid_to: later }]);
    given(issued()).when(renewed(VALID_TO)).then_expect_events(vec![]);
    given(issued())
        .when(renewed(date!(2023 - 10 - 04)))
        .then_expect_error(Rejection::ValidTooLong { latest: later });
    given(issued())
        .when(renewed(date!(2023 - 08 - 01)))
        .then_expect_error(Rejection::Shortened { valid_to: VALID_TO });
}

#[test]
fn a_card_ends_at_the_start_of_the_day_after_its_last() {
    assert_eq!(rules::ends_at(VALID_TO), ENDS_AT);
    let set = Keep::SetTimer { name: CARD_ENDS, due_at: ENDS_AT };
    assert!(PointsCard::default().keeps(&issued()[0]).contains(&set));
    let renewed = CardEvent::CardRenewed { valid_to: VALID_TO };
    assert_eq!(PointsCard::default().keeps(&renewed), [set]);
}

#[test]
fn the_clock_ends_a_card_once_and_only_after_its_last_day() {
    let ran_out = closed(CardCloseReason::RanOut);
    let expire = |now| CardCommand::Expire { now };
    given(issued()).when(expire(ENDS_AT)).then_expect_events(vec![ran_out.clone()]);
    given(and(suspended(SuspensionReason::Lost)))
        .when(expire(ENDS_AT))
        .then_expect_events(vec![ran_out.clone()]);
    given(issued()).when(expire(datetime!(2023-09-26 21:59 UTC))).then_expect_events(vec![]);
    given(and(CardEvent::CardRenewed { valid_to: ENDED }))
        .when(expire(ENDS_AT))
        .then_expect_events(vec![]);
    given(and(ran_out)).when(expire(ENDS_AT)).then_expect_events(vec![]);
}

#[test]
fn points_are_spent_down_to_nothing() {
    given(with_four_left()).when(online(4, APRIL)).then_expect_events(vec![spent(4, 0, 0)]);
}

#[test]
fn a_purchase_online_beyond_the_balance_is_refused_and_says_the_balance() {
    let refusal = Rejection::NotEnough { balance: 4 };
    assert!(refusal.to_string().starts_with("there are 4 points on this card"));
    given(with_four_left()).when(online(6, APRIL)).then_expect_error(refusal);
}

#[test]
fn a_purchase_offline_is_accepted_and_what_was_missing_is_an_overdraft() {
    given(with_four_left()).when(offline(6)).then_expect_events(vec![spent(6, 0, 2)]);
    let mut card = PointsCard::default();
    for event in with_four_left().into_iter().chain([spent(6, 0, 2), spent(3, 0, 3)]) {
        card.apply(event);
    }
    assert_eq!((card.balance(), card.overdraft()), (0, 5));
}

#[test]
fn a_purchase_costs_one_to_a_thousand_points() {
    for points in [0, 1_001] {
        given(issued()).when(online(points, APRIL)).then_expect_error(Rejection::Price);
        given(issued()).when(offline(points)).then_expect_error(Rejection::Price);
    }
}

#[test]
fn a_suspended_expired_or_closed_card_is_refused_online_and_accepted_offline() {
    let lost = SuspensionReason::Lost;
    let moved = CardCloseReason::MovedAway;
    let entry = || vec![spent(6, 174, 0)];
    given(and(suspended(lost)))
        .when(online(6, APRIL))
        .then_expect_error(Rejection::Suspended { reason: lost });
    given(and(suspended(lost))).when(offline(6)).then_expect_events(entry());
    given(issued())
        .when(online(6, ENDED))
        .then_expect_error(Rejection::Expired { valid_to: VALID_TO });
    given(issued()).when(online(6, VALID_TO)).then_expect_events(entry());
    given(and(closed(moved)))
        .when(online(6, APRIL))
        .then_expect_error(Rejection::Closed { reason: moved });
    given(and(closed(moved))).when(offline(6)).then_expect_events(entry());
}

#[test]
fn each_month_fills_the_card_and_the_rest_of_the_last_month_is_lost() {
    given(with_four_left())
        .when(CardCommand::Credit(FIRST_OF_MONTH))
        .then_expect_events(vec![CardEvent::PointsExpired { points: 4 }, credited(200, 200)]);
    given(and(spent(180, 0, 0)))
        .when(CardCommand::Credit(FIRST_OF_MONTH))
        .then_expect_events(vec![credited(200, 200)]);
}

#[test]
fn points_roll_over_only_where_the_store_rules_so_and_a_card_holds_a_thousand() {
    let credit = CardCommand::Credit(Credit { roll_over: true, ..FIRST_OF_MONTH });
    given(with_four_left()).when(credit.clone()).then_expect_events(vec![credited(200, 204)]);
    given(vec![issued_with(900)])
        .when(credit.clone())
        .then_expect_events(vec![credited(100, 1_000)]);
    given(vec![issued_with(1_000)])
        .when(credit)
        .then_expect_error(Rejection::CardFull { balance: 1_000 });
}

#[test]
fn a_month_gives_its_points_once_and_the_issue_counts() {
    let credit = |this_month| CardCommand::Credit(Credit { this_month, ..FIRST_OF_MONTH });
    given(issued()).when(credit(200)).then_expect_events(vec![]);
    given(issued()).when(credit(180)).then_expect_events(vec![credited(20, 200)]);
}

#[test]
fn a_credit_that_came_between_reading_and_deciding_is_noticed() {
    given(and(credited(20, 200)))
        .when(CardCommand::Credit(FIRST_OF_MONTH))
        .then_expect_error(Rejection::CreditedMeanwhile);
}

#[test]
fn a_card_is_credited_from_its_issue_on_and_never_for_a_month_that_is_over() {
    let credit = |on, today| CardCommand::Credit(Credit { on, today, ..FIRST_OF_MONTH });
    let filled = || vec![CardEvent::PointsExpired { points: 180 }, credited(200, 200)];
    let (last_of_march, eve) = (date!(2023 - 03 - 31), date!(2023 - 03 - 26));
    given(issued()).when(credit(last_of_march, APRIL)).then_expect_error(Rejection::MonthOver);
    given(issued())
        .when(credit(date!(2022 - 12 - 31), date!(2023 - 01 - 01)))
        .then_expect_error(Rejection::BeforeIssue { issued_on: TODAY });
    given(issued())
        .when(credit(eve, TODAY))
        .then_expect_error(Rejection::BeforeIssue { issued_on: TODAY });
    given(issued()).when(credit(TODAY, TODAY)).then_expect_events(filled());
    given(issued()).when(credit(date!(2023 - 04 - 01), APRIL)).then_expect_events(filled());
}

#[test]
fn only_a_card_that_can_be_used_is_credited() {
    let credit = CardCommand::Credit(FIRST_OF_MONTH);
    let reason = SuspensionReason::CheckDue;
    given(and(suspended(reason))).when(credit).then_expect_error(Rejection::Suspended { reason });
    given(issued())
        .when(CardCommand::Credit(Credit { on: ENDED, today: ENDED, ..FIRST_OF_MONTH }))
        .then_expect_error(Rejection::Expired { valid_to: VALID_TO });
}

#[test]
fn suspending_and_resuming_twice_is_one_fact_each() {
    let (lost, misused) = (SuspensionReason::Lost, SuspensionReason::Misused);
    let suspend = |reason| CardCommand::Suspend { reason };
    given(issued()).when(suspend(lost)).then_expect_events(vec![suspended(lost)]);
    given(and(suspended(lost))).when(suspend(lost)).then_expect_events(vec![]);
    given(and(suspended(lost))).when(suspend(misused)).then_expect_events(vec![suspended(misused)]);
    given(and(suspended(lost)))
        .when(CardCommand::Resume)
        .then_expect_events(vec![CardEvent::CardResumed {}]);
    given(issued()).when(CardCommand::Resume).then_expect_events(vec![]);
}

#[test]
fn a_card_is_closed_once_for_one_reason() {
    let close = |reason| CardCommand::Close { reason };
    let moved = CardCloseReason::MovedAway;
    given(issued()).when(close(moved)).then_expect_events(vec![closed(moved)]);
    given(and(closed(moved))).when(close(moved)).then_expect_events(vec![]);
    given(and(closed(moved)))
        .when(close(CardCloseReason::Replaced))
        .then_expect_error(Rejection::Closed { reason: moved });
}

#[test]
fn that_a_card_ran_out_is_for_the_clock_to_say() {
    given(issued())
        .when(CardCommand::Close { reason: CardCloseReason::RanOut })
        .then_expect_error(Rejection::RunsOutByItself { valid_to: VALID_TO });
}

#[test]
fn a_closed_card_does_not_change_any_more() {
    let reason = CardCloseReason::RanOut;
    for command in [
        renewed(ENDED),
        CardCommand::Suspend { reason: SuspensionReason::Lost },
        CardCommand::Resume,
        CardCommand::Credit(FIRST_OF_MONTH),
    ] {
        given(and(closed(reason))).when(command).then_expect_error(Rejection::Closed { reason });
    }
}

#[test]
fn a_card_that_nobody_issued_is_refused() {
    for command in [
        renewed(ENDED),
        CardCommand::Suspend { reason: SuspensionReason::Lost },
        CardCommand::Resume,
        CardCommand::Credit(FIRST_OF_MONTH),
        CardCommand::Close { reason: CardCloseReason::NotNeeded },
        CardCommand::Expire { now: ENDS_AT },
        online(6, APRIL),
        offline(6),
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchCard);
    }
}

#[test]
fn the_holder_is_the_person_concerned() {
    let mut card = PointsCard::default();
    assert_eq!(card.person(), None);
    card.apply(issued_with(180));
    assert_eq!(card.person(), Some(ANA));
    assert_eq!(card.issued(), Some(&issue().issued()));
}

#[test]
fn a_refusal_says_why_in_words() {
    for (reason, words) in [
        (SuspensionReason::Lost, "lost"),
        (SuspensionReason::Misused, "somebody else"),
        (SuspensionReason::CheckDue, "check"),
    ] {
        assert!(Rejection::Suspended { reason }.to_string().contains(words));
    }
    for (reason, words) in [
        (CardCloseReason::RanOut, "last day passed"),
        (CardCloseReason::NotNeeded, "not needed"),
        (CardCloseReason::Replaced, "replaced"),
        (CardCloseReason::MovedAway, "moved away"),
    ] {
        assert!(Rejection::Closed { reason }.to_string().contains(words));
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchCard,
        Rejection::IdInUse,
        Rejection::UnknownPerson,
        Rejection::HouseholdHasCard { card: CARD },
        Rejection::HolderHasCard { card: CARD },
        Rejection::HouseholdSize,
        Rejection::TooManyPoints { most: 200 },
        Rejection::EndsInPast,
        Rejection::ValidTooLong { latest: TODAY },
        Rejection::Shortened { valid_to: TODAY },
        Rejection::CreditedMeanwhile,
        Rejection::BeforeIssue { issued_on: TODAY },
        Rejection::MonthOver,
        Rejection::CardFull { balance: 1_000 },
        Rejection::Price,
        Rejection::NotEnough { balance: 4 },
        Rejection::Suspended { reason: SuspensionReason::Lost },
        Rejection::Expired { valid_to: TODAY },
        Rejection::Closed { reason: CardCloseReason::RanOut },
        Rejection::RunsOutByItself { valid_to: TODAY },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
