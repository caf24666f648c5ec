//! Who may she be: found by the blind index, decrypted, compared, shown as candidates. It proposes;
//! a person decides.

mod limit;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use trama_events::codes::{IdentityField, Segment};
use trama_events::ids::{PersonId, StaffId};
use trama_matching::tax_code::TaxCode;
use trama_matching::{
    Described, Identifier, Kind, Match, Prepared, Token, Typed, Weights, probes, typed,
};

use crate::error::VaultError;
use crate::store::Value;
use crate::{Vault, facts, index};

pub use limit::{EXACT_MAX, TooMany};

/// Most candidates in an answer.
pub const CANDIDATES_MAX: usize = 10;
/// Most records that are decrypted and compared for one answer. One whom the asker may not know
/// takes a place among them, so this is more than ever matters for the [`CANDIDATES_MAX`] best.
const COMPARED_MAX: usize = 60;
/// Digests that are looked for in one go.
const PROBES_MAX: usize = 48;

/// What somebody has typed so far. Everything may be missing.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// One box for everything: names in any order, a date or year of birth, a code.
    pub text: Option<Value>,
    /// Or field by field, as far as they are known.
    pub fields: Vec<(IdentityField, Value)>,
    /// Year of birth, when the day is not known.
    pub birth_year: Option<i32>,
}

/// A record that may be hers.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The record in front, when it is linked with others.
    pub person: PersonId,
    /// What speaks for and against it.
    pub found: Match,
    /// What her facts say: to be shown only to who may see them.
    pub described: Described,
}

/// Why nothing was looked for.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Too many different identifiers in an hour.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// How names and dates are weighed; read once, when the first search comes.
#[derive(Debug, Default)]
pub(crate) struct Judging(OnceLock<Option<Weights>>);

impl Judging {
    fn weights(&self) -> Result<&Weights, VaultError> {
        let read = || {
            let weights = Weights::italian();
            weights.inspect_err(|fault| tracing::error!(%fault, "no weights")).ok()
        };
        self.0.get_or_init(read).as_ref().ok_or(VaultError::Odd("weights"))
    }
}

impl Vault {
    /// Records that may be the person who is looked for, best first, at most [`COMPARED_MAX`]; none
    /// when too little is typed. Records that are linked count as one. Whoever answers takes the
    /// first [`CANDIDATES_MAX`] whom the asker may know: cut before, a hidden record would push one
    /// out that she may know.
    ///
    /// # Errors
    ///
    /// [`SearchError::TooMany`] when `staff` looked for [`EXACT_MAX`] identifiers within an hour.
    pub async fn find(
        &self,
        staff: StaffId,
        search: &Search,
    ) -> Result<Vec<Candidate>, SearchError> {
        self.must_be_open().await?;
        let search = search.understood();
        self.count_exact(staff, &search.probes).await?;
        let persons = self.most_likely(&search.probes).await?;
        if persons.is_empty() {
            return Ok(Vec::new());
        }
        let weights = self.weights.weights()?;
        let wanted = search.prepared(weights);
        let (opened, fronts) = tokio::join!(
            self.opened_of_many(&persons, Segment::Identity),
            facts::fronts(self.log.pool(), &persons),
        );
        let (opened, fronts) = (opened?, fronts.map_err(VaultError::Sql)?);
        let mut found: Vec<Candidate> = opened
            .into_iter()
            .filter_map(|(person, values)| compared(person, &values, &wanted, weights))
            .collect();
        // Those who fit alike stand in an order of their own, whoever else was compared.
        let fits = |candidate: &Candidate| candidate.found.weight_bits;
        found.sort_by(|a, b| fits(b).total_cmp(&fits(a)).then(a.person.cmp(&b.person)));
        Ok(once(found, &fronts))
    }

    /// Records under the digests of these probes, those under rare ones first. What many people
    /// share is always looked for, and only fills what is left: were it left out once there are
    /// enough, a hidden record among the first would take away what it brings.
    async fn most_likely(&self, probes: &[Token]) -> Result<Vec<PersonId>, VaultError> {
        let (rare, common): (Vec<&Token>, Vec<&Token>) =
            probes.iter().partition(|probe| probe.rank() < Kind::Name as u8);
        let (rare, common) = tokio::join!(self.weighed(&rare), self.weighed(&common));
        let (rare, common) = (rare?, common?);
        let mut persons: Vec<PersonId> = by_weight(&rare);
        persons.extend(by_weight(&common).into_iter().filter(|person| !rare.contains_key(person)));
        persons.truncate(COMPARED_MAX);
        Ok(persons)
    }

    /// Records under the digests of these probes, and how much that says of each.
    async fn weighed(&self, probes: &[&Token]) -> Result<HashMap<PersonId, f64>, VaultError> {
        let mut weight: HashMap<PersonId, f64> = HashMap::new();
        if probes.is_empty() {
            return Ok(weight);
        }
        let key = self.keys.index_key().await?;
        let some = probes.iter().take(PROBES_MAX);
        let digests: Vec<index::Digest> =
            some.map(|probe| index::digest(&key, &probe.text())).collect();
        for persons in self.store.under(&digests).await?.into_values() {
            // The fewer share a token, the more it says.
            let says = 20.0 - f64::from(u32::try_from(persons.len()).unwrap_or(u32::MAX)).log2();
            for person in persons {
                *weight.entry(person).or_default() += says;
            }
        }
        Ok(weight)
    }
}

/// The heaviest first; of two that weigh the same the smaller id.
fn by_weight(weighed: &HashMap<PersonId, f64>) -> Vec<PersonId> {
    let mut persons: Vec<(&PersonId, &f64)> = weighed.iter().collect();
    persons.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    persons.into_iter().map(|(person, _)| *person).collect()
}

/// Of records that are linked, the one that fits best, under the id of the one in front.
fn once(found: Vec<Candidate>, fronts: &BTreeMap<PersonId, PersonId>) -> Vec<Candidate> {
    let mut shown: Vec<Candidate> = Vec::new();
    for candidate in found {
        let person = fronts.get(&candidate.person).copied().unwrap_or(candidate.person);
        if shown.iter().all(|before| before.person != person) {
            shown.push(Candidate { person, ..candidate });
        }
    }
    shown
}

/// Compares; `None` when more speaks against it than for it.
fn compared(
    person: PersonId,
    values: &[(IdentityField, Value)],
    wanted: &Prepared,
    weights: &Weights,
) -> Option<Candidate> {
    let described = index::described(values);
    let found = weights.score(wanted, &Prepared::new(&described, weights));
    let speaks: f32 = found.reasons().iter().map(|reason| reason.bits).sum();
    (speaks > 0.0).then_some(Candidate { person, found, described })
}

/// Kinds of numbers that may be typed into the one box.
const NUMBERS: [IdentityField; 4] = [
    IdentityField::ProvisionalTaxCode,
    IdentityField::Stp,
    IdentityField::Eni,
    IdentityField::Document,
];

impl Search {
    /// What is to be looked for. What was typed field by field is read as one line too, since its
    /// last name may be half written.
    fn understood(&self) -> Typed {
        let kinds = NUMBERS.map(IdentityField::code);
        let line = self.line();
        let mut read = typed(&line, &kinds);
        // A last word of one or two sounds finds nobody yet: those before it still do.
        if let Some((before, _)) = line.rsplit_once(' ') {
            read.probes.extend(typed(before, &kinds).probes);
        }
        if self.text.is_none() {
            let whole =
                self.fields.iter().filter(|(field, value)| is_whole(*field, value.expose()));
            read.described = index::described(&whole.cloned().collect::<Vec<_>>());
            read.described.birth_year = self.birth_year;
            read.probes.extend(probes(&read.described));
        } else {
            read.described.identifiers = line.split(' ').filter_map(number).collect();
        }
        read.probes.sort();
        read.probes.dedup();
        read
    }

    fn line(&self) -> String {
        if let Some(text) = &self.text {
            return text
                .expose()
                .split_whitespace()
                .filter(|word| is_ready(word))
                .collect::<Vec<_>>()
                .join(" ");
        }
        let name = |wanted: IdentityField| {
            self.fields
                .iter()
                .find(|(field, _)| *field == wanted)
                .map(|(_, value)| value.expose().to_owned())
        };
        let year = self.birth_year.map(|year| year.to_string());
        let parts = [
            name(IdentityField::FamilyName),
            name(IdentityField::GivenName),
            name(IdentityField::BirthDate).or(year),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A number that was typed into the one box, with the kind that its form tells.
fn number(word: &str) -> Option<Identifier> {
    let upper = word.to_ascii_uppercase();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let kind = match (digits, word.len()) {
        (13, 16) if upper.starts_with("STP") => IdentityField::Stp,
        (13, 16) if upper.starts_with("ENI") => IdentityField::Eni,
        (11, 11) => IdentityField::ProvisionalTaxCode,
        (1.., 7..) if !is_dated(word) && TaxCode::parse(word).is_err() => IdentityField::Document,
        _ => return None,
    };
    Some(index::identifier(kind, word))
}

/// Whether a field is typed to its end, where only the end tells of somebody.
fn is_whole(field: IdentityField, value: &str) -> bool {
    let length = value.bytes().filter(u8::is_ascii_alphanumeric).count();
    match field {
        IdentityField::Stp | IdentityField::Eni => length == 16,
        IdentityField::ProvisionalTaxCode => length == 11,
        IdentityField::Document => length >= 7,
        IdentityField::TaxCode
        | IdentityField::FamilyName
        | IdentityField::GivenName
        | IdentityField::Alias
        | IdentityField::BirthDate
        | IdentityField::BirthPlace
        | IdentityField::Sex
        | IdentityField::Phone
        | IdentityField::Email
        | IdentityField::Address
        | IdentityField::ProtectedAddress
        | IdentityField::Status
        | IdentityField::Note
        | IdentityField::PrivateNote => true,
    }
}

fn is_dated(word: &str) -> bool {
    word.contains(['/', '-', '.'])
}

/// A number that is still being typed is not looked for: each of its beginnings would count as a
/// search for somebody.
fn is_ready(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let upper = word.to_ascii_uppercase();
    let coded = upper.starts_with("STP") || upper.starts_with("ENI");
    let dated = is_dated(word) || (digits == 4 && word.len() == 4);
    match digits {
        0 => true,
        _ if dated => true,
        _ if coded => word.len() >= 16,
        _ if word.bytes().take_while(u8::is_ascii_alphabetic).count() >= 6 => word.len() >= 16,
        _ => word.len() >= 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_looked_for_once_it_is_whole() {
        for ready in ["rossi", "STP1600000000001", "12345678901", "AA1234567", "1985", "3/4/1985"] {
            assert!(is_ready(ready), "{ready}");
        }
        for early in ["STP1600", "ENI160000000000", "AA123", "19", "RSSM8", "RSSMRA85T10A66"] {
            assert!(!is_ready(early), "{early}");
        }
    }

    #[test]
    fn what_is_typed_in_one_box_or_in_fields_is_looked_for_alike() {
        let field = |field, text| (field, Value::new(text));
        let fields =
            vec![field(IdentityField::FamilyName, "Rossi"), field(IdentityField::GivenName, "Mar")];
        let in_fields = Search { fields, ..Search::default() }.understood();
        let text = Some(Value::new("Rossi Mar"));
        let in_one = Search { text, ..Search::default() }.understood();
        assert!(in_one.probes.iter().all(|probe| in_fields.probes.contains(probe)));
        assert_eq!(in_fields.described, in_one.described);
    }
}
