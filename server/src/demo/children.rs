//! The processes that hold keys, each a child of the demo.

use super::DemoError;
use super::ports::Ports;
use crate::child::{self, Running};
use crate::place::Data;
use crate::setup::Installation;
use crate::transport::{Peer, Peers};

/// A child: its name, and the port of its protocol or pages if it has one.
const CHILDREN: [(&str, Option<&str>); 6] = [
    ("ca-signer", None),
    ("sam", None),
    ("ocsp", Some("ocsp-http")),
    ("tsu", Some("tsu-http")),
    ("desk", Some("desk")),
    ("phone", Some("phone")),
];

/// What children call in the web process.
const WEB: [&str; 2] = ["identity", "pki"];

/// How many seconds a phone waits that another phone approved: long enough to be seen, where an
/// installation waits for a day.
const WAITING: &str = "20";

/// Where each child answers calls.
pub(super) fn peers(ports: &Ports, installation: &Installation) -> Peers {
    let peer = |(name, _): &(&str, _)| {
        let party = installation.parties.get(*name)?.clone();
        Some(Peer { party, address: ports.role(name).into() })
    };
    CHILDREN.iter().filter_map(peer).collect()
}

/// Starts them in order: each needs only those before it to be ready.
///
/// # Errors
/// [`DemoError`].
pub(super) async fn start(
    data: &Data,
    ports: &Ports,
    installation: &Installation,
) -> Result<Vec<Running>, DemoError> {
    let mut running = Vec::new();
    for (name, http) in CHILDREN {
        let mut arguments = vec!["--listen".to_owned(), ports.role(name).to_string()];
        if let Some(http) = http {
            arguments.extend(["--http".to_owned(), ports.role(http).to_string()]);
        }
        if name == "sam" {
            arguments.extend(["--waiting".to_owned(), WAITING.to_owned()]);
        }
        for other in CHILDREN.map(|(other, _)| other).into_iter().chain(WEB) {
            if let Some(party) = installation.parties.get(other) {
                let peer = format!("{party}={}", ports.role(other));
                arguments.extend(["--peer".to_owned(), peer]);
            }
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        running.push(child::start(name, &arguments, data.path()).await?);
    }
    Ok(running)
}
