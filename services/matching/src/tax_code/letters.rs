//! The letters that a tax code takes from a name.

use crate::fold::folded;

/// Three letters of the family name: consonants in order, then vowels, then X.
pub(crate) fn family_letters(name: &str) -> [u8; 3] {
    let (consonants, vowels) = letters(name);
    first_three(consonants.iter().chain(&vowels))
}

/// Three letters of the given names: with four consonants or more the first, third and fourth.
pub(crate) fn given_letters(name: &str) -> [u8; 3] {
    let (consonants, vowels) = letters(name);
    match consonants.as_slice() {
        [first, _, third, fourth, ..] => [*first, *third, *fourth],
        _ => first_three(consonants.iter().chain(&vowels)),
    }
}

/// Consonants and vowels, upper case. What has no Latin reading does not count.
fn letters(name: &str) -> (Vec<u8>, Vec<u8>) {
    let latin = folded(name).bytes().filter(u8::is_ascii_alphabetic).collect::<Vec<_>>();
    latin
        .into_iter()
        .map(|letter| letter.to_ascii_uppercase())
        .partition(|letter| !b"AEIOU".contains(letter))
}

fn first_three<'a>(letters: impl Iterator<Item = &'a u8>) -> [u8; 3] {
    let mut taken = letters.copied().chain(std::iter::repeat(b'X'));
    std::array::from_fn(|_| taken.next().unwrap_or(b'X'))
}
