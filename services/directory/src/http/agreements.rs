use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Purpose, Section};
use trama_events::ids::{AgreementId, OrganisationId};
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::{Answer, OnForm, day_of, own_id};
use crate::agreement::rules::READERS_MAX;
use crate::agreement::{Agreement, AgreementCommand, Rejection, Terms};
use crate::organisation::Organisation;
use crate::{Directory, policy};

/// What bodies agreed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreementForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    agreement: Option<AgreementId>,
    /// Who shows: a registered organisation.
    holder: OrganisationId,
    /// Who may see: 1 to 64 other organisations, each once.
    readers: Vec<OrganisationId>,
    /// Which sections of the people whom both have in care, each once. Never what only its keeper
    /// may open.
    sections: Vec<Section>,
    /// For which purpose.
    purpose: Purpose,
    /// First day; without one, the day on which it happened.
    from: Option<Date>,
    /// Last day, when it ends by itself.
    until: Option<Date>,
}

impl Directory {
    /// Whether the caller keeps the ATS at which a body is at home; also for one that nobody
    /// registered, which the rules then refuse.
    async fn keeps(
        &self,
        caller: &Caller,
        body: OrganisationId,
    ) -> Result<bool, Failure<Rejection>> {
        let (body, _) = self.load::<Organisation, Rejection>(body.0).await?;
        Ok(body.registered().is_none_or(|body| policy::may_keep(caller, &body.ats)))
    }
}

/// Bodies agreed what others may see of the people whom both have in care. The same terms again
/// are nothing new.
#[utoipa::path(post, path = "/api/directory/agreements", tag = "directory",
    request_body = AgreementForm, responses((status = 200, body = Done)))]
pub(super) async fn sign(
    State(directory): State<Directory>,
    order: Order<AgreementForm>,
) -> Answer<Rejection> {
    let AgreementForm { agreement, holder, readers, sections, purpose, from, until } =
        order.body.clone();
    if readers.len() > READERS_MAX {
        return Err(Failure::Rejected(Rejection::Readers));
    }
    if !directory.keeps(&order.caller, holder).await? {
        return Err(Failure::Denied);
    }
    let mut bodies_known = true;
    for body in readers.iter().chain([&holder]) {
        bodies_known = bodies_known && directory.knows(*body).await?;
    }
    let agreement = agreement.unwrap_or_else(|| own_id(&order.asked, AgreementId::derived));
    let from = day_of(&order, from);
    let terms = Terms { agreement, holder, readers, sections, purpose, from, until };
    let today = rome::day_of(order.now);
    let sign = AgreementCommand::Sign { terms, bodies_known, today };
    directory.log.ask::<Agreement>(&order.asked, agreement.0, sign).await
}

/// An agreement ends; the day is the first one without.
#[utoipa::path(post, path = "/api/directory/agreements/{agreement}/end", tag = "directory",
    request_body = OnForm, params(("agreement" = AgreementId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end(
    State(directory): State<Directory>,
    Path(id): Path<AgreementId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (agreement, _) = directory.load::<Agreement, Rejection>(id.0).await?;
    if let Some(terms) = agreement.signed()
        && !directory.keeps(&order.caller, terms.holder).await?
    {
        return Err(Failure::Denied);
    }
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.log.ask::<Agreement>(&order.asked, id.0, AgreementCommand::End { on, today }).await
}

/// An agreement, as everybody may see it: it is between public bodies.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AgreementView {
    /// The agreement.
    agreement: AgreementId,
    /// Who shows.
    holder: OrganisationId,
    /// Who may see.
    readers: Vec<OrganisationId>,
    /// Which sections.
    sections: Vec<Section>,
    /// For which purpose.
    purpose: Purpose,
    /// First day.
    from: Date,
    /// Last day, when it ends by itself.
    until: Option<Date>,
    /// First day without, when it ended before.
    ended_on: Option<Date>,
}

/// One agreement, as its own events tell it.
#[utoipa::path(get, path = "/api/directory/agreements/{agreement}", tag = "directory",
    params(("agreement" = AgreementId, Path)), responses((status = 200, body = AgreementView)))]
pub(super) async fn read(
    State(directory): State<Directory>,
    Path(id): Path<AgreementId>,
) -> Result<impl IntoResponse, Problem> {
    let (agreement, version) = directory.log.load::<Agreement>(id.0).await?;
    let terms = agreement.signed().ok_or_else(Problem::not_found)?.clone();
    let view = AgreementView {
        agreement: id,
        holder: terms.holder,
        readers: terms.readers,
        sections: terms.sections,
        purpose: terms.purpose,
        from: terms.from,
        until: terms.until,
        ended_on: agreement.ended_on(),
    };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}
