//! How far two sets of times are apart, in a number that does not depend on their unit.

/// z beyond which two sets differ at p < 0.001, from either side. Source: trust.md §8.
pub(super) const Z_MAX: f64 = 3.29;

/// How far apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effect {
    /// Cliff's delta, -1 to 1: how much oftener a time of the one is longer than one of the other
    /// than the reverse. 0 when they cannot be told apart.
    pub(super) delta: f64,
    /// Mann and Whitney's z, without a correction for ties: it is rather too small.
    pub(super) z: f64,
}

impl Effect {
    /// Between two sets of times; none where one of them is empty.
    pub(super) fn between(one: &[f64], other: &[f64]) -> Self {
        let (n, m) = (float(one.len()), float(other.len()));
        if n * m == 0.0 {
            return Self { delta: 0.0, z: 0.0 };
        }
        let above = rank_sum(one, other) - n * (n + 1.0) / 2.0;
        let delta = 2.0 * above / (n * m) - 1.0;
        Self { delta, z: delta / ((n + m + 1.0) / (3.0 * n * m)).sqrt() }
    }
}

/// The sum of the ranks of `one` among both, equal times sharing theirs.
fn rank_sum(one: &[f64], other: &[f64]) -> f64 {
    let mine = one.iter().map(|time| (*time, true));
    let mut all: Vec<(f64, bool)> = mine.chain(other.iter().map(|time| (*time, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut before) = (0.0, 0);
    for equal in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let shared = float(before) + f64::midpoint(float(equal.len()), 1.0);
        sum += shared * float(equal.iter().filter(|(_, mine)| *mine).count());
        before += equal.len();
    }
    sum
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use rand::rngs::SmallRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    fn delta(one: &[f64], other: &[f64]) -> f64 {
        Effect::between(one, other).delta
    }

    /// Cliff's delta by its definition: every pair is looked at.
    fn by_definition(one: &[f64], other: &[f64]) -> f64 {
        let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
        let signs = pairs.map(|(a, b)| f64::from(i8::from(a > b) - i8::from(a < b)));
        signs.sum::<f64>() / float(one.len() * other.len())
    }

    #[test]
    fn equal_sets_are_not_apart_and_separate_ones_wholly() {
        let times = [3.0, 1.0, 2.0, 2.0];
        assert!(delta(&times, &times).abs() < 1e-12);
        assert!((delta(&[4.0, 5.0], &[1.0, 2.0, 3.0]) - 1.0).abs() < 1e-12);
        assert!((delta(&[1.0, 2.0, 3.0], &[4.0, 5.0]) + 1.0).abs() < 1e-12);
        assert_eq!(Effect::between(&[], &times), Effect { delta: 0.0, z: 0.0 });
    }

    #[test]
    fn the_ranks_give_what_every_pair_gives_also_with_equal_times() {
        let mut dice = SmallRng::seed_from_u64(7);
        for _ in 0..50 {
            let mut draw = |count| -> Vec<f64> {
                (0..count).map(|_| f64::from(dice.random_range(0..9_u8))).collect()
            };
            let (one, other) = (draw(23), draw(17));
            assert!((delta(&one, &other) - by_definition(&one, &other)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_shift_of_a_tenth_of_the_spread_is_seen_and_none_is_not_seen() {
        let mut dice = SmallRng::seed_from_u64(1);
        let mut draw = |shift: f64| -> Vec<f64> {
            (0..10_000).map(|_| shift + dice.random_range(0.0..1.0)).collect()
        };
        let same = Effect::between(&draw(0.0), &draw(0.0));
        assert!(same.delta.abs() < 0.03 && same.z.abs() < Z_MAX, "{same:?}");
        let shifted = Effect::between(&draw(0.1), &draw(0.0));
        assert!(shifted.delta > 0.15 && shifted.z > Z_MAX, "{shifted:?}");
    }
}
