use sqlx::Row;
use uuid::Uuid;

use super::{Keyring, wrapped_of};
use crate::error::VaultError;
use crate::kek::{BATCH_MAX, Wrapped};

/// How far a rotation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that this run has wrapped anew.
    pub done: u64,
    /// Keys that were left when it began.
    pub of: u64,
    /// Under which key-encryption key.
    pub kek: String,
}

impl Keyring {
    /// Wraps every key anew under the current key-encryption key. What lies under it already is
    /// left alone, so that a run that was cut short is simply started again. Readers and writers
    /// go on meanwhile. Afterwards the old key-encryption key may be destroyed, once no backup
    /// that needs it is left.
    ///
    /// # Errors
    ///
    /// As the database or the key-encryption key has it; what was done stays done.
    pub async fn rewrap(&self, mut told: impl FnMut(&Rewrapped)) -> Result<Rewrapped, VaultError> {
        let kek = self.kek.current().await?;
        let left = "select (select count(*) from vault_keys.data_keys where kek <> $1) + \
                    (select count(*) from vault_keys.index_keys where kek <> $1)";
        let left: i64 = sqlx::query_scalar(left).bind(&kek).fetch_one(&self.pool).await?;
        let of = u64::try_from(left).unwrap_or(0);
        let mut progress = Rewrapped { done: self.rewrap_index(&kek).await?, of, kek };
        let mut after = Uuid::nil();
        loop {
            let page = self.page(&progress.kek, after).await?;
            let Some((last, _)) = page.last() else { return Ok(progress) };
            after = *last;
            progress.done += self.rewrap_page(page).await?;
            told(&progress);
        }
    }

    async fn page(&self, kek: &str, after: Uuid) -> Result<Vec<(Uuid, Wrapped)>, VaultError> {
        let find = "select key, kek, wrapped from vault_keys.data_keys \
                    where kek <> $1 and key > $2 order by key limit $3";
        let limit = i64::try_from(BATCH_MAX).unwrap_or(i64::MAX);
        let find = sqlx::query(find).bind(kek).bind(after).bind(limit);
        let rows = find.fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get("key")?, wrapped_of(row)?))).collect()
    }

    /// A key that was destroyed or wrapped anew by somebody else meanwhile stays as that left it.
    async fn rewrap_page(&self, page: Vec<(Uuid, Wrapped)>) -> Result<u64, VaultError> {
        let (ids, old): (Vec<Uuid>, Vec<Wrapped>) = page.into_iter().unzip();
        let new = self.kek.rewrap(&old).await?;
        let done = sqlx::query(
            "update vault_keys.data_keys d set kek = n.kek, wrapped = n.wrapped \
             from unnest($1::uuid[], $2::bytea[], $3::text[], $4::bytea[]) n (key, old, kek, wrapped) \
             where d.key = n.key and d.wrapped = n.old",
        )
        .bind(ids)
        .bind(old.into_iter().map(|wrapped| wrapped.bytes).collect::<Vec<_>>())
        .bind(new.iter().map(|wrapped| wrapped.kek.clone()).collect::<Vec<_>>())
        .bind(new.into_iter().map(|wrapped| wrapped.bytes).collect::<Vec<_>>())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    async fn rewrap_index(&self, kek: &str) -> Result<u64, VaultError> {
        let find = "select kek, wrapped from vault_keys.index_keys where kek <> $1";
        let Some(row) = sqlx::query(find).bind(kek).fetch_optional(&self.pool).await? else {
            return Ok(0);
        };
        let old = [wrapped_of(&row)?];
        let new = self.kek.rewrap(&old).await?;
        let (Some(new), [old]) = (new.into_iter().next(), old) else { return Ok(0) };
        let update = "update vault_keys.index_keys set kek = $1, wrapped = $2 where wrapped = $3";
        let update = sqlx::query(update).bind(new.kek).bind(new.bytes).bind(old.bytes);
        Ok(update.execute(&self.pool).await?.rows_affected())
    }
}
