use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Contract, Profession, Role};
use trama_events::directory::AccessSuspensionReason;
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};
use utoipa::ToSchema;

/// On what terms somebody works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Who, as an id.
    pub staff: StaffId,
    /// For whom.
    pub organisation: OrganisationId,
    /// Profession.
    pub profession: Profession,
    /// Full-time equivalent in hundredths, 1 to 100.
    pub fte_hundredths: u16,
    /// How employed.
    pub contract: Contract,
    /// Where the post counts.
    pub ats: Ats,
    /// Since which day.
    pub on: Date,
}

/// What can be asked of a post.
#[derive(Debug, Clone, PartialEq)]
pub enum StaffCommand {
    /// Somebody started to work, also again or on other terms after an end.
    Hire {
        /// On what terms.
        post: Post,
        /// Whether the organisation is registered.
        organisation_known: bool,
        /// The day in Rome.
        today: Date,
    },
    /// Somebody stopped.
    End {
        /// First day without.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// She signs in with this account; a later one replaces it.
    BindAccount {
        /// As `trama_platform::staff::account` makes it: 64 hexadecimal digits.
        account: String,
    },
    /// She acts in a role.
    Grant(Grant),
    /// She does not act in it any more.
    EndMembership {
        /// The membership.
        membership: MembershipId,
        /// First day without.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// She is away.
    StartLeave {
        /// From when to when, and who covers.
        leave: Leave,
        /// What the directory knows of who covers; `None` when she is not at work.
        cover: Option<Cover>,
        /// The day in Rome.
        today: Date,
    },
    /// She is back before the last day, or does not go.
    EndLeave {
        /// First day back.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// She may open nothing until it is restored.
    Suspend {
        /// Why.
        reason: AccessSuspensionReason,
    },
    /// She may again.
    Restore,
}

/// A role to grant.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// On what terms.
    pub membership: Membership,
    /// Who runs each of its services, as far as they are registered.
    pub run_by: BTreeMap<ServiceId, OrganisationId>,
    /// The day in Rome.
    pub today: Date,
}

/// A role in which somebody acts for her organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    /// Its id.
    pub membership: MembershipId,
    /// In which role.
    pub role: Role,
    /// On whose behalf.
    pub ats: Ats,
    /// For which services, each once, at most 64; none for roles that act for the whole body.
    pub services: Vec<ServiceId>,
    /// Since which day.
    pub on: Date,
}

/// A time away.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Leave {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Who covers, when somebody does.
    pub cover: Option<StaffId>,
}

/// Somebody at work who could cover a colleague.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cover {
    /// Who.
    pub staff: StaffId,
    /// For whom she works.
    pub organisation: OrganisationId,
}
