//! Changing whose approvals count: two security officers, who are two persons (R48, R49).

use base::Time;
use pki_contract::approval::{OFFICERS, OfficerChange, OfficersChange};
use pki_contract::{ChangeOfficers, OfficersChanged, SignerRefusal};
use store::{StoreError, Tx, values};

use crate::approval::{self, Signed};
use crate::failed::Failed;
use crate::officer::{self, Grant, Officer, Role};
use crate::signer::CaSigner;

impl CaSigner {
    /// Enters an officer, changes their roles, or ends them; the same again changes nothing.
    ///
    /// # Errors
    /// [`SignerRefusal::Approval`], too, for roles that one person may not hold, or when fewer
    /// than two security officers would remain.
    pub async fn change_officers(
        &self,
        change: ChangeOfficers,
    ) -> Result<OfficersChanged, SignerRefusal> {
        let [one, two] = &change.approvals;
        let one: Signed<OfficersChange> = approval::by_officer(&self.store, one, OFFICERS).await?;
        let two: Signed<OfficersChange> = approval::by_officer(&self.store, two, OFFICERS).await?;
        let (id, now) = (one.claims.id.clone(), self.now());
        let own = one.claims.role == self.role && approval::is_id(&id);
        if one.digest != two.digest || !own {
            return Err(SignerRefusal::Approval);
        }
        let done =
            self.store.write("ca_signer.officers", move |tx| changed(tx, &one, &two.key, now));
        done.await?;
        Ok(OfficersChanged { approval: id })
    }
}

fn changed(tx: &mut Tx, one: &Signed<OfficersChange>, two: &str, now: Time) -> Result<(), Failed> {
    let OfficersChange { id, use_before, change, .. } = &one.claims;
    if let Some(spent) = approval::spent(tx, id)? {
        return Ok(spent.again(one.digest).map(drop)?);
    }
    if *use_before <= now {
        return Err(SignerRefusal::Approval.into());
    }
    officer::two(tx, (&one.key, two), Role::SecurityOfficer, now)?;
    match change {
        OfficerChange::Enter { name, holder, spki, grants } => {
            let grants = grants.iter().map(granted).collect::<Option<Vec<Grant>>>();
            let (name, holder, spki) = (name.clone(), holder.clone(), spki.0.clone());
            let grants = grants.ok_or(SignerRefusal::Approval)?;
            enter(tx, &Officer { name, holder, spki, grants })?;
        }
        OfficerChange::End { key } => end(tx, key)?,
    }
    // Nobody could change anything any more.
    if security_officers(tx, now)? < 2 {
        return Err(SignerRefusal::Approval.into());
    }
    approval::spend(tx, (id, "officers"), one, now)?;
    Ok(())
}

fn granted((role, until): &(String, Time)) -> Option<Grant> {
    Some(Grant { role: Role::named(role)?, until: *until })
}

/// A key that stands keeps its holder: else one person could become two.
fn enter(tx: &mut Tx, officer: &Officer) -> Result<(), Failed> {
    let key = officer.check().map_err(|_| SignerRefusal::Approval)?;
    let stands: Option<(String,)> =
        tx.first("SELECT holder FROM ca_signer_officer WHERE key = $1", values![&key])?;
    match stands {
        None => officer.enter(&key, tx)?,
        Some((holder,)) if holder == officer.holder => {
            end(tx, &key)?;
            officer.grant(&key, tx)?;
        }
        Some(_) => return Err(SignerRefusal::Approval.into()),
    }
    Ok(())
}

fn end(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    tx.insert("DELETE FROM ca_signer_role WHERE key = $1", values![key])
}

/// How many persons are security officers.
fn security_officers(tx: &mut Tx, now: Time) -> Result<i64, StoreError> {
    let found: Option<(i64,)> = tx.first(
        "SELECT COUNT(DISTINCT o.holder) FROM ca_signer_officer o
         JOIN ca_signer_role r ON r.key = o.key
         WHERE r.role = $1 AND r.until > $2",
        values![Role::SecurityOfficer.name(), now],
    )?;
    Ok(found.map_or(0, |(count,)| count))
}
