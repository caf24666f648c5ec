//! What is read before and after a referral is sent: its terms, and how it goes.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use strum::VariantArray as _;
use time::OffsetDateTime;
use trama_events::codes::{DatasetSection, NeedCode, Section, ServiceType, Urgency};
use trama_events::ids::{PersonId, ReferralId, ServiceId, StaffId};
use trama_events::referrals::{ConsentScope, ReferralEvent};
use trama_platform::caller::Caller;
use trama_platform::gate::Reader;
use trama_platform::log::Step;
use trama_platform::permit::handed_over;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use crate::referral::{Move, Parties, Referral, Rejection, Side, Standing, rules};
use crate::{Referrals, facts, policy};

/// A referral, for its sender and its receiver.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReferralView {
    /// The referral.
    referral: ReferralId,
    /// The person.
    person: PersonId,
    /// Service that sent it; nothing when it is a confidential one of others.
    from: Option<ServiceId>,
    /// Service that receives it.
    to: ServiceId,
    /// Whether the other end is a confidential service.
    external: bool,
    /// Whether you act for the receiver.
    receives: bool,
    /// Where it stands.
    #[serde(flatten)]
    standing: Standing,
    /// For the receiver: what the sender sees of all this.
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_sees: Option<Standing>,
    /// How soon it must be looked at.
    urgency: Option<Urgency>,
    /// The need behind it: for who sent it, and for a receiver to whom the needs were handed over.
    need: Option<NeedCode>,
    /// Sections that were handed over, and which class of data each of them opens to the receiver.
    dataset: Vec<HandedOver>,
    /// What you may do with it now.
    moves: Vec<Move>,
    /// What happened, in order; nothing where the other end is a confidential service.
    steps: Vec<StepView>,
}

/// A section of a dataset, and the class of data that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
struct HandedOver {
    /// The section.
    section: DatasetSection,
    /// The class of a person's data that the receiver may read because of it.
    opens: Section,
}

impl HandedOver {
    fn of(section: DatasetSection) -> Self {
        Self { section, opens: handed_over(section) }
    }
}

/// One thing that happened to a referral.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct StepView {
    /// Its name, and what it says.
    fact: ReferralEvent,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// Whose doing it was.
    by: Side,
    /// Whether it was you.
    yours: bool,
}

/// One referral, as its own events tell it.
#[utoipa::path(get, path = "/api/referrals/referrals/{referral}", tag = "referrals",
    params(("referral" = ReferralId, Path)), responses((status = 200, body = ReferralView)))]
pub(crate) async fn read(
    State(referrals): State<Referrals>,
    reader: Reader,
    Path(id): Path<ReferralId>,
) -> Result<impl IntoResponse, Problem> {
    let caller = &reader.caller;
    let (referral, version) = referrals.load(id).await?;
    let mine = referral.parties().filter(|p| caller.acts_for(p.from) || caller.acts_for(p.to));
    let Some(parties) = mine else {
        let whose = referral.parties().map(|parties| parties.person);
        return Err(reader.not_own(whose, Section::Requests).await);
    };
    reader.own(parties.person, Section::Requests).await?;
    let steps = referrals.log.steps::<Referral>(id.0).await?;
    let now = referrals.log.clock().now();
    let view = view(caller, (&referral, id, parties), &steps, now);
    // A version counts the steps that a confidential receiver keeps to itself.
    let hides_receiver = parties.to_type.is_confidential() && !caller.acts_for(parties.to);
    let etag = (!hides_receiver).then(|| [(header::ETAG, format!("W/\"{version}\""))]);
    Ok((etag, Json(view)))
}

fn view(
    caller: &Caller,
    (referral, id, parties): (&Referral, ReferralId, Parties),
    steps: &[Step<ReferralEvent>],
    now: OffsetDateTime,
) -> ReferralView {
    let hides_sender = parties.from_type.is_confidential() && !caller.acts_for(parties.from);
    let hides_receiver = parties.to_type.is_confidential() && !caller.acts_for(parties.to);
    let external = hides_sender || hides_receiver;
    let receives = caller.acts_for(parties.to);
    let order = Asked::of(steps);
    let declared = order.dataset.contains(&DatasetSection::Needs);
    let is_told = (receives && declared) || order.by == Some(caller.staff);
    ReferralView {
        referral: id,
        person: parties.person,
        from: (!hides_sender).then_some(parties.from),
        to: parties.to,
        external,
        receives,
        standing: if receives { referral.standing() } else { referral.standing_for_sender() },
        sender_sees: receives.then(|| referral.standing_for_sender()),
        urgency: order.urgency,
        need: order.need.filter(|_| is_told),
        dataset: order.dataset.into_iter().map(HandedOver::of).collect(),
        moves: if hides_receiver { Vec::new() } else { moves(caller, referral, parties, now) },
        steps: if external { Vec::new() } else { thread(steps, caller.staff) },
    }
}

/// What was asked for when it was sent, with what was handed over since.
#[derive(Debug, Default)]
struct Asked {
    by: Option<StaffId>,
    need: Option<NeedCode>,
    urgency: Option<Urgency>,
    dataset: Vec<DatasetSection>,
}

impl Asked {
    fn of(steps: &[Step<ReferralEvent>]) -> Self {
        let mut asked = Self::default();
        for step in steps {
            if let ReferralEvent::ReferralCreated { need, urgency, .. } = &step.event {
                asked.by = Some(step.actor);
                asked.need = Some(*need);
                asked.urgency = Some(*urgency);
            }
            if let ReferralEvent::ReferralCreated { dataset: more, .. }
            | ReferralEvent::ReferralInfoGiven { sections: more } = &step.event
            {
                asked.dataset.extend(more);
            }
        }
        asked.dataset = rules::each_once(asked.dataset);
        asked
    }
}

/// What the caller may do, for the services for which she acts and in her role.
fn moves(caller: &Caller, referral: &Referral, parties: Parties, now: OffsetDateTime) -> Vec<Move> {
    let ends =
        [(Side::Receiver, parties.to, policy::ANSWER), (Side::Sender, parties.from, policy::SEND)];
    let mine = ends.iter().filter(|(_, service, action)| {
        caller.acts_for(*service) && action.roles.contains(&caller.role)
    });
    mine.flat_map(|(side, ..)| referral.moves(*side, now)).collect()
}

fn thread(steps: &[Step<ReferralEvent>], you: StaffId) -> Vec<StepView> {
    let begins =
        |step: &&Step<ReferralEvent>| matches!(step.event, ReferralEvent::ReferralCreated { .. });
    let told = steps.iter().filter(|step| !begins(step));
    let view = |step: &Step<ReferralEvent>| StepView {
        fact: step.event.clone(),
        at: step.occurred_at,
        by: Side::of(&step.event),
        yours: step.actor == you,
    };
    told.map(view).collect()
}

/// What sending somebody to a service would mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Terms {
    /// The service.
    to: ServiceId,
    /// What it does.
    service_type: ServiceType,
    /// Whether it works now.
    active: bool,
    /// Whether nobody is sent there by name: the person gets a slip.
    by_slip: bool,
    /// Whether nobody is sent there at all: whoever is in danger gets a slip for the centre.
    no_direct_access: bool,
    /// By when an answer would be due, for each urgency.
    answers: Vec<DueAnswer>,
    /// Every section that can be handed over, and the class of data that it opens.
    sections: Vec<HandedOver>,
    /// The fewest with which the service can begin.
    smallest: Vec<DatasetSection>,
    /// What the person may agree to beside; sending rests on no consent.
    agreement: Option<ConsentScope>,
}

/// By when an answer is due.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct DueAnswer {
    /// How soon it must be looked at.
    urgency: Urgency,
    /// If it were sent now.
    #[serde(with = "time::serde::rfc3339")]
    answer_by: OffsetDateTime,
}

/// What sending somebody to this service would mean, if it were done now. Of nobody in particular.
#[utoipa::path(get, path = "/api/referrals/terms/{service}", tag = "referrals",
    params(("service" = ServiceId, Path)), responses((status = 200, body = Terms)))]
pub(crate) async fn terms(
    State(referrals): State<Referrals>,
    _caller: Caller,
    Path(service): Path<ServiceId>,
) -> Result<Json<Terms>, Problem> {
    let unread = Failure::<Rejection>::from;
    let known = facts::service(referrals.log.pool(), service).await.map_err(unread)?;
    let known = known.ok_or_else(Problem::not_found)?;
    let (kind, now) = (known.service_type, referrals.log.clock().now());
    let due = |urgency: &Urgency| DueAnswer {
        urgency: *urgency,
        answer_by: rules::answer_by(kind, *urgency, now),
    };
    Ok(Json(Terms {
        to: service,
        service_type: kind,
        active: known.active,
        by_slip: rules::goes_by_slip(kind),
        no_direct_access: rules::has_no_direct_access(kind),
        answers: Urgency::VARIANTS.iter().map(due).collect(),
        sections: DatasetSection::VARIANTS.iter().copied().map(HandedOver::of).collect(),
        smallest: rules::smallest_dataset(kind),
        agreement: rules::agreement(kind),
    }))
}
