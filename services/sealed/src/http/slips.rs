//! Doors for the holder of a slip and whoever helps her. None keeps who typed it, and none takes a
//! person.

use axum::Json;
use axum::extract::{Path as Place, State};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use trama_events::codes::{NeedLevel, Urgency};
use trama_events::ids::{OrganisationId, ServiceId};
use trama_events::rome;
use trama_events::sealed::PathId;
use trama_platform::clock::{random_bytes, random_id};
use trama_platform::doors::Order;
use trama_platform::{Failure, Never};
use utoipa::ToSchema;

use crate::Sealed;
use crate::path::{Answer, Path, PathCommand, Receive, Rejection};
use crate::slip::{NONCE_LEN, Slip};

/// For whom a slip is printed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PrintForm {
    /// The organisation of the service that she will go to.
    organisation: OrganisationId,
}

/// A slip, to be given to the person and kept nowhere.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Printed {
    /// Eight groups of six symbols.
    slip: String,
    /// The last day on which it can be handed in.
    last_day: Date,
}

/// Prints a slip. Nothing is stored; printed again, it is another one.
#[utoipa::path(post, path = "/api/sealed/slips", tag = "sealed", request_body = PrintForm,
    responses((status = 200, body = Printed)))]
pub(super) async fn print(
    State(sealed): State<Sealed>,
    order: Order<PrintForm>,
) -> Result<Json<Printed>, Failure<Rejection>> {
    let key = sealed.of::<Rejection>(order.body.organisation)?.log.context();
    let nonce = random_bytes::<NONCE_LEN>().map_err(Failure::fault)?;
    let slip = Slip::print(&sealed.sealing, key, nonce, rome::day_of(order.now));
    Ok(Json(Printed { slip: slip.to_string(), last_day: slip.last_day() }))
}

/// A slip that is handed in. There is no field for a person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandInForm {
    /// The slip.
    slip: String,
    /// The desk that she was told to go to.
    service: ServiceId,
    /// How soon.
    urgency: Urgency,
    /// How strong the need is, 1 to 3.
    need_level: NeedLevel,
}

/// What the holder reads, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct HolderView {
    /// `waiting`, `come`, `in_path` or `closed`.
    state: &'static str,
    /// When to come.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    come_at: Option<OffsetDateTime>,
}

impl From<Answer> for HolderView {
    fn from(answer: Answer) -> Self {
        let (state, come_at) = match answer {
            Answer::Waiting => ("waiting", None),
            Answer::Come(come_at) => ("come", Some(come_at)),
            Answer::InPath => ("in_path", None),
            Answer::Closed => ("closed", None),
        };
        Self { state, come_at }
    }
}

/// Hands a slip in: a path begins under a new pseudonym. A slip opens one path, ever.
#[utoipa::path(post, path = "/api/sealed/{organisation}/referrals", tag = "sealed",
    request_body = HandInForm, params(("organisation" = OrganisationId, Path)),
    responses((status = 200, body = HolderView)))]
pub(super) async fn hand_in(
    State(sealed): State<Sealed>,
    Place(organisation): Place<OrganisationId>,
    order: Order<HandInForm>,
) -> Result<Json<HolderView>, Failure<Rejection>> {
    let one = sealed.of::<Rejection>(organisation)?;
    let form = &order.body;
    let slip: Slip =
        form.slip.parse().map_err(|wrong| Failure::Rejected(Rejection::NotASlip(wrong)))?;
    let key = one.log.context();
    if !slip.is_for(&sealed.sealing, key) {
        return Err(Failure::Rejected(Rejection::SlipNotValid));
    }
    let spent = slip.spent(&sealed.sealing, key);
    let body = format!("{} {} {}", form.service, form.urgency, u8::from(form.need_level));
    let asked = one.veil.of_holder(&order.asked, &spent, &body);
    if slip.last_day() < rome::day_of(order.now) {
        return Err(Failure::Rejected(Rejection::SlipExpired));
    }
    // The pseudonym is drawn here and follows from nothing.
    let path = PathId(random_id());
    let receive = PathCommand::Receive(Receive {
        path,
        desk: one.veil.id("service", form.service.0),
        slip: spent,
        urgency: form.urgency,
        need_level: form.need_level,
        now: order.now,
    });
    match one.log.ask::<Path>(&asked, path.0, receive).await {
        Ok(_) => Ok(Json(HolderView::from(Answer::Waiting))),
        Err(Failure::KeyReused) => Err(Failure::Rejected(Rejection::SlipUsed)),
        Err(failure) => Err(failure),
    }
}

/// A slip, to read the answer with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StateForm {
    /// The slip.
    slip: String,
}

/// The answer, for the holder of the slip. It is read by a POST so that no slip is in an address.
#[utoipa::path(post, path = "/api/sealed/slips/state", tag = "sealed", request_body = StateForm,
    responses((status = 200, body = HolderView)))]
pub(super) async fn state(
    State(sealed): State<Sealed>,
    order: Order<StateForm>,
) -> Result<Json<HolderView>, Failure<Never>> {
    let path = sealed.path_of(&order.body.slip).await?.ok_or(Failure::Denied)?;
    Ok(Json(HolderView::from(path.answer())))
}
