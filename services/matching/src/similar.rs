//! How much two short texts are alike, without allocating.

/// Longest text that is compared, in bytes; what is longer is cut.
const LENGTH_MAX: usize = 64;

/// Jaro-Winkler similarity of two texts, byte by byte, 0 to 1 (prefix of up to four, weight 0.1).
///
/// Jaro takes letters of the first text in turn, so that the order of the texts can matter; here
/// the shorter is always the first, so that it does not.
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
    let (a, b) = (cut(a), cut(b));
    let jaro = jaro(a, b);
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    if jaro > 0.7 { jaro + 0.1 * small(prefix) * (1.0 - jaro) } else { jaro }
}

fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut of_a, mut of_b) = (0u64, 0u64);
    for (at, letter) in a.iter().enumerate() {
        let last = (at + reach + 1).min(b.len());
        let found = (at.saturating_sub(reach)..last)
            .find(|there| of_b & (1 << there) == 0 && b[*there] == *letter);
        if let Some(there) = found {
            of_a |= 1 << at;
            of_b |= 1 << there;
        }
    }
    let matches = small(of_a.count_ones() as usize);
    if matches == 0.0 {
        return 0.0;
    }
    let out_of_order = small(misplaced(a, of_a, b, of_b) / 2);
    (matches / small(a.len()) + matches / small(b.len()) + (matches - out_of_order) / matches) / 3.0
}

fn misplaced(a: &[u8], mut of_a: u64, b: &[u8], mut of_b: u64) -> usize {
    let mut count = 0;
    while of_a != 0 && of_b != 0 {
        if a[of_a.trailing_zeros() as usize] != b[of_b.trailing_zeros() as usize] {
            count += 1;
        }
        of_a &= of_a - 1;
        of_b &= of_b - 1;
    }
    count
}

/// Edits (insert, delete, replace, exchange of neighbours) from one text to the other, when they
/// are at most two.
pub(crate) fn few_edits(a: &str, b: &str) -> Option<u8> {
    let (a, b) = apart(cut(a), cut(b));
    match (a.len(), b.len()) {
        (0, n) | (n, 0) => u8::try_from(n).ok().filter(|edits| *edits <= 2),
        (1, 1) => Some(1),
        (2, 2) if a[0] == b[1] && a[1] == b[0] => Some(1),
        (2, 2) => Some(2),
        _ if two_edits(a, b) => Some(2),
        _ => None,
    }
}

/// Both without what they begin and end with alike.
fn apart<'a>(a: &'a [u8], b: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let before = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[before..], &b[before..]);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (&a[..a.len() - after], &b[..b.len() - after])
}

/// Whether two texts that differ in their first letter are two edits apart: one edit at the
/// beginning, and one in what is left.
fn two_edits(a: &[u8], b: &[u8]) -> bool {
    let one = |a: &[u8], b: &[u8]| {
        let (a, b) = apart(a, b);
        a.len() <= 1 && b.len() <= 1
            || (a.len() == 2 && b.len() == 2 && a[0] == b[1] && a[1] == b[0])
    };
    let exchanged = a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0];
    a.len().abs_diff(b.len()) <= 2
        && (one(&a[1..], b)
            || one(a, &b[1..])
            || one(&a[1..], &b[1..])
            || (exchanged && one(&a[2..], &b[2..])))
}

fn cut(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    &bytes[..bytes.len().min(LENGTH_MAX)]
}

/// A count of at most [`LENGTH_MAX`].
fn small(count: usize) -> f64 {
    f64::from(u8::try_from(count).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_exchange_of_neighbours_is_one_edit() {
        assert_eq!(few_edits("mario", "mairo"), Some(1));
        assert_eq!(few_edits("mario", "mario"), Some(0));
        assert_eq!(few_edits("mario", "lucia"), None);
        assert_eq!(few_edits("1551941", "1559141"), Some(1));
        assert_eq!(few_edits("1551941", "1651942"), Some(2));
    }

    proptest! {
        #[test]
        fn jaro_winkler_is_that_of_strsim(a in "[a-e]{0,12}", b in "[a-e]{0,12}") {
            let ours = jaro_winkler(&a, &b);
            let theirs = [strsim::jaro_winkler(&a, &b), strsim::jaro_winkler(&b, &a)];
            prop_assert!(theirs.iter().any(|theirs| (ours - theirs).abs() < 1e-12));
            prop_assert!((ours - jaro_winkler(&b, &a)).abs() < 1e-12);
        }

        #[test]
        fn few_edits_are_those_of_strsim(a in "[a-c]{0,7}", b in "[a-c]{0,7}") {
            let theirs = u8::try_from(strsim::osa_distance(&a, &b)).unwrap();
            prop_assert_eq!(few_edits(&a, &b), (theirs <= 2).then_some(theirs));
        }
    }
}
