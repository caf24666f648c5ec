//! One stream: what it hears, whether it may still be told, and what it has been told.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::Event;
use futures::{Stream, stream};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until, timeout_at};
use trama_events::Context;
use trama_events::ids::PersonId;
use trama_platform::clock::real_now;
use trama_platform::follow::{Changed, changed_since};
use trama_platform::gate::{Opened, Reader};
use trama_platform::hints::Hint;

use super::cursor::Cursor;
use super::limits::Counted;
use super::topics::{models_of, of_journey, person_of};
use super::{BySession, Live};
use crate::fence::Sight;
use crate::{journey, relations};

/// How often it is asked whether she may still hear, and whether a hint was lost on the way. With
/// the time of the asking it keeps the five seconds of trust.md D4.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Most hints from one look.
const LOOK_MAX: i64 = 200;

/// Who hears what.
pub(super) struct Subscriber {
    pub(super) reader: Reader,
    pub(super) by: Option<BySession>,
    pub(super) topics: Vec<String>,
    /// Of whom, and what of them was open when it was told last.
    pub(super) people: BTreeMap<PersonId, Opened>,
    /// Counts it until it ends.
    #[expect(dead_code, reason = "it is held, not read")]
    pub(super) counted: Counted,
}

/// Where a stream begins.
pub(super) enum From {
    /// Now, with a first event, so that the client has a cursor before anything changes.
    Now,
    /// Where it was.
    Cursor(Cursor),
    /// Where it was is not known any more: everything may have changed.
    Unknown,
}

/// That a topic changed; in the log where it did, with the model's count.
struct News {
    topic: String,
    at: Option<(Context, i64, i64)>,
}

impl News {
    /// More or less of it may be seen than before, or nobody knows what changed.
    fn only(topic: String) -> Self {
        Self { topic, at: None }
    }

    fn of(hint: Hint) -> Self {
        Self { topic: hint.topic, at: Some((hint.context, hint.position, hint.version)) }
    }
}

struct Hints {
    live: Live,
    subscriber: Subscriber,
    heard: broadcast::Receiver<Hint>,
    staff: watch::Receiver<u64>,
    cursor: Cursor,
    /// Count at which each topic was told last, so that no change is told twice.
    told: BTreeMap<String, i64>,
    waiting: VecDeque<News>,
    looked: Instant,
    fresh: bool,
}

pub(super) fn hints(
    live: Live,
    subscriber: Subscriber,
    from: From,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let left = subscriber.reader.caller.let_in_until - real_now();
    let until = Instant::now() + left.max(time::Duration::ZERO).unsigned_abs();
    let (cursor, fresh, again) = match from {
        From::Now => (Cursor::default(), true, Vec::new()),
        From::Cursor(cursor) => (cursor, false, Vec::new()),
        From::Unknown => (Cursor::default(), true, subscriber.topics.clone()),
    };
    let start = Hints {
        heard: live.hearing.subscribe(),
        staff: subscriber.reader.gate().staff().changes(),
        live,
        subscriber,
        cursor,
        told: BTreeMap::new(),
        waiting: again.into_iter().map(News::only).collect(),
        looked: Instant::now() - LOOK_EVERY,
        fresh,
    };
    stream::unfold(start, move |mut hints| async move {
        // What she may hear was judged with her token, and ends with it.
        let event = timeout_at(until, hints.next()).await.ok()??;
        Some((Ok(event), hints))
    })
}

impl Hints {
    /// The next event; `None` once she may hear no more.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.fresh) {
            return Some(self.open().await);
        }
        loop {
            if !self.subscriber.reader.still_acts() {
                return None;
            }
            if let Some(news) = self.waiting.pop_front() {
                let person = person_of(&news.topic).and_then(Result::ok);
                if let Some(person) = person
                    && !self.sees(&[person]).await
                {
                    return None;
                }
                if let Some(event) = self.tell(&news) {
                    return Some(event);
                }
                continue;
            }
            if !self.hear().await {
                return None;
            }
        }
    }

    /// Waits for something to tell, or for the next look; `false` once she may hear no more.
    async fn hear(&mut self) -> bool {
        tokio::select! {
            heard = self.heard.recv() => match heard {
                Ok(hint) if self.subscriber.topics.contains(&hint.topic) => {
                    self.waiting.push_back(News::of(hint));
                }
                Ok(hint) if self.concerns(&hint) => return self.sees_all().await,
                Ok(_) => {}
                Err(RecvError::Closed | RecvError::Lagged(_)) => self.look().await,
            },
            _ = self.staff.changed() => {}
            () = sleep_until(self.looked + LOOK_EVERY) => {
                if !(self.is_signed_in().await && self.sees_all().await) {
                    return false;
                }
                self.look().await;
            }
        }
        true
    }

    /// Whether a hint says that other people may know somebody to whom this stream listens.
    fn concerns(&self, hint: &Hint) -> bool {
        let of_her = |opened: &Opened| {
            opened.records.iter().any(|record| hint.topic == relations::topic_of(*record))
        };
        hint.topic == relations::OF_AGREEMENTS || self.subscriber.people.values().any(of_her)
    }

    async fn is_signed_in(&self) -> bool {
        let Some(BySession { sessions, id }) = &self.subscriber.by else { return true };
        sessions.still_holds(id, real_now()).await.unwrap_or(false)
    }

    /// A stream on somebody who is closed to the reader by now ends, whether something changed or
    /// not. Where more or less of somebody is open than before, it tells.
    async fn sees_all(&mut self) -> bool {
        let people: Vec<PersonId> = self.subscriber.people.keys().copied().collect();
        self.sees(&people).await
    }

    /// Whether anything of each of them may be heard at this moment: agreements, consents and
    /// relations may have ended since the stream was opened. One question for all.
    async fn sees(&mut self, people: &[PersonId]) -> bool {
        let still = self.subscriber.reader.still_sees_each(people, &journey::SECTIONS).await;
        for (person, open) in people.iter().zip(still) {
            let before = self.subscriber.people.get_mut(person);
            let Some((open, before)) = open.zip(before) else { return false };
            if before.sections.open() != open.open() {
                self.waiting.push_back(News::only(of_journey(*person)));
            }
            before.sections = open;
        }
        true
    }

    /// A first event, so that the client has a cursor before anything changes.
    async fn open(&mut self) -> Event {
        for model in models_of(&self.subscriber.topics) {
            if let Some(count) = count_of(&self.live.pool, model).await {
                self.cursor.set(model, count);
            }
        }
        self.looked = Instant::now();
        self.event("open").data("{}")
    }

    /// One event for each change: what was told by the broker is not told again by the look.
    fn tell(&mut self, news: &News) -> Option<Event> {
        let topic = &news.topic;
        let Some((context, position, count)) = news.at else {
            return Some(self.event("hint").data(json!({ "topic": topic }).to_string()));
        };
        let told = self.told.entry(topic.clone()).or_default();
        if *told >= count {
            return None;
        }
        *told = count;
        let data = json!({ "topic": topic, "context": context, "position": position });
        Some(self.event("hint").data(data.to_string()))
    }

    fn event(&self, name: &str) -> Event {
        let event = Event::default().event(name);
        match self.live.seal.close(&self.cursor, self.subscriber.reader.caller.staff) {
            Some(id) => event.id(id),
            None => event,
        }
    }

    /// Asks the read models what changed since the last look. Only a look moves the cursor, so that
    /// a hint lost on the broker is never behind it; a resumed stream may hear a hint twice.
    async fn look(&mut self) {
        self.looked = Instant::now();
        for model in models_of(&self.subscriber.topics) {
            let Some(count) = count_of(&self.live.pool, model).await else { continue };
            let Ok(changed) = self.changed(model, self.cursor.of(model)).await else { continue };
            let last = if changed.len() < usize::try_from(LOOK_MAX).unwrap_or(0) {
                count
            } else {
                changed.last().map_or(count, |changed| changed.version - 1)
            };
            self.waiting.extend(changed.into_iter().map(|changed| News {
                topic: changed.topic,
                at: Some((changed.context, changed.position, changed.version)),
            }));
            self.cursor.set(model, last);
        }
    }

    /// What changed of her topics. Whose records were opened for them was decided with the stream,
    /// and is decided anew before anything is told.
    async fn changed(&self, model: &str, since: i64) -> sqlx::Result<Vec<Changed>> {
        let Subscriber { reader, topics, people, .. } = &self.subscriber;
        let sight = Sight::of(&reader.caller).and_opened(people.keys().copied());
        let mut rows = sight.begin(&self.live.pool).await?;
        changed_since(&mut rows, model, since, topics, LOOK_MAX).await
    }
}

/// How often a model has changed; nothing when it cannot be read.
pub(super) async fn count_of(pool: &PgPool, model: &str) -> Option<i64> {
    let query = format!("select version from {model}.model");
    sqlx::query_scalar(&query).fetch_one(pool).await.ok()
}
