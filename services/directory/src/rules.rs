//! Rules that several parts of the directory share.

/// Most characters of a public name. Source: the published bounds of the directory's events.
pub const NAME_CHARS_MAX: usize = 200;

/// A public name as it is kept: without blanks around it, 1 to [`NAME_CHARS_MAX`] characters, none
/// of them a control character. `None` when it is no such name.
pub fn public_name(text: &str) -> Option<String> {
    let name = text.trim();
    let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count());
    (fits && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

/// Whether this is the form of an ISTAT code of a municipality: six digits.
pub fn is_istat_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_name_has_one_to_two_hundred_characters() {
        assert_eq!(public_name("  Caritas Città "), Some("Caritas Città".to_owned()));
        assert_eq!(public_name(&"à".repeat(200)), Some("à".repeat(200)));
        for wrong in ["", "   ", "two\nlines", &"à".repeat(201)] {
            assert_eq!(public_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_istat_code_is_six_digits() {
        assert!(is_istat_code("072006"));
        for wrong in ["", "72006", "0720060", "07200a", "٠٧٢٠٠٦"] {
            assert!(!is_istat_code(wrong), "{wrong}");
        }
    }
}
