//! Records that were opened by force, for whoever must look at it (trust.md, threat 5).
//!
//! They are the data protection officers', all of them, and the responsible's: whoever manages an
//! open case of the person. Where nobody does, or she opened it herself, it is the plan office of
//! the ATS on whose behalf it was opened: that answers for the act also where nobody has the person
//! in care. Nobody is asked to look at her own.

use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};
use trama_events::codes::Urgency;
use trama_events::ids::{Ats, StaffId};
use uuid::Uuid;

use super::items::{self, Draft, Kind, List};
use super::load::as_json;

/// Within how long somebody looks at it. Source: trust.md, threat 5.
const REVIEW: Duration = Duration::hours(72);

/// `$1` who looks, `$2` records of the people whom she has in charge.
const IN_CHARGE: &str = "
    select f.* from inbox.forced f
    where f.reviewed_at is null and f.staff <> $1 and f.person = any($2)";

/// `$1` who looks, `$2` since when what was found wrong is told.
const ALL: &str = "
    select f.* from inbox.forced f
    where f.staff <> $1
      and (f.reviewed_at is null or (f.finding = 'not_justified' and f.reviewed_at >= $2))";

/// `$1` who looks, `$2` for which ATS. Who manages a case of the person is found over her linked
/// records, as everywhere.
const NOBODY_IN_CHARGE: &str = "
    with recursive unseen as (
        select * from inbox.forced where reviewed_at is null and staff <> $1 and ats = $2
    ), one (access, person) as (
        select access, person from unseen
        union
        select o.access, case when l.canonical = o.person then l.other else l.canonical end
        from one o join inbox.links l on l.linked and (l.canonical = o.person or l.other = o.person)
    )
    select u.* from unseen u where not exists (
        select from one o join inbox.cases c using (person)
        where o.access = u.access and c.is_open and c.manager <> u.staff)";

/// A row of `forced`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Forced {
    access: Uuid,
    person: Uuid,
    reason: String,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    reviewed_at: Option<OffsetDateTime>,
}

impl Forced {
    fn draft(&self) -> Draft {
        let (kind, list, since) = match self.reviewed_at {
            None => (Kind::ForcedAccessReview, List::ToDo, self.at),
            Some(at) => (Kind::ForcedAccessUnjustified, List::Information, at),
        };
        let due = self.reviewed_at.is_none().then(|| self.at.checked_add(REVIEW));
        Draft {
            person: Some(self.person),
            reason: Some(self.reason.clone()),
            urgency: Urgency::Immediate,
            due: due.flatten(),
            ..Draft::new(kind, list, self.access, since)
        }
    }
}

/// For whoever has these people in charge.
pub(super) async fn in_charge(
    rows: &mut PgConnection,
    staff: Uuid,
    people: &[Uuid],
) -> sqlx::Result<Vec<Draft>> {
    let query = as_json(IN_CHARGE);
    let found = sqlx::query_scalar(&query).bind(staff).bind(people).fetch_all(rows).await?;
    Ok(drafts(&found))
}

/// For a data protection officer. What was found wrong she is told: she goes on with it.
pub(super) async fn of_auditor(
    rows: &mut PgConnection,
    staff: StaffId,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Draft>> {
    let query = as_json(ALL);
    let since = now - items::TOLD;
    let found = sqlx::query_scalar(&query).bind(staff.0).bind(since).fetch_all(rows).await?;
    Ok(drafts(&found))
}

/// For a plan office, which sees no person: not even her code.
pub(super) async fn of_plan_office(
    rows: &mut PgConnection,
    staff: StaffId,
    ats: &Ats,
) -> sqlx::Result<Vec<Draft>> {
    let query = as_json(NOBODY_IN_CHARGE);
    let found = sqlx::query_scalar(&query).bind(staff.0).bind(ats.as_str()).fetch_all(rows).await?;
    Ok(drafts(&found).into_iter().map(|draft| Draft { person: None, ..draft }).collect())
}

fn drafts(found: &[Json<Forced>]) -> Vec<Draft> {
    found.iter().map(|Json(forced)| forced.draft()).collect()
}
