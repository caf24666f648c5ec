//! `/api/sign-in`: ending the sessions of a colleague whose device was lost (ASVS 5.0 V7.4.5).

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use trama_events::codes::Role;
use trama_events::ids::StaffId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Happened, Sessions};
use crate::doors::{Action, Door, Doors, Gate, Order};
use crate::failure::{Failure, Never, Problem};
use crate::gate::Reader;

/// Ending somebody's sessions.
const END: Action = Action {
    name: "sign_in.end_sessions",
    roles: &[Role::Administrator],
    why: "whoever keeps the accesses ends what a lost or stolen device has open; she may sign in again",
    second_factor: true,
};

impl Sessions {
    /// The door of the sessions, under `/api/sign-in`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(END, routes!(end)).finish(self.clone())
    }
}

/// Nothing more to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndForm {}

#[derive(Debug, Serialize, ToSchema)]
struct Ended {
    /// How many sessions are over: nobody's is 0, also of somebody who does not work here.
    ended: u64,
}

/// Ends every session of a member of the staff. Bearer tokens of programs are not sessions: they
/// end with her membership.
#[utoipa::path(post, path = "/api/sign-in/staff/{staff}/sessions/end", tag = "sign-in",
    request_body = EndForm, params(("staff" = StaffId, Path)), responses((status = 200, body = Ended)))]
async fn end(
    State(sessions): State<Sessions>,
    reader: Reader,
    staff: Result<Path<StaffId>, PathRejection>,
    order: Order<EndForm>,
) -> Result<Json<Ended>, Problem> {
    let Path(staff) = staff.map_err(|_| {
        let detail = "the staff id is a UUID, as the directory gives it";
        Problem::new(StatusCode::BAD_REQUEST, "bad_id", detail)
    })?;
    let ended = sessions.revoke_staff(reader.gate().staff(), staff).await;
    let number = ended.map_err(Failure::<Never>::from)?;
    Happened::Revoked { staff, by: order.caller.staff, number }.tell();
    Ok(Json(Ended { ended: number }))
}
