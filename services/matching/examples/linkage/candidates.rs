//! Which pairs the tokens bring together, as the index of a vault would.

use std::collections::{BTreeMap, HashMap, HashSet};

use trama_matching::{Kind, probes, tokens};

use crate::register::Register;

/// Candidates of one record after which no further kind of token is asked.
const ENOUGH: usize = 400;

/// Pairs that are scored.
pub(crate) struct Candidates {
    pub pairs: Vec<(usize, usize)>,
}

/// A kind of token with the text.
type Key = (Kind, String);

impl Candidates {
    pub(crate) fn find(left: &Register, right: Option<&Register>) -> Self {
        let mut index: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, record) in right.unwrap_or(left).records.iter().enumerate() {
            for token in tokens(record) {
                index.entry((token.kind, token.text())).or_default().push(at);
            }
        }
        let mut pairs = HashSet::new();
        for (at, record) in left.records.iter().enumerate() {
            for other in search(&probes(record), &index) {
                match right {
                    Some(_) => drop(pairs.insert((at, other))),
                    None if at != other => drop(pairs.insert((at.min(other), at.max(other)))),
                    None => {}
                }
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        Self { pairs }
    }
}

/// Kinds in their order until there are enough. Kinds for half-written names are left out.
fn search(probes: &[trama_matching::Token], index: &HashMap<Key, Vec<usize>>) -> HashSet<usize> {
    let mut kinds: BTreeMap<u8, Vec<Key>> = BTreeMap::new();
    for probe in probes.iter().filter(|probe| probe.kind < Kind::NameStart) {
        kinds.entry(probe.rank()).or_default().push((probe.kind, probe.text()));
    }
    let mut found = HashSet::new();
    for keys in kinds.values() {
        found.extend(keys.iter().filter_map(|key| index.get(key)).flatten());
        if found.len() >= ENOUGH {
            break;
        }
    }
    found
}
