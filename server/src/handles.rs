//! Handles for the logs of other parts, had from the register over a link.

use audit::handle::{Answer, Epoch, Grant, HandleKey, Handles, HandlesFailed, Proof, Realm};
use base::PersonId;
use links::{Call, Link, OnBehalf};
use persons_contract::{GrantHandle, HandleKeys};

/// The register's handles over a link.
#[derive(Clone, Debug)]
pub(crate) struct LinkedHandles(pub(crate) Link);

const PURPOSE: &str = "log";

fn job() -> OnBehalf {
    OnBehalf::System { job: "log".to_owned() }
}

fn failed(why: &dyn std::fmt::Display) -> HandlesFailed {
    HandlesFailed(why.to_string())
}

impl Handles for LinkedHandles {
    fn key(&self, epoch: Epoch) -> Answer<'_, Result<HandleKey, HandlesFailed>> {
        Box::pin(async move {
            let ask = HandleKeys { epoch: epoch.0 };
            let key = self.0.call(Call::new(ask, job(), PURPOSE)).await;
            let key = key.map_err(|why| failed(&why))?;
            let fixed: Vec<Vec<u8>> = key.fixed.into_iter().map(|bytes| bytes.0).collect();
            let fixed = fixed.try_into().map_err(|_| failed(&"not eight signatures"))?;
            HandleKey::checked(epoch, &key.spki.0, &fixed).map_err(|why| failed(&why))
        })
    }

    fn grant(&self, person: PersonId, realm: &Realm) -> Answer<'_, Result<Grant, HandlesFailed>> {
        let ask = GrantHandle { person, epoch: realm.epoch.0 };
        Box::pin(async move {
            let grant = self.0.call(Call::new(ask, job(), PURPOSE)).await;
            let grant = grant.map_err(|why| failed(&why))?;
            let proof = Proof::new(grant.proof.0).map_err(|why| failed(&why))?;
            Ok(Grant { code: grant.code, proof })
        })
    }
}
