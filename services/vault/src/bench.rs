//! An invented population, loaded fast. For `trama bench match` only: it writes past the log, into
//! a database that is thrown away.

mod people;

use std::fmt::Write;
use std::sync::Arc;

use sqlx::PgPool;
use trama_events::ids::{FactId, PersonId, derive_uuid};
use trama_platform::clock::random_bytes;
use trama_platform::doors::hex;
use uuid::Uuid;

use crate::cipher::{self, Place};
use crate::error::VaultError;
use crate::index;
use crate::keys::{DataKey, Keyring};
use crate::record::SALT_LEN;
pub use people::Invented;

/// People that are made and copied in one go.
const CHUNK: u64 = 5_000;

/// What is dropped while the rows come in, and made again afterwards.
const WITHOUT_INDEXES: &str = "alter table vault.tokens drop constraint tokens_pkey; \
    drop index vault.tokens_person; alter table vault.facts drop constraint facts_pkey; \
    drop index vault.facts_person; alter table vault_keys.data_keys drop constraint data_keys_pkey; \
    alter table vault_keys.data_keys drop constraint data_keys_once";
const WITH_INDEXES: [&str; 7] = [
    "alter table vault.tokens add primary key (token, person)",
    "create index tokens_person on vault.tokens (person)",
    "alter table vault.facts add primary key (fact)",
    "create index facts_person on vault.facts (person, segment)",
    "alter table vault_keys.data_keys add primary key (key)",
    "alter table vault_keys.data_keys add constraint data_keys_once unique (person, segment)",
    "vacuum (analyze) vault.tokens, vault.facts, vault_keys.data_keys",
];

/// Fills an empty vault with `people` invented persons, each under a key of her own. `admin` owns
/// the tables and has no time limit on statements. `told` hears how many there are.
///
/// # Errors
///
/// [`VaultError`], e.g. when the vault is not empty.
pub async fn load(
    admin: &PgPool,
    keys: &Keyring,
    people: u64,
    mut told: impl FnMut(u64),
) -> Result<(), VaultError> {
    let index_key = keys.index_key().await?;
    sqlx::raw_sql(WITHOUT_INDEXES).execute(admin).await?;
    let mut next = tokio::spawn(chunk(keys.clone(), index_key.clone(), 0, people.min(CHUNK)));
    let mut from = 0;
    while from < people {
        let made = next.await.map_err(|_| VaultError::Odd("chunk"))??;
        from = (from + CHUNK).min(people);
        // One is made while the last one is copied: two cores.
        let to = (from + CHUNK).min(people);
        next = tokio::spawn(chunk(keys.clone(), index_key.clone(), from, to));
        made.copy(admin).await?;
        told(from);
    }
    for statement in WITH_INDEXES {
        sqlx::raw_sql(statement).execute(admin).await?;
    }
    Ok(())
}

/// The id of the invented person of this number.
pub fn person_id(number: u64) -> PersonId {
    PersonId(derive_uuid("bench person", &[&number.to_string()]))
}

/// Rows of some people, as `copy` takes them.
#[derive(Default)]
struct Rows {
    keys: String,
    facts: String,
    tokens: String,
}

async fn chunk(
    keys: Keyring,
    index_key: Arc<DataKey>,
    from: u64,
    to: u64,
) -> Result<Rows, VaultError> {
    let numbers: Vec<u64> = (from..to).collect();
    let ids: Vec<Uuid> =
        numbers.iter().map(|number| derive_uuid("bench key", &[&number.to_string()])).collect();
    let drawn = keys.draw(&ids).await?;
    let mut rows = Rows::default();
    for (number, (key, wrapped)) in numbers.into_iter().zip(drawn) {
        let person = person_id(number);
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows.keys,
            "{}\t{person}\tidentity\t{}\t\\\\x{}",
            key.id,
            wrapped.kek,
            hex(&wrapped.bytes)
        );
        rows.add(number, person, &key, &index_key)?;
        tokio::task::yield_now().await;
    }
    Ok(rows)
}

impl Rows {
    fn add(
        &mut self,
        number: u64,
        person: PersonId,
        key: &DataKey,
        index_key: &DataKey,
    ) -> Result<(), VaultError> {
        let values = Invented::new(number).values();
        for (at, (field, value)) in values.iter().enumerate() {
            let fact = FactId(derive_uuid("bench fact", &[&number.to_string(), &at.to_string()]));
            let place = Place { fact, person, field: *field, key: key.id };
            let text = [&random_bytes::<SALT_LEN>()?, value.expose().as_bytes()].concat();
            let sealed = cipher::seal(&key.secret, &place, &text)?;
            let _ = writeln!(
                self.facts,
                "{fact}\t{person}\tidentity\t{field}\t{}\t\\\\x{}\t\\\\x{}",
                key.id,
                hex(&sealed.nonce),
                hex(&sealed.ciphertext)
            );
        }
        for digest in index::digests_of(index_key, &values) {
            let _ = writeln!(self.tokens, "\\\\x{}\t{person}", hex(&digest));
        }
        Ok(())
    }

    async fn copy(self, admin: &PgPool) -> Result<(), VaultError> {
        let facts = "(fact, person, segment, field, key, nonce, ciphertext)";
        sqlx::raw_sql(FACT_DEFAULTS).execute(admin).await?;
        for (table, rows) in [
            ("vault_keys.data_keys (key, person, segment, kek, wrapped)".to_owned(), self.keys),
            (format!("vault.facts {facts}"), self.facts),
            ("vault.tokens (token, person)".to_owned(), self.tokens),
        ] {
            let mut connection = admin.acquire().await?;
            let mut copy = connection.copy_in_raw(&format!("copy {table} from stdin")).await?;
            copy.send(rows.into_bytes()).await?;
            copy.finish().await?;
        }
        Ok(())
    }
}

/// What is the same in every row is not copied each time.
const FACT_DEFAULTS: &str = "alter table vault.facts alter source set default 'declared', \
    alter occurred_at set default '2025-01-27', alter recorded_at set default '2025-01-27', \
    alter staff set default '00000000-0000-4000-8000-000000000001', \
    alter organisation set default '00000000-0000-4000-8000-000000000002'";
