//! The pages of an opening by force. Pure.

use std::fmt;

use askama::Template;
use strum::VariantArray as _;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::identity::ForcedReason;
use trama_events::ids::PersonId;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::InWords as _;

use crate::Console;
use crate::gate::Visitor;
use crate::people::{Choice, PURPOSES};
use crate::told::Wrong;

/// Classes of data that help in an emergency, with what is in them. Source: `access.forced`; what a
/// confidential service knows and a secret address are not among them.
const CLASSES: [(Section, &str); 10] = [
    (Section::Identity, "nome, nascita, codici"),
    (Section::Contact, "telefono, posta elettronica"),
    (Section::Address, "dove abita; mai un indirizzo segreto"),
    (Section::Safety, "pericoli per lei o per chi la incontra"),
    (Section::Health, "allergie, cure, invii sanitari"),
    (Section::Language, "che lingua parla"),
    (Section::Needs, "di che cosa ha bisogno"),
    (Section::Path, "chi la segue e che cosa è successo"),
    (Section::Housing, "dove dorme"),
    (Section::Minors, "quello che riguarda un minore"),
];
/// What else opens to social workers who act for a colleague. Source: `access.forced_diary`.
const DIARY: (Section, &str) = (Section::Diary, "le note dei colleghi");

/// What was filled in. Her words are of a person, so it prints nothing of itself.
#[derive(Clone, Default)]
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) reason: Option<ForcedReason>,
    pub(super) sections: Vec<Section>,
    pub(super) words: String,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}

/// A class of data to open, with what is in it.
#[derive(Debug)]
struct Class {
    choice: Choice,
    help: &'static str,
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "forced.html")]
pub(super) struct Form {
    frame: Frame,
    path: String,
    back: String,
    draft: Draft,
    reasons: Vec<Choice>,
    classes: Vec<Class>,
    second_factor: bool,
    wrong: Vec<Wrong>,
}

impl Form {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        person: PersonId,
        draft: Draft,
        wrong: Vec<Wrong>,
    ) -> Self {
        let title = "Apri in emergenza";
        let mut frame = console.frame(Some(visitor), title, Some(Place::People));
        frame.crumbs = vec![Crumb::to("Persone", "/persone"), Crumb::here(title)];
        let role = visitor.caller.role;
        let diary = matches!(role, Role::CaseManager | Role::MinorsWorker).then_some(DIARY);
        let reason = |of: &ForcedReason| Choice {
            code: of.code().to_owned(),
            words: of.words().to_owned(),
            chosen: draft.reason == Some(*of),
        };
        let class = |(of, help): (Section, &'static str)| Class {
            choice: Choice {
                code: of.code().to_owned(),
                words: of.words().to_owned(),
                chosen: draft.sections.contains(&of),
            },
            help,
        };
        Self {
            frame,
            path: super::href(person),
            back: format!("/persone/{person}"),
            reasons: ForcedReason::VARIANTS.iter().map(reason).collect(),
            classes: CLASSES.into_iter().chain(diary).map(class).collect(),
            second_factor: visitor.caller.second_factor,
            draft,
            wrong,
        }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// A record that is not opened, or not without a purpose: the same for one that is not there.
#[derive(Debug, Template)]
#[template(path = "closed.html")]
pub(super) struct Closed {
    frame: Frame,
    purposes: Vec<(&'static str, &'static str)>,
    emergency: String,
}

impl Closed {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        person: PersonId,
        with_purpose: bool,
    ) -> Self {
        let title = if with_purpose { "Per quale scopo?" } else { "Non trovato o non accessibile" };
        let purpose = |of: Purpose| (of.code(), of.words());
        Self {
            frame: console.frame(Some(visitor), title, None),
            purposes: if with_purpose { PURPOSES.map(purpose).to_vec() } else { Vec::new() },
            emergency: super::href(person),
        }
    }
}

/// It was opened, and the page of the person does not know it yet.
#[derive(Debug, Template)]
#[template(path = "forced_soon.html")]
pub(super) struct Soon {
    frame: Frame,
    href: String,
}

impl Soon {
    pub(super) fn new(console: &Console, visitor: &Visitor, href: String) -> Self {
        let frame = console.frame(Some(visitor), "Aperta in emergenza", Some(Place::People));
        Self { frame, href }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_emergency_opens_is_not_offered_v14() {
        let never =
            [Section::Addiction, Section::SecretAddress, Section::PrivateNotes, Section::Reporter];
        let offered = CLASSES.iter().chain([&DIARY]).map(|(section, _)| section);
        assert!(offered.clone().all(|section| !never.contains(section)));
        assert_eq!(offered.count(), 11);
    }

    #[test]
    fn the_words_of_a_reason_are_not_printed_a4() {
        let draft = Draft { words: "Trovata in strada".into(), ..Draft::default() };
        assert!(!format!("{draft:?}").contains("strada"));
    }
}
