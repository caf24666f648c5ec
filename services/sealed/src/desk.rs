//! What a sealed service sees of its own people, and its own record of who looked.

use serde::Serialize;
use sqlx::Row;
use time::OffsetDateTime;
use trama_events::codes::{NeedLevel, Urgency};
use trama_events::ids::ServiceId;
use trama_events::referrals::ExternalState;
use trama_events::sealed::PathId;
use trama_platform::Failure;
use trama_platform::caller::Caller;
use trama_platform::log::Refusal;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::path::{Known, Path, Rejection, Stage};
use crate::{One, policy};

/// Paths in one page, at most.
pub(crate) const PAGE_MAX: i64 = 100;

/// A path, as the service's own workers see it. There is no name to show.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PathView {
    /// The pseudonym.
    path: PathId,
    /// Whether she was told to come to a desk of yours. Who comes elsewhere in your organisation is
    /// yours as well, unless you are of a house or centre beside it.
    for_your_service: bool,
    /// `waiting`, `accepted`, `came`, `in_path` or `closed`.
    stage: &'static str,
    /// How soon.
    urgency: Option<Urgency>,
    /// How strong the need is, 1 to 3.
    need_level: Option<NeedLevel>,
    /// When an answer is due, while one is awaited.
    #[serde(with = "time::serde::rfc3339::option")]
    answer_by: Option<OffsetDateTime>,
    /// Whether the answer is late.
    overdue: bool,
    /// When she should come, while it is fixed.
    #[serde(with = "time::serde::rfc3339::option")]
    come_at: Option<OffsetDateTime>,
    /// What anybody outside this service sees of all this.
    network_sees: NetworkSees,
}

/// What the network sees of a path.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct NetworkSees {
    /// Always `nothing`: no entry, no count, no gap.
    without_her_agreement: &'static str,
    /// "External service" and this word, on the page of the person who shows her slip; never which.
    with_her_agreement: ExternalState,
}

/// A page of paths, the oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PathPage {
    /// The paths.
    items: Vec<PathView>,
    /// Where the next page begins; none at the end.
    next: Option<i64>,
}

/// Which paths are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// Those that wait for an answer.
    Waiting,
    /// Every one that is not closed.
    Open,
}

impl List {
    /// Event types that take a path off the list.
    fn ends(self) -> Vec<String> {
        let closed = ["answered_no", "path_closed"];
        let more: &[&str] = match self {
            Self::Waiting => &["answered_yes"],
            Self::Open => &[],
        };
        closed.iter().chain(more).map(ToString::to_string).collect()
    }
}

impl PathView {
    /// `None` for a path that there is not, or that the caller does not meet.
    pub(crate) fn of(path: &Path, one: &One, caller: &Caller) -> Option<Self> {
        let known = path.known().filter(|known| one.is_met_by(caller, known))?;
        let (stage, answer_by, come_at) = match path.stage() {
            Stage::Unknown | Stage::Opened => ("waiting", None, None),
            Stage::Waiting { answer_by } => ("waiting", Some(answer_by), None),
            Stage::Accepted { come_at } => ("accepted", None, come_at),
            Stage::Came => ("came", None, None),
            Stage::InPath => ("in_path", None, None),
            Stage::Closed => ("closed", None, None),
        };
        Some(Self {
            path: known.path,
            for_your_service: one.is_at_her_desk(caller, known.desk),
            stage,
            urgency: known.urgency,
            need_level: known.need_level,
            answer_by,
            overdue: path.is_overdue(),
            come_at,
            network_sees: NetworkSees {
                without_her_agreement: "nothing",
                with_her_agreement: path.external(),
            },
        })
    }
}

impl One {
    /// Whether a worker of the organisation meets who is on this path.
    pub(crate) fn is_met_by(&self, caller: &Caller, known: &Known) -> bool {
        policy::meets_everybody(caller) || self.is_at_her_desk(caller, known.desk)
    }

    fn is_at_her_desk(&self, caller: &Caller, desk: Uuid) -> bool {
        caller.services.iter().any(|service| self.veil.id("service", service.0) == desk)
    }

    /// The desks whose people the caller meets, veiled; nothing when she meets everybody.
    fn desks(&self, caller: &Caller) -> Option<Vec<String>> {
        let veiled = |service: &ServiceId| self.veil.id("service", service.0).to_string();
        let met = !policy::meets_everybody(caller);
        met.then(|| caller.services.iter().map(veiled).collect())
    }

    /// A page of a list, from after the path that has this number. Only paths that the caller meets
    /// have one: neither a page nor where the next begins tells how many others there are.
    pub(crate) async fn page(
        &self,
        caller: &Caller,
        list: List,
        after: i64,
        limit: i64,
    ) -> Result<PathPage, Failure<Rejection>> {
        let rows = sqlx::query(
            "with met as (select aggregate_type, aggregate_id, \
                    row_number() over (order by position) as number from events \
                where event_type = 'path_opened' \
                    and ($4::text[] is null or payload ->> 'desk' = any($4))) \
             select aggregate_id::uuid as id, number from met \
             where number > $1 and not exists ( \
                select from events e where e.aggregate_type = met.aggregate_type \
                    and e.aggregate_id = met.aggregate_id and e.event_type = any($2)) \
             order by number limit $3",
        )
        .bind(after)
        .bind(list.ends())
        .bind(limit)
        .bind(self.desks(caller))
        .fetch_all(self.log.pool())
        .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let (path, _) = self.log.load::<Path>(row.try_get("id")?).await?;
            items.extend(PathView::of(&path, self, caller));
        }
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
        let end = rows.last().map(|row| row.try_get("number")).transpose()?;
        Ok(PathPage { items, next: end.filter(|_| full) })
    }

    /// Keeps in this log's own schema that somebody looks, before she sees anything.
    pub(crate) async fn look<R: Refusal>(
        &self,
        caller: &Caller,
        path: Option<Uuid>,
        door: &'static str,
        now: OffsetDateTime,
    ) -> Result<(), Failure<R>> {
        let insert = "insert into reads (read_at, actor, path, door) values ($1, $2, $3, $4)";
        sqlx::query(insert)
            .bind(now)
            .bind(self.veil.id("staff", caller.staff.0))
            .bind(path)
            .bind(door)
            .execute(self.log.pool())
            .await?;
        Ok(())
    }
}
