//! Days and nights as people in Italy count them: Europe/Rome, summer time included.
//!
//! A *night* is the date of its evening: 02:00 on the 15th belongs to the night of the 14th.

use std::sync::LazyLock;

use jiff::{Timestamp, civil, tz::TimeZone};
use time::{Date, Duration, Month, OffsetDateTime, Time};

/// Until this hour of the morning a moment belongs to the night before.
pub const NIGHT_ENDS_AT_HOUR: u8 = 12;

/// The day in Rome on which a moment falls.
pub fn day_of(moment: OffsetDateTime) -> Date {
    let civil = local(moment).date();
    date_of(civil)
}

/// The night to which a moment belongs: before noon it is still last evening's.
pub fn night_of(moment: OffsetDateTime) -> Date {
    let local = local(moment);
    let day = date_of(local.date());
    if u8::try_from(local.hour()).is_ok_and(|hour| hour < NIGHT_ENDS_AT_HOUR) {
        day.previous_day().unwrap_or(day)
    } else {
        day
    }
}

/// The moment at which the clocks in Rome show this time on this day. A time that the spring
/// change leaves out is moved on by the hour that is missing.
pub fn at(day: Date, time: Time) -> OffsetDateTime {
    let civil = civil::DateTime::constant(
        i16::try_from(day.year()).unwrap_or(i16::MAX),
        i8::try_from(u8::from(day.month())).unwrap_or(1),
        i8::try_from(day.day()).unwrap_or(1),
        i8::try_from(time.hour()).unwrap_or(0),
        i8::try_from(time.minute()).unwrap_or(0),
        i8::try_from(time.second()).unwrap_or(0),
        0,
    );
    let stamp = rome().to_ambiguous_zoned(civil).compatible().map(|zoned| zoned.timestamp());
    stamp
        .ok()
        .and_then(|stamp| OffsetDateTime::from_unix_timestamp(stamp.as_second()).ok())
        .unwrap_or_else(|| day.with_time(time).assume_utc())
}

/// The day `months` later; where that month is shorter, its last day.
pub fn months_after(day: Date, months: u32) -> Date {
    let index =
        day.year() * 12 + i32::from(u8::from(day.month())) - 1 + i32::try_from(months).unwrap_or(0);
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    let month =
        u8::try_from(month).ok().and_then(|m| Month::try_from(m).ok()).unwrap_or(Month::January);
    let last = month.length(year);
    Date::from_calendar_date(year, month, day.day().min(last)).unwrap_or(day)
}

/// The day that is `days` later (or earlier, when negative).
pub fn days_after(day: Date, days: i64) -> Date {
    day.checked_add(Duration::days(days)).unwrap_or(day)
}

fn local(moment: OffsetDateTime) -> civil::DateTime {
    let stamp = Timestamp::from_second(moment.unix_timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
    stamp.to_zoned(rome()).datetime()
}

/// Looked up once: a page of a long journey asks for thousands of days.
fn rome() -> TimeZone {
    static ROME: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC));
    ROME.clone()
}

fn date_of(civil: civil::Date) -> Date {
    let month = u8::try_from(civil.month()).ok().and_then(|m| Month::try_from(m).ok());
    Date::from_calendar_date(
        i32::from(civil.year()),
        month.unwrap_or(Month::January),
        u8::try_from(civil.day()).unwrap_or(1),
    )
    .unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime, time};

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_rome() {
        assert_eq!(day_of(datetime!(2025-01-08 23:10 UTC)), date!(2025 - 01 - 09));
        assert_eq!(day_of(datetime!(2025-07-08 22:30 UTC)), date!(2025 - 07 - 09));
    }

    #[test]
    fn a_night_is_the_date_of_its_evening() {
        assert_eq!(night_of(datetime!(2025-01-15 01:30 UTC)), date!(2025 - 01 - 14));
        assert_eq!(night_of(datetime!(2025-01-15 21:30 UTC)), date!(2025 - 01 - 15));
    }

    #[test]
    fn a_time_in_rome_knows_summer_time() {
        assert_eq!(at(date!(2025 - 01 - 08), time!(23:10)), datetime!(2025-01-08 22:10 UTC));
        assert_eq!(at(date!(2025 - 07 - 08), time!(23:10)), datetime!(2025-07-08 21:10 UTC));
        assert_eq!(at(date!(2025 - 03 - 30), time!(02:30)), datetime!(2025-03-30 01:30 UTC));
    }

    #[test]
    fn months_end_on_the_last_day_of_a_shorter_month() {
        assert_eq!(months_after(date!(2023 - 05 - 02), 24), date!(2025 - 05 - 02));
        assert_eq!(months_after(date!(2025 - 01 - 31), 1), date!(2025 - 02 - 28));
    }
}
