use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection, Executor, PgConnection, Row};
use time::{Date, OffsetDateTime};
use trama_events::Fact;

use super::aggregate::{During, Keep, Logged};
use super::name::LogName;
use crate::servers::Servers;

/// Most events that are read at once.
const PAGE: i64 = 1_000;

/// What stands beside the events of one type of aggregate and should not, or should and does not,
/// in one line each: claims and timers are a function of the events (V4, A3).
///
/// # Errors
///
/// When the database cannot be read, or holds an event that cannot.
pub async fn kept_differences<A>(servers: &Servers) -> sqlx::Result<Vec<String>>
where
    A: Logged,
    A::Event: Fact,
{
    kept_differences_in::<A>(servers, <A::Event as Fact>::CONTEXT).await
}

/// The same, in a log that is named.
///
/// # Errors
///
/// As [`kept_differences`].
pub async fn kept_differences_in<A: Logged>(
    servers: &Servers,
    log: impl LogName,
) -> sqlx::Result<Vec<String>> {
    let options = servers.options(log.writer());
    let options = options.options([("statement_timeout", "600s")]);
    let mut rows = PgConnection::connect_with(&options).await?;
    let begin = "begin isolation level repeatable read read only";
    rows.execute(begin).await?;
    let told = told::<A>(&mut rows).await?;
    let kept = kept(&mut rows, A::TYPE).await?;
    rows.close().await?;
    let missing = told.difference(&kept).map(|row| format!("missing: {row}"));
    let surplus = kept.difference(&told).map(|row| format!("nothing says it: {row}"));
    Ok(missing.chain(surplus).collect())
}

/// Claims and timers of one aggregate, as its events tell them.
#[derive(Debug, Default)]
struct Own {
    claims: Vec<(&'static str, String, During)>,
    timers: BTreeMap<&'static str, OffsetDateTime>,
}

impl Own {
    /// As the log writes a commit: its releases before its claims, and the last word on a timer.
    fn commit(&mut self, keeps: Vec<Keep>) {
        let (mut claims, mut timers) = (Vec::new(), Vec::new());
        for keep in keeps {
            match keep {
                Keep::Release { guard, key, during } => self.claims.retain(|claim| {
                    claim.0 != guard
                        || key.as_ref().is_some_and(|key| *key != claim.1)
                        || during.is_some_and(|during| during != claim.2)
                }),
                Keep::Claim { guard, key, during } => claims.push((guard, key, during)),
                Keep::SetTimer { name, due_at } => timers.push((name, Some(due_at))),
                Keep::ClearTimer { name } => timers.push((name, None)),
            }
        }
        self.claims.extend(claims);
        for (name, due_at) in timers {
            match due_at {
                Some(due_at) => self.timers.insert(name, due_at),
                None => self.timers.remove(name),
            };
        }
    }

    fn lines(&self, id: &str) -> impl Iterator<Item = String> {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let claims = self.claims.iter().map(move |(guard, key, during)| {
            format!("claim {guard} {key} [{},{}) of {id}", day(during.from), day(during.to))
        });
        let timers = self.timers.iter().map(move |(name, due_at)| {
            format!("timer {name} {} of {id}", due_at.unix_timestamp_nanos() / 1_000)
        });
        claims.chain(timers)
    }
}

/// One aggregate while its events are read.
struct Reader<A> {
    id: String,
    state: A,
    own: Own,
    command: String,
    keeps: Vec<Keep>,
}

impl<A: Logged> Reader<A> {
    fn new(id: String) -> Self {
        let (state, own) = (A::default(), Own::default());
        Self { id, state, own, command: String::new(), keeps: Vec::new() }
    }

    fn take(&mut self, command: String, event: A::Event) {
        if command != self.command {
            self.own.commit(std::mem::take(&mut self.keeps));
            self.command = command;
        }
        self.keeps.extend(self.state.keeps(&event));
        self.state.apply(event);
    }

    fn end(mut self, told: &mut BTreeSet<String>) {
        self.own.commit(std::mem::take(&mut self.keeps));
        told.extend(self.own.lines(&self.id));
    }
}

/// What the events say, aggregate by aggregate.
async fn told<A: Logged>(rows: &mut PgConnection) -> sqlx::Result<BTreeSet<String>> {
    let mut told = BTreeSet::new();
    let mut reader = Reader::<A>::new(String::new());
    let mut after = (String::new(), 0_i64);
    loop {
        let page = sqlx::query(
            "select aggregate_id, sequence, metadata ->> 'command_id' as command, payload from events \
             where aggregate_type = $1 and (aggregate_id, sequence) > ($2, $3) \
             order by aggregate_id, sequence limit $4",
        )
        .bind(A::TYPE)
        .bind(&after.0)
        .bind(after.1)
        .bind(PAGE)
        .fetch_all(&mut *rows)
        .await?;
        for row in &page {
            after = (row.try_get("aggregate_id")?, row.try_get("sequence")?);
            if after.0 != reader.id {
                std::mem::replace(&mut reader, Reader::new(after.0.clone())).end(&mut told);
            }
            let payload = row.try_get("payload")?;
            let event =
                serde_json::from_value(payload).map_err(|e| sqlx::Error::Decode(e.into()))?;
            reader.take(row.try_get("command")?, event);
        }
        if page.is_empty() {
            reader.end(&mut told);
            return Ok(told);
        }
    }
}

/// What stands in the tables.
async fn kept(rows: &mut PgConnection, aggregate_type: &str) -> sqlx::Result<BTreeSet<String>> {
    let lines: Vec<String> = sqlx::query_scalar(
        "select format('claim %s %s [%s,%s) of %s', guard, key, coalesce(lower(during)::text, ''), \
            coalesce(upper(during)::text, ''), aggregate_id) from claims where aggregate_type = $1 \
         union all \
         select format('timer %s %s of %s', name, (extract(epoch from due_at) * 1000000)::bigint, aggregate_id) \
            from timers where aggregate_type = $1",
    )
    .bind(aggregate_type)
    .fetch_all(rows)
    .await?;
    Ok(lines.into_iter().collect())
}
