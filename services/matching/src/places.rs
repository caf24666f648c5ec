//! Municipalities of Italy, open and closed, and foreign states, by cadastral code.
//!
//! Reference data embedded from `data/` (see its README for sources and licences).

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use time::{Date, Month};

use crate::fold::folded;

/// A cadastral code (*codice catastale*, "Belfiore"): a letter and three digits. `Z` is abroad.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceCode([u8; 4]);

impl PlaceCode {
    /// The code in `text`, upper or lower case, blanks around it ignored; `None` when it is not
    /// a letter and three digits. The code need not exist: see [`place`].
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 4] = text.trim().as_bytes().try_into().ok()?;
        let [letter, digits @ ..] = bytes.map(|byte| byte.to_ascii_uppercase());
        let well_formed = letter.is_ascii_uppercase() && digits.iter().all(u8::is_ascii_digit);
        well_formed.then(|| Self([letter, digits[0], digits[1], digits[2]]))
    }

    /// The four characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether it stands for a foreign state.
    pub fn is_abroad(self) -> bool {
        self.0[0] == b'Z'
    }

    pub(crate) fn bytes(self) -> [u8; 4] {
        self.0
    }
}

impl fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlaceCode(..)")
    }
}

/// A municipality or a foreign state.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its latest name.
    pub name: &'static str,
    /// The province's two letters; empty abroad.
    pub province: &'static str,
    /// Whether it exists in the year of the reference data.
    pub open: bool,
    /// Periods that ended: first and last day, both included.
    spans: Vec<(Date, Date)>,
}

impl Place {
    /// Whether a code can name this place for somebody born on that day, as far as is known.
    ///
    /// A closed municipality can from its first day to its last. In a gap between, when it was
    /// part of another, births are found with its code all the same: the registers went back to it
    /// with its territory. For that reason, and because the list of open ones has no first days,
    /// an open municipality always can. So can a state.
    pub fn existed_on(&self, day: Date) -> bool {
        let first = self.spans.iter().map(|(first, _)| *first).min();
        let last = self.spans.iter().map(|(_, last)| *last).max();
        self.open || (first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last))
    }
}

/// The municipality or state with this code, open or closed.
pub fn place(code: PlaceCode) -> Option<&'static Place> {
    PLACES.by_code.get(&code)
}

/// Codes of the places with this name, whatever its case and accents; open ones first.
///
/// A municipality's name may be followed by its province: `"Porcari (LU)"`.
pub fn places_named(name: &str) -> &'static [PlaceCode] {
    PLACES.by_name.get(&place_key(name)).map_or(&[], Vec::as_slice)
}

/// The form under which a place's name is looked up and compared: letters only, no province.
pub(crate) fn place_key(name: &str) -> String {
    let name = name.split_once('(').map_or(name, |(before, _)| before);
    folded(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

struct Places {
    by_code: HashMap<PlaceCode, Place>,
    by_name: HashMap<String, Vec<PlaceCode>>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let mut places = Places { by_code: HashMap::new(), by_name: HashMap::new() };
    for row in rows(include_str!("../data/municipalities.csv")) {
        places.add(row[0], row[1], row[2], true);
    }
    for row in rows(include_str!("../data/foreign_states.csv")) {
        places.add(row[0], row[1], "", true);
    }
    for row in rows(include_str!("../data/municipalities_closed.csv")) {
        places.add(row[0], row[1], row[2], false);
        places.close(row[0], row[3], row[4]);
    }
    places
});

impl Places {
    fn add(&mut self, code: &str, name: &'static str, province: &'static str, open: bool) {
        let Some(code) = PlaceCode::parse(code) else { return };
        let known = self.by_code.entry(code).or_insert_with(|| Place {
            name,
            province,
            open,
            spans: Vec::new(),
        });
        if !known.open {
            (known.name, known.province) = (name, province);
        }
        let named = self.by_name.entry(place_key(name)).or_default();
        if !named.contains(&code) {
            named.push(code);
        }
    }

    fn close(&mut self, code: &str, opened: &str, closed: &str) {
        let known = PlaceCode::parse(code).and_then(|code| self.by_code.get_mut(&code));
        if let (Some(place), Some(first), Some(last)) = (known, day(opened), day(closed)) {
            place.spans.push((first, last));
        }
    }
}

/// Rows after the heading, each with five cells, the missing ones empty.
fn rows(csv: &'static str) -> impl Iterator<Item = [&'static str; 5]> {
    csv.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

fn day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn known(code: &str) -> &'static Place {
        place(PlaceCode::parse(code).unwrap()).unwrap()
    }

    #[test]
    fn every_row_of_the_reference_data_is_read() {
        let open = PLACES.by_code.iter().filter(|(code, place)| place.open && !code.is_abroad());
        assert_eq!(open.count(), 7_896);
        assert_eq!(PLACES.by_code.keys().filter(|code| code.is_abroad()).count(), 222);
        let spans: usize = PLACES.by_code.values().map(|place| place.spans.len()).sum();
        assert_eq!(spans, 11_451, "28 of 11,479 rows have no cadastral code");
    }

    #[test]
    fn a_closed_municipality_existed_until_its_last_day() {
        let zuri = known("M206");
        assert!(zuri.existed_on(date!(1927 - 07 - 27)));
        assert!(!zuri.existed_on(date!(1927 - 07 - 28)));
        assert!(!zuri.open);
    }

    #[test]
    fn a_birth_in_a_municipality_that_was_merged_away_for_some_years_may_bear_its_code() {
        assert!(known("A007").existed_on(date!(1930 - 01 - 01)));
    }

    #[test]
    fn a_place_is_found_by_its_name_without_accents_and_with_its_province() {
        assert_eq!(places_named("PORCARI (LU)"), [PlaceCode::parse("G882").unwrap()]);
        assert_eq!(places_named("nardo'"), [PlaceCode::parse("F842").unwrap()]);
        assert_eq!(places_named("Nowhere"), []);
    }
}
