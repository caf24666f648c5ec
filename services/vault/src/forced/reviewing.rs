//! What somebody found who looked at an access by force, and what she says of it.
//!
//! Her words are a private note of the record: an emergency never opens it, and no other
//! organisation reads it. The data protection officer is shown it with the access, and the log has
//! the finding alone.

use time::OffsetDateTime;
use trama_events::codes::{FactSource, IdentityField, Segment};
use trama_events::envelope::Recorded;
use trama_events::identity::{ForcedAccessEvent, ReviewFinding};
use trama_events::ids::{FactId, ForcedAccessId, OrganisationId, PersonId, StaffId};
use trama_events::{Event, Reading};
use trama_platform::Failure;
use trama_platform::log::{Asked, Done};

use super::asking::{Forced, check_words, of_words};
use super::{ForcedAccess, ForcedAccessCommand, Rejection};
use crate::Vault;
use crate::error::VaultError;
use crate::identity::{self, Identity};
use crate::record::{self, Said};
use crate::store::Value;

/// A review of an access by force, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What was found.
    pub finding: ReviewFinding,
    /// When, on the domain's clock.
    pub at: OffsetDateTime,
    /// Who looked.
    pub by: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: String,
}

impl Vault {
    /// Notes what somebody found who looked at an access, and her own words when she has any. They
    /// are kept first, so that no finding stands without them; where that broke off, the words of
    /// her first try stand.
    ///
    /// # Errors
    ///
    /// [`Rejection`]; [`Failure::Unavailable`] also while words cannot be sealed.
    pub async fn review(
        &self,
        asked: &Asked,
        forced: &Forced,
        finding: ReviewFinding,
        words: Option<Value>,
    ) -> Result<Done, Failure<Rejection>> {
        words.as_ref().map_or(Ok(()), check_words).map_err(Failure::Rejected)?;
        let access = forced.opening.access;
        let (before, _) = self.log.load::<ForcedAccess>(access.0).await?;
        let is_new = matches!(before.review(Some(forced.by), asked.actor, finding), Ok(Some(_)));
        if let Some(words) = words.filter(|_| is_new) {
            self.keep_review(asked, forced, words).await?;
        }
        let review =
            ForcedAccessCommand::Review { forced_by: Some(forced.by), by: asked.actor, finding };
        self.log.ask::<ForcedAccess>(asked, access.0, review).await
    }

    /// The words of whoever looked at an access, when there are any and their key was not erased.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] while the vault is closed or its keys cannot be reached.
    pub async fn words_of_review(
        &self,
        forced: &Forced,
    ) -> Result<Option<Value>, Failure<Rejection>> {
        let (Some(review), person) = (&forced.review, forced.opening.person) else {
            return Ok(None);
        };
        let note = note_of(review.by, forced.opening.access, person);
        self.must_be_open().await.map_err(VaultError::into_failure)?;
        let (record, _) = self.log.load::<Identity>(person.0).await.map_err(of_words)?;
        if !record.facts.contains_key(&note) {
            return Ok(None);
        }
        self.value_of(person, note).await.map_err(VaultError::into_failure)
    }

    async fn value_of(&self, person: PersonId, fact: FactId) -> Result<Option<Value>, VaultError> {
        let mut rows = self.store.of_person(person).await?;
        rows.retain(|row| row.place.fact == fact);
        Ok(self.opened(rows).await?.pop().map(|(_, value)| value))
    }

    async fn keep_review(
        &self,
        asked: &Asked,
        forced: &Forced,
        words: Value,
    ) -> Result<(), Failure<Rejection>> {
        let said = Said {
            field: IdentityField::PrivateNote,
            value: words,
            segment: Some(Segment::Base),
            source: FactSource::Observed,
            replaces: None,
        };
        let key = key_of(forced.opening.access);
        let asked = Asked { digest: key.clone(), key, if_match: None, ..asked.clone() };
        match self.record(&asked, forced.opening.person, vec![said]).await {
            Ok(_) => Ok(()),
            Err(Failure::Rejected(identity::Rejection::Erased { .. })) => {
                Err(Failure::Rejected(Rejection::WordsErased))
            }
            Err(failure) => Err(of_words(failure)),
        }
    }
}

/// A key that nobody can send: one note of each worker on each access.
fn key_of(access: ForcedAccessId) -> String {
    format!("words on {access}")
}

fn note_of(by: StaffId, access: ForcedAccessId, person: PersonId) -> FactId {
    record::id_of(by, &key_of(access), person, 0)
}

/// The review that an event tells, if it tells one.
pub(super) fn review(recorded: &Recorded) -> Option<Review> {
    let Reading::Known(event) = recorded.read() else { return None };
    let Event::ForcedAccess(ForcedAccessEvent::ForcedAccessReviewed { finding }) = *event else {
        return None;
    };
    let why = &recorded.why;
    Some(Review {
        finding,
        at: why.recorded_at,
        by: why.actor,
        organisation: why.organisation,
        role: why.role.clone(),
    })
}
