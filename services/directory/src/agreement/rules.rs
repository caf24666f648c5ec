//! Rules of agreements, each a pure function with its source.

use std::collections::BTreeSet;

use time::Date;
use trama_events::codes::Section;
use trama_events::ids::OrganisationId;

use super::Rejection;

/// Most bodies that read by one agreement. Source: the published bound of `agreement_signed`.
pub const READERS_MAX: usize = 64;

/// What no agreement opens: the addiction service's data (DPR 309/90, art. 120), a secret address,
/// notes that their author kept for herself, and who reported.
pub const NEVER: [Section; 4] =
    [Section::Addiction, Section::SecretAddress, Section::PrivateNotes, Section::Reporter];

/// One body shows, others see: 1 to [`READERS_MAX`], each once, none of them the holder.
///
/// # Errors
///
/// [`Rejection::Readers`] and [`Rejection::HolderReads`].
pub fn bodies(holder: OrganisationId, readers: &[OrganisationId]) -> Result<(), Rejection> {
    let once = readers.iter().collect::<BTreeSet<_>>().len() == readers.len();
    if readers.contains(&holder) {
        Err(Rejection::HolderReads)
    } else if once && (1..=READERS_MAX).contains(&readers.len()) {
        Ok(())
    } else {
        Err(Rejection::Readers)
    }
}

/// At least one section, each once, none of [`NEVER`].
///
/// # Errors
///
/// [`Rejection::NeverOpened`] and [`Rejection::Sections`].
pub fn sections(sections: &[Section]) -> Result<(), Rejection> {
    if let Some(section) = sections.iter().find(|section| NEVER.contains(section)) {
        return Err(Rejection::NeverOpened { section: *section });
    }
    let once = sections.iter().collect::<BTreeSet<_>>().len() == sections.len();
    if once && !sections.is_empty() { Ok(()) } else { Err(Rejection::Sections) }
}

/// An agreement ends on its first day or later, and not in the past. It may begin in the past: it
/// is written down after it was signed.
///
/// # Errors
///
/// [`Rejection::Days`] otherwise.
pub fn days(from: Date, until: Option<Date>, today: Date) -> Result<(), Rejection> {
    let fits = until.is_none_or(|until| from <= until && today <= until);
    if fits { Ok(()) } else { Err(Rejection::Days) }
}
