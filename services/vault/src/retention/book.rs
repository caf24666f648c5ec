use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use strum::VariantArray;
use time::{Date, Month};
use trama_events::casework::CaseEvent;
use trama_events::codes::Segment;
use trama_events::envelope::Recorded;
use trama_events::housing::StayEvent;
use trama_events::identity::IdentityEvent;
use trama_events::ids::{HoldId, LinkId, PersonId};
use trama_events::intake::{EntryEvent, LinkEvent, PersonEvent};
use trama_events::{Context, Event, Reading, rome};
use uuid::Uuid;

use super::{LISTED_MAX, Past, Period, Proposal, Since, Table};

/// Links are followed so far.
const CHAIN_MAX: usize = 10;

/// An event that this release cannot read: until it can, nobody can say whose time is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "event {position} of the log {context} cannot be read by this release: upgrade Trama first"
)]
pub struct CannotRead {
    /// Which log.
    pub context: Context,
    /// Where.
    pub position: i64,
}

/// What the logs tell of the time of each record: some 300 bytes for each person. Each log's events
/// come in their order, the logs in any.
#[derive(Debug, Default)]
pub struct Book {
    people: HashMap<PersonId, Life>,
    /// Cases and stays that are open.
    open: HashMap<Uuid, Vec<PersonId>>,
    links: HashMap<LinkId, (PersonId, PersonId)>,
}

/// One record's moments.
#[derive(Debug, Default, Clone)]
struct Life {
    last_case_closed: Option<Date>,
    last_contact: Option<Date>,
    last_delivery: Option<Date>,
    last_referral: Option<Date>,
    birth_year: Option<u16>,
    /// Last fact of each segment that was not erased.
    recorded: BTreeMap<Segment, Date>,
    /// Legal holds that nobody lifted, with their last day.
    holds: BTreeMap<HoldId, Option<Date>>,
}

impl Book {
    /// Takes the next event of a log.
    ///
    /// # Errors
    ///
    /// [`CannotRead`].
    pub fn take(&mut self, recorded: &Recorded) -> Result<(), CannotRead> {
        let Reading::Known(event) = recorded.read() else {
            let (context, position) = (recorded.context, recorded.position);
            return Err(CannotRead { context, position });
        };
        let on = rome::day_of(recorded.why.occurred_at);
        if let Some(person) = recorded.why.person {
            self.contact(person, recorded.context, on);
        }
        let id = recorded.aggregate_id;
        self.began_or_ended(id, &event, on);
        self.said(id, &event, rome::day_of(recorded.why.recorded_at));
        Ok(())
    }

    /// Whatever a service wrote of her counts: rather too long than too short.
    fn contact(&mut self, person: PersonId, context: Context, on: Date) {
        let life = self.people.entry(person).or_default();
        match context {
            Context::Identity | Context::Directory => return,
            Context::Food => later(&mut life.last_delivery, on),
            Context::Referrals => later(&mut life.last_referral, on),
            Context::Intake | Context::Casework | Context::Housing => {}
        }
        later(&mut life.last_contact, on);
    }

    /// Cases and stays.
    fn began_or_ended(&mut self, id: Uuid, event: &Event, on: Date) {
        if let Event::Case(CaseEvent::CaseOpened { person, .. }) = event {
            self.open.insert(id, vec![*person]);
        } else if let Event::Case(CaseEvent::CaseClosed { .. }) = event {
            for person in self.open.remove(&id).unwrap_or_default() {
                later(&mut self.life(person).last_case_closed, on);
            }
        } else if let Event::Stay(StayEvent::StayStarted { person, members, .. }) = event {
            let guests = members.iter().chain([person]).copied().collect();
            self.open.insert(id, guests);
        } else if let Event::Stay(StayEvent::StayEnded { .. }) = event {
            for person in self.open.remove(&id).unwrap_or_default() {
                later(&mut self.life(person).last_contact, on);
            }
        }
    }

    /// What is said of a record itself.
    fn said(&mut self, id: Uuid, event: &Event, on: Date) {
        if let Event::Person(PersonEvent::PersonRegistered { person, birth_year, .. }) = event {
            self.life(*person).birth_year = *birth_year;
        } else if let Event::Link(event) = event {
            self.linked(event);
        } else if let Event::Entry(EntryEvent::EntryReattributed { to, .. }) = event {
            later(&mut self.life(*to).last_contact, on);
        } else if let Event::Identity(event) = event {
            self.record(PersonId(id), event, on);
        }
    }

    fn linked(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::PersonsLinked { link, canonical, other, .. } => {
                self.links.insert(*link, (*canonical, *other));
            }
            LinkEvent::PersonsUnlinked { link, .. } => {
                self.links.remove(link);
            }
            LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => {}
        }
    }

    fn record(&mut self, person: PersonId, event: &IdentityEvent, on: Date) {
        let life = self.life(person);
        match event {
            IdentityEvent::IdentityFactRecorded { segment, .. } => {
                let last = life.recorded.entry(*segment).or_insert(on);
                *last = on.max(*last);
                later(&mut life.last_contact, on);
            }
            IdentityEvent::LegalHoldPlaced { hold, until, .. } => {
                life.holds.insert(*hold, *until);
            }
            IdentityEvent::LegalHoldLifted { hold } => {
                life.holds.remove(hold);
            }
            IdentityEvent::PersonErased { segments, .. } => {
                life.recorded.retain(|segment, _| !segments.contains(segment));
            }
            IdentityEvent::ErasureRequested { .. } | IdentityEvent::ErasureRefused { .. } => {}
        }
    }

    fn life(&mut self, person: PersonId) -> &mut Life {
        self.people.entry(person).or_default()
    }

    /// Whose segments are past their time on a day, the longest past first, at most `listed` of each
    /// segment and never more than [`LISTED_MAX`]. Linked records are one person: what keeps one
    /// keeps all.
    pub fn proposals(&self, table: &Table, on: Date, listed: usize) -> Vec<Proposal> {
        let people = self.joined();
        let of = |segment: &Segment| {
            let period = table.of(*segment)?;
            let mut proposal = Proposal::none(*segment, period.clone());
            let listed = listed.min(LISTED_MAX);
            let mut records = BTreeSet::new();
            for (person, own) in &self.people {
                let Some(recorded) = own.recorded.get(segment) else { continue };
                let verdict = people.of(*person, own).verdict(period, *recorded, on);
                if let Some(kept_until) = proposal.count(verdict) {
                    records.insert(Past { kept_until, person: *person });
                    if records.len() > listed {
                        records.pop_last();
                    }
                }
            }
            proposal.records = records.into_iter().collect();
            Some(proposal)
        };
        Segment::VARIANTS.iter().filter_map(of).collect()
    }

    /// People as their links join them.
    fn joined(&self) -> Joined {
        let behind = self.links.values().map(|(canonical, other)| (*other, *canonical)).collect();
        let mut joined = Joined { behind, lives: HashMap::new(), open: HashSet::new() };
        let linked: BTreeSet<PersonId> =
            self.links.values().flat_map(|(canonical, other)| [*canonical, *other]).collect();
        for person in linked {
            let Some(life) = self.people.get(&person) else { continue };
            joined.lives.entry(joined.front(person)).or_default().absorb(life);
        }
        joined.open = self.open.values().flatten().map(|person| joined.front(*person)).collect();
        joined
    }
}

/// People as their links join them.
struct Joined {
    behind: HashMap<PersonId, PersonId>,
    /// Of linked records together, under the one in front.
    lives: HashMap<PersonId, Life>,
    /// Who has an open case or stay, as the record in front.
    open: HashSet<PersonId>,
}

impl Joined {
    fn front(&self, person: PersonId) -> PersonId {
        let mut front = person;
        for _ in 0..CHAIN_MAX {
            match self.behind.get(&front) {
                Some(next) => front = *next,
                None => break,
            }
        }
        front
    }

    fn of<'a>(&'a self, person: PersonId, own: &'a Life) -> Whole<'a> {
        let front = self.front(person);
        let life = self.lives.get(&front).unwrap_or(own);
        Whole { life, is_open: self.open.contains(&front) }
    }
}

/// A person, with all her records.
struct Whole<'a> {
    life: &'a Life,
    is_open: bool,
}

/// What becomes of a segment on a day.
#[derive(Debug, Clone, Copy)]
enum Verdict {
    Kept,
    Held,
    Open,
    Undated,
    Past(Date),
}

impl Whole<'_> {
    fn verdict(&self, period: &Period, recorded: Date, on: Date) -> Verdict {
        if period.permanent {
            return Verdict::Kept;
        }
        match self.life.kept_until(period, recorded) {
            None if self.is_open => Verdict::Open,
            None => Verdict::Undated,
            Some(last) if last >= on => Verdict::Kept,
            Some(_) if self.life.is_held(on) => Verdict::Held,
            Some(_) if self.is_open => Verdict::Open,
            Some(last) => Verdict::Past(last),
        }
    }
}

impl Life {
    fn kept_until(&self, period: &Period, recorded: Date) -> Option<Date> {
        let since = match period.from? {
            Since::LastCaseClosed => self.last_case_closed,
            Since::LastContact => self.last_contact,
            Since::LastDelivery => Some(recorded).max(self.last_delivery),
            Since::LastReferral => Some(recorded).max(self.last_referral),
            Since::Recorded => Some(recorded),
            Since::Born => self.birth_year.and_then(|year| december(year.into())),
        };
        let after = |since: Option<Date>, months: Option<u16>| {
            since.zip(months).map(|(since, months)| rome::months_after(since, months.into()))
        };
        after(since, period.months).max(after(self.last_contact, period.after_contact))
    }

    /// A hold counts through its last day.
    fn is_held(&self, on: Date) -> bool {
        self.holds.values().any(|until| until.is_none_or(|last| last >= on))
    }

    fn absorb(&mut self, other: &Self) {
        let Self { last_case_closed, last_contact, last_delivery, last_referral, .. } = other;
        self.last_case_closed = self.last_case_closed.max(*last_case_closed);
        self.last_contact = self.last_contact.max(*last_contact);
        self.last_delivery = self.last_delivery.max(*last_delivery);
        self.last_referral = self.last_referral.max(*last_referral);
        self.birth_year = self.birth_year.max(other.birth_year);
        self.holds.extend(&other.holds);
    }
}

impl Proposal {
    fn none(segment: Segment, period: Period) -> Self {
        Self { segment, period, past: 0, held: 0, open: 0, undated: 0, records: Vec::new() }
    }

    /// The last day of what is past.
    fn count(&mut self, verdict: Verdict) -> Option<Date> {
        match verdict {
            Verdict::Kept => {}
            Verdict::Held => self.held += 1,
            Verdict::Open => self.open += 1,
            Verdict::Undated => self.undated += 1,
            Verdict::Past(last) => {
                self.past += 1;
                return Some(last);
            }
        }
        None
    }
}

fn later(moment: &mut Option<Date>, on: Date) {
    *moment = (*moment).max(Some(on));
}

fn december(year: i32) -> Option<Date> {
    Date::from_calendar_date(year, Month::December, 31).ok()
}
