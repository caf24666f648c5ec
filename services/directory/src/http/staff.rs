use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Contract, Profession};
use trama_events::directory::AccessSuspensionReason;
use trama_events::ids::{Ats, OrganisationId, StaffId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, OnForm, day_of, must_keep, own_id};
use crate::staff_member::{Leave, Membership, Post, Rejection, StaffCommand, StaffMember};
use crate::{Directory, policy};

/// Somebody who starts to work.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HireForm {
    /// Your own id for her; without one it follows from the Idempotency-Key. Never a name.
    staff: Option<StaffId>,
    /// For whom: a registered organisation.
    organisation: OrganisationId,
    /// Profession.
    profession: Profession,
    /// Full-time equivalent in hundredths, 1 to 100.
    fte_hundredths: u16,
    /// How employed.
    contract: Contract,
    /// Where the post counts.
    ats: Ats,
    /// Since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// Somebody starts to work. The same terms again are nothing new.
#[utoipa::path(post, path = "/api/directory/staff", tag = "directory", request_body = HireForm,
    responses((status = 200, body = Done)))]
pub(super) async fn hire(
    State(directory): State<Directory>,
    order: Order<HireForm>,
) -> Answer<Rejection> {
    let HireForm { staff, organisation, profession, fte_hundredths, contract, ats, on } =
        order.body.clone();
    must_keep(&order.caller, &ats)?;
    let staff = staff.unwrap_or_else(|| own_id(&order.asked, StaffId::derived));
    let organisation_known = directory.knows(organisation).await?;
    let on = day_of(&order, on);
    let post = Post { staff, organisation, profession, fte_hundredths, contract, ats, on };
    let command = StaffCommand::Hire { post, organisation_known, today: rome::day_of(order.now) };
    directory.of_staff(staff, &order, command).await
}

/// A post, for those who count them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PostView {
    /// Who, as an id.
    staff: StaffId,
    /// For whom.
    organisation: OrganisationId,
    /// Profession.
    profession: Profession,
    /// Full-time equivalent in hundredths.
    fte_hundredths: u16,
    /// How employed.
    contract: Contract,
    /// Where the post counts.
    ats: Ats,
    /// Since which day.
    on: Date,
    /// First day without, when it ended.
    ended_on: Option<Date>,
    /// Whether she can sign in: an account is bound.
    has_account: bool,
    /// In which roles she acts or acted.
    memberships: Vec<MembershipView>,
    /// Her leave that runs or is to come.
    leave: Option<Leave>,
    /// Why she may open nothing, while she may not.
    suspended: Option<AccessSuspensionReason>,
}

/// A role of hers.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct MembershipView {
    /// On what terms.
    #[serde(flatten)]
    membership: Membership,
    /// First day without, when it ended.
    ended_on: Option<Date>,
}

/// One post, as its own events tell it.
#[utoipa::path(get, path = "/api/directory/staff/{staff}", tag = "directory",
    params(("staff" = StaffId, Path)), responses((status = 200, body = PostView)))]
pub(super) async fn read(
    State(directory): State<Directory>,
    caller: Caller,
    Path(id): Path<StaffId>,
) -> Result<impl IntoResponse, Problem> {
    let (member, version) = directory.log.load::<StaffMember>(id.0).await?;
    let kept = member.post().filter(|post| policy::may_keep(&caller, &post.ats));
    let post = kept.ok_or_else(Problem::not_found)?.clone();
    let memberships = member
        .memberships()
        .map(|(membership, ended_on)| MembershipView { membership: membership.clone(), ended_on });
    let view = PostView {
        staff: id,
        organisation: post.organisation,
        profession: post.profession,
        fte_hundredths: post.fte_hundredths,
        contract: post.contract,
        ats: post.ats,
        on: post.on,
        ended_on: member.ended_on(),
        has_account: member.has_account(),
        memberships: memberships.collect(),
        leave: member.leave(),
        suspended: member.suspended(),
    };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

/// Somebody stopped; the day is the first one without. Account, roles and leave end with it.
#[utoipa::path(post, path = "/api/directory/staff/{staff}/end", tag = "directory",
    request_body = OnForm, params(("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end(
    State(directory): State<Directory>,
    Path(id): Path<StaffId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_staff(id, &order, StaffCommand::End { on, today }).await
}
