//! Rules of what a person decides about her past, each a pure function with its source.

use time::Date;

use super::Rejection;

/// Age of majority in whole years. Source: codice civile, art. 2.
pub const MAJORITY_YEARS: i32 = 18;

/// How old she is, as far as this context knows it: the year of her birth and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Nobody said in which year she was born.
    Unknown,
    /// She is a minor, or may be.
    Minor {
        /// First day on which she is of age for certain.
        until: Date,
    },
    /// She is of age.
    OfAge,
}

/// Her age today by the years that were told of her records: where two differ, she is as young as
/// the later one says. Who was born in a year is of age for certain on 1 January of the nineteenth
/// year after it.
pub fn age(birth_years: impl IntoIterator<Item = u16>, today: Date) -> Age {
    let Some(latest) = birth_years.into_iter().max() else { return Age::Unknown };
    match Date::from_ordinal_date(i32::from(latest) + MAJORITY_YEARS + 1, 1) {
        Ok(until) if until <= today => Age::OfAge,
        Ok(until) => Age::Minor { until },
        Err(_) => Age::Unknown,
    }
}

/// At 18 the holder decides (domain §6): before, her record is sealed, and others decide for her.
///
/// # Errors
///
/// [`Rejection::StillAMinor`] and [`Rejection::AgeUnknown`].
pub(super) fn decides_on_childhood(age: Age) -> Result<(), Rejection> {
    match age {
        Age::OfAge => Ok(()),
        Age::Minor { until } => Err(Rejection::StillAMinor { until }),
        Age::Unknown => Err(Rejection::AgeUnknown),
    }
}

/// Whose age nobody knows is taken for an adult, as at the gate; what is obscured shows less.
///
/// # Errors
///
/// [`Rejection::StillAMinor`].
pub(super) fn decides_on_record(age: Age) -> Result<(), Rejection> {
    match age {
        Age::OfAge | Age::Unknown => Ok(()),
        Age::Minor { until } => Err(Rejection::StillAMinor { until }),
    }
}

/// # Errors
///
/// [`Rejection::NeverOpen`] when the last day is before the first, or before `today`.
pub(super) fn some_day(from: Date, until: Option<Date>, today: Date) -> Result<(), Rejection> {
    match until {
        Some(last) if last < from || last < today => Err(Rejection::NeverOpen),
        Some(_) | None => Ok(()),
    }
}
