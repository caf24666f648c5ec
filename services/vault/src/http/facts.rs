use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::codes::{FactSource, IdentityField, Section, Segment};
use trama_events::ids::{FactId, OrganisationId, PersonId, StaffId};
use trama_platform::doors::Order;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::Done;
use trama_platform::permit::Wrote;
use trama_platform::{Failure, Problem};
use utoipa::{IntoParams, ToSchema};

use crate::Vault;
use crate::identity::Rejection;
use crate::read::{OpenedFact, Sight};
use crate::record::{FACTS_MAX, Said};
use crate::rules::{SECTIONS, section_of, segment_of};
use crate::store::Value;

/// Facts that were said of a person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FactsForm {
    /// 1 to 50 facts.
    facts: Vec<FactForm>,
}

/// One fact.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactForm {
    /// What it says.
    field: IdentityField,
    /// The value; a date as 1985-12-10, sex as registered as f or m.
    #[schema(value_type = String)]
    value: Value,
    /// For notes: the segment of the service.
    segment: Option<Segment>,
    /// Where it comes from.
    source: FactSource,
    /// The fact that it corrects. Of a name, a birth date and the like the last one counts anyhow.
    replaces: Option<FactId>,
}

/// Records facts. A later fact corrects an earlier one; both stay.
#[utoipa::path(post, path = "/api/vault/persons/{person}/facts", tag = "vault",
    request_body = FactsForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(vault): State<Vault>,
    reader: Reader,
    Path(person): Path<PersonId>,
    order: Order<FactsForm>,
) -> Result<Done, Problem> {
    if !(1..=FACTS_MAX).contains(&order.body.facts.len()) {
        return Err(Failure::Rejected(Rejection::HowMany { max: FACTS_MAX }).into());
    }
    let said: Vec<Said> = order.body.facts.into_iter().map(Said::from).collect();
    let sections = sections_of(&said).map_err(Failure::Rejected)?;
    let registered = vault.registered(person).await.map_err(Failure::<Rejection>::from)?;
    let known = registered.map(|by| Known {
        own_record: reader.caller.acts_for(by.service),
        sealed_by: Some(by.service).filter(|_| by.sealed),
    });
    reader.writes(person, known, &sections).await?;
    let dates = said.iter().any(|said| said.field == IdentityField::BirthDate);
    let registered_here = known.is_some_and(|known| known.own_record);
    if dates && !registered_here && !reader.may_date(person).await? {
        return Err(Failure::Rejected(Rejection::BirthDateOfAChild).into());
    }
    Ok(vault.record(&order.asked, person, said).await?)
}

impl From<FactForm> for Said {
    fn from(form: FactForm) -> Self {
        let FactForm { field, value, segment, source, replaces } = form;
        Self { field, value, segment, source, replaces }
    }
}

/// The classes of data in which these facts write.
fn sections_of(said: &[Said]) -> Result<BTreeSet<Section>, Rejection> {
    let section = |said: &Said| {
        let segment = segment_of(said.field, said.segment)?;
        Ok(section_of(said.field, segment))
    };
    said.iter().map(section).collect()
}

/// How much to show.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadQuery {
    /// Whether to show corrected facts too.
    #[serde(default)]
    history: bool,
    /// Only these classes, divided by commas, e.g. `identity,alias`: what is not asked for is neither
    /// opened nor written down as seen.
    sections: Option<String>,
}

impl ReadQuery {
    fn sections(&self) -> Vec<Section> {
        let named = self.sections.as_deref().map(|named| named.split(',').collect::<Vec<_>>());
        let asked =
            |section: &Section| named.as_ref().is_none_or(|named| named.contains(&section.code()));
        SECTIONS.into_iter().filter(asked).collect()
    }
}

/// What the vault shows of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PersonView {
    /// The person.
    person: PersonId,
    /// Facts that you may see, in the order of recording.
    facts: Vec<FactView>,
}

/// A fact, as far as you may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct FactView {
    /// Its id, by which it is corrected.
    fact: FactId,
    /// What it says.
    field: IdentityField,
    /// To which section it belongs.
    section: Section,
    /// Under which segment it lies.
    segment: Segment,
    /// The value.
    value: String,
    /// Whether it counts now.
    current: bool,
    /// Where it comes from.
    source: FactSource,
    /// When it was said or seen.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    occurred_at: OffsetDateTime,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    recorded_at: OffsetDateTime,
    /// Who recorded it.
    staff: StaffId,
    /// For which organisation.
    organisation: OrganisationId,
    /// Which fact it corrects.
    replaces: Option<FactId>,
}

/// One person's facts, in the sections that you may see.
#[utoipa::path(get, path = "/api/vault/persons/{person}", tag = "vault",
    params(("person" = PersonId, Path), ReadQuery), responses((status = 200, body = PersonView)))]
pub(super) async fn read(
    State(vault): State<Vault>,
    reader: Reader,
    Path(person): Path<PersonId>,
    Query(query): Query<ReadQuery>,
) -> Result<impl IntoResponse, Problem> {
    let open = reader.open(person, &query.sections()).await?.sections;
    // No fact names the service that recorded it: of an obscured one the whole body's are hidden.
    let permitted = |section, organisation| {
        open.shows(section, &Wrote { organisation, service: None, obscured: false })
    };
    let sight = Sight { permitted: &permitted };
    let opened = vault.read(person, &sight).await?.ok_or_else(Problem::not_found)?;
    let shown = opened.facts.into_iter().filter(|fact| query.history || fact.is_current);
    let shown = shown.map(view).collect();
    // Neither what was erased nor how many facts there are is told: it would tell of what is hidden.
    let view = PersonView { person, facts: shown };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}

fn view(fact: OpenedFact) -> FactView {
    let OpenedFact { sealed, section, value, is_current } = fact;
    FactView {
        fact: sealed.place.fact,
        field: sealed.place.field,
        section,
        segment: sealed.segment,
        value: value.expose().to_owned(),
        current: is_current,
        source: sealed.origin.source,
        occurred_at: sealed.origin.occurred_at,
        recorded_at: sealed.origin.recorded_at,
        staff: sealed.origin.staff,
        organisation: sealed.origin.organisation,
        replaces: sealed.origin.replaces,
    }
}
