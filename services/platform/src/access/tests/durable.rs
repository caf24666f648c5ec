use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use sqlx::{Connection, PgConnection};

use super::*;
use crate::clock::pause;

/// Workers that write one row after the other until they are told to stop, and what was
/// acknowledged to them: position by request.
struct Writers {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    all: Vec<tokio::task::JoinHandle<BTreeMap<String, i64>>>,
}

impl Writers {
    fn start(log: &AccessLog, count: usize) -> Self {
        let (stop, acknowledged) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let one = |worker| {
            let (log, stop, acknowledged) = (log.clone(), stop.clone(), acknowledged.clone());
            tokio::spawn(async move {
                let mut answered = BTreeMap::new();
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let request_id = format!("{worker}-{number}");
                    let entry = Entry { request_id: request_id.clone(), ..dora_opens_ana() };
                    if let Ok(written) = log.write(entry).await {
                        answered.insert(request_id, written.first_position);
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                }
                answered
            })
        };
        let all = (0..count).map(one).collect();
        Self { stop, acknowledged, all }
    }

    /// Waits until so many more were acknowledged.
    async fn more(&self, count: usize) {
        let (begun, from) = (Instant::now(), self.acknowledged.load(Ordering::Relaxed));
        while self.acknowledged.load(Ordering::Relaxed) < from + count {
            assert!(begun.elapsed() < Duration::from_mins(1), "no row was acknowledged in time");
            pause(Duration::from_millis(5)).await;
        }
    }

    async fn finish(self) -> BTreeMap<String, i64> {
        self.stop.store(true, Ordering::Relaxed);
        join_all(self.all).await.into_iter().flat_map(Result::unwrap).collect()
    }
}

impl World {
    async fn starts_again(&mut self) {
        self.private.as_mut().unwrap().restart_postgres().await.unwrap();
    }

    async fn by_request(&self) -> Vec<(String, i64)> {
        let query = "select request_id, position from access.rows order by position";
        sqlx::query_as(query).fetch_all(&self.owner).await.unwrap()
    }

    async fn must_hold(&self, acknowledged: &BTreeMap<String, i64>) {
        let rows = self.by_request().await;
        let held: BTreeMap<_, _> = rows.iter().cloned().collect();
        assert_eq!(held.len(), rows.len(), "a page was recorded twice");
        for (request, position) in acknowledged {
            assert_eq!(held.get(request), Some(position), "{request} was acknowledged");
        }
        assert_eq!(self.verified(None).await.troubles, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_the_database_was_killed_a5() {
    let mut world = World::start().await;
    let writers = Writers::start(&world.log, 16);
    writers.more(300).await;
    world.private.as_mut().unwrap().postgres.kill();
    world.starts_again().await;
    writers.more(300).await;
    let acknowledged = writers.finish().await;
    world.must_hold(&acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_connections_lose_no_acknowledged_row_and_write_none_twice() {
    let world = World::start().await;
    let writers = Writers::start(&world.log, 16);
    let mut storm =
        PgConnection::connect_with(&world.servers.options(PgRole::Owner)).await.unwrap();
    let mut cut = 0;
    for _ in 0..40 {
        writers.more(20).await;
        let kill = "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity \
                    where usename = 'access'";
        let now: i64 = sqlx::query_scalar(kill).fetch_one(&mut storm).await.unwrap();
        cut += now;
    }
    assert!(cut >= 20, "only {cut} connections were cut");
    let acknowledged = writers.finish().await;
    world.must_hold(&acknowledged).await;
}

#[tokio::test]
async fn pages_at_the_same_time_share_commits() {
    let world = World::start().await;
    let all = (0..500).map(|_| world.log.write(dora_opens_ana()));
    let mut positions: Vec<i64> =
        join_all(all).await.into_iter().map(|written| written.unwrap().first_position).collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=500).collect::<Vec<_>>());
    let commits = world.number("select count(distinct inserted_at) from access.rows").await;
    assert!((3..=20).contains(&commits), "{commits} commits for 500 pages");
}

#[tokio::test]
async fn a_page_about_several_people_is_recorded_as_a_whole() {
    let world = World::start().await;
    let list = ["ana", "ben", "carla"].map(|name| opens("dora", name)).to_vec();
    let written = world.log.write_all(list).await.unwrap();
    assert_eq!((written.first_position, written.last_position), (1, 3));
    let too_many = vec![dora_opens_ana(); ROWS_MAX + 1];
    let refused = NotLogged::Malformed("the number of rows");
    assert_eq!(world.log.write_all(too_many).await, Err(refused.clone()));
    assert_eq!(world.log.write_all(Vec::new()).await, Err(refused));
    let half = vec![dora_opens_ana(), Entry { door: "a b".into(), ..dora_opens_ana() }];
    assert_eq!(world.log.write_all(half).await, Err(NotLogged::Malformed("door")));
    assert_eq!(world.number("select count(*) from access.rows").await, 3);
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_database_is_gone_v12() {
    let mut world = World::start().await;
    world.log.write(dora_opens_ana()).await.unwrap();
    world.private.as_mut().unwrap().postgres.kill();
    let begun = Instant::now();
    let answers = join_all((0..50).map(|_| world.log.write(dora_opens_ana()))).await;
    assert!(answers.iter().all(|answer| *answer == Err(NotLogged::NoAnswer)), "{answers:?}");
    assert!(begun.elapsed() < Duration::from_secs(4), "it took {:?}", begun.elapsed());
    world.starts_again().await;
    assert_eq!(world.number("select count(*) from access.rows").await, 1);
    world.log.write(dora_opens_ana()).await.unwrap();
}

#[tokio::test]
async fn nothing_is_acknowledged_when_the_writer_is_gone_v12() {
    let world = World::start().await;
    let servers = world.servers.clone();
    let orphan = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        // The writer lives in this runtime, and dies with it.
        runtime.block_on(async { AccessLog::open(&servers) })
    });
    let orphan = orphan.join().unwrap();
    assert_eq!(orphan.write(dora_opens_ana()).await, Err(NotLogged::NoAnswer));
    assert_eq!(world.number("select count(*) from access.rows").await, 0);
}

#[tokio::test]
async fn a_row_that_the_database_refuses_costs_the_others_nothing() {
    let world = World::start().await;
    world.owner("alter table access.rows add constraint no_x check (door <> 'x')").await;
    let bad = Entry { door: "x".into(), ..dora_opens_ana() };
    let entries = [dora_opens_ana(), bad, dora_opens_ana()];
    let answers = join_all(entries.map(|entry| world.log.write(entry))).await;
    let positions: Vec<_> =
        answers.iter().map(|a| a.as_ref().map(|written| written.first_position)).collect();
    let refused = NotLogged::Refused("23514 no_x".into());
    assert_eq!(positions, [Ok(1), Err(&refused), Ok(2)]);
    assert_eq!(world.verified(None).await.troubles, Vec::<String>::new());
}

#[tokio::test]
async fn more_than_the_queue_holds_is_refused_at_once() {
    let mut world = World::start().await;
    world.private.as_mut().unwrap().postgres.kill();
    let pages = (0..21).map(|_| world.log.write_all(vec![dora_opens_ana(); ROWS_MAX]));
    let answers = join_all(pages).await;
    let full = answers.iter().filter(|answer| **answer == Err(NotLogged::Full)).count();
    assert_eq!(full, 1, "{answers:?}");
}

#[tokio::test]
async fn nobody_but_the_one_function_writes_and_nobody_changes_or_deletes() {
    let world = World::start().await;
    world.log.write(dora_opens_ana()).await.unwrap();
    let forbidden = [
        "insert into access.rows select * from access.rows",
        "update access.rows set staff = person",
        "delete from access.rows",
        "truncate access.rows",
        "update access.head set last = 0",
        "delete from access.batches",
        "drop table access.rows",
        "alter table access.rows disable trigger all",
        "create table access.other (x int)",
    ];
    let writes = "select access.write(gen_random_uuid(), 1, '[]')";
    let reads = "select count(*) from access.rows";
    for (role, more) in [(PgRole::Access, reads), (PgRole::AccessReader, writes)] {
        let mut rows = PgConnection::connect_with(&world.servers.options(role)).await.unwrap();
        for statement in forbidden.iter().chain([&more]) {
            let refused = sqlx::raw_sql(statement).execute(&mut rows).await.unwrap_err();
            let code = refused.as_database_error().and_then(|e| e.code().map(String::from));
            assert_eq!(code.as_deref(), Some("42501"), "{role:?}: {statement}");
        }
    }
    for context in ["casework", "projections", "reader"] {
        let may =
            format!("select (has_schema_privilege('{context}', 'access', 'usage'))::int::bigint");
        assert_eq!(world.number(&may).await, 0, "{context}");
    }
}

type Set = fn(&mut Entry, String);

#[test]
fn what_is_not_a_code_is_not_taken_a4() {
    let free = "Ana Rossi, via Roma 1".to_owned();
    let long = "x".repeat(97);
    let broken: [(&str, Set); 6] = [
        ("session", |entry, text| entry.session = text),
        ("request_id", |entry, text| entry.request_id = text),
        ("door", |entry, text| entry.door = text),
        ("reason", |entry, text| entry.reason = Some(text)),
        ("sections", |entry, text| entry.sections.push(text)),
        ("policies", |entry, text| entry.policies.push(text)),
    ];
    for (name, set) in broken {
        for text in [free.clone(), long.clone(), String::new()] {
            let mut entry = dora_opens_ana();
            set(&mut entry, text);
            assert_eq!(entry.check(), Err(NotLogged::Malformed(name)));
        }
    }
    let sections = Entry { sections: Vec::new(), ..dora_opens_ana() };
    assert_eq!(sections.check(), Err(NotLogged::Malformed("sections")));
    assert_eq!(dora_opens_ana().check(), Ok(()));
}
