use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use trama_events::codes::Segment;
use trama_events::identity::ErasureReason;
use trama_events::ids::{ErasureId, PersonId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::access::{Decision, Entry};
use trama_platform::clock::real_now;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, id_of};
use crate::Vault;
use crate::erasure::Certificate;
use crate::identity::{Identity, IdentityCommand};

/// What somebody sees who looks at a certificate.
const SECTION: &str = "erasure";

/// What is to be erased.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasureForm {
    /// Its id, when you want to give it one.
    erasure: Option<ErasureId>,
    /// Which segments.
    segments: Vec<Segment>,
    /// Why.
    reason: ErasureReason,
}

/// Asks that segments of a record be erased. Nothing is, until somebody else agrees.
#[utoipa::path(post, path = "/api/vault/persons/{person}/erasures", tag = "vault",
    request_body = ErasureForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn request(
    State(vault): State<Vault>,
    Path(person): Path<PersonId>,
    order: Order<ErasureForm>,
) -> Answer {
    let ErasureForm { erasure, segments, reason } = order.body;
    let erasure = id_of(erasure, &order.asked, ErasureId::derived);
    let today = rome::day_of(order.now);
    let request = IdentityCommand::RequestErasure { erasure, person, segments, reason, today };
    vault.log.ask::<Identity>(&order.asked, person.0, request).await
}

/// Nothing but the decision.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionForm {}

/// Agrees to an erasure that somebody else asked for: the keys are destroyed, for ever.
#[utoipa::path(post, path = "/api/vault/persons/{person}/erasures/{erasure}/approve", tag = "vault",
    request_body = DecisionForm,
    params(("person" = PersonId, Path), ("erasure" = ErasureId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn approve(
    State(vault): State<Vault>,
    Path((person, erasure)): Path<(PersonId, ErasureId)>,
    order: Order<DecisionForm>,
) -> Answer {
    vault.erase(&order.asked, person, erasure).await
}

/// Does not agree to an erasure that somebody else asked for.
#[utoipa::path(post, path = "/api/vault/persons/{person}/erasures/{erasure}/refuse", tag = "vault",
    request_body = DecisionForm,
    params(("person" = PersonId, Path), ("erasure" = ErasureId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn refuse(
    State(vault): State<Vault>,
    Path((person, erasure)): Path<(PersonId, ErasureId)>,
    order: Order<DecisionForm>,
) -> Answer {
    vault.refuse_erasure(&order.asked, person, erasure).await
}

/// A certificate with its digest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CertificateView {
    /// What was erased, who asked, who agreed.
    certificate: Certificate,
    /// SHA-256 of the certificate's JSON, as the log holds it.
    digest: String,
}

/// The certificate of an erasure that was carried out. Who looks at it is written down.
#[utoipa::path(get, path = "/api/vault/persons/{person}/erasures/{erasure}", tag = "vault",
    params(("person" = PersonId, Path), ("erasure" = ErasureId, Path)),
    responses((status = 200, body = CertificateView)))]
pub(super) async fn certificate(
    State(vault): State<Vault>,
    reader: Reader,
    Path((person, erasure)): Path<(PersonId, ErasureId)>,
) -> Result<Json<CertificateView>, Problem> {
    let certificate = vault.certificate(person, erasure).await?;
    let (caller, action) = (&reader.caller, reader.action.name);
    let entry = Entry {
        person: Some(person),
        sections: vec![SECTION.to_owned()],
        decision: if certificate.is_some() { Decision::Allowed } else { Decision::Denied },
        policies: vec![action.to_owned()],
        explained: true,
        ..Entry::by(caller, &caller.session, action, real_now())
    };
    reader.gate().access().write(entry).await?;
    let certificate = certificate.ok_or_else(Problem::not_found)?;
    let digest = certificate.digest();
    Ok(Json(CertificateView { certificate, digest }))
}
