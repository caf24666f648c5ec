use std::time::Duration;

use async_nats::jetstream;
use async_nats::jetstream::AckKind;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};
use futures::StreamExt;
use tokio::sync::mpsc;
use trama_events::envelope::{CloudEvent, Recorded};
use trama_events::{Context, subject};

use crate::clock::pause;

/// Most messages of one context that wait unacknowledged.
const PENDING_MAX: i64 = 2_000;
/// Messages asked for at once.
const PULL: usize = 500;

/// An event as it came by the broker, with the means to say that it is done.
#[derive(Debug)]
pub(super) struct Carried {
    pub(super) recorded: Recorded,
    message: jetstream::Message,
}

impl Carried {
    /// Says that this message and all before it are done. Losing the ack costs a repeat.
    pub(super) async fn done(self) {
        if let Err(error) = self.message.ack_with(AckKind::Ack).await {
            tracing::debug!(%error, "an ack was not sent");
        }
    }
}

/// Brings a context's stream to a follower, for ever.
pub(super) async fn consume(
    nats: async_nats::Client,
    model: &'static str,
    context: Context,
    to: mpsc::Sender<Carried>,
) {
    loop {
        if let Err(error) = pull_all(&nats, model, context, &to).await {
            tracing::debug!(model, %context, %error, "the stream cannot be read now");
        }
        if to.is_closed() {
            return;
        }
        pause(Duration::from_millis(250)).await;
    }
}

async fn pull_all(
    nats: &async_nats::Client,
    model: &'static str,
    context: Context,
    to: &mpsc::Sender<Carried>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let jetstream = jetstream::new(nats.clone());
    let stream = jetstream.get_stream_no_info(subject::stream_of(context)).await?;
    let name = format!("{model}-{context}");
    let config = pull::Config {
        durable_name: Some(name.clone()),
        ack_policy: AckPolicy::All,
        deliver_policy: DeliverPolicy::All,
        max_ack_pending: PENDING_MAX,
        ack_wait: Duration::from_secs(30),
        ..pull::Config::default()
    };
    let consumer: PullConsumer = stream.get_or_create_consumer(&name, config).await?;
    let heartbeat = Duration::from_secs(5);
    let mut messages =
        consumer.stream().max_messages_per_batch(PULL).heartbeat(heartbeat).messages().await?;
    while let Some(message) = messages.next().await {
        let message = message?;
        let read =
            serde_json::from_slice::<CloudEvent>(&message.payload).map(CloudEvent::into_recorded);
        let Ok(Ok(recorded)) = read else {
            // Not ours, or damaged on the way: the log has it, the gap will show.
            tracing::warn!(model, %context, "a message that is not an event was passed over");
            continue;
        };
        if to.send(Carried { recorded, message }).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
