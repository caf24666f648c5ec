//! Facts on people, written many at a time.

use sqlx::PgConnection;
use time::Date;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_platform::follow::Read;
use uuid::Uuid;

/// A shelter was asked for when an emergency was reported.
pub(in crate::indicators) const SHELTER_REQUESTED: &str = "shelter_requested";
/// An emergency ended with a bed.
pub(in crate::indicators) const EMERGENCY_SHELTERED: &str = "emergency_sheltered";

/// Facts of a batch, column by column.
#[derive(Debug, Default)]
pub(super) struct Facts {
    events: Vec<String>,
    parts: Vec<i16>,
    kinds: Vec<String>,
    aggregates: Vec<Uuid>,
    persons: Vec<Option<Uuid>>,
    people: Vec<i64>,
    ats: Vec<String>,
    days: Vec<Date>,
}

impl Facts {
    /// What an event says, on the day it happened, about one person or so many anonymous ones.
    pub(super) fn about(&mut self, read: &Read, person: Option<PersonId>, people: i64) {
        let day = rome::day_of(read.recorded.why.occurred_at);
        self.named(read, &read.recorded.event_type, day, person, people);
    }

    /// The same, for a day or under a name that is not the event's own.
    pub(super) fn named(
        &mut self,
        read: &Read,
        kind: &str,
        day: Date,
        person: Option<PersonId>,
        people: i64,
    ) {
        let event = read.recorded.id();
        let same = self.events.iter().rev().take_while(|other| **other == event).count();
        self.parts.push(i16::try_from(same).unwrap_or(i16::MAX));
        self.events.push(event);
        self.kinds.push(kind.to_owned());
        self.aggregates.push(read.recorded.aggregate_id);
        self.persons.push(person.map(|person| person.0));
        self.people.push(people);
        self.ats.push(read.recorded.why.ats.to_string());
        self.days.push(day);
    }

    pub(super) async fn write(self, rows: &mut PgConnection) -> sqlx::Result<()> {
        if self.events.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into facts (event, part, kind, aggregate, person, people, ats, happened_on) \
             select * from unnest($1::text[], $2::smallint[], $3::text[], $4::uuid[], $5::uuid[], \
                $6::bigint[], $7::text[], $8::date[])",
        )
        .bind(self.events)
        .bind(self.parts)
        .bind(self.kinds)
        .bind(self.aggregates)
        .bind(self.persons)
        .bind(self.people)
        .bind(self.ats)
        .bind(self.days)
        .execute(rows)
        .await
        .map(drop)
    }
}
