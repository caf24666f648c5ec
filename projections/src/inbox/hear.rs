//! Whose inbox an event changes. Most events do not name the services that they concern: the rows
//! do. What a statement found out is remembered until the follower asks for the event's topics,
//! which it does in the same batch.

use std::collections::VecDeque;
use std::sync::Mutex;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use trama_events::Context;
use trama_platform::follow::Read;
use uuid::Uuid;

/// Services and workers whose inbox changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Concerned {
    pub(super) services: Vec<Uuid>,
    pub(super) staff: Vec<Uuid>,
}

impl Concerned {
    /// From a row with `services` and `staff`; nobody without a row.
    pub(super) fn from_row(row: Option<&PgRow>) -> sqlx::Result<Self> {
        let Some(row) = row else { return Ok(Self::default()) };
        let services: Vec<Option<Uuid>> = row.try_get("services")?;
        let staff: Vec<Option<Uuid>> = row.try_get("staff")?;
        Ok(Self {
            services: services.into_iter().flatten().collect(),
            staff: staff.into_iter().flatten().collect(),
        })
    }

    /// With those who have one of these people in charge.
    pub(super) async fn and_in_charge(
        mut self,
        rows: &mut PgConnection,
        people: &[Uuid],
    ) -> sqlx::Result<Self> {
        let found = sqlx::query(
            "with recursive one (person) as (select unnest($1::uuid[]) union \
                select case when l.canonical = o.person then l.other else l.canonical end \
                from one o join links l on l.linked and (l.canonical = o.person or l.other = o.person)) \
             select c.service, c.manager from cases c join one using (person) where c.is_open",
        )
        .bind(people)
        .fetch_all(rows)
        .await?;
        for row in found {
            self.services.push(row.try_get("service")?);
            self.staff.extend(row.try_get::<Option<Uuid>, _>("manager")?);
        }
        Ok(self)
    }
}

/// More than any batch has, so that what is remembered is found; a rebuild, which never asks,
/// only pushes out what is old.
const REMEMBERED_MAX: usize = 4_096;

type Remembered = VecDeque<((Context, i64), Vec<String>)>;

static REMEMBERED: Mutex<Remembered> = Mutex::new(VecDeque::new());

fn key(read: &Read) -> (Context, i64) {
    (read.recorded.context, read.recorded.position)
}

pub(super) fn remember(read: &Read, concerned: &Concerned) {
    let services = concerned.services.iter().map(|service| format!("inbox/{service}"));
    let staff = concerned.staff.iter().map(|staff| format!("inbox/staff/{staff}"));
    let mut topics: Vec<String> = services.chain(staff).collect();
    topics.sort_unstable();
    topics.dedup();
    let Ok(mut remembered) = REMEMBERED.lock() else { return };
    if topics.is_empty() {
        return;
    }
    remembered.push_back((key(read), topics));
    while remembered.len() > REMEMBERED_MAX {
        remembered.pop_front();
    }
}

pub(super) fn topics(read: &Read) -> Vec<String> {
    let Ok(remembered) = REMEMBERED.lock() else { return Vec::new() };
    let found = remembered.iter().rev().find(|(of, _)| *of == key(read));
    found.map(|(_, topics)| topics.clone()).unwrap_or_default()
}
