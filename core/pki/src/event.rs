//! What the register tells: a reported death suspends, a confirmed one revokes (R34).
//!
//! The event alone moves nothing: each becomes a demand whose proof is the registrar's approval
//! that the event carries, and the processes that hold the keys check it.

use base::PersonId;
use persons_contract::{Event, EventKind};
use pki_contract::{ChangeOfStatus, Demand, PkiRefusal, Reason, Status};
use store::outbox::EventId;
use store::{StoreError, inbox};

use crate::certificate::{self, Row};
use crate::pki::Pki;

/// Why an event is not taken in: it is to be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A demand was not accepted.
    #[error("a demand was not accepted: {0}")]
    Demand(#[from] PkiRefusal),
}

impl Pki {
    /// Takes an event of the register in, once.
    ///
    /// # Errors
    /// [`EventError`].
    pub async fn told(&self, id: EventId, event: Event) -> Result<(), EventError> {
        let change = match event.what {
            EventKind::DeathReported => ChangeOfStatus::Suspend,
            EventKind::DeathConfirmed => {
                ChangeOfStatus::Revoke { reason: Reason::PrivilegeWithdrawn }
            }
            // A name or code that changed ends certificates by an officer's approval (R4).
            EventKind::DeathAnnulled | EventKind::NameChanged | EventKind::CodeChanged { .. } => {
                return self.noted(id).await;
            }
        };
        match event.approval {
            Some(proof) => self.demand_all(event.person, change, proof).await?,
            None => tracing::warn!(%id, "an event without approval: an officer must act"),
        }
        self.noted(id).await
    }

    /// Each demand is the same at each delivery, so doing this twice does nothing twice.
    async fn demand_all(
        &self,
        person: PersonId,
        change: ChangeOfStatus,
        proof: String,
    ) -> Result<(), EventError> {
        let rows =
            self.store.read("pki.certificates", move |tx| certificate::of_person(tx, person));
        let rows: Vec<Row> = rows.await.map_err(EventError::Store)?;
        for row in rows {
            if matches!(row.status, Status::Revoked { .. }) {
                continue;
            }
            let (issuer, serial) = (row.issuer, row.serial);
            let demand = Demand { issuer, serial, change, proof: proof.clone() };
            match self.demanded(demand).await.map_err(PkiRefusal::from) {
                Ok(_) => {}
                Err(refusal @ (PkiRefusal::Busy | PkiRefusal::Broken)) => {
                    return Err(refusal.into());
                }
                // Kept with its refusal; delivered again it would be refused again.
                Err(refusal) => tracing::error!(%refusal, "a demand of the register is refused"),
            }
        }
        Ok(())
    }

    async fn noted(&self, id: EventId) -> Result<(), EventError> {
        let now = self.clock.now();
        let noted =
            self.store.write::<_, StoreError>("pki.event", move |tx| inbox::first(tx, id, now));
        noted.await?;
        Ok(())
    }
}
