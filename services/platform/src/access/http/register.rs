//! The log as who controls looks through it, and the end of its chain.

use axum::Json;
use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use serde::{Deserialize, Serialize};
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use utoipa::{IntoParams, ToSchema};

use super::{RECENT, Wanted, bad_query, different, for_audit, shown, unread};
use crate::access::chain::Tip;
use crate::access::entry::Decision;
use crate::access::read::{AccessReader, Paged, Row};
use crate::access::register::Sought;
use crate::failure::Problem;
use crate::gate::Reader;

/// Which rows are sought. What is not said is not asked.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Seeking {
    /// Of this worker.
    staff: Option<StaffId>,
    /// About this person, by any of her records.
    person: Option<PersonId>,
    /// For this organisation.
    organisation: Option<OrganisationId>,
    /// For this purpose.
    #[param(value_type = Option<String>)]
    purpose: Option<Purpose>,
    /// `allowed` or `denied`.
    decision: Option<Decision>,
    /// `true` for emergency accesses alone.
    forced: Option<bool>,
    /// From this moment (RFC 3339); a week ago, without.
    from: Option<String>,
    /// Until this moment, which is excluded; now, without.
    to: Option<String>,
    /// `next` of the answer before.
    after: Option<i64>,
    /// Items in the answer, 1 to 500; 100 without.
    limit: Option<i64>,
}

/// Rows of the access log, the newest first. A part may be empty and not the last.
#[utoipa::path(get, path = "/api/access/rows", tag = "access", params(Seeking),
    responses((status = 200, body = Paged<Row>)))]
pub(super) async fn rows(
    State(log): State<AccessReader>,
    reader: Reader,
    seeking: Result<Query<Seeking>, QueryRejection>,
) -> Result<Json<Paged<Row>>, Problem> {
    let Query(seeking) = seeking.map_err(bad_query)?;
    let Seeking { staff, person, organisation, purpose, decision, forced, from, to, after, limit } =
        seeking;
    let wanted = Wanted { from, to, after, limit };
    let (between, page) = (wanted.between(RECENT)?, wanted.page()?);
    for_audit(&reader, person).await?;
    let persons = match person {
        Some(person) => {
            let ties = reader.gate().ties(&reader.caller, person).await?;
            Some(different(ties.records.into_iter().chain([person])))
        }
        None => None,
    };
    let forced = forced == Some(true);
    let sought = Sought { staff, persons, organisation, purpose, decision, forced };
    let found = log.sought(&sought, between, page).await.map_err(unread)?;
    let about = different(found.items.iter().filter_map(|row| row.person).chain(person));
    shown(&reader, &about, true).await?;
    Ok(Json(found))
}

/// Which row of the chain to hold against what was noted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Noted {
    /// The position that was noted.
    position: Option<i64>,
}

/// The chain of the access log: where it ends now, and a row that somebody noted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Chain {
    /// Position of the last row; 0 before the first.
    last: i64,
    /// Its hash, in hexadecimal.
    hash: String,
    /// The hash of the row that was asked for; none without one, or where there is no such row.
    noted: Option<String>,
}

/// The end of the chain, to be noted down outside the database; and the hash of one row, to be held
/// against what was noted. That every row is what was written, `trama verify` computes anew.
#[utoipa::path(get, path = "/api/access/chain", tag = "access", params(Noted),
    responses((status = 200, body = Chain)))]
pub(super) async fn chain(
    State(log): State<AccessReader>,
    reader: Reader,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Json<Chain>, Problem> {
    let Query(Noted { position }) = noted.map_err(bad_query)?;
    for_audit(&reader, None).await?;
    shown(&reader, &[], true).await?;
    let end = log.tip(None).await.map_err(unread)?;
    let Tip { position: last, hash } = end.ok_or_else(Problem::not_found)?;
    let noted = match position {
        Some(_) => log.tip(position).await.map_err(unread)?.map(|tip| tip.hash),
        None => None,
    };
    Ok(Json(Chain { last, hash, noted }))
}
