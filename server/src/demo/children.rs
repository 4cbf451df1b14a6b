//! The processes that hold keys, each a child of the demo.

use super::DemoError;
use super::ports::Ports;
use crate::child::{self, Running};
use crate::place::Data;
use crate::setup;

/// A child: its name, and the port of its protocol if it has one.
const CHILDREN: [(&str, Option<&str>); 4] =
    [("ca-signer", None), ("sam", None), ("ocsp", Some("ocsp-http")), ("tsu", Some("tsu-http"))];

/// Starts them in order: each needs only those before it to be ready.
///
/// # Errors
/// [`DemoError`].
pub(super) async fn start(data: &Data, ports: &Ports) -> Result<Vec<Running>, DemoError> {
    let installation =
        setup::installed(data)?.ok_or(DemoError::Form("setup.json of this folder"))?;
    let mut peers = Vec::new();
    for (name, _) in CHILDREN {
        let party = installation.parties.get(name).ok_or(DemoError::Form("setup.json"))?;
        peers.push(format!("{party}={}", ports.role(name)));
    }
    let mut running = Vec::new();
    for (name, http) in CHILDREN {
        let mut arguments = vec!["--listen".to_owned(), ports.role(name).to_string()];
        if let Some(http) = http {
            arguments.extend(["--http".to_owned(), ports.role(http).to_string()]);
        }
        for peer in &peers {
            arguments.extend(["--peer".to_owned(), peer.clone()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        running.push(child::start(name, &arguments, data.path()).await?);
    }
    Ok(running)
}
