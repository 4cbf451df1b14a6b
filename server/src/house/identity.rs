//! The identity platform in the house.

use std::sync::Arc;

use identity::{Callers, Identity, Parts};

use super::{Building, HouseError};

impl Building<'_> {
    pub(super) async fn identity(&mut self) -> Result<Arc<Identity>, HouseError> {
        let part = self.part("identity", &[identity::SCHEMA, web::SESSION_SCHEMA])?;
        let log = self.log(&part).await?;
        let identity = Identity::new(Parts {
            party: part.party.clone(),
            store: part.store.clone(),
            log,
            keeper: part.keeper.clone(),
            sam: self.outside("identity", "sam")?,
            sam_keys: self.sam_keys.clone(),
            persons: self.inside("identity", &self.places.persons)?,
            issuer: self.plan.site.origin("id"),
            secure: self.plan.site.secure,
            callers: Callers {
                statements: self.portal_statements()?,
                portals: vec![self.party("portal")?, self.party("signing")?],
                desks: vec![self.party("sam")?, self.desk()?],
                tellers: vec![self.party("pki")?, self.party("signing")?],
            },
        })
        .await?;
        let place = self.places.identity.clone();
        self.open(&place, identity.doors());
        self.running.spawn(Arc::clone(&identity).run(self.plan.stop.clone().told()));
        self.parts.push(part);
        Ok(identity)
    }

    fn desk(&self) -> Result<links::Party, HouseError> {
        let desk = self.plan.installation.parties.get("desk").cloned();
        desk.ok_or(HouseError::Setup("the list of parties"))
    }
}
