//! The process that answers for the status of certificates.

use std::sync::Arc;

use ocsp::{Responder, StatusAnswers};
use store::Mark;
use web::Frontage;
use x509::Certificate;

use super::{Role, RoleError};
use crate::infrastructure::{Asking, obtain};
use crate::waiting;

/// Puts it together and starts it.
///
/// # Errors
/// [`RoleError`].
pub(super) async fn start(role: &mut Role) -> Result<(), RoleError> {
    let clock = Arc::clone(&role.world.clock);
    let signer_party = role.other("ca-signer")?;
    let asking = Asking {
        home: &role.home,
        keeper: &role.home.keeper(&role.party.to_string(), Arc::clone(&role.world.chance))?,
        signer: &role.peers.link(&signer_party, &role.tls, &clock)?,
        standing: &role.installation.ocsp,
    };
    let obtained = || obtain::<StatusAnswers>(&asking, "ocsp", clock.now());
    let own = waiting::for_answer(&clock, &signer_party, obtained).await?;
    let issuer: &Certificate =
        own.chain.first().ok_or(RoleError::Setup("the responder's chain"))?;
    let mark = Mark::open(&role.home.file("mark"))?;
    let responder =
        Responder::new(Arc::clone(&clock), own.signer, own.certificate, issuer.clone(), mark)?;
    let responder = Arc::new(responder);
    role.answer(ocsp::doors(&responder, role.party.clone(), signer_party, clock)).await?;
    let routes = ocsp::routes("/pki/ocsp", "/pki/ocsp/{*request}").with_state(responder);
    role.publish(Frontage { same_site_forms: false, ..Frontage::default() }.before(routes)).await
}
