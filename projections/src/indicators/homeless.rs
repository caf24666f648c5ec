//! I10: how many people are homeless, by where they sleep.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use time::Date;
use trama_events::rome;

use super::asked::Scope;
use super::formulas::SIGHTINGS;
use super::people::{Heads, KNOWN, SAME};

/// Who was not seen for so long does not count.
const SEEN_DAYS: i64 = 90;

/// `latest`: for everybody seen after `$2` and until `$1`, the latest situation until `$1`, where
/// it is of the ATS `$3` and in ETHOS categories 1 to 3. `$4` are the facts by which one is seen.
pub(super) const LATEST: &str = "
    seen as (select coalesce(s.one, f.person) as one from indicators.standing_facts f
            left join same s on s.person = f.person
            where f.happened_on > $2 and f.happened_on <= $1 and f.kind = any($4)
                and f.person is not null
        union select coalesce(s.one, t.person) from indicators.standing_situations t
            left join same s on s.person = t.person
            where t.happened_on > $2 and t.happened_on <= $1 and t.person is not null
        union select coalesce(s.one, t.person) from indicators.stays t
            left join same s on s.person = t.person
            where t.started_on <= $1 and (t.ended_on is null or t.ended_on > $2)),
    told as (select distinct on (seen.one) seen.one, t.event, t.kind, t.aggregate, t.ats,
            t.happened_on, split_part(t.ethos, '.', 1) as category
        from seen left join same s on s.one = seen.one
            join indicators.standing_situations t on t.person = coalesce(s.person, seen.one)
                and t.happened_on <= $1
        order by seen.one, t.happened_on desc, t.happened_at desc, t.sequence desc, t.event desc),
    latest as (select * from told where category in ('1', '2', '3')
        and ($3::text is null or ats = $3))";

/// First day after which somebody must have been seen.
pub(super) fn seen_after(end: Date) -> Date {
    rome::days_after(end, -SEEN_DAYS)
}

/// People by ETHOS category: 1, 2, 3.
pub(super) async fn stock(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<BTreeMap<String, Vec<Heads>>> {
    let query = format!(
        "with recursive {SAME}, {LATEST}, counted as (select one from latest), {KNOWN} \
         select l.category, k.gender, k.birth_year, count(*) as people \
         from latest l join known k on k.one = l.one group by l.category, k.gender, k.birth_year"
    );
    let end = scope.period.to;
    let found = sqlx::query(&query)
        .bind(end)
        .bind(seen_after(end))
        .bind(scope.slug())
        .bind(SIGHTINGS.as_slice())
        .fetch_all(rows)
        .await?;
    let mut stock: BTreeMap<String, Vec<Heads>> = BTreeMap::new();
    for row in &found {
        stock.entry(row.try_get("category")?).or_default().push(Heads::of(row)?);
    }
    Ok(stock)
}

/// Encounters of the 90 days with somebody who has no record, by ETHOS category.
pub(super) async fn anonymous(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<BTreeMap<String, i64>> {
    let found = sqlx::query(
        "select 'ethos_' || split_part(ethos, '.', 1) as category, count(*) as encounters \
         from indicators.standing_situations where person is null and happened_on > $2 \
            and happened_on <= $1 and ($3::text is null or ats = $3) and split_part(ethos, '.', 1) in ('1', '2', '3') \
         group by category",
    )
    .bind(scope.period.to)
    .bind(seen_after(scope.period.to))
    .bind(scope.slug())
    .fetch_all(rows)
    .await?;
    found.iter().map(|row| Ok((row.try_get("category")?, row.try_get("encounters")?))).collect()
}

/// The latest count of each source and ATS until the end, summed by source.
pub(super) async fn counted(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<BTreeMap<String, i64>> {
    let found = sqlx::query(
        "select source, sum(people)::bigint as people from ( \
            select distinct on (source, ats) source, people from indicators.counts \
            where counted_on <= $1 and ($2::text is null or ats = $2) \
            order by source, ats, counted_on desc, event desc) latest group by source",
    )
    .bind(scope.period.to)
    .bind(scope.slug())
    .fetch_all(rows)
    .await?;
    found.iter().map(|row| Ok((row.try_get("source")?, row.try_get("people")?))).collect()
}
