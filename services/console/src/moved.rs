//! `/persone/{id}/spostamenti`: which entries were moved away from a record or to it, and who had
//! read the record until then; for the data protection officer alone.

mod view;

use std::collections::BTreeMap;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use trama_platform::clock::real_now;
use trama_platform::doors::Action;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::codes_of;
use trama_ui::frame::Place;

use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::{Console, answer, names};
use view::Page;

/// Seeing what was moved.
pub(crate) const MOVES: Action = Action {
    name: "page.moves",
    roles: &[Role::Auditor],
    why: "only the data protection officer sees that an entry stood on a wrong person",
    second_factor: false,
};

/// Moves on one page, each with those who read before it.
const MOVES_MAX: usize = 20;
/// Looks before a move among which readers are found.
const LOOKS_MAX: usize = 200;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What the part before named as the next.
    dopo: Option<i64>,
}

/// A move, as the door tells it.
#[derive(Debug, Deserialize)]
struct Moved {
    entry: String,
    from: Option<PersonId>,
    to: Option<PersonId>,
    by: StaffId,
    organisation: OrganisationId,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Moves {
    moves: Vec<Moved>,
    next: Option<i64>,
}

/// One look at a record, as the access log's door tells it.
#[derive(Debug, Deserialize)]
struct Look {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    organisation: OrganisationId,
    role: String,
    sections: Vec<String>,
    staff: Option<StaffId>,
    decision: String,
}

impl Look {
    /// Whether it was at a class of her data, and not at a log about her: who controls sees no
    /// entry.
    fn is_at_her(&self) -> bool {
        let at_her = self.sections.iter().any(|code| code.parse::<Section>().is_ok());
        at_her && self.role != Role::Auditor.code()
    }
}

#[derive(Debug, Deserialize)]
struct Looks {
    items: Vec<Look>,
    next: Option<i64>,
}

/// A move with those who had read the record.
#[derive(Debug)]
struct Told {
    moved: Moved,
    looks: Vec<Look>,
    /// Whether there are older ones that are not shown.
    more: bool,
}

/// Everything that the page shows.
#[derive(Debug)]
struct Known {
    person: PersonId,
    told: Vec<Told>,
    next: Option<i64>,
    codes: BTreeMap<PersonId, String>,
    bodies: BTreeMap<OrganisationId, String>,
}

/// `GET /persone/{id}/spostamenti`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    person: Result<Path<PersonId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Ok(Path(person)), Ok(Query(wanted))) = (person, wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    match known(&console, &visitor, person, wanted.dopo).await {
        Ok(known) => {
            let today = rome::day_of(real_now());
            let frame = console.frame(Some(&visitor), "", Some(Place::Accesses));
            answer::page(StatusCode::OK, &Page::new(frame, &known, today))
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

async fn known(
    console: &Console,
    visitor: &Visitor,
    person: PersonId,
    after: Option<i64>,
) -> Result<Known, Problem> {
    let api = Api::new(console, visitor, Some(Purpose::Audit));
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    let path = format!("/api/projections/moves?person={person}&limit={MOVES_MAX}{after}");
    let found: Moves = api.get(&path).await?;
    let mut told = Vec::with_capacity(found.moves.len());
    for moved in found.moves {
        told.push(told_of(&api, moved).await?);
    }
    let mut people = vec![person];
    people.extend(told.iter().flat_map(|told| [told.moved.from, told.moved.to]).flatten());
    let pool = &console.models.pool;
    let codes = codes_of(pool, &people).await.map_err(Failure::<Never>::from)?;
    let moving = told.iter().map(|told| told.moved.organisation);
    let looking = told.iter().flat_map(|told| &told.looks).map(|look| look.organisation);
    let bodies = names::bodies(&api, moving.chain(looking)).await?;
    Ok(Known { person, told, next: found.next, codes, bodies })
}

/// Who was let into the record on which the entry stood, until it was moved.
async fn told_of(api: &Api<'_>, moved: Moved) -> Result<Told, Problem> {
    let Some(from) = moved.from else { return Ok(Told { moved, looks: Vec::new(), more: false }) };
    let until = encode(&moved.at.format(&Rfc3339).unwrap_or_default());
    let path = format!("/api/access/persons/{from}?to={until}&limit={LOOKS_MAX}");
    let Looks { mut items, next } = api.get(&path).await?;
    items.retain(|look| look.decision == "allowed" && look.is_at_her());
    Ok(Told { moved, looks: items, more: next.is_some() })
}
