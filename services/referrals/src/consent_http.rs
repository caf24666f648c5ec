//! `/api/referrals/consents`: translates, decides nothing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use time::Time;
use trama_events::ids::{AgreementId, ConsentId, OrganisationId, PersonId};
use trama_events::referrals::{ConsentScope, ExternalState};
use trama_events::rome;
use trama_platform::doors::{Doors, Gate, Order};
use trama_platform::gate::Reader;
use trama_platform::log::{Asked, Done, Logged};
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::consent::{self, Consent, ConsentCommand, Rejection, Terms};
use crate::{Referrals, facts, policy};

type Answer = Result<Done, Problem>;

/// Longest slip, in symbols: whatever prints one, it is typed by hand in the worst case.
const SLIP_LEN_MAX: usize = 512;

pub(crate) fn doors(gate: &Gate) -> Doors<Referrals> {
    Doors::new(gate)
        .door(policy::CONSENT, routes!(give))
        .door(policy::CONSENT, routes!(withdraw))
        .door(policy::CONSENT, routes!(share_external_path))
        .door(policy::HEALTH, routes!(record_health_agreement))
}

/// What a person agrees to.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    consent: Option<ConsentId>,
    /// Who.
    person: PersonId,
    /// To what.
    scope: ConsentScope,
    /// Towards whom; without, the whole network.
    to: Option<OrganisationId>,
}

/// She agrees. The same again is nothing new.
#[utoipa::path(post, path = "/api/referrals/consents", tag = "referrals",
    request_body = ConsentForm, responses((status = 200, body = Done)))]
async fn give(
    State(referrals): State<Referrals>,
    reader: Reader,
    order: Order<ConsentForm>,
) -> Answer {
    let ConsentForm { consent, person, scope, to } = order.body;
    let (actor, key) = (order.asked.actor.to_string(), &order.asked.key);
    let consent = consent.unwrap_or_else(|| ConsentId::derived(&[&actor, key]));
    let pool = referrals.log.pool();
    let person_known = referrals.reaches(&reader, person).await?;
    let body_known = match to {
        Some(body) => consent::knows_body(pool, body).await.map_err(unread)?,
        None => true,
    };
    let terms = Terms { consent, person, scope, to };
    let give = ConsentCommand::Give { terms, person_known, body_known };
    Ok(referrals.log.ask::<Consent>(&order.asked, consent.0, give).await?)
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawConsentForm {}

/// She does not agree any more: nothing new is shown, the fact stays. Whoever she tells records it.
#[utoipa::path(post, path = "/api/referrals/consents/{consent}/withdraw", tag = "referrals",
    request_body = WithdrawConsentForm, params(("consent" = ConsentId, Path)),
    responses((status = 200, body = Done)))]
async fn withdraw(
    State(referrals): State<Referrals>,
    reader: Reader,
    Path(id): Path<ConsentId>,
    order: Order<WithdrawConsentForm>,
) -> Answer {
    let (consent, _) = referrals.log.load::<Consent>(id.0).await?;
    must_reach(&reader, id, &consent).await?;
    Ok(referrals.log.ask::<Consent>(&order.asked, id.0, ConsentCommand::Withdraw).await?)
}

/// What she brought from there.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SlipForm {
    /// The slip that the external service gave her, 1 to 512 symbols.
    slip: String,
}

/// She hands in a slip: the network learns that she is at an external service and how far, never
/// at which.
#[utoipa::path(post, path = "/api/referrals/consents/{consent}/external-path", tag = "referrals",
    request_body = SlipForm, params(("consent" = ConsentId, Path)),
    responses((status = 200, body = Done)))]
async fn share_external_path(
    State(referrals): State<Referrals>,
    reader: Reader,
    Path(id): Path<ConsentId>,
    order: Order<SlipForm>,
) -> Answer {
    let (consent, _) = referrals.log.load::<Consent>(id.0).await?;
    must_reach(&reader, id, &consent).await?;
    // A slip is not used up for a consent that shares nothing. Refusals are the consent's own, so
    // that a repeat of what was done gets the first answer.
    let state = match consent.may_share() {
        Ok(_) => referrals.slip(&order.body.slip).await?,
        Err(_) => None,
    };
    let share = ConsentCommand::ShareExternalPath { state };
    Ok(referrals.log.ask::<Consent>(&on_its_day(order.asked), id.0, share).await?)
}

/// The event tells the day and no moment that could be laid beside what an external service did at
/// that moment (ADR 19).
fn on_its_day(asked: Asked) -> Asked {
    let occurred_at = rome::at(rome::day_of(asked.occurred_at), Time::MIDNIGHT);
    Asked { occurred_at, ..asked }
}

impl Referrals {
    /// Whether somebody is registered and not hidden from the writer. Both are asked about.
    async fn reaches(&self, reader: &Reader, person: PersonId) -> Result<bool, Problem> {
        let known = facts::knows_person(self.log.pool(), person).await.map_err(unread)?;
        reader.may_tell_of(person, known).await
    }

    async fn slip(&self, slip: &str) -> Result<Option<ExternalState>, Problem> {
        let slips = self.slips.as_ref().ok_or_else(no_slips_here)?;
        let plausible = (1..=SLIP_LEN_MAX).contains(&slip.chars().count());
        Ok(if plausible { slips.read(slip.to_owned()).await } else { None })
    }
}

fn no_slips_here() -> Problem {
    let detail = "slips are not read on this installation: no external service is connected to it; \
                  the consent stands, and the slip is not used up";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_slips_here", detail)
}

/// What a health service says of a housing programme for her.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HealthAgreementForm {
    /// Who.
    person: PersonId,
    /// The standing agreement between the bodies, of which yours is a party.
    agreement: AgreementId,
    /// Whether it agrees: never why, never a diagnosis.
    agreed: bool,
}

/// A health service agrees or not to a housing programme for her; the last word counts.
#[utoipa::path(post, path = "/api/referrals/consents/health-agreements", tag = "referrals",
    request_body = HealthAgreementForm, responses((status = 200, body = Done)))]
async fn record_health_agreement(
    State(referrals): State<Referrals>,
    reader: Reader,
    order: Order<HealthAgreementForm>,
) -> Answer {
    let HealthAgreementForm { person, agreement, agreed } = order.body;
    let (pool, today) = (referrals.log.pool(), rome::day_of(order.now));
    let person_known = referrals.reaches(&reader, person).await?;
    let body = order.caller.organisation;
    let is_party = consent::is_party(pool, agreement, body, today).await.map_err(unread)?;
    let id = ConsentId::derived(&["health", &person.to_string(), &agreement.to_string()]);
    let record =
        ConsentCommand::RecordHealthAgreement { person, person_known, agreement, is_party, agreed };
    Ok(referrals.log.ask::<Consent>(&order.asked, id.0, record).await?)
}

fn unread(error: sqlx::Error) -> Failure<Rejection> {
    Failure::from(error)
}

/// Of whom is hidden nobody has a consent: what stands in it would give a relation, and with it
/// sight. As much is asked about a consent that does not exist.
async fn must_reach(reader: &Reader, id: ConsentId, consent: &Consent) -> Result<(), Problem> {
    let person = consent.person();
    let whose = person.unwrap_or(PersonId(id.0));
    let reached = reader.may_tell_of(whose, person.is_some()).await?;
    if reached { Ok(()) } else { Err(Failure::Rejected(Rejection::NoSuchConsent).into()) }
}
