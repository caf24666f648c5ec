//! The roles, and what runs in each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use strum::{Display, EnumString, VariantArray};
use tokio::task::JoinSet;
use trama_events::Context;
use trama_platform::access::AccessLog;
use trama_platform::caller::Keys;
use trama_platform::clock::{Clock, pause};
use trama_platform::doors::{Gate, Guards};
use trama_platform::follow::{Follower, Model};
use trama_platform::hints::Hearing;
use trama_platform::log::{Due, Log, LogName};
use trama_platform::majority::Birthdays;
use trama_platform::permit::Policies;
use trama_platform::relay::Relay;
use trama_platform::servers::Servers;
use trama_platform::service::Service;
use trama_platform::sign_in::{Sessions, Settings};
use trama_platform::staff::{Founder, Staff};
use trama_platform::surnames::Surnames;
use trama_projections::relations::Relations;
use trama_referrals::consent::Slips;
use trama_sealed::Sealed;
use trama_vault::{Settings as VaultSettings, Vault};

use crate::web;

/// What a process does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Doors, pages, writers.
    Web,
    /// Logs to JetStream.
    Relay,
    /// Read models, copies, reactions.
    Follow,
    /// Deadlines.
    Notify,
}

/// Where it runs and with whose tokens.
#[derive(Debug, Clone)]
pub struct System {
    /// Servers and accounts.
    pub servers: Servers,
    /// The domain's clock.
    pub clock: Clock,
    /// Keys of the issuer.
    pub keys: Keys,
    /// Who names the first administrator, where that is not done yet.
    pub founder: Option<Founder>,
    /// How one signs in by pages; without it nobody does.
    pub sign_in: Option<Settings>,
    /// Where the declaration of accessibility stands.
    pub accessibility: Option<String>,
    /// Keys and shred list of the vault.
    pub vault: VaultSettings,
    /// Where the doors are.
    pub listen: SocketAddr,
    /// What only a private installation has.
    pub private: Option<web::Private>,
    /// Contexts that relays and deadlines serve here.
    pub contexts: Vec<Context>,
    /// Whether they serve the sealed logs as well: not where contexts were named.
    pub sealed: bool,
    /// Read models that are followed here; all when empty.
    pub projections: Vec<String>,
}

/// How often deadlines are looked for.
const DEADLINES_EVERY: Duration = Duration::from_millis(500);
/// Most deadlines in one look.
const DEADLINES_MAX: i64 = 200;

impl System {
    /// Runs the roles until one of them ends, which none does by itself but after an error.
    ///
    /// # Errors
    ///
    /// When a role cannot start, e.g. because its port is taken.
    pub async fn run(&self, roles: &[Role]) -> anyhow::Result<()> {
        let sealed = Sealed::open(&self.servers, self.clock.clone());
        let vault = Vault::open(&self.servers, self.clock.clone(), self.vault.clone());
        // Closed, it answers nothing, and says why; everything else goes on.
        if let Err(closed) = vault.must_be_open().await {
            tracing::error!(%closed, "the vault does not open");
        }
        let services = services_beside(&self.servers, &self.clock, &sealed, vault.clone());
        let mut tasks: JoinSet<anyhow::Result<()>> = JoinSet::new();
        if roles.contains(&Role::Web) {
            let hearing = Hearing::start(self.servers.nats("web").await?);
            let gate = self.gate(&hearing, vault)?;
            let sessions = Sessions::open(&self.servers);
            let staff = gate.staff().clone();
            tasks.spawn(async move {
                sessions.shut_out_leavers(staff).await;
                Ok(())
            });
            let site = web::Site::new(self, (&services, &sealed), &gate, hearing)?;
            tasks.spawn(site.serve());
        }
        if roles.contains(&Role::Relay) {
            self.relay(&services, &sealed, &mut tasks).await?;
        }
        if roles.contains(&Role::Follow) {
            self.follow(&services, &mut tasks).await?;
        }
        if roles.contains(&Role::Notify) {
            let sealed = self.sealed.then_some(sealed);
            tasks.spawn(notify(self.serving(&services), sealed, self.clock.clone()));
        }
        match tasks.join_next().await {
            Some(ended) => ended?,
            None => Ok(()),
        }
    }

    /// The gate of every door and page.
    fn gate(&self, hearing: &Hearing, vault: Vault) -> anyhow::Result<Gate> {
        let vault = Arc::new(vault);
        let (surnames, birthdays): (Arc<dyn Surnames>, Arc<dyn Birthdays>) = (vault.clone(), vault);
        let relations = Relations::open(&self.servers).asking(birthdays, self.clock.clone());
        Ok(Gate::new(Guards {
            keys: self.keys.clone().blinding(Arc::clone(&surnames)),
            clock: self.clock.clone(),
            staff: Staff::watch(&self.servers, hearing, self.founder.clone()),
            policies: Arc::new(Policies::load()?),
            ties: Arc::new(relations),
            access: AccessLog::comparing(&self.servers, surnames),
        }))
    }

    fn serving(&self, services: &[Arc<dyn Service>]) -> Vec<Arc<dyn Service>> {
        let here = |service: &&Arc<dyn Service>| self.contexts.contains(&service.log().context());
        services.iter().filter(here).cloned().collect()
    }

    async fn relay(
        &self,
        services: &[Arc<dyn Service>],
        sealed: &Sealed,
        tasks: &mut JoinSet<anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        for service in self.serving(services) {
            self.relay_one(service.log(), tasks).await?;
        }
        for log in sealed.logs().filter(|_| self.sealed) {
            self.relay_one(log, tasks).await?;
        }
        Ok(())
    }

    /// Each log by a user of its own, who may publish nothing else.
    async fn relay_one<L: LogName>(
        &self,
        log: &Log<L>,
        tasks: &mut JoinSet<anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let nats = self.servers.nats(&log.context().publisher()).await?;
        let relay = Relay::new(&self.servers, log.context(), nats, Some(log.written()));
        tasks.spawn(async move {
            relay.run().await;
            Ok(())
        });
        Ok(())
    }

    async fn follow(
        &self,
        services: &[Arc<dyn Service>],
        tasks: &mut JoinSet<anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let nats = self.servers.nats("follow").await?;
        let wanted = |model: &Arc<dyn Model>| {
            self.projections.is_empty() || self.projections.iter().any(|name| name == model.name())
        };
        for model in models(services).into_iter().filter(wanted) {
            let follower = Follower::new(&self.servers, model, nats.clone());
            tasks.spawn(async move {
                // A follower that stopped waits for an upgrade; the others go on.
                if let Err(stopped) = follower.run().await {
                    tracing::error!(%stopped, "upgrade Trama: this model waits for it");
                }
                std::future::pending().await
            });
        }
        Ok(())
    }
}

/// Every context, opened for writing.
pub fn services(servers: &Servers, clock: &Clock, vault: &VaultSettings) -> Vec<Arc<dyn Service>> {
    let sealed = Sealed::open(servers, clock.clone());
    let vault = Vault::open(servers, clock.clone(), vault.clone());
    services_beside(servers, clock, &sealed, vault)
}

/// What a slip says, by the one function that both sides share (ADR 19).
fn slips(sealed: &Sealed) -> Slips {
    let sealed = sealed.clone();
    Slips::new(move |slip: String| {
        let sealed = sealed.clone();
        Box::pin(async move {
            sealed.state_of(&slip).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "a slip cannot be read now");
                None
            })
        })
    })
}

fn services_beside(
    servers: &Servers,
    clock: &Clock,
    sealed: &Sealed,
    vault: Vault,
) -> Vec<Arc<dyn Service>> {
    vec![
        Arc::new(trama_intake::Intake::open(servers, clock.clone())),
        Arc::new(trama_casework::Casework::open(servers, clock.clone())),
        Arc::new(trama_housing::Housing::open(servers, clock.clone())),
        Arc::new(trama_food::Food::open(servers, clock.clone())),
        Arc::new(trama_referrals::Referrals::open_with(servers, clock.clone(), slips(sealed))),
        Arc::new(trama_directory::Directory::open(servers, clock.clone())),
        Arc::new(vault),
    ]
}

/// The names of every model, sorted.
pub fn model_names(services: &[Arc<dyn Service>]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = models(services).iter().map(|model| model.name()).collect();
    names.sort_unstable();
    names
}

/// Every model: the read models, the contexts' copies, the reactions.
pub fn models(services: &[Arc<dyn Service>]) -> Vec<Arc<dyn Model>> {
    let own = services.iter().flat_map(|service| service.models());
    trama_projections::models().into_iter().chain(own).collect()
}

async fn notify(
    services: Vec<Arc<dyn Service>>,
    sealed: Option<Sealed>,
    clock: Clock,
) -> anyhow::Result<()> {
    loop {
        if let Some(sealed) = &sealed {
            sealed.keep_deadlines().await;
        }
        for service in &services {
            deadlines(service.as_ref(), &clock).await;
        }
        pause(DEADLINES_EVERY).await;
    }
}

/// Every timer that is due, page by page: one that stays due keeps nobody else waiting.
async fn deadlines(service: &dyn Service, clock: &Clock) {
    let log = service.log();
    let mut last: Option<Due> = None;
    loop {
        let page = match log.due(last.as_ref(), DEADLINES_MAX).await {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(context = %log.context(), %error, "deadlines cannot be read now");
                return;
            }
        };
        for due in &page {
            if let Err(problem) = service.on_due(due, clock.now()).await {
                tracing::warn!(context = %log.context(), timer = due.name, code = problem.code, "a deadline could not be kept");
            }
        }
        match page.into_iter().last() {
            Some(due) => last = Some(due),
            None => return,
        }
    }
}
