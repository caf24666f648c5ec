use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use time::Date;
use trama_events::codes::Destination;
use trama_events::housing::{AdmissionRoute, ExtensionReason, StepDirection, StepReason};
use trama_events::ids::{PersonId, PlaceId, ReferralId, ServiceId, StayId, WaitingId};
use trama_platform::caller::Caller;
use trama_platform::doors::{Doors, Order};
use trama_platform::gate::Reader;
use trama_platform::log::Logged;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{Answer, day, discreet, origin, today};
use crate::stay::{
    Grounds, ProjectFact, Rejection, Start, Stay, StayCommand, StayView, Step, rules,
};
use crate::waiting_entry::WaitingEntry;
use crate::{Housing, agreements, facts, policy};

pub(super) fn doors(doors: Doors<Housing>) -> Doors<Housing> {
    doors
        .door(policy::ADMIT, routes!(start))
        .door(policy::READ, routes!(read))
        .door(policy::STAY, routes!(extend))
        .door(policy::STAY, routes!(move_place))
        .door(policy::STAY, routes!(move_step))
        .door(policy::STAY, routes!(end))
}

/// Somebody who moves in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    stay: Option<StayId>,
    /// Who holds it.
    person: PersonId,
    /// Who moves in with her, of one household; in a family's unit only.
    #[serde(default)]
    members: Vec<PersonId>,
    /// The facility.
    facility: ServiceId,
    /// One place for each, in one unit; with a wait, those that were assigned when left out.
    #[serde(default)]
    places: Vec<PlaceId>,
    /// First night; without one, the day on which it happened.
    started_on: Option<Date>,
    /// How she is admitted; `ordinary` when left out.
    route: Option<AdmissionRoute>,
    /// The wait that ends with this: its place was assigned to her.
    waiting: Option<WaitingId>,
    /// The accepted referral that leads there; into a secret shelter comes whom it registered itself.
    referral: Option<ReferralId>,
}

/// Lets somebody move in.
#[utoipa::path(post, path = "/api/housing/stays", tag = "housing", request_body = StartForm,
    responses((status = 200, body = trama_platform::log::Done)))]
async fn start(State(housing): State<Housing>, reader: Reader, order: Order<StartForm>) -> Answer {
    let form = &order.body;
    let may = policy::is_pis(&order.caller)
        || housing.accompanies(&order.caller, form.person, form.facility).await?;
    if !may {
        return Err(Problem::not_found());
    }
    let start = housing.beginning(&reader, &order).await?;
    let asked = discreet(&order.asked, start.is_secret());
    housing.move_in(&asked, start, form.waiting).await
}

impl Housing {
    /// Everything that the decision needs, read now.
    async fn beginning(&self, reader: &Reader, order: &Order<StartForm>) -> Result<Start, Problem> {
        let form = &order.body;
        let (house, _) = self.facility(&order.caller, form.facility).await?;
        let wait = match form.waiting {
            Some(waiting) => self.log.load::<WaitingEntry>(waiting.0).await?.0,
            None => WaitingEntry::default(),
        };
        let referral = match form.referral {
            Some(referral) => {
                self.seen(referral).await?.map(Some).ok_or(Rejection::UnknownReferral)
            }
            None => Ok(None),
        };
        let by_pis = policy::is_pis(&order.caller);
        let named = if form.places.is_empty() { wait.offered() } else { &form.places };
        let started_on = form.started_on.unwrap_or_else(|| day(order));
        let [actor, key] = origin(order);
        let (grounds, project) = self.known_of(form.person, form.facility, started_on).await?;
        let people = [&[form.person], form.members.as_slice()].concat();
        let own = facts::are_own(self.log.pool(), &people, form.facility).await;
        Ok(Start {
            stay: form.stay.unwrap_or_else(|| StayId::derived(&[&actor, &key])),
            person: form.person,
            people_known: self.reaches(reader, form).await?,
            members: form.members.clone(),
            waited: wait.asked().map(|(person, facility, _)| (person, facility)),
            referral,
            own: own.map_err(Failure::<Rejection>::from)?,
            by_pis,
            places: house.places_on(named, started_on, by_pis),
            started_on,
            route: form.route.unwrap_or(AdmissionRoute::Ordinary),
            grounds,
            project,
            today: today(order),
        })
    }

    /// Whether all who move in are known and may be brought in: children come with who holds the
    /// stay. More than fit in any unit are refused by the stay itself, and nobody is asked about.
    async fn reaches(&self, reader: &Reader, form: &StartForm) -> Result<bool, Problem> {
        let (person, members) = (form.person, &form.members);
        let mut all = reader.may_take_on(person, self.knows(person).await?).await?;
        for member in members.iter().take(rules::MEMBERS_MAX) {
            let known = self.knows(*member).await?;
            all &= reader.may_take_on_with(*member, known, Some(person)).await?;
        }
        Ok(all)
    }

    async fn knows(&self, person: PersonId) -> Result<bool, Problem> {
        let known = facts::knows_all(self.log.pool(), &[person]).await;
        Ok(known.map_err(Failure::<Rejection>::from)?)
    }

    /// What casework says of a person, and which agreements stand for her and a facility on a day.
    async fn known_of(
        &self,
        person: PersonId,
        facility: ServiceId,
        day: Date,
    ) -> Result<(Grounds, ProjectFact), Problem> {
        let pool = self.log.pool();
        let project = facts::project(pool, person).await.map_err(Failure::<Rejection>::from)?;
        let facts = facts::eligibility(pool, person).await.map_err(Failure::<Rejection>::from)?;
        let agreements = agreements::agreements(pool, facility, person, day).await;
        let agreements = agreements.map_err(Failure::<Rejection>::from)?;
        Ok((Grounds { facts, agreements }, project))
    }

    /// A stay that concerns the caller, with its version.
    async fn guest(&self, caller: &Caller, id: StayId) -> Result<(Stay, i64), Problem> {
        let (stay, version) = self.log.load::<Stay>(id.0).await?;
        let (person, facility) =
            stay.person().zip(stay.facility()).ok_or_else(Problem::not_found)?;
        let may = self.accompanies(caller, person, facility).await?;
        if may { Ok((stay, version)) } else { Err(Problem::not_found()) }
    }
}

/// One stay, as its own events tell it.
#[utoipa::path(get, path = "/api/housing/stays/{stay}", tag = "housing",
    params(("stay" = StayId, Path)), responses((status = 200, body = StayView)))]
async fn read(
    State(housing): State<Housing>,
    reader: Reader,
    Path(id): Path<StayId>,
) -> Result<impl IntoResponse, Problem> {
    let (stay, version) = housing.log.load::<Stay>(id.0).await?;
    housing.shown_to(&reader, stay.person().zip(stay.facility())).await?;
    let view = stay.view().ok_or_else(Problem::not_found)?;
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

/// A decision to let it go on.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExtendForm {
    /// The new last day.
    until: Date,
    /// Day of the decision; without one, the day on which it happened.
    decided_on: Option<Date>,
    /// Why.
    reason: ExtensionReason,
}

/// Lets a stay go on past its cap.
#[utoipa::path(post, path = "/api/housing/stays/{stay}/extend", tag = "housing",
    request_body = ExtendForm, params(("stay" = StayId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn extend(
    State(housing): State<Housing>,
    Path(id): Path<StayId>,
    order: Order<ExtendForm>,
) -> Answer {
    let (stay, _) = housing.guest(&order.caller, id).await?;
    let ExtendForm { until, decided_on, reason } = order.body;
    let decided_on = decided_on.unwrap_or_else(|| day(&order));
    let command = StayCommand::Extend { until, decided_on, reason, today: today(&order) };
    let asked = discreet(&order.asked, stay.is_secret());
    Ok(housing.log.ask::<Stay>(&asked, id.0, command).await?)
}

/// Other places of the same facility.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MovePlaceForm {
    /// One place for each person, in one unit.
    places: Vec<PlaceId>,
    /// First night there; without one, the day on which it happened.
    moved_on: Option<Date>,
}

/// Moves to other places of the same facility; the clock goes on.
#[utoipa::path(post, path = "/api/housing/stays/{stay}/move-place", tag = "housing",
    request_body = MovePlaceForm, params(("stay" = StayId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn move_place(
    State(housing): State<Housing>,
    Path(id): Path<StayId>,
    order: Order<MovePlaceForm>,
) -> Answer {
    let (stay, _) = housing.guest(&order.caller, id).await?;
    let facility = stay.facility().ok_or_else(Problem::not_found)?;
    let (house, _) = housing.facility(&order.caller, facility).await?;
    let moved_on = order.body.moved_on.unwrap_or_else(|| day(&order));
    let places = house.places_on(&order.body.places, moved_on, false);
    let command = StayCommand::MovePlace { places, moved_on, today: today(&order) };
    let asked = discreet(&order.asked, stay.is_secret());
    Ok(housing.log.ask::<Stay>(&asked, id.0, command).await?)
}

/// A step up or down.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveStepForm {
    /// The facility to which she moves.
    facility: ServiceId,
    /// One place for each person, in one unit.
    places: Vec<PlaceId>,
    /// First night there; without one, the day on which it happened.
    moved_on: Option<Date>,
    /// Up or down.
    direction: StepDirection,
    /// Why.
    reason: StepReason,
}

/// Moves to another facility of the chain; the programme's clock goes on.
#[utoipa::path(post, path = "/api/housing/stays/{stay}/move-step", tag = "housing",
    request_body = MoveStepForm, params(("stay" = StayId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn move_step(
    State(housing): State<Housing>,
    Path(id): Path<StayId>,
    order: Order<MoveStepForm>,
) -> Answer {
    let (stay, _) = housing.guest(&order.caller, id).await?;
    let person = stay.person().ok_or_else(Problem::not_found)?;
    let step = housing.next_step(person, &order).await?;
    let command = StayCommand::MoveStep(Box::new(step));
    let asked = discreet(&order.asked, stay.is_secret());
    Ok(housing.log.ask::<Stay>(&asked, id.0, command).await?)
}

impl Housing {
    /// Everything that the decision needs; a step concerns both houses, or the person's case.
    async fn next_step(
        &self,
        person: PersonId,
        order: &Order<MoveStepForm>,
    ) -> Result<Step, Problem> {
        let form = &order.body;
        if !self.accompanies(&order.caller, person, form.facility).await? {
            return Err(Problem::not_found());
        }
        let (house, _) = self.facility(&order.caller, form.facility).await?;
        let moved_on = form.moved_on.unwrap_or_else(|| day(order));
        let (grounds, project) = self.known_of(person, form.facility, moved_on).await?;
        Ok(Step {
            places: house.places_on(&form.places, moved_on, false),
            moved_on,
            direction: form.direction,
            reason: form.reason,
            grounds,
            project,
            today: today(order),
        })
    }
}

/// How it ends.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndForm {
    /// First night elsewhere; without one, the day on which it happened.
    ended_on: Option<Date>,
    /// Where to.
    destination: Destination,
}

/// Somebody moves out.
#[utoipa::path(post, path = "/api/housing/stays/{stay}/end", tag = "housing",
    request_body = EndForm, params(("stay" = StayId, Path)),
    responses((status = 200, body = trama_platform::log::Done)))]
async fn end(
    State(housing): State<Housing>,
    Path(id): Path<StayId>,
    order: Order<EndForm>,
) -> Answer {
    let (stay, _) = housing.guest(&order.caller, id).await?;
    let EndForm { ended_on, destination } = order.body;
    let ended_on = ended_on.unwrap_or_else(|| day(&order));
    let command = StayCommand::End { ended_on, destination, today: today(&order) };
    let asked = discreet(&order.asked, stay.is_secret());
    Ok(housing.log.ask::<Stay>(&asked, id.0, command).await?)
}
