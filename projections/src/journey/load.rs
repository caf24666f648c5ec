//! Reading a journey: which records are one person, their facts, and how far the model has come.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use time::{Date, OffsetDateTime};
use trama_events::Context;
use trama_events::ids::PersonId;
use trama_events::short_code::ShortCode;
use trama_platform::gate::Opened;
use uuid::Uuid;

use super::moves::{Made, Moves};
use super::view::{self, Journey, Names, Told};
use crate::fence::Sight;

/// On which of the two clocks a journey is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// What did we know at this moment; now, without.
    pub recorded_by: Option<OffsetDateTime>,
    /// What had happened by the end of this day; everything, without.
    pub occurred_by: Option<Date>,
}

/// Nobody is known under this id, or was not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchPerson;

/// The records that are one person with `$1`, by the links that were known at `$2`. Everything
/// that was ever linked is a first, small circle; inside it the latest judgement on each pair holds.
const RECORDS: &str = "
    with recursive circle (person) as (
        select $1::uuid
        union
        select case when l.canonical = c.person then l.other else l.canonical end
        from circle c join journey.links l on l.canonical = c.person or l.other = c.person
    ), judged as (
        select distinct on (l.link) l.canonical, l.other, l.linked from journey.links l
        where l.canonical in (select person from circle)
          and ($2::timestamptz is null or l.recorded_at <= $2)
        order by l.link, l.position desc
    ), linked as (
        select canonical, other from judged where linked
    ), one (person) as (
        select $1::uuid
        union
        select case when l.canonical = o.person then l.other else l.canonical end
        from one o join linked l on l.canonical = o.person or l.other = o.person
    )
    select o.person, c.code, exists (select from linked l where l.other = o.person) as behind
    from one o left join journey.codes c on c.person = o.person
    order by behind, o.person";

/// What was made on the people `$1`, and what else there is in the aggregates `$3`, of which an entry
/// was moved.
const FACTS: &str = "
    with concerned as (
        select f.context, f.position, true as own from journey.facts f where f.person = any($1)
        union
        select f.context, f.position, true from journey.also a
        join journey.facts f on f.aggregate = a.aggregate and f.context = a.context
        where a.person = any($1) and ($2::timestamptz is null or a.recorded_at <= $2)
        union
        select f.context, f.position, false from journey.facts f where f.aggregate = any($3)
    ), once as (
        select context, position, bool_or(own) as own from concerned group by context, position
    )
    select f.*, once.own from once join journey.facts f using (context, position)
    where $2::timestamptz is null or f.recorded_at <= $2
    order by f.context, f.position";

/// Since when something of these people waits behind a failure.
const PARKED: &str = "
    select min((p.event ->> 'recordedat')::timestamptz) from journey.parked p
    where (p.subject = any($1) or p.subject in (select aggregate from journey.also where person = any($1)))
      and ($2::timestamptz is null or (p.event ->> 'recordedat')::timestamptz <= $2)";

/// A person's journey as it was known, and as far as it had happened, as far as it is open to a
/// reader. Of a record that is hers no more, nothing is shown, whatever was known then.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn journey(
    pool: &PgPool,
    person: PersonId,
    asked: Asked,
    opened: &Opened,
) -> sqlx::Result<Result<Journey, NoSuchPerson>> {
    let mut rows = Sight::opened(opened).begin(pool).await?;
    let records = records(&mut rows, person, asked.recorded_by).await?;
    let ids: Vec<Uuid> = records.iter().map(|record| record.person.0).collect();
    let told = told(&mut rows, &ids, asked.recorded_by).await?;
    if told.is_empty() {
        return Ok(Err(NoSuchPerson));
    }
    let names = names(&mut rows, &told).await?;
    let incomplete_since =
        sqlx::query_scalar(PARKED).bind(&ids).bind(asked.recorded_by).fetch_one(&mut *rows).await?;
    let positions = positions(&mut rows).await?;
    Ok(Ok(Journey {
        person,
        canonical: records.first().map_or(person, |record| record.person),
        records,
        recorded_by: asked.recorded_by,
        occurred_by: asked.occurred_by,
        incomplete_since,
        positions,
        ..view::view(told, &names, opened, asked.occurred_by)
    }))
}

/// Everybody who has this short code, with the record in front.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn persons_by_code(
    pool: &PgPool,
    code: &ShortCode,
) -> sqlx::Result<Vec<(PersonId, PersonId)>> {
    let mut rows = Sight::code(code).begin(pool).await?;
    let found: Vec<Uuid> =
        sqlx::query_scalar("select person from journey.codes where code = $1 order by person")
            .bind(code.as_str())
            .fetch_all(&mut *rows)
            .await?;
    let mut persons = Vec::with_capacity(found.len());
    for person in found.into_iter().map(PersonId) {
        let records = records(&mut rows, person, None).await?;
        persons.push((person, records.first().map_or(person, |record| record.person)));
    }
    Ok(persons)
}

pub(super) async fn records(
    rows: &mut PgConnection,
    person: PersonId,
    recorded_by: Option<OffsetDateTime>,
) -> sqlx::Result<Vec<view::Record>> {
    let found = sqlx::query(RECORDS).bind(person.0).bind(recorded_by).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            Ok(view::Record {
                person: PersonId(row.try_get("person")?),
                code: row.try_get("code")?,
            })
        })
        .collect()
}

pub(super) async fn told(
    rows: &mut PgConnection,
    persons: &[Uuid],
    recorded_by: Option<OffsetDateTime>,
) -> sqlx::Result<Vec<Told>> {
    let moves = Moves::of_people(rows, persons).await?;
    let facts = sqlx::query(FACTS).bind(persons).bind(recorded_by).bind(&moves.aggregates);
    let made: Vec<Made> = facts
        .fetch_all(rows)
        .await?
        .iter()
        .map(|row| Ok((read(row)?, row.try_get("own")?)))
        .collect::<sqlx::Result<_>>()?;
    Ok(moves.standing(made, persons, recorded_by))
}

fn read(row: &PgRow) -> sqlx::Result<Told> {
    let context: String = row.try_get("context")?;
    let detail: serde_json::Value = row.try_get("detail")?;
    Ok(Told {
        context: context.parse().map_err(|_| sqlx::Error::Decode("unknown context".into()))?,
        position: row.try_get("position")?,
        person: row.try_get("person")?,
        aggregate_type: row.try_get("aggregate_type")?,
        aggregate: row.try_get("aggregate")?,
        sequence: row.try_get("sequence")?,
        kind: row.try_get("kind")?,
        happened_on: row.try_get("happened_on")?,
        occurred_at: row.try_get("occurred_at")?,
        recorded_at: row.try_get("recorded_at")?,
        organisation: row.try_get("organisation")?,
        role: row.try_get("role")?,
        actor: row.try_get("actor")?,
        service: row.try_get("service")?,
        step: row.try_get("step")?,
        due_on: row.try_get("due_on")?,
        ethos: row.try_get("ethos")?,
        corrects: row.try_get("corrects")?,
        confidential: row.try_get("confidential")?,
        elsewhere: false,
        detail: detail.as_object().cloned().unwrap_or_default(),
    })
}

/// Public names of what the facts mention.
pub(super) async fn names(rows: &mut PgConnection, told: &[Told]) -> sqlx::Result<Names> {
    let mentioned: Vec<Uuid> = told.iter().flat_map(Told::services).collect();
    let acting: Vec<Uuid> = told.iter().filter_map(|told| told.organisation).collect();
    let mut names = Names::default();
    let services =
        "select service, service_type, name from journey.services where service = any($1)";
    for row in sqlx::query(services).bind(mentioned).fetch_all(&mut *rows).await? {
        let service_type: String = row.try_get("service_type")?;
        let service_type =
            service_type.parse().map_err(|_| sqlx::Error::Decode("unknown service type".into()))?;
        names.services.insert(row.try_get("service")?, (row.try_get("name")?, service_type));
    }
    // An organisation that runs nothing but confidential services is one itself.
    let organisations = "select o.organisation, o.name, \
            coalesce(array_agg(s.service_type) filter (where s.service is not null), '{}') as types \
         from journey.organisations o left join journey.services s using (organisation) \
         where o.organisation = any($1) group by o.organisation, o.name";
    for row in sqlx::query(organisations).bind(acting).fetch_all(rows).await? {
        let types: Vec<String> = row.try_get("types")?;
        if types.is_empty() || !types.iter().all(|kind| view::is_confidential(kind)) {
            names.organisations.insert(row.try_get("organisation")?, row.try_get("name")?);
        }
    }
    Ok(names)
}

async fn positions(rows: &mut PgConnection) -> sqlx::Result<BTreeMap<Context, i64>> {
    let found =
        sqlx::query("select context, position from journey.positions").fetch_all(rows).await?;
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
