use axum::extract::{Path, State};
use axum::response::IntoResponse;
use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use trama_events::codes::{Channel, Need, Section};
use trama_events::ids::{ContactId, PersonId, ServiceId};
use trama_events::intake::TriageOutcome;
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, Nothing, id_of, shown};
use crate::Intake;
use crate::contact::{Contact, ContactCommand, Record, Rejection, Triage};

/// A contact: somebody came, called or was sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    contact: Option<ContactId>,
    /// Service that was contacted: one of yours.
    service: ServiceId,
    /// By which way.
    channel: Channel,
    /// Who, when a record exists; nobody has to have one.
    person: Option<PersonId>,
    /// What is needed, each need once.
    #[serde(default)]
    needs: Vec<Need>,
}

/// Records a contact.
#[utoipa::path(post, path = "/api/intake/contacts", tag = "intake", request_body = ContactForm,
    responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<ContactForm>,
) -> Result<Done, Problem> {
    let ContactForm { contact, service, channel, person, needs } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    intake.must_reach(&reader, person, Rejection::NoSuchPerson).await?;
    let contact = id_of(contact, &order.asked, ContactId::derived);
    let record = ContactCommand::Record(Record { contact, service, channel, person, needs });
    Ok(intake.log.ask::<Contact>(&order.asked, contact.0, record).await?)
}

/// A contact, for its service.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ContactView {
    /// The contact.
    contact: ContactId,
    /// Service that was contacted.
    service: ServiceId,
    /// By which way.
    channel: Channel,
    /// Who, when a record exists.
    person: Option<PersonId>,
    /// Needs as they were named, then as they turned out.
    needs: Vec<Need>,
    /// What it led to, once that was decided.
    outcome: Option<TriageOutcome>,
    /// Whether nothing more is to be done.
    closed: bool,
}

/// One contact, as its own events tell it.
#[utoipa::path(get, path = "/api/intake/contacts/{contact}", tag = "intake",
    params(("contact" = ContactId, Path)), responses((status = 200, body = ContactView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<ContactId>,
) -> Result<impl IntoResponse, Problem> {
    let (contact, version) = intake.log.load::<Contact>(id.0).await?;
    let whose = contact.record.as_ref().and_then(|record| record.person);
    let mine = contact.record.filter(|record| reader.caller.acts_for(record.service));
    let Some(Record { contact: id, service, channel, person, needs }) = mine else {
        return Err(reader.not_own(whose, Section::Path).await);
    };
    let person = intake.stands_on::<Rejection>(Contact::TYPE, id.0, person).await?;
    let person = person.ok_or_else(Problem::not_found)?;
    if let Some(person) = person {
        reader.own(person, Section::Path).await?;
    }
    let closed = contact.closed;
    let (outcome, needs) = match contact.triage {
        Some(triage) => (Some(triage.outcome), triage.needs),
        None => (None, needs),
    };
    let view = ContactView { contact: id, service, channel, person, needs, outcome, closed };
    Ok(shown(view, version))
}

impl Intake {
    /// Asks in the name of the service that was contacted.
    async fn of_contact<T: Sync>(
        &self,
        id: ContactId,
        order: &Order<T>,
        command: ContactCommand,
    ) -> Answer<Rejection> {
        let permitted =
            |c: &Contact| c.record.as_ref().is_some_and(|r| order.caller.acts_for(r.service));
        self.log.ask_if(&order.asked, id.0, command, permitted).await
    }
}

/// What a contact leads to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TriageForm {
    /// To what; that the person left is an answer too.
    outcome: TriageOutcome,
    /// Needs as they turned out, each once.
    #[serde(default)]
    needs: Vec<Need>,
}

/// Decides what a contact leads to.
#[utoipa::path(post, path = "/api/intake/contacts/{contact}/triage", tag = "intake",
    request_body = TriageForm, params(("contact" = ContactId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn triage(
    State(intake): State<Intake>,
    Path(id): Path<ContactId>,
    order: Order<TriageForm>,
) -> Answer<Rejection> {
    let TriageForm { outcome, needs } = order.body.clone();
    intake.of_contact(id, &order, ContactCommand::Triage(Triage { outcome, needs })).await
}

/// Nothing more is to be done.
#[utoipa::path(post, path = "/api/intake/contacts/{contact}/close", tag = "intake",
    request_body = Nothing, params(("contact" = ContactId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(intake): State<Intake>,
    Path(id): Path<ContactId>,
    order: Order<Nothing>,
) -> Answer<Rejection> {
    intake.of_contact(id, &order, ContactCommand::Close).await
}
