//! Whether somebody is of age, by her birth date: yes or no, and the date stays here (ADR 28). She is
//! when every date says so that anybody ever wrote: a wrong one makes no child of age.

use std::collections::BTreeMap;

use time::{Date, Month};
use trama_events::codes::{IdentityField, Segment};
use trama_events::ids::PersonId;
use trama_platform::majority::{Birthdays, Telling};

use crate::error::VaultError;
use crate::{Vault, index};

/// Age of majority in whole years. Source: codice civile, art. 2.
const MAJORITY_YEARS: i32 = 18;

/// Most people whose rows are read in one query.
const PEOPLE_MAX: usize = 500;

impl Vault {
    async fn who_is_of_age(
        &self,
        people: &[PersonId],
        on: Date,
    ) -> Result<BTreeMap<PersonId, bool>, VaultError> {
        self.must_be_open().await?;
        let mut told = BTreeMap::new();
        for some in people.chunks(PEOPLE_MAX) {
            let mut rows = self.store.of_many(some, Segment::Identity).await?;
            rows.retain(|row| row.place.field == IdentityField::BirthDate);
            for (row, value) in self.opened_each(rows).await? {
                let born = value.and_then(|value| index::date(value.expose()));
                let of_age = born.is_some_and(|born| is_of_age(born, on));
                told.entry(row.place.person)
                    .and_modify(|so_far| *so_far &= of_age)
                    .or_insert(of_age);
            }
        }
        Ok(told)
    }
}

/// Whether somebody born on a day is of age on another. Who was born on 29 February is from 1 March
/// on, where her year has no such day.
fn is_of_age(born: Date, on: Date) -> bool {
    let year = born.year() + MAJORITY_YEARS;
    let day = born.replace_year(year).or_else(|_| Date::from_calendar_date(year, Month::March, 1));
    day.is_ok_and(|day| day <= on)
}

impl Birthdays for Vault {
    fn of_age<'a>(&'a self, people: &'a [PersonId], on: Date) -> Telling<'a> {
        Box::pin(async move {
            let told = self.who_is_of_age(people, on).await.inspect_err(|error| {
                tracing::warn!(%error, "who is of age by the day of her birth cannot be told now");
            });
            told.ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn somebody_is_of_age_from_her_eighteenth_birthday_on() {
        for (born, on, of_age) in [
            (date!(2007 - 05 - 17), date!(2025 - 05 - 16), false),
            (date!(2007 - 05 - 17), date!(2025 - 05 - 17), true),
            (date!(2007 - 01 - 01), date!(2025 - 01 - 01), true),
            (date!(2007 - 12 - 31), date!(2025 - 12 - 30), false),
            (date!(2008 - 02 - 29), date!(2026 - 02 - 28), false),
            (date!(2008 - 02 - 29), date!(2026 - 03 - 01), true),
        ] {
            assert_eq!(is_of_age(born, on), of_age, "{born} on {on}");
        }
    }
}
