//! I1, I2, I4, I5: centres, places, services, social workers. Public facts: nothing is hidden.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use trama_events::rome;

use super::asked::Scope;
use super::formulas::CENTRES;

/// Counts by code: now, and what the indicator says beside it.
pub(super) type Stock = BTreeMap<String, (i64, i64)>;

/// The last state of each service by `$1`, first by its day, then by its place in the log.
pub(super) const STATES: &str =
    "state as (select distinct on (service) service, state, event, since
    from indicators.states where since <= $1 order by service, since desc, sequence desc)";

/// I1 by type: centres open at the end, and centres whose first site opened in the period.
pub(super) async fn centres(rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Stock> {
    let query = format!(
        "with {STATES}, centre as (select s.service, s.service_type, min(o.opened_on) as first_on, \
                bool_or(o.opened_on <= $1 and (o.closed_on is null or $1 < o.closed_on)) as open \
            from indicators.services s join indicators.sites o on o.service = s.service \
            where s.service_type = any($2) and ($3::text is null or s.ats = $3) \
            group by s.service, s.service_type) \
         select c.service_type as code, \
            count(*) filter (where c.open and coalesce(state.state, '') <> 'closed') as at_end, \
            count(*) filter (where c.first_on between $4 and $1) as beside \
         from centre c left join state on state.service = c.service group by c.service_type"
    );
    let asked = sqlx::query(&query)
        .bind(scope.period.to)
        .bind(CENTRES.as_slice())
        .bind(scope.slug())
        .bind(scope.period.from);
    read(&asked.fetch_all(rows).await?)
}

/// I2 by kind: places on the last night, and on the night before the period.
pub(super) async fn places(rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Stock> {
    let found = sqlx::query(
        "with place as (select f.kind, f.secret, s.ats, \
                greatest(p.from_night, f.opened_on) as from_night, \
                least(p.to_night, f.closed_on) as to_night \
            from indicators.places p join indicators.facilities f on f.facility = p.facility \
                left join indicators.services s on s.service = f.facility) \
         select kind as code, \
            count(*) filter (where from_night <= $1 \
                and (to_night is null or $1 < to_night)) as at_end, \
            count(*) filter (where from_night <= $2 \
                and (to_night is null or $2 < to_night)) as beside \
         from place where $3::text is null or (ats = $3 and not secret) group by kind",
    )
    .bind(scope.period.to)
    .bind(rome::days_after(scope.period.from, -1))
    .bind(scope.slug())
    .fetch_all(rows)
    .await?;
    read(&found)
}

/// I4 by type: services that are active at the end.
pub(super) async fn services(rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Stock> {
    let query = format!(
        "with {STATES} select \
            case when s.confidential then 'external' else s.service_type end as code, \
            count(*) as at_end, 0::bigint as beside \
         from indicators.services s join state on state.service = s.service \
         where state.state = 'active' \
            and ($2::text is null or (s.ats = $2 and not s.confidential)) group by code"
    );
    read(&sqlx::query(&query).bind(scope.period.to).bind(scope.slug()).fetch_all(rows).await?)
}

/// I5 by contract: hundredths of full-time equivalents in force at the end.
pub(super) async fn social_workers(rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Stock> {
    let found = sqlx::query(
        "select contract as code, sum(fte_hundredths)::bigint as at_end, 0::bigint as beside \
         from indicators.posts where profession = 'social_worker' and hired_on <= $1 \
            and (ended_on is null or $1 < ended_on) \
            and ($2::text is null or ats = $2) group by contract",
    )
    .bind(scope.period.to)
    .bind(scope.slug())
    .fetch_all(rows)
    .await?;
    read(&found)
}

fn read(found: &[sqlx::postgres::PgRow]) -> sqlx::Result<Stock> {
    found
        .iter()
        .map(|row| Ok((row.try_get("code")?, (row.try_get("at_end")?, row.try_get("beside")?))))
        .collect()
}
