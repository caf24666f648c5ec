//! The events behind a figure: their ids, page by page, for those who may see persons.
//!
//! What a confidential service did is counted, but never listed.

use serde::Serialize;
use sqlx::{PgPool, Row};
use time::Date;
use trama_platform::doors::hex;
use utoipa::ToSchema;

use super::asked::{Level, Period, Positions, Scope, positions};
use super::formulas::{BENEFITS, CENTRES, Indicator, SIGHTINGS};
use super::homeless::{LATEST, seen_after};
use super::people::SAME;
use super::stock::STATES;
use crate::fence::Sight;

/// A page of the events behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventsPage {
    /// The indicator.
    pub id: Indicator,
    /// Which days.
    pub period: Period,
    /// `ats` or `metropolitan`.
    pub level: Level,
    /// How far the logs were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Events, by day.
    pub events: Vec<EventRef>,
    /// Give it as `after` for the next page; `null` at the end.
    pub next: Option<String>,
}

/// An event, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventRef {
    /// `<context>/<aggregate>/<sequence>`.
    pub event: String,
    /// Its type.
    pub event_type: String,
    /// The day for which it counts.
    pub on: Date,
}

/// Which events are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Behind which indicator.
    pub indicator: Indicator,
    /// Days and ATS.
    pub scope: Scope,
    /// At most so many.
    pub limit: i64,
    /// The cursor of an earlier page.
    pub after: Option<Cursor>,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    on: Date,
    event: String,
}

impl Cursor {
    /// Reads what an earlier page gave as `next`.
    pub fn read(text: &str) -> Option<Self> {
        let byte =
            |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
        serde_json::from_slice::<(Date, String)>(&bytes?).ok().map(|(on, event)| Self { on, event })
    }

    fn write(last: &EventRef) -> Option<String> {
        serde_json::to_vec(&(last.on, &last.event)).ok().map(|bytes| hex(&bytes))
    }
}

/// Events behind a figure, by day and id.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn events(pool: &PgPool, behind: &Behind) -> sqlx::Result<EventsPage> {
    let mut rows = Sight::counting().begin(pool).await?;
    let positions = positions(&mut rows, "indicators").await?;
    let scope = &behind.scope;
    let (query, kinds) = statement(behind.indicator);
    let query = format!(
        "{query} select distinct event, event_type, on_day from behind \
         where $5::date is null or (on_day, event) > ($5, $6) order by on_day, event limit $7"
    );
    let after = behind.after.as_ref();
    let found = sqlx::query(&query)
        .bind(scope.period.to)
        .bind(match behind.indicator {
            Indicator::I10 => seen_after(scope.period.to),
            Indicator::I1 | Indicator::I2 | Indicator::I3 | Indicator::I4 | Indicator::I5 => {
                scope.period.from
            }
        })
        .bind(scope.slug())
        .bind(kinds)
        .bind(after.map(|after| after.on))
        .bind(after.map(|after| &after.event))
        .bind(behind.limit + 1)
        .fetch_all(&mut *rows)
        .await?;
    let mut events = Vec::with_capacity(found.len());
    for row in found {
        let (event, event_type) = (row.try_get("event")?, row.try_get("event_type")?);
        events.push(EventRef { event, event_type, on: row.try_get("on_day")? });
    }
    let limit = usize::try_from(behind.limit).unwrap_or(usize::MAX);
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).and_then(Cursor::write);
    let level = Level::of(scope.ats.as_ref());
    Ok(EventsPage { id: behind.indicator, period: scope.period, level, positions, events, next })
}

/// `behind (event, event_type, on_day)` with `$1` the last day, `$2` the first one (for I10 the day
/// after which one must have been seen), `$3` the ATS, and what `$4` is.
fn statement(indicator: Indicator) -> (String, &'static [&'static str]) {
    match indicator {
        Indicator::I1 => (
            format!(
                "with {STATES}, behind as (select o.event, 'site_opened' as event_type, \
                    o.opened_on as on_day \
                    from indicators.sites o join indicators.services s on s.service = o.service \
                        left join state on state.service = s.service \
                    where $2::date <= $1 and s.service_type = any($4) and ($3::text is null \
                        or s.ats = $3) \
                        and o.opened_on <= $1 and (o.closed_on is null or $1 < o.closed_on) \
                        and coalesce(state.state, '') <> 'closed')"
            ),
            &CENTRES,
        ),
        Indicator::I2 => (PLACES.to_owned(), &[]),
        Indicator::I3 => (BENEFICIARIES.to_owned(), &BENEFITS),
        Indicator::I4 => (
            format!(
                "with {STATES}, behind as (select state.event, 'service_activated' as event_type, \
                        state.since as on_day \
                    from state join indicators.services s on s.service = state.service \
                    where $2::date <= $1 and $4::text[] is not null and state.state = 'active' \
                        and not s.confidential and ($3::text is null or s.ats = $3))"
            ),
            &[],
        ),
        Indicator::I5 => (POSTS.to_owned(), &["social_worker"]),
        Indicator::I10 => (
            format!(
                "with recursive {SAME}, {LATEST}, behind as (select event, kind as event_type, \
                        happened_on as on_day from latest l \
                    where not exists (select from indicators.sealed s \
                        where s.aggregate = l.aggregate))"
            ),
            &SIGHTINGS,
        ),
    }
}

const PLACES: &str = "
    with behind as (select p.event, 'capacity_changed' as event_type, p.from_night as on_day
        from indicators.places p join indicators.facilities f on f.facility = p.facility
            left join indicators.services s on s.service = f.facility
        where $2::date <= $1 and $4::text[] is not null and not f.secret
            and ($3::text is null or s.ats = $3) and greatest(p.from_night, f.opened_on) <= $1
            and (p.to_night is null or $1 < p.to_night)
            and (f.closed_on is null or $1 < f.closed_on))";

const BENEFICIARIES: &str = "
    with behind as (select f.event, f.kind as event_type, f.happened_on as on_day
        from indicators.standing_facts f where f.kind = any($4) and f.happened_on between $2 and $1
            and ($3::text is null or f.ats = $3)
            and not exists (select from indicators.sealed s where s.aggregate = f.aggregate))";

const POSTS: &str = "
    with behind as (select event, 'staff_hired' as event_type, hired_on as on_day
        from indicators.posts
        where $2::date <= $1 and profession = any($4) and ($3::text is null or ats = $3)
            and hired_on <= $1 and (ended_on is null or $1 < ended_on))";

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let last = EventRef {
            event: "intake/delivery-6f0c/1".into(),
            event_type: "service_delivered".into(),
            on: date!(2025 - 01 - 31),
        };
        let cursor = Cursor::read(&Cursor::write(&last).unwrap()).unwrap();
        assert_eq!(cursor, Cursor { on: last.on, event: last.event });
        for wrong in ["", "x", "ü", "00", "7b7d"] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }
}
