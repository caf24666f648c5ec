use time::{Date, OffsetDateTime};
use trama_events::food::{CardCloseReason, SuspensionReason};
use trama_events::ids::{Ats, CardId, HouseholdId, PersonId, ServiceId};

use super::Issued;

/// What can be asked of a points card.
#[derive(Debug, Clone, PartialEq)]
pub enum CardCommand {
    /// Give a card to a household.
    Issue(Issue),
    /// Add this month's points.
    Credit(Credit),
    /// Take goods.
    Spend(Spend),
    /// Let it go on.
    Renew {
        /// New last day, today to six months away.
        valid_to: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Stop it for now.
    Suspend {
        /// Why.
        reason: SuspensionReason,
    },
    /// Let it be used again.
    Resume,
    /// End it.
    Close {
        /// Why; not that it ran out, which the clock says.
        reason: CardCloseReason,
    },
    /// Its last day passed.
    Expire {
        /// The moment at which it was looked at.
        now: OffsetDateTime,
    },
}

/// Everything that issuing a card needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The new card.
    pub card: CardId,
    /// The household.
    pub household: HouseholdId,
    /// Who holds it for the household.
    pub person: PersonId,
    /// Whether our copy of the register knows that person.
    pub person_known: bool,
    /// The store that issues it.
    pub service: ServiceId,
    /// The ATS in which it holds.
    pub ats: Ats,
    /// People in the household, 1 to 30.
    pub household_size: u8,
    /// Points to begin with, up to what the size gives a month.
    pub points: u16,
    /// Last day, today to six months away.
    pub valid_to: Date,
    /// The day in Rome.
    pub today: Date,
}

impl Issue {
    pub(super) fn issued(self) -> Issued {
        let Self {
            card, household, person, service, ats, household_size, points, valid_to, ..
        } = self;
        Issued { card, household, person, service, ats, household_size, points, valid_to }
    }
}

/// A month's points. How many follows from the household's size.
///
/// Events carry no month, so the door reads from a small copy what this month gave already.
/// `credits_read` makes sure that the copy knew every credit that the card has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Credit {
    /// Points that came onto the card in this calendar month of Rome, at issue or since.
    pub this_month: u16,
    /// How many times points ever came onto it, as read with `this_month`; the issue is the first.
    pub credits_read: u32,
    /// The day in Rome on which the card was issued, as read with `this_month`.
    pub issued_on: Option<Date>,
    /// Whether the store's rule lets the points of the month before stay.
    pub roll_over: bool,
    /// The day in Rome whose month is filled.
    pub on: Date,
    /// The day in Rome on which it is asked.
    pub today: Date,
}

/// Goods taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    /// How many points the goods cost, 1 to 1,000.
    pub points: u16,
    /// The store.
    pub service: ServiceId,
    /// Whether the card was asked first.
    pub entry: Entry,
}

/// How a purchase reached us.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    /// The card is asked before the goods are handed over.
    Online {
        /// The day in Rome.
        today: Date,
    },
    /// The goods were handed over without a connection; the entry came at the next sync.
    Offline,
}
