//! A page of another site, from which somebody is attacked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

/// The page of the other site. It forbids nothing.
const STRANGE: &str = "<!doctype html><title>premio</title><h1>Hai vinto</h1>";
/// Where that page hides from where its forms come: their `Origin` is `null`.
pub(super) const SILENT: &str = "/zitta";

/// Another site. On another port of the same host, so that the browser takes it for the same site and
/// sends the session's cookie along: `SameSite` alone would not help.
pub(super) struct Stranger {
    pub(super) url: String,
}

impl Stranger {
    /// Answers until the test ends.
    pub(super) fn opens() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let asked = lines.next().and_then(Result::ok).unwrap_or_default();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let policy = if asked.contains(SILENT) { "no-referrer" } else { "unsafe-url" };
                let length = STRANGE.len();
                // A browser that goes away meanwhile is none of our business.
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nreferrer-policy: {policy}\r\n\
                     content-length: {length}\r\nconnection: close\r\n\r\n{STRANGE}"
                );
            }
        });
        Self { url }
    }
}
