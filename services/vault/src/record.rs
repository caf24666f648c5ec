//! Facts go in: sealed, indexed, then told to the log as an event without their values.

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use trama_events::codes::{FactSource, IdentityField, Segment, ServiceType};
use trama_events::envelope::Recorded;
use trama_events::ids::{FactId, PersonId, ServiceId, StaffId};
use trama_events::intake::PersonEvent;
use trama_events::{Event, Reading, rome};
use trama_platform::Failure;
use trama_platform::clock::random_bytes;
use trama_platform::doors::hex;
use trama_platform::log::{Asked, Done};

use crate::cipher::{self, Place};
use crate::error::VaultError;
use crate::identity::{Identity, IdentityCommand, NewFact, Rejection};
use crate::store::{Batch, NewRow, Value};
use crate::{Vault, facts, rules};

/// Most facts in one command.
pub const FACTS_MAX: usize = 50;
/// Length of the salt before each value, in bytes. It is sealed with the value: with the key it
/// goes, and the digest in the log says nothing any more.
pub(crate) const SALT_LEN: usize = 16;

/// Something said of a person.
#[derive(Debug, Clone)]
pub struct Said {
    /// What it says.
    pub field: IdentityField,
    /// The value, in any form that [`rules::kept_form`] takes.
    pub value: Value,
    /// Under which segment; only notes need one.
    pub segment: Option<Segment>,
    /// Where it comes from.
    pub source: FactSource,
    /// The fact that it corrects.
    pub replaces: Option<FactId>,
}

type Answer = Result<Done, Failure<Rejection>>;

impl Vault {
    /// Records facts of a person: rows first, events second, under the same ids. Repeated under
    /// the same key it changes nothing. Rows whose events never came are not shown by
    /// [`Vault::read`], and `trama verify` names them.
    ///
    /// # Errors
    ///
    /// [`Rejection`]; [`Failure::Unavailable`] while the vault is closed or its keys cannot be
    /// reached.
    pub async fn record(&self, asked: &Asked, person: PersonId, said: Vec<Said>) -> Answer {
        self.must_be_open().await.map_err(VaultError::into_failure)?;
        if !(1..=FACTS_MAX).contains(&said.len()) {
            return Err(Failure::Rejected(Rejection::HowMany { max: FACTS_MAX }));
        }
        self.must_have_rows(person, &said).await?;
        let now = self.log.clock().now();
        let said = in_form(said, now).map_err(Failure::Rejected)?;
        let (state, _) = self.log.load::<Identity>(person.0).await?;
        let (batch, facts) = match self.sealed(asked, person, &said, now).await {
            Err(VaultError::Erased) => (None, unsealed(asked, person, &said)),
            sealed => {
                let (batch, facts) = sealed.map_err(VaultError::into_failure)?;
                (Some(batch), facts)
            }
        };
        // What would be refused is not written; the log then refuses it, or knows it as a repeat.
        if let Some(batch) = batch.filter(|_| state.takes(person, &facts)) {
            match self.store.add(&batch).await {
                Ok(()) | Err(VaultError::Erased) => {}
                Err(error) => return Err(error.into_failure()),
            }
        }
        self.log.ask::<Identity>(asked, person.0, IdentityCommand::Record { person, facts }).await
    }

    async fn sealed(
        &self,
        asked: &Asked,
        person: PersonId,
        said: &[Kept],
        now: OffsetDateTime,
    ) -> Result<(Batch, Vec<NewFact>), VaultError> {
        let mut segments: Vec<Segment> = said.iter().map(|said| said.segment).collect();
        segments.sort_unstable();
        segments.dedup();
        let keys = self.keys.for_writing(person, &segments).await?;
        let (mut rows, mut facts) = (Vec::new(), Vec::new());
        for (said, fact) in said.iter().zip(ids(asked, person)) {
            let key = keys.get(&said.segment).ok_or(VaultError::Erased)?;
            let place = Place { fact, person, field: said.field, key: key.id };
            let salt = random_bytes::<SALT_LEN>()?;
            let text = zeroize::Zeroizing::new([&salt, said.value.expose().as_bytes()].concat());
            let sealed = cipher::seal(&key.secret, &place, &text)?;
            let Kept { segment, source, replaces, .. } = *said;
            rows.push(NewRow { place, segment, sealed, source, replaces });
            facts.push(said.event(fact, hex(&Sha256::digest(&text))));
        }
        let tokens = self.tokens_with(person, said).await?;
        let (staff, organisation) = (asked.actor, asked.organisation);
        let occurred_at = asked.occurred_at;
        let batch =
            Batch { person, occurred_at, recorded_at: now, staff, organisation, rows, tokens };
        Ok((batch, facts))
    }

    /// Refuses whom nobody registered, and whom a confidential service did: she has no row here
    /// (trust.md D3). Of a guest of a secret shelter the address is kept, which nobody but the house
    /// may know, and its notes: nothing by which she could be known elsewhere.
    async fn must_have_rows(
        &self,
        person: PersonId,
        said: &[Said],
    ) -> Result<(), Failure<Rejection>> {
        let guest = self.registered(person).await?.is_some_and(|by| by.shelter);
        let is_of_guests = |said: &Said| match said.field {
            IdentityField::ProtectedAddress => true,
            IdentityField::Note => said.segment.is_none_or(|segment| segment == Segment::Base),
            IdentityField::FamilyName
            | IdentityField::GivenName
            | IdentityField::Alias
            | IdentityField::BirthDate
            | IdentityField::BirthPlace
            | IdentityField::Sex
            | IdentityField::TaxCode
            | IdentityField::ProvisionalTaxCode
            | IdentityField::Stp
            | IdentityField::Eni
            | IdentityField::Document
            | IdentityField::Phone
            | IdentityField::Email
            | IdentityField::Address
            | IdentityField::Status
            | IdentityField::PrivateNote => false,
        };
        if guest && said.iter().all(is_of_guests) {
            return Ok(());
        }
        self.must_be_of_the_network(person).await
    }

    /// Refuses whom nobody registered, and whom a confidential service did.
    pub(crate) async fn must_be_of_the_network(
        &self,
        person: PersonId,
    ) -> Result<(), Failure<Rejection>> {
        match self.registered(person).await? {
            None => Err(Failure::Rejected(Rejection::NoSuchPerson)),
            Some(Registered { sealed: true, .. }) => {
                Err(Failure::Rejected(Rejection::Confidential))
            }
            Some(Registered { sealed: false, .. }) => Ok(()),
        }
    }

    /// By whom a person was registered; `None` when by nobody.
    pub(crate) async fn registered(&self, person: PersonId) -> sqlx::Result<Option<Registered>> {
        let events = self.intake.of_aggregate("person", person.0).await?;
        let Some(Reading::Known(first)) = events.first().map(Recorded::read) else {
            return Ok(None);
        };
        let Event::Person(PersonEvent::PersonRegistered { service, .. }) = *first else {
            return Ok(None);
        };
        let does = facts::service_type(self.log.pool(), service).await?;
        let sealed = does.is_some_and(ServiceType::is_confidential);
        let shelter = does == Some(ServiceType::SecretShelter);
        Ok(Some(Registered { service, sealed, shelter }))
    }
}

/// By whom a person was registered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registered {
    pub(crate) service: ServiceId,
    /// Whether the service is confidential: then this is a pseudonym of it alone.
    pub(crate) sealed: bool,
    /// Whether it is a secret shelter.
    pub(crate) shelter: bool,
}

/// Something said, in the form in which it is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) field: IdentityField,
    pub(crate) value: Value,
    segment: Segment,
    source: FactSource,
    replaces: Option<FactId>,
}

impl Kept {
    fn event(&self, fact: FactId, digest: String) -> NewFact {
        let Self { field, segment, source, replaces, .. } = *self;
        NewFact { fact, field, segment, source, replaces, digest }
    }
}

fn in_form(said: Vec<Said>, now: OffsetDateTime) -> Result<Vec<Kept>, Rejection> {
    let today = rome::day_of(now);
    let kept = |said: Said| {
        let Said { field, value, segment, source, replaces } = said;
        let segment = rules::segment_of(field, segment)?;
        let value = Value::new(&rules::kept_form(field, value.expose(), today)?);
        Ok(Kept { field, value, segment, source, replaces })
    };
    said.into_iter().map(kept).collect()
}

/// The ids follow from who asked under which key, so that a repeat finds its rows.
pub(crate) fn ids(asked: &Asked, person: PersonId) -> impl Iterator<Item = FactId> + '_ {
    (0..).map(move |number| id_of(asked.actor, &asked.key, person, number))
}

/// The id of the fact of this number, from 0, that somebody recorded under a key.
pub(crate) fn id_of(actor: StaffId, key: &str, person: PersonId, number: u32) -> FactId {
    FactId::derived(&[&actor.to_string(), key, &person.to_string(), &number.to_string()])
}

/// Facts that cannot be sealed any more, for the log to refuse.
fn unsealed(asked: &Asked, person: PersonId, said: &[Kept]) -> Vec<NewFact> {
    said.iter()
        .zip(ids(asked, person))
        .map(|(said, fact)| said.event(fact, String::new()))
        .collect()
}
