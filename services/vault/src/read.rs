//! Facts come out, opened for whoever may be shown their section.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use trama_events::codes::{IdentityField, Section, Segment};
use trama_events::ids::{OrganisationId, PersonId};
use trama_platform::Failure;
use zeroize::Zeroizing;

use crate::Vault;
use crate::cipher;
use crate::error::VaultError;
use crate::identity::{Identity, Rejection};
use crate::keys::{DataKey, Owner};
use crate::record::SALT_LEN;
use crate::rules::section_of;
use crate::store::{SealedFact, Value, current};

/// What somebody may be shown of one person.
pub struct Sight<'a> {
    /// Which classes of data, by the organisation that recorded them.
    pub permitted: &'a (dyn Fn(Section, OrganisationId) -> bool + Sync),
}

/// A fact, opened.
#[derive(Debug, Clone)]
pub struct OpenedFact {
    /// As it lies in the vault.
    pub sealed: SealedFact,
    /// The class of data to which it belongs.
    pub section: Section,
    /// What it says.
    pub value: Value,
    /// Whether it counts now.
    pub is_current: bool,
}

/// What was read of one person.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Facts in the order of recording.
    pub facts: Vec<OpenedFact>,
    /// Segments that were erased.
    pub erased: BTreeSet<Segment>,
    /// Version of the record.
    pub version: i64,
}

impl Sight<'_> {
    fn shows(&self, fact: &SealedFact) -> bool {
        let section = section_of(fact.place.field, fact.segment);
        (self.permitted)(section, fact.origin.organisation)
    }
}

impl Vault {
    /// One person's facts, as far as they may be shown; nothing else is even decrypted. `None`
    /// when the log knows nothing of her.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] while the vault is closed or its keys cannot be reached.
    pub async fn read(
        &self,
        person: PersonId,
        sight: &Sight<'_>,
    ) -> Result<Option<Opened>, Failure<Rejection>> {
        self.must_be_open().await.map_err(VaultError::into_failure)?;
        let (state, version) = self.log.load::<Identity>(person.0).await?;
        if state.person.is_none() {
            return Ok(None);
        }
        let facts = self.shown(person, &state, sight).await.map_err(VaultError::into_failure)?;
        Ok(Some(Opened { facts, erased: state.erased, version }))
    }

    async fn shown(
        &self,
        person: PersonId,
        state: &Identity,
        sight: &Sight<'_>,
    ) -> Result<Vec<OpenedFact>, VaultError> {
        let mut rows = self.store.of_person(person).await?;
        rows.retain(|row| state.facts.contains_key(&row.place.fact));
        let now = current(&rows);
        rows.retain(|row| sight.shows(row));
        let opened = self.opened(rows).await?.into_iter().map(|(sealed, value)| OpenedFact {
            section: section_of(sealed.place.field, sealed.segment),
            is_current: now.contains(&sealed.number),
            sealed,
            value,
        });
        Ok(opened.collect())
    }

    /// Values of rows whose keys are still there; the others are left out.
    pub(crate) async fn opened(
        &self,
        rows: Vec<SealedFact>,
    ) -> Result<Vec<(SealedFact, Value)>, VaultError> {
        let owners: BTreeSet<Owner> = rows.iter().map(owner).collect();
        let owners: Vec<Owner> = owners.into_iter().collect();
        let keys = self.keys.for_reading(&owners).await?;
        opened_with(&keys, rows)
    }

    /// Each row whose key is there, with its value; without one where it cannot be opened: that is said
    /// in the log by its number, and keeps none of the others shut.
    pub(crate) async fn opened_each(
        &self,
        rows: Vec<SealedFact>,
    ) -> Result<Vec<(SealedFact, Option<Value>)>, VaultError> {
        let owners: BTreeSet<Owner> = rows.iter().map(owner).collect();
        let owners: Vec<Owner> = owners.into_iter().collect();
        let keys = self.keys.for_reading(&owners).await?;
        let each = |row: SealedFact| match open(&keys, &row) {
            Ok(value) => value.map(|value| (row, Some(value))),
            Err(error) => {
                tracing::warn!(number = row.number, %error, "a row of the vault cannot be opened");
                Some((row, None))
            }
        };
        Ok(rows.into_iter().filter_map(each).collect())
    }

    /// Values of one segment of many persons, as they stand now: one query for the rows, one for
    /// the keys.
    pub(crate) async fn opened_of_many(
        &self,
        persons: &[PersonId],
        segment: Segment,
    ) -> Result<BTreeMap<PersonId, Vec<(IdentityField, Value)>>, VaultError> {
        let owners: Vec<Owner> = persons.iter().map(|p| Owner::Person(*p, segment)).collect();
        let (rows, keys) =
            tokio::join!(self.store.of_many(persons, segment), self.keys.for_reading(&owners));
        let (mut rows, keys) = (rows?, keys?);
        let now = current(&rows);
        rows.retain(|row| now.contains(&row.number));
        let mut by_person: BTreeMap<PersonId, Vec<_>> = BTreeMap::new();
        for (row, value) in opened_with(&keys, rows)? {
            by_person.entry(row.place.person).or_default().push((row.place.field, value));
        }
        Ok(by_person)
    }
}

fn opened_with(
    keys: &HashMap<Owner, Arc<DataKey>>,
    rows: Vec<SealedFact>,
) -> Result<Vec<(SealedFact, Value)>, VaultError> {
    let mut opened = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(value) = open(keys, &row)? {
            opened.push((row, value));
        }
    }
    Ok(opened)
}

fn owner(row: &SealedFact) -> Owner {
    Owner::Person(row.place.person, row.segment)
}

fn open(
    keys: &HashMap<Owner, Arc<DataKey>>,
    row: &SealedFact,
) -> Result<Option<Value>, VaultError> {
    let Some(key) = keys.get(&owner(row)) else { return Ok(None) };
    let text: Zeroizing<Vec<u8>> = cipher::open(&key.secret, &row.place, &row.sealed)?;
    let value = text.get(SALT_LEN..).and_then(|value| std::str::from_utf8(value).ok());
    value.map(|value| Some(Value::new(value))).ok_or(VaultError::Odd("value"))
}
