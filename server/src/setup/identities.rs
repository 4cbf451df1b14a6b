//! The first transport certificate of every part.

use std::net::IpAddr;
use std::sync::Arc;

use keys::{Algorithm, Signer};
use links::{Party, Transport};
use x509::{Certificate, GeneralName};

use super::ceremony::{Ceremony, Making, TransportAuthority};
use super::{Ground, PARTS, SetupError};
use crate::place::write_whole;

/// Makes key and certificate of every part, in the folder of its process.
pub(super) fn make(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
) -> Result<Vec<Certificate>, SetupError> {
    let making = Making { ground, now: ground.clock.now().floor() };
    let one = |(home, part): &(&str, &str)| {
        identity(&making, &ceremony.transport, home, &ground.options.party(part)?)
    };
    PARTS.iter().map(one).collect()
}

/// Makes the certificate of `party` in the folder `home`, and its key when there is none.
pub(super) fn identity(
    making: &Making<'_>,
    authority: &TransportAuthority,
    home: &str,
    party: &Party,
) -> Result<Certificate, SetupError> {
    let ground = making.ground;
    let home = ground.data.home(home)?;
    let keeper = home.keeper(&party.to_string(), Arc::clone(ground.chance))?;
    let name = format!("{}.transport", party.part());
    let key: Signer<Transport> = home.key(&keeper, &name, Algorithm::P256)?;
    let here = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let called = ground.options.config.names(party.part(), party);
    let names = names(here.into_iter().chain(called));
    let common_name = format!("{party} {}", home.process());
    let spki = key.public_key().spki();
    let certificate = authority.vouch(making, (party, None), common_name, &names, spki)?;
    let file = home.file(&format!("{name}.pem"));
    write_whole(&file, certificate.to_pem().as_bytes(), false)?;
    Ok(certificate)
}

/// Names and addresses under which a party is called, each once.
pub(super) fn names(called: impl IntoIterator<Item = String>) -> Vec<GeneralName> {
    let mut names = Vec::new();
    for name in called {
        let name = match name.parse() {
            Ok(IpAddr::V4(ip)) => GeneralName::Ip(ip.octets().to_vec()),
            Ok(IpAddr::V6(ip)) => GeneralName::Ip(ip.octets().to_vec()),
            Err(_) => GeneralName::Dns(name),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
