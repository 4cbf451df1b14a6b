//! What the setup puts into the store before the process ever listens.

use base::{Digest, Time, hex};
use keys::{PublicKey, WrappedKey, sha256};
use pki_contract::Status;
use pki_contract::profile::ProfileData;
use store::{Store, StoreError, Tx, values};
use x509::Certificate;
use x509::crl::Crl;

use crate::certificate::{self, Row};
use crate::counter;
use crate::life::Issuing;
use crate::officer::{Officer, OfficerError};

/// An authority as it is entered.
#[derive(Clone, Debug)]
pub struct NewAuthority {
    /// Its certificate.
    pub certificate: Certificate,
    /// The SPKI digest of the one above; its own for a root.
    pub parent: Digest,
    /// Its key, wrapped for this process; none: the key lies elsewhere, as a root's does.
    pub key: Option<WrappedKey>,
    /// The list that came with it, where its key lies elsewhere.
    pub list: Option<Crl>,
}

/// A profile and the authority that issues by it, by its SPKI digest.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// The profile.
    pub data: ProfileData,
    /// Who issues by it.
    pub issuer: Digest,
}

/// All that is entered at once.
#[derive(Clone, Debug, Default)]
pub struct Foundation {
    /// The first officers, at least two persons.
    pub officers: Vec<Officer>,
    /// The keys by which `sam` states things, SPKI (P-256).
    pub sam: Vec<Vec<u8>>,
    /// The authorities, the root first.
    pub authorities: Vec<NewAuthority>,
    /// The profiles.
    pub profiles: Vec<NewProfile>,
    /// Other certificates of the provider: their serial numbers and keys are taken (R8, R10).
    pub imported: Vec<Certificate>,
}

/// Why nothing was entered.
#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    /// The store is founded already.
    #[error("the store is founded already")]
    Again,
    /// An officer.
    #[error(transparent)]
    Officer(#[from] OfficerError),
    /// Fewer than two persons, or a key of `sam` that cannot sign statements.
    #[error("two officers who are two persons are needed, and keys of P-256")]
    Officers,
    /// A profile without its authority, or data that are none.
    #[error("a profile that is none, or without its authority")]
    Profile,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Enters the foundation in one transaction, once.
///
/// # Errors
/// [`FoundError`]: then nothing was entered.
pub async fn found(store: &Store, foundation: Foundation, now: Time) -> Result<(), FoundError> {
    let holders: std::collections::BTreeSet<_> =
        foundation.officers.iter().map(|officer| officer.holder.clone()).collect();
    if holders.len() < 2 {
        return Err(FoundError::Officers);
    }
    store.write("ca_signer.found", move |tx| entered(tx, &foundation, now)).await
}

fn entered(tx: &mut Tx, foundation: &Foundation, now: Time) -> Result<(), FoundError> {
    let stands: Option<(i64,)> = tx.first("SELECT COUNT(*) FROM ca_signer_officer", values![])?;
    if stands != Some((0,)) {
        return Err(FoundError::Again);
    }
    for officer in &foundation.officers {
        officer.enter(&officer.check()?, tx)?;
    }
    for spki in &foundation.sam {
        sam(tx, spki)?;
    }
    for authority in &foundation.authorities {
        entered_authority(tx, authority, now)?;
    }
    for NewProfile { data, issuer } in &foundation.profiles {
        let hash = data.hash().map_err(|_| FoundError::Profile)?;
        let known = foundation.authorities.iter().any(|own| own.issuer() == *issuer);
        let text = serde_json::to_string(data).ok().filter(|_| known);
        tx.insert(
            "INSERT INTO ca_signer_profile (hash, issuer, data) VALUES ($1, $2, $3)",
            values![hash.0, issuer.0, text.ok_or(FoundError::Profile)?],
        )?;
    }
    for certificate in &foundation.imported {
        imported(tx, certificate, None, now)?;
    }
    Ok(())
}

/// Enters a key by which `sam` states things, SPKI (P-256).
///
/// # Errors
/// [`FoundError::Officers`] for another kind of key; the store.
pub async fn trust_sam(store: &Store, spki: &[u8]) -> Result<(), FoundError> {
    let spki = spki.to_vec();
    store.write("ca_signer.trust_sam", move |tx| sam(tx, &spki)).await
}

fn sam(tx: &mut Tx, spki: &[u8]) -> Result<(), FoundError> {
    let key = jose::jwk::Key::from_spki(spki).map_err(|_| FoundError::Officers)?;
    let thumbprint = jose::base64url(&key.thumbprint());
    tx.insert(
        "INSERT INTO ca_signer_sam (key, spki) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        values![thumbprint, spki],
    )?;
    Ok(())
}

impl NewAuthority {
    fn issuer(&self) -> Digest {
        Digest(self.certificate.spki_digest())
    }
}

fn entered_authority(tx: &mut Tx, new: &NewAuthority, now: Time) -> Result<(), FoundError> {
    let issuer = new.issuer();
    tx.insert(
        "INSERT INTO ca_signer_authority (issuer, parent, certificate, key)
         VALUES ($1, $2, $3, $4)",
        values![
            issuer.0,
            new.parent.0,
            new.certificate.der(),
            new.key.as_ref().map(WrappedKey::to_bytes)
        ],
    )?;
    imported(tx, &new.certificate, Some(new.parent), now)?;
    if let Some(list) = &new.list {
        let number = list.number().unwrap_or_default();
        let number = number.iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
        let until = list.next_update().unwrap_or(list.this_update());
        let life = (Time::from_seconds(list.this_update()), Time::from_seconds(until));
        tx.insert(
            "INSERT INTO ca_signer_list (issuer, number, covers, this_update, next_update, list)
             VALUES ($1, $2, 0, $3, $4, $5)",
            values![issuer.0, number, life.0, life.1, list.der()],
        )?;
    }
    Ok(())
}

/// A certificate that was not issued here; with `issuer` its status is told too.
fn imported(
    tx: &mut Tx,
    certificate: &Certificate,
    issuer: Option<Digest>,
    now: Time,
) -> Result<(), StoreError> {
    let digest = PublicKey::parse(certificate.spki()).map(|key| key.sha256());
    let digest = digest.unwrap_or(Digest(sha256(certificate.spki())));
    let serial = hex(certificate.serial()).trim_start_matches('0').to_owned();
    let row = Row {
        serial: serial.clone(),
        issuer: issuer.unwrap_or(Digest([0; 32])),
        spki: Some(digest),
        approval: String::new(),
        profile: Digest([0; 32]),
        person: None,
        register_version: None,
        state: Issuing::Imported,
        tbs: certificate.tbs().to_vec(),
        certificate: Some(certificate.der().to_vec()),
    };
    certificate::draw(tx, &row, now)?;
    if let Some(issuer) = issuer {
        let number = counter::next(tx, counter::CHANGE)?;
        certificate::enter_status(tx, (&serial, issuer), (Status::Good, now), number)?;
    }
    Ok(())
}
