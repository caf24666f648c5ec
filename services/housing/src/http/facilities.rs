use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::{BlockReason, CapacityReason, HouseRules, UnitMode};
use trama_events::ids::{PlaceId, ServiceId, UnitId};
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_platform::doors::{Doors, Order};
use trama_platform::{Failure, Problem};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{Answer, Nothing, discreet, origin, today};
use crate::facility::{
    ChangeCapacity, Facility, FacilityCommand, FacilityView, PlaceFact, Rejection,
};
use crate::{Housing, policy};

pub(super) fn doors(doors: Doors<Housing>) -> Doors<Housing> {
    doors
        .door(policy::KEEP, routes!(open))
        .door(policy::READ_FACILITY, routes!(read))
        .door(policy::KEEP, routes!(add_unit))
        .door(policy::KEEP, routes!(change_capacity))
        .door(policy::KEEP, routes!(set_season))
        .door(policy::BLOCK, routes!(block))
        .door(policy::BLOCK, routes!(release))
        .door(policy::KEEP, routes!(close))
}

impl Housing {
    /// Asks in the facility's own name.
    async fn keep<T: Sync>(
        &self,
        facility: ServiceId,
        order: &Order<T>,
        command: FacilityCommand,
    ) -> Answer {
        order.caller.must_act_for::<Rejection>(facility)?;
        let secret = match &command {
            FacilityCommand::Open { kind, .. } => *kind == ServiceType::SecretShelter,
            FacilityCommand::AddUnit { .. }
            | FacilityCommand::ChangeCapacity(_)
            | FacilityCommand::SetSeason { .. }
            | FacilityCommand::BlockPlace { .. }
            | FacilityCommand::ReleasePlace { .. }
            | FacilityCommand::Close { .. } => {
                self.log.load::<Facility>(facility.0).await?.0.is_secret()
            }
        };
        let asked = discreet(&order.asked, secret);
        Ok(self.log.ask::<Facility>(&asked, facility.0, command).await?)
    }
}

/// A facility to open.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenForm {
    /// The id of its service in the directory: one of yours.
    facility: ServiceId,
    /// One of the eleven kinds of housing.
    kind: ServiceType,
    /// First night; may be planned.
    opened_on: Date,
    /// Its house rules; without them those of its kind.
    rules: Option<HouseRules>,
}

/// Opens a facility.
#[utoipa::path(post, path = "/api/housing/facilities", tag = "housing", request_body = OpenForm,
    responses((status = 200, body = trama_platform::log::Done)))]
async fn open(State(housing): State<Housing>, order: Order<OpenForm>) -> Answer {
    let OpenForm { facility, kind, opened_on, rules } = order.body;
    let command = FacilityCommand::Open { facility, kind, opened_on, rules };
    housing.keep(facility, &order, command).await
}

/// For which night.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct NightQuery {
    /// The date of the evening; today without one.
    night: Option<Date>,
}

/// A facility and its free places on a night.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct FacilityAnswer {
    /// What it is.
    #[serde(flatten)]
    facility: FacilityView,
    /// The date of the evening.
    night: Date,
    /// How many places it has on that night, blocked ones too.
    capacity: usize,
    /// Those that you can give now.
    free: Vec<FreePlace>,
    /// Why it takes nobody on that night, when it does not.
    closed: Option<String>,
}

/// A place that nobody has on a night.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct FreePlace {
    /// The place.
    place: PlaceId,
    /// Its unit.
    unit: UnitId,
    /// For whom the unit is.
    mode: UnitMode,
    /// First later night on which it is blocked or gone, when one is known.
    until: Option<Date>,
}

/// One facility, as its own events tell it, with the places that are free now.
#[utoipa::path(get, path = "/api/housing/facilities/{facility}", tag = "housing",
    params(("facility" = ServiceId, Path), NightQuery),
    responses((status = 200, body = FacilityAnswer)))]
async fn read(
    State(housing): State<Housing>,
    caller: Caller,
    Path(id): Path<ServiceId>,
    query: Result<Query<NightQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(NightQuery { night }) = query.map_err(|error| bad_query(&error))?;
    let night = night.unwrap_or_else(|| rome::day_of(housing.log.clock().now()));
    let (facility, version) = housing.facility(&caller, id).await?;
    let view = facility.view().ok_or_else(Problem::not_found)?;
    let offers = facility.offers(night, policy::is_pis(&caller));
    let answer = FacilityAnswer {
        facility: view,
        night,
        capacity: facility.capacity(night),
        closed: offers.as_ref().err().map(ToString::to_string),
        free: housing.free(offers.unwrap_or_default(), night).await?,
    };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(answer)))
}

impl Housing {
    async fn free(&self, offers: Vec<PlaceFact>, night: Date) -> Result<Vec<FreePlace>, Problem> {
        let taken = self.taken(&offers, night, None).await.map_err(Failure::<Rejection>::from)?;
        let free = offers.into_iter().filter(|fact| !taken.contains(&fact.place));
        let shown = |fact: PlaceFact| {
            let PlaceFact { unit, mode, place, until, .. } = fact;
            FreePlace { place, unit, mode, until }
        };
        Ok(free.map(shown).collect())
    }
}

fn bad_query(error: &QueryRejection) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", error.body_text())
}

/// A unit to add.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    unit: Option<UnitId>,
    /// For whom it is.
    mode: UnitMode,
}

/// Adds a flat, room or dormitory.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/units", tag = "housing",
    request_body = UnitForm, params(("facility" = ServiceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn add_unit(
    State(housing): State<Housing>,
    Path(facility): Path<ServiceId>,
    order: Order<UnitForm>,
) -> Answer {
    let [actor, key] = origin(&order);
    let unit = order.body.unit.unwrap_or_else(|| UnitId::derived(&[&actor, &key]));
    let command = FacilityCommand::AddUnit { unit, mode: order.body.mode };
    housing.keep(facility, &order, command).await
}

/// Places that come or go.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapacityForm {
    /// The unit.
    unit: UnitId,
    /// Your own ids for new places.
    #[serde(default)]
    added: Vec<PlaceId>,
    /// How many more new places, whose ids follow from the Idempotency-Key.
    #[serde(default)]
    added_count: u16,
    /// Places that end for good.
    #[serde(default)]
    removed: Vec<PlaceId>,
    /// First night with, or without, them.
    valid_from: Date,
    /// First night on which the added places are gone again; none for no end.
    valid_to: Option<Date>,
    /// Why.
    reason: CapacityReason,
    /// Whether only the emergency service may assign the added places.
    #[serde(default)]
    pis_only: bool,
}

impl CapacityForm {
    fn change(self, [actor, key]: &[String; 2]) -> ChangeCapacity {
        let new = (1..=self.added_count)
            .map(|number| PlaceId::derived(&[actor, key, &number.to_string()]));
        ChangeCapacity {
            unit: self.unit,
            added: self.added.into_iter().chain(new).collect(),
            removed: self.removed,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            reason: self.reason,
            pis_only: self.pis_only,
        }
    }
}

/// Adds or removes places.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/capacity", tag = "housing",
    request_body = CapacityForm, params(("facility" = ServiceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn change_capacity(
    State(housing): State<Housing>,
    Path(facility): Path<ServiceId>,
    order: Order<CapacityForm>,
) -> Answer {
    let change = order.body.clone().change(&origin(&order));
    housing.keep(facility, &order, FacilityCommand::ChangeCapacity(Box::new(change))).await
}

/// From when to when it is open.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeasonForm {
    /// First night.
    from: Date,
    /// Last night.
    to: Date,
}

/// Sets a season; it takes the place of those that it overlaps.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/season", tag = "housing",
    request_body = SeasonForm, params(("facility" = ServiceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn set_season(
    State(housing): State<Housing>,
    Path(facility): Path<ServiceId>,
    order: Order<SeasonForm>,
) -> Answer {
    let SeasonForm { from, to } = order.body;
    let command = FacilityCommand::SetSeason { from, to, today: today(&order) };
    housing.keep(facility, &order, command).await
}

/// A place that cannot be used.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BlockForm {
    /// The place.
    place: PlaceId,
    /// First night.
    from: Date,
    /// First night on which it is free again; none until released.
    to: Option<Date>,
    /// Why.
    reason: BlockReason,
}

/// Takes a place out of use for a while.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/blocks", tag = "housing",
    request_body = BlockForm, params(("facility" = ServiceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn block(
    State(housing): State<Housing>,
    Path(facility): Path<ServiceId>,
    order: Order<BlockForm>,
) -> Answer {
    let BlockForm { place, from, to, reason } = order.body;
    let command = FacilityCommand::BlockPlace { place, from, to, reason, today: today(&order) };
    housing.keep(facility, &order, command).await
}

/// Takes a blocked place into use again.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/blocks/{place}/release",
    tag = "housing", request_body = Nothing,
    params(("facility" = ServiceId, Path), ("place" = PlaceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn release(
    State(housing): State<Housing>,
    Path((facility, place)): Path<(ServiceId, PlaceId)>,
    order: Order<Nothing>,
) -> Answer {
    housing.keep(facility, &order, FacilityCommand::ReleasePlace { place }).await
}

/// When it closes.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseForm {
    /// First night without it; may be planned.
    closed_on: Date,
}

/// Closes a facility; refused while somebody has a place there from then on.
#[utoipa::path(post, path = "/api/housing/facilities/{facility}/close", tag = "housing",
    request_body = CloseForm, params(("facility" = ServiceId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn close(
    State(housing): State<Housing>,
    Path(facility): Path<ServiceId>,
    order: Order<CloseForm>,
) -> Answer {
    let command = FacilityCommand::Close { closed_on: order.body.closed_on };
    housing.keep(facility, &order, command).await
}
