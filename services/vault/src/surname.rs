//! Surnames as the access log compares them (trust.md D2): a worker's, made blind when she signs
//! in, with that of the person whose record she opens. Nothing is decrypted for it; the index
//! answers.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use trama_events::codes::IdentityField;
use trama_events::ids::PersonId;
use trama_matching::{Described, Kind, tokens};
use trama_platform::surnames::{Blinding, Comparing, Pair, Surname, Surnames, TOKENS_MAX};
use uuid::Uuid;

use crate::Vault;
use crate::error::VaultError;
use crate::index::{Digest, digest};
use crate::keys::DataKey;
use crate::store::{Store, Value};

/// Under this text stands everybody whose surname is known: of others nobody can tell whether it is
/// the same.
const KNOWN: &str = "surname";

/// Digests of how each word of a surname sounds, without particles, and the whole written together;
/// those of a given name that sounds alike are others.
fn surname_digests(key: &DataKey, surname: &str) -> BTreeSet<Digest> {
    let together: String = surname.split_whitespace().collect();
    let words = [together.as_str(), surname].into_iter().flat_map(|family| {
        let described = Described { family: Some(family.to_owned()), ..Described::default() };
        tokens(&described).into_iter().filter(|token| token.kind == Kind::Name)
    });
    words.take(TOKENS_MAX).map(|word| digest(key, &format!("{KNOWN}|{}", word.text()))).collect()
}

/// What the index holds of the surnames of a person: the one that counts and those before it.
pub(crate) fn surnames_of(key: &DataKey, values: &[(IdentityField, Value)]) -> BTreeSet<Digest> {
    let surnames = values.iter().filter(|(field, _)| *field == IdentityField::FamilyName);
    let mut all: BTreeSet<Digest> =
        surnames.flat_map(|(_, value)| surname_digests(key, value.expose())).collect();
    if !all.is_empty() {
        all.insert(digest(key, KNOWN));
    }
    all
}

impl Vault {
    async fn blind_surname(&self, surname: &str) -> Result<Option<Surname>, VaultError> {
        if !self.is_open() {
            return Ok(None);
        }
        let key = self.keys.index_key().await?;
        Ok(Surname::of(surname_digests(&key, surname)))
    }

    async fn compare(&self, pairs: &[Pair]) -> Result<Vec<Option<bool>>, VaultError> {
        if !self.is_open() {
            return Ok(vec![None; pairs.len()]);
        }
        let key = self.keys.index_key().await?;
        let known = digest(&key, KNOWN);
        let of_workers = pairs.iter().flat_map(|pair| pair.worker.tokens().iter().copied());
        let wanted: BTreeSet<Digest> = of_workers.chain([known]).collect();
        let persons: BTreeSet<PersonId> =
            pairs.iter().flat_map(|pair| &pair.records).copied().collect();
        let held = self.store.held(&persons, &wanted).await?;
        Ok(pairs.iter().map(|pair| is_same(pair, &held, &known)).collect())
    }
}

fn is_same(
    pair: &Pair,
    held: &BTreeMap<PersonId, BTreeSet<Digest>>,
    known: &Digest,
) -> Option<bool> {
    let hers = || pair.records.iter().filter_map(|record| held.get(record));
    let is_known = hers().any(|tokens| tokens.contains(known));
    let same = hers().any(|tokens| pair.worker.tokens().iter().any(|word| tokens.contains(word)));
    is_known.then_some(same)
}

impl Surnames for Vault {
    fn blind(&self, surname: SecretString) -> Blinding<'_> {
        Box::pin(async move {
            let blind = self.blind_surname(surname.expose_secret()).await;
            let told = blind.inspect_err(|error| {
                tracing::warn!(%error, "a worker's surname cannot be made blind now");
            });
            told.ok().flatten()
        })
    }

    fn same<'a>(&'a self, pairs: &'a [Pair]) -> Comparing<'a> {
        Box::pin(async move {
            let compared = self.compare(pairs).await.inspect_err(|error| {
                tracing::warn!(%error, "surnames cannot be compared now");
            });
            compared.unwrap_or_else(|_| vec![None; pairs.len()])
        })
    }
}

impl Store {
    /// Which of these digests the index holds of which of these persons: one query.
    async fn held(
        &self,
        persons: &BTreeSet<PersonId>,
        digests: &BTreeSet<Digest>,
    ) -> Result<BTreeMap<PersonId, BTreeSet<Digest>>, VaultError> {
        // Each person and digest is one look into the primary key.
        let find = "select p.person, t.token from unnest($1::uuid[]) p (person) \
             cross join unnest($2::bytea[]) d (token) \
             join vault.tokens t on t.token = d.token and t.person = p.person";
        let rows = sqlx::query(find)
            .bind(persons.iter().map(|person| person.0).collect::<Vec<Uuid>>())
            .bind(digests.iter().map(|digest| digest.to_vec()).collect::<Vec<_>>())
            .fetch_all(self.pool())
            .await?;
        let mut held: BTreeMap<PersonId, BTreeSet<Digest>> = BTreeMap::new();
        for row in rows {
            let token: Vec<u8> = row.try_get("token")?;
            let token = token.try_into().map_err(|_| VaultError::Odd("token"))?;
            held.entry(PersonId(row.try_get("person")?)).or_default().insert(token);
        }
        Ok(held)
    }
}
