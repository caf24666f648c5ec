//! Agreements, consents, relations and sessions take effect at once, also on pages that are open:
//! within five seconds the stream of a page tells or ends, and what it then gets is what anybody
//! gets who may not look.

#![cfg(test)]

#[path = "browser/demo.rs"]
mod demo;
#[expect(dead_code, reason = "the certified provider is for the tests of signing in")]
#[path = "oidc/mod.rs"]
mod oidc;
#[path = "live/seat.rs"]
mod seat;

use std::time::{Duration, Instant};

use demo::{Demo, actor};
use seat::{Seat, Stream, Told};
use serde_json::json;
use trama_events::ids::{AgreementId, PersonId};

/// From the event on. Source: trust.md D4.
const WITHIN: Duration = Duration::from_secs(5);
/// Most streams of one worker. Source: trust.md D5.
const STREAMS_MAX: usize = 5;

fn page_of(person: PersonId) -> String {
    format!("/persone/{person}")
}

/// How long a case shows after it was closed, in days. Source: `relations::rules`.
const CASE_DAYS_AFTER: i64 = 30;

/// Somebody whom nobody knows.
fn nobody() -> PersonId {
    PersonId::derived(&["live", "nobody"])
}

impl Stream {
    /// It ends within the time that is promised since the event, and tells nothing after that.
    async fn ends_within_five_seconds_of(mut self, event: Instant) {
        loop {
            let left = WITHIN.saturating_sub(event.elapsed());
            let told = tokio::time::timeout(left, self.next()).await;
            if told.expect("the stream is still open") == Told::Nothing {
                return;
            }
        }
    }

    /// It tells that something changed within that time.
    async fn tells_within_five_seconds_of(&mut self, event: Instant) {
        let left = WITHIN.saturating_sub(event.elapsed());
        let told = tokio::time::timeout(left, self.next()).await.expect("nothing was told");
        assert!(matches!(told, Told::Changed(_)), "{told:?}");
    }
}

impl Seat<'_> {
    /// A record that is closed to her is answered as one that is not there, byte by byte.
    async fn is_shut_out_of(&mut self, person: PersonId, query: &str) {
        let shut = self.opens(&format!("{}{query}", page_of(person))).await;
        let unknown = self.opens(&format!("{}{query}", page_of(nobody()))).await;
        assert_ne!(shut.status, 200, "{}", shut.text);
        assert_eq!(shut.status, unknown.status);
        let named = shut.text.replace(&person.to_string(), &nobody().to_string());
        assert_eq!(named, unknown.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_is_withdrawn_is_gone_from_an_open_page_within_five_seconds_v14() {
    let demo = Demo::start().await;
    let marta = actor("marta.assistente");
    let person = demo.meets("Ada").await;
    demo.opens_case(&marta, person).await;
    demo.goes_to_the_centre(person).await;
    let mut hers = Seat::certain(&demo, "marta.assistente").await;
    let before = hers.opens(&page_of(person)).await;
    let consent = demo.agrees(person, &marta).await;
    demo.settled().await;
    let open = hers.opens(&page_of(person)).await;
    let at_the_centre = &seat::rows(&open) - &seat::rows(&before);
    let at_the_centre = at_the_centre.iter().find(|row| row.starts_with("intake/"));
    let at_the_centre = at_the_centre.expect("she agreed that others see it");
    let mut stream = hers.hears(&open).await;

    demo.disagrees(&consent, &marta).await;
    let event = Instant::now();
    loop {
        stream.tells_within_five_seconds_of(event).await;
        let now = hers.opens(&page_of(person)).await;
        if !seat::rows(&now).contains(at_the_centre) {
            assert_eq!(seat::sight(&now), seat::sight(&before));
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bodies_agreed_on_is_gone_within_five_seconds_of_its_end() {
    let demo = Demo::start().await;
    let (marta, fabio, tina) =
        (actor("marta.assistente"), actor("fabio.stazione"), actor("tina.ced"));
    let person = demo.meets("Bea").await;
    demo.opens_case(&marta, person).await;
    let situation = json!({ "ethos": "2.1" });
    demo.does(&marta, &format!("/api/intake/persons/{person}/housing"), situation).await;
    demo.refers(person, &marta, &fabio).await;
    demo.settled().await;
    let mut his = Seat::of(&demo, "fabio.stazione").await;
    let page = format!("{}?scopo=care", page_of(person));
    let before = his.opens(&page).await;
    assert_eq!(before.status, 200, "{}", before.text);

    let agreement = AgreementId::derived(&["live"]);
    let terms = json!({ "agreement": agreement, "holder": marta.organisation,
        "readers": [fabio.organisation], "sections": ["housing"], "purpose": "care" });
    demo.does(&tina, "/api/directory/agreements", terms).await;
    demo.settled().await;
    let open = his.opens(&page).await;
    assert_ne!(seat::lasting(&before.text), seat::lasting(&open.text), "they agreed");
    let mut stream = his.hears(&open).await;
    let end = format!("/api/directory/agreements/{agreement}/end");
    demo.does(&tina, &end, json!({})).await;
    stream.tells_within_five_seconds_of(Instant::now()).await;
    let after = his.opens(&page).await;
    assert_eq!(seat::lasting(&before.text), seat::lasting(&after.text), "byte by byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_who_was_signed_out_or_suspended_is_shut_within_five_seconds_v14_c7() {
    let demo = Demo::start().await;
    let (marta, tina) = (actor("marta.assistente"), actor("tina.ced"));
    let person = demo.meets("Cleo").await;
    demo.opens_case(&marta, person).await;

    let mut hers = Seat::of(&demo, "marta.assistente").await;
    let open = hers.opens(&page_of(person)).await;
    let stream = hers.hears(&open).await;
    hers.signs_out(&open).await;
    stream.ends_within_five_seconds_of(Instant::now()).await;
    let shut = hers.opens(&page_of(person)).await;
    assert_eq!((shut.status, shut.text.as_str()), (303, ""), "as for who never signed in");
    assert!(shut.header("location").starts_with("/entra?poi="));

    let mut hers = Seat::of(&demo, "marta.assistente").await;
    let open = hers.opens(&page_of(person)).await;
    let stream = hers.hears(&open).await;
    let suspend = format!("/api/directory/staff/{}/suspend", marta.staff);
    demo.does(&tina, &suspend, json!({ "reason": "lost_credential" })).await;
    stream.ends_within_five_seconds_of(Instant::now()).await;
    let shut = hers.opens(&page_of(person)).await;
    assert!([303, 403].contains(&shut.status), "{}", shut.text);
    assert!(!shut.text.contains("Persona "), "{}", shut.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_over_shuts_the_open_page_of_its_manager_as_if_nobody_were_there_c1() {
    let demo = Demo::start().await;
    let marta = actor("marta.assistente");
    let person = demo.meets("Dora").await;
    let case = demo.opens_case(&marta, person).await;
    let mut hers = Seat::of(&demo, "marta.assistente").await;
    let open = hers.opens(&page_of(person)).await;
    assert_eq!(open.status, 200, "{}", open.text);
    let stream = hers.hears(&open).await;
    let close = format!("/api/casework/cases/{case}/close");
    demo.does(&marta, &close, json!({ "reason": "moved_away" })).await;
    demo.settled().await;
    assert_eq!(hers.opens(&page_of(person)).await.status, 200, "she writes her last report");
    // No event says that the last day of that is over.
    demo.days_go_by(CASE_DAYS_AFTER + 1).await;
    stream.ends_within_five_seconds_of(Instant::now()).await;
    hers.is_shut_out_of(person, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_hidden_by_now_was_never_there_on_an_open_page_either_threat_4() {
    let demo = Demo::start().await;
    let person = demo.meets("Elsa").await;
    let mut hers = Seat::of(&demo, "sara.segretariato").await;
    let open = hers.opens(&format!("{}?scopo=care", page_of(person))).await;
    assert_eq!(open.status, 200, "{}", open.text);
    let stream = hers.hears(&open).await;
    let marta = actor("marta.assistente");
    demo.opens_case(&marta, person).await;
    demo.settled().await;
    let hide = format!("/api/intake/persons/{person}/not-to-be-found");
    demo.does(&marta, &hide, json!({})).await;
    demo.settled().await;
    stream.ends_within_five_seconds_of(Instant::now()).await;
    hers.is_shut_out_of(person, "?scopo=care").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_only_that_something_changed_and_a_worker_has_five_at_most_a7() {
    let demo = Demo::start().await;
    let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
    let person = demo.meets("Fay").await;
    demo.opens_case(&marta, person).await;
    let mut his = Seat::of(&demo, "dario.dormitorio").await;
    let inbox = his.opens("/").await;
    let mut stream = his.hears(&inbox).await;
    demo.refers(person, &marta, &dario).await;
    let Told::Changed(told) = stream.next().await else { panic!("the stream ended") };
    let topic = format!("inbox/{}", dario.services[0]);
    assert_eq!(told["topic"], json!(topic));
    let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert!(fields.iter().all(|field| ["topic", "context", "position"].contains(&field.as_str())));
    assert!(!told.to_string().contains(&person.to_string()), "{told}");

    let mut others = Vec::new();
    for _ in 1..STREAMS_MAX {
        others.push(his.hears(&inbox).await);
    }
    assert_eq!(his.asks_to_hear(&inbox).await.status(), 429);
    drop(others);
    drop(stream);

    for other in [format!("journey/{person}"), format!("inbox/{}", marta.services[0])] {
        let path = format!("/vivo?temi={other}");
        let refused = his.opens(&path).await;
        let unknown = his.opens(&path.replace(&person.to_string(), &nobody().to_string())).await;
        assert_eq!((refused.status, refused.text), (404, unknown.text), "{other}");
    }
    let stranger = oidc::Browser::open().get(&demo.at("/vivo?temi=network")).await;
    assert_eq!(stranger.status, 303, "nobody hears who is not signed in");
}
