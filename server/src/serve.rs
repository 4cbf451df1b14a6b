//! `sakta serve`: the parts that a configuration names.

mod hosts;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use web::Fronts;

use crate::World;
use crate::child;
use crate::config::{Config, ConfigError, Granted, OpenidClient};
use crate::house::{self, House, HouseError, Owners, Plan, Site, clients};
use crate::listen::{self, Stopper};
use crate::part::Ground;
use crate::relay::Relay;
use crate::setup::{self, NotSetUp};
use crate::transport::{self, TransportError};

/// Why an installation does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The installation.
    #[error(transparent)]
    NotSetUp(#[from] NotSetUp),
    /// The parts.
    #[error(transparent)]
    House(#[from] HouseError),
    /// Its transport certificates.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A client of the configuration.
    #[error("the client {id}")]
    Client {
        /// Which.
        id: String,
        /// Why.
        source: identity::ClientError,
    },
    /// The register, for a permission of the configuration.
    #[error("the permissions")]
    Permission(#[from] store::StoreError),
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
    let (data, installation) = setup::opened(&config)?;
    let (stopper, stop) = listen::stopping();
    let ground = Ground { clock: world.clock, chance: world.chance, home: data.home("web")? };
    let (base, secure) = (config.base.clone(), config.secure);
    let clients: Vec<String> = config.clients.iter().map(|client| client.id.clone()).collect();
    let plan = Plan {
        ground: &ground,
        data: &data,
        installation: &installation,
        peers: &config.peers(&installation.parties),
        owners: &Owners::of_installation(&installation),
        clients: &clients,
        site: &Site { base, secure, phones: None, ports: config.ports.clone() },
        stop: &stop,
    };
    let house = house::open(&plan).await?;
    known(&config, &plan, &house).await?;
    let relay = Relay::new(config.ocsp, config.tsu);
    let running = web(&config, &plan, house, relay).await?;
    config.listen.iter().for_each(|address| child::ready(*address));
    listen::asked_to_end().await?;
    drain(stopper, running).await;
    Ok(())
}

/// Enters who is known from outside: clients of the house and of the configuration, permissions.
async fn known(config: &Config, plan: &Plan<'_>, house: &House) -> Result<(), ServeError> {
    let others = config.clients.iter().map(OpenidClient::client);
    for client in clients::own(house, plan)?.into_iter().chain(others) {
        let registered = house.identity.register_client(&client).await;
        registered.map_err(|source| ServeError::Client { id: client.id, source })?;
    }
    for permission in config.permissions.iter().map(Granted::permission) {
        let (number, end) = (permission.number.clone(), permission.valid_to);
        house.persons.grant(permission).await?;
        if let Some(day) = end {
            house.persons.end_permission(&number, day).await?;
        }
    }
    Ok(())
}

/// How long what is being answered may still take.
const ENDING: Duration = Duration::from_secs(30);

/// Lets everything end well: what is being answered is answered, what is queued is written. Whoever
/// is slower than half a minute is let go.
pub(crate) async fn drain(stopper: Stopper, mut running: JoinSet<()>) {
    stopper.stop();
    let ended = async { while running.join_next().await.is_some() {} };
    tokio::select! {
        () = ended => {}
        () = tokio::time::sleep(ENDING) => {
            tracing::warn!("ended while something was still being answered");
        }
    }
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
        let router = Fronts(config.fronts.clone()).before(hosts.clone().into_router());
        running.spawn(listen::serve(listener, router, plan.stop.clone()));
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
