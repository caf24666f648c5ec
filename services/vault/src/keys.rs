//! The keys of people: one for each person and segment, wrapped (trust.md D3). They lie in a schema
//! of their own, under a role of its own, so that a dump of the facts alone opens nothing.

mod cache;
mod rewrap;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use secrecy::ExposeSecret;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::codes::Segment;
use trama_events::ids::PersonId;
use trama_platform::clock::random_id;
use trama_platform::servers::{PgRole, Servers};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::cipher::{KEY_LEN, Secret, draw_key};
use crate::error::VaultError;
use crate::kek::{BATCH_MAX, Bare, Kek, Wrapped};
use cache::Cache;
pub use cache::{KEPT_MAX, KEYS_MAX};
pub use rewrap::Rewrapped;

/// Connections for keys.
const CONNECTIONS_MAX: u32 = 8;

/// Whose key it is: a person's, for a segment of hers; the index has one for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A person's segment.
    Person(PersonId, Segment),
    /// The blind index.
    Index,
}

/// A key, unwrapped.
#[derive(Debug)]
pub struct DataKey {
    /// Its id, on every row that it opens.
    pub id: Uuid,
    /// Its bytes.
    pub secret: Secret,
}

/// The keys, behind a cache that lives at most [`KEPT_MAX`].
#[derive(Clone)]
pub struct Keyring {
    pool: PgPool,
    kek: Arc<dyn Kek>,
    cache: Arc<Cache>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// The keys of an installation. Connects when it is first used; must be called in a runtime.
    pub fn open(servers: &Servers, kek: Arc<dyn Kek>) -> Self {
        let pool = servers.pool(PgRole::VaultKeys, CONNECTIONS_MAX);
        Self { pool, kek, cache: Cache::start() }
    }

    /// The keys under which a person's segments are written; one that is missing is made. Two who
    /// make it at the same instant get the same.
    ///
    /// # Errors
    ///
    /// [`VaultError::Erased`] when one was destroyed; else as the database or the key-encryption
    /// key has it.
    pub async fn for_writing(
        &self,
        person: PersonId,
        segments: &[Segment],
    ) -> Result<BTreeMap<Segment, Arc<DataKey>>, VaultError> {
        let wanted: Vec<Owner> = segments.iter().map(|s| Owner::Person(person, *s)).collect();
        let mut found = self.for_reading(&wanted).await?;
        let missing: Vec<Owner> =
            wanted.iter().filter(|owner| !found.contains_key(owner)).copied().collect();
        if !missing.is_empty() {
            self.make(&missing).await?;
            found.extend(self.for_reading(&missing).await?);
        }
        let key = |segment: &Segment| {
            let key = found.get(&Owner::Person(person, *segment)).cloned();
            key.map(|key| (*segment, key)).ok_or(VaultError::Erased)
        };
        segments.iter().map(key).collect()
    }

    /// Keys that there are; those that were destroyed or never made are left out. What is not in
    /// the cache is one query and one call for each [`BATCH_MAX`] of them.
    ///
    /// # Errors
    ///
    /// As the database or the key-encryption key has it.
    pub async fn for_reading(
        &self,
        wanted: &[Owner],
    ) -> Result<HashMap<Owner, Arc<DataKey>>, VaultError> {
        let mut found = self.cache.find(wanted, Instant::now());
        let missing: Vec<Owner> =
            wanted.iter().filter(|owner| !found.contains_key(owner)).copied().collect();
        for some in missing.chunks(BATCH_MAX) {
            let rows = self.wrapped(some).await?;
            let looked = Instant::now();
            for (owner, key) in self.unwrap(rows).await? {
                self.cache.keep(owner, &key, looked);
                found.insert(owner, key);
            }
        }
        Ok(found)
    }

    /// The key of the blind index; made when there is none.
    ///
    /// # Errors
    ///
    /// As the database or the key-encryption key has it.
    pub async fn index_key(&self) -> Result<Arc<DataKey>, VaultError> {
        if let Some(key) = self.for_reading(&[Owner::Index]).await?.remove(&Owner::Index) {
            return Ok(key);
        }
        let (_, wrapped) = self.draw(&[Uuid::nil()]).await?.remove(0);
        let insert = "insert into vault_keys.index_keys (kek, wrapped) values ($1, $2) \
                      on conflict do nothing";
        sqlx::query(insert).bind(wrapped.kek).bind(wrapped.bytes).execute(&self.pool).await?;
        let mut found = self.for_reading(&[Owner::Index]).await?;
        found.remove(&Owner::Index).ok_or(VaultError::Odd("index key"))
    }

    /// Destroys keys for ever, also those that were never made: none is made afterwards. Other
    /// processes forget them within [`KEPT_MAX`].
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn destroy(
        &self,
        person: PersonId,
        segments: &[Segment],
        now: OffsetDateTime,
    ) -> Result<(), VaultError> {
        let codes: Vec<&str> = segments.iter().map(|segment| segment.code()).collect();
        let ids: Vec<Uuid> = segments.iter().map(|_| random_id()).collect();
        sqlx::query(
            "insert into vault_keys.data_keys (key, person, segment, destroyed_at) \
             select n.key, $2, n.segment, $4 from unnest($1::uuid[], $3::text[]) n (key, segment) \
             on conflict (person, segment) do update set wrapped = null, kek = null, \
                destroyed_at = coalesce(data_keys.destroyed_at, excluded.destroyed_at)",
        )
        .bind(ids)
        .bind(person.0)
        .bind(codes)
        .bind(now)
        .execute(&self.pool)
        .await?;
        self.cache.forget(person, segments);
        Ok(())
    }

    /// Of these persons and segments, those whose key is still there.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn alive(&self, of: &[(PersonId, Segment)]) -> Result<u64, VaultError> {
        let persons: Vec<Uuid> = of.iter().map(|(person, _)| person.0).collect();
        let segments: Vec<&str> = of.iter().map(|(_, segment)| segment.code()).collect();
        let count = "select count(*) from unnest($1::uuid[], $2::text[]) s (person, segment) \
            join vault_keys.data_keys d using (person, segment) where d.wrapped is not null";
        let count = sqlx::query_scalar::<_, i64>(count).bind(persons).bind(segments);
        Ok(u64::try_from(count.fetch_one(&self.pool).await?).unwrap_or(0))
    }

    async fn make(&self, owners: &[Owner]) -> Result<(), VaultError> {
        let ids: Vec<Uuid> = owners.iter().map(|_| random_id()).collect();
        let drawn = self.draw(&ids).await?;
        let (mut persons, mut segments) = (Vec::new(), Vec::new());
        for owner in owners {
            let Owner::Person(person, segment) = owner else { continue };
            persons.push(person.0);
            segments.push(segment.code());
        }
        sqlx::query(
            "insert into vault_keys.data_keys (key, person, segment, kek, wrapped) \
             select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[]) \
             on conflict (person, segment) do nothing",
        )
        .bind(&ids)
        .bind(persons)
        .bind(segments)
        .bind(drawn.iter().map(|(_, wrapped)| wrapped.kek.clone()).collect::<Vec<_>>())
        .bind(drawn.iter().map(|(_, wrapped)| wrapped.bytes.clone()).collect::<Vec<_>>())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// New keys for these ids, wrapped.
    pub(crate) async fn draw(&self, ids: &[Uuid]) -> Result<Vec<(DataKey, Wrapped)>, VaultError> {
        let keys = ids.iter().map(|id| Ok(DataKey { id: *id, secret: draw_key()? }));
        let keys: Vec<DataKey> = keys.collect::<Result<_, VaultError>>()?;
        let mut wrapped = Vec::with_capacity(keys.len());
        for some in keys.chunks(BATCH_MAX) {
            let bare: Vec<Bare> = some.iter().map(DataKey::bare).collect();
            wrapped.extend(self.kek.wrap(&bare).await?);
        }
        Ok(keys.into_iter().zip(wrapped).collect())
    }

    async fn wrapped(&self, owners: &[Owner]) -> Result<Vec<(Owner, Uuid, Wrapped)>, VaultError> {
        let (mut persons, mut segments, mut index) = (Vec::new(), Vec::new(), false);
        for owner in owners {
            match owner {
                Owner::Person(person, segment) => {
                    persons.push(person.0);
                    segments.push(segment.code());
                }
                Owner::Index => index = true,
            }
        }
        let mut found = Vec::new();
        if index {
            let find = "select kek, wrapped from vault_keys.index_keys";
            for row in sqlx::query(find).fetch_all(&self.pool).await? {
                found.push((Owner::Index, Uuid::nil(), wrapped_of(&row)?));
            }
        }
        if !persons.is_empty() {
            let find = sqlx::query(
                "select d.key, d.person, d.segment, d.kek, d.wrapped \
                 from unnest($1::uuid[], $2::text[]) w (person, segment) \
                 join vault_keys.data_keys d using (person, segment) where d.wrapped is not null",
            );
            for row in find.bind(persons).bind(segments).fetch_all(&self.pool).await? {
                let segment: String = row.try_get("segment")?;
                let segment = segment.parse().map_err(|_| VaultError::Odd("segment"))?;
                let owner = Owner::Person(PersonId(row.try_get("person")?), segment);
                found.push((owner, row.try_get("key")?, wrapped_of(&row)?));
            }
        }
        Ok(found)
    }

    async fn unwrap(
        &self,
        rows: Vec<(Owner, Uuid, Wrapped)>,
    ) -> Result<Vec<(Owner, Arc<DataKey>)>, VaultError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let (owners, wrapped): (Vec<_>, Vec<_>) =
            rows.into_iter().map(|(owner, id, wrapped)| ((owner, id), wrapped)).unzip();
        let bare = self.kek.unwrap(&wrapped).await?;
        let key = |((owner, id), bare): ((Owner, Uuid), Bare)| {
            Ok((owner, Arc::new(DataKey::from_bare(id, &bare)?)))
        };
        owners.into_iter().zip(bare).map(key).collect()
    }
}

impl DataKey {
    /// The key with its id, so that a wrapped key in the place of another one is noticed.
    fn bare(&self) -> Bare {
        Zeroizing::new([self.secret.expose_secret().as_slice(), self.id.as_bytes()].concat())
    }

    fn from_bare(id: Uuid, bare: &[u8]) -> Result<Self, VaultError> {
        let (bytes, named) = bare.split_first_chunk::<KEY_LEN>().ok_or(VaultError::KeySwapped)?;
        if named != id.as_bytes() {
            return Err(VaultError::KeySwapped);
        }
        Ok(Self { id, secret: Secret::init_with_mut(|secret| secret.copy_from_slice(bytes)) })
    }
}

fn wrapped_of(row: &PgRow) -> sqlx::Result<Wrapped> {
    Ok(Wrapped { kek: row.try_get("kek")?, bytes: row.try_get("wrapped")? })
}
