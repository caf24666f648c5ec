use sqlx::{PgConnection, query};
use time::OffsetDateTime;
use trama_events::casework::CaseEvent;
use trama_events::ids::StaffId;
use trama_platform::follow::Read;

use super::{Held, begin};
use crate::relations::found::RelationKind;
use crate::relations::rules::{CASE_DAYS_AFTER, days_after, meeting_ends};

/// The service that holds a case, its manager and its team, whom it calls to a meeting, and the
/// person's guardian. Events after the first do not name the
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
            join(rows, read, RelationKind::CaseManager, *manager, None).await
        }
        CaseEvent::TeamMemberAdded { staff } => {
            join(rows, read, RelationKind::CaseTeam, *staff, None).await
        }
        CaseEvent::TeamMemberRemoved { staff } => {
            leave(rows, read, RelationKind::CaseTeam, Some(*staff)).await
        }
        CaseEvent::UvmConvened { on, social, health } => {
            leave(&mut *rows, read, RelationKind::Meeting, None).await?;
            for member in social.iter().chain(health) {
                let until = Some(meeting_ends(*on));
                join(&mut *rows, read, RelationKind::Meeting, *member, until).await?;
            }
            Ok(())
        }
        CaseEvent::UvmCancelled {} | CaseEvent::CarePlanApproved { .. } => {
            leave(rows, read, RelationKind::Meeting, None).await
        }
        CaseEvent::GuardianAppointed { guardian } => {
            leave(&mut *rows, read, RelationKind::Guardian, None).await?;
            join(rows, read, RelationKind::Guardian, *guardian, None).await
        }
        CaseEvent::GuardianshipEnded {} => leave(rows, read, RelationKind::Guardian, None).await,
        CaseEvent::CaseClosed { .. } => closed(rows, read).await,
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
    until: Option<OffsetDateTime>,
) -> sqlx::Result<()> {
    query(
        "insert into held (aggregate, part, person, kind, holder, since, until, confidential, begun_by) \
         select aggregate, '', person, $2, $3, $4, $5, false, $6 from held \
         where aggregate = $1 and kind = 'case_service' \
         on conflict (aggregate, part, person, kind, holder) do update set until = excluded.until, \
            begun_by = excluded.begun_by",
    )
    .bind(read.recorded.aggregate_id)
    .bind(kind.code())
    .bind(staff.0)
    .bind(read.recorded.why.occurred_at)
    .bind(until)
    .bind(read.recorded.why.actor.0)
    .execute(rows)
    .await
    .map(drop)
}

/// A guardianship outlives the case in which it is written: a court ends it. A meeting does not:
/// there is nothing left to decide.
async fn closed(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    leave(&mut *rows, read, RelationKind::Meeting, None).await?;
    query(
        "update held set until = $2 where aggregate = $1 and until is null and kind <> 'guardian'",
    )
    .bind(read.recorded.aggregate_id)
    .bind(days_after(read.recorded.why.occurred_at, CASE_DAYS_AFTER))
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
        "update held set until = $3 where aggregate = $1 and kind = $2 \
            and (until is null or until > $3) and ($4::uuid is null or holder = $4)",
    )
    .bind(read.recorded.aggregate_id)
    .bind(kind.code())
    .bind(read.recorded.why.occurred_at)
    .bind(staff.map(|staff| staff.0))
    .execute(rows)
    .await
    .map(drop)
}
