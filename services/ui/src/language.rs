//! The languages of the screens. Their messages stand in `locales/`, a file for each context; every
//! message is a function of [`Words`], and one that a language lacks does not compile.

use std::sync::LazyLock;

mod made {
    #![allow(
        missing_docs,
        missing_debug_implementations,
        unreachable_pub,
        dead_code,
        clippy::all,
        clippy::pedantic,
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "made by fluent-typed from locales/: what it takes for granted the build has checked"
    )]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// Every message of one language.
pub type Words = made::L10nLanguage;

static ITALIAN: LazyLock<Words> = LazyLock::new(|| made::L10n::It.load());
static ENGLISH: LazyLock<Words> = LazyLock::new(|| made::L10n::En.load());

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The language of the network; what nobody chose.
    #[default]
    Italian,
    /// For workers and reviewers who read no Italian.
    English,
}

impl Language {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Italian, Self::English];

    /// Its messages.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Italian => &ITALIAN,
            Self::English => &ENGLISH,
        }
    }

    /// As documents name it. Source: BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
        }
    }

    /// The language of a tag; `None` for one that is not spoken here.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Its name for whoever reads it.
    pub fn name(self) -> String {
        self.words().language_own_name()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn messages(tag: &str) -> BTreeSet<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(tag);
        let mut all = BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let ids =
                text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            all.extend(ids.filter_map(|line| {
                let (id, _) = line.split_once('=')?;
                Some((name.clone(), id.trim().to_owned()))
            }));
        }
        all
    }

    #[test]
    fn every_message_is_there_in_both_languages_in_the_same_file() {
        assert_eq!(messages("it"), messages("en"));
        assert!(!messages("it").is_empty());
    }

    #[test]
    fn a_language_is_found_by_its_tag_and_says_its_own_name() {
        assert_eq!(Language::of_tag("en"), Some(Language::English));
        assert_eq!(Language::of_tag("de"), None);
        assert_eq!(Language::Italian.name(), "Italiano");
    }
}
