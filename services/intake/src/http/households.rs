use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::Section;
use trama_events::ids::{HouseholdId, PersonId, ServiceId};
use trama_events::intake::HouseholdKind;
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::{Answer, id_of};
use crate::Intake;
use crate::household::{Household, HouseholdCommand, Membership, Record, Rejection};

/// People who belong together.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HouseholdForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    household: Option<HouseholdId>,
    /// In which sense they belong together.
    kind: HouseholdKind,
    /// Service that records it: one of yours.
    service: ServiceId,
}

/// Records a household, without members yet.
#[utoipa::path(post, path = "/api/intake/households", tag = "intake",
    request_body = HouseholdForm, responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(intake): State<Intake>,
    order: Order<HouseholdForm>,
) -> Answer<Rejection> {
    let HouseholdForm { household, kind, service } = order.body;
    order.caller.must_act_for(service)?;
    let household = id_of(household, &order.asked, HouseholdId::derived);
    let record = HouseholdCommand::Record(Record { household, kind, service });
    intake.log.ask::<Household>(&order.asked, household.0, record).await
}

/// Somebody who belongs to a household.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberForm {
    /// Who.
    person: PersonId,
    /// Since which day, not later than today.
    on: Date,
}

/// Somebody belongs to the household. You have to do with her or with another one who belongs to it
/// now; who may not be named is as one whom nobody registered.
#[utoipa::path(post, path = "/api/intake/households/{household}/members", tag = "intake",
    request_body = MemberForm, params(("household" = HouseholdId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn join(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<HouseholdId>,
    order: Order<MemberForm>,
) -> Result<Done, Problem> {
    let MemberForm { person, on } = order.body;
    intake.must_name(&reader, id, person).await?;
    let join = HouseholdCommand::Join { person, on, today: rome::day_of(order.now) };
    Ok(intake.log.ask::<Household>(&order.asked, id.0, join).await?)
}

impl Intake {
    /// Refuses somebody whom the caller may not name in this household, and whom nobody registered.
    async fn must_name(
        &self,
        reader: &Reader,
        household: HouseholdId,
        person: PersonId,
    ) -> Result<(), Problem> {
        let (household, _) = self.log.load::<Household>(household.0).await?;
        let others: Vec<PersonId> = household.now().filter(|other| *other != person).collect();
        let known = self.known::<Rejection>(person, &reader.caller).await?;
        let known = known.filter(|known| known.sealed_by.is_none());
        if reader.may_name(person, known, &others).await? {
            return Ok(());
        }
        Err(Failure::Rejected(Rejection::NoSuchPerson).into())
    }
}

/// When somebody left a household.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaveForm {
    /// First day without her, not later than tomorrow.
    on: Date,
}

/// Somebody does not belong to the household any more. You have to do with her or with another one
/// who belongs to it now.
#[utoipa::path(post, path = "/api/intake/households/{household}/members/{person}/leave",
    tag = "intake", request_body = LeaveForm,
    params(("household" = HouseholdId, Path), ("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn leave(
    State(intake): State<Intake>,
    reader: Reader,
    Path((id, person)): Path<(HouseholdId, PersonId)>,
    order: Order<LeaveForm>,
) -> Result<Done, Problem> {
    intake.must_name(&reader, id, person).await?;
    let today = rome::day_of(order.now);
    let leave = HouseholdCommand::Leave { person, on: order.body.on, today };
    Ok(intake.log.ask::<Household>(&order.asked, id.0, leave).await?)
}

/// A household and who ever belonged to it, as far as the reader may know them.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct HouseholdView {
    /// The household.
    household: HouseholdId,
    /// In which sense they belong together.
    kind: HouseholdKind,
    /// Service that recorded it, for those who act for it: another's may be where she is safe.
    service: Option<ServiceId>,
    /// How many of these belong to it now.
    size: usize,
    /// Who belonged to it and when; who came back is named twice. At most 400.
    members: Vec<MemberView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct MemberView {
    /// Who.
    person: PersonId,
    /// Since which day.
    from: Date,
    /// First day without her; nothing while she belongs to it.
    to: Option<Date>,
}

/// One household, as its own events tell it. Members whom you may not know are not there; where
/// you may know none of them, the household is there for the service that recorded it alone. State
/// a purpose where no open case, referral or stay explains the reading.
///
/// There is no version to name in `If-Match`: it would count members who are not shown.
#[utoipa::path(get, path = "/api/intake/households/{household}", tag = "intake",
    params(("household" = HouseholdId, Path)), responses((status = 200, body = HouseholdView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<HouseholdId>,
) -> Result<impl IntoResponse, Problem> {
    let (mut found, _) = intake.log.load::<Household>(id.0).await?;
    let known = known(&reader, id, &found).await?;
    found.members.retain(|person, _| known.contains(person));
    let seen = |record: &Record| !known.is_empty() || reader.caller.acts_for(record.service);
    let record = found.record.filter(seen).ok_or_else(Problem::not_found)?;
    let is_hers = reader.caller.acts_for(record.service);
    Ok(Json(view(record, found, is_hers)))
}

/// Members of whom the reader may know that they are there. Of a household that does not exist, or
/// has nobody in it, as much is asked and written down.
async fn known(
    reader: &Reader,
    id: HouseholdId,
    household: &Household,
) -> Result<BTreeSet<PersonId>, Problem> {
    let mut people: Vec<PersonId> = household.members.keys().copied().collect();
    if people.is_empty() {
        people.push(PersonId(id.0));
    }
    let found = reader.found(&people, Section::Path).await?;
    let listed = found.iter().filter(|found| found.listed).map(|found| found.person);
    Ok(listed.filter(|person| household.members.contains_key(person)).collect())
}

fn view(record: Record, found: Household, is_hers: bool) -> HouseholdView {
    let size = found.size();
    let of = |(person, times): (PersonId, Vec<Membership>)| {
        times.into_iter().map(move |Membership { from, to }| MemberView { person, from, to })
    };
    let members = found.members.into_iter().flat_map(of).collect();
    let Record { household, kind, service } = record;
    HouseholdView { household, kind, service: Some(service).filter(|_| is_hers), size, members }
}
