//! Whoever tries without end, from one address: she waits, and nobody else does.

use std::time::Duration;

use super::demo::Demo;

/// More tries than any limit has, also where the machine is slow and some are given back meanwhile.
const TRIES_MAX: usize = 3_000;
/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// Addresses of two networks, as a proxy on this machine names them.
const FLOODING: &str = "198.51.100.7";
const OTHER: &str = "203.0.113.9";

/// A client behind a proxy.
struct Behind {
    http: reqwest::Client,
    base: String,
}

impl Behind {
    async fn get(&self, address: &str, path: &str, token: Option<&str>) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = request.header("x-forwarded-for", address);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// The first answer with another status than before.
    async fn until_told(&self, path: &str, token: Option<&str>) -> reqwest::Response {
        let first = self.get(FLOODING, path, token).await.status();
        for _ in 0..TRIES_MAX {
            let answer = self.get(FLOODING, path, token).await;
            if answer.status() != first {
                return answer;
            }
        }
        panic!("{path}: {first} without end");
    }
}

fn waits(answer: &reqwest::Response) -> bool {
    let after = answer.headers().get("retry-after").and_then(|after| after.to_str().ok());
    answer.status() == 429 && after.is_some_and(|after| after.parse::<u32>().unwrap() >= 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_floods_from_one_address_is_told_to_wait_and_nobody_else_is_t20() {
    let demo = Demo::start().await;
    let http = reqwest::Client::builder().timeout(ANSWER_MAX).no_proxy();
    let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let behind = Behind { http, base: demo.url.clone() };

    let told = behind.until_told("/entra/avvia", None).await;
    assert!(waits(&told), "{told:?}");
    assert_eq!(behind.get(OTHER, "/entra/avvia", None).await.status(), 303);
    let told = behind.until_told("/entra/ritorno?code=a&state=b", None).await;
    assert!(waits(&told), "{told:?}");

    let mine = "/api/access/mine";
    let told = behind.until_told(mine, Some("forged")).await;
    assert!(waits(&told), "{told:?}");
    assert_eq!(told.headers()["content-type"], "application/problem+json");
    assert_eq!(behind.get(OTHER, mine, Some("forged")).await.status(), 401);
    let token = demo.run(&["demo", "token", "sara.segretariato"]);
    let valid = behind.get(FLOODING, mine, Some(&token)).await;
    assert_eq!(valid.status(), 200, "an office is one address: who is somebody comes in");

    let text = behind.get(OTHER, "/metrics", None).await;
    assert_eq!(text.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert!(!text.headers().contains_key("strict-transport-security"), "it is not behind TLS");
    let log = std::fs::read_to_string(demo.dir.join("demo.log")).unwrap();
    for told in ["event=\"token_refused\"", "event=\"not_signed_in\" reason=\"too_many\""] {
        assert!(log.contains(told), "{told}");
    }
    assert!(!log.contains(FLOODING), "where somebody works is not written down");
}
