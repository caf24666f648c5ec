//! Which steps of the reception are still to be done, as her journey tells it.

use trama_events::codes::{Purpose, Section};
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_platform::gate::Opened;
use trama_projections::journey::JourneyView;
use trama_ui::language::Words;

use super::steps::Step;
use crate::gate::INTAKE;

/// What is missing, with where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// That something is, and the word before it.
    pub(crate) words: (String, String),
    /// Each step's name and address.
    pub(crate) steps: Vec<(String, String)>,
}

/// With a case the reception is over: from then on her case manager goes on.
const CASE: &str = "case_opened";

/// The steps of which the reader sees nothing. What is closed to her and what is not there look the
/// same (trust.md, threat 4), so that a step may be asked for which another body did. Of a class of
/// data that is closed to her altogether nothing is asked.
fn steps(journey: &JourneyView, opened: &Opened) -> Vec<Step> {
    // A situation and a notice name no service that wrote them, so that what is open of one's own
    // service shows neither.
    let shows = |section| {
        let reach = opened.sections.open().get(&section);
        reach.is_some_and(|reach| reach.all || reach.inside)
    };
    let done = done(journey);
    let is_missing = |step: &Step| {
        let is_open = match step {
            Step::Needs => true,
            Step::Housing => shows(Section::Housing),
            Step::Notice => shows(Section::Path),
        };
        is_open && !done.contains(step)
    };
    Step::ALL.into_iter().filter(is_missing).collect()
}

/// The steps of which the reader sees that they are done. Of a class of data that is closed to her nobody
/// can tell her: such a step is neither done nor missing.
pub(super) fn done(journey: &JourneyView) -> Vec<Step> {
    let tells =
        |kinds: &[&str]| journey.entries.iter().any(|entry| kinds.contains(&entry.kind.as_str()));
    let is_done = |step: &Step| match step {
        Step::Needs => tells(&["contact_recorded", "contact_triaged", "assessment_recorded"]),
        Step::Housing => !journey.situations.is_empty() || tells(&["housing_situation_recorded"]),
        Step::Notice => tells(&["privacy_notice_given"]),
    };
    Step::ALL.into_iter().filter(is_done).collect()
}

/// What a caller who receives people may still do for her; nothing where nothing is missing, or her
/// reception is over.
pub(crate) fn missing(
    caller: &Caller,
    (person, stated): (PersonId, Option<Purpose>),
    (journey, opened): (&JourneyView, &Opened),
    words: &Words,
) -> Option<Missing> {
    let is_over = journey.entries.iter().any(|entry| entry.kind == CASE);
    if is_over || !INTAKE.roles.contains(&caller.role) {
        return None;
    }
    let purpose = stated.unwrap_or(super::PURPOSE);
    let steps: Vec<(String, String)> = steps(journey, opened)
        .into_iter()
        .map(|step| (step.label(words), step.href(person, purpose, None)))
        .collect();
    let words = (words.reception_missing(), words.reception_missing_what());
    (!steps.is_empty()).then_some(Missing { words, steps })
}
