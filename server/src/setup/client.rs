//! The demo's outside client: a bank, with a transport certificate of its own and a key in a file,
//! as banks have them.

use links::Party;
use p256::SecretKey;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

use super::ceremony::{Ceremony, Making};
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
    let making = Making { ground, now: ground.clock.now().floor() };
    let party: Party = BANK.parse()?;
    let who = (&party, Some("Paraugbanka"));
    let spki = spki.as_bytes();
    let certificate = ceremony.transport.vouch(&making, who, BANK.to_owned(), &[], spki)?;
    let home = ground.data.home("client")?;
    write_whole(&home.file("bank.pem"), certificate.to_pem().as_bytes(), false)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(form)?;
    Ok(write_whole(&home.file("bank.key"), pem.as_bytes(), true)?)
}
