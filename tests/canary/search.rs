//! A search for many words at once, in every form in which they may lie in a file.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use trama_platform::clock::random_bytes;

/// Bytes at the beginning of a form by which it is looked up.
const START: usize = 4;
/// Fewest bytes of a form: what is shorter stands somewhere by chance.
const LENGTH_MIN: usize = 9;

/// A word that must not be found, and where it was put.
#[derive(Debug, Clone)]
pub(super) struct Marker {
    pub(super) put: String,
    pub(super) text: String,
}

/// A word that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) put: String,
    pub(super) form: &'static str,
    pub(super) file: String,
}

/// So many random letters.
pub(super) fn letters(count: usize) -> String {
    let random = random_bytes::<32>().unwrap();
    let letter = |byte: &u8| char::from(b'a' + byte % 26);
    let mut word: String = random.iter().take(count).map(letter).collect();
    word[..1].make_ascii_uppercase();
    word
}

/// So many random digits.
pub(super) fn digits(count: usize) -> String {
    let random = random_bytes::<32>().unwrap();
    random.iter().take(count).map(|byte| char::from(b'0' + byte % 10)).collect()
}

type Form = (&'static str, Vec<u8>);

fn hex(bytes: &[u8]) -> String {
    trama_platform::doors::hex(bytes)
}

fn utf16(text: &str, of: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(of).collect()
}

/// What is the same of a word in base64 whatever stands before and behind it, for each of the three
/// places at which it may begin.
fn base64(bytes: &[u8], out: &mut Vec<Form>) {
    for shift in 0..3 {
        let shifted = [&[0; 2][..shift], bytes].concat();
        let whole = shifted.len() * 8 / 6;
        for text in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            let from = (shift * 8).div_ceil(6);
            out.push(("base64", text.as_bytes()[from..whole].to_vec()));
        }
    }
}

/// Every form of a word: as it is and in one case, as Windows and Java keep it, as PostgreSQL and
/// JSON and addresses write what is not ASCII, in hexadecimal, in base64.
fn forms(text: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for (plain, written) in [
        ("plain", text.to_owned()),
        ("lower case", text.to_lowercase()),
        ("upper case", text.to_uppercase()),
    ] {
        forms.push((plain, written.clone().into_bytes()));
        let little = utf16(&written, u16::to_le_bytes);
        forms.push(("UTF-16 in hexadecimal", hex(&little).into_bytes()));
        forms.push(("UTF-16", little));
        forms.push(("UTF-16", utf16(&written, u16::to_be_bytes)));
        forms.push(("hexadecimal", hex(written.as_bytes()).into_bytes()));
        forms.push(("hexadecimal", hex(written.as_bytes()).to_uppercase().into_bytes()));
        base64(written.as_bytes(), &mut forms);
    }
    if !text.is_ascii() {
        let json: String = text.encode_utf16().map(unicode).collect();
        forms.push(("JSON", json.into_bytes()));
        let percent: String = text.bytes().map(percent).collect();
        forms.push(("an address", percent.into_bytes()));
    }
    if let Some([year, month, day]) = date(text) {
        forms.push(("a date", format!("{day}/{month}/{year}").into_bytes()));
        forms.push(("a date", format!("{day}.{month}.{year}").into_bytes()));
    }
    forms
}

fn unicode(unit: u16) -> String {
    let ascii = u8::try_from(unit).ok().filter(u8::is_ascii);
    ascii.map_or_else(|| format!("\\u{unit:04x}"), |byte| char::from(byte).to_string())
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn date(text: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = text.split('-').collect();
    parts.try_into().ok()
}

/// Forms by their first bytes, each with where its word was put.
pub(super) struct Needles {
    begins: Vec<bool>,
    by_start: HashMap<[u8; START], Vec<(String, Form)>>,
}

impl Needles {
    pub(super) fn of(markers: &[Marker]) -> Self {
        let mut needles = Self { begins: vec![false; 1 << 16], by_start: HashMap::new() };
        for marker in markers {
            for (form, bytes) in forms(&marker.text) {
                assert!(bytes.len() >= LENGTH_MIN, "{} is too short as {form}", marker.put);
                let start: [u8; START] = bytes[..START].try_into().unwrap();
                needles.begins[first_two(&start)] = true;
                let under = needles.by_start.entry(start).or_default();
                under.push((marker.put.clone(), (form, bytes)));
            }
        }
        needles
    }

    /// What stands in these bytes, each once.
    pub(super) fn found(&self, bytes: &[u8]) -> impl Iterator<Item = (String, &'static str)> {
        let mut found = BTreeSet::new();
        let mut at = 0;
        while at + LENGTH_MIN <= bytes.len() {
            if self.begins[first_two(&bytes[at..])] {
                let start: [u8; START] = bytes[at..at + START].try_into().unwrap();
                for (put, (form, whole)) in self.by_start.get(&start).into_iter().flatten() {
                    if bytes[at..].starts_with(whole) {
                        found.insert((put.clone(), *form));
                    }
                }
            }
            at += 1;
        }
        found.into_iter()
    }
}

fn first_two(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// The search itself: what it is said not to find, it would have found.
#[test]
fn a_word_is_found_in_every_form_and_another_one_in_none() {
    let marker = |text: &str| Marker { put: text.to_owned(), text: text.to_owned() };
    let needles = Needles::of(&[marker("Quarantaseiè"), marker("1908-07-21")]);
    let found = |bytes: &[u8]| needles.found(bytes).map(|(_, form)| form).collect::<Vec<_>>();
    for (form, bytes) in forms("Quarantaseiè").into_iter().chain(forms("1908-07-21")) {
        let around = [b"{\"a\":\"", &bytes[..], b"\"}"].concat();
        assert!(found(&around).contains(&form), "{form}");
    }
    for before in ["", "x", "xy", "xyz"] {
        let text = format!("{before}Quarantaseiè, di Bari");
        assert!(found(STANDARD_NO_PAD.encode(&text).as_bytes()).contains(&"base64"), "{text}");
    }
    assert_eq!(found("nato il 21/07/1908".as_bytes()), ["a date"]);
    assert_eq!(found("Quarantasette, 1908-07-22".as_bytes()), Vec::<&str>::new());
}
