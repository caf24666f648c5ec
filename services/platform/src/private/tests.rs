use std::collections::BTreeSet;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, PgConnection};

use super::{PrivateServers, free_port};
use crate::clock::{pause, random_id};
use crate::servers::PgRole;

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "never: {what}");
        pause(Duration::from_millis(5)).await;
    }
}

fn was_refused(log: &Path) -> bool {
    std::fs::read_to_string(log).unwrap().contains("is still in use")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgresql_is_started_again_as_soon_as_its_last_backend_is_gone() {
    let dir = std::env::temp_dir().join(format!("trama-private-{}", random_id().simple()));
    let mut private = PrivateServers::start(&dir).await.unwrap();
    let options = private.servers().options(PgRole::Owner);
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let backend: i32 =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
    let backend = Pid::from_raw(backend).unwrap();
    let postmaster = Pid::from_raw(i32::try_from(private.postgres.pid()).unwrap()).unwrap();
    kill_process(backend, Signal::STOP).unwrap();
    kill_process(postmaster, Signal::KILL).unwrap();
    until("the postmaster ended", || !private.postgres.runs()).await;
    let log = dir.join("postgres.log");
    let freed = async {
        until("the start was refused", || was_refused(&log)).await;
        kill_process(backend, Signal::CONT).unwrap();
    };
    let (started, ()) = tokio::join!(private.restart_postgres(), freed);
    started.unwrap();
    let mut again = PgConnection::connect_with(&options).await.unwrap();
    let one: i32 = sqlx::query_scalar("select 1").fetch_one(&mut again).await.unwrap();
    assert_eq!(one, 1);
    private.stop().await;
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_port_is_drawn_once_and_given_again_to_who_wishes_it_back() {
    let drawn: BTreeSet<u16> = (0..40).map(|_| free_port(0).unwrap()).collect();
    assert_eq!(drawn.len(), 40);
    for port in drawn {
        assert_eq!(free_port(port).unwrap(), port);
        let name = SocketAddr::from_abstract_name(format!("trama-port-{port}")).unwrap();
        assert!(UnixListener::bind_addr(&name).is_err(), "no other process has it meanwhile");
    }
}
