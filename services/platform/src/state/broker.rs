use std::time::Duration;

use async_nats::connection::State;
use serde::Serialize;
use strum::VariantArray;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use trama_events::Context;
use utoipa::ToSchema;

use crate::log::LogName;
use crate::servers::Servers;

/// Longest wait for the broker to tell of one stream.
const STREAM_MAX: Duration = Duration::from_secs(2);

/// The broker as it tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Broker {
    /// Version of the server.
    pub version: String,
    /// The shared streams, each a cache of one log.
    pub streams: Vec<Stream>,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stream {
    /// The context whose log it carries.
    #[schema(value_type = String)]
    pub context: Context,
    /// Events in it; none while it is not known.
    pub messages: Option<u64>,
    /// Its size in bytes; none while it is not known.
    pub bytes: Option<u64>,
}

/// Asks the broker, over one connection that it keeps.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    servers: Servers,
    client: std::sync::Arc<OnceCell<async_nats::Client>>,
}

impl Asking {
    pub(super) fn open(servers: &Servers) -> Self {
        Self { servers: servers.clone(), client: std::sync::Arc::default() }
    }

    /// What the broker tells; none while it is not reachable.
    pub(super) async fn broker(&self) -> Option<Broker> {
        let client = self.client.get_or_try_init(|| self.servers.nats("web")).await.ok()?;
        // The first connection is made beside: whoever asks right after the start waits for it.
        timeout(STREAM_MAX, client.flush()).await.ok()?.ok()?;
        if client.connection_state() != State::Connected {
            return None;
        }
        let asked = Context::VARIANTS.iter().map(|context| stream(client, *context));
        let streams = futures::future::join_all(asked).await;
        Some(Broker { version: client.server_info().version, streams })
    }
}

async fn stream(client: &async_nats::Client, context: Context) -> Stream {
    let jetstream = async_nats::jetstream::new(client.clone());
    let found = timeout(STREAM_MAX, jetstream.get_stream(context.stream())).await;
    let state = found.ok().and_then(Result::ok).map(|stream| stream.cached_info().state.clone());
    Stream {
        context,
        messages: state.as_ref().map(|state| state.messages),
        bytes: state.as_ref().map(|state| state.bytes),
    }
}
