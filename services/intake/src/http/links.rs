use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::ids::{LinkId, PersonId};
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::permit::Deed;
use utoipa::ToSchema;

use super::shown;
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
    reader: Reader,
    order: Order<LinkForm>,
) -> Result<Done, Problem> {
    let LinkForm { one, another, in_front, reasons, despite_difference } = order.body;
    intake.may_judge(&reader, one, another).await?;
    let id = rules::link_id(one, another);
    let two = intake.side_by_side(one, another).await?;
    let across = intake.across(&two).await?;
    let pair = Pair { two, in_front, reasons, despite_difference, across };
    Ok(intake.log.ask::<Link>(&order.asked, id.0, LinkCommand::Link(Box::new(pair))).await?)
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
    reader: Reader,
    order: Order<TwoForm>,
) -> Result<Done, Problem> {
    let TwoForm { one, another } = order.body;
    intake.may_judge(&reader, one, another).await?;
    let id = rules::link_id(one, another);
    let two = Box::new(intake.side_by_side(one, another).await?);
    Ok(intake.log.ask::<Link>(&order.asked, id.0, LinkCommand::DeclareDifferent(two)).await?)
}

/// Leaves it open whether two records are one person: you looked and cannot say.
#[utoipa::path(post, path = "/api/intake/links/open", tag = "intake", request_body = TwoForm,
    responses((status = 200, body = Done)))]
pub(super) async fn leave_open(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<TwoForm>,
) -> Result<Done, Problem> {
    let TwoForm { one, another } = order.body;
    intake.may_judge(&reader, one, another).await?;
    let id = rules::link_id(one, another);
    let two = Box::new(intake.side_by_side(one, another).await?);
    let said_today = intake.left_open_today(&order.asked, id).await?;
    let command = LinkCommand::LeaveOpen { two, said_today };
    Ok(intake.log.ask::<Link>(&order.asked, id.0, command).await?)
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

/// One pair of records, as its own events tell it, for whoever may judge both: a pair with a record
/// that you may not know is not there.
#[utoipa::path(get, path = "/api/intake/links/{link}", tag = "intake",
    params(("link" = LinkId, Path)), responses((status = 200, body = LinkView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    reader: Reader,
    Path(link): Path<LinkId>,
) -> Result<impl IntoResponse, Problem> {
    let (pair, version) = intake.log.load::<Link>(link.0).await?;
    // For a pair that nobody judged as much is asked and written down.
    let (front, behind) = pair.judgement.pair().unwrap_or((PersonId(link.0), PersonId(link.0)));
    // Both are asked, whatever the first one's answer: how long it takes must not tell.
    let front = reader.may_with(front, Deed::Link).await;
    reader.may_with(behind, Deed::Link).await.and(front)?;
    let view = view(link, pair.judgement).ok_or_else(Problem::not_found)?;
    Ok(shown(view, version))
}

fn view(link: LinkId, judgement: Judgement) -> Option<LinkView> {
    let (canonical, _) = judgement.pair()?;
    let (judgement, reasons, unlinked_because) = match judgement {
        Judgement::None => return None,
        Judgement::Open { .. } => (JudgementCode::Open, vec![], None),
        Judgement::Different { .. } => (JudgementCode::Different, vec![], None),
        Judgement::Linked { reasons, .. } => (JudgementCode::Linked, reasons, None),
        Judgement::Unlinked { reason, .. } => (JudgementCode::Unlinked, vec![], Some(reason)),
    };
    Some(LinkView { link, judgement, canonical, reasons, unlinked_because })
}

/// Why a link is undone.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlinkForm {
    /// Why.
    reason: UnlinkReason,
}

/// Undoes a link: both histories are as before, and the pair is never linked again. Where only one of the
/// records says that she is not to be found, by whoever may lift that: the other would be found.
#[utoipa::path(post, path = "/api/intake/links/{link}/unlink", tag = "intake",
    request_body = UnlinkForm, params(("link" = LinkId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn unlink(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<LinkId>,
    order: Order<UnlinkForm>,
) -> Result<Done, Problem> {
    let (pair, _) = intake.log.load::<Link>(id.0).await?;
    let (front, behind) = pair.judgement.pair().unwrap_or((PersonId(id.0), PersonId(id.0)));
    intake.may_judge(&reader, front, behind).await?;
    if !reader.may_part(front).await? {
        return Err(Problem::not_found());
    }
    let command = LinkCommand::Unlink { reason: order.body.reason };
    Ok(intake.log.ask::<Link>(&order.asked, id.0, command).await?)
}

impl Intake {
    /// Whether she may judge two records. Both are asked, whatever the first one's answer: how long
    /// it takes must not tell.
    async fn may_judge(
        &self,
        reader: &Reader,
        one: PersonId,
        another: PersonId,
    ) -> Result<(), Problem> {
        let known = self.known::<Rejection>(one, &reader.caller).await?;
        let first = reader.acts_on(one, known, Deed::Link).await;
        let known = self.known::<Rejection>(another, &reader.caller).await?;
        reader.acts_on(another, known, Deed::Link).await.and(first)
    }
}
