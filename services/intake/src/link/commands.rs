use time::OffsetDateTime;
use trama_events::ids::PersonId;
use trama_events::intake::{LinkReason, UnlinkReason};

/// What can be asked of a pair of records. The aggregate's id is [`super::rules::link_id`].
#[derive(Debug, Clone, PartialEq)]
pub enum LinkCommand {
    /// They are one person.
    Link(Box<Pair>),
    /// They are two people.
    DeclareDifferent(Box<Two>),
    /// Somebody looked and cannot say.
    LeaveOpen {
        /// The two records.
        two: Box<Two>,
        /// Whether the same worker said so today already.
        said_today: bool,
    },
    /// They were held to be one person, and are not.
    Unlink {
        /// Why.
        reason: UnlinkReason,
    },
}

/// Two records that somebody looked at side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Two {
    /// One record.
    pub one: Record,
    /// The other record.
    pub another: Record,
}

/// Everything that linking two records needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The two records.
    pub two: Two,
    /// Which of the two stays in front; the older one when nobody says.
    pub in_front: Option<PersonId>,
    /// What speaks for it, at least one.
    pub reasons: Vec<LinkReason>,
    /// Whether the worker knows that these two were declared different, and links them all the same.
    pub despite_difference: bool,
    /// What was judged before between all other records of the one and all others of the other.
    pub across: Across,
}

/// What was judged before between two circles. A circle is a record and all that are linked with
/// it, through others too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// No record of one circle was held to be another person than a record of the other.
    Nothing,
    /// At least two were.
    Unlinked,
    /// At least two were declared to be two people, and none was unlinked.
    Different,
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
