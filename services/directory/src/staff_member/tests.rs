use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const HIRED: Date = date!(2024 - 01 - 15);
const BEFORE: Date = date!(2024 - 01 - 14);
const LEFT: Date = date!(2024 - 12 - 31);
const TODAY: Date = date!(2025 - 02 - 01);
const TOMORROW: Date = date!(2025 - 02 - 02);

fn given(events: Vec<StaffEvent>) -> AggregateTestExecutor<StaffMember> {
    TestFramework::with(()).given(events)
}

fn post() -> Post {
    Post {
        staff: StaffId(Uuid::from_u128(1)),
        organisation: OrganisationId(Uuid::from_u128(2)),
        profession: Profession::SocialWorker,
        fte_hundredths: 50,
        contract: Contract::FixedTerm,
        ats: Ats::try_new("bari").unwrap(),
        on: HIRED,
    }
}

fn permanent(on: Date) -> Post {
    Post { contract: Contract::Permanent, on, ..post() }
}

fn hired(post: Post) -> StaffEvent {
    let Post { staff, organisation, profession, fte_hundredths, contract, ats, on } = post;
    StaffEvent::StaffHired { staff, organisation, profession, fte_hundredths, contract, ats, on }
}

fn hire(post: Post) -> StaffCommand {
    StaffCommand::Hire { post, organisation_known: true, today: TODAY }
}

fn end(on: Date) -> StaffCommand {
    StaffCommand::End { on, today: TODAY }
}

const ENDED: StaffEvent = StaffEvent::StaffEnded { on: LEFT };

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(StaffMember::TYPE, StaffEvent::AGGREGATE);
}

#[test]
fn a_post_tells_profession_part_of_full_time_and_contract_r21_r35_i5() {
    given(vec![]).when(hire(post())).then_expect_events(vec![hired(post())]);
}

#[test]
fn nobody_is_hired_by_an_organisation_that_is_not_registered() {
    let unknown = StaffCommand::Hire { post: post(), organisation_known: false, today: TODAY };
    given(vec![]).when(unknown).then_expect_error(Rejection::UnknownOrganisation);
}

#[test]
fn a_post_is_shown_with_its_end() {
    let mut member = StaffMember::default();
    assert_eq!((member.post(), member.ended_on()), (None, None));
    member.apply(hired(post()));
    member.apply(ENDED);
    assert_eq!((member.post(), member.ended_on()), (Some(&post()), Some(LEFT)));
}

#[test]
fn hiring_again_is_nothing_new_even_after_the_end() {
    given(vec![hired(post())]).when(hire(post())).then_expect_events(vec![]);
    given(vec![hired(post()), ENDED]).when(hire(post())).then_expect_events(vec![]);
}

#[test]
fn nobody_has_two_posts_at_once_under_one_id_r25() {
    given(vec![hired(post())])
        .when(hire(permanent(LEFT)))
        .then_expect_error(Rejection::HiredOtherwise { since: HIRED });
}

#[test]
fn after_an_end_the_same_worker_may_have_other_terms_i5() {
    let stabilised = permanent(LEFT);
    given(vec![hired(post()), ENDED])
        .when(hire(stabilised.clone()))
        .then_expect_events(vec![hired(stabilised.clone())]);
    given(vec![hired(post()), ENDED, hired(stabilised)])
        .when(end(TODAY))
        .then_expect_events(vec![StaffEvent::StaffEnded { on: TODAY }]);
    given(vec![hired(post()), ENDED])
        .when(hire(permanent(HIRED)))
        .then_expect_error(Rejection::StartBeforeEnd { ended: LEFT });
}

#[test]
fn a_post_is_one_to_a_hundred_hundredths_of_full_time_i5() {
    for fte_hundredths in [0, 101] {
        given(vec![])
            .when(hire(Post { fte_hundredths, ..post() }))
            .then_expect_error(Rejection::Fte);
    }
    for fte_hundredths in [1, 100] {
        let post = Post { fte_hundredths, ..post() };
        given(vec![]).when(hire(post.clone())).then_expect_events(vec![hired(post)]);
    }
}

#[test]
fn nobody_starts_or_stops_in_the_future() {
    given(vec![])
        .when(hire(Post { on: TOMORROW, ..post() }))
        .then_expect_error(Rejection::InFuture);
    given(vec![hired(post())]).when(end(TOMORROW)).then_expect_error(Rejection::InFuture);
}

#[test]
fn a_post_ends_once_and_not_before_its_start() {
    given(vec![hired(post())]).when(end(LEFT)).then_expect_events(vec![ENDED]);
    given(vec![hired(post())])
        .when(end(HIRED))
        .then_expect_events(vec![StaffEvent::StaffEnded { on: HIRED }]);
    given(vec![hired(post())])
        .when(end(BEFORE))
        .then_expect_error(Rejection::EndBeforeStart { started: HIRED });
    given(vec![hired(post()), ENDED]).when(end(LEFT)).then_expect_events(vec![]);
    given(vec![hired(post()), ENDED])
        .when(end(TODAY))
        .then_expect_error(Rejection::EndedOtherwise { ended: LEFT });
}

#[test]
fn a_post_that_nobody_began_does_not_end() {
    given(vec![]).when(end(LEFT)).then_expect_error(Rejection::NoSuchStaffMember);
}

#[test]
fn no_person_is_concerned_and_nothing_is_claimed() {
    let mut member = StaffMember::default();
    assert_eq!(member.keeps(&hired(post())), []);
    member.apply(hired(post()));
    assert_eq!(member.person(), None);
    let taken = Taken { guard: String::new(), key: String::new(), holder: Uuid::nil() };
    assert_eq!(member.taken(&taken), Rejection::NoSuchStaffMember);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchStaffMember,
        Rejection::UnknownOrganisation,
        Rejection::HiredOtherwise { since: HIRED },
        Rejection::Fte,
        Rejection::InFuture,
        Rejection::EndBeforeStart { started: HIRED },
        Rejection::StartBeforeEnd { ended: LEFT },
        Rejection::EndedOtherwise { ended: LEFT },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
