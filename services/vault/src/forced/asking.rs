use cqrs_es::Aggregate;
use time::{Duration, OffsetDateTime};
use trama_events::codes::{FactSource, IdentityField, Section, Segment};
use trama_events::envelope::Recorded;
use trama_events::identity::{ForcedAccessEvent, ForcedReason};
use trama_events::ids::{Ats, FactId, ForcedAccessId, OrganisationId, PersonId, StaffId};
use trama_events::{Event, Reading};
use trama_platform::Failure;
use trama_platform::log::{Asked, Done};
use uuid::Uuid;

use super::reviewing::{self, Review};
use super::{
    ForcedAccess, ForcedAccessCommand, MINUTES_MAX, Opening, Rejection, TO_REVIEW, WORDS_LEN,
};
use crate::Vault;
use crate::identity;
use crate::record::{self, Said};
use crate::store::Value;

/// What a worker wants to open by force, and why.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whose record.
    pub person: PersonId,
    /// Which classes of data.
    pub sections: Vec<Section>,
    /// Why, as a code.
    pub reason: ForcedReason,
    /// Why, in her own words: a note of the person's record, and nowhere else.
    pub words: Value,
}

/// An access by force, and who opened it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forced {
    /// What was opened.
    pub opening: Opening,
    /// When, on the domain's clock.
    pub at: OffsetDateTime,
    /// Who opened it.
    pub by: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// On behalf of which ATS.
    pub ats: Ats,
    /// In which role.
    pub role: String,
    /// What somebody found who looked at it; `None` before.
    pub review: Option<Review>,
}

impl Wish {
    /// Whether it could be granted to anybody, for anybody's record.
    ///
    /// # Errors
    ///
    /// [`Rejection`]
    pub fn check(&self, now: OffsetDateTime) -> Result<(), Rejection> {
        self.opening(ForcedAccessId(Uuid::nil()), now).check(now)?;
        check_words(&self.words)
    }

    /// An hour from now.
    fn opening(&self, access: ForcedAccessId, now: OffsetDateTime) -> Opening {
        let Self { person, sections, reason, .. } = self;
        let until = now.checked_add(Duration::minutes(MINUTES_MAX)).unwrap_or(now);
        Opening { access, person: *person, reason: *reason, sections: sections.clone(), until }
    }
}

impl Vault {
    /// Whether there is a record of the shared network that somebody could open by force.
    ///
    /// # Errors
    ///
    /// When nobody can say.
    pub async fn has_record(&self, person: PersonId) -> Result<bool, Failure<Rejection>> {
        match self.must_be_of_the_network(person).await {
            Ok(()) => Ok(true),
            Err(Failure::Rejected(_)) => Ok(false),
            Err(failure) => Err(of_words(failure)),
        }
    }

    /// Where the words of this wish will lie once it is granted.
    pub fn words_of(asked: &Asked, person: PersonId) -> FactId {
        let ids = record::ids(&for_words(asked), person).next();
        ids.unwrap_or(FactId(Uuid::nil()))
    }

    /// Opens classes of a record for an hour. Whoever calls this has asked the gate. Repeated under
    /// the same key it changes nothing. Answers until when it is open.
    ///
    /// # Errors
    ///
    /// [`Rejection`]; [`Failure::Unavailable`] also while the words cannot be sealed: nothing is
    /// opened without its reason.
    pub async fn force(
        &self,
        asked: &Asked,
        wish: Wish,
        now: OffsetDateTime,
    ) -> Result<(Done, OffsetDateTime), Failure<Rejection>> {
        wish.check(now).map_err(Failure::Rejected)?;
        let (access, is_open) = self.next_access(asked.actor, wish.person, now).await?;
        let opening = wish.opening(access, now);
        // One that is open refuses another, or knows this one as its own; either way it has words.
        if !is_open {
            self.keep_words(asked, &wish).await?;
        }
        let force = ForcedAccessCommand::Force { opening, now };
        let done = self.log.ask::<ForcedAccess>(asked, access.0, force).await?;
        let (opened, _) = self.log.load::<ForcedAccess>(done.id).await?;
        let until = opened.opening.map(|opening| opening.until).ok_or(Failure::Unknown)?;
        Ok((done, until))
    }

    /// An access by force; `None` when there is none under this id.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    pub async fn forced(&self, access: ForcedAccessId) -> sqlx::Result<Option<Forced>> {
        let events = self.feed.of_aggregate(ForcedAccess::TYPE, access.0).await?;
        let review = events.iter().find_map(reviewing::review);
        Ok(events.first().and_then(forced).map(|forced| Forced { review, ..forced }))
    }

    /// At most `max` of the accesses that nobody looked at yet, the oldest first; and how many there
    /// are.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    pub async fn to_review(&self, max: usize) -> sqlx::Result<(Vec<Forced>, usize)> {
        let claimed = self.log.claimed(TO_REVIEW).await?;
        let mut all = Vec::with_capacity(claimed.len().min(max));
        for (_, access) in claimed.iter().take(max) {
            all.extend(self.forced(ForcedAccessId(*access)).await?);
        }
        all.sort_by_key(|forced| (forced.at, forced.opening.access));
        Ok((all, claimed.len()))
    }

    async fn keep_words(&self, asked: &Asked, wish: &Wish) -> Result<(), Failure<Rejection>> {
        let said = Said {
            field: IdentityField::Note,
            value: wish.words.clone(),
            segment: Some(Segment::Base),
            source: FactSource::Observed,
            replaces: None,
        };
        let kept = self.record(&for_words(asked), wish.person, vec![said]).await;
        kept.map(drop).map_err(of_words)
    }

    /// The access of this worker to this person that is open, or else the next one, which is not
    /// there yet. Numbers have no gaps, so that the last one is found in a few looks.
    async fn next_access(
        &self,
        staff: StaffId,
        person: PersonId,
        now: OffsetDateTime,
    ) -> Result<(ForcedAccessId, bool), Failure<Rejection>> {
        let mut above: u32 = 1;
        while self.opening(staff, person, above - 1).await?.is_some() {
            above = above.saturating_mul(2);
        }
        let (mut there, mut free) = (above / 2, above - 1);
        while there < free {
            let middle = there + (free - there) / 2;
            if self.opening(staff, person, middle).await?.is_some() {
                there = middle + 1;
            } else {
                free = middle;
            }
        }
        if let Some(last) = free.checked_sub(1)
            && let Some(opening) = self.opening(staff, person, last).await?
            && opening.is_open(now)
        {
            return Ok((opening.access, true));
        }
        Ok((access_id(staff, person, free), false))
    }

    async fn opening(
        &self,
        staff: StaffId,
        person: PersonId,
        number: u32,
    ) -> Result<Option<Opening>, Failure<Rejection>> {
        let access = access_id(staff, person, number);
        Ok(self.log.load::<ForcedAccess>(access.0).await?.0.opening)
    }
}

/// Own words have a length, spaces around them apart.
pub(super) fn check_words(words: &Value) -> Result<(), Rejection> {
    let length = words.expose().trim().chars().count();
    if WORDS_LEN.contains(&length) { Ok(()) } else { Err(Rejection::Words) }
}

fn access_id(staff: StaffId, person: PersonId, number: u32) -> ForcedAccessId {
    ForcedAccessId::derived(&[&staff.to_string(), &person.to_string(), &number.to_string()])
}

/// The words are a command of their own, under a key that nobody can send.
fn for_words(asked: &Asked) -> Asked {
    let key = format!("words of {}", asked.key);
    Asked { key, if_match: None, ..asked.clone() }
}

/// What the vault refuses of a record that cannot take words looks like no record.
pub(super) fn of_words(failure: Failure<identity::Rejection>) -> Failure<Rejection> {
    match failure {
        Failure::Rejected(identity::Rejection::BadFact(bad)) => {
            Failure::Rejected(Rejection::BadWords(bad))
        }
        Failure::Rejected(_) | Failure::Denied => Failure::Denied,
        Failure::Stale => Failure::Stale,
        Failure::Outdated => Failure::Outdated,
        Failure::KeyReused => Failure::KeyReused,
        Failure::Unknown => Failure::Unknown,
        Failure::Unavailable => Failure::Unavailable,
        Failure::Fault(error) => Failure::Fault(error),
    }
}

fn forced(recorded: &Recorded) -> Option<Forced> {
    let Reading::Known(event) = recorded.read() else { return None };
    let Event::ForcedAccess(ForcedAccessEvent::AccessForced {
        access,
        person,
        reason,
        sections,
        until,
    }) = *event
    else {
        return None;
    };
    let why = &recorded.why;
    Some(Forced {
        opening: Opening { access, person, reason, sections, until },
        at: why.recorded_at,
        by: why.actor,
        organisation: why.organisation,
        ats: why.ats.clone(),
        role: why.role.clone(),
        review: None,
    })
}
