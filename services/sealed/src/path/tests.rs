use cqrs_es::test::TestFramework;
use time::macros::datetime;
use trama_platform::log::Refusal;

use super::*;

type Paths = TestFramework<Path>;

const PATH: PathId = PathId(Uuid::from_u128(0x51));
const DESK: Uuid = Uuid::from_u128(0xde);
const NOW: OffsetDateTime = datetime!(2024-11-22 09:30 UTC);
const IN_A_WEEK: OffsetDateTime = datetime!(2024-11-29 09:30 UTC);
const MONDAY: OffsetDateTime = datetime!(2024-11-25 10:00 UTC);
const TUESDAY: OffsetDateTime = datetime!(2024-11-26 10:00 UTC);

fn level() -> NeedLevel {
    NeedLevel::try_from(2).unwrap()
}

fn opened() -> SealedEvent {
    SealedEvent::PathOpened { path: PATH, desk: DESK }
}

fn received() -> SealedEvent {
    SealedEvent::SlipReceived {
        slip: "digest".into(),
        urgency: Urgency::Ordinary,
        need_level: level(),
        answer_by: IN_A_WEEK,
    }
}

fn hand_in() -> PathCommand {
    PathCommand::Receive(Receive {
        path: PATH,
        desk: DESK,
        slip: "digest".into(),
        urgency: Urgency::Ordinary,
        need_level: level(),
        now: NOW,
    })
}

fn told_to_come() -> SealedEvent {
    SealedEvent::AppointmentGiven { come_at: MONDAY }
}

fn waiting() -> Vec<SealedEvent> {
    vec![opened(), received()]
}

fn with(more: impl IntoIterator<Item = SealedEvent>) -> Vec<SealedEvent> {
    waiting().into_iter().chain(more).collect()
}

fn accepted() -> Vec<SealedEvent> {
    with([SealedEvent::AnsweredYes {}, told_to_come()])
}

fn in_path() -> Vec<SealedEvent> {
    accepted()
        .into_iter()
        .chain([SealedEvent::PersonCame {}, SealedEvent::PathEntered {}])
        .collect()
}

fn declined() -> Vec<SealedEvent> {
    with([SealedEvent::AnsweredNo { reason: DeclineReason::OutsideTarget }])
}

fn given(events: Vec<SealedEvent>) -> cqrs_es::test::AggregateTestExecutor<Path> {
    Paths::with(()).given(events)
}

fn standing(events: Vec<SealedEvent>) -> Path {
    let mut path = Path::default();
    for event in events {
        path.apply(event);
    }
    path
}

#[test]
fn a_slip_that_is_handed_in_opens_a_path_and_asks_for_an_answer() {
    Paths::with(()).given_no_previous_events().when(hand_in()).then_expect_events(waiting());
}

#[test]
fn a_slip_is_claimed_for_ever_and_its_answer_is_timed() {
    let keeps = Path::default().keeps(&received());
    assert_eq!(
        keeps,
        [
            Keep::Claim { guard: SLIP, key: "digest".into(), during: During::ALWAYS },
            Keep::SetTimer { name: ANSWER_BY, due_at: IN_A_WEEK },
        ]
    );
    for event in in_path().into_iter().chain(declined()) {
        let released = Path::default()
            .keeps(&event)
            .into_iter()
            .any(|keep| matches!(keep, Keep::Release { .. }));
        assert!(!released, "{event:?}");
    }
    let taken = Taken { guard: SLIP.into(), key: "digest".into(), holder: PATH.0 };
    assert_eq!(Path::default().taken(&taken), Rejection::SlipUsed);
}

#[test]
fn the_answer_is_due_sooner_the_more_it_hurries() {
    for (urgency, hours) in
        [(Urgency::Immediate, 2), (Urgency::Urgent, 42), (Urgency::Ordinary, 168)]
    {
        assert_eq!(answer_by(urgency, NOW), NOW + Duration::hours(hours));
    }
}

#[test]
fn yes_may_say_when_at_once_or_later() {
    let yes = |come_at| PathCommand::AnswerYes { come_at, now: NOW };
    given(waiting())
        .when(yes(Some(MONDAY)))
        .then_expect_events(vec![SealedEvent::AnsweredYes {}, told_to_come()]);
    given(waiting()).when(yes(None)).then_expect_events(vec![SealedEvent::AnsweredYes {}]);
    given(with([SealedEvent::AnsweredYes {}]))
        .when(PathCommand::GiveAppointment { come_at: MONDAY, now: NOW })
        .then_expect_events(vec![told_to_come()]);
}

#[test]
fn no_says_why_and_closes_the_path() {
    given(waiting())
        .when(PathCommand::AnswerNo { reason: DeclineReason::OutsideTarget })
        .then_expect_events(vec![SealedEvent::AnsweredNo { reason: DeclineReason::OutsideTarget }]);
    assert_eq!(standing(declined()).stage(), Stage::Closed);
}

#[test]
fn an_answer_is_given_once() {
    let yes = |come_at| PathCommand::AnswerYes { come_at, now: NOW };
    let no = || PathCommand::AnswerNo { reason: DeclineReason::NoCapacity };
    given(accepted()).when(yes(Some(MONDAY))).then_expect_events(vec![]);
    given(accepted()).when(yes(Some(TUESDAY))).then_expect_error(Rejection::AlreadyAnswered);
    given(accepted()).when(no()).then_expect_error(Rejection::AlreadyAnswered);
    given(declined()).when(yes(None)).then_expect_error(Rejection::Closed);
    given(declined()).when(no()).then_expect_error(Rejection::Closed);
}

#[test]
fn an_appointment_is_for_today_or_later() {
    let early = datetime!(2024-11-21 22:59 UTC);
    given(waiting())
        .when(PathCommand::AnswerYes { come_at: Some(early), now: NOW })
        .then_expect_error(Rejection::AppointmentInThePast);
    given(accepted())
        .when(PathCommand::GiveAppointment { come_at: early, now: NOW })
        .then_expect_error(Rejection::AppointmentInThePast);
    given(accepted())
        .when(PathCommand::GiveAppointment { come_at: MONDAY, now: NOW })
        .then_expect_events(vec![]);
    given(waiting())
        .when(PathCommand::GiveAppointment { come_at: MONDAY, now: NOW })
        .then_expect_error(Rejection::NotAnswered);
}

#[test]
fn who_did_not_come_waits_for_another_time() {
    let missed = |now| PathCommand::DidNotCome { now };
    given(accepted()).when(missed(NOW)).then_expect_error(Rejection::AppointmentToCome);
    given(accepted())
        .when(missed(MONDAY))
        .then_expect_events(vec![SealedEvent::PersonDidNotCome {}]);
    let again =
        accepted().into_iter().chain([SealedEvent::PersonDidNotCome {}]).collect::<Vec<_>>();
    assert_eq!(standing(again.clone()).answer(), Answer::Waiting);
    given(again).when(missed(TUESDAY)).then_expect_error(Rejection::NoAppointment);
}

#[test]
fn who_came_may_enter_and_whoever_was_taken_may_close() {
    given(accepted()).when(PathCommand::Came).then_expect_events(vec![SealedEvent::PersonCame {}]);
    given(accepted())
        .when(PathCommand::Enter)
        .then_expect_events(vec![SealedEvent::PathEntered {}]);
    given(in_path()).when(PathCommand::Enter).then_expect_events(vec![]);
    given(in_path()).when(PathCommand::Came).then_expect_error(Rejection::InPathAlready);
    given(waiting()).when(PathCommand::Enter).then_expect_error(Rejection::NotAnswered);
    let close = || PathCommand::Close { reason: CloseReason::Completed };
    given(in_path())
        .when(close())
        .then_expect_events(vec![SealedEvent::PathClosed { reason: CloseReason::Completed }]);
    given(waiting()).when(close()).then_expect_error(Rejection::NotAnswered);
    given(declined()).when(close()).then_expect_error(Rejection::Closed);
}

#[test]
fn an_answer_that_is_late_is_said_once_and_stays_in_the_inbox() {
    let remind = |now| PathCommand::Remind { now };
    given(waiting()).when(remind(NOW)).then_expect_events(vec![]);
    given(waiting())
        .when(remind(IN_A_WEEK))
        .then_expect_events(vec![SealedEvent::AnswerOverdue {}]);
    let late = with([SealedEvent::AnswerOverdue {}]);
    given(late.clone()).when(remind(IN_A_WEEK)).then_expect_events(vec![]);
    given(accepted()).when(remind(IN_A_WEEK)).then_expect_events(vec![]);
    assert!(standing(late.clone()).is_overdue());
    assert_eq!(standing(late).answer(), Answer::Waiting);
}

#[test]
fn the_holder_reads_four_things_and_the_network_may_read_three() {
    for (events, answer, external) in [
        (waiting(), Answer::Waiting, ExternalState::Expected),
        (with([SealedEvent::AnsweredYes {}]), Answer::Waiting, ExternalState::Expected),
        (accepted(), Answer::Come(MONDAY), ExternalState::Expected),
        (in_path(), Answer::InPath, ExternalState::InPath),
        (declined(), Answer::Closed, ExternalState::Closed),
    ] {
        let path = standing(events);
        assert_eq!((path.answer(), path.external()), (answer, external));
    }
}

#[test]
fn a_path_is_of_nobody_whom_the_network_knows_threat_3() {
    assert_eq!(standing(in_path()).person(), None);
}

#[test]
fn a_second_slip_does_not_open_the_same_path() {
    given(waiting()).when(hand_in()).then_expect_error(Rejection::SlipUsed);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NotASlip(crate::NotASlip::Form),
        Rejection::SlipNotValid,
        Rejection::SlipExpired,
        Rejection::SlipUsed,
        Rejection::AlreadyAnswered,
        Rejection::NotAnswered,
        Rejection::Closed,
        Rejection::AppointmentInThePast,
        Rejection::NoAppointment,
        Rejection::AppointmentToCome,
        Rejection::InPathAlready,
        Rejection::HalfAnAnswer,
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), all.len());
}
