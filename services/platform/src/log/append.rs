use serde_json::{Value, json};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::aggregate::{During, Keep};

/// One command's events, ready to be written.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Type of the aggregate.
    pub aggregate_type: &'static str,
    /// The aggregate.
    pub aggregate_id: Uuid,
    /// Its sequence number after the events.
    pub sequence: i64,
    /// Who asked.
    pub actor: Uuid,
    /// By which door.
    pub route: String,
    /// Under which key.
    pub key: String,
    /// SHA-256 of what was asked.
    pub digest: Vec<u8>,
    /// What is kept beside the events.
    pub keeps: Vec<Keep>,
    /// Type, version, payload.
    pub events: Vec<(String, String, Value)>,
    /// The same for each of the events; the log adds `recorded_at`.
    pub metadata: Value,
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Written; first and last position, unless there was no event.
    Done(Option<(i64, i64)>),
    /// Another commit came first.
    Stale,
    /// This actor, door and key have a receipt.
    Repeated,
    /// A claim is taken: guard, key, holder.
    Taken {
        /// Name of the rule.
        guard: String,
        /// What was claimed.
        key: String,
        /// Who holds it.
        holder: Uuid,
    },
}

/// Hands commits to the log's one function, in one transaction of its own. At most one commit for
/// each aggregate.
pub(super) async fn append(
    connection: &mut PgConnection,
    schema: &str,
    recorded: OffsetDateTime,
    commits: &[&Commit],
) -> sqlx::Result<Vec<Outcome>> {
    let statement = format!(
        "select number, outcome, first_position, guard, key, holder from \
         {schema}.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)"
    );
    let events: Vec<_> = commits.iter().enumerate().flat_map(|(i, c)| c.numbered(i + 1)).collect();
    let column = |get: fn(&Commit) -> String| commits.iter().map(|c| get(c)).collect::<Vec<_>>();
    let rows = sqlx::query(&statement)
        .bind(recorded)
        .bind(column(|c| c.aggregate_type.to_owned()))
        .bind(column(|c| c.aggregate_id.to_string()))
        .bind(commits.iter().map(|c| c.actor).collect::<Vec<_>>())
        .bind(column(|c| c.route.clone()))
        .bind(column(|c| c.key.clone()))
        .bind(commits.iter().map(|c| c.digest.clone()).collect::<Vec<_>>())
        .bind(commits.iter().map(|c| c.sequence).collect::<Vec<_>>())
        .bind(befores(commits))
        .bind(commits.iter().map(|c| c.count()).collect::<Vec<_>>())
        .bind(commits.iter().any(|c| !c.keeps.is_empty()))
        .bind(commits.iter().map(|c| keeps_json(&c.keeps)).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.commit).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.sequence).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.event.0.as_str()).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.event.1.as_str()).collect::<Vec<_>>())
        .bind(events.iter().map(|e| &e.event.2).collect::<Vec<_>>())
        .bind(events.iter().map(|e| e.metadata).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    let mut outcomes = vec![Outcome::Stale; commits.len()];
    for row in rows {
        let number: i32 = row.try_get("number")?;
        let index = usize::try_from(number - 1).map_err(|_| odd("number"))?;
        let (slot, commit) =
            outcomes.get_mut(index).zip(commits.get(index)).ok_or_else(|| odd("number"))?;
        *slot = outcome(&row, commit.count())?;
    }
    Ok(outcomes)
}

struct Numbered<'a> {
    commit: i32,
    sequence: i64,
    event: &'a (String, String, Value),
    metadata: &'a Value,
}

impl Commit {
    fn count(&self) -> i64 {
        i64::try_from(self.events.len()).unwrap_or(0)
    }

    fn numbered(&self, number: usize) -> impl Iterator<Item = Numbered<'_>> {
        let before = self.sequence - self.count();
        let commit = i32::try_from(number).unwrap_or(i32::MAX);
        (before + 1..).zip(&self.events).map(move |(sequence, event)| Numbered {
            commit,
            sequence,
            event,
            metadata: &self.metadata,
        })
    }
}

/// How many events stand before each commit.
fn befores(commits: &[&Commit]) -> Vec<i64> {
    let sums = commits.iter().scan(0, |sum, commit| {
        let before = *sum;
        *sum += commit.count();
        Some(before)
    });
    sums.collect()
}

fn outcome(row: &PgRow, events: i64) -> sqlx::Result<Outcome> {
    let word: String = row.try_get("outcome")?;
    match word.as_str() {
        "done" => {
            let first: Option<i64> = row.try_get("first_position")?;
            Ok(Outcome::Done(first.map(|first| (first, first + events - 1))))
        }
        "stale" => Ok(Outcome::Stale),
        "receipt" => Ok(Outcome::Repeated),
        "taken" => {
            let holder: Option<String> = row.try_get("holder")?;
            let holder = holder.and_then(|id| id.parse().ok()).unwrap_or_default();
            Ok(Outcome::Taken { guard: row.try_get("guard")?, key: row.try_get("key")?, holder })
        }
        _ => Err(odd("outcome")),
    }
}

fn odd(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("append answered an unknown {what}").into())
}

fn keeps_json(keeps: &[Keep]) -> Option<Value> {
    if keeps.is_empty() {
        return None;
    }
    let (mut releases, mut claims, mut timers) = (Vec::new(), Vec::new(), Vec::new());
    for keep in keeps {
        match keep {
            Keep::Claim { guard, key, during } => {
                claims.push(range(guard, Some(key), Some(*during)));
            }
            Keep::Release { guard, key, during } => {
                releases.push(range(guard, key.as_ref(), *during));
            }
            Keep::SetTimer { name, due_at } => {
                set_timer(
                    &mut timers,
                    json!({"name": name, "due_at": due_at.format(&Rfc3339).ok()}),
                );
            }
            Keep::ClearTimer { name } => {
                set_timer(&mut timers, json!({"name": name, "due_at": null}));
            }
        }
    }
    Some(json!({"release": releases, "claim": claims, "timer": timers}))
}

/// The last word on a timer counts.
fn set_timer(timers: &mut Vec<Value>, timer: Value) {
    timers.retain(|earlier| earlier["name"] != timer["name"]);
    timers.push(timer);
}

fn range(guard: &str, key: Option<&String>, during: Option<During>) -> Value {
    let day = |date: Option<time::Date>| date.map(|date| date.to_string());
    json!({
        "guard": guard,
        "key": key,
        "from": during.and_then(|during| day(during.from)),
        "to": during.and_then(|during| day(during.to)),
        "exact": during.is_some(),
    })
}
