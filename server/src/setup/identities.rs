//! The first transport certificate of every part.

use std::net::IpAddr;
use std::sync::Arc;

use keys::{Algorithm, Signer};
use links::{Party, Transport};
use x509::{Attribute, Certificate, GeneralName, Issuer, Kind, Places, Profile, oid};

use super::ceremony::{Ceremony, Making, Named};
use super::{Ground, PARTS, SetupError};
use crate::place::write_whole;

/// Makes key and certificate of every part, in the folder of its process.
pub(super) fn make(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
) -> Result<Vec<Certificate>, SetupError> {
    let making = Making { ground, now: ground.clock.now().floor() };
    let one = |(home, part): &(&str, &str)| identity(&making, ceremony, (home, part));
    PARTS.iter().map(one).collect()
}

fn identity(
    making: &Making<'_>,
    ceremony: &Ceremony,
    (home, part): (&str, &str),
) -> Result<Certificate, SetupError> {
    let ground = making.ground;
    let party = ground.options.party(part)?;
    let home = ground.data.home(home)?;
    let keeper = home.keeper(&party.to_string(), Arc::clone(ground.chance))?;
    let name = format!("{part}.transport");
    let key: Signer<Transport> = home.key(&keeper, &name, Algorithm::P256)?;
    let profile = Profile::new(Kind::Transport, "transport", &[], &Places::default());
    let provider = &ceremony.provider;
    let subject = [
        Attribute::new(oid::COUNTRY, provider.country.clone()),
        Attribute::new(oid::ORGANIZATION, provider.name.clone()),
        Attribute::new(oid::COMMON_NAME, format!("{party} {}", home.process())),
    ];
    let names = names(&party, &ground.options.config.names(part, &party));
    let named = Named { subject: &subject, names: &names, spki: key.public_key().spki() };
    let issuer = Issuer::Authority(&ceremony.transport);
    let certificate = making.certified(&profile, &named, issuer, &ceremony.transport_key)?;
    let file = home.file(&format!("{name}.pem"));
    write_whole(&file, certificate.to_pem().as_bytes(), false)?;
    Ok(certificate)
}

/// The party, this machine, and the names under which it is called from others.
fn names(party: &Party, called: &[String]) -> Vec<GeneralName> {
    let here = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let beside = called.iter().filter(|name| !here.contains(name));
    let named = here.iter().chain(beside).map(|name| match name.parse() {
        Ok(IpAddr::V4(ip)) => GeneralName::Ip(ip.octets().to_vec()),
        Ok(IpAddr::V6(ip)) => GeneralName::Ip(ip.octets().to_vec()),
        Err(_) => GeneralName::Dns(name.clone()),
    });
    std::iter::once(GeneralName::Uri(party.urn())).chain(named).collect()
}
