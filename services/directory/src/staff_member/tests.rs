use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::log::Refusal;
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
fn no_person_is_concerned() {
    let mut member = StaffMember::default();
    member.apply(hired(post()));
    assert_eq!(member.person(), None);
}

#[test]
fn an_account_is_one_members_until_she_has_another_or_leaves() {
    let member = StaffMember::default();
    let given_up = Keep::Release { guard: ACCOUNT, key: None, during: None };
    let claimed = Keep::Claim { guard: ACCOUNT, key: account("a"), during: During::ALWAYS };
    assert_eq!(member.keeps(&bound("a")), [given_up.clone(), claimed]);
    assert_eq!(member.keeps(&ENDED), [given_up]);
    for event in [hired(post()), granted(membership()), SUSPENDED] {
        assert_eq!(member.keeps(&event), []);
    }
    let taken = Taken { guard: ACCOUNT.into(), key: account("a"), holder: Uuid::nil() };
    assert_eq!(member.taken(&taken), Rejection::AccountTaken);
}

const BARI: &str = "bari";
const HUB: ServiceId = ServiceId(Uuid::from_u128(21));
const DESK: ServiceId = ServiceId(Uuid::from_u128(22));
const ROLE: MembershipId = MembershipId(Uuid::from_u128(31));
const SUSPENDED: StaffEvent =
    StaffEvent::AccessSuspended { reason: AccessSuspensionReason::LostCredential };
const RESTORED: StaffEvent = StaffEvent::AccessRestored {};

fn account(letter: &str) -> String {
    letter.repeat(64)
}

fn bound(letter: &str) -> StaffEvent {
    StaffEvent::AccountBound { account: account(letter) }
}

fn bind(letter: &str) -> StaffCommand {
    StaffCommand::BindAccount { account: account(letter) }
}

fn at_work() -> Vec<StaffEvent> {
    vec![hired(post())]
}

fn and(mut events: Vec<StaffEvent>, more: &[StaffEvent]) -> Vec<StaffEvent> {
    events.extend_from_slice(more);
    events
}

fn membership() -> Membership {
    Membership {
        membership: ROLE,
        role: Role::CaseManager,
        ats: Ats::try_new(BARI).unwrap(),
        services: vec![HUB],
        on: LEFT,
    }
}

fn granted(membership: Membership) -> StaffEvent {
    let Membership { membership, role, ats, services, on } = membership;
    StaffEvent::MembershipGranted { membership, role, ats, services, on }
}

fn grant(membership: Membership) -> StaffCommand {
    let own = OrganisationId(Uuid::from_u128(2));
    let run_by = [(HUB, own), (DESK, OrganisationId(Uuid::from_u128(99)))].into();
    StaffCommand::Grant(Grant { membership, run_by, today: TODAY })
}

fn end_role(on: Date) -> StaffCommand {
    StaffCommand::EndMembership { membership: ROLE, on, today: TODAY }
}

fn role_ended(on: Date) -> StaffEvent {
    StaffEvent::MembershipEnded { membership: ROLE, on }
}

#[test]
fn a_later_account_takes_the_place_of_the_one_before() {
    given(at_work()).when(bind("a")).then_expect_events(vec![bound("a")]);
    let signed_in = and(at_work(), &[bound("a")]);
    given(signed_in.clone()).when(bind("a")).then_expect_events(vec![]);
    given(signed_in).when(bind("b")).then_expect_events(vec![bound("b")]);
    for wrong in ["", "a", &"g".repeat(64), &"A".repeat(64)] {
        given(at_work())
            .when(StaffCommand::BindAccount { account: wrong.into() })
            .then_expect_error(Rejection::NotAnAccount);
    }
}

#[test]
fn nobody_who_does_not_work_is_given_anything() {
    let leave = Leave { from: TODAY, to: TODAY, cover: None };
    let commands = || {
        [
            bind("a"),
            grant(membership()),
            StaffCommand::StartLeave { leave, cover: None, today: TODAY },
            StaffCommand::EndLeave { on: TODAY, today: TODAY },
            StaffCommand::Suspend { reason: AccessSuspensionReason::Inquiry },
            StaffCommand::Restore,
        ]
    };
    for command in commands() {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchStaffMember);
    }
    for command in commands() {
        given(and(at_work(), &[ENDED]))
            .when(command)
            .then_expect_error(Rejection::PostEnded { ended: LEFT });
    }
}

#[test]
fn a_role_is_for_services_of_her_own_organisation_only_c1() {
    given(at_work()).when(grant(membership())).then_expect_events(vec![granted(membership())]);
    let with = |services: &[ServiceId]| Membership { services: services.to_vec(), ..membership() };
    for service in [DESK, ServiceId(Uuid::from_u128(23))] {
        given(at_work())
            .when(grant(with(&[HUB, service])))
            .then_expect_error(Rejection::NotHerService { service });
    }
    let many: Vec<ServiceId> = (0..65).map(|n| ServiceId(Uuid::from_u128(n))).collect();
    for services in [&[][..], &[HUB, HUB], &many] {
        given(at_work()).when(grant(with(services))).then_expect_error(Rejection::Services);
    }
    let whole = |services| Membership { role: Role::Auditor, services, ..membership() };
    given(at_work()).when(grant(whole(vec![HUB]))).then_expect_error(Rejection::WholeBody);
    given(at_work()).when(grant(whole(vec![]))).then_expect_events(vec![granted(whole(vec![]))]);
}

#[test]
fn a_role_begins_with_the_post_or_later_and_not_in_the_future() {
    let on = |on| Membership { on, ..membership() };
    given(at_work())
        .when(grant(on(BEFORE)))
        .then_expect_error(Rejection::RoleBeforePost { started: HIRED });
    given(at_work()).when(grant(on(TOMORROW))).then_expect_error(Rejection::InFuture);
    for day in [HIRED, TODAY] {
        given(at_work()).when(grant(on(day))).then_expect_events(vec![granted(on(day))]);
    }
}

#[test]
fn a_role_is_granted_once_under_its_id_and_at_most_sixteen_at_once() {
    let acting = and(at_work(), &[granted(membership())]);
    given(acting.clone()).when(grant(membership())).then_expect_events(vec![]);
    let other = Membership { role: Role::InfoDesk, ..membership() };
    given(acting.clone()).when(grant(other)).then_expect_error(Rejection::MembershipOtherwise);
    given(and(acting, &[role_ended(TODAY)]))
        .when(grant(membership()))
        .then_expect_error(Rejection::MembershipOtherwise);
    let numbered = |n| Membership { membership: MembershipId(Uuid::from_u128(n)), ..membership() };
    let sixteen: Vec<StaffEvent> = (100..116).map(|n| granted(numbered(n))).collect();
    given(and(at_work(), &sixteen[..15]))
        .when(grant(membership()))
        .then_expect_events(vec![granted(membership())]);
    given(and(at_work(), &sixteen))
        .when(grant(membership()))
        .then_expect_error(Rejection::TooManyMemberships);
}

#[test]
fn a_role_ends_once_between_its_first_day_and_today() {
    let acting = and(at_work(), &[granted(membership())]);
    given(acting.clone()).when(end_role(TODAY)).then_expect_events(vec![role_ended(TODAY)]);
    given(acting.clone())
        .when(end_role(HIRED))
        .then_expect_error(Rejection::RoleEndBeforeStart { started: LEFT });
    given(acting.clone()).when(end_role(TOMORROW)).then_expect_error(Rejection::InFuture);
    let over = and(acting, &[role_ended(TODAY)]);
    given(over.clone()).when(end_role(TODAY)).then_expect_events(vec![]);
    given(over)
        .when(end_role(LEFT))
        .then_expect_error(Rejection::RoleEndedOtherwise { ended: TODAY });
    given(at_work()).when(end_role(TODAY)).then_expect_error(Rejection::NoSuchMembership);
}

const UGO: StaffId = StaffId(Uuid::from_u128(41));
const SPRING: Leave = Leave { from: HIRED, to: TOMORROW, cover: Some(UGO) };

fn leave(leave: Leave) -> StaffCommand {
    let cover = leave.cover.map(|staff| Cover { staff, organisation: post().organisation });
    StaffCommand::StartLeave { leave, cover, today: TODAY }
}

fn away(Leave { from, to, cover }: Leave) -> StaffEvent {
    StaffEvent::LeaveStarted { from, to, cover }
}

fn back(on: Date) -> StaffCommand {
    StaffCommand::EndLeave { on, today: TODAY }
}

#[test]
fn whoever_covers_is_a_colleague_at_work_in_the_same_organisation() {
    given(at_work()).when(leave(SPRING)).then_expect_events(vec![away(SPRING)]);
    let nobody = Leave { cover: None, ..SPRING };
    given(at_work()).when(leave(nobody)).then_expect_events(vec![away(nobody)]);
    let start = |cover| StaffCommand::StartLeave { leave: SPRING, cover, today: TODAY };
    let elsewhere = Cover { staff: UGO, organisation: OrganisationId(Uuid::from_u128(99)) };
    let another = Cover { staff: post().staff, organisation: post().organisation };
    for cover in [None, Some(elsewhere), Some(another)] {
        given(at_work()).when(start(cover)).then_expect_error(Rejection::CannotCover);
    }
    let herself = Leave { cover: Some(post().staff), ..SPRING };
    given(at_work()).when(leave(herself)).then_expect_error(Rejection::CannotCover);
}

#[test]
fn somebody_who_left_or_is_suspended_covers_nobody() {
    let mut member = StaffMember::default();
    assert_eq!(member.as_cover(), None);
    member.apply(hired(post()));
    let cover = Cover { staff: post().staff, organisation: post().organisation };
    assert_eq!(member.as_cover(), Some(cover));
    member.apply(SUSPENDED);
    assert_eq!(member.as_cover(), None);
    member.apply(RESTORED);
    member.apply(ENDED);
    assert_eq!(member.as_cover(), None);
}

#[test]
fn a_leave_is_one_at_a_time_and_ends_between_today_and_two_years() {
    let after = |from, to| Leave { from, to, cover: None };
    for (from, to) in [(TOMORROW, TODAY), (HIRED, LEFT), (TODAY, date!(2027 - 02 - 02))] {
        given(at_work()).when(leave(after(from, to))).then_expect_error(Rejection::LeaveDays);
    }
    let longest = after(TODAY, date!(2027 - 02 - 01));
    given(at_work()).when(leave(longest)).then_expect_events(vec![away(longest)]);
    let on_leave = and(at_work(), &[away(SPRING)]);
    given(on_leave.clone()).when(leave(SPRING)).then_expect_events(vec![]);
    given(on_leave)
        .when(leave(longest))
        .then_expect_error(Rejection::LeaveRuns { from: HIRED, to: TOMORROW });
    let over = and(at_work(), &[away(after(HIRED, LEFT))]);
    given(over).when(leave(longest)).then_expect_events(vec![away(longest)]);
}

#[test]
fn somebody_is_back_on_a_day_of_her_leave_or_does_not_go() {
    let on_leave = and(at_work(), &[away(SPRING)]);
    for day in [HIRED, TODAY] {
        given(on_leave.clone())
            .when(back(day))
            .then_expect_events(vec![StaffEvent::LeaveEnded { on: day }]);
    }
    for day in [BEFORE, TOMORROW] {
        given(on_leave.clone())
            .when(back(day))
            .then_expect_error(Rejection::NotOnLeave { from: HIRED, to: TOMORROW });
    }
    let coming = Leave { from: TOMORROW, to: TOMORROW, cover: None };
    given(and(at_work(), &[away(coming)]))
        .when(back(TODAY))
        .then_expect_events(vec![StaffEvent::LeaveEnded { on: TODAY }]);
    let over = Leave { from: HIRED, to: LEFT, cover: None };
    for events in [at_work(), and(at_work(), &[away(over)])] {
        given(events).when(back(TODAY)).then_expect_error(Rejection::NoLeave);
    }
    given(and(on_leave, &[StaffEvent::LeaveEnded { on: TODAY }]))
        .when(back(TODAY))
        .then_expect_error(Rejection::NoLeave);
}

#[test]
fn access_is_suspended_for_a_reason_until_it_is_restored() {
    let suspend = |reason| StaffCommand::Suspend { reason };
    let lost = AccessSuspensionReason::LostCredential;
    let inquiry = AccessSuspensionReason::Inquiry;
    given(at_work()).when(suspend(lost)).then_expect_events(vec![SUSPENDED]);
    let suspended = and(at_work(), &[SUSPENDED]);
    given(suspended.clone()).when(suspend(lost)).then_expect_events(vec![]);
    given(suspended.clone())
        .when(suspend(inquiry))
        .then_expect_events(vec![StaffEvent::AccessSuspended { reason: inquiry }]);
    given(suspended.clone()).when(StaffCommand::Restore).then_expect_events(vec![RESTORED]);
    for events in [at_work(), and(suspended, &[RESTORED])] {
        given(events).when(StaffCommand::Restore).then_expect_events(vec![]);
    }
}

#[test]
fn ending_the_post_ends_account_roles_and_leave_but_no_suspension() {
    let mut member = StaffMember::default();
    let all = [hired(post()), bound("a"), granted(membership()), away(SPRING), SUSPENDED, ENDED];
    for event in all.clone() {
        member.apply(event);
    }
    assert!(!member.has_account());
    assert_eq!(member.leave(), None);
    assert_eq!(member.memberships().collect::<Vec<_>>(), [(&membership(), Some(LEFT))]);
    member.apply(hired(permanent(LEFT)));
    assert_eq!(member.suspended(), Some(AccessSuspensionReason::LostCredential));
    given(and(all.to_vec(), &[hired(permanent(LEFT))]))
        .when(grant(membership()))
        .then_expect_error(Rejection::MembershipOtherwise);
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
        Rejection::PostEnded { ended: LEFT },
        Rejection::HerOwn,
        Rejection::NotAnAccount,
        Rejection::AccountTaken,
        Rejection::MembershipOtherwise,
        Rejection::TooManyMemberships,
        Rejection::Services,
        Rejection::WholeBody,
        Rejection::NotHerService { service: HUB },
        Rejection::RoleBeforePost { started: HIRED },
        Rejection::NoSuchMembership,
        Rejection::RoleEndBeforeStart { started: HIRED },
        Rejection::RoleEndedOtherwise { ended: LEFT },
        Rejection::LeaveDays,
        Rejection::LeaveRuns { from: HIRED, to: LEFT },
        Rejection::CannotCover,
        Rejection::NoLeave,
        Rejection::NotOnLeave { from: HIRED, to: LEFT },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
