//! Changing a certificate's status by a proof that is checked here (R31).

use activation_contract::typ::HOLDER;
use activation_contract::{HolderStatement, Will};
use base::{PersonId, Time};
use pki_contract::approval::{STATUS, StatusApproval};
use pki_contract::{ChangeOfStatus, ChangeStatus, SignerRefusal, Status, StatusChanged};
use store::{StoreError, Tx};

use crate::approval::{self, Signed};
use crate::archive::{self, Approved, Changed, Ending};
use crate::failed::Failed;
use crate::life::Issuing;
use crate::officer::{self, Role};
use crate::signer::CaSigner;
use crate::{certificate, counter, life};

/// A proof, its signature checked, in one form whoever gave it.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    id: String,
    /// None: a statement of what was done does not grow old.
    use_before: Option<Time>,
    /// None: the holder's own will, stated by `sam`.
    role: Option<Role>,
    signed: Signed<()>,
}

/// One approval may change several certificates, each once.
pub(crate) fn spent_id(approval: &str, serial: &str) -> String {
    format!("{approval} {serial}")
}

impl CaSigner {
    /// Changes a status; the same proof again gives the same answer.
    ///
    /// # Errors
    /// [`SignerRefusal`].
    pub async fn change_status(
        &self,
        change: ChangeStatus,
    ) -> Result<StatusChanged, SignerRefusal> {
        let status = self.change(change).await?;
        self.archived().await?;
        Ok(StatusChanged { status })
    }

    async fn change(&self, change: ChangeStatus) -> Result<Status, Failed> {
        let row = self.row(&change.serial).await?;
        if row.issuer != change.issuer || row.state != Issuing::Signed {
            return Err(SignerRefusal::Unknown.into());
        }
        let proof = self.proved(&change, row.person).await?;
        // Lists and answers count in seconds.
        let now = self.now().floor();
        let changed =
            self.store.write("ca_signer.change", move |tx| changed(tx, &proof, &change, now));
        changed.await
    }

    async fn proved(
        &self,
        change: &ChangeStatus,
        person: Option<PersonId>,
    ) -> Result<Proof, Failed> {
        match approval::typ(&change.proof).as_deref() {
            Some(STATUS) => self.approved(change).await,
            Some(HOLDER) => self.willed(change, person).await,
            _ => Err(SignerRefusal::Approval.into()),
        }
    }

    async fn approved(&self, change: &ChangeStatus) -> Result<Proof, Failed> {
        let signed: Signed<StatusApproval> =
            approval::by_officer(&self.store, &change.proof, STATUS).await?;
        let (own, role) = (&signed.claims, Some(Role::RevocationOfficer));
        let says = own.issuer == change.issuer && own.serial == change.serial;
        if !says || own.change != change.change || !own.roles.contains(&self.role) {
            return Err(SignerRefusal::Approval.into());
        }
        let (id, use_before) = (own.id.clone(), Some(own.use_before));
        Ok(Proof { id, use_before, role, signed: signed.bare() })
    }

    /// A holder may suspend and revoke what is theirs; only an officer ends a suspension.
    async fn willed(
        &self,
        change: &ChangeStatus,
        person: Option<PersonId>,
    ) -> Result<Proof, Failed> {
        let signed: Signed<HolderStatement> =
            approval::by_sam(&self.store, &change.proof, HOLDER).await?;
        let own = &signed.claims;
        let says = own.certificates.iter().any(|certificate| {
            certificate.issuer == change.issuer && certificate.serial == change.serial
        });
        let will = match change.change {
            ChangeOfStatus::Suspend => own.will == Will::Suspend,
            ChangeOfStatus::Revoke { .. } => own.will == Will::Revoke,
            ChangeOfStatus::Resume => false,
        };
        if !says || !will || person != Some(own.person) {
            return Err(SignerRefusal::Approval.into());
        }
        let id = own.id.clone();
        Ok(Proof { id, use_before: None, role: None, signed: signed.bare() })
    }
}

impl<T> Signed<T> {
    fn bare(self) -> Signed<()> {
        let Self { digest, key, text, .. } = self;
        Signed { claims: (), digest, key, text }
    }
}

fn changed(tx: &mut Tx, proof: &Proof, change: &ChangeStatus, now: Time) -> Result<Status, Failed> {
    let id = spent_id(&proof.id, &change.serial);
    if let Some(spent) = approval::spent(tx, &id)? {
        let outcome = spent.again(proof.signed.digest)?;
        let status = serde_json::from_str(&outcome);
        return Ok(status.map_err(|why| StoreError::Column(why.to_string()))?);
    }
    let late = proof.use_before.is_some_and(|end| end <= now);
    if late || !approval::is_id(&proof.id) {
        return Err(SignerRefusal::Approval.into());
    }
    if let Some(role) = proof.role {
        officer::holder(tx, &proof.signed.key, role, now)?;
    }
    let standing = certificate::status(tx, &change.serial)?.ok_or(SignerRefusal::Unknown)?;
    let next = life::step(standing.status, change.change, now);
    let next = next.map_err(|_| SignerRefusal::Status)?;
    let moved = next != standing.status;
    let number = if moved { Some(counter::next(tx, counter::CHANGE)?) } else { None };
    if let Some(number) = number {
        certificate::set_status(tx, &change.serial, (next, now), number)?;
    }
    let outcome = serde_json::to_string(&next);
    let outcome = outcome.map_err(|why| StoreError::Column(why.to_string()))?;
    if !approval::spend(tx, (&id, &outcome), &proof.signed, now)? {
        // Another wrote it between: the engine runs this again, or the schema refuses it.
        return Err(StoreError::Conflict.into());
    }
    let ending = ending(proof, change, (next, number), now);
    archive::keep(tx, &Ending::Changed(ending))?;
    Ok(next)
}

fn ending(
    proof: &Proof,
    change: &ChangeStatus,
    (status, number): (Status, Option<i64>),
    at: Time,
) -> Changed {
    let approval = Approved {
        id: proof.id.clone(),
        digest: proof.signed.digest,
        text: proof.signed.text.clone(),
        officer: proof.signed.key.clone(),
    };
    Changed { serial: change.serial.clone(), issuer: change.issuer, status, approval, number, at }
}
