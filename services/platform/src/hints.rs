//! Hints: "topic at position N", and no data. Every page asks again, and is permitted again.

use std::time::Duration;

use futures::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use trama_events::Context;
use utoipa::ToSchema;

use crate::clock::pause;

/// Where hints travel on the broker.
const SUBJECT: &str = "trama.hint.";
/// Hints that a slow listener may be behind before she must ask what changed.
const BEHIND_MAX: usize = 4_096;

/// A topic changed. Opaque ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hint {
    /// E.g. `inbox/<service>`, `journey/<person>`, `network`.
    pub topic: String,
    /// Log in which it changed.
    pub context: Context,
    /// Position in that log up to which the topic is known.
    pub position: i64,
    /// The read model.
    pub projection: String,
    /// The read model's own count of changes.
    pub version: i64,
}

/// Tells whoever listens. A hint that is lost is found again by asking the read model.
pub async fn tell(nats: &async_nats::Client, hints: &[Hint]) {
    for hint in hints {
        let Ok(payload) = serde_json::to_vec(hint) else { continue };
        if let Err(error) =
            nats.publish(format!("{SUBJECT}{}", hint.projection), payload.into()).await
        {
            tracing::debug!(%error, "a hint was not sent");
        }
    }
}

/// Hears every hint in this process.
#[derive(Debug, Clone)]
pub struct Hearing {
    heard: broadcast::Sender<Hint>,
}

impl Hearing {
    /// Starts to listen; goes on through every outage.
    pub fn start(nats: async_nats::Client) -> Self {
        let (heard, _) = broadcast::channel(BEHIND_MAX);
        tokio::spawn(listen(nats, heard.clone()));
        Self { heard }
    }

    /// From now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.heard.subscribe()
    }
}

async fn listen(nats: async_nats::Client, heard: broadcast::Sender<Hint>) {
    loop {
        match nats.subscribe(format!("{SUBJECT}>")).await {
            Ok(mut messages) => {
                while let Some(message) = messages.next().await {
                    if let Ok(hint) = serde_json::from_slice::<Hint>(&message.payload) {
                        // No listener is no trouble.
                        let _ = heard.send(hint);
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "hints cannot be heard"),
        }
        pause(Duration::from_millis(500)).await;
    }
}
