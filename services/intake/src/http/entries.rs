use std::collections::BTreeSet;

use axum::extract::State;
use serde::Deserialize;
use trama_events::Context;
use trama_events::codes::{Role, Section};
use trama_events::ids::PersonId;
use trama_events::intake::ReattributionReason;
use trama_platform::doors::Order;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::Answer;
use crate::entry::made::{Made, Named, Reference};
use crate::entry::{Entry, EntryCommand, Move, Rejection, Way, id_of};
use crate::{Intake, policy};

/// An entry that was made on the wrong person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveForm {
    /// The entry as a journey names it, `<context>/<position>`, or the id of an event of it,
    /// `<context>/<aggregate>/<sequence>`.
    entry: String,
    /// On whom you see it.
    from: PersonId,
    /// On whom it belongs.
    to: PersonId,
    /// Why.
    reason: ReattributionReason,
}

/// Moves an entry to the person on whom it belongs. Only the auditor sees that it was moved.
#[utoipa::path(post, path = "/api/intake/entries/move", tag = "intake", request_body = MoveForm,
    responses((status = 200, body = Done)))]
pub(super) async fn reattribute(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<MoveForm>,
) -> Result<Done, Problem> {
    let MoveForm { entry, from, to, reason } = order.body;
    let section = section_of(&entry, order.caller.role);
    let entry = intake.made(&entry).await?;
    if !policy::may_move(&order.caller, &entry) {
        return Err(Problem::not_found());
    }
    // On the wrong record nothing is written. What stands on the right one is her body's own.
    let known = intake.known::<Rejection>(to, &order.caller).await?;
    let known = known.filter(|known| known.sealed_by.is_none());
    let known = known.map(|known| Known { own_record: true, ..known });
    reader.writes(to, known, &BTreeSet::from([section])).await?;
    let id = id_of(&entry.id);
    let command = EntryCommand::Reattribute(Box::new(Move { entry, from, to, reason }));
    Ok(intake.log.ask::<Entry>(&order.asked, id, command).await?)
}

/// The class in which an entry writes: what was given, asked for or agreed, by the log it is in.
/// What a volunteer gave stands with the card, the one class that volunteers have.
fn section_of(entry: &str, role: Role) -> Section {
    match Named::parse(entry).map(|named| named.context()) {
        Some(Context::Food) => Section::Food,
        Some(Context::Housing) => Section::Housing,
        Some(Context::Casework) => Section::Project,
        Some(Context::Intake | Context::Referrals | Context::Directory | Context::Identity)
        | None => {
            if role == Role::Volunteer {
                Section::Food
            } else {
                Section::Requests
            }
        }
    }
}

/// An entry of yours that should not be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoForm {
    /// The entry as a journey names it, `<context>/<position>`, or the id of the event that made
    /// it, `<context>/<aggregate>/<sequence>`.
    entry: String,
}

/// Takes back an own entry within 30 seconds.
#[utoipa::path(post, path = "/api/intake/entries/undo", tag = "intake", request_body = UndoForm,
    responses((status = 200, body = Done)))]
pub(super) async fn undo(
    State(intake): State<Intake>,
    order: Order<UndoForm>,
) -> Answer<Rejection> {
    let entry = intake.made(&order.body.entry).await?;
    if !policy::is_author(&order.caller, &entry) {
        return Err(Failure::Denied);
    }
    let id = id_of(&entry.id);
    let command = EntryCommand::Undo { entry: Box::new(entry), now: order.now };
    intake.log.ask::<Entry>(&order.asked, id, command).await
}

impl Intake {
    /// An entry as its own log tells it. What is none, and what is in a log that this role may not
    /// read, answers alike.
    async fn made(&self, id: &str) -> Result<Made, Failure<Rejection>> {
        let named = Named::parse(id).ok_or(Failure::Denied)?;
        match named.context() {
            Context::Identity => return Err(Failure::Rejected(Rejection::NotHere(Way::Vault))),
            Context::Directory => return Err(Failure::Rejected(Rejection::NotHere(Way::NoPerson))),
            Context::Intake
            | Context::Casework
            | Context::Housing
            | Context::Food
            | Context::Referrals => {}
        }
        let feed = self.entries.iter().find(|feed| feed.context() == named.context());
        let Some(feed) = feed else { return Err(Failure::Denied) };
        let reference = match named {
            Named::Event(reference) => reference,
            Named::Position(_, position) => feed
                .at(position)
                .await?
                .map(|event| Reference::of(&event))
                .ok_or(Failure::Denied)?,
        };
        let events = feed.of_aggregate(&reference.aggregate_type, reference.aggregate).await?;
        Made::of(&reference, &events).ok_or(Failure::Denied)
    }
}
