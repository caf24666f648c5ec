pub(super) mod casework;
pub(super) mod directory;
pub(super) mod housing;
pub(super) mod identity;
pub(super) mod intake;
pub(super) mod own;
pub(super) mod referrals;
pub(super) mod wishes;

use sqlx::{PgConnection, query};
use time::OffsetDateTime;
use trama_platform::follow::Read;
use uuid::Uuid;

use super::found::RelationKind;

/// What a party begins to have with people.
struct Held<'a> {
    part: &'a str,
    people: &'a [Uuid],
    kind: RelationKind,
    holder: Uuid,
    until: Option<OffsetDateTime>,
    confidential: bool,
}

/// Begins, or begins again.
async fn begin(rows: &mut PgConnection, read: &Read, held: Held<'_>) -> sqlx::Result<()> {
    query(
        "insert into held (aggregate, part, person, kind, holder, since, until, confidential, begun_by) \
         select distinct $1::uuid, $2, person, $4, $5::uuid, $6::timestamptz, $7::timestamptz, \
            $8::boolean, $9::uuid from unnest($3::uuid[]) person \
         on conflict (aggregate, part, person, kind, holder) do update set until = excluded.until, \
            confidential = excluded.confidential, begun_by = excluded.begun_by",
    )
    .bind(read.recorded.aggregate_id)
    .bind(held.part)
    .bind(held.people)
    .bind(held.kind.code())
    .bind(held.holder)
    .bind(read.recorded.why.occurred_at)
    .bind(held.until)
    .bind(held.confidential)
    .bind(read.recorded.why.actor.0)
    .execute(rows)
    .await
    .map(drop)
}

/// Ends what an aggregate holds open, at a moment.
async fn end(rows: &mut PgConnection, read: &Read, until: OffsetDateTime) -> sqlx::Result<()> {
    query("update held set until = $2 where aggregate = $1 and until is null")
        .bind(read.recorded.aggregate_id)
        .bind(until)
        .execute(rows)
        .await
        .map(drop)
}
