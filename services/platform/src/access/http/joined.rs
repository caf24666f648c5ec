//! Who read a file while it was joined: for whoever undoes a link, and for the auditor.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::{LinkId, PersonId, StaffId};
use trama_permit::Deed;
use utoipa::{IntoParams, ToSchema};

use super::{bad, bad_query, for_audit, moment, shown, unread};
use crate::access::read::{AccessReader, Between, LIMIT_MAX, ReadBy};
use crate::clock::real_now;
use crate::doors::Action;
use crate::failure::Problem;
use crate::gate::Reader;

/// Asking who read a joined file.
pub(super) const READ: Action = Action {
    name: "access.readers_of_link",
    roles: &[Role::Auditor, Role::InfoDesk, Role::CaseManager, Role::MinorsWorker],
    why: "whoever undoes a link learns how many read the joined file; who they were, only the data \
          protection officer learns",
    second_factor: false,
};

/// Which file, and in which time it was joined.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// One record of the link.
    person: PersonId,
    /// The other.
    other: PersonId,
    /// When they were linked (RFC 3339).
    from: String,
    /// When the link was undone; now, without.
    to: Option<String>,
}

/// Who read either record while both were one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct JoinedReaders {
    /// How many workers read it, beside whoever asks: of at most 500 by organisation and role.
    workers: usize,
    /// Who, for the auditor: at most 500, in order of staff id.
    readers: Vec<ReadBy>,
}

/// Who read a file while two records were joined in it. The auditor learns who; whoever may judge
/// the two learns how many.
#[utoipa::path(get, path = "/api/access/links/{link}/readers", tag = "access",
    params(("link" = LinkId, Path), Wanted), responses((status = 200, body = JoinedReaders)))]
pub(super) async fn read(
    State(log): State<AccessReader>,
    reader: Reader,
    link: Result<Path<LinkId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<JoinedReaders>, Problem> {
    let Path(link) = link.map_err(|_| Problem::not_found())?;
    let Query(wanted) = wanted.map_err(bad_query)?;
    let both = [wanted.person, wanted.other];
    if LinkId::of_pair(wanted.person, wanted.other) != link {
        return Err(bad("bad_query", "person and other are the two records of the link".into()));
    }
    let between = between(&wanted)?;
    let is_auditor = reader.caller.role == Role::Auditor;
    if is_auditor {
        for_audit(&reader, Some(wanted.person)).await?;
        shown(&reader, &both, false).await?;
    } else {
        for person in both {
            reader.may_with(person, Deed::Link).await?;
        }
    }
    let found = log.readers_of(&both, None, between, None, LIMIT_MAX).await.map_err(unread)?;
    let others = found.iter().map(|read| read.staff).filter(|staff| *staff != reader.caller.staff);
    let workers: BTreeSet<StaffId> = others.collect();
    let readers = if is_auditor { found } else { Vec::new() };
    Ok(Json(JoinedReaders { workers: workers.len(), readers }))
}

fn between(wanted: &Wanted) -> Result<Between, Problem> {
    let from = moment(&wanted.from)?;
    // What is written while this is read belongs to it.
    let now = || Ok::<OffsetDateTime, Problem>(real_now() + Duration::MINUTE);
    let to = wanted.to.as_deref().map_or_else(now, moment)?;
    if from >= to {
        return Err(bad("bad_time", "from is before to".to_owned()));
    }
    Ok(Between { from, to })
}
