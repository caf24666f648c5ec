use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::{Connection, PgConnection, Row};
use time::OffsetDateTime;
use trama_events::Reading;
use trama_events::envelope::{CloudEvent, Recorded};
use uuid::Uuid;

use super::{ApplyError, Model, Read, model};
use crate::servers::{PgRole, Servers};

/// A person (or aggregate) whose events wait, because one of them could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ParkedSubject {
    /// The person, else the aggregate.
    pub subject: Uuid,
    /// Events that wait.
    pub events: i64,
    /// Why the first of them failed.
    pub reason: String,
    /// How often it was tried.
    pub tries: i32,
    /// The first event's context and position.
    pub first: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub parked_at: OffsetDateTime,
    /// Last try.
    #[serde(with = "time::serde::rfc3339")]
    pub tried_at: OffsetDateTime,
}

/// Subjects of which events wait, inside the model's transaction.
pub(super) async fn subjects(rows: &mut PgConnection) -> sqlx::Result<BTreeSet<Uuid>> {
    let found: Vec<Uuid> =
        sqlx::query_scalar("select distinct subject from parked").fetch_all(rows).await?;
    Ok(found.into_iter().collect())
}

/// Puts an event aside. Without a reason it only waits behind one that failed.
pub(super) async fn park(
    rows: &mut PgConnection,
    event: &Recorded,
    reason: Option<&str>,
    tries: i32,
) -> sqlx::Result<()> {
    let kept =
        serde_json::to_value(event.to_cloud_event()).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query(
        "insert into parked (context, position, subject, event, reason, tries) \
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
    )
    .bind(event.context.name())
    .bind(event.position)
    .bind(event.subject_key())
    .bind(kept)
    .bind(reason)
    .bind(tries)
    .execute(rows)
    .await
    .map(drop)
}

/// Who is parked in a model, the oldest first.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn parked(rows: &mut PgConnection, name: &str) -> sqlx::Result<Vec<ParkedSubject>> {
    let query = format!(
        "select subject, count(*) as events, min(parked_at) as parked_at, max(tried_at) as tried_at, \
         max(tries) as tries, coalesce(max(reason), '') as reason, \
         (array_agg(context || '/' || position order by parked_at, position))[1] as first \
         from {name}.parked group by subject order by min(parked_at) limit 1000"
    );
    let found = sqlx::query(&query).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            Ok(ParkedSubject {
                subject: row.try_get("subject")?,
                events: row.try_get("events")?,
                reason: row.try_get("reason")?,
                tries: row.try_get("tries")?,
                first: row.try_get("first")?,
                parked_at: row.try_get("parked_at")?,
                tried_at: row.try_get("tried_at")?,
            })
        })
        .collect()
}

/// The events of one subject that wait, as `CloudEvents`, in their order.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn parked_events(
    rows: &mut PgConnection,
    name: &str,
    subject: Uuid,
) -> sqlx::Result<Vec<Value>> {
    let query = format!(
        "select event from {name}.parked where subject = $1 order by context, position limit 1000"
    );
    sqlx::query_scalar(&query).bind(subject).fetch_all(rows).await
}

/// Tries the parked events of a model again, subject by subject: all of a subject's events, in
/// order, or none. Gives the numbers of subjects healed and still parked.
///
/// # Errors
///
/// When the database cannot be reached; a failure of an event only leaves its subject parked.
pub async fn retry(
    servers: &Servers,
    model: &dyn Model,
    only: Option<Uuid>,
) -> sqlx::Result<(usize, usize)> {
    let mut rows = PgConnection::connect_with(&servers.options(PgRole::Projections)).await?;
    model::enter(&mut rows, model.name()).await?;
    let all = subjects(&mut rows).await?;
    let (mut healed, mut left) = (0, 0);
    for subject in all.into_iter().filter(|subject| only.is_none_or(|only| only == *subject)) {
        model::begin(&mut rows, model.name()).await?;
        match retry_subject(&mut rows, model, subject).await {
            Ok(()) => {
                model::run(&mut rows, "commit").await?;
                healed += 1;
            }
            Err(error) => {
                model::run(&mut rows, "rollback").await?;
                if error.is_outage() {
                    return Err(sqlx::Error::Protocol(format!("closed while retrying: {error}")));
                }
                failed_again(&mut rows, subject, &error).await?;
                left += 1;
            }
        }
    }
    Ok((healed, left))
}

async fn retry_subject(
    rows: &mut PgConnection,
    model: &dyn Model,
    subject: Uuid,
) -> Result<(), ApplyError> {
    let waiting: Vec<Value> = sqlx::query_scalar(
        "select event from parked where subject = $1 order by context, position",
    )
    .bind(subject)
    .fetch_all(&mut *rows)
    .await?;
    for event in waiting {
        let read = read(event)?;
        model.apply(&mut *rows, &read).await?;
        let context = read.recorded.context;
        let topics = model.touched(&mut *rows, std::slice::from_ref(&read)).await?;
        model::note(&mut *rows, context, &topics).await?;
    }
    sqlx::query("delete from parked where subject = $1").bind(subject).execute(rows).await?;
    Ok(())
}

fn read(event: Value) -> Result<Read, ApplyError> {
    let poison = |why: String| ApplyError::Poison(why);
    let event: CloudEvent = serde_json::from_value(event).map_err(|e| poison(e.to_string()))?;
    let recorded = event.into_recorded().map_err(|e| poison(e.to_string()))?;
    match recorded.read() {
        Reading::Known(event) => Ok(Read { recorded, event: *event }),
        Reading::Newer => Err(poison("newer than this release".into())),
        Reading::Unreadable(why) => Err(poison(why)),
    }
}

async fn failed_again(
    rows: &mut PgConnection,
    subject: Uuid,
    error: &ApplyError,
) -> sqlx::Result<()> {
    sqlx::query(
        "update parked set tries = tries + 1, tried_at = clock_timestamp(), reason = $2 \
         where (context, position) = (select context, position from parked where subject = $1 \
            and reason is not null order by context, position limit 1)",
    )
    .bind(subject)
    .bind(error.to_string())
    .execute(rows)
    .await
    .map(drop)
}
