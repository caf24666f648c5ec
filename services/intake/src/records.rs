//! What a decision needs of other records of this context's own log.
//!
//! It is read just before the decision. A record that exists stays for ever, so "it exists" cannot
//! become wrong meanwhile; what two links made in the same instant may do is told in [`crate::link`].

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use time::{Date, OffsetDateTime};
use trama_events::envelope::Recorded;
use trama_events::ids::{LinkId, PersonId};
use trama_events::short_code::ShortCode;
use trama_events::{Event, Reading, rome};
use trama_platform::caller::Caller;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::{Asked, Done, Logged, Refusal};
use trama_platform::permit::Sections;
use trama_platform::{Failure, Problem};

use crate::link::rules::{CIRCLES_MAX, link_id};
use crate::link::{self, Across, Judgement, LINKED_OTHER, Link, Standing, Two};
use crate::person::{self, Person, PersonCommand, Register, Registration, Said};
use crate::wish::rules::Age;
use crate::{Intake, facts, wish};

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

    /// Refuses what names somebody whom nobody registered, or who is hidden from the writer: an entry
    /// would give her a relation, and with it sight. Both are asked about. Naming nobody is always
    /// right (R1).
    ///
    /// # Errors
    ///
    /// `unknown`; 503 when nobody can say who is hidden.
    pub(crate) async fn must_reach<R: Refusal>(
        &self,
        reader: &Reader,
        person: Option<PersonId>,
        unknown: R,
    ) -> Result<(), Problem> {
        let Some(person) = person else { return Ok(()) };
        let record: Person = self.look::<_, R>(person.0).await?;
        let known = reader.may_tell_of(person, record.registration.is_some()).await?;
        if known { Ok(()) } else { Err(Failure::Rejected(unknown).into()) }
    }

    /// Two records that somebody looked at side by side.
    pub(crate) async fn side_by_side(
        &self,
        one: PersonId,
        another: PersonId,
    ) -> Result<Two, Failure<link::Rejection>> {
        Ok(Two { one: self.to_link(one).await?, another: self.to_link(another).await? })
    }

    /// Whether this worker left the pair open today already, in Rome.
    pub(crate) async fn left_open_today(
        &self,
        asked: &Asked,
        link: LinkId,
    ) -> Result<bool, Failure<link::Rejection>> {
        let events = self.feed.of_aggregate(Link::TYPE, link.0).await?;
        let today = rome::day_of(asked.occurred_at);
        Ok(events.iter().any(|event| {
            let why = &event.why;
            let (who, on) = (why.actor, rome::day_of(why.occurred_at));
            event.event_type == "match_left_open" && who == asked.actor && on == today
        }))
    }

    /// Whether a record is open to others. One that a confidential service registered is a pseudonym of
    /// that service alone, as far as the directory's copy tells what the service does.
    pub(crate) async fn standing<R>(&self, person: PersonId) -> Result<Standing, Failure<R>> {
        let record: Person = self.look(person.0).await?;
        Ok(match record.registration {
            None => Standing::Unknown,
            Some(who) => match facts::service(self.log.pool(), who.service).await? {
                Some(known) if known.service_type.is_confidential() => Standing::Confidential,
                Some(_) | None => Standing::Open,
            },
        })
    }

    /// What this log tells of a record to the gate, which asks who may write in it; `None` when
    /// nobody registered it.
    pub(crate) async fn known<R>(
        &self,
        person: PersonId,
        caller: &Caller,
    ) -> Result<Option<Known>, Failure<R>> {
        let record: Person = self.look(person.0).await?;
        let Some(Registration { service, .. }) = record.registration else { return Ok(None) };
        let found = facts::service(self.log.pool(), service).await?;
        let sealed = found.is_some_and(|found| found.service_type.is_confidential());
        let sealed_by = Some(service).filter(|_| sealed);
        Ok(Some(Known { own_record: caller.acts_for(service), sealed_by }))
    }

    /// A record that is to be judged.
    async fn to_link(&self, person: PersonId) -> Result<link::Record, Failure<link::Rejection>> {
        let events = self.feed.of_aggregate(Person::TYPE, person.0).await?;
        let first = events.first().map(|event| event.why.occurred_at);
        let standing = self.standing(person).await?;
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
    pub(crate) async fn across(&self, two: &Two) -> Result<Across, Failure<link::Rejection>> {
        let Two { one, another } = two;
        if one.front == another.front {
            return Ok(Across::Nothing);
        }
        let (one, another) = (self.circle(one.person).await?, self.circle(another.person).await?);
        if one.len() + another.len() > CIRCLES_MAX {
            return Ok(Across::TooMany);
        }
        let pair = link_id(two.one.person, two.another.person);
        let mut across = Across::Nothing;
        for record in &one {
            for other in &another {
                let id = link_id(*record, *other);
                let link: Link = self.look(id.0).await?;
                match link.judgement {
                    Judgement::Unlinked { .. } => return Ok(Across::Unlinked),
                    // What is judged of the very pair, the pair itself knows best.
                    Judgement::Different { .. } if id != pair => across = Across::Different,
                    Judgement::Different { .. }
                    | Judgement::None
                    | Judgement::Open { .. }
                    | Judgement::Linked { .. } => {}
                }
            }
        }
        Ok(across)
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
            Judgement::None
            | Judgement::Open { .. }
            | Judgement::Different { .. }
            | Judgement::Linked { .. }
            | Judgement::Unlinked { .. } => None,
        })
    }

    /// A person's record as a reader sees it to whom this is open: without the entries that were
    /// moved away from it or taken back, and without what is hidden from her.
    pub(crate) async fn record_of(
        &self,
        id: PersonId,
        open: &Sections,
    ) -> Result<(Person, i64), Failure<person::Rejection>> {
        let (_, version) = self.seen::<Person, _>(id.0).await?;
        let gone = self.gone_from(id).await?;
        let events = self.feed.of_aggregate(Person::TYPE, id.0).await?;
        let said = events.iter().filter_map(said).collect();
        Ok((Person::seen(id, said, &gone, open), version))
    }

    /// How old she is, by all records that are linked with hers.
    pub(crate) async fn age_of<R>(&self, id: PersonId, today: Date) -> Result<Age, Failure<R>> {
        let mut years = Vec::new();
        for record in facts::circle(self.log.pool(), &[id], CIRCLES_MAX).await? {
            let record: Person = self.look(record.0).await?;
            years.extend(record.registration.and_then(|who| who.birth_year));
        }
        Ok(wish::rules::age(years, today))
    }

    /// Numbers of the entries that do not stand in a person's record any more.
    pub(crate) async fn gone_from<R>(&self, id: PersonId) -> Result<BTreeSet<u32>, Failure<R>> {
        let moved = facts::moved(self.log.pool(), Person::TYPE, id.0).await?;
        let gone = moved.into_iter().filter(|(_, stands_on)| *stands_on != Some(id));
        Ok(gone.filter_map(|(number, _)| u32::try_from(number).ok()).collect())
    }

    /// On whom an entry stands that is a whole aggregate, where `person` is on whom it was made;
    /// `None` when it was taken back.
    pub(crate) async fn stands_on<R>(
        &self,
        aggregate_type: &str,
        id: uuid::Uuid,
        person: Option<PersonId>,
    ) -> Result<Option<Option<PersonId>>, Failure<R>> {
        let moved = facts::moved(self.log.pool(), aggregate_type, id).await?;
        Ok(match moved.get(&1) {
            None => Some(person),
            Some(None) => None,
            Some(moved) => Some(*moved),
        })
    }

    /// An aggregate as it stands, for another one's decision: reading it has no refusal of its own.
    async fn look<A: Logged, R>(&self, id: uuid::Uuid) -> Result<A, Failure<R>>
    where
        A::Command: Send,
    {
        self.seen(id).await.map(|(aggregate, _)| aggregate)
    }

    /// The same, with its version.
    async fn seen<A: Logged, R>(&self, id: uuid::Uuid) -> Result<(A, i64), Failure<R>>
    where
        A::Command: Send,
    {
        match self.log.load::<A>(id).await {
            Ok(seen) => Ok(seen),
            Err(Failure::Fault(fault)) => Err(Failure::Fault(fault)),
            Err(_) => Err(Failure::Unavailable),
        }
    }
}

/// An event of a person's record; `None` of one that this release cannot read.
fn said(event: &Recorded) -> Option<Said> {
    let Reading::Known(read) = event.read() else { return None };
    let Event::Person(told) = *read else { return None };
    Some(Said {
        number: u32::try_from(event.sequence).ok()?,
        event: told,
        organisation: event.why.organisation,
        role: event.why.role.parse().ok(),
        on: rome::day_of(event.why.occurred_at),
    })
}
