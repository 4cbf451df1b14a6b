//! `sakta demo`: the whole country on one port, with an embedded store and synthetic people.

mod cast;
mod certificate;
mod children;
mod clients;
mod enrolment;
mod ports;
mod report;
mod web;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use links::Link;
use simulation::Country;

use self::ports::Ports;

use crate::World;
use crate::child::{self, ChildError};
use crate::command;
use crate::config::Config;
use crate::house::{self, HouseError, Owners, Plan, Site};
use crate::listen;
use crate::part::Ground;
use crate::place::Data;
use crate::register;
use crate::relay::Relay;
use crate::serve::{self, ServeError};
use crate::setup;

/// How the demo is started.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Where it keeps everything; it goes on from there at the next start.
    #[arg(long, default_value = "sakta-data")]
    data: PathBuf,
    /// Keeps everything in a temporary folder that goes when it ends.
    #[arg(long, conflicts_with = "data")]
    ephemeral: bool,
    /// How many people live in the country when it is made.
    #[arg(long, default_value_t = 1_000)]
    population: u64,
    /// Where it listens; without it 127.0.0.1 and ::1 on port 8080. Port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// How the systems' hosts differ: by `names` below localhost, or by `ports` of localhost for
    /// clients that do not resolve such names. Ports share one cookie jar.
    #[arg(long, value_enum, default_value_t)]
    origins: Origins,
}

/// How the systems' hosts differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Origins {
    /// `portal.localhost:8080`, `id.localhost:8080`, ….
    #[default]
    Names,
    /// `localhost:40001`, `localhost:40002`, ….
    Ports,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// A child process.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// The parts of the web process.
    #[error(transparent)]
    House(#[from] HouseError),
    /// The web process.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The country.
    #[error("the country could not be made")]
    Country(#[from] persons::ImportError),
    /// The register.
    #[error("the register")]
    Store(#[from] store::StoreError),
    /// One of its own hosts.
    #[error("{host}: {why}")]
    Web {
        /// Which.
        host: String,
        /// Why.
        why: String,
    },
    /// Somebody got no certificate.
    #[error("a certificate: {0}")]
    Certificate(String),
    /// A client of the identity platform.
    #[error(transparent)]
    Client(#[from] identity::ClientError),
    /// A file of the demo's own.
    #[error("{0} holds something else")]
    Form(&'static str),
    /// The certificates name another address than the one asked for.
    #[error("this folder was made for {kept}: start it there, or with another --data")]
    Base {
        /// The address in the certificates.
        kept: String,
    },
    /// The machine.
    #[error("the machine refused")]
    Machine(#[from] std::io::Error),
}

/// Makes or goes on with a country, and runs it until it is asked to end.
///
/// # Errors
/// [`DemoError`].
pub(crate) async fn demo(options: Options, world: World) -> Result<(), DemoError> {
    let began = world.clock.elapsed();
    let temporary = options.ephemeral.then(|| temporary(&world)).transpose()?;
    let data = Data::at(temporary.as_deref().unwrap_or(&options.data))?;
    let ports = ports::chosen(&data, options.listen, world.chance.as_ref())?;
    if setup::installed(&data)?.is_none() {
        report::say("making the root, the first officers and the transport certificates");
        child::run("setup", &["--base", &format!("http://{}", ports.base())], data.path()).await?;
    }
    let installation = setup::installed(&data)?.ok_or(DemoError::Form("setup.json"))?;
    let config = config(&data, &ports, options.origins);
    let (stopper, stop) = listen::stopping();
    let ground = Ground {
        clock: Arc::clone(&world.clock),
        chance: Arc::clone(&world.chance),
        home: data.home("web")?,
    };
    let country = cast::country(&data, options.population, country::date(world.clock.now()))?;
    let children = children::start(&data, &ports, &installation).await?;
    let site = Site {
        base: config.base.clone(),
        secure: false,
        ports: config.ports.clone(),
        phones: Some(format!("http://phone.localhost:{}/", ports.role("phone").port())),
    };
    let plan = Plan {
        ground: &ground,
        data: &data,
        installation: &installation,
        peers: &children::peers(&ports, &installation),
        owners: &Owners::default(),
        clients: &[clients::RELYING_PARTY.to_owned()],
        site: &site,
        stop: &stop,
    };
    let house = house::open(&plan).await?;
    people(&house, &data, &country).await?;
    let clients = clients::registered(&house, &plan).await?;
    let ways = [house.way(&plan, "identity")?, house.way(&plan, "pki")?];
    let relay = Relay::new(config.ocsp, config.tsu);
    let running = serve::web(&config, &plan, house, relay).await?;
    let phones = enrolment::enrolled(&data, &ports, &country).await?;
    certificates(&ways, &data, &ports, (&country, &phones), &world).await?;
    report::write(&data, (&ports, &site), &country, (&clients, &phones))?;
    if let Err(why) = command::started(data.path(), &format!("http://{}", ports.base())) {
        tracing::warn!(%why, "commands find this demo only by its folder");
    }
    let took = world.clock.elapsed().saturating_sub(began);
    report::addresses(&data, (&ports, &site), &country, took);
    listen::asked_to_end().await?;
    report::say("ending: what is being answered is answered");
    serve::drain(stopper, running).await;
    for child in children {
        child.stop().await;
    }
    if let Some(folder) = temporary {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn config(data: &Data, ports: &Ports, origins: Origins) -> Config {
    Config {
        ports: if origins == Origins::Ports { ports.hosts() } else { Default::default() },
        data: data.path().to_owned(),
        listen: ports.listen(),
        listen_tls: ports.tls(),
        base: ports.base(),
        ocsp: ports.role("ocsp-http"),
        tsu: ports.role("tsu-http"),
        ..Config::default()
    }
}

/// Gets a certificate for whoever of the cast has a phone.
async fn certificates(
    [identity, pki]: &[Link; 2],
    data: &Data,
    ports: &Ports,
    (country, phones): (&Country, &[enrolment::Enrolled]),
    world: &World,
) -> Result<(), DemoError> {
    let web = web::Web::new(ports.web(), format!("id.{}", ports.base()), None);
    let journey = certificate::Journey {
        web: &web,
        data: data.path(),
        officers: ports.role("pki"),
        identity,
        pki,
        world,
    };
    for one in country.cast() {
        let Some(phone) = phones.iter().find(|phone| phone.alias == one.alias) else {
            continue;
        };
        let done = data.path().join("cast").join(format!("{}.certificate", one.alias));
        if !done.exists() {
            journey.walk(&one, phone).await?;
            crate::place::write_whole(&done, b"issued\n", false)?;
        }
    }
    Ok(())
}

/// Fills the register once.
async fn people(house: &house::House, data: &Data, country: &Country) -> Result<(), DemoError> {
    let filled = data.path().join("country.filled");
    if filled.exists() {
        return Ok(());
    }
    let total = country.population;
    register::fill(&house.persons, country, |done| {
        if done % 1_000 == 0 || done == total {
            report::say(&format!("{done} of {total} people live in the country"));
        }
    })
    .await?;
    crate::place::write_whole(&filled, b"filled\n", false)?;
    Ok(())
}

fn temporary(world: &World) -> std::io::Result<PathBuf> {
    let name = base::hex(&world.chance.bytes::<8>());
    let folder = std::env::temp_dir().join(format!("sakta-{name}"));
    std::fs::create_dir(&folder)?;
    Ok(folder)
}
