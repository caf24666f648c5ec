use axum::extract::{Path, State};
use serde::Deserialize;
use trama_events::ids::{HouseholdId, PersonId};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::Done;
use utoipa::ToSchema;

use crate::Intake;
use crate::household::Household;
use crate::person::{Person, PersonCommand, Rejection};

/// Who is not to be found, or may be again. It says neither why nor where she is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HidingForm {
    /// A household to which she belongs now, when it is by another one of it that you have to do
    /// with her: of a child, that of the mother.
    household: Option<HouseholdId>,
}

/// From now on nobody finds her but who accompanies her: not by name, in a household, on a journey or
/// in the feed. You have to do with her, or with another one of her household; each of them is
/// hidden by an order of its own. Whoever only met her once does not find her afterwards either.
#[utoipa::path(post, path = "/api/intake/persons/{person}/not-to-be-found", tag = "intake",
    request_body = HidingForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn hide(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<HidingForm>,
) -> Result<Done, Problem> {
    let (known, others) = intake.hidden_with(&reader, id, order.body.household).await?;
    if !reader.may_hide(id, known, &others).await? {
        return Err(Problem::not_found());
    }
    Ok(intake.log.ask::<Person>(&order.asked, id.0, PersonCommand::Hide).await?)
}

/// She may be found again. Who accompanies her says so, and said that she is not to be found or was
/// given her by somebody else; or who hid her together with another one of her household whom she
/// accompanies. Of one whom nobody accompanies any more, a service says it that did.
#[utoipa::path(post, path = "/api/intake/persons/{person}/not-to-be-found/lift", tag = "intake",
    request_body = HidingForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn reveal(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<HidingForm>,
) -> Result<Done, Problem> {
    let (known, others) = intake.hidden_with(&reader, id, order.body.household).await?;
    if !reader.may_reveal(id, known, &others).await? {
        return Err(Problem::not_found());
    }
    Ok(intake.log.ask::<Person>(&order.asked, id.0, PersonCommand::Reveal).await?)
}

impl Intake {
    /// What the log tells of her, and who belongs to the household that is named, if she does. A
    /// pseudonym is found by nobody anyhow: there is nothing to be said of one.
    async fn hidden_with(
        &self,
        reader: &Reader,
        person: PersonId,
        household: Option<HouseholdId>,
    ) -> Result<(Option<Known>, Vec<PersonId>), Problem> {
        let known = self.known::<Rejection>(person, &reader.caller).await?;
        let known = known.filter(|known| known.sealed_by.is_none());
        let Some(household) = household else { return Ok((known, Vec::new())) };
        let (household, _) = self.log.load::<Household>(household.0).await?;
        let all: Vec<PersonId> = household.now().collect();
        let others = all.iter().copied().filter(|other| *other != person && all.contains(&person));
        Ok((known, others.collect()))
    }
}
