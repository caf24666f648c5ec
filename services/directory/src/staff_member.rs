//! Posts of workers and volunteers: the figures behind the ratio of social workers (R21, R35), and
//! who may act in which role (trust.md D4). Ending the post ends everything that hangs on it.

mod access;
mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::directory::{AccessSuspensionReason, StaffEvent};
use trama_events::ids::{MembershipId, PersonId, ServiceId};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{Cover, Grant, Leave, Membership, Post, StaffCommand};
pub use refusals::Rejection;
pub use rules::FTE_HUNDREDTHS_MAX;

/// One worker's post as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StaffMember {
    post: Option<Post>,
    ended_on: Option<Date>,
    account: Option<String>,
    memberships: BTreeMap<MembershipId, Held>,
    leave: Option<Leave>,
    suspended: Option<AccessSuspensionReason>,
}

/// A membership and how far it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) membership: Membership,
    /// First day without.
    pub(crate) ended_on: Option<Date>,
}

/// While it is bound, no second member of the staff signs in with the same account.
const ACCOUNT: &str = "account";

impl Aggregate for StaffMember {
    const TYPE: &'static str = "staff_member";
    type Command = StaffCommand;
    type Event = StaffEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: StaffCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            StaffCommand::Hire { post, organisation_known, today } => {
                self.hire(post, organisation_known, today)?
            }
            StaffCommand::End { on, today } => self.end(on, today)?,
            StaffCommand::BindAccount { account } => self.bind(account)?,
            StaffCommand::Grant(grant) => self.grant(grant)?,
            StaffCommand::EndMembership { membership, on, today } => {
                self.end_membership(membership, on, today)?
            }
            StaffCommand::StartLeave { leave, cover, today } => {
                self.start_leave(leave, cover, today)?
            }
            StaffCommand::EndLeave { on, today } => self.end_leave(on, today)?,
            StaffCommand::Suspend { reason } => self.suspend(reason)?,
            StaffCommand::Restore => self.restore()?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: StaffEvent) {
        match event {
            StaffEvent::StaffHired {
                staff,
                organisation,
                profession,
                fte_hundredths,
                contract,
                ats,
                on,
            } => {
                self.post = Some(Post {
                    staff,
                    organisation,
                    profession,
                    fte_hundredths,
                    contract,
                    ats,
                    on,
                });
                self.ended_on = None;
            }
            StaffEvent::StaffEnded { on } => self.everything_ends(on),
            StaffEvent::AccountBound { account } => self.account = Some(account),
            StaffEvent::MembershipGranted { membership, role, ats, services, on } => {
                let granted = Membership { membership, role, ats, services, on };
                self.memberships.insert(membership, Held { membership: granted, ended_on: None });
            }
            StaffEvent::MembershipEnded { membership, on } => {
                if let Some(held) = self.memberships.get_mut(&membership) {
                    held.ended_on = Some(on);
                }
            }
            StaffEvent::LeaveStarted { from, to, cover } => {
                self.leave = Some(Leave { from, to, cover });
            }
            StaffEvent::LeaveEnded { .. } => self.leave = None,
            StaffEvent::AccessSuspended { reason } => self.suspended = Some(reason),
            StaffEvent::AccessRestored {} => self.suspended = None,
        }
    }
}

impl Logged for StaffMember {
    /// Staff are no persons of the network: nobody's journey shows them.
    fn person(&self) -> Option<PersonId> {
        None
    }

    fn keeps(&self, event: &StaffEvent) -> Vec<Keep> {
        let given_up = Keep::Release { guard: ACCOUNT, key: None, during: None };
        match event {
            StaffEvent::AccountBound { account } => {
                let key = account.clone();
                vec![given_up, Keep::Claim { guard: ACCOUNT, key, during: During::ALWAYS }]
            }
            StaffEvent::StaffEnded { .. } => vec![given_up],
            StaffEvent::StaffHired { .. }
            | StaffEvent::MembershipGranted { .. }
            | StaffEvent::MembershipEnded { .. }
            | StaffEvent::LeaveStarted { .. }
            | StaffEvent::LeaveEnded { .. }
            | StaffEvent::AccessSuspended { .. }
            | StaffEvent::AccessRestored {} => Vec::new(),
        }
    }

    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AccountTaken
    }
}

type Decision = Result<Vec<StaffEvent>, Rejection>;

impl StaffMember {
    /// On what terms, once somebody was hired; the last ones when there were several.
    pub fn post(&self) -> Option<&Post> {
        self.post.as_ref()
    }

    /// First day without, when the post ended.
    pub fn ended_on(&self) -> Option<Date> {
        self.ended_on
    }

    /// Why she may open nothing, while she may not.
    pub fn suspended(&self) -> Option<AccessSuspensionReason> {
        self.suspended
    }

    /// Her leave that runs or is to come.
    pub fn leave(&self) -> Option<Leave> {
        self.leave
    }

    /// Whether an account is bound: she can sign in.
    pub fn has_account(&self) -> bool {
        self.account.is_some()
    }

    /// Every membership with its end, also those that ended.
    pub fn memberships(&self) -> impl Iterator<Item = (&Membership, Option<Date>)> {
        self.memberships.values().map(|held| (&held.membership, held.ended_on))
    }

    /// As somebody who could cover a colleague.
    pub fn as_cover(&self) -> Option<Cover> {
        let post = self.post.as_ref().filter(|_| self.ended_on.is_none())?;
        let able = self.suspended.is_none();
        able.then_some(Cover { staff: post.staff, organisation: post.organisation })
    }

    /// Whether she may act for a service now: her post has not ended, her access is not suspended,
    /// and one of her roles is for it.
    pub fn acts_for(&self, service: ServiceId) -> bool {
        let works = self.post.is_some() && self.ended_on.is_none() && self.suspended.is_none();
        works
            && self
                .memberships
                .values()
                .any(|held| held.ended_on.is_none() && held.membership.services.contains(&service))
    }

    /// A suspension outlasts the post: whoever is hired again may not act before it is restored.
    fn everything_ends(&mut self, on: Date) {
        self.ended_on = Some(on);
        self.account = None;
        self.leave = None;
        for held in self.memberships.values_mut() {
            held.ended_on.get_or_insert(on);
        }
    }

    fn hire(&self, post: Post, organisation_known: bool, today: Date) -> Decision {
        if self.post.as_ref() == Some(&post) {
            return Ok(vec![]);
        }
        if !organisation_known {
            return Err(Rejection::UnknownOrganisation);
        }
        if !(1..=FTE_HUNDREDTHS_MAX).contains(&post.fte_hundredths) {
            return Err(Rejection::Fte);
        }
        rules::happened(post.on, today)?;
        match (&self.post, self.ended_on) {
            (Some(before), None) => return Err(Rejection::HiredOtherwise { since: before.on }),
            (_, Some(ended)) if post.on < ended => return Err(Rejection::StartBeforeEnd { ended }),
            (_, _) => {}
        }
        let Post { staff, organisation, profession, fte_hundredths, contract, ats, on } = post;
        Ok(vec![StaffEvent::StaffHired {
            staff,
            organisation,
            profession,
            fte_hundredths,
            contract,
            ats,
            on,
        }])
    }

    fn end(&self, on: Date, today: Date) -> Decision {
        let post = self.post.as_ref().ok_or(Rejection::NoSuchStaffMember)?;
        match self.ended_on {
            Some(ended) if ended == on => return Ok(vec![]),
            Some(ended) => return Err(Rejection::EndedOtherwise { ended }),
            None => rules::happened(on, today)?,
        }
        if on < post.on {
            return Err(Rejection::EndBeforeStart { started: post.on });
        }
        Ok(vec![StaffEvent::StaffEnded { on }])
    }
}
