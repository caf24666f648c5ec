//! Whether rows and events tell of the same facts.

use std::collections::{BTreeMap, BTreeSet};

use time::Duration;
use trama_events::ids::{FactId, PersonId};

use crate::Vault;
use crate::error::VaultError;
use crate::identity::Identity;

/// Rows that are read at once.
const PAGE: i64 = 2_000;
/// A row may wait this long for its event: longer than any command takes.
const UNDER_WAY: Duration = Duration::minutes(5);
/// Most rows that are named.
const NAMED_MAX: usize = 100;

impl Vault {
    /// Rows whose event never came, in one line each: a command that was cut short and never
    /// repeated. They are shown to nobody.
    pub(crate) async fn rows_without_events(&self) -> sqlx::Result<Vec<String>> {
        let before = self.log.clock().now() - UNDER_WAY;
        let (mut after, mut orphans) = (0, Vec::new());
        loop {
            let page = self.store.recorded_before(before, after, PAGE).await;
            let page = page.map_err(plain)?;
            let Some((last, ..)) = page.last() else { return Ok(orphans) };
            after = *last;
            let mut by_person: BTreeMap<PersonId, Vec<FactId>> = BTreeMap::new();
            for (_, fact, person) in page {
                by_person.entry(person).or_default().push(fact);
            }
            for (person, facts) in by_person {
                let told = self.told(person).await?;
                let orphan = facts.into_iter().filter(|fact| !told.contains(fact));
                orphans.extend(orphan.map(|fact| format!("row without event: fact {fact}")));
            }
            if orphans.len() >= NAMED_MAX {
                return Ok(orphans);
            }
        }
    }

    async fn told(&self, person: PersonId) -> sqlx::Result<BTreeSet<FactId>> {
        let loaded = self.log.load::<Identity>(person.0).await;
        let (state, _) = loaded.map_err(|failure| sqlx::Error::Decode(failure.into()))?;
        Ok(state.facts.into_keys().collect())
    }
}

fn plain(error: VaultError) -> sqlx::Error {
    if let VaultError::Sql(error) = error { error } else { sqlx::Error::Decode(error.into()) }
}
