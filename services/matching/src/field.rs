//! What is compared, how close it can be, and the words for it.

use serde::{Deserialize, Serialize};

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Italian.
    Italian,
    /// English.
    English,
}

/// One thing that two descriptions are compared on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Family name or names.
    Family,
    /// Given names.
    Given,
    /// Whether family and given name stand in the same order in both.
    Order,
    /// Date or year of birth.
    Birth,
    /// Sex in the registry.
    Sex,
    /// Birthplace.
    Place,
    /// Tax code.
    TaxCode,
    /// Numbers that belong to one person: STP, ENI, document, card.
    Identifier,
    /// Numbers that several people may share: telephone, e-mail, address.
    Contact,
    /// The name by which somebody is called.
    Alias,
}

/// How many fields there are.
pub(crate) const FIELDS: usize = 10;

/// More levels than any field has.
pub(crate) const LEVELS_MAX: usize = 11;

/// A level of agreement of a field, best first, with its words.
#[derive(Debug)]
pub(crate) struct Said {
    /// Stable name, in the file of weights.
    pub code: &'static str,
    italian: &'static str,
    english: &'static str,
}

impl Said {
    pub(crate) fn words(&self, language: Language) -> &'static str {
        match language {
            Language::Italian => self.italian,
            Language::English => self.english,
        }
    }
}

impl Field {
    /// Every field, in the order of [`Field::index`].
    pub(crate) const ALL: [Self; FIELDS] = [
        Self::Family,
        Self::Given,
        Self::Order,
        Self::Birth,
        Self::Sex,
        Self::Place,
        Self::TaxCode,
        Self::Identifier,
        Self::Contact,
        Self::Alias,
    ];

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The levels of this field; a level's number is its place here.
    pub(crate) fn levels(self) -> &'static [Said] {
        match self {
            Self::Family => &FAMILY,
            Self::Given => &GIVEN,
            Self::Order => &ORDER,
            Self::Birth => &BIRTH,
            Self::Sex => &SEX,
            Self::Place => &PLACE,
            Self::TaxCode => &TAX_CODE,
            Self::Identifier => &IDENTIFIER,
            Self::Contact => &CONTACT,
            Self::Alias => &ALIAS,
        }
    }
}

const fn said(code: &'static str, italian: &'static str, english: &'static str) -> Said {
    Said { code, italian, english }
}

/// How close two names are; the numbers of the levels of [`Field::Family`] and [`Field::Given`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum NameLevel {
    Same,
    Sounds,
    Variant,
    Part,
    Close,
    Similar,
    Faint,
    Initial,
    Different,
}

const FAMILY: [Said; 9] = [
    said("same", "stesso cognome", "same family name"),
    said("sounds", "cognome che suona uguale", "family name that sounds the same"),
    said("variant", "variante dello stesso cognome", "variant of the same family name"),
    said("part", "uno dei cognomi in comune", "one of the family names in common"),
    said("close", "cognome quasi uguale", "nearly the same family name"),
    said("similar", "cognome simile", "similar family name"),
    said("faint", "cognome poco simile", "hardly similar family name"),
    said("initial", "solo l'iniziale del cognome", "only the initial of the family name"),
    said("different", "cognome diverso", "different family name"),
];

const GIVEN: [Said; 9] = [
    said("same", "stesso nome", "same given name"),
    said("sounds", "nome che suona uguale", "given name that sounds the same"),
    said("variant", "variante dello stesso nome", "variant of the same given name"),
    said("part", "uno dei nomi in comune", "one of the given names in common"),
    said("close", "nome quasi uguale", "nearly the same given name"),
    said("similar", "nome simile", "similar given name"),
    said("faint", "nome poco simile", "hardly similar given name"),
    said("initial", "solo l'iniziale del nome", "only the initial of the given name"),
    said("different", "nome diverso", "different given name"),
];

/// Levels of [`Field::Order`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderLevel {
    Straight,
    /// Each name is the other's other name. Names are then not compared on their own: that they
    /// fit is what is meant by crossed.
    Crossed,
    CrossedClose,
    /// One has only one name, and it is the other's other name.
    CrossedOne,
}

const ORDER: [Said; 4] = [
    said("straight", "cognome e nome nello stesso ordine", "names in the same order"),
    said("crossed", "stesso cognome e nome, scambiati", "same names, swapped"),
    said(
        "crossed_close",
        "cognome e nome scambiati e quasi uguali",
        "nearly the same names, swapped",
    ),
    said("crossed_one", "un solo nome, al posto dell'altro", "a single name, in the other's place"),
];

/// Levels of [`Field::Birth`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BirthLevel {
    Same,
    /// Both on the first of January of a year, which is written when only the year is known.
    SameNewYear,
    DayMonthSwapped,
    OneDigit,
    DayAndMonth,
    SameYear,
    NearYear,
    Different,
    /// One of the two has only a year.
    YearAlone,
    YearAloneNear,
    YearAloneDifferent,
}

const BIRTH: [Said; 11] = [
    said("same", "stessa data di nascita", "same birth date"),
    said("same_new_year", "stesso 1° gennaio di nascita", "same first of January as birth date"),
    said(
        "day_month_swapped",
        "giorno e mese di nascita scambiati",
        "day and month of birth swapped",
    ),
    said("one_digit", "data di nascita diversa per una cifra", "birth dates differ by one digit"),
    said("day_and_month", "stesso giorno, altro anno di nascita", "same birthday, another year"),
    said("same_year", "stesso anno, altro giorno di nascita", "same birth year, another day"),
    said("near_year", "anno di nascita vicino", "birth years close"),
    said("different", "data di nascita diversa", "different birth date"),
    said("year_alone", "stesso anno di nascita", "same birth year"),
    said("year_alone_near", "anno di nascita vicino", "birth years close"),
    said("year_alone_different", "anno di nascita diverso", "different birth year"),
];

/// Levels of [`Field::Sex`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SexLevel {
    Same,
    Different,
}

const SEX: [Said; 2] =
    [said("same", "stesso sesso", "same sex"), said("different", "altro sesso", "another sex")];

/// Levels of [`Field::Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceLevel {
    Same,
    Close,
    Different,
}

const PLACE: [Said; 3] = [
    said("same", "stesso luogo di nascita", "same birthplace"),
    said("close", "luogo di nascita quasi uguale", "nearly the same birthplace"),
    said("different", "altro luogo di nascita", "another birthplace"),
];

/// Levels of [`Field::TaxCode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaxCodeLevel {
    Same,
    /// The same code, but it does not fit the names or the date of one of the two.
    Contested,
    Omocodes,
    OneOff,
    OtherPlace,
    /// One has only a code, the other no code; the letters of the names fit, or do not.
    Fits,
    FitsNot,
    Different,
}

const TAX_CODE: [Said; 8] = [
    said("same", "stesso codice fiscale", "same tax code"),
    said(
        "contested",
        "stesso codice fiscale, ma non corrisponde a una delle due schede",
        "same tax code, but it does not fit one of the two records",
    ),
    said(
        "omocodes",
        "codici fiscali uguali salvo omocodia: possono essere due persone",
        "tax codes equal but for omocodia: they may be two people",
    ),
    said("one_off", "codice fiscale diverso per un carattere", "tax codes differ by one character"),
    said("other_place", "codice fiscale diverso nel luogo", "tax codes differ in the place only"),
    said("fits", "il codice fiscale corrisponde ai nomi", "the tax code fits the names"),
    said("fits_not", "il codice fiscale non corrisponde", "the tax code does not fit the names"),
    said("different", "codice fiscale diverso", "different tax code"),
];

/// Levels of [`Field::Identifier`] and [`Field::Contact`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NumberLevel {
    Same,
    OneOff,
    TwoOff,
    Different,
}

const IDENTIFIER: [Said; 4] = [
    said("same", "stesso documento o numero personale", "same document or personal number"),
    said("one_off", "numero personale diverso per un carattere", "numbers differ by one character"),
    said(
        "two_off",
        "numero personale diverso per due caratteri",
        "numbers differ by two characters",
    ),
    said("different", "altro documento o numero personale", "another document or personal number"),
];

const CONTACT: [Said; 4] = [
    said("same", "stesso recapito", "same contact"),
    said("one_off", "recapito diverso per un carattere", "contacts differ by one character"),
    said("two_off", "recapito diverso per due caratteri", "contacts differ by two characters"),
    said("different", "altro recapito", "another contact"),
];

/// Levels of [`Field::Alias`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AliasLevel {
    Same,
    Similar,
    Different,
}

const ALIAS: [Said; 3] = [
    said("same", "stesso soprannome", "same alias"),
    said("similar", "soprannome simile", "similar alias"),
    said("different", "altro soprannome", "another alias"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_stands_at_its_index_and_has_as_many_levels_as_fit() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), index);
            assert!((2..=LEVELS_MAX).contains(&field.levels().len()));
        }
        assert_eq!(FAMILY[NameLevel::Different as usize].code, "different");
        assert_eq!(BIRTH[BirthLevel::YearAloneDifferent as usize].code, "year_alone_different");
        assert_eq!(TAX_CODE[TaxCodeLevel::Different as usize].code, "different");
        assert_eq!(IDENTIFIER[NumberLevel::Different as usize].code, "different");
        assert_eq!(PLACE[PlaceLevel::Different as usize].code, "different");
        assert_eq!(ALIAS[AliasLevel::Different as usize].code, "different");
    }

    #[test]
    fn every_level_has_words_in_both_languages() {
        for level in Field::ALL.into_iter().flat_map(Field::levels) {
            let (italian, english) =
                (level.words(Language::Italian), level.words(Language::English));
            assert!(!italian.is_empty() && !english.is_empty() && italian != english);
        }
    }
}
