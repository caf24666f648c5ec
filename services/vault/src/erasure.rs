//! Erasing: one asks, another decides, keys are destroyed (trust.md D3). The log decides; what
//! follows may be repeated until it is done.

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use serde::Serialize;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use trama_events::codes::Segment;
use trama_events::envelope::Recorded;
use trama_events::identity::{ErasureReason, IdentityEvent};
use trama_events::ids::{ErasureId, PersonId, StaffId};
use trama_events::{Event, Reading, rome};
use trama_platform::Failure;
use trama_platform::doors::hex;
use trama_platform::log::{Asked, Done};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Vault;
use crate::error::VaultError;
use crate::identity::{ERASED, Identity, IdentityCommand, Rejection, Two};
use crate::shred::{Closed, Shredded};

/// What an erasure destroyed, who asked and who agreed. It follows from the log alone, so that it
/// can be shown at any time; the log holds its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Certificate {
    /// The erasure.
    pub erasure: ErasureId,
    /// Whose record.
    pub person: PersonId,
    /// Which segments' keys.
    pub segments: Vec<Segment>,
    /// Why.
    pub reason: ErasureReason,
    /// Who asked.
    pub asked_by: StaffId,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub asked_at: OffsetDateTime,
    /// Who agreed.
    pub agreed_by: StaffId,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub agreed_at: OffsetDateTime,
}

impl Certificate {
    /// SHA-256 of its JSON, in hexadecimal.
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// What a replay of the shred list did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Erasures on the list and in the log together.
    pub erasures: usize,
    /// Keys that had come back and were destroyed again.
    pub keys_destroyed: u64,
}

impl Vault {
    /// Does not agree to an erasure that somebody else asked for.
    ///
    /// # Errors
    ///
    /// [`Rejection`].
    pub async fn refuse_erasure(
        &self,
        asked: &Asked,
        person: PersonId,
        erasure: ErasureId,
    ) -> Result<Done, Failure<Rejection>> {
        let request = self.request_of(person, erasure).await?;
        let two = Two { asked: request.map(|request| request.why.actor), decides: asked.actor };
        let command = IdentityCommand::RefuseErasure { erasure, two };
        self.log.ask::<Identity>(asked, person.0, command).await
    }

    /// Agrees to an erasure that somebody else asked for, and carries it out. Repeated, it carries
    /// out what was cut short.
    ///
    /// # Errors
    ///
    /// [`Rejection`], e.g. under a legal hold; [`Failure::Unknown`] when it was decided and not
    /// carried out whole: repeat it.
    pub async fn erase(
        &self,
        asked: &Asked,
        person: PersonId,
        erasure: ErasureId,
    ) -> Result<Done, Failure<Rejection>> {
        self.must_be_open().await.map_err(VaultError::into_failure)?;
        let request = self.request_of(person, erasure).await?;
        let two = Two { asked: request.as_ref().map(|r| r.why.actor), decides: asked.actor };
        let certificate = request.as_ref().and_then(|request| {
            certificate(request, asked.actor, asked.occurred_at).map(|it| it.digest())
        });
        let today = rome::day_of(self.log.clock().now());
        let certificate = certificate.unwrap_or_default();
        let command = IdentityCommand::Erase { erasure, two, certificate, today };
        let done = self.log.ask::<Identity>(asked, person.0, command).await?;
        self.carry_out(person, erasure).await?;
        Ok(done)
    }

    /// The certificate of an erasure, from the log; `None` when there was none.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    pub async fn certificate(
        &self,
        person: PersonId,
        erasure: ErasureId,
    ) -> Result<Option<Certificate>, Failure<Rejection>> {
        let Some(request) = self.request_of(person, erasure).await? else { return Ok(None) };
        let erased = self.event_of(person, |event| erased_by(event) == Some(erasure)).await?;
        Ok(erased
            .and_then(|erased| certificate(&request, erased.why.actor, erased.why.occurred_at)))
    }

    async fn carry_out(
        &self,
        person: PersonId,
        erasure: ErasureId,
    ) -> Result<(), Failure<Rejection>> {
        let Some(certificate) = self.certificate(person, erasure).await? else {
            return Err(Failure::Unknown);
        };
        let shredded = Shredded {
            erasure,
            person,
            segments: certificate.segments.clone(),
            certificate: certificate.digest(),
        };
        self.shred(&shredded).await.map(drop).map_err(|error| {
            tracing::error!(%error, %erasure, "an erasure is not carried out whole: repeat it");
            Failure::Unknown
        })
    }

    /// The list first, so that whatever comes later, a restore knows of it; then the keys; then
    /// the index. Answers how many keys were still there.
    async fn shred(&self, shredded: &Shredded) -> Result<u64, VaultError> {
        let Shredded { erasure, person, segments, certificate } = shredded;
        let list = self.shreds.clone();
        let line = shredded.clone();
        let added = tokio::task::spawn_blocking(move || list.add(&line)).await;
        added.map_err(|_| VaultError::Odd("shred list"))??;
        let of: Vec<_> = segments.iter().map(|segment| (*person, *segment)).collect();
        let alive = self.keys.alive(&of).await?;
        self.keys.destroy(*person, segments, self.log.clock().now()).await?;
        let codes: Vec<&str> = segments.iter().map(|segment| segment.code()).collect();
        sqlx::query("select vault.shred($1, $2, $3, $4)")
            .bind(erasure.0)
            .bind(person.0)
            .bind(codes)
            .bind(certificate)
            .execute(self.store.pool())
            .await?;
        Ok(alive)
    }

    /// Erases again what the list and the log name: after a restore, before the vault opens.
    /// Running it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`VaultError`]; what was erased stays erased, and the vault closed.
    pub async fn replay_shred_list(&self) -> Result<Replayed, VaultError> {
        let mut all = self.shreds.read()?;
        let listed: BTreeSet<ErasureId> = all.iter().map(|shredded| shredded.erasure).collect();
        all.extend(
            self.erased_in_log().await?.into_iter().filter(|s| !listed.contains(&s.erasure)),
        );
        let mut replayed = Replayed { erasures: all.len(), keys_destroyed: 0 };
        for shredded in &all {
            replayed.keys_destroyed += self.shred(shredded).await?;
        }
        Ok(replayed)
    }

    /// Refuses to open a vault in which something erased may be read: list, log and database must
    /// tell of the same erasures. Once it is open it is not asked again.
    ///
    /// # Errors
    ///
    /// [`VaultError::Closed`], with what to do.
    pub async fn must_be_open(&self) -> Result<(), VaultError> {
        self.open.get_or_try_init(|| self.nothing_came_back()).await.copied()
    }

    async fn nothing_came_back(&self) -> Result<(), VaultError> {
        let listed = self.shreds.read()?;
        let here = sqlx::query_scalar::<_, Uuid>("select erasure from vault.shredded");
        let here = here.fetch_all(self.store.pool()).await?;
        let here: BTreeSet<ErasureId> = here.into_iter().map(ErasureId).collect();
        let list: BTreeSet<ErasureId> = listed.iter().map(|shredded| shredded.erasure).collect();
        let log: BTreeSet<ErasureId> = self.erasures_in_log().await?.into_keys().collect();
        let missing = list.union(&log).filter(|erasure| !here.contains(erasure)).count();
        let of = |s: &Shredded| s.segments.iter().map(|g| (s.person, *g)).collect::<Vec<_>>();
        let alive = self.keys.alive(&listed.iter().flat_map(of).collect::<Vec<_>>()).await?;
        let missing = missing.max(usize::try_from(alive).unwrap_or(usize::MAX));
        if missing > 0 {
            return Err(Closed::Behind { missing }.into());
        }
        let unlisted = log.union(&here).filter(|erasure| !list.contains(erasure)).count();
        if unlisted > 0 {
            let file = self.shreds.file().to_owned();
            return Err(Closed::ListBehind { file, missing: unlisted }.into());
        }
        Ok(())
    }

    /// Erasures that the log knows, with their persons: each claims its own id for ever.
    async fn erasures_in_log(&self) -> Result<BTreeMap<ErasureId, PersonId>, VaultError> {
        let claimed = self.log.claimed(ERASED).await?.into_iter();
        let ids = |(key, person): (String, Uuid)| {
            let erasure = key.parse().map_err(|_| VaultError::Odd("erasure"))?;
            Ok((erasure, PersonId(person)))
        };
        claimed.map(ids).collect()
    }

    async fn erased_in_log(&self) -> Result<Vec<Shredded>, VaultError> {
        let persons: BTreeSet<PersonId> = self.erasures_in_log().await?.into_values().collect();
        let mut all = Vec::new();
        for person in persons {
            let events = self.feed.of_aggregate(Identity::TYPE, person.0).await?;
            all.extend(events.iter().filter_map(shredded));
        }
        Ok(all)
    }

    async fn request_of(
        &self,
        person: PersonId,
        erasure: ErasureId,
    ) -> Result<Option<Recorded>, Failure<Rejection>> {
        self.event_of(person, |event| requested(event) == Some(erasure)).await
    }

    async fn event_of(
        &self,
        person: PersonId,
        is_it: impl Fn(&IdentityEvent) -> bool,
    ) -> Result<Option<Recorded>, Failure<Rejection>> {
        let events = self.feed.of_aggregate(Identity::TYPE, person.0).await?;
        Ok(events.into_iter().find(|event| identity_event(event).as_ref().is_some_and(&is_it)))
    }
}

fn identity_event(recorded: &Recorded) -> Option<IdentityEvent> {
    let Reading::Known(event) = recorded.read() else { return None };
    let Event::Identity(event) = *event else { return None };
    Some(event)
}

fn requested(event: &IdentityEvent) -> Option<ErasureId> {
    let IdentityEvent::ErasureRequested { erasure, .. } = event else { return None };
    Some(*erasure)
}

fn erased_by(event: &IdentityEvent) -> Option<ErasureId> {
    let IdentityEvent::PersonErased { erasure, .. } = event else { return None };
    Some(*erasure)
}

fn shredded(recorded: &Recorded) -> Option<Shredded> {
    let Some(IdentityEvent::PersonErased { erasure, person, segments, certificate }) =
        identity_event(recorded)
    else {
        return None;
    };
    Some(Shredded { erasure, person, segments, certificate })
}

fn certificate(
    request: &Recorded,
    agreed_by: StaffId,
    agreed_at: OffsetDateTime,
) -> Option<Certificate> {
    let Some(IdentityEvent::ErasureRequested { erasure, person, segments, reason }) =
        identity_event(request)
    else {
        return None;
    };
    Some(Certificate {
        erasure,
        person,
        segments,
        reason,
        asked_by: request.why.actor,
        asked_at: request.why.occurred_at,
        agreed_by,
        agreed_at,
    })
}
