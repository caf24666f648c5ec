//! Entries that were moved to another person or taken back: on whom each stands, for a reader.
//!
//! A move is an event of intake's log about an entry of any log. It is kept apart and joined when
//! somebody reads, so that the rows are the same whichever log came first.

use std::collections::HashMap;

use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use trama_events::envelope::event_id;
use trama_events::intake::EntryEvent;
use trama_platform::follow::Read;
use uuid::Uuid;

use super::view::Told;

/// One row of `moves`; `to_person` is empty after an undoing. An entry is named by an event id, from
/// which its aggregate is read.
const KEEP: &str = "insert into moves values \
    ($1, $2, right(split_part($2, '/', 2), 36)::uuid, $3, $4, $5, $6, $7, $8)";

/// Moves of entries that are, or were, on one of these people.
const OF_PEOPLE: &str = "
    select m.entry, m.aggregate, m.from_person, m.to_person, m.recorded_at
    from journey.moves m where m.aggregate in (
        select aggregate from journey.moves where from_person = any($1) or to_person = any($1))
    order by m.position";

pub(super) async fn keep(
    rows: &mut PgConnection,
    read: &Read,
    event: &EntryEvent,
) -> sqlx::Result<()> {
    let (entry, from, to, reason) = match event {
        EntryEvent::EntryReattributed { entry, from, to, reason } => {
            (entry, Some(from.0), Some(to.0), Some(reason.to_string()))
        }
        EntryEvent::EntryUndone { entry, person } => (entry, person.map(|of| of.0), None, None),
    };
    let why = &read.recorded.why;
    sqlx::query(KEEP)
        .bind(read.recorded.position)
        .bind(entry)
        .bind(from)
        .bind(to)
        .bind(reason)
        .bind(why.actor.0)
        .bind(why.organisation.0)
        .bind(why.recorded_at)
        .execute(rows)
        .await
        .map(drop)
}

/// A move of an entry.
#[derive(Debug, Clone, Copy)]
struct Move {
    from: Option<Uuid>,
    to: Option<Uuid>,
    recorded_at: OffsetDateTime,
}

/// The moves of entries that are, or were, on some people.
#[derive(Debug, Default)]
pub(super) struct Moves {
    of: HashMap<String, Vec<Move>>,
    /// Aggregates of these entries: what of them was made on others is read too.
    pub(super) aggregates: Vec<Uuid>,
}

/// A fact, and whether it was made on one of those whose journey it is.
pub(super) type Made = (Told, bool);

impl Moves {
    pub(super) async fn of_people(rows: &mut PgConnection, people: &[Uuid]) -> sqlx::Result<Self> {
        let mut moves = Self::default();
        for row in sqlx::query(OF_PEOPLE).bind(people).fetch_all(rows).await? {
            let one = Move {
                from: row.try_get("from_person")?,
                to: row.try_get("to_person")?,
                recorded_at: row.try_get("recorded_at")?,
            };
            moves.of.entry(row.try_get("entry")?).or_default().push(one);
            moves.aggregates.push(row.try_get("aggregate")?);
        }
        Ok(moves)
    }

    /// What stands on these people. What was moved away or taken back never was theirs, and so is
    /// not there at whatever moment one reads; what was moved to them was not known to be theirs
    /// before.
    pub(super) fn standing(
        &self,
        made: Vec<Made>,
        people: &[Uuid],
        recorded_by: Option<OffsetDateTime>,
    ) -> Vec<Told> {
        let roots = Roots::of(&made);
        let theirs = |person: Option<Uuid>| person.is_some_and(|person| people.contains(&person));
        let stands = |(mut fact, own): Made| {
            let Some((moves, alone)) = self.find(&roots, &fact) else { return own.then_some(fact) };
            let as_made = moves.first().and_then(|first| first.from);
            let known = |one: &&Move| recorded_by.is_none_or(|by| one.recorded_at <= by);
            let then = moves.iter().rev().find(known).map_or(as_made, |one| one.to);
            let now = moves.last().and_then(|last| last.to);
            fact.elsewhere = alone && now != as_made;
            fact.person = now;
            (theirs(now) && theirs(then)).then_some(fact)
        };
        made.into_iter().filter_map(stands).collect()
    }

    /// The moves of the entry to which a fact belongs: of its aggregate as a whole, or alone of the
    /// event that it is or corrects.
    fn find(&self, roots: &Roots, fact: &Told) -> Option<(&Vec<Move>, bool)> {
        let named =
            |sequence| event_id(fact.context, &fact.aggregate_type, fact.aggregate, sequence);
        let whole = self.of.get(&named(1)).map(|moves| (moves, false));
        whole.or_else(|| self.of.get(&named(roots.of_fact(fact))).map(|moves| (moves, true)))
    }
}

/// From a correction to what it corrects, inside one record.
struct Roots(HashMap<(Uuid, i64), i64>);

impl Roots {
    fn of(made: &[Made]) -> Self {
        let corrections = made.iter().filter(|(fact, _)| fact.aggregate_type == "person");
        let target = |(fact, _): &Made| Some(((fact.aggregate, fact.sequence), fact.corrects?));
        Self(corrections.filter_map(target).collect())
    }

    /// The number of the first entry of the chain; a correction names an earlier one.
    fn of_fact(&self, fact: &Told) -> i64 {
        let mut first = fact.sequence;
        while let Some(target) = self.0.get(&(fact.aggregate, first)).filter(|t| **t < first) {
            first = *target;
        }
        first
    }
}
