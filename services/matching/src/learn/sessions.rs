//! On what the pairs of a session agree.

use crate::field::Field;
use crate::record::{Numbered, Prepared};

/// A kind of pairs to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// The same birth date.
    Birth,
    /// Family and given name that sound the same, in either order.
    Names,
    /// The same tax code but for *omocodia*, or the same personal number.
    Codes,
    /// The same telephone or address: one person, or one household. Shows how frequent relatives
    /// are, and teaches nothing else: a household would be learnt as one careless person.
    Contacts,
}

impl Session {
    /// What cannot be learnt from pairs that agree on it.
    pub(super) fn silent(self) -> &'static [Field] {
        match self {
            Self::Birth => &[Field::Birth],
            // Names make six letters of the code.
            Self::Names => {
                &[Field::Family, Field::Given, Field::Order, Field::Alias, Field::TaxCode]
            }
            Self::Codes => &[Field::TaxCode, Field::Identifier],
            Self::Contacts => &Field::ALL,
        }
    }

    /// Under which keys a record stands; two records are a pair when they share one.
    pub(super) fn keys(self, record: &Prepared) -> Vec<String> {
        match self {
            Self::Birth => date_key(record).into_iter().collect(),
            Self::Names => name_key(record).into_iter().collect(),
            Self::Codes => code_keys(record),
            Self::Contacts => record.contacts.iter().map(number_key).collect(),
        }
    }
}

/// The first of January stands for an unknown day too often to be agreed on.
fn date_key(record: &Prepared) -> Option<String> {
    let birth = record.birth.or(record.code.and_then(|code| code.birth))?;
    let (month, day) = birth.day.filter(|day| *day != (1, 1))?;
    Some(format!("{}-{month}-{day}", birth.yy))
}

fn name_key(record: &Prepared) -> Option<String> {
    let mut both = [&*record.family.as_ref()?.sounds, &*record.given.as_ref()?.sounds];
    both.sort_unstable();
    Some(both.join(" "))
}

fn code_keys(record: &Prepared) -> Vec<String> {
    let numbers = record.identifiers.iter().map(number_key);
    let code = record.code.map(|code| code.base.as_str().to_owned());
    numbers.chain(code).collect()
}

fn number_key(number: &Numbered) -> String {
    format!("{} {}", number.kind, number.value)
}
