//! Posts of workers and volunteers: the figures behind the ratio of social workers (R21, R35).

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Contract, Profession};
use trama_events::directory::StaffEvent;
use trama_events::ids::{Ats, OrganisationId, PersonId, StaffId};
use trama_platform::log::{Logged, Refusal, Taken};

/// A full post, in hundredths of a full-time equivalent.
pub const FTE_HUNDREDTHS_MAX: u16 = 100;

/// One worker's post as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StaffMember {
    post: Option<Post>,
    ended_on: Option<Date>,
}

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
}

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
        }
    }
}

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
            StaffEvent::StaffEnded { on } => self.ended_on = Some(on),
        }
    }
}

impl Logged for StaffMember {
    /// Staff are no persons of the network: nobody's journey shows them.
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// A post claims nothing; only its id can be taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::NoSuchStaffMember
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
        happened(post.on, today)?;
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
            None => happened(on, today)?,
        }
        if on < post.on {
            return Err(Rejection::EndBeforeStart { started: post.on });
        }
        Ok(vec![StaffEvent::StaffEnded { on }])
    }
}

fn happened(on: Date, today: Date) -> Result<(), Rejection> {
    if on > today { Err(Rejection::InFuture) } else { Ok(()) }
}
