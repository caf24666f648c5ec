//! A person as somebody described her, and the same made ready to be compared.

use std::fmt;

use time::Date;

use crate::field::NameLevel;
use crate::names::Name;
use crate::places::{PlaceCode, place_key, places_named};
use crate::tax_code::{TaxCode, agrees, family_letters, given_letters, judge};
use crate::weights::{Frequencies, Weights};

/// Sex in the registry, as the tax code knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What is known of a person. Everything may be missing; what is missing counts neither way.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Family name or names.
    pub family: Option<String>,
    /// Given names.
    pub given: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Year of birth, when the date is not known.
    pub birth_year: Option<i32>,
    /// Sex in the registry.
    pub sex: Option<Sex>,
    /// Birthplace: a cadastral code or a name.
    pub birth_place: Option<String>,
    /// Tax code as it is written, right or wrong.
    pub tax_code: Option<String>,
    /// Numbers that belong to one person, of any kind (STP, ENI, document, card).
    pub identifiers: Vec<Identifier>,
    /// Numbers that several people may share (telephone, e-mail, address).
    pub contacts: Vec<Identifier>,
    /// The name by which she is called.
    pub alias: Option<String>,
}

/// A number with its kind. Numbers of different kinds are never compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    /// What kind of number, in the caller's words.
    pub kind: String,
    /// The number; only letters and digits count, in any case.
    pub value: String,
}

/// Names and numbers never show themselves in logs or errors.
impl fmt::Debug for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Described(..)")
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({})", self.kind)
    }
}

/// A description made ready once, so that comparing it allocates nothing.
#[derive(Clone)]
pub struct Prepared {
    pub(crate) family: Option<Name>,
    pub(crate) given: Option<Name>,
    pub(crate) alias: Option<Name>,
    pub(crate) birth: Option<Birth>,
    pub(crate) sex: Option<Sex>,
    pub(crate) place: Option<Box<str>>,
    pub(crate) code: Option<Coded>,
    pub(crate) identifiers: Vec<Numbered>,
    pub(crate) contacts: Vec<Numbered>,
    /// Share of the population with this family name, given name, place; see
    /// [`crate::Frequencies`].
    pub(crate) family_share: f32,
    pub(crate) given_share: f32,
    pub(crate) place_share: f32,
    /// Three letters of each name as a tax code has them.
    pub(crate) letters: [Option<[u8; 3]>; 2],
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared(..)")
    }
}

/// When somebody was born, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Birth {
    /// Last two digits: a tax code knows no more.
    pub yy: i32,
    /// The whole year, unless it comes from a tax code.
    pub year: Option<i32>,
    /// Month and day.
    pub day: Option<(u8, u8)>,
}

/// A tax code with what follows from it.
#[derive(Clone, Copy)]
pub(crate) struct Coded {
    pub code: TaxCode,
    pub base: TaxCode,
    /// It does not fit this person's own names or date.
    pub contested: bool,
    pub birth: Option<Birth>,
}

/// An [`Identifier`] in the form in which it is compared.
#[derive(Clone)]
pub(crate) struct Numbered {
    pub kind: Box<str>,
    pub value: Box<str>,
}

impl Prepared {
    /// Makes a description ready. The weights give how frequent its names are.
    pub fn new(described: &Described, weights: &Weights) -> Self {
        Self::among(described, weights.frequencies())
    }

    /// Makes a description ready for a population with these frequencies.
    pub(crate) fn among(described: &Described, shares: &Frequencies) -> Self {
        let named = |text: &Option<String>| text.as_deref().and_then(Name::new);
        let (family, given) = (named(&described.family), named(&described.given));
        let place = described.birth_place.as_deref().and_then(place_form);
        let letters = [
            described.family.as_deref().map(family_letters),
            described.given.as_deref().map(given_letters),
        ];
        Self {
            family_share: shares.family(family.as_ref().map(|name| &*name.whole)),
            given_share: shares.given(given.as_ref().map(|name| &*name.whole)),
            place_share: shares.place(place.as_deref()),
            alias: named(&described.alias),
            birth: Birth::of(described),
            sex: described.sex,
            code: described.tax_code.as_deref().and_then(|text| Coded::new(text, described)),
            identifiers: described.identifiers.iter().filter_map(Numbered::new).collect(),
            contacts: described.contacts.iter().filter_map(Numbered::new).collect(),
            family,
            given,
            place,
            letters,
        }
    }
}

impl Birth {
    fn of(described: &Described) -> Option<Self> {
        match (described.birth_date, described.birth_year) {
            (Some(date), _) => Some(Self::on(date)),
            (None, Some(year)) => {
                Some(Self { yy: year.rem_euclid(100), year: Some(year), day: None })
            }
            (None, None) => None,
        }
    }

    fn on(date: Date) -> Self {
        Self {
            yy: date.year().rem_euclid(100),
            year: Some(date.year()),
            day: Some((date.month().into(), date.day())),
        }
    }
}

impl Coded {
    fn new(text: &str, described: &Described) -> Option<Self> {
        let code = judge(text, None).code?;
        let own = agrees(&code, described);
        let birth = code.month_and_day().map(|(month, day)| Birth {
            yy: i32::from(code.year_of_century()),
            year: None,
            day: Some((month.into(), day)),
        });
        // One part alone is more often a slip than another person's code.
        let other_name = own.given == Some(false) && !swapped(&code, described);
        let contested = other_name && own.birth_date != Some(true);
        Some(Self { code, base: code.base(), contested, birth })
    }
}

/// The names were written in each other's place.
fn swapped(code: &TaxCode, described: &Described) -> bool {
    let (Some(family), Some(given)) = (&described.family, &described.given) else { return false };
    family_letters(given) == code.family() && given_letters(family) == code.given()
}

impl Numbered {
    fn new(identifier: &Identifier) -> Option<Self> {
        let value = number_form(&identifier.value);
        (!value.is_empty())
            .then(|| Self { kind: identifier.kind.as_str().into(), value: value.into() })
    }
}

/// Letters and digits, upper case.
pub(crate) fn number_form(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The cadastral code where it is known, otherwise the name's letters.
pub(crate) fn place_form(text: &str) -> Option<Box<str>> {
    let code = PlaceCode::parse(text).or_else(|| places_named(text).first().copied());
    match code {
        Some(code) => Some(code.as_str().into()),
        None => Some(place_key(text)).filter(|key| !key.is_empty()).map(Into::into),
    }
}

/// How close two names that may be missing are.
pub(crate) fn name_level(a: Option<&Name>, b: Option<&Name>) -> Option<NameLevel> {
    Some(a?.level(b?))
}
