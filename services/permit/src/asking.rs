//! What a decision is asked about: who, whom, and how they have to do with each other.

use std::collections::BTreeSet;

use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::referrals::ConsentScope;

use crate::part::Part;
use crate::past::Past;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            Display, EnumString, IntoStaticStr, VariantArray,
        )]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The code as it stands in the policies.
            pub fn code(self) -> &'static str {
                self.into()
            }
        }
    )*};
}

words! {
    /// How somebody has to do with a person at this moment. Each is a fact of the log.
    Relation {
        /// She manages the person's open case.
        CaseManager,
        /// She works on it.
        CaseTeam,
        /// She covers, in the days of an absence, for somebody who has the case.
        Cover,
        /// Her service received a referral of the person that is not closed.
        ReferralReceived,
        /// Her service sent one that is not closed.
        ReferralSent,
        /// The person sleeps or lives in a house of her service.
        Stay,
        /// Her service wrote something about the person.
        OwnRecord,
        /// She is called to a meeting about the person.
        Meeting,
        /// She is the person's guardian.
        Guardian,
    }

    /// What may be done with a class of a person's data.
    Use {
        /// Seeing it.
        Read,
        /// Adding to it or correcting it.
        Write,
        /// Taking it out of the platform.
        Export,
        /// Destroying the key under which it lies.
        Erase,
    }

    /// What may be done with a person's record as a whole.
    Deed {
        /// Finding it: that it is there, and its opaque id.
        List,
        /// Sending the person on to a service.
        Refer,
        /// Judging it and another to be one person.
        Link,
        /// Opening it by break-glass.
        Force,
        /// Telling the person who read it.
        Extract,
        /// Taking down, in her presence, what she decides about who sees it.
        Witness,
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// She.
    pub staff: StaffId,
    /// The organisation for which she acts.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// In which part: [`Part::of`] her role and profession.
    pub part: Part,
    /// Services for which she acts.
    pub services: BTreeSet<ServiceId>,
    /// Her access is suspended.
    pub suspended: bool,
    /// She proved a second factor in this session (SPID level 2, CIE).
    pub second_factor: bool,
}

/// Whether the person's whereabouts are secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// They are not.
    #[default]
    Open,
    /// She is a guest of a secret shelter.
    Guarded {
        /// Who keeps her address, where this is known to whoever decides.
        keeper: Option<OrganisationId>,
    },
}

/// Whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// She.
    pub person: PersonId,
    /// She is under 18, or may be: where the age is not known and a child was reported.
    pub minor: bool,
    /// Whether her whereabouts are secret.
    pub guard: Guard,
    /// The confidential service whose pseudonym this is.
    pub sealed_by: Option<ServiceId>,
}

impl Subject {
    /// An adult of the shared network whose whereabouts are no secret.
    pub fn new(person: PersonId) -> Self {
        Self { person, minor: false, guard: Guard::Open, sealed_by: None }
    }
}

/// An agreement in force by which another body shows its data to the reader's organisation.
/// Data, not policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Who shows.
    pub holder: OrganisationId,
    /// What.
    pub sections: BTreeSet<Section>,
    /// For which purpose.
    pub purpose: Purpose,
}

/// How things stand between the two at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// The purpose as stated, `None` when none was. Never a default: it is asked when no open case
    /// explains the reading.
    pub purpose: Option<Purpose>,
    /// The active relations.
    pub relations: BTreeSet<Relation>,
    /// Consents of the person in force towards the worker's organisation.
    pub consents: BTreeSet<ConsentScope>,
    /// This request rests on break-glass that was opened for a reason and has not expired.
    pub forced: bool,
    /// Agreements in force towards the worker's organisation.
    pub agreements: Vec<Agreement>,
    /// Sections that a referral received by her service declares.
    pub handed_over: BTreeSet<Section>,
    /// What the person decided about her own past.
    pub past: Past,
}

/// Who asks, about whom, and how things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Who asks.
    pub worker: Worker,
    /// About whom.
    pub subject: Subject,
    /// How things stand.
    pub circumstances: Circumstances,
}

/// What one body wrote of one class of a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Which class.
    pub section: Section,
    /// The organisation that wrote it.
    pub organisation: OrganisationId,
    /// Its service, where one did.
    pub service: Option<ServiceId>,
    /// The person wants that nobody else sees it.
    pub obscured: bool,
}

/// A figure that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The worker whom it measures, when it is about one.
    pub worker: Option<StaffId>,
    /// Cells that could be few people are hidden.
    pub small_cells_hidden: bool,
}
