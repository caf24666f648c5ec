use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::codes::Channel;
use trama_events::ids::{EmergencyId, PersonId, ServiceId};
use trama_events::intake::{ClosingReason, EmergencyLevel, EmergencyOutcome};
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, id_of, shown};
use crate::emergency::{Closing, Emergency, EmergencyCommand, Rejection, Report};
use crate::{Intake, facts};

/// An emergency as it is reported.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmergencyForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    emergency: Option<EmergencyId>,
    /// The emergency service: one of yours, or one that works now.
    service: ServiceId,
    /// By which way.
    channel: Channel,
    /// About whom, when a record exists.
    person: Option<PersonId>,
    /// Whether a bed for the night is asked for.
    #[serde(default)]
    shelter_requested: bool,
    /// A child without an adult: the minors' service is alerted at once.
    #[serde(default)]
    lone_child: bool,
}

/// Reports an emergency.
#[utoipa::path(post, path = "/api/intake/emergencies", tag = "intake",
    request_body = EmergencyForm, responses((status = 200, body = Done)))]
pub(super) async fn report(
    State(intake): State<Intake>,
    order: Order<EmergencyForm>,
) -> Answer<Rejection> {
    let form = order.body;
    intake.must_know(form.person, Rejection::NoSuchPerson).await?;
    let answered = intake.is_answered(&order.caller, form.service).await?;
    let emergency = id_of(form.emergency, &order.asked, EmergencyId::derived);
    let EmergencyForm { service, channel, person, shelter_requested, lone_child, .. } = form;
    let report = Report { emergency, service, channel, person, shelter_requested, lone_child };
    let command = EmergencyCommand::Report { report, answered };
    intake.log.ask::<Emergency>(&order.asked, emergency.0, command).await
}

/// An emergency, for those who answer it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct EmergencyView {
    /// The emergency.
    emergency: EmergencyId,
    /// The emergency service.
    service: ServiceId,
    /// By which way it was reported.
    channel: Channel,
    /// Who it is about, as far as it is known now.
    person: Option<PersonId>,
    /// Whether a bed for the night is asked for.
    shelter_requested: bool,
    /// A child without an adult.
    lone_child: bool,
    /// How serious it was found to be.
    level: Option<EmergencyLevel>,
    /// Units that went out, in this order.
    units: Vec<ServiceId>,
    /// How it ended.
    outcome: Option<EmergencyOutcome>,
    /// Service that took over.
    handover: Option<ServiceId>,
    /// Why nobody took over.
    reason: Option<ClosingReason>,
}

/// One emergency, as its own events tell it.
#[utoipa::path(get, path = "/api/intake/emergencies/{emergency}", tag = "intake",
    params(("emergency" = EmergencyId, Path)), responses((status = 200, body = EmergencyView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    caller: Caller,
    Path(id): Path<EmergencyId>,
) -> Result<impl IntoResponse, Problem> {
    let (emergency, version) = intake.log.load::<Emergency>(id.0).await?;
    let view = view(emergency, &caller).ok_or_else(Problem::not_found)?;
    Ok(shown(view, version))
}

fn view(emergency: Emergency, caller: &Caller) -> Option<EmergencyView> {
    let report = emergency.report?;
    let handover = emergency.closing.and_then(|closing| closing.handover);
    let mut answering = emergency.units.iter().copied().chain([report.service]).chain(handover);
    if !answering.any(|service| caller.acts_for(service)) {
        return None;
    }
    Some(EmergencyView {
        emergency: report.emergency,
        service: report.service,
        channel: report.channel,
        person: emergency.person,
        shelter_requested: report.shelter_requested,
        lone_child: report.lone_child,
        level: emergency.level,
        units: emergency.units,
        outcome: emergency.closing.map(|closing| closing.outcome),
        handover,
        reason: emergency.closing.and_then(|closing| closing.reason),
    })
}

impl Intake {
    /// Whether a report reaches somebody: the caller's own service, or an emergency service that
    /// works now.
    async fn is_answered(&self, caller: &Caller, service: ServiceId) -> sqlx::Result<bool> {
        Ok(caller.acts_for(service) || facts::takes_reports(self.log.pool(), service).await?)
    }

    /// Asks in the name of the emergency service.
    async fn of_emergency<T: Sync>(
        &self,
        id: EmergencyId,
        order: &Order<T>,
        command: EmergencyCommand,
    ) -> Answer<Rejection> {
        let permitted =
            |e: &Emergency| e.report.is_some_and(|report| order.caller.acts_for(report.service));
        self.log.ask_if(&order.asked, id.0, command, permitted).await
    }
}

/// What was found.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessEmergencyForm {
    /// How serious it is.
    level: EmergencyLevel,
    /// Who it is about, if that is known now.
    person: Option<PersonId>,
}

/// It was found how serious it is.
#[utoipa::path(post, path = "/api/intake/emergencies/{emergency}/assess", tag = "intake",
    request_body = AssessEmergencyForm, params(("emergency" = EmergencyId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn assess(
    State(intake): State<Intake>,
    Path(id): Path<EmergencyId>,
    order: Order<AssessEmergencyForm>,
) -> Answer<Rejection> {
    let AssessEmergencyForm { level, person } = order.body;
    intake.must_know(person, Rejection::NoSuchPerson).await?;
    intake.of_emergency(id, &order, EmergencyCommand::Assess { level, person }).await
}

/// Who goes out.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DispatchForm {
    /// The unit.
    unit: ServiceId,
}

/// Sends a unit out.
#[utoipa::path(post, path = "/api/intake/emergencies/{emergency}/dispatch", tag = "intake",
    request_body = DispatchForm, params(("emergency" = EmergencyId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn dispatch(
    State(intake): State<Intake>,
    Path(id): Path<EmergencyId>,
    order: Order<DispatchForm>,
) -> Answer<Rejection> {
    let unit = order.body.unit;
    intake.of_emergency(id, &order, EmergencyCommand::Dispatch { unit }).await
}

/// How an emergency ends: with a service that takes over, or with a reason.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseEmergencyForm {
    /// How.
    outcome: EmergencyOutcome,
    /// Service that takes over.
    handover: Option<ServiceId>,
    /// Why nobody takes over.
    reason: Option<ClosingReason>,
}

/// Ends an emergency.
#[utoipa::path(post, path = "/api/intake/emergencies/{emergency}/close", tag = "intake",
    request_body = CloseEmergencyForm, params(("emergency" = EmergencyId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(intake): State<Intake>,
    Path(id): Path<EmergencyId>,
    order: Order<CloseEmergencyForm>,
) -> Answer<Rejection> {
    let CloseEmergencyForm { outcome, handover, reason } = order.body;
    let closing = Closing { outcome, handover, reason };
    intake.of_emergency(id, &order, EmergencyCommand::Close(closing)).await
}
