//! The service that a refusal names as the one to ask. It is typed as it is spoken of: a list of all
//! would be heavier than the page. Pure.

use trama_events::ids::ServiceId;
use trama_projections::network::Listed;
use trama_ui::language::Language;

use crate::names;

/// Services that are named to somebody whose words fit several.
const NAMED_MAX: usize = 5;

/// The one that is meant, among those that are listed; else why none is.
pub(super) fn meant(
    typed: &str,
    listed: &[Listed],
    language: Language,
) -> Result<ServiceId, String> {
    let words = language.words();
    let is_it = |one: &&Listed| one.name.to_lowercase() == typed.to_lowercase();
    let fits = |one: &&Listed| names::is_meant(one, typed, language);
    let mut found: Vec<&Listed> = listed.iter().filter(is_it).collect();
    if found.is_empty() {
        found = listed.iter().filter(fits).collect();
    }
    match found.as_slice() {
        [] => Err(words.referral_wrong_elsewhere(typed)),
        [one] => Ok(one.service),
        several => {
            let mut names: Vec<String> = several.iter().map(|one| called(one)).collect();
            let more = names.len().saturating_sub(NAMED_MAX);
            names.truncate(NAMED_MAX);
            let names = names.join("; ");
            Err(match more {
                0 => words.referral_wrong_elsewhere_which(names),
                more => words.referral_wrong_elsewhere_many(names, more),
            })
        }
    }
}

/// Its name with its body's, which tells two of the same name apart.
fn called(one: &Listed) -> String {
    format!("{} ({})", one.name, one.organisation_name)
}

#[cfg(test)]
mod tests {
    use trama_events::codes::ServiceType;
    use trama_events::ids::OrganisationId;

    use super::*;

    fn service(name: &str, body: &str, service_type: ServiceType) -> Listed {
        Listed {
            service: ServiceId::derived(&[name, body]),
            name: name.into(),
            service_type,
            ats: "bari".into(),
            organisation: OrganisationId::derived(&[body]),
            organisation_name: body.into(),
        }
    }

    #[test]
    fn a_service_is_meant_by_its_name_or_by_words_that_fit_no_other() {
        let listed = [
            service("CSM", "ASL Bari", ServiceType::Csm),
            service("CSM Est", "ASL Bari", ServiceType::Csm),
            service("Mensa", "Caritas", ServiceType::Canteen),
            service("Mensa", "Parrocchia", ServiceType::Canteen),
        ];
        let meant = |typed| meant(typed, &listed, Language::English);
        assert_eq!(
            meant("csm"),
            Ok(listed[0].service),
            "its whole name goes before part of others"
        );
        assert_eq!(meant("est csm"), Ok(listed[1].service));
        assert_eq!(meant("mensa caritas"), Ok(listed[2].service));
        let which = meant("mensa").unwrap_err();
        assert!(which.contains("Mensa (Caritas); Mensa (Parrocchia)"), "{which}");
        let none = meant("dentista").unwrap_err();
        assert!(none.contains("dentista"), "{none}");
    }

    #[test]
    fn of_many_services_that_fit_a_few_are_named() {
        let name = |number| format!("Mensa {number}");
        let listed: Vec<Listed> =
            (0..30).map(|number| service(&name(number), "Caritas", ServiceType::Canteen)).collect();
        let which = meant("caritas", &listed, Language::Italian).unwrap_err();
        assert!(which.contains("25") && which.contains("Mensa 4") && !which.contains("Mensa 5"));
    }
}
