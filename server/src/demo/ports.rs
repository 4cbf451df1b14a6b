//! Which ports the demo uses: chosen once, kept in the data folder, since certificates name them.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use base::Chance;
use serde::{Deserialize, Serialize};

use super::DemoError;
use crate::place::{Data, write_whole};

/// The ports of a demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ports {
    /// The address that pages and protocols listen on; none: both loopbacks.
    ip: Option<IpAddr>,
    /// Pages and protocols.
    web: u16,
    /// Calls with client certificates.
    tls: u16,
    /// The processes beside the web process, by name.
    roles: BTreeMap<String, u16>,
}

/// The processes that the demo starts.
const ROLES: [&str; 14] = [
    "ca-signer",
    "sam",
    "ocsp",
    "ocsp-http",
    "tsu",
    "tsu-http",
    "phone",
    "desk",
    "pki",
    "identity",
    "portal",
    "id",
    "files",
    "sign",
];

/// The hosts that can be ports.
const HOSTS: [&str; 4] = ["portal", "id", "files", "sign"];

/// The port when none is asked for.
const USUAL: u16 = 8080;

impl Ports {
    /// `localhost:<port>`: the name under which all hosts live.
    pub(crate) fn base(&self) -> String {
        format!("localhost:{}", self.web)
    }

    /// The addresses of pages and protocols.
    pub(crate) fn listen(&self) -> Vec<SocketAddr> {
        match self.ip {
            Some(ip) => vec![SocketAddr::from((ip, self.web))],
            None => crate::loopback(self.web),
        }
    }

    /// The ports of hosts that are ports.
    pub(crate) fn hosts(&self) -> BTreeMap<String, u16> {
        HOSTS.iter().map(|name| ((*name).to_owned(), self.role(name).port())).collect()
    }

    /// Where pages and protocols are reached from this machine.
    pub(crate) fn web(&self) -> SocketAddr {
        let usual = || Ipv4Addr::LOCALHOST.into();
        SocketAddr::from((self.ip.unwrap_or_else(usual), self.web))
    }

    /// The addresses of calls with client certificates, by part.
    pub(crate) fn tls(&self) -> BTreeMap<String, SocketAddr> {
        let persons = SocketAddr::from((Ipv4Addr::LOCALHOST, self.tls));
        let mut addresses = BTreeMap::from([("persons".to_owned(), persons)]);
        for part in ["pki", "identity"] {
            addresses.insert(part.to_owned(), self.role(part));
        }
        addresses
    }

    /// The port of calls to the register.
    pub(crate) fn register(&self) -> u16 {
        self.tls
    }

    /// The address of a process beside the web process.
    pub(crate) fn role(&self, name: &str) -> SocketAddr {
        let port = self.roles.get(name).copied().unwrap_or(0);
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }
}

/// The ports kept in the folder, else new ones, kept.
///
/// # Errors
/// [`DemoError::Base`] when another port is asked for than the folder was made for.
pub(crate) fn chosen(
    data: &Data,
    asked: Option<SocketAddr>,
    chance: &dyn Chance,
) -> Result<Ports, DemoError> {
    let file = data.path().join("ports.json");
    if let Ok(text) = std::fs::read_to_string(&file) {
        let kept: Ports = serde_json::from_str(&text).map_err(|_| DemoError::Form("ports.json"))?;
        let other = asked.is_some_and(|asked| asked.port() != 0 && asked.port() != kept.web);
        return if other { Err(DemoError::Base { kept: kept.base() }) } else { Ok(kept) };
    }
    let mut free = Free { chance, held: Vec::new() };
    let mut roles = BTreeMap::new();
    for name in ROLES {
        roles.insert(name.to_owned(), free.port(Ipv4Addr::LOCALHOST.into())?);
    }
    let web = match asked {
        None => USUAL,
        Some(asked) if asked.port() == 0 => free.port(asked.ip())?,
        Some(asked) => asked.port(),
    };
    let tls = match asked {
        None => 8443,
        Some(_) => free.port(Ipv4Addr::LOCALHOST.into())?,
    };
    let ports = Ports { ip: asked.map(|asked| asked.ip()), web, tls, roles };
    let text = serde_json::to_vec_pretty(&ports).map_err(|_| DemoError::Form("ports.json"))?;
    write_whole(&file, &text, false)?;
    Ok(ports)
}

/// Ports that nobody listens on at the moment, each another. They are let go together, and lie
/// below those that systems give to outgoing connections: until the processes listen, and between
/// one start and the next, nobody gets them by chance.
struct Free<'a> {
    chance: &'a dyn Chance,
    held: Vec<TcpListener>,
}

impl Free<'_> {
    /// How many are tried.
    const TRIES: u16 = 1_000;

    fn port(&mut self, ip: IpAddr) -> io::Result<u16> {
        for _ in 0..Self::TRIES {
            let port = 16_384 | (u16::from_be_bytes(self.chance.bytes()) >> 2);
            match TcpListener::bind((ip, port)) {
                Ok(listener) => {
                    self.held.push(listener);
                    return Ok(port);
                }
                Err(why) if why.kind() == ErrorKind::AddrInUse => {}
                Err(why) => return Err(why),
            }
        }
        Err(ErrorKind::AddrInUse.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_are_each_another_and_below_those_of_outgoing_connections() {
        let chance = trial::CountedChance::seeded(7);
        let mut free = Free { chance: &chance, held: Vec::new() };
        let ports: Vec<u16> =
            (0..40).map(|_| free.port(Ipv4Addr::LOCALHOST.into()).unwrap()).collect();
        let distinct: std::collections::BTreeSet<_> = ports.iter().collect();
        assert_eq!(distinct.len(), ports.len());
        assert!(ports.iter().all(|port| (16_384..32_768).contains(port)), "{ports:?}");
    }
}
