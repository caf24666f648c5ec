use sqlx::{PgConnection, query};
use trama_events::casework::CaseEvent;
use trama_events::ids::StaffId;
use trama_platform::follow::Read;

use super::{Held, begin, end};
use crate::relations::found::RelationKind;
use crate::relations::rules::{CASE_DAYS_AFTER, days_after};

/// The service that holds a case, its manager and its team. Events after the first do not name the
/// person: the case's own row does.
pub(in crate::relations) async fn case(
    rows: &mut PgConnection,
    read: &Read,
    event: &CaseEvent,
) -> sqlx::Result<()> {
    match event {
        CaseEvent::CaseOpened { person, service, .. } => {
            let held = Held {
                part: "",
                people: &[person.0],
                kind: RelationKind::CaseService,
                holder: service.0,
                until: None,
                confidential: false,
            };
            begin(rows, read, held).await
        }
        CaseEvent::CaseManagerAssigned { manager } => {
            leave(&mut *rows, read, RelationKind::CaseManager, None).await?;
            join(rows, read, RelationKind::CaseManager, *manager).await
        }
        CaseEvent::TeamMemberAdded { staff } => {
            join(rows, read, RelationKind::CaseTeam, *staff).await
        }
        CaseEvent::TeamMemberRemoved { staff } => {
            leave(rows, read, RelationKind::CaseTeam, Some(*staff)).await
        }
        CaseEvent::CaseClosed { .. } => {
            end(rows, read, days_after(read.recorded.why.occurred_at, CASE_DAYS_AFTER)).await
        }
        CaseEvent::AssessmentRecorded { .. }
        | CaseEvent::EligibilityFactRecorded { .. }
        | CaseEvent::TakenInCharge { .. }
        | CaseEvent::ProjectDrafted { .. }
        | CaseEvent::GoalSet { .. }
        | CaseEvent::ProjectSigned { .. }
        | CaseEvent::GoalReviewed { .. }
        | CaseEvent::ProjectCompleted {}
        | CaseEvent::ProjectInterrupted { .. } => Ok(()),
    }
}

async fn join(
    rows: &mut PgConnection,
    read: &Read,
    kind: RelationKind,
    staff: StaffId,
) -> sqlx::Result<()> {
    query(
        "insert into held (aggregate, part, person, kind, holder, since, confidential) \
         select aggregate, '', person, $2, $3, $4, false from held \
         where aggregate = $1 and kind = 'case_service' \
         on conflict (aggregate, part, person, kind, holder) do update set until = null",
    )
    .bind(read.recorded.aggregate_id)
    .bind(kind.code())
    .bind(staff.0)
    .bind(read.recorded.why.occurred_at)
    .execute(rows)
    .await
    .map(drop)
}

/// Whoever does not work on it any more has nothing to finish: another one goes on.
async fn leave(
    rows: &mut PgConnection,
    read: &Read,
    kind: RelationKind,
    staff: Option<StaffId>,
) -> sqlx::Result<()> {
    query(
        "update held set until = $3 where aggregate = $1 and kind = $2 and until is null \
            and ($4::uuid is null or holder = $4)",
    )
    .bind(read.recorded.aggregate_id)
    .bind(kind.code())
    .bind(read.recorded.why.occurred_at)
    .bind(staff.map(|staff| staff.0))
    .execute(rows)
    .await
    .map(drop)
}
