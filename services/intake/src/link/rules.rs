//! Rules of links, each a pure function with its source.

use trama_events::ids::{LinkId, PersonId};
use trama_events::intake::LinkReason;

use super::{Across, Record, Rejection, Standing, Two};

/// How many records two circles have together at most, when they are looked at before a link.
pub const CIRCLES_MAX: usize = 50;

/// The id of a pair, the same in either order.
pub fn link_id(one: PersonId, another: PersonId) -> LinkId {
    LinkId::of_pair(one, another)
}

/// The record in front of a person's records: the end of the chain that begins at `person`.
///
/// `canonical_of` tells the record in front of a record by one active link, if there is one. Where
/// a ring was closed, it is the ring's smallest id: every record of the ring, or behind it, finds
/// the same.
pub fn front(person: PersonId, canonical_of: impl Fn(PersonId) -> Option<PersonId>) -> PersonId {
    let mut chain = vec![person];
    let mut last = person;
    while let Some(next) = canonical_of(last) {
        if let Some(start) = chain.iter().position(|seen| *seen == next) {
            return chain[start..].iter().copied().min().unwrap_or(next);
        }
        chain.push(next);
        last = next;
    }
    last
}

/// Which record stays in front and which stands behind: as said, else the older one in front, and
/// of two registered in the same instant the smaller id.
///
/// # Errors
///
/// [`Rejection::SameRecord`] when both are one; [`Rejection::FrontIsNeither`] when a third record
/// is named.
pub(super) fn in_order(
    two: &Two,
    in_front: Option<PersonId>,
) -> Result<(Record, Record), Rejection> {
    let Two { one, another } = two;
    if one.person == another.person {
        return Err(Rejection::SameRecord);
    }
    let age = |record: &Record| (record.registered_at, record.person);
    let older = if age(one) < age(another) { one.person } else { another.person };
    match in_front.unwrap_or(older) {
        front if front == one.person => Ok((*one, *another)),
        front if front == another.person => Ok((*another, *one)),
        _ => Err(Rejection::FrontIsNeither),
    }
}

/// # Errors
///
/// As [`comparable`]; [`Rejection::BehindAnother`] when `other` stands behind a record already.
pub(super) fn joinable(canonical: &Record, other: &Record) -> Result<(), Rejection> {
    comparable(canonical, other)?;
    if other.front == other.person { Ok(()) } else { Err(Rejection::BehindAnother) }
}

/// Whether anything can be judged of two records: both are open, and they are not one person by
/// other judgements. A link of one person's records would close a ring; that they are two people
/// would contradict what others judged, and so those judgements are looked at first.
///
/// # Errors
///
/// [`Rejection::NotOpen`] when a record does not exist or is a confidential pseudonym, with the
/// same words for both (domain §6, `SerD`); [`Rejection::OnePersonAlready`].
pub(super) fn comparable(canonical: &Record, other: &Record) -> Result<(), Rejection> {
    for record in [canonical, other] {
        match record.standing {
            Standing::Open => {}
            Standing::Unknown | Standing::Confidential => return Err(Rejection::NotOpen),
        }
    }
    if canonical.front == other.front {
        return Err(Rejection::OnePersonAlready { front: other.front });
    }
    Ok(())
}

/// Whether new evidence outweighs that the pair was declared different: the worker knows of the
/// declaration, and both records carry the same document or tax code. A likeness or a face does
/// not outweigh it, since that is what was judged before.
///
/// # Errors
///
/// [`Rejection::DeclaredDifferent`] when it does not.
pub(super) fn outweighed(knowing: bool, reasons: &[LinkReason]) -> Result<(), Rejection> {
    let documentary = reasons.iter().any(|reason| match reason {
        LinkReason::SameTaxCode | LinkReason::SameDocument => true,
        LinkReason::SameBirthAndName | LinkReason::PersonSaysSo | LinkReason::Recognised => false,
    });
    if knowing && documentary { Ok(()) } else { Err(Rejection::DeclaredDifferent) }
}

/// Two people do not become one through a third record.
///
/// # Errors
///
/// [`Rejection::UnlinkedBefore`] when a pair across the two circles was unlinked;
/// [`Rejection::DifferentAcross`] when one was declared different, whatever speaks for this link:
/// that pair is judged first; [`Rejection::TooManyRecords`] when that cannot be told.
pub(super) fn never_two_people(across: Across) -> Result<(), Rejection> {
    match across {
        Across::Nothing => Ok(()),
        Across::Unlinked => Err(Rejection::UnlinkedBefore),
        Across::Different => Err(Rejection::DifferentAcross),
        Across::TooMany => Err(Rejection::TooManyRecords),
    }
}

/// Each reason once, in the order in which it was said.
pub(super) fn each_once(reasons: Vec<LinkReason>) -> Vec<LinkReason> {
    let mut once = Vec::new();
    for reason in reasons {
        if !once.contains(&reason) {
            once.push(reason);
        }
    }
    once
}
