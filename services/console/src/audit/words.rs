//! Words for what stands in the access log as a code.

use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::StaffId;
use trama_platform::permit::Relation;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords as _;

/// Staff stand in the log as ids; the beginning of one tells two workers apart.
pub(super) fn worker(staff: StaffId, words: &Words) -> String {
    let id = staff.to_string();
    words.audit_worker_is(id.split('-').next().unwrap_or(&id))
}

pub(super) fn role(code: &str, language: Language) -> String {
    let role = code.parse::<Role>().map(|role| role.words_in(language).to_owned());
    role.unwrap_or_else(|_| language.words().audit_role_other())
}

pub(crate) fn purpose(code: &str, language: Language) -> String {
    let purpose = code.parse::<Purpose>().map(|it| it.words_in(language).to_owned());
    purpose.unwrap_or_else(|_| language.words().audit_what_other())
}

/// What was looked at: classes of data, or what was done with the record as a whole. Each once, in
/// the order of the alphabet.
pub(crate) fn sections<'a>(
    codes: impl IntoIterator<Item = &'a String>,
    language: Language,
) -> String {
    let mut all: Vec<String> = codes.into_iter().map(|code| section(code, language)).collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

fn section(code: &str, language: Language) -> String {
    let words = language.words();
    match code {
        "list" | "search" => words.audit_what_list(),
        "link" => words.audit_what_link(),
        "write" => words.audit_what_write(),
        "access_log" | "extract" => words.audit_what_log(),
        "reattributions" => words.audit_what_moves(),
        "reconstruction" => words.audit_what_account(),
        "door" => words.audit_what_door(),
        code => {
            let section = code.parse::<Section>();
            section.map_or_else(|_| words.audit_what_other(), |it| it.words_in(language).to_owned())
        }
    }
}

pub(super) fn relation(relation: Relation, words: &Words) -> String {
    match relation {
        Relation::CaseManager => words.audit_relation_manager(),
        Relation::CaseTeam => words.audit_relation_team(),
        Relation::Cover => words.audit_relation_cover(),
        Relation::ReferralReceived => words.audit_relation_received(),
        Relation::ReferralSent => words.audit_relation_sent(),
        Relation::Stay => words.audit_relation_stay(),
        Relation::OwnRecord => words.audit_relation_own(),
        Relation::Meeting => words.audit_relation_meeting(),
        Relation::Guardian => words.audit_relation_guardian(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_told_once_and_in_words_of_each_language() {
        let codes = ["identity", "path", "list", "something_new", "newer"].map(ToOwned::to_owned);
        let told = sections(&codes, Language::Italian);
        assert_eq!(told, "altro, identità, in un elenco di risultati, percorso");
        assert!(sections(&codes, Language::English).contains("something else"));
    }
}
