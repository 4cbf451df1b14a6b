//! The transport certificate of each party, and the way to other parties.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use base::{Chance, Clock};
use keys::{Algorithm, Signer};
use links::{Link, Party, PartyError, Remote, Tls, TlsError, Transport};
use serde::{Deserialize, Deserializer};
use x509::Certificate;

use crate::place::{Data, Home, HomeError};

/// Why a party cannot call or be called.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// A file that the setup makes is missing or unreadable.
    #[error("{file}: run `sakta setup` first")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that holds no certificate.
    #[error("{0} holds no certificate")]
    Certificate(String),
    /// Its key.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Certificates and key do not fit.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Nobody said where it answers.
    #[error("no address of {0} is known")]
    Unknown(Party),
}

/// A host, by the name that its certificate has, and a port: `sam.example:8452`. The usual
/// addresses of this machine are called `localhost`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    host: String,
    port: u16,
}

/// Not `host:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address is host:port")]
pub(crate) struct AddressError;

impl Address {
    /// A port of this machine.
    pub(crate) fn here(port: u16) -> Self {
        Self { host: "localhost".to_owned(), port }
    }

    /// The host.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl From<SocketAddr> for Address {
    fn from(at: SocketAddr) -> Self {
        let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        if here.contains(&at.ip()) {
            return Self::here(at.port());
        }
        Self { host: at.ip().to_string(), port: at.port() }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if let Ok(at) = text.parse::<SocketAddr>() {
            return Ok(at.into());
        }
        let (host, port) = text.rsplit_once(':').ok_or(AddressError)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        let port = port.parse().map_err(|_| AddressError)?;
        if host.is_empty() || !host.bytes().all(plain) {
            return Err(AddressError);
        }
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.parse() {
            Ok(IpAddr::V6(host)) => write!(f, "[{host}]:{}", self.port),
            _ => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// Where other parties answer: `<owner>/<part>=<address>`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peers(BTreeMap<Party, Address>);

/// One peer as it stands on a command line.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// Who.
    pub(crate) party: Party,
    /// Where.
    pub(crate) address: Address,
}

impl FromStr for Peer {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        let (party, address) = text.split_once('=').ok_or(PartyError)?;
        let address = address.parse().map_err(|_| PartyError)?;
        Ok(Self { party: party.parse()?, address })
    }
}

impl Extend<Peer> for Peers {
    fn extend<I: IntoIterator<Item = Peer>>(&mut self, peers: I) {
        self.0.extend(peers.into_iter().map(|peer| (peer.party, peer.address)));
    }
}

impl FromIterator<Peer> for Peers {
    fn from_iter<I: IntoIterator<Item = Peer>>(peers: I) -> Self {
        let mut own = Self::default();
        own.extend(peers);
        own
    }
}

impl Peers {
    /// Where `party` answers.
    ///
    /// # Errors
    /// [`TransportError::Unknown`].
    pub(crate) fn of(&self, party: &Party) -> Result<&Address, TransportError> {
        self.0.get(party).ok_or_else(|| TransportError::Unknown(party.clone()))
    }

    /// A link to `party` with the certificate of whoever `tls` is.
    ///
    /// # Errors
    /// [`TransportError::Unknown`].
    pub(crate) fn link(
        &self,
        party: &Party,
        tls: &Tls,
        clock: &Arc<dyn Clock>,
    ) -> Result<Link, TransportError> {
        let at = self.of(party)?;
        let remote = Remote::new(at.host(), at.port(), party.clone(), tls.clone());
        Ok(remote.link(Arc::clone(clock)))
    }
}

/// What `party`, which runs in the process of `home`, shows and trusts.
///
/// # Errors
/// [`TransportError`].
pub(crate) fn tls(
    data: &Data,
    home: &Home,
    party: &Party,
    ground: (&Arc<dyn Clock>, &Arc<dyn Chance>),
) -> Result<Tls, TransportError> {
    let (clock, chance) = ground;
    let keeper = home.keeper(&party.to_string(), Arc::clone(chance))?;
    let name = format!("{}.transport", party.part());
    let signer: Signer<Transport> = home.key(&keeper, &name, Algorithm::P256)?;
    let chain = certificates(&home.file(&format!("{name}.pem")))?;
    let roots = certificates(&data.path().join("transport").join("ca.pem"))?;
    let der = |chain: Vec<Certificate>| chain.iter().map(|c| c.der().to_vec()).collect::<Vec<_>>();
    Ok(Tls::new(der(chain), signer, &der(roots), Arc::clone(clock))?)
}

/// The certificates of a PEM file, in order.
///
/// # Errors
/// [`TransportError::File`], [`TransportError::Certificate`].
pub(crate) fn certificates(file: &std::path::Path) -> Result<Vec<Certificate>, TransportError> {
    let shown = || file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|source| TransportError::File { file: shown(), source })?;
    let end = "-----END CERTIFICATE-----";
    let sections = text.split_inclusive(end).filter(|section| section.contains(end));
    let read = sections.map(Certificate::from_pem);
    let read: Vec<_> =
        read.collect::<Result<_, _>>().map_err(|_| TransportError::Certificate(shown()))?;
    if read.is_empty() { Err(TransportError::Certificate(shown())) } else { Ok(read) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_a_party_and_an_address() {
        let peer: Peer = "lvrtc/sam=127.0.0.1:4000".parse().unwrap();
        let peers: Peers = [peer].into_iter().collect();
        assert_eq!(peers.of(&"lvrtc/sam".parse().unwrap()).unwrap().port(), 4000);
        assert!(peers.of(&"lvrtc/ocsp".parse().unwrap()).is_err());
        for text in ["", "lvrtc/sam", "lvrtc/sam=", "sam=127.0.0.1:1", "lvrtc/sam=localhost"] {
            assert!(text.parse::<Peer>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_is_a_host_by_its_name_and_a_port() {
        for (text, shown) in [
            ("127.0.0.1:1", "localhost:1"),
            ("[::1]:1", "localhost:1"),
            ("127.0.0.2:1", "127.0.0.2:1"),
            ("10.0.0.5:8452", "10.0.0.5:8452"),
            ("[2001:db8::1]:1", "[2001:db8::1]:1"),
            ("Sam.example:8452", "sam.example:8452"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(address.to_string().parse(), Ok(address));
        }
        for text in ["", ":1", "sam.example", "sam.example:", "sam.example:70000", "a b:1", "::1:1"]
        {
            assert_eq!(text.parse::<Address>(), Err(AddressError), "{text}");
        }
    }
}
