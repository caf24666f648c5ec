use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};
use time::OffsetDateTime;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::Decision;
use super::unusual::{Finding, HISTORY, SurnameUnknown, Unusual, Watch, not_compared};
use crate::servers::{PgRole, Servers};

/// Months for which rows are kept at least (Garante, 4 June 2015, n. 331: 24 months).
pub const KEPT_MONTHS: i32 = 24;
/// Most items of a page.
pub(super) const LIMIT_MAX: i64 = 500;
/// Rows that one answer looks through for what is unusual, and as many before it for what leads
/// there.
pub(super) const LOOKED_AT_MAX: i64 = 50_000;
/// Rows read at once.
const CHUNK: i64 = 2_000;

/// One row of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// Its place, from 1 without a gap.
    pub position: i64,
    /// When it was written, by the database's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub written_at: OffsetDateTime,
    /// When the page was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
    /// In which session.
    pub session: String,
    /// In which request.
    pub request_id: String,
    /// At whom; nobody for a search.
    pub person: Option<PersonId>,
    /// At which sections.
    pub sections: Vec<String>,
    /// For which purpose.
    pub purpose: String,
    /// The code of a reason that had to be given.
    pub reason: Option<String>,
    /// Where the vault keeps the reason's own words.
    pub reason_fact: Option<Uuid>,
    /// What was decided.
    pub decision: Decision,
    /// By which policies.
    pub policies: Vec<String>,
    /// Through which door.
    pub door: String,
    /// Whether a relation explains it.
    pub explained: bool,
    /// Whether it was an emergency access.
    pub forced: bool,
    /// Whether the person was one of a list.
    pub listed: bool,
    /// Whether worker and person have the same surname, where that was looked at.
    pub same_surname: Option<bool>,
}

pub(super) const COLUMNS: &str = "position, inserted_at, at, staff, organisation, role, session, \
    request_id, person, sections, purpose, reason, reason_fact, decision, policies, door, explained, \
    forced, listed, same_surname";

impl Row {
    pub(super) fn of(row: &PgRow) -> sqlx::Result<Self> {
        let decision: String = row.try_get("decision")?;
        Ok(Self {
            position: row.try_get("position")?,
            written_at: row.try_get("inserted_at")?,
            at: row.try_get("at")?,
            staff: StaffId(row.try_get("staff")?),
            organisation: OrganisationId(row.try_get("organisation")?),
            role: row.try_get("role")?,
            session: row.try_get("session")?,
            request_id: row.try_get("request_id")?,
            person: row.try_get::<Option<Uuid>, _>("person")?.map(PersonId),
            sections: row.try_get("sections")?,
            purpose: row.try_get("purpose")?,
            reason: row.try_get("reason")?,
            reason_fact: row.try_get("reason_fact")?,
            decision: decision.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            policies: row.try_get("policies")?,
            door: row.try_get("door")?,
            explained: row.try_get("explained")?,
            forced: row.try_get("forced")?,
            listed: row.try_get("listed")?,
            same_surname: row.try_get("same_surname")?,
        })
    }
}

/// From a moment until another, which is excluded; by the moment of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// The first moment.
    pub from: OffsetDateTime,
    /// The first that is too late.
    pub to: OffsetDateTime,
}

/// Which part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// `next` of the part before.
    pub after: Option<i64>,
    /// Most items, 1 to 500; what is outside is taken as the nearest of these.
    pub limit: i64,
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paged<T: ToSchema> {
    /// The items.
    pub items: Vec<T>,
    /// What to give as `after` for the next part; none on the last. A part may be empty and not
    /// the last.
    pub next: Option<i64>,
}

/// Somebody who read a person's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadBy {
    /// Who.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
    /// Sections that she saw.
    pub sections: Vec<String>,
    /// How often.
    pub times: i64,
    /// The first time.
    #[serde(with = "time::serde::rfc3339")]
    pub first_at: OffsetDateTime,
    /// The last time.
    #[serde(with = "time::serde::rfc3339")]
    pub last_at: OffsetDateTime,
}

/// Whose rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of<'a> {
    Persons(&'a [PersonId]),
    Staff(StaffId),
}

/// Which of the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Sight {
    /// Without refusals.
    pub(super) allowed_only: bool,
    /// Without what these bodies looked at.
    pub(super) but_of: Vec<Uuid>,
    /// Without what was looked at in these roles.
    pub(super) but_as: Vec<String>,
    /// Without looks at nothing but these sections.
    pub(super) but_at: Vec<String>,
}

/// Reads the access log. Whoever calls it records that, like every other read.
#[derive(Debug, Clone)]
pub struct AccessReader {
    pub(super) pool: PgPool,
}

impl AccessReader {
    /// Opens the log for reading.
    pub fn open(servers: &Servers) -> Self {
        Self { pool: servers.pool(PgRole::AccessReader, 4) }
    }

    /// What one worker looked at and was refused, the newest first.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn by_staff(
        &self,
        staff: StaffId,
        between: Between,
        page: Page,
    ) -> sqlx::Result<Paged<Row>> {
        self.newest(Of::Staff(staff), &Sight::default(), between, page).await
    }

    /// Who read a person's records, or some sections of them: for whoever must be told that a file
    /// was joined wrongly. In order of staff id; the next part begins after `after`.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn readers_of(
        &self,
        persons: &[PersonId],
        sections: Option<&[String]>,
        between: Between,
        after: Option<&ReadBy>,
        limit: i64,
    ) -> sqlx::Result<Vec<ReadBy>> {
        let (low, high) = self.positions(between).await?;
        let query = "select staff, organisation, role, array_agg(distinct section order by section) as sections, \
                count(distinct position) as times, min(at) as first_at, max(at) as last_at \
            from access.rows, unnest(sections) section \
            where person = any($1) and position > $2 and position <= $3 and decision = 'allowed' \
                and ($4::text[] is null or section = any($4)) \
                and ($5::uuid is null or (staff, organisation, role) > ($5, $6, $7)) \
            group by staff, organisation, role order by staff, organisation, role limit $8";
        let rows = sqlx::query(query)
            .bind(persons.iter().map(|person| person.0).collect::<Vec<_>>())
            .bind(low)
            .bind(high)
            .bind(sections)
            .bind(after.map(|reader| reader.staff.0))
            .bind(after.map(|reader| reader.organisation.0))
            .bind(after.map(|reader| reader.role.as_str()))
            .bind(limit.clamp(1, LIMIT_MAX))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(ReadBy::of).collect()
    }

    /// What is unusual, the oldest first (see [`Watch`]). Looks through at most 50,000 rows for a
    /// part; the findings of one row stay together, so a part may be a few longer than its limit.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn unusual(&self, between: Between, page: Page) -> sqlx::Result<Unusual> {
        let (low, high) = self.positions(between).await?;
        let after = page.after.map_or(low, |after| after.max(low));
        let limit = usize::try_from(page.limit.clamp(1, LIMIT_MAX)).unwrap_or(1);
        let last = high.min(after.saturating_add(LOOKED_AT_MAX));
        let (mut watch, mut part) = (Watch::default(), Part::default());
        let mut place = self.history_before(after).await?;
        while place < last {
            let rows = self.rows_between(place, last).await?;
            let Some(end) = rows.last().map(|row| row.position) else { break };
            for row in &rows {
                let found = watch.look(row);
                if row.position > after {
                    part.take(row, found);
                }
                if part.items.len() >= limit {
                    return Ok(part.until(Some(row.position).filter(|position| *position < high)));
                }
            }
            place = end;
        }
        Ok(part.until(Some(last).filter(|last| *last < high)))
    }

    /// How many rows are older than they must be kept. Nothing deletes them.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn past_retention(&self, now: OffsetDateTime) -> sqlx::Result<i64> {
        let query = sqlx::query_scalar("select access.past_retention($1, $2)");
        query.bind(now).bind(KEPT_MONTHS).fetch_one(&self.pool).await
    }

    /// Rows of persons or of a worker, the newest first.
    pub(super) async fn newest(
        &self,
        of: Of<'_>,
        sight: &Sight,
        between: Between,
        page: Page,
    ) -> sqlx::Result<Paged<Row>> {
        let (low, high) = self.positions(between).await?;
        let limit = page.limit.clamp(1, LIMIT_MAX);
        let (column, ids) = match of {
            Of::Persons(persons) => ("person", persons.iter().map(|p| p.0).collect::<Vec<_>>()),
            Of::Staff(staff) => ("staff", vec![staff.0]),
        };
        let query = format!(
            "select {COLUMNS} from access.rows where {column} = any($1) and position > $2 \
             and position <= $3 and position < $4 and (not $5 or decision = 'allowed') \
             and organisation <> all($6) and role <> all($7) and not sections <@ $8 \
             order by position desc limit $9"
        );
        let query = sqlx::query(&query).bind(ids).bind(low).bind(high);
        let query = query.bind(page.after.unwrap_or(i64::MAX)).bind(sight.allowed_only);
        let query = query.bind(&sight.but_of).bind(&sight.but_as).bind(&sight.but_at);
        let query = query.bind(limit + 1);
        let rows = query.fetch_all(&self.pool).await?;
        let mut items: Vec<Row> = rows.iter().map(Row::of).collect::<sqlx::Result<_>>()?;
        let more = i64::try_from(items.len()).is_ok_and(|found| found > limit);
        items.truncate(usize::try_from(limit).unwrap_or(1));
        let next = items.last().filter(|_| more).map(|row| row.position);
        Ok(Paged { items, next })
    }

    /// The positions of a time: after the first, up to the second.
    pub(super) async fn positions(&self, between: Between) -> sqlx::Result<(i64, i64)> {
        let query = "select access.position_before($1), access.position_before($2)";
        sqlx::query_as(query).bind(between.from).bind(between.to).fetch_one(&self.pool).await
    }

    async fn rows_between(&self, after: i64, last: i64) -> sqlx::Result<Vec<Row>> {
        let query = format!(
            "select {COLUMNS} from access.rows where position > $1 and position <= $2 \
             order by position limit $3"
        );
        let query = sqlx::query(&query).bind(after).bind(last).bind(CHUNK);
        query.fetch_all(&self.pool).await?.iter().map(Row::of).collect()
    }

    /// From where the rows must be read so that those after a position are judged the same
    /// whichever part of an answer they are in.
    async fn history_before(&self, position: i64) -> sqlx::Result<i64> {
        let written =
            "select inserted_at from access.rows where position > $1 order by position limit 1";
        let query = sqlx::query_scalar(written).bind(position);
        let Some(at): Option<OffsetDateTime> = query.fetch_optional(&self.pool).await? else {
            return Ok(position);
        };
        let begin: i64 = sqlx::query_scalar("select access.position_before($1)")
            .bind(at.checked_sub(HISTORY).unwrap_or(OffsetDateTime::UNIX_EPOCH))
            .fetch_one(&self.pool)
            .await?;
        Ok(begin.min(position).max(position - LOOKED_AT_MAX))
    }
}

/// What was found so far.
#[derive(Debug, Default)]
struct Part {
    items: Vec<Finding>,
    not_compared: BTreeMap<StaffId, i64>,
}

impl Part {
    fn take(&mut self, row: &Row, found: Vec<Finding>) {
        self.items.extend(found);
        if not_compared(row) {
            *self.not_compared.entry(row.staff).or_default() += 1;
        }
    }

    fn until(self, next: Option<i64>) -> Unusual {
        let unknown = |(staff, opened)| SurnameUnknown { staff, opened };
        let surname_unknown = self.not_compared.into_iter().map(unknown).collect();
        Unusual { items: self.items, next, surname_unknown }
    }
}

impl ReadBy {
    fn of(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            staff: StaffId(row.try_get("staff")?),
            organisation: OrganisationId(row.try_get("organisation")?),
            role: row.try_get("role")?,
            sections: row.try_get("sections")?,
            times: row.try_get("times")?,
            first_at: row.try_get("first_at")?,
            last_at: row.try_get("last_at")?,
        })
    }
}
