//! Rules of posts and roles, each a pure function with its source.

use std::collections::BTreeSet;

use time::Date;
use trama_events::codes::Role;
use trama_events::ids::ServiceId;
use trama_events::rome;

use super::{Leave, Rejection};

/// A full post, in hundredths of a full-time equivalent.
pub const FTE_HUNDREDTHS_MAX: u16 = 100;
/// Most services of one membership. Source: the published bound of `membership_granted`.
pub const SERVICES_MAX: usize = 64;
/// Most memberships that one worker holds at once. Proposed until the plan office sets its own.
pub const MEMBERSHIPS_MAX: usize = 16;
/// Longest leave, in days: two years of congedo straordinario (D.lgs. 151/2001, art. 42 c. 5-bis).
pub const LEAVE_DAYS_MAX: i64 = 731;
/// Digits of an account: SHA-256 in hexadecimal.
const ACCOUNT_LEN: usize = 64;

/// Only what has happened can be recorded.
///
/// # Errors
///
/// [`Rejection::InFuture`] for a day after `today`.
pub fn happened(on: Date, today: Date) -> Result<(), Rejection> {
    if on > today { Err(Rejection::InFuture) } else { Ok(()) }
}

/// Whether a role acts for its whole body, and so for none of its services (domain §6).
pub fn acts_for_whole_body(role: Role) -> bool {
    match role {
        Role::PlanOffice
        | Role::SteeringBoard
        | Role::Auditor
        | Role::Administrator
        | Role::ExternalSystem
        | Role::Guardian => true,
        Role::InfoDesk
        | Role::OutreachWorker
        | Role::EmergencyWorker
        | Role::CaseManager
        | Role::FacilityOperator
        | Role::Volunteer
        | Role::CsmOperator
        | Role::SerdOperator
        | Role::LabourOperator
        | Role::MinorsWorker
        | Role::HubProfessional
        | Role::RegistryClerk
        | Role::HealthDistrictOperator
        | Role::MailOperator
        | Role::CourtOperator => false,
    }
}

/// A role of work has 1 to [`SERVICES_MAX`] services, each once; one of the whole body has none.
///
/// # Errors
///
/// [`Rejection::Services`] and [`Rejection::WholeBody`].
pub fn services_fit(role: Role, services: &[ServiceId]) -> Result<(), Rejection> {
    if acts_for_whole_body(role) {
        return if services.is_empty() { Ok(()) } else { Err(Rejection::WholeBody) };
    }
    let once = services.iter().collect::<BTreeSet<_>>().len() == services.len();
    let fit = once && (1..=SERVICES_MAX).contains(&services.len());
    if fit { Ok(()) } else { Err(Rejection::Services) }
}

/// Whether a text has the form of an account's digest.
pub fn is_account(account: &str) -> bool {
    let hexadecimal = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    account.len() == ACCOUNT_LEN && account.bytes().all(hexadecimal)
}

/// A leave has a last day that is neither before its first nor in the past, and at most
/// [`LEAVE_DAYS_MAX`] days. It may begin in the past: illness is told afterwards.
///
/// # Errors
///
/// [`Rejection::LeaveDays`] otherwise.
pub fn leave_days(leave: Leave, today: Date) -> Result<(), Rejection> {
    let latest = rome::days_after(leave.from, LEAVE_DAYS_MAX - 1);
    let fits = leave.from <= leave.to && leave.to <= latest && leave.to >= today;
    if fits { Ok(()) } else { Err(Rejection::LeaveDays) }
}
