//! `sakta serve`: the parts that a configuration names.

use std::path::Path;
use std::sync::Arc;

use crate::World;
use crate::config::{Config, ConfigError};
use crate::house::{self, Owners};
use crate::listen::{self, Stopper};
use crate::part::{Ground, PartError};
use crate::place::Data;
use crate::relay::Relay;
use crate::transport::{self, TransportError};

/// Why an installation does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A part.
    #[error(transparent)]
    Part(#[from] PartError),
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
    let (stopper, stop) = listen::stopping();
    let ground = Ground { clock: world.clock, chance: world.chance, home: data.home("web")? };
    let house = house::open(&ground, &Owners(config.owners.clone()), &stop).await?;
    let relay = Relay::new(config.ocsp, config.tsu);
    let running = web(&config, &data, &ground, house, (relay, &stop)).await?;
    listen::asked_to_end().await?;
    drain(stopper, running).await;
    Ok(())
}

/// Lets everything end well: what is being answered is answered, what is queued is written.
pub(crate) async fn drain(stopper: Stopper, mut running: tokio::task::JoinSet<()>) {
    stopper.stop();
    while running.join_next().await.is_some() {}
}

/// Listens for a house: doors over mTLS, hosts over HTTP. What is returned runs until told.
///
/// # Errors
/// [`ServeError`].
pub(crate) async fn web(
    config: &Config,
    data: &Data,
    ground: &Ground,
    house: house::House,
    (relay, stop): (Relay, &listen::Stop),
) -> Result<tokio::task::JoinSet<()>, ServeError> {
    let house::House { persons_part, doors, mut running, .. } = house;
    let shared = (&ground.clock, &ground.chance);
    let tls = transport::tls(data, &ground.home, &persons_part.party, shared)?;
    for listener in listen::bind(&[config.listen_tls]).await? {
        let (server, doors, clock, stop) =
            (Arc::clone(&tls.server), doors.clone(), Arc::clone(&ground.clock), stop.clone());
        running.spawn(async move {
            tokio::select! {
                () = links::serve(listener, server, doors, clock) => {}
                () = stop.told() => {}
            }
        });
    }
    let scheme = if config.secure { "https" } else { "http" };
    let portal = format!("{scheme}://portal.{}/", config.base);
    let gauges = crate::front::Gauges::of(Arc::clone(&ground.clock), &[&persons_part]);
    let front = crate::front::router(gauges, portal).merge(Relay::routes().with_state(relay));
    // The protocols under /pki are posted to from anywhere, and hold no session.
    let frontage = web::Frontage { same_site_forms: false, ..web::Frontage::default() };
    let front = frontage.before(front);
    let hosts = web::Hosts::new().with(&config.base, front.clone());
    // Some clients of the protocols leave the port out of Host.
    let hosts = match config.base.split_once(':') {
        Some((name, _)) => hosts.with(name, front),
        None => hosts,
    };
    for listener in listen::bind(&config.listen).await? {
        let (router, stop) = (hosts.clone().into_router(), stop.clone());
        running.spawn(async move {
            if let Err(why) = listen::serve(listener, router, stop).await {
                tracing::error!(%why, "a listener ended");
            }
        });
    }
    Ok(running)
}
