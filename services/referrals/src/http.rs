//! `/api/referrals`: translates, decides nothing.

use axum::extract::{Path, State};
use serde::Deserialize;
use time::OffsetDateTime;
use trama_events::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, Urgency,
};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::WithdrawalReason;
use trama_platform::doors::{Doors, Gate, Order};
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::referral::{Decline, Referral, ReferralCommand, Rejection, Send};
use crate::{Referrals, facts, policy, reading};

type Answer = Result<Done, Failure<Rejection>>;

pub(crate) fn doors(gate: &Gate) -> Doors<Referrals> {
    Doors::new(gate)
        .door(policy::SEND, routes!(send))
        .door(policy::READ, routes!(reading::read))
        .door(policy::SEND, routes!(reading::terms))
        .door(policy::ANSWER, routes!(see))
        .door(policy::ANSWER, routes!(request_info))
        .door(policy::SEND, routes!(give_info))
        .door(policy::ANSWER, routes!(accept))
        .door(policy::ANSWER, routes!(decline))
        .door(policy::ANSWER, routes!(schedule_first_visit))
        .door(policy::ANSWER, routes!(visit_held))
        .door(policy::ANSWER, routes!(visit_missed))
        .door(policy::ANSWER, routes!(report_outcome))
        .door(policy::SEND, routes!(withdraw))
}

/// A referral to send.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    referral: Option<ReferralId>,
    /// The person.
    person: PersonId,
    /// Service that sends: one of yours.
    from: ServiceId,
    /// Service that receives.
    to: ServiceId,
    /// The need behind it.
    need: NeedCode,
    /// How soon.
    urgency: Urgency,
    /// Which data the receiver gets; only these leave.
    #[serde(default)]
    dataset: Vec<DatasetSection>,
}

/// Sends a referral.
#[utoipa::path(post, path = "/api/referrals/referrals", tag = "referrals", request_body = SendForm,
    responses((status = 200, body = Done)))]
async fn send(
    State(referrals): State<Referrals>,
    reader: Reader,
    order: Order<SendForm>,
) -> Result<Done, Problem> {
    let form = order.body;
    order.caller.must_act_for::<Rejection>(form.from)?;
    let key = [order.asked.actor.to_string(), order.asked.key.clone()];
    let referral = form.referral.unwrap_or_else(|| ReferralId::derived(&[&key[0], &key[1]]));
    let (pool, unread) = (referrals.log.pool(), Failure::<Rejection>::from);
    let known = facts::knows_person(pool, form.person).await.map_err(unread)?;
    let person_known = reader.may_take_on(form.person, known).await?;
    let sender = facts::service(pool, form.from).await.map_err(unread)?;
    let receiver = facts::service(pool, form.to).await.map_err(unread)?;
    let command = ReferralCommand::Send(Box::new(Send {
        referral,
        person: form.person,
        person_known,
        from: form.from,
        sender,
        to: form.to,
        receiver,
        need: form.need,
        urgency: form.urgency,
        dataset: form.dataset,
        now: order.now,
    }));
    Ok(referrals.log.ask::<Referral>(&order.asked, referral.0, command).await?)
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Referrals {
    /// Asks in the receiver's name.
    async fn as_receiver<T: Sync>(
        &self,
        id: ReferralId,
        order: &Order<T>,
        command: ReferralCommand,
    ) -> Answer {
        let permitted = |r: &Referral| r.parties().is_some_and(|p| order.caller.acts_for(p.to));
        self.log.ask_if(&order.asked, id.0, command, permitted).await
    }

    /// Asks in the sender's name.
    async fn as_sender<T: Sync>(
        &self,
        id: ReferralId,
        order: &Order<T>,
        command: ReferralCommand,
    ) -> Answer {
        let permitted = |r: &Referral| r.parties().is_some_and(|p| order.caller.acts_for(p.from));
        self.log.ask_if(&order.asked, id.0, command, permitted).await
    }
}

/// The receiver opens it; the sender will see that.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/see", tag = "referrals",
    request_body = Nothing, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn see(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<Nothing>,
) -> Answer {
    referrals.as_receiver(id, &order, ReferralCommand::See).await
}

/// Sections that are asked for or handed over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SectionsForm {
    /// At least one.
    sections: Vec<DatasetSection>,
}

/// The receiver asks for something that is missing.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/request-info", tag = "referrals",
    request_body = SectionsForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn request_info(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<SectionsForm>,
) -> Answer {
    let command = ReferralCommand::RequestInfo { sections: order.body.sections.clone() };
    referrals.as_receiver(id, &order, command).await
}

/// The sender answers with more sections.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/give-info", tag = "referrals",
    request_body = SectionsForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn give_info(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<SectionsForm>,
) -> Answer {
    let command = ReferralCommand::GiveInfo { sections: order.body.sections.clone() };
    referrals.as_sender(id, &order, command).await
}

/// The receiver takes it.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/accept", tag = "referrals",
    request_body = Nothing, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn accept(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<Nothing>,
) -> Answer {
    referrals.as_receiver(id, &order, ReferralCommand::Accept).await
}

/// A refusal with its reason and what to do next.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeclineForm {
    /// Why.
    reason: DeclineReason,
    /// What the sender should do now.
    next_step: NextStep,
    /// Who declined.
    by: DeclinedBy,
    /// Another service to ask.
    elsewhere: Option<ServiceId>,
}

/// The receiver, or the person, does not take it.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/decline", tag = "referrals",
    request_body = DeclineForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn decline(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<DeclineForm>,
) -> Answer {
    let DeclineForm { reason, next_step, by, elsewhere } = order.body;
    let elsewhere_known = match elsewhere {
        Some(other) => facts::service(referrals.log.pool(), other).await?,
        None => None,
    };
    let decline = Decline { reason, next_step, by, elsewhere, elsewhere_known };
    let command = ReferralCommand::Decline(decline);
    referrals.as_receiver(id, &order, command).await
}

/// When the first visit will be.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitForm {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    visit_at: OffsetDateTime,
}

/// The receiver fixes or moves the first visit.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/first-visit", tag = "referrals",
    request_body = VisitForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn schedule_first_visit(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<VisitForm>,
) -> Answer {
    let visit_at = order.body.visit_at;
    let command = ReferralCommand::ScheduleFirstVisit { visit_at, now: order.now };
    referrals.as_receiver(id, &order, command).await
}

/// The person came to the first visit.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/first-visit/held", tag = "referrals",
    request_body = Nothing, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn visit_held(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<Nothing>,
) -> Answer {
    referrals.as_receiver(id, &order, ReferralCommand::RecordVisitHeld).await
}

/// The person did not come to the first visit.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/first-visit/missed", tag = "referrals",
    request_body = Nothing, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn visit_missed(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<Nothing>,
) -> Answer {
    let command = ReferralCommand::RecordVisitMissed { now: order.asked.occurred_at };
    referrals.as_receiver(id, &order, command).await
}

/// How it ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OutcomeForm {
    /// Whether the need was met.
    need_met: NeedMet,
}

/// The receiver tells whether the need was met.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/outcome", tag = "referrals",
    request_body = OutcomeForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn report_outcome(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<OutcomeForm>,
) -> Answer {
    let command = ReferralCommand::ReportOutcome { need_met: order.body.need_met };
    referrals.as_receiver(id, &order, command).await
}

/// Why it is taken back.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawForm {
    /// Why.
    reason: WithdrawalReason,
}

/// The sender takes it back.
#[utoipa::path(post, path = "/api/referrals/referrals/{referral}/withdraw", tag = "referrals",
    request_body = WithdrawForm, params(("referral" = ReferralId, Path)), responses((status = 200, body = Done)))]
async fn withdraw(
    State(referrals): State<Referrals>,
    Path(id): Path<ReferralId>,
    order: Order<WithdrawForm>,
) -> Answer {
    referrals.as_sender(id, &order, ReferralCommand::Withdraw { reason: order.body.reason }).await
}
