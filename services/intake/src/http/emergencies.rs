use axum::extract::{Path, State};
use axum::response::IntoResponse;
use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use trama_events::codes::{Channel, Role, Section, ServiceType};
use trama_events::ids::{EmergencyId, PersonId, ServiceId};
use trama_events::intake::{ClosingReason, EmergencyLevel, EmergencyOutcome};
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
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
    /// The emergency service: one of yours, or one that works now; a service of another type
    /// answers no emergency.
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
    reader: Reader,
    order: Order<EmergencyForm>,
) -> Result<Done, Problem> {
    let form = order.body;
    intake.must_reach(&reader, form.person, Rejection::NoSuchPerson).await?;
    let answered = intake.is_answered(&order.caller, form.service).await;
    let answered = answered.map_err(Failure::<Rejection>::from)?;
    let emergency = id_of(form.emergency, &order.asked, EmergencyId::derived);
    let EmergencyForm { service, channel, person, shelter_requested, lone_child, .. } = form;
    let report = Report { emergency, service, channel, person, shelter_requested, lone_child };
    let command = EmergencyCommand::Report { report, answered };
    Ok(intake.log.ask::<Emergency>(&order.asked, emergency.0, command).await?)
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
    reader: Reader,
    Path(id): Path<EmergencyId>,
) -> Result<impl IntoResponse, Problem> {
    let (emergency, version) = intake.log.load::<Emergency>(id.0).await?;
    let caller = &reader.caller;
    let seen = answers(&emergency, caller) || intake.is_guarding(&emergency, caller).await?;
    let view = view(emergency);
    let whose = view.as_ref().and_then(|view| view.person);
    let Some(mut view) = view.filter(|_| seen) else {
        return Err(reader.not_own(whose, Section::Safety).await);
    };
    let person = intake.stands_on::<Rejection>(Emergency::TYPE, id.0, view.person).await?;
    view.person = person.ok_or_else(Problem::not_found)?;
    if let Some(person) = view.person {
        reader.own(person, Section::Safety).await?;
    }
    Ok(shown(view, version))
}

/// Whether the caller acts for the emergency service, a unit that went out, or who took over.
fn answers(emergency: &Emergency, caller: &Caller) -> bool {
    let reported_to = emergency.report.map(|report| report.service);
    let handover = emergency.closing.and_then(|closing| closing.handover);
    let mut answering = emergency.units.iter().copied().chain(reported_to).chain(handover);
    answering.any(|service| caller.acts_for(service))
}

fn view(emergency: Emergency) -> Option<EmergencyView> {
    let report = emergency.report?;
    let handover = emergency.closing.and_then(|closing| closing.handover);
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
    /// Whether a report reaches somebody: an emergency service, the caller's own or one that works
    /// now.
    async fn is_answered(&self, caller: &Caller, service: ServiceId) -> sqlx::Result<bool> {
        let known = facts::service(self.log.pool(), service).await?;
        Ok(known.is_some_and(|known| {
            known.service_type == ServiceType::Pis && (known.active || caller.acts_for(service))
        }))
    }

    /// Whether the caller acts for a social service for minors, and a child is alone.
    async fn is_guarding(&self, emergency: &Emergency, caller: &Caller) -> Result<bool, Problem> {
        let alone = emergency.report.is_some_and(|report| report.lone_child);
        if !alone || caller.role != Role::MinorsWorker {
            return Ok(false);
        }
        let guarding = facts::are_for_minors(self.log.pool(), &caller.services).await;
        guarding.map_err(|error| Failure::<Rejection>::from_sqlx(error).into())
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
    reader: Reader,
    Path(id): Path<EmergencyId>,
    order: Order<AssessEmergencyForm>,
) -> Result<Done, Problem> {
    let AssessEmergencyForm { level, person } = order.body;
    intake.must_reach(&reader, person, Rejection::NoSuchPerson).await?;
    Ok(intake.of_emergency(id, &order, EmergencyCommand::Assess { level, person }).await?)
}

/// Who goes out.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DispatchForm {
    /// The unit, a service that works now.
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
    let known = facts::works(intake.log.pool(), unit).await?;
    intake.of_emergency(id, &order, EmergencyCommand::Dispatch { unit, known }).await
}

/// How an emergency ends: with a service that takes over, or with a reason.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseEmergencyForm {
    /// How.
    outcome: EmergencyOutcome,
    /// Service that takes over, one that works now.
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
    let handover_known = match handover {
        Some(service) => facts::works(intake.log.pool(), service).await?,
        None => true,
    };
    let closing = Closing { outcome, handover, reason };
    let close = EmergencyCommand::Close { closing, handover_known };
    intake.of_emergency(id, &order, close).await
}
