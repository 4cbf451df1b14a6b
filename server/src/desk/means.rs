//! A person's means as a whole: what phones there are, and an officer's orders about them.

use activation_contract::{EnrolAnswer, MeansOrder, Order, typ};
use base::{PersonId, Time, hex};
use identity_contract::{EndMeans, Frozen, IdentityRefusal};
use links::{Call, Operation};
use sam_contract::{Devices, DevicesOf, OrderMeans};

use super::{BINDING, Desk, DeskError, OFFER, Visitor, job};

impl Desk {
    /// One of those whom the pages know.
    pub(super) fn visitor(&self, person: PersonId) -> Option<Visitor> {
        let known = self.people().iter().find(|one| one.person == person).cloned();
        known.or_else(|| self.found().get(&person).cloned())
    }

    /// A person's phones, as `sam` has them.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn means(&self, person: PersonId) -> Result<Devices, DeskError> {
        self.sam(DevicesOf { person }).await
    }

    /// Since when the phone that answered was bound before: `sam` binds no earlier than the offer.
    pub(super) async fn known(&self, answer: &EnrolAnswer) -> Result<Option<Time>, DeskError> {
        let means = self.means(answer.person).await?;
        let known = means.devices.into_iter().find(|one| one.device == answer.device);
        let made = self.sheet(&answer.offer).map(|sheet| sheet.until.minus(OFFER));
        Ok(known.map(|one| one.since).filter(|since| made.is_none_or(|made| *since < made)))
    }

    /// Orders something about a person's means: `sam` does it, and the identity platform hears it.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn order(&self, person: PersonId, order: Order) -> Result<(), DeskError> {
        let wanted = MeansOrder {
            id: hex(&self.parts.chance.bytes::<16>()),
            role: self.parts.role.clone(),
            use_before: self.parts.clock.now().plus(BINDING),
            person,
            order,
        };
        self.sam(OrderMeans { order: self.said(typ::MEANS, &wanted)? }).await?;
        match order {
            Order::EndDevice { device } => self.told(EndMeans { person, device }).await,
            Order::Freeze => self.told(Frozen { person, frozen: true }).await,
            Order::Unfreeze => self.told(Frozen { person, frozen: false }).await,
        }
    }

    async fn told<O>(&self, said: O) -> Result<(), DeskError>
    where
        O: Operation<Answer = (), Refusal = IdentityRefusal>,
    {
        Ok(self.parts.identity.call(Call::new(said, job(), "means")).await?)
    }
}
