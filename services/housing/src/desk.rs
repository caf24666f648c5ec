//! What takes more than one look at the log: a free place among many, a wait that ends with a
//! stay, and whether the caller has to do with a person.

use std::collections::HashSet;

use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::{NightLedgerId, PersonId, PlaceId, ServiceId, WaitingId};
use trama_platform::caller::Caller;
use trama_platform::log::{Asked, Done, Keep, Logged, Taken};
use trama_platform::{Failure, Problem};
use uuid::Uuid;

use crate::booking::{DoubleBooking, PLACE_NIGHT};
use crate::facility::{Facility, PlaceFact, Unavailable};
use crate::night_ledger::{self, NightCommand, NightLedger, Reserve};
use crate::stay::{self, Start, Stay, StayCommand};
use crate::waiting_entry::{WaitingCommand, WaitingEntry};
use crate::{Housing, facts, policy};
use trama_events::housing::WaitingEndReason;

/// How often another place is tried after somebody was quicker.
const TRIES_MAX: u32 = 200;

/// A bed for a night.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// Where.
    pub(crate) facility: ServiceId,
    /// For whom.
    pub(crate) person: PersonId,
    /// Whether she is known and may be brought in by who asks.
    pub(crate) reached: bool,
    /// The date of the evening.
    pub(crate) night: Date,
    /// Which; any that is free when none is named.
    pub(crate) place: Option<PlaceId>,
    /// Whether the emergency service asks.
    pub(crate) by_pis: bool,
    /// Now.
    pub(crate) now: OffsetDateTime,
    /// What is asked of the person's nights.
    pub(crate) command: fn(Box<Reserve>) -> NightCommand,
}

impl Wish {
    fn ledger(&self) -> NightLedgerId {
        NightLedger::id(self.person, self.facility)
    }

    fn command(&self, place: Result<PlaceFact, Unavailable>) -> NightCommand {
        (self.command)(Box::new(Reserve {
            person: self.person,
            person_known: self.reached,
            night: self.night,
            place,
            any_place: self.place.is_none(),
            by_pis: self.by_pis,
            now: self.now,
        }))
    }
}

impl Housing {
    /// A facility, for those who may know of it: a secret one is there for its own workers only.
    pub(crate) async fn facility(
        &self,
        caller: &Caller,
        id: ServiceId,
    ) -> Result<(Facility, i64), Problem> {
        let (facility, version) = self.log.load::<Facility>(id.0).await?;
        let hidden = facility.is_secret() && !caller.acts_for(id);
        if hidden { Err(Problem::not_found()) } else { Ok((facility, version)) }
    }

    /// Whether the caller acts for the person's facility or, unless that is secret, for a service
    /// that holds her case.
    pub(crate) async fn accompanies(
        &self,
        caller: &Caller,
        person: PersonId,
        facility: ServiceId,
    ) -> Result<bool, Problem> {
        if caller.acts_for(facility) || caller.role != Role::CaseManager {
            return Ok(caller.acts_for(facility));
        }
        let (house, _) = self.log.load::<Facility>(facility.0).await?;
        let held = facts::holds_case(self.log.pool(), person, &caller.services).await;
        Ok(held.map_err(Failure::<stay::Rejection>::from)? && !house.is_secret())
    }

    /// Whether the caller may give a person's bed back: the house itself, the emergency service, or
    /// a case manager whose service holds her open case. It is known before any night is read, so
    /// that nobody else learns from the answer where she sleeps.
    pub(crate) async fn may_give_back(
        &self,
        caller: &Caller,
        person: PersonId,
        facility: ServiceId,
    ) -> Result<bool, Problem> {
        if caller.role == Role::CaseManager {
            let held = facts::holds_case(self.log.pool(), person, &caller.services).await;
            return Ok(held.map_err(Failure::<night_ledger::Rejection>::from)?);
        }
        let own_house = caller.role == Role::FacilityOperator && caller.acts_for(facility);
        Ok(own_house || policy::is_pis(caller))
    }

    /// Reserves the place that is named or, when none is, the first one that nobody has.
    pub(crate) async fn book(
        &self,
        asked: &Asked,
        house: &Facility,
        wish: Wish,
    ) -> Result<Done, Failure<night_ledger::Rejection>> {
        let offers = match wish.place {
            None => house.offers(wish.night, wish.by_pis),
            Some(place) => {
                house.place_fact(place, wish.night, wish.by_pis).map(|place| vec![place])
            }
        };
        for tried in 0..TRIES_MAX {
            let place = match (&offers, wish.place) {
                (Err(why), _) => Err(*why),
                (Ok(named), Some(_)) => named.first().copied().ok_or(Unavailable::NoSuchPlace),
                (Ok(offers), None) => self.first_free(offers, &wish, tried).await?,
            };
            let command = wish.command(place);
            match self.log.ask::<NightLedger>(asked, wish.ledger().0, command).await {
                Err(Failure::Rejected(night_ledger::Rejection::DoubleBooking(
                    DoubleBooking::PlaceTaken { .. },
                ))) if wish.place.is_none() => {}
                outcome => return outcome,
            }
        }
        Err(Failure::Stale)
    }

    /// In order at first; who lost once begins elsewhere, so that a crowd does not run together.
    async fn first_free(
        &self,
        offers: &[PlaceFact],
        wish: &Wish,
        tried: u32,
    ) -> sqlx::Result<Result<PlaceFact, Unavailable>> {
        let taken = self.taken(offers, wish.night, Some(wish.ledger())).await?;
        let mut free: Vec<_> = offers.iter().filter(|fact| !taken.contains(&fact.place)).collect();
        if tried > 0 && !free.is_empty() {
            let begin = wish.person.0.as_u128() % free.len() as u128;
            free.rotate_left(usize::try_from(begin).unwrap_or(0));
        }
        Ok(free.first().map(|fact| **fact).ok_or(Unavailable::NoPlaceFree))
    }

    /// Which of these places somebody has on a night, beside the one who asks.
    pub(crate) async fn taken(
        &self,
        places: &[PlaceFact],
        night: Date,
        beside: Option<NightLedgerId>,
    ) -> sqlx::Result<HashSet<PlaceId>> {
        let keys: Vec<String> = places.iter().map(|fact| fact.place.to_string()).collect();
        let taken: Vec<String> = sqlx::query_scalar(
            "select distinct key from claims where guard = $1 and key = any($2) \
                and during @> $3::date and aggregate_id is distinct from $4",
        )
        .bind(PLACE_NIGHT)
        .bind(keys)
        .bind(night)
        .bind(beside.map(|ledger| ledger.to_string()))
        .fetch_all(self.log.pool())
        .await?;
        Ok(taken.iter().filter_map(|key| key.parse().ok()).collect())
    }

    /// Lets somebody move in; a wait that this ends gives its places up first.
    ///
    /// These are two commands. So the wait is ended only when the stay would be let in, its
    /// places and people being free beside that wait. Who takes such a place in the very moment
    /// between the two wins it: then the wait is over and the stay is refused as `place_taken`.
    /// A repeat with the same key goes on where an interruption left off.
    pub(crate) async fn move_in(
        &self,
        asked: &Asked,
        start: Start,
        waiting: Option<WaitingId>,
    ) -> Result<Done, Problem> {
        if let Some(waiting) = waiting
            && self.would_start(&start, waiting).await?
        {
            // No client can send a key with a space: this one is never somebody's own.
            let key = format!("{} wait", asked.key);
            let first = Asked { key, if_match: None, ..asked.clone() };
            let placed = WaitingCommand::End { reason: WaitingEndReason::Placed };
            self.log.ask::<WaitingEntry>(&first, waiting.0, placed).await?;
        }
        let id = start.stay.0;
        Ok(self.log.ask::<Stay>(asked, id, StayCommand::Start(Box::new(start))).await?)
    }

    /// Whether only the wait is in the way. What the stay itself refuses is left to it, because a
    /// repeat of what was done is no refusal.
    async fn would_start(
        &self,
        start: &Start,
        waiting: WaitingId,
    ) -> Result<bool, Failure<stay::Rejection>> {
        let (stay, _) = self.log.load::<Stay>(start.stay.0).await?;
        let Ok(events) = stay.start(start.clone()) else { return Ok(false) };
        for keep in events.iter().flat_map(|event| stay.keeps(event)) {
            if let Some(taken) = self.taken_beside(keep, waiting).await? {
                return Err(Failure::Rejected(stay.taken(&taken)));
            }
        }
        Ok(true)
    }

    async fn taken_beside(&self, keep: Keep, waiting: WaitingId) -> sqlx::Result<Option<Taken>> {
        let Keep::Claim { guard, key, during } = keep else { return Ok(None) };
        let holder: Option<String> = sqlx::query_scalar(
            "select aggregate_id from claims where guard = $1 and key = $2 \
                and during && daterange($3, $4) and aggregate_id <> $5 limit 1",
        )
        .bind(guard)
        .bind(&key)
        .bind(during.from)
        .bind(during.to)
        .bind(waiting.to_string())
        .fetch_optional(self.log.pool())
        .await?;
        let holder = holder.map(|holder| holder.parse().unwrap_or(Uuid::nil()));
        Ok(holder.map(|holder| Taken { guard: guard.into(), key, holder }))
    }
}
