//! A person's own past: from when on she decides about it, and what she decided (domain §6).

use std::collections::{BTreeMap, BTreeSet};

use time::Date;
use trama_events::codes::Section;
use trama_events::ids::{OrganisationId, ServiceId};

use crate::sections::Wrote;

/// From when on her childhood is hers, and what of her record is there for nobody but who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// First day on which she was of age for certain; `None` where nobody knows the year of her
    /// birth.
    pub of_age_on: Option<Date>,
    /// She lets the reader see what minors' services wrote of her as a child.
    pub childhood_open: bool,
    /// Services all of whose entries she obscured, each with the body that runs it.
    pub obscured_services: BTreeMap<ServiceId, OrganisationId>,
    /// Single entries that she obscured, `<context>/<aggregate>/<sequence>`, each with the body that
    /// wrote it.
    pub obscured_entries: BTreeMap<String, OrganisationId>,
}

/// What belongs to the person and to no service, where no service is named as its writer. It stays
/// when she obscures what one service wrote: by her name the others go on helping her.
const HERS: [Section; 2] = [Section::Identity, Section::Language];

impl Past {
    /// Whether something is of a service all of whose entries she obscured. Where only the body is
    /// known, whatever it wrote is, whichever of its services did: it errs on hiding.
    pub(crate) fn obscures(&self, section: Section, wrote: &Wrote) -> bool {
        match wrote.service {
            Some(service) => self.obscured_services.contains_key(&service),
            None => !HERS.contains(&section) && self.bodies().contains(&wrote.organisation),
        }
    }

    fn bodies(&self) -> BTreeSet<OrganisationId> {
        self.obscured_services.values().copied().collect()
    }
}
