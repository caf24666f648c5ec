//! `GET /events`: every context's events in one documented order, for entitled systems.
//!
//! The order is by the moment of writing, then context, then position. A page ends before the
//! oldest write that may still be under way, so that nothing can appear behind a reader's cursor.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use strum::VariantArray;
use trama_events::Context;
use trama_events::codes::Role;
use trama_events::envelope::CloudEvent;
use trama_platform::doors::{Action, Door, Doors, Gate};
use trama_platform::log::Feed;
use trama_platform::servers::Servers;
use trama_platform::{Failure, Never, Problem};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Reading the feed.
const READ: Action = Action {
    name: "events.read",
    roles: &[Role::Auditor, Role::ExternalSystem],
    why: "the feed is for auditors and for systems of entitled bodies",
};

/// Events in one page, at most.
const LIMIT_MAX: i64 = 500;

/// The feeds of every context.
#[derive(Debug, Clone)]
pub(super) struct Events {
    feeds: Vec<Feed>,
}

impl Events {
    pub(super) fn open(servers: &Servers) -> Self {
        Self {
            feeds: Context::VARIANTS.iter().map(|context| Feed::open(servers, *context)).collect(),
        }
    }

    pub(super) fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate).door(READ, routes!(page)).finish(self.clone())
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Page {
    /// Id of the last event that was read; from the beginning without it.
    after: Option<String>,
    /// Most events, 1 to 500; 100 unless told.
    limit: Option<i64>,
}

/// The next events, as a CloudEvents batch.
#[utoipa::path(get, path = "/events", tag = "events", params(Page),
    responses((status = 200, content_type = "application/cloudevents-batch+json", body = Vec<CloudEvent>)))]
async fn page(
    State(events): State<Events>,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(page) = page.map_err(|error| bad(error.body_text()))?;
    let limit = page.limit.unwrap_or(100);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad(format!("limit is 1 to {LIMIT_MAX}")));
    }
    let found = match &page.after {
        None => Feed::merged(&events.feeds, None, limit).await,
        Some(id) => {
            let (context, position) = events.place(id).await?;
            Feed::merged(&events.feeds, Some((context, position)), limit).await
        }
    };
    let found = found.map_err(Failure::<Never>::from)?;
    let batch: Vec<CloudEvent> =
        found.iter().map(trama_events::envelope::Recorded::to_cloud_event).collect();
    Ok(([(header::CONTENT_TYPE, "application/cloudevents-batch+json")], Json(batch)))
}

impl Events {
    async fn place(&self, id: &str) -> Result<(Context, i64), Problem> {
        let unknown = || {
            bad("after is the id of an event that you read, e.g. referrals/referral-<uuid>/2"
                .into())
        };
        let mut parts = id.splitn(3, '/');
        let (context, aggregate, sequence) = (parts.next(), parts.next(), parts.next());
        let context: Context = context.and_then(|c| c.parse().ok()).ok_or_else(unknown)?;
        let (kind, aggregate) = aggregate.and_then(|a| a.split_once('-')).ok_or_else(unknown)?;
        let aggregate = aggregate.parse().map_err(|_| unknown())?;
        let sequence: i64 = sequence.and_then(|s| s.parse().ok()).ok_or_else(unknown)?;
        let feed = self.feeds.iter().find(|feed| feed.context() == context).ok_or_else(unknown)?;
        let events = feed.of_aggregate(kind, aggregate).await.map_err(Failure::<Never>::from)?;
        let event = events.iter().find(|event| event.sequence == sequence).ok_or_else(unknown)?;
        Ok((context, event.position))
    }
}

fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}
