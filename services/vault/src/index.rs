//! The blind index: keyed digests of what a person may be looked for by (trust.md D3).
//!
//! It holds nothing about how or where somebody is reached: neither address nor telephone, so that
//! a person in hiding is not found by them. A former name keeps finding her until she is erased.

use std::collections::{BTreeMap, BTreeSet};

use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use sqlx::Row;
use time::Date;
use time::macros::format_description;
use trama_events::codes::{IdentityField, Segment};
use trama_events::ids::PersonId;
use trama_matching::{Described, Identifier, Sex, Token, tokens};
use uuid::Uuid;

use crate::Vault;
use crate::error::VaultError;
use crate::keys::DataKey;
use crate::record::Kept;
use crate::rules::own_segment;
use crate::store::{Store, Value};
use crate::surname::surnames_of;

/// A digest of a token.
pub(crate) type Digest = [u8; 16];

/// Most records that one token may bring.
const PER_TOKEN_MAX: i64 = 300;

/// HMAC-SHA256 under the index's key, the first 16 bytes: enough that two tokens never meet, and
/// half the space.
pub(crate) fn digest(key: &DataKey, text: &str) -> Digest {
    let mut digest = [0; 16];
    // A key of any length is taken.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.secret.expose_secret()) {
        mac.update(text.as_bytes());
        digest.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    }
    digest
}

impl Vault {
    /// Digests under which a person is found once these facts are added to hers: names and dates
    /// that came one by one are found together.
    pub(crate) async fn tokens_with(
        &self,
        person: PersonId,
        new: &[Kept],
    ) -> Result<Vec<Digest>, VaultError> {
        let new = new.iter().filter(|kept| own_segment(kept.field) == Some(Segment::Identity));
        let new: Vec<(IdentityField, Value)> =
            new.map(|kept| (kept.field, kept.value.clone())).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = self.opened_of_many(&[person], Segment::Identity).await?;
        let mut values = known.remove(&person).unwrap_or_default();
        values.extend(new);
        let key = self.keys.index_key().await?;
        Ok(digests_of(&key, &values).into_iter().collect())
    }
}

/// Digests of every token of a person, and those by which her surname is compared; of two values of one kind the later one counts, but each
/// alias and each document does.
pub(crate) fn digests_of(key: &DataKey, values: &[(IdentityField, Value)]) -> BTreeSet<Digest> {
    let described = described(values);
    let aliases = values.iter().filter(|(field, _)| *field == IdentityField::Alias);
    let mut all: BTreeSet<Token> = tokens(&described).into_iter().collect();
    for (_, alias) in aliases {
        let alone = Described { alias: Some(alias.expose().to_owned()), ..Described::default() };
        all.extend(tokens(&alone));
    }
    let found_by = all.iter().map(|token| digest(key, &token.text()));
    found_by.chain(surnames_of(key, values)).collect()
}

/// A person as her facts describe her.
pub(crate) fn described(values: &[(IdentityField, Value)]) -> Described {
    let mut described = Described::default();
    for (field, value) in values {
        describe(&mut described, *field, value.expose());
    }
    described
}

fn describe(described: &mut Described, field: IdentityField, value: &str) {
    let text = || Some(value.to_owned());
    match field {
        IdentityField::FamilyName => described.family = text(),
        IdentityField::GivenName => described.given = text(),
        IdentityField::Alias => described.alias = text(),
        IdentityField::BirthDate => described.birth_date = date(value),
        IdentityField::BirthPlace => described.birth_place = text(),
        IdentityField::Sex => {
            described.sex = Some(if value == "f" { Sex::Female } else { Sex::Male });
        }
        IdentityField::TaxCode => described.tax_code = text(),
        IdentityField::ProvisionalTaxCode | IdentityField::Stp | IdentityField::Eni => {
            described.identifiers.push(identifier(field, value));
        }
        IdentityField::Document => {
            described.identifiers.push(identifier(field, &document_number(value)));
        }
        IdentityField::Phone
        | IdentityField::Email
        | IdentityField::Address
        | IdentityField::ProtectedAddress
        | IdentityField::Status
        | IdentityField::Note
        | IdentityField::PrivateNote => {}
    }
}

pub(crate) fn identifier(field: IdentityField, value: &str) -> Identifier {
    Identifier { kind: field.code().to_owned(), value: value.to_owned() }
}

/// `passport AA 1234567` is found by its words with digits.
pub(crate) fn document_number(value: &str) -> String {
    let numbered = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = value.split_whitespace().filter(numbered).collect();
    if words.is_empty() { value.to_owned() } else { words.concat() }
}

pub(crate) fn date(value: &str) -> Option<Date> {
    Date::parse(value, format_description!("[year]-[month]-[day]")).ok()
}

impl Store {
    /// Persons under each of these digests, at most [`PER_TOKEN_MAX`] for each: one query.
    pub(crate) async fn under(
        &self,
        digests: &[Digest],
    ) -> Result<BTreeMap<usize, Vec<PersonId>>, VaultError> {
        let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.to_vec()).collect();
        let find = format!(
            "select (d.number - 1)::int as number, array_agg(t.person) as persons \
             from unnest($1::bytea[]) with ordinality as d (token, number) cross join lateral \
                (select person from vault.tokens where token = d.token \
                 order by person limit {PER_TOKEN_MAX}) t \
             group by d.number"
        );
        let rows = sqlx::query(&find).bind(digests).fetch_all(self.pool()).await?;
        let under = |row: &sqlx::postgres::PgRow| {
            let number: i32 = row.try_get("number")?;
            let persons: Vec<Uuid> = row.try_get("persons")?;
            let number = usize::try_from(number).map_err(|_| VaultError::Odd("number"))?;
            Ok((number, persons.into_iter().map(PersonId).collect()))
        };
        rows.iter().map(under).collect()
    }
}
