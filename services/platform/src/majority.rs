//! Who is of age by the day of her birth, while its year does not say so: the log holds the year
//! alone, and the day lies in the vault (ADR 28). Whoever keeps the days answers with yes or no, and no
//! day leaves her.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use time::Date;
use trama_events::ids::PersonId;

/// The future of [`Birthdays::of_age`].
pub type Telling<'a> = Pin<Box<dyn Future<Output = Option<BTreeMap<PersonId, bool>>> + Send + 'a>>;

/// Whoever keeps the days on which people were born.
pub trait Birthdays: fmt::Debug + Send + Sync + 'static {
    /// Which of these people are of age on this day, and which are not; who is in neither has no
    /// birth date there. Nothing at all when that cannot be told now.
    fn of_age<'a>(&'a self, people: &'a [PersonId], on: Date) -> Telling<'a>;
}
