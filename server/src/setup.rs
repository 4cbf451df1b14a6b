//! `sakta setup`: a child of its own that ends before any listener opens (PROTOCOLS §2).
//!
//! It makes, in this order: the root and its list, the issuing authority, the transport authority;
//! every process's first transport certificate; the first two officers; `ca-signer`'s store; the
//! standing approvals that both officers sign. The last file written is `setup.json`: a folder
//! without it was never used, and an interrupted setup is begun anew from nothing.
//!
//! The root's and the transport authority's keys lie wrapped in `ceremony/`. In production that
//! folder is made on a machine without a network and taken away; the demo leaves it there.

mod ceremony;
mod client;
mod identities;
mod installation;
mod officers;
mod pki;
mod profiles;
mod sam;
mod standing;
mod transport;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Chance, Clock};
use clap::Args;
use links::{Party, PartyError};
use store::StoreError;

use crate::World;
use crate::config::{Config, ConfigError};
use crate::place::{Data, HomeError, write_whole};

pub(crate) use client::BANK;
pub(crate) use installation::{Installation, NotSetUp, Standing, installed, opened};
pub(crate) use officers::{OFFICERS, OfficerKeys, granted, officer_key};
pub(crate) use standing::parts as signer_parts;
pub(crate) use transport::{Certify, certify};

/// The parts that answer and call, each with a transport certificate: the folder of the process
/// that it runs in, and its name.
pub(crate) const PARTS: [(&str, &str); 12] = [
    ("web", "persons"),
    ("web", "pki"),
    ("web", "identity"),
    ("web", "signing"),
    ("web", "portal"),
    ("ca-signer", "ca-signer"),
    ("sam", "sam"),
    ("ocsp", "ocsp"),
    ("tsu", "tsu"),
    ("desk", "desk"),
    ("officer-1", "officers"),
    ("officer-2", "officers"),
];

/// `sakta setup`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Asked {
    /// The configuration that says folder, base, owners, officers and databases.
    #[arg(long, conflicts_with_all = ["data", "base"])]
    config: Option<PathBuf>,
    /// The folder to set up.
    #[arg(long, default_value = "sakta-data")]
    data: PathBuf,
    /// What addresses in certificates begin with.
    #[arg(long, default_value = "http://localhost:8080")]
    base: String,
}

/// Sets up what is asked for, and says so.
///
/// # Errors
/// [`SetupError`].
pub(crate) async fn run(asked: Asked, world: &World) -> Result<(), SetupError> {
    let options = match &asked.config {
        Some(file) => Options::of(Config::read(file)?),
        None => {
            Options { base: asked.base, config: Config { data: asked.data, ..Config::default() } }
        }
    };
    let data = options.config.made()?;
    let made = setup(&data, (&world.clock, &world.chance), &options).await?;
    say(&format!("{} is set up for {}", data.path().display(), made.base));
    say("Take ceremony/ away to where no network is, and give officer-1/ and officer-2/ to them.");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
fn say(line: &str) {
    println!("{line}");
}

/// What a setup is told.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// What addresses in certificates begin with: `http://localhost:8080`.
    pub(crate) base: String,
    /// Who owns the parts, where they are called, what the officers are called.
    pub(crate) config: Config,
}

impl Options {
    /// What a configuration says.
    pub(crate) fn of(config: Config) -> Self {
        Self { base: format!("http://{}", config.base), config }
    }

    /// The party of `part`.
    ///
    /// # Errors
    /// [`PartyError`] for a name that is no part's.
    pub(crate) fn party(&self, part: &str) -> Result<Party, PartyError> {
        let usual = || country::default_owner(part).or_else(|| country::default_owner("pki"));
        let owner = match self.config.owners.get(part) {
            Some(owner) => owner.clone(),
            None => usual().and_then(|name| name.parse().ok()).ok_or(PartyError)?,
        };
        Party::new(owner, part)
    }
}

/// Whether `part` runs in the web process.
pub(crate) fn is_web(part: &str) -> bool {
    PARTS.contains(&("web", part))
}

/// Why nothing is set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    /// It is set up.
    #[error("{} is set up already", .0.display())]
    Again(PathBuf),
    /// It holds something that no setup made.
    #[error("this folder holds {0}, which no setup has made: nothing is overwritten")]
    Foreign(String),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What is to be renewed was never made.
    #[error(transparent)]
    NotSetUp(#[from] NotSetUp),
    /// The transport authority's key is elsewhere.
    #[error("{} is missing: bring it, and say where it is with --ceremony", .0.display())]
    Ceremony(PathBuf),
    /// A base that cannot stand in certificates.
    #[error("addresses in certificates begin with http://host[:port], not with {0}")]
    Base(String),
    /// The disk.
    #[error("the folder cannot be written")]
    File(#[from] std::io::Error),
    /// A key or its folder.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// A key.
    #[error(transparent)]
    Key(#[from] keys::KeyError),
    /// A certificate or list that the lint refuses, or that cannot be made.
    #[error("{what}: {why}")]
    Certificate {
        /// Which.
        what: String,
        /// Why.
        why: String,
    },
    /// A name that is no part's.
    #[error(transparent)]
    Party(#[from] PartyError),
    /// A store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// `ca-signer`'s store.
    #[error(transparent)]
    Signer(#[from] ca_signer::FoundError),
    /// The trust platform's store.
    #[error(transparent)]
    Pki(#[from] ::pki::FoundError),
    /// `sam`'s store.
    #[error(transparent)]
    Sam(#[from] ::sam::Stop),
    /// `ca-signer` does not take its own foundation.
    #[error(transparent)]
    Open(#[from] ca_signer::OpenError),
    /// `ca-signer` refuses a standing approval.
    #[error("a standing approval: {0}")]
    Standing(#[from] pki_contract::SignerRefusal),
    /// What was to be written or signed cannot be.
    #[error("{0}")]
    Form(&'static str),
}

impl SetupError {
    fn certificate(what: &str, why: &dyn std::fmt::Display) -> Self {
        Self::Certificate { what: what.to_owned(), why: why.to_string() }
    }
}

/// What every step needs.
struct Ground<'a> {
    data: &'a Data,
    clock: &'a Arc<dyn Clock>,
    chance: &'a Arc<dyn Chance>,
    options: &'a Options,
}

/// The file that says that a setup has begun.
const BEGUN: &str = "setup.begun";

/// Sets `data` up, whole or not at all.
///
/// # Errors
/// [`SetupError`].
pub(crate) async fn setup(
    data: &Data,
    (clock, chance): (&Arc<dyn Clock>, &Arc<dyn Chance>),
    options: &Options,
) -> Result<Installation, SetupError> {
    check_base(&options.base)?;
    begin(data)?;
    let ground = Ground { data, clock, chance, options };
    let ceremony = ceremony::hold(&ground)?;
    let identities = identities::make(&ground, &ceremony)?;
    client::make(&ground, &ceremony)?;
    let officers = officers::make(&ground)?;
    let profiles = profiles::make(&ground, &ceremony)?;
    pki::found(&ground, &ceremony, (&officers, &profiles)).await?;
    let sam = sam::found(&ground, &officers).await?;
    let founding = (&officers, sam.answers.as_slice());
    let standing = standing::found(&ground, &ceremony, founding, (&profiles, identities)).await?;
    let installation = installation::of(&ground, &ceremony, (&profiles, sam.root), standing)?;
    anchors(data, &ceremony)?;
    write_whole(&data.path().join("base"), options.base.as_bytes(), false)?;
    installation.write(data)?;
    std::fs::remove_file(data.path().join(BEGUN))?;
    Ok(installation)
}

/// Whether a setup of `data` began and did not end.
pub(crate) fn is_interrupted(data: &Path) -> bool {
    data.join(BEGUN).exists()
}

/// What a checker trusts, and what it may need to get there.
fn anchors(data: &Data, ceremony: &ceremony::Ceremony) -> Result<(), SetupError> {
    let folder = data.path().join("anchors");
    std::fs::create_dir_all(&folder)?;
    write_whole(&folder.join("root.pem"), ceremony.root.to_pem().as_bytes(), false)?;
    let issuing = data.path().join("issuing.pem");
    Ok(write_whole(&issuing, ceremony.issuing.to_pem().as_bytes(), false)?)
}

/// Addresses in certificates are plain http (EN 319 412-2 GEN-4.4.1).
fn check_base(base: &str) -> Result<(), SetupError> {
    let host = base.strip_prefix("http://").filter(|host| !host.is_empty());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    match host {
        Some(host) if host.bytes().all(plain) => Ok(()),
        _ => Err(SetupError::Base(base.to_owned())),
    }
}

/// Everything that a setup makes, by name in the data folder.
fn made() -> impl Iterator<Item = &'static str> {
    let homes = PARTS.iter().map(|(home, _)| *home);
    let own =
        ["ceremony", "client", "transport", "anchors", "base", "officers.json", "issuing.pem"];
    homes.chain(own)
}

/// Refuses a folder that is set up or another's; clears what an interrupted setup left.
fn begin(data: &Data) -> Result<(), SetupError> {
    if installed(data)?.is_some() {
        return Err(SetupError::Again(data.path().to_owned()));
    }
    let begun = data.path().join(BEGUN);
    for name in made() {
        let path = data.path().join(name);
        if path.exists() && !begun.exists() {
            return Err(SetupError::Foreign(name.to_owned()));
        }
        if path.is_dir() {
            std::fs::remove_dir_all(&path)?;
        } else if path.exists() {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(write_whole(&begun, b"", false)?)
}

#[cfg(test)]
#[path = "setup/tests.rs"]
mod tests;
