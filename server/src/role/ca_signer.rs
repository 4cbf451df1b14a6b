//! The process that holds the issuing keys.

use std::sync::Arc;

use ca_signer::{CaSigner, Responder};

use super::{Role, RoleError};
use crate::setup;

/// Puts it together and starts it.
///
/// # Errors
/// [`RoleError`].
pub(super) async fn start(role: &mut Role) -> Result<(), RoleError> {
    let (clock, chance) = (Arc::clone(&role.world.clock), Arc::clone(&role.world.chance));
    let store = role.home.store("ca-signer", &clock, &chance, &[ca_signer::SCHEMA])?;
    let parts = setup::signer_parts(&role.data, store, &role.party)?;
    let signer = Arc::new(CaSigner::open(parts).await?);
    let callers = ["pki", "ocsp", "tsu", "signing"];
    let callers = callers.iter().map(|part| role.other(part)).collect::<Result<_, _>>()?;
    role.answer(signer.doors(role.party.clone(), callers)).await?;
    let responder = Responder {
        link: role.peers.link(&role.other("ocsp")?, &role.tls, &clock)?,
        issuer: role.installation.issuer,
    };
    role.running.spawn(signer.run(vec![responder], role.stop.clone().told()));
    Ok(())
}
