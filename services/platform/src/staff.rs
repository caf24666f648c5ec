//! Who may act, and who answers for a service: staff, roles and suspensions as the directory's
//! events tell them, in memory.
//!
//! This module may not know the directory or the read model `staff`: it reads three tables that the
//! model promises, and nothing else.
//!
//! ```text
//! staff.posts        staff uuid primary key, organisation uuid, account text or null,
//!                    suspended boolean, ended_on date or null
//! staff.memberships  membership uuid primary key, staff uuid, role text, ats text,
//!                    services uuid[], since date, ended_on date or null
//! staff.responsibles service uuid primary key, staff uuid
//! staff.model        version bigint, one more with each change (books of every model)
//! staff.parked       subject uuid: of whom or what an event waits (books of every model)
//! ```
//!
//! A change is here within a second: a hint wakes the reading, and once a second the model's
//! version is asked. What cannot be read anew for [`UNSURE_AFTER`] lets nobody in (trust.md D4).

mod table;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::sync::{broadcast, watch};
use trama_events::Context;
use trama_events::codes::Role;
use trama_events::ids::{Ats, MembershipId, NotAnAts, OrganisationId, ServiceId, StaffId};

use crate::doors::hex;
use crate::follow::Lag;
use crate::hints::{Hearing, Hint};
use crate::servers::{PgRole, Servers};
use table::Table;

/// From this age on, what is known of the staff lets nobody in. Source: trust.md D4.
pub const UNSURE_AFTER: Duration = Duration::from_secs(30);
/// How often the model is asked whether it changed, hint or no hint.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Longest wait for one look.
const LOOK_MAX: Duration = Duration::from_secs(4);
/// Name of the read model and of its schema.
const MODEL: &str = "staff";

/// The account of a subject of an issuer, as `account_bound` keeps it: neither can be read back.
pub fn account(issuer: &str, subject: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(issuer);
    digest.update([0]);
    digest.update(subject);
    hex(&digest.finalize())
}

/// A role in which somebody acts now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub membership: MembershipId,
    /// Who.
    pub staff: StaffId,
    /// For which body.
    pub organisation: OrganisationId,
    /// On whose behalf.
    pub ats: Ats,
    /// In which role.
    pub role: Role,
    /// For which services, at most 64; none when she acts for the whole body.
    pub services: Vec<ServiceId>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// Whoever signs in with this account, as [`account`] makes it.
    Account(&'a str),
    /// A member of the staff.
    Staff(StaffId),
}

/// In which of her roles she wants to act. Without a wish: the first of her memberships, by day
/// and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// This membership.
    pub membership: Option<MembershipId>,
    /// One in this role.
    pub role: Option<Role>,
    /// One on behalf of this ATS.
    pub ats: Option<Ats>,
}

/// Whether somebody may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// She may, in this role.
    Active(Membership),
    /// She may not until her access is restored.
    Suspended,
    /// Her post ended.
    Ended,
    /// She works here, but not in the role that she wants, or in none.
    NoSuchMembership,
    /// Nobody is known under this account or id.
    Unknown,
    /// What is known is too old, or a change of hers could not be read: nobody is let in.
    Unsure,
}

/// Whoever names the first administrator, because nobody else could: she acts as one while the
/// directory has no administrator who may act, and as nobody from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founder {
    /// Her account, as [`account`] makes it.
    pub account: String,
    /// Under which id she acts; nobody's on the staff.
    pub staff: StaffId,
    /// For which body.
    pub organisation: OrganisationId,
    /// On whose behalf.
    pub ats: Ats,
}

impl Founder {
    /// The subject of an issuer. Where it is a staff id, as with an issuer of our own, that is she.
    ///
    /// # Errors
    ///
    /// Never: the metropolitan city is an ATS.
    pub fn try_new(issuer: &str, subject: &str) -> Result<Self, NotAnAts> {
        let account = account(issuer, subject);
        let staff = subject.parse().unwrap_or_else(|_| StaffId::derived(&["founder", &account]));
        let organisation = OrganisationId::derived(&["founder"]);
        Ok(Self { account, staff, organisation, ats: Ats::try_new("metro")? })
    }

    fn is(&self, who: Who<'_>) -> bool {
        match who {
            Who::Account(account) => self.account == account,
            Who::Staff(staff) => self.staff == staff,
        }
    }

    fn membership(&self) -> Membership {
        Membership {
            membership: MembershipId::derived(&["founder", &self.staff.to_string()]),
            staff: self.staff,
            organisation: self.organisation,
            ats: self.ats.clone(),
            role: Role::Administrator,
            services: Vec::new(),
        }
    }
}

/// The table of who may act. Cheap to clone; all clones are one table.
#[derive(Debug, Clone)]
pub struct Staff {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    table: RwLock<Arc<Table>>,
    count: watch::Sender<u64>,
    /// When the table was last known to be the model's; `None` for one that a test fills.
    read_at: Mutex<Option<Instant>>,
    is_fixed: bool,
    lag: Lag,
    founder: Option<Founder>,
}

impl Staff {
    /// Begins to follow the read model. Until the first reading everybody is [`Standing::Unsure`].
    /// Where a founder is named, she may name the first administrator.
    pub fn watch(servers: &Servers, hearing: &Hearing, founder: Option<Founder>) -> Self {
        let lag = Lag::watch(servers, MODEL, &[Context::Directory]);
        let staff = Self::holding(founder, false, lag);
        let look = Look { rows: servers.pool(PgRole::Gate, 1), version: None };
        tokio::spawn(look.run(Arc::downgrade(&staff.shared), hearing.subscribe()));
        staff
    }

    /// A table that nothing refreshes and that is never unsure, for tests of doors.
    pub fn fixed(memberships: Vec<Membership>) -> Self {
        let staff = Self::holding(None, true, Lag::none());
        for membership in memberships {
            staff.add(membership);
        }
        staff
    }

    fn holding(founder: Option<Founder>, is_fixed: bool, lag: Lag) -> Self {
        let (count, _) = watch::channel(0);
        let table = RwLock::default();
        let read_at = Mutex::new(None);
        Self { shared: Arc::new(Shared { table, count, read_at, is_fixed, lag, founder }) }
    }

    /// Adds a membership to a table that [`Staff::fixed`] made; of another one, until it is read.
    pub fn add(&self, membership: Membership) {
        self.change(|table| table.add(membership));
    }

    /// Names who answers for a service in a table that [`Staff::fixed`] made.
    pub fn name_responsible(&self, service: ServiceId, staff: StaffId) {
        self.change(|table| table.name_responsible(service, staff));
    }

    /// Lets somebody of such a table act no more.
    pub fn end(&self, staff: StaffId) {
        self.change(|table| table.end(staff));
    }

    fn change(&self, change: impl FnOnce(&mut Table)) {
        let mut table = Table::clone(&self.table());
        change(&mut table);
        self.shared.put(table);
    }

    /// Whether she may act, and as what.
    pub fn membership(&self, who: Who<'_>, wanted: &Wanted) -> Standing {
        if !self.is_sure() {
            return Standing::Unsure;
        }
        let table = self.table();
        match &self.shared.founder {
            Some(founder) if founder.is(who) && !table.has_administrator() => {
                Standing::Active(founder.membership())
            }
            Some(_) | None => table.standing(who, wanted),
        }
    }

    /// Every role in which she may act, the first to be chosen first; none when she may not.
    pub fn memberships(&self, who: Who<'_>) -> Vec<Membership> {
        if self.is_sure() { self.table().memberships(who) } else { Vec::new() }
    }

    /// The services for which she answers, of those for which she `acts` now: she was named, she may
    /// act, and one of her memberships is for that service. What she is responsible for in another
    /// body counts there. None while nobody can say.
    pub fn answers_for(&self, staff: StaffId, acts: &[ServiceId]) -> BTreeSet<ServiceId> {
        if self.is_sure() { self.table().answers_for(staff, acts) } else { BTreeSet::new() }
    }

    /// Under which id somebody is known, whether she may act or not: for logs, and to end what is
    /// hers. Nobody may anything by it.
    pub fn id_of(&self, who: Who<'_>) -> Option<StaffId> {
        match who {
            Who::Account(account) => self.table().holder(account),
            Who::Staff(staff) => Some(staff),
        }
    }

    /// Counts on whenever the table changes. A stream that stays open asks again then, and also
    /// once in a while: that nothing can be read any more changes nothing here.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.count.subscribe()
    }

    /// Whether it is known now who may act: nobody is let in else.
    pub fn is_sure(&self) -> bool {
        let read_at = *self.shared.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        let read = read_at.is_some_and(|read_at| read_at.elapsed() <= UNSURE_AFTER);
        self.shared.is_fixed || (read && self.shared.lag.is_within(UNSURE_AFTER))
    }

    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.shared.table.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shared {
    fn put(&self, table: Table) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
        self.count.send_modify(|count| *count += 1);
    }

    fn was_read(&self, at: Instant) {
        *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }
}

struct Look {
    rows: PgPool,
    /// The model's version that the table has.
    version: Option<Version>,
}

/// Changes with each change of the model, with a rebuild, and with what is parked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version(i64, i64, String);

impl Look {
    async fn run(mut self, shared: std::sync::Weak<Shared>, mut heard: broadcast::Receiver<Hint>) {
        loop {
            let asked = Instant::now();
            let read = tokio::time::timeout(LOOK_MAX, self.look()).await;
            let Some(shared) = shared.upgrade() else { return };
            match read {
                Ok(Ok(changed)) => {
                    if let Some(table) = changed {
                        shared.put(table);
                    }
                    shared.was_read(asked);
                }
                Ok(Err(error)) => tracing::debug!(%error, "the staff cannot be read now"),
                Err(_) => tracing::debug!("the staff cannot be read in time"),
            }
            drop(shared);
            until_hint_or_tick(&mut heard).await;
        }
    }

    /// The table, when the model is another than the last time.
    async fn look(&mut self) -> sqlx::Result<Option<Table>> {
        let version = table::version(&self.rows).await?;
        if self.version.as_ref() == Some(&version) {
            return Ok(None);
        }
        // Read after the version: what comes in between is read twice, never missed.
        let table = Table::read(&self.rows).await?;
        self.version = Some(version);
        Ok(Some(table))
    }
}

/// The next hint on the staff, or a second.
async fn until_hint_or_tick(heard: &mut broadcast::Receiver<Hint>) {
    let tick = tokio::time::Instant::now() + LOOK_EVERY;
    while let Ok(hint) = tokio::time::timeout_at(tick, heard.recv()).await {
        match hint {
            Ok(hint) if hint.projection == MODEL => return,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            // No hint will ever come: the tick is what is left.
            Err(broadcast::error::RecvError::Closed) => {
                let _ = tokio::time::timeout_at(tick, std::future::pending::<()>()).await;
                return;
            }
        }
    }
}
