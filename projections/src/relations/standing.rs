//! Who had to do with a person until a moment: for who controls what was known when.

use sqlx::Row;
use sqlx::postgres::PgRow;
use time::OffsetDateTime;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::ties::{STOOD_MAX, Stood};
use uuid::Uuid;

use super::acquaintance::permitted_as;
use super::find::{Relations, Unsure};
use super::found::{Relation, RelationKind};
use super::rules;

/// `$1` the person's records, `$2` the moment, `$3` the days for which an entry counts, `$4` the
/// bound. Nights in a row at one house are one, or a winter of them would leave no room for who had
/// her in charge before. A case tells the body of its manager and of its team; of a confidential service no body is
/// told.
const FIND: &str = "
with every as (
    select h.aggregate, h.kind, h.holder, h.since, h.until, h.confidential from relations.held h
    where h.person = any($1::uuid[]) and h.since <= $2
), nights as (
    select *, count(*) filter (where apart) over (partition by holder order by since, until) as row
    from (select *, since > lag(until) over (partition by holder order by since, until)
            + interval '1 day' as apart
        from every where kind = 'night' and until is not null) one
), held as (
    select * from every where kind <> 'night' or until is null
    union all
    select null, 'night', holder, min(since), max(until), confidential
    from nights group by holder, confidential, row
), by_worker as (
    select kind in ('case_manager', 'case_team', 'meeting', 'guardian') as hers, h.* from held h
), stood (kind, staff, organisation, since, until) as (
    select h.kind, case when h.hers then h.holder end,
        case when not h.confidential and not coalesce(s.confidential, true) then s.organisation end,
        h.since, h.until
    from by_worker h
    left join held c on h.hers and c.kind = 'case_service' and c.aggregate = h.aggregate
        and h.kind in ('case_manager', 'case_team')
    left join relations.services s on s.service = case when h.hers then c.holder else h.holder end
    union all
    select 'own_record', null, case when bool_or(coalesce(s.confidential, false)) then null
            else o.organisation end, min(o.at), max(o.at) + make_interval(days => $3)
    from relations.own o left join relations.services s using (service)
    left join relations.moved m using (entry)
    where o.at <= $2 and case when m.entry is null then o.person else m.person end = any($1::uuid[])
    group by o.organisation
)
select distinct kind, staff, organisation, since, until from stood
order by since desc, kind, organisation, staff limit $4";

impl Relations {
    /// Who had to do with the person who has these records, until `until`, the newest first.
    ///
    /// # Errors
    ///
    /// [`Unsure`], as [`Self::of`].
    pub async fn standing(
        &self,
        records: &[PersonId],
        until: OffsetDateTime,
    ) -> Result<Vec<Stood>, Unsure> {
        self.must_be_in_time()?;
        let days = i32::try_from(rules::OWN_RECORD_DAYS).unwrap_or(i32::MAX);
        let rows = sqlx::query(FIND)
            .bind(records.iter().map(|record| record.0).collect::<Vec<Uuid>>())
            .bind(until)
            .bind(days)
            .bind(STOOD_MAX)
            .fetch_all(self.pool())
            .await?;
        let stood: Vec<Option<Stood>> = rows.iter().map(stood_of).collect::<sqlx::Result<_>>()?;
        Ok(stood.into_iter().flatten().collect())
    }
}

/// None for what opens nothing: that a service holds a case is no relation of everybody in it.
fn stood_of(row: &PgRow) -> sqlx::Result<Option<Stood>> {
    let kind: &str = row.try_get("kind")?;
    let kind: RelationKind =
        kind.parse().map_err(|_| sqlx::Error::Decode("unknown relation".into()))?;
    let (since, until): (OffsetDateTime, _) = (row.try_get("since")?, row.try_get("until")?);
    let relation = permitted_as(&Relation { kind, covering: None, since, until });
    let staff = row.try_get::<Option<Uuid>, _>("staff")?;
    let body = row.try_get::<Option<Uuid>, _>("organisation")?;
    Ok(relation.map(|relation| Stood {
        relation,
        staff: staff.map(StaffId),
        organisation: body.map(OrganisationId),
        since,
        until,
    }))
}
