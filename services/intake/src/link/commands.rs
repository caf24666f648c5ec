use time::OffsetDateTime;
use trama_events::ids::PersonId;
use trama_events::intake::{LinkReason, UnlinkReason};

/// What can be asked of a pair of records. The aggregate's id is [`super::rules::link_id`].
#[derive(Debug, Clone, PartialEq)]
pub enum LinkCommand {
    /// They are one person.
    Link(Box<Pair>),
    /// They are not.
    Unlink {
        /// Why.
        reason: UnlinkReason,
    },
}

/// Everything that linking two records needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// One record.
    pub one: Record,
    /// The other record.
    pub another: Record,
    /// Which of the two stays in front; the older one when nobody says.
    pub in_front: Option<PersonId>,
    /// What speaks for it, at least one.
    pub reasons: Vec<LinkReason>,
    /// What was judged before between all records of the one and all records of the other.
    pub across: Across,
}

/// What was judged before between two circles. A circle is a record and all that are linked with
/// it, through others too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// No record of one circle was unlinked from a record of the other.
    Nothing,
    /// At least two were.
    Unlinked,
    /// There are more records than can be looked at: [`super::rules::CIRCLES_MAX`].
    TooMany,
}

/// What is known of a record that is to be linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// The record.
    pub person: PersonId,
    /// Whether it can be linked at all.
    pub standing: Standing,
    /// When it was registered.
    pub registered_at: OffsetDateTime,
    /// The end of its chain of links now, as [`super::rules::front`] finds it; itself when it
    /// stands behind nobody.
    pub front: PersonId,
}

/// Whether a record is open to links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A record of the network.
    Open,
    /// Nobody registered it.
    Unknown,
    /// A pseudonym kept by one service alone: `SerD`, secret shelter, juvenile court.
    Confidential,
}
