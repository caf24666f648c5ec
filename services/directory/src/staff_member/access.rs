//! What she may do: account, roles, leave, suspension.

use time::Date;
use trama_events::directory::{AccessSuspensionReason, StaffEvent};
use trama_events::ids::MembershipId;

use super::{Cover, Decision, Grant, Leave, Membership, Post, Rejection, StaffMember, rules};

impl StaffMember {
    /// Whoever works: nothing is given to somebody who does not.
    fn at_work(&self) -> Result<&Post, Rejection> {
        let post = self.post.as_ref().ok_or(Rejection::NoSuchStaffMember)?;
        match self.ended_on {
            Some(ended) => Err(Rejection::PostEnded { ended }),
            None => Ok(post),
        }
    }

    pub(super) fn bind(&self, account: String) -> Decision {
        self.at_work()?;
        if !rules::is_account(&account) {
            return Err(Rejection::NotAnAccount);
        }
        let same = self.account.as_ref() == Some(&account);
        Ok(if same { vec![] } else { vec![StaffEvent::AccountBound { account }] })
    }

    /// A role is for services of her own body only: what one body may see of another's people is
    /// an agreement, never a role.
    pub(super) fn grant(&self, grant: Grant) -> Decision {
        let Grant { membership: wanted, run_by, today } = grant;
        let post = self.at_work()?;
        if let Some(held) = self.memberships.get(&wanted.membership) {
            let same = held.membership == wanted && held.ended_on.is_none();
            return if same { Ok(vec![]) } else { Err(Rejection::MembershipOtherwise) };
        }
        rules::services_fit(wanted.role, &wanted.services)?;
        let foreign = |service: &&_| run_by.get(*service) != Some(&post.organisation);
        if let Some(service) = wanted.services.iter().find(foreign) {
            return Err(Rejection::NotHerService { service: *service });
        }
        rules::happened(wanted.on, today)?;
        if wanted.on < post.on {
            return Err(Rejection::RoleBeforePost { started: post.on });
        }
        let open = self.memberships.values().filter(|held| held.ended_on.is_none()).count();
        if open >= rules::MEMBERSHIPS_MAX {
            return Err(Rejection::TooManyMemberships);
        }
        let Membership { membership, role, ats, services, on } = wanted;
        Ok(vec![StaffEvent::MembershipGranted { membership, role, ats, services, on }])
    }

    pub(super) fn end_membership(&self, id: MembershipId, on: Date, today: Date) -> Decision {
        let held = self.memberships.get(&id).ok_or(Rejection::NoSuchMembership)?;
        match held.ended_on {
            Some(ended) if ended == on => return Ok(vec![]),
            Some(ended) => return Err(Rejection::RoleEndedOtherwise { ended }),
            None => rules::happened(on, today)?,
        }
        if on < held.membership.on {
            return Err(Rejection::RoleEndBeforeStart { started: held.membership.on });
        }
        Ok(vec![StaffEvent::MembershipEnded { membership: id, on }])
    }

    /// Who covers has her active relations: so it is somebody of the same body.
    pub(super) fn start_leave(&self, leave: Leave, cover: Option<Cover>, today: Date) -> Decision {
        let post = self.at_work()?;
        if self.leave == Some(leave) {
            return Ok(vec![]);
        }
        rules::leave_days(leave, today)?;
        if let Some(Leave { from, to, .. }) = self.leave.filter(|before| before.to >= today) {
            return Err(Rejection::LeaveRuns { from, to });
        }
        let fits = |cover: Cover| {
            leave.cover == Some(cover.staff)
                && cover.staff != post.staff
                && cover.organisation == post.organisation
        };
        if leave.cover.is_some() && !cover.is_some_and(fits) {
            return Err(Rejection::CannotCover);
        }
        let Leave { from, to, cover } = leave;
        Ok(vec![StaffEvent::LeaveStarted { from, to, cover }])
    }

    /// Before its first day it is called off.
    pub(super) fn end_leave(&self, on: Date, today: Date) -> Decision {
        self.at_work()?;
        let Leave { from, to, .. } = self.leave.ok_or(Rejection::NoLeave)?;
        if to < today {
            return Err(Rejection::NoLeave);
        }
        if on > today || (on < from && from <= today) {
            return Err(Rejection::NotOnLeave { from, to });
        }
        Ok(vec![StaffEvent::LeaveEnded { on }])
    }

    /// Another reason is a new fact.
    pub(super) fn suspend(&self, reason: AccessSuspensionReason) -> Decision {
        self.at_work()?;
        let same = self.suspended == Some(reason);
        Ok(if same { vec![] } else { vec![StaffEvent::AccessSuspended { reason }] })
    }

    pub(super) fn restore(&self) -> Decision {
        self.at_work()?;
        let may = self.suspended.is_none();
        Ok(if may { vec![] } else { vec![StaffEvent::AccessRestored {}] })
    }
}
