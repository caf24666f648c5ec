//! What somebody typed of a person: read from a form, checked, carried to the next form, and asked
//! of the doors. It stands in no URL and prints nothing of itself.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};
use time::Date;
use time::format_description::well_known::Iso8601;

use crate::gate::Fields;

/// The earliest year of birth that a record takes.
const BIRTH_YEAR_MIN: i32 = 1900;
/// Letters in the places where a codice fiscale has letters; digits may be letters too (omocodia).
/// Source: DM 23 December 1976.
const TAX_CODE_LETTERS: [usize; 8] = [0, 1, 2, 3, 4, 5, 8, 11];
const TAX_CODE_LEN: usize = 16;
/// Letters of the two names with which it begins.
const NAME_LETTERS: usize = 6;
/// Lengths of a codice fiscale with a symbol or two too few or too many.
const ALMOST: RangeInclusive<usize> = 14..=18;

/// A field that cannot be taken as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) why: String,
}

impl Wrong {
    pub(crate) fn new(field: &'static str, why: &str) -> Self {
        Self { field, why: why.to_owned() }
    }
}

/// What was typed, as it was typed.
#[derive(Clone, Default)]
pub(crate) struct Told {
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) alias: String,
    pub(crate) born_on: String,
    pub(crate) birth_year: String,
    pub(crate) number: String,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}

impl Told {
    pub(crate) fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            family: text("cognome"),
            given: text("nome"),
            alias: text("soprannome"),
            born_on: text("nascita"),
            birth_year: text("anno"),
            number: text("numero"),
        }
    }

    /// Every field with its name in a form.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("cognome", &self.family),
            ("nome", &self.given),
            ("soprannome", &self.alias),
            ("nascita", &self.born_on),
            ("anno", &self.birth_year),
            ("numero", &self.number),
        ]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, text)| text.is_empty())
    }

    /// The date of birth, where one was typed that can be one.
    pub(crate) fn birth_date(&self) -> Option<Date> {
        Date::parse(&self.born_on, &Iso8601::DATE).ok()
    }

    /// The year of birth: of the date, or alone.
    pub(crate) fn year(&self) -> Option<i32> {
        self.birth_date().map(Date::year).or_else(|| self.birth_year.parse().ok())
    }

    /// What cannot be taken as it is.
    pub(crate) fn wrong(&self, today: Date) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let fits = |day: Date| day <= today && day.year() >= BIRTH_YEAR_MIN;
        if !self.born_on.is_empty() && !self.birth_date().is_some_and(fits) {
            let why = "La data di nascita si scrive come 1985-12-10 e non è dopo oggi.";
            wrong.push(Wrong::new("nascita", why));
        }
        let years = BIRTH_YEAR_MIN..=today.year();
        let year = self.birth_year.parse().ok();
        if !self.birth_year.is_empty() && !year.is_some_and(|year: i32| years.contains(&year)) {
            let why = "L’anno di nascita va dal 1900 a quest’anno; se non si sa, lascialo vuoto.";
            wrong.push(Wrong::new("anno", why));
        }
        wrong
    }

    /// The question whether somebody is known who is like this.
    pub(crate) fn question(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, text: &str| {
            if !text.is_empty() {
                body.insert(name.into(), json!(text));
            }
        };
        put("family", &self.family);
        put("given", &self.given);
        put("alias", &self.alias);
        if let Some(kind) = number_kind(&self.number) {
            put(kind, &self.number);
        }
        if let Some(day) = self.birth_date() {
            put("birth_date", &day.to_string());
        } else if let Some(year) = self.year() {
            body.insert("birth_year".into(), json!(year));
        }
        Value::Object(body)
    }

    /// The facts that the vault is to keep; whether a document was seen says where they come from.
    pub(crate) fn facts(&self, from_document: bool) -> Vec<Value> {
        let source = if from_document { "document" } else { "declared" };
        let day = self.birth_date().map(|day| day.to_string()).unwrap_or_default();
        let number = number_kind(&self.number).map(|kind| (kind, &self.number));
        let all = [
            ("family_name", &self.family),
            ("given_name", &self.given),
            ("alias", &self.alias),
            ("birth_date", &day),
        ];
        let said = all.into_iter().chain(number).filter(|(_, value)| !value.is_empty());
        said.map(|(field, value)| json!({ "field": field, "value": value, "source": source }))
            .collect()
    }

    /// Whether the number was meant to be a codice fiscale and is none.
    pub(crate) fn is_almost_a_tax_code(&self) -> bool {
        !self.number.is_empty() && number_kind(&self.number).is_none()
    }

    /// The same without the number, where that cannot be kept in the form in which it was typed.
    pub(crate) fn without_number(&self) -> Self {
        Self { number: String::new(), ..self.clone() }
    }
}

/// Which number this is, by its form: the vault looks at it more closely. None for what was meant to
/// be a codice fiscale and is none: as a document it would mislead.
fn number_kind(number: &str) -> Option<&'static str> {
    let plain = plain(number);
    let digits = plain.bytes().all(|byte| byte.is_ascii_digit());
    match plain.len() {
        0 => None,
        _ if plain.starts_with("STP") => Some("stp"),
        _ if plain.starts_with("ENI") => Some("eni"),
        11 if digits => Some("provisional_tax_code"),
        TAX_CODE_LEN if is_tax_code(&plain) => Some("tax_code"),
        length if ALMOST.contains(&length) && begins_like_one(&plain) => None,
        _ => Some("document"),
    }
}

fn plain(number: &str) -> String {
    number.split_whitespace().collect::<String>().to_ascii_uppercase()
}

fn begins_like_one(plain: &str) -> bool {
    let letters = plain.bytes().take_while(u8::is_ascii_alphabetic).count();
    letters >= NAME_LETTERS
}

fn is_tax_code(plain: &str) -> bool {
    let letter = |place: &usize| plain.as_bytes().get(*place).is_some_and(u8::is_ascii_alphabetic);
    plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) && TAX_CODE_LETTERS.iter().all(letter)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn told(year: &str, day: &str, number: &str) -> Told {
        Told {
            family: "Diallo".into(),
            birth_year: year.into(),
            born_on: day.into(),
            number: number.into(),
            ..Told::default()
        }
    }

    #[test]
    fn a_day_or_a_year_that_cannot_be_is_said_at_its_field() {
        let today = date!(2026 - 11 - 22);
        let wrong = |year: &str, day: &str| {
            let all = told(year, day, "").wrong(today);
            all.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong("1991", "1991-04-02"), Vec::<&str>::new());
        assert_eq!(wrong("1899", "2026-11-23"), vec!["nascita", "anno"]);
        assert_eq!(wrong("ventuno", "2/4/1991"), vec!["nascita", "anno"]);
    }

    #[test]
    fn a_number_is_asked_as_what_its_form_tells() {
        for (number, kind) in [
            ("rssmra85t10a562s", Some("tax_code")),
            ("RSSMRA85T10A56NH", Some("tax_code")),
            ("stp 1600000000001", Some("stp")),
            ("ENI1600000000001", Some("eni")),
            ("12345678901", Some("provisional_tax_code")),
            ("AA1234567", Some("document")),
            ("1234567890123456", Some("document")),
            ("RSSMRA85T10A562", None),
            ("RSSMRA85T10A562SS", None),
            ("", None),
        ] {
            assert_eq!(number_kind(number), kind, "{number}");
        }
    }

    #[test]
    fn a_year_is_asked_only_where_no_day_is_known() {
        let year = told("1991", "", "").question();
        assert_eq!(year, json!({ "family": "Diallo", "birth_year": 1991 }));
        let day = told("1991", "1991-04-02", "").question();
        assert_eq!(day, json!({ "family": "Diallo", "birth_date": "1991-04-02" }));
    }

    #[test]
    fn what_was_typed_is_not_printed_a4() {
        assert!(!format!("{:?}", told("", "", "AA1234567")).contains("AA1234567"));
    }
}
