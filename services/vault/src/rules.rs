//! Which form a fact has, under which key it lies and who may be shown it (domain §5, §6).

use time::Date;
use time::macros::format_description;
use trama_events::codes::{IdentityField, Section, Segment};
use trama_matching::tax_code::TaxCode;

/// Longest name, in symbols.
pub const NAME_MAX: usize = 120;
/// Longest address or document, in symbols.
pub const LINE_MAX: usize = 300;
/// Longest note, in symbols.
pub const NOTE_MAX: usize = 20_000;

/// Why a fact has not the form of its kind. The value itself is never in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFact {
    /// Empty or too long.
    #[error("the value of {field} has 1 to {max} symbols")]
    Length {
        /// Which kind.
        field: IdentityField,
        /// Most symbols.
        max: usize,
    },
    /// Symbols that nobody can see.
    #[error("the value of {field} has symbols that cannot be printed")]
    Unprintable {
        /// Which kind.
        field: IdentityField,
    },
    /// Another form.
    #[error("the value of {field} must be {form}")]
    Form {
        /// Which kind.
        field: IdentityField,
        /// What it must be.
        form: &'static str,
    },
    /// A note without its service's segment.
    #[error(
        "say under which segment a {field} lies: base, housing, food, labour, csm, serd or minors"
    )]
    NoSegment {
        /// Which kind.
        field: IdentityField,
    },
    /// A segment that is not the field's own.
    #[error("a {field} always lies under {segment}: leave the segment out")]
    OtherSegment {
        /// Which kind.
        field: IdentityField,
        /// Its own segment.
        segment: Segment,
    },
}

impl BadFact {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Length { .. } => "fact_length",
            Self::Unprintable { .. } => "fact_unprintable",
            Self::Form { .. } => "fact_form",
            Self::NoSegment { .. } => "fact_without_segment",
            Self::OtherSegment { .. } => "fact_segment",
        }
    }
}

/// The segment of a kind of fact; `None` for notes, which lie under their service's.
pub fn own_segment(field: IdentityField) -> Option<Segment> {
    match field {
        IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::Alias
        | IdentityField::BirthDate
        | IdentityField::BirthPlace
        | IdentityField::Sex
        | IdentityField::TaxCode
        | IdentityField::ProvisionalTaxCode
        | IdentityField::Stp
        | IdentityField::Eni
        | IdentityField::Document => Some(Segment::Identity),
        IdentityField::Phone
        | IdentityField::Email
        | IdentityField::Address
        | IdentityField::ProtectedAddress => Some(Segment::Address),
        IdentityField::Status => Some(Segment::Status),
        IdentityField::Note | IdentityField::PrivateNote => None,
    }
}

/// Under which segment a fact lies.
///
/// # Errors
///
/// [`BadFact::NoSegment`] or [`BadFact::OtherSegment`].
pub fn segment_of(field: IdentityField, given: Option<Segment>) -> Result<Segment, BadFact> {
    match (own_segment(field), given) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(given)) if own == given => Ok(own),
        (Some(segment), Some(_)) => Err(BadFact::OtherSegment { field, segment }),
        (None, Some(given)) if note_section(given).is_some() => Ok(given),
        (None, _) => Err(BadFact::NoSegment { field }),
    }
}

/// Every class to which a fact can belong.
pub const SECTIONS: [Section; 13] = [
    Section::Identity,
    Section::Alias,
    Section::Contact,
    Section::Address,
    Section::SecretAddress,
    Section::Status,
    Section::Diary,
    Section::Housing,
    Section::Food,
    Section::Labour,
    Section::Csm,
    Section::Minors,
    Section::PrivateNotes,
];

/// Which class of data a fact belongs to, for the question who may be shown it.
pub fn section_of(field: IdentityField, segment: Segment) -> Section {
    match field {
        IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::BirthDate
        | IdentityField::BirthPlace
        | IdentityField::Sex
        | IdentityField::TaxCode
        | IdentityField::ProvisionalTaxCode
        | IdentityField::Stp
        | IdentityField::Eni
        | IdentityField::Document => Section::Identity,
        IdentityField::Alias => Section::Alias,
        IdentityField::Phone | IdentityField::Email => Section::Contact,
        IdentityField::Address => Section::Address,
        IdentityField::ProtectedAddress => Section::SecretAddress,
        IdentityField::Status => Section::Status,
        // A note lies under no other segment; if one did, nobody but its author would see it.
        IdentityField::Note => note_section(segment).unwrap_or(Section::PrivateNotes),
        IdentityField::PrivateNote => Section::PrivateNotes,
    }
}

fn note_section(segment: Segment) -> Option<Section> {
    match segment {
        Segment::Base => Some(Section::Diary),
        Segment::Housing => Some(Section::Housing),
        Segment::Food => Some(Section::Food),
        Segment::Labour => Some(Section::Labour),
        Segment::Csm => Some(Section::Csm),
        Segment::Serd => Some(Section::Addiction),
        Segment::Minors => Some(Section::Minors),
        Segment::Identity | Segment::Address | Segment::Status => None,
    }
}

/// Whether a person has one value of this kind at a time: then a later fact takes its place.
pub fn is_single(field: IdentityField) -> bool {
    match field {
        IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::BirthDate
        | IdentityField::BirthPlace
        | IdentityField::Sex
        | IdentityField::TaxCode
        | IdentityField::ProvisionalTaxCode
        | IdentityField::Stp
        | IdentityField::Eni
        | IdentityField::Status => true,
        IdentityField::Alias
        | IdentityField::Document
        | IdentityField::Phone
        | IdentityField::Email
        | IdentityField::Address
        | IdentityField::ProtectedAddress
        | IdentityField::Note
        | IdentityField::PrivateNote => false,
    }
}

/// A value in the form in which it is kept. `today` bounds a date of birth.
///
/// # Errors
///
/// [`BadFact`]. A tax code whose last letter does not fit is kept all the same: it may stand so on
/// a document, and matching says what is odd about it.
pub fn kept_form(field: IdentityField, value: &str, today: Date) -> Result<String, BadFact> {
    let value = value.trim();
    let max = length_max(field);
    if !(1..=max).contains(&value.chars().count()) {
        return Err(BadFact::Length { field, max });
    }
    let note = matches!(field, IdentityField::Note | IdentityField::PrivateNote);
    if value.chars().any(|symbol| symbol.is_control() && !(note && "\n\t\r".contains(symbol))) {
        return Err(BadFact::Unprintable { field });
    }
    let form = |form| BadFact::Form { field, form };
    match field {
        IdentityField::BirthDate => {
            let date = Date::parse(value, format_description!("[year]-[month]-[day]")).ok();
            let fits = date.is_some_and(|day| day.year() >= 1900 && day <= today);
            if fits {
                Ok(value.into())
            } else {
                Err(form("a day like 1985-12-10, not after today"))
            }
        }
        IdentityField::Sex => match value.to_ascii_lowercase().as_str() {
            "f" => Ok("f".into()),
            "m" => Ok("m".into()),
            _ => Err(form("f or m, as registered")),
        },
        IdentityField::TaxCode => TaxCode::parse(value)
            .map(|code| code.as_str().to_owned())
            .map_err(|_| form("16 letters and digits in the places of a codice fiscale")),
        IdentityField::ProvisionalTaxCode => digits(value, "", 11).ok_or_else(|| form("11 digits")),
        IdentityField::Stp => digits(value, "STP", 13).ok_or_else(|| form("STP and 13 digits")),
        IdentityField::Eni => digits(value, "ENI", 13).ok_or_else(|| form("ENI and 13 digits")),
        IdentityField::Phone => phone(value).ok_or_else(|| form("5 to 20 digits, with + or not")),
        IdentityField::Email if !value.contains('@') => Err(form("an address with an @")),
        IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::Alias
        | IdentityField::BirthPlace
        | IdentityField::Document
        | IdentityField::Email
        | IdentityField::Address
        | IdentityField::ProtectedAddress
        | IdentityField::Status
        | IdentityField::Note
        | IdentityField::PrivateNote => Ok(value.into()),
    }
}

fn length_max(field: IdentityField) -> usize {
    match field {
        IdentityField::Note | IdentityField::PrivateNote => NOTE_MAX,
        IdentityField::Document
        | IdentityField::Address
        | IdentityField::ProtectedAddress
        | IdentityField::Email
        | IdentityField::Status => LINE_MAX,
        IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::Alias
        | IdentityField::BirthDate
        | IdentityField::BirthPlace
        | IdentityField::Sex
        | IdentityField::TaxCode
        | IdentityField::ProvisionalTaxCode
        | IdentityField::Stp
        | IdentityField::Eni
        | IdentityField::Phone => NAME_MAX,
    }
}

fn digits(value: &str, prefix: &str, count: usize) -> Option<String> {
    let plain: String = value.split_whitespace().collect::<String>().to_ascii_uppercase();
    let rest = plain.strip_prefix(prefix)?;
    (rest.len() == count && rest.bytes().all(|b| b.is_ascii_digit())).then_some(plain.clone())
}

fn phone(value: &str) -> Option<String> {
    let kept: String = value.chars().filter(|symbol| !" ./-()".contains(*symbol)).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    let fits = (5..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| kept.clone())
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;
    use time::macros::date;

    use super::*;

    fn kept(field: IdentityField, value: &str) -> Result<String, BadFact> {
        kept_form(field, value, date!(2025 - 01 - 27))
    }

    #[test]
    fn a_value_is_kept_in_one_form() {
        for (field, told, form) in [
            (IdentityField::TaxCode, " rssmra85t10a562s ", "RSSMRA85T10A562S"),
            (IdentityField::TaxCode, "RSSMRA85T10A56NH", "RSSMRA85T10A56NH"),
            (IdentityField::ProvisionalTaxCode, "12345 678901", "12345678901"),
            (IdentityField::Stp, "stp 1600 0000 00001", "STP1600000000001"),
            (IdentityField::Eni, "ENI1600000000001", "ENI1600000000001"),
            (IdentityField::Phone, "+39 333 / 123-4567", "+393331234567"),
            (IdentityField::Sex, "F", "f"),
            (IdentityField::FamilyName, "  D'Àngelo ", "D'Àngelo"),
            (IdentityField::Note, "one\ntwo", "one\ntwo"),
        ] {
            assert_eq!(kept(field, told), Ok(form.into()), "{field}");
        }
    }

    #[test]
    fn another_form_is_refused_without_repeating_the_value() {
        for (field, told) in [
            (IdentityField::TaxCode, "RSSMRA85T10A562"),
            (IdentityField::ProvisionalTaxCode, "1234567890"),
            (IdentityField::Stp, "ENI1600000000001"),
            (IdentityField::BirthDate, "10/12/1985"),
            (IdentityField::BirthDate, "1899-12-31"),
            (IdentityField::BirthDate, "2025-01-28"),
            (IdentityField::Sex, "woman"),
            (IdentityField::Phone, "call me maybe"),
            (IdentityField::Email, "ada.example.org"),
            (IdentityField::FamilyName, "Ros\u{7}si"),
            (IdentityField::GivenName, "one\ntwo"),
            (IdentityField::GivenName, " "),
        ] {
            let refused = kept(field, told).unwrap_err().to_string();
            assert!(told.trim().is_empty() || !refused.contains(told), "{refused}");
        }
        assert!(kept(IdentityField::Note, &"x".repeat(NOTE_MAX + 1)).is_err());
    }

    #[test]
    fn every_fact_has_one_segment_and_a_note_that_of_its_service() {
        for field in IdentityField::VARIANTS {
            if let Some(own) = own_segment(*field) {
                assert_eq!(segment_of(*field, None), Ok(own));
                let other = segment_of(*field, Some(Segment::Food));
                assert_eq!(other, Err(BadFact::OtherSegment { field: *field, segment: own }));
            } else {
                assert_eq!(segment_of(*field, Some(Segment::Food)), Ok(Segment::Food));
                for bad in [None, Some(Segment::Identity), Some(Segment::Address)] {
                    assert!(segment_of(*field, bad).is_err());
                }
            }
        }
    }
}
