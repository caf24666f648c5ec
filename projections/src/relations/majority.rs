//! Whose year of birth leaves open whether she is of age, and what whoever keeps the days says.
//!
//! All of them are asked about together and in the background, so that no decision waits for the vault,
//! and none takes longer because of somebody who is hidden. A yes or no is kept in memory alone.
//!
//! When nobody answers, who was of age stays so: nobody gets younger, and where no date can be read none
//! can be corrected. Of everybody else the year decides: a minor counts as one until it is over.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use sqlx::PgPool;
use time::Date;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_platform::clock::{Clock, pause};
use trama_platform::majority::Birthdays;
use uuid::Uuid;

use super::rules::MAJORITY_YEARS;

/// How old an answer may become while there are new ones: less than the minute for which the vault
/// keeps a key.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// How often until the first answer.
const ASK_FIRST: Duration = Duration::from_millis(500);
/// Longest wait for one answer.
const ASK_MAX: Duration = Duration::from_secs(30);
/// Most people who are asked about: a year's births in a country of this size are fewer.
const PEOPLE_MAX: i64 = 1_000_000;

/// Who is of age by the day of her birth, as it was last told. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct OfAge {
    told: Arc<RwLock<BTreeMap<PersonId, bool>>>,
}

impl fmt::Debug for OfAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfAge").finish_non_exhaustive()
    }
}

impl OfAge {
    /// Begins to ask, for as long as somebody holds it.
    pub(super) fn watch(pool: PgPool, clock: Clock, birthdays: Arc<dyn Birthdays>) -> Self {
        let of_age = Self::default();
        let asking = Asking { pool, clock, birthdays };
        tokio::spawn(asking.run(Arc::downgrade(&of_age.told)));
        of_age
    }

    /// Whether somebody is of age by one of the records that are she, and a minor by none.
    pub(super) fn says(&self, records: &[PersonId]) -> bool {
        let told = self.told.read().unwrap_or_else(PoisonError::into_inner);
        let of_hers: BTreeSet<bool> =
            records.iter().filter_map(|record| told.get(record).copied()).collect();
        of_hers == [true].into()
    }

    #[cfg(test)]
    fn of(told: &[(PersonId, bool)]) -> Self {
        Self { told: Arc::new(RwLock::new(told.iter().copied().collect())) }
    }
}

struct Asking {
    pool: PgPool,
    clock: Clock,
    birthdays: Arc<dyn Birthdays>,
}

impl Asking {
    async fn run(self, told: Weak<RwLock<BTreeMap<PersonId, bool>>>) {
        let mut every = ASK_FIRST;
        loop {
            let asked = tokio::time::timeout(ASK_MAX, self.ask()).await;
            let Some(told) = told.upgrade() else { return };
            if let Ok(Ok(Some(now))) = asked {
                *told.write().unwrap_or_else(PoisonError::into_inner) = now;
                every = ASK_EVERY;
            }
            drop(told);
            pause(every).await;
        }
    }

    async fn ask(&self) -> sqlx::Result<Option<BTreeMap<PersonId, bool>>> {
        let today = rome::day_of(self.clock.now());
        let find = "select person from relations.people where birth_year = $1 \
             order by person limit $2";
        let people: Vec<Uuid> = sqlx::query_scalar(find)
            .bind(open_year(today))
            .bind(PEOPLE_MAX)
            .fetch_all(&self.pool)
            .await?;
        let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
        if people.is_empty() {
            return Ok(Some(BTreeMap::new()));
        }
        Ok(self.birthdays.of_age(&people, today).await)
    }
}

/// The year of birth of those who come of age in this one.
fn open_year(today: Date) -> i16 {
    i16::try_from(today.year() - MAJORITY_YEARS).unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const ANA: PersonId = PersonId(Uuid::from_u128(1));
    const HER_OTHER: PersonId = PersonId(Uuid::from_u128(2));

    #[test]
    fn of_two_records_that_are_she_none_may_say_that_she_is_a_minor() {
        let both = [ANA, HER_OTHER];
        for (told, says) in [
            (vec![], false),
            (vec![(ANA, true)], true),
            (vec![(ANA, true), (HER_OTHER, true)], true),
            (vec![(ANA, true), (HER_OTHER, false)], false),
            (vec![(ANA, false)], false),
        ] {
            assert_eq!(OfAge::of(&told).says(&both), says, "{told:?}");
        }
        assert!(!OfAge::of(&[(ANA, true)]).says(&[]), "nobody");
    }

    #[test]
    fn only_in_the_year_in_which_she_comes_of_age_is_the_day_asked_for() {
        assert_eq!(open_year(date!(2025 - 01 - 01)), 2007);
        assert_eq!(open_year(date!(2025 - 12 - 31)), 2007);
    }
}
