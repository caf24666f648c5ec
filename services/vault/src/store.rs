//! The rows of the vault: added and read, never changed.

use std::collections::BTreeSet;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::codes::{FactSource, IdentityField, Segment};
use trama_events::ids::{FactId, OrganisationId, PersonId, StaffId};
use trama_platform::servers::{PgRole, Servers};
use uuid::Uuid;

use crate::cipher::{Place, Sealed};
use crate::error::VaultError;
use crate::rules;

/// Connections for facts and searches.
const CONNECTIONS_MAX: u32 = 12;
/// Most rows of one person that are read, the newest first. Nobody has so many.
pub const ROWS_MAX: i64 = 5_000;

/// A value of the vault. It is not shown but by [`Value::expose`], and overwritten when dropped.
#[derive(Clone)]
pub struct Value(SecretString);

impl Value {
    /// A value.
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text))
    }

    /// The value itself, for whoever may be shown it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value([REDACTED])")
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(SecretString::from(text)))
    }
}

/// A fact as it lies in the vault.
#[derive(Debug, Clone)]
pub struct SealedFact {
    /// Row, person, field and key.
    pub place: Place,
    /// Under which segment.
    pub segment: Segment,
    /// The value.
    pub sealed: Sealed,
    /// What is known of it without its key.
    pub origin: Origin,
    /// Grows in the order of recording.
    pub number: i64,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// From whom or what.
    pub source: FactSource,
    /// When it was said or seen.
    pub occurred_at: OffsetDateTime,
    /// When it was recorded.
    pub recorded_at: OffsetDateTime,
    /// Who recorded it.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Which fact it corrects.
    pub replaces: Option<FactId>,
}

/// Facts of one person, ready to be added.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) person: PersonId,
    pub(crate) occurred_at: OffsetDateTime,
    pub(crate) recorded_at: OffsetDateTime,
    pub(crate) staff: StaffId,
    pub(crate) organisation: OrganisationId,
    pub(crate) rows: Vec<NewRow>,
    pub(crate) tokens: Vec<[u8; 16]>,
}

#[derive(Debug)]
pub(crate) struct NewRow {
    pub(crate) place: Place,
    pub(crate) segment: Segment,
    pub(crate) sealed: Sealed,
    pub(crate) source: FactSource,
    pub(crate) replaces: Option<FactId>,
}

/// The tables of facts.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Opens the tables. Connects when it is first used.
    pub fn open(servers: &Servers) -> Self {
        Self { pool: servers.pool(PgRole::Vault, CONNECTIONS_MAX) }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Adds facts and their tokens, all or none; facts that are there stay as they are.
    ///
    /// # Errors
    ///
    /// [`VaultError::Erased`] when a segment of it was erased.
    pub(crate) async fn add(&self, batch: &Batch) -> Result<(), VaultError> {
        let rows = &batch.rows;
        let column = |get: fn(&NewRow) -> &'static str| rows.iter().map(get).collect::<Vec<_>>();
        let ids = |get: fn(&NewRow) -> Uuid| rows.iter().map(get).collect::<Vec<_>>();
        let add = "select vault.record($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)";
        let added = sqlx::query(add)
            .bind(ids(|row| row.place.fact.0))
            .bind(batch.person.0)
            .bind(column(|row| row.segment.code()))
            .bind(column(|row| row.place.field.code()))
            .bind(ids(|row| row.place.key))
            .bind(rows.iter().map(|row| row.sealed.nonce.to_vec()).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.sealed.ciphertext.clone()).collect::<Vec<_>>())
            .bind(column(|row| row.source.code()))
            .bind(batch.occurred_at)
            .bind(batch.recorded_at)
            .bind(batch.staff.0)
            .bind(batch.organisation.0)
            .bind(rows.iter().map(|row| row.replaces.map(|old| old.0)).collect::<Vec<_>>())
            .bind(batch.tokens.iter().map(|token| token.to_vec()).collect::<Vec<_>>())
            .execute(&self.pool)
            .await;
        match added {
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("TV001") => {
                Err(VaultError::Erased)
            }
            added => Ok(added.map(drop)?),
        }
    }

    /// Every row of one person, in the order of recording.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn of_person(&self, person: PersonId) -> Result<Vec<SealedFact>, VaultError> {
        let find = format!(
            "select {COLUMNS} from vault.facts f where person = $1 \
                            order by number desc limit {ROWS_MAX}"
        );
        let rows = sqlx::query(&find).bind(person.0).fetch_all(&self.pool).await?;
        rows.iter().rev().map(sealed_fact).collect()
    }

    /// Rows of many persons under one segment, in the order of recording: one query.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn of_many(
        &self,
        persons: &[PersonId],
        segment: Segment,
    ) -> Result<Vec<SealedFact>, VaultError> {
        let persons: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
        let find = format!(
            "select {COLUMNS} from unnest($1::uuid[]) as p (person) cross join lateral \
            (select * from vault.facts f where f.person = p.person and f.segment = $2 \
             order by number desc limit {CANDIDATE_ROWS_MAX}) f order by number"
        );
        let find = sqlx::query(&find).bind(persons).bind(segment.code());
        find.fetch_all(&self.pool).await?.iter().map(sealed_fact).collect()
    }

    /// Ids of facts recorded in a stretch of time, for the check that each has its event.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) async fn recorded_before(
        &self,
        moment: OffsetDateTime,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, FactId, PersonId)>, VaultError> {
        let find = "select number, fact, person from vault.facts \
                    where number > $1 and recorded_at < $2 order by number limit $3";
        let find = sqlx::query_as::<_, (i64, Uuid, Uuid)>(find).bind(after).bind(moment);
        let rows = find.bind(limit).fetch_all(&self.pool).await?;
        let ids = |(number, fact, person)| (number, FactId(fact), PersonId(person));
        Ok(rows.into_iter().map(ids).collect())
    }
}

/// Most rows of one candidate that a search reads, the newest.
const CANDIDATE_ROWS_MAX: i64 = 60;

const COLUMNS: &str = "f.fact, f.person, f.segment, f.field, f.key, f.nonce, f.ciphertext, \
    f.source, f.occurred_at, f.recorded_at, f.staff, f.organisation, f.replaces, f.number";

/// Numbers of the facts that count now: nobody corrected them by name, and of a kind that a person
/// has once only the last one. `facts` are in the order of recording.
pub fn current(facts: &[SealedFact]) -> BTreeSet<i64> {
    let replaced: BTreeSet<FactId> = facts.iter().filter_map(|f| f.origin.replaces).collect();
    let mut seen = BTreeSet::new();
    let counts = |fact: &&SealedFact| {
        let Place { fact: id, person, field, .. } = fact.place;
        !replaced.contains(&id) && (!rules::is_single(field) || seen.insert((person, field)))
    };
    facts.iter().rev().filter(counts).map(|fact| fact.number).collect()
}

fn sealed_fact(row: &PgRow) -> Result<SealedFact, VaultError> {
    let code = |column: &str| row.try_get::<&str, _>(column);
    let odd = |what: &'static str| move |_| VaultError::Odd(what);
    let field: IdentityField = code("field")?.parse().map_err(odd("field"))?;
    let nonce: &[u8] = row.try_get("nonce")?;
    Ok(SealedFact {
        place: Place {
            fact: FactId(row.try_get("fact")?),
            person: PersonId(row.try_get("person")?),
            field,
            key: row.try_get("key")?,
        },
        segment: code("segment")?.parse().map_err(odd("segment"))?,
        sealed: Sealed {
            nonce: nonce.try_into().map_err(|_| VaultError::Odd("nonce"))?,
            ciphertext: row.try_get("ciphertext")?,
        },
        origin: Origin {
            source: code("source")?.parse().map_err(odd("source"))?,
            occurred_at: row.try_get("occurred_at")?,
            recorded_at: row.try_get("recorded_at")?,
            staff: StaffId(row.try_get("staff")?),
            organisation: OrganisationId(row.try_get("organisation")?),
            replaces: row.try_get::<Option<Uuid>, _>("replaces")?.map(FactId),
        },
        number: row.try_get("number")?,
    })
}
