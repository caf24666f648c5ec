//! Rules of cases, each a pure function with its source.

use time::Date;
use trama_events::casework::{CaseCloseReason, GoalOutcome};
use trama_events::codes::{Destination, Need, NeedCode};
use trama_events::ids::ServiceId;
use trama_events::rome;

use super::{Closing, Colleagues, Elsewhere, Rejection, Unit};

/// How many days away the review of a goal may be at most. Source: domain §3.2, proposed until
/// the plan office sets its own.
pub const REVIEW_DAYS_MAX: i64 = 90;

/// How many colleagues one case's team has at most beside its manager: each of them may know the
/// person. Proposed until the plan office sets its own.
pub const TEAM_MAX: usize = 32;

/// How many days ahead a unit may be called: from the call on its members may know the person.
/// Proposed until the plan office sets its own.
pub const UVM_DAYS_MAX: i64 = 60;

/// How many members each side of a unit has at most. Proposed.
pub const UVM_SIDE_MAX: usize = 12;

/// For how many months a care plan holds at most before the unit meets again. Proposed.
pub const PLAN_MONTHS_MAX: u16 = 24;

/// A unit has at least one member of the social services and one of the health district, and each
/// of them is on the staff of the side for which she is called. Source: R40, domain §3.2.
///
/// # Errors
///
/// [`Rejection::SideMissing`], [`Rejection::UnitTooLarge`], [`Rejection::UnknownStaff`] and
/// [`Rejection::OtherSide`].
pub(super) fn unit(unit: &Unit, known: &Colleagues) -> Result<(), Rejection> {
    let Unit { social, health, on: _ } = unit;
    if social.is_empty() || health.is_empty() {
        return Err(Rejection::SideMissing);
    }
    if social.len().max(health.len()) > UVM_SIDE_MAX {
        return Err(Rejection::UnitTooLarge);
    }
    if !social.iter().chain(health).all(|member| known.on_staff.contains(member)) {
        return Err(Rejection::UnknownStaff);
    }
    let of_health = |member| known.of_health.contains(member);
    if social.iter().any(of_health) || !health.iter().all(of_health) {
        return Err(Rejection::OtherSide);
    }
    Ok(())
}

/// A unit meets on a day from today to [`UVM_DAYS_MAX`] days away.
///
/// # Errors
///
/// [`Rejection::MeetingInPast`] and [`Rejection::MeetingTooFar`] outside of these days.
pub fn meeting_day(on: Date, today: Date) -> Result<(), Rejection> {
    let latest = rome::days_after(today, UVM_DAYS_MAX);
    if on < today {
        Err(Rejection::MeetingInPast)
    } else if on > latest {
        Err(Rejection::MeetingTooFar { latest })
    } else {
        Ok(())
    }
}

/// A care plan answers at least one need, for 1 to [`PLAN_MONTHS_MAX`] months.
pub(super) fn care_plan(goals: &[NeedCode], months: u16) -> Result<(), Rejection> {
    if goals.is_empty() {
        Err(Rejection::NoPlanGoal)
    } else if (1..=PLAN_MONTHS_MAX).contains(&months) {
        Ok(())
    } else {
        Err(Rejection::PlanMonths)
    }
}

/// A goal is reviewed on a day from today to [`REVIEW_DAYS_MAX`] days away.
///
/// # Errors
///
/// [`Rejection::ReviewInPast`] and [`Rejection::ReviewTooFar`] outside of these days.
pub fn review_day(review_on: Date, today: Date) -> Result<(), Rejection> {
    let latest = rome::days_after(today, REVIEW_DAYS_MAX);
    if review_on < today {
        Err(Rejection::ReviewInPast)
    } else if review_on > latest {
        Err(Rejection::ReviewTooFar { latest })
    } else {
        Ok(())
    }
}

/// A goal that was reached ends; any other is reviewed again, or ends without a next date.
pub(super) fn next_review(
    outcome: GoalOutcome,
    review_on: Option<Date>,
    today: Date,
) -> Result<(), Rejection> {
    match (outcome, review_on) {
        (_, None) => Ok(()),
        (GoalOutcome::Yes, Some(_)) => Err(Rejection::ReachedGoalEnds),
        (GoalOutcome::No | GoalOutcome::Partly, Some(day)) => review_day(day, today),
    }
}

/// The parts of a closing agree: a handover goes to another service, and death is both reason and
/// destination or neither.
pub(super) fn coherent(closing: Closing, service: ServiceId) -> Result<(), Rejection> {
    let Closing { reason, destination, handover } = closing;
    let dead = destination == Some(Destination::Deceased);
    if handover == Some(service) {
        Err(Rejection::HandoverToItself)
    } else if reason == CaseCloseReason::HandedOver && handover.is_none() {
        Err(Rejection::HandoverMissing)
    } else if destination.is_some() && dead != (reason == CaseCloseReason::Died) {
        Err(Rejection::DestinationContradicts)
    } else {
        Ok(())
    }
}

/// No stay and no referral of the person is open, as far as is known here.
pub(super) fn nothing_open(elsewhere: Elsewhere) -> Result<(), Rejection> {
    let Elsewhere { stays, referrals, read_to: _ } = elsewhere;
    if stays.is_empty() && referrals.is_empty() {
        Ok(())
    } else {
        Err(Rejection::StillOpen { stays, referrals })
    }
}

/// Each need once, in the order of the code list. The list has 17 codes, so this bounds it too.
pub(super) fn one_level_each(mut needs: Vec<Need>) -> Result<Vec<Need>, Rejection> {
    needs.sort_by_key(|need| (need.code, need.level));
    needs.dedup();
    match needs.windows(2).find(|pair| pair[0].code == pair[1].code) {
        Some(pair) => Err(Rejection::TwoLevels { need: pair[0].code }),
        None => Ok(needs),
    }
}

/// Each once, in the order of the code list.
pub(super) fn each_once<T: Ord>(mut codes: Vec<T>) -> Vec<T> {
    codes.sort();
    codes.dedup();
    codes
}
