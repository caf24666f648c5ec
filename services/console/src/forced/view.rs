//! The pages of an opening by force. Pure.

use std::fmt;

use askama::Template;
use strum::VariantArray as _;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::identity::ForcedReason;
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_ui::frame::Frame;
use trama_ui::language::Words;
use trama_ui::words::InWords as _;

use crate::people::{Choice, PURPOSES};
use crate::told::Wrong;

/// What is in a class of data.
type Inside = fn(&Words) -> String;

/// Classes of data that help in an emergency, with what is in them. Source: `access.forced`; what a
/// confidential service knows and a secret address are not among them.
const CLASSES: [(Section, Inside); 10] = [
    (Section::Identity, Words::forced_class_identity),
    (Section::Contact, Words::forced_class_contact),
    (Section::Address, Words::forced_class_address),
    (Section::Safety, Words::forced_class_safety),
    (Section::Health, Words::forced_class_health),
    (Section::Language, Words::forced_class_language),
    (Section::Needs, Words::forced_class_needs),
    (Section::Path, Words::forced_class_path),
    (Section::Housing, Words::forced_class_housing),
    (Section::Minors, Words::forced_class_minors),
];
/// What else opens to social workers who act for a colleague. Source: `access.forced_diary`.
const DIARY: (Section, Inside) = (Section::Diary, Words::forced_class_diary);

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
    help: String,
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
        frame: Frame,
        caller: &Caller,
        person: PersonId,
        draft: Draft,
        wrong: Vec<Wrong>,
    ) -> Self {
        let language = frame.language;
        let writes = matches!(caller.role, Role::CaseManager | Role::MinorsWorker);
        let reason = |of: &ForcedReason| Choice {
            code: of.code().to_owned(),
            words: of.words_in(language).to_owned(),
            chosen: draft.reason == Some(*of),
        };
        let class = |(of, inside): (Section, Inside)| Class {
            choice: Choice {
                code: of.code().to_owned(),
                words: of.words_in(language).to_owned(),
                chosen: draft.sections.contains(&of),
            },
            help: inside(language.words()),
        };
        Self {
            frame,
            path: super::href(person),
            back: format!("/persone/{person}"),
            reasons: ForcedReason::VARIANTS.iter().map(reason).collect(),
            classes: CLASSES.into_iter().chain(writes.then_some(DIARY)).map(class).collect(),
            second_factor: caller.second_factor,
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
    pub(super) fn new(frame: Frame, person: PersonId, with_purpose: bool) -> Self {
        let purpose = |of: Purpose| (of.code(), of.words_in(frame.language));
        Self {
            purposes: if with_purpose { PURPOSES.map(purpose).to_vec() } else { Vec::new() },
            emergency: super::href(person),
            frame,
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
    pub(super) fn new(frame: Frame, href: String) -> Self {
        Self { frame, href }
    }
}

#[cfg(test)]
mod tests;
