use std::collections::BTreeSet;

use strum::VariantArray;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::referrals::ConsentScope;

use crate::asking::Relation;
use crate::part::Part;
use crate::policies::{BadPolicies, Policies};
use crate::sources::{FILES, SCHEMA};

/// Words between quotes in `entity <kind> enum [...]`.
fn words_of(kind: &str) -> BTreeSet<String> {
    let begun = format!("entity {kind} enum [");
    let (_, rest) = SCHEMA.split_once(&begun).unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

fn codes<T: VariantArray + ToString>() -> BTreeSet<String> {
    T::VARIANTS.iter().map(ToString::to_string).collect()
}

#[test]
fn the_words_of_the_policies_are_those_of_the_published_language() {
    assert_eq!(words_of("Role"), codes::<Role>());
    assert_eq!(words_of("Section"), codes::<Section>());
    assert_eq!(words_of("Purpose"), codes::<Purpose>());
    assert_eq!(words_of("Consent"), codes::<ConsentScope>());
    assert_eq!(words_of("Relation"), codes::<Relation>());
    assert_eq!(words_of("Part"), codes::<Part>());
}

#[test]
fn every_rule_has_a_sentence_above_it_and_an_id_of_its_file() {
    for (file, text) in FILES {
        let rules = text.split("\n\n").filter(|part| part.contains("@id("));
        for rule in rules {
            let sentence: Vec<&str> =
                rule.lines().take_while(|line| line.starts_with("// ")).collect();
            assert!(sentence.last().is_some_and(|line| line.ends_with('.')), "{file}: {rule}");
            let id = rule.lines().nth(sentence.len()).unwrap();
            assert!(id.starts_with(&format!("@id(\"{file}.")), "{file}: {rule}");
        }
        let written = text.matches("\npermit (").count() + text.matches("\nforbid (").count();
        assert_eq!(written, text.matches("@id(").count(), "{file}");
    }
}

#[test]
fn the_policies_are_fewer_than_a_hundred() {
    let rules = Policies::load().unwrap().text().matches("@id(").count();
    assert!(rules < 100, "{rules}: decisions slow down with their number (trust.md D4)");
}

#[test]
fn every_role_plays_a_part_and_no_part_waits_for_a_role() {
    use trama_events::codes::Profession;
    let professions = Profession::VARIANTS.iter().copied().map(Some).chain([None]);
    let played: BTreeSet<Part> = professions
        .flat_map(|profession| Role::VARIANTS.iter().map(move |role| Part::of(*role, profession)))
        .collect();
    let waiting: Vec<Part> =
        Part::VARIANTS.iter().copied().filter(|part| !played.contains(part)).collect();
    assert_eq!(waiting, []);
}

#[test]
fn policies_that_cannot_be_trusted_are_refused_when_they_are_loaded() {
    let bad = |text: &str| Policies::from_text(text).unwrap_err();
    assert!(matches!(bad("permit (principal"), BadPolicies::Unreadable(_)));
    assert!(matches!(bad("permit (principal, action, resource);"), BadPolicies::Nameless(_)));
    let twice = "@id(\"a\") permit (principal, action == Action::\"audit\", resource);";
    assert!(matches!(bad(&format!("{twice}{twice}")), BadPolicies::Twice(name) if name == "a"));
    let misspelt = "@id(\"a\") permit (principal, action == Action::\"read\", resource)
        when { principal.part == Part::\"social_dsek\" };";
    assert!(matches!(bad(misspelt), BadPolicies::Unfit(why) if why.contains("social_dsek")));
    let nobody =
        "@id(\"a\") @part(\"desk\") permit (principal, action == Action::\"audit\", resource);";
    assert!(matches!(bad(nobody), BadPolicies::Unfit(why) if why == "@part desk"));
    let never = "@id(\"a\") permit (principal, action == Action::\"audit\", resource)
        when { principal.suspended && !principal.suspended && principal.part == 3 };";
    assert!(matches!(bad(never), BadPolicies::Unfit(_)));
}
