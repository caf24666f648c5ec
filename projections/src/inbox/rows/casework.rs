use sqlx::PgConnection;
use trama_events::casework::CaseEvent;
use trama_platform::follow::Read;

/// Who is in charge of whom, and which goals are to be looked at again.
pub(in crate::inbox) async fn case(
    rows: &mut PgConnection,
    read: &Read,
    event: &CaseEvent,
) -> sqlx::Result<()> {
    let (case, at) = (read.recorded.aggregate_id, read.recorded.why.occurred_at);
    let over = "update cases set project_over = $2 where case_id = $1";
    let change = match event {
        CaseEvent::CaseOpened { person, service, .. } => sqlx::query(
            "insert into cases (case_id, person, service, opened_at) values ($1, $2, $3, $4)",
        )
        .bind(case)
        .bind(person.0)
        .bind(service.0)
        .bind(at),
        CaseEvent::CaseManagerAssigned { manager } => {
            sqlx::query("update cases set manager = $2 where case_id = $1")
                .bind(case)
                .bind(manager.0)
        }
        CaseEvent::GoalSet { goal, review_on, .. } => sqlx::query(
            "insert into goals values ($1, $2, $3, $4) on conflict (goal) do update set \
             review_on = excluded.review_on, set_at = excluded.set_at",
        )
        .bind(goal.0)
        .bind(case)
        .bind(review_on)
        .bind(at),
        CaseEvent::GoalReviewed { goal, review_on, .. } => {
            sqlx::query("update goals set review_on = $2, set_at = $3 where goal = $1")
                .bind(goal.0)
                .bind(review_on)
                .bind(at)
        }
        CaseEvent::ProjectDrafted { .. } => sqlx::query(over).bind(case).bind(false),
        CaseEvent::ProjectCompleted {} | CaseEvent::ProjectInterrupted { .. } => {
            sqlx::query(over).bind(case).bind(true)
        }
        CaseEvent::CaseClosed { handover, .. } => sqlx::query(
            "update cases set is_open = false, handover = $2, closed_at = $3 where case_id = $1",
        )
        .bind(case)
        .bind(handover.map(|service| service.0))
        .bind(at),
        CaseEvent::TeamMemberAdded { .. }
        | CaseEvent::TeamMemberRemoved { .. }
        | CaseEvent::AssessmentRecorded { .. }
        | CaseEvent::EligibilityFactRecorded { .. }
        | CaseEvent::UvmConvened { .. }
        | CaseEvent::UvmCancelled {}
        | CaseEvent::CarePlanApproved { .. }
        | CaseEvent::GuardianAppointed { .. }
        | CaseEvent::GuardianshipEnded {}
        | CaseEvent::TakenInCharge { .. }
        | CaseEvent::ProjectSigned { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}
