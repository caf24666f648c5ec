//! Accounts and permissions, against a real nats-server: who is of another service or of another
//! organisation is refused by the broker itself.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

use std::path::PathBuf;
use std::time::Duration;

use async_nats::jetstream::{self, consumer::pull, message::PublishMessage, stream::Config};
use async_nats::{Client, Event};
use tokio::sync::mpsc;
use tokio::time::timeout;
use trama_events::Context;
use trama_events::ids::OrganisationId;
use trama_events::sealed::SealedKey;
use trama_platform::clock::random_id;
use trama_platform::log::LogName;
use trama_platform::private::PrivateServers;
use trama_platform::servers::Servers;
use uuid::Uuid;

const SERD: OrganisationId = OrganisationId(Uuid::from_u128(1));
const COURT: OrganisationId = OrganisationId(Uuid::from_u128(2));
const CENTRE: OrganisationId = OrganisationId(Uuid::from_u128(3));
/// An addiction service's, a court's and an anti-violence centre's organisation.
const SEALED: [OrganisationId; 3] = [SERD, COURT, CENTRE];
const SOON: Duration = Duration::from_secs(5);

struct Broker {
    private: Option<PrivateServers>,
    dir: PathBuf,
    servers: Servers,
}

/// A user, and what the server tells her beside her answers.
struct Heard {
    nats: Client,
    told: mpsc::UnboundedReceiver<String>,
}

impl Broker {
    async fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("trama-broker-{}", random_id().simple()));
        let private = PrivateServers::start_sealing(&dir, &SEALED).await.unwrap();
        let servers = private.servers();
        Self { private: Some(private), dir, servers }
    }

    fn key(&self, organisation: OrganisationId) -> SealedKey {
        self.servers.sealing.key_of(organisation).unwrap()
    }

    async fn user(&self, name: &str) -> Heard {
        let (to, told) = mpsc::unbounded_channel();
        let seed = self.servers.nkeys[name].clone();
        let nats = async_nats::ConnectOptions::with_nkey(seed)
            .custom_inbox_prefix(format!("_INBOX_{name}"))
            .request_timeout(Some(Duration::from_millis(700)))
            .event_callback(move |event| {
                let to = to.clone();
                async move {
                    if let Event::ServerError(error) = event {
                        to.send(error.to_string()).unwrap();
                    }
                }
            })
            .connect(&self.servers.nats_url)
            .await
            .unwrap();
        Heard { nats, told }
    }

    /// The sealed log's own relay has made its stream, with one event in it.
    async fn sealed_stream(&self, organisation: OrganisationId) -> (Heard, SealedKey) {
        let key = self.key(organisation);
        let own = self.user(&key.publisher()).await;
        make(&own.nats, key.stream(), key.subjects()).await;
        let subject = trama_events::sealed::subject(key, "path_opened");
        jetstream::new(own.nats.clone()).publish(subject, "x".into()).await.unwrap().await.unwrap();
        (own, key)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        drop(self.private.take());
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

async fn make(nats: &Client, name: String, subject: String) {
    let config = Config { name, subjects: vec![subject], ..Config::default() };
    jetstream::new(nats.clone()).get_or_create_stream(config).await.unwrap();
}

impl Heard {
    /// What the server says about a subject that this user may not use.
    async fn violation(&mut self, what: &str) {
        loop {
            let told = timeout(SOON, self.told.recv()).await;
            let told = told.unwrap_or_else(|_| panic!("{what} was not refused")).unwrap();
            if told.to_lowercase().contains("permissions violation") {
                assert!(told.contains(what), "{told} is not about {what}");
                return;
            }
        }
    }

    async fn may_not_publish(&mut self, subject: &str) {
        self.nats.publish(subject.to_owned(), "x".into()).await.unwrap();
        self.nats.flush().await.unwrap();
        self.violation(&format!("\"{subject}\"")).await;
    }

    async fn may_not_hear(&mut self, subject: &str) {
        let heard = self.nats.subscribe(subject.to_owned()).await.unwrap();
        self.nats.flush().await.unwrap();
        self.violation(&format!("\"{subject}\"")).await;
        drop(heard);
    }
}

/// Everything that might be done to a sealed stream from outside.
async fn is_kept_out(stranger: &mut Heard, key: SealedKey) {
    let (stream, subjects) = (key.stream(), key.subjects());
    let event = trama_events::sealed::subject(key, "path_opened");
    stranger.may_not_publish(&event).await;
    stranger.may_not_hear(&subjects).await;
    stranger.may_not_hear("trama.sealed.>").await;
    for call in
        ["STREAM.DELETE", "STREAM.PURGE", "STREAM.UPDATE", "STREAM.CREATE", "STREAM.MSG.GET"]
    {
        stranger.may_not_publish(&format!("$JS.API.{call}.{stream}")).await;
    }
}

#[tokio::test]
async fn a_foreign_service_is_refused_on_every_subject_of_a_sealed_log_threat_17() {
    let broker = Broker::start().await;
    let contexts = [Context::Intake, Context::Housing, Context::Referrals].map(Context::publisher);
    for organisation in SEALED {
        let (own, key) = broker.sealed_stream(organisation).await;
        for name in contexts.iter().map(String::as_str).chain(["web", "follow"]) {
            let mut stranger = broker.user(name).await;
            is_kept_out(&mut stranger, key).await;
        }
        let stream = jetstream::new(own.nats.clone()).get_stream(key.stream()).await.unwrap();
        assert_eq!(stream.cached_info().state.messages, 1);
    }
}

#[tokio::test]
async fn another_sealed_organisation_is_refused_as_well_threat_17() {
    let broker = Broker::start().await;
    let mut all = Vec::new();
    for organisation in SEALED {
        all.push(broker.sealed_stream(organisation).await);
    }
    for own in 0..all.len() {
        for (of, key) in all.iter().map(|(_, key)| *key).enumerate().collect::<Vec<_>>() {
            if of == own {
                continue;
            }
            let stranger = &mut all[own].0;
            is_kept_out(stranger, key).await;
            for call in ["STREAM.INFO", "CONSUMER.CREATE"] {
                stranger.may_not_publish(&format!("$JS.API.{call}.{}", key.stream())).await;
            }
        }
    }
}

/// The account's wall holds also where permissions would let everything pass: to the administrator
/// of the shared account there is no such stream, and no message is heard.
#[tokio::test]
async fn whoever_may_do_everything_in_the_shared_account_finds_no_sealed_stream_threat_17() {
    let broker = Broker::start().await;
    let (own, key) = broker.sealed_stream(SERD).await;
    let admin = broker.user("admin").await;
    let mut heard = admin.nats.subscribe("trama.sealed.>").await.unwrap();
    admin.nats.flush().await.unwrap();
    let subject = trama_events::sealed::subject(key, "answered_yes");
    let of_own = jetstream::new(own.nats.clone());
    of_own.publish(subject.clone(), "x".into()).await.unwrap().await.unwrap();
    // What the administrator publishes herself comes back to her, and nothing came before it.
    admin.nats.publish(subject, "her own".into()).await.unwrap();
    let first = timeout(SOON, futures::StreamExt::next(&mut heard)).await.unwrap().unwrap();
    assert_eq!(&first.payload[..], b"her own");
    let shared = jetstream::new(admin.nats.clone());
    assert!(shared.get_stream(key.stream()).await.is_err());
    assert!(shared.delete_stream(key.stream()).await.is_err());
    let looked = shared.get_stream_no_info(key.stream()).await.unwrap();
    assert!(looked.purge().await.is_err());
    let consumer = looked.create_consumer(pull::Config::default()).await;
    assert!(consumer.is_err());
    let mut names = shared.stream_names();
    while let Some(name) = futures::StreamExt::next(&mut names).await {
        assert!(!name.unwrap().contains("SEALED"));
    }
    let stream = of_own.get_stream(key.stream()).await.unwrap();
    assert_eq!(stream.cached_info().state.messages, 2);
}

#[tokio::test]
async fn a_service_cannot_publish_another_ones_events_nor_touch_its_stream_threat_17() {
    let broker = Broker::start().await;
    let housing = broker.user(&Context::Housing.publisher()).await;
    make(&housing.nats, Context::Housing.stream(), Context::Housing.subjects()).await;
    let mut food = broker.user(&Context::Food.publisher()).await;
    food.may_not_publish("trama.ev.bari.7.housing.stay_started").await;
    food.may_not_hear("trama.ev.>").await;
    for call in ["STREAM.DELETE", "STREAM.PURGE", "STREAM.UPDATE", "STREAM.INFO", "CONSUMER.CREATE"]
    {
        food.may_not_publish(&format!("$JS.API.{call}.{}", Context::Housing.stream())).await;
    }
    let mut follow = broker.user("follow").await;
    follow.may_not_publish("trama.ev.bari.7.housing.stay_started").await;
    follow.may_not_publish(&format!("$JS.API.STREAM.DELETE.{}", Context::Housing.stream())).await;
    let mut web = broker.user("web").await;
    web.may_not_publish("trama.hint.inbox").await;
    web.may_not_hear("trama.ev.>").await;
}

#[tokio::test]
async fn nobody_is_let_in_without_a_seed_that_the_broker_knows_threat_17() {
    let broker = Broker::start().await;
    let url = &broker.servers.nats_url;
    assert!(async_nats::ConnectOptions::new().connect(url).await.is_err());
    let by_password =
        async_nats::ConnectOptions::with_user_and_password("web".into(), "web".into());
    assert!(by_password.connect(url).await.is_err());
    let other = Broker::start().await.servers.nkeys["admin"].clone();
    assert!(async_nats::ConnectOptions::with_nkey(other).connect(url).await.is_err());
}

#[tokio::test]
async fn seeds_and_the_secret_are_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let broker = Broker::start().await;
    let files = std::fs::read_dir(broker.dir.join("nkeys")).unwrap().map(|f| f.unwrap().path());
    let files: Vec<PathBuf> = files.chain([broker.dir.join("sealing.secret")]).collect();
    assert_eq!(files.len(), broker.servers.nkeys.len() + 1);
    for file in files {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let said = format!("{:?}", broker.servers);
    assert!(broker.servers.nkeys.values().all(|seed| !said.contains(seed)));
    let configured = std::fs::read_to_string(broker.dir.join("nats/nats.conf")).unwrap();
    assert!(broker.servers.nkeys.values().all(|seed| !configured.contains(seed)));
}

/// The relay empties a stream that is not of its log, and publishes the same events again. The server
/// remembers the ids of what was purged; the number of the generation makes them new.
#[tokio::test]
async fn what_was_purged_can_be_published_again_in_the_next_generation() {
    let broker = Broker::start().await;
    let relay = broker.user(&Context::Food.publisher()).await;
    make(&relay.nats, Context::Food.stream(), Context::Food.subjects()).await;
    let jetstream = jetstream::new(relay.nats.clone());
    let publish = |id: &'static str| {
        let event = PublishMessage::build().message_id(id).payload("x".into());
        jetstream.send_publish("trama.ev.bari.7.food.card_issued", event)
    };
    publish("food/card-1/1").await.unwrap().await.unwrap();
    let mut stream = jetstream.get_stream(Context::Food.stream()).await.unwrap();
    stream.purge().await.unwrap();
    let again = publish("food/card-1/1#2").await.unwrap().await.unwrap();
    assert!(!again.duplicate);
    assert_eq!(again.sequence, 2, "the numbers of a stream go on");
    assert_eq!(stream.info().await.unwrap().state.messages, 1);
}
