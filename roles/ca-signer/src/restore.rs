//! Takes into a restored store what the archive knows and it does not (PROTOCOLS §6).

use pki_contract::Status;
use store::{Store, StoreError, Tx, values};

use crate::archive::{Approved, Archive, Certified, Changed, Ending};
use crate::authority::OpenError;
use crate::certificate::{self, Row};
use crate::counter;
use crate::life::Issuing;

/// Merges all that is above what the store has ever written.
pub(crate) async fn merge(store: &Store, archive: &Archive) -> Result<(), OpenError> {
    let own = store
        .read::<_, StoreError>("ca_signer.newest", |tx| counter::newest(tx, counter::ENDING))
        .await?;
    let archive = archive.clone();
    let above = tokio::task::spawn_blocking(move || archive.above(own)).await;
    let above = above.map_err(|_| OpenError::Damaged("archive"))??;
    if !above.is_empty() {
        tracing::warn!(entries = above.len(), "the store is older than the archive: merged");
    }
    for (number, ending, _) in above {
        let merged = move |tx: &mut Tx| taken(tx, number, &ending);
        store.write::<_, StoreError>("ca_signer.merge", merged).await?;
    }
    Ok(())
}

fn taken(tx: &mut Tx, number: i64, ending: &Ending) -> Result<(), StoreError> {
    match ending {
        Ending::Signed(certified) => signed(tx, certified)?,
        Ending::Changed(change) => changed(tx, change)?,
        Ending::Listed { issuer, number } => {
            let number = i64::try_from(*number).unwrap_or(i64::MAX);
            tx.insert(
                "INSERT INTO ca_signer_list (issuer, number, covers, this_update, next_update)
                 VALUES ($1, $2, 0, 0, 0) ON CONFLICT DO NOTHING",
                values![issuer.0, number],
            )?;
        }
    }
    tx.insert(
        "INSERT INTO ca_signer_ending (number, body, archived) VALUES ($1, '', 1)",
        values![number],
    )?;
    counter::raise(tx, counter::ENDING, number)
}

fn signed(tx: &mut Tx, certified: &Certified) -> Result<(), StoreError> {
    // What the store has of it is an earlier stage: this replaces it.
    tx.insert(
        "DELETE FROM ca_signer_certificate
         WHERE (serial = $1 OR spki = $2) AND state <> 'signed' AND state <> 'imported'",
        values![&certified.serial, certified.spki.0],
    )?;
    let row = Row {
        serial: certified.serial.clone(),
        issuer: certified.issuer,
        spki: Some(certified.spki),
        approval: certified.approval.id.clone(),
        profile: certified.profile,
        person: certified.person,
        register_version: certified.register_version,
        state: Issuing::Signed,
        tbs: Vec::new(),
        certificate: Some(certified.certificate.0.clone()),
    };
    if certificate::draw(tx, &row, certified.at)? && certified.approval.text.is_empty() {
        tx.insert(
            "UPDATE ca_signer_standing SET used = used + 1 WHERE id = $1",
            values![&certified.approval.id],
        )?;
    }
    approved(tx, &certified.approval, &certified.approval.id, &certified.serial, certified.at)?;
    let who = (certified.serial.as_str(), certified.issuer);
    certificate::enter_status(tx, who, (Status::Good, certified.at), certified.number)?;
    counter::raise(tx, counter::CHANGE, certified.number)
}

fn changed(tx: &mut Tx, change: &Changed) -> Result<(), StoreError> {
    let outcome = serde_json::to_string(&change.status);
    let outcome = outcome.map_err(|why| StoreError::Column(why.to_string()))?;
    let id = crate::status::spent_id(&change.approval.id, &change.serial);
    approved(tx, &change.approval, &id, &outcome, change.at)?;
    let Some(number) = change.number else { return Ok(()) };
    certificate::set_status(tx, &change.serial, (change.status, change.at), number)?;
    counter::raise(tx, counter::CHANGE, number)
}

fn approved(
    tx: &mut Tx,
    approval: &Approved,
    id: &str,
    outcome: &str,
    at: base::Time,
) -> Result<(), StoreError> {
    if approval.text.is_empty() {
        return Ok(());
    }
    tx.insert(
        "INSERT INTO ca_signer_approval (id, digest, text, officer, outcome, spent_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET outcome = $5",
        values![id, approval.digest.0, &approval.text, &approval.officer, outcome, at],
    )
}
