use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::ask::{Asked, Done};

/// The first answer to a command, kept at least 400 days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    digest: Vec<u8>,
    done: Done,
}

impl Receipt {
    /// The receipt of a command, if it was answered before.
    pub(super) async fn read(pool: &PgPool, asked: &Asked) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query(
            "select digest, aggregate_id, sequence, first_position, last_position \
             from receipts where actor = $1 and route = $2 and key = $3",
        )
        .bind(asked.actor.0)
        .bind(&asked.route)
        .bind(&asked.key)
        .fetch_optional(pool)
        .await?;
        row.map(|row| {
            let id: Uuid = row.try_get("aggregate_id")?;
            let first: Option<i64> = row.try_get("first_position")?;
            let last: Option<i64> = row.try_get("last_position")?;
            let done = Done { id, sequence: row.try_get("sequence")?, positions: first.zip(last) };
            Ok(Self { digest: row.try_get("digest")?, done })
        })
        .transpose()
    }

    /// The first answer, if the body is the same.
    pub(super) fn same(self, asked: &Asked) -> Option<Done> {
        (self.digest == asked.digest.as_bytes()).then_some(self.done)
    }
}
