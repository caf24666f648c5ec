use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::codes::Section;
use trama_events::ids::{LinkId, PersonId};
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
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
    /// Whether you know that they were judged to be two people, and link them all the same.
    #[serde(default)]
    despite_difference: bool,
}

/// Links two records. The link's id follows from the two, in either order.
#[utoipa::path(post, path = "/api/intake/links", tag = "intake", request_body = LinkForm,
    responses((status = 200, body = Done)))]
pub(super) async fn link(
    State(intake): State<Intake>,
    order: Order<LinkForm>,
) -> Answer<Rejection> {
    let LinkForm { one, another, in_front, reasons, despite_difference } = order.body;
    let id = rules::link_id(one, another);
    let two = intake.side_by_side(one, another).await?;
    let across = intake.across(&two).await?;
    let pair = Pair { two, in_front, reasons, despite_difference, across };
    intake.log.ask::<Link>(&order.asked, id.0, LinkCommand::Link(Box::new(pair))).await
}

/// Two records that somebody looked at side by side.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TwoForm {
    /// One record.
    one: PersonId,
    /// The other record.
    another: PersonId,
}

/// Declares two records to be two people: the pair is never proposed again.
#[utoipa::path(post, path = "/api/intake/links/different", tag = "intake", request_body = TwoForm,
    responses((status = 200, body = Done)))]
pub(super) async fn declare_different(
    State(intake): State<Intake>,
    order: Order<TwoForm>,
) -> Answer<Rejection> {
    let TwoForm { one, another } = order.body;
    let id = rules::link_id(one, another);
    let two = Box::new(intake.side_by_side(one, another).await?);
    intake.log.ask::<Link>(&order.asked, id.0, LinkCommand::DeclareDifferent(two)).await
}

/// Leaves it open whether two records are one person: you looked and cannot say.
#[utoipa::path(post, path = "/api/intake/links/open", tag = "intake", request_body = TwoForm,
    responses((status = 200, body = Done)))]
pub(super) async fn leave_open(
    State(intake): State<Intake>,
    order: Order<TwoForm>,
) -> Answer<Rejection> {
    let TwoForm { one, another } = order.body;
    let id = rules::link_id(one, another);
    let two = Box::new(intake.side_by_side(one, another).await?);
    let said_today = intake.left_open_today(&order.asked, id).await?;
    let command = LinkCommand::LeaveOpen { two, said_today };
    intake.log.ask::<Link>(&order.asked, id.0, command).await
}

/// What can be judged of two records.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum JudgementCode {
    /// Somebody looked and could not say.
    Open,
    /// They are two people.
    Different,
    /// They are one person.
    Linked,
    /// They were held to be one person, and are not.
    Unlinked,
}

/// What is judged of a pair of records.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct LinkView {
    /// The pair.
    link: LinkId,
    /// What was judged of them last.
    judgement: JudgementCode,
    /// The record in front, also after an unlink; the older one where nothing was linked.
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
    reader: Reader,
    Path(link): Path<LinkId>,
) -> Result<impl IntoResponse, Problem> {
    let (pair, version) = intake.log.load::<Link>(link.0).await?;
    let (judgement, canonical, reasons, unlinked_because) = match pair.judgement {
        Judgement::None => return Err(Problem::not_found()),
        Judgement::Open { canonical } => (JudgementCode::Open, canonical, vec![], None),
        Judgement::Different { canonical } => (JudgementCode::Different, canonical, vec![], None),
        Judgement::Linked { canonical, reasons, .. } => {
            (JudgementCode::Linked, canonical, reasons, None)
        }
        Judgement::Unlinked { canonical, reason } => {
            (JudgementCode::Unlinked, canonical, vec![], Some(reason))
        }
    };
    reader.own(canonical, Section::Identity).await?;
    let view = LinkView { link, judgement, canonical, reasons, unlinked_because };
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
