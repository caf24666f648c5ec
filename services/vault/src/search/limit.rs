use trama_events::ids::StaffId;
use trama_matching::{Kind, Token};

use super::SearchError;
use crate::error::VaultError;
use crate::{Vault, index};

/// Different identifiers that one user may look for in an hour (trust.md, threat 12). Names are not
/// counted.
pub const EXACT_MAX: i64 = 30;

/// Too many different identifiers in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "you looked for {EXACT_MAX} different identifiers within an hour: go on by name, or wait; the \
     data protection officer is told"
)]
pub struct TooMany;

impl Vault {
    /// Counts a search by identifiers, the same ones only once, over all processes. What was looked
    /// for is kept for an hour, as a digest.
    pub(super) async fn count_exact(
        &self,
        staff: StaffId,
        probes: &[Token],
    ) -> Result<(), SearchError> {
        let exact = |token: &&Token| matches!(token.kind, Kind::TaxCode | Kind::Identifier);
        let texts: Vec<String> = probes.iter().filter(exact).map(Token::text).collect();
        if texts.is_empty() {
            return Ok(());
        }
        let key = self.keys.index_key().await?;
        let together = index::digest(&key, &format!("search|{}", texts.join("\u{1f}")));
        let count = sqlx::query_scalar::<_, i64>("select vault.count_searches($1, $2, $3)")
            .bind(staff.0)
            .bind(vec![together.to_vec()])
            .bind(trama_platform::clock::real_now())
            .fetch_one(self.store.pool())
            .await
            .map_err(VaultError::Sql)?;
        if count <= EXACT_MAX {
            return Ok(());
        }
        tracing::warn!(%staff, count, "ALERT: more searches by identifier than one hour has");
        Err(TooMany.into())
    }
}
