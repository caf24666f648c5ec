//! An invented population, loaded fast, and the search measured on it. For
//! `trama bench match` and the example `match` only: it writes past the log, into a database that is thrown away.

mod people;

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use sqlx::PgPool;
use trama_events::codes::IdentityField;
use trama_events::ids::{FactId, PersonId, StaffId, derive_uuid};
use trama_platform::clock::random_bytes;
use trama_platform::doors::hex;
use uuid::Uuid;

use crate::Vault;
use crate::cipher::{self, Place};
use crate::error::VaultError;
use crate::index;
use crate::keys::{DataKey, Keyring};
use crate::record::SALT_LEN;
use crate::search::{CANDIDATES_MAX, Search, SearchError};
use crate::store::Value;
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

/// What a run of searches came to; times in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// People in the vault.
    pub people: u64,
    /// Searches, each a keystroke.
    pub searches: usize,
    /// Who type at the same time.
    pub typists: usize,
    /// Half of the answers came within.
    pub p50_ms: f64,
    /// 99 of 100 answers came within.
    pub p99_ms: f64,
    /// The slowest answer.
    pub max_ms: f64,
    /// Of those typed to the end, the share that was among the candidates.
    pub found: f64,
}

/// Types the names of people who are in the vault, a search for each keystroke from the third
/// letter on, and their date of birth at the end; `typists` at the same time.
///
/// # Errors
///
/// [`SearchError`].
pub async fn measure(
    vault: &Vault,
    people: u64,
    typed: u64,
    typists: usize,
) -> Result<Figures, SearchError> {
    let mut all = tokio::task::JoinSet::new();
    for typist in 0..typists {
        let vault = vault.clone();
        let share = (0..typed).skip(typist).step_by(typists.max(1));
        let share: Vec<u64> = share.map(|n| people::spread(n) % people.max(1)).collect();
        all.spawn(async move {
            let mut run = Run::default();
            for number in share {
                run.type_out(&vault, number).await?;
            }
            Ok::<_, SearchError>(run)
        });
    }
    let mut run = Run::default();
    while let Some(done) = all.join_next().await {
        run.add(done.map_err(|_| VaultError::Odd("typist"))??);
    }
    Ok(run.figures(people, typists))
}

#[derive(Default)]
struct Run {
    times: Vec<Duration>,
    found: usize,
    typed: usize,
}

impl Run {
    async fn type_out(&mut self, vault: &Vault, number: u64) -> Result<(), SearchError> {
        let who = Invented::new(number);
        let name = format!("{} {}", who.family, who.given);
        let staff = StaffId(derive_uuid("bench typist", &[]));
        for end in name.char_indices().map(|(at, _)| at).skip(3) {
            self.ask(
                vault,
                staff,
                &Search { text: Some(Value::new(&name[..end])), ..Search::default() },
            )
            .await?;
        }
        let fields = vec![
            (IdentityField::FamilyName, Value::new(&who.family)),
            (IdentityField::GivenName, Value::new(&who.given)),
            (IdentityField::BirthDate, Value::new(&who.birth_date.to_string())),
        ];
        let found = self.ask(vault, staff, &Search { fields, ..Search::default() }).await?;
        self.typed += 1;
        self.found += usize::from(found.contains(&person_id(number)));
        Ok(())
    }

    async fn ask(
        &mut self,
        vault: &Vault,
        staff: StaffId,
        search: &Search,
    ) -> Result<Vec<PersonId>, SearchError> {
        let start = Instant::now();
        let found = vault.find(staff, search).await?;
        self.times.push(start.elapsed());
        let shown = found.into_iter().take(CANDIDATES_MAX);
        Ok(shown.map(|candidate| candidate.person).collect())
    }

    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.found += other.found;
        self.typed += other.typed;
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn figures(mut self, people: u64, typists: usize) -> Figures {
        self.times.sort_unstable();
        let at = |percent: usize| {
            let place = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
            self.times
                .get(place)
                .map_or(0.0, |time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
        };
        Figures {
            people,
            searches: self.times.len(),
            typists,
            p50_ms: at(50),
            p99_ms: at(99),
            max_ms: at(100),
            found: self.found as f64 / self.typed.max(1) as f64,
        }
    }
}
