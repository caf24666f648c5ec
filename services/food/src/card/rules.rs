//! Rules of points cards, each a pure function with its source.

use time::{Date, OffsetDateTime, Time};
use trama_events::rome;

use super::Rejection;

/// Most people in a household. Source: the published bound of `card_issued`.
pub const HOUSEHOLD_SIZE_MAX: u8 = 30;
/// Most points that a card gets in a month. Source: domain §3.4, as Caritas Foligno does.
pub const POINTS_A_MONTH_MAX: u16 = 200;
/// Most points on a card, which only a store with roll-over reaches, and most for one purchase.
/// Source: the published bound of `card_issued`.
pub const POINTS_ON_CARD_MAX: u16 = 1_000;
/// For how many months a card is valid at most. Source: domain §3.4, as Caritas Foligno does.
pub const VALID_MONTHS_MAX: u32 = 6;

/// Points that a household gets in a month: 80 for the first person and 50 for each other, up to
/// [`POINTS_A_MONTH_MAX`].
///
/// Source: proposed figures under that limit, until a store sets its own.
///
/// # Errors
///
/// [`Rejection::HouseholdSize`] when there is nobody, or more than [`HOUSEHOLD_SIZE_MAX`] people.
pub fn points_a_month(household_size: u8) -> Result<u16, Rejection> {
    if (1..=HOUSEHOLD_SIZE_MAX).contains(&household_size) {
        Ok((30 + 50 * u16::from(household_size)).min(POINTS_A_MONTH_MAX))
    } else {
        Err(Rejection::HouseholdSize)
    }
}

/// A card's last day is from today to [`VALID_MONTHS_MAX`] months away.
///
/// # Errors
///
/// [`Rejection::EndsInPast`] and [`Rejection::ValidTooLong`] outside of these days.
pub fn last_day(valid_to: Date, today: Date) -> Result<(), Rejection> {
    let latest = rome::months_after(today, VALID_MONTHS_MAX);
    if valid_to < today {
        Err(Rejection::EndsInPast)
    } else if valid_to > latest {
        Err(Rejection::ValidTooLong { latest })
    } else {
        Ok(())
    }
}

/// Points come from the day of the issue on, for a month that is not over.
///
/// Source: domain §3.4, the points of a month are lost with it.
pub(super) fn credit_day(on: Date, issued_on: Option<Date>, today: Date) -> Result<(), Rejection> {
    if let Some(issued_on) = issued_on.filter(|issued_on| on < *issued_on) {
        Err(Rejection::BeforeIssue { issued_on })
    } else if (on.year(), on.month() as u8) < (today.year(), today.month() as u8) {
        Err(Rejection::MonthOver)
    } else {
        Ok(())
    }
}

/// The moment at which a card ends: the start, in Rome, of the day after its last.
pub fn ends_at(valid_to: Date) -> OffsetDateTime {
    rome::at(rome::days_after(valid_to, 1), Time::MIDNIGHT)
}

/// A purchase costs 1 to [`POINTS_ON_CARD_MAX`] points.
pub(super) fn price(points: u16) -> Result<(), Rejection> {
    if (1..=POINTS_ON_CARD_MAX).contains(&points) { Ok(()) } else { Err(Rejection::Price) }
}
