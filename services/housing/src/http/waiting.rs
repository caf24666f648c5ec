use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::housing::WaitingEndReason;
use trama_events::ids::{PersonId, PlaceId, ReferralId, ServiceId, WaitingId};
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_platform::doors::{Doors, Order};
use trama_platform::gate::Reader;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Answer, Nothing, discreet, origin, today};
use crate::facility::Facility;
use crate::waiting_entry::{
    ReferralSeen, Rejection, Request, Standing, WaitingCommand, WaitingEntry,
};
use crate::{Housing, facts, policy};

pub(super) fn doors(doors: Doors<Housing>) -> Doors<Housing> {
    doors
        .door(policy::WAIT, routes!(request))
        .door(policy::READ, routes!(read))
        .door(policy::OFFER, routes!(offer))
        .door(policy::ANSWER, routes!(decline))
        .door(policy::ANSWER, routes!(assign))
        .door(policy::ANSWER, routes!(end))
}

/// A place to wait for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    waiting: Option<WaitingId>,
    /// The person.
    person: PersonId,
    /// The facility: yours, if you work in one.
    facility: ServiceId,
    /// How many places; 1 when left out.
    places: Option<u16>,
    /// The accepted referral behind it; for a secret shelter waits whom it registered itself.
    referral: Option<ReferralId>,
}

/// Asks for a place and puts the person on the list.
#[utoipa::path(post, path = "/api/housing/waiting", tag = "housing", request_body = RequestForm,
    responses((status = 200, body = trama_platform::log::Done)))]
async fn request(
    State(housing): State<Housing>,
    reader: Reader,
    order: Order<RequestForm>,
) -> Answer {
    let form = order.body;
    if !policy::places_anywhere(&order.caller) {
        order.caller.must_act_for::<Rejection>(form.facility)?;
    }
    let (house, _) = housing.facility(&order.caller, form.facility).await?;
    let mut request = housing.place_wish(&order, &house).await?;
    request.person_known = reader.may_take_on(form.person, request.person_known).await?;
    let (id, asked) = (request.waiting.0, discreet(&order.asked, house.is_secret()));
    let command = WaitingCommand::Request(Box::new(request));
    Ok(housing.log.ask::<WaitingEntry>(&asked, id, command).await?)
}

impl Housing {
    /// Everything that the decision needs, read now.
    async fn place_wish(
        &self,
        order: &Order<RequestForm>,
        house: &Facility,
    ) -> Result<Request, Problem> {
        let form = order.body;
        let known = facts::knows_all(self.log.pool(), &[form.person]).await;
        let own = facts::are_own(self.log.pool(), &[form.person], form.facility).await;
        let [actor, key] = origin(order);
        Ok(Request {
            waiting: form.waiting.unwrap_or_else(|| WaitingId::derived(&[&actor, &key])),
            person: form.person,
            person_known: known.map_err(Failure::<Rejection>::from)?,
            facility: house.fact(today(order)),
            referral: match form.referral {
                Some(referral) => {
                    self.seen(referral).await?.map(Some).ok_or(Rejection::UnknownReferral)
                }
                None => Ok(None),
            },
            own: own.map_err(Failure::<Rejection>::from)?,
            places: form.places.unwrap_or(1),
        })
    }

    /// A referral, as our copy has it.
    pub(super) async fn seen(&self, id: ReferralId) -> Result<Option<ReferralSeen>, Problem> {
        let seen = facts::referral(self.log.pool(), id).await;
        Ok(seen.map_err(Failure::<Rejection>::from)?)
    }

    /// A wait that concerns the caller, with its version.
    async fn wait(&self, caller: &Caller, id: WaitingId) -> Result<(WaitingEntry, i64), Problem> {
        let (wait, version) = self.log.load::<WaitingEntry>(id.0).await?;
        let (person, facility, _) = wait.asked().ok_or_else(Problem::not_found)?;
        let may = self.accompanies(caller, person, facility).await?;
        if may { Ok((wait, version)) } else { Err(Problem::not_found()) }
    }

    async fn answer<T: Sync>(
        &self,
        id: WaitingId,
        order: &Order<T>,
        command: WaitingCommand,
    ) -> Answer {
        let (wait, _) = self.wait(&order.caller, id).await?;
        let (_, facility, _) = wait.asked().ok_or_else(Problem::not_found)?;
        let (house, _) = self.facility(&order.caller, facility).await?;
        let asked = discreet(&order.asked, house.is_secret());
        Ok(self.log.ask::<WaitingEntry>(&asked, id.0, command).await?)
    }
}

/// A wait for a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct WaitingAnswer {
    /// The wait.
    waiting: WaitingId,
    /// The person.
    person: PersonId,
    /// The facility.
    facility: ServiceId,
    /// How many places.
    places: u16,
    /// Those that are offered or assigned.
    offered: Vec<PlaceId>,
    /// Where it stands.
    #[serde(flatten)]
    standing: Standing,
}

/// One wait, as its own events tell it.
#[utoipa::path(get, path = "/api/housing/waiting/{waiting}", tag = "housing",
    params(("waiting" = WaitingId, Path)), responses((status = 200, body = WaitingAnswer)))]
async fn read(
    State(housing): State<Housing>,
    reader: Reader,
    Path(id): Path<WaitingId>,
) -> Result<impl IntoResponse, Problem> {
    let (wait, version) = housing.log.load::<WaitingEntry>(id.0).await?;
    let asked = wait.asked();
    let of = asked.map(|(person, facility, _)| (person, facility));
    let (person, facility) = housing.shown_to(&reader, of).await?;
    let places = asked.map_or(0, |(_, _, places)| places);
    let (offered, standing) = (wait.offered().to_vec(), wait.standing());
    let answer = WaitingAnswer { waiting: id, person, facility, places, offered, standing };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(answer)))
}

/// Places for whoever waits.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferForm {
    /// As many as were asked for, in one unit.
    places: Vec<PlaceId>,
    /// Until when they are kept, at most seven days.
    #[serde(with = "time::serde::rfc3339")]
    held_until: OffsetDateTime,
}

/// Offers places, all at once, and keeps them until the answer.
#[utoipa::path(post, path = "/api/housing/waiting/{waiting}/offer", tag = "housing",
    request_body = OfferForm, params(("waiting" = WaitingId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn offer(
    State(housing): State<Housing>,
    Path(id): Path<WaitingId>,
    order: Order<OfferForm>,
) -> Answer {
    let (wait, _) = housing.wait(&order.caller, id).await?;
    let (_, facility, _) = wait.asked().ok_or_else(Problem::not_found)?;
    let (house, _) = housing.facility(&order.caller, facility).await?;
    let held_until = order.body.held_until;
    let places = house.places_on(&order.body.places, rome::night_of(held_until), false);
    let command = WaitingCommand::Offer { places, held_until, now: order.now };
    let asked = discreet(&order.asked, house.is_secret());
    Ok(housing.log.ask::<WaitingEntry>(&asked, id.0, command).await?)
}

/// The person does not want what was offered, and waits on.
#[utoipa::path(post, path = "/api/housing/waiting/{waiting}/decline", tag = "housing",
    request_body = Nothing, params(("waiting" = WaitingId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn decline(
    State(housing): State<Housing>,
    Path(id): Path<WaitingId>,
    order: Order<Nothing>,
) -> Answer {
    housing.answer(id, &order, WaitingCommand::Decline).await
}

/// The person will have it.
#[utoipa::path(post, path = "/api/housing/waiting/{waiting}/assign", tag = "housing",
    request_body = Nothing, params(("waiting" = WaitingId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn assign(
    State(housing): State<Housing>,
    Path(id): Path<WaitingId>,
    order: Order<Nothing>,
) -> Answer {
    housing.answer(id, &order, WaitingCommand::Assign { now: order.now }).await
}

/// Why a wait ends.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndWaitForm {
    /// Why; who moves in from the list is better recorded with her stay.
    reason: WaitingEndReason,
}

/// The wait ends.
#[utoipa::path(post, path = "/api/housing/waiting/{waiting}/end", tag = "housing",
    request_body = EndWaitForm, params(("waiting" = WaitingId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn end(
    State(housing): State<Housing>,
    Path(id): Path<WaitingId>,
    order: Order<EndWaitForm>,
) -> Answer {
    housing.answer(id, &order, WaitingCommand::End { reason: order.body.reason }).await
}
