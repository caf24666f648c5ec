//! Letters as they would be on an Italian form: no accents, one case.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-case letters without accents, into `out`. A letter of another script stays itself; every
/// other character is given as a space, an apostrophe as `'`.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.chars().map(plain));
        return;
    }
    for letter in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match unaccented(letter) {
            Some(latin) => out.push_str(latin),
            None if is_combining_mark(letter) => {}
            None => out.push(plain(letter)),
        }
    }
}

/// [`fold_into`] a new text.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn plain(letter: char) -> char {
    match letter {
        '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2bc}' | '\u{2032}' => '\'',
        _ if letter.is_alphanumeric() => letter.to_ascii_lowercase(),
        _ => ' ',
    }
}

/// Letters that Unicode does not take apart into a letter and an accent.
fn unaccented(letter: char) -> Option<&'static str> {
    Some(match letter {
        'đ' | 'ð' | 'ɖ' => "d",
        'ø' => "o",
        'ß' => "ss",
        'ł' => "l",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' => "e",
        'ĸ' => "k",
        'ſ' => "s",
        _ => return None,
    })
}
