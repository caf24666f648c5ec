use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::Section;
use trama_events::food::{CardCloseReason, SuspensionReason};
use trama_events::ids::{CardId, HouseholdId, PersonId, ServiceId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, Nothing, own_id};
use crate::card::{CardCommand, Credit, Entry, Issue, PointsCard, Rejection, Spend};
use crate::{Food, facts};

/// A card to issue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    card: Option<CardId>,
    /// The household: one open card each per ATS.
    household: HouseholdId,
    /// Who holds it for the household.
    person: PersonId,
    /// The store that issues it: one of yours.
    service: ServiceId,
    /// People in the household, 1 to 30.
    household_size: u8,
    /// Points to begin with, up to what the size gives a month.
    points: u16,
    /// Last day, up to six months away.
    valid_to: Date,
}

/// Issues a points card to a household; it holds in the ATS of whoever issues it.
#[utoipa::path(post, path = "/api/food/cards", tag = "food", request_body = IssueForm,
    responses((status = 200, body = Done)))]
pub(super) async fn issue(
    State(food): State<Food>,
    reader: Reader,
    order: Order<IssueForm>,
) -> Result<Done, Problem> {
    let form = order.body;
    order.caller.must_act_for::<Rejection>(form.service)?;
    let card = form.card.unwrap_or_else(|| own_id(&order.asked, CardId::derived));
    let issue = Issue {
        card,
        household: form.household,
        person: form.person,
        person_known: food.reaches::<Rejection>(&reader, form.person).await?,
        service: form.service,
        ats: order.asked.ats.clone(),
        household_size: form.household_size,
        points: form.points,
        valid_to: form.valid_to,
        today: rome::day_of(order.asked.occurred_at),
    };
    Ok(food.log.ask::<PointsCard>(&order.asked, card.0, CardCommand::Issue(issue)).await?)
}

/// A card as the store sees it: not whose it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CardView {
    /// The card.
    card: CardId,
    /// `active`, `suspended` or `closed`.
    stage: &'static str,
    /// People in the household.
    household_size: u8,
    /// Points on it now, never negative.
    balance: u16,
    /// Points that offline entries spent beyond the balance, all together.
    overdraft: u32,
    /// Last day.
    valid_to: Date,
}

/// One card, as its own events tell it, in its ATS.
#[utoipa::path(get, path = "/api/food/cards/{card}", tag = "food",
    params(("card" = CardId, Path)), responses((status = 200, body = CardView)))]
pub(super) async fn read(
    State(food): State<Food>,
    reader: Reader,
    Path(id): Path<CardId>,
) -> Result<impl IntoResponse, Problem> {
    let (card, version) = food.log.load::<PointsCard>(id.0).await?;
    let here = card.issued().filter(|issued| issued.ats == reader.caller.ats);
    let known = here.zip(card.standing()).zip(card.valid_to());
    let Some(((issued, stage), valid_to)) = known else {
        return Err(reader.not_own(card.issued().map(|issued| issued.person), Section::Food).await);
    };
    reader.own(issued.person, Section::Food).await?;
    let view = CardView {
        card: id,
        stage,
        household_size: issued.household_size,
        balance: card.balance(),
        overdraft: card.overdraft(),
        valid_to,
    };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

impl Food {
    /// Asks in the name of the store that issued the card.
    async fn as_issuer<T: Sync>(
        &self,
        id: CardId,
        order: &Order<T>,
        command: CardCommand,
    ) -> Answer<Rejection> {
        let permitted =
            |card: &PointsCard| card.issued().is_some_and(|i| order.caller.acts_for(i.service));
        self.log.ask_if(&order.asked, id.0, command, permitted).await
    }
}

/// Fills the current month up to what the household's size gives.
#[utoipa::path(post, path = "/api/food/cards/{card}/credit", tag = "food",
    request_body = Nothing,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn credit(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<Nothing>,
) -> Answer<Rejection> {
    let on = rome::day_of(order.asked.occurred_at);
    let credited = facts::credited(food.log.pool(), id, on).await?;
    let command = CardCommand::Credit(Credit {
        this_month: credited.this_month,
        credits_read: credited.times,
        issued_on: credited.issued_on,
        // A store's rule, never the asker's choice; no store has set one yet.
        roll_over: false,
        on,
        today: rome::day_of(order.now),
    });
    food.as_issuer(id, &order, command).await
}

/// Goods taken.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SpendForm {
    /// How many points the goods cost, 1 to 1,000.
    points: u16,
    /// The store where they were taken: one of yours, in the card's ATS.
    service: ServiceId,
    /// The goods were handed over without a connection: the entry is a fact, and what was not on
    /// the card is an overdraft.
    #[serde(default)]
    offline: bool,
}

/// Takes points for goods. The card is asked now; an offline entry only tells.
#[utoipa::path(post, path = "/api/food/cards/{card}/spend", tag = "food", request_body = SpendForm,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn spend(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<SpendForm>,
) -> Answer<Rejection> {
    let SpendForm { points, service, offline } = order.body;
    order.caller.must_act_for(service)?;
    let today = rome::day_of(order.now);
    let entry = if offline { Entry::Offline } else { Entry::Online { today } };
    let command = CardCommand::Spend(Spend { points, service, entry });
    let here = |card: &PointsCard| card.issued().is_some_and(|i| i.ats == order.caller.ats);
    food.log.ask_if(&order.asked, id.0, command, here).await
}

/// A new last day.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewForm {
    /// New last day, later than the one before and up to six months away.
    valid_to: Date,
}

/// Lets the card go on.
#[utoipa::path(post, path = "/api/food/cards/{card}/renew", tag = "food", request_body = RenewForm,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn renew(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<RenewForm>,
) -> Answer<Rejection> {
    let today = rome::day_of(order.asked.occurred_at);
    let command = CardCommand::Renew { valid_to: order.body.valid_to, today };
    food.as_issuer(id, &order, command).await
}

/// Why a card is suspended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuspendForm {
    /// Why.
    reason: SuspensionReason,
}

/// Stops the card for now.
#[utoipa::path(post, path = "/api/food/cards/{card}/suspend", tag = "food",
    request_body = SuspendForm,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn suspend(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<SuspendForm>,
) -> Answer<Rejection> {
    food.as_issuer(id, &order, CardCommand::Suspend { reason: order.body.reason }).await
}

/// Lets the card be used again.
#[utoipa::path(post, path = "/api/food/cards/{card}/resume", tag = "food", request_body = Nothing,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn resume(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<Nothing>,
) -> Answer<Rejection> {
    food.as_issuer(id, &order, CardCommand::Resume).await
}

/// Why a card ends.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseForm {
    /// Why; not that it ran out, which the clock says.
    reason: CardCloseReason,
}

/// Ends the card before its last day.
#[utoipa::path(post, path = "/api/food/cards/{card}/close", tag = "food", request_body = CloseForm,
    params(("card" = CardId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(food): State<Food>,
    Path(id): Path<CardId>,
    order: Order<CloseForm>,
) -> Answer<Rejection> {
    food.as_issuer(id, &order, CardCommand::Close { reason: order.body.reason }).await
}
