//! What somebody typed of a person: read from a form, checked, carried to the next form, and asked
//! of the doors. It stands in no URL and prints nothing of itself.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};
use time::Date;
use time::format_description::well_known::Iso8601;
use trama_ui::language::Words;

use crate::gate::Fields;

/// The earliest year of birth that a record takes.
const BIRTH_YEAR_MIN: i32 = 1900;
/// Letters in the places where a codice fiscale has letters; digits may be letters too (omocodia).
/// Source: DM 23 December 1976.
const TAX_CODE_LETTERS: [usize; 8] = [0, 1, 2, 3, 4, 5, 8, 11];
const TAX_CODE_LEN: usize = 16;
/// Letters of names from which on those are named who have such ones.
const LETTERS_MIN: usize = 3;
const YEAR_LEN: usize = 4;
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

    /// What one line tells, as far as it can be told apart: a day or a year, a number, and names, of
    /// which the first is taken for the family's. Whoever reads the form puts it right.
    pub(crate) fn of_line(line: &str) -> Self {
        let mut told = Self::default();
        let mut names: Vec<&str> = Vec::new();
        for word in line.split_whitespace() {
            if let Some(day) = day_of(word) {
                told.born_on = day.to_string();
            } else if word.len() == YEAR_LEN && word.bytes().all(|byte| byte.is_ascii_digit()) {
                word.clone_into(&mut told.birth_year);
            } else if word.bytes().any(|byte| byte.is_ascii_digit()) {
                word.clone_into(&mut told.number);
            } else {
                names.push(word);
            }
        }
        if let [family, given @ ..] = names.as_slice() {
            (*family).clone_into(&mut told.family);
            told.given = given.join(" ");
        }
        told
    }

    /// Whether so little was told that what is like it is counted and not named: a letter or two
    /// of a name would show many people of whom nobody asked (trust.md, threat 1).
    pub(crate) fn is_little(&self) -> bool {
        let letters = |text: &str| text.chars().filter(|symbol| symbol.is_alphanumeric()).count();
        let names = letters(&self.family) + letters(&self.given) + letters(&self.alias);
        self.born_on.is_empty() && self.number.is_empty() && names < LETTERS_MIN
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
    pub(crate) fn wrong(&self, today: Date, words: &Words) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let fits = |day: Date| day <= today && day.year() >= BIRTH_YEAR_MIN;
        if !self.born_on.is_empty() && !self.birth_date().is_some_and(fits) {
            wrong.push(Wrong::new("nascita", &words.told_wrong_birth()));
        }
        let years = BIRTH_YEAR_MIN..=today.year();
        let year = self.birth_year.parse().ok();
        if !self.birth_year.is_empty() && !year.is_some_and(|year: i32| years.contains(&year)) {
            wrong.push(Wrong::new("anno", &words.told_wrong_year()));
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

    /// The same while it is typed: half a number is none, and each would count as one that was
    /// looked for (trust.md, threat 12).
    pub(crate) fn as_typed(&self) -> Self {
        if is_whole(&self.number) { self.clone() } else { self.without_number() }
    }

    /// The same without the number, where that cannot be kept in the form in which it was typed.
    pub(crate) fn without_number(&self) -> Self {
        Self { number: String::new(), ..self.clone() }
    }
}

/// One line while it is typed: without a number of which the end may be missing.
pub(crate) fn line_as_typed(line: &str) -> String {
    let says_more = |word: &&str| {
        let is_year = word.len() == YEAR_LEN && word.bytes().all(|byte| byte.is_ascii_digit());
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        !has_digit || is_year || day_of(word).is_some() || is_whole(word)
    };
    line.split_whitespace().filter(says_more).collect::<Vec<_>>().join(" ")
}

/// Whether a number is whole by its form. Of a document nobody can tell.
fn is_whole(number: &str) -> bool {
    match number_kind(number) {
        Some("tax_code" | "provisional_tax_code") => true,
        Some("stp" | "eni") => plain(number).len() == TAX_CODE_LEN,
        Some(_) | None => false,
    }
}

/// A day as people write it, 2/4/1991 or 02.04.1991, or as forms do, 1991-04-02.
fn day_of(word: &str) -> Option<Date> {
    if let Ok(day) = Date::parse(word, &Iso8601::DATE) {
        return Some(day);
    }
    let mut parts = word.split(['/', '.', '-']);
    let day = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let year = parts.next().filter(|year| year.len() == YEAR_LEN)?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    Date::from_calendar_date(year, month.try_into().ok()?, day).ok()
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
    use trama_ui::language::Language;

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
            let all = told(year, day, "").wrong(today, Language::Italian.words());
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
    fn one_line_is_told_apart_as_far_as_it_can_be() {
        let all = Told::of_line(" Diallo Ibrahima  Sory 2/4/1991 AA1234567 ");
        assert_eq!((all.family.as_str(), all.given.as_str()), ("Diallo", "Ibrahima Sory"));
        assert_eq!((all.born_on.as_str(), all.number.as_str()), ("1991-04-02", "AA1234567"));
        let year = Told::of_line("1991 Diallo");
        assert_eq!((year.birth_year.as_str(), year.family.as_str()), ("1991", "Diallo"));
        for day in ["1991-04-02", "02.04.1991", "2-4-1991"] {
            assert_eq!(day_of(day), Some(date!(1991 - 04 - 02)), "{day}");
        }
        for no_day in ["31/2/1991", "2/4/91", "2/4", "1/2/3/1991"] {
            assert_eq!(day_of(no_day), None, "{no_day}");
        }
    }

    #[test]
    fn half_a_number_is_not_looked_for_while_it_is_typed_t12() {
        for half in ["R", "RSSMRA85T10A56", "AA1234567", "STP16", "123456"] {
            assert!(told("", "", half).as_typed().number.is_empty(), "{half}");
            assert_eq!(
                line_as_typed(&format!("Diallo 1991 {half}1 2/4/1991")),
                "Diallo 1991 2/4/1991"
            );
        }
        for whole in ["RSSMRA85T10A562S", "12345678901", "STP1600000000001"] {
            assert_eq!(told("", "", whole).as_typed().number, whole);
            assert_eq!(line_as_typed(whole), whole);
        }
    }

    #[test]
    fn a_letter_or_two_name_nobody_t1() {
        assert!(Told::of_line("Di").is_little() && Told::of_line("D I 1991").is_little());
        assert!(!Told::of_line("Dia").is_little() && !Told::of_line("2/4/1991").is_little());
        assert!(!Told::of_line("AA1234567").is_little());
    }

    #[test]
    fn what_was_typed_is_not_printed_a4() {
        assert!(!format!("{:?}", told("", "", "AA1234567")).contains("AA1234567"));
    }
}
