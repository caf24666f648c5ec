//! How long a relation lasts beyond the event that ends it, each with its reason. Days of the
//! calendar, added to a moment; all are proposed until the network's data protection officer sets
//! its own.

use time::{Date, Duration, OffsetDateTime, Time};
use trama_events::rome;

/// A closed case: reports are written and papers handed over by those who worked on it.
pub const CASE_DAYS_AFTER: i64 = 30;
/// A meeting was held and its plan is not signed yet: who met signs it, and no longer looks on.
pub const MEETING_DAYS_AFTER: i64 = 30;
/// A referral that was accepted and has ended: its outcome is told to others. One that was not
/// accepted ends at once: whoever refused needs nothing more of her.
pub const REFERRAL_DAYS_AFTER: i64 = 30;
/// A place was assigned: until she moves in.
pub const ASSIGNED_DAYS_MAX: i64 = 14;
/// Something was recorded on her. Source: domain §6, a contact without a case is kept 24 months.
pub const OWN_RECORD_DAYS: i64 = 730;
/// A guest of a secret shelter stays protected after she left it: whoever looks for her then does
/// not find her either.
pub const SHELTERED_DAYS_AFTER: i64 = 180;
/// Age of majority in whole years. Source: codice civile, art. 2.
pub const MAJORITY_YEARS: i32 = 18;

/// The moment so many days later.
pub fn days_after(moment: OffsetDateTime, days: i64) -> OffsetDateTime {
    moment.checked_add(Duration::days(days)).unwrap_or(moment)
}

/// Where a night ends: at noon of the next day, in Rome (ADR 7).
pub fn night_ends(night: Date) -> OffsetDateTime {
    rome::at(rome::days_after(night, 1), Time::from_hms(12, 0, 0).unwrap_or(Time::MIDNIGHT))
}

/// Where what a meeting opens ends: with the last of the [`MEETING_DAYS_AFTER`] days after it, at
/// midnight in Rome.
pub fn meeting_ends(on: Date) -> OffsetDateTime {
    rome::at(rome::days_after(on, MEETING_DAYS_AFTER + 1), Time::MIDNIGHT)
}

/// First day on which somebody born in this year is of age for certain: only the year is known, so
/// she counts as a minor until it is over.
pub fn of_age_on(birth_year: u16) -> Option<Date> {
    let year = i32::from(birth_year) + MAJORITY_YEARS + 1;
    Date::from_ordinal_date(year, 1).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_night_ends_at_noon_in_rome_in_winter_and_in_summer() {
        assert_eq!(night_ends(date!(2025 - 01 - 08)), datetime!(2025-01-09 11:00 UTC));
        assert_eq!(night_ends(date!(2025 - 07 - 08)), datetime!(2025-07-09 10:00 UTC));
    }

    #[test]
    fn what_a_meeting_opens_ends_with_the_thirtieth_day_after_it() {
        assert_eq!(meeting_ends(date!(2025 - 02 - 10)), datetime!(2025-03-12 23:00 UTC));
        assert_eq!(meeting_ends(date!(2025 - 03 - 10)), datetime!(2025-04-09 22:00 UTC));
    }

    #[test]
    fn whoever_turns_eighteen_in_a_year_counts_as_a_minor_until_it_is_over() {
        assert_eq!(of_age_on(2007), Some(date!(2026 - 01 - 01)));
    }
}
