//! Small copies: which persons are registered, what came onto each card in which month, and which
//! household was meant a parcel on which day.
//!
//! Events of a card carry no day, so the months are kept here, from the log of this context itself.
//! A late copy errs on refusing a person and a credit, which both say "try again", and on not
//! warning of a double parcel.

use sqlx::{PgConnection, PgPool, Row};
use time::Date;
use trama_events::envelope::Recorded;
use trama_events::food::{CardEvent, ParcelEvent};
use trama_events::ids::{CardId, HouseholdId, ParcelId, PersonId};
use trama_events::intake::PersonEvent;
use trama_events::{Context, Event, rome};
use trama_platform::follow::{Applied, Model, Read};

/// Parcels of one household closer than this are double. Source: the published meaning of
/// `parcel_assigned`.
const DOUBLE_DAYS: i64 = 7;

/// Keeps `food_facts`.
#[derive(Debug, Clone, Copy)]
pub struct FoodFacts;

impl Model for FoodFacts {
    fn name(&self) -> &'static str {
        "food_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Intake, Context::Food]
    }

    fn tables(&self) -> &'static str {
        "create table persons (person uuid primary key); \
         create table credits (event bigint primary key, card uuid not null, \
            credited_on date not null, month date not null, points integer not null); \
         create index credits_card on credits (card); \
         create table parcels (parcel uuid primary key, household uuid not null, \
            assigned_on date not null); \
         create index parcels_household on parcels (household, assigned_on)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["food"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            let recorded = &read.recorded;
            if let Event::Person(PersonEvent::PersonRegistered { person, .. }) = &read.event {
                keep_person(rows, *person).await?;
            }
            if let Event::Card(
                CardEvent::CardIssued { points, .. } | CardEvent::PointsCredited { points, .. },
            ) = &read.event
            {
                keep_credit(rows, recorded, *points).await?;
            }
            if let Event::Parcel(ParcelEvent::ParcelAssigned { parcel, household, .. }) =
                &read.event
            {
                keep_parcel(rows, recorded, *parcel, *household).await?;
            }
            Ok(())
        })
    }
}

async fn keep_person(rows: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    let insert = "insert into persons (person) values ($1) on conflict do nothing";
    sqlx::query(insert).bind(person.0).execute(rows).await.map(drop)
}

async fn keep_credit(
    rows: &mut PgConnection,
    recorded: &Recorded,
    points: u16,
) -> sqlx::Result<()> {
    let insert = "insert into credits (event, card, credited_on, month, points) \
         values ($1, $2, $3, $4, $5) on conflict do nothing";
    let day = rome::day_of(recorded.why.occurred_at);
    sqlx::query(insert)
        .bind(recorded.position)
        .bind(recorded.aggregate_id)
        .bind(day)
        .bind(month_of(day))
        .bind(i32::from(points))
        .execute(rows)
        .await
        .map(drop)
}

async fn keep_parcel(
    rows: &mut PgConnection,
    recorded: &Recorded,
    parcel: ParcelId,
    household: HouseholdId,
) -> sqlx::Result<()> {
    let insert = "insert into parcels (parcel, household, assigned_on) values ($1, $2, $3) \
         on conflict do nothing";
    sqlx::query(insert)
        .bind(parcel.0)
        .bind(household.0)
        .bind(rome::day_of(recorded.why.occurred_at))
        .execute(rows)
        .await
        .map(drop)
}

/// A calendar month, as its first day.
fn month_of(day: Date) -> Date {
    day.replace_day(1).unwrap_or(day)
}

/// Whether somebody registered this person.
pub(crate) async fn knows_person(pool: &PgPool, person: PersonId) -> sqlx::Result<bool> {
    let known = "select exists (select from food_facts.persons where person = $1)";
    let known = sqlx::query_scalar(known).bind(person.0).fetch_one(pool).await;
    Ok(or_nothing(known)?.unwrap_or(false))
}

/// What came onto a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Credited {
    /// Points in the month asked for.
    pub(crate) this_month: u16,
    /// How many times in all, the issue included.
    pub(crate) times: u32,
    /// The day of the first one: the issue.
    pub(crate) issued_on: Option<Date>,
}

/// What came onto a card, in the month of `day` and in all.
pub(crate) async fn credited(pool: &PgPool, card: CardId, day: Date) -> sqlx::Result<Credited> {
    let row = sqlx::query(
        "select coalesce(sum(points) filter (where month = $2), 0) as this_month, \
            count(*) as times, (array_agg(credited_on order by event))[1] as issued_on \
         from food_facts.credits where card = $1",
    )
    .bind(card.0)
    .bind(month_of(day))
    .fetch_one(pool)
    .await;
    let Some(row) = or_nothing(row)? else { return Ok(Credited::default()) };
    let (this_month, times): (i64, i64) = (row.try_get("this_month")?, row.try_get("times")?);
    Ok(Credited {
        this_month: u16::try_from(this_month).unwrap_or(u16::MAX),
        times: u32::try_from(times).unwrap_or(u32::MAX),
        issued_on: row.try_get("issued_on")?,
    })
}

/// Whether a household has another parcel within [`DOUBLE_DAYS`] of `day`.
pub(crate) async fn has_other_parcel(
    pool: &PgPool,
    household: HouseholdId,
    parcel: ParcelId,
    day: Date,
) -> sqlx::Result<bool> {
    let other = sqlx::query_scalar(
        "select exists (select from food_facts.parcels \
         where household = $1 and parcel <> $2 and assigned_on between $3 and $4)",
    )
    .bind(household.0)
    .bind(parcel.0)
    .bind(rome::days_after(day, 1 - DOUBLE_DAYS))
    .bind(rome::days_after(day, DOUBLE_DAYS - 1))
    .fetch_one(pool)
    .await;
    Ok(or_nothing(other)?.unwrap_or(false))
}

/// A copy that was never built knows nothing yet; any other error stays one.
fn or_nothing<T>(read: sqlx::Result<T>) -> sqlx::Result<Option<T>> {
    match read {
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42P01" | "3F000")) =>
        {
            Ok(None)
        }
        read => read.map(Some),
    }
}
