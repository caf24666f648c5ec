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

/// Moves an entry to the person on whom it belongs. Only the auditor sees that it was moved. An
/// entry that is not there, and one that is not yours to move, are refused alike.
#[utoipa::path(post, path = "/api/intake/entries/move", tag = "intake", request_body = MoveForm,
    responses((status = 200, body = Done)))]
pub(super) async fn reattribute(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<MoveForm>,
) -> Result<Done, Problem> {
    let MoveForm { entry: name, from, to, reason } = order.body;
    let section = section_of(&name, order.caller.role);
    let found = intake.made(&name).await?;
    let id = id_of(found.as_ref().map_or(&name, |entry| &entry.id));
    let (place, _) = intake.log.load::<Entry>(id).await?;
    let answers = reader.answers(from).await?;
    let hers = found.filter(|entry| {
        let stands_on_her = place.stands_on(entry) == Some(from);
        policy::may_move(&order.caller, &answers, entry, stands_on_her)
    });
    // On the wrong record nothing is written. What stands on the right one is her body's own.
    let known = intake.known::<Rejection>(to, &order.caller).await?;
    let known = known.filter(|known| known.sealed_by.is_none() && hers.is_some());
    let known = known.map(|known| Known { own_record: true, ..known });
    reader.writes(to, known, &BTreeSet::from([section])).await?;
    let entry = hers.ok_or_else(Problem::not_found)?;
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

/// Takes back an own entry within 30 seconds. An entry that is not there, and one of somebody else,
/// are refused alike.
#[utoipa::path(post, path = "/api/intake/entries/undo", tag = "intake", request_body = UndoForm,
    responses((status = 200, body = Done)))]
pub(super) async fn undo(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<UndoForm>,
) -> Result<Done, Problem> {
    let section = section_of(&order.body.entry, order.caller.role);
    let found = intake.made(&order.body.entry).await?;
    let Some(entry) = found.filter(|entry| policy::is_author(&order.caller, entry)) else {
        return Err(reader.not_own(None, section).await);
    };
    let id = id_of(&entry.id);
    let command = EntryCommand::Undo { entry: Box::new(entry), now: order.now };
    Ok(intake.log.ask::<Entry>(&order.asked, id, command).await?)
}

impl Intake {
    /// An entry as its own log tells it; nothing of what is none, and of what is in a log that this
    /// role may not read. As much is read of an entry that is not there.
    pub(super) async fn made(&self, name: &str) -> Result<Option<Made>, Failure<Rejection>> {
        let Some(named) = Named::parse(name) else { return Ok(None) };
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
        let Some(feed) = feed else { return Ok(None) };
        let reference = match named {
            Named::Event(reference) => reference,
            Named::Position(context, position) => {
                let event = feed.at(position).await?;
                event.map_or_else(|| Reference::nowhere(context), |event| Reference::of(&event))
            }
        };
        let events = feed.of_aggregate(&reference.aggregate_type, reference.aggregate).await?;
        Ok(Made::of(&reference, &events))
    }
}
