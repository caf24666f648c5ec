use trama_platform::log::Refusal;

/// Why an entry is not moved or taken back as was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered the person to whom it should go, or hers is a confidential record: the
    /// words do not tell which.
    #[error("there is no such person's record: look for her code, or register her first")]
    NoSuchPerson,
    /// From and to are one.
    #[error("the entry stands on this person already: choose on whom it belongs")]
    SamePerson,
    /// It does not stand on the person who was named, or not any more.
    #[error("this entry does not stand on that person: look again where it is")]
    NotOnHer,
    /// Its author took it back.
    #[error("this entry was taken back: record it anew on the right person")]
    Undone,
    /// Another way leads there.
    #[error("{0}")]
    NotHere(Way),
    /// The thirty seconds are over.
    #[error(
        "an entry can be taken back in its first 30 seconds: move it if it stands on the wrong \
         person, or correct it"
    )]
    TooLate,
    /// Something was built on it.
    #[error("somebody went on with this entry: move it if it stands on the wrong person")]
    GoneOn,
    /// It is a part of an entry.
    #[error("this is part of an entry that began before: it cannot be taken back alone")]
    PartOfEntry,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::SamePerson => "same_person",
            Self::NotOnHer => "not_on_her",
            Self::Undone => "undone",
            Self::NotHere(_) => "not_here",
            Self::TooLate => "too_late",
            Self::GoneOn => "gone_on",
            Self::PartOfEntry => "part_of_entry",
        }
    }
}

/// The way that leads where moving an entry does not: a guard hangs on it, or it has a correction
/// of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Way {
    /// Registering, aliases, identifiers, identification: they make the record what it is.
    #[error(
        "this makes the record what it is: correct it there, and record it anew on the right one"
    )]
    Record,
    /// A judgement on two records.
    #[error("this judges two records: undo the link instead")]
    Link,
    /// A household.
    #[error("this belongs to a household: let the person leave it, and let the right one join")]
    Household,
    /// Nights, stays and waits hold a place.
    #[error("a place hangs on this: release it or end it, and give the place to the right person")]
    Place,
    /// A points card.
    #[error("points hang on this: close the card, and issue one to the right person")]
    Card,
    /// A case and what makes it go on.
    #[error("the case hangs on this: close it, and open the right person's")]
    Case,
    /// A referral.
    #[error("an answer is waited for: withdraw the referral, and send one for the right person")]
    Referral,
    /// What a person agreed to.
    #[error("nobody agrees for another: withdraw it, and ask the right person")]
    Consent,
    /// What lies in the vault.
    #[error("this lies in the vault: correct it there")]
    Vault,
    /// An emergency, for an undoing: somebody may be on the way.
    #[error("somebody may be on the way: close the emergency as unfounded, with its reason")]
    Emergency,
    /// A correction, for an undoing.
    #[error("correct the entry once more: each correction can be corrected")]
    Correction,
    /// Nothing about a person.
    #[error("this says nothing about a person: correct it where it was recorded")]
    NoPerson,
}
