use sqlx::{Connection, PgConnection};
use trama_events::Reading;
use trama_events::envelope::Recorded;

use super::model::{self, Positions};
use super::{ApplyError, Model, Read};
use crate::log::Feed;
use crate::servers::{PgRole, Servers};

/// Events in one transaction of a rebuild.
const PAGE: i64 = 1_000;

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Events taken, those of an earlier, interrupted run included.
    pub done: i64,
    /// Events in the logs now.
    pub total: i64,
}

/// Builds a model anew from the logs, beside the live one, and swaps the two in one transaction.
/// Readers see the old one, then the new one. Interrupted, it goes on where it was.
///
/// # Errors
///
/// When an event cannot be taken, or a server is not reachable. The live model stays.
pub async fn rebuild(
    servers: &Servers,
    model: &dyn Model,
    mut progress: impl FnMut(Progress),
) -> Result<Progress, ApplyError> {
    let mut rows = PgConnection::connect_with(&servers.options(PgRole::Projections)).await?;
    only_one(&mut rows, model.name()).await?;
    let beside = format!("{}_next", model.name());
    model::create(&mut rows, model, model.name()).await?;
    model::create(&mut rows, model, &beside).await?;
    model::enter(&mut rows, &beside).await?;
    let feeds: Vec<Feed> =
        model.contexts().iter().map(|context| Feed::open(servers, *context)).collect();
    let mut positions = model::positions(&mut rows).await?;
    let mut total = 0;
    for feed in &feeds {
        total += feed.last().await?;
    }
    for feed in &feeds {
        while page(&mut rows, model, feed, &mut positions, None).await? {
            let done = positions.values().sum();
            total = total.max(done);
            progress(Progress { done, total });
        }
    }
    swap(&mut rows, model, &feeds, &mut positions).await?;
    let done = positions.values().sum();
    Ok(Progress { done, total: done })
}

/// Refuses a second rebuild of the same model, or a second verification, while one is running. The
/// lock ends with the connection.
pub(super) async fn only_one(rows: &mut PgConnection, name: &str) -> Result<(), ApplyError> {
    let lock = "select pg_try_advisory_lock(hashtext('trama rebuild'), hashtext($1))";
    let alone: bool = sqlx::query_scalar(lock).bind(name).fetch_one(rows).await?;
    if alone {
        return Ok(());
    }
    let why = format!("{name} is being rebuilt or verified already: wait until that has ended");
    Err(ApplyError::Poison(why))
}

/// Takes given events in order, in one transaction, for tests of a model without a log.
///
/// # Errors
///
/// When an event cannot be taken, or the server is not reachable.
pub async fn fold(
    servers: &Servers,
    model: &dyn Model,
    events: &[Recorded],
) -> Result<(), ApplyError> {
    let mut rows = PgConnection::connect_with(&servers.options(PgRole::Projections)).await?;
    model::create(&mut rows, model, model.name()).await?;
    model::enter(&mut rows, model.name()).await?;
    model::run(&mut rows, "begin").await?;
    take(&mut rows, model, events.to_vec()).await?;
    model::run(&mut rows, "commit").await?;
    Ok(())
}

/// Takes one page of a log up to `until`; whether there was one.
pub(super) async fn page(
    rows: &mut PgConnection,
    model: &dyn Model,
    feed: &Feed,
    positions: &mut Positions,
    until: Option<i64>,
) -> Result<bool, ApplyError> {
    let context = feed.context();
    let known = positions.get(&context).copied().unwrap_or(0);
    let limit = until.map_or(PAGE, |until| (until - known).min(PAGE));
    if limit <= 0 {
        return Ok(false);
    }
    let events = feed.after(known, limit).await?;
    let Some(last) = events.last().map(|event| event.position) else { return Ok(false) };
    model::run(&mut *rows, "begin").await?;
    let taken = take(&mut *rows, model, events).await;
    match taken {
        Ok(()) => model::commit(&mut *rows, context, last).await?,
        Err(error) => {
            model::run(rows, "rollback").await?;
            return Err(error);
        }
    }
    positions.insert(context, last);
    Ok(true)
}

async fn take(
    rows: &mut PgConnection,
    model: &dyn Model,
    events: Vec<Recorded>,
) -> Result<(), ApplyError> {
    let mut batch = Vec::with_capacity(events.len());
    for recorded in events {
        let id = recorded.id();
        match recorded.read() {
            Reading::Known(event) => batch.push(Read { recorded, event: *event }),
            Reading::Newer => {
                return Err(ApplyError::Poison(format!("{id} is newer than this release")));
            }
            Reading::Unreadable(why) => {
                return Err(ApplyError::Poison(format!("{id} cannot be read: {why}")));
            }
        }
    }
    model.apply_all(rows, &batch).await
}

/// Locks the live model, takes what came meanwhile, and changes names.
async fn swap(
    rows: &mut PgConnection,
    model: &dyn Model,
    feeds: &[Feed],
    positions: &mut Positions,
) -> Result<(), ApplyError> {
    let name = model.name();
    let begin = format!("begin; {}", model::lock(name));
    model::run(&mut *rows, &begin).await?;
    let swapped = swap_locked(&mut *rows, model, feeds, positions).await;
    let end = if swapped.is_ok() { "commit" } else { "rollback" };
    model::run(rows, end).await?;
    swapped
}

async fn swap_locked(
    rows: &mut PgConnection,
    model: &dyn Model,
    feeds: &[Feed],
    positions: &mut Positions,
) -> Result<(), ApplyError> {
    for feed in feeds {
        loop {
            let known = positions.get(&feed.context()).copied().unwrap_or(0);
            let events = feed.after(known, PAGE).await?;
            let Some(last) = events.last().map(|event| event.position) else { break };
            take(&mut *rows, model, events).await?;
            sqlx::query("update positions set position = $1 where context = $2")
                .bind(last)
                .bind(feed.context().name())
                .execute(&mut *rows)
                .await?;
            positions.insert(feed.context(), last);
        }
    }
    let name = model.name();
    let names = format!(
        "update model set version = (select version + 1 from {name}.model); \
         insert into changes select c.topic, c.context, c.position, m.version from {name}.changes c, model m; \
         drop schema {name} cascade; \
         alter schema {name}_next rename to {name}"
    );
    model::run(rows, &names).await?;
    Ok(())
}
