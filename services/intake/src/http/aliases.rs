use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::{Json, http::header};
use serde::Serialize;
use trama_events::ids::{PersonId, ServiceId};
use trama_platform::gate::Reader;
use trama_platform::permit::Deed;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use crate::Intake;
use crate::person::{ALIAS, Rejection};

/// Who is known under an alias of one's own unit.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct KnownView {
    /// Her record.
    person: PersonId,
}

/// Whom your unit knows under an alias. Of another unit's aliases nothing is told, and of one that
/// nobody has as much is asked and written down as of one that somebody has.
#[utoipa::path(get, path = "/api/intake/services/{service}/aliases/{alias_code}", tag = "intake",
    params(("service" = ServiceId, Path), ("alias_code" = String, Path)),
    responses((status = 200, body = KnownView)))]
pub(super) async fn known(
    State(intake): State<Intake>,
    reader: Reader,
    Path((service, alias_code)): Path<(ServiceId, String)>,
) -> Result<impl IntoResponse, Problem> {
    const NOBODY: PersonId = PersonId(uuid::Uuid::nil());
    reader.caller.must_act_for::<Rejection>(service)?;
    let holder = intake.log.holder(ALIAS, &format!("{service}/{alias_code}")).await;
    let person = holder.map_err(Failure::<Rejection>::from)?.map_or(NOBODY, PersonId);
    reader.may_with(person, Deed::List).await?;
    if person == NOBODY {
        return Err(Problem::not_found());
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(KnownView { person })))
}
