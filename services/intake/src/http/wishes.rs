use axum::Json;
use axum::extract::{Path, State};
use cqrs_es::Aggregate as _;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::Context;
use trama_events::envelope::event_id;
use trama_events::ids::{OrganisationId, PersonId, ServiceId, WishId};
use trama_events::intake::{Extent, Viewer, WishForm};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::{Asked, Done};
use trama_platform::permit::Deed;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::id_of;
use crate::Intake;
use crate::wish::rules::Age;
use crate::wish::{self, About, Decide, Decided, Rejection, Taker, Wish, WishCommand};

/// To whom a person of age opens what minors' services wrote of her.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChildhoodForm {
    /// Your own id for the decision; without one it follows from the Idempotency-Key.
    wish: Option<WishId>,
    /// To whom: one service, or a body with all its services.
    to: Viewer,
    /// First day; today when nothing is said.
    from: Option<Date>,
    /// Last day; until she closes it when nothing is said.
    until: Option<Date>,
    /// How she said it, in your presence.
    form: WishForm,
}

/// Of age now, she lets somebody see what minors' services wrote of her as a child. To your own body
/// only if you manage her case, and somebody else gave it to you or another body sent her to you, by this
/// very record. Nobody is told to whom she opened it
/// before, so that it can be opened to the same again; each decision is closed by itself.
#[utoipa::path(post, path = "/api/intake/persons/{person}/childhood", tag = "intake",
    request_body = ChildhoodForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn open_childhood(
    State(intake): State<Intake>,
    reader: Reader,
    Path(person): Path<PersonId>,
    order: Order<ChildhoodForm>,
) -> Result<Done, Problem> {
    let ChildhoodForm { wish, to, from, until, form } = order.body;
    intake.may_witness(&reader, person).await?;
    let from = from.unwrap_or_else(|| rome::day_of(order.now));
    let is_there = match to {
        Viewer::Organisation(body) => wish::is_body(intake.log.pool(), body).await,
        Viewer::Service(service) => wish::is_service(intake.log.pool(), service).await,
    };
    let is_there = is_there.map_err(Failure::<Rejection>::from)?;
    let wish = id_of(wish, &order.asked, WishId::derived);
    let named = match to {
        Viewer::Organisation(_) => None,
        Viewer::Service(service) => Some(service),
    };
    let mut taker = intake.taker(&reader, person, named).await?;
    taker.in_charge |= reader.answers(person).await?.in_charge && reader.is_sent(person).await?;
    let about = About::Childhood { to, from, until };
    let decided = Decided { wish, person, about, form };
    intake.decides(&reader, &order, decided, (is_there, taker)).await
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseChildhoodForm {}

/// She closes her childhood again: by this decision it is not there for them from now on; by another
/// one of hers, which another body took down, it may be.
#[utoipa::path(post, path = "/api/intake/persons/{person}/childhood/{wish}/close", tag = "intake",
    request_body = CloseChildhoodForm, params(("person" = PersonId, Path), ("wish" = WishId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close_childhood(
    State(intake): State<Intake>,
    reader: Reader,
    Path((person, id)): Path<(PersonId, WishId)>,
    order: Order<CloseChildhoodForm>,
) -> Result<Done, Problem> {
    intake.may_witness(&reader, person).await?;
    Ok(intake.log.ask::<Wish>(&order.asked, id.0, WishCommand::Close { person }).await?)
}

/// What a person obscures.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum What {
    /// An entry that your body wrote: as a journey names it, `<context>/<position>`, or the id of an
    /// event of it, `<context>/<aggregate>/<sequence>`.
    Entry(String),
    /// All that one service wrote of her, and will write.
    Service(ServiceId),
}

/// What a person obscures, and how she said it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObscureForm {
    /// Your own id for the decision; without one it follows from the Idempotency-Key.
    wish: Option<WishId>,
    /// What: `{"service": "<id>"}` or `{"entry": "<id>"}`.
    what: What,
    /// How she said it, in your presence.
    form: WishForm,
}

/// At her wish something is there for who wrote it and for nobody else. Nobody is told that it was
/// obscured before, so that the same can be obscured again.
#[utoipa::path(post, path = "/api/intake/persons/{person}/obscurings", tag = "intake",
    request_body = ObscureForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn obscure(
    State(intake): State<Intake>,
    reader: Reader,
    Path(person): Path<PersonId>,
    order: Order<ObscureForm>,
) -> Result<Done, Problem> {
    let ObscureForm { wish, what, form } = &order.body;
    intake.may_witness(&reader, person).await?;
    let extent = match what {
        What::Service(service) => Some(Extent::Service { service: *service }),
        What::Entry(entry) => intake.own_entry(person, entry, reader.caller.organisation).await?,
    };
    let is_there = match &extent {
        Some(Extent::Service { service }) => wish::is_service(intake.log.pool(), *service).await,
        Some(Extent::Entry { .. }) => Ok(true),
        None => Ok(false),
    };
    let is_there = is_there.map_err(Failure::<Rejection>::from)?;
    let extent = extent.unwrap_or_else(|| nothing(reader.caller.organisation));
    let wish = id_of(*wish, &order.asked, WishId::derived);
    let taker = intake.taker(&reader, person, None).await?;
    let about = About::Obscured(extent);
    let decided = Decided { wish, person, about, form: *form };
    intake.decides(&reader, &order, decided, (is_there, taker)).await
}

/// Stands for an entry that is none, so that the refusal is the decision's own.
fn nothing(organisation: OrganisationId) -> Extent {
    Extent::Entry { entry: String::new(), organisation }
}

/// How she said that it is obscured no more.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftForm {
    /// How she said it, in your presence.
    form: WishForm,
}

/// By this decision it is obscured no more; by another one of hers it may be. What another body wrote
/// only who manages her case makes visible again: by a case on this very record that somebody else gave
/// her, or after she took the decision down herself.
#[utoipa::path(post, path = "/api/intake/persons/{person}/obscurings/{wish}/lift", tag = "intake",
    request_body = LiftForm, params(("person" = PersonId, Path), ("wish" = WishId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn lift(
    State(intake): State<Intake>,
    reader: Reader,
    Path((person, id)): Path<(PersonId, WishId)>,
    order: Order<LiftForm>,
) -> Result<Done, Problem> {
    intake.may_witness(&reader, person).await?;
    let (wish, _) = intake.log.load::<Wish>(id.0).await?;
    let named = wish.decided.and_then(|decided| match decided.about {
        About::Obscured(Extent::Service { service }) => Some(service),
        About::Obscured(Extent::Entry { .. }) | About::Childhood { .. } => None,
    });
    let mut taker = intake.taker(&reader, person, named).await?;
    taker.in_charge |= intake.took_down(&reader, person, id).await?;
    let lift = WishCommand::Lift { person, form: order.body.form, taker };
    Ok(intake.log.ask::<Wish>(&order.asked, id.0, lift).await?)
}

/// What a person decided about who sees her past.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct WishesView {
    /// The person.
    person: PersonId,
    /// Her decisions that stand and that your own body took down, the newest first: at most 100.
    wishes: Vec<WishView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct WishView {
    /// The decision, by which it is taken back.
    wish: WishId,
    /// To whom her childhood is open, when it is about that.
    to: Option<Viewer>,
    /// First day.
    from: Option<Date>,
    /// Last day, when it ends by itself.
    until: Option<Date>,
    /// What is obscured, when it is about that.
    obscured: Option<Extent>,
    /// How she said it.
    form: WishForm,
}

/// Her decisions that your own body took down: what others took down is told to nobody here.
#[utoipa::path(get, path = "/api/intake/persons/{person}/wishes", tag = "intake",
    params(("person" = PersonId, Path)), responses((status = 200, body = WishesView)))]
pub(super) async fn list(
    State(intake): State<Intake>,
    reader: Reader,
    Path(person): Path<PersonId>,
) -> Result<Json<WishesView>, Problem> {
    reader.may_with(person, Deed::Witness).await?;
    let by = reader.caller.organisation;
    let ids = wish::of_person(intake.log.pool(), person, by).await;
    let mut wishes = Vec::new();
    for id in ids.map_err(Failure::<Rejection>::from)? {
        let (wish, _) = intake.log.load::<Wish>(id.0).await?;
        wishes.extend(wish.decided.filter(|_| !wish.over).map(view));
    }
    Ok(Json(WishesView { person, wishes }))
}

fn view(decided: Decided) -> WishView {
    let Decided { wish, person: _, about, form } = decided;
    match about {
        About::Childhood { to, from, until } => {
            WishView { wish, to: Some(to), from: Some(from), until, obscured: None, form }
        }
        About::Obscured(what) => {
            WishView { wish, to: None, from: None, until: None, obscured: Some(what), form }
        }
    }
}

impl Intake {
    /// Refuses whoever has nothing to do with her, and for whoever does not exist.
    async fn may_witness(&self, reader: &Reader, person: PersonId) -> Result<(), Problem> {
        let known = self.known::<Rejection>(person, &reader.caller).await?;
        reader.acts_on(person, known, Deed::Witness).await
    }

    /// For what body she takes something down, and whether it runs the service that is named.
    async fn taker(
        &self,
        reader: &Reader,
        person: PersonId,
        named: Option<ServiceId>,
    ) -> Result<Taker, Problem> {
        let organisation = reader.caller.organisation;
        let runs = match named {
            Some(service) if reader.caller.services.contains(&service) => Ok(true),
            Some(service) => wish::runs(self.log.pool(), organisation, service).await,
            None => Ok(false),
        };
        let runs = runs.map_err(Failure::<Rejection>::from)?;
        let in_charge = reader.answers(person).await?.in_charge && reader.is_given(person).await?;
        Ok(Taker { organisation, runs, in_charge })
    }

    /// Whether the worker manages the person's case and took this decision down herself.
    async fn took_down(
        &self,
        reader: &Reader,
        person: PersonId,
        wish: WishId,
    ) -> Result<bool, Problem> {
        let decision = event_id(Context::Intake, Wish::TYPE, wish.0, 1);
        let made = self.made(&decision).await?;
        let hers = made.is_some_and(|made| made.author == reader.caller.staff);
        Ok(reader.answers(person).await?.in_charge && hers)
    }

    /// Takes down what she decided. The version that others may have seen does not count: each
    /// decision is new.
    async fn decides<T: Sync>(
        &self,
        reader: &Reader,
        order: &Order<T>,
        decided: Decided,
        (is_there, taker): (bool, Taker),
    ) -> Result<Done, Problem> {
        let today = rome::day_of(order.now);
        let age = match self.age_of::<Rejection>(decided.person, today).await? {
            // The year of her majority is not over; the gate may know that the day was (ADR 28).
            Age::Minor { .. } if reader.is_of_age(decided.person).await? => Age::OfAge,
            age @ (Age::Unknown | Age::Minor { .. } | Age::OfAge) => age,
        };
        let wish = decided.wish.0;
        let decide = Decide { decided, age, is_there, taker, today };
        let asked = Asked { if_match: None, ..order.asked.clone() };
        Ok(self.log.ask::<Wish>(&asked, wish, WishCommand::Decide(Box::new(decide))).await?)
    }

    /// An entry of hers that this body wrote. What is none of hers, what another body wrote, what
    /// makes her record what it is, and what is none at all answer alike.
    async fn own_entry(
        &self,
        person: PersonId,
        entry: &str,
        by: OrganisationId,
    ) -> Result<Option<Extent>, Problem> {
        let made = match self.made(entry).await {
            Ok(Some(made)) => made,
            Ok(None) | Err(Failure::Denied | Failure::Rejected(_)) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let own = made.person == Some(person) && made.organisation == by && made.is_of_its_own();
        Ok(own.then_some(Extent::Entry { entry: made.id, organisation: by }))
    }
}
