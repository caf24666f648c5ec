//! The command line. Data goes to standard output, everything else to standard error. Exit codes:
//! 0 ok, 1 failed, 2 usage, 3 integrity, 4 unreachable.

mod print;
mod target;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use trama_events::ids::OrganisationId;
use trama_platform::telemetry;

use crate::system::Role;
use crate::up::{self, Plan};
use crate::{commands, config};

pub use print::{line, lines};
pub use target::Target;

/// Event-sourced coordination of a network of social services.
#[derive(Debug, Parser)]
#[command(name = "trama", version, about, arg_required_else_help = true)]
struct Cli {
    /// What the log says, as in RUST_LOG, e.g. `info,sqlx=warn`.
    #[arg(long, global = true, default_value = "warn,trama=info,trama_platform=info")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything here: private PostgreSQL and NATS in a directory, all roles, on loopback.
    Up(UpArgs),
    /// As `up`, with the Bari directory, people to sign in as, and the stories.
    #[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
    Demo(DemoArgs),
    /// Stop what runs in a directory.
    Stop {
        /// The data directory.
        #[arg(long, default_value = DEMO_DIR)]
        dir: PathBuf,
    },
    /// Run roles against servers that you name in a configuration.
    Serve(ServeArgs),
    /// How everything is: positions, lag, what is parked.
    Status {
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
        /// Exit with 0 when all is well, 1 on a warning, 3 when something stopped.
        #[arg(long)]
        check: bool,
    },
    /// Build a read model anew, beside the live one, then swap.
    Replay {
        /// The read model, e.g. `journey`; `all` for all of them.
        projection: String,
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hold every read model against a replay, and every log against its own rules.
    Verify {
        #[command(flatten)]
        target: Target,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
        /// First wait, at most so many seconds, until every model has caught up.
        #[arg(long, value_name = "SECONDS")]
        wait: Option<u64>,
    },
    /// Events that could not be taken, and what waits behind them.
    #[command(subcommand)]
    Parked(commands::parked::ParkedCommand),
    /// Drive the real API with a synthetic population.
    Simulate(commands::simulate::SimulateArgs),
    /// Tell stories through the real API, with their checks.
    Story(commands::story::StoryArgs),
    /// Load the directory of the Città Metropolitana di Bari through the doors.
    Load(commands::load::LoadArgs),
    /// Measure, always beside raw PostgreSQL in the same run.
    #[command(subcommand)]
    Bench(commands::bench::BenchCommand),
    /// Keys of the vault, and what was erased.
    #[command(subcommand)]
    Vault(commands::vault::VaultCommand),
    /// For how long the vault keeps what.
    #[command(subcommand)]
    Retention(commands::retention::RetentionCommand),
    /// Make roles, schemas and functions on the servers of a configuration.
    Migrate {
        /// Configuration file.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Completions for a shell, on standard output.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// One role of an `up --apart`; not for people.
    #[command(hide = true)]
    Role {
        role: Role,
        #[command(flatten)]
        up: UpArgs,
        #[arg(long)]
        demo: bool,
    },
}

/// Where the demo keeps everything, unless told.
const DEMO_DIR: &str = ".trama/demo";

#[derive(Debug, clap::Args)]
struct UpArgs {
    /// The data directory; everything is in it.
    #[arg(long, default_value = ".trama/up")]
    dir: PathBuf,
    /// Port of the doors on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Each role in a process of its own, started again when it dies.
    #[arg(long)]
    apart: bool,
    /// An organisation that keeps a log of its own; may be said again. What a directory has once
    /// sealed stays so.
    #[arg(long, value_name = "ORGANISATION")]
    sealed: Vec<OrganisationId>,
}

impl UpArgs {
    fn plan(&self, demo: bool) -> Plan {
        let sealed = self.sealed.clone();
        Plan { dir: self.dir.clone(), port: self.port, apart: self.apart, demo, sealed }
    }
}

#[derive(Debug, clap::Args)]
struct DemoArgs {
    #[command(subcommand)]
    about: Option<commands::demo::DemoCommand>,
    /// The data directory; everything is in it.
    #[arg(long, default_value = DEMO_DIR)]
    dir: PathBuf,
    /// Port of the doors on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Each role in a process of its own, started again when it dies.
    #[arg(long)]
    apart: bool,
    /// Go on in the background once the doors are open.
    #[arg(long)]
    detach: bool,
    /// Without the stories: the directory and the users only.
    #[arg(long)]
    empty: bool,
}

#[derive(Debug, clap::Args)]
struct ServeArgs {
    /// Roles: web, relay, follow, notify, or all.
    #[arg(required = true)]
    roles: Vec<String>,
    /// Configuration file; `/etc/trama/trama.toml` unless told.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Only these contexts, for relays and deadlines.
    #[arg(long)]
    context: Vec<String>,
    /// Only these read models, for followers.
    #[arg(long)]
    projection: Vec<String>,
    /// Say whether the configuration can be used, and end.
    #[arg(long)]
    check_config: bool,
}

/// How a command ended, for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All is well.
    Ok,
    /// It failed, or a check found a warning.
    Failed,
    /// Something is not as it must be.
    Integrity,
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(telemetry::LogForm::Text, &cli.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(obey(cli.command)),
        Err(error) => Err(error.into()),
    };
    match ended {
        Ok(Ending::Ok) => ExitCode::SUCCESS,
        Ok(Ending::Failed) => ExitCode::from(1),
        Ok(Ending::Integrity) => ExitCode::from(3),
        Err(error) => {
            print::trouble(&error);
            ExitCode::from(if is_unreachable(&error) { 4 } else { 1 })
        }
    }
}

async fn obey(command: Command) -> anyhow::Result<Ending> {
    match command {
        Command::Up(args) => up(args.plan(false)).await,
        Command::Demo(args) => demo(args).await,
        Command::Stop { dir } => commands::stop::stop(&dir).await,
        Command::Serve(args) => serve(args).await,
        Command::Status { target, json, check } => {
            commands::status::status(&target, json, check).await
        }
        Command::Replay { projection, target, json } => {
            commands::replay::replay(&target, &projection, json).await
        }
        Command::Verify { target, json, wait } => {
            commands::verify::verify(&target, json, wait).await
        }
        Command::Parked(command) => commands::parked::parked(command).await,
        Command::Simulate(args) => commands::simulate::simulate(args).await,
        Command::Story(args) => commands::story::story(args).await,
        Command::Load(args) => commands::load::load(args).await,
        Command::Bench(command) => commands::bench::bench(command).await,
        Command::Vault(command) => commands::vault::vault(command).await,
        Command::Retention(command) => commands::retention::retention(command).await,
        Command::Migrate { config } => migrate(config).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "trama", &mut std::io::stdout());
            Ok(Ending::Ok)
        }
        Command::Role { role, up: args, demo } => {
            let system = up::system(&args.plan(demo))?;
            let alone = [role];
            tokio::select! {
                ended = system.run(&alone) => ended.map(|()| Ending::Ok),
                () = up::orphaned() => Ok(Ending::Failed),
            }
        }
    }
}

async fn up(plan: Plan) -> anyhow::Result<Ending> {
    up::up(&plan, async |running| line(&format!("Trama is open at {}", running.url))).await?;
    Ok(Ending::Ok)
}

async fn demo(args: DemoArgs) -> anyhow::Result<Ending> {
    if let Some(about) = args.about {
        return commands::demo::about(about).await;
    }
    let sealed = commands::demo::sealed()?;
    let plan = Plan { dir: args.dir, port: args.port, apart: args.apart, demo: true, sealed };
    if args.detach {
        return commands::demo::detach(&plan, args.empty).await;
    }
    commands::demo::demo(&plan, args.empty).await
}

async fn serve(args: ServeArgs) -> anyhow::Result<Ending> {
    let config = config::Config::read(args.config.as_deref())?;
    let system = commands::serve::system(&config, &args.context, &args.projection)?;
    let roles = commands::serve::roles(&args.roles)?;
    if args.check_config {
        line("the configuration can be used")?;
        return Ok(Ending::Ok);
    }
    commands::serve::serve(system, &roles).await
}

async fn migrate(file: Option<PathBuf>) -> anyhow::Result<Ending> {
    let config = config::Config::read(file.as_deref())?;
    let servers = config.servers()?;
    let keys_at = config.vault.apart(&servers)?;
    commands::serve::migrate(&servers, keys_at.as_ref()).await?;
    line("roles, schemas and functions are up to date")?;
    for organisation in servers.sealing.organisations() {
        if let Some(key) = servers.sealing.key_of(organisation) {
            line(&format!("the log of {organisation} is sealed: {key}"))?;
        }
    }
    Ok(Ending::Ok)
}

/// Whether the trouble is that a server cannot be reached.
fn is_unreachable(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let sql = cause.downcast_ref::<sqlx::Error>().is_some_and(trama_platform::log::is_outage);
        let http = cause
            .downcast_ref::<reqwest::Error>()
            .is_some_and(|e| e.is_connect() || e.is_timeout());
        sql || http || cause.downcast_ref::<async_nats::ConnectError>().is_some()
    })
}
