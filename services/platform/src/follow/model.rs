use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sqlx::{Executor, PgConnection, Row};
use trama_events::Context;

use super::{Model, fence};
use crate::servers::PgRole;

/// What every model's schema holds beside its own tables.
const BOOKS: &str = "
    create table positions (context text primary key, position bigint not null default 0)
        with (fillfactor = 10);
    create table model (one boolean primary key default true check (one), version bigint not null default 0,
        shape text not null default '', stopped text) with (fillfactor = 10);
    insert into model default values;
    create table changes (topic text primary key, context text not null, position bigint not null,
        version bigint not null);
    create index changes_version on changes (version);
    create table parked (context text not null, position bigint not null, subject uuid not null,
        event jsonb not null, reason text, tries integer not null default 0,
        parked_at timestamptz not null default clock_timestamp(),
        tried_at timestamptz not null default clock_timestamp(), primary key (context, position));
    create index parked_subject on parked (subject);
";

/// Tables of [`BOOKS`]: not part of what a rebuild must give back.
pub(super) const BOOK_NAMES: [&str; 4] = ["positions", "model", "changes", "parked"];

/// How far a model has come in each context.
pub(super) type Positions = BTreeMap<Context, i64>;

/// Makes a model's schema under `schema`, unless it is there.
pub(super) async fn create(
    rows: &mut PgConnection,
    model: &dyn Model,
    schema: &str,
) -> sqlx::Result<()> {
    let lock = "select pg_advisory_lock(hashtext('trama model'), hashtext($1))";
    sqlx::query(lock).bind(model.name()).execute(&mut *rows).await?;
    let made = create_locked(rows, model, schema).await;
    let unlock = "select pg_advisory_unlock(hashtext('trama model'), hashtext($1))";
    sqlx::query(unlock).bind(model.name()).execute(rows).await?;
    made
}

async fn create_locked(
    rows: &mut PgConnection,
    model: &dyn Model,
    schema: &str,
) -> sqlx::Result<()> {
    let mut statements = Vec::new();
    if exists(rows, schema).await? {
        if schema == model.name() || fits(rows, model, schema).await? {
            return Ok(());
        }
        // What an interrupted run of another release left beside the live model.
        statements.push(format!("drop schema {schema} cascade"));
    }
    let position = |context| format!("insert into positions (context) values ('{context}')");
    let grant = |role| {
        let whole = if role == PgRole::Reader.name() {
            // It sees what has a fence, and of that what the fence shows.
            String::new()
        } else {
            format!("; grant select on all tables in schema {schema} to {role}")
        };
        format!("grant usage on schema {schema} to {role}{whole}")
    };
    statements.extend([
        format!("begin; create schema {schema}; set local search_path = {schema}"),
        format!("{BOOKS}{}", model.tables()),
        format!("update model set shape = '{}'", shape(model)),
    ]);
    statements.extend(model.contexts().iter().map(position));
    statements.extend(model.readers().iter().copied().map(grant));
    statements.extend(fence::statements(model, schema));
    statements.push("commit".into());
    let made = run(&mut *rows, &statements.join(";")).await;
    if made.is_err() {
        run(rows, "rollback").await?;
    }
    made
}

/// What a model's tables, fences, contexts and readers are, as a digest: another release may have
/// others.
fn shape(model: &dyn Model) -> String {
    let contexts: Vec<&str> = model.contexts().iter().map(|context| context.name()).collect();
    let fences = fence::text(model);
    let readers = model.readers().join(",");
    let text = format!("{BOOKS}{}{fences}{}{readers}", model.tables(), contexts.join(","));
    crate::doors::hex(&Sha256::digest(text))
}

/// Whether a schema was made for this release's form of a model.
pub(super) async fn fits(
    rows: &mut PgConnection,
    model: &dyn Model,
    schema: &str,
) -> sqlx::Result<bool> {
    let query = format!("select shape = $1 from {schema}.model");
    sqlx::query_scalar(&query).bind(shape(model)).fetch_one(rows).await
}

/// Runs statements without parameters, in one round trip.
pub(super) async fn run(rows: &mut PgConnection, statements: &str) -> sqlx::Result<()> {
    rows.execute(statements).await.map(drop)
}

pub(super) async fn exists(rows: &mut PgConnection, schema: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(schema)
        .fetch_one(rows)
        .await
}

/// Directs the unqualified names of this connection to a schema.
pub(super) async fn enter(rows: &mut PgConnection, schema: &str) -> sqlx::Result<()> {
    run(rows, &format!("set search_path = {schema}")).await
}

pub(super) async fn positions(rows: &mut PgConnection) -> sqlx::Result<Positions> {
    read_positions(sqlx::query("select context, position from positions").fetch_all(rows).await?)
}

/// Begins a transaction and takes the model's lock, in one round trip. Also says whether anything
/// is parked, which is rare.
///
/// The lock of the model's name comes before any of its tables: a swap of schemas takes the same.
pub(super) async fn begin(rows: &mut PgConnection, name: &str) -> sqlx::Result<(Positions, bool)> {
    let both = format!(
        "begin; {}; select context, position, exists (select from parked) as parked \
         from positions order by context for update of positions",
        lock(name)
    );
    let found = rows.fetch_all(both.as_str()).await?;
    let rows_of_positions = found.into_iter().filter(|row| row.columns().len() == 3);
    let found: Vec<_> = rows_of_positions.collect();
    let parked = found.first().map_or(Ok(false), |row| row.try_get("parked"))?;
    Ok((read_positions(found)?, parked))
}

/// The statement that takes a model's lock until the end of the transaction.
pub(super) fn lock(name: &str) -> String {
    format!("select pg_advisory_xact_lock(hashtext('trama rows'), hashtext('{name}'))")
}

/// Writes the new position of a context and commits, in one round trip.
pub(super) async fn commit(
    rows: &mut PgConnection,
    context: Context,
    position: i64,
) -> sqlx::Result<()> {
    let both = format!(
        "update positions set position = {position} where context = '{context}'; \
         update model set stopped = null where stopped is not null; commit"
    );
    run(rows, &both).await
}

fn read_positions(found: Vec<sqlx::postgres::PgRow>) -> sqlx::Result<Positions> {
    found
        .into_iter()
        .map(|row| {
            let context: String = row.try_get("context")?;
            let context =
                context.parse().map_err(|_| sqlx::Error::Decode("unknown context".into()))?;
            Ok((context, row.try_get("position")?))
        })
        .collect()
}

/// A topic that changed, with the model's count at which it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The topic.
    pub topic: String,
    /// Log in which it changed last.
    pub context: Context,
    /// Position of that change.
    pub position: i64,
    /// The model's count.
    pub version: i64,
}

/// Notes which topics changed and gives the model's new count.
pub(super) async fn note(
    rows: &mut PgConnection,
    context: Context,
    topics: &BTreeMap<String, i64>,
) -> sqlx::Result<i64> {
    let (names, positions): (Vec<_>, Vec<_>) = topics.iter().map(|(t, p)| (t.clone(), *p)).unzip();
    sqlx::query_scalar(
        "with next as (update model set version = version + 1 returning version), noted as ( \
            insert into changes (topic, context, position, version) \
            select t, $1, p, version from unnest($2::text[], $3::bigint[]) as c (t, p), next \
            on conflict (topic) do update set context = excluded.context, \
                position = excluded.position, version = excluded.version) \
         select version from next",
    )
    .bind(context.name())
    .bind(names)
    .bind(positions)
    .fetch_one(rows)
    .await
}

/// Topics of a model that changed after a count, oldest first, at most `limit`: of those that the
/// model's fence shows in this transaction.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn changed_since(
    rows: &mut PgConnection,
    model: &str,
    version: i64,
    topics: &[String],
    limit: i64,
) -> sqlx::Result<Vec<Changed>> {
    let query = format!(
        "select topic, context, position, version from {model}.changes \
         where version > $1 and topic = any($2) order by version limit $3"
    );
    let found = sqlx::query(&query).bind(version).bind(topics).bind(limit).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let context: String = row.try_get("context")?;
            Ok(Changed {
                topic: row.try_get("topic")?,
                context: context
                    .parse()
                    .map_err(|_| sqlx::Error::Decode("unknown context".into()))?,
                position: row.try_get("position")?,
                version: row.try_get("version")?,
            })
        })
        .collect()
}

/// How a model is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Health {
    /// The model.
    pub projection: String,
    /// Position in each log that it reads.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Events that wait behind a failure.
    pub parked_events: i64,
    /// People (or aggregates) concerned.
    pub parked_subjects: i64,
    /// Why it stopped, if it did.
    pub stopped: Option<String>,
}

/// How a model is; `None` when it was never built.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn health(rows: &mut PgConnection, model: &str) -> sqlx::Result<Option<Health>> {
    if !exists(rows, model).await? {
        return Ok(None);
    }
    let query = format!("select context, position from {model}.positions");
    let positions = read_positions(sqlx::query(&query).fetch_all(&mut *rows).await?)?;
    let query = format!(
        "select stopped, (select count(*) from {model}.parked) as events, \
         (select count(distinct subject) from {model}.parked) as subjects from {model}.model"
    );
    let row = sqlx::query(&query).fetch_one(rows).await?;
    Ok(Some(Health {
        projection: model.to_owned(),
        positions,
        parked_events: row.try_get("events")?,
        parked_subjects: row.try_get("subjects")?,
        stopped: row.try_get("stopped")?,
    }))
}
