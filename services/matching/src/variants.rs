//! Given names that are said in more than one way, from `data/variants.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fold::folded;

/// The set of variants to which a folded word belongs.
pub(crate) fn variant_set(word: &str) -> Option<u16> {
    SETS.get(word).copied()
}

static SETS: LazyLock<HashMap<String, u16>> = LazyLock::new(|| {
    let sets = lines().zip(0u16..);
    sets.flat_map(|(line, set)| line.split(' ').map(move |name| (folded(name), set))).collect()
});

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("../data/variants.txt").lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_one_set_only() {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (number, line) in lines().enumerate() {
            for name in line.split(' ').map(folded) {
                let before = seen.insert(name.clone(), number);
                assert!(before.is_none_or(|before| before == number), "{name} stands twice");
            }
        }
    }

    #[test]
    fn a_short_form_and_a_spelling_belong_to_their_name() {
        assert_eq!(variant_set("beppe"), variant_set("giuseppe"));
        assert_eq!(variant_set("mohammed"), variant_set("muhammad"));
        assert_ne!(variant_set("anna"), variant_set("maria"));
        assert_eq!(variant_set("zaccagnini"), None);
    }
}
