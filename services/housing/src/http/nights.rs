use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::ids::{NightLedgerId, PersonId, PlaceId, ServiceId};
use trama_platform::doors::{Doors, Order};
use trama_platform::gate::Reader;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Answer;
use crate::desk::Wish;
use crate::night_ledger::{Night, NightCommand, NightLedger, Rejection, Reserve};
use crate::{Housing, facts, policy};

pub(super) fn doors(doors: Doors<Housing>) -> Doors<Housing> {
    doors
        .door(policy::BOOK, routes!(reserve))
        .door(policy::ARRIVE, routes!(arrive))
        .door(policy::RECEIVE, routes!(check_in))
        .door(policy::RECEIVE, routes!(no_show))
        .door(policy::BOOK, routes!(release))
        .door(policy::READ, routes!(read))
}

/// A bed for a night.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BedForm {
    /// The person.
    person: PersonId,
    /// The facility: yours, if you work in one.
    facility: ServiceId,
    /// The place; without one, any that is free.
    place: Option<PlaceId>,
    /// The date of the evening: 02:00 on the 15th belongs to the night of the 14th.
    night: Date,
}

impl Housing {
    async fn bed(
        &self,
        reader: &Reader,
        order: &Order<BedForm>,
        command: fn(Box<Reserve>) -> NightCommand,
    ) -> Answer {
        let (BedForm { person, facility, place, night }, now) = (order.body, order.now);
        if !policy::places_anywhere(&order.caller) {
            order.caller.must_act_for::<Rejection>(facility)?;
        }
        let (house, _) = self.facility(&order.caller, facility).await?;
        let by_pis = policy::is_pis(&order.caller);
        let known = facts::knows_all(self.log.pool(), &[person]).await;
        let known = known.map_err(Failure::<Rejection>::from)?;
        let reached = reader.may_take_on(person, known).await?;
        let wish = Wish { facility, person, reached, night, place, by_pis, now, command };
        Ok(self.book(&order.asked, &house, wish).await?)
    }
}

/// Keeps a bed for a night.
#[utoipa::path(post, path = "/api/housing/nights", tag = "housing", request_body = BedForm,
    responses((status = 200, body = trama_platform::log::Done)))]
async fn reserve(State(housing): State<Housing>, reader: Reader, order: Order<BedForm>) -> Answer {
    housing.bed(&reader, &order, NightCommand::Reserve).await
}

/// The emergency service brings somebody straight to a bed: reserved and used at once.
#[utoipa::path(post, path = "/api/housing/nights/arrive", tag = "housing", request_body = BedForm,
    responses((status = 200, body = trama_platform::log::Done)))]
async fn arrive(State(housing): State<Housing>, reader: Reader, order: Order<BedForm>) -> Answer {
    housing.bed(&reader, &order, NightCommand::Arrive).await
}

/// A person's night in a facility.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NightForm {
    /// The person.
    person: PersonId,
    /// The facility.
    facility: ServiceId,
    /// The date of the evening.
    night: Date,
}

impl Housing {
    /// Asks in the facility's own name.
    async fn at_the_door(&self, order: &Order<NightForm>, command: NightCommand) -> Answer {
        let NightForm { person, facility, .. } = order.body;
        order.caller.must_act_for::<Rejection>(facility)?;
        let ledger = NightLedger::id(person, facility);
        Ok(self.log.ask::<NightLedger>(&order.asked, ledger.0, command).await?)
    }
}

/// The person came; `occurred_at` says when.
#[utoipa::path(post, path = "/api/housing/nights/check-in", tag = "housing",
    request_body = NightForm, responses((status = 200, body = trama_platform::log::Done)))]
async fn check_in(State(housing): State<Housing>, order: Order<NightForm>) -> Answer {
    let (night, came_at) = (order.body.night, order.asked.occurred_at);
    housing.at_the_door(&order, NightCommand::CheckIn { night, came_at }).await
}

/// The person did not come by the hour of the house.
#[utoipa::path(post, path = "/api/housing/nights/no-show", tag = "housing",
    request_body = NightForm, responses((status = 200, body = trama_platform::log::Done)))]
async fn no_show(State(housing): State<Housing>, order: Order<NightForm>) -> Answer {
    let (night, now) = (order.body.night, order.now);
    housing.at_the_door(&order, NightCommand::RecordNoShow { night, now }).await
}

/// Gives a reserved bed back: the house itself, the emergency service, or who holds her case.
#[utoipa::path(post, path = "/api/housing/nights/release", tag = "housing",
    request_body = NightForm, responses((status = 200, body = trama_platform::log::Done)))]
async fn release(State(housing): State<Housing>, order: Order<NightForm>) -> Answer {
    let NightForm { person, facility, night } = order.body;
    if !housing.may_give_back(&order.caller, person, facility).await? {
        return Err(Problem::not_found());
    }
    let ledger = NightLedger::id(person, facility);
    let command = NightCommand::Release { night, now: order.now };
    Ok(housing.log.ask::<NightLedger>(&order.asked, ledger.0, command).await?)
}

/// A person's nights in a facility.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct LedgerAnswer {
    /// The ledger.
    ledger: NightLedgerId,
    /// The person.
    person: PersonId,
    /// The facility.
    facility: ServiceId,
    /// Her nights by date.
    nights: Vec<Night>,
}

/// One ledger, as its own events tell it.
#[utoipa::path(get, path = "/api/housing/nights/{ledger}", tag = "housing",
    params(("ledger" = NightLedgerId, Path)), responses((status = 200, body = LedgerAnswer)))]
async fn read(
    State(housing): State<Housing>,
    reader: Reader,
    Path(id): Path<NightLedgerId>,
) -> Result<impl IntoResponse, Problem> {
    let (ledger, version) = housing.log.load::<NightLedger>(id.0).await?;
    let (person, facility) = housing.shown_to(&reader, ledger.of()).await?;
    let answer = LedgerAnswer { ledger: id, person, facility, nights: ledger.nights() };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(answer)))
}
