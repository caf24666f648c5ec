//! The log as who controls looks through it: rows by who, whom, which body, purpose and decision; and
//! the end of its chain, to be noted down.

use sqlx::Row as _;
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId, StaffId};

use super::chain::Tip;
use super::entry::Decision;
use super::read::{AccessReader, Between, COLUMNS, LIMIT_MAX, LOOKED_AT_MAX, Page, Paged, Row};
use crate::doors::hex;

/// Which rows. What is not said is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Of this worker.
    pub staff: Option<StaffId>,
    /// About these records.
    pub persons: Option<Vec<PersonId>>,
    /// For this organisation.
    pub organisation: Option<OrganisationId>,
    /// For this purpose.
    pub purpose: Option<Purpose>,
    /// With this decision.
    pub decision: Option<Decision>,
    /// Emergency accesses alone.
    pub forced: bool,
}

impl AccessReader {
    /// Rows that are sought, the newest first. Looks through at most 50,000 rows for a part, so a
    /// part may be empty and not the last.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn sought(
        &self,
        sought: &Sought,
        between: Between,
        page: Page,
    ) -> sqlx::Result<Paged<Row>> {
        let (low, high) = self.positions(between).await?;
        let limit = page.limit.clamp(1, LIMIT_MAX);
        // The first that is not looked at any more.
        let end = page.after.unwrap_or(i64::MAX).min(high + 1);
        let begin = low.max(end - 1 - LOOKED_AT_MAX);
        let query = format!(
            "select {COLUMNS} from access.rows where position > $1 and position < $2{} \
             order by position desc limit $9",
            sought.conditions()
        );
        let persons = sought.persons.as_ref();
        let persons = persons.map(|all| all.iter().map(|person| person.0).collect::<Vec<_>>());
        let query = sqlx::query(&query).bind(begin).bind(end).bind(sought.staff.map(|id| id.0));
        let query = query.bind(persons).bind(sought.organisation.map(|id| id.0));
        let query = query.bind(sought.purpose.map(Purpose::code));
        let query = query.bind(sought.decision.map(|decision| decision.to_string()));
        let rows = query.bind(sought.forced).bind(limit + 1).fetch_all(&self.pool).await?;
        let mut items: Vec<Row> = rows.iter().map(Row::of).collect::<sqlx::Result<_>>()?;
        let more = i64::try_from(items.len()).is_ok_and(|found| found > limit);
        items.truncate(usize::try_from(limit).unwrap_or(1));
        let last = items.last().filter(|_| more).map(|row| row.position);
        Ok(Paged { items, next: last.or((begin > low).then_some(begin + 1)) })
    }

    /// The row of a position as the chain has it, or the last one.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub async fn tip(&self, position: Option<i64>) -> sqlx::Result<Option<Tip>> {
        let query = match position {
            Some(_) => "select position, hash from access.rows where position = $1",
            None => "select last as position, hash from access.head where $1::bigint is null",
        };
        let found = sqlx::query(query).bind(position).fetch_optional(&self.pool).await?;
        let tip = |row: sqlx::postgres::PgRow| {
            let hash: Vec<u8> = row.try_get("hash")?;
            Ok(Tip { position: row.try_get("position")?, hash: hex(&hash) })
        };
        found.map(tip).transpose()
    }
}

impl Sought {
    /// What is not asked is not in the statement, so that an index can serve what is; each
    /// parameter is named all the same.
    fn conditions(&self) -> String {
        let asked = [
            (self.staff.is_some(), "staff = $3", "$3::uuid is null"),
            (self.persons.is_some(), "person = any($4)", "$4::uuid[] is null"),
            (self.organisation.is_some(), "organisation = $5", "$5::uuid is null"),
            (self.purpose.is_some(), "purpose = $6", "$6::text is null"),
            (self.decision.is_some(), "decision = $7", "$7::text is null"),
            (self.forced, "forced = $8", "not $8"),
        ];
        asked.iter().fold(String::new(), |all, (is_asked, condition, nothing)| {
            format!("{all} and {}", if *is_asked { condition } else { nothing })
        })
    }
}
