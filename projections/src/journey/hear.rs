//! Whose journey a batch changes: that of everybody whom an event concerns, and of every record
//! that is one person with hers, since a journey shows them together. What a journey does not show
//! of a confidential service is not hinted at either.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use strum::VariantArray;
use trama_events::Event;
use trama_events::codes::ServiceType;
use trama_events::intake::EntryEvent;
use trama_platform::follow::Read;
use uuid::Uuid;

use super::facts::{self, Fact};

/// `$1` the context; for each fact `$2` its position, `$3` its person, `$4` its aggregate, `$5` its
/// service, and `$6` whether it says itself that it is confidential; `$7` the types of confidential
/// services. What goes on with something that a confidential service began may name no service: it
/// is that one's. Of the links the latest judgement on each pair holds, as when a journey is read.
const CONCERNED: &str = "
    with recursive heard (position, person, aggregate) as (
        select f.position, f.person, f.aggregate
        from unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::boolean[])
            f (position, person, aggregate, service, confidential)
        where not (f.confidential
            or exists (select from sealed s where s.context = $1 and s.aggregate = f.aggregate
                and s.since <= f.position)
            or exists (select from services s where s.service = f.service
                and s.service_type = any($7))
            or exists (select from facts e join services s on s.service = e.service
                where e.context = $1 and e.aggregate = f.aggregate and e.position < f.position
                    and s.service_type = any($7)))
    ), people (position, person) as (
        select position, person from heard where person is not null
        union
        select h.position, a.person
        from heard h join also a on a.aggregate = h.aggregate and a.context = $1
    ), circle (person) as (
        select person from people
        union
        select case when l.canonical = c.person then l.other else l.canonical end
        from circle c join links l on l.canonical = c.person or l.other = c.person
    ), judged as (
        select distinct on (l.link) l.canonical, l.other, l.linked from links l
        where l.canonical in (select person from circle)
        order by l.link, l.position desc
    ), one (position, person) as (
        select position, person from people
        union
        select o.position, case when j.canonical = o.person then j.other else j.canonical end
        from one o join judged j on j.linked and (j.canonical = o.person or j.other = o.person)
    )
    select person, max(position) as position from one group by person";

/// Topics that a batch touched, each with the last position that did.
pub(super) async fn touched(
    rows: &mut PgConnection,
    batch: &[Read],
) -> sqlx::Result<BTreeMap<String, i64>> {
    let facts: Vec<Fact> =
        batch.iter().flat_map(|read| facts::fact_of(read).into_iter().chain(moved(read))).collect();
    let Some(first) = facts.first() else { return Ok(BTreeMap::new()) };
    let confidential: Vec<ServiceType> =
        ServiceType::VARIANTS.iter().copied().filter(|kind| kind.is_confidential()).collect();
    let found = sqlx::query(CONCERNED)
        .bind(first.context)
        .bind(facts.iter().map(|fact| fact.position).collect::<Vec<i64>>())
        .bind(facts.iter().map(|fact| fact.person).collect::<Vec<Option<Uuid>>>())
        .bind(facts.iter().map(|fact| fact.aggregate).collect::<Vec<Uuid>>())
        .bind(facts.iter().map(|fact| fact.service).collect::<Vec<Option<Uuid>>>())
        .bind(facts.iter().map(Fact::is_confidential).collect::<Vec<bool>>())
        .bind(confidential.iter().map(|kind| kind.code()).collect::<Vec<&str>>())
        .fetch_all(rows)
        .await?;
    let topic = |row: sqlx::postgres::PgRow| {
        let person: Uuid = row.try_get("person")?;
        Ok((format!("journey/{person}"), row.try_get("position")?))
    };
    found.into_iter().map(topic).collect()
}

/// A move touches the journey that it leaves and the one to which it goes, once each; what a person
/// decides about her past touches hers. Which of it anybody sees is asked when the page is read
/// again: the hint is the one that any entry gives.
fn moved(read: &Read) -> Vec<Fact> {
    let people = if let Event::Entry(event) = &read.event {
        match event {
            EntryEvent::EntryReattributed { from, to, .. } => vec![*from, *to],
            EntryEvent::EntryUndone { person, .. } => person.iter().copied().collect(),
        }
    } else if let Event::Wish(_) = &read.event {
        read.recorded.why.person.into_iter().collect()
    } else {
        Vec::new()
    };
    people.into_iter().map(|person| Fact::touching(read, person)).collect()
}
