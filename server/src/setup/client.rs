//! The demo's outside client: a bank, with a transport certificate of its own and a key in a file,
//! as banks have them.

use p256::SecretKey;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use x509::{Attribute, GeneralName, Issuer, Kind, Places, Profile, oid};

use super::ceremony::{Ceremony, Making, Named};
use super::{Ground, SetupError};
use crate::place::write_whole;

/// The party of the demo's outside client.
pub(crate) const BANK: &str = "banka/core";

/// Makes its key and certificate in the folder `client`.
pub(super) fn make(ground: &Ground<'_>, ceremony: &Ceremony) -> Result<(), SetupError> {
    let form = |_| SetupError::Form("the bank's key");
    let key = loop {
        // All but a few of 2²⁵⁶ numbers are keys.
        if let Ok(key) = SecretKey::from_slice(&ground.chance.bytes::<32>()) {
            break key;
        }
    };
    let spki = key.public_key().to_public_key_der().map_err(|_| SetupError::Form("a key"))?;
    let subject = [
        Attribute::new(oid::COUNTRY, ceremony.provider.country.clone()),
        Attribute::new(oid::ORGANIZATION, "Paraugbanka"),
        Attribute::new(oid::COMMON_NAME, BANK),
    ];
    let names = [GeneralName::Uri(format!("urn:sakta:system:{BANK}"))];
    let profile = Profile::new(Kind::Transport, "transport", &[], &Places::default());
    let named = Named { subject: &subject, names: &names, spki: spki.as_bytes() };
    let making = Making { ground, now: ground.clock.now().floor() };
    let issuer = Issuer::Authority(&ceremony.transport);
    let certificate = making.certified(&profile, &named, issuer, &ceremony.transport_key)?;
    let home = ground.data.home("client")?;
    write_whole(&home.file("bank.pem"), certificate.to_pem().as_bytes(), false)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(form)?;
    Ok(write_whole(&home.file("bank.key"), pem.as_bytes(), true)?)
}
