use time::Date;
use trama_events::ids::ServiceId;
use trama_platform::log::Refusal;

/// Why a post does not change as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such staff member: record the hiring first")]
    NoSuchStaffMember,
    /// Nobody employs.
    #[error("no organisation is registered under this id: register it first")]
    UnknownOrganisation,
    /// The post runs on other terms.
    #[error("this staff member has worked on other terms since {since}: end that post first")]
    HiredOtherwise {
        /// Since which day.
        since: Date,
    },
    /// More or less than a post.
    #[error("a post is 1 to 100 hundredths of full time: correct the number")]
    Fte,
    /// A day in the future.
    #[error("this day lies in the future: record it when it has come")]
    InFuture,
    /// An end before the start.
    #[error("the post began on {started}: it cannot end before that day")]
    EndBeforeStart {
        /// Its first day.
        started: Date,
    },
    /// A start before the last end.
    #[error("the last post ended on {ended}: the next one begins on that day or later")]
    StartBeforeEnd {
        /// First day without.
        ended: Date,
    },
    /// It ended on another day.
    #[error("this post ended on {ended} already; that day stays as recorded")]
    EndedOtherwise {
        /// First day without.
        ended: Date,
    },
    /// Who does not work here is granted nothing.
    #[error("this post ended on {ended}: record a new hiring first")]
    PostEnded {
        /// First day without.
        ended: Date,
    },
    /// Nobody gives herself more than she has.
    #[error("nobody changes her own access: ask another one who keeps the directory")]
    HerOwn,
    /// Not the digest of an account.
    #[error("this is no account: give issuer and subject of her tokens, 1 to 255 characters each")]
    NotAnAccount,
    /// Somebody else signs in with it.
    #[error(
        "another member of the staff signs in with this account: \
         an account is one person's, and a shared one lets nobody be held to what was read"
    )]
    AccountTaken,
    /// The id belongs to a membership with other facts.
    #[error("a membership with other facts has this id: end that one and grant another")]
    MembershipOtherwise,
    /// As many as one worker holds.
    #[error("a member of the staff has at most 16 roles at once: end one first")]
    TooManyMemberships,
    /// A role of work without a service to work in.
    #[error("this role acts for services: name 1 to 64 of her organisation, each once")]
    Services,
    /// A role that acts for the whole body, with services.
    #[error("this role acts for the whole body: leave the services empty")]
    WholeBody,
    /// A service of another body.
    #[error("the service {service} is not run by her organisation: she cannot act for it")]
    NotHerService {
        /// Which.
        service: ServiceId,
    },
    /// A role before the post.
    #[error("the post began on {started}: no role begins before that day")]
    RoleBeforePost {
        /// Its first day.
        started: Date,
    },
    /// There is none under this id.
    #[error("she has no such membership")]
    NoSuchMembership,
    /// The role ended before it began.
    #[error("she acts in this role since {started}: it cannot end before that day")]
    RoleEndBeforeStart {
        /// Its first day.
        started: Date,
    },
    /// It ended on another day.
    #[error("this membership ended on {ended} already; that day stays as recorded")]
    RoleEndedOtherwise {
        /// First day without.
        ended: Date,
    },
    /// A leave that makes no sense.
    #[error("a leave ends on its first day or later, not in the past, and within two years")]
    LeaveDays,
    /// A leave runs or is planned.
    #[error("she is away from {from} to {to} already: end that leave first")]
    LeaveRuns {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Who covers is not at work, or works elsewhere.
    #[error(
        "who covers is another member of the staff of the same organisation, \
         at work and not suspended: choose one, or nobody"
    )]
    CannotCover,
    /// She is not away.
    #[error("no leave of hers runs or is to come: there is none to end")]
    NoLeave,
    /// Back before or after the leave.
    #[error("she is away from {from} to {to}: she is back on a day of it, today at the latest")]
    NotOnLeave {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchStaffMember => "no_such_staff_member",
            Self::UnknownOrganisation => "unknown_organisation",
            Self::HiredOtherwise { .. } => "hired_otherwise",
            Self::Fte => "fte",
            Self::InFuture => "in_future",
            Self::EndBeforeStart { .. } => "end_before_start",
            Self::StartBeforeEnd { .. } => "start_before_end",
            Self::EndedOtherwise { .. } => "ended_otherwise",
            Self::PostEnded { .. } => "post_ended",
            Self::HerOwn => "her_own",
            Self::NotAnAccount => "not_an_account",
            Self::AccountTaken => "account_taken",
            Self::MembershipOtherwise => "membership_otherwise",
            Self::TooManyMemberships => "too_many_memberships",
            Self::Services => "services",
            Self::WholeBody => "whole_body",
            Self::NotHerService { .. } => "not_her_service",
            Self::RoleBeforePost { .. } => "role_before_post",
            Self::NoSuchMembership => "no_such_membership",
            Self::RoleEndBeforeStart { .. } => "role_end_before_start",
            Self::RoleEndedOtherwise { .. } => "role_ended_otherwise",
            Self::LeaveDays => "leave_days",
            Self::LeaveRuns { .. } => "leave_runs",
            Self::CannotCover => "cannot_cover",
            Self::NoLeave => "no_leave",
            Self::NotOnLeave { .. } => "not_on_leave",
        }
    }
}
