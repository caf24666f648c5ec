//! What happened to one aggregate, for its own context: each event with when and by whom.

use cqrs_es::{AggregateError, EventStore as _};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama_events::ids::StaffId;
use uuid::Uuid;

use super::aggregate::Logged;
use super::ask::Log;
use super::name::LogName;
use super::store::ACTOR;
use crate::failure::Failure;

/// An event of an aggregate, and whose it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<E> {
    /// What happened.
    pub event: E,
    /// When.
    pub occurred_at: OffsetDateTime,
    /// Who did it; [`super::SYSTEM`] where a deadline did.
    pub actor: StaffId,
}

impl<L: LogName> Log<L> {
    /// What happened to an aggregate, in order; nothing when there is none.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`], or [`Failure::Fault`] for an event without a moment or an actor.
    pub async fn steps<A: Logged>(&self, id: Uuid) -> Result<Vec<Step<A::Event>>, Failure<A::Error>>
    where
        A::Command: Send,
    {
        let events = self.store::<A>().load_events(&id.to_string()).await.map_err(unread)?;
        let step = |envelope: cqrs_es::EventEnvelope<A>| {
            let told =
                |name: &str| envelope.metadata.get(name).map(String::as_str).unwrap_or_default();
            let occurred_at = OffsetDateTime::parse(told("occurred_at"), &Rfc3339);
            let occurred_at = occurred_at.map_err(Failure::fault)?;
            let actor = told(ACTOR).parse().map_err(Failure::fault)?;
            Ok(Step { event: envelope.payload, occurred_at, actor })
        };
        events.into_iter().map(step).collect()
    }
}

fn unread<R: super::Refusal>(error: AggregateError<R>) -> Failure<R> {
    match error {
        AggregateError::UserError(refusal) => Failure::Rejected(refusal),
        AggregateError::AggregateConflict => Failure::Stale,
        AggregateError::DatabaseConnectionError(_) => Failure::Unavailable,
        AggregateError::DeserializationError(error) | AggregateError::UnexpectedError(error) => {
            Failure::Fault(error)
        }
    }
}
