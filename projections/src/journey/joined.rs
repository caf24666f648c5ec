//! Links as they were made and undone, and the codes of records: for whoever judges whether two
//! records are one person. Which of it somebody may see is asked before.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::ids::{LinkId, PersonId};

use crate::fence::Sight;

/// Most links of one record that are told, the newest first.
const LINKS_MAX: i64 = 50;

/// Two records that were linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// The pair.
    pub link: LinkId,
    /// The record in front.
    pub canonical: PersonId,
    /// The other.
    pub other: PersonId,
    /// When they were linked.
    pub linked_at: OffsetDateTime,
    /// When the link was undone; none while it holds.
    pub unlinked_at: Option<OffsetDateTime>,
}

/// Links of a record, those that were undone too, the newest first: at most 50.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn links_of(pool: &PgPool, person: PersonId) -> sqlx::Result<Vec<Joined>> {
    let find = "select link, canonical, other, \
            max(recorded_at) filter (where linked) as linked_at, \
            max(recorded_at) filter (where not linked) as unlinked_at \
         from journey.links where canonical = $1 or other = $1 \
         group by link, canonical, other having bool_or(linked) order by linked_at desc limit $2";
    let mut rows = Sight::named([person]).begin(pool).await?;
    let found = sqlx::query(find).bind(person.0).bind(LINKS_MAX).fetch_all(&mut *rows).await?;
    found.iter().map(read).collect()
}

fn read(row: &PgRow) -> sqlx::Result<Joined> {
    Ok(Joined {
        link: LinkId(row.try_get("link")?),
        canonical: PersonId(row.try_get("canonical")?),
        other: PersonId(row.try_get("other")?),
        linked_at: row.try_get("linked_at")?,
        unlinked_at: row.try_get("unlinked_at")?,
    })
}

/// The short codes of records, where their registrations are known.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn codes_of(
    pool: &PgPool,
    persons: &[PersonId],
) -> sqlx::Result<BTreeMap<PersonId, String>> {
    let ids: Vec<_> = persons.iter().map(|person| person.0).collect();
    let find = "select person, code from journey.codes where person = any($1)";
    let mut rows = Sight::named(persons.iter().copied()).begin(pool).await?;
    let found = sqlx::query(find).bind(ids).fetch_all(&mut *rows).await?;
    found.iter().map(|row| Ok((PersonId(row.try_get("person")?), row.try_get("code")?))).collect()
}
