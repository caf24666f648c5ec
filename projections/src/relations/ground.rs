//! On what a worker may bring a child into her service's care, beside a relation.

use sqlx::Row;
use trama_events::ids::PersonId;
use trama_platform::log::SYSTEM;
use trama_platform::ties::{Between, FELLOWS_MAX, Ground};
use uuid::Uuid;

use super::find::{Relations, Unsure};

/// `$1` the child's records, `$2` the worker's services, `$3` the worker, `$4` and `$5` moment and
/// day, `$6` the bound, `$7` the system, which goes on with what she began herself. Whoever named one of the two in the household herself finds nobody there:
/// else she would make a household, and by it a relation. And of each fellow, by the
/// record that is in the household and by none that is linked with it, whether somebody else began what the
/// worker has to do with her: else she would take on the mother, whom anybody may, or link her with somebody
/// whom she was given, and by her reach the child. And whether the body that named the
/// fellow in the household has her in care, by what somebody else began: else any desk's word would let
/// any house take a child in.
const FIND: &str = "
with named (fellow, body) as (
    select other.person, other.named_for from relations.belonging child
        join relations.belonging other using (household)
    where child.person = any($1::uuid[]) and other.person <> all($1::uuid[])
        and child.named_by <> $3 and other.named_by <> $3
        and child.joined_on <= $5 and (child.left_on is null or child.left_on > $5)
        and other.joined_on <= $5 and (other.left_on is null or other.left_on > $5)
), fellows (fellow) as (
    select distinct fellow from named order by fellow limit $6
), them (ids) as (
    select array_agg(fellow) from fellows
), given (fellow) as (
    select h.person from relations.held h
    where h.person = any((select ids from them)::uuid[]) and (h.until is null or h.until > $4)
        and h.begun_by not in ($3, $7)
        and case when h.kind in ('case_manager', 'case_team', 'meeting', 'guardian')
            then (h.holder = $3 or h.kind in ('case_manager', 'case_team') and h.holder in (
                    select staff from relations.leaves where cover = $3 and $5 between from_on and to_on))
                and not exists (select from relations.held o where o.aggregate = h.aggregate
                    and o.kind = 'case_service' and o.begun_by = $3)
            else h.kind <> 'case_service' and h.holder = any($2::uuid[]) end
), cared (fellow) as (
    select h.person from relations.held h join relations.services s on s.service = h.holder
        join named n on n.fellow = h.person and n.body = s.organisation
    where h.person = any((select ids from them)::uuid[]) and (h.until is null or h.until > $4)
        and not h.confidential and not s.confidential and h.begun_by not in ($3, $7)
        and h.kind not in ('case_manager', 'case_team', 'meeting', 'guardian', 'referral_sent')
)
select null::uuid as fellow, false as given, false as cared where exists (
        select from unnest($1::uuid[]) one (person)
            join relations.own o on o.entry = 'intake/person-' || one.person || '/1'
        where o.service = any($2::uuid[]))
    or exists (
        select from relations.held h where h.person = any($1::uuid[]) and h.kind = 'case_service'
            and h.holder = any($2::uuid[]) and (h.until is null or h.until > $4))
union all
select fellow, fellow in (select fellow from given), fellow in (select fellow from cared)
from fellows";

impl Relations {
    /// On what `asked` may rest to bring in the person who has these records.
    ///
    /// # Errors
    ///
    /// [`Unsure`], as [`Self::of`].
    pub async fn ground(
        &self,
        asked: &Between<'_>,
        records: &[PersonId],
    ) -> Result<Ground, Unsure> {
        self.must_be_in_time()?;
        let rows = sqlx::query(FIND)
            .bind(records.iter().map(|record| record.0).collect::<Vec<Uuid>>())
            .bind(asked.services.iter().map(|service| service.0).collect::<Vec<Uuid>>())
            .bind(asked.staff.0)
            .bind(asked.now)
            .bind(asked.on)
            .bind(i64::try_from(FELLOWS_MAX).unwrap_or(i64::MAX))
            .bind(SYSTEM.0)
            .fetch_all(self.pool())
            .await?;
        let mut ground = Ground::default();
        for row in rows {
            match row.try_get::<Option<Uuid>, _>("fellow")? {
                Some(fellow) => {
                    ground.fellows.push(PersonId(fellow));
                    if row.try_get("given")? {
                        ground.given.insert(PersonId(fellow));
                    }
                    if row.try_get("cared")? {
                        ground.cared.insert(PersonId(fellow));
                    }
                }
                None => ground.here = true,
            }
        }
        Ok(ground)
    }
}
