//! Limits of size, time and number, through real connections.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use trama::client::{Actor, Client};
use trama_events::codes::Role;
use trama_platform::clock::pause;
use trama_platform::doors::BODY_LEN_MAX;
use trama_platform::private::free_port;

use crate::support::{MUST_HAPPEN, Pair, Town, done, enrol, in_role, key, read, until};

/// How long the head of a request may take, and a whole request; both with what a slow machine adds.
const HEAD: std::ops::Range<Duration> = Duration::from_secs(9)..Duration::from_secs(14);
const WHOLE: std::ops::Range<Duration> = Duration::from_secs(14)..Duration::from_secs(20);
const SENDING: &str = "/api/referrals/referrals";

fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(MUST_HAPPEN).build().unwrap()
}

/// What comes back until the connection is closed, and after how long.
async fn closes(port: u16, sent: &str) -> (String, Duration) {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    connection.write_all(sent.as_bytes()).await.unwrap();
    let (since, mut told) = (Instant::now(), Vec::new());
    let read = connection.read_to_end(&mut told);
    tokio::time::timeout(MUST_HAPPEN, read).await.expect("it is closed in time").unwrap();
    (String::from_utf8_lossy(&told).into_owned(), since.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_so_much_time_and_so_much_room_and_a_worker_so_many_streams_t20() {
    let town = Town::start().await;
    let client = town.client();
    let pair = Pair::settle_in(&client).await;
    let bearer = client.bearer(&pair.sender).unwrap();

    let head = "GET /livez HTTP/1.1\r\nHost: trama\r\nX-Slow: ";
    let body = format!(
        "POST {SENDING} HTTP/1.1\r\nHost: trama\r\nAuthorization: Bearer {bearer}\r\n\
         Idempotency-Key: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\
         Connection: close\r\n\r\n{{\"person\":",
        key()
    );
    let ((head, head_took), (idle, idle_took), (body, body_took)) =
        tokio::join!(closes(town.port, head), closes(town.port, ""), closes(town.port, &body));
    assert!(HEAD.contains(&head_took), "{head_took:?}: {head}");
    assert!(HEAD.contains(&idle_took), "{idle_took:?}: {idle}");
    assert!(WHOLE.contains(&body_took), "{body_took:?}: {body}");
    assert!(body.starts_with("HTTP/1.1 503") && body.contains("\"too_slow\""), "{body}");
    assert!(
        closes(town.port, &format!("GET /{} HTTP/1.1\r\n", "x".repeat(70_000))).await.1 < HEAD.end
    );

    bodies_have_an_end(&client, &bearer).await;
    streams_have_a_number(&client, &pair).await;
    refusals_are_told(&town, &client, &pair).await;
}

/// A body of 256 KB is read, one of a byte more is not.
async fn bodies_have_an_end(client: &Client, bearer: &str) {
    for (length, status, code) in
        [(BODY_LEN_MAX, 422, "invalid_body"), (BODY_LEN_MAX + 1, 413, "body_too_large")]
    {
        let shell = "{\"nonsense\":\"\"}".len();
        let body = format!("{{\"nonsense\":\"{}\"}}", "x".repeat(length - shell));
        assert_eq!(body.len(), length);
        let request = http().post(format!("{}{SENDING}", client.base())).bearer_auth(bearer);
        let request = request.header("idempotency-key", key());
        let request = request.header("content-type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{length} bytes");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], code);
    }
}

async fn stream(client: &Client, who: &Actor) -> reqwest::Response {
    let url = format!("{}/api/live?topics=inbox/{}", client.base(), who.services[0]);
    let request = reqwest::Client::builder().connect_timeout(MUST_HAPPEN).build().unwrap().get(url);
    request.bearer_auth(client.bearer(who).unwrap()).send().await.unwrap()
}

/// Five of one worker, whatever others have; one that is closed makes room.
async fn streams_have_a_number(client: &Client, pair: &Pair) {
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(stream(client, &pair.sender).await);
    }
    assert!(open.iter().all(|stream| stream.status() == 200));
    let sixth = stream(client, &pair.sender).await;
    assert_eq!(sixth.status(), 429);
    assert_eq!(sixth.json::<Value>().await.unwrap()["code"], "too_many_streams");
    assert_eq!(stream(client, &pair.receiver).await.status(), 200);
    drop(open.pop());
    until("a closed stream makes room", || async {
        stream(client, &pair.sender).await.status() == 200
    })
    .await;
}

/// What handlers refuse, and input that is none, is a line of the log with the door and no more.
async fn refusals_are_told(town: &Town, client: &Client, pair: &Pair) {
    let nobody = uuid::Uuid::from_u128(0x5eed);
    let path = format!("/api/referrals/referrals/{nobody}");
    assert_eq!(client.get(&pair.sender, &path).await.unwrap().status, 404);
    let odd = json!({ "nonsense": "Addolorata" });
    assert_eq!(client.post(&pair.sender, SENDING, &key(), &odd).await.unwrap().status, 422);
    let log = read(&town.dir.join("up.log"));
    let refused = |status: u16| {
        let told = format!("status={status}");
        let mut lines = log.lines().filter(|line| line.contains("event=\"refused\""));
        lines.any(|line| line.contains(&told) && line.contains(&pair.sender.staff.to_string()))
    };
    assert!(refused(404) && refused(422) && refused(413) && refused(429), "{log}");
    assert!(!log.contains(&nobody.to_string()) && !log.contains("Addolorata"), "{log}");
}

/// `trama serve web` on an installation's servers, as people use it: not a private one.
struct Served(Child);

impl Served {
    async fn start(town: &Town, port: u16) -> Self {
        let text = read(&town.dir.join("trama.toml"));
        let (_, rest) = text.split_once('\n').unwrap();
        let config: PathBuf = town.dir.join("served.toml");
        std::fs::write(&config, format!("listen = \"127.0.0.1:{port}\"\n{rest}")).unwrap();
        let log = std::fs::File::create(town.dir.join("served.log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(["serve", "web", "--config"]).arg(config);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let served = Self(command.spawn().unwrap());
        let (url, since) = (format!("http://127.0.0.1:{port}/livez"), Instant::now());
        while http().get(&url).send().await.is_err() {
            let log = || read(&town.dir.join("served.log"));
            assert!(since.elapsed() < MUST_HAPPEN, "it does not open: {}", log());
            pause(Duration::from_millis(50)).await;
        }
        served
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_without_end_waits_where_people_work_and_her_colleague_does_not_t20() {
    let town = Town::start().await;
    let private = town.client();
    let pair = Pair::settle_in(&private).await;
    let busy = in_role(Role::CaseManager, pair.from);
    enrol(&private, &pair.keeper, std::slice::from_ref(&busy)).await;
    private.settle().await.unwrap();
    let port = free_port(0).unwrap();
    let _served = Served::start(&town, port).await;
    let client = town.client().at(&format!("http://127.0.0.1:{port}"));
    let url = format!("{}/api/referrals/referrals/{}", client.base(), uuid::Uuid::from_u128(1));
    let (http, bearer) = (http(), client.bearer(&busy).unwrap());
    until("whoever may act is known", || async {
        client.get(&pair.sender, SENDING).await.unwrap().status == 405
            && http.get(&url).bearer_auth(&bearer).send().await.unwrap().status() == 404
    })
    .await;

    let asked = stream::iter(0..3_000).map(async |_| {
        let answer = http.get(&url).bearer_auth(&bearer).send().await.unwrap();
        let after = answer.headers().get("retry-after").cloned();
        (answer.status().as_u16(), after, answer.json::<Value>().await.unwrap())
    });
    let answers: Vec<_> = asked.buffer_unordered(8).collect().await;
    let through = answers.iter().filter(|(status, ..)| *status == 404).count();
    assert!((600..2_900).contains(&through), "{through} came through");
    let (_, after, problem) = answers.iter().find(|(status, ..)| *status == 429).unwrap();
    assert_eq!((problem["code"].as_str(), after.is_some()), (Some("too_many_requests"), true));
    let colleague = client.get(&pair.sender, &format!("{SENDING}/{}", key())).await.unwrap();
    assert_eq!(colleague.status, 404, "her colleague is not concerned");

    // Scripts of a private installation are let through: one worker founds a city there.
    for _ in 0..3 {
        done(&private, &pair.sender, "/api/intake/persons", json!({ "service": pair.from })).await;
    }
    let url = format!("{}/api/referrals/referrals/{}", private.base(), uuid::Uuid::from_u128(1));
    let asked = stream::iter(0..1_500)
        .map(async |_| http.get(&url).bearer_auth(&bearer).send().await.unwrap().status());
    let answers: Vec<_> = asked.buffer_unordered(8).collect().await;
    assert!(answers.iter().all(|status| *status == 404), "a private one waits");
}
