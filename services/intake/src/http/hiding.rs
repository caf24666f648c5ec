use axum::extract::{Path, State};
use serde::Deserialize;
use trama_events::ids::{HouseholdId, PersonId};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::{Asked, Done};
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

/// That she may be found again.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealForm {}

/// From now on nobody finds her but who accompanies her: not by name, in a household, on a journey or
/// in the feed. You accompany her, or another one of her household; each of them is hidden by an order
/// of its own. Having met her once is no ground. What a colleague said before stands beside it.
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
    let Some(records) = reader.may_hide(id, known, &others).await? else {
        return Err(Problem::not_found());
    };
    let hide = PersonCommand::Hide { said_by: order.caller.staff };
    for record in records.into_iter().filter(|record| *record != id) {
        intake.log.ask::<Person>(&of_record(&order.asked, record), record.0, hide.clone()).await?;
    }
    Ok(intake.log.ask::<Person>(&order.asked, id.0, hide).await?)
}

/// She may be found again, as far as you may say so. You lift what you said yourself. What others said
/// too is lifted by whoever accompanies her on a case that somebody else gave her, of the record of that
/// case.
#[utoipa::path(post, path = "/api/intake/persons/{person}/not-to-be-found/lift", tag = "intake",
    request_body = RevealForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn reveal(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<RevealForm>,
) -> Result<Done, Problem> {
    let known = intake.known::<Rejection>(id, &reader.caller).await?;
    let known = known.filter(|known| known.sealed_by.is_none());
    let Some(mut lifts) = reader.may_reveal(id, known).await? else {
        return Err(Problem::not_found());
    };
    let reveal = PersonCommand::Reveal { said_by: lifts.remove(&id).unwrap_or_default() };
    for (record, said_by) in lifts {
        let reveal = PersonCommand::Reveal { said_by };
        intake.log.ask::<Person>(&of_record(&order.asked, record), record.0, reveal).await?;
    }
    Ok(intake.log.ask::<Person>(&order.asked, id.0, reveal).await?)
}

/// The same order for another record that is she, under a key of its own.
fn of_record(asked: &Asked, record: PersonId) -> Asked {
    Asked { key: format!("{}-{record}", asked.key), if_match: None, ..asked.clone() }
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
