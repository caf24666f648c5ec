//! Connections: so many at a time, each with so long for the head of a request (trust.md D5,
//! threat 20).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;
use trama_platform::clock::pause;

/// Longest wait for the head of a request, also of the next one on a connection: what is idle for
/// longer is closed.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// Longest head of a request, in bytes.
const HEAD_LEN_MAX: usize = 32 * 1024;
/// Most connections at a time; the next one waits until one ends.
const CONNECTIONS_MAX: usize = 4_096;
/// How long nothing is accepted when the machine has no descriptor left.
const BREATHE: Duration = Duration::from_secs(1);

/// Serves every connection until the process ends.
///
/// # Errors
///
/// Never by itself: a connection that fails is its own.
pub(super) async fn connections(listener: TcpListener, router: Router) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = Arc::clone(&places).acquire_owned().await?;
        match listener.accept().await {
            Ok((stream, peer)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    connection(stream, peer, router).await;
                    drop(place);
                });
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted now");
                pause(BREATHE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router) {
    let asked = service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_MAX).max_buf_size(HEAD_LEN_MAX);
    if let Err(error) = http.serve_connection(TokioIo::new(stream), asked).await {
        tracing::debug!(%error, "a connection ended before its time");
    }
}

/// The other end went away while it was accepted.
fn is_of_the_peer(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}
