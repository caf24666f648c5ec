//! A transit engine of a real `OpenBao` that is there and refuses our token.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/bao.rs"]
mod bao;
#[path = "../../../tests/support/context.rs"]
mod harness;
#[path = "support/place.rs"]
mod place;

use std::fmt::Write;
use std::fs;
use std::sync::{Arc, Mutex};

use bao::Bao;
use place::Place;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use trama_events::codes::Segment;
use trama_vault::Settings;
use trama_vault::error::VaultError;
use trama_vault::kek::{Kek, KekError};

const ADA: &[(&str, &str)] = &[("family_name", "Quaranta"), ("given_name", "Addolorata")];

/// What operations get to read: every error, in one line.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Errors {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        *of.level() == Level::ERROR
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_token_that_ended_is_answered_503_and_named_to_operations_and_a_good_one_goes_on() {
    let Some(bao) = Bao::start().await else { return };
    let file = bao.trama_token().await;
    let kek: Arc<dyn Kek> = Arc::new(bao.kek(file.clone()));
    let place = Place::start_with(|_, settings| Settings { kek, ..settings }).await;
    let (ada, ben) = (place.registered("ada", "desk").await, place.registered("ben", "desk").await);
    assert_eq!(place.say(ada, ADA).await.told(), "200");

    let token = fs::read_to_string(&file).unwrap();
    assert!(bao.post("auth/token/revoke", json!({ "token": token })).await);
    let errors = Errors::default();
    let told = {
        let _heard = tracing::subscriber::set_default(errors.clone());
        place.say(ben, ADA).await
    };
    assert_eq!(told.told(), "503 unavailable");
    let detail = told.body["detail"].as_str().unwrap();
    assert!(detail.contains("nothing was done") && detail.contains("same key"), "{detail}");
    assert!(!told.body.to_string().contains("token"), "that is not for who asks: {}", told.body);
    let lines = errors.0.lock().unwrap().join("\n");
    assert!(lines.contains("refused to us: renew the token"), "{lines}");
    assert!(lines.contains("its token may not do this"), "{lines}");
    assert!(!lines.contains(token.trim()), "the token itself is in the log");

    let fresh = place.another(&place.world.servers);
    let refused = fresh.keys().for_writing(ada, &[Segment::Identity]).await;
    assert!(matches!(refused, Err(VaultError::Kek(KekError::Refused(_)))), "{refused:?}");

    fs::copy(bao.trama_token().await, &file).unwrap();
    assert_eq!(place.say(ben, ADA).await.told(), "200");
    assert_eq!(place.all(&fresh, ben).await.len(), 2);
}
