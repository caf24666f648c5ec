#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use trama_events::codes::Role;
use trama_events::ids::{MembershipId, OrganisationId, ServiceId, StaffId};
use uuid::Uuid;

use super::{Membership, Standing, Version, Wanted, Who};

/// Staff by id and by account. Read whole: a metropolitan network has some thousand posts.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    members: HashMap<StaffId, Member>,
    accounts: HashMap<String, StaffId>,
    responsibles: HashMap<ServiceId, StaffId>,
}

#[derive(Debug, Clone)]
struct Member {
    may: May,
    /// In the order in which they are chosen.
    memberships: Vec<Membership>,
}

#[derive(Debug, Clone, Copy)]
enum May {
    Act,
    NotNow,
    NoMore,
    /// A change of hers waits to be read.
    Perhaps,
}

/// Whether the model is another one than before: its count, what is parked, and which schema it is
/// (a rebuild swaps it and begins to count anew).
pub(super) async fn version(rows: &PgPool) -> sqlx::Result<Version> {
    let query = "select (select version from staff.model) as version, \
        (select count(*) from staff.parked) as parked, 'staff.model'::regclass::oid::text as made";
    let row = sqlx::query(query).fetch_one(rows).await?;
    Ok(Version(row.try_get("version")?, row.try_get("parked")?, row.try_get("made")?))
}

const READ: &str = "select p.staff, p.organisation, p.account, p.suspended, \
        p.ended_on is not null as ended, m.membership, m.role, m.ats, m.services, \
        exists (select from staff.parked k where k.subject = p.staff) as waits \
     from staff.posts p left join staff.memberships m on m.staff = p.staff and m.ended_on is null \
     order by p.staff, m.since, m.membership";

/// A naming or its end that waits to be read lets nobody answer.
const RESPONSIBLES: &str = "select service, staff from staff.responsibles r \
     where not exists (select from staff.parked k where k.subject = r.service)";

impl Table {
    pub(super) async fn read(rows: &PgPool) -> sqlx::Result<Self> {
        let mut table = Self::default();
        for row in sqlx::query(READ).fetch_all(rows).await? {
            table.take(&row)?;
        }
        for row in sqlx::query(RESPONSIBLES).fetch_all(rows).await? {
            let staff = StaffId(row.try_get("staff")?);
            table.name_responsible(ServiceId(row.try_get("service")?), staff);
        }
        Ok(table)
    }

    fn take(&mut self, row: &PgRow) -> sqlx::Result<()> {
        let staff = StaffId(row.try_get("staff")?);
        if let Some(account) = row.try_get("account")? {
            self.accounts.insert(account, staff);
        }
        let may = match (row.try_get("waits")?, row.try_get("ended")?, row.try_get("suspended")?) {
            (true, _, _) => May::Perhaps,
            (false, true, _) => May::NoMore,
            (false, false, true) => May::NotNow,
            (false, false, false) => May::Act,
        };
        let member = self.member(staff, may);
        member.memberships.extend(membership(staff, row)?);
        Ok(())
    }

    fn member(&mut self, staff: StaffId, may: May) -> &mut Member {
        self.members.entry(staff).or_insert_with(|| Member { may, memberships: Vec::new() })
    }

    pub(super) fn add(&mut self, membership: Membership) {
        self.member(membership.staff, May::Act).memberships.push(membership);
    }

    pub(super) fn name_responsible(&mut self, service: ServiceId, staff: StaffId) {
        self.responsibles.insert(service, staff);
    }

    pub(super) fn answers_for(&self, staff: StaffId, acts: &[ServiceId]) -> BTreeSet<ServiceId> {
        let held = self.memberships(Who::Staff(staff));
        let is_named = |service: &ServiceId| {
            acts.contains(service) && self.responsibles.get(service) == Some(&staff)
        };
        held.into_iter().flat_map(|held| held.services).filter(is_named).collect()
    }

    pub(super) fn end(&mut self, staff: StaffId) {
        if let Some(member) = self.members.get_mut(&staff) {
            member.may = May::NoMore;
        }
    }

    fn find(&self, who: Who<'_>) -> Option<&Member> {
        match who {
            Who::Account(account) => self.members.get(self.accounts.get(account)?),
            Who::Staff(staff) => self.members.get(&staff),
        }
    }

    pub(super) fn standing(&self, who: Who<'_>, wanted: &Wanted) -> Standing {
        let Some(member) = self.find(who) else { return Standing::Unknown };
        match member.may {
            May::Perhaps => Standing::Unsure,
            May::NoMore => Standing::Ended,
            May::NotNow => Standing::Suspended,
            May::Act => {
                let mut fitting = member.memberships.iter().filter(|held| fits(held, wanted));
                fitting.next().cloned().map_or(Standing::NoSuchMembership, Standing::Active)
            }
        }
    }

    /// Whose account it is.
    pub(super) fn holder(&self, account: &str) -> Option<StaffId> {
        self.accounts.get(account).copied()
    }

    /// Whether anybody who may act is an administrator.
    pub(super) fn has_administrator(&self) -> bool {
        self.members.values().any(|member| {
            let may = match member.may {
                May::Act | May::Perhaps => true,
                May::NotNow | May::NoMore => false,
            };
            may && member.memberships.iter().any(|held| held.role == Role::Administrator)
        })
    }

    pub(super) fn memberships(&self, who: Who<'_>) -> Vec<Membership> {
        match self.find(who) {
            Some(Member { may: May::Act, memberships }) => memberships.clone(),
            Some(_) | None => Vec::new(),
        }
    }
}

fn fits(held: &Membership, wanted: &Wanted) -> bool {
    wanted.membership.is_none_or(|membership| held.membership == membership)
        && wanted.role.is_none_or(|role| held.role == role)
        && wanted.ats.as_ref().is_none_or(|ats| held.ats == *ats)
}

/// A role that this release does not have lets nobody act in it.
fn membership(staff: StaffId, row: &PgRow) -> sqlx::Result<Option<Membership>> {
    let Some(id) = row.try_get::<Option<Uuid>, _>("membership")? else { return Ok(None) };
    let (role, ats): (String, String) = (row.try_get("role")?, row.try_get("ats")?);
    let (Ok(role), Ok(ats)) = (role.parse(), ats.parse()) else {
        tracing::error!(membership = %id, "a membership in a role or an ATS that is not known here");
        return Ok(None);
    };
    let services: Vec<Uuid> = row.try_get("services")?;
    Ok(Some(Membership {
        membership: MembershipId(id),
        staff,
        organisation: OrganisationId(row.try_get("organisation")?),
        ats,
        role,
        services: services.into_iter().map(ServiceId).collect(),
    }))
}
