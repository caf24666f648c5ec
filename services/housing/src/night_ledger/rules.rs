//! Rules of nights, each a pure function with its source.

use time::{Date, Duration, OffsetDateTime, Time};
use trama_events::rome;

use super::Rejection;

/// How many days ahead a bed can be reserved (proposed).
pub const AHEAD_DAYS_MAX: i64 = 30;
/// How long a bed is kept that is reserved when its night is over already (proposed).
pub const LATE: Duration = Duration::hours(1);

/// A bed is reserved from yesterday evening to [`AHEAD_DAYS_MAX`] days ahead.
///
/// Yesterday evening is allowed because a night is often written down the morning after; what is
/// older has been counted.
pub(super) fn reservable(night: Date, now: OffsetDateTime) -> Result<(), Rejection> {
    let today = rome::day_of(now);
    let last = rome::days_after(today, AHEAD_DAYS_MAX);
    if night < rome::days_after(today, -1) {
        return Err(Rejection::NightIsOver { night });
    }
    if night > last { Err(Rejection::TooFarAhead { last }) } else { Ok(()) }
}

/// Nobody checks in before noon of the night's own day.
pub(super) fn begun(night: Date, now: OffsetDateTime) -> Result<(), Rejection> {
    if rome::night_of(now) < night { Err(Rejection::NightNotBegun { night }) } else { Ok(()) }
}

/// At most `max` nights in a row, whichever of them is reserved first.
///
/// `has` tells the other nights with a bed, used or reserved; a missed or released night breaks
/// the row. Source: house rules as data (domain §3.3; Genoa: 15).
///
/// # Errors
///
/// [`Rejection::TooManyInARow`] with the next night that would be accepted.
pub fn row(has: impl Fn(Date) -> bool, night: Date, max: Option<u16>) -> Result<(), Rejection> {
    let Some(max) = max else { return Ok(()) };
    let beside = |night, step: i64| {
        let nights = (1..=i64::from(max)).map(move |n| rome::days_after(night, n * step));
        nights.take_while(|night| has(*night)).count()
    };
    let fits = |night| beside(night, -1) + 1 + beside(night, 1) <= usize::from(max);
    if fits(night) {
        return Ok(());
    }
    let later = (1..=AHEAD_DAYS_MAX * 2).map(|n| rome::days_after(night, n));
    let again_on = later.into_iter().find(|night| !has(*night) && fits(*night));
    Err(Rejection::TooManyInARow { max, again_on })
}

/// The moment at which a reserved bed that nobody took is free again.
///
/// `hour` is in Rome, 0 to 23: after noon it is the night's own evening, else the morning after.
/// Source: house rules as data (domain §3.3).
pub fn no_show_at(night: Date, hour: u8) -> OffsetDateTime {
    let evening = hour > rome::NIGHT_ENDS_AT_HOUR;
    let day = if evening { night } else { rome::days_after(night, 1) };
    rome::at(day, Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT))
}

/// The moment at which a night is over, whatever the house rules: noon in Rome.
pub fn over_at(night: Date) -> OffsetDateTime {
    no_show_at(night, rome::NIGHT_ENDS_AT_HOUR)
}

/// The moment until which a bed reserved at `now` is kept for who does not come.
///
/// `hour` is the house's; without one, or when it has passed, the bed is kept until the night is
/// over. A night that is over is written down late: for [`LATE`], so that who came can be recorded.
pub fn kept_until(night: Date, hour: Option<u8>, now: OffsetDateTime) -> OffsetDateTime {
    let moments = [hour.map(|hour| no_show_at(night, hour)), Some(over_at(night))];
    moments.into_iter().flatten().find(|at| now < *at).unwrap_or(now + LATE)
}

/// Day and time that the clocks in Rome show, to the minute.
pub(super) fn in_rome(moment: OffsetDateTime) -> (Date, Time) {
    let day = rome::day_of(moment);
    let times = (0..24).rev().filter_map(|hour| Time::from_hms(hour, moment.minute(), 0).ok());
    let shown = times.into_iter().find(|time| rome::at(day, *time) <= moment);
    (day, shown.unwrap_or(Time::MIDNIGHT))
}
