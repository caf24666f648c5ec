//! What a member of the staff may do: account, roles, leave, suspension.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::codes::Role;
use trama_events::directory::AccessSuspensionReason;
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use trama_platform::{Failure, staff};
use utoipa::ToSchema;

use super::{Answer, OnForm, day_of, must_keep, own_id};
use crate::service::Service;
use crate::staff_member::rules::SERVICES_MAX;
use crate::staff_member::{Cover, Grant, Leave, Membership, Rejection, StaffCommand, StaffMember};
use crate::{Directory, policy};

/// Most characters of an issuer or a subject. Source: `OpenID` Connect Core 1.0, section 2.
const CLAIM_CHARS_MAX: usize = 255;

impl Directory {
    /// Asks a post of an ATS that the caller keeps.
    pub(super) async fn of_staff<T: Sync>(
        &self,
        id: StaffId,
        order: &Order<T>,
        command: StaffCommand,
    ) -> Answer<Rejection> {
        let kept = |member: &StaffMember| {
            member.post().is_none_or(|post| policy::may_keep(&order.caller, &post.ats))
        };
        self.log.ask_if(&order.asked, id.0, command, kept).await
    }

    /// Who runs each of these services, as far as they are registered.
    async fn run_by(
        &self,
        services: &[ServiceId],
    ) -> Result<BTreeMap<ServiceId, OrganisationId>, Failure<Rejection>> {
        let mut run_by = BTreeMap::new();
        for id in services {
            let (service, _) = self.load::<Service, Rejection>(id.0).await?;
            if let Some(registered) = service.registered() {
                run_by.insert(*id, registered.organisation);
            }
        }
        Ok(run_by)
    }

    /// What is known of who covers.
    async fn cover(&self, staff: Option<StaffId>) -> Result<Option<Cover>, Failure<Rejection>> {
        let Some(staff) = staff else { return Ok(None) };
        let (member, _) = self.load::<StaffMember, Rejection>(staff.0).await?;
        Ok(member.as_cover())
    }
}

/// Nobody gives herself more than she has: it takes a second one who keeps the directory.
fn not_her_own<T>(order: &Order<T>, staff: StaffId) -> Result<(), Failure<Rejection>> {
    if order.caller.staff == staff { Err(Failure::Rejected(Rejection::HerOwn)) } else { Ok(()) }
}

/// With what she signs in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountForm {
    /// Who issues her tokens: `iss`, 1 to 255 characters.
    issuer: String,
    /// Who she is there: `sub`, 1 to 255 characters. Only a digest of both is kept.
    subject: String,
}

/// She signs in with this account; a later one replaces it.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/account", tag = "directory",
    request_body = AccountForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn bind_account(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<AccountForm>,
) -> Answer<Rejection> {
    not_her_own(&order, id)?;
    let AccountForm { issuer, subject } = &order.body;
    let fits = |claim: &str| (1..=CLAIM_CHARS_MAX).contains(&claim.chars().count());
    if !fits(issuer) || !fits(subject) {
        return Err(Failure::Rejected(Rejection::NotAnAccount));
    }
    let account = staff::account(issuer, subject);
    directory.of_staff(id, &order, StaffCommand::BindAccount { account }).await
}

/// A role to grant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    membership: Option<MembershipId>,
    /// In which role.
    role: Role,
    /// On whose behalf.
    ats: Ats,
    /// For which services of her organisation, at most 64; none for roles that act for the whole
    /// body.
    #[serde(default)]
    services: Vec<ServiceId>,
    /// Since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// She acts in a role. The same terms again are nothing new.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/memberships", tag = "directory",
    request_body = MembershipForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn grant(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<MembershipForm>,
) -> Answer<Rejection> {
    not_her_own(&order, id)?;
    let MembershipForm { membership, role, ats, services, on } = order.body.clone();
    must_keep(&order.caller, &ats)?;
    if !policy::may_grant(&order.caller, role) {
        return Err(Failure::Denied);
    }
    let membership = membership.unwrap_or_else(|| own_id(&order.asked, MembershipId::derived));
    let (on, today) = (day_of(&order, on), rome::day_of(order.now));
    if services.len() > SERVICES_MAX {
        return Err(Failure::Rejected(Rejection::Services));
    }
    let run_by = directory.run_by(&services).await?;
    let membership = Membership { membership, role, ats, services, on };
    let grant = StaffCommand::Grant(Grant { membership, run_by, today });
    directory.of_staff(id, &order, grant).await
}

/// She does not act in a role any more; the day is the first one without.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/memberships/{membership}/end",
    tag = "directory", request_body = OnForm,
    params(("staff" = StaffId, Path), ("membership" = MembershipId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end_membership(
    State(directory): State<Directory>,
    Path((id, membership)): Path<(StaffId, MembershipId)>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    let end = StaffCommand::EndMembership { membership, on, today };
    directory.of_staff(id, &order, end).await
}

/// A time away.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaveForm {
    /// First day; without one, the day on which it happened.
    from: Option<Date>,
    /// Last day, at most two years after the first.
    to: Date,
    /// Who covers: somebody else of the same organisation, at work. She has her open cases
    /// meanwhile.
    cover: Option<StaffId>,
}

/// She is away; whoever covers has her open cases on these days.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/leave", tag = "directory",
    request_body = LeaveForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn start_leave(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<LeaveForm>,
) -> Answer<Rejection> {
    let LeaveForm { from, to, cover } = order.body;
    if cover == Some(order.caller.staff) {
        return Err(Failure::Rejected(Rejection::HerOwn));
    }
    let leave = Leave { from: day_of(&order, from), to, cover };
    let cover = directory.cover(cover).await?;
    let start = StaffCommand::StartLeave { leave, cover, today: rome::day_of(order.now) };
    directory.of_staff(id, &order, start).await
}

/// She is back before the last day; the day is the first one back. A leave that did not begin is
/// called off.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/leave/end", tag = "directory",
    request_body = OnForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end_leave(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_staff(id, &order, StaffCommand::EndLeave { on, today }).await
}

/// Why somebody may open nothing.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuspensionForm {
    /// Why.
    reason: AccessSuspensionReason,
}

/// She may open nothing until it is restored: within five seconds, open pages included.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/suspend", tag = "directory",
    request_body = SuspensionForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn suspend(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<SuspensionForm>,
) -> Answer<Rejection> {
    let reason = order.body.reason;
    directory.of_staff(id, &order, StaffCommand::Suspend { reason }).await
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RestoreForm {}

/// She may again.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/restore", tag = "directory",
    request_body = RestoreForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn restore(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<RestoreForm>,
) -> Answer<Rejection> {
    not_her_own(&order, id)?;
    directory.of_staff(id, &order, StaffCommand::Restore).await
}
