//! `GET /events`: events in one documented order over the contexts, as far as whoever reads may be
//! told: a controller all of them, a system what [`outside`] says.
//!
//! The order is by the moment of writing, then context, then position. A page ends before the
//! oldest write that may still be under way, so that nothing can appear behind a reader's cursor.

mod cursor;
mod outside;
mod turns;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::Value;
use strum::VariantArray;
use time::Time;
use tokio::time::Instant;
use trama_events::codes::{Role, Section};
use trama_events::envelope::{CloudEvent, Recorded};
use trama_events::ids::{PersonId, StaffId};
use trama_events::{Context, rome};
use trama_platform::caller::Caller;
use trama_platform::clock::real_now;
use trama_platform::doors::{Action, Door, Doors, Gate};
use trama_platform::gate::Reader;
use trama_platform::inward::{Throttle, TooMany};
use trama_platform::log::Feed;
use trama_platform::servers::Servers;
use trama_platform::ties::Ties;
use trama_platform::{Failure, Never, Problem};
use trama_projections::relations::{Outside, Relations, Unsure};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use cursor::{Cursors, NoCursor, Place};
use outside::{Known, System, Told};
use turns::{NoTurn, Turns};

/// Reading the feed.
const READ: Action = Action {
    name: "events.read",
    roles: &[Role::Auditor, Role::ExternalSystem],
    why: "the feed is for auditors and for systems of entitled bodies",
    second_factor: false,
};

/// Events in one page, at most; also how many are looked through in one go.
const LIMIT_MAX: i64 = 500;
/// How long a system's page is looked for: what is not told is passed over meanwhile.
const LOOK_MAX: Duration = Duration::from_secs(4);
/// Questions about a page's events under way at one time.
const AT_ONCE: usize = 4;
/// People whose ties are asked for in one question.
const PEOPLE_MAX: usize = 500;
/// Pages that a reader may have at any time, and how long until she may have one more: 5,000 events
/// a second at most.
const PAGES: u32 = 120;
const PAGE_EVERY: time::Duration = time::Duration::milliseconds(100);
/// Longest wait for a page to be begun.
const WAIT_MAX: Duration = Duration::from_secs(4);
/// After how long a system tries again whose body reads already.
const AFTER_OWN: time::Duration = time::Duration::seconds(4);
/// Where to go on, with every page: what to give as `after`.
const NEXT_AFTER: HeaderName = HeaderName::from_static("next-after");

/// The feeds of every context, and who has to do with whom.
#[derive(Debug, Clone)]
pub(super) struct Events {
    feeds: Vec<Feed>,
    relations: Relations,
    cursors: Cursors,
    pages: Arc<Throttle<StaffId>>,
    turns: Turns,
}

impl Events {
    /// # Errors
    ///
    /// When no cursor can be made here.
    pub(super) fn open(servers: &Servers) -> anyhow::Result<Self> {
        Ok(Self {
            feeds: Context::VARIANTS.iter().map(|context| Feed::open(servers, *context)).collect(),
            relations: Relations::open(servers),
            cursors: Cursors::open(&servers.sealing)?,
            pages: Arc::new(Throttle::new(PAGES, PAGE_EVERY)),
            turns: Turns::default(),
        })
    }

    pub(super) fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(READ, routes!(page)).finish(self.clone())
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Page {
    /// The header `next-after` of the last answer; from the beginning without it.
    after: Option<String>,
    /// Most events, 1 to 500; 100 unless told.
    limit: Option<i64>,
}

/// The next events, as a `CloudEvents` batch. A system is told what its own body did, what
/// agreements open, and of other bodies' public houses and services the envelope, as that stands
/// when it asks: what opens later is found by reading from the beginning. Every answer's header
/// `next-after` says where to go on; it is another one each time, also where nothing is new, and says
/// nothing of how much was passed over. A page that is not full is no end: ask again in a while. At
/// most 120 pages at any time and 10 a second for each reader; systems of one body read one page
/// after the other.
#[utoipa::path(get, path = "/events", tag = "events", params(Page),
    responses((status = 200, content_type = "application/cloudevents-batch+json", body = Vec<CloudEvent>)))]
async fn page(
    State(events): State<Events>,
    reader: Reader,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(page) = page.map_err(|error| bad(error.body_text()))?;
    let limit = page.limit.unwrap_or(100);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad(format!("limit is 1 to {LIMIT_MAX}")));
    }
    if let Err(many) = events.pages.take(reader.caller.staff, real_now()) {
        return Ok(many.told(too_many()));
    }
    let (is_system, until) =
        (reader.caller.role == Role::ExternalSystem, Instant::now() + WAIT_MAX);
    let turn = if is_system {
        events.turns.system(reader.caller.organisation, until).await
    } else {
        events.turns.controller(until).await
    };
    let _turn = match turn {
        Ok(turn) => turn,
        Err(NoTurn::Busy) => return Err(busy()),
        Err(NoTurn::OwnBody) => return Ok(TooMany { after: AFTER_OWN }.told(too_many())),
    };
    let after = events.place(&reader, page.after.as_deref()).await?;
    let (batch, next) = if is_system {
        events.to_system(&reader, after, limit).await?
    } else {
        events.whole(&reader, after, limit).await?
    };
    let next = events.cursors.seal(reader.caller.organisation, next).map_err(unsealed)?;
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_static("application/cloudevents-batch+json");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.extend(HeaderValue::from_str(&next).ok().map(|next| (NEXT_AFTER, next)));
    Ok((headers, Json(batch)).into_response())
}

impl Events {
    /// Every event, for who controls, and the last of them.
    async fn whole(
        &self,
        reader: &Reader,
        after: Place,
        limit: i64,
    ) -> Result<(Vec<Value>, Place), Problem> {
        let found = Feed::merged(&self.feeds, after, limit).await.map_err(unread)?;
        let people = found.iter().flat_map(outside::people_of);
        reader.listed(people, Section::Path).await?;
        let batch = found.iter().filter_map(|event| outside::as_told(blunt(event), Told::Whole));
        Ok((batch.collect(), found.last().map(place).or(after)))
    }

    /// What a system may be told, and up to where that is everything.
    async fn to_system(
        &self,
        reader: &Reader,
        after: Place,
        limit: i64,
    ) -> Result<(Vec<Value>, Place), Problem> {
        let outside = self.relations.outside(reader.caller.organisation).await.map_err(unsure)?;
        let (until, mut at) = (Instant::now() + LOOK_MAX, after);
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut batch: Vec<(Recorded, Told)> = Vec::new();
        loop {
            let found = Feed::merged(&self.feeds, at, LIMIT_MAX).await.map_err(unread)?;
            let goes_on = i64::try_from(found.len()).is_ok_and(|found| found == LIMIT_MAX);
            at = found.last().map(place).or(at);
            batch.extend(self.told(reader, &outside, found).await?);
            if batch.len() >= wanted {
                batch.truncate(wanted);
                at = batch.last().map(|(event, _)| place(event)).or(at);
                break;
            }
            if !goes_on || Instant::now() >= until {
                break;
            }
        }
        let people = batch.iter().flat_map(|(event, _)| outside::people_of(event));
        reader.listed(people, Section::Path).await?;
        let told = batch.iter().filter_map(|(event, told)| outside::as_told(blunt(event), *told));
        Ok((told.collect(), at))
    }

    /// Of these events those that are told to a system.
    async fn told(
        &self,
        reader: &Reader,
        outside: &Outside,
        found: Vec<Recorded>,
    ) -> Result<Vec<(Recorded, Told)>, Problem> {
        let caller = &reader.caller;
        let system =
            System { body: caller.organisation, ats: caller.ats.clone(), purpose: caller.purpose };
        let found: Vec<Recorded> =
            found.into_iter().filter(|event| system.may_concern(event)).collect();
        let mut known = self.known(reader, outside, &found).await?;
        let telling = |found: Vec<Recorded>, known: &Known| -> Vec<(Recorded, Told)> {
            let told = found.into_iter().map(|event| (system.told(&event, known), event));
            told.filter(|(told, _)| *told != Told::Nothing).map(|(told, e)| (e, told)).collect()
        };
        let open = telling(found, &known);
        let open: Vec<Recorded> = open.into_iter().map(|(event, _)| event).collect();
        self.look_at_aggregates(outside, &open, &mut known).await?;
        let of_begun: BTreeSet<PersonId> =
            known.begun.values().flat_map(outside::people_of).collect();
        self.meet(reader, outside, of_begun, &mut known).await?;
        Ok(telling(open, &known))
    }

    async fn known(
        &self,
        reader: &Reader,
        outside: &Outside,
        found: &[Recorded],
    ) -> Result<Known, Problem> {
        let entries: Vec<String> = found.iter().flat_map(outside::entries_of).collect();
        let moved = self.relations.moved_among(&entries).await.map_err(unsure)?;
        let mut known = Known { moved, ..Known::default() };
        let people = found.iter().flat_map(outside::people_of).collect();
        self.meet(reader, outside, people, &mut known).await?;
        Ok(known)
    }

    /// How the system's body has to do with those of these people who were not asked about before.
    async fn meet(
        &self,
        reader: &Reader,
        outside: &Outside,
        people: BTreeSet<PersonId>,
        known: &mut Known,
    ) -> Result<(), Problem> {
        // A system acts for every service of its body.
        let caller = &Caller { services: outside.services.clone(), ..reader.caller.clone() };
        let new = people.into_iter().filter(|person| !known.people.contains_key(person));
        let new: Vec<PersonId> = new.collect();
        for some in new.chunks(PEOPLE_MAX) {
            let ties: Vec<Option<Ties>> = reader.gate().ties_with(caller, some).await?;
            // Of whom nobody can tell now, nothing is told.
            let told = some.iter().zip(ties).filter_map(|(person, ties)| Some((*person, ties?)));
            known.people.extend(told);
        }
        Ok(())
    }

    /// In which aggregates of these events a confidential service takes part, and with what the
    /// others began.
    async fn look_at_aggregates(
        &self,
        outside: &Outside,
        open: &[Recorded],
        known: &mut Known,
    ) -> Result<(), Problem> {
        let aggregates: BTreeSet<Aggregate> = open.iter().map(aggregate).collect();
        let asked = stream::iter(aggregates).map(|(context, kind, id)| async move {
            let events = self.feed(context)?.of_aggregate(&kind, id).await.map_err(unread)?;
            let sealed = events.iter().any(|event| outside::mentions(event, &outside.confidential));
            let here = open.iter().filter(|event| aggregate(event) == (context, kind.clone(), id));
            let begun = here.filter_map(|event| {
                Some((event.id(), outside::beginning(event, &events)?.clone()))
            });
            Ok::<_, Problem>((sealed.then_some((context, id)), begun.collect::<Vec<_>>()))
        });
        let looked: Vec<_> = asked.buffer_unordered(AT_ONCE).try_collect().await?;
        for (sealed, begun) in looked {
            known.sealed.extend(sealed);
            known.begun.extend(begun);
        }
        Ok(())
    }

    /// Where a reader goes on. A place behind the end is from before a restore.
    async fn place(&self, reader: &Reader, after: Option<&str>) -> Result<Place, Problem> {
        let Some(after) = after else { return Ok(None) };
        let place = self.cursors.read(reader.caller.organisation, after);
        let Some((context, position)) = place.map_err(|_| unknown())? else { return Ok(None) };
        let event = self.feed(context)?.at(position).await.map_err(unread)?;
        event.map(|_| Some((context, position))).ok_or_else(unknown)
    }

    fn feed(&self, context: Context) -> Result<&Feed, Problem> {
        self.feeds.iter().find(|feed| feed.context() == context).ok_or_else(unknown)
    }
}

/// Context, type and id.
type Aggregate = (Context, String, Uuid);

fn aggregate(event: &Recorded) -> Aggregate {
    (event.context, event.aggregate_type.clone(), event.aggregate_id)
}

fn place(event: &Recorded) -> (Context, i64) {
    (event.context, event.position)
}

/// That somebody shared an external service is told with its day and no moment, to whoever it is
/// told (ADR 19).
fn blunt(event: &Recorded) -> CloudEvent {
    let mut told = event.to_cloud_event();
    if event.event_type == "external_path_shared" {
        told.recordedat = rome::at(rome::day_of(told.recordedat), Time::MIDNIGHT);
    }
    told
}

fn unknown() -> Problem {
    let detail = "after is the header next-after of an answer that your body got here; without it \
                  the feed begins anew";
    bad(detail.into())
}

fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}

fn too_many() -> Problem {
    let detail = "too many pages in a short while: wait, then go on with the same cursor";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_pages", detail)
}

fn busy() -> Problem {
    let detail = "others read the feed now: ask again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
}

fn unsealed(why: NoCursor) -> Problem {
    Failure::<Never>::fault(why).into()
}

fn unread(error: sqlx::Error) -> Problem {
    Failure::<Never>::from(error).into()
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn unsure(why: Unsure) -> Problem {
    tracing::warn!(error = %why, "nobody can say now what a system may be told");
    let detail = "we cannot tell now what you may be told: try again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", detail)
}
