//! What a decision needs of other records of this context's own log.
//!
//! It is read just before the decision. A record that exists stays for ever, so "it exists" cannot
//! become wrong meanwhile; what two links made in the same instant may do is told in [`crate::link`].

use std::collections::BTreeMap;

use time::OffsetDateTime;
use trama_events::ids::PersonId;
use trama_events::short_code::ShortCode;
use trama_platform::Failure;
use trama_platform::log::{Asked, Done, Logged, Refusal};

use crate::link::rules::{CIRCLES_MAX, link_id};
use crate::link::{self, Across, Judgement, LINKED_OTHER, Link, Standing};
use crate::person::{self, Person, PersonCommand, Register};
use crate::{Intake, facts};

/// How many candidates for a short code are tried. With a million persons one in 34 is taken, so
/// that all of them are is not seen in practice.
const CODES_MAX: u16 = 20;

impl Intake {
    /// Registers a person under the first of her candidate codes that is free.
    pub(crate) async fn register(
        &self,
        asked: &Asked,
        mut register: Register,
    ) -> Result<Done, Failure<person::Rejection>> {
        let person = register.who.person.0;
        for attempt in 0..CODES_MAX {
            register.who.code = ShortCode::candidate(person, attempt);
            let command = PersonCommand::Register(Box::new(register.clone()));
            match self.log.ask::<Person>(asked, person, command).await {
                Err(Failure::Rejected(person::Rejection::CodeTaken)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::Rejected(person::Rejection::CodeTaken))
    }

    /// Refuses what names somebody whom nobody registered; naming nobody is always right (R1).
    pub(crate) async fn must_know<R: Refusal>(
        &self,
        person: Option<PersonId>,
        unknown: R,
    ) -> Result<(), Failure<R>> {
        let Some(person) = person else { return Ok(()) };
        let record: Person = self.look(person.0).await?;
        if record.registration.is_some() { Ok(()) } else { Err(Failure::Rejected(unknown)) }
    }

    /// A record that is to be linked. One that a confidential service registered is a pseudonym of
    /// that service alone, as far as the directory's copy tells what the service does.
    pub(crate) async fn to_link(
        &self,
        person: PersonId,
    ) -> Result<link::Record, Failure<link::Rejection>> {
        let events = self.feed.of_aggregate("person", person.0).await?;
        let first = events.first().map(|event| event.why.occurred_at);
        let record: Person = self.look(person.0).await?;
        let standing = match record.registration {
            None => Standing::Unknown,
            Some(who) => match facts::service(self.log.pool(), who.service).await? {
                Some(known) if known.service_type.is_confidential() => Standing::Confidential,
                Some(_) | None => Standing::Open,
            },
        };
        let registered_at = first.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let chain = self.chain(person).await?;
        let front = link::rules::front(person, |record| chain.get(&record).copied());
        Ok(link::Record { person, standing, registered_at, front })
    }

    /// What was judged before between the records of two persons: none of them is one person
    /// through a third record, if she was held to be two.
    ///
    /// The records in front are read from the log, those behind them from the copy of links; then
    /// every pair across is read from the log. A record that was linked in this instant may be
    /// missed, and so may what two links made in the same instant do together.
    pub(crate) async fn across(
        &self,
        one: &link::Record,
        another: &link::Record,
    ) -> Result<Across, Failure<link::Rejection>> {
        if one.front == another.front {
            return Ok(Across::Nothing);
        }
        let (one, another) = (self.circle(one.person).await?, self.circle(another.person).await?);
        if one.len() + another.len() > CIRCLES_MAX {
            return Ok(Across::TooMany);
        }
        for record in &one {
            for other in &another {
                let link: Link = self.look(link_id(*record, *other).0).await?;
                if matches!(link.judgement, Judgement::Unlinked { .. }) {
                    return Ok(Across::Unlinked);
                }
            }
        }
        Ok(Across::Nothing)
    }

    /// A record and all that are linked with it, as far as is known; one more than fit, at most.
    async fn circle(&self, person: PersonId) -> Result<Vec<PersonId>, Failure<link::Rejection>> {
        let chain = self.chain(person).await?;
        let from: Vec<PersonId> = chain.into_values().chain([person]).collect();
        Ok(facts::circle(self.log.pool(), &from, CIRCLES_MAX + 1).await?)
    }

    /// A person's chain of links: each record with the one in front of it. It comes to an end,
    /// since no record is seen twice.
    async fn chain(
        &self,
        person: PersonId,
    ) -> Result<BTreeMap<PersonId, PersonId>, Failure<link::Rejection>> {
        let mut canonical_of = BTreeMap::new();
        let mut last = person;
        while let Some(next) = self.in_front_of(last).await? {
            if canonical_of.insert(last, next).is_some() {
                break;
            }
            last = next;
        }
        Ok(canonical_of)
    }

    /// The record behind which this one stands, by an active link.
    async fn in_front_of(
        &self,
        person: PersonId,
    ) -> Result<Option<PersonId>, Failure<link::Rejection>> {
        let Some(holder) = self.log.holder(LINKED_OTHER, &person.to_string()).await? else {
            return Ok(None);
        };
        let (link, _) = self.log.load::<Link>(holder).await?;
        Ok(match link.judgement {
            Judgement::Linked { canonical, other, .. } if other == person => Some(canonical),
            Judgement::None | Judgement::Linked { .. } | Judgement::Unlinked { .. } => None,
        })
    }

    /// An aggregate as it stands, for another one's decision: reading it has no refusal of its own.
    async fn look<A: Logged, R>(&self, id: uuid::Uuid) -> Result<A, Failure<R>>
    where
        A::Command: Send,
    {
        match self.log.load::<A>(id).await {
            Ok((aggregate, _)) => Ok(aggregate),
            Err(Failure::Fault(fault)) => Err(Failure::Fault(fault)),
            Err(_) => Err(Failure::Unavailable),
        }
    }
}
