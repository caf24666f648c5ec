//! Who looked at a person: for the auditor, and for whoever tells her.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use time::Duration;
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, PersonId};
use trama_permit::Deed;
use utoipa::IntoParams;

use super::{Wanted, bad_query, different, for_audit, shown, unread};
use crate::access::extract::{Audience, Looked};
use crate::access::read::{AccessReader, Paged};
use crate::doors::Action;
use crate::failure::Problem;
use crate::gate::Reader;

/// How far back an extract goes, unless asked otherwise: as long as rows are kept at least.
const EXTRACT: Duration = Duration::days(731);

/// Asking who looked at a person.
pub(super) const READ: Action = Action {
    name: "access.extract",
    roles: &[Role::Auditor, Role::InfoDesk, Role::CaseManager, Role::MinorsWorker],
    why: "a person has a right to know who read her record: she asks at the desk or whoever has her \
          in charge; who the workers were, only the data protection officer learns",
    second_factor: false,
};

/// How an extract is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Extract {
    /// `true` for the copy that the person gets: no worker's id, no refusals. Everybody but the
    /// auditor gets no other.
    for_person: Option<bool>,
    /// From this moment (RFC 3339); 24 months ago, without.
    from: Option<String>,
    /// Until this moment, which is excluded; now, without.
    to: Option<String>,
    /// `next` of the answer before.
    after: Option<i64>,
    /// Items in the answer, 1 to 500; 100 without.
    limit: Option<i64>,
}

/// Who looked at a person, the newest first: the extract to which she has a right. Whoever tells
/// her, and does not audit, does not learn what confidential and health services looked at: the
/// auditor has the whole copy.
#[utoipa::path(get, path = "/api/access/persons/{person}", tag = "access",
    params(("person" = PersonId, Path), Extract), responses((status = 200, body = Paged<Looked>)))]
pub(super) async fn read(
    State(log): State<AccessReader>,
    reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    asked: Result<Query<Extract>, QueryRejection>,
) -> Result<Json<Paged<Looked>>, Problem> {
    let Path(person) = person.map_err(|_| Problem::not_found())?;
    let Query(Extract { for_person, from, to, after, limit }) = asked.map_err(bad_query)?;
    let wanted = Wanted { from, to, after, limit };
    let (between, page) = (wanted.between(EXTRACT)?, wanted.page()?);
    let records = records(&reader, person).await?;
    let untold = untold(&reader).await?;
    let audience = match &untold {
        Some(bodies) => Audience::Teller(bodies),
        None if for_person == Some(true) => Audience::Person,
        None => Audience::Auditor,
    };
    let found = log.extract(&records, between, page, audience).await.map_err(unread)?;
    shown(&reader, &records, false).await?;
    Ok(Json(found))
}

/// Every record that is she, when the reader may be told who looked at them.
async fn records(reader: &Reader, person: PersonId) -> Result<Vec<PersonId>, Problem> {
    let ties = if audits(reader) {
        for_audit(reader, Some(person)).await?;
        reader.gate().ties(&reader.caller, person).await?
    } else {
        let ties = reader.may_with(person, Deed::Extract).await?;
        if !ties.registered {
            return Err(Problem::not_found());
        }
        ties
    };
    Ok(different(ties.records.into_iter().chain([person])))
}

/// The bodies of whose looks she does not learn; none where she learns of all.
async fn untold(reader: &Reader) -> Result<Option<BTreeSet<OrganisationId>>, Problem> {
    if audits(reader) {
        return Ok(None);
    }
    reader.gate().confidential_bodies().await.map(Some)
}

fn audits(reader: &Reader) -> bool {
    reader.caller.role == Role::Auditor
}
