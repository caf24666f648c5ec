//! What doors refuse, in a sentence for whoever filled in a form.

use trama_platform::Problem;
use trama_ui::language::Words;

/// What happened, what is safe, what to do.
type Sentence = fn(&Words) -> String;

/// Sentences by the codes of doors.
type Sentences = &'static [(&'static str, Sentence)];

/// What happened, what is safe, what to do. A code that is not here is told as what it is: nothing
/// was done.
pub(crate) fn words_in(problem: &Problem, words: &Words) -> String {
    let mut all = every().filter(|(code, _)| *code == problem.code);
    all.next().map_or_else(|| words.refusal_other(), |(_, sentence)| sentence(words))
}

fn every() -> impl Iterator<Item = &'static (&'static str, Sentence)> {
    [LINKING, FORCING, MOVING, SEALED, DECIDING, EVERYTHING].into_iter().flatten()
}

/// Judging whether records are one person.
const LINKING: Sentences = &[
    ("same_record", Words::refusal_same_record),
    ("not_open", Words::refusal_not_open),
    ("no_reason", Words::refusal_no_reason),
    ("already_linked", Words::refusal_already_linked),
    ("one_person_already", Words::refusal_already_linked),
    ("behind_another", Words::refusal_behind_another),
    ("unlinked_before", Words::refusal_unlinked_before),
    ("declared_different", Words::refusal_declared_different),
    ("different_across", Words::refusal_different_across),
    ("still_linked", Words::refusal_still_linked),
    ("too_many_records", Words::refusal_too_many_records),
    ("not_linked", Words::refusal_not_linked),
];

/// Opening by force, and looking at it.
const FORCING: Sentences = &[
    ("no_section", Words::refusal_no_section),
    ("never_by_force", Words::refusal_never_by_force),
    ("words", Words::refusal_words),
    ("length", Words::refusal_unprintable),
    ("unprintable", Words::refusal_unprintable),
    ("form", Words::refusal_unprintable),
    ("over", Words::refusal_over),
    ("own_access", Words::refusal_own_access),
    ("reviewed_already", Words::refusal_reviewed_already),
];

/// Moving an entry, or taking it back.
const MOVING: Sentences = &[
    ("no_such_person", Words::refusal_no_such_person),
    ("same_person", Words::refusal_same_person),
    ("not_on_her", Words::refusal_not_on_her),
    ("undone", Words::refusal_undone),
    ("not_here", Words::refusal_not_here),
    ("too_late", Words::refusal_too_late),
    ("gone_on", Words::refusal_gone_on),
    ("part_of_entry", Words::refusal_gone_on),
];

/// Answering a referral; slips and the paths of a sealed service.
const SEALED: Sentences = &[
    ("already_answered", Words::refusal_already_answered),
    ("ended", Words::refusal_ended),
    ("closed", Words::refusal_ended),
    ("not_a_slip", Words::refusal_not_a_slip),
    ("slip_not_valid", Words::refusal_slip_not_valid),
    ("slip_expired", Words::refusal_slip_expired),
    ("slip_used", Words::refusal_slip_used),
    ("appointment_in_the_past", Words::refusal_appointment_in_the_past),
    ("no_appointment", Words::refusal_no_appointment),
    ("appointment_to_come", Words::refusal_appointment_to_come),
    ("not_answered", Words::refusal_not_answered),
    ("in_path_already", Words::refusal_in_path_already),
    ("half_an_answer", Words::refusal_half_an_answer),
];

/// What she decides about who sees her past.
const DECIDING: Sentences = &[
    ("no_such_wish", Words::refusal_no_such_wish),
    ("id_in_use", Words::refusal_id_in_use),
    ("still_a_minor", Words::refusal_still_a_minor),
    ("age_unknown", Words::refusal_age_unknown),
    ("own_body", Words::refusal_own_body),
    ("never_open", Words::refusal_never_open),
    ("unknown_body", Words::refusal_unknown_body),
    ("no_such_entry", Words::refusal_no_such_entry),
];

/// Searching, registering, and what every door may say.
const EVERYTHING: Sentences = &[
    ("too_many_searches", Words::refusal_too_many_searches),
    ("alias_code", Words::refusal_alias_code),
    ("alias_taken", Words::refusal_alias_taken),
    ("birth_year", Words::refusal_birth_year),
    ("second_factor_needed", Words::refusal_second_factor_needed),
    ("key_reused", Words::refusal_sent_before),
    ("already_registered", Words::refusal_sent_before),
    ("stale", Words::refusal_stale),
    ("outdated", Words::refusal_stale),
    ("unknown_outcome", Words::refusal_unavailable),
    ("unavailable", Words::refusal_unavailable),
    ("unsure", Words::refusal_unavailable),
    ("not_logged", Words::refusal_unavailable),
    ("too_slow", Words::refusal_unavailable),
    ("not_found", Words::refusal_not_found),
    ("role_may_not", Words::refusal_not_found),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::http::StatusCode;
    use trama_ui::language::Language;

    use super::*;

    fn problem(code: &'static str) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, "for programs")
    }

    #[test]
    fn a_refusal_is_told_in_a_sentence_and_never_as_a_code() {
        for language in Language::ALL {
            for code in every().map(|(code, _)| *code).chain(["something_new"]) {
                let said = words_in(&problem(code), language.words());
                assert!(said.ends_with('.') && !said.contains('_'), "{code}: {said}");
                assert!(!said.contains("for programs"), "{code}: {said}");
            }
        }
    }

    #[test]
    fn no_code_has_two_sentences() {
        let codes: BTreeSet<&str> = every().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), every().count());
    }

    #[test]
    fn who_reads_english_is_refused_in_english() {
        for (code, sentence) in every() {
            let [italian, english] = Language::ALL.map(|language| sentence(language.words()));
            assert_ne!(italian, english, "{code}");
        }
    }
}
