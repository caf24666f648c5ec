//! Names for ids: bodies have public ones, workers have none to show beyond what tells two apart.

use std::collections::BTreeMap;

use serde::Deserialize;
use trama_events::codes::Role;
use trama_events::ids::{OrganisationId, StaffId};
use trama_platform::Problem;
use trama_projections::network::Listed;
use trama_ui::family::Family;
use trama_ui::language::Language;
use trama_ui::words::InWords as _;

use crate::api::Api;

/// Bodies whose names are looked up for one page.
const BODIES_MAX: usize = 40;

#[derive(Deserialize)]
struct Body {
    name: String,
}

/// The public names of bodies, as the directory tells them.
///
/// # Errors
///
/// As the directory's door answers.
pub(crate) async fn bodies(
    api: &Api<'_>,
    wanted: impl Iterator<Item = OrganisationId>,
) -> Result<BTreeMap<OrganisationId, String>, Problem> {
    let mut names = BTreeMap::new();
    for body in wanted {
        if names.contains_key(&body) || names.len() >= BODIES_MAX {
            continue;
        }
        let name = match api.get::<Body>(&format!("/api/directory/organisations/{body}")).await {
            Ok(known) => known.name,
            Err(problem) if problem.status == 404 => api.language().words().audit_body_gone(),
            Err(problem) => return Err(problem),
        };
        names.insert(body, name);
    }
    Ok(names)
}

/// Whether every word that was typed is one of a service, of its body or of what it does.
pub(crate) fn is_meant(one: &Listed, typed: &str, language: Language) -> bool {
    let family = Family::from(one.service_type).label_in(language);
    let kind = one.service_type.words_in(language);
    let spoken = [&one.name, &one.organisation_name, kind, family].join(" ").to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| spoken.contains(word))
}

/// Staff stand in the log as ids; the beginning of one tells two workers apart.
pub(crate) fn worker(staff: StaffId, language: Language) -> String {
    let id = staff.to_string();
    language.words().audit_worker_is(id.split('-').next().unwrap_or(&id))
}

/// A role by its code.
pub(crate) fn role(code: &str, language: Language) -> String {
    let role = code.parse::<Role>().map(|role| role.words_in(language).to_owned());
    role.unwrap_or_else(|_| language.words().audit_role_other())
}
