//! The process that stamps the present.

use std::sync::Arc;

use tsu::{Stamping, TimeStamps, Unit};
use web::Frontage;

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
        standing: &role.installation.tsu,
    };
    let obtained = || obtain::<TimeStamps>(&asking, "tsu", clock.now());
    let own = waiting::for_answer(&clock, &signer_party, obtained).await?;
    let policy = role.installation.stamps.parse();
    let unit = Unit::open(Stamping {
        clock,
        chance: role.world.chance.as_ref(),
        signer: own.signer,
        certificate: own.certificate,
        policy: policy.map_err(|_| RoleError::Setup("the policy of time-stamps"))?,
        mark: &role.home.file("mark"),
    })?;
    let routes = tsu::routes("/pki/tsa").with_state(Arc::new(unit));
    role.publish(Frontage { same_site_forms: false, ..Frontage::default() }.before(routes)).await
}
