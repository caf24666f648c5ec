//! `GET /events`: events in one documented order over the contexts, as far as whoever reads may be
//! told: a controller all of them, a system what [`outside`] says.
//!
//! The order is by the moment of writing, then context, then position. A page ends before the
//! oldest write that may still be under way, so that nothing can appear behind a reader's cursor.

mod outside;

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::Value;
use strum::VariantArray;
use time::Time;
use trama_events::codes::{Role, Section};
use trama_events::envelope::{CloudEvent, Recorded};
use trama_events::{Context, rome};
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Door, Doors, Gate};
use trama_platform::gate::Reader;
use trama_platform::log::Feed;
use trama_platform::servers::Servers;
use trama_platform::{Failure, Never, Problem};
use trama_projections::relations::{Outside, Relations, Unsure};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use outside::{Known, System, Told};

/// Reading the feed.
const READ: Action = Action {
    name: "events.read",
    roles: &[Role::Auditor, Role::ExternalSystem],
    why: "the feed is for auditors and for systems of entitled bodies",
    second_factor: false,
};

/// Events in one page, at most.
const LIMIT_MAX: i64 = 500;
/// Events that are looked through for one page, at most eight times [`LIMIT_MAX`].
const PAGES_MAX: usize = 8;
/// Questions about a page's events under way at one time.
const AT_ONCE: usize = 4;
/// Where a system goes on that was told too little of a long stretch: what to give as `after`.
const NEXT_AFTER: HeaderName = HeaderName::from_static("next-after");

/// Where somebody has read up to.
type Cursor = (Context, i64);

/// The feeds of every context, and who has to do with whom.
#[derive(Debug, Clone)]
pub(super) struct Events {
    feeds: Vec<Feed>,
    relations: Relations,
}

impl Events {
    pub(super) fn open(servers: &Servers) -> Self {
        Self {
            feeds: Context::VARIANTS.iter().map(|context| Feed::open(servers, *context)).collect(),
            relations: Relations::open(servers),
        }
    }

    pub(super) fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(READ, routes!(page)).finish(self.clone())
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Page {
    /// Id of the last event that was read, or the header `next-after` of the last answer; from the
    /// beginning without it.
    after: Option<String>,
    /// Most events, 1 to 500; 100 unless told.
    limit: Option<i64>,
}

/// The next events, as a CloudEvents batch. A system is told what its own body did, what agreements
/// open, and of other bodies' public houses and services the envelope. Where it was told little of a
/// long stretch, the header `next-after` says where to go on.
#[utoipa::path(get, path = "/events", tag = "events", params(Page),
    responses((status = 200, content_type = "application/cloudevents-batch+json", body = Vec<CloudEvent>)))]
async fn page(
    State(events): State<Events>,
    reader: Reader,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(page) = page.map_err(|error| bad(error.body_text()))?;
    let limit = page.limit.unwrap_or(100);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad(format!("limit is 1 to {LIMIT_MAX}")));
    }
    let after = page.after.as_deref();
    let (batch, next) = if reader.caller.role == Role::ExternalSystem {
        events.to_system(&reader, after, limit).await?
    } else {
        (events.whole(&reader, after, limit).await?, None)
    };
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_static("application/cloudevents-batch+json");
    headers.insert(header::CONTENT_TYPE, kind);
    let next = next.and_then(|next: String| HeaderValue::from_str(&next).ok());
    headers.extend(next.map(|next| (NEXT_AFTER, next)));
    Ok((headers, Json(batch)))
}

impl Events {
    /// Every event, for who controls.
    async fn whole(
        &self,
        reader: &Reader,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Value>, Problem> {
        let after = match after {
            None => None,
            Some(id) => Some(self.named(id).await?.ok_or_else(unknown)?).map(|e| place(&e)),
        };
        let found = Feed::merged(&self.feeds, after, limit).await.map_err(unread)?;
        let people = found.iter().flat_map(outside::people_of);
        reader.listed(people, Section::Path).await?;
        Ok(found.iter().filter_map(|event| outside::as_told(blunt(event), Told::Whole)).collect())
    }

    /// What a system may be told, and where it goes on when that is less than a page.
    async fn to_system(
        &self,
        reader: &Reader,
        after: Option<&str>,
        limit: i64,
    ) -> Result<(Vec<Value>, Option<String>), Problem> {
        let outside = self.relations.outside(reader.caller.organisation).await.map_err(unsure)?;
        let mut after = match after {
            None => None,
            Some(id) => Some(self.cursor(reader, &outside, id).await?),
        };
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut batch: Vec<(Recorded, Told)> = Vec::new();
        let mut goes_on = true;
        for _ in 0..PAGES_MAX {
            let found = Feed::merged(&self.feeds, after, LIMIT_MAX).await.map_err(unread)?;
            goes_on = i64::try_from(found.len()).is_ok_and(|found| found == LIMIT_MAX);
            after = found.last().map(place).or(after);
            batch.extend(self.told(reader, &outside, found).await?);
            if !goes_on || batch.len() >= wanted {
                break;
            }
        }
        let next = (goes_on && batch.len() < wanted).then_some(after).flatten();
        batch.truncate(wanted);
        let people = batch.iter().flat_map(|(event, _)| outside::people_of(event));
        reader.listed(people, Section::Path).await?;
        let told = batch.iter().filter_map(|(event, told)| outside::as_told(blunt(event), *told));
        Ok((told.collect(), next.map(|(context, position)| format!("{context}/{position}"))))
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
        let known = self.known(reader, outside, &found).await?;
        let told = found.into_iter().map(|event| {
            let told = system.told(&event, &known);
            (event, told)
        });
        Ok(told.filter(|(_, told)| *told != Told::Nothing).collect())
    }

    async fn known(
        &self,
        reader: &Reader,
        outside: &Outside,
        found: &[Recorded],
    ) -> Result<Known, Problem> {
        let entries: Vec<String> = found.iter().flat_map(outside::entries_of).collect();
        let moved = self.relations.moved_among(&entries).await.map_err(unsure)?;
        let aggregates: BTreeSet<(Context, String, Uuid)> =
            found.iter().map(|e| (e.context, e.aggregate_type.clone(), e.aggregate_id)).collect();
        let sealed = stream::iter(aggregates).map(|aggregate| self.sealed(outside, aggregate));
        let sealed: Vec<Option<(Context, Uuid)>> =
            sealed.buffer_unordered(AT_ONCE).try_collect().await?;
        // A system acts for every service of its body.
        let caller = &Caller { services: outside.services.clone(), ..reader.caller.clone() };
        let people: BTreeSet<_> = found.iter().flat_map(outside::people_of).collect();
        let people = stream::iter(people).map(|person| async move {
            Ok::<_, Problem>((person, reader.gate().ties(caller, person).await?))
        });
        let people: HashMap<_, _> = people.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(Known { moved, sealed: sealed.into_iter().flatten().collect(), people })
    }

    /// The aggregate, when a confidential service takes part in it.
    async fn sealed(
        &self,
        outside: &Outside,
        (context, kind, id): (Context, String, Uuid),
    ) -> Result<Option<(Context, Uuid)>, Problem> {
        let events = self.feed(context)?.of_aggregate(&kind, id).await.map_err(unread)?;
        let sealed = events.iter().any(|event| outside::mentions(event, &outside.confidential));
        Ok(sealed.then_some((context, id)))
    }

    /// Where a system goes on. An event that it may not be told is as one that does not exist.
    async fn cursor(
        &self,
        reader: &Reader,
        outside: &Outside,
        after: &str,
    ) -> Result<Cursor, Problem> {
        if let Some((context, position)) = after.split_once('/')
            && let (Ok(context), Ok(position)) = (context.parse(), position.parse())
        {
            let event = self.feed(context)?.at(position).await.map_err(unread)?;
            return event.as_ref().map(place).ok_or_else(unknown);
        }
        let event = self.named(after).await?;
        let told = self.told(reader, outside, event.into_iter().collect()).await?;
        told.first().map(|(event, _)| place(event)).ok_or_else(unknown)
    }

    /// The event of this id.
    async fn named(&self, id: &str) -> Result<Option<Recorded>, Problem> {
        let mut parts = id.splitn(3, '/');
        let (context, aggregate, sequence) = (parts.next(), parts.next(), parts.next());
        let context: Context = context.and_then(|c| c.parse().ok()).ok_or_else(unknown)?;
        let (kind, aggregate) = aggregate.and_then(|a| a.split_once('-')).ok_or_else(unknown)?;
        let aggregate = aggregate.parse().map_err(|_| unknown())?;
        let sequence: i64 = sequence.and_then(|s| s.parse().ok()).ok_or_else(unknown)?;
        let events = self.feed(context)?.of_aggregate(kind, aggregate).await.map_err(unread)?;
        Ok(events.into_iter().find(|event| event.sequence == sequence))
    }

    fn feed(&self, context: Context) -> Result<&Feed, Problem> {
        self.feeds.iter().find(|feed| feed.context() == context).ok_or_else(unknown)
    }
}

fn place(event: &Recorded) -> Cursor {
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
    bad("after is the id of an event that you read, e.g. referrals/referral-<uuid>/2".into())
}

fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
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
