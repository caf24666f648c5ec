//! The envelope: `CloudEvents` 1.0 in JSON, the same on the broker, in the feed and in exports.

use std::fmt;

use cqrs_es::persist::SerializedEvent;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::codes::Sensitivity;
use crate::ids::{Ats, OrganisationId, PersonId, StaffId};
use crate::{Context, Event, Reading};

/// Who did something, for whom, why, when: what every event carries beside its own facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub occurred_at: OffsetDateTime,
    /// When it was recorded, by the service's clock; never behind the event before it.
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
    /// The ATS on whose behalf it was done.
    pub ats: Ats,
    /// The organisation that did it.
    pub organisation: OrganisationId,
    /// The worker who did it, as an id; a reaction or a deadline acts as the system's own id.
    pub actor: StaffId,
    /// The role in which the worker did it.
    pub role: String,
    /// For which purpose.
    pub purpose: String,
    /// On which legal basis, e.g. `gdpr-6-1-e`.
    pub legal_basis: String,
    /// How carefully it must be kept.
    pub sensitivity: Sensitivity,
    /// The person whom it concerns, where it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The command's own id, as scoped by the actor.
    pub command_id: String,
    /// What belongs together: the id of the first request.
    pub correlation: String,
    /// What caused it: a command or an event id.
    pub causation: String,
}

/// An event with its place in the log. `event` is what happened; `why` is everything else.
///
/// `L` names the log: a context of the shared network, unless a log of another kind is meant, which
/// no reader of the shared ones can be given.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded<L = Context> {
    /// Which log.
    pub context: L,
    /// Gapless number in that log, in commit order, from 1.
    pub position: i64,
    /// Aggregate type, e.g. `referral`.
    pub aggregate_type: String,
    /// The aggregate.
    pub aggregate_id: Uuid,
    /// Number in the aggregate, from 1.
    pub sequence: i64,
    /// Wire name, e.g. `referral_sent`.
    pub event_type: String,
    /// Version of the payload.
    pub version: String,
    /// Who, when, why.
    pub why: Why,
    /// The payload as stored.
    pub payload: Value,
}

impl Recorded {
    /// The event in this release's types.
    pub fn read(&self) -> Reading {
        let stored = SerializedEvent::new(
            self.aggregate_id.to_string(),
            usize::try_from(self.sequence).unwrap_or(0),
            self.aggregate_type.clone(),
            self.event_type.clone(),
            self.version.clone(),
            self.payload.clone(),
            Value::Null,
        );
        Event::read(self.context, stored)
    }

    /// What parks together when an event cannot be applied: the person, else the aggregate.
    pub fn subject_key(&self) -> Uuid {
        self.why.person.map_or(self.aggregate_id, |person| person.0)
    }

    /// The subject on which it travels.
    pub fn subject(&self) -> String {
        crate::subject::subject(&self.why.ats, self.subject_key(), self.context, &self.event_type)
    }
}

impl<L: fmt::Display> Recorded<L> {
    /// `<context>/<aggregate>/<sequence>`, e.g. `referrals/referral-6f0c…/2`.
    pub fn id(&self) -> String {
        event_id(&self.context, &self.aggregate_type, self.aggregate_id, self.sequence)
    }

    /// As a `CloudEvent`.
    pub fn to_cloud_event(&self) -> CloudEvent {
        let why = &self.why;
        let mut data = self.payload.as_object().cloned().unwrap_or_default();
        data.remove("event");
        CloudEvent {
            specversion: "1.0".into(),
            id: self.id(),
            source: format!("/trama/{}/{}", why.ats, self.context),
            kind: format!("trama.{}.{}.v{}", self.context, self.event_type, self.version),
            time: why.occurred_at,
            datacontenttype: "application/json".into(),
            recordedat: why.recorded_at,
            personid: why.person,
            organisation: why.organisation,
            actor: why.actor,
            role: why.role.clone(),
            purpose: why.purpose.clone(),
            legalbasis: why.legal_basis.clone(),
            sensitivity: why.sensitivity,
            commandid: why.command_id.clone(),
            correlationid: why.correlation.clone(),
            causationid: why.causation.clone(),
            position: self.position,
            data,
        }
    }
}

/// The id of an event.
pub fn event_id(
    context: impl fmt::Display,
    aggregate_type: &str,
    aggregate: Uuid,
    sequence: i64,
) -> String {
    format!("{context}/{aggregate_type}-{aggregate}/{sequence}")
}

/// A `CloudEvent` 1.0 with Trama's extensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CloudEvent {
    /// Always `1.0`.
    pub specversion: String,
    /// `<context>/<aggregate>/<sequence>`.
    pub id: String,
    /// `/trama/<ats>/<context>`.
    pub source: String,
    /// `trama.<context>.<event>.v<version>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub recordedat: OffsetDateTime,
    /// The person concerned, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personid: Option<PersonId>,
    /// The organisation that acted.
    pub organisation: OrganisationId,
    /// The worker who acted.
    pub actor: StaffId,
    /// In which role.
    pub role: String,
    /// For which purpose.
    pub purpose: String,
    /// On which legal basis.
    pub legalbasis: String,
    /// How carefully it must be kept.
    pub sensitivity: Sensitivity,
    /// The command behind it.
    pub commandid: String,
    /// What belongs together.
    pub correlationid: String,
    /// What caused it.
    pub causationid: String,
    /// Gapless number in the context's log.
    pub position: i64,
    /// The facts themselves.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// Why a `CloudEvent` is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an event of Trama: {0} has another form")]
pub struct NotOurs(&'static str);

impl CloudEvent {
    /// Back to the log's own form.
    ///
    /// # Errors
    ///
    /// [`NotOurs`] when id, source or type are not of our form.
    pub fn into_recorded(self) -> Result<Recorded, NotOurs> {
        let mut id = self.id.splitn(3, '/');
        let (Some(context), Some(aggregate), Some(sequence)) = (id.next(), id.next(), id.next())
        else {
            return Err(NotOurs("id"));
        };
        let context: Context = context.parse().map_err(|_| NotOurs("id"))?;
        let (aggregate_type, aggregate_id) = aggregate.split_once('-').ok_or(NotOurs("id"))?;
        let ats = self.source.strip_prefix("/trama/").and_then(|rest| rest.split('/').next());
        let named = self.kind.strip_prefix("trama.").and_then(|kind| kind.split_once('.'));
        let (event_type, version) =
            named.and_then(|(_, rest)| rest.rsplit_once(".v")).ok_or(NotOurs("type"))?;
        let mut payload = self.data;
        payload.insert("event".into(), Value::String(event_type.to_owned()));
        Ok(Recorded {
            context,
            position: self.position,
            aggregate_type: aggregate_type.to_owned(),
            aggregate_id: aggregate_id.parse().map_err(|_| NotOurs("id"))?,
            sequence: sequence.parse().map_err(|_| NotOurs("id"))?,
            event_type: event_type.to_owned(),
            version: version.to_owned(),
            why: Why {
                occurred_at: self.time,
                recorded_at: self.recordedat,
                ats: ats.and_then(|ats| Ats::try_new(ats).ok()).ok_or(NotOurs("source"))?,
                organisation: self.organisation,
                actor: self.actor,
                role: self.role,
                purpose: self.purpose,
                legal_basis: self.legalbasis,
                sensitivity: self.sensitivity,
                person: self.personid,
                command_id: self.commandid,
                correlation: self.correlationid,
                causation: self.causationid,
            },
            payload: Value::Object(payload),
        })
    }
}
