//! How workers have to do with persons, as the log tells it. This module knows no event: a read
//! model finds it, and whoever decides asks here.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use time::{Date, OffsetDateTime};
use trama_events::codes::{Profession, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::referrals::ConsentScope;
use trama_permit::{Agreement, Guard, Past, Relation};

/// Who asks about whom.
#[derive(Debug, Clone)]
pub struct Between<'a> {
    /// The worker.
    pub staff: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// For which services.
    pub services: &'a [ServiceId],
    /// The person, by any of the records that are she.
    pub person: PersonId,
    /// The day in Rome, on the domain's clock.
    pub on: Date,
    /// The moment, on the domain's clock.
    pub now: OffsetDateTime,
}

/// What the log tells of the two at this moment. Of a person who does not exist it tells nothing,
/// and takes as long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties {
    /// Every record that is she; the one that was asked for when nothing is known of it.
    pub records: Vec<PersonId>,
    /// Whether anybody registered her.
    pub registered: bool,
    /// The confidential service whose pseudonym this is.
    pub sealed_by: Option<ServiceId>,
    /// Active relations.
    pub relations: Vec<Relation>,
    /// The worker's profession, where her post tells it.
    pub profession: Option<Profession>,
    /// Consents in force towards her organisation.
    pub consents: Vec<ConsentScope>,
    /// Agreements in force towards her organisation.
    pub agreements: Vec<Agreement>,
    /// Sections that referrals which her services received declare.
    pub handed_over: Vec<Section>,
    /// Sections that she opened by force, and until now may see.
    pub forced: Vec<Section>,
    /// Whether the person is under 18, or may be.
    pub minor: bool,
    /// What she decided about her own past.
    pub past: Past,
    /// Whether she is not to be found, or her whereabouts are secret.
    pub guard: Guard,
    /// Which workers say that she is not to be found, by the record of which they say it.
    pub hidden_by: BTreeMap<PersonId, BTreeSet<StaffId>>,
    /// On which records somebody else gave the worker a case of hers that somebody else opened, as long as
    /// it is open; or a court made her the guardian.
    pub given: BTreeSet<PersonId>,
    /// On which records somebody of another body sent her to one of the worker's services.
    pub sent_here: BTreeSet<PersonId>,
}

impl Ties {
    /// Which workers say of any of her records that she is not to be found.
    pub fn hiders(&self) -> BTreeSet<StaffId> {
        self.hidden_by.values().flatten().copied().collect()
    }
}

/// On what else a worker may bring a child into her service's care. Nothing of it opens anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// Whether one of her services registered the child or holds a case of hers.
    pub here: bool,
    /// With whom the child lives now, at most [`FELLOWS_MAX`]: people of her households, where
    /// neither was named there by this worker.
    pub fellows: Vec<PersonId>,
    /// Of these fellows those with whom this worker has to do by what somebody else began: a
    /// referral, a case that was given to her, a stay that a colleague wrote down.
    pub given: BTreeSet<PersonId>,
    /// Of these fellows those whom the body has in care that wrote who belongs to the household.
    pub cared: BTreeSet<PersonId>,
}

/// That somebody had to do with a person, from a fact on until another, as far as it is known now.
/// What it opened, the policies and the consents of that time decided: the access log tells what was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// How.
    pub relation: Relation,
    /// Which worker, where it is hers; else everybody of the body whose services have it.
    pub staff: Option<StaffId>,
    /// For which body; none where a confidential service has it, or nobody knows which.
    pub organisation: Option<OrganisationId>,
    /// Since the fact that began it.
    pub since: OffsetDateTime,
    /// Until when it counts, where something ended it.
    pub until: Option<OffsetDateTime>,
}

/// Most relations of a person that are told.
pub const STOOD_MAX: i64 = 200;

/// Most people of a child's households who are looked at.
pub const FELLOWS_MAX: usize = 100;

/// The log was not read far enough, or not at all: nobody can say who may, so nobody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("we cannot tell now who may see this, so nothing is shown: try again in a moment")]
pub struct Unsure;

/// The future of [`Acquaintance::between`].
pub type Finding<'a> = Pin<Box<dyn Future<Output = Result<Ties, Unsure>> + Send + 'a>>;

/// The future of [`Acquaintance::with_each`].
pub type FindingEach<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<Option<Ties>>, Unsure>> + Send + 'a>>;

/// The future of [`Acquaintance::ground`].
pub type FindingGround<'a> = Pin<Box<dyn Future<Output = Result<Ground, Unsure>> + Send + 'a>>;

/// The future of [`Acquaintance::standings`].
pub type Standings<'a> = Pin<Box<dyn Future<Output = Result<Vec<Stood>, Unsure>> + Send + 'a>>;

/// The future of [`Acquaintance::confidential_bodies`].
pub type Bodies<'a> =
    Pin<Box<dyn Future<Output = Result<BTreeSet<OrganisationId>, Unsure>> + Send + 'a>>;

/// Whoever knows how workers have to do with persons.
pub trait Acquaintance: Send + Sync + 'static {
    /// What is true between a worker and a person now.
    fn between<'a>(&'a self, asked: Between<'a>) -> Finding<'a>;

    /// The same with each of these persons instead of the one that `asked` names, in their order;
    /// nothing of whom alone nobody can tell now.
    fn with_each<'a>(&'a self, asked: Between<'a>, persons: &'a [PersonId]) -> FindingEach<'a> {
        Box::pin(async move {
            let mut all = Vec::with_capacity(persons.len());
            for &person in persons {
                all.push(Some(self.between(Between { person, ..asked.clone() }).await?));
            }
            Ok(all)
        })
    }

    /// On what else the worker may bring the person in, by all records that are she. Whoever knows
    /// of nothing says so, and nobody is brought in by it.
    fn ground<'a>(&'a self, _: Between<'a>, _: &'a [PersonId]) -> FindingGround<'a> {
        Box::pin(async { Ok(Ground::default()) })
    }

    /// Who had to do with a person, by all records that are she, until a moment: the newest first,
    /// at most [`STOOD_MAX`]. For who controls alone.
    fn standings<'a>(&'a self, _: &'a [PersonId], _: OffsetDateTime) -> Standings<'a> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Whether anything can be told now. Who is never late always can.
    fn can_tell(&self) -> bool {
        true
    }

    /// Bodies all of whose services are confidential: that one of them looked at somebody tells
    /// what it does for her.
    fn confidential_bodies(&self) -> Bodies<'_>;
}
