use time::Date;
use trama_platform::log::Refusal;

/// Why a service does not change as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such service: register it first")]
    NoSuchService,
    /// The id belongs to a service with other facts.
    #[error("a service with other facts is registered under this id: use an id of its own")]
    RegisteredOtherwise,
    /// Nobody runs it.
    #[error("no organisation is registered under this id: register it first")]
    UnknownOrganisation,
    /// Not a public name.
    #[error("a public name has 1 to 200 characters on one line")]
    Name,
    /// Not a code of a municipality.
    #[error("the ISTAT code of a municipality is six digits, e.g. 072006")]
    IstatCode,
    /// A secret shelter has no place.
    #[error("nobody may see where a secret shelter is: leave out its municipality and sites")]
    Secret,
    /// Nor an ATS.
    #[error(
        "a secret shelter is registered for the whole city (metro): its ATS would say where it is"
    )]
    SecretAts,
    /// A day in the future.
    #[error("this day lies in the future: record it when it has come")]
    InFuture,
    /// A day before the last change.
    #[error("something later is recorded already, on {last}: choose that day or a later one")]
    OutOfOrder {
        /// Day of the last change.
        last: Date,
    },
    /// It works already.
    #[error("this service has been active since {since}; that day stays as recorded")]
    AlreadyActive {
        /// Since which day.
        since: Date,
    },
    /// It pauses already.
    #[error("this service has been suspended since {since}; that day stays as recorded")]
    AlreadySuspended {
        /// Since which day.
        since: Date,
    },
    /// It does not work.
    #[error("this service is not active: only an active one can pause")]
    NotActive,
    /// It ended.
    #[error("this service closed on {on}: register the new one under its own id")]
    Closed {
        /// Since which day.
        on: Date,
    },
    /// A later verification is known.
    #[error("this service was verified on {last}, which is later: nothing to confirm")]
    VerifiedSince {
        /// Day of the last verification.
        last: Date,
    },
    /// More places than any service has.
    #[error("a service has at most 10,000 places: correct the number")]
    TooManyPlaces,
    /// Whoever is to answer for it does not act for it.
    #[error(
        "whoever answers for a service works now and acts for it: grant her a role there first"
    )]
    CannotAnswer,
    /// Nobody answers for it.
    #[error("nobody answers for this service: there is nothing to end")]
    NobodyAnswers,
    /// Nobody names herself.
    #[error("nobody makes herself responsible: ask a colleague who keeps the directory")]
    HerOwn,
    /// Too many opening times.
    #[error("a week has at most 42 opening times: join those that touch")]
    TooManyOpenings,
    /// An opening time that is none.
    #[error(
        "weekday {weekday}: an opening time lies within one day, Monday (1) to Sunday (7), and \
         ends after it begins; write a night as two times"
    )]
    OpeningTime {
        /// The weekday as it was given.
        weekday: u8,
    },
    /// Two opening times overlap.
    #[error("two opening times of weekday {weekday} overlap: join them")]
    OpeningsOverlap {
        /// 1 Monday to 7 Sunday.
        weekday: u8,
    },
    /// There is no such site.
    #[error("this service has no such site")]
    NoSuchSite,
    /// The site is known in another municipality.
    #[error("this site is known in another municipality: a new place is a new site")]
    SiteElsewhere,
    /// The site is open.
    #[error("this site has been open since {since}; that day stays as recorded")]
    SiteIsOpen {
        /// Since which day.
        since: Date,
    },
    /// The site is planned only.
    #[error("this site is only planned: open it before you close it")]
    SiteNotOpen,
    /// The site is closed.
    #[error("this site closed on {on}: open it again, or plan a new one")]
    SiteIsClosed {
        /// Since which day.
        on: Date,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchService => "no_such_service",
            Self::RegisteredOtherwise => "registered_otherwise",
            Self::UnknownOrganisation => "unknown_organisation",
            Self::Name => "name",
            Self::IstatCode => "istat_code",
            Self::Secret => "secret",
            Self::SecretAts => "secret_ats",
            Self::InFuture => "in_future",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::AlreadyActive { .. } => "already_active",
            Self::AlreadySuspended { .. } => "already_suspended",
            Self::NotActive => "not_active",
            Self::Closed { .. } => "closed",
            Self::VerifiedSince { .. } => "verified_since",
            Self::TooManyPlaces => "too_many_places",
            Self::CannotAnswer => "cannot_answer",
            Self::NobodyAnswers => "nobody_answers",
            Self::HerOwn => "her_own",
            Self::TooManyOpenings => "too_many_openings",
            Self::OpeningTime { .. } => "opening_time",
            Self::OpeningsOverlap { .. } => "openings_overlap",
            Self::NoSuchSite => "no_such_site",
            Self::SiteElsewhere => "site_elsewhere",
            Self::SiteIsOpen { .. } => "site_is_open",
            Self::SiteNotOpen => "site_not_open",
            Self::SiteIsClosed { .. } => "site_is_closed",
        }
    }
}
