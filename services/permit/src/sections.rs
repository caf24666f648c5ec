//! All classes of one person's data decided at once, for one worker.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Entities, EntityUid};
use strum::VariantArray;
use time::Date;
use trama_events::codes::{DatasetSection, Section};
use trama_events::ids::{OrganisationId, ServiceId};
use uuid::Uuid;

use crate::asking::{Asking, Record, Use};
use crate::entities::{Unbuildable, gather};
use crate::past::Past;
use crate::policies::Policies;

/// Who wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrote {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its service, where one did.
    pub service: Option<ServiceId>,
    /// The person wants that nobody else sees it.
    pub obscured: bool,
}

/// How far a class of data is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Whoever wrote it.
    pub all: bool,
    /// What her own organisation wrote, by whichever service. Told apart for private notes only.
    pub inside: bool,
    /// What her own service wrote.
    pub own: bool,
    /// What these bodies wrote, by agreement.
    pub holders: BTreeSet<OrganisationId>,
}

impl Reach {
    fn extend(&mut self, writer: Writer) {
        match writer {
            Writer::Anybody => self.all = true,
            Writer::Inside => self.inside = true,
            Writer::Own => self.own = true,
            Writer::Holder(holder) => {
                self.holders.insert(holder);
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.all |= other.all;
        self.inside |= other.inside;
        self.own |= other.own;
        self.holders.extend(other.holders);
    }

    fn is_nothing(&self) -> bool {
        !self.all && !self.inside && !self.own && self.holders.is_empty()
    }
}

/// What one worker may read of one person at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sections {
    organisation: OrganisationId,
    services: BTreeSet<ServiceId>,
    minor: bool,
    past: Past,
    open: BTreeMap<Section, Reach>,
    policies: BTreeSet<String>,
}

/// Stands for any body other than the reader's. Nobody has the nil id.
const ANOTHER: OrganisationId = OrganisationId(Uuid::nil());

impl Sections {
    /// Whether nothing may be read: then she does not exist for this worker.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether the class may be read, whoever wrote it. For facts that belong to the person and to
    /// no service, such as her name.
    pub fn reads(&self, section: Section) -> bool {
        self.open.get(&section).is_some_and(|reach| reach.all)
    }

    /// Whether this entry of the class may be shown.
    pub fn shows(&self, section: Section, wrote: &Wrote) -> bool {
        !self.hides(section, wrote) && self.reaches(section, wrote)
    }

    /// The same, as if the person had obscured nothing: for what the reader's own services sent or
    /// received.
    pub fn reaches(&self, section: Section, wrote: &Wrote) -> bool {
        let Some(reach) = self.open.get(&section) else { return false };
        let inside = wrote.organisation == self.organisation;
        let own = inside && wrote.service.is_some_and(|service| self.services.contains(&service));
        let beyond = reach.all || reach.holders.contains(&wrote.organisation);
        (own && reach.own) || (inside && reach.inside) || beyond
    }

    /// Whether the person obscured it, and somebody else than the reader wrote it. It is not there
    /// then, whatever is open.
    pub fn hides(&self, section: Section, wrote: &Wrote) -> bool {
        let inside = wrote.organisation == self.organisation;
        let wrote_it = match wrote.service {
            Some(service) => inside && self.services.contains(&service),
            None => inside,
        };
        !wrote_it && (wrote.obscured || self.past.obscures(section, wrote))
    }

    /// Whether she obscured this entry by itself: `<context>/<aggregate>/<sequence>`.
    pub fn is_obscured(&self, entry: &str) -> bool {
        self.past.obscured_entries.contains_key(entry)
    }

    /// Whether the reader acts for this service.
    pub fn acts_for(&self, service: ServiceId) -> bool {
        self.services.contains(&service)
    }

    /// Whether the reader is of this body.
    pub fn is_inside(&self, organisation: OrganisationId) -> bool {
        organisation == self.organisation
    }

    /// Whether something that happened on this day belongs to her childhood, and she is of age now:
    /// what a minors' service wrote of it is of the class [`Section::Minors`] then.
    pub fn is_childhood(&self, day: Date) -> bool {
        !self.minor && self.past.of_age_on.is_some_and(|of_age_on| day < of_age_on)
    }

    /// The classes of which something may be shown, each with how far. For the log of readings.
    pub fn open(&self) -> &BTreeMap<Section, Reach> {
        &self.open
    }

    /// Ids of the rules that opened them. For the log of readings.
    pub fn policies(&self) -> &BTreeSet<String> {
        &self.policies
    }

    /// What is open by these or by others of the same worker and person, e.g. by break-glass.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        for (section, reach) in others.open {
            self.open.entry(section).or_default().join(reach);
        }
        self.policies.extend(others.policies);
        self
    }

    fn nothing(asking: &Asking) -> Self {
        Self {
            organisation: asking.worker.organisation,
            services: asking.worker.services.clone(),
            minor: asking.subject.minor,
            past: asking.circumstances.past.clone(),
            open: BTreeMap::new(),
            policies: BTreeSet::new(),
        }
    }
}

/// The class that a section of a referral's dataset hands over.
pub fn handed_over(declared: DatasetSection) -> Section {
    match declared {
        DatasetSection::Identity => Section::Identity,
        DatasetSection::Contacts => Section::Contact,
        DatasetSection::Housing => Section::Housing,
        DatasetSection::Needs => Section::Needs,
        DatasetSection::Project => Section::Project,
        DatasetSection::Household => Section::Food,
        DatasetSection::Health => Section::Health,
        DatasetSection::Labour => Section::Labour,
    }
}

/// Which body's entries of a class are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    Anybody,
    Inside,
    Own,
    Holder(OrganisationId),
}

struct Class {
    section: Section,
    writer: Writer,
    resource: EntityUid,
}

impl Policies {
    /// Decides every class of the person's data for reading. Entities are built once; a class that
    /// is open whoever wrote it is not asked about again.
    pub fn sections(&self, asking: &Asking) -> Sections {
        self.sections_of(asking, Section::VARIANTS)
    }

    /// The same for the classes that a page is about; the others stay closed.
    pub fn sections_of(&self, asking: &Asking, asked: &[Section]) -> Sections {
        self.classes_open(asking, asked).unwrap_or_else(|Unbuildable| Sections::nothing(asking))
    }

    fn classes_open(&self, asking: &Asking, asked: &[Section]) -> Result<Sections, Unbuildable> {
        let (classes, entities) = self.classes(asking, asked)?;
        let context = self.kinds.context(asking)?;
        let mut found = Sections::nothing(asking);
        for class in classes {
            let reach = found.open.entry(class.section).or_default();
            if reach.all {
                continue;
            }
            let resource = class.resource;
            let request =
                self.request(&asking.worker, Use::Read.code(), resource, context.clone())?;
            let decision = self.decide(&asking.worker, Use::Read.code(), &request, &entities);
            if decision.allowed {
                reach.extend(class.writer);
                found.policies.extend(decision.policies);
            }
        }
        found.open.retain(|_, reach| !reach.is_nothing());
        Ok(found)
    }

    fn classes(
        &self,
        asking: &Asking,
        asked: &[Section],
    ) -> Result<(Vec<Class>, Entities), Unbuildable> {
        let mut entities = Vec::from(self.people_of(asking)?);
        let mut classes = Vec::new();
        for (section, writer) in writers(asking, asked) {
            let name = classes.len().to_string();
            let record = record_of(asking, section, writer);
            let (resource, entity) = self.kinds.record(&name, &record, &asking.circumstances)?;
            entities.push(entity);
            classes.push(Class { section, writer, resource });
        }
        Ok((classes, gather(entities)?))
    }
}

fn writers(asking: &Asking, asked: &[Section]) -> Vec<(Section, Writer)> {
    let mut writers = Vec::with_capacity(2 * asked.len());
    for &section in asked {
        writers.push((section, Writer::Anybody));
        writers.push((section, Writer::Own));
        if section == Section::PrivateNotes {
            writers.push((section, Writer::Inside));
        }
        let agreements = asking.circumstances.agreements.iter();
        let naming = agreements.filter(|agreement| agreement.sections.contains(&section));
        let holders: BTreeSet<_> = naming.map(|agreement| agreement.holder).collect();
        writers.extend(holders.into_iter().map(|holder| (section, Writer::Holder(holder))));
    }
    writers
}

fn record_of(asking: &Asking, section: Section, writer: Writer) -> Record {
    let worker = &asking.worker;
    let (organisation, service) = match writer {
        Writer::Anybody => (ANOTHER, None),
        Writer::Inside => (worker.organisation, None),
        Writer::Own => (worker.organisation, worker.services.first().copied()),
        Writer::Holder(holder) => (holder, None),
    };
    Record { section, organisation, service, obscured: false }
}
