//! `sakta serve`: the parts that a configuration names.

mod hosts;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::World;
use crate::config::{Config, ConfigError};
use crate::house::{self, House, HouseError, Owners, Plan, Site};
use crate::listen::{self, Stopper};
use crate::part::Ground;
use crate::place::Data;
use crate::relay::Relay;
use crate::setup;
use crate::transport::{self, Peer, TransportError};

/// Why an installation does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A folder that was never set up.
    #[error("{} is not set up: run `sakta setup` first", .0.display())]
    NotSetUp(PathBuf),
    /// The parts.
    #[error(transparent)]
    House(#[from] HouseError),
    /// Its transport certificates.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The machine.
    #[error("the machine refused")]
    Machine(#[from] std::io::Error),
}

/// Runs until it is asked to end.
///
/// # Errors
/// [`ServeError`].
pub(crate) async fn serve(file: &Path, world: World) -> Result<(), ServeError> {
    let config = Config::read(file)?;
    let data = Data::at(&config.data)?;
    let installation = setup::installed(&data)?;
    let installation = installation.ok_or_else(|| ServeError::NotSetUp(config.data.clone()))?;
    let (stopper, stop) = listen::stopping();
    let ground = Ground { clock: world.clock, chance: world.chance, home: data.home("web")? };
    let owners = Owners(config.owners.clone());
    let peers = config.peers.iter().map(|(party, at)| Peer { party: party.clone(), address: *at });
    let (base, secure) = (config.base.clone(), config.secure);
    let site = Site { base, secure, phones: None, ports: config.ports.clone() };
    let plan = Plan {
        ground: &ground,
        data: &data,
        installation: &installation,
        peers: &peers.collect(),
        owners: &owners,
        site: &site,
        stop: &stop,
    };
    let house = house::open(&plan).await?;
    let relay = Relay::new(config.ocsp, config.tsu);
    let running = web(&config, &plan, house, relay).await?;
    listen::asked_to_end().await?;
    drain(stopper, running).await;
    Ok(())
}

/// Lets everything end well: what is being answered is answered, what is queued is written.
pub(crate) async fn drain(stopper: Stopper, mut running: JoinSet<()>) {
    stopper.stop();
    while running.join_next().await.is_some() {}
}

/// Listens for a house: doors over mTLS, hosts over HTTP. What is returned runs until told.
///
/// # Errors
/// [`ServeError`].
pub(crate) async fn web(
    config: &Config,
    plan: &Plan<'_>,
    mut house: House,
    relay: Relay,
) -> Result<JoinSet<()>, ServeError> {
    let mut running = std::mem::take(&mut house.running);
    doors(config, plan, &house, &mut running).await?;
    let hosts = hosts::of(config, plan, &house, relay);
    let ports = config.ports.values().flat_map(|port| crate::loopback(*port));
    let addresses: Vec<SocketAddr> = config.listen.iter().copied().chain(ports).collect();
    for listener in listen::bind(&addresses).await? {
        let (router, stop) = (hosts.clone().into_router(), plan.stop.clone());
        running.spawn(listen::serve(listener, router, stop));
    }
    Ok(running)
}

/// Answers calls with client certificates: each part on an address of its own, under its own
/// certificate.
async fn doors(
    config: &Config,
    plan: &Plan<'_>,
    house: &House,
    running: &mut JoinSet<()>,
) -> Result<(), ServeError> {
    let (clock, chance) = (&plan.ground.clock, &plan.ground.chance);
    for doors in &house.doors {
        let Some(address) = config.listen_tls.get(doors.callee().part()) else {
            continue;
        };
        let tls = transport::tls(plan.data, &plan.ground.home, doors.callee(), (clock, chance))?;
        for listener in listen::bind(&[*address]).await? {
            let (server, doors) = (Arc::clone(&tls.server), vec![Arc::clone(doors)]);
            let (clock, stop) = (Arc::clone(clock), plan.stop.clone());
            running.spawn(async move {
                tokio::select! {
                    () = links::serve(listener, server, doors, clock) => {}
                    () = stop.told() => {}
                }
            });
        }
    }
    Ok(())
}
