//! A points card: issued to a household, credited each month, spent in a store, renewed, ended.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use trama_events::food::{CardCloseReason, CardEvent, SuspensionReason};
use trama_events::ids::{Ats, CardId, HouseholdId, PersonId, ServiceId};
use trama_events::rome;
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{CardCommand, Credit, Entry, Issue, Spend};
pub use refusals::Rejection;

/// One card as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PointsCard {
    issued: Option<Issued>,
    stage: Stage,
    valid_to: Option<Date>,
    balance: u16,
    overdraft: u32,
    /// How many times points came onto it, the first time included.
    credits: u32,
}

/// What was written on the card when it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// The card.
    pub card: CardId,
    /// The household.
    pub household: HouseholdId,
    /// Who holds it for the household.
    pub person: PersonId,
    /// The store that issued it.
    pub service: ServiceId,
    /// The ATS in which it holds.
    pub ats: Ats,
    /// People in the household, 1 to 30.
    pub household_size: u8,
    /// Points it began with.
    pub points: u16,
    /// The first last day.
    pub valid_to: Date,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Unknown,
    Active,
    Suspended(SuspensionReason),
    Closed(CardCloseReason),
}

/// While it is open, no second card of the same household in the same ATS.
const HOUSEHOLD: &str = "card_household";
/// While it is open, its holder holds no second card in the same ATS, whatever the household.
const HOLDER: &str = "card_holder";
/// Timer: the card's last day is over.
pub const CARD_ENDS: &str = "card_ends";

impl Aggregate for PointsCard {
    const TYPE: &'static str = "points_card";
    type Command = CardCommand;
    type Event = CardEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: CardCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            CardCommand::Issue(issue) => self.issue(issue)?,
            CardCommand::Credit(credit) => self.credit(credit)?,
            CardCommand::Spend(spend) => self.spend(spend)?,
            CardCommand::Renew { valid_to, today } => self.renew(valid_to, today)?,
            CardCommand::Suspend { reason } => self.suspend(reason)?,
            CardCommand::Resume => self.resume()?,
            CardCommand::Close { reason } => self.close(reason)?,
            CardCommand::Expire { now } => self.expire(now)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: CardEvent) {
        match event {
            CardEvent::CardIssued {
                card,
                household,
                person,
                service,
                ats,
                household_size,
                points,
                valid_to,
            } => {
                self.issued = Some(Issued {
                    card,
                    household,
                    person,
                    service,
                    ats,
                    household_size,
                    points,
                    valid_to,
                });
                self.valid_to = Some(valid_to);
                (self.stage, self.balance, self.credits) = (Stage::Active, points, 1);
            }
            CardEvent::PointsCredited { points: _, balance } => {
                self.balance = balance;
                self.credits += 1;
            }
            CardEvent::PointsSpent { balance, overdraft, .. } => {
                self.balance = balance;
                self.overdraft += u32::from(overdraft);
            }
            CardEvent::PointsExpired { points } => {
                self.balance = self.balance.saturating_sub(points);
            }
            CardEvent::CardRenewed { valid_to } => self.valid_to = Some(valid_to),
            CardEvent::CardSuspended { reason } => self.stage = Stage::Suspended(reason),
            CardEvent::CardResumed {} => self.stage = Stage::Active,
            CardEvent::CardClosed { reason } => self.stage = Stage::Closed(reason),
        }
    }
}

impl Logged for PointsCard {
    fn person(&self) -> Option<PersonId> {
        self.issued.as_ref().map(|issued| issued.person)
    }

    fn keeps(&self, event: &CardEvent) -> Vec<Keep> {
        match event {
            CardEvent::CardIssued { household, person, ats, valid_to, .. } => {
                let claim = |guard, key| Keep::Claim { guard, key, during: During::ALWAYS };
                vec![
                    claim(HOUSEHOLD, format!("{ats}/{household}")),
                    claim(HOLDER, format!("{ats}/{person}")),
                    ends_after(*valid_to),
                ]
            }
            CardEvent::CardRenewed { valid_to } => vec![ends_after(*valid_to)],
            CardEvent::CardClosed { .. } => vec![
                Keep::Release { guard: HOUSEHOLD, key: None, during: None },
                Keep::Release { guard: HOLDER, key: None, during: None },
                Keep::ClearTimer { name: CARD_ENDS },
            ],
            CardEvent::PointsCredited { .. }
            | CardEvent::PointsSpent { .. }
            | CardEvent::PointsExpired { .. }
            | CardEvent::CardSuspended { .. }
            | CardEvent::CardResumed {} => Vec::new(),
        }
    }

    fn creates(command: &CardCommand) -> bool {
        matches!(command, CardCommand::Issue(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        let card = CardId(taken.holder);
        if taken.guard == HOLDER {
            Rejection::HolderHasCard { card }
        } else {
            Rejection::HouseholdHasCard { card }
        }
    }
}

fn ends_after(valid_to: Date) -> Keep {
    Keep::SetTimer { name: CARD_ENDS, due_at: rules::ends_at(valid_to) }
}

type Decision = Result<Vec<CardEvent>, Rejection>;

impl PointsCard {
    /// What was written on it, once it was issued.
    pub fn issued(&self) -> Option<&Issued> {
        self.issued.as_ref()
    }

    /// How it stands: `active`, `suspended` or `closed`; nothing when nobody issued it.
    pub fn standing(&self) -> Option<&'static str> {
        match self.stage {
            Stage::Unknown => None,
            Stage::Active => Some("active"),
            Stage::Suspended(_) => Some("suspended"),
            Stage::Closed(_) => Some("closed"),
        }
    }

    /// Its last day, once it was issued.
    pub fn valid_to(&self) -> Option<Date> {
        self.valid_to
    }

    /// Points on it now, never negative.
    pub fn balance(&self) -> u16 {
        self.balance
    }

    /// Points that offline entries spent beyond the balance, all together.
    pub fn overdraft(&self) -> u32 {
        self.overdraft
    }

    fn issue(&self, issue: Issue) -> Decision {
        let Issue { person_known, today, .. } = issue;
        let wanted = issue.issued();
        if let Some(before) = &self.issued {
            return if *before == wanted { Ok(vec![]) } else { Err(Rejection::IdInUse) };
        }
        if !person_known {
            return Err(Rejection::UnknownPerson);
        }
        let Issued { card, household, person, service, ats, household_size, points, valid_to } =
            wanted;
        let most = rules::points_a_month(household_size)?;
        if points > most {
            return Err(Rejection::TooManyPoints { most });
        }
        rules::last_day(valid_to, today)?;
        Ok(vec![CardEvent::CardIssued {
            card,
            household,
            person,
            service,
            ats,
            household_size,
            points,
            valid_to,
        }])
    }

    /// Fills the month up to what the household's size gives. The rest of the month before is
    /// lost, unless the store's rule lets it roll over.
    fn credit(&self, credit: Credit) -> Decision {
        let Credit { this_month, credits_read, issued_on, roll_over, on, today } = credit;
        let (issued, valid_to) = self.usable()?;
        if valid_to < on {
            return Err(Rejection::Expired { valid_to });
        }
        if credits_read != self.credits {
            return Err(Rejection::CreditedMeanwhile);
        }
        rules::credit_day(on, issued_on, today)?;
        let due = rules::points_a_month(issued.household_size)?.saturating_sub(this_month);
        if due == 0 {
            return Ok(vec![]);
        }
        let lost = if roll_over || this_month > 0 { 0 } else { self.balance };
        let kept = self.balance - lost;
        let points = due.min(rules::POINTS_ON_CARD_MAX.saturating_sub(kept));
        if points == 0 {
            return Err(Rejection::CardFull { balance: kept });
        }
        let credited = CardEvent::PointsCredited { points, balance: kept + points };
        let expired = CardEvent::PointsExpired { points: lost };
        Ok(if lost == 0 { vec![credited] } else { vec![expired, credited] })
    }

    /// Online the card decides. Offline the goods are gone: the entry is a fact whatever the card
    /// says, and what was not on it is an overdraft.
    fn spend(&self, spend: Spend) -> Decision {
        let Spend { points, service, entry } = spend;
        rules::price(points)?;
        match entry {
            Entry::Online { today } => self.online(points, today)?,
            Entry::Offline => self.known().map(drop)?,
        }
        let balance = self.balance.saturating_sub(points);
        let overdraft = points.saturating_sub(self.balance);
        Ok(vec![CardEvent::PointsSpent { points, balance, overdraft, service }])
    }

    fn online(&self, points: u16, today: Date) -> Result<(), Rejection> {
        let (_, valid_to) = self.usable()?;
        if valid_to < today {
            Err(Rejection::Expired { valid_to })
        } else if points > self.balance {
            Err(Rejection::NotEnough { balance: self.balance })
        } else {
            Ok(())
        }
    }

    fn renew(&self, valid_to: Date, today: Date) -> Decision {
        let (_, before) = self.open()?;
        if valid_to == before {
            return Ok(vec![]);
        }
        if valid_to < before {
            return Err(Rejection::Shortened { valid_to: before });
        }
        rules::last_day(valid_to, today)?;
        Ok(vec![CardEvent::CardRenewed { valid_to }])
    }

    fn suspend(&self, reason: SuspensionReason) -> Decision {
        self.open()?;
        let same = self.stage == Stage::Suspended(reason);
        Ok(if same { vec![] } else { vec![CardEvent::CardSuspended { reason }] })
    }

    fn resume(&self) -> Decision {
        self.open()?;
        let active = self.stage == Stage::Active;
        Ok(if active { vec![] } else { vec![CardEvent::CardResumed {}] })
    }

    /// By hand, before its last day. That it ran out is for the clock to say.
    fn close(&self, reason: CardCloseReason) -> Decision {
        if self.stage == Stage::Closed(reason) {
            return Ok(vec![]);
        }
        let (_, valid_to) = self.open()?;
        if reason == CardCloseReason::RanOut {
            return Err(Rejection::RunsOutByItself { valid_to });
        }
        Ok(vec![CardEvent::CardClosed { reason }])
    }

    /// Asked by the clock: a card that was renewed or closed meanwhile makes it nothing.
    fn expire(&self, now: OffsetDateTime) -> Decision {
        let (_, valid_to) = self.known()?;
        match self.stage {
            Stage::Active | Stage::Suspended(_) if valid_to < rome::day_of(now) => {
                Ok(vec![CardEvent::CardClosed { reason: CardCloseReason::RanOut }])
            }
            Stage::Active | Stage::Suspended(_) | Stage::Closed(_) => Ok(vec![]),
            Stage::Unknown => Err(Rejection::NoSuchCard),
        }
    }

    fn known(&self) -> Result<(&Issued, Date), Rejection> {
        self.issued.as_ref().zip(self.valid_to).ok_or(Rejection::NoSuchCard)
    }

    fn open(&self) -> Result<(&Issued, Date), Rejection> {
        match self.stage {
            Stage::Unknown => Err(Rejection::NoSuchCard),
            Stage::Active | Stage::Suspended(_) => self.known(),
            Stage::Closed(reason) => Err(Rejection::Closed { reason }),
        }
    }

    fn usable(&self) -> Result<(&Issued, Date), Rejection> {
        match self.stage {
            Stage::Suspended(reason) => Err(Rejection::Suspended { reason }),
            Stage::Unknown | Stage::Active | Stage::Closed(_) => self.open(),
        }
    }
}
