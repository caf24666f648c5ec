//! Doors of the sealed service's own workers.

use axum::Json;
use axum::extract::{Path as Place, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::codes::DeclineReason;
use trama_events::ids::OrganisationId;
use trama_events::sealed::CloseReason;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::desk::{List, PAGE_MAX, PathPage, PathView};
use crate::path::{Path, PathCommand, Rejection};
use crate::{One, Sealed};

type Answered = Result<Done, Failure<Rejection>>;

impl Sealed {
    /// The caller's own log. Of another organisation's nobody learns whether there is one.
    fn own<R>(&self, caller: &Caller, organisation: OrganisationId) -> Result<&One, Failure<R>> {
        if caller.organisation != organisation {
            return Err(Failure::Denied);
        }
        self.of(organisation)
    }

    async fn ask<T: Sync>(
        &self,
        (organisation, path): (OrganisationId, Uuid),
        order: &Order<T>,
        command: PathCommand,
    ) -> Answered {
        let one = self.own::<Rejection>(&order.caller, organisation)?;
        let asked = one.veil.of_worker(&order.asked);
        let met =
            |path: &Path| path.known().is_some_and(|known| one.is_met_by(&order.caller, &known));
        one.log.ask_if(&asked, path, command, met).await
    }
}

/// Which list, and from where.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// `waiting` for those without an answer, `open` for every one that is not closed; `waiting`
    /// unless told.
    list: Option<String>,
    /// `next` of the page before.
    after: Option<i64>,
    /// Most paths, 1 to 100; 50 unless told.
    limit: Option<i64>,
}

/// The service's inbox, the oldest first.
#[utoipa::path(get, path = "/api/sealed/{organisation}/paths", tag = "sealed",
    params(("organisation" = OrganisationId, Path), ListQuery), responses((status = 200, body = PathPage)))]
pub(super) async fn list(
    State(sealed): State<Sealed>,
    caller: Caller,
    Place(organisation): Place<OrganisationId>,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<PathPage>, Problem> {
    let one = sealed.own::<Rejection>(&caller, organisation)?;
    let Query(query) = query.map_err(|error| bad(error.body_text()))?;
    let list = match query.list.as_deref() {
        None | Some("waiting") => List::Waiting,
        Some("open") => List::Open,
        Some(_) => return Err(bad("list is waiting or open".into())),
    };
    let limit = query.limit.unwrap_or(PAGE_MAX / 2);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(bad(format!("limit is 1 to {PAGE_MAX}")));
    }
    one.look::<Rejection>(&caller, None, "paths", sealed.now()).await?;
    Ok(Json(one.page(&caller, list, query.after.unwrap_or(0), limit).await?))
}

fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}

/// One path, and what the network sees of it.
#[utoipa::path(get, path = "/api/sealed/{organisation}/paths/{path}", tag = "sealed",
    params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = PathView)))]
pub(super) async fn read(
    State(sealed): State<Sealed>,
    caller: Caller,
    Place((organisation, id)): Place<(OrganisationId, Uuid)>,
) -> Result<Json<PathView>, Failure<Rejection>> {
    let one = sealed.own::<Rejection>(&caller, organisation)?;
    let (path, _) = one.log.load::<Path>(id).await?;
    let view = PathView::of(&path, one, &caller).ok_or(Failure::Denied)?;
    one.look::<Rejection>(&caller, Some(id), "path", sealed.now()).await?;
    Ok(Json(view))
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum YesNo {
    /// She can come.
    Yes,
    /// She cannot.
    No,
}

/// Yes, no, when.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerForm {
    /// Yes or no.
    answer: YesNo,
    /// With a yes: when she should come.
    #[serde(default, with = "time::serde::rfc3339::option")]
    come_at: Option<OffsetDateTime>,
    /// With a no: why. Only this service learns it.
    reason: Option<DeclineReason>,
}

/// Answers from the inbox, without opening any record.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/answer", tag = "sealed",
    request_body = AnswerForm, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn answer(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<AnswerForm>,
) -> Answered {
    let AnswerForm { answer, come_at, reason } = order.body;
    let command = match (answer, come_at, reason) {
        (YesNo::Yes, come_at, None) => PathCommand::AnswerYes { come_at, now: order.now },
        (YesNo::No, None, Some(reason)) => PathCommand::AnswerNo { reason },
        (YesNo::Yes, _, Some(_)) | (YesNo::No, Some(_), _) | (YesNo::No, None, None) => {
            sealed.own::<Rejection>(&order.caller, place.0)?;
            return Err(Failure::Rejected(Rejection::HalfAnAnswer));
        }
    };
    sealed.ask(place, &order, command).await
}

/// When.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenForm {
    /// When she should come.
    #[serde(with = "time::serde::rfc3339")]
    come_at: OffsetDateTime,
}

/// Says when to come, or another time.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/appointment", tag = "sealed",
    request_body = WhenForm, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn give_appointment(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<WhenForm>,
) -> Answered {
    let command = PathCommand::GiveAppointment { come_at: order.body.come_at, now: order.now };
    sealed.ask(place, &order, command).await
}

/// Nothing but that it is so.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NothingMore {}

/// She came.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/came", tag = "sealed",
    request_body = NothingMore, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn came(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<NothingMore>,
) -> Answered {
    sealed.ask(place, &order, PathCommand::Came).await
}

/// She did not come.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/did-not-come", tag = "sealed",
    request_body = NothingMore, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn did_not_come(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<NothingMore>,
) -> Answered {
    let command = PathCommand::DidNotCome { now: order.asked.occurred_at };
    sealed.ask(place, &order, command).await
}

/// She is in path.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/enter", tag = "sealed",
    request_body = NothingMore, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn enter(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<NothingMore>,
) -> Answered {
    sealed.ask(place, &order, PathCommand::Enter).await
}

/// Why a path is closed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseForm {
    /// Why. Only this service learns it.
    reason: CloseReason,
}

/// Closes a path.
#[utoipa::path(post, path = "/api/sealed/{organisation}/paths/{path}/close", tag = "sealed",
    request_body = CloseForm, params(("organisation" = OrganisationId, Path), ("path" = Uuid, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(sealed): State<Sealed>,
    Place(place): Place<(OrganisationId, Uuid)>,
    order: Order<CloseForm>,
) -> Answered {
    sealed.ask(place, &order, PathCommand::Close { reason: order.body.reason }).await
}

/// How the organisation's own log is. No path.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct LogView {
    /// Last position.
    position: i64,
    /// Last position that the broker has acknowledged.
    relayed: i64,
    /// Age of the oldest event not yet published, in seconds.
    relay_lag_seconds: f64,
}

/// The organisation's own log, for its own administrator.
#[utoipa::path(get, path = "/api/sealed/{organisation}/log", tag = "sealed",
    params(("organisation" = OrganisationId, Path)), responses((status = 200, body = LogView)))]
pub(super) async fn log(
    State(sealed): State<Sealed>,
    caller: Caller,
    Place(organisation): Place<OrganisationId>,
) -> Result<Json<LogView>, Failure<Rejection>> {
    let one = sealed.own::<Rejection>(&caller, organisation)?;
    let (relayed, _) = one.feed.relayed().await?;
    let (position, relay_lag_seconds) =
        (one.feed.last().await?, one.feed.lag_seconds(relayed).await?);
    Ok(Json(LogView { position, relayed, relay_lag_seconds }))
}
