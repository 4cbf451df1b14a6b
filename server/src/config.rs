//! `sakta.toml`: every key has a default, the empty file listens on loopback only, an unknown key
//! is an error that names its line and the nearest key there is. `docs/operations.md` tells
//! operators of each.

mod known;
mod words;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use base::Owner;
use links::Party;
use serde::Deserialize;

use crate::place::{Data, Databases};
use crate::transport::{Address, Peer, Peers};

pub(crate) use known::{Granted, OpenidClient};

/// What an operator can set. Paths are relative to the folder of the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where everything that is kept lies.
    pub(crate) data: PathBuf,
    /// The name under which all hosts live: `portal.<base>`, `id.<base>`, …; with its port where
    /// that is not the usual one. Addresses in certificates begin with `http://<base>`.
    pub(crate) base: String,
    /// Whether the hosts speak https (behind a TLS front), so that cookies are Secure.
    pub(crate) secure: bool,
    /// Where pages and protocols are answered.
    pub(crate) listen: Vec<SocketAddr>,
    /// The TLS fronts before it: what they say in `X-Forwarded-For` is believed.
    pub(crate) fronts: Vec<IpAddr>,
    /// Hosts (`portal`, `id`, `files`, `sign`) that are ports of `localhost` of their own.
    #[serde(deserialize_with = "words::keyed::<words::Hosts, _, _>")]
    pub(crate) ports: BTreeMap<String, u16>,
    /// Where calls with client certificates are answered, by part; the others stay as they are.
    #[serde(deserialize_with = "words::keyed::<words::Called, _, _>")]
    pub(crate) listen_tls: BTreeMap<String, SocketAddr>,
    /// Where parts on other machines are called, by `<owner>/<part>`; else on this machine, where
    /// `listen_tls` says.
    pub(crate) peers: BTreeMap<Party, Address>,
    /// Where the process of `ocsp` answers over HTTP.
    pub(crate) ocsp: SocketAddr,
    /// Where the process of `tsu` answers over HTTP.
    pub(crate) tsu: SocketAddr,
    /// Where the desk shows its pages.
    pub(crate) desk: SocketAddr,
    /// For the setup: whose each part is, where it is not the country's usual owner.
    #[serde(deserialize_with = "words::keyed::<words::Owned, _, _>")]
    pub(crate) owners: BTreeMap<String, Owner>,
    /// For the setup: what records call the first two officers.
    pub(crate) officers: [String; 2],
    /// Parts whose store is PostgreSQL: a file that holds the connection string.
    #[serde(deserialize_with = "words::keyed::<words::Stored, _, _>")]
    pub(crate) postgres_file: BTreeMap<String, PathBuf>,
    /// How many connections each of these parts has, at least 3.
    pub(crate) postgres_connections: u16,
    /// Clients of the identity platform.
    pub(crate) clients: Vec<OpenidClient>,
    /// Permissions of other systems in the register.
    pub(crate) permissions: Vec<Granted>,
}

/// The usual ports of parts that are called.
const CALLED: [(&str, u16); 6] = [
    ("persons", 8443),
    ("pki", 8444),
    ("identity", 8445),
    ("ca-signer", 8451),
    ("sam", 8452),
    ("ocsp", 8453),
];

impl Default for Config {
    fn default() -> Self {
        let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            data: PathBuf::from("sakta-data"),
            base: "localhost:8080".to_owned(),
            secure: false,
            listen: crate::loopback(8080),
            fronts: Vec::new(),
            ports: BTreeMap::new(),
            listen_tls: CALLED.map(|(part, port)| (part.to_owned(), here(port))).into(),
            peers: BTreeMap::new(),
            ocsp: here(8091),
            tsu: here(8092),
            desk: here(8093),
            owners: BTreeMap::new(),
            officers: ["officer-1", "officer-2"].map(str::to_owned),
            postgres_file: BTreeMap::new(),
            postgres_connections: 8,
            clients: Vec::new(),
            permissions: Vec::new(),
        }
    }
}

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("the configuration {} cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that this program does not know or take.
    #[error("{}:{line}: {what}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and the nearest right thing.
        what: String,
    },
    /// What it says does not fit together.
    #[error("{}: {what}", file.display())]
    Unfit {
        /// The file.
        file: PathBuf,
        /// What.
        what: &'static str,
    },
}

impl Config {
    /// Reads `file`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(&text, file)
    }

    fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            let what = words::explained(error.message());
            ConfigError::Wrong { file: file.to_owned(), line, what }
        })?;
        match config.unfit() {
            Some(what) => Err(ConfigError::Unfit { file: file.to_owned(), what }),
            None => Ok(config.beside(file)),
        }
    }

    fn unfit(&self) -> Option<&'static str> {
        let [one, two] = &self.officers;
        let named = |text: &str| (1..=64).contains(&text.len());
        [
            (self.base.contains('/') || self.base.is_empty(), "base is a host, with its port"),
            (self.postgres_connections < 3, "postgres_connections is 3 at least"),
            (!named(one) || !named(two) || one == two, "officers are two, each of another name"),
        ]
        .into_iter()
        .find_map(|(wrong, what)| wrong.then_some(what))
    }

    /// With paths from the folder of `file`, and the usual doors beside those that it names.
    fn beside(mut self, file: &Path) -> Self {
        let folder = file.parent().unwrap_or(Path::new(""));
        self.data = folder.join(&self.data);
        for kept in self.postgres_file.values_mut() {
            *kept = folder.join(&*kept);
        }
        for (part, address) in Self::default().listen_tls {
            self.listen_tls.entry(part).or_insert(address);
        }
        self
    }

    /// The data folder, if there is one, with the databases beside it.
    ///
    /// # Errors
    /// When it is not there or cannot be entered.
    pub(crate) fn data(&self) -> std::io::Result<Data> {
        Ok(Data::found(&self.data)?.with(self.databases()))
    }

    /// The data folder, made when absent.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn made(&self) -> std::io::Result<Data> {
        Ok(Data::at(&self.data)?.with(self.databases()))
    }

    fn databases(&self) -> Databases {
        let connections = self.postgres_connections;
        Databases { files: self.postgres_file.clone(), connections }
    }

    /// Where the parts of an installation are called.
    pub(crate) fn peers(&self, parties: &BTreeMap<String, Party>) -> Peers {
        let here = self.listen_tls.iter().filter_map(|(part, at)| {
            let party = parties.get(part)?.clone();
            Some(Peer { party, address: Address::here(at.port()) })
        });
        let named = self
            .peers
            .iter()
            .map(|(party, address)| Peer { party: party.clone(), address: address.clone() });
        here.chain(named).collect()
    }

    /// The number of the permission by which `party` may call `operation`.
    pub(crate) fn permission(&self, party: &Party, operation: &str) -> Option<String> {
        let mut own = self.permissions.iter().map(Granted::permission);
        let lets = |one: &persons::Permission| {
            one.system == party.to_string() && one.operations.contains(operation)
        };
        own.find(lets).map(|one| one.number)
    }

    /// The names, beside those of this machine, under which the part of `party` is called.
    pub(crate) fn names(&self, part: &str, party: &Party) -> Vec<String> {
        let peer = self.peers.get(party).map(|address| address.host().to_owned());
        let (base, _) = self.base.rsplit_once(':').unwrap_or((&self.base, ""));
        let public = crate::setup::is_web(part).then(|| base.to_owned());
        public.into_iter().chain(peer).collect()
    }
}

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
