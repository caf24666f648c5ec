//! Precision and recall.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Probabilities from which a pair counts as found.
pub(crate) const THRESHOLDS: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

/// Figures at one threshold; each pair comes with its probability and whether it is one person.
pub(crate) fn figures(threshold: f64, pairs: &[(f64, bool)], truth: usize) -> Value {
    let said = pairs.iter().filter(|(probability, _)| *probability >= threshold);
    let (mut all, mut right) = (0, 0);
    for (_, same) in said {
        all += 1;
        right += usize::from(*same);
    }
    let (precision, recall) = (share(right, all), share(right, truth));
    json!({
        "probability": threshold,
        "precision": precision,
        "recall": recall,
        "f1": rounded(2.0 * precision * recall / f64::max(precision + recall, 1e-9)),
    })
}

/// Candidates that a person looks at.
const LIST: usize = 10;

/// How often, for a record whose person has another record among its candidates, one of these is
/// in the first ten. In one register (`both_ways`) each record of a pair searches for the other.
pub(crate) fn in_first_ten(
    scored: &[(f64, usize, usize)],
    both_ways: bool,
    same: impl Fn(usize, usize) -> bool,
) -> f64 {
    let mut lists: HashMap<usize, Vec<(f64, bool)>> = HashMap::new();
    for (bits, a, b) in scored {
        lists.entry(*a).or_default().push((*bits, same(*a, *b)));
        if both_ways {
            lists.entry(*b).or_default().push((*bits, same(*a, *b)));
        }
    }
    lists.retain(|_, list| list.iter().any(|(_, same)| *same));
    let all = lists.len();
    let seen = lists.into_values().filter_map(|mut list| {
        list.sort_by(|a, b| b.0.total_cmp(&a.0));
        list.iter().take(LIST).any(|(_, same)| *same).then_some(())
    });
    share(seen.count(), all)
}

/// A share with four digits; of nothing it is 0.
#[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^52")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    rounded(part as f64 / whole.max(1) as f64)
}

pub(crate) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
