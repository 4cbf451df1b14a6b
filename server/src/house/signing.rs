//! The signing platform in the house.

use std::sync::Arc;

use base::Locale;
use keys::{Suite, allowed};
use signing::{Bearers, Client, Signing, SigningParts, TrustedBy};

use super::outside::World;
use super::{Building, HouseError};
use crate::evidence::Evidence;
use crate::transport::certificates;

/// The largest document: what reading a PDF takes at most.
const DOCUMENT_MAX: u64 = 64 << 20;

impl Building<'_> {
    pub(super) async fn signing(&mut self) -> Result<Arc<Signing>, HouseError> {
        let part = self.part("signing", &[signing::SCHEMA])?;
        let log = self.log(&part).await?;
        let folder = self.plan.data.path();
        let identity = self.inside("signing", &self.places.identity)?;
        let bearers: Arc<dyn Bearers> = Arc::new(super::outside::Tokens(identity.clone()));
        let statements = self.statements(self.portal_statements()?);
        let systems = vec![self.party("portal")?];
        let base = &self.plan.installation.base;
        let signing = Signing::new(SigningParts {
            party: part.party.clone(),
            store: part.store.clone(),
            clock: self.clock(),
            chance: Arc::clone(part.store.chance()),
            log,
            identity,
            pki: self.inside("signing", &self.places.pki)?,
            verifier: Arc::new(Evidence { persons: statements, systems, ..Evidence::default() }),
            outside: Arc::new(World::new()),
            bearers,
            trust: TrustedBy {
                anchors: certificates(&folder.join("anchors").join("root.pem"))?,
                authorities: certificates(&folder.join("issuing.pem"))?,
                algorithms: x509::Algorithms(allowed(Suite::Agreed)),
            },
            time_stamps: format!("{base}/pki/tsa"),
            profile: "person-signature".to_owned(),
            client: Client {
                id: "signing".to_owned(),
                name: vec![
                    (Locale::Lv, "Parakstīšanas platforma".to_owned()),
                    (Locale::En, "Signing platform".to_owned()),
                ],
            },
            portal: self.plan.site.origin("portal"),
            document_max: DOCUMENT_MAX,
        });
        let place = self.places.signing.clone();
        self.open(&place, signing.doors());
        self.running.spawn(Arc::clone(&signing).run(self.plan.stop.clone().told()));
        self.parts.push(part);
        Ok(signing)
    }
}
