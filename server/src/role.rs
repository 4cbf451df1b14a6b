//! `sakta role <name>`: a process that holds keys, started by a service manager or by the demo.
//!
//! A service says `--config`, and all is as it says; the demo says each address, and `--child`,
//! so that the process ends with its parent.

mod ca_signer;
mod desk;
mod ocsp;
mod sam;
mod tsu;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use links::{Doors, Operation, Party, Tls};
use persons_contract::FindPerson;
use tokio::task::JoinSet;

use crate::World;
use crate::child;
use crate::config::{Config, ConfigError};
use crate::listen::{self, Stop};
use crate::place::{Data, Home, HomeError};
use crate::serve::drain;
use crate::setup::{self, Installation, NotSetUp};
use crate::transport::{self, Peer, Peers, TransportError};

/// Which process, and where it finds what.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Which: `ca-signer`, `sam`, `ocsp`, `tsu`, `desk`.
    name: String,
    /// The configuration of the installation.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The data folder, instead of the configuration's.
    #[arg(long, required_unless_present = "config")]
    data: Option<PathBuf>,
    /// Where it is called over mutual TLS, instead of as `listen_tls` says.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Where it answers its protocol over HTTP, instead of as the key of its name says.
    #[arg(long)]
    http: Option<SocketAddr>,
    /// Where another answers: `<owner>/<part>=<address>`, as often as needed.
    #[arg(long)]
    peer: Vec<Peer>,
    /// For `sam`: how many seconds a phone waits that another phone approved, instead of a day.
    #[arg(long)]
    waiting: Option<u64>,
    /// Ends when its standard input ends.
    #[arg(long, hide = true)]
    child: bool,
}

/// Why a process does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoleError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The installation.
    #[error(transparent)]
    NotSetUp(#[from] NotSetUp),
    /// No process of that name.
    #[error("there is no process called {0}: ca-signer, sam, ocsp, tsu and desk are")]
    Name(String),
    /// It needs an address that was not given.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A key.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Its transport.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Its store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The issuing keys.
    #[error(transparent)]
    Signer(#[from] ::ca_signer::OpenError),
    /// Persons' keys.
    #[error(transparent)]
    Sam(#[from] ::sam::Stop),
    /// The phones' pages.
    #[error(transparent)]
    Phone(#[from] crate::phone::PhoneError),
    /// Its certificate.
    #[error(transparent)]
    Obtain(#[from] crate::infrastructure::ObtainError),
    /// Its mark.
    #[error(transparent)]
    Mark(#[from] store::MarkError),
    /// The responder.
    #[error(transparent)]
    Responder(#[from] ::ocsp::ResponderError),
    /// The unit.
    #[error(transparent)]
    Unit(#[from] ::tsu::UnitError),
    /// What `setup` wrote.
    #[error("{0} of the setup is damaged")]
    Setup(&'static str),
    /// The machine.
    #[error("the machine refused")]
    Machine(#[from] std::io::Error),
}

/// A process being put together.
pub(crate) struct Role {
    world: World,
    data: Data,
    home: Home,
    party: Party,
    installation: Installation,
    tls: Tls,
    peers: Peers,
    at: At,
    waiting: Option<Duration>,
    /// Whether the hosts speak https.
    secure: bool,
    /// The permission by which it may look people up.
    permission: Option<String>,
    stop: Stop,
    running: JoinSet<()>,
}

/// Where it answers: as its command line says, else as its configuration.
#[derive(Clone, Copy, Debug)]
struct At {
    /// Calls.
    listen: Option<SocketAddr>,
    /// Its protocol.
    http: Option<SocketAddr>,
}

impl At {
    fn of(options: &Options, config: &Config) -> Self {
        let usual = match options.name.as_str() {
            "ocsp" => Some(config.ocsp),
            "tsu" => Some(config.tsu),
            "desk" => Some(config.desk),
            _ => None,
        };
        let listen = config.listen_tls.get(&options.name).copied();
        Self { listen: options.listen.or(listen), http: options.http.or(usual) }
    }
}

/// Runs the process until it is asked to end; a child, until its parent is gone.
///
/// # Errors
/// [`RoleError`].
pub(crate) async fn role(options: Options, world: World) -> Result<(), RoleError> {
    let mut config = match &options.config {
        Some(file) => Config::read(file)?,
        None => Config::default(),
    };
    if let Some(data) = &options.data {
        config.data.clone_from(data);
    }
    if options.name == "phone" {
        return phone(&options, &config.data, world).await;
    }
    let (stopper, stop) = listen::stopping();
    let mut role = Role::of(&options, &config, (world, stop))?;
    match options.name.as_str() {
        "ca-signer" => ca_signer::start(&mut role).await?,
        "sam" => sam::start(&mut role).await?,
        "ocsp" => ocsp::start(&mut role).await?,
        "tsu" => tsu::start(&mut role).await?,
        "desk" => desk::start(&mut role).await?,
        _ => return Err(RoleError::Name(options.name)),
    }
    let answers = role.at.listen.or(role.at.http);
    child::ready(answers.ok_or(RoleError::Missing("--listen"))?);
    child::told_to_end(options.child).await?;
    drain(stopper, role.running).await;
    Ok(())
}

/// The phones of a demonstration: no party of the house, they speak public HTTP as any phone does.
async fn phone(options: &Options, data: &Path, world: World) -> Result<(), RoleError> {
    let listen = options.http.ok_or(RoleError::Missing("--http"))?;
    let (stopper, stop) = listen::stopping();
    let child = options.child;
    tokio::spawn(async move {
        // Signals that cannot be listened to end it too.
        drop(child::told_to_end(child).await);
        stopper.stop();
    });
    crate::phone::serve(&data.join("phone"), listen, world, stop, child::ready).await?;
    Ok(())
}

impl Role {
    fn of(
        options: &Options,
        config: &Config,
        (world, stop): (World, Stop),
    ) -> Result<Self, RoleError> {
        let (data, installation) = setup::opened(config)?;
        let name = &options.name;
        let party = installation.parties.get(name).cloned();
        let party = party.ok_or_else(|| RoleError::Name(name.clone()))?;
        let home = data.home(name)?;
        let tls = transport::tls(&data, &home, &party, (&world.clock, &world.chance))?;
        let mut peers = config.peers(&installation.parties);
        peers.extend(options.peer.iter().cloned());
        Ok(Self {
            world,
            data,
            home,
            permission: config.permission(&party, FindPerson::NAME),
            party,
            installation,
            tls,
            peers,
            at: At::of(options, config),
            waiting: options.waiting.map(Duration::from_secs),
            secure: config.secure,
            stop,
            running: JoinSet::new(),
        })
    }

    /// Answers calls at these doors.
    async fn answer(&mut self, doors: Doors) -> Result<(), RoleError> {
        let (server, clock, stop) =
            (Arc::clone(&self.tls.server), Arc::clone(&self.world.clock), self.stop.clone());
        let doors = vec![Arc::new(doors)];
        for listener in
            listen::bind(&[self.at.listen.ok_or(RoleError::Missing("--listen"))?]).await?
        {
            let (server, doors, clock, stop) =
                (Arc::clone(&server), doors.clone(), Arc::clone(&clock), stop.clone());
            self.running.spawn(async move {
                tokio::select! {
                    () = links::serve(listener, server, doors, clock) => {}
                    () = stop.told() => {}
                }
            });
        }
        Ok(())
    }

    /// Answers its protocol over HTTP.
    async fn publish(&mut self, router: axum::Router) -> Result<(), RoleError> {
        let address = self.at.http.ok_or(RoleError::Missing("--http"))?;
        for listener in listen::bind(&[address]).await? {
            let (router, stop) = (router.clone(), self.stop.clone());
            self.running.spawn(listen::serve(listener, router, stop));
        }
        Ok(())
    }

    /// The party of another part of this installation.
    fn other(&self, part: &str) -> Result<Party, RoleError> {
        self.installation.parties.get(part).cloned().ok_or(RoleError::Setup("the list of parties"))
    }
}
