//! The core trust platform in the house.

use std::sync::Arc;

use links::Doors;
use persons_contract::Event;
use pki::{Pki, PkiParts};
use store::Working;
use store::outbox::{self, Deliver, Message};

use super::{Building, HouseError};
use crate::evidence::Evidence;
use crate::register;

impl Building<'_> {
    pub(super) async fn pki(&mut self) -> Result<Arc<Pki>, HouseError> {
        let part = self.part("pki", &[pki::SCHEMA])?;
        let log = self.log(&part).await?;
        let pki = Pki::new(PkiParts {
            owner: part.party.owner.clone(),
            store: part.store.clone(),
            clock: self.clock(),
            chance: Arc::clone(part.store.chance()),
            log,
            algorithms: x509::Algorithms(keys::allowed(keys::Suite::House)),
            signer: self.outside("pki", "ca-signer")?,
            sam: Some(self.outside("pki", "sam")?),
        });
        let officers = pki::officers(&part.store, part.store.clock().now()).await?;
        let statements = self.statements(self.portal_statements()?);
        let systems = vec![self.party("signing")?, self.party("identity")?];
        let evidence = Evidence { persons: statements, officers, systems };
        let doors = Doors::new(part.party.clone(), self.clock(), Arc::new(evidence));
        let place = self.places.pki.clone();
        self.open(&place, pki.answering(doors));
        self.running.spawn(Arc::clone(&pki).run(self.plan.stop.clone().told()));
        self.tell_pki(&pki)?;
        self.parts.push(part);
        Ok(pki)
    }

    /// Brings the register's events to the platform.
    fn tell_pki(&mut self, pki: &Arc<Pki>) -> Result<(), HouseError> {
        let persons = self.parts.iter().find(|part| part.name() == "persons");
        let store = persons.ok_or(HouseError::Setup("the register"))?.store.clone();
        let deliver: Arc<dyn Deliver> = Arc::new(ToPki(Arc::clone(pki)));
        let stop = self.plan.stop.clone().told();
        self.running.spawn(outbox::run(store, deliver, stop));
        Ok(())
    }
}

/// Delivers the register's events.
struct ToPki(Arc<Pki>);

impl Deliver for ToPki {
    fn deliver(&self, message: Message) -> Working<'_> {
        Box::pin(async move {
            let event: Event = register::event(&message.body)
                .map_err(|_| "an event of another form".to_owned())?;
            self.0.told(message.id, event).await.map_err(|why| why.to_string())
        })
    }
}
