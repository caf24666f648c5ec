//! Rules of services, each a pure function with its source.

use time::Date;
use trama_events::directory::OpeningHours;

use super::Rejection;

/// Most opening times in a week, six a day. Source: the published bound of
/// `opening_hours_changed`.
pub const OPENINGS_MAX: usize = 42;
/// Most places of one service: above it the number is a typing mistake. Source: proposed.
pub const PLACES_MAX: u32 = 10_000;
/// After so many days without verification a service is stale. Source: domain §3.6, proposed.
pub const STALE_DAYS: i64 = 180;
/// The end of a day, in minutes after midnight.
const DAY_MINUTES: u16 = 24 * 60;

/// A week's opening times in order. One that touches the next is no overlap; a night is two times,
/// up to midnight and from midnight.
///
/// # Errors
///
/// [`Rejection::TooManyOpenings`], [`Rejection::OpeningTime`] for a weekday outside of 1 to 7 or
/// minutes that do not go forward within the day, [`Rejection::OpeningsOverlap`].
pub fn week(mut hours: Vec<OpeningHours>) -> Result<Vec<OpeningHours>, Rejection> {
    if hours.len() > OPENINGS_MAX {
        return Err(Rejection::TooManyOpenings);
    }
    if let Some(wrong) = hours.iter().find(|hours| !is_within_a_day(**hours)) {
        return Err(Rejection::OpeningTime { weekday: wrong.weekday });
    }
    hours.sort_by_key(|hours| (hours.weekday, hours.from_minute));
    let overlap = |pair: &&[OpeningHours]| {
        pair[0].weekday == pair[1].weekday && pair[1].from_minute < pair[0].to_minute
    };
    match hours.windows(2).find(overlap) {
        Some(pair) => Err(Rejection::OpeningsOverlap { weekday: pair[0].weekday }),
        None => Ok(hours),
    }
}

/// Whether what is written may be wrong by now: nobody ever confirmed it, or not for
/// [`STALE_DAYS`].
pub fn is_stale(verified_on: Option<Date>, today: Date) -> bool {
    verified_on.is_none_or(|on| (today - on).whole_days() >= STALE_DAYS)
}

fn is_within_a_day(hours: OpeningHours) -> bool {
    let OpeningHours { weekday, from_minute, to_minute } = hours;
    (1..=7).contains(&weekday) && from_minute < to_minute && to_minute <= DAY_MINUTES
}

/// What happened did not happen in the future.
pub(super) fn happened(on: Date, today: Date) -> Result<(), Rejection> {
    if on > today { Err(Rejection::InFuture) } else { Ok(()) }
}
