//! `sakta role <name>`: a process that holds keys, started by the demo or by a service manager.
//!
//! It ends when its standard input ends (the demo's pipe) or when it is asked to.

mod ca_signer;
mod desk;
mod ocsp;
mod sam;
mod tsu;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use links::{Doors, Party, Tls};
use tokio::task::JoinSet;

use crate::World;
use crate::child;
use crate::listen::{self, Stop};
use crate::place::{Data, Home, HomeError};
use crate::setup::{self, Installation};
use crate::transport::{self, Peer, Peers, TransportError};

/// Which process, and where it finds what.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Which: `ca-signer`, `sam`, `ocsp`, `tsu`, `desk`.
    name: String,
    /// The data folder.
    #[arg(long)]
    data: PathBuf,
    /// Where it is called, over mutual TLS.
    #[arg(long)]
    listen: SocketAddr,
    /// Where it answers its protocol, over HTTP; for those that have one.
    #[arg(long)]
    http: Option<SocketAddr>,
    /// Where the others answer: `<owner>/<part>=<address>`, as often as needed.
    #[arg(long)]
    peer: Vec<Peer>,
}

/// Why a process does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoleError {
    /// A folder that was never set up.
    #[error("{} is not set up: run `sakta setup` first", .0.display())]
    NotSetUp(PathBuf),
    /// No process of that name.
    #[error("there is no process called {0}")]
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
    options: Options,
    stop: Stop,
    running: JoinSet<()>,
}

/// Runs the process until its parent is gone or it is asked to end.
///
/// # Errors
/// [`RoleError`].
pub(crate) async fn role(options: Options, world: World) -> Result<(), RoleError> {
    let data = Data::at(&options.data)?;
    if options.name == "phone" {
        return phone(options, world, &data).await;
    }
    let installation =
        setup::installed(&data)?.ok_or_else(|| RoleError::NotSetUp(options.data.clone()))?;
    let name = options.name.clone();
    let party = installation.parties.get(&name).cloned();
    let party = party.ok_or_else(|| RoleError::Name(name.clone()))?;
    let home = data.home(&name)?;
    let tls = transport::tls(&data, &home, &party, (&world.clock, &world.chance))?;
    let peers = options.peer.iter().cloned().collect();
    let (stopper, stop) = listen::stopping();
    let running = JoinSet::new();
    let listen = options.listen;
    let mut role =
        Role { world, data, home, party, installation, tls, peers, options, stop, running };
    match name.as_str() {
        "ca-signer" => ca_signer::start(&mut role).await?,
        "sam" => sam::start(&mut role).await?,
        "ocsp" => ocsp::start(&mut role).await?,
        "tsu" => tsu::start(&mut role).await?,
        "desk" => desk::start(&mut role).await?,
        _ => return Err(RoleError::Name(name)),
    }
    child::ready(listen);
    tokio::select! {
        () = child::parent_gone() => {}
        asked = listen::asked_to_end() => asked?,
    }
    stopper.stop();
    while role.running.join_next().await.is_some() {}
    Ok(())
}

/// The phones of a demonstration: no party of the house, they speak public HTTP as any phone does.
async fn phone(options: Options, world: World, data: &Data) -> Result<(), RoleError> {
    let listen = options.http.ok_or(RoleError::Missing("--http"))?;
    let (stopper, stop) = listen::stopping();
    tokio::spawn(async move {
        child::parent_gone().await;
        stopper.stop();
    });
    crate::phone::serve(&data.path().join("phone"), listen, world, stop, child::ready).await?;
    Ok(())
}

impl Role {
    /// Answers calls at these doors.
    async fn answer(&mut self, doors: Doors) -> Result<(), RoleError> {
        let (server, clock, stop) =
            (Arc::clone(&self.tls.server), Arc::clone(&self.world.clock), self.stop.clone());
        let doors = vec![Arc::new(doors)];
        for listener in listen::bind(&[self.options.listen]).await? {
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
        let address = self.options.http.ok_or(RoleError::Missing("--http"))?;
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
