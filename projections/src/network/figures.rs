//! Counts of referrals by edge and month, as the rows give them.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use time::Date;
use uuid::Uuid;

use crate::indicators::Scope;

/// A service, or `None` for everything that is external.
pub(super) type NodeKey = Option<Uuid>;
/// From and to.
pub(super) type EdgeKey = (NodeKey, NodeKey);

/// Referrals sent in the period by a service of the ATS, with confidential and unknown services
/// folded. Those sent by a confidential service belong to no ATS. What such services send each other
/// is nobody else's: even that there is one would tell of a guest (V16).
const SENT: &str = "with folded as (
    select r.*, case when not (r.from_sealed or coalesce(f.confidential, true))
            then r.from_service end as from_node,
        case when not (r.to_sealed or coalesce(t.confidential, true))
            then r.to_service end as to_node,
        greatest(
            extract(epoch from coalesce(r.accepted_at, r.declined_at) - r.sent_at)::float8 / 86400,
            case when coalesce(r.accepted_at, r.declined_at) is not null then 0 end) as days
    from network.referrals r
        left join network.services f on f.service = r.from_service
        left join network.services t on t.service = r.to_service
    where r.sent_on between $1 and $2
        and ($3::text is null or (f.ats = $3 and not (r.from_sealed or f.confidential)))
), sent as (
    select * from folded where from_node is not null or to_node is not null) ";

/// What came of the referrals on an edge.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flow {
    pub(super) sent: i64,
    pub(super) seen: i64,
    pub(super) accepted: i64,
    pub(super) declined: i64,
    pub(super) expired: i64,
    pub(super) withdrawn: i64,
    pub(super) visit_held: i64,
    pub(super) met_yes: i64,
    pub(super) met_partly: i64,
    pub(super) met_no: i64,
    pub(super) declined_by: BTreeMap<String, i64>,
    pub(super) median_days: Option<f64>,
    pub(super) p90_days: Option<f64>,
    pub(super) months: BTreeMap<String, MonthFlow>,
}

/// What came of the referrals that were sent in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct MonthFlow {
    pub(super) sent: i64,
    pub(super) accepted: i64,
    pub(super) declined: i64,
    pub(super) expired: i64,
    pub(super) withdrawn: i64,
}

pub(super) async fn flows(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<BTreeMap<EdgeKey, Flow>> {
    let mut flows = counts(&mut *rows, scope).await?;
    for (edge, reason, count) in reasons(&mut *rows, scope).await? {
        flows.entry(edge).or_default().declined_by.insert(reason, count);
    }
    for (edge, month, flow) in months(rows, scope).await? {
        flows.entry(edge).or_default().months.insert(month, flow);
    }
    Ok(flows)
}

async fn counts(rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<BTreeMap<EdgeKey, Flow>> {
    let query = format!(
        "{SENT} select from_node, to_node, count(*) as sent, count(seen_at) as seen, \
            count(accepted_at) as accepted, count(declined_at) as declined, \
            count(expired_at) as expired, count(withdrawn_at) as withdrawn, \
            count(visit_held_at) as visit_held, \
            count(*) filter (where need_met = 'yes') as met_yes, \
            count(*) filter (where need_met = 'partly') as met_partly, \
            count(*) filter (where need_met = 'no') as met_no, \
            percentile_cont(0.5) within group (order by days) as median_days, \
            percentile_cont(0.9) within group (order by days) as p90_days \
         from sent group by from_node, to_node"
    );
    let found = asked(&query, scope).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let flow = Flow {
                sent: row.try_get("sent")?,
                seen: row.try_get("seen")?,
                accepted: row.try_get("accepted")?,
                declined: row.try_get("declined")?,
                expired: row.try_get("expired")?,
                withdrawn: row.try_get("withdrawn")?,
                visit_held: row.try_get("visit_held")?,
                met_yes: row.try_get("met_yes")?,
                met_partly: row.try_get("met_partly")?,
                met_no: row.try_get("met_no")?,
                median_days: row.try_get("median_days")?,
                p90_days: row.try_get("p90_days")?,
                ..Flow::default()
            };
            Ok(((row.try_get("from_node")?, row.try_get("to_node")?), flow))
        })
        .collect()
}

async fn reasons(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<Vec<(EdgeKey, String, i64)>> {
    let query = format!(
        "{SENT} select from_node, to_node, decline_reason, count(*) as n from sent \
         where decline_reason is not null group by from_node, to_node, decline_reason"
    );
    let found = asked(&query, scope).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let edge = (row.try_get("from_node")?, row.try_get("to_node")?);
            Ok((edge, row.try_get("decline_reason")?, row.try_get("n")?))
        })
        .collect()
}

async fn months(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<Vec<(EdgeKey, String, MonthFlow)>> {
    let query = format!(
        "{SENT} select from_node, to_node, to_char(sent_on, 'YYYY-MM') as month, count(*) as sent, \
            count(accepted_at) as accepted, count(declined_at) as declined, \
            count(expired_at) as expired, count(withdrawn_at) as withdrawn \
         from sent group by from_node, to_node, month"
    );
    let found = asked(&query, scope).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let edge = (row.try_get("from_node")?, row.try_get("to_node")?);
            let flow = MonthFlow {
                sent: row.try_get("sent")?,
                accepted: row.try_get("accepted")?,
                declined: row.try_get("declined")?,
                expired: row.try_get("expired")?,
                withdrawn: row.try_get("withdrawn")?,
            };
            Ok((edge, row.try_get("month")?, flow))
        })
        .collect()
}

/// The last day of the scope on which a service that may be shown sent another one a referral.
pub(super) async fn last_sent(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<Option<Date>> {
    let query = format!(
        "{SENT} select max(sent_on) from sent where from_node is not null and to_node is not null"
    );
    asked(&query, scope).fetch_one(rows).await?.try_get(0)
}

fn asked<'q>(
    query: &'q str,
    scope: &'q Scope,
) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    sqlx::query(query).bind(scope.period.from).bind(scope.period.to).bind(scope.slug())
}
