use serde::Serialize;
use sqlx::{PgConnection, Row as _};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// Most groups that are listed for a model.
const LISTED_MAX: i64 = 50;
/// Longest reason that is told, in characters.
const REASON_LEN_MAX: usize = 200;

/// Events that wait behind one that could not be taken, without whom they are about: whoever runs
/// the machine sees no person, also not by her id. `<context>/<position>` names an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParkedGroup {
    /// The model that could not take it.
    pub projection: String,
    /// The event that failed.
    pub first: String,
    /// The last that waits behind it.
    pub last: String,
    /// How many wait, the first among them.
    pub events: i64,
    /// Why it failed, without what it said ([`redacted`]).
    pub reason: String,
    /// How often it was tried.
    pub tries: i32,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub parked_at: OffsetDateTime,
    /// Last try.
    #[serde(with = "time::serde::rfc3339")]
    pub tried_at: OffsetDateTime,
}

/// What is parked in a model, the oldest first, at most 50 groups.
///
/// # Errors
///
/// When the database cannot be read.
pub(super) async fn groups(rows: &mut PgConnection, name: &str) -> sqlx::Result<Vec<ParkedGroup>> {
    let places = "array_agg(context || '/' || position order by parked_at, position)";
    let query = format!(
        "select count(*) as events, min(parked_at) as parked_at, max(tried_at) as tried_at, \
            max(tries) as tries, coalesce(max(reason), '') as reason, \
            ({places})[1] as first, ({places})[count(*)] as last \
         from {name}.parked group by subject order by min(parked_at) limit {LISTED_MAX}"
    );
    let found = sqlx::query(&query).fetch_all(rows).await?;
    let group = |row: &sqlx::postgres::PgRow| {
        Ok(ParkedGroup {
            projection: name.to_owned(),
            first: row.try_get("first")?,
            last: row.try_get("last")?,
            events: row.try_get("events")?,
            reason: redacted(row.try_get("reason")?),
            tries: row.try_get("tries")?,
            parked_at: row.try_get("parked_at")?,
            tried_at: row.try_get("tried_at")?,
        })
    };
    found.iter().map(group).collect()
}

/// Of whom a parked event is; nobody when it is not parked, or not any more.
///
/// # Errors
///
/// When the database cannot be read.
pub(super) async fn subject_of(
    rows: &mut PgConnection,
    name: &str,
    event: &str,
) -> sqlx::Result<Option<Uuid>> {
    let query = format!("select subject from {name}.parked where context || '/' || position = $1");
    sqlx::query_scalar(&query).bind(event).fetch_optional(rows).await
}

/// A reason without the values in it: what stands between quotation marks, ids and numbers of more
/// than four digits may be of somebody. At most 200 characters.
pub fn redacted(reason: &str) -> String {
    let mut kept = String::new();
    let mut closing: Option<char> = None;
    for symbol in reason.chars() {
        match (closing, symbol) {
            (Some(mark), _) if symbol == mark => {
                kept.push('…');
                kept.push(symbol);
                closing = None;
            }
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => {
                kept.push(symbol);
                closing = Some(symbol);
            }
            (None, _) => kept.push(symbol),
        }
    }
    let words: Vec<&str> =
        kept.split(' ').map(|word| if is_value(word) { "…" } else { word }).collect();
    words.join(" ").chars().take(REASON_LEN_MAX).collect()
}

fn is_value(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let place = word.split_once('/').is_some_and(|(context, position)| {
        let number = position.trim_end_matches([':', ',', '.']);
        context.bytes().all(|byte| byte.is_ascii_lowercase())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    digits > 4 && !place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_without_the_values_in_it_a4() {
        for (reason, told) in [
            (
                "new row violates check constraint \"facts_code\"",
                "new row violates check constraint \"…\"",
            ),
            ("nobody has 01900000-0000-7000-8000-000000000001 here", "nobody has … here"),
            (
                "housing/123456 is newer than this release",
                "housing/123456 is newer than this release",
            ),
            ("a mark that does not 'close says nothing more", "a mark that does not '"),
            ("born on 1974 is no day", "born on 1974 is no day"),
        ] {
            assert_eq!(redacted(reason), told);
        }
        assert_eq!(redacted(&"x ".repeat(300)).chars().count(), REASON_LEN_MAX);
    }
}
