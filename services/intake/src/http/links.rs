use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::ids::{LinkId, PersonId};
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, shown};
use crate::Intake;
use crate::link::{Judgement, Link, LinkCommand, Pair, Rejection, rules};

/// Two records that are one person. Both stay valid.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    /// One record.
    one: PersonId,
    /// The other record.
    another: PersonId,
    /// Which of the two stays in front; the older one when nobody says.
    in_front: Option<PersonId>,
    /// What speaks for it, at least one.
    reasons: Vec<LinkReason>,
}

/// Links two records. The link's id follows from the two, in either order.
#[utoipa::path(post, path = "/api/intake/links", tag = "intake", request_body = LinkForm,
    responses((status = 200, body = Done)))]
pub(super) async fn link(
    State(intake): State<Intake>,
    order: Order<LinkForm>,
) -> Answer<Rejection> {
    let LinkForm { one, another, in_front, reasons } = order.body;
    let id = rules::link_id(one, another);
    let (one, another) = (intake.to_link(one).await?, intake.to_link(another).await?);
    let across = intake.across(&one, &another).await?;
    let pair = Pair { one, another, in_front, reasons, across };
    intake.log.ask::<Link>(&order.asked, id.0, LinkCommand::Link(Box::new(pair))).await
}

/// What is judged of a pair of records.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct LinkView {
    /// The pair.
    link: LinkId,
    /// Whether they are held to be one person now.
    linked: bool,
    /// The record in front, also after an unlink.
    canonical: PersonId,
    /// What speaks for it, while it is linked.
    reasons: Vec<LinkReason>,
    /// Why it was undone.
    unlinked_because: Option<UnlinkReason>,
}

/// One pair of records, as its own events tell it.
#[utoipa::path(get, path = "/api/intake/links/{link}", tag = "intake",
    params(("link" = LinkId, Path)), responses((status = 200, body = LinkView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    Path(link): Path<LinkId>,
) -> Result<impl IntoResponse, Problem> {
    let (pair, version) = intake.log.load::<Link>(link.0).await?;
    let view = match pair.judgement {
        Judgement::None => return Err(Problem::not_found()),
        Judgement::Linked { canonical, reasons, .. } => {
            LinkView { link, linked: true, canonical, reasons, unlinked_because: None }
        }
        Judgement::Unlinked { canonical, reason } => {
            let unlinked_because = Some(reason);
            LinkView { link, linked: false, canonical, reasons: Vec::new(), unlinked_because }
        }
    };
    Ok(shown(view, version))
}

/// Why a link is undone.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlinkForm {
    /// Why.
    reason: UnlinkReason,
}

/// Undoes a link: both histories are as before, and the pair is never linked again.
#[utoipa::path(post, path = "/api/intake/links/{link}/unlink", tag = "intake",
    request_body = UnlinkForm, params(("link" = LinkId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn unlink(
    State(intake): State<Intake>,
    Path(id): Path<LinkId>,
    order: Order<UnlinkForm>,
) -> Answer<Rejection> {
    let command = LinkCommand::Unlink { reason: order.body.reason };
    intake.log.ask::<Link>(&order.asked, id.0, command).await
}
