//! For how long each segment is kept, and whose is past it: a proposal, never an erasure (domain §6;
//! GDPR 5(1)(e); DPR 445/2000 art. 68). Pure: it is told the table, the events and the day.

mod book;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, VariantArray};
use time::Date;
use trama_events::codes::Segment;
use trama_events::ids::PersonId;

pub use book::{Book, CannotRead};

/// Longest time that a table may name, in months: a hundred years.
pub const MONTHS_MAX: u16 = 1_200;
/// Most persons that are listed of one segment, whatever is asked for.
pub const LISTED_MAX: usize = 10_000;

/// From when the months of a segment count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Since {
    /// Her last case was closed; and not before `after_contact` is over, of whom a case was never
    /// opened or who came again.
    LastCaseClosed,
    /// The last entry about her in any log of the shared network.
    LastContact,
    /// Her last entry in food's log, or the last fact under this segment.
    LastDelivery,
    /// Her last entry in referrals' log, or the last fact under this segment.
    LastReferral,
    /// The last fact under this segment was recorded.
    Recorded,
    /// The end of the year in which she was born: the log knows no more.
    Born,
}

/// What the table says of one segment: months after a moment, or for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many months, 1 to [`MONTHS_MAX`]; without it, `permanent`.
    pub months: Option<u16>,
    /// From when.
    pub from: Option<Since>,
    /// With `last_case_closed`: at least so many months after the last contact, with or without a case.
    pub after_contact: Option<u16>,
    /// Kept for ever.
    #[serde(default)]
    pub permanent: bool,
    /// Which law or whose decision says so.
    pub source: String,
}

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTable {
    /// A segment is not in it.
    #[error("the retention table says nothing of {0}: add [{0}] with months or permanent = true")]
    Missing(Segment),
    /// Neither or both.
    #[error("{0}: say either months with from, or permanent = true")]
    MonthsOrPermanent(Segment),
    /// Not so many.
    #[error("{0}: months are 1 to {MONTHS_MAX}")]
    Months(Segment),
    /// Not everybody who is met has a case.
    #[error("{0}: after_contact stands beside from = \"last_case_closed\", and only there")]
    AfterContact(Segment),
    /// Nobody stands for it.
    #[error("{0}: source names the law or whose decision it is")]
    NoSource(Segment),
}

/// The table that the data protection officer sets: every segment, each valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table(BTreeMap<Segment, Period>);

impl Table {
    /// A table that says something valid of every segment.
    ///
    /// # Errors
    ///
    /// [`BadTable`], for the first segment that is wrong.
    pub fn try_new(periods: BTreeMap<Segment, Period>) -> Result<Self, BadTable> {
        for segment in Segment::VARIANTS {
            periods.get(segment).ok_or(BadTable::Missing(*segment))?.is_valid(*segment)?;
        }
        Ok(Self(periods))
    }

    fn of(&self, segment: Segment) -> Option<&Period> {
        self.0.get(&segment)
    }
}

impl Period {
    fn is_valid(&self, segment: Segment) -> Result<(), BadTable> {
        if self.source.trim().is_empty() {
            return Err(BadTable::NoSource(segment));
        }
        if self.permanent == self.months.is_some() || self.months.is_some() != self.from.is_some() {
            return Err(BadTable::MonthsOrPermanent(segment));
        }
        let by_case = self.from == Some(Since::LastCaseClosed);
        if by_case != self.after_contact.is_some() {
            return Err(BadTable::AfterContact(segment));
        }
        let valid = |months: Option<u16>| months.is_none_or(|m| (1..=MONTHS_MAX).contains(&m));
        if valid(self.months) && valid(self.after_contact) {
            Ok(())
        } else {
            Err(BadTable::Months(segment))
        }
    }
}

/// Whose segments are past their time on a day, segment by segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The segment.
    pub segment: Segment,
    /// What the table says of it.
    pub period: Period,
    /// How many records are past it, and nothing keeps them.
    pub past: usize,
    /// How many would be, but for a legal hold.
    pub held: usize,
    /// How many would be, but for an open case or stay.
    pub open: usize,
    /// Of how many nobody can say: the moment from which the months count is not known.
    pub undated: usize,
    /// Those that are past, the longest past first; as many as were asked for.
    pub records: Vec<Past>,
}

/// A record whose segment is past its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Past {
    /// Last day on which it was kept by right.
    pub kept_until: Date,
    /// Whose.
    pub person: PersonId,
}
