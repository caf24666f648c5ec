use time::macros::date;
use time::{Date, Duration};
use trama_events::codes::IdentityField;
use trama_matching::tax_code::{Born, compute};
use trama_matching::{PlaceCode, Sex};

use crate::store::Value;

/// Different family names: few people share most of them, many share a few.
const FAMILIES: u64 = 30_000;
/// Different given names.
const GIVENS: u64 = 1_200;

/// Frequent names first; the others are put together from syllables.
const FREQUENT_FAMILIES: [&str; 20] = [
    "Lorusso", "Rossi", "De Luca", "Russo", "Colella", "Romano", "Cassano", "Milella", "Ferrara",
    "Caputo", "Bianchi", "Esposito", "Marino", "Greco", "Conti", "D'Amico", "Lopez", "Mancini",
    "Amoruso", "Ranieri",
];
const FREQUENT_GIVENS: [&str; 24] = [
    "Maria",
    "Giuseppe",
    "Antonio",
    "Francesco",
    "Anna",
    "Nicola",
    "Giovanni",
    "Vito",
    "Angela",
    "Michele",
    "Rosa",
    "Domenico",
    "Francesca",
    "Vincenzo",
    "Pasquale",
    "Lucia",
    "Luigi",
    "Teresa",
    "Mohamed",
    "Fatima",
    "Giuseppina",
    "Marco",
    "Elena",
    "Grazia",
];

const SYLLABLES: [&str; 40] = [
    "ba", "be", "bri", "ca", "ce", "co", "cu", "da", "de", "di", "fa", "fe", "fra", "ga", "gio",
    "gra", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "no", "pa", "pe", "pi",
    "ra", "ri", "ro", "sa", "sca", "se", "ta", "te", "tra", "va",
];
const ENDINGS: [&str; 10] = ["ni", "li", "sso", "nte", "tti", "rdi", "lla", "cci", "no", "ro"];

const PLACES: [&str; 8] = ["A662", "H501", "F839", "L219", "A225", "Z330", "Z100", "G291"];

/// Somebody who does not exist; the same number is always the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invented {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Date of birth.
    pub birth_date: Date,
    place: &'static str,
    is_female: bool,
}

impl Invented {
    /// The person of this number.
    pub fn new(number: u64) -> Self {
        let mut chance = spread(number);
        let mut draw = |below: u64| {
            chance = spread(chance);
            chance % below
        };
        let (family, given) = (rank(draw(1 << 40), FAMILIES), rank(draw(1 << 40), GIVENS));
        let days = i64::try_from(draw(31_000)).unwrap_or(0);
        let place = PLACES[usize::try_from(draw(PLACES.len() as u64)).unwrap_or(0)];
        Self {
            family: name(family, &FREQUENT_FAMILIES),
            given: name(given, &FREQUENT_GIVENS),
            birth_date: date!(1935 - 01 - 01) + Duration::days(days),
            place,
            is_female: draw(2) == 0,
        }
    }

    /// Her facts; nine of ten have a tax code.
    pub fn values(&self) -> Vec<(IdentityField, Value)> {
        let mut values = vec![
            (IdentityField::FamilyName, Value::new(&self.family)),
            (IdentityField::GivenName, Value::new(&self.given)),
            (IdentityField::BirthDate, Value::new(&self.birth_date.to_string())),
            (IdentityField::BirthPlace, Value::new(self.place)),
            (IdentityField::Sex, Value::new(if self.is_female { "f" } else { "m" })),
        ];
        if !self.birth_date.ordinal().is_multiple_of(10)
            && let Some(place) = PlaceCode::parse(self.place)
        {
            let code = compute(&Born {
                family: &self.family,
                given: &self.given,
                sex: if self.is_female { Sex::Female } else { Sex::Male },
                birth_date: self.birth_date,
                place,
            });
            values.push((IdentityField::TaxCode, Value::new(code.as_str())));
        }
        values
    }
}

/// A rank below `of`: the chance of a rank falls with it, so that the first is some 100 times as
/// frequent as the thousandth.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a draw of names needs no exact number"
)]
fn rank(draw: u64, of: u64) -> u64 {
    let share = draw as f64 / (1_u64 << 40) as f64;
    let offset = 8.0_f64;
    let rank = offset * ((of as f64 / offset + 1.0).powf(share) - 1.0);
    (rank as u64).min(of - 1)
}

fn name(rank: u64, frequent: &[&str]) -> String {
    if let Some(known) = usize::try_from(rank).ok().and_then(|rank| frequent.get(rank)) {
        return (*known).to_owned();
    }
    let mut chance = spread(rank ^ 0x6e61_6d65);
    let mut pick = |from: &[&str]| {
        chance = spread(chance);
        from[usize::try_from(chance % from.len() as u64).unwrap_or(0)].to_owned()
    };
    let mut name = pick(&SYLLABLES) + &pick(&SYLLABLES);
    if rank.is_multiple_of(3) {
        name += &pick(&SYLLABLES);
    }
    name += &pick(&ENDINGS);
    name[..1].to_ascii_uppercase() + &name[1..]
}

/// Splitmix64: spreads numbers so that neighbours have nothing in common.
pub(super) fn spread(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
