//! The web process: its parts, their doors, their hosts, and what runs beside them.
//!
//! Each part is put together in a file of its own under `house/`. They call each other over
//! [`Place`]s in this process, always serialised, as if they lay in others.

pub(crate) mod clients;
mod identity;
mod outside;
mod pki;
mod portal;
mod signing;

use std::collections::BTreeMap;
use std::sync::Arc;

use ::identity::Identity;
use ::pki::Pki;
use ::portal::Portal;
use ::signing::Signing;
use activation_contract::SamKeys;
use base::{Clock, Owner};
use links::{Call, Doors, Link, OnBehalf, Party, Place};
use persons::Persons;
use tokio::task::JoinSet;

use crate::evidence::Evidence;
use crate::listen::Stop;
use crate::part::{Ground, Part, PartError};
use crate::place::Data;
use crate::register;
use crate::setup::Installation;
use crate::transport::{self, Peers, TransportError};
use crate::waiting;

/// Whose each part is: as the setup has it, else the country's defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners(pub(crate) BTreeMap<String, Owner>);

impl Owners {
    /// As an installation has them.
    pub(crate) fn of_installation(installation: &Installation) -> Self {
        let owner = |(part, party): (&String, &Party)| (part.clone(), party.owner.clone());
        Self(installation.parties.iter().map(owner).collect())
    }

    /// The owner of `part`.
    ///
    /// # Errors
    /// [`PartError::Name`] for a part that nobody owns.
    pub(crate) fn of(&self, part: &str) -> Result<Owner, PartError> {
        let nobodys = || PartError::Name(part.to_owned());
        match self.0.get(part) {
            Some(owner) => Ok(owner.clone()),
            None => country::default_owner(part)
                .and_then(|owner| owner.parse().ok())
                .ok_or_else(nobodys),
        }
    }
}

/// Where the house answers.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The name under which all hosts live, with its port where that is not the usual one.
    pub(crate) base: String,
    /// Whether the hosts speak https.
    pub(crate) secure: bool,
    /// The list of virtual phones, in a demonstration.
    pub(crate) phones: Option<String>,
    /// Hosts that are ports of `localhost` instead of names below the base: for clients whose
    /// resolver knows no `*.localhost`. Cookies ignore ports, so they share one jar.
    pub(crate) ports: BTreeMap<String, u16>,
}

impl Site {
    /// The origin of a host: `http://portal.localhost:8080`.
    pub(crate) fn origin(&self, host: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority(host))
    }

    /// A host with its port: `portal.localhost:8080`, or `localhost:40001` where it is a port.
    pub(crate) fn authority(&self, host: &str) -> String {
        match self.ports.get(host) {
            Some(port) => format!("localhost:{port}"),
            None => format!("{host}.{}", self.base),
        }
    }
}

/// Why a house does not stand.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HouseError {
    /// A part.
    #[error(transparent)]
    Part(#[from] PartError),
    /// The way to a process.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// `sam` does not answer.
    #[error("{party} does not answer at {at}: does `sakta role sam` run there? ({why})")]
    Silent {
        /// Who it is.
        party: Party,
        /// Where it was asked.
        at: String,
        /// What came instead.
        why: String,
    },
    /// `sam` has other keys than the setup pinned.
    #[error("sam has other keys than this folder was set up with: {0}")]
    Sam(String),
    /// The identity platform.
    #[error(transparent)]
    Identity(#[from] ::identity::Failed),
    /// A store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// What was set up does not fit.
    #[error("{0} of the setup is damaged")]
    Setup(&'static str),
}

/// What a house is made from.
pub(crate) struct Plan<'a> {
    /// Time, chance, and the web process's folder.
    pub(crate) ground: &'a Ground,
    /// The data folder.
    pub(crate) data: &'a Data,
    /// What the setup made.
    pub(crate) installation: &'a Installation,
    /// Where other processes answer.
    pub(crate) peers: &'a Peers,
    /// Whose the parts are.
    pub(crate) owners: &'a Owners,
    /// The clients that log people in, beside the house's own.
    pub(crate) clients: &'a [String],
    /// Where it answers.
    pub(crate) site: &'a Site,
    /// When it ends.
    pub(crate) stop: &'a Stop,
}

/// The places of the parts: links can be made before the parts stand.
#[derive(Debug, Default)]
struct Places {
    persons: Place,
    pki: Place,
    identity: Place,
    signing: Place,
}

/// The web process, put together and not yet listening.
#[derive(Debug)]
pub(crate) struct House {
    /// Its parts.
    pub(crate) parts: Vec<Part>,
    /// The register of persons.
    pub(crate) persons: Persons,
    /// The core trust platform.
    pub(crate) pki: Arc<Pki>,
    /// The identity platform.
    pub(crate) identity: Arc<Identity>,
    /// The signing platform.
    pub(crate) signing: Arc<Signing>,
    /// The client portal.
    pub(crate) portal: Arc<Portal>,
    /// What other processes may call.
    pub(crate) doors: Vec<Arc<Doors>>,
    /// Where the parts answer in this process.
    places: Places,
    /// What runs beside the listeners until it is told to stop.
    pub(crate) running: JoinSet<()>,
}

impl House {
    /// The way to the identity or trust platform as the signing platform goes it.
    ///
    /// # Errors
    /// [`HouseError::Setup`] for another part.
    pub(crate) fn way(&self, plan: &Plan<'_>, part: &str) -> Result<Link, HouseError> {
        let place = match part {
            "identity" => &self.places.identity,
            "pki" => &self.places.pki,
            _ => return Err(HouseError::Setup("a way")),
        };
        Ok(place.link(party(plan, "signing")?, Arc::clone(&plan.ground.clock)))
    }
}

/// Opens the parts and starts what runs beside them.
///
/// # Errors
/// [`HouseError`].
pub(crate) async fn open(plan: &Plan<'_>) -> Result<House, HouseError> {
    let mut building = Building::begin(plan).await?;
    let persons = building.persons().await?;
    let pki = building.pki().await?;
    let identity = building.identity().await?;
    let signing = building.signing().await?;
    let portal = building.portal()?;
    let Building { parts, doors, running, places, .. } = building;
    Ok(House { parts, persons, pki, identity, signing, portal, doors, places, running })
}

/// A house on its way up.
struct Building<'a> {
    plan: &'a Plan<'a>,
    places: Places,
    sam_keys: SamKeys,
    parts: Vec<Part>,
    doors: Vec<Arc<Doors>>,
    running: JoinSet<()>,
}

impl<'a> Building<'a> {
    async fn begin(plan: &'a Plan<'a>) -> Result<Self, HouseError> {
        let (places, parts, doors) = (Places::default(), Vec::new(), Vec::new());
        let running = JoinSet::new();
        let sam_keys = sam_keys(plan).await?;
        Ok(Self { plan, places, sam_keys, parts, doors, running })
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.plan.ground.clock)
    }

    fn party(&self, part: &str) -> Result<Party, HouseError> {
        Ok(party(self.plan, part)?)
    }

    fn part(&self, name: &str, schemas: &[store::Schema]) -> Result<Part, HouseError> {
        Ok(self.plan.ground.part(self.plan.owners.of(name)?, name, schemas)?)
    }

    /// A link from `part` to another part of this process.
    fn inside(&self, part: &str, place: &Place) -> Result<Link, HouseError> {
        Ok(place.link(self.party(part)?, self.clock()))
    }

    /// A link from `part` to another process.
    fn outside(&self, part: &str, process: &str) -> Result<Link, HouseError> {
        outside(self.plan, part, process)
    }

    /// The log of `part`, whose handles the register grants, and its sequencer at work.
    async fn log(&mut self, part: &Part) -> Result<audit::Log, HouseError> {
        let persons = self.inside(part.name(), &self.places.persons)?;
        let handles = Arc::new(crate::handles::LinkedHandles(persons));
        let (log, sequencer) = part.log(handles).await?;
        self.order(part, sequencer)?;
        Ok(log)
    }

    fn order(&mut self, part: &Part, sequencer: audit::Sequencer) -> Result<(), HouseError> {
        key_beside(part, &sequencer)?;
        self.running.spawn(sequencer.run(self.plan.stop.clone().told()));
        Ok(())
    }

    /// How persons' statements are checked by `callee`: the portal's own, and those that the
    /// identity and signing platforms hand on for their clients.
    fn statements(&self, clients: BTreeMap<Party, Vec<String>>) -> Option<sam_contract::Evidence> {
        sam_contract::Evidence::new(&self.sam_keys, clients).ok()
    }

    fn open(&mut self, place: &Place, doors: Doors) {
        let doors = Arc::new(doors);
        place.open(Arc::clone(&doors));
        self.doors.push(doors);
    }

    async fn persons(&mut self) -> Result<Persons, HouseError> {
        let part = self.part("persons", &[persons::SCHEMA])?;
        let (mut persons, sequencer) = register::open(&part).await?;
        self.order(&part, sequencer)?;
        persons.receivers = vec![self.party("pki")?.to_string()];
        let named = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let statements = BTreeMap::from([
            (self.party("portal")?, named(&["portal"])),
            (self.party("identity")?, self.clients()),
        ]);
        let systems = ["pki", "identity", "signing", "portal"];
        let evidence = Evidence {
            persons: self.statements(statements),
            officers: BTreeMap::new(),
            systems: systems.iter().map(|name| self.party(name)).collect::<Result<_, _>>()?,
        };
        let doors = Doors::new(part.party.clone(), self.clock(), Arc::new(evidence));
        let place = self.places.persons.clone();
        self.open(&place, persons.answering(doors));
        self.parts.push(part);
        Ok(persons)
    }

    /// Every client whose statements the identity platform may hand on.
    fn clients(&self) -> Vec<String> {
        let own = clients::OWN.iter().map(ToString::to_string);
        own.chain(self.plan.clients.iter().cloned()).collect()
    }
}

/// The party of a part.
fn party(plan: &Plan<'_>, part: &str) -> Result<Party, PartError> {
    let owner = plan.owners.of(part)?;
    Party::new(owner, part).map_err(|_| PartError::Name(part.to_owned()))
}

fn outside(plan: &Plan<'_>, part: &str, process: &str) -> Result<Link, HouseError> {
    let ground = plan.ground;
    let own = party(plan, part)?;
    let tls = transport::tls(plan.data, &ground.home, &own, (&ground.clock, &ground.chance))?;
    let callee = plan.installation.parties.get(process);
    let callee = callee.ok_or(HouseError::Setup("the list of parties"))?;
    Ok(plan.peers.link(callee, &tls, &ground.clock)?)
}

/// `sam`'s keys under the root key that the setup pinned.
async fn sam_keys(plan: &Plan<'_>) -> Result<SamKeys, HouseError> {
    let sam = outside(plan, "identity", "sam")?;
    let party = plan.installation.parties.get("sam").cloned();
    let party = party.ok_or(HouseError::Setup("the list of parties"))?;
    let clock = &plan.ground.clock;
    let asked = waiting::for_answer(clock, &party, || {
        let job = OnBehalf::System { job: "start".to_owned() };
        sam.call(Call::new(sam_contract::KeysOf {}, job, "start"))
    });
    let keys = asked.await.map_err(|why| {
        let at = plan.peers.of(&party).map(ToString::to_string).unwrap_or_default();
        HouseError::Silent { party: party.clone(), at, why: why.to_string() }
    })?;
    let now = plan.ground.clock.now();
    sam_contract::read_keys(&keys.keys, &plan.installation.sam, now)
        .map_err(|why| HouseError::Sam(why.to_string()))
}

/// Puts a log's public key beside its archive, for whoever checks it offline.
fn key_beside(part: &Part, sequencer: &audit::Sequencer) -> Result<(), PartError> {
    let file = part.archive().with_extension("key");
    let written = std::fs::create_dir_all(part.archive()).and_then(|()| {
        crate::place::write_whole(&file, format!("{}\n", sequencer.key()).as_bytes(), false)
    });
    written.map_err(|source| PartError::Archive { part: part.name().to_owned(), source })
}
